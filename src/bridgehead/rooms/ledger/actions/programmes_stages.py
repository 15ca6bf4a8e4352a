"""Actions on the stages of programmes: one person proposes a move with evidence, another accepts or returns it."""

from __future__ import annotations

from datetime import date

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.uploads import Received
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.programmes_held import held, note_all, running, short
from bridgehead.rooms.ledger.actions.supervision_parts import kept_file
from bridgehead.rooms.ledger.models import Programme, StageMove
from bridgehead.rooms.ledger.programme_kinds import kind_of
from bridgehead.rooms.ledger.who import DECIDE, KEEP, RUN

LONGEST_EVIDENCE = 500


@action("programme.propose_stage", permission=RUN)
def propose_stage(
    deed: Deed,
    *,
    programme: int,
    version: int,
    stage: str,
    on: date | None,
    evidence: str,
    why_back: str = "",
    file: Received | None = None,
) -> StageMove:
    """Propose that a programme is at another stage: at the next one, or back at an earlier one for a reason.

    Raises
    ------
    BridgeheadError
        ``programme.stage_waits`` while an earlier proposal is not decided on, ``programme.unknown_stage``,
        ``programme.same_stage``, ``programme.stage_skipped``, ``programme.back_without_reason``,
        ``programme.day_to_come``, ``programme.before_the_stage``, ``programme.not_running``, ``form.missing``.
    """
    record = held(deed, programme, version)
    running(deed, record)
    if StageMove.objects.filter(programme=record, state=StageMove.State.PROPOSED).exists():
        deed.refuse("programme.stage_waits", {"code": record.code})
    told = short(deed, "evidence", evidence, needed=True, limit=LONGEST_EVIDENCE)
    reason = short(deed, "why_back", why_back, limit=LONGEST_EVIDENCE)
    back = False
    try:
        back = kind_of(record.kind).back(record.stage, stage)
    except BridgeheadError as refused:
        note_all(deed, refused)
    if back and not reason:
        deed.refuse("programme.back_without_reason", None, "why_back")
    if on is None:
        deed.refuse("form.missing", None, "on")
    elif on > today():
        deed.refuse("programme.day_to_come", {"day": on.isoformat()}, "on")
    elif on < record.stage_on:
        given = {"day": on.isoformat(), "since": record.stage_on.isoformat()}
        deed.refuse("programme.before_the_stage", given, "on")
    deed.check()
    own = _acting(deed, record)
    stored = kept_file(deed, file, own, record.office_id if own == record.owner_id else record.owner_id)
    return deed.create(
        StageMove(
            programme=record,
            owner=record.owner,
            office=record.office,
            from_stage=record.stage,
            to_stage=stage,
            on=on,
            evidence=told,
            file=stored,
            why_back=reason if back else "",
            proposed_by=deed.by.person_id,
            proposed_at=deed.at,
        )
    )


@action("programme.accept_stage", permission=DECIDE)
def accept_stage(deed: Deed, *, move: int, version: int, comment: str = "") -> Programme:
    """Accept a move: the programme is at the stage from the day that was proposed.

    Raises
    ------
    BridgeheadError
        ``programme.own_stage`` for whoever proposed it, ``programme.stage_decided``, ``programme.stage_moved_on``,
        ``programme.not_running`` for one that ended meanwhile.
    """
    found, record = _waiting(deed, move, version)
    running(deed, record)
    told = short(deed, "reason", comment)
    if found.from_stage != record.stage:
        deed.refuse("programme.stage_moved_on", {"stage": record.stage})
    deed.check()
    _decide(deed, found, StageMove.State.ACCEPTED, told)
    deed.holds_from(found.on)
    return deed.change(record, stage=found.to_stage, stage_on=found.on)


@action("programme.return_stage", permission=DECIDE)
def return_stage(deed: Deed, *, move: int, version: int, comment: str) -> StageMove:
    """Return a move with a reason: the programme stays where it is.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``programme.own_stage``, ``programme.stage_decided``.
    """
    found, _ = _waiting(deed, move, version)
    told = short(deed, "reason", comment, needed=True)
    deed.check()
    return _decide(deed, found, StageMove.State.RETURNED, told)


@action("programme.withdraw_stage", permission=RUN)
def withdraw_stage(deed: Deed, *, move: int, version: int) -> StageMove:
    """Take a proposal back that nobody has decided on.

    Raises
    ------
    BridgeheadError
        ``programme.stage_decided``.
    """
    found = deed.lock(StageMove, move, version)
    held(deed, found.programme_id)
    _refuse_decided(deed, found)
    deed.check()
    return _decide(deed, found, StageMove.State.WITHDRAWN, "")


def decides_for(viewer: Viewer, programme: Programme) -> int | None:
    """Return the organisation in which somebody may decide on a stage: the owner, or their coordination office."""
    for permission in (DECIDE, KEEP):
        if viewer.grant_for(permission, programme.owner_id, to_write=True):
            return int(programme.owner_id)
    grant = viewer.grant_for(KEEP, None, to_write=True)
    return grant.organisation_id if grant else None


def _acting(deed: Deed, record: Programme) -> int:
    """Return the organisation somebody keeps a programme for: the one that leads it, else the one that keeps it."""
    leads = deed.by.grant_for(deed.permission, record.office_id, to_write=True)
    return int(record.office_id if leads else record.owner_id)


def _waiting(deed: Deed, move: int, version: int) -> tuple[StageMove, Programme]:
    """Return a move that waits and its programme, for somebody else than who proposed it."""
    found = deed.lock(StageMove, move, version)
    record = deed.lock(Programme, found.programme_id)
    deed.require(deed.permission, decides_for(deed.by, record) or record.owner_id)
    if found.proposed_by == deed.by.person_id:
        deed.refuse("programme.own_stage")
    _refuse_decided(deed, found)
    return found, record


def _refuse_decided(deed: Deed, found: StageMove) -> None:
    if found.state != StageMove.State.PROPOSED:
        deed.refuse("programme.stage_decided", {"state": found.state})


def _decide(deed: Deed, found: StageMove, state: StageMove.State, reason: str) -> StageMove:
    return deed.change(found, state=state, reason=reason, decided_by=deed.by.person_id, decided_at=deed.at)
