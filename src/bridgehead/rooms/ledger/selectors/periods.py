"""Closed periods as pages show them: those that hold for somebody's evidence and figures, whoever closed them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.kernel.periods import Period
from bridgehead.rooms.ledger.figure_words import period_words
from bridgehead.rooms.ledger.models import ClosedPeriod, Task
from bridgehead.rooms.ledger.who import named

SHOWN = 6
"""How many closed periods a form names; the page of periods has all of them."""
_OF_THE_REGION = Q(owner__kind="coordination")


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A closed period in words. ``note`` is for those who see the records of the body that closed it."""

    record: ClosedPeriod
    period: str
    owner: str
    note: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The closed periods a form has to do with: the latest in words, and how many more there are."""

    latest: Sequence[str] = ()
    more: int = 0


def periods_seen(viewer: Viewer) -> list[PeriodLine]:
    """Return the periods somebody may see, and those closed for what they hand in and report, the latest first.

    Whoever hands evidence in is refused for a closed period, so they are told which are closed, whoever closed them.
    """
    own = list(visible(ClosedPeriod, viewer).select_related("owner"))
    mine = sorted(viewer.organisations)
    with as_system("reading closed periods that hold for somebody"):
        giving = Task.objects.filter(Q(office__in=mine) | Q(parts__office__in=mine)).values("owner")
        holding = ClosedPeriod.objects.filter(_OF_THE_REGION | Q(owner__in=giving), opened_on=None)
        others = list(holding.exclude(pk__in=[one.pk for one in own]).select_related("owner"))
        found = [_line(one, one.note) for one in own] + [_line(one, "") for one in others]
    return sorted(found, key=lambda one: (one.record.last_on, one.record.pk), reverse=True)


def closed_for_evidence(owner: int) -> Closed:
    """Return the periods that are closed for the evidence of the tasks of a body."""
    return _closed(Q(owner=owner))


def closed_for_figures(organisations: Iterable[int]) -> Closed:
    """Return the periods that are closed for the figures of some organisations."""
    return _closed(Q(owner__in=sorted(organisations)) | _OF_THE_REGION)


def closed_on(owner: int, day: date) -> str:
    """Return the period of a day that is closed for the evidence of the tasks of a body, in words; empty for none."""
    return next(iter(_closed(Q(owner=owner, first_on__lte=day, last_on__gte=day)).latest), "")


def closed_around(owner: int, first: date, last: date) -> str:
    """Return the period in which a figure of an organisation is closed, in words; empty where it is open."""
    return next(iter(_closed((Q(owner=owner) | _OF_THE_REGION) & Q(first_on__lte=first, last_on__gte=last)).latest), "")


def _closed(which: Q) -> Closed:
    with as_system("looking for closed periods"):
        rows = ClosedPeriod.objects.filter(which, opened_on=None).order_by("-last_on", "-first_on")
        told = list(dict.fromkeys(rows.values_list("period", flat=True)))
    return Closed([_words(one) for one in told[:SHOWN]], max(0, len(told) - SHOWN))


def _line(record: ClosedPeriod, note: str) -> PeriodLine:
    return PeriodLine(record, _words(record.period), named(record.owner), note)


def _words(period: str) -> str:
    return period_words(Period.read(period))
