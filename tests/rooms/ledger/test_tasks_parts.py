"""Tasks that are parts of others: their days, their end, who has which part, and the forms that set them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.models import Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.duties import take_over
from bridgehead.rooms.ledger.actions.evidence import Told, accept_evidence, draft_evidence
from bridgehead.rooms.ledger.actions.goals import drop_milestone, set_milestone
from bridgehead.rooms.ledger.actions.tasks import change_task, end_task, give_task
from bridgehead.rooms.ledger.models import Duty, Evidence, Task
from tests.ledger import LedgerWorld, seen_as
from tests.rooms.ledger.test_duty_pages import fields_of
from tests.site.forms import Forms
from tests.statutes import EARLIER, imported

GIVEN, DUE, LATER = date(2024, 9, 2), date(2024, 9, 18), date(2024, 9, 25)


def given(world: LedgerWorld, **told: Any) -> Task:
    """Give commerce a task for some days of a year whose days off are known, unless it is told otherwise."""
    kept = {"owner": world.office.pk, "lead": world.commerce.pk, "title": "任务", "given_on": GIVEN, "due_on": DUE}
    return give_task(by=seen_as(world.coordinator), **(kept | told))


def changed(world: LedgerWorld, task: Task, **told: Any) -> Task:
    """Change a task, leaving what is not told as it is."""
    task.refresh_from_db()
    kept = {"title": task.title, "lead": task.office_id, "due_on": task.due_on, "parent": task.parent_id}
    return change_task(
        by=seen_as(world.coordinator), task=task.pk, version=task.version, reason="另有安排", **(kept | told)
    )


def refused(do: Callable[..., Any], *args: Any, **told: Any) -> list[tuple[str, Any]]:
    """Return the faults of what must be refused, each with its parameters."""
    with pytest.raises(BridgeheadError) as found:
        do(*args, **told)
    return [(one.code, dict(one.parameters)) for one in found.value.faults]


def test_a_part_lies_within_its_whole(world: LedgerWorld) -> None:
    whole = given(world, title="整体")
    assert refused(given, world, parent=whole.pk, given_on=date(2024, 8, 30)) == [
        ("ledger.subtask_before_parent", {"given": str(GIVEN)})
    ]
    assert refused(given, world, parent=whole.pk, due_on=LATER) == [("ledger.subtask_after_parent", {"due": str(DUE)})]
    first, second = given(world, title="甲", parent=whole.pk), given(world, title="乙", parent=whole.pk)
    sooner = date(2024, 9, 10)
    assert refused(changed, world, whole, due_on=sooner) == [
        ("ledger.parts_outside", {"given": str(GIVEN), "due": str(sooner), "parts": ["甲", "乙"]})
    ]
    for one in (first, second):
        changed(world, one, due_on=sooner)
    assert changed(world, whole, due_on=sooner).due_on == sooner
    early = given(world, title="早", given_on=date(2024, 8, 30), due_on=sooner)
    assert refused(changed, world, early, parent=whole.pk) == [("ledger.subtask_before_parent", {"given": str(GIVEN)})]


def test_a_due_day_is_not_moved_before_open_milestones(world: LedgerWorld) -> None:
    task, by, sooner = given(world), seen_as(world.coordinator), date(2024, 9, 10)
    days = {"开工": date(2024, 9, 11), "验收": DUE, "立项": sooner, "备料": None, "不要了": DUE, "早到": DUE}
    set_ = {title: set_milestone(by=by, task=task.pk, title=title, due_on=on) for title, on in days.items()}
    drop_milestone(by=by, milestone=set_["不要了"].pk, version=1, reason="不要了")
    handed = draft_evidence(
        by=seen_as(world.commerce_officer),
        task=task.pk,
        organisation=world.commerce.pk,
        told=Told("早到了", "商务厅", date(2024, 9, 9), milestone=set_["早到"].pk),
        file=receive(b"early", "early.txt"),
        hand_in=True,
    )
    accept_evidence(by=by, evidence=handed.pk, version=handed.version)
    assert refused(changed, world, task, due_on=sooner) == [
        ("ledger.milestones_outside", {"given": str(GIVEN), "due": str(sooner), "milestones": ["开工", "验收"]})
    ]
    given(world, title="甲", parent=task.pk)
    assert [code for code, _ in refused(changed, world, task, due_on=sooner)] == [
        "ledger.parts_outside",
        "ledger.milestones_outside",
    ]
    Task.objects.filter(parent=task).update(due_on=sooner)
    for title in ("开工", "验收"):
        drop_milestone(by=by, milestone=set_[title].pk, version=1, reason="不再要求")
    assert changed(world, task, due_on=sooner).due_on == sooner


def test_a_whole_ends_after_its_parts(world: LedgerWorld) -> None:
    def end(task: Task) -> Task:
        task.refresh_from_db()
        return end_task(by=seen_as(world.coordinator), task=task.pk, version=task.version, reason="不做了")

    whole = given(world, title="整体")
    parts = [given(world, title=name, parent=whole.pk) for name in ("甲", "乙")]
    assert refused(end, whole) == [("ledger.parts_open", {"parts": ["甲", "乙"]})]
    for one in parts:
        end(one)
    assert end(whole).state == "ended"
    alone = given(world, title="丙")
    assert refused(changed, world, alone, parent=whole.pk) == [("ledger.task_ended", {"title": "整体"})]


def test_a_lead_that_joins_in_is_doubled(world: LedgerWorld) -> None:
    task = given(world, joint=[world.transport.pk])
    assert refused(changed, world, task, lead=world.transport.pk) == [("ledger.part_doubled", {"body": "交通厅"})]
    assert task.office_id == Task.objects.get(pk=task.pk).office_id == world.commerce.pk


@pytest.mark.parametrize(
    ("named", "due"),
    [
        (date(2024, 9, 15), date(2024, 9, 18)),  # a Sunday before three days off
        (date(2024, 9, 14), date(2024, 9, 14)),  # a Saturday that is worked
        (date(2024, 10, 1), date(2024, 10, 8)),
        (date(2024, 9, 20), date(2024, 9, 20)),
    ],
)
def test_a_due_day_that_is_off_becomes_the_next_working_day(world: LedgerWorld, named: date, due: date) -> None:
    assert given(world, due_on=named).due_on == due
    other = given(world, due_on=None, term="10wd")
    assert changed(world, other, due_on=named).due_on == due


def test_another_due_day_is_no_term_any_more(world: LedgerWorld) -> None:
    task = given(world, due_on=None, term="10wd", given_on=today())
    kept = changed(world, task, title="别的题目")
    assert (kept.term, kept.due_on) == ("10wd", task.due_on)
    far = changed(world, task, due_on=date(2099, 3, 4))
    assert (far.term, far.provisional) == ("", True), "nobody knows yet which days are off then"
    near = changed(world, given(world, due_on=date(2099, 3, 4)), due_on=LATER)
    assert not near.provisional


def test_forms_set_the_whole_and_the_weight(world: LedgerWorld, browser: Callable[[Person], Client]) -> None:
    take_over(by=seen_as(world.coordinator), owner=world.office.pk, work=imported(EARLIER)[0].work_id)
    duty = Duty.objects.order_by("pk")[0]
    last = date(2031, 6, 4)
    whole = given(world, title="整体", duty=duty.pk, given_on=today(), due_on=last)
    other = given(world, title="不相干的", given_on=today(), due_on=last)
    client, page = browser(world.coordinator), f"/ledger/tasks/new/?duty={duty.pk}"
    html = client.get(page).content.decode()
    assert re.search(rf'<option value="{whole.pk}"\s*>整体</option>', html)
    assert other.title not in html, "of the same duty only"
    assert "休息日顺延到下一个工作日" in html
    [form] = [one for one in Forms(html).found if "term" in one]
    form = {name: form[name] for name in ("form", "once")}
    told = {"title": "部分", "lead": world.commerce.pk, "due_on": str(last), "parent": whole.pk, "weight": "2.5"}
    assert client.post(page, form | told | {"organisation": world.office.pk}).status_code == 302
    part = Task.objects.get(title="部分")
    assert (part.parent, part.weight, part.article, part.duty) == (whole, Decimal("2.5"), duty.article, None)
    here = f"/ledger/tasks/{part.pk}/"
    [form] = [one for one in Forms(client.get(here).content.decode()).found if one.get("form") == "change"]
    assert (form["parent"], form["weight"]) == (str(whole.pk), "2.5")
    assert client.post(here, form | {"parent": "", "weight": "3"}).status_code == 302
    part.refresh_from_db()
    assert (part.parent, part.weight) == (None, 3)
    changed(world, part, parent=whole.pk)
    there = f"/ledger/tasks/{whole.pk}/"
    [form] = [one for one in Forms(client.get(there).content.decode()).found if one.get("form") == "change"]
    answer = client.post(there, form | {"parent": part.pk})
    assert answer.status_code == 422
    assert "成了一个圈：整体、部分" in answer.content.decode()
    assert client.post(there, form | {"weight": "0"}).status_code == 422
    assert Task.objects.get(pk=whole.pk).parent is None


def test_only_who_divides_a_task_puts_another_under_it(world: LedgerWorld) -> None:
    mine = given(world, title="商务厅的", given_on=today(), due_on=date(2031, 6, 4))
    head = seen_as(world.commerce_head)
    told = {"owner": world.commerce.pk, "lead": world.commerce.pk, "title": "自己分的", "due_on": date(2031, 6, 4)}
    part = give_task(by=head, parent=mine.pk, **told)
    kept = {"version": part.version, "title": part.title, "lead": part.office_id, "due_on": part.due_on}
    for parent in (None, given(world, title="别家的", lead=world.transport.pk, due_on=date(2031, 6, 4)).pk):
        codes = [code for code, _ in refused(change_task, by=head, task=part.pk, parent=parent, **kept)]
        assert codes in (["action.not_allowed"], ["action.no_such_record"])


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "海关"), ("en", "The Customs")])
def test_a_refusal_names_a_body_in_the_language_of_whoever_reads_it(
    world: LedgerWorld, language: str, name: str
) -> None:
    type(world.customs).objects.filter(pk=world.customs.pk).update(name_en="The Customs")
    pk = world.customs.pk
    with override(language):
        assert refused(given, world, lead=pk, joint=[pk]) == [("ledger.part_doubled", {"body": name})]
        assert refused(given, world, supervised=[pk]) == [("ledger.vertical_supervised", {"body": name})]


def test_the_form_of_a_part_says_that_its_whole_was_ended_meanwhile(
    world: LedgerWorld, browser: Callable[[Any], Client]
) -> None:
    whole = given(world, title="整体", given_on=today(), due_on=date(2031, 9, 18))
    client, page = browser(world.coordinator), f"/ledger/tasks/new/?parent={whole.pk}"
    form = fields_of(client.get(page).content.decode(), "give")
    end_task(by=seen_as(world.coordinator), task=whole.pk, version=whole.version, reason="不办了")
    told = {"title": "部分", "lead": world.transport.pk, "due_on": "2031-09-10", "organisation": world.office.pk}
    answer = client.post(page, {**form, **told})
    assert answer.status_code == 422
    assert "任务“整体”已经终止" in answer.content.decode()


def test_a_lead_does_not_make_its_task_done_by_deciding_on_its_own_part(world: LedgerWorld) -> None:
    """Whoever gave the whole decides on what its lead hands in for a part it gave itself, however deep it lies."""
    whole = given(world, given_on=today(), due_on=date(2031, 6, 4))
    head, officer = seen_as(world.commerce_head), seen_as(world.commerce_officer)
    told = {"owner": world.commerce.pk, "title": "自己分的", "due_on": date(2031, 6, 4)}
    part = give_task(by=head, parent=whole.pk, lead=world.commerce.pk, **told)
    deeper = give_task(by=head, parent=part.pk, lead=world.commerce.pk, **told)
    others = give_task(by=head, parent=part.pk, lead=world.transport.pk, **told)

    def hand_in(task: Task, by: Viewer, at: int) -> Evidence:
        claim = Told(claim="办完了", issuer="商务厅", dated_on=today(), completes=True)
        file = receive(b"done", f"{task.pk}.txt", "text/plain")
        return draft_evidence(by=by, task=task.pk, organisation=at, told=claim, file=file, hand_in=True)

    own = hand_in(deeper, officer, world.commerce.pk)
    assert refused(accept_evidence, by=head, evidence=own.pk, version=own.version) == [
        ("action.not_allowed", {"action": "evidence.accept", "permission": "evidence.decide"})
    ]
    whole.refresh_from_db()
    assert whole.share == 0
    accept_evidence(by=seen_as(world.coordinator), evidence=own.pk, version=own.version)
    theirs = hand_in(others, seen_as(world.transport_officer), world.transport.pk)
    accept_evidence(by=head, evidence=theirs.pk, version=theirs.version)
    whole.refresh_from_db()
    assert whole.share == 1
