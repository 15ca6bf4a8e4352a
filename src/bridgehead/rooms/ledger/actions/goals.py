"""Actions on what a task is made of: milestones to pass and figures to reach."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.told import give_reason, needed, today
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.units import measures
from bridgehead.rooms.ledger.actions.common import numbers_in
from bridgehead.rooms.ledger.actions.tasks import LONGEST_TITLE, check_weight, may_keep
from bridgehead.rooms.ledger.indicators import indicators
from bridgehead.rooms.ledger.models import Evidence, Milestone, Target, Task
from bridgehead.rooms.ledger.spells import restate
from bridgehead.rooms.ledger.units import unit_code


@action("milestone.set")
def set_milestone(
    deed: Deed, *, task: int, title: str, due_on: date | None = None, weight: Decimal = Decimal(1)
) -> Milestone:
    """Set a point that a task is to pass.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``form.text_too_long``, ``task.bad_weight``, ``ledger.milestone_outside``,
        ``ledger.task_ended``.
    """
    record = _open(deed, task)
    named = needed(deed, title, "title", LONGEST_TITLE)
    check_weight(deed, weight, named)
    if due_on is not None and not record.given_on <= due_on <= record.due_on:
        told = {"given": str(record.given_on), "due": str(record.due_on)}
        deed.refuse("ledger.milestone_outside", told, "due_on")
    deed.check()
    made = deed.create(
        Milestone(
            task=record,
            owner_id=record.owner_id,
            office_id=record.office_id,
            title=named,
            due_on=due_on,
            weight=weight,
        )
    )
    restate([record.pk], today(deed))
    return made


@action("target.set")
def set_target(
    deed: Deed, *, task: int, indicator: str, baseline: Decimal, goal: Decimal, unit: str, weight: Decimal = Decimal(1)
) -> Target:
    """Set a figure that a task is to reach; it is kept in the unit of its indicator.

    Raises
    ------
    BridgeheadError
        ``ledger.unknown_indicator``, ``unit.unknown``, ``unit.other_kind``, ``task.bad_weight``,
        ``ledger.target_doubled``, ``ledger.task_ended``.
    """
    record = _open(deed, task)
    kept = unit_of(indicator)
    if kept is None:
        deed.refuse("ledger.unknown_indicator", {"indicator": indicator}, "indicator")
        try:
            measures(unit_code(unit))
        except BridgeheadError as refused:
            deed.refuse(refused.code, refused.faults[0].parameters, "unit")
    else:
        baseline, goal = numbers_in(deed, {"baseline": baseline, "goal": goal}, unit, kept)
    check_weight(deed, weight, record.title)
    if record.targets.filter(indicator=indicator, dropped_on=None).exists():
        deed.refuse("ledger.target_doubled", {"indicator": indicator}, "indicator")
    deed.check()
    made = deed.create(
        Target(
            task=record,
            owner_id=record.owner_id,
            office_id=record.office_id,
            indicator=indicator,
            baseline=baseline,
            goal=goal,
            unit=kept or unit,
            weight=weight,
        )
    )
    restate([record.pk], today(deed))
    return made


@action("milestone.drop")
def drop_milestone(deed: Deed, *, milestone: int, version: int) -> None:
    """Drop a milestone nothing was handed in for, with the reason; it stays on the page of days before.

    What is left of the task then counts for more.

    Raises
    ------
    BridgeheadError
        ``ledger.goal_has_evidence``, ``ledger.goal_dropped``, ``form.missing`` without a reason.
    """
    _drop(deed, deed.lock(Milestone, milestone, version))


@action("target.drop")
def drop_target(deed: Deed, *, target: int, version: int) -> None:
    """Drop a target nothing was handed in for, with the reason; it stays on the page of days before.

    What is left of the task then counts for more.

    Raises
    ------
    BridgeheadError
        ``ledger.goal_has_evidence``, ``ledger.goal_dropped``, ``form.missing`` without a reason.
    """
    _drop(deed, deed.lock(Target, target, version))


def unit_of(indicator: str) -> str | None:
    """Return the unit an indicator of the region is kept in, None where the region has no such indicator."""
    known = indicators().latest(indicator)
    return known.unit if known is not None else None


def _open(deed: Deed, task: int) -> Task:
    record = deed.lock(Task, task)
    may_keep(deed, record)
    if record.state == Task.State.ENDED:
        deed.refuse("ledger.task_ended", {"title": record.title})
    return record


def _drop(deed: Deed, record: Milestone | Target) -> None:
    may_keep(deed, record.task)
    give_reason(deed)
    if Evidence.objects.filter(task=record.task_id).filter(**{record.RECORD: record.pk}).exists():
        deed.refuse("ledger.goal_has_evidence", {"title": str(record)})
    if record.dropped_on is not None:
        deed.refuse("ledger.goal_dropped", {"title": str(record)})
    deed.check()
    deed.change(record, dropped_on=today(deed))
    restate([record.task_id], today(deed))
