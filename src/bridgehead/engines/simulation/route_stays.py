"""A route with the simulated stay at its border ports in the place of the tabled time.

Method: in the time/cost-distance picture (UNESCAP 2006) what is done at a border is a vertical step. The step at a port
that was simulated becomes the mean stay there, with its 95 % interval; speed with delay (SWD, CAREC CPMM) and time from
door to door follow. Speed without delay (SWOD) has no borders in it and stays what it was. The stays of two ports are
taken as independent. All else of the route, its costs too, is left as the network has it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bridgehead.engines.network.journey import Leg, Route
from bridgehead.engines.network.profile import profile
from bridgehead.engines.network.trade_facilitation import trade_facilitation
from bridgehead.engines.simulation.intervals import estimate
from bridgehead.engines.simulation.model import Model
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.schemas import nearest

SCHEMA = "bridgehead-simulated-route/1"
STANDING = "model"
AT_BORDER = ("border_exit", "border_entry", "gauge_change")
"""Kinds of legs a stay at the port stands for."""
_REPLACED = frozenset({"border_time", "gauge_change_time"})
_PAYLOAD = "{}_payload_t"


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure of the model with its 95 % interval, None where there is only one replication."""

    mean: float
    low: float | None
    high: float | None

    def as_json(self) -> dict[str, float | None]:
        """Return it as a mapping of JSON types."""
        return {"mean": self.mean, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class PortStay:
    """How long units stay at a port by a run of its model.

    Parameters
    ----------
    port : str
        Which.
    hours : Interval
        The mean stay, from the entry into the port to its exit.
    classes : tuple of str
        Whose, empty for the main units of the port that leave it served.
    replications, seed : int
        How often and on which random numbers it was run.
    days : float
        How many days were counted in each.
    """

    port: str
    hours: Interval
    classes: tuple[str, ...]
    replications: int
    seed: int
    days: float


@dataclass(frozen=True, slots=True)
class Crossing:
    """A port on a route, the hours the network has for it, and the simulated stay that stands for them."""

    stay: PortStay
    kinds: tuple[str, ...]
    tabled_h: float


@dataclass(frozen=True, slots=True)
class SimulatedPoint:
    """What has been spent when a leg ends, as in `bridgehead.engines.network.profile`, with simulated hours."""

    leg: int
    kind: str
    place: str
    vertical: bool
    km: float
    hours: Interval


@dataclass(frozen=True, slots=True)
class Speeds:
    """Speeds of one mode on land in km/h, and its time at a border-crossing point: tabled, and simulated."""

    mode: str
    km: float
    swod_kmh: float | None
    tabled_swd_kmh: float | None
    swd_kmh: Interval | None
    tabled_tfi1_h: float | None
    tfi1_h: Interval | None


@dataclass(frozen=True, slots=True)
class SimulatedRoute:
    """A route with simulated stays.

    Parameters
    ----------
    tabled : Route
        As the network has it.
    simulated : Route
        With the mean stays.
    crossings : tuple of Crossing
        Ports whose stay is simulated, in the order of the route.
    hours : Interval
        From door to door.
    points : tuple of SimulatedPoint
        Running sums against distance.
    speeds : tuple of Speeds
        One for each mode on land.
    """

    tabled: Route
    simulated: Route
    crossings: tuple[Crossing, ...]
    hours: Interval
    points: tuple[SimulatedPoint, ...]
    speeds: tuple[Speeds, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as a mapping of JSON types, marked as a result of a model."""
        return {
            "schema": SCHEMA,
            "standing": STANDING,
            "ports": [
                {
                    "port": one.stay.port,
                    "classes": list(one.stay.classes),
                    "kinds": list(one.kinds),
                    "tabled_h": one.tabled_h,
                    "simulated_h": one.stay.hours.as_json(),
                    "replications": one.stay.replications,
                    "seed": one.stay.seed,
                    "days": one.stay.days,
                }
                for one in self.crossings
            ],
            "hours": {"tabled": self.tabled.hours, "simulated": self.hours.as_json()},
            "profile": [
                {
                    "leg": one.leg,
                    "kind": one.kind,
                    "place": one.place,
                    "vertical": one.vertical,
                    "km": one.km,
                    "hours": one.hours.as_json(),
                }
                for one in self.points
            ],
            "speeds": [
                {
                    "mode": one.mode,
                    "km": one.km,
                    "swod_kmh": one.swod_kmh,
                    "swd_kmh": {"tabled": one.tabled_swd_kmh, "simulated": one.swd_kmh and one.swd_kmh.as_json()},
                    "tfi1_h": {"tabled": one.tabled_tfi1_h, "simulated": one.tfi1_h and one.tfi1_h.as_json()},
                }
                for one in self.speeds
            ],
        }


def freight_classes(model: Model) -> tuple[str, ...]:
    """Return the classes that carry goods: those whose payload is a figure of the model, ``<class>_payload_t``."""
    known = {one.id for one in model.figures}
    return tuple(one.id for one in model.classes if _PAYLOAD.format(one.id) in known)


def port_stay(port: str, report: Mapping[str, Any], classes: Sequence[str] = ()) -> PortStay:
    """Return the mean stay of some classes of a run, of the port's main units that leave served if none is named.

    Parameters
    ----------
    port : str
        Whose run it is.
    report : mapping
        As `bridgehead.engines.simulation.results` or `bridgehead.engines.simulation.reports` make it; several classes
        together need the figures of the replications, which the latter has.
    classes : sequence of str
        Whose stay.

    Raises
    ------
    BridgeheadError
        ``simulation.unknown_class``, ``simulation.no_stay`` where nobody left, ``simulation.no_replications``.
    """
    known = {one["id"]: one for one in report["classes"]}
    for name in classes:
        if name not in known:
            near = nearest(name, tuple(known))
            told = {"class": name, "known": list(known), **({"near": near} if near else {})}
            raise BridgeheadError("simulation.unknown_class", told, Place(field="port_class"))
    if len(classes) > 1:
        found = _together(port, report, classes)
    else:
        shown = known[classes[0]]["stay_mean_h"] if classes else report["whole"]["stay_mean_h"]
        found = None if shown["mean"] is None else Interval(shown["mean"], shown["low"], shown["high"])
    if found is None:
        raise BridgeheadError("simulation.no_stay", {"port": port}, Place(field="port_run"))
    run = report["run"]
    days = (run["horizon_min"] - run["warmup_min"]) / 1440.0
    return PortStay(port, found, tuple(classes), run["replications"], run["seed"], days)


def _together(port: str, report: Mapping[str, Any], classes: Sequence[str]) -> Interval | None:
    """Return the mean stay of several classes, weighted by how many of each leave, from the replications."""
    if "replications" not in report:
        raise BridgeheadError("simulation.no_replications", {"port": port}, Place(field="port_class"))
    columns = report["replications"]
    stays = [columns[f"class/{name}/stay_mean_h"] for name in classes]
    rates = [columns[f"class/{name}/throughput_per_day"] for name in classes]
    means = []
    for stay, rate in zip(zip(*stays, strict=True), zip(*rates, strict=True), strict=True):
        pairs = [(hours, much) for hours, much in zip(stay, rate, strict=True) if hours is not None and much]
        total = sum(much for _, much in pairs)
        means.append(sum(hours * much for hours, much in pairs) / total if total else math.nan)
    found = estimate(means)
    if math.isnan(found.mean):
        return None
    sure = math.isfinite(found.half_width)
    return Interval(found.mean, found.low if sure else None, found.high if sure else None)


def simulated_route(route: Route, stays: Iterable[PortStay]) -> SimulatedRoute | None:
    """Return a route with simulated stays in the place of tabled times, None where it passes none of the ports."""
    by_port = {one.port: one for one in stays}
    crossings = [_crossing(route, by_port[port]) for port in route.ports if port in by_port]
    used = tuple(one for one in crossings if one.kinds)
    if not used:
        return None
    mean = _moved(route, {one.stay.port: one.stay.hours.mean for one in used})
    around = _around(used)
    points = tuple(
        SimulatedPoint(
            one.leg, one.kind, one.place, one.vertical, one.km, _spread(one.hours, _reached(mean, used, one.leg))
        )
        for one in profile(mean)
    )
    return SimulatedRoute(
        tabled=route,
        simulated=mean,
        crossings=used,
        hours=_spread(mean.hours, around),
        points=points,
        speeds=tuple(_speeds(route, mean, used)),
    )


def _crossing(route: Route, stay: PortStay) -> Crossing:
    here = [leg for leg in route.legs if _is_at(leg, stay.port)]
    return Crossing(stay, tuple(leg.kind for leg in here), math.fsum(leg.hours for leg in here))


def _is_at(leg: Leg, port: str) -> bool:
    return leg.kind in AT_BORDER and leg.origin == port


def _moved(route: Route, hours: Mapping[str, float]) -> Route:
    """Return a route with other hours at some ports: on the last of a port's legs, none on those before it."""
    last = {leg.origin: at for at, leg in enumerate(route.legs) if leg.origin in hours and _is_at(leg, leg.origin)}
    legs = [
        replace(
            leg,
            hours=hours[leg.origin] if at == last[leg.origin] else 0.0,
            uses=tuple(use for use in leg.uses if use.item not in _REPLACED),
        )
        if leg.origin in last and _is_at(leg, leg.origin)
        else leg
        for at, leg in enumerate(route.legs)
    ]
    return replace(route, legs=tuple(legs))


def _around(crossings: Sequence[Crossing]) -> tuple[float, float] | None:
    """Return how far the sum of independent stays reaches below and above its mean, None where that is not known."""
    below, above = 0.0, 0.0
    for one in crossings:
        hours = one.stay.hours
        if hours.low is None or hours.high is None:
            return None
        below += (hours.mean - hours.low) ** 2
        above += (hours.high - hours.mean) ** 2
    return math.sqrt(below), math.sqrt(above)


def _spread(mean: float, around: tuple[float, float] | None) -> Interval:
    return Interval(mean, None, None) if around is None else Interval(mean, mean - around[0], mean + around[1])


def _reached(route: Route, crossings: Sequence[Crossing], leg: int) -> tuple[float, float] | None:
    """Return how sure the running hours are at the end of a leg: the ports passed by then count."""
    passed = {one.origin for one in route.legs[: leg + 1] if one.kind in AT_BORDER}
    return _around([one for one in crossings if one.stay.port in passed])


def _speeds(tabled: Route, simulated: Route, crossings: Sequence[Crossing]) -> Iterable[Speeds]:
    for before, after in zip(trade_facilitation(tabled), trade_facilitation(simulated), strict=True):
        ports = {leg.origin for leg in simulated.legs if leg.kind in AT_BORDER and leg.mode == after.mode}
        mine = [one for one in crossings if one.stay.port in ports]
        around = _around(mine)
        yield Speeds(
            mode=after.mode,
            km=after.km,
            swod_kmh=after.swod_kmh,
            tabled_swd_kmh=before.swd_kmh,
            swd_kmh=_slower(after.km, after.swd_kmh, around),
            tabled_tfi1_h=before.tfi1_h,
            tfi1_h=_at_points(after.tfi1_h, len(after.points), around),
        )


def _slower(km: float, swd_kmh: float | None, around: tuple[float, float] | None) -> Interval | None:
    """Return the speed with delay: the longest time gives its lower end."""
    if not swd_kmh:
        return None
    if around is None:
        return Interval(swd_kmh, None, None)
    hours = km / swd_kmh
    return Interval(swd_kmh, km / (hours + around[1]), km / (hours - around[0]) if hours > around[0] else None)


def _at_points(tfi1_h: float | None, points: int, around: tuple[float, float] | None) -> Interval | None:
    if tfi1_h is None or not points:
        return None
    return _spread(tfi1_h, None if around is None else (around[0] / points, around[1] / points))
