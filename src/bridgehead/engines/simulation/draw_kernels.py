"""Compiled random numbers by counting: every draw is a hash of who asks for what, so that no order of events moves it.

A draw is ``mix(key + purpose + loop * LOOP + index * GOLDEN)``: the key is the unit's (or the source's), the purpose is
a hash of words such as *service* and the name of the station, the loop counts how often the unit came back, the index
tells apart several numbers of one draw. The same seed gives the same numbers whatever else happens, on any number of
processors, and two variants of a port share all numbers they both ask for.
`bridgehead.engines.simulation.reference.draws` is the same in plain Python.

Method: the finaliser of SplitMix64; Steele, G. L., Lea, D. and Flood, C. H. (2014), Fast splittable pseudorandom number
generators, OOPSLA, 453-472; counters as in Salmon, J. K. et al. (2011), Parallel random numbers: as easy as 1, 2, 3,
SC '11. Normal deviates: Wichura, M. J. (1988), Algorithm AS 241, Applied Statistics 37, 477-484. Gamma deviates:
Marsaglia, G. and Tsang, W. W. (2000), A simple method for generating gamma variables, ACM TOMS 26, 363-372.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bridgehead.engines.simulation.compile_kernels import apart, inlined, rare
from bridgehead.engines.simulation.layout import (
    DET,
    EMPIRICAL,
    ERLANG,
    EXP,
    GAMMA,
    LOGNORMAL,
    MIX,
    NORMAL,
    QUANTILES,
    TRIANGULAR,
    UNIFORM,
    WEIBULL,
)
from bridgehead.engines.simulation.table_kernels import distribution_at, value_at

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
LOOP = np.uint64(0xD1342543DE82EF95)
_A, _B = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT = 1.0 / 9007199254740992.0
_MIDDLE_TOP = (
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
)  # fmt: skip
_MIDDLE_LOW = (
    5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
    5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0,
)  # fmt: skip
_FLANK_TOP = (
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
)  # fmt: skip
_FLANK_LOW = (
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0,
)  # fmt: skip
_TAIL_TOP = (
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
    0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
)  # fmt: skip
_TAIL_LOW = (
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0,
)  # fmt: skip
"""Coefficients of AS 241, of the highest power first: near the median, further off, and in the tails."""


@inlined
def mix(z: Any) -> Any:
    """Scramble 64 bits."""
    z = (z ^ (z >> _30)) * _A
    z = (z ^ (z >> _27)) * _B
    return z ^ (z >> _31)


@inlined
def uniform(state: Any, index: Any) -> Any:
    """Return the draw of an index as a number from 0 up to, but not including, 1."""
    return np.float64(mix(state + np.uint64(index) * GOLDEN) >> _11) * _UNIT


@inlined
def state_of(key: Any, purpose: Any, loop: Any) -> Any:
    """Return where the draws of a key for a purpose begin."""
    return key + purpose + np.uint64(loop) * LOOP


@inlined
def _polynomial(c: Any, r: float) -> Any:
    return ((((((c[0] * r + c[1]) * r + c[2]) * r + c[3]) * r + c[4]) * r + c[5]) * r + c[6]) * r + c[7]


@apart
def normal_quantile(p: float) -> float:
    """Return the standard normal quantile, to 16 digits."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _polynomial(_MIDDLE_TOP, r) / _polynomial(_MIDDLE_LOW, r)
    r = p if q < 0.0 else 1.0 - p
    if r <= 0.0:
        return -38.5 if q < 0.0 else 38.5
    r = math.sqrt(-math.log(r))
    if r <= 5.0:
        r -= 1.6
        x = _polynomial(_FLANK_TOP, r) / _polynomial(_FLANK_LOW, r)
    else:
        r -= 5.0
        x = _polynomial(_TAIL_TOP, r) / _polynomial(_TAIL_LOW, r)
    return -x if q < 0.0 else x


@rare
def _gamma(state: Any, index: int, shape: float) -> float:
    """Return a gamma deviate of mean `shape`, from index `index` on."""
    boost = 1.0
    if shape < 1.0:
        boost = math.pow(uniform(state, index), 1.0 / shape)
        index += 1
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        x = normal_quantile(uniform(state, index))
        v = 1.0 + c * x
        v = v * v * v
        u = uniform(state, index + 1)
        index += 2
        if v > 0.0 and (u <= 0.0 or math.log(u) < 0.5 * x * x + d - d * v + d * math.log(v)):
            return d * v * boost


@rare
def _poisson(state: Any, index: int, mean: float) -> float:
    """Return a Poisson count, by products of uniform numbers that are scaled up before they vanish."""
    left, product, count = mean, 1.0, -1.0
    while True:
        count += 1.0
        product *= 1.0 - uniform(state, index)
        index += 1
        while product < 1.0 and left > 0.0:
            step = min(left, 500.0)
            product *= math.exp(step)
            left -= step
        if product <= 1.0:
            return count


@apart
def other(w: Any, which: int, state: Any) -> float:
    """Return a draw of any distribution but the exponential and the constant."""
    index = 0
    d = distribution_at(w, which)
    while d.kind == MIX:
        u = uniform(state, index)
        index += 1
        at = d.first
        while u >= value_at(w, at).value and at < d.first + d.count - 1:
            at += 1
        which = int(value_at(w, at + d.count).value)
        d = distribution_at(w, which)
    kind = d.kind
    if kind == EXP:
        return -d.a * math.log(1.0 - uniform(state, index))
    if kind == DET:
        return d.a
    if kind == ERLANG:
        stages = 0.0
        for i in range(int(d.a)):
            stages -= math.log(1.0 - uniform(state, index + i))
        return d.b / d.a * stages
    if kind == UNIFORM:
        return d.a + (d.b - d.a) * uniform(state, index)
    if kind == NORMAL:
        return d.a + d.b * normal_quantile(uniform(state, index))
    if kind == LOGNORMAL:  # a and b are those of the logarithm
        return math.exp(d.a + d.b * normal_quantile(uniform(state, index)))
    if kind == GAMMA:  # shape and scale
        return d.b * _gamma(state, index, d.a)
    if kind == WEIBULL:
        return d.b * math.pow(-math.log(1.0 - uniform(state, index)), 1.0 / d.a)
    if kind == TRIANGULAR:
        u = uniform(state, index)
        width = d.c - d.a
        if u * width < d.b - d.a:
            return d.a + math.sqrt(u * width * (d.b - d.a))
        return d.c - math.sqrt((1.0 - u) * width * (d.c - d.b))
    if kind == EMPIRICAL:
        return value_at(w, d.first + int(uniform(state, index) * d.count)).value
    if kind == QUANTILES:  # pairs of probability and value
        u = uniform(state, index)
        at = d.first + 2
        while u > value_at(w, at).value and at < d.first + 2 * d.count - 2:
            at += 2
        low, high = value_at(w, at - 2).value, value_at(w, at).value
        share = (u - low) / (high - low) if high > low else 1.0
        return value_at(w, at - 1).value + share * (value_at(w, at + 1).value - value_at(w, at - 1).value)
    return _poisson(state, index, d.a)


@inlined
def sample(w: Any, which: Any, state: Any) -> Any:
    """Return a draw of a distribution."""
    d = distribution_at(w, which)
    if d.kind == EXP:
        return -d.a * math.log(1.0 - uniform(state, 0))
    if d.kind == DET:
        return d.a
    return other(w, which, state)


@inlined
def duration(w: Any, which: Any, state: Any) -> Any:
    """Return a draw that is a length of time: what falls below zero counts as none."""
    return max(0.0, sample(w, which, state))
