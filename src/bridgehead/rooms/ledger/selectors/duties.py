"""Duties and the list of responsibilities: who answers for what, how it stands, and what it became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.models import Duty, Part, Responsibility, Task
from bridgehead.rooms.ledger.selectors.tasks import TaskLine, lines
from bridgehead.rooms.ledger.wording import duty_word, part_word
from bridgehead.rooms.statute.public import HeldDuty, held_duties, held_laws, modality, organ


@dataclass(frozen=True, slots=True)
class Answering:
    """An organisation that answers for a duty."""

    row: Responsibility
    name: str
    part: str


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty in the list of responsibilities, with the tasks it became."""

    row: Duty
    modality: str
    organs: tuple[str, ...]
    state: str
    answering: Sequence[Answering]
    tasks: int
    done: int
    late: int

    @property
    def lead(self) -> Answering | None:
        """Who leads it."""
        return next((one for one in self.answering if one.row.part == Part.LEAD), None)

    @property
    def joint(self) -> list[Answering]:
        """Who has another part in it."""
        return [one for one in self.answering if one.row.part != Part.LEAD]

    @property
    def articles(self) -> tuple[int, ...]:
        """Its article, for the chip."""
        return (self.row.article,) if self.row.article else ()


@dataclass(frozen=True, slots=True)
class Register:
    """The list of responsibilities.

    Attributes
    ----------
    lines : sequence of DutyLine
        The duties asked for, in the order of the text.
    total, without_lead, without_task, changed : int
        Of all duties somebody sees: how many, without a lead, without a task, with words that changed or are gone.
    waiting : int
        Duties of the text that holds which were not taken over.
    laws : sequence of (int, str)
        Laws whose duties can be taken over.
    """

    lines: Sequence[DutyLine]
    total: int
    without_lead: int
    without_task: int
    changed: int
    waiting: int
    laws: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class DutyPage:
    """One duty with who answers for it, now and before, and the tasks it became."""

    line: DutyLine
    past: Sequence[Answering]
    tasks: Sequence[TaskLine]
    now: HeldDuty | None
    address: str


def register(viewer: Viewer, *, article: int | None = None, lacking: str = "", work: int | None = None) -> Register:
    """Return the list of responsibilities.

    Parameters
    ----------
    viewer : Viewer
        Who reads.
    article : int, optional
        Only the duties of an article.
    lacking : str
        ``lead``, ``task`` or ``text``: only duties without a lead, without a task, or with other words by now.
    work : int, optional
        Only those of a law.

    Articles: 6
    """
    whole = duty_lines(visible(Duty, viewer))
    held = held_duties(viewer)
    known = {(one.row.work, one.row.eid) for one in whole if one.row.state != Duty.State.GONE}
    shown = [
        one
        for one in whole
        if article in (None, one.row.article)
        and work in (None, one.row.work)
        and (lacking != "lead" or one.lead is None)
        and (lacking != "task" or not one.tasks)
        and (lacking != "text" or one.row.state != Duty.State.HOLDS)
    ]
    return Register(
        shown,
        len(whole),
        sum(one.lead is None for one in whole),
        sum(not one.tasks for one in whole),
        sum(one.row.state != Duty.State.HOLDS for one in whole),
        sum((one.work, one.eid) not in known for one in held),
        held_laws(viewer),
    )


def duty_lines(rows: QuerySet[Duty]) -> list[DutyLine]:
    """Return duties in a list with who answers for them and how many tasks they became, as far as those are seen."""
    standing = Responsibility.objects.filter(until_on=None).select_related("office")
    answering = Prefetch("responsibilities", standing, to_attr="standing")
    shown = list(rows.prefetch_related(answering).order_by("work", "article", "id"))
    counted = _counted([one.pk for one in shown])
    return [_line(one, *counted.get(one.pk, (0, 0, 0))) for one in shown]


def _counted(duties: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """Return how many tasks some duties became, how many of them are done and late; read from an index alone."""
    owed = Q(state=Task.State.OPEN, done_on=None)
    rows = visible(Task.objects.filter(duty__isnull=False, duty__in=duties)).order_by().values_list("duty")
    told = rows.annotate(
        given=Count("pk", filter=~Q(state=Task.State.ENDED)),
        finished=Count("pk", filter=Q(done_on__isnull=False)),
        overdue=Count("pk", filter=owed & Q(due_on__lt=timezone.localdate())),
    )
    return {duty: (given, finished, overdue) for duty, given, finished, overdue in told}


def _line(row: Duty, given: int, finished: int, overdue: int) -> DutyLine:
    standing = sorted(row.standing, key=lambda one: (one.part != Part.LEAD, one.pk))  # type: ignore[attr-defined]
    return DutyLine(
        row,
        modality(row.modality),
        tuple(organ(name) for name, _ in row.organs),
        duty_word(row.state),
        [_answering(one) for one in standing],
        given,
        finished,
        overdue,
    )


def _answering(row: Responsibility) -> Answering:
    return Answering(row, row.office.name(language()), part_word(row.part))


def duty_page(viewer: Viewer, duty: int, on: date | None = None) -> DutyPage:
    """Return one duty.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record``.
    """
    found = duty_lines(visible(Duty, viewer).filter(pk=duty))
    if not found:
        raise BridgeheadError("action.no_such_record", {"kind": Duty.RECORD, "id": str(duty)})
    [told] = found
    past = visible(Responsibility, viewer).filter(duty=duty, until_on__isnull=False).select_related("office")
    tasks = visible(Task, viewer).filter(duty=duty).select_related("office")[:200]
    now = next((one for one in held_duties(viewer, told.row.work) if one.eid == told.row.eid), None)
    return DutyPage(
        told,
        [_answering(one) for one in past],
        lines(tasks, on or timezone.localdate()),
        now,
        now.page if now else "",
    )
