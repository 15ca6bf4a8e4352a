"""What a department is asked to do in confidence, and who must and must not see it: the ledger in the leak test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
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
from tests.ledger import LedgerWorld
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
    "figure": "Figure",
    "programme": "Programme",
    "meeting": "Meeting",
    "decision": "Decision",
    "problem": "Problem",
    "inquiry": "Inquiry",
    "circular": "Circular",
    "case": "SupervisionCase",
    "opinion": "Opinion",
    "inspection": "Inspection",
    "finding": "Finding",
    "question": "PublicQuestion",
}
"""The model whose numbers fill in a value of a path."""
ELSEWHERE: Mapping[str, str] = {
    "meeting": "第四次全体会议",
    "problem": "查验设备老化",
    "request": "征求对方案的意见",
    "programme": "向北开放洽谈会",
    "deal": "肉类采购",
    "case": "口岸建设专项报告",
    "inspection": "桥头堡条例执法检查",
    "fault": "没有建立部门会商记录",
    "question": "口岸几点开？",
}
"""What the other subjects of the ledger keep between public bodies, by subject: words of their records in tests."""
OTHERS = ("figures", "programmes", "coordination", "supervision", "publication")
JOURNALLED = ("ledger_task", "evidence", "escalation")
CODES = ("kind", "indicator", "period", "article")
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
                rows = getattr(models, model).objects.order_by("pk")
                found[name] = list(rows.values_list("pk", flat=True)[:2])
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
    _others(region, keeper, lead, joint, people)
    return Confidential(lead, keeper, words, people)


def _others(
    region: Organisation,
    keeper: Organisation,
    lead: Organisation,
    joint: Organisation,
    people: Mapping[str, Person],
) -> None:
    """Make a record of each other subject of the ledger between the same bodies."""
    congress = organisation("ledger-congress", "congress", "人大常委会")
    customs = organisation("ledger-customs", "vertical", "海关", parent=region)
    world = LedgerWorld(
        region,
        keeper,
        lead,
        joint,
        customs,
        congress,
        people["coordination office"],
        member(keeper, "coordination", "second-coordinator"),
        people["head of the lead"],
        people["officer of the lead"],
        people["officer of a joint body"],
        member(customs, "officer"),
        member(congress, "congress_office"),
        member(congress, "deputy", "ledger-deputy"),
    )
    with as_system("tests"):
        for subject in OTHERS:
            import_module(f"tests.ledger.{subject}").make(world)
