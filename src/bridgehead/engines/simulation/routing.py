"""Routes as descriptions write them: one target, shares, inspection rates by risk band, or the shortest queue."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from bridgehead.engines.simulation.distribution_reading import SHARE_TOLERANCE
from bridgehead.engines.simulation.model import Route, Share
from bridgehead.engines.simulation.noting import Flaw, Notes, Path, UnfitError
from bridgehead.engines.simulation.quantities import mapping, number, quoted

OUT = "out"
EXIT = "exit"
REST = "rest"
_EXACT = 1e-12
"""What adding shares up may miss by itself."""


def read_route(
    value: object, bands: Mapping[str, Any] | None, notes: Notes, path: Path, stations: frozenset[str] = frozenset()
) -> Route:
    """Return the route at ``routes.<class>.<node>``, with what is wrong noted.

    `bands` are the risk bands there are, None where that cannot be said. Targets with a faulty share stay as ways, so
    that what lies behind them does not count as out of reach. ``exit`` leaves as ``out`` does, unless one of the
    `stations` is called so.
    """
    unit_class, node = (str(part) for part in path[-2:])
    if EXIT not in stations:
        if value == EXIT:
            value = OUT
        elif isinstance(value, dict) and OUT not in value:
            value = {OUT if target == EXIT else target: share for target, share in value.items()}
    if isinstance(value, str):
        return Route(node, unit_class, (Share(_target(value), {"*": 1.0}),))
    if not isinstance(value, dict):
        notes.note(path, "model.route_form", value=quoted(value)[:80])
        return Route(node, unit_class)
    if "shortest" in value:
        return Route(node, unit_class, shortest=_shortest(value, notes, path))
    shares: dict[str, dict[str, float]] = {}
    rests = [target for target, share in value.items() if share == REST]
    for target, share in value.items():
        try:
            shares[target] = {"*": 0.0} if share == REST else _share(share, bands)
        except UnfitError as error:
            notes.note_flaws((*path, target), error)
            shares[target] = {"*": 1.0}
    for extra in rests[1:]:
        notes.note((*path, extra), "model.two_rests")
    if notes.faulty(*path):
        return Route(node, unit_class, tuple(Share(_target(target), share) for target, share in shares.items()))
    return Route(node, unit_class, _with_rest(shares, rests, notes, path))


def _target(name: str) -> str | None:
    return None if name == OUT else name


def _shortest(value: dict[str, Any], notes: Notes, path: Path) -> tuple[str, ...]:
    named = value["shortest"]
    good = isinstance(named, list) and named and all(isinstance(one, str) for one in named)
    if len(value) > 1 or not good:
        notes.note(path, "model.route_form", value=quoted(value)[:80])
    names = [one for one in named if isinstance(one, str)] if isinstance(named, list) else []
    if len(set(names)) < len(names):
        notes.note((*path, "shortest"), "model.named_twice", name=next(one for one in names if names.count(one) > 1))
    return tuple(dict.fromkeys(names))


def _share(value: object, bands: Mapping[str, Any] | None) -> dict[str, float]:
    """Return a share for each risk band it names, ``*`` for all others."""
    if not isinstance(value, dict):
        return {"*": _part(value)}
    extra = sorted(set(value) - {"rate", "by"})
    if extra or "rate" not in value or value.get("by", "risk_band") != "risk_band":
        raise UnfitError("model.route_form", value=quoted(value)[:80])
    rate = value["rate"]
    if not isinstance(rate, dict):
        return {"*": _part(rate)}
    flaws: list[Flaw] = []
    found = {}
    for band, one in mapping(rate).items():
        try:
            if bands is not None and band != "*" and band not in bands:
                raise UnfitError("model.unknown_band", name=band, known=sorted(bands))
            found[band] = _part(one)
        except UnfitError as error:
            flaws += error.inside("rate", band)
    if flaws:
        raise UnfitError.of(flaws)
    return found


def _part(value: object) -> float:
    found = number(value)
    if found < 0.0:
        raise UnfitError("model.negative_share", value=quoted(value))
    if found > 1.0 + SHARE_TOLERANCE:
        raise UnfitError("model.shares_above_one", sum=round(found, 6))
    return found


def _with_rest(shares: dict[str, dict[str, float]], rests: list[str], notes: Notes, path: Path) -> tuple[Share, ...]:
    """Return ways whose shares sum to one for each band: the rest goes where ``rest`` stands, or leaves."""
    named = sorted({band for target, share in shares.items() if target not in rests for band in share}) or ["*"]
    sums = {band: math.fsum(share.get(band, share.get("*", 0.0)) for share in shares.values()) for band in named}
    over = {band: total for band, total in sums.items() if total > 1.0 + SHARE_TOLERANCE}
    if over:
        band, total = max(over.items(), key=lambda one: one[1])
        notes.note(path, "model.shares_above_one", sum=round(total, 6), **({"band": band} if band != "*" else {}))
        return tuple(Share(_target(target), share) for target, share in shares.items())
    close = {band: total for band, total in sums.items() if _EXACT < abs(total - 1.0) <= SHARE_TOLERANCE}
    if not rests:  # thirds written with six digits
        shares = {
            target: {**share, **{band: share.get(band, share.get("*", 0.0)) / total for band, total in close.items()}}
            for target, share in shares.items()
        }
        sums |= dict.fromkeys(close, 1.0)
    left = {band: 1.0 - total if total < 1.0 - _EXACT else 0.0 for band, total in sums.items()}
    ways = {target: (left if target in rests else share) for target, share in shares.items()}
    if not rests and any(left.values()):
        out = ways.get(OUT, {})
        ways[OUT] = {band: out.get(band, out.get("*", 0.0)) + more for band, more in left.items()}
    return tuple(Share(_target(target), share) for target, share in ways.items())
