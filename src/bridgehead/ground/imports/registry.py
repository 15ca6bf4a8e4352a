"""What can be imported: each room registers its importers, and the one import screen serves them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.actions import Deed
from bridgehead.kernel.cells import Value
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.schemas import TableSchema

Values = Mapping[str, Value]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Current:
    """What a record says now, in the columns of the table.

    Parameters
    ----------
    values : mapping
        Column to value, of the types of the schema; None where it says nothing.
    record : Any
        What `Importer.apply` needs to change it, with its version.
    """

    values: Values
    record: Any = None


@dataclass(frozen=True)
class Change:
    """One row to be applied: what it says, the record it changes, None for a new one, and the file it stands in."""

    values: Values
    current: Current | None = None
    source: str = ""


def _as_it_is(values: Values) -> Values:
    return values


@dataclass(frozen=True, kw_only=True)
class Importer:
    """One kind of table that can be imported.

    Parameters
    ----------
    kind : str
        Its name in addresses and in the journal.
    schema : TableSchema
        Columns, titles and descriptions; key columns say which rows speak of the same record.
    permission : str
        What must be held in the organisation one imports for, beside ``import.run``.
    current : callable
        ``current(viewer, organisation_id)`` gives the records there are by their key, as the viewer sees them.
    apply : callable
        ``apply(deed, organisation_id, change)`` creates or changes one record through actions. A refusal names the
        column as the field of its place.
    tidy : callable
        Brings the values of a row into the form in which records keep them, or raises `BridgeheadError`.
    fixed : frozenset of str
        Columns of an existing record that an import cannot change; an empty cell says nothing of them.
    together : bool
        Whether rows speak of one another, so that a trial must take all of them at once, for which others wait.
    """

    kind: str
    schema: TableSchema
    permission: str
    current: Callable[[Viewer, int], Mapping[Key, Current]]
    apply: Callable[[Deed, int, Change], object]
    tidy: Callable[[Values], Values] = _as_it_is
    fixed: frozenset[str] = field(default_factory=frozenset)
    together: bool = False

    def key(self, values: Values) -> Key:
        """Return the key of a row."""
        return keyed(values, self.schema.key)

    def open_to(self, viewer: Viewer, organisation: int | None = None) -> bool:
        """Tell whether somebody may import this: for an organisation, or for any if none is named."""
        return viewer.may("import.run", organisation) and viewer.may(self.permission, organisation)


def keyed(values: Values, names: Iterable[str]) -> Key:
    """Return what columns of a row say, as a key: text, and an empty one of an empty cell."""
    return tuple("" if values[name] is None else str(values[name]) for name in names)


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> Importer:
    """Add an importer; the same kind twice, or a schema without a key, is a mistake of the program."""
    if importer.kind in _importers and _importers[importer.kind] is not importer:
        raise ValueError(f"two importers of the kind {importer.kind!r}")
    if not importer.schema.key:
        raise ValueError(f"the importer {importer.kind!r} has no key")
    _importers[importer.kind] = importer
    return importer


def importers(viewer: Viewer | None = None) -> tuple[Importer, ...]:
    """Return all importers, or those somebody may use, in the order they were registered."""
    return tuple(one for one in _importers.values() if viewer is None or one.open_to(viewer))


def importer_of(kind: str) -> Importer:
    """Return an importer.

    Raises
    ------
    BridgeheadError
        ``import.unknown_kind``.
    """
    if kind not in _importers:
        raise BridgeheadError("import.unknown_kind", {"kind": kind, "known": list(_importers)})
    return _importers[kind]
