"""Cells of a file as arrays, and the faults that keep them from it, all at once and each with its row."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.tables import MOST_FAULTS_PER_TABLE

Float64 = npt.NDArray[np.float64]
Int64 = npt.NDArray[np.int64]

LARGEST_INTEGER = 1e15
"""Whole numbers below it are written without a decimal point."""

NO_INTEGER = int(np.iinfo(np.int64).min)
"""Stands where a cell is no whole number, which is a fault already."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?:inf|infinity|nan)", re.IGNORECASE)


class Faults:
    """What is wrong with one file, noted on the way and raised together."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Fault] = []
        self.left_out = 0

    def note(self, code: str, row: int | None = None, column: str | None = None, /, **parameters: object) -> None:
        """Note a fault, or only count it when there are too many already."""
        self.keep(Fault(code, parameters, Place(self.file, row, column)))

    def keep(self, fault: Fault) -> None:
        """Note a fault that is one already."""
        if len(self.found) >= MOST_FAULTS_PER_TABLE:
            self.left_out += 1
        else:
            self.found.append(fault)

    def listed(self) -> list[Fault]:
        """Return the faults in the order of their rows."""
        ordered = sorted(self.found, key=lambda fault: fault.place.row or 0)
        if self.left_out:
            ordered.append(Fault("table.more_faults", {"file": self.file, "count": self.left_out}, Place(self.file)))
        return ordered

    def stop(self) -> None:
        """Raise what was noted.

        Raises
        ------
        BridgeheadError
            If anything was.
        """
        stop((self,))


def stop(several: Sequence[Faults]) -> None:
    """Raise what was noted about several files.

    Raises
    ------
    BridgeheadError
        If anything was.
    """
    found = [fault for faults in several for fault in faults.listed()]
    if found:
        raise BridgeheadError.of(found)


def floats(
    texts: Sequence[str],
    rows: Sequence[int],
    column: str | None,
    faults: Faults,
    *,
    least: float | None = None,
    **about: object,
) -> Float64:
    """Return cells as numbers and note what is not one, not finite or less than `least`.

    Parameters
    ----------
    texts : sequence of str
        The cells.
    rows : sequence of int
        Their rows in the file.
    column : str or None
        Name of the column.
    faults : Faults
        Where to note what is wrong; such a cell becomes NaN.
    least : float, optional
        The smallest number allowed.
    **about
        What else the sentence on a number that is too small needs.
    """
    values = _parsed(texts, rows, column, faults)
    wrong = ~np.isfinite(values)
    if least is not None:
        wrong |= values < least
    for i in np.flatnonzero(wrong).tolist():
        if not np.isfinite(values[i]):
            if _NUMBER.fullmatch(texts[i].strip()):
                faults.note("network_file.not_finite", rows[i], column, value=texts[i].strip())
        else:
            faults.note("network_file.too_small", rows[i], column, value=texts[i].strip(), least=least, **about)
        values[i] = np.nan
    return values


def integers(texts: Sequence[str], rows: Sequence[int], column: str | None, faults: Faults) -> Int64:
    """Return cells as whole numbers and note what is not one; such a cell becomes `NO_INTEGER`."""
    plain = "".join(texts)
    if plain.isascii() and "_" not in plain:
        try:
            return np.array(list(map(int, texts)), dtype=np.int64)
        except (ValueError, OverflowError):
            pass
    values = _parsed(texts, rows, column, faults)
    out = np.full(len(values), NO_INTEGER, dtype=np.int64)
    for i, value in enumerate(values.tolist()):
        if value == np.floor(value) and abs(value) < LARGEST_INTEGER:
            out[i] = int(value)
        elif _NUMBER.fullmatch(texts[i].strip()):
            faults.note("network_file.not_integer", rows[i], column, value=texts[i].strip())
    return out


def check(values: Float64, column: str | None, faults: Faults, *, least: float | None = None) -> None:
    """Note what is not finite or less than `least` among numbers that stand in rows 1 and following."""
    wrong = ~np.isfinite(values)
    if least is not None:
        wrong |= values < least
    for i in np.flatnonzero(wrong).tolist():
        code = "network_file.too_small" if np.isfinite(values[i]) else "network_file.not_finite"
        faults.note(code, i + 1, column, value=repr(float(values[i])), least=least)


def _parsed(texts: Sequence[str], rows: Sequence[int], column: str | None, faults: Faults) -> Float64:
    # Python's own float is exact and quick, but takes 1_000 and digits of other scripts too.
    plain = "".join(texts)
    if plain.isascii() and "_" not in plain:
        try:
            return np.array(list(map(float, texts)), dtype=np.float64)
        except ValueError:
            pass
    values = np.full(len(texts), np.nan)
    for i, text in enumerate(texts):
        bare = text.strip()
        if _NUMBER.fullmatch(bare):
            values[i] = float(bare)
        else:
            faults.note("network_file.bad_number", rows[i], column, value=bare)
    return values


def number_texts(values: Float64 | Int64) -> list[str]:
    """Return numbers as the shortest texts that read back to the same bits."""
    if values.dtype.kind in "iu":
        return [str(value) for value in values.tolist()]
    return [
        f"{value:.0f}" if value.is_integer() and abs(value) < LARGEST_INTEGER else repr(value)
        for value in values.tolist()
    ]


def note_repeated(
    values: Sequence[object], rows: Sequence[int], column: str | None, faults: Faults, **about: object
) -> None:
    """Note every value that stands in a row above already; `about` is what else the sentence needs."""
    if len(set(values)) == len(values):
        return
    first: dict[object, int] = {}
    for value, row in zip(values, rows, strict=True):
        before = first.setdefault(value, row)
        if before != row:
            faults.note("network_file.repeated", row, column, value=value, first=before, **about)
