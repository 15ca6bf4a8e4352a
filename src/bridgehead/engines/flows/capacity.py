"""How full links are: yearly freight turned into trucks and trains a day and set against each unit of capacity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from bridgehead.engines.flows.results import LinkFlow, Utilisation
from bridgehead.engines.network.components import ComponentTables, Link
from bridgehead.engines.network.parameters import ParameterBook
from bridgehead.engines.network.topology import Topology
from bridgehead.kernel.errors import BridgeheadError, Place

PER_DIRECTION = {
    "trains/day/direction": 1.0,
    "vehicles/day/direction": 1.0,
    "trains/day": 0.5,
    "vehicles/day both directions": 0.5,
}
"""Share of a stated capacity that one direction has. A unit without a direction counts both directions together."""

MT_PER_YEAR = "Mt/yr"
PER_YEAR_MT = {MT_PER_YEAR: 1.0, "t/yr": 1e-6}
"""Design freight of a line in Mt, held against each direction by itself: such figures speak of the loaded direction."""

MONTHS = 12


def utilisation(
    tables: ComponentTables, topology: Topology, book: ParameterBook, flows: Iterable[LinkFlow]
) -> tuple[tuple[Utilisation, ...], tuple[str, ...]]:
    """Return the utilisation of every link and direction with freight and a capacity, and the parameters used.

    Raises
    ------
    BridgeheadError
        As `of_direction` does.
    """
    tonnes: dict[tuple[str, str, str], float] = defaultdict(float)
    vehicles: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in flows:
        key = (row.link, row.origin, row.destination)
        tonnes[key] += row.tonnes
        vehicles[key] += row.vehicles
    found, used = [], []
    for key in sorted(tonnes):
        link = tables.links_by_id[key[0]]
        if not link.capacity:
            continue
        days, parameter = operating_days(tables, topology, book, link)
        used.append(parameter)
        capacity, unit = of_direction(link)
        load = tonnes[key] / 1e6 if unit == MT_PER_YEAR else vehicles[key] / days
        found.append(
            Utilisation(
                link.id, link.mode, *key[1:], tonnes[key], load, capacity, unit, link.capacity_basis, load / capacity
            )
        )
    return tuple(found), tuple(dict.fromkeys(used))


def of_direction(link: Link) -> tuple[float, str]:
    """Return the capacity of a link in one direction, and its unit: Mt a year, or trains or vehicles a day.

    Raises
    ------
    BridgeheadError
        `network.unknown_capacity_unit` when the link's unit is none of the known ones.
    """
    assert link.capacity is not None
    if link.capacity_unit in PER_YEAR_MT:
        return link.capacity * PER_YEAR_MT[link.capacity_unit], MT_PER_YEAR
    if link.capacity_unit not in PER_DIRECTION:
        known = ", ".join([*PER_DIRECTION, *PER_YEAR_MT])
        detail = {"link": link.id, "unit": link.capacity_unit, "known": known}
        raise BridgeheadError("network.unknown_capacity_unit", detail, Place(file="links.csv", column="capacity_unit"))
    unit = link.capacity_unit.partition("/")[0] + "/day/direction"
    return link.capacity * PER_DIRECTION[link.capacity_unit], unit


def operating_days(tables: ComponentTables, topology: Topology, book: ParameterBook, link: Link) -> tuple[float, str]:
    """Return the days a year on which a link works, and the parameter used; a border link rests with its port."""
    row = book.find("operating_days", mode=link.mode, places=(link.origin, link.destination))
    days = row.value
    if link.id in topology.border_links:
        for end in (link.origin, link.destination):
            port = tables.ports_by_id.get(end)
            if port is not None and port.opening_months:
                days = days * len(set(port.opening_months)) / MONTHS
    return days, row.id
