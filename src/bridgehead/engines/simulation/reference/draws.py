"""Random numbers by counting in plain Python, bit for bit those of `bridgehead.engines.simulation.draw_kernels`."""

from __future__ import annotations

import math
from bisect import bisect_right
from itertools import accumulate

from bridgehead.engines.simulation.model import Distribution

_MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
_LOOP = 0xD1342543DE82EF95

_MIDDLE = (
    (
        2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
        13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
    ),
    (
        5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
        5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0,
    ),
)  # fmt: skip
_FLANK = (
    (
        7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
        3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
    ),
    (
        1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
        0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0,
    ),
)  # fmt: skip
_TAIL = (
    (
        2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
        0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
    ),
    (
        2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
        0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0,
    ),
)  # fmt: skip
"""Coefficients of AS 241, of the highest power first: above the line and below."""


def mix(value: int) -> int:
    """Scramble 64 bits."""
    value &= _MASK
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB & _MASK
    return value ^ (value >> 31)


class Stream:
    """The numbers one draw may use: those of a key, a purpose, and how often the unit came round."""

    def __init__(self, key: int, purpose: int, loop: int = 0) -> None:
        self.state = (key + purpose + loop * _LOOP) & _MASK
        self.used = 0

    def uniform(self) -> float:
        """Return the next number from 0 up to, but not including, 1."""
        value = (mix(self.state + self.used * GOLDEN) >> 11) * 2.0**-53
        self.used += 1
        return value

    def exponential(self) -> float:
        """Return the next exponential number of mean 1."""
        return -math.log(1.0 - self.uniform())

    def normal(self) -> float:
        """Return the next standard normal number."""
        return normal_quantile(self.uniform())


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], at: float) -> tuple[float, float]:
    above, below = 0.0, 0.0
    for high, low in zip(*coefficients, strict=True):
        above, below = above * at + high, below * at + low
    return above, below


def normal_quantile(p: float) -> float:
    """Return the standard normal quantile."""
    q = p - 0.5
    if abs(q) <= 0.425:
        above, below = _ratio(_MIDDLE, 0.180625 - q * q)
        return q * above / below
    r = p if q < 0.0 else 1.0 - p
    if r <= 0.0:
        return math.copysign(38.5, q)
    r = math.sqrt(-math.log(r))
    above, below = _ratio(_FLANK, r - 1.6) if r <= 5.0 else _ratio(_TAIL, r - 5.0)
    return math.copysign(above / below, q)


def draw(given: Distribution, stream: Stream) -> float:
    """Return a number of a distribution."""
    if given.kind == "mix":
        part = bisect_right(list(accumulate(given.numbers)), stream.uniform())
        return draw(given.parts[min(part, len(given.parts) - 1)], stream)
    if given.kind == "empirical":
        return given.numbers[int(stream.uniform() * len(given.numbers))]
    if given.kind == "quantiles":
        return _between_quantiles(given.numbers, stream.uniform())
    match given.kind, given.numbers:
        case "exp", (mean,):
            return -mean * math.log(1.0 - stream.uniform())
        case "det", (value,):
            return value
        case "erlang", (stages, mean):
            total = 0.0
            for _ in range(int(stages)):
                total -= math.log(1.0 - stream.uniform())
            return mean / stages * total
        case "uniform", (low, high):
            return low + (high - low) * stream.uniform()
        case "normal", (mean, sd):
            return mean + sd * stream.normal()
        case "lognormal", (mean, variation):
            spread = math.log1p(variation * variation)
            return math.exp(math.log(mean) - spread / 2.0 + math.sqrt(spread) * stream.normal())
        case "gamma", (mean, variation):
            shape = 1.0 / (variation * variation)
            return mean / shape * _gamma(shape, stream)
        case "weibull", (shape, scale):
            return scale * math.pow(stream.exponential(), 1.0 / shape)
        case "triangular", (low, mode, high):
            return _triangular(low, mode, high, stream.uniform())
        case "poisson", (mean,):
            return _poisson(mean, stream)
    raise ValueError(f"no distribution {given.kind}")


def duration(given: Distribution, stream: Stream) -> float:
    """Return a draw that is a length of time: what falls below zero counts as none."""
    return max(0.0, draw(given, stream))


def _between_quantiles(numbers: tuple[float, ...], u: float) -> float:
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    at = next((i for i in range(1, len(points)) if u <= points[i][0]), len(points) - 1)
    (low, from_), (high, to) = points[at - 1], points[at]
    share = (u - low) / (high - low) if high > low else 1.0
    return from_ + share * (to - from_)


def _triangular(low: float, mode: float, high: float, u: float) -> float:
    width = high - low
    if u * width < mode - low:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1.0 - u) * width * (high - mode))


def _gamma(shape: float, stream: Stream) -> float:
    """Return a gamma number of mean `shape` by the method of Marsaglia and Tsang."""
    boost = 1.0
    if shape < 1.0:
        boost = math.pow(stream.uniform(), 1.0 / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        x = stream.normal()
        v = 1.0 + c * x
        v = v * v * v
        u = stream.uniform()
        if v > 0.0 and (u <= 0.0 or math.log(u) < 0.5 * x * x + d - d * v + d * math.log(v)):
            return d * v * boost


def _poisson(mean: float, stream: Stream) -> float:
    """Return how many exponential times of mean 1 pass before `mean`, by products kept from vanishing."""
    left, product, count = mean, 1.0, -1.0
    while True:
        count += 1.0
        product *= 1.0 - stream.uniform()
        while product < 1.0 and left > 0.0:
            step = min(left, 500.0)
            product *= math.exp(step)
            left -= step
        if product <= 1.0:
            return count
