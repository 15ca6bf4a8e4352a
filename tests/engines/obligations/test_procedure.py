"""Due dates of procedures: generated chains against a walk from day to day, and an inspection worked out by hand."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from bridgehead.engines.obligations.procedure import Branch, Event, Extension, Procedure, Step, course
from bridgehead.kernel.calendars import Calendar, Due, Term, Unit
from bridgehead.kernel.errors import BridgeheadError

DAY = timedelta(days=1)
INSPECTION = Procedure(
    "law-inspection",
    [
        Step("report", "group", branches=[Branch("", "deliberation")]),
        Step("deliberation", "committee", branches=[Branch("", "opinions")]),
        Step("opinions", "committee", Term.read("7wd"), branches=[Branch("", "handling")]),
        Step("handling", "government", Term.read("2m"), branches=[Branch("", "answer")], extensions=1),
        Step("answer", "government", Term.read("6m"), counts_from="deliberation", branches=[Branch("", "vote")]),
        Step(
            "vote",
            "committee",
            branches=[
                Branch("satisfied", ""),
                Branch("not satisfied", "handling"),
                Branch("not satisfied", "measures", from_round=2),
            ],
        ),
        Step("measures", "government", Term.read("30d"), branches=[Branch("", "")]),
    ],
)
# May Day of 2026 as announced: 1 to 5 May off, 26 April and 9 May worked.
SPRING = Calendar(
    [date(2026, 5, day) for day in range(1, 6)], [date(2026, 4, 26), date(2026, 5, 9)], date(2026, 12, 31)
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_an_inspection_worked_out_by_hand() -> None:
    events = [Event("report", day("2026-04-20")), Event("deliberation", day("2026-04-24"))]
    at = course(INSPECTION, events, SPRING, day("2026-05-07"))
    assert at.waits is not None
    # 26 (worked Sunday), 27, 28, 29, 30 April, 6 and 7 May
    assert (at.waits.step.id, at.waits.due, at.waits.late_wd) == ("opinions", Due(day("2026-05-07")), 0)
    assert course(INSPECTION, events, SPRING, day("2026-05-11")).waits.late_wd == 3  # type: ignore[union-attr]
    events.append(Event("opinions", day("2026-05-08")))
    at = course(INSPECTION, events, SPRING, day("2026-05-08"))
    assert at.behind[-1].late_wd == 1
    assert at.waits is not None
    assert at.waits.due == Due(day("2026-07-08"))
    longer = [Extension("handling", 1, day("2026-09-05"))]  # a Saturday
    assert course(INSPECTION, events, SPRING, day("2026-06-01"), longer).waits.due == Due(day("2026-09-07"))  # type: ignore[union-attr]
    events += [Event("handling", day("2026-07-06")), Event("answer", day("2026-10-24"))]
    at = course(INSPECTION, events, SPRING, day("2026-12-31"))
    # six months from 24 April end on Saturday, 24 October, so on the 26th: in time
    assert at.behind[-1].due == Due(day("2026-10-26"))
    assert at.behind[-1].late_wd == 0


def test_who_is_not_satisfied_twice_takes_measures() -> None:
    events = [Event(name, day("2026-01-05")) for name in ("report", "deliberation", "opinions", "handling", "answer")]
    once = [*events, Event("vote", day("2026-06-01"), "not satisfied")]
    assert course(INSPECTION, once, SPRING, day("2026-06-01")).waits.step.id == "handling"  # type: ignore[union-attr]
    twice = [*once, *(Event(name, day("2026-06-02")) for name in ("handling", "answer"))]
    twice.append(Event("vote", day("2026-06-30"), "not satisfied"))
    at = course(INSPECTION, twice, SPRING, day("2026-07-01"))
    assert at.waits is not None
    assert (at.waits.step.id, at.waits.due) == ("measures", Due(day("2026-07-30")))
    ended = course(INSPECTION, [*events, Event("vote", day("2026-06-01"), "satisfied")], SPRING, day("2026-07-01"))
    assert ended.waits is None


def test_it_stands_where_it_stood_on_an_earlier_day() -> None:
    events = [Event("report", day("2026-04-20")), Event("deliberation", day("2026-04-24"))]
    assert course(INSPECTION, events, SPRING, day("2026-04-23")).waits.step.id == "deliberation"  # type: ignore[union-attr]


def test_a_body_has_clocks_of_its_own() -> None:
    there = INSPECTION.with_terms({"handling": Term.read("3m")})
    assert there.by_id["handling"].term == Term(3, Unit.MONTH)
    assert INSPECTION.by_id["handling"].term == Term(2, Unit.MONTH)


def walked(calendar: Calendar, begins: date, term: Term) -> date:
    """Return the last day of a term by walking."""
    here, left = begins, term.count
    if term.unit is Unit.WORKING_DAY:
        while left:
            here += DAY
            left -= calendar.is_worked(here)
        return here
    if term.unit in (Unit.DAY, Unit.WEEK):
        for _ in range(left * (7 if term.unit is Unit.WEEK else 1)):
            here += DAY
    else:
        months = left * (12 if term.unit is Unit.YEAR else 1)
        for _ in range(months):  # the first day of each following month
            here = here.replace(day=1) + 32 * DAY
            here = here.replace(day=1)
        while (here + DAY).month == here.month and here.day < begins.day:
            here += DAY
    while not calendar.is_worked(here):
        here += DAY
    return here


@pytest.mark.parametrize("seed", range(50))
def test_no_due_date_of_a_generated_chain_is_wrong(seed: int) -> None:
    dice = random.Random(seed)
    some = [date(2026, 1, 1) + dice.randrange(700) * DAY for _ in range(80)]
    calendar = Calendar(some[:60], [one for one in some[60:] if one not in some[:60]])
    steps: list[Step] = []
    for at in range(dice.randint(3, 9)):
        term = Term(dice.randint(1, 90 if at % 2 else 5), dice.choice(list(Unit)[: 3 if at % 2 else 5])) if at else None
        earlier = dice.choice(["", "", *(one.id for one in steps)]) if at else ""
        steps.append(Step(f"s{at}", "somebody", term, earlier))
    linked = [
        Step(one.id, one.who, one.term, one.counts_from, [Branch("", after.id if after else "")])
        for one, after in zip(steps, [*steps[1:], None], strict=True)
    ]
    chain = Procedure(f"chain-{seed}", linked)
    events: list[Event] = []
    here = date(2026, 1, 1) + dice.randrange(60) * DAY
    for one in linked:
        waits = course(chain, events, calendar, here).waits
        assert waits is not None
        if one.term is not None:
            begun = next((e.on for e in events if e.step == one.counts_from), events[-1].on)
            due = walked(calendar, begun, one.term)
            assert waits.due == Due(due)
            late = sum(calendar.is_worked(due + at * DAY) for at in range(1, (here - due).days + 1))
            assert waits.late_wd == late
        events.append(Event(one.id, here))
        here += dice.randrange(80) * DAY
    assert course(chain, events, calendar, here).waits is None


def test_what_does_not_fit_is_one_clear_error() -> None:
    first = Event("report", day("2026-04-20"))
    cases = {
        "procedure.out_of_order": ([first, Event("opinions", day("2026-04-21"))], []),
        "procedure.before_previous": ([first, Event("deliberation", day("2026-04-19"))], []),
        "procedure.unknown_outcome": ([Event("report", day("2026-04-20"), "well")], []),
        "procedure.too_many_extensions": ([first], [Extension("opinions", 1, day("2026-12-01"))]),
    }
    for code, (events, longer) in cases.items():
        with pytest.raises(BridgeheadError) as refused:
            course(INSPECTION, events, SPRING, day("2026-12-31"), longer)
        assert refused.value.code == code
    short = Procedure("short", [Step("only", "somebody", branches=[Branch("", "")])])
    with pytest.raises(BridgeheadError) as refused:
        course(short, [Event("only", day("2026-01-01"))] * 2, SPRING, day("2026-12-31"))
    assert refused.value.code == "procedure.ended"


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [Step("a", "x", branches=[Branch("", "b")])],
        [Step("a", "x", branches=[Branch("", "")]), Step("b", "x", branches=[Branch("", "")])],
        [Step("a", "x", branches=[Branch("", "")]), Step("a", "x", branches=[Branch("", "")])],
        [Step("a", "x", Term.read("1d"), "nowhere", [Branch("", "")])],
        [Step("a", "x", branches=[Branch("", "", from_round=2)])],
    ],
)
def test_a_template_that_leads_nowhere_is_refused(steps: list[Step]) -> None:
    with pytest.raises(BridgeheadError) as refused:
        Procedure("broken", steps)
    assert refused.value.code == "procedure.unsound"
