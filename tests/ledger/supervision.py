"""Supervision for tests: a case with a vote, an opinion and a longer term, and an inspection with a fault."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from bridgehead.rooms.ledger.actions.inspections import (
    ask_question,
    choose_sample,
    draw_samples,
    plan_inspection,
    record_finding,
)
from bridgehead.rooms.ledger.actions.supervision import open_case, take_step
from bridgehead.rooms.ledger.actions.supervision_answers import ask_extension
from bridgehead.rooms.ledger.models import Inspection, SupervisionCase
from bridgehead.rooms.ledger.procedures import templates
from tests.ledger import LedgerWorld, seen_as

COUNTED = {"satisfied": 40, "basically_satisfied": 10, "not_satisfied": 5, "abstained": 2, "members": 70}


def opened(world: LedgerWorld, on: date, template: str = "", title: str = "口岸建设专项报告") -> SupervisionCase:
    """Return a new case: by the first procedure of the region, answered by the coordination office."""
    return open_case(
        by=seen_as(world.congress_clerk),
        organisation=world.congress.pk,
        office=world.office.pk,
        template=template or templates(on)[0].id,
        title=title,
        articles=[83],
        opened_on=on,
    )


def taken(world: LedgerWorld, case: SupervisionCase, on: date, **more: object) -> SupervisionCase:
    """Take the next step of a case, as whoever owes it, and return the case as it is then."""
    case = SupervisionCase.objects.get(pk=case.pk)
    step = next(one for one in case.steps if one["step"] == case.waits)
    by = world.congress_clerk if step["who"] in ("congress", "committee") else world.coordinator
    given: dict[str, object] = {"summary": f"记录{step['name_zh']}"}
    if step["form"] == "opinions":
        given["opinions"] = [{"text": "完善通关协作。", "office": world.commerce.pk}]
    if step["form"] == "vote":
        given["votes"] = COUNTED
    ends = any(one.endswith(">") for one in step["outcomes"].split(";"))
    if (step["form"] == "vote" or ends) and case.opinions.exclude(state="accepted").exists():
        given["despite"] = "审议时口头作了说明"
    take_step(by=seen_as(by), case=case.pk, step=case.waits, on=on, **(given | more))  # type: ignore[arg-type]
    return SupervisionCase.objects.get(pk=case.pk)


def planned(world: LedgerWorld, on: date, case: SupervisionCase | None = None) -> Inspection:
    """Return a new inspection of article 83 in the coordination office."""
    return plan_inspection(
        by=seen_as(world.congress_clerk),
        organisation=world.congress.pk,
        office=world.office.pk,
        title="桥头堡条例执法检查",
        articles=[6, 83],
        group=["吴秘书", "郑代表"],
        starts_on=on,
        ends_on=on + timedelta(days=20),
        case=case.pk if case else None,
    )


def make(world: LedgerWorld) -> None:
    """Make one record of each kind: a case that was voted on, one that runs with a longer term asked for."""
    today = timezone.localdate()
    began = today - timedelta(days=30)
    case = opened(world, began, title="口岸建设整改报告")
    while case.state == SupervisionCase.State.OPEN:
        case = taken(world, case, began)
    running = opened(world, began)
    while not _may_be_longer(running):
        before = running.waits
        running = taken(world, running, today)
        if running.waits == before or running.state == SupervisionCase.State.CLOSED:
            break
    if _may_be_longer(running):
        until = running.due_on + timedelta(days=20)  # type: ignore[operator]
        ask_extension(by=seen_as(world.coordinator), case=running.pk, until=until, why="需要与邻国会商")
    inspection = planned(world, began, running)
    clerk = seen_as(world.congress_clerk)
    question = ask_question(
        by=clerk, inspection=inspection.pk, article=6, text="部门是否各负其责？", check_what="会议纪要"
    )
    sample = choose_sample(by=clerk, inspection=inspection.pk, name="甲口岸", place="边境", visit_on=began)
    draw_samples(by=clerk, inspection=inspection.pk, kind="body", seed="2026-11-26 07", wanted=2)
    record_finding(
        by=clerk,
        inspection=inspection.pk,
        article=6,
        question=question.pk,
        sample=sample.pk,
        found_on=began,
        text="没有建立部门会商记录。",
        conforming=False,
        severity="serious",
        office=world.commerce.pk,
        measure="建立会商记录",
        due_on=today + timedelta(days=30),
    )
    record_finding(
        by=clerk, inspection=inspection.pk, article=83, found_on=began, text="已向人大报告。", conforming=True
    )


def _may_be_longer(case: SupervisionCase) -> bool:
    step = next((one for one in case.steps if one["step"] == case.waits), None)
    return bool(step and step["extensions"] and case.due_on)
