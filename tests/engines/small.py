"""Small networks whose answers can be worked out by hand.

The line: `inland` - `port` (rail, 1435 mm, 100 km, country HH), `port` - `station` (rail, both gauges, 10 km, the
border), `station` - `abroad` (rail, 1520 mm, 200 km, country FF). A road runs beside it over a road port of its own.
"""

from __future__ import annotations

from dataclasses import replace

from bridgehead.engines.network.components import (
    Commodity,
    ComponentTables,
    Demand,
    Link,
    Parameter,
    Place,
    Port,
    link_id,
)


def link(
    origin: str, destination: str, km: float, mode: str = "rail", gauges: tuple[int, ...] = (), **more: object
) -> Link:
    return replace(Link(link_id(origin, destination, mode), origin, destination, mode, km, gauges), **more)  # type: ignore[arg-type]


def parameter(quantity: str, value: float, unit: str, **selectors: object) -> Parameter:
    name = "-".join([quantity, *(str(v) for v in selectors.values())])
    plain = Parameter(name, quantity, "", "", None, "", "", "", value, unit, standing="assumption", basis="assumption")
    return replace(plain, **selectors)  # type: ignore[arg-type]


def parameters(*extra: Parameter, without: tuple[str, ...] = ()) -> tuple[Parameter, ...]:
    """Round numbers for every quantity; `extra` adds rows, `without` drops quantities."""
    base = [
        parameter("freight_rate", 0.2, "USD/tkm"),
        parameter("freight_rate", 0.1, "USD/tkm", country="HH"),
        parameter("terminal_charge", 0.0, "USD/t"),
        parameter("terminal_charge", 5.0, "USD/t", country="HH", mode="rail"),
        parameter("haul_speed", 50.0, "km/h"),
        parameter("haul_stop_share", 0.25, "h/h"),
        parameter("loading_cost", 1.0, "USD/t"),
        parameter("loading_time", 2.0, "h"),
        parameter("unloading_cost", 1.5, "USD/t"),
        parameter("unloading_time", 4.0, "h"),
        parameter("transfer_cost", 3.0, "USD/t"),
        parameter("transfer_time", 5.0, "h"),
        parameter("departure_wait", 3.0, "h"),
        parameter("gauge_change_cost", 2.0, "USD/t"),
        parameter("gauge_change_time", 6.0, "h"),
        parameter("border_exit_time", 7.0, "h"),
        parameter("border_entry_time", 8.0, "h"),
        parameter("border_exit_fee", 60.0, "USD/crossing"),
        parameter("border_entry_fee", 120.0, "USD/crossing"),
        parameter("border_transshipment_cost", 2.5, "USD/t"),
        parameter("border_transshipment_time", 0.0, "h"),
        parameter("load_unit", 60.0, "t"),
        parameter("load_unit", 20.0, "t", mode="road"),
        parameter("vehicle_payload", 1000.0, "t"),
        parameter("vehicle_payload", 20.0, "t", mode="road"),
        parameter("waiting_cost", 100.0, "USD/vehicle-h"),
        parameter("waiting_cost", 20.0, "USD/vehicle-h", mode="road"),
        parameter("value_of_time_share", 0.01, "share/day"),
        parameter("tonnes_per_teu", 10.0, "t/TEU"),
        parameter("co2e_haul", 10.0, "g/tkm"),
        parameter("co2e_handling", 1.0, "kg/t"),
        parameter("operating_days", 365.0, "days/yr"),
    ]
    return (*(row for row in base if row.quantity not in without), *extra)


PLACES = (
    Place("inland", "HH", "city", 41.0, 111.0),
    Place("abroad", "FF", "city", 48.0, 107.0),
    Place("station", "FF", "border", 44.0, 112.0),
)
PORTS = (
    Port("port", "rail", "open", "HH", "FF", 43.7, 112.0),
    Port("gate", "road", "open", "HH", "FF", 43.6, 112.0),
)
RAILWAY = (
    link("inland", "port", 100.0, gauges=(1435,)),
    link("port", "station", 10.0, gauges=(1520, 1435), speed_kmh=25.0),
    link("station", "abroad", 200.0, gauges=(1520,)),
)
ROADS = (
    link("inland", "gate", 100.0, "road"),
    link("gate", "station", 10.0, "road"),
    link("station", "abroad", 200.0, "road"),
)
COMMODITIES = (
    Commodity("coal", "bulk", "wagonload-4", 240.0),
    Commodity("boxes", "container", "container", 4800.0),
)


def tables(**changes: object) -> ComponentTables:
    """The line with all its parameters; every field can be replaced."""
    plain = ComponentTables("HH", 2023, PLACES, PORTS, RAILWAY, COMMODITIES, (), parameters())
    return replace(plain, **changes)  # type: ignore[arg-type]


def demand(origin: str, destination: str, tonnes: float, commodity: str = "coal", **more: object) -> Demand:
    return replace(Demand(origin, destination, commodity, tonnes, None, 2023), **more)  # type: ignore[arg-type]
