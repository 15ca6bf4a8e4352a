"""Time, cost and emissions of a route against distance, as the time/cost-distance method draws them.

Method: UNESCAP, *Time/Cost-Distance Methodology* (2006), after Beresford, A. K. C. and Dubey, R. C. (1990) and
Banomyong, R. (2000): distance runs to the right, what has been spent so far upwards; a haul is a slope, and whatever
is done on the spot (loading, border, change of gauge, transfer) is a vertical step.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import Any

from bridgehead.engines.network.journey import Leg, Route


@dataclass(frozen=True, slots=True)
class Point:
    """What has been spent when a leg ends, per tonne, from the origin on.

    `leg` is the position of the leg among the legs of the route, -1 at the origin; `vertical` says that the leg covers
    no distance. Lengths in km, time in hours.
    """

    leg: int
    kind: str
    place: str
    vertical: bool
    km: float
    hours: float
    usd_per_t: float
    kg_co2e_per_t: float

    def as_json(self) -> dict[str, Any]:
        """Return the point as a mapping of JSON types."""
        return asdict(self)


def profile(route: Route) -> tuple[Point, ...]:
    """Return the running sums of a route: the origin, then the end of every leg; the last point holds the totals."""
    sums = [list(accumulate(column, initial=0.0)) for column in zip(*map(_spent, route.legs), strict=True)]
    totals = (route.km, route.hours, route.usd_per_t, route.kg_co2e_per_t)
    for column, total in zip(sums, totals, strict=True):
        assert math.isclose(column[-1], total, rel_tol=1e-9)
        column[-1] = total
    points = [Point(-1, "origin", route.legs[0].origin, False, 0.0, 0.0, 0.0, 0.0)]
    for i, leg in enumerate(route.legs):
        km, hours, usd_per_t, kg = (column[i + 1] for column in sums)
        points.append(Point(i, leg.kind, leg.destination, leg.km == 0, km, hours, usd_per_t, kg))
    return tuple(points)


def _spent(leg: Leg) -> tuple[float, float, float, float]:
    return leg.km, leg.hours, leg.usd_per_t, leg.kg_co2e_per_t
