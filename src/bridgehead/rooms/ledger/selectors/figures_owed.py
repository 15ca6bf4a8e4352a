"""Who has not reported: the periods of indicators that are over and have no figure of the body that reports them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.kernel.periods import Period
from bridgehead.rooms.ledger.figure_words import period_words
from bridgehead.rooms.ledger.indicators import Definition, indicators
from bridgehead.rooms.ledger.matters import Asking, Matter
from bridgehead.rooms.ledger.models import Figure
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.selectors.as_of import held_on
from bridgehead.rooms.ledger.who import ENTER

LAST = date(9998, 12, 31)
"""The last day of which the period can be told: after that of the year 9999 there is no day."""
PERIODS = 3
"""How many periods back are asked for: older ones are a matter for a task, not for a reminder."""
MOST_CHIPS = 4
REPORTED = ("month", "quarter", "half", "year")
"""Frequencies that have periods one can owe; days and events are reported as they come."""
Wanted = tuple[Definition, int, Period]
"""An indicator, the organisation that reports it, and a period of it."""


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

    @property
    def when(self) -> str:
        """Its period in words."""
        return period_words(self.period)


def figures_owed(
    viewer: Viewer, organisation_ids: Collection[int], on: date, periods: int = PERIODS
) -> list[OwedFigure]:
    """Return the figures that organisations have not reported for periods that ended before a day, oldest due first.

    A figure for a longer period that ends on the same day, such as the total since January, answers for it. What was
    entered after a past day was owed on it.

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
        for definition in asked_for(bodies)
        for pk in (bodies[definition.body],)
        for period in _over(definition, on, periods)
    ]
    found = [
        _owed(definition, pk, period, due_of(definition, period), on)
        for definition, pk, period in unreported(viewer, asked, on)
    ]
    return sorted(found, key=lambda one: (one.due_on, one.name))


def unreported(viewer: Viewer, asked: Sequence[Wanted], on: date) -> list[Wanted]:
    """Return those of some periods for which no figure was held on a day."""
    if not asked:
        return []
    since = min(period.last for _, _, period in asked)
    rows = visible(Figure, viewer).filter(held_on(on), office__in={pk for _, pk, _ in asked}, last_on__gte=since)
    there: dict[tuple[int, str, date], date] = {}
    for office, indicator, first, last in rows.values_list("office_id", "indicator", "first_on", "last_on"):
        key = (office, indicator, last)
        there[key] = min(first, there.get(key, first))
    return [
        (definition, pk, period)
        for definition, pk, period in asked
        if there.get((pk, definition.id, period.last), date.max) > period.first
    ]


def due_of(definition: Definition, period: Period) -> date:
    """Return the day by which the figure of a period is to be reported."""
    return calendar().add(period.last, definition.due_wd or 0)


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


def asked_for(bodies: Collection[str]) -> list[Definition]:
    """Return the newest definitions that somebody is asked to report."""
    newest = (found[-1] for found in indicators().history.values())
    return [one for one in newest if one.due_wd is not None and one.frequency in REPORTED and one.body in bodies]


def _over(definition: Definition, on: date, periods: int) -> list[Period]:
    """Return the last periods of an indicator that ended before a day and for which its definition holds."""
    found: list[Period] = []
    one = Period.of(definition.least, min(on, LAST))
    while len(found) < periods and one.first.year >= 2000:
        one = Period.of(definition.least, date.fromordinal(one.first.toordinal() - 1))
        if one.last < definition.valid_from or one.first.year < 2000:
            break
        found.append(one)
    return found


@dataclass(frozen=True, slots=True)
class OwedBody:
    """What one organisation has not reported."""

    organisation: Organisation
    name: str
    figures: tuple[OwedFigure, ...]

    @property
    def late(self) -> int:
        """How many of them are late."""
        return sum(1 for one in self.figures if one.late)


@dataclass(frozen=True, slots=True)
class OwedPage:
    """Who has not reported as of a day: organisations with what they owe, those with the most late ones first."""

    on: date
    bodies: tuple[OwedBody, ...]
    every: tuple[tuple[str, str], ...]
    body: str

    @property
    def late(self) -> int:
        """How many figures are late."""
        return sum(one.late for one in self.bodies)

    @property
    def headline(self) -> str:
        """The answer in one sentence."""
        if not self.bodies:
            return _("该报的数都报了")
        owing = ngettext("%(n)s 个机构还有数没报", "%(n)s 个机构还有数没报", len(self.bodies)) % {"n": len(self.bodies)}
        if not self.late:
            return owing + _("，") + _("都还没有到期")
        return owing + _("，") + ngettext("%(n)s 个数过了期", "%(n)s 个数过了期", self.late) % {"n": self.late}


def owed_page(viewer: Viewer, on: date, body: str = "", periods: int = 1) -> OwedPage:
    """Return who has not reported for the last period that ended before a day, as far as somebody may see it.

    Of bodies whose figures they do not see nothing is said: they would all seem to have reported nothing.

    Articles: 79
    """
    seen = reporting(viewer)
    asked = [one for one in seen if not body or one.code == body]
    found = figures_owed(viewer, [int(one.pk) for one in asked], on, periods)
    lines = [
        OwedBody(one, one.name(language()), tuple(figure for figure in found if figure.organisation_id == one.pk))
        for one in asked
    ]
    owing = sorted((one for one in lines if one.figures), key=lambda one: (-one.late, one.name))
    return OwedPage(on, tuple(owing), tuple((one.code, one.name(language())) for one in seen), body)


def reporting(viewer: Viewer) -> list[Organisation]:
    """Return the organisations that report figures, as far as somebody sees these."""
    codes = {found[-1].body for found in indicators().history.values() if found[-1].due_wd is not None}
    rows = visible(Organisation, viewer).filter(code__in=codes, closed_on__isnull=True)
    owners = viewer.owners_in("duties") | viewer.offices_in("duties")
    return [one for one in rows if viewer.wholly("duties") or one.pk in owners]


def figure_matters(asking: Asking) -> list[Matter]:
    """Return what waits for some organisations this morning: the figures of a period they have not reported.

    Articles: 79
    """
    able = [pk for pk in asking.offices if asking.viewer.grant_for(ENTER, pk, to_write=True)]
    by_period: dict[tuple[int, Period, date], list[OwedFigure]] = {}
    for one in figures_owed(asking.viewer, able, asking.on, 1):
        by_period.setdefault((one.organisation_id, one.period, one.due_on), []).append(one)
    found = []
    for (office, period, due_on), figures in by_period.items():
        told = {"n": len(figures), "period": period_words(period), "name": figures[0].name}
        alone = len(figures) == 1
        title = _("报 %(period)s的%(name)s") % told if alone else _("报 %(period)s的 %(n)s 项数据") % told
        address = figures[0].address if alone else reverse("ledger:figures-owed")
        articles = tuple(sorted({number for one in figures for number in one.articles}))[:MOST_CHIPS]
        found.append(
            Matter(
                title,
                _("期间已经结束，还没有报"),
                address,
                due_on,
                office,
                articles,
                pgettext("ledger figures", "填报"),
            )
        )
    return found[: asking.most]
