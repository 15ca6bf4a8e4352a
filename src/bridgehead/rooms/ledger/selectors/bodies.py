"""What one organisation answers for and owes: its page in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.public import OfficeCounts, counts_by_office
from bridgehead.rooms.ledger.matters import Asking, Matter, matters
from bridgehead.rooms.ledger.models import Duty, Escalation, Evidence, Responsibility, TaskPart
from bridgehead.rooms.ledger.region import rung_name
from bridgehead.rooms.ledger.selectors.begun import begun_by_others
from bridgehead.rooms.ledger.selectors.board import owed_by_all, owed_on, stood
from bridgehead.rooms.ledger.selectors.duties import DutyLine, answering_on, duty_lines
from bridgehead.rooms.ledger.selectors.tasks import TaskLine, parts_held
from bridgehead.rooms.ledger.selectors.tasks_then import IN_TIME, due_within, late_on, spells_on, tasks_on
from bridgehead.rooms.ledger.who import sees_all_of
from bridgehead.rooms.ledger.wording import part_word, soon

MOST = 60


@dataclass(frozen=True, slots=True)
class Body:
    """What an organisation answers for and owes on a day; ``whole`` says whether the reader sees all of it.

    What was returned to it, and the matters of other subjects that wait, are told of today alone; ``cases`` is how it
    dealt with cases of the desk that year.
    """

    organisation: Organisation
    name: str
    duties: Sequence[tuple[DutyLine, str]]
    tasks: Sequence[TaskLine]
    owed: int
    late: int
    soon: int
    done_this_year: int
    in_time: int
    joined: Sequence[tuple[TaskLine, str]]
    returned: int
    escalations: Sequence[tuple[Escalation, str]]
    matters: Sequence[Matter]
    cases: OfficeCounts | None
    on: date
    today: bool
    whole: bool

    @property
    def in_time_share(self) -> float | None:
        """Which part of what was done this year was done in time, None where nothing was."""
        return self.in_time / self.done_this_year if self.done_this_year else None


def body(viewer: Viewer, code: str, on: date | None = None) -> Body:
    """Return what one organisation answers for and owes, as it was known at the end of a day, today by default.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record`` where there is none of the code.
    """
    found = visible(Organisation, viewer).filter(code=code).first()
    if found is None:
        raise BridgeheadError("action.no_such_record", {"kind": Organisation.RECORD, "id": code})
    today = timezone.localdate()
    day = on or today
    owed = owed_on(viewer, day).filter(office=found)
    counts = owed.aggregate(
        owed=Count("id"),
        late=Count("id", filter=late_on(day)),
        soon=Count("id", filter=due_within(day, soon(day))),
    )
    done = visible(spells_on(day), viewer).filter(office=found, done_on__year=day.year)
    done_counts = done.aggregate(done=Count("id"), in_time=Count("id", filter=IN_TIME))
    answering = answering_on(visible(Responsibility, viewer).filter(office=found), day)
    parts = {one.duty_id: one.part for one in answering}
    duties = duty_lines(visible(Duty, viewer).filter(pk__in=parts), day)
    handed = visible(Evidence, viewer).filter(office=found).exclude(begun_by_others(viewer))
    return Body(
        found,
        found.name(language()),
        [(one, part_word(parts[one.row.pk])) for one in duties],
        stood(owed.order_by("due_on", "task").values_list("task", flat=True)[:MOST], day),
        counts["owed"],
        counts["late"],
        counts["soon"],
        done_counts["done"],
        done_counts["in_time"],
        _joined(viewer, found, day),
        handed.filter(state=Evidence.State.RETURNED).count() if day == today else 0,
        _escalations(viewer, found, day),
        matters(Asking(viewer, (found.pk,), day)) if day == today else [],
        counts_by_office(date(day.year, 1, 1), day, [found.pk]).get(found.pk),
        day,
        day == today,
        sees_all_of(viewer, found.pk),
    )


def _escalations(viewer: Viewer, organisation: Organisation, day: date) -> list[tuple[Escalation, str]]:
    """Return the newest rungs that were taken towards a body by a day, each with its task as it was called then."""
    rows = visible(Escalation, viewer).filter(to=organisation, taken_on__lte=day).select_related("task")
    shown = list(rows.order_by("-taken_on", "-id")[:20])
    then = {one.pk: one for one in tasks_on([one.task for one in shown], day)}
    for one in shown:
        one.task = then.get(one.task_id, one.task)
    return [(one, rung_name(one.ladder, one.rung)) for one in shown]


def _joined(viewer: Viewer, organisation: Organisation, day: date) -> list[tuple[TaskLine, str]]:
    """Return what a body takes part in and is still owed; whoever sees the part sees what it is a part in."""
    held = visible(TaskPart, viewer).filter(parts_held(day), office=organisation)
    parts = dict(held.values_list("task", "part"))
    with as_system("reading tasks a body takes part in"):
        ids = list(
            owed_by_all(day).filter(task__in=parts).order_by("due_on", "task").values_list("task", flat=True)[:MOST]
        )
    return [(one, part_word(parts[one.task.pk])) for one in stood(ids, day, ladders=False)]
