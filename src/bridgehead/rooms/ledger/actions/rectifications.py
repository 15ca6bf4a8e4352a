"""Actions on the mending of faults: evidence handed in by who answers for it, decided on by somebody else."""

from __future__ import annotations

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.uploads import Received
from bridgehead.rooms.ledger.actions.supervision_answers import refuse_own
from bridgehead.rooms.ledger.actions.supervision_parts import (
    LONGEST_LINE,
    kept_file,
    refuse_handed_on,
    refuse_withdrawn,
    require_keeper,
    told,
)
from bridgehead.rooms.ledger.models import Rectification
from bridgehead.rooms.ledger.who import ANSWER


@action("rectification.hand_in", permission=ANSWER)
def hand_in_mending(
    deed: Deed, *, rectification: int, evidence: str, file: Received | None = None, version: int | None = None
) -> Rectification:
    """Hand in what shows that a fault was mended; what was returned is handed in once more.

    Raises
    ------
    BridgeheadError
        ``supervision.nothing_asked`` where it waits or was accepted, ``supervision.finding_withdrawn``,
        ``supervision.handed_on``, ``form.missing``.

    Articles: 83
    """
    record = deed.lock(Rectification, rectification, version)
    deed.require_in(record.office_id)
    refuse_withdrawn(deed, record.finding)
    refuse_handed_on(deed, record)
    if record.state not in (Rectification.State.OPEN, Rectification.State.RETURNED):
        deed.refuse("supervision.nothing_asked")
    evidence = told(deed, evidence, "evidence")
    deed.check()
    return deed.change(
        record,
        state=Rectification.State.HANDED_IN,
        evidence=evidence,
        file=kept_file(deed, file, record.office_id, record.owner_id) or record.file,
        author_id=deed.by.person_id,
        handed_in_at=deed.at,
        decided_by=None,
        decided_at=None,
    )


@action("rectification.decide")
def decide_mending(
    deed: Deed, *, rectification: int, accepted: bool, why: str = "", version: int | None = None
) -> Rectification:
    """Accept what shows that a fault was mended, or return it with a reason; never one's own.

    Raises
    ------
    BridgeheadError
        ``supervision.nothing_handed_in``, ``supervision.own_evidence``, ``supervision.finding_withdrawn``,
        ``supervision.handed_on``, ``form.missing`` where it is returned without a reason.

    Articles: 83
    """
    record = deed.lock(Rectification, rectification, version)
    require_keeper(deed, record.owner_id)
    refuse_withdrawn(deed, record.finding)
    refuse_handed_on(deed, record)
    if record.state != Rectification.State.HANDED_IN:
        deed.refuse("supervision.nothing_handed_in")
    refuse_own(deed, record.author_id)
    why = told(deed, why, "why", needed=not accepted, longest=LONGEST_LINE)
    deed.check()
    state = Rectification.State.ACCEPTED if accepted else Rectification.State.RETURNED
    return deed.change(record, state=state, reason=why, decided_by=deed.by.person_id, decided_at=deed.at)
