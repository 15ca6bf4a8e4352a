"""The list of problems: mended by one body, confirmed by somebody else, counted as of any day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.files.uploads import receive
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.problems import (
    ProblemTold,
    ask_to_close,
    close_problem,
    edit_problem,
    open_problem,
    plan_measures,
    reopen_problem,
    return_problem,
)
from bridgehead.rooms.ledger.models import Problem, ProblemStep
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.selectors.problems import Filter, problem_list, problem_page
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.coordination import DAY, a_problem

pytestmark = pytest.mark.django_db


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> set[str]:
    return {fault.code for fault in refused.value.faults}


def late_problem(world: LedgerWorld, **changed: Any) -> Problem:
    """Enter a problem that was found a hundred days ago and was to be mended ten days ago."""
    kept: dict[str, Any] = {"organisation": world.office.pk, "office": world.transport.pk, "origin": "complaint"}
    kept["told"] = ProblemTold(title="排队太长", due_on=today() - 10 * DAY, severity="grave", articles=(5, 78))
    return open_problem(by=seen_as(world.coordinator), found_on=today() - 100 * DAY, **(kept | changed))


@pytest.mark.article(79)
def test_a_problem_is_closed_on_a_written_result_and_confirmed_by_somebody_else(
    world: LedgerWorld, seen_by: Callable[..., Any]
) -> None:
    problem = a_problem(world)
    by, mends = seen_as(world.coordinator), seen_as(world.commerce_officer)
    problem = plan_measures(by=mends, problem=problem.pk, version=problem.version, measures="换新设备")
    with pytest.raises(BridgeheadError, match=r"problem\.not_asked"):
        close_problem(by=by, problem=problem.pk, version=problem.version)
    with pytest.raises(BridgeheadError, match=r"form\.missing"):
        ask_to_close(by=mends, problem=problem.pk, version=problem.version, result=" ")
    file = receive("验收报告".encode(), "report.txt")
    problem = ask_to_close(by=mends, problem=problem.pk, version=problem.version, result="已更换", file=file)
    assert seen_by(world.coordinator, problem_list, Filter()).waiting == 1
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        close_problem(by=mends, problem=problem.pk, version=problem.version)
    problem = return_problem(by=by, problem=problem.pk, version=problem.version, note="少一台")
    problem = ask_to_close(by=mends, problem=problem.pk, version=problem.version, result="两台都已更换")
    problem = close_problem(by=by, problem=problem.pk, version=problem.version)
    assert (problem.state, problem.closed_on) == ("closed", today())
    page = seen_by(world.commerce_officer, problem_page, problem.pk)
    kinds = ["opened", "measures", "asked", "returned", "asked", "closed"]
    assert [one.record.kind for one in page.steps] == kinds
    assert page.record.file.name == "report.txt"
    with pytest.raises(BridgeheadError, match=r"problem\.closed"):
        plan_measures(by=mends, problem=problem.pk, version=problem.version, measures="再来")
    problem = reopen_problem(
        by=by, problem=problem.pk, version=problem.version, note="又坏了", due_on=today() + 5 * DAY
    )
    assert (problem.state, problem.closed_on, problem.asked_by) == ("reopened", None, None)


@pytest.mark.article(5)
def test_nobody_confirms_what_they_asked_for_themselves(world: LedgerWorld) -> None:
    own = ProblemTold(title="台账缺项", due_on=today() + DAY)
    by, other = seen_as(world.coordinator), seen_as(world.second_coordinator)
    problem = open_problem(by=by, organisation=world.office.pk, office=world.office.pk, origin="report", told=own)
    problem = ask_to_close(by=by, problem=problem.pk, version=problem.version, result="已补齐")
    for refusing in (close_problem, return_problem):
        with pytest.raises(BridgeheadError) as refused:
            refusing(by=by, problem=problem.pk, version=problem.version, note="好")
        assert codes(refused) == {"problem.own_closing"}
    with as_system("tests"), pytest.raises(IntegrityError), transaction.atomic():
        Problem.objects.filter(pk=problem.pk).update(state="closed", closed_on=today(), decided_by=problem.asked_by)
    assert close_problem(by=other, problem=problem.pk, version=problem.version).state == "closed"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"office": 987_654}, "ledger.unknown_body"),
        ({"origin": "rumour"}, "form.no_such_choice"),
        ({"told": ProblemTold(title="无期限", due_on=today() - 101 * DAY)}, "problem.due_before"),
        ({"told": ProblemTold(title="", due_on=today())}, "form.missing"),
        ({"told": ProblemTold(title="条号错", due_on=today(), articles=(0,))}, "coordination.unknown_article"),
        (
            {"found_on": today() + DAY, "told": ProblemTold(title="将来", due_on=today() + DAY)},
            "coordination.day_to_come",
        ),
        ({"finding": "finding 7"}, "problem.finding_taken"),
    ],
)
def test_a_problem_that_cannot_be_kept_is_refused(world: LedgerWorld, changed: dict[str, Any], code: str) -> None:
    a_problem(world, finding="finding 7")
    kept: dict[str, Any] = {"organisation": world.office.pk, "office": world.transport.pk, "origin": "complaint"}
    kept |= {"told": ProblemTold(title="排队太长", due_on=today()), "found_on": today() - 100 * DAY}
    with pytest.raises(BridgeheadError) as refused:
        open_problem(by=seen_as(world.coordinator), **(kept | changed))
    assert codes(refused) == {code}


def test_a_new_day_needs_a_reason_and_a_step_is_not_dated_before_the_one_before(world: LedgerWorld) -> None:
    problem = a_problem(world)
    later = ProblemTold(title=problem.title, due_on=problem.due_on + DAY)
    by = seen_as(world.coordinator)
    with pytest.raises(BridgeheadError, match=r"problem\.new_day_without_reason"):
        edit_problem(by=by, problem=problem.pk, version=problem.version, told=later)
    problem = edit_problem(by=by, problem=problem.pk, version=problem.version, told=later, note="等设备到货")
    with as_system("tests"):
        assert ProblemStep.objects.filter(problem=problem).last().due_on == later.due_on
    with pytest.raises(BridgeheadError, match=r"coordination\.before_last"):
        plan_measures(
            by=seen_as(world.commerce_officer),
            problem=problem.pk,
            version=problem.version,
            measures="已订",
            on=today() - DAY,
        )


def test_the_list_is_narrowed_and_says_how_many_working_days_something_is_late(
    world: LedgerWorld, seen_by: Callable[..., Any]
) -> None:
    late, coming = late_problem(world), a_problem(world)

    def found(person: Any = world.coordinator, **asked: Any) -> list[int]:
        return [one.record.pk for one in seen_by(person, problem_list, Filter(**asked)).lines]

    assert found() == [late.pk, coming.pk]
    assert found(office=world.transport.pk) == [late.pk]
    assert found(article=14) == [coming.pk]
    assert found(article=7) == [], "7 is not found in 78"
    assert found(overdue=True) == [late.pk]
    assert found(severity="grave") == [late.pk]
    assert found(state="mending") == []
    assert found(world.commerce_officer) == [coming.pk]
    listed = seen_by(world.coordinator, problem_list, Filter())
    assert (listed.running, listed.late, listed.waiting) == (2, 1, 0)
    assert listed.lines[0].late_wd == calendar().working_days(late.due_on, today())
    with pytest.raises(BridgeheadError, match=r"problem\.no_such_problem"):
        seen_by(world.commerce_officer, problem_page, late.pk)
