"""The series an indicator of a kind can name, and what they come to over records.

A record counts for an indicator only where it has every field the indicator needs: a share of sums over different
records would say nothing. How many were left out is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from bridgehead.engines.programmes.kinds import NUMERIC, Kind, Type

ITEM, YES, REACHED = "item_", "yes_", "reached_"
YEAR_ITEMS = "year_items"
"""Items of the year indicators are computed for."""


def series_of(kind: Kind) -> dict[str, str]:
    """Return the series formulas of a kind may name, each with the field or stage behind it."""
    found = {"count": "", "items": "", YEAR_ITEMS: ""} | {f"{REACHED}{spelt(one.id)}": one.id for one in kind.stages}
    for fields, before in ((kind.fields, ""), (kind.item_fields, ITEM)):
        found |= {f"{before}{spelt(one.id)}": one.id for one in fields if one.type in NUMERIC}
        found |= {f"{before}{YES}{spelt(one.id)}": one.id for one in fields if one.type is Type.BOOLEAN}
    return found


def spelt(id: str) -> str:
    """Return an id as formulas write it: a hyphen would be a minus."""
    return id.replace("-", "_")


@dataclass(frozen=True, slots=True)
class Record:
    """One programme, as far as indicators need it: the stage it is in, its fields, those of its items, their days."""

    stage: str
    fields: Mapping[str, Any]
    items: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    days: Sequence[date] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Sums:
    """What the series came to.

    Parameters
    ----------
    values : mapping
        Series to value, None where no record has it.
    counted, left_out : int
        How many records were counted, and how many lack a field that is needed.
    """

    values: Mapping[str, Decimal | None]
    counted: int
    left_out: int


def sums(kind: Kind, names: Iterable[str], records: Iterable[Record], year: int) -> Sums:
    """Return what series come to in a year over the records that have every field needed."""
    known = series_of(kind)
    wanted = {name: known[name] for name in names}
    needed = [field for name, field in wanted.items() if _of(name) == "field"]
    totals: dict[str, Decimal | None] = dict.fromkeys(wanted)
    counted = left_out = 0
    for record in records:
        if any(one not in record.fields for one in needed):
            left_out += 1
            continue
        counted += 1
        for name, behind in wanted.items():
            value = _value(kind, name, behind, record, year)
            if value is not None:
                totals[name] = (totals[name] or Decimal()) + value
    if counted:
        totals = {
            name: value if value is not None or _of(name) == "item" else Decimal() for name, value in totals.items()
        }
    return Sums(totals, counted, left_out)


def _of(name: str) -> str:
    """Tell what a series is read from: ``count``, ``stage``, ``item`` or ``field``."""
    if name == "count":
        return "count"
    if name.startswith(REACHED):
        return "stage"
    return "item" if name in ("items", YEAR_ITEMS) or name.startswith(ITEM) else "field"


def _value(kind: Kind, name: str, behind: str, record: Record, year: int) -> Decimal | None:
    if name == "count":
        return Decimal(1)
    if name == "items":
        return Decimal(len(record.items))
    if name == YEAR_ITEMS:
        return Decimal(sum(one.year == year for one in record.days))
    if name.startswith(REACHED):
        return Decimal(kind.places.get(record.stage, -1) >= kind.places[behind])
    if name.startswith(ITEM):
        found = [_number(one[behind]) for one in record.items if behind in one]
        return sum(found, Decimal()) if found else None
    return _number(record.fields[behind])


def _number(value: Any) -> Decimal:
    return Decimal(int(value)) if isinstance(value, bool) else Decimal(str(value))
