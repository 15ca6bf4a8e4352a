"""Checks of the published routes: what the model could not be held against would take their page away."""

from __future__ import annotations

from collections.abc import Iterator

from bridgehead.engines.network.quantities import why_not_comparable
from bridgehead.kernel.errors import BridgeheadError, Fault
from bridgehead.regions.checks.common import finding, readable, sound, word
from bridgehead.regions.components import component_tables, published_route
from bridgehead.regions.folder import Folder

_COLUMN = {"metric": "metric", "unit": "unit", "currency": "unit", "teu": "unit"}


def published_routes_are_comparable(folder: Folder) -> Iterator[Fault]:
    """Check that a published figure is above zero, in a unit the model can give for its metric and consignment."""
    table = folder.tables["published_routes"]
    if not readable(folder, "published_routes", "metric", "unit", "teu", "value"):
        return
    currencies = _currencies(folder)
    for row in table.rows:
        if sound(row, "value") and row["value"] == 0:
            yield finding(table, row, "value", "region.published_not_comparable", id=word(row, "id"), value="0")
        if not sound(row, "metric", "unit", "teu"):
            continue
        metric, unit = row.text("metric"), row.text("unit")
        # One row that states both or neither amount is named elsewhere.
        boxed = row["teu"] is not None or row.get("tonnes") is None
        known = {unit.partition("/")[0]} if currencies is None else currencies
        reason = why_not_comparable(metric, unit, boxed=boxed, currencies=known)
        if reason:
            more = {"currency": unit.partition("/")[0]} if reason == "currency" else {reason: unit}
            given = {"id": word(row, "id"), "metric": metric, "unit": unit, **more}
            yield finding(table, row, _COLUMN[reason], "region.published_not_comparable", "error", **given)


def published_routes_have_an_answer(folder: Folder) -> Iterator[Fault]:
    """Check that the model finds a way for every published route; the region must have no errors otherwise."""
    from bridgehead.engines.network.comparison import compare

    table = folder.tables["published_routes"]
    tables = component_tables(folder.settings, folder.tables)
    try:
        compare(tables, [published_route(row) for row in table.rows])
    except BridgeheadError:
        # All together share their networks; only where one fails is each asked alone.
        for row in table.rows:
            try:
                compare(tables, [published_route(row)])
            except BridgeheadError as error:
                for fault in error.faults:
                    # What the usual modes lack is named by the check of the parameters, once for all rows.
                    if not fault.code.startswith("parameter.") or "air" in word(row, "modes"):
                        yield finding(table, row, None, fault.code, "error", **fault.parameters)


def _currencies(folder: Folder) -> set[str] | None:
    """Return the currencies with an exchange rate; None where a row that could be one was not read."""
    table = folder.tables["parameters"]
    if not readable(folder, "parameters", "quantity", "unit"):
        return None
    if any(not sound(row, "quantity", "unit") for row in table.rows):
        return None
    return {row.text("unit").partition("/")[0] for row in table.rows if row["quantity"] == "exchange_rate"}
