"""Public replies for tests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from bridgehead.engines.cases.machine import Role
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.rooms.desk.actions.demonstration import Step, Story, tell_case
from bridgehead.rooms.desk.actions.replies import ReplyTold, release_reply, write_reply
from bridgehead.rooms.desk.models import Case, CaseEvent, Policy, PublicReply
from bridgehead.rooms.desk.services import services
from tests.desk.cases import BEIJING, QUESTION, CaseWorld, answered, lodged
from tests.ground.world import BY
from tests.ledger import seen_as

if TYPE_CHECKING:
    from tests.desk.services import ServiceWorld

ENDS = date(2026, 12, 31)
TEXTS = {
    "question": {"zh": "小规模纳税人免征增值税的条件是什么？", "en": "When is a small taxpayer exempt from VAT?"},
    "answer": {"zh": "月销售额不超过标准的免征。\n按季申报的看季度。", "en": "Below the monthly threshold."},
}


def reply_told(**changed: Any) -> ReplyTold:
    """Return what somebody writes of a reply."""
    return ReplyTold(**{"texts": TEXTS, "expires_on": ENDS, **changed})


def question(world: CaseWorld, **form: str) -> Case:
    """Return a question of the firm that was answered."""
    return answered(world, lodged(world, form={**QUESTION, **form}))


def drafted(world: CaseWorld, case: Case | None = None, **told: Any) -> PublicReply:
    """Return a draft of the officer."""
    asked = case or question(world)
    return write_reply(by=seen_as(world.officer), case=asked.pk, told=reply_told(**told))


def released(world: CaseWorld, **told: Any) -> PublicReply:
    """Return a reply the officer wrote and the head released."""
    row = drafted(world, **told)
    return release_reply(by=seen_as(world.head), reply=row.pk, version=row.version)


def published_policy(world: CaseWorld, code: str = "cn-vat-small-exempt") -> str:
    """Return the code of a policy that is open; the editions do not matter."""
    with as_system("tests"):
        Policy.objects.create(owner=world.commerce, code=code, is_open=True)
    return code


def make(world: ServiceWorld) -> None:
    """Answer two questions of the firm: one is public, the other may become so."""
    if not services():  # a region without services
        return
    public, _ = (_answered(world, title) for title in ("已经公开的问题", "可以公开的问题"))
    row = write_reply(by=BY, case=public.pk, told=reply_told(expires_on=today() + timedelta(days=90)))
    release_reply(by=BY, reply=row.pk, version=row.version)


def _answered(world: ServiceWorld, title: str) -> Case:
    """Return a question that was answered before, with the office of the world."""
    begun = datetime.combine(today() - timedelta(days=20), time(10), BEIJING)
    form = {"topic": "subsidy", "question": title, "may_publish": True}
    steps = [
        Step(begun + timedelta(minutes=15 * at), move, by, {"answer": "按政策办"} if move != "draft" else {})
        for at, (move, by) in enumerate((("draft", Role.OFFICER), ("submit", Role.OFFICER), ("answer", Role.HEAD)), 1)
    ]
    case = tell_case(by=BY, story=Story(world.firm, "policy_question", title, form, begun, steps))
    for model in (Case, CaseEvent):
        at = {"pk": case.pk} if model is Case else {"case": case.pk}
        model.objects.filter(**at).update(office=world.office)
    return Case.objects.get(pk=case.pk)
