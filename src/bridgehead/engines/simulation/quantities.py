"""Numbers, times, hours of the clock and days of the week as a description writes them; all times become minutes."""

from __future__ import annotations

import math
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bridgehead.engines.simulation.model import MINUTES_A_DAY
from bridgehead.engines.simulation.noting import UnfitError
from bridgehead.kernel.schemas import nearest

MINUTES: Mapping[str, float] = {"s": 1 / 60, "min": 1.0, "h": 60.0, "d": MINUTES_A_DAY}
LONGEST_MIN = 1e9
"""Longest time that is read, some 1,900 years."""
LONGEST_TEXT = 500
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TIME = re.compile(r"([-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?)\s*(s|min|h|d)")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a description says once for all its parts.

    Parameters
    ----------
    unit : str
        Unit of bare numbers that are times: s, min, h or d.
    classes : frozenset of str
        Names of the classes, to tell them from distributions.
    start : date, optional
        Day of time 0.
    """

    unit: str = "min"
    classes: frozenset[str] = frozenset()
    start: date | None = None


def quoted(value: object) -> str:
    """Return a value as a fault quotes it."""
    try:
        return f"“{value}”" if isinstance(value, str) else str(value)[:LONGEST_TEXT]
    except ValueError:  # Python refuses to write out an integer of thousands of digits
        return "…"


def to_minutes(value: float, unit: str) -> float:
    """Return a time in minutes."""
    return value / 60 if unit == "s" else value * MINUTES[unit]


def number(value: object) -> float:
    """Return a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnfitError("model.not_number", value=quoted(value))
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise UnfitError("model.not_number", value=quoted(value))
    return found


def between(value: object, least: float, most: float) -> float:
    """Return a number inside limits, both included."""
    found = number(value)
    if not least <= found <= most:
        raise UnfitError("model.out_of_range", value=found, least=least, most=most)
    return found


def whole(value: object, least: int, most: int) -> int:
    """Return a whole number inside limits, both included."""
    found = number(value)
    if not found.is_integer():
        raise UnfitError("model.not_whole", value=quoted(value))
    if not least <= found <= most:
        raise UnfitError("model.out_of_range", value=found, least=least, most=most)
    return int(found)


def offset_min(value: object, setting: Setting) -> float:
    """Return a time that may be negative: a number in the unit of the description, or a text with its unit."""
    unit = setting.unit
    if isinstance(value, str):
        match = _TIME.fullmatch(value.strip())
        if match is None:
            raise UnfitError("model.not_time", value=quoted(value))
        value, unit = float(match[1]), match[2]
    found = to_minutes(number(value), unit)
    if abs(found) > LONGEST_MIN:
        raise UnfitError("model.out_of_range", value=found, least=0.0, most=LONGEST_MIN)
    return found


def time_min(value: object, setting: Setting) -> float:
    """Return a time that is not negative."""
    found = offset_min(value, setting)
    if found < 0:
        raise UnfitError("model.negative_time", value=quoted(value))
    return found


def moment_min(value: object, setting: Setting) -> float:
    """Return a time of the day written as hour and minute, or as any time from its beginning."""
    if isinstance(value, str) and ":" in value:
        return clock_min(value)
    return time_min(value, setting)


def clock_min(text: object) -> float:
    """Return the minutes from midnight to an hour of the clock such as ``07:30``; ``24:00`` is the end of the day."""
    match = _CLOCK.fullmatch(text.strip()) if isinstance(text, str) else None
    found = int(match[1]) * 60 + int(match[2]) if match else MINUTES_A_DAY + 1
    if found > MINUTES_A_DAY:
        raise UnfitError("model.not_clock", value=quoted(text))
    return float(found)


def days_of(text: str) -> tuple[int, ...]:
    """Return the days, Monday 0, that a word such as ``mon-fri`` or ``sat,sun`` names."""
    found: list[int] = []
    for part in text.lower().replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise UnfitError("model.not_days", value=quoted(text))
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found += [day % 7 for day in range(begin, end + 1 + (7 if end < begin else 0))]
    return tuple(found)


def are_days(texts: Any) -> bool:
    """Say whether texts are all meant as days of the week."""
    return bool(texts) and all(str(text).strip().lower()[:3] in DAYS for text in texts)


def day_of(value: object) -> date:
    """Return a date written as 2025-10-01."""
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise UnfitError("model.not_date", value=quoted(value))


def text(value: object) -> str:
    """Return a text that is not too long."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise UnfitError("model.not_text", value=quoted(value), most=LONGEST_TEXT)
    return value


def free_name(name: str, taken: Container[str]) -> str:
    """Return a name nobody has yet: itself, or with a number."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}#{number}"
    return free


def truth(value: object) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise UnfitError("model.not_truth", value=quoted(value))
    return value


def one_of(value: object, options: tuple[str, ...]) -> str:
    """Return one of some words."""
    if not isinstance(value, str) or value not in options:
        near = nearest(value, options) if isinstance(value, str) else ""
        told = {"near": near} if near else {}
        raise UnfitError("model.not_one_of", value=quoted(value), options=list(options), **told)
    return value


def mapping(value: object) -> dict[str, Any]:
    """Return a mapping of names."""
    if not isinstance(value, dict):
        raise UnfitError("model.not_mapping", value=quoted(value)[:80])
    return value


def listed(value: object) -> list[Any]:
    """Return a list."""
    if not isinstance(value, list):
        raise UnfitError("model.not_list", value=quoted(value)[:80])
    return value
