"""The demonstration of the desk: policies checked and approved by made-up officers, and a firm that asked."""

from __future__ import annotations

from datetime import timedelta

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.demonstration.people import MARK_ZH
from bridgehead.ground.demonstration.registry import Stage
from bridgehead.ground.models import Membership
from bridgehead.rooms.desk.actions.demonstration import remove_demonstration
from bridgehead.rooms.desk.actions.firms import consent, keep_answer
from bridgehead.rooms.desk.actions.policies import check_edition, publish_edition, take_over
from bridgehead.rooms.desk.actions.service_demonstration import remove_services
from bridgehead.rooms.desk.case_demonstration import fill_cases
from bridgehead.rooms.desk.models import FirmProfile, PolicyEdition
from bridgehead.rooms.desk.rules import read_rule, unfit_to_publish
from bridgehead.rooms.desk.service_demonstration import fill_services

GOOD_FOR = timedelta(days=180)
FACTS = {
    "enterprise.kind": "company",
    "industry.restricted_or_prohibited": "no",
    "vat.taxpayer_kind": "small_scale",
    "vat.filing_period": "quarter",
    "vat.period_sales_cny": "285000",
    "cit.taxable_income_cny": "640000",
    "staff.average": "26",
    "assets.average_cny": "4300000",
}


def fill(stage: Stage) -> None:
    """Make what is missing."""
    seats = {one.person.login: one for one in Membership.objects.filter(person__demo=True).select_related("person")}
    officer, head = seats.get("demo-officer"), seats.get("demo-head")
    if officer is None or head is None or officer.organisation_id != head.organisation_id:
        return
    made = take_over(by=stage.by, owner=officer.organisation_id).made
    if made:
        stage.made["policy"] += made
    for row in PolicyEdition.objects.filter(state=PolicyEdition.State.DRAFT, owner=officer.organisation_id):
        rule = read_rule(row.rule)
        if unfit_to_publish(rule):
            continue
        checked = check_edition(
            by=viewer_of(officer.person),
            edition=row.pk,
            version=row.version,
            compared_with=f"{rule.source[:400]}{MARK_ZH}",
            expires_on=stage.day + GOOD_FOR,
        )
        publish_edition(by=viewer_of(head.person), edition=checked.pk, version=checked.version)
        stage.made["policy_edition"] += 1
    _firm(stage, seats.get("demo-enterprise-admin-exporter"))
    fill_cases(stage)
    fill_services(stage)


def _firm(stage: Stage, seat: Membership | None) -> None:
    if seat is None or FirmProfile.objects.filter(owner=seat.organisation_id).exists():
        return
    by = viewer_of(seat.person)
    keep_answer(by=by, firm=seat.organisation_id, as_of=stage.day, subject="enterprise", facts=FACTS)
    consent(by=by, firm=seat.organisation_id, agrees=True)
    stage.made["firm_profile"] += 1


def wipe(stage: Stage) -> None:
    """Take everything away that is marked; a policy that something real rests on is withdrawn instead."""
    for remove in (remove_services, remove_demonstration):
        removed, kept = remove(by=stage.by, reason="清除示意数据")
        stage.made["removed"] += removed
        stage.made["closed"] += kept
