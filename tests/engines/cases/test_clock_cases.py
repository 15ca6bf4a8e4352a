"""Ninety cases worked out by hand, held against the engine and against a walk from minute to minute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date
from functools import cache
from typing import Any

import pytest
from chinese_calendar.constants import holidays as announced
from chinese_calendar.constants import workdays

from bridgehead.engines.cases.course import Course, course
from bridgehead.engines.cases.events import Event, Extended, HandedOver, Lodged, Moved
from bridgehead.engines.cases.machine import Kind, Machine, Move, Outcome, Role, State
from bridgehead.kernel.calendars import Calendar, Term
from bridgehead.kernel.office_clocks import OfficeClock
from bridgehead.kernel.office_hours import CLOSED, OfficeHours, Promise, Season, read_hours, read_month_day
from tests.engines.cases.clock_cases import CALENDARS, CASES, OFFICES, WEEKDAYS, Walk, days, moment, weekdays

MACHINE = Machine(
    "question",
    [
        State("work", Kind.OPEN),
        State("papers", Kind.PAUSE, limit=Term.read("10wd"), at_limit="lapse"),
        State("answered", Kind.ENDED, Outcome.ANSWERED),
        State("lapsed", Kind.ENDED, Outcome.LAPSED),
    ],
    [
        Move("ask", ("work",), "papers", frozenset({Role.OFFICER})),
        Move("send", ("papers",), "work", frozenset({Role.TRADER})),
        Move("lapse", ("papers",), "lapsed", frozenset({Role.CLOCK})),
        Move("answer", ("work",), "answered", frozenset({Role.OFFICER})),
        Move("reopen", ("answered",), "work", frozenset({Role.TRADER})),
    ],
    most_extensions=1,
)
MOVES = {
    "asked": ("ask", Role.OFFICER),
    "papers": ("send", Role.TRADER),
    "answered": ("answer", Role.OFFICER),
    "opened_again": ("reopen", Role.TRADER),
}


@cache
def clock_of(office: str) -> OfficeClock:
    about = OFFICES[office]

    def week(table: Mapping[str, str]) -> list[Any]:
        found: list[Any] = [CLOSED] * 7
        for words, text in table.items():
            if words not in ("from", "to"):
                for weekday in weekdays(words):
                    found[weekday] = read_hours(text)
        return found

    seasons = [
        Season(read_month_day(one["from"]), read_month_day(one["to"]), week(one)) for one in about.get("seasons", [])
    ]
    special = {day: CLOSED if text == "closed" else read_hours(text) for day, text in about.get("special", {}).items()}
    make_up = WEEKDAYS.index(about.get("make_up", "mon")) + 1
    zone, on_holidays = about.get("zone", "Asia/Shanghai"), bool(about.get("on_holidays"))
    hours = OfficeHours(zone, week(about["hours"]), seasons, special, make_up, on_holidays)
    calendar = about.get("calendar", "cn")
    until = CALENDARS[calendar].get("announced_until")
    return OfficeClock(hours, Calendar(days(calendar, "days_off"), days(calendar, "days_worked"), until))


def event_of(about: Mapping[str, Any], case: Mapping[str, Any]) -> Event:
    at = moment(about["at"], case)
    if "lodged" in about:
        return Lodged(at, about["lodged"])
    if "handed_to" in about:
        return HandedOver(at, about["handed_to"], Role.OFFICER)
    if "extended_by" in about:
        return Extended(at, Promise.read(about["extended_by"]), Role.HEAD)
    word = next(word for word in MOVES if word in about)
    return Moved(at, *MOVES[word])


def looked_at(case: Mapping[str, Any], now: object) -> Course:
    events = [event_of(one, case) for one in case["events"]]
    return course(MACHINE, Promise.read(case["promise"]), events, clock_of, moment(now, case))


@pytest.mark.parametrize(("group", "case"), [pytest.param(*one, id=f"{one[0]}: {one[1]['name']}") for one in CASES])
def test_what_was_worked_out_by_hand(group: str, case: Mapping[str, Any]) -> None:
    for expected in case["at"]:
        at = looked_at(case, expected["moment"])
        assert at.clock.due is not None
        assert at.clock.due.at == moment(case["due"], case)
        assert at.clock.due.provisional == case.get("provisional", False)
        late = sum(one.late_minutes for one in at.rounds)
        assert (at.gross_minutes, at.net_minutes, late) == (
            expected["gross"],
            expected["net"],
            expected.get("late", 0),
        )
        assert at.is_late == (late > 0)
        assert (at.limit is not None) == ("waits_until" in expected)
        if at.limit is not None:
            assert at.limit.at == moment(expected["waits_until"], case)


@pytest.mark.parametrize(("group", "case"), [pytest.param(*one, id=f"{one[0]}: {one[1]['name']}") for one in CASES])
def test_a_walk_from_minute_to_minute_says_the_same(group: str, case: Mapping[str, Any]) -> None:
    for expected in case["at"]:
        now = moment(expected["moment"], case)
        at, walked = looked_at(case, expected["moment"]), Walk(case, now.astimezone(UTC)).answer()
        assert at.clock.due is not None
        assert (at.clock.due.at, at.clock.due.provisional) == (walked.due, walked.provisional)
        assert (at.gross_minutes, at.net_minutes, at.clock.late_minutes) == (walked.gross, walked.net, walked.late)


def test_there_are_enough_of_them_and_each_has_its_name() -> None:
    names = [(group, case["name"]) for group, case in CASES]
    assert len(set(names)) == len(names) >= 60


def test_the_calendar_of_the_cases_is_the_one_that_was_announced() -> None:
    years = range(2023, 2027)
    off = {day for day in announced if day.year in years and day.weekday() < 5}
    assert {day for day in days("cn", "days_off") if day.year in years and day.weekday() < 5} == off
    assert {day for day in days("cn", "days_worked") if day.year in years} == {
        day for day in workdays if day.year in years and day.weekday() >= 5
    }
    assert date(2027, 1, 1) in days("cn", "days_off")
