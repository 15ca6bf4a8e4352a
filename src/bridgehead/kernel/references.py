"""References between tables: every cell that names an id which no referenced table has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from bridgehead.kernel.errors import Fault, Place
from bridgehead.kernel.schemas import Guesses
from bridgehead.kernel.tables import MOST_FAULTS_PER_TABLE, Row, Table


def reference_faults(table: Table, tables: Mapping[str, Table]) -> tuple[Fault, ...]:
    """Report every cell that names an id which none of the referenced tables has.

    Parameters
    ----------
    table : Table
        The table whose cells are looked at.
    tables : mapping
        All tables by name.

    Returns
    -------
    tuple of Fault
        ``table.unknown_id`` per cell. Where a referenced table could not be read in full, its ids are not known and
        nothing is reported: the fault is over there. Where so many of its ids could not be read, so many unknown ids
        may be theirs: the most often named are not reported.
    """
    faults: list[Fault] = []
    for column in table.schema.columns:
        if not column.references or column.name in table.missing:
            continue
        targets = [(tables.get(name), target) for name, target in column.references]
        if any(other is not None and (not other.complete or target in other.missing) for other, target in targets):
            continue
        known = frozenset().union(*(other.texts(target) for other, target in targets if other is not None))
        places = [f"{name}.csv" for name, _ in column.references]
        guesses = Guesses(known)
        unknown = [(row, text) for row, text in ids_named(table, column.name) if text not in known]
        lost = sum(target in row.damaged for other, target in targets if other is not None for row in other.rows)
        forgiven = {text for text, _ in Counter(text for _, text in unknown).most_common(lost)}
        for row, text in unknown:
            if text in forgiven:
                continue
            near = guesses.of(text)
            faults.append(
                Fault(
                    "table.unknown_id",
                    {"value": text, "tables": places, **({"near": near} if near else {})},
                    Place(table.file, row.line, column.name),
                )
            )
    faults.sort(key=lambda fault: fault.place.row or 0)
    if len(faults) > MOST_FAULTS_PER_TABLE:
        left_out = {"count": len(faults) - MOST_FAULTS_PER_TABLE}
        return (*faults[:MOST_FAULTS_PER_TABLE], Fault("table.more_faults", left_out, Place(table.file)))
    return tuple(faults)


def ids_named(table: Table, column: str) -> Iterator[tuple[Row, str]]:
    """Yield every id that a column names, with its row; a list names several."""
    for row in table.rows:
        value = row[column]
        if value is not None:
            for part in value if isinstance(value, tuple) else (value,):
                yield row, part if isinstance(part, str) else row.text(column)
