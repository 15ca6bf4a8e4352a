"""The search for a staffing against formulas, against trying all, and against its own promise of being sure."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.replications import Experiment, replicate
from bridgehead.engines.simulation.staffing.advice import Advice, plain
from bridgehead.engines.simulation.staffing.curves import lane_curve
from bridgehead.engines.simulation.staffing.keeping import bounds
from bridgehead.engines.simulation.staffing.lanes import lane_hours, lanes_of, staffed
from bridgehead.engines.simulation.staffing.promises import read_promise
from bridgehead.engines.simulation.staffing.search import Question, find_staffing
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.simulation.exact.chains import birth_death
from tests.engines.simulation.exact.stations import mmc, mmc_wait_quantile, mmck_stay_quantile
from tests.engines.simulation.staffed_ports import REPORTED, day_port, description, gate, tandem


def advice(model: Model, promise: str, seed: int = 1, budget: int = 600, **more: Any) -> Advice:
    run = Experiment(model.run.horizon_min, model.run.warmup_min, seed=seed)
    return find_staffing(model, promise, Question(budget=budget, experiment=run, **more))


@pytest.mark.parametrize("limit", [0.45, 1.5])
def test_a_mean_wait_needs_the_servers_of_erlangs_formula(limit: float) -> None:
    fewest = next(c for c in range(6, 14) if mmc(1.0, 5.0, c)["wait_mean"] <= limit)
    found = advice(gate(), f"mean wait at gate <= {limit} min")
    assert (found.outcome, found.separated, found.servers) == ("found", True, {"gate": fewest})
    read = found.best.readings[0]
    assert read.low <= mmc(1.0, 5.0, fewest)["wait_mean"] * 1.05
    assert read.high >= mmc(1.0, 5.0, fewest)["wait_mean"] * 0.95
    assert read.high <= limit


def test_a_quantile_of_the_wait_needs_the_servers_of_the_formula() -> None:
    fewest = next(c for c in range(6, 14) if mmc_wait_quantile(1.0, 5.0, c, 0.9) <= 5.0)
    found = advice(gate(), "p90 wait at gate <= 5 min")
    assert (found.separated, found.servers) == (True, {"gate": fewest})
    assert found.best.readings[0].value == pytest.approx(mmc_wait_quantile(1.0, 5.0, fewest, 0.9), rel=0.1)
    less = next(one for one in found.neighbours if one.change == -1)
    assert less.staffing.verdict == "broken"
    assert less.staffing.readings[0].value == pytest.approx(mmc_wait_quantile(1.0, 5.0, fewest - 1, 0.9), rel=0.25)


def test_a_share_and_a_queue_are_promises_too() -> None:
    exact = {c: mmc(1.0, 5.0, c)["queue_len_mean"] for c in range(6, 12)}
    fewest = next(c for c in exact if exact[c] <= 1.5)
    found = advice(gate(), "mean queue at gate <= 1.5 and share wait at gate <= 30 min >= 90 %")
    assert (found.separated, found.servers) == (True, {"gate": fewest})
    assert found.best.readings[0].value == pytest.approx(exact[fewest], rel=0.15)
    assert found.best.readings[1].value > 0.99


@pytest.mark.parametrize("cost", [{}, {"gate": 1.0, "scan": 9.0}])
def test_two_stations_behind_each_other_are_staffed_as_all_together_say(cost: dict[str, float]) -> None:
    """By Jackson's theorem the mean stay is a sum of two M/M/c formulas; all staffings are tried by it."""
    limit = 12.0
    stay = {
        (a, b): mmc(1.0, 5.0, a)["sojourn_mean"] + mmc(1.0, 3.0, b)["sojourn_mean"]
        for a in range(6, 11)
        for b in range(4, 9)
    }
    price = {counts: counts[0] * cost.get("gate", 1.0) + counts[1] * cost.get("scan", 1.0) for counts in stay}
    cheapest = min(price[counts] for counts in stay if stay[counts] <= limit)
    best = {counts for counts in stay if stay[counts] <= limit and price[counts] == cheapest}
    found = advice(tandem(), f"mean stay <= {limit} min", cost=cost)
    assert found.best.counts in best
    assert found.separated
    assert found.best.cost == pytest.approx(168.0 * cheapest)
    assert found.by_load == {"gate": 5, "scan": 3}


def test_a_port_with_hours_is_staffed_as_long_runs_of_all_staffings_say() -> None:
    model, limit = day_port(), 600.0
    lanes = lanes_of(model)
    assert [one.hours_a_week for one in lanes] == [98.0, 168.0]
    kept = {}
    for counts in itertools.product(range(1, 6), range(1, 7)):
        study = replicate(staffed(model, lanes, counts), Experiment(90 * 1440.0, 2880.0, 3, seed=77))
        kept[counts] = max(study.values("sojourn_quantile", q=0.9)) <= limit
    cheapest = min((one for one in kept if kept[one]), key=lambda one: lane_hours(lanes, one))
    found = advice(model, f"p90 stay <= {limit} min")
    assert (found.separated, found.best.counts) == (True, cheapest)
    assert found.best.lane_hours == lane_hours(lanes, cheapest)
    for one in found.neighbours:
        assert one.why != "tried" or one.change > 0 or one.staffing.verdict == "broken"


def test_sure_means_sure_over_many_seeds() -> None:
    """Where the limit lies apart from all staffings the choice is the true one; near one nothing false is sure."""
    model = gate(run={"warmup": "0.5d", "horizon": "4d"})
    apart = [advice(model, "mean wait at gate <= 1.6 min", seed) for seed in range(40)]
    assert sum(one.separated and one.servers == {"gate": 7} for one in apart) >= 36
    near = [advice(model, "mean wait at gate <= 0.9 min", seed, budget=100) for seed in range(40)]
    assert sum(one.separated and one.servers != {"gate": 7} for one in near) <= 4
    assert sum(one.outcome == "found" and one.servers["gate"] < 7 for one in near) <= 4
    assert any(not one.separated for one in near)


SHORT = {"warmup": "0.5d", "horizon": "4d"}
SEEDS = 60
AS_GOOD_AS_AT_THE_LIMIT = 0.001


def erlang_b(load: float, servers: int) -> float:
    lost = 1.0
    for c in range(1, servers + 1):
        lost = load * lost / (c + load * lost)
    return lost


def at_the_limit(kind: str, servers: int) -> tuple[Model, str, float, str]:
    """Return a port, and a promise whose limit is the exact figure of so many servers."""
    if kind == "lost":
        closed = {"gate": {"servers": 14, "service": {"exp": 5}, "queue_capacity": 0, "on_full": "lose"}}
        return gate(run=SHORT, stations=closed), "share lost <= {} %", 100.0 * erlang_b(5.0, servers), "gate"
    if kind == "tandem":
        stay = mmc(1.0, 5.0, servers)["sojourn_mean"] + mmc(1.0, 3.0, 4)["sojourn_mean"]
        return tandem(run=SHORT), "mean stay <= {} min", stay, "gate"
    if kind == "queue":
        return gate(run=SHORT), "mean queue at gate <= {}", mmc(1.0, 5.0, servers)["queue_len_mean"], "gate"
    if kind == "p90":
        return gate(run=SHORT), "p90 wait at gate <= {} min", mmc_wait_quantile(1.0, 5.0, servers, 0.9), "gate"
    return gate(run=SHORT), "mean wait at gate <= {} min", mmc(1.0, 5.0, servers)["wait_mean"], "gate"


@pytest.mark.slow
@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize(
    ("kind", "servers"),
    [("mean", 6), ("mean", 7), ("p90", 6), ("p90", 7), ("queue", 6), ("lost", 9), ("tandem", 7)],
)
def test_right_at_the_limit_no_more_than_one_in_twenty_is_wrong(kind: str, servers: int, kept: bool) -> None:
    """The hardest case: the staffing in question misses the limit, or keeps it, by a thousandth.

    If one in twenty were wrong, more than 7 of 60 would be a chance of one in a hundred. All that is said counts:
    that the promise holds with what was chosen, and, where it is said to be sure, that it holds with nothing cheaper.
    """
    model, promise, exact, station = at_the_limit(kind, servers)
    limit = exact * (1.0 + AS_GOOD_AS_AT_THE_LIMIT * (1 if kept else -1))
    between = {"gate": (2, 14)} if kind != "tandem" else {"gate": (2, 10), "scan": (4, 4)}
    found = [advice(model, promise.format(f"{limit:.9f}"), seed, 160, between=between) for seed in range(SEEDS)]
    fewest = servers if kept else servers + 1
    chosen = [one for one in found if one.outcome == "found"]
    assert len(chosen) > 0.9 * SEEDS
    wrong = sum(one.servers[station] < fewest or (one.separated and one.servers[station] > fewest) for one in chosen)
    assert wrong + sum(one.outcome == "impossible" for one in found) <= 7


def test_the_figure_shown_for_the_choice_is_not_made_better_by_the_search() -> None:
    """Chosen among many on the same numbers a staffing looks better than it is; what is shown comes from fresh ones."""
    exact = mmc(1.0, 5.0, 7)["wait_mean"]
    model = gate(run=SHORT)
    found = [advice(model, f"mean wait at gate <= {exact * 1.15:.6f} min", seed, 400) for seed in range(30)]
    shown = [one.best.readings[0] for one in found if one.outcome == "found" and one.servers == {"gate": 7}]
    assert len(shown) >= 25
    assert np.mean([one.value for one in shown]) == pytest.approx(exact, rel=0.02)
    assert all(one.replications >= 16 for one in (advice.best for advice in found))


def test_what_is_too_near_to_tell_is_listed_as_undecided() -> None:
    limit = mmc(1.0, 5.0, 7)["wait_mean"]
    found = advice(gate(), f"mean wait at gate <= {limit:.6f} min", budget=120)
    assert (found.outcome, found.separated, found.servers) == ("found", False, {"gate": 8})
    assert [one.counts for one in found.undecided] == [(7,)]
    assert plain(found)["sure"] is None
    assert found.runs <= 120


def test_a_promise_that_cannot_be_held_says_what_is_reached() -> None:
    found = advice(gate(), "mean stay <= 4 min")
    assert (found.outcome, found.servers) == ("impossible", {"gate": 28})
    assert found.best.readings[0].value == pytest.approx(5.0, rel=0.03)
    crowded = advice(gate(), "mean stay <= 40 min", between={"gate": (1, 4)})
    assert (crowded.outcome, crowded.by_load, crowded.runs) == ("overloaded", {"gate": 5}, 0)


def test_a_staffing_under_which_another_queue_grows_is_never_chosen() -> None:
    """The promise is about the gate alone, and trucks that would wait too long give up in front of it."""
    stations = {
        "gate": {"servers": 10, "service": {"exp": 5}, "patience": {"truck": {"exp": 500}}},
        "scan": {"servers": 8, "service": {"exp": 3}},
    }
    model = gate(stations=stations, routes={"*": {"gate": "scan", "scan": "out"}})
    found = advice(model, "mean wait at gate <= 1.6 min")
    assert found.by_load == {}
    assert found.servers["gate"] == 7
    assert found.servers["scan"] >= 3
    less = next(one for one in found.neighbours if one.lanes == "scan" and one.change == -1)
    assert found.servers["scan"] > 3 or less.staffing.growing == ("scan",)


def losing(places: int, servers: int = 14) -> dict[str, Any]:
    """Return a gate with so many places to wait; who finds none leaves."""
    gate_of = {"servers": servers, "service": {"exp": 5}, "queue_capacity": places, "on_full": "lose"}
    return {"stations": {"gate": gate_of}}


def test_a_stay_is_that_of_the_units_let_in() -> None:
    """M/M/c/K: the stay of who is let in is a mixture of Erlang times with a service behind them."""
    model = gate(run={"warmup": "1d", "horizon": "21d"}, **losing(9))
    curve = lane_curve(model, "gate", [3, 5], "p90 stay <= 20 min; p50 stay <= 20 min; share lost <= 1 %")
    for point in curve:
        most = point.servers + 9
        for reading, q in zip(point.readings[:2], (0.9, 0.5), strict=True):
            assert reading.value == pytest.approx(mmck_stay_quantile(1.0, 5.0, point.servers, most, q), rel=0.015)
            assert reading.low <= reading.value <= reading.high
        shares = birth_death(lambda _: 1.0, lambda n, c=point.servers: min(n, c) / 5.0, most)
        assert point.readings[2].value == pytest.approx(shares[-1], rel=0.03)


def test_who_leaves_unserved_is_told_beside_the_promise_and_not_judged() -> None:
    """A gate with two places to wait keeps its stays short by sending trucks away: that is said, not judged."""
    found = advice(gate(**losing(2)), "share stay <= 60 min >= 90 %")
    assert (found.outcome, found.servers) == ("found", {"gate": 1})
    assert found.lost is not None
    for reading, servers in ((found.lost.chosen, 1), (found.lost.present, 14)):
        exact = birth_death(lambda _: 1.0, lambda n, c=servers: min(n, c) / 5.0, servers + 2)[-1]
        assert reading.low - 0.01 * exact <= exact <= reading.high + 0.01 * exact
    assert found.lost.more
    assert not found.lost.promised
    assert found.lost.bounding == "share lost <= 1 %"
    told = plain(found)["lost"]
    assert told["difference"]["low"] > 0.7
    assert (told["more"], told["clause"]) == (True, "share lost <= 1 %")


def test_a_promise_on_who_leaves_bounds_it() -> None:
    found = advice(gate(**losing(2)), "share stay <= 60 min >= 90 %; share lost <= 5 %")
    fewest = next(c for c in range(1, 14) if birth_death(lambda _: 1.0, lambda n: min(n, c) / 5.0, c + 2)[-1] <= 0.05)  # noqa: B023 - used at once
    assert found.servers == {"gate": fewest}
    assert found.lost is not None
    assert found.lost.promised


def test_where_nobody_can_leave_nothing_is_told_of_it_and_where_nobody_passes_no_promise_holds() -> None:
    assert advice(gate(), "mean wait at gate <= 1.6 min").lost is None
    nobody = gate(stations={"gate": {"servers": 3, "service": {"exp": 5}, "balk": {"from": 0, "probability": 1.0}}})
    for promise in ("p90 stay <= 60 min", "mean wait at gate <= 5 min", "mean stay <= 60 min"):
        assert advice(nobody, promise, budget=80).outcome == "impossible", promise


def test_servers_of_today_that_are_too_few_are_added_to_without_bounds() -> None:
    """Six of today keep no wait of 1.5 min by Erlang's formula, and up to twice as many are looked at."""
    model = gate(stations={"gate": {"servers": 6, "service": {"exp": 5}}})
    found = advice(model, "mean wait at gate <= 1.5 min")
    assert (found.outcome, found.separated, found.servers) == ("found", True, {"gate": 7})
    assert found.present.counts == (6,)
    assert found.present.readings[0].verdict == "broken"


def test_shifts_are_staffed_each_by_itself() -> None:
    stations = {"gate": {"servers": {"00:00-06:00": 6, "06:00-24:00": 9}, "service": {"exp": 5}}}
    rates = {"00:00-06:00": 12, "06:00-24:00": 60}
    sources = [{"class": "truck", "node": "gate", "rate": rates, "per": "h"}]
    model = gate(stations=stations, sources=sources)
    lanes = lanes_of(model)
    assert [(one.id, one.hours_a_week) for one in lanes] == [("gate@00:00", 42.0), ("gate@06:00", 126.0)]
    found = advice(model, "mean wait at gate <= 2 min")
    assert found.servers["gate@00:00"] < found.servers["gate@06:00"]
    assert found.best.lane_hours == pytest.approx(42 * found.servers["gate@00:00"] + 126 * found.servers["gate@06:00"])


def test_the_curve_of_lanes_is_that_of_the_formula() -> None:
    model = gate(run={"warmup": "1d", "horizon": "21d"})
    curve = lane_curve(model, "gate", [7, 8, 10], "mean wait at gate <= 1.5 min")
    for point in curve:
        exact = mmc(1.0, 5.0, point.servers)["wait_mean"]
        assert point.readings[0].low * 0.95 <= exact <= point.readings[0].high * 1.05
        assert point.lane_hours == 168.0 * point.servers
    assert curve[0].steps == ()
    assert all(point.steps[0].high < 0 for point in curve[1:])


def test_common_random_numbers_make_differences_sharper_than_the_figures() -> None:
    curve = lane_curve(gate(), "gate", [8, 9], "mean wait at gate <= 1.5 min")
    apart = math.hypot(*(point.readings[0].high - point.readings[0].value for point in curve))
    assert curve[1].steps[0].half_width < 0.9 * apart


def test_a_model_of_assumptions_gives_no_advice() -> None:
    parameters = {
        "lanes": {"value": 14, "standing": "reported", "source": "a paper"},
        "pass_time": {"value": 5, "standing": "assumption"},
        "trucks": {"value": 1, "standing": "estimate"},
    }
    port = {
        "classes": {"truck": {}},
        "stations": {"gate": {"servers": "$lanes", "service": {"exp": "$pass_time"}}},
        "sources": [{"class": "truck", "node": "gate", "interarrival": {"exp": "$trucks"}}],
    }
    with pytest.raises(BridgeheadError) as raised:
        find_staffing(gate(parameters=parameters, **port), "mean wait at gate <= 2 min")
    assert raised.value.code == "staffing.illustrative"
    assert raised.value.parameters["missing"] == ["pass_time", "trucks"]
    assert lane_curve(gate(parameters=parameters, **port), "gate", [7], "mean wait at gate <= 2 min")


def test_figures_nothing_rests_on_are_no_evidence() -> None:
    spare = gate(classes={"truck": {"priority": "$priority"}})
    with pytest.raises(BridgeheadError) as raised:
        find_staffing(spare, "mean wait at gate <= 2 min")
    assert raised.value.parameters["reported"] == 1
    assert raised.value.parameters["missing"] == ["–"]


def test_the_port_as_it_was_described_decides_whether_a_what_if_may_be_staffed() -> None:
    assumed = {name: {**one, "standing": "assumption"} for name, one in REPORTED.items()}
    asked = Question(budget=200)
    with pytest.raises(BridgeheadError):
        find_staffing(gate(parameters=assumed), "p90 stay <= 14 min", asked)
    found = find_staffing(gate(parameters=assumed), "p90 stay <= 14 min", replace(asked, shipped=gate()))
    assert found.outcome == "found"
    with pytest.raises(BridgeheadError):
        find_staffing(gate(), "p90 stay <= 14 min", replace(asked, shipped=gate(parameters=assumed)))


def test_the_same_seed_gives_the_same_advice_and_the_model_is_not_changed() -> None:
    model = gate()
    before = repr(model)
    assert plain(advice(model, "p90 stay <= 14 min", 3)) == plain(advice(model, "p90 stay <= 14 min", 3))
    assert repr(model) == before


def test_bounds_of_a_share_of_runs_are_those_of_clopper_and_pearson() -> None:
    clause = read_promise("max queue at gate <= 5", gate()).clauses[0]
    values = np.array([1.0] * 19 + [0.0])
    low, high = bounds(clause, values, 0.025)
    assert (low + 0.9, high + 0.9) == pytest.approx((0.7513, 0.9987), abs=1e-4)
    assert bounds(clause, np.ones(10), 0.05)[0] + 0.9 == pytest.approx(0.05 ** (1 / 10))


def test_a_description_without_stations_to_decide_is_refused() -> None:
    endless = description(stations={"gate": {"kind": "delay", "service": {"exp": 5}}})
    with pytest.raises(BridgeheadError) as raised:
        advice(gate(**{key: endless[key] for key in ("stations",)}), "mean stay <= 9 min")
    assert raised.value.code == "staffing.nothing_to_decide"
