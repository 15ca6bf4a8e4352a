"""One record of each kind of the chain: duty, responsibility, task, evidence, escalation, closed period."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from bridgehead.ground.access.grants import today
from bridgehead.ground.files.uploads import receive
from bridgehead.rooms.ledger.actions.duties import set_responsibility, take_over
from bridgehead.rooms.ledger.actions.escalation import take_rung
from bridgehead.rooms.ledger.actions.evidence import Told, accept_evidence, draft_evidence
from bridgehead.rooms.ledger.actions.goals import set_milestone
from bridgehead.rooms.ledger.actions.periods import close_period
from bridgehead.rooms.ledger.actions.tasks import give_task
from bridgehead.rooms.ledger.models import Duty, Task
from bridgehead.rooms.ledger.region import ladder_of
from bridgehead.rooms.statute.models import StatuteVersion
from tests.ledger import LedgerWorld, seen_as
from tests.statutes import imported

DAY = timedelta(days=1)


def make(world: LedgerWorld) -> Task:
    """Make them; the task is late, half done, and was urged once."""
    by = seen_as(world.coordinator)
    text = StatuteVersion.objects.first() or imported()[0]
    take_over(by=by, owner=world.office.pk, work=text.work_id)
    duty = Duty.objects.order_by("pk")[0]
    set_responsibility(by=by, duty=duty.pk, organisation=world.commerce.pk, part="lead")
    task = give_task(
        by=by,
        owner=world.office.pk,
        lead=world.commerce.pk,
        title="开通新的查验场地",
        what="建成并通过验收。",
        duty=duty.pk,
        given_on=today() - 60 * DAY,
        due_on=today() - 10 * DAY,
        joint=[world.customs.pk],
        supervised=[world.transport.pk],
    )
    begun = set_milestone(by=by, task=task.pk, title="开工")
    set_milestone(by=by, task=task.pk, title="验收", weight=Decimal(2))
    give_task(
        by=by,
        owner=world.office.pk,
        lead=world.transport.pk,
        title="修连接线",
        parent=task.pk,
        given_on=task.given_on,
        due_on=task.due_on,
    )
    told = Told("已经开工", "商务厅", today() - 20 * DAY, milestone=begun.pk)
    handed = draft_evidence(
        by=seen_as(world.commerce_officer),
        task=task.pk,
        organisation=world.commerce.pk,
        told=told,
        file=receive("开工令".encode(), "begin.txt"),
        hand_in=True,
    )
    accept_evidence(by=by, evidence=handed.pk, version=handed.version)
    told = Told("已经验收", "商务厅", today() - 2 * DAY, completes=True)
    draft_evidence(
        by=seen_as(world.commerce_officer),
        task=task.pk,
        organisation=world.commerce.pk,
        told=told,
        file=receive("验收单".encode(), "accept.txt"),
        hand_in=True,
    )
    if ladder_of(task.due_on):  # a region may have none
        take_rung(by=by, task=task.pk, rung="circular", note="请说明原因")
    close_period(by=by, owner=world.office.pk, period="2025")
    return task
