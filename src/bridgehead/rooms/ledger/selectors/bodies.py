"""What one organisation answers for and owes: its page in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.matters import Asking, Matter, matters
from bridgehead.rooms.ledger.models import Duty, Escalation, Evidence, Responsibility, Task, TaskPart
from bridgehead.rooms.ledger.region import rung_name
from bridgehead.rooms.ledger.selectors.begun import begun_by_others
from bridgehead.rooms.ledger.selectors.duties import DutyLine, duty_lines
from bridgehead.rooms.ledger.selectors.tasks import EvidenceLine, TaskLine, evidence_lines, lines
from bridgehead.rooms.ledger.who import sees_all_of
from bridgehead.rooms.ledger.wording import part_word, soon

MOST = 60


@dataclass(frozen=True, slots=True)
class Body:
    """What an organisation answers for and owes today; ``whole`` says whether the reader sees all of it."""

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
    evidence: Sequence[EvidenceLine]
    returned: int
    escalations: Sequence[tuple[Escalation, str]]
    matters: Sequence[Matter]
    on: date
    whole: bool

    @property
    def in_time_share(self) -> float | None:
        """Which part of what was done this year was done in time, None where nothing was."""
        return self.in_time / self.done_this_year if self.done_this_year else None


def body(viewer: Viewer, code: str) -> Body:
    """Return what one organisation answers for and owes.

    Raises
    ------
    BridgeheadError
        ``organisation.no_such_organisation`` where there is none of the code.
    """
    found = visible(Organisation, viewer).filter(code=code).first()
    if found is None:
        raise BridgeheadError("action.no_such_record", {"kind": Organisation.RECORD, "id": code})
    on = timezone.localdate()
    tasks = visible(Task, viewer).filter(office=found)
    owed = Q(state=Task.State.OPEN, done_on=None)
    this_year = Q(done_on__year=on.year)
    counts = tasks.aggregate(
        owed=Count("id", filter=owed),
        late=Count("id", filter=owed & Q(due_on__lt=on)),
        soon=Count("id", filter=owed & Q(due_on__gte=on, due_on__lte=soon(on))),
        done=Count("id", filter=this_year),
        in_time=Count("id", filter=this_year & Q(done_on__lte=F("due_on"))),
    )
    answering = visible(Responsibility, viewer).filter(office=found, until_on=None)
    parts = dict(answering.values_list("duty", "part"))
    told = [(one, part_word(parts[one.row.pk])) for one in duty_lines(visible(Duty, viewer).filter(pk__in=parts))]
    evidence = visible(Evidence, viewer).filter(office=found).exclude(begun_by_others(viewer))
    evidence = evidence.select_related("office", "milestone", "target")
    rungs = visible(Escalation, viewer).filter(to=found).select_related("task").order_by("-taken_on", "-id")
    return Body(
        found,
        found.name(language()),
        told,
        lines(tasks.filter(owed).select_related("office").order_by("due_on", "id")[:MOST], on),
        counts["owed"],
        counts["late"],
        counts["soon"],
        counts["done"],
        counts["in_time"],
        _joined(viewer, found, on),
        evidence_lines(evidence.exclude(state=Evidence.State.DRAFT)[:20]),
        evidence.filter(state=Evidence.State.RETURNED).count(),
        [(one, rung_name(one.ladder, one.rung)) for one in rungs[:20]],
        matters(Asking(viewer, (found.pk,), on)),
        on,
        sees_all_of(viewer, found.pk),
    )


def _joined(viewer: Viewer, organisation: Organisation, on: date) -> list[tuple[TaskLine, str]]:
    """Return what a body takes part in and is still owed; whoever sees the part sees what it is a part in."""
    parts = dict(visible(TaskPart, viewer).filter(office=organisation).values_list("task", "part"))
    with as_system("reading tasks a body takes part in"):
        tasks = Task.objects.filter(pk__in=parts, state=Task.State.OPEN, done_on=None).select_related("office")
        return [(one, part_word(parts[one.task.pk])) for one in lines(tasks[:MOST], on, ladders=False)]
