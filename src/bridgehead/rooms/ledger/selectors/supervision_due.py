"""What organisations owe to supervision: steps of cases, opinions to answer, faults to mend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.rooms.ledger import falling
from bridgehead.rooms.ledger.falling import Between, Coming
from bridgehead.rooms.ledger.models import Inspection, Opinion, Rectification, SupervisionCase
from bridgehead.rooms.ledger.procedures import step_name
from bridgehead.rooms.ledger.who import named

_UNANSWERED = (Opinion.State.OPEN, Opinion.State.RETURNED)
_UNMENDED = (Rectification.State.OPEN, Rectification.State.RETURNED)


@dataclass(frozen=True, slots=True)
class SupervisionDue:
    """One thing an organisation owes.

    Attributes
    ----------
    title : str
        The case or the inspection it belongs to.
    due_on : date or None
        By when; None where nothing says so.
    organisation : int
        Who owes it.
    address : str
        The page on which it is handed in.
    what : str
        What is owed, in words.
    """

    title: str
    due_on: date | None
    organisation: int
    address: str
    what: str

    def late(self, on: date) -> bool:
        """Tell whether it is late on a day."""
        return self.due_on is not None and self.due_on < on


def supervision_due(viewer: Viewer, organisation_ids: Iterable[int], on: date) -> list[SupervisionDue]:
    """Return what organisations owe to supervision on a day, what is due first at the top.

    Articles: 83
    """
    wanted = sorted(set(organisation_ids))
    if not wanted:
        return []
    steps = visible(SupervisionCase, viewer).filter(state="open", waits_for__in=wanted, opened_on__lte=on)
    found = [
        SupervisionDue(
            one.title,
            one.due_on,
            int(one.waits_for_id or 0),
            reverse("ledger:supervision-case", args=[one.pk]),
            step_name(one, one.waits),
        )
        for one in steps
    ]
    opinions = visible(Opinion, viewer).filter(office__in=wanted, state__in=_UNANSWERED, issued_on__lte=on)
    found += [
        SupervisionDue(
            one.matter,
            one.due_on,
            one.office_id,
            reverse("ledger:opinion", args=[one.pk]),
            _to_answer(),
        )
        for one in opinions
    ]
    mendings = visible(Rectification, viewer).filter(office__in=wanted, state__in=_UNMENDED)
    mendings = mendings.filter(finding__withdrawn_on=None, handed_on=None)
    found += [
        SupervisionDue(
            one.finding.matter,
            one.due_on,
            one.office_id,
            reverse("ledger:finding", args=[one.finding_id]),
            _to_mend(),
        )
        for one in mendings.select_related("finding")
        if one.finding.found_on <= on
    ]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.title))


def register_supervision_days() -> None:
    """Register by when steps, opinions and faults are owed to supervision, and the days on which inspections begin."""
    for key, build in (("cases", _steps), ("opinions", _opinions), ("faults", _faults)):
        falling.register(key, "supervision", build)
    falling.register("inspections", "inspection", _inspections)


def _steps(asked: Between) -> Iterator[Coming]:
    rows = visible(SupervisionCase, asked.viewer).filter(state="open", due_on__range=asked.days)
    for one in rows.select_related("waits_for").order_by("due_on", "id")[: asked.most + 1]:
        assert one.due_on is not None
        title, address = _of(one.title, step_name(one, one.waits)), reverse("ledger:supervision-case", args=[one.pk])
        yield Coming(one.due_on, title, named(one.waits_for), address, tuple(one.articles), "supervision")


def _opinions(asked: Between) -> Iterator[Coming]:
    rows = visible(Opinion, asked.viewer).filter(state__in=_UNANSWERED, due_on__range=asked.days)
    for one in rows.select_related("office").order_by("due_on", "id")[: asked.most + 1]:
        assert one.due_on is not None
        title, address = _of(one.matter, _to_answer()), reverse("ledger:opinion", args=[one.pk])
        yield Coming(one.due_on, title, named(one.office), address, kind="supervision")


def _faults(asked: Between) -> Iterator[Coming]:
    rows = visible(Rectification, asked.viewer).filter(state__in=_UNMENDED, due_on__range=asked.days)
    rows = rows.filter(finding__withdrawn_on=None).select_related("finding", "office")
    for one in rows.order_by("due_on", "id")[: asked.most + 1]:
        title, address = _of(one.finding.matter, _to_mend()), reverse("ledger:finding", args=[one.finding_id])
        yield Coming(one.due_on, title, named(one.office), address, (one.finding.article,), "supervision")


def _inspections(asked: Between) -> Iterator[Coming]:
    rows = visible(Inspection, asked.viewer).filter(starts_on__range=asked.days).select_related("office")
    for one in rows.order_by("starts_on", "id")[: asked.most + 1]:
        address = reverse("ledger:inspection", args=[one.pk])
        yield Coming(one.starts_on, one.title, named(one.office), address, tuple(one.articles), "inspection")


def _to_answer() -> str:
    return pgettext("supervision", "答复审议意见")


def _to_mend() -> str:
    return pgettext("supervision", "整改检查发现的问题")


def _of(matter: str, what: str) -> str:
    return f"{matter}{pgettext('form', '：')}{what}"
