"""What past days show of decisions, of the targets of tasks and of years that are over, whatever was changed later."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bridgehead.ground.access.grants import today
from bridgehead.rooms.ledger.actions.decisions import DecisionTold, edit_decision, give_decision, record_decision
from bridgehead.rooms.ledger.actions.evidence import take_back_acceptance
from bridgehead.rooms.ledger.actions.goals import set_target
from bridgehead.rooms.ledger.actions.problems import ProblemTold, edit_problem, open_problem
from bridgehead.rooms.ledger.models import Decision, Task
from bridgehead.rooms.ledger.selectors import figures_goals
from bridgehead.rooms.ledger.selectors.board import Filters, board
from bridgehead.rooms.ledger.selectors.circular_named import Named
from bridgehead.rooms.ledger.selectors.dossier_counts import NOTHING, counted
from bridgehead.rooms.ledger.selectors.dossiers import When, dossier_of
from bridgehead.rooms.ledger.selectors.figures_pace import pace_board
from bridgehead.rooms.ledger.selectors.meetings import decision_lines, meeting_list
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.coordination import a_decision, a_meeting
from tests.rooms.ledger.test_tasks_as_of import DAY, Time, accepted, changed, given, handed_in, time

pytestmark = pytest.mark.django_db
__all__ = ["time"]


def decided(world: LedgerWorld) -> Task:
    """Return the task a decision of a meeting became."""
    decision = a_decision(world, a_meeting(world, held=True))
    give_decision(by=seen_as(world.coordinator), decision=decision.pk, version=decision.version)
    return Task.objects.get(matter=f"decision {decision.pk}")


def aimed_at(world: LedgerWorld, task: Task) -> None:
    told = {"indicator": "port_freight", "baseline": Decimal(0), "goal": Decimal(100), "unit": "10^4 t"}
    set_target(by=seen_as(world.coordinator), task=task.pk, **told)


def titles(world: LedgerWorld, on: date, known_on: date | None = None) -> list[str]:
    """Return the titles of the tasks whose targets the pace board shows."""
    return [
        one.goal.title for one in pace_board(seen_as(world.coordinator), on, known_on=known_on).lines if one.goal.task
    ]


def test_a_decision_was_late_on_a_day_by_the_term_its_task_had_then(world: LedgerWorld, time: Time) -> None:
    by = seen_as(world.coordinator)
    task = decided(world)
    due = task.due_on
    then = time.on(60) - 5 * DAY
    changed(world, task, due_on=today() + 60 * DAY)
    assert board(by, Filters(then)).late == meeting_list(by, on=then).late == 1
    named = Named(by, world.office.pk, then).decisions()
    assert [one["due_on"] for one in named] == [due.isoformat()]
    assert board(by, Filters(today())).late == meeting_list(by).late == 0
    assert not Named(by, world.office.pk, today()).decisions()


def test_a_decision_was_late_on_a_day_by_the_day_it_had_then_though_it_was_moved_since(
    world: LedgerWorld, time: Time
) -> None:
    by, first = seen_as(world.coordinator), today()
    due = first + 2 * DAY
    told = DecisionTold(text="扩建货场", office=world.commerce.pk, due_on=due)
    decision = record_decision(by=by, meeting=a_meeting(world, held=True).pk, told=told)
    then = time.on(9)

    def moved(due_on: date) -> None:
        new = DecisionTold(text="扩建货场", office=world.commerce.pk, due_on=due_on)
        record = Decision.objects.get(pk=decision.pk)
        edit_decision(by=by, decision=record.pk, version=record.version, told=new, reason="推迟")

    def late(on: date) -> tuple[int, list[str], bool]:
        [line] = decision_lines(Decision.objects.all(), on)
        return (
            meeting_list(by, on=on).late,
            [one["due_on"] for one in Named(by, world.office.pk, on).decisions()],
            (line.late_wd > 0),
        )

    assert late(then) == (1, [due.isoformat()], True)
    time.on(1)
    moved(first + 20 * DAY)
    between = today()
    assert late(between) == (0, [], False)
    time.on(1)
    moved(first + 5 * DAY)
    time.on(1)
    assert late(then) == (1, [due.isoformat()], True)
    assert late(between) == (0, [], False), "the first move is not undone by the second"
    assert late(due) == (0, [], False)
    assert late(today()) == (1, [(first + 5 * DAY).isoformat()], True)


def test_a_decision_that_was_done_on_a_day_was_so_though_its_evidence_was_taken_back(
    world: LedgerWorld, time: Time
) -> None:
    by = seen_as(world.coordinator)
    task = decided(world)
    before = today()
    time.on(2)
    evidence = accepted(world, handed_in(task, world.commerce_officer))
    then = today()
    time.on(2)
    take_back_acceptance(by=by, evidence=evidence.pk, version=evidence.version, reason="查验没有通过")
    time.on(2)

    def left(on: date | None) -> list[int]:
        return [one.left for one in meeting_list(by, on=on).found.rows]

    assert (left(before), left(then), left(None)) == ([1], [0], [1])
    assert [one.done_on for one in decision_lines(Decision.objects.all(), then)] == [then]


def test_a_circular_of_a_past_day_says_what_was_late_in_the_words_of_that_day(world: LedgerWorld, time: Time) -> None:
    by, soon = seen_as(world.coordinator), today() + 2 * DAY
    task = given(world, due_on=soon)
    told = {"office": world.commerce.pk, "due_on": soon}
    meeting = a_meeting(world, held=True)
    decision = record_decision(by=by, meeting=meeting.pk, told=DecisionTold(text="扩建货场", **told))
    opened = {"organisation": world.office.pk, "office": world.commerce.pk, "origin": "complaint"}
    problem = open_problem(by=by, **opened, told=ProblemTold(title="排队", due_on=soon))
    then = time.on(9)

    def late(on: date) -> list[list[tuple[str, str]]]:
        named = Named(by, world.office.pk, on)
        return [
            [(one["title"], one["zh"]) for one in rows()] for rows in (named.tasks, named.problems, named.decisions)
        ]

    before = late(then)
    assert before == [[(task.title, "商务厅")], [("排队", "商务厅")], [("扩建货场", "商务厅")]]
    time.on(3)
    changed(world, task, title="新题目", lead=world.transport.pk)
    told = {"office": world.transport.pk, "due_on": soon}
    new = DecisionTold(text="新议定", **told)
    edit_decision(by=by, decision=decision.pk, version=decision.version, told=new, reason="推迟")
    edited = ProblemTold(title="新问题", due_on=soon)
    edit_problem(by=by, problem=problem.pk, version=problem.version, told=edited)
    assert late(then) == before
    assert late(today()) == [[("新题目", "交通厅")], [("新问题", "商务厅")], [("新议定", "交通厅")]]


def test_the_pace_board_knows_the_targets_of_tasks_that_were_set_by_its_day(world: LedgerWorld, time: Time) -> None:
    task = given(world, due_on=today() + 200 * DAY)
    first = today()
    second = time.on(3)
    aimed_at(world, task)
    time.on(3)
    changed(world, task, title="新题目")
    assert (titles(world, first), titles(world, second), titles(world, today())) == ([], [task.title], ["新题目"])
    assert not titles(world, today(), known_on=first)
    assert titles(world, today(), known_on=second) == ["开通新的查验场地"]


def test_what_was_not_known_yet_takes_no_place_among_the_first_targets(
    world: LedgerWorld, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures_goals, "MOST_OF_TASKS", 2)
    sooner = [given(world, title=f"先到期 {at}", due_on=today() + (20 + at) * DAY) for at in range(3)]
    later = [given(world, title=f"后到期 {at}", due_on=today() + (60 + at) * DAY) for at in range(3)]
    for task in later:
        aimed_at(world, task)
    then = today()
    time.on(2)
    for task in sooner:
        aimed_at(world, task)
    assert titles(world, then) == ["后到期 0", "后到期 1"]
    assert titles(world, today()) == ["先到期 0", "先到期 1"]


def test_a_task_is_done_in_one_year_whatever_is_changed_of_it_in_a_later_one(world: LedgerWorld, time: Time) -> None:
    by = seen_as(world.coordinator)
    task = given(world, article=14)
    accepted(world, handed_in(task, world.commerce_officer))
    year = today().year
    time.on(400)
    changed(world, task, lead=world.transport.pk)
    assert today().year > year
    for on, done in ((date(year, 12, 31), 1), (today(), 0)):
        assert counted(by, on.year, on).get(14, NOTHING).done == done
        tasks = next(one for one in dossier_of(by, 14, When(on.year, on, done == 1, ())).sections if one.key == "tasks")
        assert (len(tasks.lines), len(tasks.before)) == (done, 1 - done)


def test_evidence_of_a_past_year_names_its_task_as_that_was_called(world: LedgerWorld, time: Time) -> None:
    by = seen_as(world.coordinator)
    task = given(world, article=14)
    accepted(world, handed_in(task, world.commerce_officer))
    over = date(today().year, 12, 31)
    time.on(400)
    changed(world, task, title="新题目")
    for asked, before in ((When(over.year, over, True, ()), False), (When(over.year + 1, today(), False, ()), True)):
        found = next(one for one in dossier_of(by, 14, asked).sections if one.key == "evidence")
        [line] = found.before if before else found.lines
        assert line.cells[1] == task.title != "新题目"
