"""Values of indicators: what was entered, else what the region's table has, else what a formula or a sum gives.

Whatever is asked for at once is read at once: a `Reckoner` loads the figures of some indicators and years in one query
and reckons from them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils import timezone

from bridgehead.engines.indicators.formula import Missing
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.kernel.source import Qualifier, Standing
from bridgehead.rooms.ledger.figure_words import plain
from bridgehead.rooms.ledger.indicators import Definition, Indicators, indicator_of, indicators
from bridgehead.rooms.ledger.models import Figure
from bridgehead.rooms.ledger.selectors.as_of import held_on, said_on
from bridgehead.rooms.ledger.selectors.figures_counted import counted
from bridgehead.rooms.ledger.selectors.figures_told import COUNTED, ENTERED, FORMULA, PUBLISHED, SUM, Reckoned, Report
from bridgehead.rooms.ledger.who import sees_every_body

Span = tuple[date, date]
Row = tuple[Any, ...]
"""A figure in the columns it was read in."""

_PARTS = (Frequency.HALF, Frequency.QUARTER, Frequency.MONTH)
MONTHS = 12


@dataclass(slots=True)
class Reckoner:
    """What is known of some indicators in some years, for one place.

    Attributes
    ----------
    known : Indicators
        The definitions, published values and targets of the region.
    entered : mapping
        Rows of figures by indicator and first and last day; they become reports when somebody asks for them.
    place : str
        The place they speak of, empty for the whole region.
    wholly : bool
        Whether the reader sees the figures of every public body, so that what is not found was not reported.
    """

    known: Indicators
    entered: Mapping[str, Mapping[Span, list[Row]]] = field(default_factory=dict)
    place: str = ""
    wholly: bool = True
    _done: dict[tuple[str, Period], Reckoned] = field(default_factory=dict)
    _running: dict[tuple[str, int, date], dict[int, Reckoned]] = field(default_factory=dict)
    _reported: dict[str, bool] = field(default_factory=dict)
    _published: dict[str, dict[Span, list[Report]]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        viewer: Viewer,
        ids: Iterable[str],
        years: Iterable[int],
        place: str = "",
        ends: Mapping[str, Collection[date]] | None = None,
        *,
        known_on: date | None = None,
    ) -> Reckoner:
        """Return what somebody may see of some indicators, of the inputs of their formulas, and of some years.

        Parameters
        ----------
        viewer : Viewer
            Who reads.
        ids : iterable of str
            Which indicators and series.
        years : iterable of int
            Which years; those before them are read, too, where a formula looks back.
        place : str
            The place they speak of, empty for the whole region.
        ends : mapping, optional
            Only periods that end on one of these days, by indicator and series.
        known_on : date, optional
            A past day: only what was entered or published by then, and had not been replaced or withdrawn; today
            without one.
        """
        today = timezone.localdate()
        by = min(known_on or today, today)
        known = indicators()
        wanted = known.with_inputs(ids)
        found: dict[str, dict[Span, list[Row]]] = {}
        if wanted and (when := _days(known, wanted, set(years), ends)):
            rows = visible(Figure, viewer).filter(when, held_on(by), place=place, indicator__in=sorted(wanted))
            for row in rows.order_by("-entered_at").values_list(*_COLUMNS):
                found.setdefault(row[0], {}).setdefault((row[1], row[2]), []).append(row)
        reckoner = cls(known, found, place, wholly=sees_every_body(viewer))
        if not place:
            reckoner._publish(wanted, by if by < today else None)
            series = {id: one.counted for id in wanted if (one := known.latest(id)) and one.counted}
            if series and reckoner.wholly:
                for id, span, report in counted(viewer, series, years, by):
                    reckoner._published.setdefault(id, {}).setdefault(span, []).append(report)
        if by < today:
            reckoner._choose_as_on(by)
        return reckoner

    def _publish(self, wanted: Collection[str], known_on: date | None) -> None:
        """Take in what the region's table has of some indicators, as far as it was published by a past day."""
        for id in wanted:
            for one in self.known.published.get(id, ()):
                if one.period is not None and one.value is not None and (known_on is None or one.known_on(known_on)):
                    told = (one.value, one.standing, one.qualifier, one.source_words, one.source_date, one.note)
                    there = self._published.setdefault(id, {})
                    there.setdefault((one.period.first, one.period.last), []).append(Report(*told))

    def _choose_as_on(self, day: date) -> None:
        """Let that report of several count that counted on a past day: what was chosen later was not known then."""
        several = [
            (id, span)
            for id, spans in self.entered.items()
            for span, rows in spans.items()
            if len(rows) + len(self._published.get(id, {}).get(span, ())) > 1
        ]
        if not several:
            return
        said = said_on(Figure.RECORD, [row[_PK] for id, span in several for row in self.entered[id][span]], day)
        for id, span in several:
            rows = self.entered[id][span]
            for at, row in enumerate(rows):
                then = said.get(str(row[_PK]), {})
                rows[at] = (
                    *row[:_COUNTS],
                    then.get("counts", False),
                    then.get("why", ""),
                    *row[_WHY + 1 :],
                )

    def reports(self, indicator: str, period: Period) -> tuple[Report, ...]:
        """Return every report on a period: the one that is used first.

        That is the one that counts, else one of the body the indicator names, else the first published, else the one
        another body entered last.
        """
        span = (period.first, period.last)
        entered = [_report(row) for row in self.entered.get(indicator, {}).get(span, ())]
        told = [*self._published.get(indicator, {}).get(span, ()), *entered]
        if entered and len(told) > 1:
            definition = self.known.on(indicator, period.last)
            body = definition.body if definition else ""
            told.sort(key=lambda one: (not one.counts, not body or one.code != body))
        return tuple(told)

    def periods(self, indicator: str) -> set[Period]:
        """Return the periods of an indicator that were reported on."""
        return {Period(*span) for of in (self.entered, self._published) for span in of.get(indicator, ())}

    def reported(self, indicator: str) -> bool:
        """Tell whether anything was reported on an indicator, or on a series of its formulas, in any period."""
        if indicator not in self._reported:
            series = self.known.with_inputs([indicator])
            self._reported[indicator] = any(self.entered.get(one) or self._published.get(one) for one in series)
        return self._reported[indicator]

    def value(self, indicator: str, period: Period) -> Reckoned:
        """Return the value of an indicator for a period."""
        key = (indicator, period)
        if key not in self._done:
            self._done[key] = self._value(indicator, period)
        return self._done[key]

    def _value(self, indicator: str, period: Period) -> Reckoned:
        definition = self.known.on(indicator, period.last)
        if definition is None:
            return Reckoned(indicator, period, "", missing=(Missing(indicator, period),))
        if reports := self.reports(indicator, period):
            used = reports[0]
            how = ENTERED if used.figure is not None else COUNTED if definition.counted else PUBLISHED
            told = (used.standing, used.qualifier, used.source, used.source_date, used.note, used.by)
            return Reckoned(indicator, period, definition.unit, used.value, how, *told, reports=reports)
        missing: tuple[Missing, ...] = (Missing(indicator, period),)
        if definition.formula is not None:
            seen: dict[tuple[str, Period], Reckoned] = {}

            def lookup(series: str, when: Period) -> Decimal | None:
                seen[(series, when)] = found = self.value(series, when)
                return found.value

            outcome = definition.formula.value(lookup, period)
            if outcome.value is not None:
                return self._derived(definition, period, outcome.value, FORMULA, list(seen.values()))
            missing = outcome.missing
        return self._sum(definition, period) or Reckoned(indicator, period, definition.unit, missing=missing)

    def _sum(self, definition: Definition, period: Period) -> Reckoned | None:
        """Return the sum of the parts of a period, where there are all of them and they add up."""
        if not definition.adds or not self._told_within(definition, period):
            return None
        for length in _PARTS:
            parts = tuple(period.parts(length))
            if len(parts) < 2 or parts[0].first != period.first or parts[-1].last != period.last:
                continue
            found = [self.value(definition.id, part) for part in parts]
            values = [one.value for one in found if one.value is not None]
            if len(values) == len(parts):
                return self._derived(definition, period, sum(values, Decimal()), SUM, found)
        return None

    def _told_within(self, definition: Definition, period: Period) -> bool:
        """Tell whether there can be parts of a period: of what no formula gives, only where some were reported."""
        spans = (self.entered.get(definition.id, ()), self._published.get(definition.id, ()))
        return definition.formula is not None or any(
            period.first <= first and last <= period.last for of in spans for first, last in of
        )

    def _derived(
        self, definition: Definition, period: Period, value: Decimal, how: str, inputs: list[Reckoned]
    ) -> Reckoned:
        sources = tuple(dict.fromkeys(one.source for one in inputs if one.source))
        exact = all(one.qualifier is Qualifier.EXACT for one in inputs)
        return Reckoned(
            definition.id,
            period,
            definition.unit,
            value,
            how,
            Standing.DERIVED,
            Qualifier.EXACT if exact else Qualifier.ABOUT,
            " | ".join(sources),
            max((one.source_date for one in inputs), default=""),
            inputs=tuple((one.indicator, one.period) for one in inputs),
        )

    # Within a year

    def to_date(self, indicator: str, year: int, on: date) -> Reckoned | None:
        """Return what a year has brought by the last month that ended by a day and can be told; None without any.

        Of an indicator whose values do not add up it is the last value of the year.
        """
        definition = self.known.on(indicator, date(year, 12, 31))
        if definition is None or not self.reported(indicator):
            return None
        if definition.adds:
            found = self.running(indicator, year, on)
            return found[max(found)] if found else None
        ends = [one.last for one in Period.read(f"{year:04}").parts(Frequency.MONTH) if one.last <= on]
        asked = {Period(date(year, 1, 1), last) for last in ends}
        asked |= {one for length in _PARTS for one in Period.read(f"{year:04}").parts(length) if one.last <= on}
        asked |= {one for one in self.periods(indicator) if one.first.year == year and one.last <= on}
        for period in sorted(asked, key=lambda one: (one.last, one.first), reverse=True):
            found_value = self.value(indicator, period)
            if found_value.value is not None:
                return found_value
        return None

    def running(self, indicator: str, year: int, on: date) -> dict[int, Reckoned]:
        """Return the total since January by the end of each month that can be told, of months that ended by a day."""
        key = (indicator, year, on)
        if key not in self._running:
            self._running[key] = self._totals(indicator, year, on)
        return self._running[key]

    def _totals(self, indicator: str, year: int, on: date) -> dict[int, Reckoned]:
        found: dict[int, Reckoned] = {}
        definition = self.known.on(indicator, date(year, 12, 31))
        for month, one in enumerate(Period.read(f"{year:04}").parts(Frequency.MONTH), start=1):
            if one.last > on or definition is None:
                break
            whole = self.value(indicator, Period(date(year, 1, 1), one.last))
            if whole.value is not None:
                found[month] = whole
                continue
            for length, months in ((Frequency.HALF, 6), (Frequency.QUARTER, 3), (Frequency.MONTH, 1)):
                last = Period.of(length, one.last)
                before = found.get(month - months)
                if last.last != one.last or before is None or before.value is None:
                    continue
                more = self.value(indicator, last)
                if more.value is not None:
                    total = before.value + more.value
                    found[month] = self._derived(definition, whole.period, total, SUM, [before, more])
                    break
        return found

    def by_part(self, indicator: str, year: int, length: Frequency) -> list[Decimal | None]:
        """Return what each month, quarter or half of a year brought: as told, or the difference of two totals."""
        totals = self.running(indicator, year, date(year, 12, 31))
        found: list[Decimal | None] = []
        for one in Period.read(f"{year:04}").parts(length):
            value, begins = self.value(indicator, one).value, one.first.month - 1
            if value is None and one.last.month in totals and (not begins or begins in totals):
                now, before = totals[one.last.month].value, totals[begins].value if begins else Decimal()
                value = now - before if now is not None and before is not None else None
            found.append(value)
        return found


def value_of(viewer: Viewer, indicator: str, period: Period, place: str = "") -> Reckoned:
    """Return the value of one indicator for a period.

    Raises
    ------
    BridgeheadError
        ``figure.unknown_indicator``.

    Articles: 79, 81
    """
    indicator_of(indicator)
    return Reckoner.of(viewer, [indicator], [period.last.year], place).value(indicator, period)


_COLUMNS = (
    *("indicator", "first_on", "last_on", "pk", "value", "standing", "source", "source_on", "note", "counts", "why"),
    *("office__code", "office__name_zh", "office__name_en"),
)
_PK, _COUNTS, _WHY = (_COLUMNS.index(name) for name in ("pk", "counts", "why"))


def _report(row: Row) -> Report:
    _, _, _, figure, value, standing, source, source_on, note, counts, why, code, zh, en = row
    by, day = speak(language(), zh, en), str(source_on or "")
    told = (Standing(standing), Qualifier.EXACT, source, day, note, by, code, figure, counts, why)
    return Report(plain(value), *told)


def _days(
    known: Indicators, wanted: Collection[str], years: set[int], ends: Mapping[str, Collection[date]] | None
) -> Q:
    """Return the filter for the periods that are needed: of some years or days, and a year before for formulas."""
    formulas = [one.formula.text for id in wanted for one in known.history[id] if one.formula is not None]
    back = any(word in text for text in formulas for word in ("growth(", "before("))
    found = Q()
    if ends is not None:
        together: dict[frozenset[date], list[str]] = {}
        for id, days in ends.items():
            before = (Period(one, one).year_before.last for one in days if back)
            together.setdefault(frozenset((*days, *before)), []).append(id)
        for each, ids in together.items():
            found |= Q(indicator__in=ids, last_on__in=each)
        return found
    needed = sorted(years | {year - 1 for year in years if back})
    for _, run in groupby(enumerate(needed), lambda pair: pair[1] - pair[0]):
        row = [year for _, year in run]
        found |= Q(last_on__range=(date(row[0], 1, 1), date(row[-1], 12, 31)))
    return found
