"""Whom a late case reaches and when: by the case's own clock, which stands in pauses and goes from office to office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bridgehead.engines.cases.escalation import Ladder, Rung, reached, upcoming
from bridgehead.engines.cases.events import Event, HandedOver
from bridgehead.engines.cases.machine import Role
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.office_hours import Promise
from tests.engines.cases.test_course import ASKED, GRANTED, LODGED, SENT, at, clock_of, look

DAYS = Ladder(
    [
        Rung("near", "officer", percent=80),
        Rung("due", "head", percent=100),
        Rung("over", "office_above", over=Promise.read("1wd")),
        Rung("far", "supervision", over=Promise.read("5wd")),
    ]
)
HOURS = Ladder([Rung("half", "officer", percent=50), Rung("over", "head", over=Promise.read("90wmin"))])
EIGHT_HOURS = Promise.read("8wh")


def told(ladder: Ladder, events: Sequence[Event], now: str, promise: Promise | None) -> list[tuple[str, str]]:
    clock = look(events, now, promise=promise).clock
    return [(one.rung.id, f"{one.at:%d %H:%M}") for one in reached(ladder, clock, clock_of)]


def test_rungs_of_a_promise_in_days() -> None:
    promise = Promise.read("5wd")
    everything = [("near", "07 17:30"), ("due", "10 17:30"), ("over", "11 17:30"), ("far", "17 17:30")]
    for count, now in enumerate(("07 17:29", "07 17:30", "10 18:00", "12 09:00", "17 17:30")):
        assert told(DAYS, [LODGED], now, promise) == everything[:count]
    clock = look([LODGED], "10 18:00", promise=promise).clock
    following = upcoming(DAYS, clock, clock_of)
    assert following is not None
    assert (following.rung.tells, following.at) == ("office_above", at("11 17:30"))
    assert upcoming(DAYS, look([LODGED], "18 09:00", promise=promise).clock, clock_of) is None


def test_a_day_over_ends_a_day_later_where_days_end_at_midnight() -> None:
    lodged = replace(LODGED, office="port")
    assert told(DAYS, [lodged], "07 00:00", Promise.read("1wd")) == [
        *(("near", "05 00:00"), ("due", "05 00:00"), ("over", "06 00:00")),
    ]


def test_three_fifths_of_four_days_are_three_days() -> None:
    ladder = Ladder([Rung("most", "officer", percent=60)])
    assert told(ladder, [LODGED], "31 10:00", Promise.read("4wd")) == [("most", "06 17:30")]


def test_rungs_of_a_promise_in_hours_over_a_pause_and_a_hand_over() -> None:
    handed = HandedOver(at("05 16:00"), "counter", Role.OFFICER)
    # 120 minutes before the pause, 60 after it in the hall, 60 more at the counter, 240 more, then 90
    expected = [("half", "05 17:00"), ("over", "06 14:30")]
    assert told(HOURS, [LODGED, ASKED, SENT, handed], "10 10:00", EIGHT_HOURS) == expected
    assert told(HOURS, [LODGED, ASKED], "17 10:00", EIGHT_HOURS) == [], "it waits for the trader"


def test_a_case_that_waits_after_it_was_due_climbs_no_further() -> None:
    late = [LODGED, replace(ASKED, at=at("04 11:00"))]  # due at 10:30
    assert told(HOURS, late, "17 10:00", EIGHT_HOURS) == [("half", "03 15:30")]
    again = [*late, replace(SENT, at=at("17 15:00"))]
    assert told(HOURS, again, "17 16:00", EIGHT_HOURS) == [("half", "03 15:30"), ("over", "17 16:00")]


def test_nothing_is_told_after_it_ended_nor_without_a_promise() -> None:
    assert told(HOURS, [LODGED, replace(GRANTED, at=at("03 11:00"))], "31 10:00", EIGHT_HOURS) == []
    assert told(HOURS, [LODGED], "31 10:00", None) == []
    assert upcoming(HOURS, look([LODGED], "31 10:00", promise=None).clock, clock_of) is None


@pytest.mark.parametrize(
    ("rungs", "code"),
    [
        ([Rung("none", "head")], "case.bad_rung"),
        ([Rung("both", "head", 50, EIGHT_HOURS)], "case.bad_rung"),
        ([Rung("more", "head", 101)], "case.bad_rung"),
        ([Rung("less", "head", -1)], "case.bad_rung"),
        ([Rung("a", "head", 80), Rung("b", "head", 80)], "case.ladder_not_rising"),
        ([Rung("a", "head", over=EIGHT_HOURS), Rung("b", "head", 100)], "case.ladder_not_rising"),
        (
            [Rung("a", "head", over=Promise.read("1wd")), Rung("b", "head", over=EIGHT_HOURS)],
            "case.ladder_not_rising",
        ),
    ],
)
def test_a_ladder_that_does_not_rise_is_refused(rungs: list[Rung], code: str) -> None:
    with pytest.raises(BridgeheadError) as refused:
        Ladder(rungs)
    assert [one.code for one in refused.value.faults] == [code]
