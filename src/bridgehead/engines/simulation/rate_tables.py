"""Rates of arrival that stand in a table of their own, ``rate: {table: hourly.csv}``, put where they belong."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from typing import Any

from bridgehead.engines.simulation.noting import Notes, Path
from bridgehead.engines.simulation.quantities import quoted
from bridgehead.kernel.errors import BridgeheadError

Tables = Callable[[str], str]
"""Gives the text of the table of a name, or raises the error that says why not."""
COLUMNS = ("hour", "rate")
DAY = "day"
MOST_ROWS = 7 * 1440


def put_in(raw: object, tables: Tables | None, notes: Notes) -> object:
    """Return a description with the rates of its tables in it.

    A table is CSV with the columns ``hour`` and ``rate``, and ``day`` where days of the week differ. An hour is ``7``
    or ``07:00``, from which on the rate counts until the next one, or ``07:00-12:00``; a day is as in calendars.

    Parameters
    ----------
    raw : object
        The description as it was read; it is not changed.
    tables : callable, optional
        Where tables come from; without, each is a fault.
    notes : Notes
        Takes what is wrong, ``model.no_table``, ``model.table_columns`` and the faults of its rows.
    """
    sources = raw.get("sources") if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or not isinstance(sources, list):
        return raw
    made = [_source(one, tables, notes, ("sources", at)) for at, one in enumerate(sources)]
    return {**raw, "sources": made}


def _source(source: object, tables: Tables | None, notes: Notes, path: Path) -> object:
    rate = source.get("rate") if isinstance(source, dict) else None
    if not isinstance(source, dict) or not isinstance(rate, dict) or set(rate) != {"table"}:
        return source
    rates = _rates(rate["table"], tables, notes, (*path, "rate", "table"))
    # Where the table is at fault the source is read as one of no arrivals, and its other faults are found too.
    return {**source, "rate": 0 if rates is None else rates}


def _rates(name: object, tables: Tables | None, notes: Notes, path: Path) -> Mapping[str, Any] | None:
    try:
        if tables is None or not isinstance(name, str):
            raise BridgeheadError("model.no_table", {})
        text = tables(name)
    except BridgeheadError as error:
        reason = str(error.parameters.get("reason") or "")
    else:
        try:
            return _read(text, str(name), notes, path)
        except csv.Error as error:
            reason = str(error)
    notes.note(path, "model.no_table", name=quoted(name), **({"reason": reason} if reason else {}))
    return None


def _read(text: str, name: str, notes: Notes, path: Path) -> Mapping[str, Any] | None:
    rows = csv.DictReader(StringIO(text.removeprefix("\ufeff")), skipinitialspace=True)
    heads = [one.strip().lower() for one in rows.fieldnames or ()]
    if sorted(heads) not in (sorted(COLUMNS), sorted((*COLUMNS, DAY))):
        notes.note(path, "model.table_columns", name=name, given=heads or ["–"])
        return None
    rows.fieldnames = heads
    return _by_hour(rows, name, notes, path) if DAY not in heads else _by_day(rows, name, notes, path)


def _by_hour(rows: csv.DictReader[str], name: str, notes: Notes, path: Path) -> Mapping[str, Any] | None:
    found: dict[str, float] = {}
    sound = True
    for line, row in _numbered(rows):
        sound = _add(found, row, notes, (*path, f"{name}:{line}")) and sound
    return found if sound else None


def _by_day(rows: csv.DictReader[str], name: str, notes: Notes, path: Path) -> Mapping[str, Any] | None:
    found: dict[str, dict[str, float]] = {}
    sound = True
    for line, row in _numbered(rows):
        day = (row.get(DAY) or "").strip()
        sound = _add(found.setdefault(day, {}), row, notes, (*path, f"{name}:{line}")) and sound
    return found if sound else None


def _numbered(rows: csv.DictReader[str]) -> Iterator[tuple[int, dict[str, str]]]:
    for row in rows:
        if rows.line_num > MOST_ROWS:
            return
        yield rows.line_num, row


def _add(found: dict[str, float], row: Mapping[str, str], notes: Notes, path: Path) -> bool:
    """Add a row to the rates by hour, and say whether it is sound; what the hours mean is read with the description."""
    hour = (row.get("hour") or "").strip()
    hour = f"{int(hour):02d}:00" if hour.isascii() and hour.isdigit() and len(hour) <= 2 else hour
    if hour in found:
        notes.note(path, "model.named_twice", name=hour)
        return False
    try:
        found[hour] = float(row.get("rate") or "")
    except ValueError:
        notes.note(path, "model.not_number", value=quoted(row.get("rate") or ""))
        return False
    return True
