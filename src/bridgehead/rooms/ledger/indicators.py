"""What the region's tables say of indicators: their definitions by date, published values, and targets of years.

A region without these tables has no indicators, and everything that reads them says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bridgehead.engines.indicators.formula import Formula
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.kernel.source import Qualifier, Standing, standing_of
from bridgehead.kernel.tables import Row
from bridgehead.kernel.units import convert
from bridgehead.regions.load import Region

FREQUENCIES = {
    "day": Frequency.DAY,
    "week": Frequency.DAY,
    "month": Frequency.MONTH,
    "quarter": Frequency.QUARTER,
    "half": Frequency.HALF,
    "year": Frequency.YEAR,
    "session": Frequency.HALF,
    "event": Frequency.DAY,
}
"""The shortest period a figure of an indicator may be for; weeks and events are reported with their days."""
_LATEST = "9999-12-31"
"""What is put behind a date that tells only a year or a month."""
_LENGTHS = (Frequency.DAY, Frequency.MONTH, Frequency.QUARTER, Frequency.HALF, Frequency.YEAR)


@dataclass(frozen=True)
class Definition:
    """How an indicator, or a series of a formula, is defined from a day on.

    ``is_input`` tells a series that only formulas use; ``due_wd`` is None where nobody asks for reports; ``counted``
    names what the ledger counts of its own records, so that nobody reports it.
    """

    id: str
    name_zh: str
    name_en: str
    unit: str
    frequency: str
    adds: bool
    body: str
    due_wd: int | None
    confidence: str
    source: str
    articles: tuple[int, ...] = ()
    direction: str = "info"
    band: tuple[float, float] | None = None
    five_type_zh: str = ""
    five_type_en: str = ""
    level: str = ""
    source_body: str = ""
    formula: Formula | None = None
    note_zh: str = ""
    note_en: str = ""
    defined_on: date | None = None
    valid_from: date = date.min
    is_input: bool = False
    counted: str = ""

    @property
    def name(self) -> str:
        """Its name in the language of the request."""
        return speak(language(), self.name_zh, self.name_en)

    @property
    def note(self) -> str:
        """How it is reckoned, in the language of the request."""
        return speak(language(), self.note_zh, self.note_en)

    @property
    def five_type(self) -> str:
        """The kind of port it belongs to, in the language of the request."""
        return speak(language(), self.five_type_zh, self.five_type_en)

    @property
    def least(self) -> Frequency:
        """The shortest period its figures are for."""
        return FREQUENCIES[self.frequency]

    def takes(self, period: Period) -> bool:
        """Tell whether a figure may be for a period: a whole one not shorter than it is reported by, or since January.

        A total since January ends where a period of its frequency ends.
        """
        length = period.frequency
        if length is not None:
            return _LENGTHS.index(length) >= _LENGTHS.index(self.least)
        ends = Period.of(self.least, period.last).last == period.last
        return period.first.month == 1 and period.first.day == 1 and ends


@dataclass(frozen=True)
class Published:
    """A value of the region's table; `value` is None where a source told something but no number."""

    indicator: str
    period: Period | None
    said: str
    value: Decimal | None
    qualifier: Qualifier
    note_zh: str
    note_en: str
    source: str
    source_date: str
    confidence: str

    @property
    def standing(self) -> Standing:
        """How the value came about."""
        return standing_of(self.confidence)

    def known_on(self, on: date) -> bool:
        """Tell whether it was published by a day; one whose source has no day, by the end of its period."""
        return _dated_by(self.source_date or (self.period.last.isoformat() if self.period else ""), on)

    @property
    def source_words(self) -> str:
        """Its source in the language of the request, as far as the region has it in that."""
        return current().region.translated(self.source, language())

    @property
    def note(self) -> str:
        """Remark in the language of the request."""
        return speak(language(), self.note_zh, self.note_en)


@dataclass(frozen=True)
class YearTarget:
    """What an indicator is to reach in a year, in its own unit."""

    indicator: str
    year: int
    goal: Decimal
    qualifier: Qualifier
    source: str
    source_date: str
    confidence: str

    @property
    def source_words(self) -> str:
        """Its source in the language of the request, as far as the region has it in that."""
        return current().region.translated(self.source, language())

    def known_on(self, on: date) -> bool:
        """Tell whether it was set by a day; one whose source has no day, by the beginning of its year."""
        return _dated_by(self.source_date or f"{self.year:04}-01-01", on)


def _dated_by(day: str, on: date) -> bool:
    """Tell whether a date, which may be a mere year or month, was over by a day."""
    return day + _LATEST[len(day) :] <= on.isoformat()


@dataclass(frozen=True)
class Indicators:
    """Everything the region's tables say of indicators.

    Attributes
    ----------
    history : mapping
        Id to its definitions, oldest first, of indicators in the order of the table and then of series.
    published : mapping
        Id to the values of the table.
    targets : tuple of YearTarget
        Targets in the order of the table.
    """

    history: Mapping[str, tuple[Definition, ...]] = field(default_factory=dict)
    published: Mapping[str, tuple[Published, ...]] = field(default_factory=dict)
    targets: tuple[YearTarget, ...] = ()

    def on(self, indicator: str, day: date) -> Definition | None:
        """Return the definition that holds on a day, the first one for a day before it; None for an unknown id."""
        found = self.history.get(indicator, ())
        return next((one for one in reversed(found) if one.valid_from <= day), found[0] if found else None)

    def latest(self, indicator: str) -> Definition | None:
        """Return the newest definition of an indicator."""
        found = self.history.get(indicator, ())
        return found[-1] if found else None

    def with_inputs(self, ids: Iterable[str]) -> set[str]:
        """Return indicators and everything their formulas name, in any of their definitions."""
        found: set[str] = set()
        waiting = [id for id in ids if id in self.history]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                formulas = [definition.formula for definition in self.history[one] if definition.formula]
                waiting += [name for formula in formulas for name in formula.series if name in self.history]
        return found

    @property
    def listed(self) -> tuple[Definition, ...]:
        """The newest definition of each indicator that is more than an input of formulas, in the order of the table."""
        return tuple(found[-1] for found in self.history.values() if not found[-1].is_input)


def indicators() -> Indicators:
    """Return what the region of this process says of indicators."""
    found: Indicators = current().remember("ledger.indicators", lambda: read_indicators(current().region))
    return found


def read_indicators(region: Region) -> Indicators:
    """Return what a region says of indicators; it passed its checks, so every cell can be relied on."""
    history: dict[str, list[Definition]] = {}
    for row in region.rows("indicators"):
        history.setdefault(row.text("id"), []).append(_definition(row))
    for row in region.rows("series"):
        history.setdefault(row.text("id"), []).append(_series(row))
    ordered = {id: tuple(sorted(found, key=lambda one: one.valid_from)) for id, found in history.items()}
    published: dict[str, list[Published]] = {}
    for row in region.rows("indicator_values"):
        published.setdefault(row.text("indicator"), []).append(_published(row, ordered[row.text("indicator")][-1].unit))
    targets = tuple(_target(row, ordered[row.text("indicator")][-1].unit) for row in region.rows("indicator_targets"))
    return Indicators(ordered, {id: tuple(found) for id, found in published.items()}, targets)


def indicator_of(indicator: str) -> Definition:
    """Return the newest definition of an indicator or series.

    Raises
    ------
    BridgeheadError
        ``figure.unknown_indicator``.
    """
    found = indicators().latest(indicator)
    if found is None:
        raise BridgeheadError("figure.unknown_indicator", {"indicator": indicator}, Place(field="indicator"))
    return found


def _definition(row: Row) -> Definition:
    low, high, due, articles = row["band_low"], row["band_high"], row["due_wd"], row["articles"]
    return Definition(
        *(row.text(name) for name in ("id", "name_zh", "name_en", "unit", "frequency")),
        adds=bool(row["adds"]),
        body=row.text("body"),
        due_wd=due if isinstance(due, int) else None,
        confidence=row.text("confidence"),
        source=row.text("source"),
        articles=tuple(int(one) for one in articles) if isinstance(articles, tuple) else (),
        direction=row.text("direction"),
        band=(low, high) if isinstance(low, float) and isinstance(high, float) else None,
        five_type_zh=row.text("five_type_zh"),
        five_type_en=row.text("five_type_en"),
        level=row.text("level"),
        source_body=row.text("source_body"),
        formula=Formula(row.text("formula")) if row.text("formula") else None,
        note_zh=row.text("formula_note_zh"),
        note_en=row.text("formula_note_en"),
        defined_on=date.fromisoformat(row.text("defined_on")) if row.text("defined_on") else None,
        valid_from=date.fromisoformat(row.text("valid_from")),
    )


def _series(row: Row) -> Definition:
    due = row["due_wd"]
    return Definition(
        *(row.text(name) for name in ("id", "name_zh", "name_en", "unit", "frequency")),
        adds=bool(row["adds"]),
        body=row.text("body"),
        due_wd=due if isinstance(due, int) else None,
        confidence=row.text("confidence"),
        source=row.text("source"),
        is_input=True,
        counted=row.text("counted"),
    )


def _published(row: Row, unit: str) -> Published:
    value = row["value"]
    return Published(
        row.text("indicator"),
        Period.read(row.text("period")) if row.text("period") else None,
        row.text("period_said"),
        convert(value, row.text("unit"), unit) if isinstance(value, Decimal) else None,
        Qualifier(row.text("qualifier")),
        *(row.text(name) for name in ("note_zh", "note_en", "source", "source_date", "confidence")),
    )


def _target(row: Row, unit: str) -> YearTarget:
    return YearTarget(
        row.text("indicator"),
        int(row.text("year")),
        convert(Decimal(row.text("goal")), row.text("unit"), unit),
        Qualifier(row.text("qualifier")),
        *(row.text(name) for name in ("source", "source_date", "confidence")),
    )
