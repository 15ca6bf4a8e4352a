"""Measured answer times against the counts they are made of."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.cases.events import Moved
from bridgehead.engines.cases.machine import Role
from bridgehead.engines.cases.measure import FEWEST, Answer, Satisfaction, answer_of, measured, satisfaction
from tests.engines.cases.test_course import ASKED, GRANTED, LODGED, REFUSED, SENT, at, look

kept = st.sampled_from([True, False, None])
answers = st.lists(st.builds(Answer, st.integers(0, 9999), kept, kept), max_size=60)


def test_ten_cases() -> None:
    cases = [Answer(10 * number, number != 10) for number in range(1, 11)]
    random.Random(7).shuffle(cases)
    found = measured(cases)
    assert (found.cases, found.enough, found.median_min, found.ninth_decile_min) == (10, True, 55, 90)
    assert (found.promised, found.in_time_share) == (10, 0.9)
    assert (found.first_promised, found.first_in_time_share) == (0, None)
    first = measured([*cases, *(Answer(10, None, number < 3) for number in range(5))])
    assert (first.promised, first.first_promised, first.first_in_time_share) == (10, 5, 0.6)


def test_of_too_few_ratings_only_their_number_is_told() -> None:
    assert satisfaction(FEWEST, 22) == Satisfaction(5, 4.4)
    assert satisfaction(FEWEST - 1, 20) == Satisfaction(4, None)


@given(answers)
def test_figures_hold_what_they_say(cases: list[Answer]) -> None:
    found = measured(cases)
    assert found.cases == len(cases)
    assert found.enough == (len(cases) >= FEWEST)
    if not found.enough:
        assert (found.median_min, found.ninth_decile_min, found.in_time_share) == (None, None, None)
        assert found.first_in_time_share is None
        return
    assert found.median_min is not None
    assert found.ninth_decile_min is not None
    minutes = [one.net_minutes for one in cases]
    assert sum(one <= found.ninth_decile_min for one in minutes) >= 0.9 * len(minutes)
    assert sum(one < found.ninth_decile_min for one in minutes) < 0.9 * len(minutes)
    assert abs(sum(one < found.median_min for one in minutes) - sum(one > found.median_min for one in minutes)) <= (
        sum(one == found.median_min for one in minutes)
    )
    promised = [one for one in cases if one.in_time is not None]
    assert found.promised == len(promised)
    assert (found.in_time_share is None) == (len(promised) < FEWEST)
    if found.in_time_share is not None:
        assert round(found.in_time_share * len(promised)) == sum(bool(one.in_time) for one in promised)
    first = [one.first_in_time for one in cases if one.first_in_time is not None]
    assert found.first_promised == len(first)
    assert (found.first_in_time_share is None) == (len(first) < FEWEST)
    if found.first_in_time_share is not None:
        assert round(found.first_in_time_share * len(first)) == sum(first)


def test_four_cases_are_not_enough() -> None:
    found = measured([Answer(10, True)] * 4)
    assert (found.cases, found.enough, found.median_min, found.in_time_share) == (4, False, None, None)


def test_what_was_answered_counts_and_what_the_trader_gave_up_does_not() -> None:
    granted = look([LODGED, ASKED, SENT, GRANTED], "31 10:00")
    assert answer_of(granted) == Answer(360, True, first_in_time=False)
    late = look([LODGED, replace(REFUSED, at=at("11 09:00"))], "31 10:00")
    assert answer_of(late) == Answer(360 + 5 * 390 + 30, False, first_in_time=False)
    assert answer_of(look([LODGED, GRANTED], "31 10:00", promise=None)) == Answer(
        360 + 2 * 390 + 90, None, first_in_time=False
    )
    withdrawn = [LODGED, Moved(at("03 10:00"), "withdraw", Role.TRADER)]
    lapsed = [LODGED, ASKED, Moved(at("18 17:30"), "lapse", Role.CLOCK)]
    for events in ([LODGED], withdrawn, lapsed):
        assert answer_of(look(events, "31 10:00")) is None
