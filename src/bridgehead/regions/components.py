"""From the checked tables of a region to the records the network engines compute with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from bridgehead.engines.network import components as engine
from bridgehead.kernel.tables import Row, Table
from bridgehead.regions.settings import Settings

if TYPE_CHECKING:
    # Brings numpy along, which loading a region can do without.
    from bridgehead.engines.network.comparison import Published


def component_tables(settings: Settings, tables: Mapping[str, Table]) -> engine.ComponentTables:
    """Build the engines' records.

    Parameters
    ----------
    settings : Settings
        Home country and base year.
    tables : mapping
        Tables of a region without errors.
    """
    classes = {row.text("commodity"): row for row in tables["freight_classes"].rows}
    return engine.ComponentTables(
        home_country=settings.country,
        base_year=settings.base_year,
        places=tuple(
            engine.Place(
                row.text("id"), row.text("country"), row.text("kind"), _number(row, "lat"), _number(row, "lon")
            )
            for row in tables["places"].rows
        ),
        ports=tuple(_port(row, settings.country) for row in tables["ports"].rows),
        links=tuple(_link(row) for row in tables["links"].rows),
        commodities=tuple(
            engine.Commodity(
                row.text("id"),
                classes[row.text("id")].text("freight_class"),
                classes[row.text("id")].text("rail_tariff_class"),
                _number(row, "typical_value_usd_per_t"),
                row.text("unit_load"),
            )
            for row in tables["commodities"].rows
        ),
        demand=tuple(
            engine.Demand(
                row.text("origin"),
                row.text("destination"),
                row.text("commodity"),
                _number(row, "tonnes_per_year"),
                cast("float | None", row["teu_per_year"]),
                cast("int", row["year"]),
                row.text("calibration_port"),
            )
            for row in tables["demand"].rows
        ),
        parameters=tuple(parameter(row) for row in tables["parameters"].rows),
    )


def months(text: str) -> tuple[int, ...]:
    """Return the months of ``4-11``, of ``11-3`` (over the turn of the year) or of a single month; empty for others."""
    first, dash, last = (part.strip() for part in text.partition("-"))
    if not (first.isdigit() and (last.isdigit() if dash else not last)):
        return ()
    start, end = int(first), int(last or first)
    if not (1 <= start <= 12 and 1 <= end <= 12):
        return ()
    return tuple(range(start, end + 1)) if start <= end else (*range(start, 13), *range(1, end + 1))


def _port(row: Row, country: str) -> engine.Port:
    return engine.Port(
        id=row.text("id"),
        mode=row.text("mode"),
        status=row.text("status"),
        country=country,
        counterpart_country=row.text("counterpart_country"),
        lat=cast("float | None", row["lat"]),
        lon=cast("float | None", row["lon"]),
        opening_months=months(row.text("opening_months")),
        opening_scope=row.text("opening_scope"),
    )


def _link(row: Row) -> engine.Link:
    origin, destination, mode = row.text("from"), row.text("to"), row.text("mode")
    value: Any = row.__getitem__
    return engine.Link(
        id=engine.link_id(origin, destination, mode),
        origin=origin,
        destination=destination,
        mode=mode,
        length_km=_number(row, "length_km"),
        gauges_mm=value("gauge_mm") or (),
        link_class=row.text("link_class"),
        electrified=value("electrified"),
        tracks=value("tracks"),
        speed_kmh=value("speed_kmh"),
        capacity=value("capacity"),
        capacity_unit=row.text("capacity_unit"),
        capacity_basis=row.text("capacity_source"),
        status=row.text("status"),
        status_year=value("status_year"),
        confidence=row.text("confidence"),
    )


def parameter(row: Row) -> engine.Parameter:
    """Return the engine's record of a row of the parameters table."""
    value: Any = row.__getitem__
    return engine.Parameter(
        id=row.text("id"),
        quantity=row.text("quantity"),
        mode=row.text("mode"),
        country=row.text("country"),
        gauge_mm=value("gauge_mm"),
        link_class=row.text("link_class"),
        freight_class=row.text("freight_class"),
        place=row.text("place"),
        value=_number(row, "value"),
        unit=row.text("unit"),
        standing=row.text("standing"),
        basis=row.text("basis"),
        source=row.text("source"),
        year=value("year"),
        note=row.text("note"),
    )


def published_route(row: Row) -> Published:
    """Return the engine's record of a row of the published routes."""
    from bridgehead.engines.network.comparison import Published

    value: Any = row.__getitem__
    return Published(
        id=row.text("id"),
        origin=row.text("origin"),
        destination=row.text("destination"),
        commodity=row.text("commodity"),
        tonnes=value("tonnes"),
        teu=value("teu"),
        by=value("by"),
        modes=tuple(value("modes") or ()),
        via=row.text("via"),
        metric=row.text("metric"),
        value=_number(row, "value"),
        unit=row.text("unit"),
        source=row.text("source"),
        source_date=row.text("source_date"),
        confidence=row.text("confidence"),
        note=row.text("note"),
        explanation=row.text("explanation"),
    )


def _number(row: Row, column: str) -> float:
    return float(cast("float", row[column]))
