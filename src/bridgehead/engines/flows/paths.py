"""Which way every flow took: the links and border ports of each demand row in a loading.

The sums of a loading say how much runs over a link; the paths say whose freight it is. An equilibrium gives several for
a row that is split.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridgehead.engines.network.components import ComponentTables
from bridgehead.engines.network.topology import Kind, Topology
from bridgehead.engines.network.virtual import VirtualNetwork


@dataclass(frozen=True, slots=True)
class Step:
    """A link passed in one direction, from `origin` to `destination`.

    `usd_per_t`, `hours` and `kg_co2e_per_t` are those of the haul alone, without queues, loading and changes, to six
    digits.
    """

    link: str
    origin: str
    destination: str
    usd_per_t: float = 0.0
    hours: float = 0.0
    kg_co2e_per_t: float = 0.0


@dataclass(frozen=True, slots=True)
class FlowPath:
    """The way of one yearly flow.

    `ports` are the home ports at which it crosses the home border, in order; a flow inside one country has none.
    `usd_per_t`, `hours` and `kg_co2e_per_t` are those of the whole way without queues, `wait_h` the hours in queues.
    """

    origin: str
    destination: str
    commodity: str
    tonnes: float
    calibration_port: str
    steps: tuple[Step, ...]
    ports: tuple[str, ...]
    usd_per_t: float = 0.0
    hours: float = 0.0
    wait_h: float = 0.0
    kg_co2e_per_t: float = 0.0

    def as_list(self, number: Mapping[Step, int]) -> list[Any]:
        """Return the fields in order as JSON types, each step by its number: ways have most of them in common."""
        steps = [number[step] for step in self.steps]
        return [
            self.origin, self.destination, self.commodity, self.tonnes, self.calibration_port, steps, list(self.ports),
            self.usd_per_t, self.hours, self.wait_h, self.kg_co2e_per_t,
        ]  # fmt: skip

    @classmethod
    def from_list(cls, given: list[Any], every_step: Sequence[Step]) -> FlowPath:
        """Return the record of what `as_list` gave, with the steps in the order of their numbers."""
        origin, destination, commodity, tonnes, mark, steps, ports, *figures = given
        way = tuple(every_step[number] for number in steps)
        return cls(origin, destination, commodity, float(tonnes), mark, way, tuple(ports), *map(float, figures))


class Hauls:
    """The links under the arcs of a virtual network, and the home ports at which they cross the home border."""

    def __init__(self, tables: ComponentTables, topology: Topology) -> None:
        self._tables, self._topology = tables, topology
        self._is_haul = (topology.kind == Kind.HAUL).tolist()
        self._known: dict[int, tuple[str, str, str, str]] = {}

    def of(
        self, priced: VirtualNetwork, arcs: Iterable[int], made: dict[int, Step]
    ) -> tuple[tuple[Step, ...], tuple[str, ...]]:
        """Return the links on a chain of arcs and its home ports; `made` keeps the steps of arcs at these prices."""
        steps: list[Step] = []
        ports: list[str] = []
        for arc in arcs:
            if not self._is_haul[arc]:
                continue
            if arc not in self._known:
                self._known[arc] = self._haul(arc)
            if arc not in made:
                figures = (priced.usd_per_t[arc], priced.hours[arc], priced.kg_per_t[arc])
                made[arc] = Step(*self._known[arc][:3], *(float(f"{figure:.6g}") for figure in figures))
            steps.append(made[arc])
            if port := self._known[arc][3]:
                ports.append(port)
        return tuple(steps), tuple(ports)

    def _haul(self, arc: int) -> tuple[str, str, str, str]:
        """Return link, begin and end of a haul, and the home port at which it crosses the home border, or nothing."""
        tables, topology = self._tables, self._topology
        link = topology.links[int(topology.link[arc])]
        ends = (link.origin, link.destination) if topology.forward[arc] else (link.destination, link.origin)
        countries = [tables.countries[end] for end in ends]
        port = ""
        if link.id in topology.border_links and tables.home_country in countries:
            inside = ends[countries.index(tables.home_country)]
            port = inside if inside in tables.ports_by_id else ""
        return link.id, *ends, port
