"""Actions of an office on projects abroad it was named for: visits and their follow-up; signals that arrive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.told import fitting, give_reason, needed, today
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.models import OutboundProject, OutboundSignal, PatrolVisit
from bridgehead.rooms.desk.notices import notify
from bridgehead.rooms.desk.tags import country_of
from bridgehead.rooms.desk.who import CARE

LONGEST_PURPOSE, LONGEST_FINDINGS, LONGEST_OUTCOME = 500, 4_000, 1_000
State = PatrolVisit.State


@action("patrol_visit.plan", permission=CARE)
def plan_visit(deed: Deed, *, project: int, planned_on: date | None, purpose: str) -> PatrolVisit:
    """Plan a visit to a project abroad the firm named the office for; the firm is told.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``outbound.day_past``, ``outbound.over``.

    Articles: 48
    """
    row = deed.lock(OutboundProject, project)
    if row.office_id is None:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": CARE})
    deed.require_in(row.office_id)
    said = needed(deed, purpose, "purpose", LONGEST_PURPOSE)
    if planned_on is None:
        deed.refuse("form.missing", {}, "planned_on")
    elif planned_on < today(deed):
        deed.refuse("outbound.day_past", {"day": str(planned_on)}, "planned_on")
    if row.ends_on is not None and row.ends_on < today(deed):
        deed.refuse("outbound.over", {"day": str(row.ends_on)})
    deed.check()
    visit = PatrolVisit(project=row, owner_id=row.owner_id, office_id=row.office_id, purpose=said)
    visit.planned_on = planned_on
    visit = deed.create(visit)
    _tell(deed, visit, "outbound_visit_planned")
    return visit


@action("patrol_visit.record", permission=CARE)
def record_visit(
    deed: Deed,
    *,
    visit: int,
    version: int,
    visited_on: date | None,
    findings: str,
    follow_up: str = "",
    follow_up_by: date | None = None,
) -> PatrolVisit:
    """Keep what a visit found, and what is to be done about it by when; the firm reads it and is told.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``outbound.day_to_come``, ``outbound.day_past``,
        ``outbound.not_planned``.

    Articles: 48
    """
    row = _visit(deed, visit, version, State.PLANNED)
    found = needed(deed, findings, "findings", LONGEST_FINDINGS)
    todo = fitting(deed, follow_up, "follow_up", LONGEST_FINDINGS)
    if visited_on is None:
        deed.refuse("form.missing", {}, "visited_on")
    elif visited_on > today(deed):
        deed.refuse("outbound.day_to_come", {"day": str(visited_on)}, "visited_on")
    if todo and follow_up_by is None:
        deed.refuse("form.missing", {}, "follow_up_by")
    elif todo and follow_up_by is not None and follow_up_by < today(deed):
        deed.refuse("outbound.day_past", {"day": str(follow_up_by)}, "follow_up_by")
    deed.check()
    kept: dict[str, Any] = {"visited_on": visited_on, "findings": found, "follow_up": todo}
    kept |= {"follow_up_by": follow_up_by} if todo else {"follow_up_by": None, "closed_on": today(deed)}
    row = deed.change(row, state=State.OPEN if todo else State.CLOSED, **kept)
    _tell(deed, row, "outbound_visit_recorded")
    return row


@action("patrol_visit.close", permission=CARE)
def close_visit(deed: Deed, *, visit: int, version: int, outcome: str) -> PatrolVisit:
    """Say what became of what a visit found.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``form.text_too_long``, ``outbound.nothing_open``.

    Articles: 48
    """
    row = _visit(deed, visit, version, State.OPEN)
    said = needed(deed, outcome, "outcome", LONGEST_OUTCOME)
    deed.check()
    return deed.change(row, state=State.CLOSED, outcome=said, closed_on=today(deed))


@action("patrol_visit.drop", permission=CARE)
def drop_visit(deed: Deed, *, visit: int, version: int) -> PatrolVisit:
    """Drop a visit that was planned, with a reason.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``outbound.not_planned``.
    """
    row = _visit(deed, visit, version, State.PLANNED)
    reason = give_reason(deed)
    deed.check()
    return deed.change(row, state=State.DROPPED, outcome=reason)


def receive_signal(deed: Deed, told: Mapping[str, Any]) -> int:
    """Attach a signal to the projects that go on in its country, and tell their firms and offices.

    Parameters
    ----------
    deed : Deed
        The task it arrived by.
    told : mapping
        ``reference`` (what its sender calls it), ``country``, ``level`` (``notice``, ``warning`` or ``danger``),
        ``title`` and ``text`` by language, ``source`` and ``raised_at``.

    Returns
    -------
    int
        How many projects it reached for the first time.

    Raises
    ------
    BridgeheadError
        ``outbound.bad_signal`` for one that lacks something or names an unknown level or country.

    Articles: 48
    """
    columns = _signal(told)
    on = timezone.localdate(deed.at)
    with as_system("attaching a signal to projects abroad"):
        rows = OutboundProject.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), country=country_of(told["country"]))
        known = OutboundSignal.objects.filter(reference=columns["reference"]).values("project")
        fresh = list(rows.exclude(pk__in=known).order_by("pk"))
        for row in fresh:
            deed.create(OutboundSignal(project=row, owner_id=row.owner_id, office_id=row.office_id, **columns))
            words = {"title": columns["texts"]["title"], "project": row.name}
            about: tuple[str, Mapping[str, Any]] = ("desk:outbound-project", {"project": row.pk})
            notify(deed, firm=row.owner_id, kind="outbound_signal", about=about, words=words)
            if row.office_id is not None:
                about = ("desk:outbound-care-project", {"project": row.pk})
                words = {"title": words["title"]}
                notify(deed, firm=row.office_id, kind="outbound_signal_office", about=about, words=words)
    return len(fresh)


def _signal(told: Mapping[str, Any]) -> dict[str, Any]:
    wrong = [name for name in ("reference", "country", "level", "title", "source", "raised_at") if not told.get(name)]
    if not wrong and told["level"] not in OutboundSignal.Level.values:
        wrong = ["level"]
    if not wrong:
        try:
            country_of(str(told["country"]))
            raised_at = datetime.fromisoformat(str(told["raised_at"]))
        except (BridgeheadError, ValueError):
            wrong = ["country", "raised_at"]
    if wrong:
        raise BridgeheadError(
            "outbound.bad_signal", {"fields": wrong, "reference": str(told.get("reference", ""))[:100]}
        )
    return {
        "reference": str(told["reference"])[:100],
        "level": told["level"],
        "texts": {"title": dict(told["title"]), "text": dict(told.get("text") or {})},
        "source": str(told["source"])[:300],
        "raised_at": raised_at if timezone.is_aware(raised_at) else timezone.make_aware(raised_at),
    }


def _visit(deed: Deed, visit: int, version: int, state: str) -> PatrolVisit:
    row = deed.lock(PatrolVisit, visit, version)
    deed.require_in(row.office_id)
    if row.state != state:
        deed.refuse("outbound.not_planned" if state == State.PLANNED else "outbound.nothing_open", {})
    return row


def _tell(deed: Deed, visit: PatrolVisit, kind: str) -> None:
    with as_system("telling a firm of a visit"):
        project = OutboundProject.objects.get(pk=visit.project_id)
        words = {"project": project.name, "day": visit.visited_on or visit.planned_on}
        about = ("desk:outbound-project", {"project": project.pk})
        notify(deed, firm=visit.owner_id, kind=kind, about=about, words=words)
