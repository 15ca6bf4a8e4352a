"""A copy of a region that tests may damage, cell by cell, remembering what they planted."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bridgehead.regions.check import check_region
from bridgehead.regions.load import SHIPPED_REGION

Planted = tuple[str, str | None, int | None, str | None]
"""Code, file, row and column of a fault."""


class Copy:
    """A writable copy of a region's folder."""

    def __init__(self, path: Path, source: Path = SHIPPED_REGION) -> None:
        self.path = path
        shutil.copytree(source, path, copy_function=shutil.copyfile)
        self.planted: list[Planted] = []

    def expect(self, code: str, file: str | None = None, row: int | None = None, column: str | None = None) -> None:
        """Remember a fault that the check has to name."""
        self.planted.append((code, file, row, column))

    def rows(self, table: str) -> list[list[str]]:
        """Return all cells of a table, the header first."""
        with (self.path / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.reader(stream))

    def write(self, table: str, rows: list[list[str]]) -> None:
        """Write all cells of a table."""
        with (self.path / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)

    def get(self, table: str, row: int, column: str) -> str:
        """Return a cell."""
        rows = self.rows(table)
        return rows[row - 1][rows[0].index(column)]

    def set(self, table: str, row: int, column: str, value: str, code: str = "") -> None:
        """Change a cell; with a code, expect that fault there."""
        rows = self.rows(table)
        rows[row - 1][rows[0].index(column)] = value
        self.write(table, rows)
        if code:
            self.expect(code, f"{table}.csv", row, column)

    def find(self, table: str, **cells: str) -> int:
        """Return the row number of the first row with these cells."""
        header, *body = self.rows(table)
        for number, row in enumerate(body, start=2):
            if all(row[header.index(column)] == value for column, value in cells.items()):
                return number
        raise LookupError((table, cells))

    def append(self, table: str, **cells: str) -> int:
        """Add a row, the other cells empty; return its number."""
        rows = self.rows(table)
        rows.append([cells.get(column, "") for column in rows[0]])
        self.write(table, rows)
        return len(rows)

    def repeat(self, table: str, row: int, **changes: str) -> int:
        """Add a copy of a row with some cells changed; return its number."""
        rows = self.rows(table)
        return self.append(table, **{**dict(zip(rows[0], rows[row - 1], strict=True)), **changes})

    def remove(self, table: str, unwanted: Callable[[dict[str, str]], bool]) -> int:
        """Remove rows; return how many."""
        header, *body = self.rows(table)
        kept = [row for row in body if not unwanted(dict(zip(header, row, strict=True)))]
        self.write(table, [header, *kept])
        return len(body) - len(kept)

    def header(self, table: str, change: Callable[[list[str]], list[str]]) -> None:
        """Change the header line only."""
        rows = self.rows(table)
        self.write(table, [change(rows[0]), *rows[1:]])

    def drop_column(self, table: str, column: str) -> None:
        """Remove a column with all its cells."""
        rows = self.rows(table)
        place = rows[0].index(column)
        self.write(table, [[*row[:place], *row[place + 1 :]] for row in rows])

    def replace(self, file: str, old: str, new: str) -> None:
        """Change the text of a file; the old text must be there."""
        path = self.path / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def verdict(self) -> tuple[Counter[Planted], Counter[Planted]]:
        """Return what was planted and what was found beyond the faults of the undamaged region."""
        found = Counter(
            (fault.code, fault.place.file, fault.place.row, fault.place.column)
            for fault in check_region(self.path).faults
        )
        return Counter(self.planted), found


def untouched(source: Path = SHIPPED_REGION) -> Counter[tuple[str, str]]:
    """Return code and subject of the warnings a region has before anything is done to it."""
    return Counter((fault.code, str(sorted(fault.parameters.items()))) for fault in check_region(source).faults)
