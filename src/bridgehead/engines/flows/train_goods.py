"""Why trains counted at ports and trains of the model differ: how many the goods asked for would fill at most."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bridgehead.engines.flows.results import PortFlow
from bridgehead.engines.network.components import RAIL, ROAD, Demand, Port


@dataclass(frozen=True, slots=True)
class TrainGoods:
    """What the goods of the reported trains come to in a model: tonnes asked for, and sent over road ports.

    `t_per_train` is the load of a train, `reported` the trains of all ports together in a year.
    """

    commodity: str
    demand_t: float
    road_t: float
    t_per_train: float
    reported: float

    @property
    def most(self) -> float:
        """Trains that all the goods would fill."""
        return self.demand_t / self.t_per_train if self.t_per_train else 0.0


def train_goods(
    counted: Iterable[tuple[str, float]], demand: Iterable[Demand], flows: Iterable[PortFlow], ports: Iterable[Port]
) -> tuple[TrainGoods, ...]:
    """Return what the goods of reported trains come to.

    Parameters
    ----------
    counted : iterable of (str, float)
        A commodity, and the trains of a year that carried it at some port.
    demand : iterable of Demand
        What is asked for in that year.
    flows : iterable of PortFlow
        The freight of the model over the ports.
    ports : iterable of Port
        The ports.
    """
    rows, freight = tuple(demand), tuple(flows)
    modes = {port.id: port.mode for port in ports}
    reported: dict[str, float] = defaultdict(float)
    for commodity, trains in counted:
        reported[commodity] += trains
    found = []
    for commodity, trains in sorted(reported.items()):
        crossing = [row for row in freight if row.commodity == commodity]
        by_rail = [row for row in crossing if modes[row.port] == RAIL]
        vehicles = math.fsum(row.vehicles for row in by_rail)
        found.append(
            TrainGoods(
                commodity,
                math.fsum(row.tonnes for row in rows if row.commodity == commodity),
                math.fsum(row.tonnes for row in crossing if modes[row.port] == ROAD),
                math.fsum(row.tonnes for row in by_rail) / vehicles if vehicles else 0.0,
                trains,
            )
        )
    return tuple(found)
