"""The Pareto set of a consignment: every route that no other beats in money, time and emissions at once.

Exact, without rounding: on the shipped network no consignment has more than a few dozen such routes, so none has to be
dropped. Method: multi-criteria label setting (Martins, E. Q. V. (1984), On a multicriteria shortest path problem,
European Journal of Operational Research 16(2), 236-245) with the best remaining sum of each criterion as a bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bridgehead.engines.network.alternatives import Difference, differences
from bridgehead.engines.network.journey import Route
from bridgehead.engines.network.labels import best_paths, bound
from bridgehead.engines.network.report import route_report
from bridgehead.engines.network.routes import Request
from bridgehead.engines.network.virtual import By

CRITERIA: tuple[By, By, By] = ("cost", "time", "co2e")
_EQUAL = 1e-9
"""Share by which a sum may lie above the least and still be called the least."""


@dataclass(frozen=True, slots=True)
class ParetoRoute:
    """A route that no other beats.

    `least` names the criteria by which it is the best of all; `differs` says in what it differs from the cheapest, as
    `bridgehead.engines.network.alternatives.differences` does.
    """

    route: Route
    least: tuple[By, ...]
    differs: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class ParetoSet:
    """All routes that no other beats in money, time and emissions at once, the cheapest first.

    Of several routes equal in all three one is given. `complete` is False where the search was given up before all
    were known.
    """

    routes: tuple[ParetoRoute, ...]
    complete: bool

    def as_json(self) -> dict[str, Any]:
        """Return the set as a mapping of JSON types."""
        return {
            "complete": self.complete,
            "routes": [
                route_report(one.route) | {"least": list(one.least), "differs": list(one.differs)}
                for one in self.routes
            ],
        }


def pareto_set(request: Request) -> ParetoSet:
    """Find every route that no other beats in money, time and emissions at once; the request's criterion is not used.

    Parameters
    ----------
    request : Request
        The question, as `bridgehead.engines.network.routes.prepare` gives it.

    Raises
    ------
    BridgeheadError
        `route.no_path` where there is no route at all.
    """
    topology = request.priced.topology
    request.check_linked()
    sums = [request.arc_cost(by) for by in CRITERIA]
    lower = [bound(topology, one, request.target) for one in sums]
    found = best_paths(topology, sums, lower, request.source, request.target, every=True)
    if not found.paths:
        raise request.no_path()
    routes = [request.route(path) for path in found.paths]
    routes.sort(key=_measures)
    least = [min(column) for column in zip(*map(_measures, routes), strict=True)]
    return ParetoSet(tuple(_labelled(route, routes[0], least) for route in routes), found.ended)


def _measures(route: Route) -> tuple[float, float, float]:
    return route.usd_per_t, route.hours, route.kg_co2e_per_t


def _labelled(route: Route, cheapest: Route, least: Sequence[float]) -> ParetoRoute:
    best = tuple(
        by
        for by, value, bottom in zip(CRITERIA, _measures(route), least, strict=True)
        if value <= bottom * (1.0 + _EQUAL)
    )
    return ParetoRoute(route, best, () if route is cheapest else differences(route, cheapest))
