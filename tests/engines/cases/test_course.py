"""What becomes of a case: who can do what, what is refused, and what its clocks say of stages, offices and rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bridgehead.engines.cases.course import Course, course
from bridgehead.engines.cases.events import Event, Extended, HandedOver, Lodged, Moved
from bridgehead.engines.cases.machine import DateRule, Kind, Machine, Move, Need, Role, State
from bridgehead.kernel.calendars import Calendar, Term
from bridgehead.kernel.errors import BridgeheadError, sentence
from bridgehead.kernel.office_clocks import OfficeClock
from bridgehead.kernel.office_hours import OfficeHours, Promise, read_hours
from tests.engines.cases import test_clock_cases
from tests.engines.cases.clock_cases import Walk
from tests.engines.cases.test_machine import HEAD, MOVES, OFFICER, STATES

MACHINE = Machine("approval", STATES, MOVES, most_pauses=2, longest_pause_wd=12, most_extensions=1)
FIVE_DAYS = Promise.read("5wd")


@cache
def clock_of(office: str) -> OfficeClock:
    text = {"counter": "09:00-17:00", "port": "00:00-24:00"}.get(office, "08:30-12:00 14:30-17:30")
    return OfficeClock(OfficeHours("Asia/Shanghai", [read_hours(text)] * 5 + [()] * 2), Calendar())


def at(text: str) -> datetime:
    """Return a moment of March 2025; the 3rd is a Monday."""
    day, _, time = text.partition(" ")
    return datetime.fromisoformat(f"2025-{'03-' if len(day) == 2 else ''}{day}T{time}+08:00")


LODGED = Lodged(at("03 09:00"), "hall")
ASKED = Moved(at("03 11:00"), "ask", Role.OFFICER, {Need.REASON: "no invoice"})
SENT = Moved(at("05 15:00"), "send", Role.TRADER, {Need.PAPERS: "invoice.pdf"})
GRANTED = Moved(at("06 10:00"), "grant", Role.OFFICER, {Need.DECISION: "yes"})
REFUSED = Moved(at("06 10:00"), "refuse", Role.HEAD, {Need.BASIS: "art_12__para_1", Need.REASON: "not a port"})


def look(events: Sequence[Event], now: str, machine: Machine = MACHINE, promise: Promise | None = FIVE_DAYS) -> Course:
    return course(machine, promise, events, clock_of, at(now), first_answer=Promise.read("90wmin"))


def ids(moves: Sequence[Move]) -> set[str]:
    return {one.id for one in moves}


def test_who_can_do_what_where_it_stands() -> None:
    here = look([LODGED], "03 10:00")
    assert (here.state.id, here.office) == ("work", "hall")
    assert ids(here.open_to(Role.TRADER)) == {"withdraw"}
    assert ids(here.open_to(Role.OFFICER)) == {"ask", "grant"}
    assert ids(here.open_to(Role.HEAD)) == {"grant", "refuse"}
    assert here.open_to(Role.CLOCK) == ()
    waits = look([LODGED, ASKED], "04 10:00")
    assert (waits.state.id, ids(waits.moves)) == ("papers", {"send", "withdraw"})
    assert not waits.limit_has_run_out
    closed = look([LODGED, GRANTED], "10 10:00")
    assert (closed.state.id, closed.moves) == ("granted", ())


def test_gross_net_and_the_first_answer() -> None:
    here = look([LODGED, ASKED, SENT, GRANTED], "31 10:00")
    # Monday 120 and 240, Tuesday 390, Wednesday 240 and 150, Thursday 90
    assert (here.gross_minutes, here.paused_minutes, here.net_minutes) == (1230, 870, 360)
    assert (here.clock.begun, here.clock.until) == (LODGED.at, GRANTED.at)
    # 3 March is not counted; 4 and 5 went to the pause; 6 March is the first of five
    assert (here.clock.used, here.clock.allowed, here.clock.used_percent) == (1, 5, 20)
    assert here.clock.due is not None
    assert here.clock.due.at == at("12 17:30")
    assert not here.is_late
    # promised within 90 minutes, asked for papers after 120
    assert here.is_answered
    assert (here.first_answer.net_minutes, here.first_answer.late_minutes) == (120, 30)
    assert (here.awaits_first_answer, here.first_answer_in_time) == (False, False)
    waits = look([LODGED], "03 10:00")
    assert (waits.is_answered, waits.awaits_first_answer, waits.first_answer_in_time) == (False, True, None)
    # 90 minutes after nine are due at half past ten, by a minute of the office's time late at 10:31.
    assert waits.first_answer.due is not None
    assert waits.first_answer.due.at == at("03 10:30")
    assert not look([LODGED], "03 10:30").first_answer.late
    assert look([LODGED], "03 10:31").first_answer.late
    in_time = look([LODGED, replace(ASKED, at=at("03 10:30"))], "20 10:00")
    assert in_time.first_answer_in_time is True
    assert look([LODGED], "03 10:00").first_answer.late_minutes == 0


def test_a_withdrawal_is_no_answer() -> None:
    here = look([LODGED, Moved(at("03 10:00"), "withdraw", Role.TRADER)], "04 10:00")
    assert here.state.id == "withdrawn"
    assert (here.is_answered, here.awaits_first_answer, here.first_answer_in_time) == (False, False, None)


def test_a_hand_over_is_no_answer_and_takes_the_clock_of_it_along() -> None:
    # An hour with the hall from nine; the counter has the half hour that is left, and no break at noon.
    here = look([LODGED, HandedOver(at("03 10:00"), "counter", Role.OFFICER)], "03 11:00")
    assert here.awaits_first_answer
    assert here.first_answer.due is not None
    assert (here.first_answer.due.at, here.first_answer.late_minutes) == (at("03 10:30"), 30)
    noon = look([replace(LODGED, at=at("03 11:00")), HandedOver(at("03 11:30"), "counter", Role.OFFICER)], "03 12:00")
    assert noon.first_answer.due is not None
    assert noon.first_answer.due.at == at("03 12:30")


def test_without_a_promise_there_is_time_and_nothing_due() -> None:
    here = look([LODGED], "20 10:00", promise=None)
    assert here.clock.due is None
    assert here.clock.used_percent is None
    assert (here.is_late, here.gross_minutes) == (False, 360 + 12 * 390 + 90)


def test_lateness_in_days_does_not_count_pauses_after_it_was_due() -> None:
    ask = replace(ASKED, at=at("11 09:00"))
    send = replace(SENT, at=at("14 09:00"))
    here = look([LODGED, ask, send], "18 10:00")
    assert here.clock.due is not None
    assert here.clock.due.at == at("10 17:30")
    # Tuesday 30 minutes, Friday 30 after nine and 180 and 180, Monday 390, Tuesday 90; days 11, 17 and 18
    assert (here.clock.late_minutes, here.clock.late_wd) == (30 + 180 + 180 + 390 + 90, 3)


def test_the_clock_lapses_a_case_when_the_time_for_papers_has_run_out() -> None:
    waits = look([LODGED, ASKED], "20 10:00")
    assert waits.limit is not None
    # fifteen days from the 3rd end on the 18th
    assert (waits.limit.move, waits.limit.at) == ("lapse", at("18 17:30"))
    assert waits.limit_has_run_out
    assert ids(waits.moves) == {"lapse"}
    lapsed = look([LODGED, ASKED, Moved(at("18 17:30"), "lapse", Role.CLOCK)], "20 10:00")
    assert lapsed.state.id == "lapsed"
    assert lapsed.paused_minutes == 240 + 11 * 390
    in_time = look([LODGED, ASKED, replace(SENT, at=at("18 17:30"))], "20 10:00")
    assert in_time.state.id == "work"


def test_in_the_minute_a_pause_ends_the_trader_is_in_time_and_the_clock_may_move() -> None:
    waits = look([LODGED, ASKED], "18 17:30")
    assert waits.limit_has_run_out
    assert ids(waits.moves) == {"lapse", "send", "withdraw"}
    assert not look([LODGED, ASKED], "18 17:29").limit_has_run_out
    assert ids(look([LODGED, ASKED], "18 17:31").moves) == {"lapse"}


def test_papers_that_come_as_the_office_closes_on_the_last_day_leave_it_the_next_one() -> None:
    events = [LODGED, replace(ASKED, at=at("10 10:00")), replace(SENT, at=at("12 17:30"))]
    here = look(events, "12 18:00")
    assert here.clock.due is not None
    assert here.clock.due.at == at("13 17:30")


def test_a_promise_is_extended_up_to_the_minute_it_ends() -> None:
    longer = Extended(at("10 17:30"), Promise.read("1wd"), Role.HEAD)
    due = look([LODGED, longer], "10 18:00").clock.due
    assert due is not None
    assert due.at == at("11 17:30")


def test_a_port_that_never_closes_is_late_from_midnight_on() -> None:
    here = look([Lodged(LODGED.at, "port")], "05 12:00", promise=Promise.read("1wd"))
    assert here.clock.due is not None
    assert here.clock.due.at == at("05 00:00")
    assert (here.clock.late_minutes, here.clock.late_wd) == (12 * 60, 1)


def test_all_pauses_together_have_a_limit_that_cuts_the_last_one_short() -> None:
    again = replace(ASKED, at=at("17 09:00"))
    waits = look([LODGED, ASKED, replace(SENT, at=at("13 15:00")), again], "18 10:00")
    assert waits.limit is not None
    # 4 to 7 and 10 to 13 are eight of twelve working days: 18, 19, 20 and 21
    assert waits.limit.at == at("21 17:30")
    used_up = replace(MACHINE, longest_pause_wd=8)
    events = [LODGED, ASKED, replace(SENT, at=at("13 15:00"))]
    assert "ask" not in ids(look(events, "18 10:00", used_up).moves)
    with pytest.raises(BridgeheadError) as refused:
        look([*events, again], "18 10:00", used_up)
    assert refused.value.code == "case.pauses_used_up"


def test_one_day_that_is_left_can_still_be_waited() -> None:
    again = replace(ASKED, at=at("17 09:00"))
    waits = look(
        [LODGED, ASKED, replace(SENT, at=at("13 15:00")), again], "17 10:00", replace(MACHINE, longest_pause_wd=9)
    )
    assert waits.limit is not None
    assert waits.limit.at == at("18 17:30")


def test_one_pause_that_follows_another_takes_from_the_same_days() -> None:
    more = replace(STATES[1], id="more")
    states = [*STATES, more]
    moves = [*MOVES, Move("again", ("papers",), "more", frozenset({Role.TRADER}))]
    moves[1:3] = [Move(one.id, ("papers", "more"), one.to, one.who, one.needs) for one in moves[1:3]]
    machine = Machine("m", states, moves, longest_pause_wd=3)
    used_up = [LODGED, ASKED, Moved(at("06 10:00"), "again", Role.TRADER)]
    assert "again" in ids(look(used_up[:2], "05 10:00", machine).moves)
    assert "again" not in ids(look(used_up[:2], "06 10:00", machine).moves)
    with pytest.raises(BridgeheadError, match=r"case\.pauses_used_up"):
        look(used_up, "07 10:00", machine)


def test_a_case_waits_as_often_as_it_may_and_no_more() -> None:
    assert "ask" in ids(look([LODGED, *THRICE[:2]], "31 10:00").moves)
    assert look([LODGED, *THRICE[:3]], "06 12:00").state.id == "papers"
    assert "ask" not in ids(look([LODGED, *THRICE[:4]], "31 10:00").moves)


def test_a_hand_over_in_a_pause_is_no_second_pause() -> None:
    handed = HandedOver(at("04 10:00"), "counter", Role.OFFICER)
    again = replace(ASKED, at=at("06 10:00"))
    here = look([LODGED, ASKED, handed, SENT, again], "07 10:00")
    assert here.state.id == "papers"
    assert [(one.office, one.minutes, one.paused_minutes) for one in here.held] == [
        ("hall", 360 + 90, 240 + 90),
        ("counter", 420 + 480 + 480 + 60, 420 + 360 + 420 + 60),
    ]


def test_a_move_may_hand_the_case_over() -> None:
    here = look([LODGED, ASKED, replace(SENT, office="counter")], "06 10:00")
    assert here.office == "counter"
    assert [one.office for one in here.clock.stays] == ["hall", "hall", "counter"]


def test_a_case_that_was_opened_again_has_a_new_promise_and_keeps_its_time() -> None:
    events = [LODGED, replace(REFUSED, at=at("12 10:00"))]
    reopened = Moved(at("17 09:00"), "reopen", Role.HEAD, {Need.REASON: "new papers"})
    here = look([*events, reopened, replace(GRANTED, at=at("18 10:00"))], "31 10:00")
    first, second = here.rounds
    assert (first.late_wd, second.late_wd) == (2, 0)
    assert here.is_late, "the first round was"
    assert second.due is not None
    assert second.due.at == at("24 17:30")
    assert here.gross_minutes == first.gross_minutes + second.gross_minutes
    assert second.gross_minutes == 360 + 90
    asked = [replace(ASKED, at=at(f"{day} 10:00")) for day in ("18", "20")]
    sent = [replace(SENT, at=at(f"{day} 10:00")) for day in ("19", "21")]
    again = [LODGED, ASKED, replace(SENT, at=at("04 10:00")), *events[1:], reopened]
    again += [asked[0], sent[0], asked[1], sent[1]]
    assert look(again, "24 10:00").state.id == "work", "it may wait twice again"


STAGES = Machine(
    "investment",
    [
        State("signing", Kind.OPEN, promise=Promise.read("3wd")),
        State("site", Kind.OPEN, promise=FIVE_DAYS),
        State("site_papers", Kind.PAUSE, limit=Term.read("15d"), at_limit="lapse", stage="site"),
        *STATES[2:],
    ],
    [
        Move("sign", ("signing",), "site", OFFICER),
        Move("ask", ("site",), "site_papers", OFFICER),
        Move("back", ("site",), "signing", OFFICER),
        *(replace(one, sources=("site_papers",)) for one in MOVES if one.id == "lapse"),
        Move("send", ("site_papers",), "site", frozenset({Role.TRADER})),
        Move("grant", ("site",), "granted", OFFICER),
        Move("refuse", ("site",), "refused", HEAD, frozenset({Need.BASIS})),
        Move("withdraw", ("signing", "site"), "withdrawn", frozenset({Role.TRADER})),
    ],
    most_extensions=2,
)


def test_every_stage_has_a_clock_of_its_own_with_its_office() -> None:
    events: list[Event] = [
        LODGED,
        Moved(at("05 10:00"), "sign", Role.OFFICER, office="counter"),
        Moved(at("06 10:00"), "ask", Role.OFFICER),
        Moved(at("10 10:00"), "send", Role.TRADER),
    ]
    here = look(events, "11 10:00", STAGES, None)
    signing, site = here.stages
    assert (signing.stage, signing.lasts, signing.clock.net_minutes) == ("signing", False, 360 + 390 + 90)
    assert signing.clock.due is not None
    assert signing.clock.due.at == at("06 17:30")
    assert (site.stage, site.lasts) == ("site", True)
    # Wednesday 420, Thursday 60, Monday 420, Tuesday 60; Thursday 420, Friday 480 and Monday 60 went to the pause
    assert (site.clock.net_minutes, site.clock.paused_minutes) == (960, 960)
    assert site.clock.due is not None
    assert site.clock.due.at == at("14 17:00"), "two days of the pause on top of five"
    late = look(events, "17 10:00", STAGES, None)
    assert [one.clock.late for one in late.stages] == [False, True]
    longer = [*events, Extended(at("11 10:00"), Promise.read("2wd"), Role.HEAD, stage="site")]
    assert [one.clock.late for one in look(longer, "17 10:00", STAGES, None).stages] == [False, False]


def test_a_stage_that_is_entered_again_goes_on() -> None:
    events: list[Event] = [
        LODGED,
        Moved(at("05 10:00"), "sign", Role.OFFICER),
        Moved(at("06 10:00"), "back", Role.OFFICER),
    ]
    signing = look(events, "07 10:00", STAGES, None).stages[0]
    assert signing.clock.used == 2 + 1, "two working days before and one since"
    assert signing.lasts


THRICE = [replace(one, at=at(f"0{day} 10:00")) for day, one in enumerate([ASKED, SENT, ASKED, SENT, ASKED], start=4)]


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([], "case.not_lodged"),
        ([GRANTED], "case.not_lodged"),
        ([LODGED, LODGED], "case.lodged_twice"),
        ([LODGED, replace(ASKED, at=at("03 08:59"))], "case.before_previous"),
        ([LODGED, GRANTED, replace(GRANTED, at=at("07 10:00"))], "case.ended"),
        ([LODGED, GRANTED, HandedOver(at("07 10:00"), "counter", Role.OFFICER)], "case.ended"),
        ([LODGED, GRANTED, Extended(at("07 10:00"), FIVE_DAYS, Role.HEAD)], "case.ended"),
        ([LODGED, SENT], "case.move_not_open"),
        ([LODGED, Moved(at("03 10:00"), "shred", Role.OFFICER)], "case.move_not_open"),
        ([LODGED, replace(GRANTED, by=Role.TRADER)], "case.wrong_role"),
        ([LODGED, replace(REFUSED, by=Role.OFFICER)], "case.wrong_role"),
        ([LODGED, HandedOver(at("03 10:00"), "counter", Role.TRADER)], "case.wrong_role"),
        ([LODGED, Extended(at("03 10:00"), FIVE_DAYS, Role.OFFICER)], "case.wrong_role"),
        ([LODGED, replace(REFUSED, given={Need.REASON: "no", Need.BASIS: " "})], "case.lacks"),
        ([LODGED, HandedOver(at("03 10:00"), "hall", Role.OFFICER)], "case.same_office"),
        ([LODGED, ASKED, replace(SENT, at=at("18 17:31"))], "case.limit_run_out"),
        ([LODGED, ASKED, HandedOver(at("19 10:00"), "counter", Role.OFFICER)], "case.limit_run_out"),
        ([LODGED, ASKED, Moved(at("18 17:29"), "lapse", Role.CLOCK)], "case.limit_not_run_out"),
        ([LODGED, Extended(at("11 09:00"), FIVE_DAYS, Role.HEAD)], "case.extension_too_late"),
        ([LODGED, Extended(at("03 10:00"), Promise.read("8wh"), Role.HEAD)], "case.extension_measure"),
        ([LODGED, Extended(at("03 10:00"), FIVE_DAYS, Role.HEAD, stage="work")], "case.nothing_to_extend"),
        ([LODGED, Extended(at("03 10:00"), FIVE_DAYS, Role.HEAD, stage="attic")], "case.nothing_to_extend"),
        (
            [LODGED, *(Extended(at(f"03 1{n}:00"), FIVE_DAYS, Role.HEAD) for n in range(2))],
            "case.too_many_extensions",
        ),
        ([LODGED, *THRICE], "case.too_many_pauses"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(events: Sequence[Event], code: str) -> None:
    with pytest.raises(BridgeheadError) as refused:
        look(events, "31 10:00")
    assert refused.value.code == code
    assert not any("{" in text for text in sentence(refused.value.faults[0], "en").__dict__.values())


def test_a_refusal_without_a_basis_is_told_in_words() -> None:
    with pytest.raises(BridgeheadError) as refused:
        look([LODGED, replace(REFUSED, given={})], "31 10:00")
    assert [(one.code, one.place.field) for one in refused.value.faults] == [
        ("case.lacks", "basis"),
        ("case.lacks", "reason"),
    ]
    assert "法律依据" in sentence(refused.value.faults[0], "zh").message
    assert "a legal basis" in sentence(refused.value.faults[0], "en").message
    assert "a reason" in sentence(refused.value.faults[1], "en").message


def test_what_happens_after_the_moment_is_left_out() -> None:
    events = [LODGED, ASKED, SENT, GRANTED]
    assert look(events, "04 10:00").state.id == "papers"
    assert look(events, "05 15:00").state.id == "work"
    assert look(events, "06 09:59").state.id == "work"


WORDS = {
    "running": ["asked", "answered", "handed_to"],
    "waiting": ["papers", "handed_to"],
    "answered": ["opened_again"],
}


@st.composite
def random_cases(draw: st.DrawFn) -> tuple[dict[str, object], datetime]:
    """Return a case of random events, and a moment after the last of them."""
    in_days = draw(st.booleans())
    known = ["hall", "counter", "summer_hall", "short_friday", "snowed_in_hall"]
    known += [] if in_days else ["port", "night_shift", "ulaanbaatar", "berlin"]
    offices = st.sampled_from(known)
    now = draw(st.datetimes(datetime(2025, 2, 20), datetime(2025, 10, 15)))  # noqa: DTZ001
    office, state = draw(offices), "running"
    events: list[dict[str, object]] = [{"at": str(now.replace(microsecond=0)), "lodged": office}]
    for _ in range(draw(st.integers(0, 5))):
        now += draw(st.timedeltas(timedelta(0), timedelta(days=4)))
        word = draw(st.sampled_from(WORDS[state]))
        if word == "handed_to":
            office = draw(offices.filter(lambda other, here=office: other != here))  # type: ignore[misc]
            events.append({"at": str(now.replace(microsecond=0)), word: office})
            continue
        state = {"asked": "waiting", "answered": "answered"}.get(word, "running")
        events.append({"at": str(now.replace(microsecond=0)), word: True})
    now += draw(st.timedeltas(timedelta(0), timedelta(days=5)))
    promise = f"{draw(st.integers(1, 8))}wd" if in_days else f"{draw(st.integers(1, 2000))}wmin"
    return {"promise": promise, "events": events}, now.replace(microsecond=0)


@settings(max_examples=60, deadline=None)
@given(random_cases())
def test_random_cases_are_what_a_walk_from_minute_to_minute_says(found: tuple[dict[str, object], datetime]) -> None:
    case, now = found
    try:
        here = test_clock_cases.looked_at(case, now)
    except BridgeheadError as refused:
        assume("case.limit_run_out" not in refused.code)
        raise
    walked = Walk(case, test_clock_cases.moment(now, case)).answer()
    assert here.clock.due is not None
    assert (here.gross_minutes, here.net_minutes) == (walked.gross, walked.net)
    assert here.clock.due.at == walked.due
    if len(here.rounds) == 1:
        assert here.clock.late_minutes == walked.late


FREE = Move("free", ("work",), "granted", OFFICER, frozenset({Need.DECISION, Need.DATE}), (("small", "yes"),))
PASS = Move("pass", ("work",), "bank", OFFICER, frozenset({Need.BODY}))
BACK = Move("back", ("bank",), "work", OFFICER)
BOOK = Move("book", ("bank",), "granted", OFFICER, frozenset({Need.BODY}), same_as=(("body", "pass"),))
CONDITIONAL = Machine(
    "insurance", [*STATES, State("bank", Kind.OPEN)], [*MOVES, replace(FREE, date=DateRule.NOT_PAST), PASS, BACK, BOOK]
)
SMALL = {"small": "yes"}
PASSED = Moved(at("03 10:00"), "pass", Role.OFFICER, {Need.BODY: "first bank"})


def adds(
    event: Moved,
    events: Sequence[Event] = (LODGED,),
    *,
    machine: Machine = CONDITIONAL,
    answers: Mapping[str, str] | None = SMALL,
) -> list[str]:
    """Return what the engine says against one more event."""
    try:
        course(machine, FIVE_DAYS, events, clock_of, event.at, answers=answers, adding=event)
    except BridgeheadError as refused:
        return [f"{one.code}@{one.place.field}" for one in refused.faults]
    return []


def free(date: str) -> Moved:
    return Moved(at("04 10:00"), "free", Role.OFFICER, {Need.DECISION: "yes", Need.DATE: date})


def test_a_move_for_one_answer_is_open_with_that_answer_alone() -> None:
    for answers, is_open in (({"small": "yes"}, True), ({"small": "no"}, False), ({}, False), (None, False)):
        here = course(CONDITIONAL, FIVE_DAYS, [LODGED], clock_of, at("03 10:00"), answers=answers)
        assert ("free" in ids(here.open_to(Role.OFFICER))) is is_open, answers
        assert adds(free("2025-03-04"), answers=answers) == ([] if is_open else ["case.answer_otherwise@move"])


def test_the_way_on_is_one_that_is_open() -> None:
    ask_bank = Move("ask_bank", ("work",), "bank", OFFICER)
    moves = [ask_bank, replace(BOOK, same_as=()), replace(FREE, to="granted"), SEND_BACK]
    machine = Machine("m", [*STATES, State("bank", Kind.OPEN)], [*(one for one in MOVES if one.id != "grant"), *moves])
    assert machine.next_move("work", {"small": "yes"}) is moves[2]
    assert machine.next_move("work", {"small": "no"}) is ask_bank


SEND_BACK = Move("send_back", ("bank",), "work", HEAD)


def test_a_date_lies_where_its_rule_says_in_the_day_of_the_office() -> None:
    assert adds(free("2025-03-04")) == []
    assert adds(free("2025-03-03")) == ["case.date_past@date"]
    assert adds(free("soon")) == [], "whoever reads it says that it is no date"
    late = replace(free("2025-03-05"), at=datetime.fromisoformat("2025-03-04T17:00+00:00"))
    assert adds(late) == [], "it is one in the morning of the 5th there"
    coming = replace(CONDITIONAL, moves=[*MOVES, replace(FREE, date=DateRule.NOT_FUTURE), PASS, BACK, BOOK])
    assert adds(free("2025-03-04"), machine=coming) == []
    assert adds(free("2025-03-05"), machine=coming) == ["case.date_to_come@date"]


def test_what_was_said_before_is_repeated_as_it_was_said_last() -> None:
    again = replace(PASSED, at=at("04 10:00"), given={Need.BODY: "second bank"})
    back = Moved(at("04 09:00"), "back", Role.OFFICER)
    book = Moved(at("05 10:00"), "book", Role.OFFICER, {Need.BODY: "first  bank"})
    assert adds(book, [LODGED, PASSED]) == [], "spaces are no other bank"
    assert adds(book, [LODGED, PASSED, back, again]) == ["case.not_as_before@body"]
    assert adds(replace(book, given={}), [LODGED, PASSED]) == ["case.lacks@body"]
    here = course(CONDITIONAL, FIVE_DAYS, [LODGED, PASSED, back, again], clock_of, at("05 10:00"))
    assert here.repeated == {"book": {Need.BODY: "second bank"}}


def test_what_happened_before_is_held_to_no_condition() -> None:
    other = Moved(at("05 10:00"), "book", Role.OFFICER, {Need.BODY: "another bank"})
    here = course(CONDITIONAL, FIVE_DAYS, [LODGED, PASSED, other], clock_of, at("06 10:00"))
    assert here.state.id == "granted"
    given_long_ago = course(CONDITIONAL, FIVE_DAYS, [LODGED, free("2019-01-01")], clock_of, at("06 10:00"))
    assert given_long_ago.state.id == "granted"
