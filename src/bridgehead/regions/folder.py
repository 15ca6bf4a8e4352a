"""Everything in a region's folder read at once: settings, tables, trace, and every fault of their structure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bridgehead.kernel.decoding import Content, read_text
from bridgehead.kernel.errors import Fault, Place
from bridgehead.kernel.references import ids_named, reference_faults
from bridgehead.kernel.schemas import Guesses
from bridgehead.kernel.tables import Column, Table, TableSchema, parse_table, read_schema
from bridgehead.regions.settings import FILE as SETTINGS_FILE
from bridgehead.regions.settings import Settings, read_settings, read_toml

SCHEMAS_FOLDER = Path(__file__).parent / "schemas"
TRACE_FILE = "trace.toml"
POLICIES_FILE = "policies.yaml"
PORT_MODELS_FOLDER = "port_models"
STATUTE_TABLES = ("statute/chapters", "statute/articles", "statute/fingerprints")
"""What a region that names a regulation has to have, besides the trace."""


@dataclass(frozen=True)
class Folder:
    """What a region's folder holds, faults and all.

    Parameters
    ----------
    path : Path
        The folder.
    settings : Settings
        `region.toml`.
    tables : mapping
        Table name to table; every table that has a schema is there, an absent one without rows.
    trace : mapping
        `trace.toml` as parsed; empty where there is none.
    faults : tuple of Fault
        Faults of structure: files, columns, cells, keys, references.
    content_hash : str
        SHA-256 over the bytes of all files read.
    files : mapping
        Table name to the bytes its rows were read from.
    policies : str
        The text of `policies.yaml`, empty where there is none.
    port_models : mapping
        Name of each model file in `port_models` without its ending to its text; empty where there is no such folder.
    """

    path: Path
    settings: Settings
    tables: Mapping[str, Table]
    trace: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    content_hash: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    policies: str = ""
    port_models: Mapping[str, str] = field(default_factory=dict)


@cache
def schemas() -> Mapping[str, TableSchema]:
    """Return the schema of every table a region may have, by table name, in the order of ``tables.csv``.

    Raises
    ------
    BridgeheadError
        If a schema of the program itself is broken.
    """
    found = [read_schema(path) for path in SCHEMAS_FOLDER.rglob("*.csv") if path != SCHEMAS_FOLDER / "tables.csv"]
    order = _order()
    return MappingProxyType({schema.name: schema for schema in sorted(found, key=lambda schema: order[schema.name])})


def read_folder(path: Path) -> Folder:
    """Read a region's folder whatever it holds.

    Parameters
    ----------
    path : Path
        The folder; it need not exist.

    Returns
    -------
    Folder
        With all faults of structure. Never raises for what lies on the disk.
    """
    trouble = _folder_fault(path)
    if trouble is not None:
        return Folder(path, Settings(), _no_tables(), faults=(trouble,))
    settings, found = read_settings(path / SETTINGS_FILE)
    faults: list[Fault] = list(found)
    tables: dict[str, Table] = {}
    files: dict[str, bytes] = {}
    digest = hashlib.sha256()
    _feed(digest, SETTINGS_FILE, read_text(path / SETTINGS_FILE, SETTINGS_FILE, optional=True))
    for name, schema in schemas().items():
        content = read_text(path / f"{name}.csv", f"{name}.csv", optional=schema.optional)
        _feed(digest, f"{name}.csv", content)
        faults.extend(content.faults)
        if content.present:
            files[name] = content.data
        if content.text is None:
            tables[name] = Table(schema, present=content.present, complete=content.complete)
        else:
            tables[name], found = parse_table(content.text, schema)
            faults.extend(found)
    trace, found = read_toml(path / TRACE_FILE, TRACE_FILE, optional=not _regulated(settings))
    faults.extend(found)
    for name in needed(settings, tables):
        # Whoever refers to it is not blamed for what it lacks.
        tables[name] = replace(tables[name], complete=False)
        faults.append(Fault("table.missing_file", {}, Place(tables[name].file)))
    for table in tables.values():
        faults.extend(reference_faults(table, tables))
    _feed(digest, TRACE_FILE, read_text(path / TRACE_FILE, TRACE_FILE, optional=True))
    policies = read_text(path / POLICIES_FILE, POLICIES_FILE, optional=True)
    _feed(digest, POLICIES_FILE, policies)
    faults.extend(policies.faults)
    port_models, unread = _port_models(path / PORT_MODELS_FOLDER, digest)
    faults.extend(unread)
    sealed = MappingProxyType(tables), trace or {}, tuple(faults), digest.hexdigest(), MappingProxyType(files)
    return Folder(path, settings, *sealed, policies.text or "", port_models)


def _port_models(folder: Path, digest: Any) -> tuple[Mapping[str, str], list[Fault]]:
    """Return the texts of the port models by the name of their file, and what keeps files from being read."""
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == ".yaml" and not path.name.startswith("."))
    except (OSError, ValueError):  # no folder, no models; the checks say which are missing
        found = []
    for path in found:
        name = f"{PORT_MODELS_FOLDER}/{path.name}"
        content = read_text(path, name)
        _feed(digest, name, content)
        faults.extend(content.faults)
        if content.text is not None:
            texts[path.stem] = content.text
    return MappingProxyType(texts), faults


def needed(settings: Settings, tables: Mapping[str, Table]) -> tuple[str, ...]:
    """Return the optional tables that are absent although the region speaks of them.

    Those are the tables of the regulation where region.toml names one, the costs where a parameter names a row of
    them, and any that another table refers to by an id which no other table has. An id that is one slip of the pen
    away from a known one refers to that.
    """
    wanted = set(STATUTE_TABLES) if _regulated(settings) else set()
    parameters = tables["parameters"]
    if "cost_key" not in parameters.missing and any(row.text("cost_key") for row in parameters.rows):
        wanted.add("costs")
    for table in tables.values():
        for column in table.schema.columns:
            absent = {name for name, _ in column.references if not tables[name].present and tables[name].complete}
            if absent and column.name not in table.missing and _unknown(table, column, tables):
                wanted |= absent
    return tuple(name for name in tables if name in wanted and not tables[name].present and tables[name].complete)


def _regulated(settings: Settings) -> bool:
    """Say whether region.toml names a regulation well enough to ask for its tables."""
    return settings.statute is not None and settings.statute.articles > 0


def _unknown(table: Table, column: Column, tables: Mapping[str, Table]) -> bool:
    """Say whether a column names an id that is none of the tables present, nor nearly one of them."""
    targets = [(tables[name], target) for name, target in column.references if tables[name].present]
    if any(not other.complete or target in other.missing for other, target in targets):
        return False
    known = frozenset().union(*(other.texts(target) for other, target in targets))
    guesses = Guesses(known)
    return any(text not in known and not guesses.of(text) for _, text in ids_named(table, column.name))


def in_file_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults by file, row and column, so that a list can be worked through from top to bottom."""
    order = {f"{name}.csv": place for place, name in enumerate(schemas(), start=1)}
    order[SETTINGS_FILE] = 0
    return tuple(
        sorted(
            faults,
            key=lambda fault: (
                order.get(fault.place.file or "", len(order)),
                fault.place.file or "",
                fault.place.row or 0,
                fault.place.column or "",
                fault.code,
            ),
        )
    )


def _feed(digest: Any, name: str, content: Content) -> None:
    """Add one file to the hash; name and length go in front, so that no two sets of files run together."""
    if content.present:
        digest.update(f"{name}\n{len(content.data)}\n".encode())
        digest.update(content.data)


def _folder_fault(path: Path) -> Fault | None:
    """Say why a path is no folder that can be read, or None."""
    shown = {"path": str(path)}
    try:
        if not path.exists():
            return Fault("region.no_folder", shown, Place(file=str(path)))
        if not path.is_dir():
            return Fault("region.not_a_folder", shown, Place(file=str(path)))
        next(path.iterdir(), None)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        return Fault("region.unreadable_folder", {**shown, "reason": reason}, Place(file=str(path)))
    return None


def _no_tables() -> Mapping[str, Table]:
    return MappingProxyType({name: Table(schema, present=False, complete=False) for name, schema in schemas().items()})


def _order() -> Mapping[str, int]:
    text = (SCHEMAS_FOLDER / "tables.csv").read_text(encoding="utf-8")
    return {line.partition(",")[0]: place for place, line in enumerate(text.splitlines())}
