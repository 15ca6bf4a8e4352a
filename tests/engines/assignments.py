"""Small assignments and an independent answer to them: all paths counted up, delays by formula, a general optimiser."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

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
