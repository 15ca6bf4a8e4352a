"""Distributions as descriptions write them: ``{exp: 5}``, ``{erlang: {k: 4, mean: 2}}`` or ``{dist: exp, mean: 5}``."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, Literal

from bridgehead.engines.simulation.distributions import mean, stretched
from bridgehead.engines.simulation.model import Distribution
from bridgehead.engines.simulation.noting import Flaw, UnfitError, each_of, near_and_known
from bridgehead.engines.simulation.quantities import Setting, between, listed, number, offset_min, quoted, whole
from bridgehead.kernel.schemas import nearest

Use = Literal["duration", "offset", "count"]
"""What is drawn: a time that is not negative, one that may be, or a number of things."""

MOST_STAGES = 1000
LEAST_SHAPE = 0.05
"""Of a Weibull distribution; below it the moments are too large for numbers."""
SHARE_TOLERANCE = 1e-6
"""By how much shares may miss one; they are scaled to it."""

_Reads = Mapping[str, Literal["time", "place", "spread", "whole", "ratio"]]
_PARAMETERS: Mapping[str, _Reads] = {
    "exp": {"mean": "time"},
    "det": {"value": "place"},
    "erlang": {"k": "whole", "mean": "time"},
    "uniform": {"from": "place", "to": "place"},
    "normal": {"mean": "place", "sd": "time"},
    "lognormal": {"mean": "time", "cv": "ratio"},
    "gamma": {"mean": "time", "cv": "ratio"},
    "weibull": {"shape": "ratio", "scale": "time"},
    "triangular": {"from": "place", "mode": "place", "to": "place"},
    "poisson": {"mean": "time"},
}
_LISTS: Mapping[str, str] = {"mix": "parts", "empirical": "values", "quantiles": "points"}
KNOWN = tuple(sorted((*_PARAMETERS, *_LISTS)))
_STRETCHED = frozenset({"uniform", "weibull", "triangular", "mix", "empirical", "quantiles"})
"""Distributions of a shape and size to which a mean may be given besides: they are stretched to it."""
_OTHER_WORDS: Mapping[tuple[str, str], str] = {("det", "mean"): "value"}


def read_distribution(value: object, setting: Setting, use: Use = "duration") -> Distribution:
    """Return a distribution in minutes, or of a number of things; a bare number or time is always just that.

    Raises
    ------
    UnfitError
        With all that is wrong with it.
    """
    if not isinstance(value, dict):
        return Distribution("det", (_place(value, setting, use),))
    kind, told, path = _kind_and_parameters(value)
    if kind not in KNOWN:
        raise UnfitError("model.unknown_distribution", **near_and_known(str(kind), KNOWN))
    if kind == "poisson" and use != "count":
        raise UnfitError("model.counts_no_times")
    if kind in _STRETCHED and use == "duration" and isinstance(told, dict) and "mean" in told:
        rest = {name: item for name, item in told.items() if name != "mean"}
        return _with_mean(_of_kind(kind, rest, path, setting, use), told["mean"], path, setting)
    return _of_kind(kind, told, path, setting, use)


def _of_kind(kind: str, told: object, path: tuple[str, ...], setting: Setting, use: Use) -> Distribution:
    if kind in _LISTS:
        return _listed(kind, told, path, setting, use)
    return _checked(kind, _numbers(kind, told, path, setting, use), path)


def _with_mean(shape: Distribution, wanted: object, path: tuple[str, ...], setting: Setting) -> Distribution:
    """Return a distribution stretched so that its mean is the one wanted."""
    present = mean(shape)
    try:
        target = _place(wanted, setting, "duration")
        if not present > 0.0:
            raise UnfitError("model.no_time_passes")
    except UnfitError as error:
        raise UnfitError.of(error.inside(*path, "mean")) from None
    return stretched(shape, target / present)


def looks_like_distribution(value: object, setting: Setting) -> bool:
    """Say whether a mapping is one distribution and not several by class."""
    if not isinstance(value, dict):
        return True
    if "dist" in value and "dist" not in setting.classes:
        return True
    if len(value) != 1:
        return False
    word = next(iter(value))
    if word == "*" or word in setting.classes:
        return False
    return word in KNOWN or bool(nearest(word, KNOWN))


def by_class(value: object, setting: Setting) -> dict[str, Distribution]:
    """Return distributions by class; one alone is that of all."""
    if looks_like_distribution(value, setting):
        return {"*": read_distribution(value, setting)}
    return each_of(dict(value).items(), lambda one: read_distribution(one, setting))  # type: ignore[call-overload]


def _kind_and_parameters(value: dict[str, Any]) -> tuple[str, object, tuple[str, ...]]:
    """Return the kind, what is told of it, and where that stands."""
    if "dist" in value:
        rest = {name: item for name, item in value.items() if name != "dist"}
        kind = str(value["dist"])
        return kind, rest, ()
    if len(value) != 1:
        raise UnfitError("model.unknown_distribution", **near_and_known(", ".join(map(str, value))[:80], KNOWN))
    kind, told = next(iter(value.items()))
    return kind, told, (kind,)


def _place(value: object, setting: Setting, use: Use) -> float:
    """Return a number or time that may be negative only where the use allows it."""
    found = between(value, -1e12, 1e12) if use == "count" else offset_min(value, setting)
    if found < 0 and use != "offset":
        raise UnfitError("model.negative_time" if use == "duration" else "model.negative_number", value=quoted(value))
    return found


def _numbers(kind: str, told: object, path: tuple[str, ...], setting: Setting, use: Use) -> tuple[float, ...]:
    reads = _PARAMETERS[kind]
    if not isinstance(told, dict) and len(reads) == 1:
        told = {next(iter(reads)): told}
        path = ()
    if not isinstance(told, dict):
        raise UnfitError("model.distribution_parameters", name=kind, needed=list(reads), given=quoted(told)[:80])
    told = {_OTHER_WORDS.get((kind, name), name): value for name, value in told.items()}
    if kind == "normal" and use == "offset":
        told = {"mean": 0, **told}
    if set(told) != set(reads):
        raise UnfitError("model.distribution_parameters", *path, name=kind, needed=list(reads), given=sorted(told))
    found: list[float] = []
    flaws: list[Flaw] = []
    for name, how in reads.items():
        try:
            found.append(_parameter(told[name], how, setting, use))
        except UnfitError as error:
            flaws += error.inside(*path, *([name] if len(reads) > 1 or path else [kind]))
    if flaws:
        raise UnfitError.of(flaws)
    return tuple(found)


def _parameter(value: object, how: str, setting: Setting, use: Use) -> float:
    if how == "whole":
        return float(whole(value, 1, MOST_STAGES))
    if how == "ratio":
        return between(value, 0.0, 1000.0)
    if how == "time" and use == "offset":
        return _place(value, setting, "duration")
    return _place(value, setting, use)


def _checked(kind: str, numbers: tuple[float, ...], path: tuple[str, ...]) -> Distribution:
    """Return the distribution if its parameters go together; one without spread is a fixed value."""
    if kind in ("uniform", "triangular") and list(numbers) != sorted(numbers):
        raise UnfitError("model.distribution_order", *path, name=kind)
    if kind == "weibull" and numbers[0] < LEAST_SHAPE:
        raise UnfitError("model.out_of_range", *path, "shape", value=numbers[0], least=LEAST_SHAPE, most=1000.0)
    if kind in ("lognormal", "gamma") and 0.0 in numbers:
        return Distribution("det", (numbers[0],))
    if kind == "triangular" and numbers[0] == numbers[-1]:
        return Distribution("det", (numbers[0],))
    return Distribution(kind, numbers)


def _listed(kind: str, told: object, path: tuple[str, ...], setting: Setting, use: Use) -> Distribution:
    """Return a mix, the values of a sample, or points of a distribution function."""
    if isinstance(told, dict) and set(told) == {_LISTS[kind]}:
        told, path = told[_LISTS[kind]], (*path, _LISTS[kind])
    try:
        items = listed(told)
        if not items:
            raise UnfitError("model.distribution_parameters", name=kind, needed=[_LISTS[kind]], given="[]")
        read: Callable[[list[Any], Setting, Use], Distribution] = {
            "mix": _mix,
            "empirical": _empirical,
            "quantiles": _quantiles,
        }[kind]
        return read(items, setting, use)
    except UnfitError as error:
        raise UnfitError.of(error.inside(*path)) from None


def _pairs(items: list[Any], kind: str) -> list[tuple[Any, Any]]:
    flaws = [
        Flaw(
            (index,), "model.distribution_parameters", {"name": kind, "needed": ["[p, x]"], "given": quoted(item)[:80]}
        )
        for index, item in enumerate(items)
        if not isinstance(item, list) or len(item) != 2
    ]
    if flaws:
        raise UnfitError.of(flaws)
    return [(item[0], item[1]) for item in items]


def _mix(items: list[Any], setting: Setting, use: Use) -> Distribution:
    flaws: list[Flaw] = []
    shares, parts = [], []
    for index, (share, part) in enumerate(_pairs(items, "mix")):
        try:
            shares.append(between(share, 0.0, 1.0))
        except UnfitError as error:
            flaws += error.inside(index, 0)
        try:
            parts.append(read_distribution(part, setting, use))
        except UnfitError as error:
            flaws += error.inside(index, 1)
    total = math.fsum(shares)
    if len(shares) == len(items) and abs(total - 1.0) > SHARE_TOLERANCE:
        flaws.append(Flaw((), "model.mix_sum", {"sum": round(total, 6)}))
    if flaws:
        raise UnfitError.of(flaws)
    return Distribution("mix", _scaled(shares, total), tuple(parts))


def _scaled(shares: list[float], total: float) -> tuple[float, ...]:
    """Return shares that sum to one; those that do already, but for rounding, as they are."""
    return tuple(shares) if abs(total - 1.0) < 1e-12 else tuple(share / total for share in shares)


def _empirical(items: list[Any], setting: Setting, use: Use) -> Distribution:
    found = each_of(enumerate(items), lambda item: _place(item, setting, use))
    return Distribution("empirical", tuple(found.values()))


def _quantiles(items: list[Any], setting: Setting, use: Use) -> Distribution:
    pairs = enumerate(_pairs(items, "quantiles"))
    points = [*each_of(pairs, lambda pair: (number(pair[0]), _place(pair[1], setting, use))).values()]
    shares, values = [point[0] for point in points], [point[1] for point in points]
    rising = all(before < after for before, after in pairwise(shares))
    if shares[0] != 0.0 or shares[-1] != 1.0 or not rising or values != sorted(values):
        raise UnfitError("model.quantiles_order")
    return Distribution("quantiles", tuple(part for point in points for part in point))
