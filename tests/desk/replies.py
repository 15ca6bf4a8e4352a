"""Public replies for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from bridgehead.ground.access.viewer import as_system
from bridgehead.rooms.desk.actions.replies import ReplyTold, release_reply, write_reply
from bridgehead.rooms.desk.models import Case, Policy, PublicReply
from tests.desk.cases import QUESTION, CaseWorld, answered, lodged
from tests.ledger import seen_as

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
