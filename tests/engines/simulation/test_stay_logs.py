"""Stays told from event logs: read and refused, the same as the kernel counted, and pieces that add up to each stay."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from bridgehead.engines.simulation.calibration.event_log import parse_event_log
from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.event_logs import event_log, write_csv, write_parquet
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.running import Run, Tally, simulate
from bridgehead.engines.simulation.stay_paths.critical_paths import critical_path
from bridgehead.engines.simulation.stay_paths.log_rows import read_log_rows, rows_of_log, rows_of_run
from bridgehead.engines.simulation.stay_paths.stay_causes import done_units, stay_causes
from bridgehead.engines.simulation.stay_paths.timelines_of_units import trace
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.simulation.random_ports import ports, runs
from tests.engines.simulation.traced_units import TRUCKS

LOG = """unit,activity,start,end,resource,class
t1,arrival,0,0,,truck
t2,arrival,1,1,,truck
t3,arrival,60,60,,truck
t1,gate,0,5,g,truck
t2,gate,5,9,g,truck
t3,gate,90,93,g,truck
"""


def test_without_a_model_a_log_tells_others_from_nobody_and_no_more() -> None:
    found = trace(rows_of_log(parse_event_log(LOG)))
    t2, t3 = (found.segments(found.unit_named(name)) for name in ("t2", "t3"))
    assert [(s.begin_min, s.end_min, s.cause, s.by) for s in t2] == [(1, 5, "queue", "t1"), (5, 9, "service", "")]
    assert [(s.begin_min, s.end_min, s.cause) for s in t3] == [(60, 90, "unserved"), (90, 93, "service")]
    whole = stay_causes(found)
    assert {one.cause: one.minutes for one in whole.by_cause()} == pytest.approx(
        {"service": 4.0, "queue": 4 / 3, "unserved": 10.0}
    )


PORT = {
    "start": "2025-03-03",
    "classes": {"truck": {}, "wagon": {"priority": 1}},
    "calendars": {"day": {"open": ["07:00-21:00"]}},
    "stations": {
        "a": {"servers": 3, "calendar": "day", "service": {"*": {"exp": 4}}},
        "b": {"servers": 2, "service": {"*": {"exp": 3.5}}, "queue_capacity": 4, "on_full": "block_upstream"},
        "c": {"servers": "inf", "service": {"*": {"exp": 10}}},
    },
    "routes": {"*": {"a": "b", "b": {"c": 0.5, "out": "rest"}, "c": "out"}},
    "sources": [
        {"class": "truck", "node": "a", "interarrival": {"exp": 6}},
        {"class": "wagon", "node": "a", "interarrival": {"exp": 9}},
    ],
}


@pytest.fixture(scope="module")
def port() -> tuple[Model, Tally]:
    model = read_model({**TRUCKS, **PORT})
    return model, simulate(compile_model(model), Run(20 * 1440.0, seed=5, log=True))


def test_waits_and_blocking_found_in_the_log_are_those_the_kernel_counted(port: tuple[Model, Tally]) -> None:
    model, tally = port
    found = trace(rows_of_run(event_log(tally), model), model)
    visits, rows = found.visits, found.rows
    for number, name in enumerate(rows.stations):
        here = rows.station == number
        pairs = tally.pairs[[node.id for node in model.nodes].index(name)]
        # Who was still waiting, or in service, at the horizon has no row.
        waited = float((rows.start_min - visits.entered_min)[here].sum())
        assert waited == pytest.approx(pairs["wait_sum"].sum(), rel=2e-3, abs=1.0)
        blocked = float((visits.left_min - rows.end_min)[here].sum())
        assert blocked == pytest.approx(pairs["blocked_sum"].sum(), rel=2e-3, abs=1.0)
    assert float((visits.left_min - rows.end_min).sum()) > 1000.0


def test_a_log_written_and_read_back_tells_the_same(port: tuple[Model, Tally], tmp_path: Any) -> None:
    model, tally = port
    log = event_log(tally)
    first = stay_causes(trace(rows_of_run(log, model), model), "truck")
    for name, write, near in (("port.parquet", write_parquet, 1e-9), ("port.csv", write_csv, 1e-3)):
        write(log, tmp_path / name)
        again = stay_causes(trace(read_log_rows(tmp_path / name, model), model), "truck")
        assert again.units == first.units
        assert {(p.station, p.cause): p.minutes for p in again.parts if p.minutes > 1e-3} == pytest.approx(
            {(p.station, p.cause): p.minutes for p in first.parts if p.minutes > 1e-3}, rel=near
        )


def test_a_log_of_later_days_counts_its_times_from_the_first_day_of_the_model() -> None:
    model = read_model(
        {
            **TRUCKS,
            "start": "2025-03-03",
            "calendars": {"once": {"open": ["08:00-18:00"], "except": {"2025-03-05": ["12:00-18:00"]}}},
            "stations": {"gate": {"servers": 1, "calendar": "once", "service": {"*": {"exp": 5}}}},
            "sources": [{"class": "truck", "node": "gate", "interarrival": {"exp": 60}}],
        }
    )
    log = "unit,activity,start,end,class\nt,arrival,2025-03-05 09:00,2025-03-05 09:00,truck\n"
    log += "t,gate,2025-03-05 12:00,2025-03-05 12:05,truck\n"
    found = trace(rows_of_log(parse_event_log(log), model), model)
    assert [(s.cause, s.minutes) for s in found.segments(0)] == [("closed", 180.0), ("service", 5.0)]


def test_a_file_that_is_no_log_is_refused(tmp_path: Any) -> None:
    file = tmp_path / "log.parquet"
    with pytest.raises(BridgeheadError) as refused:
        read_log_rows(file)
    assert refused.value.code == "event_log.unreadable_file"
    file.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(BridgeheadError) as refused:
        read_log_rows(file)
    assert refused.value.code == "event_log.unreadable_file"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(model=ports(), run=runs())
def test_pieces_and_steps_cover_every_stay_without_a_gap(model: Model, run: Run) -> None:
    try:
        tally = simulate(compile_model(model), Run(run.horizon_min, seed=run.seed, log=True))
    except BridgeheadError:
        return
    if not len(tally.log):
        return
    found = trace(rows_of_run(event_log(tally), model), model)
    units = done_units(found)
    for one in units.tolist()[:60]:
        stay = found.done_min[one] - found.born_min[one]
        for chain in (found.segments(one), critical_path(found, one)):
            assert sum(piece.minutes for piece in chain) == pytest.approx(stay, abs=1e-4)
            assert all(a.end_min == pytest.approx(b.begin_min) for a, b in pairwise(chain))
    for unit_class in ("", *found.rows.classes):
        whole = stay_causes(found, unit_class)
        if whole.units:
            assert sum(part.minutes for part in whole.parts) == pytest.approx(whole.mean_stay_min, abs=1e-6)
            each = [
                sum(s.minutes for s in found.segments(u) if s.cause == "queue")
                for u in done_units(found, unit_class).tolist()
            ]
            (queue,) = [p.minutes for p in whole.by_cause() if p.cause == "queue"] or [0.0]
            assert queue == pytest.approx(np.mean(each), abs=1e-4)
