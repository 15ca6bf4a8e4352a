"""Checks of the scenarios that come with a region: each edits something, and can be made on its tables."""

from __future__ import annotations

from collections.abc import Iterator

from bridgehead.kernel.errors import BridgeheadError, Fault
from bridgehead.regions.checks.common import finding, readable, sound
from bridgehead.regions.components import component_tables
from bridgehead.regions.folder import Folder
from bridgehead.regions.scenarios import EDITS_TABLE, TABLE, edits_by_scenario, plain_scenario


def scenarios_have_edits(folder: Folder) -> Iterator[Fault]:
    """Check that every scenario edits something."""
    if readable(folder, TABLE, "id") and readable(folder, EDITS_TABLE, "scenario"):
        edited = {row.text("scenario") for row in folder.tables[EDITS_TABLE].rows if sound(row, "scenario")}
        for row in folder.tables[TABLE].rows:
            if sound(row, "id") and row.text("id") not in edited:
                yield finding(folder.tables[TABLE], row, "id", "scenario.no_edits")


def scenarios_can_be_made(folder: Folder) -> Iterator[Fault]:
    """Check that the edits of every scenario can be made; the region must have no errors otherwise."""
    from bridgehead.engines.network.scenario_reading import scenario_from_plain

    rows = folder.tables[TABLE].rows
    tables = component_tables(folder.settings, folder.tables) if rows else None
    by_scenario = edits_by_scenario(folder.tables[EDITS_TABLE].rows)
    for row in rows:
        edits = by_scenario.get(row.text("id"), [])
        try:
            assert tables is not None
            scenario_from_plain(plain_scenario(row, edits), tables)
        except BridgeheadError as error:
            for fault in error.faults:
                position, column = fault.place.row, fault.place.field
                if position is None:
                    column = "year" if column == "year" else "id"
                    yield finding(folder.tables[TABLE], row, column, fault.code, "error", **fault.parameters)
                else:
                    line = edits[position - 1]
                    yield finding(folder.tables[EDITS_TABLE], line, column, fault.code, "error", **fault.parameters)
