"""Pages of duties, tasks and evidence: what they answer, what they keep of a form, who may open them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system, viewing
from bridgehead.ground.models import Person
from bridgehead.rooms.ledger.actions.duties import take_over
from bridgehead.rooms.ledger.actions.evidence import accept_evidence
from bridgehead.rooms.ledger.actions.tasks import change_task, give_task
from bridgehead.rooms.ledger.models import Duty, Evidence, Spell, Task
from bridgehead.rooms.ledger.papers.duties import responsibilities
from bridgehead.rooms.ledger.papers.tasks import task_paper
from bridgehead.rooms.ledger.selectors.board import Filters, board
from bridgehead.rooms.ledger.selectors.morning import morning
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.duties import make
from tests.statutes import EARLIER, imported

DAY = timedelta(days=1)
Browser = Callable[[Person], Client]


def fields_of(html: str, form: str) -> dict[str, str]:
    """Return the hidden fields of one form of a page."""
    found = next(one for one in re.findall(r"<form.*?</form>", html, re.S) if f'name="form" value="{form}"' in one)
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found)
    return {name: value for name, value in hidden if name != "csrfmiddlewaretoken"}


def test_a_task_is_given_and_its_evidence_handed_in_and_accepted_on_pages(world: LedgerWorld, browser: Browser) -> None:
    with as_system("tests"):
        work = imported(EARLIER)[0].work_id
    take_over(by=seen_as(world.coordinator), owner=world.office.pk, work=work)
    duty = Duty.objects.first()
    assert duty is not None
    coordinator, officer = browser(world.coordinator), browser(world.commerce_officer)
    page = f"/ledger/tasks/new/?duty={duty.pk}"
    given = fields_of(coordinator.get(page).content.decode(), "give")
    told = {
        **given,
        "organisation": world.office.pk,
        "lead": world.commerce.pk,
        "title": "渡口修缮",
        "what": "写下来的要求",
    }
    refused = coordinator.post(page, {**told, "due_on": "", "term": ""})
    assert refused.status_code == 422
    assert "写下来的要求" in refused.content.decode(), "what was typed is kept"
    assert "没有写到期日" in refused.content.decode()
    again = {**told, **fields_of(refused.content.decode(), "give"), "term": "10wd"}
    done = coordinator.post(page, again)
    assert done.status_code == 302
    task = Task.objects.get()
    assert (task.duty_id, task.office_id, task.term) == (duty.pk, world.commerce.pk, "10wd")
    here = f"/ledger/tasks/{task.pk}/"
    form = fields_of(officer.get(here).content.decode(), "evidence")
    paper = SimpleUploadedFile("done.txt", "验收".encode(), "text/plain")
    sent = {**form, "claim": "修好了", "issuer": "交通局", "dated_on": str(today()), "completes": "on", "file": paper}
    assert officer.post(here, {**sent, "organisation": world.commerce.pk}).status_code == 302
    evidence = Evidence.objects.get()
    there = f"/ledger/evidence/{evidence.pk}/"
    assert 'value="accept"' not in officer.get(there).content.decode(), "not offered to who handed it in"
    shown = coordinator.get(there).content.decode()
    assert coordinator.post(there, fields_of(shown, "accept")).status_code == 302
    task.refresh_from_db()
    assert task.done_on == today()
    assert "已完成" in coordinator.get(here).content.decode()
    file = coordinator.get(f"/ledger/evidence/{evidence.pk}/file")
    assert (file.content, file["Content-Disposition"].split(";")[0]) == ("验收".encode(), "attachment")


def test_two_officers_at_one_task_each_see_what_the_other_said(world: LedgerWorld, browser: Browser) -> None:
    task = make(world)
    here = f"/ledger/tasks/{task.pk}/"
    first = browser(world.coordinator)
    task.refresh_from_db()
    form = fields_of(first.get(here).content.decode(), "change")
    change_task(
        by=seen_as(world.second_coordinator),
        task=task.pk,
        version=task.version,
        title="改过的题目",
        lead=task.office_id,
        due_on=task.due_on,
    )
    told = {**form, "title": "我写的题目", "lead": task.office_id, "due_on": str(task.due_on), "what": "", "reason": ""}
    answer = first.post(here, told)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "我写的题目" in html
    assert "改过的题目" in html
    assert Task.objects.get(pk=task.pk).title == "改过的题目"


def test_the_morning_says_what_is_late_and_what_waits(world: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    task = make(world)
    found = seen_by(world.coordinator, morning)
    assert found.late.total == 2
    assert {one.task.pk for one in found.late.shown} == set(Task.objects.values_list("pk", flat=True))
    assert (found.waits, [one.row.claim for one in found.waiting]) == (1, ["已经验收"])
    assert found.sentence.startswith("2 件事已过期")
    mine = seen_by(world.commerce_officer, morning)
    assert [one.task.pk for one in mine.late.shown] == [task.pk]
    assert mine.waits == 0, "who hands in decides nothing"
    joint = seen_by(world.customs_officer, morning)
    assert [one.task.pk for one in joint.late.shown] == [task.pk], "who joins in sees the task"
    assert seen_by(world.deputy, morning).late.total == 0, "a deputy owes nothing"


def test_the_board_of_a_day_reads_the_records_of_that_day(world: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    task = make(world)
    with as_system("tests"):
        evidence = Evidence.objects.get(state="handed_in")
        part = task.subtasks.get()
    accept_evidence(by=seen_as(world.coordinator), evidence=evidence.pk, version=evidence.version)
    now = seen_by(world.coordinator, board, Filters(today()))
    assert (now.owed, now.late) == (2, 2)
    with as_system("tests"):
        # As if the last step had been done ten days ago.
        Spell.objects.filter(task=part, until_on__year=9999).update(until_on=today() - 10 * DAY)
    for day, owed in ((today(), 1), (today() - 10 * DAY, 1), (today() - 11 * DAY, 2), (today() - 61 * DAY, 0)):
        found = seen_by(world.coordinator, board, Filters(day))
        assert found.owed == owed == sum(one.owed for one in found.by_organisation), day
        assert found.late == (owed if day > task.due_on else 0)
    commerce = seen_by(world.coordinator, board, Filters(today(), organisation=world.commerce.pk, late=True))
    assert [one.task.pk for one in commerce.tasks] == [task.pk]
    assert seen_by(world.transport_officer, board, Filters(today() - 11 * DAY)).owed == 1, "only its own"


@pytest.mark.parametrize(
    "path", ["ledger/", "ledger/board/", "ledger/duties/", "ledger/calendar/", "ledger/periods/", "ledger/tasks/new/"]
)
def test_strangers_are_asked_to_sign_in_and_enterprises_stay_out(
    path: str, world: LedgerWorld, browser: Browser
) -> None:
    from tests.ground.world import member, organisation

    assert Client().get(f"/{path}").status_code == 401
    with as_system("tests"):
        trader = member(organisation("trader", "enterprise", "贸易公司"), "enterprise")
    assert browser(trader).get(f"/{path}").status_code == 403


def test_papers_say_what_the_pages_say(world: LedgerWorld) -> None:
    task = make(world)
    with viewing(seen_as(world.coordinator)) as viewer:
        papers = {"task": task_paper(viewer, task.pk), "list": responsibilities(viewer)}
        assert papers["task"] == task_paper(viewer, task.pk), "the same bytes each time"
    told = {name: docx.Document(io.BytesIO(content)) for name, content in papers.items()}
    cells = [cell.text for table in told["task"].tables for row in table.rows for cell in row.cells]
    assert {"商务厅", "已经开工", "开工", "25%"} <= set(cells)
    assert told["task"].paragraphs[0].text == "开通新的查验场地"
    listed = [cell.text for row in told["list"].tables[0].rows for cell in row.cells]
    assert "商务厅" in listed
    assert "未定" in listed
    with as_system("tests"):
        assert len(told["list"].tables[0].rows) == Duty.objects.count() + 1


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_leads_to_its_paper_in_its_own_language(world: LedgerWorld, browser: Browser, prefix: str) -> None:
    task, reader = make(world), browser(world.coordinator)
    with as_system("tests"):
        duty = Duty.objects.order_by("pk")[0]
    past = f"?on={today() - 5 * DAY}"
    pages = {
        f"/ledger/tasks/{task.pk}/": f"/ledger/tasks/{task.pk}.docx",
        f"/ledger/duties/{duty.pk}/": f"/ledger/duties/{duty.pk}.docx",
        "/ledger/duties/": "/ledger/responsibilities.docx",
        "/ledger/bodies/commerce/": "/ledger/bodies/commerce.docx",
        f"/ledger/bodies/commerce/{past}": f"/ledger/bodies/commerce.docx{past}",
        "/pace/?year=2025": "/ledger/pace.docx?year=2025",
    }
    for page, paper in pages.items():
        found = re.findall(r'href="([^"]*[.]docx[^"]*)"', reader.get(prefix + page).content.decode())
        address = next(one.replace("&amp;", "&") for one in found if one.startswith(paper))
        answer = reader.get(address)
        assert (answer.status_code, answer["Content-Language"]) == (200, "en" if prefix else "zh-CN"), page


def test_a_task_of_a_past_day_shows_that_day(world: LedgerWorld, browser: Browser) -> None:
    task = give_task(
        by=seen_as(world.coordinator),
        owner=world.office.pk,
        lead=world.commerce.pk,
        title="会动的任务",
        given_on=today() - 30 * DAY,
        due_on=today() + 5 * DAY,
    )
    with as_system("tests"):
        Spell.objects.filter(task=task).update(from_on=today())
        Spell.objects.create(
            task=task,
            owner_id=task.owner_id,
            office_id=task.office_id,
            from_on=task.given_on,
            until_on=today(),
            due_on=today() - 10 * DAY,
            owed=True,
            share=0,
        )
    client = browser(world.coordinator)
    past = client.get(f"/ledger/tasks/{task.pk}/?on={today() - 5 * DAY}").content.decode()
    assert "那天的样子" in past
    assert "过期" in past
    assert 'name="form" value="change"' not in past, "the past is not changed"
    assert "过期" not in client.get(f"/ledger/tasks/{task.pk}/").content.decode()
    assert client.get("/ledger/board/?on=yesterday").status_code == 422


def test_a_target_is_set_on_the_page_of_a_task_and_named_there(world: LedgerWorld, browser: Browser) -> None:
    task = make(world)
    coordinator, here = browser(world.coordinator), f"/ledger/tasks/{task.pk}/"
    page = coordinator.get(here).content.decode()
    assert "口岸进出境货运量 (万吨)" in page
    assert "10^4 t)" not in page, "units are written in words"
    told = {"indicator": "port_freight", "baseline": "13200", "goal": "14500", "unit": "10^4 t"}
    assert coordinator.post(here, {**fields_of(page, "target"), **told}).status_code == 302
    assert (task.targets.get().unit, task.targets.get().goal) == ("10^4 t", 14500)
    listed = re.search(r"口岸进出境货运量(?! \().{0,600}万吨", coordinator.get(here).content.decode(), re.S)
    assert listed, "the target stands on the page by its name and unit"


def test_the_morning_of_who_gives_tasks_leads_to_giving_one(
    world: LedgerWorld, browser: Callable[[Person], Client]
) -> None:
    link = 'href="/ledger/tasks/new/"'
    assert link in browser(world.coordinator).get("/ledger/").content.decode()
    assert link not in browser(world.commerce_officer).get("/ledger/").content.decode()
    assert link not in browser(world.commerce_head).get("/ledger/").content.decode()
