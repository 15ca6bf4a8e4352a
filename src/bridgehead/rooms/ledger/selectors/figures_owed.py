"""Who has not reported: the periods of indicators that are over and have no figure of the body that reports them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.models import Organisation
from bridgehead.kernel.periods import Period
from bridgehead.rooms.ledger.indicators import Definition, indicators
from bridgehead.rooms.ledger.models import Figure
from bridgehead.rooms.ledger.region import calendar

PERIODS = 3
"""How many periods back are asked for: older ones are a matter for a task, not for a reminder."""
REPORTED = ("month", "quarter", "half", "year")
"""Frequencies that have periods one can owe; days and events are reported as they come."""


@dataclass(frozen=True, slots=True)
class OwedFigure:
    """A figure an organisation has not reported.

    Attributes
    ----------
    indicator : str
        Id of the indicator or series.
    name : str
        Its name in the language of the request.
    period : Period
        The period that is over.
    due_on : date
        The day by which it is to be reported.
    late : bool
        Whether that day is over.
    organisation_id : int
        Who reports it.
    address : str
        The form in which it is entered, with indicator and period filled in.
    articles : tuple of int
        Articles the indicator concerns.
    """

    indicator: str
    name: str
    period: Period
    due_on: date
    late: bool
    organisation_id: int
    address: str
    articles: tuple[int, ...] = ()


def figures_owed(
    viewer: Viewer, organisation_ids: Collection[int], on: date, periods: int = PERIODS
) -> list[OwedFigure]:
    """Return the figures that organisations have not reported for periods that ended before a day, oldest due first.

    A figure for a longer period that ends on the same day, such as the total since January, answers for it.

    Parameters
    ----------
    viewer : Viewer
        Who asks.
    organisation_ids : collection of int
        Of which organisations.
    on : date
        The day.
    periods : int
        How many periods back.

    Articles: 79
    """
    bodies = _bodies(viewer, organisation_ids)
    asked = [
        (definition, pk, period)
        for definition in _asked_for(bodies)
        for pk in (bodies[definition.body],)
        for period in _over(definition, on, periods)
    ]
    if not asked:
        return []
    since = min(period.last for _, _, period in asked)
    rows = visible(Figure, viewer).filter(ended_at=None, office__in=set(bodies.values()), last_on__gte=since)
    there: dict[tuple[int, str, date], date] = {}
    for office, indicator, first, last in rows.values_list("office_id", "indicator", "first_on", "last_on"):
        key = (office, indicator, last)
        there[key] = min(first, there.get(key, first))
    found = []
    for definition, pk, period in asked:
        if there.get((pk, definition.id, period.last), date.max) > period.first:
            due = calendar().add(period.last, definition.due_wd or 0)
            found.append(_owed(definition, pk, period, due, on))
    return sorted(found, key=lambda one: (one.due_on, one.name))


def form_address(indicator: str, period: Period) -> str:
    """Return the address of the form in which a figure is entered."""
    return f"{reverse('ledger:indicator', args=[indicator])}?{urlencode({'period': str(period)})}#enter"


def _owed(definition: Definition, pk: int, period: Period, due: date, on: date) -> OwedFigure:
    address = form_address(definition.id, period)
    return OwedFigure(definition.id, definition.name, period, due, due < on, pk, address, definition.articles)


def _bodies(viewer: Viewer, organisation_ids: Collection[int]) -> dict[str, int]:
    """Return the codes of organisations, by which the region's tables name them, with their numbers."""
    rows = visible(Organisation, viewer).filter(pk__in=list(organisation_ids), closed_on__isnull=True)
    return {code: pk for pk, code in rows.values_list("pk", "code")}


def _asked_for(bodies: Collection[str]) -> list[Definition]:
    """Return the newest definitions that somebody is asked to report."""
    newest = (found[-1] for found in indicators().history.values())
    return [one for one in newest if one.due_wd is not None and one.frequency in REPORTED and one.body in bodies]


def _over(definition: Definition, on: date, periods: int) -> list[Period]:
    """Return the last periods of an indicator that ended before a day and for which its definition holds."""
    found: list[Period] = []
    one = Period.of(definition.least, on)
    while len(found) < periods:
        one = Period.of(definition.least, date.fromordinal(one.first.toordinal() - 1))
        if one.last < definition.valid_from or one.first.year < 2000:
            break
        found.append(one)
    return found
