"""The k best routes of a consignment that really differ, in exact order, and how each differs from the best.

Two routes that part for one town are one route to a planner. So a route counts only if what it has in common with every
better one stays within a limit; the next route is then the best of all that do. What is *in common* with a better route
is the mean of two shares of that route: of its length that both run over, and of its points that both use. Points are
the crossings of a customs border and the places where the gauge changes; a route without points is compared by length
alone. So routes over one port differ if they go mostly over other links, as by truck instead of by train, and routes
over different ports differ although they end on the same main line.

This is the problem of k shortest paths with limited overlap (Chondrogiannis, T., Bouros, P., Gamper, J. and Leser, U.
(2015), Alternative routing: k-shortest paths with limited overlap, ACM SIGSPATIAL). Both shares are sums along a path,
so the next route is the best path under one limit for each route before it, found exactly by label setting
(`bridgehead.engines.network.labels`); listing paths in order (Yen 1971) until one differs takes far longer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.journey import Route
from bridgehead.engines.network.labels import Arcs, best_paths, bound
from bridgehead.engines.network.report import route_report
from bridgehead.engines.network.routes import Request
from bridgehead.engines.network.topology import Float64, Kind, Topology
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

DEFAULT_K = 5
MOST_ROUTES = 20
DEFAULT_COMMON = 0.6
"""A route with a larger share in common with a better one is not told apart from it."""
_ROUNDING = 1e-9

Difference = Literal["port", "crossing", "mode", "gauge_station", "transfer", "course"]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of several routes.

    `common` holds the share in common with each better route, the best first. `differs` says in what it differs from
    the best route: another `port` of the home country or another `crossing` of any border, another set of modes,
    another `gauge_station`, another place of `transfer` between modes; `course` where the way between these alone is
    another. `more` is what it comes to above the best route by the criterion, as a share of that.
    """

    route: Route
    common: tuple[float, ...]
    differs: tuple[Difference, ...]
    more: float

    def as_json(self) -> dict[str, Any]:
        """Return the route as a mapping of JSON types, with how it differs."""
        told = {"common": list(self.common), "differs": list(self.differs), "more": self.more}
        return route_report(self.route) | told


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Routes that differ, the best first.

    `asked` is the number wanted and `limit` the share that two routes may have in common. Where there are fewer than
    asked, `exhausted` says that no further route differs enough; where it is False the search was given up.
    """

    routes: tuple[Alternative, ...]
    asked: int
    limit: float
    exhausted: bool

    def as_json(self) -> dict[str, Any]:
        """Return all of it as a mapping of JSON types."""
        return {
            "asked": self.asked,
            "found": len(self.routes),
            "most_in_common": self.limit,
            "exhausted": self.exhausted,
            "routes": [one.as_json() for one in self.routes],
        }


def find_routes(request: Request, k: int = DEFAULT_K, *, most_in_common: float = DEFAULT_COMMON) -> Alternatives:
    """Find the k best routes of which none has more in common with a better one than a limit allows.

    Parameters
    ----------
    request : Request
        The question, as `bridgehead.engines.network.routes.prepare` gives it.
    k : int
        Number of routes, 1 to 20.
    most_in_common : float
        Share of a better route that a route may have in common with it, 0 to 1; 1 allows everything but the same path.

    Raises
    ------
    BridgeheadError
        `route.bad_count`, `route.bad_share`, or `route.no_path` where there is no route at all.
    """
    if faults := list(choice_faults(k, most_in_common)):
        raise BridgeheadError.of(faults)
    topology = request.priced.topology
    limit = most_in_common + _ROUNDING if most_in_common < 1.0 else 1.0 - _ROUNDING
    points = points_of(topology)
    paths = [request.best]
    shares = [share(topology, request.best, points)]
    sums, lower = [request.cost, shares[0]], [request.remaining, bound(topology, shares[0], request.target)]
    ended = True
    while len(paths) < k:
        found = best_paths(
            topology, sums, lower, request.source, request.target, limits=[np.inf, *[limit] * len(paths)]
        )
        ended = found.ended
        if not found.paths:
            break
        paths.append(found.paths[0])
        shares.append(share(topology, paths[-1], points))
        sums.append(shares[-1])
        lower.append(bound(topology, shares[-1], request.target))
    routes = [request.route(path) for path in paths]
    told = (_alternative(request, routes, paths, shares, i) for i in range(len(paths)))
    return Alternatives(tuple(told), k, most_in_common, exhausted=ended)


def choice_faults(k: int, most_in_common: float) -> Iterator[Fault]:
    """Yield a fault for a number of routes, and for a share in common, that cannot be."""
    if not 1 <= k <= MOST_ROUTES:
        yield Fault("route.bad_count", {"count": k, "most": MOST_ROUTES}, Place(field="k"))
    if not 0.0 <= most_in_common <= 1.0:
        yield Fault("route.bad_share", {"share": most_in_common}, Place(field="most_in_common"))


def share(topology: Topology, path: Arcs, points: npt.NDArray[np.int64]) -> Float64:
    """Return for every arc of the network which share of a path it stands for; along the path they add up to 1.

    An arc stands for the link it runs over, in either direction and on any gauge, and for the point it makes; `points`
    are those of `points_of`.
    """
    arcs = np.asarray(path, dtype=np.int64)
    km, own = topology.length_km[arcs], points[arcs]
    own, length, count = own[own >= 0], float(km.sum()), int((own >= 0).sum())
    of_length = (0.5 if count else 1.0) if length else 0.0
    by_link = np.zeros(len(topology.links) + 1)
    hauls = topology.link[arcs] >= 0
    by_link[topology.link[arcs][hauls]] = of_length * km[hauls] / (length or 1.0)
    by_point = np.zeros(points.max(initial=-1) + 2)
    by_point[own] = (1.0 - of_length) / (count or 1)
    stands: Float64 = by_link[topology.link] + by_point[points]
    return stands


def points_of(topology: Topology) -> npt.NDArray[np.int64]:
    """Return the number of the point each arc makes: a customs border crossed, the gauge changed; else -1."""
    borders, changes = topology.arcs_of(topology.border_links), topology.kind == Kind.GAUGE_CHANGE
    number = np.full(topology.arc_count, -1, dtype=np.int64)
    number[borders] = topology.link[borders]
    number[changes] = len(topology.links) + topology.place_number[topology.tail[changes]]
    return number


def _alternative(
    request: Request, routes: Sequence[Route], paths: Sequence[Arcs], shares: Sequence[Float64], index: int
) -> Alternative:
    arcs = np.asarray(paths[index], dtype=np.int64)
    common = tuple(float(shares[j][arcs].sum()) for j in range(index))
    if index == 0:
        return Alternative(routes[0], common, (), 0.0)
    best = request.measure(paths[0])
    more = request.measure(paths[index]) / best - 1.0 if best else 0.0
    return Alternative(routes[index], common, differences(routes[index], routes[0]), more)


def differences(route: Route, best: Route) -> tuple[Difference, ...]:
    """Return in what a route differs from a better one."""
    found: list[Difference] = []
    if route.ports != best.ports:
        found.append("port")
    elif route.crossings != best.crossings:
        found.append("crossing")
    if _modes(route) != _modes(best):
        found.append("mode")
    for kind, word in (("gauge_change", "gauge_station"), ("transfer", "transfer")):
        if _where(route, kind) != _where(best, kind):
            found.append(word)  # type: ignore[arg-type]
    return tuple(found) or ("course",)


def _modes(route: Route) -> frozenset[str]:
    return frozenset(leg.mode for leg in route.legs if leg.kind == "haul")


def _where(route: Route, kind: str) -> tuple[str, ...]:
    return tuple(leg.origin for leg in route.legs if leg.kind == kind)
