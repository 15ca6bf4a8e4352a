"""What a department is asked to do in confidence, and who must and must not see it: the ledger in the leak test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bridgehead.ground.access.grants import today, viewer_of
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.models import JournalEntry, Organisation, Person
from bridgehead.rooms.ledger import models
from bridgehead.rooms.ledger.actions.duties import set_responsibility, take_over
from bridgehead.rooms.ledger.actions.escalation import take_rung
from bridgehead.rooms.ledger.actions.evidence import Told, draft_evidence
from bridgehead.rooms.ledger.actions.tasks import give_task
from tests.ground.world import member, organisation
from tests.statutes import imported

DAY = timedelta(days=1)
SUBJECTS = ("assigned", "wanted", "claim", "paper", "print", "urged")
"""What has a secret word in it: the task's title and text, the evidence's claim, its file's name and content, and what
was written when the task was late."""
READERS = (
    *("coordination office", "officer of the lead", "head of the lead", "officer of a joint body"),
    *("deputy", "auditor"),
)
"""Who sees all of it: who gave it, leads it, takes part in it, oversees public bodies. Nobody else sees any."""
RECORDS: Mapping[str, str] = {
    "ledger_duty": "Duty",
    "ledger_task": "Task",
    "evidence": "Evidence",
    "meeting": "Meeting",
    "problem": "Problem",
    "request": "Request",
    "circular": "Circular",
    "programme": "Programme",
    "case": "Case",
    "inspection": "Inspection",
    "question": "Question",
}
"""The model whose numbers fill in a value of a path; of one that is not there, there are none."""
JOURNALLED = ("ledger_task", "evidence", "escalation")
CODES = ("kind", "indicator")
"""Values of paths that are ids of the region's tables: the pages' own examples name them."""


@dataclass(frozen=True)
class Confidential:
    """The secret words, the values of paths, and the people who have to do with it."""

    lead: Organisation
    keeper: Organisation
    words: Mapping[str, str]
    people: Mapping[str, Person]

    def fillings(self) -> dict[str, list[Any]]:
        """Return the values paths of the ledger may be filled in with, by the name of the value."""
        found: dict[str, list[Any]] = {name: [] for name in CODES}
        with as_system("tests"):
            for name, model in RECORDS.items():
                rows = getattr(models, model, None)
                found[name] = list(rows.objects.order_by("pk").values_list("pk", flat=True)[:2]) if rows else []
            entries = JournalEntry.objects.filter(owner_id=self.keeper.pk, record_kind__in=JOURNALLED)
            found["kind+record"] = list(entries.values_list("record_kind", "record_id").distinct())
        return found | {"body": [self.lead.code]}


def confidential(region: Organisation) -> Confidential:
    """Give a department a task nobody else is to know of, with evidence and a reminder, through the actions."""
    words = {subject: f"secretledger{subject}zq" for subject in SUBJECTS}
    keeper = organisation("keeper", "coordination", "协调机构", parent=region)
    lead = organisation("lead", "department", "牵头单位", parent=region)
    joint = organisation("joint", "department", "配合单位", parent=region)
    people = {
        "coordination office": member(keeper, "coordination"),
        "officer of the lead": member(lead, "officer"),
        "head of the lead": member(lead, "head"),
        "officer of a joint body": member(joint, "officer"),
    }
    by = viewer_of(people["coordination office"])
    take_over(by=by, owner=keeper.pk, work=imported()[0].work_id)
    with as_system("tests"):
        duty = models.Duty.objects.order_by("pk")[0]
    set_responsibility(by=by, duty=duty.pk, organisation=lead.pk, part="lead")
    task = give_task(
        by=by,
        owner=keeper.pk,
        lead=lead.pk,
        title=f"任务 {words['assigned']}",
        what=words["wanted"],
        duty=duty.pk,
        given_on=today() - 60 * DAY,
        due_on=today() - 10 * DAY,
        joint=[joint.pk],
    )
    draft_evidence(
        by=viewer_of(people["officer of the lead"]),
        task=task.pk,
        organisation=lead.pk,
        told=Told(words["claim"], "牵头单位", today(), completes=True),
        file=receive(f"{words['print']}\n".encode(), f"{words['paper']}.txt", "text/plain"),
        hand_in=True,
    )
    take_rung(by=by, task=task.pk, rung="circular", note=words["urged"])
    return Confidential(lead, keeper, words, people)
