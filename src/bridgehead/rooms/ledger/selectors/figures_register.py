"""The register of indicators, and everything about one: definitions, values with conflicts and revisions, targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.ground import wording
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.rooms.ledger.figure_words import plain
from bridgehead.rooms.ledger.indicators import Definition, Published, YearTarget, indicator_of, indicators
from bridgehead.rooms.ledger.models import Figure
from bridgehead.rooms.ledger.selectors.figures import MONTHS, Reckoned, Reckoner
from bridgehead.rooms.ledger.selectors.figures_goals import goal_of
from bridgehead.rooms.ledger.selectors.figures_pace import (
    NO_FIGURE,
    NONE_SEEN,
    PaceLine,
    bodies_named,
    line_of,
    pattern_of,
    status_words,
)
from bridgehead.rooms.ledger.who import name_of, names_of

YEARS_SHOWN = 15
MOST_PERIODS = 120


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """An indicator of the register with its last value, None where there is none."""

    definition: Definition
    body: str
    last: Reckoned | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the register is filtered by; nothing of it asks for everything."""

    q: str = ""
    article: int | None = None
    body: str = ""
    five_type: str = ""


ALL = Wanted()


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """The register: its lines, what they can be filtered by, and how many have a value."""

    lines: tuple[RegisterLine, ...]
    bodies: tuple[tuple[str, str], ...]
    five_types: tuple[tuple[str, str], ...]
    every: int
    asked: Wanted

    @property
    def headline(self) -> str:
        """The answer in one sentence."""
        if not self.lines:
            return _("没有这样的指标")
        known = sum(1 for one in self.lines if one.last is not None)
        whole = ngettext("%(n)s 个指标，", "%(n)s 个指标，", len(self.lines)) % {"n": len(self.lines)}
        return whole + ngettext("%(n)s 个有数据", "%(n)s 个有数据", known) % {"n": known}


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure as it was entered, with who did and what became of it."""

    figure: Figure
    office: str
    author: str
    given: Decimal

    @property
    def converted(self) -> bool:
        """Whether it was typed in another unit than that of the indicator."""
        return self.figure.given_unit != self.figure.unit


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period of an indicator: its value, every figure of it that holds, and those that were replaced."""

    value: Reckoned
    holding: tuple[FigureLine, ...]
    past: tuple[FigureLine, ...]
    published: tuple[Published, ...]

    @property
    def rows(self) -> int:
        """How many lines of the table it takes."""
        return max(1, len(self.holding) + len(self.published))

    @property
    def difference(self) -> str:
        """How far apart the reports are, in words; empty where they agree."""
        return difference_words(self.value)


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """Everything about one indicator."""

    definition: Definition
    history: tuple[Definition, ...]
    body: str
    latest: Reckoned | None
    periods: tuple[PeriodLine, ...]
    unplaced: tuple[Published, ...]
    running: Mapping[int, Mapping[int, Reckoned]]
    targets: tuple[YearTarget, ...]
    pace: tuple[PaceLine, ...]
    inputs: tuple[Definition, ...]
    uses: tuple[Definition, ...]
    more: int = 0
    wholly: bool = True

    @property
    def headline(self) -> str:
        """The last value in one sentence, or that there is none."""
        if self.latest:
            return value_words(self.latest)
        return status_words(NO_FIGURE if self.wholly else NONE_SEEN)

    @property
    def frequency(self) -> str:
        """How often it is reported, in words."""
        return {
            "day": pgettext("ledger figures", "每日"),
            "week": pgettext("ledger figures", "每周"),
            "month": pgettext("ledger figures", "每月"),
            "quarter": pgettext("ledger figures", "每季"),
            "half": pgettext("ledger figures", "每半年"),
            "year": pgettext("ledger figures", "每年"),
            "event": pgettext("ledger figures", "有事时"),
            "session": pgettext("ledger figures", "每次会议"),
        }[self.definition.frequency]

    @property
    def direction(self) -> str:
        """Whether more is better, in words."""
        low, high = self.definition.band or (0.0, 0.0)
        band = {"low": wording.number(low, language()), "high": wording.number(high, language())}
        return (
            {
                "up": pgettext("ledger figures", "越高越好"),
                "down": pgettext("ledger figures", "越低越好"),
                "band": pgettext("ledger figures", "在 %(low)s 到 %(high)s 之间为好") % band,
                "info": pgettext("ledger figures", "只供参考"),
            }[self.definition.direction]
            if not self.definition.is_input
            else ""
        )

    @property
    def conflicts(self) -> int:
        """How many periods have reports that contradict each other."""
        return sum(1 for one in self.periods if one.value.differs)


def difference_words(value: Reckoned) -> str:
    """Return how far apart the reports on a period are, in words; empty where they agree."""
    if not value.differs:
        return ""
    said = wording.spelt_words(value.spread, value.unit, language())
    least = min(one.value for one in value.reports)
    share = wording.percent(float(value.spread / least), language(), 1) if least > 0 else "—"
    return _("各处说法相差 %(amount)s（%(share)s）") % {"amount": said, "share": share}


def value_words(found: Reckoned) -> str:
    """Return a value with its period and unit in words."""
    sign = wording.qualifier_sign(found.qualifier, language())
    value, unit = wording.spelt(found.value, found.unit, language())
    told = {"period": found.when, "value": sign + value, "unit": unit}
    return _("%(period)s：%(value)s %(unit)s") % told


def register_page(viewer: Viewer, wanted: Wanted = ALL) -> RegisterPage:
    """Return the register of indicators, filtered.

    Articles: 5, 79, 81
    """
    known = indicators()
    asked = wanted.q.strip().casefold()
    kept = [
        one
        for one in known.listed
        if (not asked or asked in f"{one.id} {one.name_zh} {one.name_en} {one.note_zh} {one.note_en}".casefold())
        and (wanted.article is None or wanted.article in one.articles)
        and (not wanted.body or one.body == wanted.body)
        and (not wanted.five_type or one.five_type_zh == wanted.five_type)
    ]
    names = bodies_named(viewer, known.listed)
    last = last_values(viewer, [one.id for one in kept])
    lines = tuple(RegisterLine(one, names.get(one.body, one.source_body), last.get(one.id)) for one in kept)
    types = {one.five_type_zh: one.five_type for one in known.listed if one.five_type_zh}
    return RegisterPage(lines, tuple(sorted(names.items())), tuple(types.items()), len(known.listed), wanted)


def last_values(viewer: Viewer, ids: list[str]) -> dict[str, Reckoned]:
    """Return the value of the last period of each indicator that has one, entered, published or by its formula."""
    known = indicators()
    parts = {id: (id, *_names(known.latest(id))) for id in ids}
    series = sorted({name for names in parts.values() for name in names})
    rows = visible(Figure, viewer).filter(ended_at=None, place="", indicator__in=series).order_by()
    ends: dict[str, set[date]] = {id: {end} for id, end in rows.values_list("indicator").annotate(Max("last_on"))}
    for id in series:
        told = sorted(one.period.last for one in known.published.get(id, ()) if one.period and one.value is not None)
        ends.setdefault(id, set()).update(told[-2:])
        if (one := known.latest(id)) and one.counted:
            ends[id].add(Period.of(Frequency.MONTH, timezone.localdate()).first - timedelta(days=1))
    for names in parts.values():  # a formula needs all its inputs at the last day of any of them
        together = set().union(*(ends[name] for name in names))
        for name in names if len(names) > 1 else ():
            ends[name] = together
    years = {day.year for days in ends.values() for day in days}
    reckoner = Reckoner.of(viewer, ids, years, ends=ends)
    found = {}
    for id, names in parts.items():
        periods = {period for name in names for period in reckoner.periods(name)}
        for period in sorted(periods, key=lambda one: (one.last, one.first), reverse=True)[:4]:
            value = reckoner.value(id, period)
            if value.value is not None:
                found[id] = value
                break
    return found


def indicator_page(viewer: Viewer, indicator: str, on: date, most: int = MOST_PERIODS) -> IndicatorPage:
    """Return everything about one indicator or series as of a day.

    Raises
    ------
    BridgeheadError
        ``figure.unknown_indicator``.

    Articles: 5, 79, 81
    """
    definition, known = indicator_of(indicator), indicators()
    targets = tuple(sorted((one for one in known.targets if one.indicator == indicator), key=lambda one: one.year))
    first, last = _years(viewer, indicator, definition, targets)
    first = max(first, min(last, on.year) - YEARS_SHOWN)
    reckoner = Reckoner.of(viewer, [indicator], range(first, max(last, first) + 1))
    running = {year: _running(reckoner, definition, year, on) for year in range(first, max(last, first) + 1)}
    periods, more = _periods(viewer, reckoner, indicator, most)
    bodies = bodies_named(viewer, known.listed)
    patterns = {one.year: pattern_of(reckoner, indicator, one.year) for one in targets}
    lines = [
        line_of(
            goal_of(one),
            definition,
            reckoner.to_date(indicator, one.year, min(on, date(one.year, 12, 31))),
            patterns[one.year],
            bodies,
            wholly=reckoner.wholly,
        )
        for one in reversed(targets)
    ]
    return IndicatorPage(
        definition,
        known.history[indicator],
        bodies.get(definition.body, definition.source_body),
        last_values(viewer, [indicator]).get(indicator),
        periods,
        tuple(one for one in known.published.get(indicator, ()) if one.period is None or one.value is None),
        {year: found for year, found in running.items() if found},
        targets,
        tuple(lines),
        tuple(found for name in _names(definition) if (found := known.latest(name))),
        tuple(one for one in known.listed if indicator in _names(one)),
        more,
        reckoner.wholly,
    )


def _names(definition: Definition | None) -> tuple[str, ...]:
    if definition is None or definition.formula is None:
        return ()
    return tuple(one for one in definition.formula.series if one in indicators().history)


def _running(reckoner: Reckoner, definition: Definition, year: int, on: date) -> Mapping[int, Reckoned]:
    """Return what is drawn of a year: totals since January, or the value of the year of what does not add up."""
    if definition.adds:
        return reckoner.running(definition.id, year, on)
    found = reckoner.value(definition.id, Period(date(year, 1, 1), date(year, 12, 31)))
    return {MONTHS: found} if found.value is not None else {}


def _years(viewer: Viewer, indicator: str, definition: Definition, targets: tuple[YearTarget, ...]) -> tuple[int, int]:
    """Return the first and the last year an indicator has anything of."""
    names = (indicator, *_names(definition))
    rows = visible(Figure, viewer).filter(ended_at=None, indicator__in=names).order_by()
    years = {day.year for day in rows.values_list("last_on", flat=True).distinct()}
    years |= {one.period.last.year for name in names for one in indicators().published.get(name, ()) if one.period}
    years |= {one.year for one in targets}
    if any(one.counted for name in names if (one := indicators().latest(name))):
        years |= {timezone.localdate().year, timezone.localdate().year - 1}
    return (min(years), max(years)) if years else (2000, 2000)


def _periods(viewer: Viewer, reckoner: Reckoner, indicator: str, most: int) -> tuple[tuple[PeriodLine, ...], int]:
    """Return the periods that were reported on, the latest first, with what holds and what was replaced."""
    rows = visible(Figure, viewer).filter(indicator=indicator, place="").select_related("office")
    figures = list(rows.order_by("-last_on", "-first_on", "-entered_at")[: most * 4])
    people = names_of({one.author_id for one in figures})
    by_period: dict[Period, list[FigureLine]] = {}
    for figure in figures:
        office = speak(language(), figure.office.name_zh, figure.office.name_en)
        figure.value = plain(figure.value)
        line = FigureLine(figure, office, name_of(figure.author_id, people), plain(figure.given))
        by_period.setdefault(Period(figure.first_on, figure.last_on), []).append(line)
    published: dict[Period, list[Published]] = {}
    for one in indicators().published.get(indicator, ()):
        if one.period is not None and one.value is not None:
            published.setdefault(one.period, []).append(one)
    found = sorted({*by_period, *published}, key=lambda one: (one.last, one.first), reverse=True)
    lines = []
    for period in found[:most]:
        entered = by_period.get(period, [])
        holding = sorted((one for one in entered if one.figure.ended_at is None), key=lambda one: not one.figure.counts)
        past = tuple(one for one in entered if one.figure.ended_at is not None)
        told = tuple(published.get(period, ()))
        lines.append(PeriodLine(reckoner.value(indicator, period), tuple(holding), past, told))
    return tuple(lines), max(0, len(found) - most)
