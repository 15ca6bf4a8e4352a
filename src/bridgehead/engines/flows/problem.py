"""What an assignment is asked to solve: a graph with delay functions, classes of users, and demand between nodes.

Cost of an arc for a class: ``fixed + value_of_time * time(volume) + weight * price``, where the volume of a resource is
the flow of all classes on its arcs, each times its weight (vehicles, trains or passenger-car equivalents for a unit of
flow), and the price is zero unless the resource has a limit or the system optimum is wanted. Fixed costs are not
multiplied by the weight.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bridgehead.engines.flows.class_file import ClassRow
from bridgehead.engines.network.delays import DelayTable
from bridgehead.engines.network.directed import DirectedNetwork, Trips
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

Float64 = npt.NDArray[np.float64]
Int32 = npt.NDArray[np.int32]

FEW = 10
"""Most names that a fault lists."""


@dataclass(frozen=True)
class UserClass:
    """Users who see the same costs.

    Parameters
    ----------
    name : str
        What they are called.
    fixed : float64 array, shape (arcs,)
        Cost of each arc besides its time; infinite where the class may not go.
    weight : float64 array, shape (arcs,)
        Volume that one unit of flow puts on the arc's resource.
    value_of_time : float64 array, shape (arcs,)
        Cost of one unit of time on each arc.
    """

    name: str
    fixed: Float64
    weight: Float64
    value_of_time: Float64

    @property
    def scale(self) -> float | None:
        """Weight by value of time, if it is the same on all arcs: what makes costs of classes the slope of one sum."""
        if not len(self.weight):
            return 1.0
        first = self.weight[0], self.value_of_time[0]
        if first[1] <= 0.0 or not ((self.weight == first[0]) & (self.value_of_time == first[1])).all():
            return None
        return float(first[0] / first[1])


@dataclass(frozen=True)
class Pairs:
    """Demand: arrays along the pairs of origin and destination, sorted by class, origin and destination.

    `origin` and `destination` are nodes, `group` is the position of the class, `amount` what is to be moved.
    `overflow` is the cost at which a unit is not sent (infinite: everything is), `overflow_slope` how much that cost
    grows with each unit not sent, so demand is elastic: ``cost = overflow + overflow_slope * unsent``.
    """

    origin: Int32
    destination: Int32
    group: Int32
    amount: Float64
    overflow: Float64
    overflow_slope: Float64

    def __len__(self) -> int:
        return len(self.amount)

    @classmethod
    def of(  # noqa: PLR0917 - columns of a table
        cls,
        origin: npt.ArrayLike,
        destination: npt.ArrayLike,
        amount: npt.ArrayLike,
        group: npt.ArrayLike = 0,
        overflow: npt.ArrayLike = np.inf,
        overflow_slope: npt.ArrayLike = 0.0,
    ) -> Pairs:
        """Return pairs in order; those of one class, origin and destination are one pair, and empty ones drop out.

        The overflow of a pair is that of its first row. A negative amount is not made up for by others of its pair: it
        stays, for `AssignmentProblem.check` to find.
        """
        amounts = np.asarray(amount, dtype=np.float64)
        columns = [np.broadcast_to(np.asarray(c), amounts.shape) for c in (group, origin, destination)]
        kept = np.flatnonzero((amounts != 0.0) & (columns[1] != columns[2]))
        order = kept[np.lexsort(tuple(column[kept] for column in reversed(columns)))]
        keys = np.stack([column[order] for column in columns])
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
        starts = np.flatnonzero(fresh)
        sums = np.empty(0)
        if len(starts):
            least = np.minimum.reduceat(amounts[order], starts)
            sums = np.where(least < 0.0, least, np.add.reduceat(amounts[order], starts))
        over, slope = (
            np.broadcast_to(np.asarray(c, dtype=np.float64), amounts.shape) for c in (overflow, overflow_slope)
        )
        firsts = order[starts]
        return cls(
            keys[1, starts].astype(np.int32), keys[2, starts].astype(np.int32), keys[0, starts].astype(np.int32),
            sums, np.ascontiguousarray(over[firsts]), np.ascontiguousarray(slope[firsts]),
        )  # fmt: skip


@dataclass(frozen=True)
class AssignmentProblem:
    """Everything an assignment needs; arcs stand in compressed sparse rows, sorted by tail.

    `first` (int32, nodes + 1) and `head`, `tail` (int32, arcs) are the graph; `no_through` marks nodes that paths may
    not pass. `resource` (int32, arcs) is the row of `delays` whose volume an arc adds to, or `len(delays)` for none.
    `limit` (float64, rows) is the largest volume of a resource, infinite for none; `background` (float64, rows) is the
    volume of traffic that is not assigned, which counts in delays and limits. `node_labels` and `resource_labels` are
    what faults call nodes and resources; their numbers serve if there are none.
    """

    first: Int32
    head: Int32
    tail: Int32
    no_through: npt.NDArray[np.bool_]
    resource: Int32
    delays: DelayTable
    limit: Float64
    background: Float64
    classes: tuple[UserClass, ...]
    pairs: Pairs
    node_labels: tuple[str, ...] = ()
    resource_labels: tuple[str, ...] = ()

    @property
    def arc_count(self) -> int:
        """Number of arcs."""
        return len(self.head)

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return len(self.first) - 1

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of everything that decides the result."""
        found = hashlib.sha256()
        arrays = [self.first, self.head, self.no_through, self.resource, self.limit, self.background]
        arrays += [self.delays.kind, self.delays.parameters, self.delays.point_first, self.delays.points]
        for one in self.classes:
            found.update(f"{one.name}\0".encode())
            arrays += [one.fixed, one.weight, one.value_of_time]
        arrays += [getattr(self.pairs, name) for name in self.pairs.__dataclass_fields__]
        for array in arrays:
            plain = np.ascontiguousarray(array)
            found.update(f"{plain.dtype.str}{plain.shape}".encode())
            found.update(plain.tobytes())
        return found.hexdigest()

    @cached_property
    def integrable(self) -> bool:
        """Whether the equilibrium is the least of one function: each class has one weight and one value of time."""
        return all(one.scale is not None for one in self.classes)

    def check(self, *, reach: bool = True) -> None:
        """Refuse a problem that cannot be solved, with every fault.

        Parameters
        ----------
        reach : bool
            Whether to look for pairs without a path, which takes a search from every origin. It is done where there are
            other faults, too.

        Raises
        ------
        BridgeheadError
            `delays.bad_row`, `flows.bad_cost`, `flows.bad_demand`, `flows.bad_limit`, `flows.disconnected`.
        """
        demand = self._demand_faults()
        faults = [*self._delay_faults(), *self._cost_faults(), *demand, *self._limit_faults()]
        if (reach or faults) and not demand:
            from bridgehead.engines.flows.reach import unreachable

            faults += self._lost_faults(unreachable(self) & np.isinf(self.pairs.overflow))
        if faults:
            raise BridgeheadError.of(faults)

    def _delay_faults(self) -> list[Fault]:
        found = []
        for fault in self.delays.faults():
            row = _label(self.resource_labels, int(str(fault.parameters["row"])))
            found.append(replace(fault, parameters={**fault.parameters, "row": row}))
        return found

    def _limit_faults(self) -> list[Fault]:
        bad = ~((self.limit > 0.0) & (self.background >= 0.0) & np.isfinite(self.background))
        bad |= self.background > self.limit
        if not bad.any():
            return []
        return [Fault("flows.bad_limit", {"rows": self._resources(np.flatnonzero(bad))}, Place(field="limit"))]

    def _cost_faults(self) -> list[Fault]:
        faults = []
        for one in self.classes:
            bad = np.flatnonzero(~(one.fixed >= 0.0))
            both = np.stack((one.weight, one.value_of_time))
            worse = np.flatnonzero(~((both >= 0.0) & np.isfinite(both)).all(axis=0))
            if bad.size or worse.size:
                detail = {"name": one.name, "arcs": self._arcs(np.union1d(bad, worse))}
                faults.append(Fault("flows.bad_cost", detail, Place(field="classes")))
        return faults

    def _demand_faults(self) -> list[Fault]:
        pairs = self.pairs
        bad = ~((pairs.amount >= 0.0) & np.isfinite(pairs.amount))
        bad |= ~(pairs.overflow >= 0.0) | ~((pairs.overflow_slope >= 0.0) & np.isfinite(pairs.overflow_slope))
        for node in (pairs.origin, pairs.destination):
            bad |= (node < 0) | (node >= self.node_count)
        bad |= (pairs.group < 0) | (pairs.group >= len(self.classes))
        if not bad.any():
            return []
        return [Fault("flows.bad_demand", {"count": int(bad.sum()), "pairs": self._names(bad)}, Place(field="pairs"))]

    def refuse_lost(self, lost: npt.NDArray[np.bool_]) -> None:
        """Refuse pairs without a path and without an overflow.

        Raises
        ------
        BridgeheadError
            `flows.disconnected` if there are any.
        """
        if faults := self._lost_faults(lost):
            raise BridgeheadError.of(faults)

    def _lost_faults(self, lost: npt.NDArray[np.bool_]) -> list[Fault]:
        if not lost.any():
            return []
        return [
            Fault("flows.disconnected", {"count": int(lost.sum()), "pairs": self._names(lost)}, Place(field="pairs"))
        ]

    def _names(self, chosen: npt.NDArray[np.bool_]) -> list[str]:
        rows = np.flatnonzero(chosen)
        ends = zip(self.pairs.origin[rows[:FEW]].tolist(), self.pairs.destination[rows[:FEW]].tolist(), strict=True)
        return _few([f"{self._node(origin)}→{self._node(destination)}" for origin, destination in ends], len(rows))

    def _arcs(self, arcs: npt.NDArray[np.int64]) -> list[str]:
        ends = zip(self.tail[arcs[:FEW]].tolist(), self.head[arcs[:FEW]].tolist(), strict=True)
        return _few([f"{self._node(tail)}→{self._node(head)}" for tail, head in ends], len(arcs))

    def _resources(self, rows: npt.NDArray[np.int64]) -> list[str]:
        return _few([_label(self.resource_labels, row) for row in rows[:FEW].tolist()], len(rows))

    def _node(self, node: int) -> str:
        return _label(self.node_labels, node)


def _label(labels: tuple[str, ...], position: int) -> str:
    return labels[position] if 0 <= position < len(labels) else str(position)


def _few(names: list[str], count: int) -> list[str]:
    return names + ["…"] * (count > len(names))


def problem_of(
    network: DirectedNetwork,
    trips: Sequence[Trips],
    *,
    toll_weight: float = 0.0,
    distance_weight: float = 0.0,
    classes: Sequence[ClassRow] = (),
    limit: Float64 | None = None,
) -> AssignmentProblem:
    """Return the assignment of trips to a directed network; trips within a zone are left out.

    Parameters
    ----------
    network : DirectedNetwork
        Links with their delay functions.
    trips : sequence of Trips
        Demand, one for each class.
    toll_weight, distance_weight : float
        Time that a unit of toll and of length is worth, for all classes.
    classes : sequence of ClassRow
        One for each of `trips`; its share is not applied here. Costs are in units of time: money is divided by the
        value of time. So a system optimum is the least time of all trips, each counted alike, and not the least money
        where classes value time differently.
    limit : float64 array, shape (links,), optional
        Largest volume of each link, infinite where there is none.

    Raises
    ------
    BridgeheadError
        `flows.unknown_zone`.
    """
    _refuse_unknown_zones(network, trips)
    order = np.lexsort((network.head, network.tail))
    counts = np.bincount(network.tail, minlength=network.node_count)
    base = (toll_weight * network.toll + distance_weight * network.length)[order]
    chosen = list(classes) or [ClassRow(one.name or str(i + 1)) for i, one in enumerate(trips)]
    users = []
    for row in chosen:
        money = row.per_link + row.per_length * network.length[order] + row.per_toll * network.toll[order]
        ones = np.ones(len(order))
        in_time = money / row.value_of_time if row.value_of_time > 0.0 else np.full(len(order), np.nan)
        users.append(UserClass(row.name, base + in_time, row.pce * ones, ones))
    rows = [(network.zones[one.origin], network.zones[one.destination], one.amount) for one in trips]
    ends = [np.concatenate(column) for column in zip(*rows, strict=True)] if rows else [np.empty(0)] * 3
    pairs = Pairs.of(ends[0], ends[1], ends[2], np.repeat(np.arange(len(trips)), [len(one.amount) for one in trips]))
    return AssignmentProblem(
        first=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        head=np.ascontiguousarray(network.head[order], dtype=np.int32),
        tail=np.ascontiguousarray(network.tail[order], dtype=np.int32),
        no_through=np.ascontiguousarray(network.no_through),
        resource=order.astype(np.int32),
        delays=network.delays,
        limit=np.full(network.link_count, np.inf) if limit is None else limit,
        background=np.zeros(network.link_count),
        classes=tuple(users),
        pairs=pairs,
        node_labels=network.node_ids,
        resource_labels=network.link_ids,
    )


def _refuse_unknown_zones(network: DirectedNetwork, trips: Sequence[Trips]) -> None:
    faults = []
    for i, one in enumerate(trips):
        ends = np.stack((one.origin, one.destination))
        bad = np.flatnonzero(((ends < 0) | (ends >= len(network.zones))).any(axis=0))
        if bad.size:
            names = _few([f"{a}→{b}" for a, b in ends[:, bad[:FEW]].T.tolist()], bad.size)
            detail = {"name": one.name or str(i + 1), "pairs": names, "zones": len(network.zones)}
            faults.append(Fault("flows.unknown_zone", detail, Place(field="trips")))
    if faults:
        raise BridgeheadError.of(faults)
