"""Service times out of logs: families recovered, lengths cut short counted as such, intervals that hold."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bridgehead.engines.simulation.calibration.calibrating import calibrate
from bridgehead.engines.simulation.calibration.estimates import poisson_interval, wilson
from bridgehead.engines.simulation.calibration.event_log import parse_event_log
from bridgehead.engines.simulation.calibration.families import (
    EXP,
    FAMILIES,
    GAMMA,
    LOGNORMAL,
    WEIBULL,
    Family,
    Sample,
    fit,
    log_likelihood,
    sample,
)
from bridgehead.engines.simulation.calibration.service_fits import fit_services, goodness, mean_interval, pooled
from bridgehead.engines.simulation.calibration.survival import kaplan_meier, mean_length
from tests.engines.simulation.port_logs import DAY, Gate, as_csv, poisson, run

N = 4000
WHOLE = np.zeros(N, np.bool_)


def draws(kind: str, rng: np.random.Generator, n: int = N) -> np.ndarray:
    return {
        "exp": lambda: rng.exponential(5.0, n),
        "erlang": lambda: rng.gamma(3.0, 2.0, n),
        "gamma": lambda: rng.gamma(0.6, 5.0, n),
        "lognormal": lambda: rng.lognormal(1.0, 0.5, n),
        "weibull": lambda: 4.0 * rng.weibull(2.5, n),
        "uniform": lambda: rng.uniform(2.0, 4.0, n),
        "det": lambda: np.full(n, 3.0),
    }[kind]()


MEANS = {
    "exp": 5.0,
    "erlang": 6.0,
    "gamma": 3.0,
    "lognormal": math.exp(1.125),
    "weibull": 4.0 * math.gamma(1.4),
    "uniform": 3.0,
    "det": 3.0,
}
PARAMETERS = {
    "exp": (5.0,),
    "erlang": (3.0, 6.0),
    "gamma": (3.0, 0.6**-0.5),
    "lognormal": (math.exp(1.125), math.sqrt(math.expm1(0.25))),
    "weibull": (2.5, 4.0),
    "uniform": (2.0, 4.0),
    "det": (3.0,),
}


@pytest.mark.parametrize("kind", PARAMETERS)
def test_each_family_is_chosen_for_its_own_draws_and_fits(kind: str) -> None:
    found = fit_services(draws(kind, np.random.default_rng(11)), WHOLE)
    assert found.distribution.kind == kind
    assert found.distribution.numbers == pytest.approx(PARAMETERS[kind], rel=0.06)
    assert found.low_min <= MEANS[kind] <= found.high_min
    assert found.n == N
    assert found.rejected == ""
    assert not found.p_value < 0.01


@pytest.mark.parametrize("kind", ["exp", "erlang", "gamma", "lognormal", "weibull"])
def test_lengths_cut_short_or_rounded_change_neither_family_nor_mean(kind: str) -> None:
    rng = np.random.default_rng(5)
    lengths, limits = draws(kind, rng), rng.uniform(0.0, 15.0, N)
    cut = lengths > limits
    assert cut.mean() > 0.15
    seen = fit_services(np.minimum(lengths, limits), cut)
    rounded = fit_services(np.rint(lengths), WHOLE, 1.0)
    for found in (seen, rounded):
        assert found.distribution.kind == kind
        # Nearly twice the half width of the interval, because ten of them are asked here.
        assert abs(found.mean_min - MEANS[kind]) < 0.9 * (found.high_min - found.low_min)
        assert found.p_value > 0.01
    assert seen.n_cut == cut.sum()
    assert seen.naive_mean_min < 0.96 * MEANS[kind]


@pytest.mark.parametrize("family", [EXP, GAMMA, LOGNORMAL], ids=lambda family: family.name)
@pytest.mark.parametrize("spoilt", ["cut", "rounded"])
def test_the_interval_of_the_mean_holds_for_lengths_cut_or_rounded(family: Family, spoilt: str) -> None:
    rng = np.random.default_rng(77)
    inside = 0
    for _ in range(100):
        lengths, limits = draws(family.name, rng, 200), rng.uniform(0.0, 15.0, 200)
        data = sample(np.minimum(lengths, limits), lengths > limits, 0.0)
        if spoilt == "rounded":
            data = sample(np.rint(lengths), np.zeros(200, np.bool_), 1.0)
        low, high = mean_interval(data, fit(family, data))
        inside += low <= MEANS[family.name] <= high
    assert 88 <= inside <= 100


def test_two_kinds_of_service_in_one_fit_no_family_and_stay_as_they_are() -> None:
    rng = np.random.default_rng(2)
    lengths = np.where(rng.random(N) < 0.5, rng.normal(3.0, 0.3, N), rng.normal(20.0, 1.0, N))
    found = fit_services(lengths, WHOLE)
    assert found.rejected
    assert found.p_value < 0.01
    assert found.distribution.kind == "quantiles"
    values = np.array(found.distribution.numbers[1::2])
    assert np.mean(values) == pytest.approx(lengths.mean(), rel=0.02)
    few = fit_services(lengths[:100], WHOLE[:100])
    assert few.distribution.kind == "empirical"
    assert sorted(few.distribution.numbers) == sorted(lengths[:100].tolist())


def test_the_p_value_is_honest_about_parameters_taken_from_the_same_data() -> None:
    """Under the hypothesis p values are uniform; Kolmogorov's own table would hardly ever reject."""
    rng = np.random.default_rng(8)
    p_values = []
    for number in range(150):
        data = sample(rng.exponential(2.0, 60), np.zeros(60, np.bool_), 0.0)
        p_values.append(goodness(data, fit(EXP, data), seed=number)[1])
    assert 0.03 <= np.mean(np.array(p_values) < 0.1) <= 0.19
    assert 0.42 <= np.mean(np.array(p_values) < 0.5) <= 0.62


def test_a_maximum_is_higher_than_its_neighbours() -> None:
    rng = np.random.default_rng(4)
    lengths, limits = rng.gamma(2.0, 3.0, 300), rng.uniform(0.0, 20.0, 300)
    for data in (
        sample(lengths, np.zeros(300, np.bool_), 0.0),
        sample(np.minimum(lengths, limits), lengths > limits, 0.0),
        sample(np.rint(lengths), np.zeros(300, np.bool_), 1.0),
    ):
        for family in FAMILIES:
            best = fit(family, data)
            for factor in (0.99, 1.01):
                assert log_likelihood(family, data, best.mean * factor, best.shape) < best.log_likelihood + 1e-6
                if family.parameters == 2 and family.name != "erlang":
                    assert log_likelihood(family, data, best.mean, best.shape * factor) < best.log_likelihood + 1e-6


def test_kaplan_and_meier_by_hand() -> None:
    """Lengths 1, 2+, 3, 4+, 5 with + for cut: 1 - 4/5, then 2/3 of it, then none; the mean is the area."""
    data = sample(np.array([1.0, 2, 3, 4, 5]), np.array([False, True, False, True, False]), 0.0)
    assert kaplan_meier(data) == pytest.approx([0.2, 1 - 0.8 * 2 / 3, 1.0])
    assert mean_length(data)[0] == pytest.approx(1.0 + 0.8 * 2.0 + 0.8 * 2 / 3 * 2.0)


def test_an_exponential_mean_with_lengths_cut_is_time_over_ends() -> None:
    data = sample(np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, True, False, True]), 0.0)
    assert fit(EXP, data).mean == pytest.approx(5.0)


def test_a_gamma_likelihood_is_that_of_its_density() -> None:
    from scipy import stats

    lengths = np.array([0.5, 1.0, 4.0])
    data = Sample(lengths, np.ones(3), np.array([2.0]), np.ones(1))
    law = stats.gamma(2.5, scale=3.0 / 2.5)
    assert log_likelihood(GAMMA, data, 3.0, 2.5) == pytest.approx(law.logpdf(lengths).sum() + law.logsf(2.0))
    law = stats.lognorm(0.7, scale=math.exp(math.log(3.0) - 0.245))
    assert log_likelihood(LOGNORMAL, data, 3.0, 0.7) == pytest.approx(law.logpdf(lengths).sum() + law.logsf(2.0))
    law = stats.weibull_min(1.7, scale=3.0 / math.gamma(1 + 1 / 1.7))
    assert log_likelihood(WEIBULL, data, 3.0, 1.7) == pytest.approx(law.logpdf(lengths).sum() + law.logsf(2.0))


def test_classes_are_told_apart_where_they_differ_and_only_there() -> None:
    rng = np.random.default_rng(3)
    classes = np.repeat([0, 1], 400)
    same = rng.gamma(2.0, 2.0, 800)
    assert pooled(same, np.zeros(800, np.bool_), classes)[0]
    assert not pooled(same * np.where(classes == 0, 1.0, 1.4), np.zeros(800, np.bool_), classes)[0]
    assert not pooled(np.where(classes == 0, 3.0, same), np.zeros(800, np.bool_), classes)[0]


def test_no_service_seen_to_its_end_gives_no_mean() -> None:
    assert math.isnan(fit_services(np.array([3.0]), np.array([True])).mean_min)
    one = fit_services(np.array([3.0]), np.array([False]))
    assert one.distribution.kind == "exp"
    assert one.low_min < 1.0 < 60.0 < one.high_min


def test_intervals_of_shares_and_counts_are_those_of_the_tables() -> None:
    assert wilson(0, 10) == pytest.approx((0.0, 0.27753), abs=1e-4)
    assert wilson(5, 10) == pytest.approx((0.23659, 0.76341), abs=1e-4)
    assert poisson_interval(10) == pytest.approx((4.7954, 18.3904), abs=1e-3)
    assert poisson_interval(0) == pytest.approx((0.0, 3.6889), abs=1e-3)


def cut_log(rng: np.random.Generator, at_close: str, days: int = 30) -> str:
    """A station open four hours a day for services of an hour: closing cuts many of them."""
    gate = Gate(3, lambda r, kind: float(r.exponential(60.0)), ((480.0, 720.0),), at_close=at_close)
    arrivals = [(t, "truck") for t in poisson(rng, lambda t: 0.012, 0.012, days * DAY)]
    return as_csv(run({"bay": gate}, arrivals, {}, "bay", rng, until=days * DAY))


def test_services_cut_at_closing_are_lower_bounds_and_a_plain_mean_is_wrong() -> None:
    found = calibrate(parse_event_log(cut_log(np.random.default_rng(6), "cut")))
    fitted = found.evidence.fits[0].fits["*"]
    assert found.evidence.services.closing[0].cuts
    assert fitted.n_cut > 50
    assert fitted.distribution.kind == "exp"
    assert fitted.low_min <= 60.0 <= fitted.high_min
    log = found.evidence.log
    naive = float(np.nanmean(log.end_min - log.start_min))
    assert naive < fitted.low_min
    assert fitted.naive_mean_min < fitted.low_min
    assert any(fault.code == "port_log.cut_at_closing" for fault in found.findings)


def test_services_that_rest_while_closed_count_their_open_minutes() -> None:
    found = calibrate(parse_event_log(cut_log(np.random.default_rng(7), "pause")))
    fitted = found.evidence.fits[0].fits["*"]
    assert found.model.calendars[0].at_close == "pause"
    assert fitted.low_min <= 60.0 <= fitted.high_min
    log = found.evidence.log
    assert float(np.nanmean(log.end_min - log.start_min)) > 2.0 * fitted.high_min


def test_services_finished_in_overtime_keep_their_length() -> None:
    found = calibrate(parse_event_log(cut_log(np.random.default_rng(9), "finish")))
    fitted = found.evidence.fits[0].fits["*"]
    assert found.model.calendars[0].at_close == "finish"
    assert not found.evidence.services.closing[0].cuts
    assert fitted.low_min <= 60.0 <= fitted.high_min


def test_a_service_written_in_two_rows_around_a_closing_is_one() -> None:
    rows = cut_log(np.random.default_rng(10), "pause").splitlines()
    split = [rows[0]]
    for row in rows[1:]:
        unit, activity, start, end, *rest = row.split(",")
        day = float(start) // DAY
        if activity == "bay" and end and float(end) > day * DAY + 720.0:
            split.append(",".join([unit, activity, start, f"{day * DAY + 720.0}", *rest]))
            begin = (day + 1) * DAY + 480.0
            while float(end) > begin + 240.0:
                split.append(",".join([unit, activity, f"{begin}", f"{begin + 240.0}", *rest]))
                begin += DAY
            split.append(",".join([unit, activity, f"{begin}", end, *rest]))
        else:
            split.append(row)
    assert len(split) > len(rows) + 20
    whole, parts = (calibrate(parse_event_log("\n".join(text))) for text in (rows, split))
    assert parts.evidence.services.net_min == pytest.approx(whole.evidence.services.net_min, abs=1e-4)
    assert parts.evidence.services.closing[0].resumed > 20
    assert parts.evidence.routing.loops == ()


def test_units_in_service_at_the_end_of_the_log_are_lower_bounds() -> None:
    """Many servers and a log of a few service times: those still served are the long ones."""
    rng = np.random.default_rng(12)
    naive = []
    inside = 0
    for _ in range(12):
        gate = Gate(50, lambda r, kind: float(r.exponential(100.0)))
        arrivals = [(t, "truck") for t in poisson(rng, lambda t: 0.3, 0.3, 300.0)]
        log = parse_event_log(as_csv(run({"bay": gate}, arrivals, {}, "bay", rng, until=300.0)))
        fitted = calibrate(log).evidence.fits[0].fits["*"]
        assert fitted.n_cut > 5
        naive.append(fitted.naive_mean_min)
        inside += fitted.low_min <= 100.0 <= fitted.high_min
    assert inside >= 9
    assert np.mean(naive) < 85.0


def test_the_interval_of_the_mean_service_holds_in_ninety_to_ninety_nine_of_a_hundred_small_logs() -> None:
    rng = np.random.default_rng(2025)
    inside = 0
    for _ in range(100):
        gate = Gate(2, lambda r, kind: float(r.gamma(2.0, 4.0)), ((480.0, 1080.0),), at_close="pause")
        arrivals = [(t, "truck") for t in poisson(rng, lambda t: 0.06, 0.06, 3 * DAY)]
        log = parse_event_log(as_csv(run({"gate": gate}, arrivals, {}, "gate", rng, until=3 * DAY)))
        fitted = calibrate(log).evidence.fits[0].fits["*"]
        inside += fitted.low_min <= 8.0 <= fitted.high_min
    assert 90 <= inside <= 99
