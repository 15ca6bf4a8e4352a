"""Geometry of the map: conic projection, fitting, smooth corridors, width of lines.

Pure functions on numbers; nothing here knows what a port is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bridgehead.render.svg import Point

EARTH_RADIUS_KM = 6371.0
LatLon = tuple[float, float]
Edge = tuple[str, str]
Curve = tuple[Point, Point, Point, Point]

_MOST_LAT = 89.0
_FLAT_CONE = 1e-6


@dataclass(frozen=True)
class Projection:
    """Lambert conformal conic projection of the sphere with two standard parallels.

    It holds for both hemispheres; parallels that lie symmetric to the equator make the cone a cylinder, and the
    projection becomes Mercator, true to scale at the parallels.

    Parameters
    ----------
    parallels
        The two latitudes in degrees along which the map is true to scale; they may be equal.
    centre_lon
        The longitude in degrees that runs straight up.

    Notes
    -----
    J. P. Snyder, *Map Projections - A Working Manual*, USGS Professional Paper 1395 (1987), equations 15-1 to 15-5.
    """

    parallels: tuple[float, float]
    centre_lon: float

    @property
    def cone(self) -> float:
        """Constant of the cone: its sign is that of the hemisphere, zero is a cylinder."""
        first, second = (math.radians(_held(lat)) for lat in self.parallels)
        if abs(first - second) < 1e-9:
            n = math.sin(first)
        else:
            n = math.log(math.cos(first) / math.cos(second)) / math.log(_stretch(second) / _stretch(first))
        return 0.0 if abs(n) < _FLAT_CONE else n

    def forward(self, lat: float, lon: float) -> Point:
        """Return plane coordinates in earth radii, x growing eastward and y growing southward as on a screen.

        Latitudes beyond 89 degrees are taken as 89: the far pole is infinitely far away.
        """
        n, first = self.cone, math.radians(_held(self.parallels[0]))
        turn = math.radians((lon - self.centre_lon + 180.0) % 360.0 - 180.0)
        t = _stretch(math.radians(_held(lat)))
        if n == 0.0:
            return math.cos(first) * turn, -math.cos(first) * math.log(t)
        rho = math.cos(first) * math.pow(_stretch(first), n) / n / math.pow(t, n)
        return rho * math.sin(n * turn), rho * math.cos(n * turn)

    def scale(self, lat: float) -> float:
        """Return the scale factor along the parallel `lat`: 1 at the standard parallels, below 1 between them."""
        n, first = self.cone, math.radians(_held(self.parallels[0]))
        held = math.radians(_held(lat))
        if n == 0.0:
            return math.cos(first) / math.cos(held)
        return math.cos(first) * math.pow(_stretch(first), n) / (math.cos(held) * math.pow(_stretch(held), n))

    @classmethod
    def around(cls, points: Iterable[LatLon]) -> Projection:
        """Return the projection that suits the points: parallels a sixth inside their span, centre in the middle.

        Works across the antimeridian; without any point it is the equator at Greenwich.
        """
        known = list(points)
        if not known:
            return cls((0.0, 0.0), 0.0)
        south, north = min(lat for lat, _ in known), max(lat for lat, _ in known)
        inward = (north - south) / 6.0
        return cls((south + inward, north - inward), middle_longitude(lon for _, lon in known))


def _held(lat: float) -> float:
    return max(-_MOST_LAT, min(_MOST_LAT, lat))


def _stretch(lat_rad: float) -> float:
    return math.tan(math.pi / 4 + lat_rad / 2)


def middle_longitude(longitudes: Iterable[float]) -> float:
    """Return the middle of the shortest arc that holds all the longitudes, in degrees from -180 to 180."""
    east = sorted({lon % 360.0 for lon in longitudes})
    if not east:
        return 0.0
    gaps = [(b - a, b) for a, b in zip(east, [*east[1:], east[0] + 360.0], strict=True)]
    widest, start = max(gaps)
    middle = start + (360.0 - widest) / 2
    return (middle + 180.0) % 360.0 - 180.0


@dataclass(frozen=True)
class Fitted:
    """A projection fitted into a drawing: call it with degrees, it answers with pixels."""

    projection: Projection
    scale_px: float
    dx: float
    dy: float
    px_per_km: float

    def __call__(self, lat: float, lon: float) -> Point:
        """Pixels of a place."""
        x, y = self.projection.forward(lat, lon)
        return self.scale_px * x + self.dx, self.scale_px * y + self.dy


def fit(
    projection: Projection,
    points: Sequence[LatLon],
    width: float,
    height: float,
    *,
    inset: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0),
    least_km: float = 60.0,
) -> Fitted:
    """Fit the points into the frame with one scale for both axes.

    Parameters
    ----------
    projection
        The projection.
    points
        Degrees (lat, lon) that must be inside.
    width, height
        The drawing in pixels.
    inset
        Free margin in pixels: left, top, right, bottom.
    least_km
        Extent that is shown at least, so that a single point gives a map.

    Raises
    ------
    ValueError
        If there is no point.
    """
    if not points:
        raise ValueError("nothing to fit: no point given")
    plane = [projection.forward(*point) for point in points]
    left, top, right, bottom = inset
    least = least_km / EARTH_RADIUS_KM
    (x0, w), (y0, h) = (_span([p[axis] for p in plane], least) for axis in (0, 1))
    room_w, room_h = max(1.0, width - left - right), max(1.0, height - top - bottom)
    scale = min(room_w / w, room_h / h)
    middle = sum(lat for lat, _ in points) / len(points)
    return Fitted(
        projection,
        scale,
        left + (room_w - scale * w) / 2 - scale * x0,
        top + (room_h - scale * h) / 2 - scale * y0,
        scale * projection.scale(middle) / EARTH_RADIUS_KM,
    )


def _span(values: Sequence[float], least: float) -> tuple[float, float]:
    low, high = min(values), max(values)
    lack = max(0.0, least - (high - low))
    return low - lack / 2, high - low + lack


def corners(west: float, south: float, east: float, north: float) -> tuple[LatLon, ...]:
    """Return points that hold a window in degrees: its corners and the middles of its lower and upper side.

    A window whose `east` is below its `west` crosses the antimeridian.
    """
    span = (east - west) % 360.0
    return tuple((lat, west + span * part) for lat in (south, north) for part in (0.0, 0.5, 1.0))


def great_circle_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the distance of two points on the sphere, by the haversine formula."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((phi2 - phi1) / 2) ** 2
    half += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


def round_below(value: float, steps: Sequence[float] = (1.0, 2.0, 5.0)) -> float:
    """Return the largest round number (a step times a power of ten) that is not above a positive value."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(step * power for step in (*steps, steps[0] / 10) if step * power <= value * (1 + 1e-9))


# --- smooth corridors -------------------------------------------------------


def through_lines(
    nodes: Mapping[str, Point], edges: Mapping[Edge, float], most_turn_deg: float = 75.0
) -> dict[tuple[str, str], str]:
    """Decide which two links run on through each node, as a driver would see it.

    At every node the pair with the most common flow that turns by less than `most_turn_deg` is joined first, then the
    next. The answer maps (node, neighbour) to the neighbour on the other side.
    """
    around: dict[str, list[str]] = {}
    for a, b in sorted(edges):
        around.setdefault(a, []).append(b)
        around.setdefault(b, []).append(a)

    def flow(a: str, b: str) -> float:
        return edges.get((a, b), edges.get((b, a), 0.0))

    partner: dict[tuple[str, str], str] = {}
    for node, near in around.items():
        x, y = nodes[node]
        angle = {m: math.atan2(nodes[m][1] - y, nodes[m][0] - x) for m in near}
        pairs = []
        for i, p in enumerate(near):
            for q in near[i + 1 :]:
                turn = abs(math.pi - abs((angle[p] - angle[q] + math.pi) % (2 * math.pi) - math.pi))
                if math.degrees(turn) < most_turn_deg:
                    pairs.append((-min(flow(node, p), flow(node, q)), turn, p, q))
        for _, _, p, q in sorted(pairs):
            if (node, p) not in partner and (node, q) not in partner:
                partner[node, p], partner[node, q] = q, p
    return partner


def smooth_links(nodes: Mapping[str, Point], edges: Mapping[Edge, float], tension: float = 0.36) -> dict[Edge, Curve]:
    """Return one cubic Bezier a link, tangent-continuous along the corridors that :func:`through_lines` finds."""
    partner = through_lines(nodes, edges)

    def leaving(node: str, to: str) -> Point:
        """Return the unit direction in which the line leaves `node` towards `to`."""
        (x, y), (x1, y1) = nodes[node], nodes[to]
        straight = _unit(x1 - x, y1 - y)
        back = partner.get((node, to))
        if back is None:
            return straight
        come = _unit(x - nodes[back][0], y - nodes[back][1])
        return _unit(straight[0] + come[0], straight[1] + come[1])

    curves: dict[Edge, Curve] = {}
    for a, b in edges:
        (xa, ya), (xb, yb) = nodes[a], nodes[b]
        reach = tension * math.hypot(xb - xa, yb - ya)
        (ua, va), (ub, vb) = leaving(a, b), leaving(b, a)
        curves[a, b] = (xa, ya), (xa + reach * ua, ya + reach * va), (xb + reach * ub, yb + reach * vb), (xb, yb)
    return curves


def _unit(dx: float, dy: float) -> Point:
    length = math.hypot(dx, dy) or 1.0
    return dx / length, dy / length


def bezier_point(curve: Curve, t: float) -> Point:
    """Return the point of a cubic Bezier at parameter `t` from 0 to 1."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = curve
    s = 1 - t
    a, b, c, d = s**3, 3 * s * s * t, 3 * s * t * t, t**3
    return a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3


def bezier_points(curve: Curve, step_px: float) -> list[Point]:
    """Return points along a curve, about `step_px` apart."""
    count = max(2, math.ceil(math.dist(curve[0], curve[3]) / step_px))
    return [bezier_point(curve, i / count) for i in range(count + 1)]


def beside(at: Point, curve: Curve, room: float) -> Point | None:
    """Return the spot `room` pixels off a curve, on the side where a point lies; None where it is that far off.

    A point beyond one of the ends of the curve is not beside it.
    """
    # A curve does not leave the box around its four points; most are ruled out by that.
    for axis in (0, 1):
        spread = [point[axis] for point in curve]
        if not min(spread) - room < at[axis] < max(spread) + room:
            return None
    points = bezier_points(curve, 3.0)
    i = min(range(len(points)), key=lambda k: math.dist(points[k], at))
    if math.dist(points[i], at) >= room or i in (0, len(points) - 1):
        return None
    (x0, y0), (x1, y1) = points[i - 1], points[i + 1]
    length = math.dist((x0, y0), (x1, y1)) or 1.0
    across = ((y1 - y0) / length, (x0 - x1) / length)
    side = (at[0] - points[i][0]) * across[0] + (at[1] - points[i][1]) * across[1]
    far = room if side >= 0 else -room
    return points[i][0] + far * across[0], points[i][1] + far * across[1]


def width_px(tonnes: float, px_per_mt: float, floor: float = 1.0) -> float:
    """Return the width of a line: strictly proportional to freight, with a floor so that small flows stay visible."""
    return max(floor, px_per_mt * tonnes / 1e6)
