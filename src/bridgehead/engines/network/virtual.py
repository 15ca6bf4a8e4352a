"""The virtual network with its costs: CSR arrays of money, hours and emissions for one kind of goods.

`Network` holds the shape of a year once and prices it for as many goods as are asked for; `build` is the short way
for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bridgehead.engines.network.components import MODES, RAIL, ROAD, SEA, ComponentTables
from bridgehead.engines.network.costing import Charge, CostModel, Goods
from bridgehead.engines.network.lookup import alike
from bridgehead.engines.network.opening import open_links
from bridgehead.engines.network.parameters import ParameterBook
from bridgehead.engines.network.topology import Float64, Topology, build_topology
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

By = Literal["cost", "time", "co2e", "mix", "generalised"]
DEFAULT_MODES = (RAIL, ROAD, SEA)
"""Modes used unless a caller asks for others; air services are not verified and have to be named."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What an hour and a kilogram of CO2 equivalents of a whole consignment count for in a mix, beside its money.

    `parameter` names the row the value of an hour rests on; blank where the caller stated it.
    """

    usd_per_h: float
    usd_per_kg_co2e: float
    parameter: str = ""


@dataclass(frozen=True)
class VirtualNetwork:
    """The virtual network priced for one kind of goods; arrays run along the arcs of `topology`, per tonne.

    `standing_usd_per_t` is the standing cost of vehicles, which counts in the generalised cost only.
    `time_value_usd_per_t_h` is the value of an hour to the owner of the goods.
    """

    topology: Topology
    goods: Goods
    charges: tuple[Charge, ...]
    usd_per_t: Float64
    hours: Float64
    kg_per_t: Float64
    standing_usd_per_t: Float64
    time_value_usd_per_t_h: float
    time_value_parameter: str

    def cost(
        self,
        by: By,
        closed: frozenset[str] = frozenset(),
        *,
        weights: Weights | None = None,
        tonnes: float = 1.0,
    ) -> Float64:
        """Return the arc costs (float64) of a criterion.

        Parameters
        ----------
        by : {"cost", "time", "co2e", "mix", "generalised"}
            Money in USD per t, hours, kg of CO2 equivalents per t, money with hours and emissions at the stated
            weights in USD per t, or generalised cost in USD per t.
        closed : frozenset of str
            Links that may not be used; their arcs cost infinity.
        weights : Weights, optional
            Weights of a mix, for the whole consignment.
        tonnes : float
            Tonnes of the consignment those weights are for.

        Raises
        ------
        BridgeheadError
            `route.bad_criterion` for another word.
        """
        if by == "cost":
            chosen = self.usd_per_t
        elif by == "time":
            chosen = self.hours
        elif by == "co2e":
            chosen = self.kg_per_t
        elif by == "mix" and weights is not None:
            chosen = self.usd_per_t + weights.usd_per_h / tonnes * self.hours + weights.usd_per_kg_co2e * self.kg_per_t
        elif by == "generalised":
            chosen = self.usd_per_t + self.time_value_usd_per_t_h * self.hours + self.standing_usd_per_t
        else:
            raise BridgeheadError(
                "route.bad_criterion", {"by": by, "known": "cost, time, co2e, mix, generalised"}, Place(field="by")
            )
        return np.where(self.topology.arcs_of(closed), np.inf, chosen) if closed else chosen


class Network:
    """The virtual network of one year and one choice of links, priced on demand.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    year : int
        Year looked at; links open by it exist.
    include : iterable of str
        Ids of links opened for a scenario whatever their status.
    modes : sequence of str
        Modes that may be used.
    home_ports_only : bool
        Whether the home border may be crossed at the ports of the region only.

    Raises
    ------
    BridgeheadError
        `route.year_outside_data`, `route.unknown_mode`, `network.unknown_link`, or the faults of the parameter table.
    """

    def __init__(
        self,
        tables: ComponentTables,
        year: int | None = None,
        *,
        include: Iterable[str] = (),
        modes: Sequence[str] = DEFAULT_MODES,
        home_ports_only: bool = False,
    ) -> None:
        self.tables = tables
        self.year = check_year(tables, year)
        self.include = frozenset(include)
        self.modes = check_modes(modes)
        self.home_ports_only = home_ports_only
        self.book = ParameterBook(tables.parameters)
        links = open_links(tables, self.year, self.include, self.modes, home_ports_only=home_ports_only)
        self.topology = build_topology(tables, self.book, links, self.year)
        self.model = CostModel(self.book, self.topology.signatures)
        self._priced: dict[Goods, VirtualNetwork] = {}

    def like(self, tables: ComponentTables, year: int) -> Network:
        """Return the network of other tables with the same settings, taking over what both have in common.

        Where nothing but the demand differs that is the shape and all prices.
        """
        made = copy(self)
        made.tables, made.year = tables, check_year(tables, year)
        mine = self.tables
        if tables.parameters != mine.parameters:
            made.book = ParameterBook(tables.parameters)
        changed = made.book is not self.book or tables.commodities != mine.commodities
        if made.year != self.year or (tables.places, tables.ports, tables.links) != (
            mine.places,
            mine.ports,
            mine.links,
        ):
            links = open_links(tables, made.year, self.include, self.modes, home_ports_only=self.home_ports_only)
            made.topology = build_topology(tables, made.book, links, made.year)
            changed = True
        if changed:
            made.model = CostModel(made.book, made.topology.signatures, self.model if made.book is self.book else None)
            made._priced = {}
        return made

    def price(self, goods: Goods) -> VirtualNetwork:
        """Return the network priced for goods; the same goods are priced once."""
        if goods not in self._priced:
            self._priced[goods] = self._price(goods)
        return self._priced[goods]

    def _price(self, goods: Goods) -> VirtualNetwork:
        topology = self.topology
        charges = self.model.charges(goods)
        table = np.array(
            [
                (c.usd_per_t, c.usd_per_tkm, c.hours, c.hours_per_km, c.kg_per_t, c.kg_per_tkm, c.standing_usd_per_t)
                for c in charges
            ],
            dtype=np.float64,
        ).reshape(-1, 7)
        fixed = table[topology.signature]
        km = topology.length_km
        hour, row = self.model.value_of_time(goods)
        return VirtualNetwork(
            topology=topology,
            goods=goods,
            charges=charges,
            usd_per_t=fixed[:, 0] + fixed[:, 1] * km,
            hours=fixed[:, 2] + fixed[:, 3] * km,
            kg_per_t=fixed[:, 4] + fixed[:, 5] * km,
            standing_usd_per_t=np.ascontiguousarray(fixed[:, 6]),
            time_value_usd_per_t_h=hour,
            time_value_parameter=row.id,
        )


def check_year(tables: ComponentTables, year: int | None) -> int:
    """Return the year to work with, the base year if none is given.

    Raises
    ------
    BridgeheadError
        `route.year_outside_data` when the tables say nothing of that year.
    """
    if faults := list(year_faults(tables, year)):
        raise BridgeheadError.of(faults)
    return tables.base_year if year is None else year


def year_faults(tables: ComponentTables, year: int | None) -> Iterator[Fault]:
    """Yield a fault for a year of which the tables say nothing."""
    first, last = tables.horizon
    if year is not None and not first <= year <= last:
        yield Fault("route.year_outside_data", {"year": year, "first": first, "last": last}, Place(field="year"))


def check_modes(modes: Sequence[str]) -> tuple[str, ...]:
    """Return the modes to use, each once.

    Raises
    ------
    BridgeheadError
        `route.unknown_mode` for a word that is no mode, or where there is none at all.
    """
    if faults := list(mode_faults(modes)):
        raise BridgeheadError.of(faults)
    return tuple(dict.fromkeys(modes))


def mode_faults(modes: Sequence[str]) -> Iterator[Fault]:
    """Yield a fault for words that are no mode, or where there is none at all."""
    unknown = [mode for mode in modes if mode not in MODES]
    if unknown or not modes:
        given, known = ", ".join(unknown), ", ".join(MODES)
        yield Fault("route.unknown_mode", {"mode": given, "known": known}, Place(field="modes"))


def goods_of(tables: ComponentTables, commodity: str, *, boxed: bool = False) -> Goods:
    """Return the goods of a commodity id.

    Raises
    ------
    BridgeheadError
        `route.unknown_commodity` with ids that look alike.
    """
    found = tables.commodities_by_id.get(commodity)
    if found is None:
        detail = {"commodity": commodity, "close": ", ".join(alike(commodity, tables.commodities_by_id))}
        raise BridgeheadError("route.unknown_commodity", detail, Place(field="commodity"))
    return Goods(found, boxed)


def build(
    tables: ComponentTables,
    *,
    commodity: str,
    boxed: bool = False,
    year: int | None = None,
    include: Iterable[str] = frozenset(),
) -> VirtualNetwork:
    """Build the virtual network of a year priced for one commodity.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    commodity : str
        Commodity id.
    boxed : bool
        Whether the goods travel in containers.
    year : int, optional
        Year; the base year if not given.
    include : iterable of str
        Links opened for a scenario.
    """
    return Network(tables, year, include=include).price(goods_of(tables, commodity, boxed=boxed))
