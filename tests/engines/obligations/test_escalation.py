"""A ladder: each rung on its working day, none after the thing is done."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.obligations.escalation import Ladder, Rung, follows_on, ladder_for, reached, upcoming
from bridgehead.kernel.calendars import Calendar
from bridgehead.kernel.errors import BridgeheadError

RUNGS = [Rung("prompt", -3), Rung("due", 0), Rung("circular", 1), Rung("supervised", 5), Rung("interview", 20)]
LADDER = Ladder("2026", date(2026, 1, 1), RUNGS)
SPRING = Calendar([date(2026, 5, day) for day in range(1, 6)], [date(2026, 4, 26), date(2026, 5, 9)])
DUE = date(2026, 4, 30)


def test_the_days_of_a_ladder_worked_out_by_hand() -> None:
    days = [(one.rung.id, one.on.isoformat()) for one in reached(LADDER, DUE, date(2026, 12, 31), SPRING)]
    assert days == [
        ("prompt", "2026-04-27"),
        ("due", "2026-04-30"),
        ("circular", "2026-05-06"),
        ("supervised", "2026-05-11"),  # 6, 7, 8 May, Saturday the 9th is worked
        ("interview", "2026-06-01"),
    ]
    assert upcoming(LADDER, DUE, date(2026, 5, 6), SPRING).rung.id == "supervised"  # type: ignore[union-attr]
    assert upcoming(LADDER, DUE, date(2026, 12, 31), SPRING) is None


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.dates(date(2026, 1, 1), date(2027, 3, 1)))
def test_nothing_is_reached_after_it_is_done_and_nothing_is_skipped(done_on: date, on: date) -> None:
    found = reached(LADDER, DUE, on, SPRING, done_on)
    assert all(one.on < done_on and one.on <= on for one in found)
    assert [one.rung for one in found] == RUNGS[: len(found)]
    assert len(found) <= len(reached(LADDER, DUE, on, SPRING))


def test_a_due_day_has_the_newest_ladder_of_its_time() -> None:
    later = Ladder("2027", date(2027, 1, 1), RUNGS)
    assert ladder_for([LADDER, later], date(2026, 12, 31)) is LADDER
    assert ladder_for([LADDER, later], date(2027, 1, 1)) is later
    assert ladder_for([LADDER, later], date(2025, 12, 31)) is None


@pytest.mark.parametrize(
    ("rungs", "code"), [([], "ladder.no_rungs"), ([Rung("a", 3), Rung("b", 3)], "ladder.not_rising")]
)
def test_a_ladder_that_does_not_rise_is_refused(rungs: list[Rung], code: str) -> None:
    with pytest.raises(BridgeheadError) as refused:
        Ladder("x", date(2026, 1, 1), rungs)
    assert refused.value.code == code


def test_a_rung_follows_the_one_before_after_its_working_days() -> None:
    rungs = [Rung("prompt", -3), Rung("circular", 1, 3), Rung("supervised", 5, 4)]
    ladder = Ladder("2026", date(2026, 1, 1), rungs)
    taken = {"prompt": date(2026, 4, 27)}
    assert follows_on(ladder, rungs[0], {}, SPRING) is None
    assert follows_on(ladder, rungs[1], {}, SPRING) is None, "a reminder may have been left out"
    assert follows_on(ladder, rungs[1], taken, SPRING) == date(2026, 4, 30)
    taken["circular"] = date(2026, 4, 30)
    assert follows_on(ladder, rungs[2], taken, SPRING) == date(2026, 5, 9), (
        "6, 7, 8 May, and Saturday the 9th is worked"
    )
