"""Histograms, intervals, warm-up, precision and the figures of a border port against independent answers."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bridgehead.engines.simulation import histograms, layout
from bridgehead.engines.simulation.border_measures import border_measures, time_by_activity
from bridgehead.engines.simulation.case_format import read_cases
from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.intervals import estimate, paired_difference
from bridgehead.engines.simulation.outcomes import outcome_of, unpacked
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment, Precision, replicate
from bridgehead.engines.simulation.results import results
from bridgehead.engines.simulation.running import Run, simulate
from bridgehead.engines.simulation.warm_up import mser, warm_up_of
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.simulation.descriptions import queue

BENCH = Path(__file__).resolve().parents[3].parent / "shared" / "bench" / "queueing.json"
DAY = 1440.0


def counted(values):
    """Count values in cells by their edges, which is another way than the kernel's bits."""
    cells = np.searchsorted(histograms.edges(), values, side="right") - 1
    return np.bincount(np.minimum(cells, layout.CELLS - 1), minlength=layout.CELLS)


@given(st.lists(st.floats(0.02, 5e5), min_size=1, max_size=200), st.floats(0.0, 1.0))
def test_a_quantile_of_a_histogram_is_within_its_stated_error_of_one_of_the_data(values, q):
    found = histograms.quantile(counted(np.array(values)), q)
    ordered = np.sort(values)
    rank = min(len(values), max(1, math.ceil(q * len(values))))
    exact = ordered[rank - 1]
    assert found == pytest.approx(exact, rel=2 * histograms.RELATIVE_ERROR)


def test_histograms_of_parts_add_up_to_that_of_the_whole():
    values = np.random.default_rng(3).lognormal(3, 1.5, 4000)
    parts = counted(values[:1000]) + counted(values[1000:])
    assert (parts == counted(values)).all()
    assert histograms.quantile(parts, 0.9) == pytest.approx(np.quantile(values, 0.9), rel=0.02)
    assert histograms.share_within(parts, 40.0) == pytest.approx(float((values <= 40.0).mean()), abs=0.01)
    assert math.isnan(histograms.quantile(np.zeros(layout.CELLS, dtype=np.int64), 0.5))


def test_the_kernel_counts_in_the_cells_their_edges_say():
    model = queue(1, 5.0, 7.0)
    tally = simulate(compile_model(model), Run(50_000.0, log=True))
    services, arrivals = tally.log[tally.log["node"] >= 0], tally.log[tally.log["node"] < 0]
    came = dict(zip(arrivals["key"].tolist(), arrivals["start"].tolist(), strict=True))
    waits = services["start"] - np.array([came[key] for key in services["key"].tolist()])
    row = int(tally.pairs["wait_histogram"][0, 0])
    begun = tally.pairs["started"][0, 0] - services.size  # begun, but not ended at the horizon
    assert 0 <= begun <= 1
    assert abs(tally.histograms[row] - counted(waits)).sum() <= 1


def test_intervals_are_those_of_student():
    values = [3.1, 2.7, 3.9, 3.3, 2.8]
    found = estimate(values)
    low, high = stats.t.interval(0.95, 4, loc=np.mean(values), scale=stats.sem(values))
    assert (found.low, found.high) == pytest.approx((low, high))
    assert math.isinf(estimate([1.0]).half_width)
    assert estimate([math.nan, 2.0, 4.0]).replications == 2
    assert paired_difference([1.0, 2.0, 4.0], [2.0, 3.0, 5.0]).half_width == pytest.approx(0.0)


def test_a_warm_up_is_cut_where_the_beginning_ends():
    noise = np.random.default_rng(1).normal(0, 1.0, 1000)
    course = 50.0 + noise - 40.0 * np.exp(-np.arange(1000) / 30.0)
    assert 60 <= mser(course) <= 300
    assert mser(50.0 + noise) < 300
    assert mser([1.0, 2.0]) == 0


def test_a_warm_up_of_a_port_that_closes_is_whole_days_and_does_not_fear_the_night():
    model = read_model(
        {
            "schema": "bridgehead-port-model/1",
            "classes": {"truck": {}},
            "calendars": {"day": {"open": ["08:00-20:00"]}},
            "stations": {"gate": {"servers": 1, "calendar": "day", "service": {"*": {"exp": 5.0}}}},
            "sources": [{"class": "truck", "node": "gate", "interarrival": {"exp": 10.6}}],
        }
    )
    study = replicate(model, Experiment(60 * DAY, None, 3, seed=2))
    assert study.experiment.warmup_min % DAY == 0
    assert 0 <= study.experiment.warmup_min <= 30 * DAY
    flat = np.tile(np.concatenate([np.zeros(12), np.full(12, 100.0)]), 30)
    assert warm_up_of(model, flat, 60.0, 30 * DAY) == 0.0


def test_replications_go_on_until_the_precision_is_there_or_say_that_it_is_not():
    model = queue(2, 5.0, 3.0)
    wanted = Precision(0.05, "wait_mean", node="booth")
    study = replicate(model, Experiment(5_000.0, 500.0, 5, bin_min=5_000.0, precision=wanted))
    assert study.precise
    assert study.estimate("wait_mean", node="booth").relative <= 0.05
    assert len(study.outcomes) > 5
    few = Precision(0.0001, "wait_mean", node="booth", most=7)
    study = replicate(model, Experiment(5_000.0, 500.0, 5, bin_min=5_000.0, precision=few))
    assert not study.precise
    assert len(study.outcomes) == 7


def test_outcomes_are_the_same_bytes_after_being_kept():
    compiled = compile_model(queue(2, 5.0, 3.0))
    run = Run(10_000.0, 1_000.0, seed=4)
    outcome = outcome_of(simulate(compiled, run))
    again = unpacked(compiled, run, outcome.packed())
    assert again.content_hash == outcome.content_hash == outcome_of(simulate(compiled, run)).content_hash
    other = outcome_of(simulate(compiled, Run(10_000.0, 1_000.0, seed=5)))
    assert other.content_hash != outcome.content_hash


def test_the_week_and_the_days_are_averages_of_the_same_queue():
    compiled = compile_model(queue(2, 5.0, 2.8))
    outcome = outcome_of(simulate(compiled, Run(28 * DAY, seed=1)))
    mean = float(outcome.nodes["queue_area"][0]) / outcome.counted_min
    assert float(outcome.daily[0].mean()) == pytest.approx(mean)
    assert float(outcome.weekly[0].mean()) == pytest.approx(mean)
    arrived = float(outcome.types["arrived"][0]) / (28 * 24)
    assert float(outcome.born_weekly[0].mean()) == pytest.approx(arrived)


def test_a_stay_is_the_sum_of_its_activities_and_hours_of_border_measures():
    model = read_model(
        {
            "schema": "bridgehead-port-model/1",
            "classes": {"truck": {}},
            "stations": {
                "gate": {"servers": 2, "service": {"*": {"exp": 4.0}}},
                "scan": {
                    "servers": 1,
                    "service": {"*": {"exp": 2.0}},
                    "queue_capacity": 3,
                    "on_full": "block_upstream",
                },
            },
            "routes": {"*": {"gate": "scan"}},
            "sources": [{"class": "truck", "node": "gate", "interarrival": {"exp": 3.0}}],
        }
    )
    study = replicate(model, Experiment(100_000.0, 1_000.0, 4, bin_min=100_000.0))
    parts = time_by_activity(study, "truck")
    total = sum(one.wait_min.mean + one.service_min.mean + one.blocked_min.mean for one in parts)
    assert total == pytest.approx(study.estimate("sojourn_mean").mean, rel=1e-3)
    assert parts[0].blocked_min.mean > 0
    found = border_measures(study, "truck")
    assert found.stay_mean_h.mean == pytest.approx(total / 60.0, rel=1e-3)
    quantiles = [value.mean for _, value in found.stay_h]
    assert quantiles == sorted(quantiles)
    told = results(study)
    assert told["standing"] == "model"
    assert told["whole"]["stay_mean_h"]["mean"] == pytest.approx(found.stay_mean_h.mean)


def test_a_figure_that_is_not_known_is_named_with_those_that_are():
    study = replicate(queue(1, 1.0, 2.0), Experiment(1_000.0, 0.0, 2, bin_min=1_000.0))
    for asked, code in (
        ({"name": "wait"}, "simulation.unknown_metric"),
        ({"name": "wait_mean"}, "simulation.metric_needs_node"),
        ({"name": "wait_mean", "node": "gate"}, "simulation.unknown_node"),
        ({"name": "wait_quantile", "node": "booth"}, "simulation.metric_needs_q"),
        ({"name": "sojourn_mean", "unit_class": "car"}, "simulation.unknown_class"),
    ):
        with pytest.raises(BridgeheadError) as refused:
            study.estimate(**asked)
        assert refused.value.code == code


def test_a_year_of_the_performance_model_is_that_of_three_other_programs():
    if not BENCH.is_file():
        pytest.skip("the published cases are not beside the project")
    case = read_cases(BENCH.read_text(encoding="utf-8"), name=BENCH.name).performance[0]
    told = case.told["reference"]
    run = case.run
    study = replicate(case.model, Experiment(run.horizon_min, run.warmup_min, 10, seed=1))

    def close(found, expected, share):
        assert found.mean == pytest.approx(expected, rel=share)

    close(study.estimate("wait_total_mean", unit_class="booked"), told["wait_total_mean"]["booked"], 0.03)
    close(study.estimate("wait_total_mean", unit_class="walk_in"), told["wait_total_mean"]["walk_in"], 0.01)
    close(study.estimate("sojourn_mean"), told["sojourn_mean"], 0.01)
    close(study.estimate("sojourn_p95"), told["sojourn_p95"], 0.01)
    close(study.estimate("queue_len_mean", node="gate"), told["gate_queue_len_mean"], 0.01)
