"""Small assignments and an independent answer to them: all paths counted up, delays by formula, a general optimiser."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from bridgehead.engines.flows.equilibrium import Equilibrium
from bridgehead.engines.flows.problem import AssignmentProblem, Pairs, UserClass, problem_of
from bridgehead.engines.network.delays import PARAMETERS, WIDTH, DelayKind, DelayTable
from bridgehead.engines.network.directed import DirectedNetwork, Trips

Float64 = npt.NDArray[np.float64]
TNTP = Path(__file__).parents[3] / "shared" / "bench" / "tntp"
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)

Row = tuple[DelayKind, tuple[float, ...], tuple[tuple[float, float], ...]]


def row(kind: DelayKind, *parameters: float, points: Sequence[tuple[float, float]] = ()) -> Row:
    return kind, parameters, tuple(points)


def constant(time: float) -> Row:
    return row(DelayKind.CONSTANT, time)


def bpr(time: float, capacity: float, b: float = 0.15, power: float = 4.0) -> Row:
    return row(DelayKind.BPR, time, capacity, b, power)


def table_of(rows: Sequence[Row]) -> DelayTable:
    parameters = np.zeros((len(rows), WIDTH))
    for i, (_, values, _) in enumerate(rows):
        parameters[i, : len(values)] = values
    points = [point for _, _, some in rows for point in some]
    first = np.concatenate(([0], np.cumsum([len(some) for _, _, some in rows]))).astype(np.int32)
    kinds = np.array([kind for kind, _, _ in rows], dtype=np.int8)
    return DelayTable(kinds, parameters, first, np.array(points, dtype=np.float64).reshape(-1, 2))


def assignment(
    arcs: Sequence[tuple[int, int, Row]],
    pairs: Pairs,
    *,
    classes: Sequence[UserClass] | None = None,
    limit: dict[int, float] | None = None,
    background: dict[int, float] | None = None,
) -> AssignmentProblem:
    """Return a problem whose arcs stand in the order given, which must be by tail; each arc is its own resource."""
    tail = np.array([arc[0] for arc in arcs], dtype=np.int32)
    head = np.array([arc[1] for arc in arcs], dtype=np.int32)
    assert (np.diff(tail) >= 0).all()
    nodes = int(max([*tail, *head, *pairs.origin, *pairs.destination], default=-1)) + 1
    count = len(arcs)
    one = UserClass("all", np.zeros(count), np.ones(count), np.ones(count))
    limits, behind = np.full(count, np.inf), np.zeros(count)
    limits[list(limit or {})] = list((limit or {}).values())
    behind[list(background or {})] = list((background or {}).values())
    return AssignmentProblem(
        first=np.searchsorted(tail, np.arange(nodes + 1)).astype(np.int32),
        head=head,
        tail=tail,
        no_through=np.zeros(nodes, dtype=bool),
        resource=np.arange(count, dtype=np.int32),
        delays=table_of([arc[2] for arc in arcs]),
        limit=limits,
        background=behind,
        classes=tuple(classes) if classes is not None else (one,),
        pairs=pairs,
    )


# --- Delay functions once more, from their publications ---


def erlang_c(load: Float64, servers: int) -> Float64:
    """Return the chance to wait before `servers` servers, by its sum."""
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(load**k / math.factorial(k) for k in range(servers)) + last)


def queue(volume: Float64, free: float, capacity: float, servers: float, variability: float, join: float) -> Float64:
    def wait(at: Float64) -> Float64:
        return variability * erlang_c(at / capacity * servers, int(servers)) / (capacity - at)

    knee = np.float64(join * capacity)
    step = 1e-6 * capacity
    slope = (wait(knee + step) - wait(knee - step)) / (2 * step)
    return free + wait(np.minimum(volume, knee)) + slope * np.maximum(volume - knee, 0.0)


def time_at(one: Row, volume: Float64) -> Float64:
    """Return the times of a row at volumes, by the published formula."""
    kind, given, points = one
    named = dict(zip(PARAMETERS[kind], given, strict=True))
    free = named["free_flow_time"]
    if kind is DelayKind.CONSTANT:
        return np.full(np.shape(volume), free)
    if kind is DelayKind.PORT_QUEUE:
        return queue(np.asarray(volume), *given)
    if kind is DelayKind.BPR and 0.0 in (free, named["b"], named["power"]):
        return np.full(np.shape(volume), free * (1.0 + (named["b"] if named["power"] == 0.0 else 0.0)))
    ratio = np.asarray(volume) / named["capacity"]
    if kind is DelayKind.BPR:
        return free * (1.0 + named["b"] * ratio ** named["power"])
    if kind is DelayKind.CONICAL:
        a = named["alpha"]
        b = (2 * a - 1) / (2 * a - 2)
        return free * (2 + np.sqrt(a**2 * (1 - ratio) ** 2 + b**2) - a * (1 - ratio) - b)
    if kind is DelayKind.AKCELIK:
        z, period = ratio - 1, named["period"]
        inner = z**2 + 8 * named["delay_parameter"] * ratio / (named["capacity"] * period)
        return free + period / 4 * (z + np.sqrt(inner))
    x, y = np.array(points).T
    beyond = y[-1] + (ratio - x[-1]) * (y[-1] - y[-2]) / (x[-1] - x[-2])
    return free * np.where(ratio > x[-1], beyond, np.interp(ratio, x, y))


def breaks_of(one: Row) -> list[float]:
    """Return the volumes at which a row is not smooth."""
    kind, given, points = one
    if kind is DelayKind.PIECEWISE:
        return [x * given[1] for x, _ in points[1:]]
    return [given[1] * given[4]] if kind is DelayKind.PORT_QUEUE else [given[1]] if kind is DelayKind.AKCELIK else []


def area_to(one: Row, volume: float) -> float:
    """Return the integral of a row from zero, by Gauss's quadrature between the breaks."""
    if one[0] is DelayKind.BPR:  # a power below one has no bounded slope at zero; its integral is in every textbook
        free, capacity, b, power = one[1]
        if 0.0 in (free, b, power):
            return float(time_at(one, np.array(0.0))) * volume
        return free * (volume + b * volume * (volume / capacity) ** power / (power + 1.0))
    ends = [0.0, *(at for at in breaks_of(one) if at < volume), volume]
    total = 0.0
    for low, high in pairwise(ends):
        half = 0.5 * (high - low)
        total += half * float(_WEIGHTS @ time_at(one, low + half * (1.0 + _NODES)))
    return total


# --- The answer by a general optimiser ---


def rows_of(table: DelayTable) -> list[Row]:
    found = []
    for i in range(len(table)):
        kind = DelayKind(int(table.kind[i]))
        values = tuple(table.parameters[i, : len(PARAMETERS[kind])].tolist())
        found.append(row(kind, *values, points=[(x, y) for x, y in table.points_of(i).tolist()]))
    return found


def every_path(problem: AssignmentProblem, origin: int, destination: int, group: int) -> Iterator[list[int]]:
    """Yield every simple path as a list of arcs."""
    fixed = problem.classes[group].fixed

    def go(node: int, seen: frozenset[int], arcs: list[int]) -> Iterator[list[int]]:
        if node == destination:
            yield arcs
            return
        if arcs and problem.no_through[node]:
            return
        for arc in range(problem.first[node], problem.first[node + 1]):
            following = int(problem.head[arc])
            if following not in seen and np.isfinite(fixed[arc]):
                yield from go(following, seen | {following}, [*arcs, arc])

    yield from go(origin, frozenset({origin}), [])


@dataclass(frozen=True)
class Answer:
    """What the optimiser found: value of the function, volumes, and demand not sent."""

    objective: float
    volume: Float64
    unserved: Float64


class ByPaths:
    """An assignment written out in all its paths, as a function of their flows."""

    def __init__(self, problem: AssignmentProblem, system_optimum: bool = False) -> None:
        self.problem, self.social = problem, system_optimum
        self.rows = rows_of(problem.delays)
        pairs = problem.pairs
        self.paths: list[tuple[int, list[int]]] = []
        for i in range(len(pairs)):
            ends = int(pairs.origin[i]), int(pairs.destination[i]), int(pairs.group[i])
            self.paths += [(i, arcs) for arcs in every_path(problem, *ends)]
            self.paths += [(i, [])] if np.isfinite(pairs.overflow[i]) else []
        count, rows = len(self.paths), len(self.rows)
        self.by_row, self.money = np.zeros((rows, count)), np.zeros((rows, count))
        self.fixed, self.scale = np.zeros(count), np.ones(count)
        self.over = np.array([not arcs for _, arcs in self.paths])
        self.pair = np.array([pair for pair, _ in self.paths])
        for j, (pair, arcs) in enumerate(self.paths):
            one = problem.classes[int(pairs.group[pair])]
            self.scale[j] = 1.0 if system_optimum else float(one.scale or 1.0)
            self.fixed[j] = one.fixed[arcs].sum()
            for arc in arcs:
                self.by_row[problem.resource[arc], j] += one.weight[arc]
                self.money[problem.resource[arc], j] += one.value_of_time[arc]
        self.level = np.where(self.over, pairs.overflow[self.pair], 0.0)
        self.steep = np.where(self.over, pairs.overflow_slope[self.pair], 0.0)
        self.served = (self.pair[None, :] == np.arange(len(pairs))[:, None]).astype(float)

    def value(self, flow: Float64) -> float:
        """Return Beckmann's function, or the total cost for the system optimum."""
        flow = np.maximum(flow, 0.0)
        volume, behind = self.by_row @ flow, self.problem.background
        if self.social:
            times = [float(time_at(one, np.array(x))) for one, x in zip(self.rows, volume + behind, strict=True)]
            cost = float(np.array(times) @ (self.money @ flow))
        else:
            cost = math.fsum(
                area_to(one, x + y) - (area_to(one, y) if y else 0.0)
                for one, x, y in zip(self.rows, volume, behind, strict=True)
            )
        rest = self.scale * ((self.fixed + self.level) * flow + 0.5 * self.steep * flow**2)
        return cost + float(rest.sum())

    def value_of(self, found: Equilibrium) -> float:
        """Return the same for flows on arcs."""
        problem, behind, pairs = self.problem, self.problem.background, self.problem.pairs
        times = [float(time_at(one, np.array(x))) for one, x in zip(self.rows, found.volume + behind, strict=True)]
        total = 0.0
        for one, flow in zip(problem.classes, found.arc_flow, strict=True):
            scale = 1.0 if self.social else float(one.scale or 1.0)
            total += scale * float(one.fixed[flow > 0.0] @ flow[flow > 0.0])
            if self.social:
                total += float((one.value_of_time * np.append(times, 0.0)[problem.resource]) @ flow)
        if not self.social:
            ends = zip(self.rows, found.volume, behind, strict=True)
            total += math.fsum(area_to(one, x + y) - (area_to(one, y) if y else 0.0) for one, x, y in ends)
        scales = np.array([1.0 if self.social else float(one.scale or 1.0) for one in problem.classes])[pairs.group]
        lost = found.unserved > 0.0
        unsent = found.unserved[lost]
        rest = pairs.overflow[lost] * unsent + 0.5 * pairs.overflow_slope[lost] * unsent**2
        return total + float(scales[lost] @ rest)

    def slope(self, flow: Float64) -> Float64:
        """Return its gradient."""
        flow = np.maximum(flow, 0.0)
        volume = self.by_row @ flow + self.problem.background
        times = np.array([float(time_at(one, np.array(x))) for one, x in zip(self.rows, volume, strict=True)])
        rest = self.scale * (self.fixed + self.level + self.steep * flow)
        if not self.social:
            return self.by_row.T @ times + rest
        rises = np.array([_slope(one, x) for one, x in zip(self.rows, volume, strict=True)])
        return self.money.T @ times + self.by_row.T @ (rises * (self.money @ flow)) + rest

    def solve(self, start: Float64 | None = None) -> Answer:
        """Minimise with sequential quadratic programming, limits as inequalities."""
        problem, amount = self.problem, self.problem.pairs.amount
        size = self.served.sum(axis=1)
        begin = (amount / size)[self.pair] if start is None else start
        unit = max(abs(self.value(begin)), 1e-9)
        rules: list[dict[str, Any]] = [
            {"type": "eq", "fun": lambda f: self.served @ f - amount, "jac": lambda _: self.served}
        ]
        tight = np.flatnonzero(np.isfinite(problem.limit))
        if tight.size:
            room = (problem.limit - problem.background)[tight]
            rules.append({"type": "ineq", "fun": lambda f: room - self.by_row[tight] @ f,
                          "jac": lambda _: -self.by_row[tight]})  # fmt: skip
        found = minimize(
            lambda f: self.value(f) / unit, begin, jac=lambda f: self.slope(f) / unit, method="SLSQP",
            bounds=[(0.0, None)] * len(begin), constraints=rules, options={"ftol": 1e-14, "maxiter": 500},
        )  # fmt: skip
        flow = np.maximum(found.x, 0.0)
        flow *= (amount / (self.served @ flow))[self.pair]
        unserved = np.bincount(self.pair[self.over], flow[self.over], minlength=len(amount))
        return Answer(self.value(flow), self.by_row @ flow, unserved)


def _slope(one: Row, volume: float) -> float:
    step = 1e-6 * max(volume, 1e-3)
    low = max(volume - step, 0.0)
    high = volume + step
    return float((time_at(one, np.array(high)) - time_at(one, np.array(low))) / (high - low))


# --- The condition of equilibrium, looked at from outside ---


def gap_of(problem: AssignmentProblem, flow: Float64, time: Float64, price: Float64, unserved: Float64) -> float:
    """Return the relative gap of class flows at times and prices of the resources, with scipy's shortest paths."""
    total = least = 0.0
    pairs, nodes = problem.pairs, problem.node_count
    for group, one in enumerate(problem.classes):
        row_time, row_price = np.append(time, 0.0)[problem.resource], np.append(price, 0.0)[problem.resource]
        cost = one.fixed + one.value_of_time * row_time + one.weight * row_price
        used = flow[group] > 0.0
        total += float(cost[used] @ flow[group][used])
        mine = np.flatnonzero(pairs.group == group)
        reach = _distances(problem, np.where(np.isfinite(cost), cost, np.inf), nodes)
        for i in mine:
            top = pairs.overflow[i] + pairs.overflow_slope[i] * unserved[i]
            total += top * unserved[i] if unserved[i] else 0.0
            least += min(reach[pairs.origin[i], pairs.destination[i]], top) * pairs.amount[i]
    return (total - least) / total if total else 0.0


def _distances(problem: AssignmentProblem, cost: Float64, nodes: int) -> Float64:
    """Return the distances between all nodes; parallel arcs count by the cheaper, closed nodes only as ends."""
    found = np.full((nodes, nodes), np.inf)
    for origin in range(nodes):
        usable = np.isfinite(cost) & (~problem.no_through[problem.tail] | (problem.tail == origin))
        best: dict[tuple[int, int], float] = {}
        for arc in np.flatnonzero(usable):
            ends = int(problem.tail[arc]), int(problem.head[arc])
            best[ends] = min(best.get(ends, np.inf), max(float(cost[arc]), 1e-300))  # scipy takes zero for no arc
        if best:
            i, j = np.array(list(best)).T
            graph = csr_matrix((list(best.values()), (i, j)), shape=(nodes, nodes))
            found[origin] = dijkstra(graph, indices=origin)
        found[origin, origin] = 0.0
    return found


# --- Random problems ---


def random_row(random: np.random.Generator, kinds: Sequence[DelayKind], convex: bool) -> Row:
    kind = kinds[random.integers(len(kinds))]
    free, capacity = float(random.uniform(1, 10)), float(random.uniform(5, 30))
    match kind:
        case DelayKind.CONSTANT:
            return constant(free)
        case DelayKind.BPR:
            return bpr(free, capacity, float(random.uniform(0.1, 2)), float(random.choice([1.0, 1.5, 2.0, 4.0])))
        case DelayKind.CONICAL:
            return row(kind, free, capacity, float(random.uniform(2, 10)))
        case DelayKind.AKCELIK:
            return row(kind, free, capacity, float(random.uniform(0.1, 2)), float(random.uniform(1, 20)))
        case DelayKind.PORT_QUEUE:
            servers = float(random.integers(1, 12))
            return row(kind, free, capacity, servers, float(random.uniform(0.3, 1.5)), float(random.uniform(0.5, 0.97)))
        case _:
            x = np.concatenate(([0.0], np.cumsum(random.uniform(0.2, 0.8, 3))))
            rises = random.uniform(0.0, 4.0, 3)
            y = np.concatenate(([1.0], 1.0 + np.cumsum(np.diff(x) * (np.sort(rises) if convex else rises))))
            return row(kind, free, capacity, points=list(zip(x.tolist(), y.tolist(), strict=True)))


SMOOTH = (DelayKind.BPR, DelayKind.CONICAL, DelayKind.AKCELIK, DelayKind.PORT_QUEUE)


def random_problem(
    seed: int,
    *,
    kinds: Sequence[DelayKind] = SMOOTH,
    classes: int = 1,
    overflow: bool = False,
    limits: int = 0,
    background: bool = False,
    convex: bool = False,
) -> AssignmentProblem:
    """Return a problem of five nodes on a ring with chords, of up to four pairs; the same for the same seed.

    `convex` bends piecewise delays upwards only, without which a system optimum need not be the only one.
    """
    random = np.random.default_rng(seed)
    nodes = 5
    ends = {(i, (i + 1) % nodes) for i in range(nodes)}
    while len(ends) < 11:
        i, j = random.integers(0, nodes, 2).tolist()
        if i != j:
            ends.add((i, j))
    arcs = [(i, j, random_row(random, kinds, convex)) for i, j in sorted(ends)]
    count = len(arcs)
    users = []
    for group in range(classes):
        weight, hour = (1.0, 1.0) if group == 0 else (float(random.uniform(0.5, 3)), float(random.uniform(0.3, 3)))
        fixed = random.uniform(0, 4, count) * (random.random(count) < 0.7)
        users.append(UserClass(f"class {group}", fixed, np.full(count, weight), np.full(count, hour)))
    many = int(random.integers(2, 5))
    origin = random.integers(0, nodes, many)
    destination = (origin + random.integers(1, nodes, many)) % nodes
    top = random.uniform(5, 40, many) if overflow else np.inf
    rise = random.uniform(0, 3, many) if overflow else 0.0
    pairs = Pairs.of(origin, destination, random.uniform(5, 30, many), random.integers(0, classes, many), top, rise)
    behind = {int(i): float(random.uniform(1, 10)) for i in random.integers(0, count, 3)} if background else {}
    problem = assignment(arcs, pairs, classes=users, background=behind)
    if limits:
        chosen = random.permutation(count)[:limits]
        cap = problem.limit.copy()
        cap[chosen] = problem.background[chosen] + random.uniform(1, 12, limits)
        problem = replace(problem, limit=cap)
    return problem


# --- Networks of the TNTP collection ---


@cache
def tntp(name: str) -> tuple[DirectedNetwork, Trips, Float64]:
    """Return a network of the collection, its trips, and its published volumes; a reader of a few lines for tests."""
    lines = [_numbers(line) for line in (TNTP / f"{name}_net.tntp").read_text().splitlines()]
    meta = _meta(TNTP / f"{name}_net.tntp")
    links = np.array([line[:10] for line in lines if len(line) >= 10])
    nodes, zones = int(meta["NUMBER OF NODES"]), int(meta["NUMBER OF ZONES"])
    demand = np.zeros((zones, zones))
    origin = 0
    for line in (TNTP / f"{name}_trips.tntp").read_text().splitlines():
        if line.startswith("Origin"):
            origin = int(line.split()[1]) - 1
        elif ":" in line:
            for cell in line.split(";"):
                if ":" in cell:
                    to, amount = cell.split(":")
                    demand[origin, int(to) - 1] = float(amount)
    unknown = np.full(nodes, np.nan)
    network = DirectedNetwork(
        tuple(map(str, range(1, nodes + 1))), unknown, unknown, np.arange(zones, dtype=np.int32),
        np.arange(1, nodes + 1) < int(meta["FIRST THRU NODE"]), tuple(map(str, range(1, len(links) + 1))),
        (links[:, 0] - 1).astype(np.int32), (links[:, 1] - 1).astype(np.int32), links[:, 3].copy(),
        links[:, 8].copy(), DelayTable.of(DelayKind.BPR, links[:, 4], links[:, 2], links[:, 5], links[:, 6]),
    )  # fmt: skip
    flows = [line for line in map(_numbers, (TNTP / f"{name}_flow.tntp").read_text().splitlines()) if line]
    published = {(int(a), int(b)): volume for a, b, volume, _ in flows}
    ends = zip(links[:, 0].astype(int).tolist(), links[:, 1].astype(int).tolist(), strict=True)
    return network, Trips.of_matrix(demand), np.array([published[pair] for pair in ends])


def tntp_problem(name: str) -> AssignmentProblem:
    network, trips, _ = tntp(name)
    return problem_of(network, [trips])


def _meta(path: Path) -> dict[str, str]:
    marked = [line[1:].split(">") for line in path.read_text().splitlines() if line.startswith("<")]
    return {name: rest.strip() for name, rest in marked}


def _numbers(line: str) -> list[float]:
    try:
        return [float(word) for word in line.partition("~")[0].replace(";", " ").split()]
    except ValueError:
        return []
