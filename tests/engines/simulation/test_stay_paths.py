"""What set the stay of a unit: causes of waits and critical paths worked out by hand."""

from __future__ import annotations

import pytest

from bridgehead.engines.simulation.stay_paths.critical_paths import critical_path
from bridgehead.engines.simulation.stay_paths.stay_causes import done_units, stay_causes, unit_at
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.simulation.traced_units import come, det, path, pieces, traced, unit


def test_who_comes_while_another_is_served_waits_for_that_one() -> None:
    found = traced({"stations": {"a": det(5)}, "sources": [come(0, 1)]})
    assert pieces(found, 1) == [(0, 5, "service", "a", "")]
    assert pieces(found, 2) == [(1, 5, "queue", "a", "truck@a-1"), (5, 10, "service", "a", "")]
    assert path(found, 2) == [(1, 5, "service", "a", "truck@a-1"), (5, 10, "service", "a", "truck@a-2")]


def test_the_queue_ahead_is_counted() -> None:
    found = traced({"stations": {"a": det(5)}, "sources": [come(0, 1, 2, 3)]})
    (waited, _) = found.segments(unit(found, 4))
    assert (waited.cause, waited.minutes, waited.ahead) == ("queue", 12.0, 2)
    assert [one.unit[-1] for one in critical_path(found, unit(found, 4))] == ["1", "2", "3", "4"]


def test_who_comes_in_the_night_waits_for_the_opening_and_then_for_those_before_it() -> None:
    found = traced(
        {
            "calendars": {"day": {"period": 100, "open": [[60, 80]]}},
            "stations": {"a": det(5, calendar="day")},
            "sources": [come(10, 20)],
        }
    )
    assert pieces(found, 2) == [
        (20, 60, "closed", "a", ""),
        (60, 65, "queue", "a", "truck@a-1"),
        (65, 70, "service", "a", ""),
    ]
    assert path(found, 2) == [
        (20, 60, "closed", "a", "truck@a-1"),
        (60, 65, "service", "a", "truck@a-1"),
        (65, 70, "service", "a", "truck@a-2"),
    ]


def test_a_queue_that_outlasts_the_day_waits_for_those_ahead_and_then_for_the_next_opening() -> None:
    found = traced(
        {
            "calendars": {"day": {"period": 100, "open": [[0, 8]]}},
            "stations": {"a": det(5, calendar="day")},
            "sources": [come(0, 1, 2)],
        }
    )
    # The second begins at 5 and ends at 10, after the closing; the third waits for it up to 8, then for the opening.
    assert pieces(found, 3) == [
        (2, 8, "queue", "a", "truck@a-2"),
        (8, 100, "closed", "a", ""),
        (100, 105, "service", "a", ""),
    ]
    assert path(found, 3) == [
        (2, 5, "service", "a", "truck@a-1"),
        (5, 8, "service", "a", "truck@a-2"),
        (8, 100, "closed", "a", "truck@a-3"),
        (100, 105, "service", "a", "truck@a-3"),
    ]


def test_who_is_still_served_after_the_closing_waited_for_others_and_not_for_an_opening() -> None:
    found = traced(
        {
            "calendars": {"day": {"period": 100, "open": [[0, 8]], "at_close": "empty"}},
            "stations": {"a": det(5, calendar="day")},
            "sources": [come(0, 1, 2)],
        }
    )
    assert pieces(found, 3) == [(2, 10, "queue", "a", "truck@a-2"), (10, 15, "service", "a", "")]
    (row,) = [one for one in stay_causes(found).by_cause() if one.cause == "queue"]
    assert row.minutes == pytest.approx((0 + 4 + 8) / 3)


def test_a_service_that_rests_over_night_is_closed_so_long() -> None:
    found = traced(
        {
            "calendars": {"day": {"period": 100, "open": [[0, 8]], "at_close": "pause"}},
            "stations": {"a": det(5, calendar="day")},
            "sources": [come(6)],
        }
    )
    assert pieces(found, 1) == [(6, 8, "service", "a", ""), (8, 100, "closed", "a", ""), (100, 103, "service", "a", "")]
    assert {one.cause: one.minutes for one in stay_causes(found).parts} == {"service": 5.0, "closed": 92.0}


BLOCKING = {
    "stations": {"a": det(1), "b": det(10, queue_capacity=0, on_full="block_upstream")},
    "routes": {"*": {"a": "b", "b": "out"}},
    "sources": [come(0, 1, 2)],
}


def test_a_full_station_blocks_who_was_served_before_it_and_those_behind() -> None:
    found = traced(BLOCKING)
    assert pieces(found, 2) == [
        (1, 2, "service", "a", ""),
        (2, 11, "blocked", "b", "b"),
        (11, 21, "service", "b", ""),
    ]
    assert pieces(found, 3) == [
        (2, 11, "blocked", "a", "b"),
        (11, 12, "service", "a", ""),
        (12, 21, "blocked", "b", "b"),
        (21, 31, "service", "b", ""),
    ]
    assert path(found, 3) == [
        (2, 11, "service", "b", "truck@a-1"),
        (11, 21, "service", "b", "truck@a-2"),
        (21, 31, "service", "b", "truck@a-3"),
    ]


def test_waiting_places_let_units_off_their_server() -> None:
    stations = {"a": det(1), "b": det(10, queue_capacity=1, on_full="block_upstream")}
    found = traced({**BLOCKING, "stations": stations, "sources": [come(0, 1, 2, 3)]})
    # The third is done at 3, the place is the second's until that begins at 11.
    assert pieces(found, 3)[1:3] == [(3, 11, "blocked", "b", "b"), (11, 21, "queue", "b", "truck@a-2")]
    assert pieces(found, 4)[0] == (3, 11, "blocked", "a", "b")


def test_a_partner_that_comes_late_is_waited_for_at_the_match() -> None:
    found = traced(
        {
            "classes": {"truck": {}, "empty": {}, "pair": {}},
            "stations": {
                "a": det(1),
                "b": det(4),
                "pair": {"kind": "match", "inputs": {"truck": {}, "empty": {}}, "as": "pair"},
                "c": det(2),
            },
            "routes": {"*": {"a": "pair", "b": "pair", "pair": "c", "c": "out"}},
            "sources": [come(0), come(16, node="b", unit_class="empty")],
        }
    )
    assert set(found.rows.units) == {"truck@a-1", "truck@a-1/1", "empty@b-1"}
    pair = found.unit_named("truck@a-1/1")
    assert [(s.begin_min, s.end_min, s.cause, s.station, s.by) for s in found.segments(pair)] == [
        (0, 1, "service", "a", ""),
        (1, 20, "partner", "pair", "empty@b-1"),
        (20, 22, "service", "c", ""),
    ]
    # The empty one set it: its service from 16 to 20; before it came nothing but the wait was there.
    assert [(s.begin_min, s.end_min, s.cause, s.unit) for s in critical_path(found, pair)] == [
        (0, 1, "service", "truck@a-1"),
        (1, 16, "partner", "truck@a-1"),
        (16, 20, "service", "empty@b-1"),
        (20, 22, "service", "truck@a-1/1"),
    ]
    whole = stay_causes(found)
    assert (whole.units, whole.mean_stay_min) == (1, 22.0)
    assert {(p.station, p.cause): p.minutes for p in whole.parts} == {
        ("a", "service"): 1.0,
        ("pair", "partner"): 19.0,
        ("c", "service"): 2.0,
    }


def test_wagons_of_a_train_wait_for_each_other_until_they_are_made_up() -> None:
    found = traced(
        {
            "classes": {"train": {}, "wagon": {}, "made_up": {}},
            "stations": {
                "a": det(3),
                "taken_apart": {"kind": "split", "into": {"wagon": 2}},
                "crane": det(10),
                "make_up": {"kind": "combine", "of": "wagon", "size": 2, "as": "made_up"},
                "leave": det(1),
            },
            "routes": {
                "*": {
                    "a": "taken_apart",
                    "taken_apart": "crane",
                    "crane": "make_up",
                    "make_up": "leave",
                    "leave": "out",
                }
            },
            "sources": [come(0, unit_class="train")],
        }
    )
    whole = stay_causes(found)
    assert (whole.units, whole.mean_stay_min) == (1, 24.0)
    # The train is made up of the first wagon, which waits ten minutes for the second.
    assert {(p.station, p.cause): p.minutes for p in whole.parts} == {
        ("a", "service"): 3.0,
        ("crane", "service"): 10.0,
        ("make_up", "partner"): 10.0,
        ("leave", "service"): 1.0,
    }
    (made_up,) = done_units(found, "made_up").tolist()
    assert [(s.begin_min, s.end_min, s.station) for s in critical_path(found, made_up)] == [
        (0, 3, "a"),
        (3, 13, "crane"),
        (13, 23, "crane"),
        (23, 24, "leave"),
    ]
    wagons = stay_causes(found, "wagon")
    assert (wagons.units, wagons.mean_stay_min) == (2, 23.0)
    assert {(p.station, p.cause): p.minutes for p in wagons.parts} == {
        ("a", "service"): 3.0,
        ("crane", "service"): 10.0,
        ("crane", "queue"): 5.0,
        ("make_up", "partner"): 5.0,
    }


def test_an_inspector_who_is_busy_elsewhere_is_named() -> None:
    found = traced(
        {
            "pools": {"inspector": 1},
            "stations": {"a": det(8, needs=["inspector"]), "b": det(5, needs=["inspector"])},
            "routes": {"*": {"a": "out", "b": "out"}},
            "sources": [come(0), come(2, node="b")],
        }
    )
    assert pieces(found, 1, "truck@b") == [(2, 8, "resource", "b", "inspector"), (8, 13, "service", "b", "")]
    assert path(found, 1, "truck@b") == [
        (2, 8, "service", "a", "truck@a-1"),
        (8, 13, "service", "b", "truck@b-1"),
    ]


def test_a_server_that_is_down_while_somebody_waits_is_told() -> None:
    found = traced(
        {
            "stations": {"a": det(5, breakdown={"up": {"det": 10}, "down": {"det": 20}})},
            "sources": [come(12)],
        }
    )
    assert pieces(found, 1) == [(12, 30, "breakdown", "a", ""), (30, 35, "service", "a", "")]
    assert path(found, 1)[0] == (12, 30, "breakdown", "a", "truck@a-1")


def test_the_unit_at_a_quantile_is_one_of_the_log() -> None:
    found = traced({"stations": {"a": det(5)}, "sources": [come(0, 1, 2, 3)]})
    units = done_units(found, "truck")
    assert [found.rows.units[unit_at(found, units, q)][-1] for q in (0.0, 0.5, 0.75, 0.9, 1.0)] == list("12344")
    assert done_units(found, "truck", warmup_min=2.0).size == 2


def test_names_that_are_not_there_are_refused_with_those_that_are_near() -> None:
    found = traced({"stations": {"a": det(5)}, "sources": [come(0, 1)]})
    with pytest.raises(BridgeheadError) as refused:
        found.unit_named("truck@a-7")
    assert refused.value.code == "event_log.unknown_unit"
    with pytest.raises(BridgeheadError) as refused:
        stay_causes(found, "truk")
    assert refused.value.code == "event_log.unknown_class"
    assert refused.value.faults[0].parameters["near"] == "truck"
