"""Port roles: what each port carries, how it differs from the others, whom it serves, and who might do what.

One call puts together the profiles (`port_profiles`), hinterlands and processing nearby (`hinterlands`), rivalry
(`port_rivalry`) and the proposed division of work (`port_division`) of a year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bridgehead.engines.flows.demand import demand_of
from bridgehead.engines.flows.hinterlands import Hinterland, Nearby, hinterlands, nearby
from bridgehead.engines.flows.paths import FlowPath
from bridgehead.engines.flows.port_costs import EXPORT, IMPORT, PortCosts
from bridgehead.engines.flows.port_division import Assignment, Room, Rules, divide
from bridgehead.engines.flows.port_profiles import Profile, Reported, Tonnage, profiles, sameness, tonnages
from bridgehead.engines.flows.port_rivalry import Rival, rivals
from bridgehead.engines.flows.results import Flows, Utilisation
from bridgehead.engines.network.components import ComponentTables


@dataclass(frozen=True)
class PortRoles:
    """The roles of the ports in one year.

    `similarity` has the order of `profiles` in rows and columns. `without` names open ports with no known freight.
    """

    year: int
    rules: Rules
    freight: tuple[Tonnage, ...]
    profiles: tuple[Profile, ...]
    similarity: tuple[tuple[float, ...], ...]
    hinterlands: tuple[Hinterland, ...]
    nearby: tuple[Nearby, ...]
    rivals: tuple[Rival, ...]
    rooms: tuple[Room, ...]
    assignments: tuple[Assignment, ...]
    without: tuple[str, ...]

    @cached_property
    def profile(self) -> Mapping[str, Profile]:
        """Profiles by port."""
        return {one.port: one for one in self.profiles}

    @cached_property
    def hinterland(self) -> Mapping[str, Hinterland]:
        """Hinterlands by port."""
        return {one.port: one for one in self.hinterlands}

    @cached_property
    def near(self) -> Mapping[str, Nearby]:
        """What ends near a port, by port."""
        return {one.port: one for one in self.nearby}

    def alike(self, port: str) -> tuple[tuple[str, float], ...]:
        """Return every other port with its similarity, the most alike first; empty for a port without freight."""
        order = [one.port for one in self.profiles]
        if port not in order:
            return ()
        row = self.similarity[order.index(port)]
        found = [(other, value) for other, value in zip(order, row, strict=True) if other != port]
        return tuple(sorted(found, key=lambda item: (-item[1], item[0])))

    def pairs(self) -> tuple[tuple[str, str, float], ...]:
        """Return every pair of ports once with its similarity, the most alike first, the larger port before."""
        order = [one.port for one in self.profiles]
        found = [
            (order[i], order[j], self.similarity[i][j]) for i in range(len(order)) for j in range(i + 1, len(order))
        ]
        return tuple(sorted(found, key=lambda item: (-item[2], item[0], item[1])))


def port_roles(
    tables: ComponentTables,
    flows: Flows,
    paths: Sequence[FlowPath],
    costs: Sequence[PortCosts],
    *,
    reported: Iterable[Reported] = (),
    areas: Mapping[str, str] | None = None,
    rules: Rules | None = None,
) -> PortRoles:
    """Return the roles of the ports of a region.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    flows : Flows
        A loading of the year, for the use of the borders.
    paths : sequence of FlowPath
        The ways of the same loading.
    costs : sequence of PortCosts
        Cost of every flow over each port.
    reported : iterable of Reported
        Reported freight of the year by port, direction and goods.
    areas : mapping, optional
        Place to the id of its league or city; other places count for their country.
    rules : Rules, optional
        Thresholds.
    """
    chosen = rules or Rules()
    _, rows = demand_of(tables, flows.year)
    freight = tonnages(tables, rows, paths, reported)
    found = profiles(freight)
    lands = hinterlands(tables, rows, paths, areas or {})
    rooms = rooms_of(tables, flows, freight)
    known = {one.port for one in found}
    return PortRoles(
        year=flows.demand_year,
        rules=chosen,
        freight=freight,
        profiles=found,
        similarity=sameness(found),
        hinterlands=lands,
        nearby=nearby(tables, rows, paths, chosen.near_km),
        rivals=rivals(costs, _users(tables, paths, costs), lands, chosen.margin),
        rooms=rooms,
        assignments=divide(tables, freight, found, costs, rooms=rooms, rules=chosen),
        without=tuple(
            sorted(p.id for p in tables.ports if p.status == "open" and p.mode != "air" and p.id not in known)
        ),
    )


def rooms_of(tables: ComponentTables, flows: Flows, freight: Iterable[Tonnage]) -> tuple[Room, ...]:
    """Return how full the border at every port is, by direction, where the model uses a border link with a capacity.

    The capacity in tonnes is that of the links the model uses, at the loads it gives their vehicles. Where it sends
    nothing in a direction, the load of a vehicle is not known and the direction has no row.
    """
    sums: dict[tuple[str, str], list[Utilisation]] = defaultdict(list)
    for use in flows.utilisation:
        countries = tables.countries[use.origin], tables.countries[use.destination]
        if countries[0] == countries[1] or use.load <= 0:
            continue
        for end, direction in ((use.origin, EXPORT), (use.destination, IMPORT)):
            if end in tables.ports_by_id and tables.countries[end] == tables.home_country:
                sums[end, direction].append(use)
    carried: dict[tuple[str, str], float] = defaultdict(float)
    for row in freight:
        carried[row.port, row.direction] += row.tonnes
    return tuple(
        Room(
            port,
            direction,
            carried.get((port, direction), 0.0),
            sum(use.tonnes * use.capacity / use.load for use in uses),
            " | ".join(dict.fromkeys(use.capacity_basis for use in uses)),
        )
        for (port, direction), uses in sorted(sums.items())
    )


def _users(
    tables: ComponentTables, paths: Iterable[FlowPath], costs: Iterable[PortCosts]
) -> Mapping[int, tuple[str, ...]]:
    """Return whose freight each flow is: of the port whose mark it bears, else of those the model sends it over."""
    ways: dict[tuple[str, str, str], dict[str, None]] = {}
    for path in sorted(paths, key=lambda path: -path.tonnes):
        ways.setdefault((path.origin, path.destination, path.commodity), {}).update(dict.fromkeys(path.ports))
    found: dict[int, tuple[str, ...]] = {}
    for index, flow in enumerate(costs):
        if flow.calibration_port in tables.ports_by_id:
            found[index] = (flow.calibration_port,)
        else:
            found[index] = tuple(ways.get((flow.origin, flow.destination, flow.commodity), ()))
    return found
