"""Delay functions against their publications, scipy's quadrature, finite differences and exact queues."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from bridgehead.engines.flows.delay_kernels import integrals, queue_wait, times
from bridgehead.engines.network.delays import PARAMETERS, DelayKind, DelayTable
from bridgehead.kernel.errors import Fault, Place, sentence
from tests.engines.assignments import Row, breaks_of, constant, erlang_c, row, table_of, time_at

QUEUES = Path(__file__).parents[3] / "shared" / "bench" / "queueing.json"
KINDS = tuple(DelayKind)

POSITIVE = st.floats(0.01, 50.0)
SHARE = st.one_of(st.just(0.0), st.floats(1e-3, 3.0))


@st.composite
def rows(draw: st.DrawFn, kind: DelayKind) -> Row:
    free, capacity = draw(st.one_of(st.just(0.0), POSITIVE)), draw(st.floats(0.5, 5000.0))
    match kind:
        case DelayKind.CONSTANT:
            return constant(free)
        case DelayKind.BPR:
            power = draw(st.one_of(st.sampled_from([0.0, 1.0, 4.0]), st.floats(0.2, 12.0)))
            return row(kind, free, capacity, draw(st.floats(0.0, 4.0)), power)
        case DelayKind.CONICAL:
            return row(kind, free, capacity, draw(st.floats(1.1, 20.0)))
        case DelayKind.AKCELIK:
            return row(kind, free, capacity, draw(st.floats(0.0, 8.0)), draw(st.floats(0.1, 100.0)))
        case DelayKind.PIECEWISE:
            steps = draw(st.lists(st.tuples(st.floats(0.05, 1.0), st.floats(0.0, 3.0)), min_size=1, max_size=5))
            x, y = np.cumsum([(0.0, draw(st.floats(0.0, 2.0))), *steps], axis=0).T
            return row(kind, free, capacity, points=list(zip(x.tolist(), y.tolist(), strict=True)))
        case _:
            servers = float(draw(st.integers(1, 60)))
            return row(
                kind,
                free,
                capacity,
                servers,
                draw(st.one_of(st.just(0.0), st.floats(0.01, 2.0))),
                draw(st.floats(0.3, 0.98)),
            )


def of_kind(kind: DelayKind) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return lambda check: settings(max_examples=12, deadline=None)(given(rows(kind), SHARE)(check))


def at(one: Row, volume: float) -> tuple[float, float, float]:
    """Return time, slope and integral of the compiled functions."""
    table = table_of([one])
    time, slope = times(table, np.array([volume]))
    return float(time[0]), float(slope[0]), float(integrals(table, np.array([volume]))[0])


def reach_of(one: Row) -> float:
    """Return the capacity, or one where there is none."""
    return one[1][1] if len(one[1]) > 1 else 1.0


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_times_are_those_of_the_publication(kind: DelayKind) -> None:
    @of_kind(kind)
    def check(one: Row, share: float) -> None:
        assert not list(table_of([one]).faults())
        volume = share * reach_of(one)
        # the independent queue finds the slope of its straight part by differences
        exact = 1e-6 if kind is DelayKind.PORT_QUEUE and share > one[1][4] else 1e-11
        assert at(one, volume)[0] == pytest.approx(float(time_at(one, np.array(volume))), rel=exact, abs=1e-12)

    check()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_integrals_are_those_of_a_quadrature(kind: DelayKind) -> None:
    @of_kind(kind)
    def check(one: Row, share: float) -> None:
        volume = share * reach_of(one)
        between = [end for end in breaks_of(one) if 0.0 < end < volume]
        # Neither side can know an integral below the rounding of the terms it is the difference of.
        found = quad(
            lambda x: at(one, x)[0], 0.0, volume, points=between or None, epsabs=1e-12, epsrel=1e-10, limit=200
        )
        assert at(one, volume)[2] == pytest.approx(found[0], rel=1e-8, abs=1e-11)

    check()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_slopes_are_those_of_finite_differences(kind: DelayKind) -> None:
    @of_kind(kind)
    def check(one: Row, share: float) -> None:
        volume = max(share, 0.01) * reach_of(one)
        step = 1e-5 * volume
        if any(abs(volume - end) < 0.02 * volume for end in breaks_of(one)):
            return
        found = (at(one, volume + step)[0] - at(one, volume - step)[0]) / (2 * step)
        rounding = at(one, volume)[0] + (one[1][3] if kind is DelayKind.AKCELIK else 0.0)
        near = 1e-14 * rounding / step
        assert at(one, volume)[1] == pytest.approx(found, rel=1e-4, abs=near + 1e-300)

    check()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_times_are_finite_and_do_not_fall_however_large_the_volume(kind: DelayKind) -> None:
    @settings(max_examples=12, deadline=None)
    @given(rows(kind))
    def check(one: Row) -> None:
        volume = reach_of(one) * np.array([-1e-9, 0.0, 1e-12, 0.3, 0.7, 0.95, 0.999, 1.0, 1.001, 2.0, 50.0, 1e4])
        table = table_of([one] * len(volume))
        time, slope = times(table, volume)
        assert np.isfinite(time).all()
        assert np.isfinite(slope).all()
        assert np.isfinite(integrals(table, volume)).all()
        assert (slope >= 0.0).all()
        assert (np.diff(time) >= -1e-12 * time[1:]).all()

    check()


def test_a_port_queue_joins_its_straight_line_without_step_or_bend() -> None:
    @settings(max_examples=12, deadline=None)
    @given(rows(DelayKind.PORT_QUEUE))
    def check(one: Row) -> None:
        knee = one[1][1] * one[1][4]
        below, above = at(one, knee * (1 - 1e-9)), at(one, knee * (1 + 1e-9))
        for left, right in zip(below, above, strict=True):
            assert left == pytest.approx(right, rel=1e-6)
        assert above[1] == pytest.approx(at(one, 3 * knee)[1])

    check()


@given(st.integers(1, 120), st.floats(0.01, 0.99))
def test_the_wait_is_erlangs(servers: int, use: float) -> None:
    rate = 3.0
    wait, _ = queue_wait(use * servers * rate, servers * rate, float(servers), 1.0)
    assert wait == pytest.approx(
        float(erlang_c(np.float64(use * servers), servers)) / (servers * rate * (1 - use)), rel=1e-9, abs=1e-300
    )


def test_the_wait_is_that_of_published_tables() -> None:
    """M/M/1 by hand, and three servers at load two: Erlang C is 4/9 (Hillier and Lieberman)."""
    assert queue_wait(0.5, 1.0, 1.0, 1.0)[0] == pytest.approx(1.0)
    assert queue_wait(2.0, 3.0, 3.0, 1.0)[0] == pytest.approx(4 / 9)
    assert queue_wait(0.5, 1.0, 1.0, 0.5)[0] == pytest.approx(0.5), "M/D/1 waits half as long"


def test_the_wait_agrees_with_the_exact_queues_of_the_benchmark() -> None:
    """M/M/c exactly; one server with Erlang service by Pollaczek and Khinchine, which Allen-Cunneen equals there."""
    if not QUEUES.is_file():
        pytest.skip("no ../shared/bench: the queueing cases are not in this checkout")
    cases = {case["id"]: case for case in json.loads(QUEUES.read_text())["cases"]}
    for name, variability in (("d01-mm3", 1.0), ("d02-me4-1", (1 + 1 / 4) / 2)):
        case = cases[name]
        node, source = case["model"]["nodes"][0], case["model"]["sources"][0]
        service, arrival = node["service"], source["interarrival"]
        service = next(iter(service.values())) if "dist" not in service and "mean" not in service else service
        joint = node["servers"] / mean_of(service)
        expected = next(item for item in case["expect"] if item["metric"] == "wait_mean")["value"]
        wait, _ = queue_wait(1 / mean_of(arrival), joint, float(node["servers"]), variability)
        assert wait == pytest.approx(expected, rel=1e-6), name


def mean_of(distribution: dict[str, object]) -> float:
    return float(str(distribution["mean"]))


def test_known_values() -> None:
    """Worked by hand: BPR at 1.5 of capacity, Spiess's cone at capacity, Akcelik at capacity."""
    assert at(row(DelayKind.BPR, 10.0, 100.0, 0.15, 4.0), 150.0)[0] == pytest.approx(10 * (1 + 0.15 * 1.5**4))
    assert at(row(DelayKind.CONICAL, 10.0, 100.0, 4.0), 100.0)[0] == pytest.approx(20.0), "twice the time at capacity"
    assert at(row(DelayKind.CONICAL, 10.0, 100.0, 4.0), 0.0)[0] == pytest.approx(10.0)
    assert at(row(DelayKind.AKCELIK, 10.0, 50.0, 0.4, 1.0), 50.0)[0] == pytest.approx(10 + math.sqrt(8 * 0.4 / 50) / 4)


def test_zeros_of_the_exchange_format_are_constant() -> None:
    """Zero b, power, time or capacity of a link whose time does not depend on it, as TNTP files have them."""
    for one in (
        row(DelayKind.BPR, 3.0, 0.0, 0.0, 4.0),
        row(DelayKind.BPR, 3.0, 0.0, 0.15, 0.0),
        row(DelayKind.BPR, 0.0, 0.0, 0.15, 4.0),
        row(DelayKind.CONICAL, 0.0, 0.0, 3.0),
        row(DelayKind.PIECEWISE, 0.0, 0.0, points=[(0.0, 1.0), (1.0, 2.0)]),
    ):
        assert not list(table_of([one]).faults())
        time, slope, area = at(one, 7.0)
        assert (time, slope, area) == (time, 0.0, 7.0 * time)
        assert math.isfinite(time)
    assert at(row(DelayKind.BPR, 3.0, 0.0, 0.15, 0.0), 7.0)[0] == pytest.approx(3.45)


def test_at_a_corner_the_slope_turns_and_the_time_does_not() -> None:
    one = row(DelayKind.PIECEWISE, 1.0, 100.0, points=[(0.0, 1.0), (1.0, 2.0), (2.0, 5.0)])
    assert at(one, 100.0)[:2] == pytest.approx((2.0, 0.02))
    assert at(one, 99.99)[:2] == pytest.approx((1.9999, 0.01))
    assert at(one, 100.01)[:2] == pytest.approx((2.0003, 0.03))
    step = row(DelayKind.AKCELIK, 1.0, 100.0, 0.0, 4.0)
    assert [at(step, x)[0] for x in (50.0, 100.0, 150.0)] == pytest.approx([1.0, 1.0, 2.0])
    assert at(step, 100.0)[1] == pytest.approx(0.01), "half of what it is beyond"


# --- Faults ---


def reasons(*some: Row, **place: int | str | None) -> list[tuple[object, str]]:
    found = list(table_of(list(some)).faults(**place))  # type: ignore[arg-type]
    assert {fault.code for fault in found} <= {"delays.bad_row"}
    return [(fault.parameters["row"], next(name for name in reversed(fault.parameters))) for fault in found]


GOOD = ((0.0, 1.0), (1.0, 2.0))
BAD: list[tuple[Row, list[str]]] = [
    (constant(math.nan), ["not_finite"]),
    (constant(-1.0), ["negative"]),
    (row(DelayKind.BPR, 1.0, 10.0, -0.15, 4.0), ["negative"]),
    (row(DelayKind.BPR, 1.0, 10.0, 0.15, -1.0), ["negative"]),
    (row(DelayKind.BPR, 1.0, 0.0, 0.15, 4.0), ["no_capacity"]),
    (row(DelayKind.BPR, 1.0, math.inf, 0.15, 4.0), ["not_finite"]),
    (row(DelayKind.BPR, 1.0, 10.0, 0.15, 61.0), ["power"]),
    (row(DelayKind.BPR, -1.0, 0.0, -0.15, math.nan), ["negative", "negative", "not_finite"]),
    (row(DelayKind.CONICAL, 1.0, 10.0, 1.0), ["alpha"]),
    (row(DelayKind.AKCELIK, 1.0, 0.0, 1.0, 0.0), ["no_capacity", "period"]),
    (row(DelayKind.PORT_QUEUE, 1.0, 10.0, 0.5, 1.0, 0.9), ["servers"]),
    (row(DelayKind.PORT_QUEUE, 1.0, 10.0, 2.5, 1.0, 1.0), ["servers", "join"]),
    (row(DelayKind.PORT_QUEUE, 1.0, 0.0, 1e9, 1.0, 0.9), ["no_capacity", "servers"]),
    (row(DelayKind.PIECEWISE, 1.0, 10.0, points=GOOD[:1]), ["few_points"]),
    (row(DelayKind.PIECEWISE, 1.0, 10.0, points=((0.5, 1.0), (1.0, 2.0))), ["first_point"]),
    (row(DelayKind.PIECEWISE, 1.0, 10.0, points=(*GOOD, (2.0, math.inf))), ["first_point"]),
    (row(DelayKind.PIECEWISE, 1.0, 10.0, points=(*GOOD, (1.0, 1.5))), ["backward", "falling"]),
    (row(DelayKind.PIECEWISE, 1.0, 10.0, points=((0.0, -1.0), (1.0, 2.0))), ["falling"]),
]


def test_every_bad_row_is_named_with_every_reason() -> None:
    found = reasons(*(one for one, _ in BAD), row(DelayKind.PIECEWISE, 1.0, 10.0, points=GOOD))
    assert found == [(i, reason) for i, (_, several) in enumerate(BAD) for reason in several]


def test_a_kind_that_is_not_known_is_a_fault_too() -> None:
    table = table_of([constant(1.0), constant(1.0)])
    broken = DelayTable(np.array([0, 9], dtype=np.int8), table.parameters, table.point_first, table.points)
    assert [fault.parameters["unknown"] for fault in broken.faults()] == ["9"]


def test_a_fault_names_file_and_line_and_reads_well() -> None:
    fault: Fault = next(table_of([constant(1.0), BAD[4][0]]).faults(file="city_net.tntp", first_row=10))
    assert fault.place == Place("city_net.tntp", 11)
    assert sentence(fault, "en").message == (
        "Delay function “1” (bpr) is wrong: its time depends on the volume, but its capacity is 0."
    )
    assert "通过能力却是 0" in sentence(fault, "zh").message


def test_a_table_gives_its_columns_by_name() -> None:
    table = table_of([constant(2.0), row(DelayKind.BPR, 3.0, 10.0, 0.15, 4.0)])
    np.testing.assert_array_equal(table.column("free_flow_time"), [2.0, 3.0])
    np.testing.assert_array_equal(table.column("power"), [np.nan, 4.0])
    assert len(DelayTable.constant([1.0, 2.0, 3.0])) == 3
    assert set(PARAMETERS) == set(DelayKind)
