"""Compiled delay functions: time, slope and integral of every kind of `bridgehead.engines.network.delays`.

A volume below zero, which rounding may leave, counts as zero. Every function is finite and does not decrease for any
volume, so that an assignment may overload a link on its way to equilibrium. Where a slope is infinite (a power below
one at volume zero) it is given as large, for it serves only as the length of a step.
"""

# ruff: noqa: PLR0917 (kernels take arrays by position)

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.delays import DelayTable
from bridgehead.engines.network.kernels import compiled

Float64 = npt.NDArray[np.float64]
Int32 = npt.NDArray[np.int32]
Int8 = npt.NDArray[np.int8]

_BPR, _CONICAL, _AKCELIK, _PIECEWISE, _QUEUE = 1, 2, 3, 4, 5
LARGEST_SLOPE = 1e30
_BEND = 1e-5
"""Where a delay has a corner, its slope turns over this share of the volume on both sides (the time itself does not):
at the corner a system optimum may charge any toll between those of the two sides, and so there is one that fits."""
_TABLE = "int8[::1],float64[:,::1],int32[::1],float64[:,::1]"
_PAIR = "UniTuple(float64,2)"

# Gauss-Legendre nodes and weights on [-1, 1]; a queue's wait is smooth, so 16 of them are exact to rounding per piece.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


@compiled(f"{_PAIR}(float64,float64,float64,float64)")
def queue_wait(volume: float, capacity: float, servers: float, variability: float) -> tuple[float, float]:
    """Return the mean wait before equal servers and its slope, for a volume below their joint rate.

    Erlang's C formula by its recursion, times `variability` for arrivals and services that vary otherwise than
    exponentially (Allen-Cunneen). Erlang, A. K. (1917), Solution of some problems in the theory of probabilities of
    significance in automatic telephone exchanges.
    """
    number = int(servers)
    load = volume * servers / capacity
    blocked, blocked_slope = 1.0, 0.0
    for n in range(1, number + 1):
        below = n + load * blocked
        slope = blocked + load * blocked_slope
        blocked_slope = (slope * below - load * blocked * slope) / (below * below)
        blocked = load * blocked / below
    free = servers - load
    below = servers - load * (1.0 - blocked)
    queued = servers * blocked / below
    queued_slope = (
        servers * (blocked_slope * below - blocked * (blocked - 1.0 + load * blocked_slope)) / (below * below)
    )
    rate = capacity / servers
    wait = variability * queued / (free * rate)
    slope = variability * (queued_slope / free + queued / (free * free)) / rate * servers / capacity
    return wait, slope


@compiled("float64(float64[:,::1],int64)")
def _rise(points: Float64, i: int) -> float:
    return float((points[i + 1, 1] - points[i, 1]) / (points[i + 1, 0] - points[i, 0]))


@compiled("float64(float64[:,::1],int64,float64)")
def _turned(points: Float64, i: int, ratio: float) -> float:
    return float(min(max(0.5 + (ratio - points[i, 2]) / (2.0 * points[i, 3]), 0.0), 1.0))


@compiled(f"{_PAIR}(float64[:,::1],int64,int64,float64)")
def _piecewise(points: Float64, low: int, high: int, ratio: float) -> tuple[float, float]:
    i = low
    while i < high - 2 and ratio >= points[i + 1, 0]:
        i += 1
    own = _rise(points, i)
    slope = own
    if i > low and ratio < points[i, 2] + points[i, 3]:
        slope += (_rise(points, i - 1) - own) * (1.0 - _turned(points, i, ratio))
    if i < high - 2 and ratio > points[i + 1, 2] - points[i + 1, 3]:
        slope += (_rise(points, i + 1) - own) * _turned(points, i + 1, ratio)
    return points[i, 1] + own * (ratio - points[i, 0]), slope


@compiled(f"{_PAIR}({_TABLE},int64,float64)")
def delay_at(
    kind: Int8, parameters: Float64, first: Int32, points: Float64, row: int, volume: float
) -> tuple[float, float]:
    """Return the time of a row at a volume and its slope."""
    form = kind[row]
    free = parameters[row, 0]
    if form == _BPR:
        b, power = parameters[row, 2], parameters[row, 3]
        if free == 0.0 or b == 0.0:
            return free, 0.0
        if power == 0.0:
            return free * (1.0 + b), 0.0
        ratio = volume / parameters[row, 1]
        if ratio <= 0.0:
            if power > 1.0:
                return free, 0.0
            if power == 1.0:
                return free, free * b / parameters[row, 1]
            return free, LARGEST_SLOPE
        if power == 4.0:
            cube = ratio * ratio * ratio
            return free * (1.0 + b * cube * ratio), 4.0 * free * b * cube / parameters[row, 1]
        raised = ratio ** (power - 1.0)
        return free * (1.0 + b * raised * ratio), power * free * b * raised / parameters[row, 1]
    if form == 0:
        return free, 0.0
    volume = max(volume, 0.0)
    if form == _CONICAL:
        if free == 0.0:
            return 0.0, 0.0
        steep = parameters[row, 2]
        flat = (2.0 * steep - 1.0) / (2.0 * steep - 2.0)
        room = steep * (1.0 - volume / parameters[row, 1])
        root = math.sqrt(room * room + flat * flat)
        return free * (2.0 + root - room - flat), free * steep / parameters[row, 1] * (1.0 - room / root)
    if form == _AKCELIK:
        period = parameters[row, 3]
        over = volume / parameters[row, 1] - 1.0
        grow = 8.0 * parameters[row, 2] / (parameters[row, 1] * period)
        root = math.sqrt(over * over + grow * (over + 1.0))
        lean = (over + 0.5 * grow) / root if grow > 0.0 else min(max(over / _BEND, -1.0), 1.0)
        return free + 0.25 * period * (over + root), 0.25 * period * (1.0 + lean) / parameters[row, 1]
    if form == _PIECEWISE:
        if free == 0.0:
            return 0.0, 0.0
        share, slope = _piecewise(points, first[row], first[row + 1], volume / parameters[row, 1])
        return free * share, free * slope / parameters[row, 1]
    joint = parameters[row, 4] * parameters[row, 1]
    wait, slope = queue_wait(min(volume, joint), parameters[row, 1], parameters[row, 2], parameters[row, 3])
    return free + wait + slope * max(volume - joint, 0.0), slope


@compiled("float64(float64,float64,float64)")
def _root_integral(at: float, shift: float, grow: float) -> float:
    """Antiderivative of sqrt(u^2 + grow u + grow) at u = `at`, for Akcelik's function; `shift` is grow / 2."""
    rest = grow - shift * shift
    moved = at + shift
    root = math.sqrt(max(moved * moved + rest, 0.0))
    area = moved * root
    if rest > 0.0:
        area += rest * math.asinh(moved / math.sqrt(rest))
    elif rest < 0.0:  # then grow is above 4, and so moved + root above 0
        area += rest * math.log(moved + root)
    return 0.5 * area


@compiled("float64(float64[:,::1],int64,float64)")
def _queue_integral(parameters: Float64, row: int, volume: float) -> float:
    capacity, servers, variability = parameters[row, 1], parameters[row, 2], parameters[row, 3]
    joint = parameters[row, 4] * capacity
    end = min(volume, joint)
    area = 0.0
    # Pieces that halve the distance to the pole at full use keep the integrand smooth on each.
    low = 0.0
    while low < end:
        high = min(end, 0.5 * (low + capacity))
        half = 0.5 * (high - low)
        for i in range(_NODES.size):
            wait, _ = queue_wait(low + half * (1.0 + _NODES[i]), capacity, servers, variability)
            area += half * _WEIGHTS[i] * wait
        low = high
    if volume > joint:
        wait, slope = queue_wait(joint, capacity, servers, variability)
        over = volume - joint
        area += over * (wait + 0.5 * slope * over)
    return float(parameters[row, 0] * volume + area)


@compiled(f"float64({_TABLE},int64,float64)")
def delay_integral(kind: Int8, parameters: Float64, first: Int32, points: Float64, row: int, volume: float) -> float:
    """Return the integral of the time of a row from zero to a volume."""
    volume = max(volume, 0.0)
    form = kind[row]
    free = parameters[row, 0]
    if form == _BPR:
        b, power = parameters[row, 2], parameters[row, 3]
        if free == 0.0 or b == 0.0 or volume == 0.0:
            return float(free * volume)
        if power == 0.0:
            return float(free * (1.0 + b) * volume)
        return float(free * volume * (1.0 + b / (power + 1.0) * (volume / parameters[row, 1]) ** power))
    if form == 0 or volume == 0.0:
        return float(free * volume)
    if form == _CONICAL:
        if free == 0.0:
            return 0.0
        steep = parameters[row, 2]
        flat = (2.0 * steep - 1.0) / (2.0 * steep - 2.0)
        total = (2.0 - flat) * volume
        scale = parameters[row, 1] / steep
        for end, sign in ((steep, 1.0), (steep * (1.0 - volume / parameters[row, 1]), -1.0)):
            root = math.sqrt(end * end + flat * flat)
            area = 0.5 * (end * root + flat * flat * math.asinh(end / flat)) - 0.5 * end * end
            total += sign * scale * area
        return float(free * total)
    if form == _AKCELIK:
        period, capacity = parameters[row, 3], parameters[row, 1]
        grow = 8.0 * parameters[row, 2] / (capacity * period)
        end = volume / capacity - 1.0
        area = 0.5 * (end * end - 1.0)
        if grow > 0.0:
            area += _root_integral(end, 0.5 * grow, grow) - _root_integral(-1.0, 0.5 * grow, grow)
        else:
            area += 0.5 * end * abs(end) + 0.5
        return float(free * volume + 0.25 * period * capacity * area)
    if form == _PIECEWISE:
        if free == 0.0:
            return 0.0
        ratio = volume / parameters[row, 1]
        area = 0.0
        for i in range(first[row], first[row + 1]):
            last = i == first[row + 1] - 1
            if points[i, 0] >= ratio:
                break
            end = ratio if last else min(ratio, points[i + 1, 0])
            low, _ = _piecewise(points, first[row], first[row + 1], points[i, 0])
            high, _ = _piecewise(points, first[row], first[row + 1], end)
            area += 0.5 * (low + high) * (end - points[i, 0])
        return float(free * parameters[row, 1] * area)
    return _queue_integral(parameters, row, volume)


@compiled(f"void({_TABLE},float64[::1],float64[::1],float64[::1])")
def evaluate(
    kind: Int8, parameters: Float64, first: Int32, points: Float64, volume: Float64, time: Float64, slope: Float64
) -> None:
    """Write the times and slopes of all rows at their volumes."""
    for row in range(kind.size):
        time[row], slope[row] = delay_at(kind, parameters, first, points, row, volume[row])


@compiled(f"void({_TABLE},float64[::1],float64[::1])")
def integrate(kind: Int8, parameters: Float64, first: Int32, points: Float64, volume: Float64, area: Float64) -> None:
    """Write the integrals of all rows up to their volumes."""
    for row in range(kind.size):
        area[row] = delay_integral(kind, parameters, first, points, row, volume[row])


def arrays_of(table: DelayTable) -> tuple[Int8, Float64, Int32, Float64]:
    """Return the arrays of a table as the kernels take them.

    Points have two more columns: the middle and half the width of the stretch over which the slope turns there.
    """
    points = np.asarray(table.points, dtype=np.float64).reshape(-1, 2)
    x, near = points[:, 0], np.ones(len(points))
    if len(x) > 2:  # at the ends of a row nothing turns, and what stands there does not matter
        near[1:-1] = _BEND * np.minimum(np.abs(x[1:-1]), np.minimum(np.abs(x[1:-1] - x[:-2]), np.abs(x[2:] - x[1:-1])))
    near[near == 0.0] = 1.0
    return (
        np.ascontiguousarray(table.kind, dtype=np.int8),
        np.ascontiguousarray(table.parameters, dtype=np.float64),
        np.ascontiguousarray(table.point_first, dtype=np.int32),
        np.ascontiguousarray(np.column_stack((points, x, near))),
    )


def times(table: DelayTable, volume: Float64) -> tuple[Float64, Float64]:
    """Return times and slopes (float64, rows) at volumes (float64, rows)."""
    time, slope = np.empty(len(table)), np.empty(len(table))
    evaluate(*arrays_of(table), np.ascontiguousarray(volume, dtype=np.float64), time, slope)
    return time, slope


def integrals(table: DelayTable, volume: Float64) -> Float64:
    """Return the integrals (float64, rows) of the times from zero to volumes (float64, rows)."""
    area = np.empty(len(table))
    integrate(*arrays_of(table), np.ascontiguousarray(volume, dtype=np.float64), area)
    return area
