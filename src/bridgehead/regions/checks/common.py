"""What several checks need: whether a table can be relied on, and how a finding is written down."""

from __future__ import annotations

from bridgehead.kernel.errors import Fault, Place, Severity
from bridgehead.kernel.tables import Row, Table
from bridgehead.regions.folder import Folder


def readable(folder: Folder, table: str, *columns: str) -> bool:
    """Say whether every row of a table was read and the columns are there; an absent optional table counts as read."""
    found = folder.tables[table]
    return found.complete and not found.missing.intersection(columns)


def sound(row: Row, *columns: str) -> bool:
    """Say whether the cells of these columns could be read."""
    return not row.damaged.intersection(columns)


def finding(
    table: Table,
    row: Row | None,
    column: str | None,
    code: str,
    severity: Severity = "error",
    **parameters: object,
) -> Fault:
    """Return a fault that lies in a row of a table."""
    return Fault(code, parameters, Place(table.file, row.line if row else None, column), severity)


def word(row: Row, column: str) -> str:
    """Return a cell as text, empty where it is empty or could not be read."""
    return "" if column in row.damaged else row.text(column)


def texts(row: Row, column: str) -> tuple[str, ...]:
    """Return the parts of a list, none where the cell is empty."""
    value = row[column]
    return tuple(str(part) for part in value) if isinstance(value, tuple) else ()
