"""Who keeps policies and who asks about them, and policies with rules that are easy to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.models import Organisation, Person
from bridgehead.rooms.desk.actions.firms import consent, keep_answer
from bridgehead.rooms.desk.actions.policies import (
    EditionTold,
    check_edition,
    enter_policy,
    publish_edition,
    write_edition,
)
from bridgehead.rooms.desk.models import PolicyEdition
from bridgehead.rooms.desk.rules import register
from tests.desk import DeskWorld
from tests.ground.world import member, organisation
from tests.ledger import seen_as

DAY = timedelta(days=1)

RULE = """id: {code}
title: Small firms
title_zh: 小企业
issuer: Ministry
doc_no: 2023 No.1
scope: {scope}
valid_from: '{valid_from}'
valid_to: null
subject: enterprise
conditions:
- fact: staff.average
  op: le
  value: {staff}
- fact: industry.restricted_or_prohibited
  op: eq
  value: false
benefit:
  kind: tax_exempt
  measure: tax_due
  unit: CNY
  formula: {formula}
  rounding: {{places: 2, mode: half_up}}
source: the announcement itself
evidence: {evidence}
confidence: high
articles: [76]
note: ''
"""


@dataclass(frozen=True)
class PolicyWorld:
    """The body that keeps the library with an officer and a head, another body, and two firms."""

    keeper: Organisation
    firm: Organisation
    other_firm: Organisation
    officer: Person
    second_officer: Person
    head: Person
    stranger: Person
    trader: Person
    rival: Person


def policy_world() -> PolicyWorld:
    """Make the world, through the platform's own actions."""
    with as_system("tests"):
        region = organisation("region", "government", "自治区政府")
        keeper = organisation("commerce", "department", "商务厅", parent=region)
        other = organisation("transport", "department", "交通厅", parent=region)
        firm = organisation("alpha", "enterprise", "甲公司", office=keeper)
        rival = organisation("bravo", "enterprise", "乙公司", office=other)
        return PolicyWorld(
            keeper,
            firm,
            rival,
            member(keeper, "officer", "officer", "钱经办"),
            member(keeper, "officer", "second-officer", "周经办"),
            member(keeper, "head", "head", "赵厅长"),
            member(other, "head", "stranger", "孙处长"),
            member(firm, "enterprise_admin", "trader", "冯外贸"),
            member(rival, "enterprise_admin", "rival", "陈外贸"),
        )


def rule(
    code: str = "test-small",
    *,
    staff: int = 300,
    formula: str = "'cit.taxable_income_cny * 0.05'",
    evidence: str = "seen",
    scope: str = "national",
    valid_from: str = "2023-01-01",
) -> str:
    """Return the text of a rule."""
    return RULE.format(code=code, staff=staff, formula=formula, evidence=evidence, scope=scope, valid_from=valid_from)


def told(text: str, *, holds_from: date | None = None, change: str = "", title: str = "小企业优惠") -> EditionTold:
    """Return what somebody writes of a policy."""
    return EditionTold(text, {"title": {"zh": title, "en": "Small firms"}}, holds_from, change)


def published(world: PolicyWorld, text: str = "") -> PolicyEdition:
    """Enter a policy, check it and publish it."""
    row = enter_policy(by=seen_as(world.officer), owner=world.keeper.pk, told=told(text or rule()))
    return brought_out(world, row)


def brought_out(world: PolicyWorld, row: PolicyEdition) -> PolicyEdition:
    """Check a draft and publish it, by two people."""
    row = check_edition(
        by=seen_as(world.officer),
        edition=row.pk,
        version=row.version,
        compared_with="公告原文",
        expires_on=today() + 90 * DAY,
    )
    return publish_edition(by=seen_as(world.head), edition=row.pk, version=row.version)


def changed(world: PolicyWorld, row: PolicyEdition, text: str, holds_from: date) -> PolicyEdition:
    """Publish what a policy says from a day on."""
    by = seen_as(world.officer)
    draft = write_edition(by=by, policy=row.policy_id, version=None, told=told(text, holds_from=holds_from))
    return brought_out(world, draft)


def draft_of(by: Viewer, owner: Organisation, word: str) -> PolicyEdition:
    """Enter a policy that says a word and is not published."""
    text = rule("test-kept-back").replace("note: ''", f"note: {word}")
    return enter_policy(by=by, owner=owner.pk, told=told(text, title=word))


def make(world: DeskWorld) -> None:
    """Publish a policy, leave a draft, and keep an answer of a firm that consents."""
    if register().find("staff.average") is None:  # a region without policies has no facts to name
        return
    officer, head = seen_as(world.ledger.commerce_officer), seen_as(world.ledger.commerce_head)
    for code in ("test-small", "test-draft"):
        row = enter_policy(by=officer, owner=world.ledger.commerce.pk, told=told(rule(code, staff=300)))
        if code == "test-small":
            checked = {"compared_with": "公告原文", "expires_on": today() + 90 * DAY}
            row = check_edition(by=officer, edition=row.pk, version=row.version, **checked)
            publish_edition(by=head, edition=row.pk, version=row.version)
    by = seen_as(world.trader)
    facts = {"staff.average": "120", "industry.restricted_or_prohibited": "no", "cit.taxable_income_cny": "1800000.5"}
    keep_answer(by=by, firm=world.firm.pk, as_of=today(), subject="enterprise", facts=facts)
    consent(by=by, firm=world.firm.pk, agrees=True)
