"""The articles a record serves, kept in one column: found by number in the database, told as numbers."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 200


def kept(numbers: Iterable[int]) -> str:
    """Return the numbers as a column keeps them: ``,5,14,``, in order and once; empty for none."""
    found = sorted(set(numbers))
    return f",{','.join(map(str, found))}," if found else ""


def told(column: str) -> tuple[int, ...]:
    """Return the numbers a column keeps."""
    return tuple(int(one) for one in column.split(",") if one)


def sought(number: int) -> str:
    """Return what a column that holds a number contains."""
    return f",{number},"
