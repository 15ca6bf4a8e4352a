"""What organisations owe to supervision: steps of cases, opinions to answer, faults to mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.rooms.ledger.models import Opinion, Rectification, SupervisionCase
from bridgehead.rooms.ledger.procedures import step_name


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
    waiting = (Opinion.State.OPEN, Opinion.State.RETURNED)
    opinions = visible(Opinion, viewer).filter(office__in=wanted, state__in=waiting, issued_on__lte=on)
    found += [
        SupervisionDue(
            one.matter,
            one.due_on,
            one.office_id,
            reverse("ledger:opinion", args=[one.pk]),
            pgettext("supervision", "答复审议意见"),
        )
        for one in opinions
    ]
    open_still = (Rectification.State.OPEN, Rectification.State.RETURNED)
    mendings = visible(Rectification, viewer).filter(office__in=wanted, state__in=open_still)
    mendings = mendings.filter(finding__withdrawn_on=None, handed_on=None)
    found += [
        SupervisionDue(
            one.finding.matter,
            one.due_on,
            one.office_id,
            reverse("ledger:finding", args=[one.finding_id]),
            pgettext("supervision", "整改检查发现的问题"),
        )
        for one in mendings.select_related("finding")
        if one.finding.found_on <= on
    ]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.title))
