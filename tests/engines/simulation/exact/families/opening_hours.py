"""Opening hours; services under way at closing are finished."""

from __future__ import annotations

from .. import periodic, traces
from ..writing import Tree, arrivals, case, expect, exponential, fixed, model, run, station
from . import BENCH_FORMAT

TITLE = "Opening hours"
FORMAT = BENCH_FORMAT
SOURCE = "periodic solution of Kolmogorov's equations; wait by Little's law"


def cases() -> list[Tree]:
    return [
        _random("mm1-day", 0.05, 6.0, 1, 1440.0, [(480.0, 1260.0)], 190),
        _random("mm3-day", 0.1, 11.0, 3, 1440.0, [(420.0, 1260.0)], 220),
        _random("mm2-two-shifts", 0.11, 8.0, 2, 1440.0, [(480.0, 720.0), (840.0, 1260.0)], 220),
        _random("mm2-short-cycle", 0.3, 3.0, 2, 60.0, [(5.0, 45.0)], 80),
        _fixed("fixed-day", 10.0, 4.0, 120.0, [(3.0, 62.0)]),
        _fixed("fixed-two-windows", 10.0, 3.0, 240.0, [(20.5, 84.5), (121.5, 190.0)]),
    ]


def _calendar(period: float, windows: list[tuple[float, float]]) -> Tree:
    return {"period": period, "open": [list(window) for window in windows], "at_close": "finish"}


def phases(
    rate: float, servers: int, period: float, windows: list[tuple[float, float]], going_on: bool = True
) -> list[periodic.Phase]:
    """Cut a period into open and closed phases, from 0."""
    cut, now = [], 0.0
    for start, end in windows:
        if start > now:
            cut.append(periodic.Phase(start - now, rate, 0, going_on))
        cut.append(periodic.Phase(end - start, rate, servers))
        now = end
    if now < period:
        cut.append(periodic.Phase(period - now, rate, 0, going_on))
    return cut


def _random(
    name: str, rate: float, service: float, servers: int, period: float, windows: list[tuple[float, float]], most: int
) -> Tree:
    waiting, served = periodic.Clockwork(phases(rate, servers, period, windows), service, most).means()
    values = [
        expect("queue_len_mean", waiting, "hall"),
        expect("wait_mean", waiting / rate, "hall"),
        expect("utilisation", served / servers, "hall"),
        expect("in_node_mean", waiting + served, "hall"),
        expect("throughput", rate, "hall"),
        expect("sojourn_mean", waiting / rate + service, unit_class="truck"),
    ]
    tree = model(
        [station("hall", exponential(service), servers, calendar=_calendar(period, windows))],
        [arrivals("hall", exponential(1 / rate))],
    )
    warmup = 40 * period
    title = f"M/M/{servers}, open {len(windows)} times in {period:g} minutes"
    return case(name, title, SOURCE, tree, run(2 * rate, warmup, 8e6, period=period), values)


def _fixed(name: str, between: float, service: float, period: float, windows: list[tuple[float, float]]) -> Tree:
    """Fixed times everywhere: watched between two moments of the cycle when nobody is there."""
    start, end = 2 * period + windows[0][1] - 3.5, 12 * period + windows[0][1] - 3.5
    came = [between * (i + 1) for i in range(int(end / between) + 40)]
    begun = traces.starts(came, service, period, windows)
    waits = [b - a for a, b in zip(came, begun, strict=True) if start <= b < end]
    values = [
        expect("wait_mean", sum(waits) / len(waits), "hall"),
        expect("wait_prob", sum(w > 0 for w in waits) / len(waits), "hall"),
        expect("queue_len_mean", traces.overlap(list(zip(came, begun, strict=True)), (start, end)), "hall"),
        expect("utilisation", traces.overlap([(b, b + service) for b in begun], (start, end)), "hall"),
        expect("throughput", sum(start <= b + service < end for b in begun) / (end - start), "hall"),
        expect("sojourn_mean", sum(waits) / len(waits) + service, unit_class="truck"),
    ]
    tree = model(
        [station("hall", fixed(service), calendar=_calendar(period, windows))], [arrivals("hall", fixed(between))]
    )
    how = {"warmup": start, "horizon": end, "replications": 2}
    return case(name, "Fixed times, opening hours", "worked out unit by unit", tree, how, values, exact=True)
