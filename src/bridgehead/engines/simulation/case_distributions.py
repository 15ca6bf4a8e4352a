"""Distributions under the other names and parameters they have in books, turned into those of the format.

What is not understood stays as it is: the reader of distributions says what is wrong with it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from bridgehead.engines.simulation.case_spelling import REMARKS, respelled, words

_KINDS: Mapping[str, tuple[str, ...]] = {
    "exp": ("exponential", "expo", "negexp", "neg_exp", "m"),
    "det": ("deterministic", "const", "constant", "fixed", "d", "degenerate"),
    "erlang": ("erlang_k", "erl"),
    "uniform": ("unif", "u"),
    "normal": ("gaussian", "norm"),
    "lognormal": ("lognorm", "log_normal"),
    "triangular": ("triang", "triangle"),
    "mix": ("mixture",),
    "hyperexp": ("hyperexponential", "hyper_exp", "hyper_exponential", "h2"),
    "geometric": ("geom", "geo"),
    "discrete": ("choice", "categorical"),
}
_SPREAD: Mapping[str, tuple[str, ...]] = {
    "sd": ("std", "stdev", "stddev", "sigma"),
    "var": ("variance",),
    "scv": ("cv2", "c2"),
}
_LOW, _HIGH = ("low", "lo", "min", "a", "lower", "left"), ("high", "hi", "max", "b", "upper", "right")
_SHARES = ("probs", "probabilities", "weights", "shares")
_PARAMETERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "exp": {"mean": ("scale",), "rate": ("lambda", "lam", "mu")},
    "det": {"value": ("v", "x", "time", "mean")},
    "erlang": {"k": ("shape", "stages", "phases", "n", "order"), "rate": ("lambda", "lam"), "scale": ("stage_mean",)},
    "gamma": {"k": ("shape", "alpha"), "scale": ("theta",), "rate": ("beta",), **_SPREAD},
    "lognormal": _SPREAD,
    "uniform": {"from": _LOW, "to": _HIGH},
    "normal": {"mean": ("mu", "loc"), **_SPREAD},
    "weibull": {"shape": ("k", "c"), "scale": ("lambda", "eta")},
    "triangular": {"from": _LOW, "mode": ("peak", "c"), "to": _HIGH},
    "mix": {"parts": ("components", "of")},
    "hyperexp": {"p": _SHARES, "means": ("mean",), "rates": ("rate", "lambdas", "mus")},
    "geometric": {"p": ("prob", "probability")},
    "discrete": {"values": ("sizes", "x"), "p": _SHARES},
}
_NAMES = {other: kind for kind, others in _KINDS.items() for other in others}
_ORDER: Mapping[str, tuple[str, ...]] = {
    "exp": ("mean",),
    "det": ("value",),
    "erlang": ("k", "mean"),
    "uniform": ("from", "to"),
    "normal": ("mean", "sd"),
}
_CALL = re.compile(r"([a-z_]+)\(([^()]*)\)")
"""The form of the format's own text: ``erlang(4, 2.5)``."""
_TAIL = 1e-13
_MOST_PARTS = 5000


def kind_of(value: object) -> str | None:
    """Return the kind of a distribution written as a mapping with its name, None where it is none."""
    if not isinstance(value, dict):
        return None
    name = next((value[key] for key in ("dist", "distribution", "type") if isinstance(value.get(key), str)), None)
    return None if name is None else _NAMES.get(words(name), words(name))


def distribution(value: object) -> object:
    """Return a distribution in the words of the format."""
    if isinstance(value, str) and (call := _CALL.fullmatch(value.replace(" ", ""))):
        kind = _NAMES.get(call[1], call[1])
        parts = [_as_number(part) for part in call[2].split(",")]
        if kind in _ORDER and len(parts) == len(_ORDER[kind]) and None not in parts:
            return {"dist": kind, **dict(zip(_ORDER[kind], parts, strict=True))}
    kind_found = kind_of(value)
    if kind_found is None or not isinstance(value, dict):
        return value
    rest = {name: one for name, one in value.items() if name not in ("dist", "distribution", "type")}
    told, _ = respelled(rest, _PARAMETERS.get(kind_found, {}))
    with suppress(LookupError, TypeError, ValueError, ArithmeticError):
        told = _DERIVED.get(kind_found, dict)(told)
    if kind_found in ("hyperexp", "discrete", "geometric") and set(told) == {"parts"}:
        kind_found = "mix"
    return {"dist": kind_found, **told}


def batch(value: object) -> object:
    """Return the number of units that come together: fixed, drawn, or with the share of each as pairs or a mapping."""
    if isinstance(value, dict):
        told, _ = respelled(value, {"size": ("n", "count")})
        if set(told) == {"size"}:
            return batch(told["size"])
        sizes = {_as_number(name): share for name, share in told.items()}
        if told and None not in sizes:
            return _fixed_parts(list(sizes.values()), list(sizes))
        return distribution(value)
    if isinstance(value, list) and value and all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        first, second = [pair[0] for pair in value], [pair[1] for pair in value]
        shares_last = _sums_to_one(second) and not _sums_to_one(first)
        return _fixed_parts(second, first) if shares_last else _fixed_parts(first, second)
    return distribution(value)


def _as_number(text: object) -> float | None:
    try:
        return float(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def _sums_to_one(values: list[Any]) -> bool:
    numbers = [_as_number(value) for value in values]
    return None not in numbers and abs(math.fsum(one or 0.0 for one in numbers) - 1.0) < 1e-6


def _fixed_parts(shares: list[Any], values: list[Any]) -> dict[str, Any]:
    parts = [[share, {"dist": "det", "value": value}] for share, value in zip(shares, values, strict=True)]
    return {"dist": "mix", "parts": parts}


def _exp(told: dict[str, Any]) -> dict[str, Any]:
    return {"mean": 1.0 / told["rate"]} if set(told) == {"rate"} else told


def _erlang(told: dict[str, Any]) -> dict[str, Any]:
    if set(told) == {"k", "rate"}:
        return {"k": told["k"], "mean": told["k"] / told["rate"]}
    if set(told) == {"k", "scale"}:
        return {"k": told["k"], "mean": told["k"] * told["scale"]}
    return told


def _gamma(told: dict[str, Any]) -> dict[str, Any]:
    means: Mapping[str, Callable[[], float]] = {
        "mean": lambda: told["mean"],
        "scale": lambda: told["k"] * told["scale"],
        "rate": lambda: told["k"] / told["rate"],
    }
    other = next(iter(set(told) - {"k"}), "")
    if "k" in told and len(told) == 2 and other in means:
        return {"mean": means[other](), "cv": 1.0 / math.sqrt(told["k"])}
    return _with_cv(told)


def _with_cv(told: dict[str, Any]) -> dict[str, Any]:
    """Return mean and coefficient of variation of a mean and any measure of spread."""
    if "mean" in told and len(told) == 2:
        mean = told["mean"]
        if "sd" in told:
            return {"mean": mean, "cv": told["sd"] / mean}
        if "var" in told:
            return {"mean": mean, "cv": math.sqrt(told["var"]) / mean}
        if "scv" in told:
            return {"mean": mean, "cv": math.sqrt(told["scv"])}
    return told


def _lognormal(told: dict[str, Any]) -> dict[str, Any]:
    if set(told) == {"mu", "sd"}:  # of the logarithm
        square = told["sd"] ** 2
        return {"mean": math.exp(told["mu"] + square / 2.0), "cv": math.sqrt(math.expm1(square))}
    return _with_cv(told)


def _normal(told: dict[str, Any]) -> dict[str, Any]:
    return {"mean": told["mean"], "sd": math.sqrt(told["var"])} if set(told) == {"mean", "var"} else told


def _weibull(told: dict[str, Any]) -> dict[str, Any]:
    if set(told) == {"shape", "mean"}:
        return {"shape": told["shape"], "scale": told["mean"] / math.gamma(1.0 + 1.0 / told["shape"])}
    return told


def _mix(told: dict[str, Any]) -> dict[str, Any]:
    """Return parts as pairs of share and distribution; shares beside them, or inside each part, are put there."""
    parts = told.get("parts")
    shares = next((told[name] for name in ("p", *_SHARES) if name in told), None)
    if not isinstance(parts, list):
        return told
    if isinstance(shares, list) and len(shares) == len(parts) and len(told) == 2:
        return {"parts": [[share, distribution(part)] for share, part in zip(shares, parts, strict=True)]}
    return {**told, "parts": [_part(part) for part in parts]}


def _part(part: object) -> object:
    if isinstance(part, list) and len(part) == 2:
        return [part[0], distribution(part[1])]
    if isinstance(part, dict):
        share = next((name for name in ("p", "prob", "probability", "weight", "share") if name in part), None)
        rest = {name: one for name, one in part.items() if name != share and name not in REMARKS}
        if share is not None:
            inner = rest["dist"] if set(rest) == {"dist"} else rest
            return [part[share], distribution(inner)]
    return part


def _hyperexp(told: dict[str, Any]) -> dict[str, Any]:
    means = told["means"] if "means" in told else [1.0 / rate for rate in told["rates"]]
    shares = told["p"] if isinstance(told["p"], list) else [told["p"], 1.0 - told["p"]]
    if len(told) != 2 or len(shares) not in (len(means), len(means) - 1):
        return told
    shares = [*shares, 1.0 - math.fsum(shares)][: len(means)]
    return {"parts": [[share, {"dist": "exp", "mean": mean}] for share, mean in zip(shares, means, strict=True)]}


def _discrete(told: dict[str, Any]) -> dict[str, Any]:
    values = told["values"]
    shares = told.get("p", [1.0 / len(values)] * len(values))
    if not {"values"} <= set(told) <= {"values", "p"} or len(shares) != len(values):
        return told
    return {"parts": _fixed_parts(shares, values)["parts"]}


def _geometric(told: dict[str, Any]) -> dict[str, Any]:
    """Return the number of trials up to the first success, from 1 on, cut where nothing is left."""
    p = 1.0 / told["mean"] if set(told) == {"mean"} else told["p"]
    if len(told) != 1 or not 0.0 < p <= 1.0:
        return told
    last = 1 if p == 1.0 else math.ceil(math.log(_TAIL) / math.log1p(-p)) + 1
    if last > _MOST_PARTS:
        return told
    shares = [p * (1.0 - p) ** (n - 1) for n in range(1, last)] + [(1.0 - p) ** (last - 1)]
    return {"parts": _fixed_parts(shares, list(range(1, last + 1)))["parts"]}


_DERIVED: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "exp": _exp,
    "erlang": _erlang,
    "gamma": _gamma,
    "lognormal": _lognormal,
    "normal": _normal,
    "weibull": _weibull,
    "mix": _mix,
    "hyperexp": _hyperexp,
    "discrete": _discrete,
    "geometric": _geometric,
}
