"""What is told of one value of an indicator: every report on it, and the value they come to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bridgehead.engines.indicators.formula import Missing
from bridgehead.ground import wording
from bridgehead.ground.language import language, speak
from bridgehead.kernel.periods import Period
from bridgehead.kernel.source import Qualifier, Standing
from bridgehead.rooms.ledger.figure_words import period_words
from bridgehead.rooms.ledger.indicators import indicators

ENTERED, PUBLISHED, COUNTED, FORMULA, SUM = "entered", "published", "counted", "formula", "sum"


@dataclass(frozen=True, slots=True)
class Report:
    """One figure for an indicator and a period: entered, published in the region's table, or counted by the ledger.

    ``by`` is who entered it, ``code`` the code of that organisation, ``figure`` its number; ``counts`` tells that the
    coordination office lets it count, for the reason ``why``.
    """

    value: Decimal
    standing: Standing
    qualifier: Qualifier
    source: str
    source_date: str
    note: str = ""
    by: str = ""
    code: str = ""
    figure: int | None = None
    counts: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The value of an indicator for a period, where it is from, and what else was reported.

    Attributes
    ----------
    indicator : str
        Which.
    period : Period
        When.
    unit : str
        The unit of the indicator.
    value : Decimal or None
        The value, None where there is none.
    how : str
        ``entered``, ``published``, ``counted`` by the ledger, ``formula`` or ``sum``; empty without a value.
    standing, qualifier, source, source_date, note
        Of the value; of a derived one the sources of its inputs.
    by : str
        Who reports it.
    inputs : tuple of (str, Period)
        What a derived value was reckoned from.
    missing : tuple of Missing
        What it would need, where there is no value.
    reports : tuple of Report
        Every report on the period, the one that is used first.
    """

    indicator: str
    period: Period
    unit: str
    value: Decimal | None = None
    how: str = ""
    standing: Standing | None = None
    qualifier: Qualifier = Qualifier.EXACT
    source: str = ""
    source_date: str = ""
    note: str = ""
    by: str = ""
    inputs: tuple[tuple[str, Period], ...] = ()
    missing: tuple[Missing, ...] = ()
    reports: tuple[Report, ...] = ()

    @property
    def when(self) -> str:
        """Its period in words."""
        return period_words(self.period)

    @property
    def derived_from(self) -> str:
        """What a derived value was reckoned from, in words; empty for one that was reported."""
        known = indicators()
        if not self.inputs:
            return ""
        names = {id: definition.name for id, _when in self.inputs if (definition := known.latest(id))}
        if set(names) == {self.indicator}:
            first, last = self.inputs[0][1], self.inputs[-1][1]
            return speak(language(), "由分期的数相加：", "added up from ") + f"{first} – {last}"
        said = [f"{names.get(id, id)} {when}" for id, when in self.inputs]
        return speak(language(), "由这些数算出：", "reckoned from ") + speak(language(), "、", ", ").join(said)

    @property
    def lacking(self) -> str:
        """What its value would need and did not get, in words."""
        known = indicators()
        names = [definition.name for one in self.missing if (definition := known.latest(one.series))]
        return speak(language(), "、", ", ").join(dict.fromkeys(names))

    @property
    def spread(self) -> Decimal:
        """How far apart the reports on the period are; zero where they agree."""
        values = [one.value for one in self.reports]
        return max(values) - min(values) if values else Decimal()

    @property
    def differs(self) -> bool:
        """Whether reports on the period contradict each other."""
        return bool(self.spread)

    @property
    def others(self) -> str:
        """The other values reported on the period and who reported them, in words; empty where all agree."""
        said = []
        for one in self.reports[1:]:
            if one.value != self.value:
                value, _unit = wording.spelt(one.value, self.unit, language())
                said.append(f"{value} ({one.by or one.source})")
        return speak(language(), "、", ", ").join(dict.fromkeys(said))
