import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.render.geometry import (
    Projection,
    bezier_point,
    bezier_points,
    corners,
    fit,
    great_circle_km,
    middle_longitude,
    round_below,
    smooth_links,
    through_lines,
    width_px,
)

PROJECTIONS = [
    Projection((41.0, 50.0), 112.0),
    Projection((-20.0, -35.0), -60.0),
    Projection((-35.0, -20.0), 179.0),
    Projection((-15.0, 15.0), 20.0),
    Projection((-15.0, 15.2), 20.0),
    Projection((48.0, 48.0), 10.0),
    Projection((0.0, 0.0), 0.0),
]


def test_lambert_conic_gives_the_numerical_example_of_snyder():
    # Snyder 1987, p. 295: sphere of radius 1, parallels 33 and 45 N, origin 23 N 96 W, point 35 N 75 W.
    projection = Projection((33.0, 45.0), -96.0)
    assert projection.cone == pytest.approx(0.6304777, abs=5e-8)
    x, y = projection.forward(35.0, -75.0)
    _, origin = projection.forward(23.0, -96.0)
    assert x == pytest.approx(0.2966785, abs=5e-8)
    assert origin - y == pytest.approx(0.2462112, abs=5e-8)
    assert projection.scale(35.0) == pytest.approx(0.9970040, abs=5e-8)


@pytest.mark.parametrize("projection", PROJECTIONS, ids=str)
@pytest.mark.parametrize("lat", [-52.0, -20.0, -3.0, 0.0, 17.0, 41.0, 60.0])
def test_projection_is_conformal_and_its_scale_is_what_it_says(projection, lat):
    """The scale measured along the meridian and along the parallel agree, and both are the formula of `scale`."""
    step, lon = 1e-5, projection.centre_lon + 7.0
    (x, y), north, east = (
        projection.forward(lat, lon),
        projection.forward(lat + step, lon),
        projection.forward(lat, lon + step),
    )
    up = math.hypot(north[0] - x, north[1] - y) / math.radians(step)
    across = math.hypot(east[0] - x, east[1] - y) / (math.radians(step) * math.cos(math.radians(lat)))
    assert up == pytest.approx(projection.scale(lat), rel=1e-4)
    assert across == pytest.approx(projection.scale(lat), rel=1e-4)
    dot = (north[0] - x) * (east[0] - x) + (north[1] - y) * (east[1] - y)
    assert abs(dot) < 1e-3 * math.hypot(north[0] - x, north[1] - y) * math.hypot(east[0] - x, east[1] - y)


@pytest.mark.parametrize("projection", PROJECTIONS, ids=str)
def test_standard_parallels_are_true_and_north_is_up_and_east_is_right(projection):
    for lat in projection.parallels:
        assert projection.scale(lat) == pytest.approx(1.0)
    lon = projection.centre_lon
    assert projection.forward(10.0, lon)[1] < projection.forward(-10.0, lon)[1]
    assert projection.forward(10.0, lon + 5)[0] > projection.forward(10.0, lon)[0]


def test_southern_map_is_the_northern_one_upside_down():
    north, south = Projection((41.0, 50.0), 112.0), Projection((-41.0, -50.0), 112.0)
    for lat, lon in ((38.0, 100.0), (52.0, 121.0), (45.0, 112.0)):
        x, y = north.forward(lat, lon)
        assert south.forward(-lat, lon) == (pytest.approx(x), pytest.approx(-y))


def test_nearly_symmetric_parallels_come_close_to_mercator():
    cone, cylinder = Projection((-15.0, 15.0001), 20.0), Projection((-15.0, 15.0), 20.0)
    zero = cone.forward(0.0, 20.0)[1]
    for lat, lon in ((12.0, 25.0), (-8.0, 10.0)):
        x, y = cone.forward(lat, lon)
        assert (x, y - zero) == (
            pytest.approx(cylinder.forward(lat, lon)[0], abs=1e-6),
            pytest.approx(cylinder.forward(lat, lon)[1], abs=1e-6),
        )


def test_derived_projection_lies_a_sixth_inside_and_crosses_the_antimeridian():
    assert Projection.around([(40.0, 100.0), (52.0, 124.0)]) == Projection((42.0, 50.0), 112.0)
    assert Projection.around([(-10.0, 170.0), (-22.0, -170.0)]).centre_lon == pytest.approx(-180.0)
    assert Projection.around([]) == Projection((0.0, 0.0), 0.0)


@pytest.mark.parametrize(
    ("longitudes", "middle"), [([10, 20], 15), ([350, 10], 0), ([170, -170], -180), ([5], 5), ([], 0)]
)
def test_middle_longitude_takes_the_shorter_way(longitudes, middle):
    assert middle_longitude(longitudes) == pytest.approx(middle)


def test_window_across_the_antimeridian_is_one_window():
    lons = sorted({lon for _, lon in corners(170.0, -30.0, -170.0, -10.0)})
    assert lons == [170.0, 180.0, 190.0]


@given(
    st.lists(st.tuples(st.floats(-80, 80), st.floats(-179, 179)), min_size=1, max_size=12),
    st.floats(100, 1200),
    st.floats(100, 900),
)
def test_fit_keeps_every_point_inside_the_frame(points, width, height):
    placed = fit(Projection.around(points), points, width, height, inset=(10, 12, 14, 30))
    for lat, lon in points:
        x, y = placed(lat, lon)
        assert 10 - 1e-6 <= x <= width - 14 + 1e-6
        assert 12 - 1e-6 <= y <= height - 30 + 1e-6


def test_fit_of_one_point_is_a_map_of_its_surroundings_and_of_none_an_error():
    placed = fit(Projection.around([(47.0, 10.0)]), [(47.0, 10.0)], 400, 300)
    assert placed(47.0, 10.0) == (pytest.approx(200), pytest.approx(150))
    assert placed.px_per_km == pytest.approx(300 / 60, rel=1e-3)
    with pytest.raises(ValueError, match="no point"):
        fit(Projection((0, 0), 0), [], 400, 300)


def test_scale_bar_measures_what_the_sphere_measures():
    points = [(42.0, 105.0), (49.0, 118.0)]
    placed = fit(Projection((41.0, 50.0), 112.0), points, 773, 640)
    (x0, y0), (x1, y1) = placed(45.5, 111.0), placed(45.5, 112.0)
    km = math.hypot(x1 - x0, y1 - y0) / placed.px_per_km
    assert km == pytest.approx(great_circle_km(45.5, 111.0, 45.5, 112.0), rel=2e-3)


def test_great_circle_of_a_quarter_and_of_nothing():
    assert great_circle_km(0, 0, 0, 90) == pytest.approx(6371.0 * math.pi / 2)
    assert great_circle_km(12, 34, 12, 34) == 0
    assert great_circle_km(0, 0, 0, 180) == pytest.approx(6371.0 * math.pi)


@given(st.floats(1e-12, 1e15))
def test_round_below_is_round_and_below(value):
    got = round_below(value)
    assert got <= value * (1 + 1e-9) < got * 2.5 * (1 + 1e-6)
    assert f"{got:.6e}"[0] in "125"


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0.01, 10))
def test_width_is_strictly_proportional_above_the_floor(a, b, px_per_mt):
    wa, wb = width_px(a, px_per_mt), width_px(b, px_per_mt)
    assert min(wa, wb) >= 1.0
    if wa > 1.0 and wb > 1.0:
        assert wa * b == pytest.approx(wb * a)


NODES = {"w": (0.0, 0.0), "m": (100.0, 10.0), "e": (200.0, 0.0), "s": (110.0, 120.0), "n": (90.0, -100.0)}


def test_the_busiest_pair_that_hardly_turns_runs_on_through_a_node():
    edges = {("m", "w"): 9.0, ("e", "m"): 8.0, ("m", "s"): 7.0, ("m", "n"): 1.0}
    partner = through_lines(NODES, edges)
    assert partner["m", "w"] == "e"
    assert partner["m", "e"] == "w"
    assert partner["m", "s"] == "n"
    assert ("w", "m") not in partner


def test_a_sharp_turn_is_a_corner():
    assert through_lines(NODES, {("m", "w"): 9.0, ("m", "s"): 7.0}) == {}


def test_joined_links_share_their_tangent_and_all_links_meet_their_places():
    edges = {("m", "w"): 9.0, ("e", "m"): 8.0, ("m", "s"): 7.0}
    curves = smooth_links(NODES, edges)
    for (a, b), curve in curves.items():
        assert curve[0] == NODES[a]
        assert curve[3] == NODES[b]
    west, east = curves["m", "w"], curves["e", "m"]
    out = (west[1][0] - west[0][0], west[1][1] - west[0][1])
    back = (east[2][0] - east[3][0], east[2][1] - east[3][1])
    assert out[0] * back[1] - out[1] * back[0] == pytest.approx(0, abs=1e-9)
    assert out[0] * back[0] + out[1] * back[1] < 0


def test_places_on_the_same_spot_do_not_break_the_lines():
    curves = smooth_links({"a": (5.0, 5.0), "b": (5.0, 5.0)}, {("a", "b"): 1.0})
    assert all(math.isfinite(v) for point in curves["a", "b"] for v in point)


def test_points_along_a_curve_start_and_end_with_it():
    curve = ((0.0, 0.0), (10.0, 20.0), (50.0, 20.0), (60.0, 0.0))
    points = bezier_points(curve, 5.0)
    assert points[0] == curve[0]
    assert points[-1] == pytest.approx(curve[3])
    assert bezier_point(curve, 0.5) == pytest.approx((30.0, 15.0))
