"""Units of time a case may be in; a unit that is none of ours needs no length, since all answers are in it too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridgehead.engines.simulation.case_spelling import words
from bridgehead.engines.simulation.description import UNITS

_SAME: Mapping[str, tuple[str, ...]] = {
    "s": ("sec", "secs", "second", "seconds"),
    "min": ("mins", "minute", "minutes", "m"),
    "h": ("hr", "hrs", "hour", "hours"),
    "d": ("day", "days"),
}
UNIT_OF = {other: unit for unit, others in _SAME.items() for other in (unit, *others)}
"""Words for a unit of time, in small letters, to the unit."""
_OTHER = frozenset({"week", "weeks", "month", "months", "year", "years", "ms", "unit", "units", "time_unit", "1"})
"""Units in which a case may reckon without our knowing how long they are."""


@dataclass(frozen=True, slots=True)
class TimeUnit:
    """A unit of time: that times are read in, and what the model's reader is told, which refuses what is none."""

    word: str
    told: object


def unit_of(told: object) -> TimeUnit:
    """Return the unit a case means; none is the minute."""
    word = words(told) if isinstance(told, str) else None
    if told is None or word in _OTHER:
        return TimeUnit("min", "min")
    unit = UNIT_OF.get(word) if word is not None else None
    assert unit is None or unit in UNITS
    return TimeUnit(unit, unit) if unit else TimeUnit("min", told)
