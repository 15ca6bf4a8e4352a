"""The scenarios that come with a region, out of its tables of scenarios and their edits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from bridgehead.engines.network.edits import KINDS, field_names
from bridgehead.kernel.tables import Row

if TYPE_CHECKING:
    from bridgehead.engines.network.applied import Scenario
    from bridgehead.regions.load import Region

TABLE, EDITS_TABLE = "scenarios", "scenario_edits"
_FIELDS = tuple(dict.fromkeys(name for kind in KINDS.values() for name in field_names(kind)))


@dataclass(frozen=True, slots=True)
class Shipped:
    """A scenario of a region's tables: its names, why it is looked at, what it rests on, and its edits as written.

    ``plain`` is what `bridgehead.engines.network.scenario_reading.scenario_from_plain` takes.
    """

    id: str
    name_zh: str
    name_en: str
    reason_zh: str
    reason_en: str
    standing: str
    source: str
    source_date: str
    plain: Mapping[str, object]


def shipped_scenarios(region: Region) -> tuple[Shipped, ...]:
    """Return the scenarios of a region in their order; none for a region without the tables."""
    edits = edits_by_scenario(region.rows(EDITS_TABLE))
    ordered = sorted(region.rows(TABLE), key=lambda row: (cast("int", row["order"]), row.text("id")))
    return tuple(_shipped(row, edits.get(row.text("id"), [])) for row in ordered)


def scenario_of(region: Region, id_: str) -> Scenario:
    """Return one scenario of a region, checked against its tables.

    Raises
    ------
    BridgeheadError
        ``region.unknown_id``, or every fault of its edits.
    """
    from bridgehead.engines.network.scenario_reading import scenario_from_plain

    row = region.row(TABLE, id_)
    edits = edits_by_scenario(region.rows(EDITS_TABLE)).get(id_, [])
    return scenario_from_plain(
        _shipped(row, edits).plain,
        region.network(),
        file=f"{EDITS_TABLE}.csv",
        line_of=lambda edit, _field: None if edit is None else edits[edit - 1].line,
    )


def edits_by_scenario(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    """Return the rows of edits by their scenario, in the order they are made."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: cast("int", row["sequence"])):
        found[row.text("scenario")].append(row)
    return found


def plain_scenario(row: Row, edits: Iterable[Row]) -> dict[str, object]:
    """Return a scenario and its edits as the mapping the engine reads."""
    return {"year": row["year"], "edits": [_plain(one) for one in edits]}


def _shipped(row: Row, edits: Iterable[Row]) -> Shipped:
    return Shipped(
        id=row.text("id"),
        name_zh=row.text("name_zh"),
        name_en=row.text("name_en"),
        reason_zh=row.text("reason_zh"),
        reason_en=row.text("reason_en"),
        standing=row.text("standing"),
        source=row.text("source"),
        source_date=row.text("source_date"),
        plain=plain_scenario(row, edits),
    )


def _plain(row: Row) -> dict[str, object]:
    values = {name: row.get(name) for name in _FIELDS}
    return {"edit": row.text("edit"), **{name: value for name, value in values.items() if value not in {None, ""}}}
