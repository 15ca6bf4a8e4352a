"""One piece of evidence, with the task it is for and what its readers may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.models import Evidence, Task
from bridgehead.rooms.ledger.selectors.as_of import known_alone
from bridgehead.rooms.ledger.selectors.begun import acts_for, as_revised, begun_by_others, was_begun_by_others
from bridgehead.rooms.ledger.selectors.coordination import not_there_yet
from bridgehead.rooms.ledger.selectors.tasks import EvidenceLine, TaskLine, evidence_lines, line, task_seen
from bridgehead.rooms.ledger.selectors.tasks_then import tasks_on
from bridgehead.rooms.ledger.who import DECIDE, HAND_IN


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """One piece of evidence: what it says, of which task, and what somebody may do with it, as of a day."""

    on: date
    today: bool
    line: EvidenceLine
    task: TaskLine
    decides: bool
    own: bool
    revises: bool
    revised: bool
    """Whether it is shown with what it is being changed to, which others do not see yet."""
    file: str


def evidence_page(viewer: Viewer, evidence: int, on: date | None = None) -> EvidencePage:
    """Return one piece of evidence, for whoever may see it or open its task; what is begun for its own body alone.

    It is shown as it was known at the end of a day, today by default.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record``; ``ledger.not_there_yet`` for a day on which it was not handed in, or for its own body
        not begun, yet.
    """
    day = on or timezone.localdate()
    kept = Evidence.objects.select_related("office", "milestone", "target", "task__office", "file")
    with as_system("looking for the task of evidence"):
        found = kept.filter(pk=evidence).exclude(begun_by_others(viewer)).first()
    if found is not None and not visible(Evidence, viewer).filter(pk=evidence).exists():
        try:
            task_seen(viewer, found.task_id)
        except BridgeheadError:
            found = None
    if found is None:
        raise BridgeheadError("action.no_such_record", {"kind": Evidence.RECORD, "id": str(evidence)})
    with as_system("reading evidence somebody sees"):
        found, task = _stood(viewer, found, day)
    own = viewer.person_id is not None and viewer.person_id in (found.author_id, *found.authors)
    holds = viewer.grant_for(DECIDE, found.owner_id, to_write=True) is not None
    open_ = found.state in (Evidence.State.DRAFT, Evidence.State.RETURNED)
    return EvidencePage(
        day,
        day == timezone.localdate(),
        evidence_lines([found])[0],
        line(task, day),
        holds and not own and found.state == Evidence.State.HANDED_IN,
        own,
        open_ and viewer.grant_for(HAND_IN, found.office_id, to_write=True) is not None,
        found.revision is not None and acts_for(viewer, found.office_id),
        reverse("files:ledger-evidence", args=[found.pk]) if found.file_id else "",
    )


def _stood(viewer: Viewer, record: Evidence, on: date) -> tuple[Evidence, Task]:
    """Return evidence as somebody read it at the end of a day, and its task as it stood then."""
    said = known_alone(record, on, "office", "milestone", "target", "file")
    if said is None or (on < timezone.localdate() and was_begun_by_others(viewer, said)):
        raise not_there_yet(record.claim, on)
    [found] = as_revised(viewer, [said])
    return found, next(iter(tasks_on([found.task], on)), found.task)
