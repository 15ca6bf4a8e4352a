"""The shipped region: its freight in equilibrium, and a route over a continent."""

from __future__ import annotations

import time

from benchmarks.registry import Figures, Subject, milliseconds
from bridgehead.engines.flows.freight_flows import equilibrate
from bridgehead.engines.network.routes import Consignment, find_route
from bridgehead.engines.network.virtual import Network
from bridgehead.regions.load import load_region


def reference(repeats: int) -> Figures:
    """Measure the equilibrium of the base year, first and warm."""
    tables = load_region().network()
    begin = time.perf_counter()
    found = equilibrate(tables)
    first = (time.perf_counter() - begin) * 1000.0
    network = Network(tables)
    return {
        "states": float(len(network.topology.nodes)),
        "moves": float(network.topology.arc_count),
        "flows": float(len(tables.demand)),
        "first ms": first,
        "warm ms": milliseconds(lambda: equilibrate(tables), repeats),
        "relative gap": f"{found.quality.relative_gap:.1e}",
        "conservation error": f"{found.flows.conservation_error:.1e}",
    }


def route(repeats: int) -> Figures:
    """Measure a route between the demand's farthest ends, with the network built anew and kept."""
    tables = load_region().network()
    row = max(tables.demand, key=lambda row: abs(_longitude(tables, row.origin) - _longitude(tables, row.destination)))
    consignment = Consignment(row.origin, row.destination, row.commodity, tonnes=20.0)
    network = Network(tables)
    find_route(tables, consignment, network=network)
    return {
        "network built anew ms": milliseconds(lambda: find_route(tables, consignment), repeats),
        "network kept ms": milliseconds(lambda: find_route(tables, consignment, network=network), repeats),
    }


def _longitude(tables: object, place: str) -> float:
    found = {item.id: item.lon for item in (*tables.places, *tables.ports)}  # type: ignore[attr-defined]
    return float(found[place] or 0.0)


SUBJECTS = (
    Subject("reference-flows", "the base-year freight of the shipped region, in equilibrium", (15,), (2,), reference),
    Subject("route", "one route over the shipped network", (30,), (3,), route),
)
