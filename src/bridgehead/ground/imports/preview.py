"""What an import would do, row by row, without doing it: a comparison with the records, and a trial that is undone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from django.db import IntegrityError, transaction

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.uploads import file_store
from bridgehead.ground.imports.reading import Reading, read
from bridgehead.ground.imports.registry import Change, Current, Importer, Key, Values
from bridgehead.ground.journal.entries import as_text
from bridgehead.kernel.cells import Value
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.rows import Row

Outcome = Literal["new", "changed", "unchanged", "refused"]
TRIED_TOGETHER = 100
"""Rows tried in one transaction: between two of them others can write, and what only two rows far apart refuse each
other comes to light when the table is applied.
"""
OUTCOMES: tuple[Outcome, ...] = ("new", "changed", "unchanged", "refused")


@dataclass(frozen=True)
class Line:
    """One row of the table and what would become of it.

    Attributes
    ----------
    number : int
        Row as the spreadsheet shows it.
    key : tuple of str
        Its key, empty where that could not be read.
    outcome : str
        ``new``, ``changed``, ``unchanged`` or ``refused``.
    fields : tuple of (column, before, after)
        What would be written, as text; ``before`` is empty for a new record.
    change : Change or None
        What `Importer.apply` takes.
    damaged : frozenset of str
        Columns of a refused row whose cells cannot be taken; the row is tried all the same, for the faults of the
        other columns.
    """

    number: int
    key: Key
    outcome: Outcome
    fields: tuple[tuple[str, str, str], ...] = ()
    change: Change | None = None
    damaged: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Preview:
    """What an import would do.

    Attributes
    ----------
    lines : tuple of Line
        Every row, in the order of the file.
    faults, warnings : tuple of Fault
        Every fault of every row, and what the person should know besides.
    """

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    counts: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Count the rows by their outcome."""
        found = dict.fromkeys(OUTCOMES, 0)
        for line in self.lines:
            found[line.outcome] += 1
        object.__setattr__(self, "counts", found)

    @property
    def fingerprint(self) -> str:
        """Return the digest of what would be done; it differs as soon as the records it was compared with do."""
        told = [(line.number, line.key, line.outcome, line.fields) for line in self.lines]
        return hashlib.sha256(as_text(told).encode()).hexdigest()

    @property
    def changes(self) -> tuple[Line, ...]:
        """Return the rows that would be written."""
        return tuple(line for line in self.lines if line.outcome in ("new", "changed"))

    def as_json(self) -> dict[str, Any]:
        """Return what is kept to be shown again: all rows but the unchanged ones, and the faults."""
        return {
            "lines": [
                [line.number, list(line.key), line.outcome, [list(one) for one in line.fields]]
                for line in self.lines
                if line.outcome != "unchanged"
            ],
            "faults": [_kept(fault) for fault in self.faults],
            "warnings": [_kept(fault) for fault in self.warnings],
        }


def preview(
    content: bytes, file_kind: str, name: str, importer: Importer, *, viewer: Viewer, organisation: int
) -> Preview:
    """Return what an import would do.

    Every fault of every row is found: those of the cells by the schema, those of the records by trying the actions
    themselves in a transaction that is undone.
    """
    reading = read(content, file_kind, importer.schema, name)
    found = compare(reading, importer, importer.current(viewer, organisation), name)
    refusals = _trial(found, importer, viewer, organisation, name)
    if not refusals:
        return found
    bad = {fault.place.row for fault in refusals}
    lines = (replace(line, outcome="refused", change=None) if line.number in bad else line for line in found.lines)
    return Preview(tuple(lines), _ordered((*found.faults, *refusals)), found.warnings)


def content_of(sha256: str) -> bytes:
    """Return the table of an import out of the store."""
    return file_store().open_whole(sha256)


def compare(reading: Reading, importer: Importer, current: Mapping[Key, Current], name: str) -> Preview:
    """Compare the rows of a table with the records there are."""
    faults = list(reading.faults)
    bad = {fault.place.row for fault in faults}
    whole_table = any(of_the_table(fault) for fault in faults)
    lines: list[Line] = []
    first: dict[Key, int] = {}
    for row in reading.table.rows:
        values, found = _tidied(row, importer, name)
        if whole_table or row.line in bad or found:
            faults += [] if whole_table or row.line in bad else found
            damaged = row.damaged | {one.place.column for one in faults if one.place.row == row.line}
            key = () if damaged.intersection(importer.schema.key) else importer.key(values)
            tried = None if whole_table or None in damaged else Change(values, current.get(key))
            lines.append(Line(row.line, key, "refused", (), tried, frozenset(damaged)))
            continue
        key = importer.key(values)
        line, found = _line(row.line, key, values, current.get(key), importer=importer, name=name)
        earlier = first.setdefault(key, row.line)
        if earlier != row.line:
            found = [Fault("table.duplicate_key", {"key": list(key), "first": earlier}, Place(name, row.line))]
            line = Line(row.line, key, "refused")
        faults += found
        lines.append(line)
    return Preview(tuple(lines), _ordered(faults), reading.warnings)


def _tidied(row: Row, importer: Importer, name: str) -> tuple[Values, list[Fault]]:
    """Return the values of a row in the form of the records, or as they stand with what is wrong with them."""
    values = dict(row)
    try:
        return importer.tidy(values), []
    except BridgeheadError as refused:
        return values, _placed(refused, name, row.line)


OF_THE_HEADER = frozenset(
    ("table.missing_column", "table.duplicate_column", "table.extra_column", "table.unnamed_column")
)
"""Faults for which no row can be taken."""


def of_the_table(fault: Fault) -> bool:
    """Tell whether a fault speaks of the table as a whole and not of one of its rows."""
    return fault.place.row is None or fault.code in OF_THE_HEADER


def _line(
    number: int, key: Key, values: Values, there: Current | None, *, importer: Importer, name: str
) -> tuple[Line, list[Fault]]:
    """Return what becomes of one sound row."""
    columns = importer.schema.names
    if there is None:
        fields = tuple((one, "", _shown(values[one])) for one in columns if values[one] is not None)
        return Line(number, key, "new", fields, Change(values)), []
    fields = tuple(
        (one, _shown(there.values.get(one)), _shown(values[one]))
        for one in columns
        if _shown(there.values.get(one)) != _shown(values[one])
        and not (one in importer.fixed and values[one] is None)  # nothing is said of what cannot be changed
    )
    fixed = [
        Fault("import.cannot_change", {"before": before, "value": after}, Place(name, number, one))
        for one, before, after in fields
        if one in importer.fixed
    ]
    if fixed:
        return Line(number, key, "refused", fields), fixed
    return Line(number, key, "changed" if fields else "unchanged", fields, Change(values, there)), []


class _Undone(Exception):  # noqa: N818 - how a trial ends
    """Carries the refusals of a trial out of its transaction, which is undone on the way."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__()
        self.faults = faults


def _trial(found: Preview, importer: Importer, viewer: Viewer, organisation: int, name: str) -> tuple[Fault, ...]:
    """Apply the rows for a moment and return what the actions refuse; nothing of it stays."""
    tried = tuple(line for line in found.lines if line.change is not None and line.outcome != "unchanged")
    if not tried:
        return ()
    damaged = {line.number: line.damaged for line in tried if line.outcome == "refused"}
    faults: list[Fault] = []
    size = len(tried) if importer.together else TRIED_TOGETHER
    for begin in range(0, len(tried), size):
        part = tried[begin : begin + size]
        try:
            _try(by=viewer, importer=importer, organisation=organisation, lines=part, name=name)
        except _Undone as end:
            faults += end.faults
    return tuple(
        fault
        for fault in faults
        if (row := fault.place.row) not in damaged
        or (fault.place.column in importer.schema.names and fault.place.column not in damaged[row])
    )


@action("import.try", permission="import.run")
def _try(deed: Deed, *, importer: Importer, organisation: int, lines: tuple[Line, ...], name: str) -> None:
    raise _Undone(apply_lines(deed, importer, organisation, lines, name))


def apply_lines(
    deed: Deed, importer: Importer, organisation: int, lines: Iterable[Line], name: str
) -> tuple[Fault, ...]:
    """Apply rows one by one and return what was refused; a refused row leaves nothing of itself."""
    faults: list[Fault] = []
    for line in lines:
        assert line.change is not None
        try:
            with transaction.atomic():
                importer.apply(deed, organisation, replace(line.change, source=name))
        except BridgeheadError as refused:
            faults += _placed(refused, name, line.number)
        except IntegrityError as trouble:
            given = {"action": deed.action, "reason": str(trouble)}
            faults.append(Fault("action.conflict", given, Place(name, line.number)))
    return tuple(faults)


def _placed(refused: BridgeheadError, name: str, row: int) -> list[Fault]:
    """Return the faults of a row with file, row and column; actions name the column as a field."""
    return [
        Fault(fault.code, fault.parameters, Place(name, row, fault.place.column or fault.place.field), fault.severity)
        for fault in refused.faults
    ]


def _ordered(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.place.row or 0))


def _shown(value: Value) -> str:
    """Return a value as it stands in a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "y" if value else "n"
    if isinstance(value, tuple):
        return ";".join(str(part) for part in value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _kept(fault: Fault) -> dict[str, Any]:
    """Return a fault as it is kept: its sentence is made when it is shown, in the language of whoever looks."""
    parameters = {name: _plain(value) for name, value in fault.parameters.items()}
    place = {"file": fault.place.file, "row": fault.place.row, "column": fault.place.column}
    return {"code": fault.code, "parameters": parameters, "place": place, "severity": fault.severity}


def _plain(value: object) -> object:
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return str(value)


def kept_faults(told: Iterable[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """Return the faults of a kept preview."""
    return tuple(Fault(one["code"], one["parameters"], Place(**one["place"]), one["severity"]) for one in told)
