"""A region as the rest of the platform sees it: settings, checked tables, names, and the tables of the engines."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.schemas import nearest
from bridgehead.kernel.tables import Row, Table
from bridgehead.regions.settings import Settings

if TYPE_CHECKING:
    from bridgehead.engines.eligibility.policies import PolicySet
    from bridgehead.engines.network.components import ComponentTables

SHIPPED_REGION = Path(__file__).parent / "nmg"
ENVIRONMENT_VARIABLE = "BRIDGEHEAD_REGION"
SHORT_NAMES = ("short_zh", "short_en")
NAMED_TABLES = ("ports", "places", "aggregates", "commodities", "orgs", "projects")
"""Tables whose rows have an id and two names, in the order in which a name is looked for."""


@dataclass(frozen=True)
class Region:
    """One region, loaded and without errors.

    Parameters
    ----------
    path : Path
        Its folder.
    settings : Settings
        `region.toml`.
    tables : mapping
        Table name to table; a table the region does without is there with no rows.
    trace : mapping
        `trace.toml` as parsed, empty where there is none.
    content_hash : str
        SHA-256 over all files; results computed from the region are stored under it.
    warnings : tuple of Fault
        What the checks found besides errors.
    files : mapping
        Table name to the bytes its rows were read from; an edit of the file shows only after it was checked anew.
    policies_text : str
        `policies.yaml` as read, empty where the region has none.
    port_models : mapping
        Port to the text of its model; empty where the region has none.
    """

    path: Path
    settings: Settings
    tables: Mapping[str, Table]
    trace: Mapping[str, Any] = field(default_factory=dict)
    content_hash: str = ""
    warnings: tuple[Fault, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    policies_text: str = field(default="", repr=False)
    port_models: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> str:
        """Short name of the region."""
        return self.settings.id

    @property
    def name_zh(self) -> str:
        """Chinese name of the region."""
        return self.settings.name_zh

    @property
    def name_en(self) -> str:
        """English name of the region."""
        return self.settings.name_en

    def rows(self, table: str) -> tuple[Row, ...]:
        """Return the rows of a table, empty where the region has none.

        Raises
        ------
        KeyError
            If no such table exists in any region: a slip in the calling code.
        """
        return self.tables[table].rows

    def find(self, table: str, id: str) -> Row | None:
        """Return the row of an id, None if there is none; for tables with a key of one column."""
        return self._by_key[table].get(id)

    def row(self, table: str, id: str) -> Row:
        """Return the row of an id.

        Raises
        ------
        BridgeheadError
            ``region.unknown_id`` with the nearest id that exists.
        """
        row = self.find(table, id)
        if row is None:
            near = nearest(id, self._by_key[table])
            given = {"value": id, "table": table, **({"near": near} if near else {})}
            raise BridgeheadError("region.unknown_id", given, Place(file=f"{table}.csv"))
        return row

    def name(self, id: str, language: str = "zh") -> str:
        """Return the name of a port, place, aggregate, commodity, organisation or project; an unknown id as it is."""
        names = self._names.get(id)
        if names is None:
            return id
        return names[1] if not language.startswith("zh") else names[0]

    def place_id(self, word: str) -> str:
        """Return the id of a place or port somebody named by id or name, in any case; else the word itself."""
        return self._place_ids.get(_folded(word), word)

    def commodity_id(self, word: str) -> str:
        """Return the id of a commodity somebody named by id or name, in any case; else the word itself."""
        return self._commodity_ids.get(_folded(word), word)

    def names_of(self, ids: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Return all names of ids: those in both languages, and the short ones of the map."""
        short = self._by_key["map_places"]
        return {
            id: (*self._names.get(id, ()), *(_cell(short[id], name) for name in SHORT_NAMES if id in short))
            for id in ids
        }

    def translated(self, text: str, language: str) -> str:
        """Return what pages of a language say for a text of the tables; the text itself where nothing is written."""
        row = self.find("translations", text)
        return (row.text("text_en" if not language.startswith("zh") else "text_zh") if row else "") or text

    def kind_of(self, id: str) -> str:
        """Return the table an id belongs to (`ports`, `places` ...), or an empty text."""
        return next((table for table in NAMED_TABLES if id in self._by_key[table]), "")

    def policies(self) -> PolicySet:
        """Return the preferential policies of the region, none where it has no `policies.yaml`; built once."""
        return self._policies

    @cached_property
    def _policies(self) -> PolicySet:
        from bridgehead.regions.policies import policies_of

        return policies_of(self.policies_text, self.files).sound()

    def network(self) -> ComponentTables:
        """Return the tables of the network and flow engines; built once."""
        return self._network

    @cached_property
    def _network(self) -> ComponentTables:
        from bridgehead.regions.components import component_tables

        return component_tables(self.settings, self.tables)

    @cached_property
    def _by_key(self) -> Mapping[str, Mapping[str, Row]]:
        """Rows by id for tables with a key of one column; other tables have no entries."""
        found: dict[str, Mapping[str, Row]] = {}
        for name, table in self.tables.items():
            key = table.schema.key
            rows = {row.text(key[0]): row for row in table.rows} if len(key) == 1 else {}
            found[name] = MappingProxyType(rows)
        return MappingProxyType(found)

    @cached_property
    def _place_ids(self) -> Mapping[str, str]:
        return self._ids_by_word("places", "ports")

    @cached_property
    def _commodity_ids(self) -> Mapping[str, str]:
        return self._ids_by_word("commodities")

    def _ids_by_word(self, *tables: str) -> Mapping[str, str]:
        """Return ids by id and name as `_folded` gives them; an id wins over a name, an earlier table over a later."""
        ids = [row.text("id") for table in tables for row in self.rows(table)]
        found: dict[str, str] = {}
        for names in (self._names, self.names_of(ids)):  # a name of its own comes before a short name of the map
            for id in ids:
                for name in filter(None, names.get(id, ())):
                    found.setdefault(_folded(name), id)
        return MappingProxyType(found | {_folded(id): id for id in ids})

    @cached_property
    def _names(self) -> Mapping[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for table in reversed(NAMED_TABLES):
            for row in self.rows(table):
                found[row.text("id")] = (row.text("name_zh"), row.text("name_en"))
        return MappingProxyType(found)


def _folded(word: str) -> str:
    return " ".join(word.split()).casefold()


def _cell(row: Row, column: str) -> str:
    return row.text(column) if column in row else ""


def region_path(path: Path | str | None = None) -> Path:
    """Return the folder of the region in use: the one given, else ``BRIDGEHEAD_REGION``, else the shipped one."""
    chosen = path or os.environ.get(ENVIRONMENT_VARIABLE) or SHIPPED_REGION
    return Path(chosen).expanduser()


def load_region(path: Path | str | None = None) -> Region:
    """Load a region for use.

    Parameters
    ----------
    path : Path, optional
        Its folder; see `region_path` for what stands in for it.

    Returns
    -------
    Region
        Without errors; warnings are kept in `Region.warnings`.

    Raises
    ------
    BridgeheadError
        With every fault of severity ``error`` that the checks of `bridgehead.regions.check` find.
    """
    from bridgehead.regions.check import check_folder
    from bridgehead.regions.folder import read_folder

    folder = read_folder(region_path(path))
    faults = check_folder(folder)
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors:
        raise BridgeheadError.of(errors)
    read = folder.path, folder.settings, folder.tables, folder.trace, folder.content_hash
    return Region(*read, faults, files=folder.files, policies_text=folder.policies, port_models=folder.port_models)
