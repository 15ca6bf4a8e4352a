"""Cells of an event log as arrays: the columns of a CSV text, times in minutes, names as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from bridgehead.kernel.errors import Fault, Place
from bridgehead.kernel.tables import MOST_FAULTS_PER_TABLE, split_records

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

NEEDED = ("unit", "activity", "start", "end")
OPTIONAL = ("resource", "class")
OTHER_SEPARATORS = (";", "\t", "|", "，", "；")
MINUTES_A_DAY = 1440.0
_TIME_FORMS = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d")
_EPOCH = date(1970, 1, 1)


class Notes:
    """What is wrong with one log; of very many faults only the first of each kind are listed."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Fault] = []
        self.left_out = 0

    def note(self, code: str, row: int | None = None, column: str | None = None, /, **parameters: object) -> None:
        """Note a fault, or only count it when there are too many already."""
        self._keep(Fault(code, parameters, Place(self.file, row, column)))

    def warn(self, code: str, row: int | None = None, column: str | None = None, /, **parameters: object) -> None:
        """Note what looks wrong and does not keep the log from being used."""
        self._keep(Fault(code, parameters, Place(self.file, row, column), "warning"))

    def _keep(self, fault: Fault) -> None:
        if len(self.found) >= MOST_FAULTS_PER_TABLE:
            self.left_out += 1
        else:
            self.found.append(fault)

    def room(self, count: int) -> int:
        """Return how many of so many faults are still to be listed; the others are counted."""
        listed = min(count, MOST_FAULTS_PER_TABLE - len(self.found))
        self.left_out += count - listed
        return listed

    def listed(self) -> tuple[Fault, ...]:
        """Return the faults in the order of their rows."""
        ordered = sorted(self.found, key=lambda fault: fault.place.row or 0)
        if self.left_out:
            ordered.append(Fault("table.more_faults", {"file": self.file, "count": self.left_out}, Place(self.file)))
        return tuple(ordered)


@dataclass(frozen=True, slots=True)
class Cells:
    """The columns of a log as they are written, without blanks around them, and the row of each line."""

    columns: dict[str, list[str]] = field(default_factory=dict)
    rows: Int64 = field(default_factory=lambda: np.empty(0, np.int64))


def split(text: str, notes: Notes, most_rows: int) -> Cells | None:
    """Return the columns of a log, None where they cannot be told apart.

    Plain text is split by polars, within a second for a million rows; text with quotation marks, blank lines or rows
    of unequal length goes through the reader of the kernel, which names what is wrong.
    """
    text = text.removeprefix("\ufeff")
    names = [name.strip().strip('"').strip() for name in text.partition("\n")[0].rstrip("\r").split(",")]
    if not text.strip():
        notes.note("table.empty_file", None, file=notes.file)
        return None
    if len(names) == 1 and (mark := next((mark for mark in OTHER_SEPARATORS if mark in names[0]), "")):
        notes.note("table.wrong_separator", 1, file=notes.file, separator="Tab" if mark == "\t" else mark)
        return None
    if not _header_is_good(names, notes):
        return None
    count = text.count("\n") + (not text.endswith("\n"))
    if count - 1 > most_rows:
        notes.note("event_log.too_many_rows", None, file=notes.file, found=count - 1, limit=most_rows)
        return None
    if _is_plain(text, len(names), count) and (quick := _split_plain(text, names)) is not None:
        return quick
    return _split_with_care(text, names, notes)


def _header_is_good(names: Sequence[str], notes: Notes) -> bool:
    good = True
    for name in (*NEEDED, *OPTIONAL):
        if name in NEEDED and name not in names:
            notes.note("table.missing_column", 1, name)
            good = False
        elif names.count(name) > 1:
            notes.note("table.duplicate_column", 1, name)
            good = False
    return good


def _is_plain(text: str, width: int, lines: int) -> bool:
    blank = "\n\n" in text or "\r\n\r\n" in text or text.startswith(("\n", "\r"))
    return '"' not in text and not blank and text.count(",") == (width - 1) * lines and width > 1


def _split_plain(text: str, names: Sequence[str]) -> Cells | None:
    pl = _polars()
    from polars.exceptions import PolarsError

    try:
        frame = pl.read_csv(
            text.encode(),
            has_header=False,
            skip_rows=1,
            infer_schema=False,
            quote_char=None,
        )
    except PolarsError:
        return None
    columns = {
        name: frame.to_series(names.index(name)).fill_null("").str.strip_chars().to_list()
        for name in (*NEEDED, *OPTIONAL)
        if name in names
    }
    return Cells(columns, np.arange(2, 2 + frame.height, dtype=np.int64))


def _split_with_care(text: str, names: Sequence[str], notes: Notes) -> Cells:
    records, faults = split_records(text, ",", notes.file)
    notes.found.extend(faults)
    columns: dict[str, list[str]] = {name: [] for name in (*NEEDED, *OPTIONAL) if name in names}
    places = {name: names.index(name) for name in columns}
    rows = []
    for line, cells in records[1:]:
        if len(cells) != len(names) and any(cells[len(names) :] or names[len(cells) :]):
            notes.note("table.ragged_row", line, found=len(cells), expected=len(names))
            continue
        rows.append(line)
        for name, place in places.items():
            columns[name].append(cells[place].strip() if place < len(cells) else "")
    return Cells(columns, np.array(rows, dtype=np.int64))


def numbered(texts: Sequence[str]) -> tuple[Int64, tuple[str, ...]]:
    """Return names as numbers in order of appearance, and the names."""
    known: dict[str, int] = {}
    codes = np.fromiter((known.setdefault(text, len(known)) for text in texts), np.int64, len(texts))
    return codes, tuple(known)


@dataclass(frozen=True, slots=True)
class Times:
    """Two columns of times in minutes after midnight of the first day; NaN where there is none or none to be read."""

    start_min: Float64
    end_min: Float64
    first_day: date | None


def read_times(cells: Cells, notes: Notes) -> Times:
    """Return starts and ends, and note what cannot be read, is negative or of another kind than the rest."""
    series = [_polars().Series(cells.columns[name], dtype=_polars().String) for name in ("start", "end")]
    numbers = [found.cast(_polars().Float64, strict=False).fill_null(np.nan).to_numpy().copy() for found in series]
    # What looks like a number and is none to be had (infinite, too long) is unreadable, not a date.
    filled = [np.array(found.str.len_chars().to_numpy() > 0) for found in series]
    numeric = [np.isfinite(found) for found in numbers]
    dated = [_minutes_since_epoch(found) for found in series]
    counts = sum(int(found.sum()) for found in numeric), sum(int(np.isfinite(found).sum()) for found in dated)
    by_clock = counts[1] > counts[0]
    if min(counts) > 0:
        other = np.flatnonzero(np.any(numeric if by_clock else [np.isfinite(found) for found in dated], axis=0))
        kinds = ("min", "ISO 8601")
        notes.note(
            "event_log.mixed_times", int(cells.rows[other[0]]), None, count=min(counts), kind=kinds[not by_clock]
        )
    chosen = dated if by_clock else numbers
    for name, values, written, number, day in zip(("start", "end"), chosen, filled, numeric, dated, strict=True):
        unread = written & ~number & ~np.isfinite(day)
        _note_unread(cells, name, unread, notes)
        values[~np.isfinite(values)] = np.nan
    if by_clock:
        return _from_first_day(chosen[0], chosen[1])
    for name, values in zip(("start", "end"), chosen, strict=True):
        for i in first_of(values < 0.0, notes):
            notes.note("event_log.negative_time", int(cells.rows[i]), name, value=cells.columns[name][i])
    return Times(chosen[0], chosen[1], None)


def _note_unread(cells: Cells, name: str, unread: Bool, notes: Notes) -> None:
    for i in first_of(unread, notes):
        notes.note("event_log.bad_time", int(cells.rows[i]), name, value=cells.columns[name][i])


def first_of(wrong: Bool, notes: Notes) -> list[int]:
    """Return the first places where something is wrong, as many as are still listed."""
    found = np.flatnonzero(wrong)
    return [int(i) for i in found[: notes.room(found.size)]]


def _from_first_day(start: Float64, end: Float64) -> Times:
    known = start[np.isfinite(start)]
    first = np.floor(known.min() / MINUTES_A_DAY) if known.size else 0.0
    shift = first * MINUTES_A_DAY
    return Times(start - shift, end - shift, _EPOCH + timedelta(days=int(first)))


def _minutes_since_epoch(texts: Any) -> Float64:
    """Return times of the clock in minutes since 1970, NaN for what is none."""
    pl = _polars()
    even = texts.str.replace_all("/", "-", literal=True).str.replace(" ", "T", literal=True)
    found = np.full(len(texts), np.nan)
    for form in _TIME_FORMS:
        left = np.flatnonzero(np.isnan(found))
        if left.size == 0:
            break
        kind = pl.Date if form == _TIME_FORMS[-1] else pl.Datetime("ms")
        read = even[left].str.strptime(kind, form, strict=False).cast(pl.Datetime("ms")).cast(pl.Int64)
        values = read.cast(pl.Float64).fill_null(np.nan).to_numpy()
        found[left] = values / 60_000.0
    return found


def _polars() -> Any:
    import polars

    return polars
