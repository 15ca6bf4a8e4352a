"""Opening hours as a case writes them: what passes the end of the cycle goes on at its beginning, in any cycle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridgehead.engines.simulation.case_spelling import is_off, respelled, words
from bridgehead.engines.simulation.model import MINUTES_A_DAY
from bridgehead.engines.simulation.noting import Path
from bridgehead.engines.simulation.quantities import LONGEST_MIN, MINUTES

_OTHER_WORDS: Mapping[str, tuple[str, ...]] = {
    "open": ("hours", "intervals", "opening"),
    "period": ("cycle",),
    "at_close": ("on_close", "at_closing"),
}
_AT_CLOSE: Mapping[str, tuple[str, ...]] = {
    "finish": ("complete", "finish_service", "finish_current", "non_preemptive"),
    "pause": ("preempt", "preemptive", "preemptive_resume", "interrupt", "suspend", "resume", "stop"),
}
_ENDS = (("from", "to"), ("start", "end"), ("open", "close"))


def no_hours(value: object) -> bool:
    """Say whether a station is always open."""
    return is_off(value) or (isinstance(value, str) and words(value) in ("always", "always_open", "24_7"))


def hours(value: object, unit: object) -> tuple[dict[str, Any], dict[Path, Path]]:
    """Return a calendar in the words of the format, and where its parts stand in the case.

    `unit` is the unit of time of the case.
    """
    told, written = respelled(value if isinstance(value, dict) else {"open": value}, _OTHER_WORDS)
    origins: dict[Path, Path] = {(name,): (other,) for name, other in written.items() if name != other}
    if isinstance(told.get("at_close"), str):
        word = words(told["at_close"])
        told["at_close"] = next((name for name, others in _AT_CLOSE.items() if word in others), told["at_close"])
    given = told.get("open")
    if not isinstance(given, list):
        return told, origins
    day = MINUTES_A_DAY / MINUTES.get(str(unit), 1.0)
    period = told.get("period") if told.get("period") is not None else day
    one = _pair(given)
    entries = [given] if one else given
    found: list[Any] = []
    for index, entry in enumerate(entries):
        for piece in _pieces(entry, period):
            origins["open", len(found)] = (written.get("open", "open"), *(() if one else (index,)))
            found.append(piece)
    told["open"] = found
    return told, origins


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LONGEST_MIN


def _pair(value: object) -> list[Any] | None:
    """Return begin and end if a value is two numbers."""
    if isinstance(value, dict):
        value = next(([value[a], value[b]] for a, b in _ENDS if set(value) == {a, b}), None)
    return value if isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)) else None


def _pieces(entry: object, period: object) -> list[object]:
    """Return an interval as it lies in the cycle, in two pieces if it passes its end; what is none stays as it is."""
    pair = _pair(entry)
    if pair is None or not isinstance(period, int | float):
        return [entry]
    start, end = pair
    if not 0 <= start < period:
        return [pair]
    if end < start:
        end += period
    if end <= period or end - start > period:
        return [[start, end] if end <= period else pair]
    return [[start, period], [0, end - period]]
