"""Progress comes from accepted evidence alone: against a plain recursion, and in cases worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.obligations.progress import Evidence, Milestone, Target, Task, met, progress
from bridgehead.kernel.errors import BridgeheadError

APRIL, MAY, JUNE, JULY = date(2026, 4, 1), date(2026, 5, 4), date(2026, 6, 1), date(2026, 7, 1)
weights = st.decimals(Decimal("0.1"), Decimal(9), places=1)


@st.composite
def forests(draw: st.DrawFn) -> list[Task]:
    tasks = []
    for number in range(draw(st.integers(1, 9))):
        above = draw(st.sampled_from(["", *(one.id for one in tasks)]))
        milestones = [Milestone(f"m{at}", draw(weights)) for at in range(draw(st.integers(0, 3)))]
        ends = st.integers(-5, 50).map(Decimal)
        targets = [Target(f"f{at}", draw(ends), draw(ends), draw(weights)) for at in range(draw(st.integers(0, 2)))]
        tasks.append(Task(f"t{number}", above, draw(weights), milestones, targets))
    return draw(st.permutations(tasks))


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Task], list[Evidence]]:
    tasks = draw(forests())
    handed = []
    for number in range(draw(st.integers(0, 14))):
        task = draw(st.sampled_from(tasks))
        parts = ["", *(one.id for one in (*task.milestones, *task.targets))]
        accepted_on = draw(st.sampled_from([MAY, JUNE]))
        handed.append(
            Evidence(
                f"e{number}",
                task.id,
                accepted_on,
                draw(st.sampled_from(parts)),
                draw(st.none() | st.integers(-9, 60).map(Decimal)),
                draw(st.none() | st.dates(MAY, JUNE)),
                draw(st.booleans()),
                draw(st.sampled_from([None, None, JUNE, JULY])),
                draw(st.none() | st.dates(APRIL, accepted_on)),
            )
        )
    return tasks, handed


def plainly(task: Task, tasks: list[Task], handed: list[Evidence], on: date) -> float:
    """Return the share by the definition, recursively and in floating point."""
    own = [
        e for e in handed if e.task == task.id and e.accepted_on <= on and (not e.taken_back_on or on < e.taken_back_on)
    ]
    parts = [(float(m.weight), float(any(e.part == m.id for e in own))) for m in task.milestones]
    for target in task.targets:
        figures = [e for e in own if e.part == target.id and e.value is not None]
        share = 0.0
        if figures:
            newest = sorted(figures, key=lambda e: (e.as_of or e.accepted_on, e.accepted_on, int(e.id[1:])))[-1]
            way = float(target.goal - target.baseline)
            gone = float((newest.value or Decimal()) - target.baseline)
            share = min(1.0, max(0.0, gone / way)) if way else float(newest.value == target.goal)
        parts.append((float(target.weight), share))
    parts += [(float(one.weight), plainly(one, tasks, handed, on)) for one in tasks if one.parent == task.id]
    if not parts:
        return float(any(e.completes and not e.part for e in own))
    return sum(weight * share for weight, share in parts) / sum(weight for weight, _ in parts)


@given(worlds(), st.sampled_from([MAY, JUNE, JULY]))
def test_it_is_what_the_definition_says(world: tuple[list[Task], list[Evidence]], on: date) -> None:
    tasks, handed = world
    found = progress(tasks, handed, on)
    assert found.keys() == {one.id for one in tasks}
    for one in tasks:
        assert float(found[one.id].share) == pytest.approx(plainly(one, tasks, handed, on), abs=1e-9)
        assert found[one.id].done == (not found[one.id].lacking)


@given(worlds())
def test_without_accepted_evidence_nothing_is_done(world: tuple[list[Task], list[Evidence]]) -> None:
    tasks, handed = world
    found = progress(tasks, [replace(one, accepted_on=JULY) for one in handed], JUNE)
    assert all(not one.share and not one.counted for one in found.values())


@given(worlds())
def test_the_order_of_tasks_and_evidence_does_not_matter(world: tuple[list[Task], list[Evidence]]) -> None:
    tasks, handed = world
    one, other = progress(tasks, handed, JUNE), progress(tasks[::-1], handed[::-1], JUNE)
    assert {key: value.share for key, value in one.items()} == {key: value.share for key, value in other.items()}


@given(worlds(), st.data())
def test_one_more_milestone_never_sets_a_task_back(
    world: tuple[list[Task], list[Evidence]], data: st.DataObject
) -> None:
    tasks, handed = world
    places = [(task.id, milestone.id) for task in tasks for milestone in task.milestones]
    if not places:
        return
    task, milestone = data.draw(st.sampled_from(places))
    before = progress(tasks, handed, JUNE)
    after = progress(tasks, [*handed, Evidence("more", task, MAY, milestone)], JUNE)
    assert all(after[key].share >= before[key].share for key in before)


def test_a_year_worked_out_by_hand() -> None:
    # A third of the weight is a railway milestone, two thirds a freight target of 100 to 130; 121 is 7/10 of the way.
    line = Task(
        "line", milestones=[Milestone("opened")], targets=[Target("freight", Decimal(100), Decimal(130), Decimal(2))]
    )
    handed = [
        Evidence("first", "line", MAY, "freight", Decimal(125), date(2026, 3, 31)),
        Evidence("second", "line", MAY, "freight", Decimal(121), date(2026, 4, 30)),
    ]
    assert progress([line], handed, MAY)["line"].share == Fraction(2, 3) * Fraction(7, 10)
    assert progress([line], handed, MAY)["line"].counted == ("second",)
    opened = [*handed, Evidence("third", "line", JUNE, "opened")]
    assert progress([line], opened, JUNE)["line"].share == Fraction(1, 3) + Fraction(14, 30)
    assert progress([line], opened, JUNE)["line"].lacking == ("freight",)


def test_a_target_may_lie_below_its_baseline() -> None:
    hours = Target("hours", Decimal("17.18"), Decimal(12))
    assert hours.share(Decimal("17.18")) == 0
    assert hours.share(Decimal(12)) == hours.share(Decimal(9)) == 1
    assert hours.share(Decimal("14.59")) == Fraction(1, 2)


def test_an_acceptance_that_is_taken_back_counts_until_then() -> None:
    plain = Task("plain")
    handed = [Evidence("one", "plain", MAY, completes=True, taken_back_on=JUNE)]
    assert progress([plain], handed, date(2026, 5, 31))["plain"].done
    assert not progress([plain], handed, JUNE)["plain"].done


def test_each_sub_task_counts_once_however_many_parts_it_has() -> None:
    tasks = [Task("all"), *(Task(name, "all") for name in "abc"), *(Task(f"a{at}", "a") for at in range(7))]
    handed = [Evidence("b", "b", MAY, completes=True)]
    assert progress(tasks, handed, MAY)["all"].share == Fraction(1, 3)


@given(worlds())
def test_what_lacks_nothing_had_it_all_by_a_day_and_nothing_else_had(world: tuple[list[Task], list[Evidence]]) -> None:
    tasks, evidence = world
    assert all(one.handed_on is None or one.handed_on <= one.accepted_on for one in evidence)
    standing = [one for one in evidence if one.taken_back_on is None]
    if not standing:
        assert not met(tasks, standing)
        return
    last = max(one.accepted_on for one in standing)
    far, days = progress(tasks, standing, last), met(tasks, standing)
    assert {name for name, one in far.items() if one.done} == days.keys()
    own = {one.handed_on or one.accepted_on for one in standing}
    assert set(days.values()) <= own


def test_a_task_was_met_when_the_last_it_needs_was_handed_in() -> None:
    whole = Task("all", milestones=[Milestone("m")], targets=[Target("t", Decimal(0), Decimal(10))])
    handed = [
        Evidence("1", "all", MAY, "m"),
        Evidence("2", "all", JUNE, "m"),
        Evidence("3", "all", date(2026, 5, 20), "t", Decimal(10), date(2026, 5, 19)),
        Evidence("4", "part", JUNE, completes=True),
    ]
    assert met([whole], handed) == {"all": date(2026, 5, 20)}, "the first of a milestone, the newest of a target"
    assert met([whole, Task("part", "all")], handed) == {"all": JUNE, "part": JUNE}
    assert met([whole, Task("part", "all")], handed[:3]) == {}


def test_which_figure_of_a_day_counts_is_one_rule_whoever_was_handed_in_first() -> None:
    line = Task("line", targets=[Target("t", Decimal(0), Decimal(10))])
    whole = Evidence("10", "line", JUNE, "t", Decimal(10), APRIL, handed_on=APRIL)
    half = Evidence("9", "line", MAY, "t", Decimal(5), APRIL, handed_on=date(2026, 4, 2))
    assert met([line], [whole, half]) == {"line": APRIL}
    later = replace(half, accepted_on=JULY)
    assert (met([line], [whole, later]), progress([line], [whole, later], JULY)["line"].done) == ({}, False)
    same = replace(half, accepted_on=JUNE)
    assert progress([line], [whole, same], JUNE)["line"].counted == ("10",), "a number is no word: 10 is after 9"


@pytest.mark.parametrize(
    ("tasks", "code"),
    [
        ([Task("a", "b"), Task("b", "a")], "task.cycle"),
        ([Task("a", "a")], "task.cycle"),
        ([Task("a"), Task("b", "c"), Task("c", "d"), Task("d", "b")], "task.cycle"),
        ([Task("a", "nobody")], "task.unknown_parent"),
        ([Task("a", weight=Decimal(0))], "task.bad_weight"),
        ([Task("a", milestones=[Milestone("m", Decimal(-1))])], "task.bad_weight"),
    ],
)
def test_tasks_that_make_no_tree_are_refused(tasks: list[Task], code: str) -> None:
    with pytest.raises(BridgeheadError) as refused:
        progress(tasks, [], MAY)
    assert refused.value.code == code
