"""What has been read of a table: its rows, each cell as text and as a typed value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bridgehead.kernel.cells import Value
from bridgehead.kernel.schemas import TableSchema


class Row(Mapping[str, Value]):
    """One row: column name to typed value, None where the cell is empty.

    Attributes
    ----------
    line : int
        Row number a spreadsheet shows; the header is row 1.
    damaged : frozenset of str
        Columns whose cell could not be read; their value is None. Empty in every row of a loaded region.
    """

    __slots__ = ("_index", "_texts", "_values", "damaged", "line")

    def __init__(
        self,
        index: Mapping[str, int],
        values: tuple[Value, ...],
        texts: tuple[str, ...],
        line: int,
        damaged: frozenset[str] = frozenset(),
    ) -> None:
        self._index = index
        self._values = values
        self._texts = texts
        self.line = line
        self.damaged = damaged

    def __getitem__(self, name: str) -> Value:
        """Return the typed value of a column."""
        return self._values[self._index[name]]

    def __iter__(self) -> Iterator[str]:
        """Go through the column names in schema order."""
        return iter(self._index)

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self._index)

    def text(self, name: str) -> str:
        """Return the cell as it stands in the file, without blanks around it."""
        return self._texts[self._index[name]]

    def several(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the texts of several columns."""
        return tuple([self._texts[self._index[name]] for name in names])

    def __repr__(self) -> str:
        """Show line and values."""
        return f"Row({self.line}, {dict(self)!r})"


@dataclass(frozen=True)
class Table:
    """A table that has been read: its schema and its rows.

    Parameters
    ----------
    schema : TableSchema
        Its schema.
    rows : tuple of Row
        Rows in file order.
    present : bool
        Whether there was a file.
    complete : bool
        Whether every row was read; where it is not, nobody may conclude that an id does not exist.
    missing : frozenset of str
        Columns the file lacks.
    """

    schema: TableSchema
    rows: tuple[Row, ...] = ()
    present: bool = True
    complete: bool = True
    missing: frozenset[str] = frozenset()

    @property
    def file(self) -> str:
        """Name of the file inside the region's folder."""
        return f"{self.schema.name}.csv"

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def texts(self, name: str) -> frozenset[str]:
        """Return the distinct texts of a column; those of damaged rows count too."""
        if name in self.missing:
            return frozenset()
        return frozenset(text for row in self.rows if (text := row.text(name)))
