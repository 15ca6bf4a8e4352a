"""Forms that are refused: every fault at once, and the file that was sent is not lost."""

from __future__ import annotations

import html
import os
import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bridgehead.ground.access.grants import today
from bridgehead.ground.files.kept import LIFE_S, forget_old
from bridgehead.ground.files.uploads import file_store
from bridgehead.ground.models import Person, StoredFile
from bridgehead.rooms.ledger.models import (
    Evidence,
    Inquiry,
    Inspection,
    Meeting,
    Opinion,
    Problem,
    Rectification,
    SupervisionCase,
    Task,
)
from tests.ledger import LedgerWorld, made
from tests.ledger.duties import make
from tests.ledger.programmes import opened
from tests.rooms.ledger.test_duty_pages import fields_of

DAY = timedelta(days=1)
Browser = Callable[[Person], Client]


def a_file(text: str = "验收记录") -> SimpleUploadedFile:
    return SimpleUploadedFile("验收.txt", text.encode(), "text/plain")


def word_in(page: str, form: str) -> str:
    """Return the word by which a form that came back sends its file again; empty where it has none."""
    found = next(one for one in re.findall(r"<form.*?</form>", page, re.S) if f'name="form" value="{form}"' in one)
    word = re.search(r'name="file-kept" value="([^"]*)"', found)
    return html.unescape(word[1]) if word else ""


def refused_evidence(task: Task, officer: Client, content: str = "验收记录") -> str:
    here = f"/ledger/tasks/{task.pk}/"
    given = {**fields_of(officer.get(here).content.decode(), "evidence"), "claim": "通过了验收"}
    answer = officer.post(here, {**given, "file": a_file(content)})
    assert answer.status_code == 422
    return answer.content.decode()


@pytest.mark.article(6)
def test_a_refused_form_of_evidence_comes_back_with_its_file(world: LedgerWorld, browser: Browser) -> None:
    task, officer = make(world), browser(world.commerce_officer)
    page = refused_evidence(task, officer)
    assert "已收到“验收.txt”" in page
    word = word_in(page, "evidence")
    told = {"claim": "通过了验收", "issuer": "商务厅", "dated_on": str(today()), "file-kept": word}
    here = f"/ledger/tasks/{task.pk}/"
    assert officer.post(here, {**fields_of(page, "evidence"), **told}).status_code == 302
    row = Evidence.objects.get(claim="通过了验收")
    assert row.file is not None
    assert (row.file.name, file_store().open_whole(row.file.sha256)) == ("验收.txt", "验收记录".encode())


def test_a_kept_file_gives_way_to_another_one_and_to_none(world: LedgerWorld, browser: Browser) -> None:
    task, officer = make(world), browser(world.commerce_officer)
    page, here = refused_evidence(task, officer), f"/ledger/tasks/{task.pk}/"
    told = {"issuer": "商务厅", "dated_on": str(today()), "file-kept": word_in(page, "evidence"), "do": "draft"}
    without = {**fields_of(page, "evidence"), **told, "claim": "没有文件", "file-dropped": "on"}
    assert officer.post(here, without).status_code == 302
    assert Evidence.objects.get(claim="没有文件").file is None
    fresh = fields_of(officer.get(here).content.decode(), "evidence")
    other = {**fresh, **told, "claim": "另一个文件", "file": a_file("另一份")}
    assert officer.post(here, other).status_code == 302
    file = Evidence.objects.get(claim="另一个文件").file
    assert file is not None
    assert file_store().open_whole(file.sha256) == "另一份".encode()


def test_a_kept_file_is_for_who_sent_it_and_for_a_day(
    world: LedgerWorld, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, here = make(world), ""
    here = f"/ledger/tasks/{task.pk}/"
    word = word_in(refused_evidence(task, browser(world.commerce_officer)), "evidence")
    told = {"claim": "别人的", "issuer": "商务厅", "dated_on": str(today()), "file-kept": word}

    def sent_by(person: Person, **more: str) -> str:
        client = browser(person)
        given = fields_of(client.get(here).content.decode(), "evidence")
        answer = client.post(here, {**given, **told, **more})
        assert answer.status_code == 422
        return answer.content.decode()

    assert "file.kept_no_longer" in _codes(sent_by(world.commerce_head))
    assert "file.kept_no_longer" in _codes(sent_by(world.commerce_officer, **{"file-kept": word[::-1]}))
    past = time.time() + LIFE_S + 5
    monkeypatch.setattr("django.core.signing.time.time", lambda: past)
    client = browser(world.commerce_officer)
    answer = client.post(here, {**fields_of(client.get(here).content.decode(), "evidence"), **told})
    assert answer.status_code == 422
    assert "只留一天" in answer.content.decode()
    assert not Evidence.objects.filter(claim="别人的").exists()


def _codes(page: str) -> str:
    """Return what a page says, with the sentence of a kept file as its code."""
    return page.replace("表单里的文件已经不在了", "file.kept_no_longer")


def test_what_no_record_names_after_a_day_is_removed_and_nothing_else(world: LedgerWorld, browser: Browser) -> None:
    task, officer = make(world), browser(world.commerce_officer)
    late = time.time() + LIFE_S + 5
    forget_old(late)
    before = set(file_store().names())
    page = refused_evidence(task, officer, "只在这里的内容")
    there = set(file_store().names())
    (lone,) = there - before
    assert forget_old() == 0, "it is kept for a day"
    told = {"claim": "用上了", "issuer": "商务厅", "dated_on": str(today()), "file-kept": word_in(page, "evidence")}
    assert officer.post(f"/ledger/tasks/{task.pk}/", {**fields_of(page, "evidence"), **told}).status_code == 302
    assert forget_old(late) == 0, "a record names it by now"
    assert set(file_store().names()) == there
    StoredFile.objects.filter(sha256=lone).update(sha256="0" * 64)
    file_store().await_name(lone)
    assert forget_old(late) == 1
    assert set(file_store().names()) == before


def test_a_file_that_was_put_again_meanwhile_is_not_removed(db: None) -> None:
    kept = file_store().put([b"again"])
    file_store().await_name(kept.sha256)
    long_ago = time.time() - 3 * LIFE_S
    for path in (file_store().path(kept.sha256), file_store().folder / ".awaiting" / kept.sha256):
        os.utime(path, (long_ago, long_ago))
    assert not file_store().put([b"again"]).fresh
    assert forget_old() == 0
    assert file_store().open_whole(kept.sha256) == b"again"


def _forms_with_a_file(world: LedgerWorld) -> list[tuple[Person, str, str, dict[str, str]]]:
    """Return who is offered which form with a file, where, and what is wrong in it."""
    problem = Problem.objects.filter(office=world.commerce).exclude(state="closed").get()
    meeting = Meeting.objects.filter(state="held").get()
    inquiry = Inquiry.objects.get()
    inspection = Inspection.objects.order_by("pk")[0]
    mending = Rectification.objects.filter(state__in=("open", "returned")).order_by("pk")[0]
    found = [
        (world.commerce_officer, f"/problems/{problem.pk}/", "ask", {"result": ""}),
        (world.congress_clerk, f"/inspections/{inspection.pk}/", "findings", {"text": "", "due_on": "x"}),
        (world.coordinator, f"/meetings/{meeting.pk}/", "minutes", {"version": "999"}),
        (world.commerce_officer, f"/inspections/findings/{mending.finding_id}/", "hand_in", {"evidence": ""}),
        (world.commerce_officer, f"/requests/{inquiry.pk}/", "answer-", {"text": ""}),
    ]
    programme = opened(world)
    found.append((world.commerce_officer, f"/programmes/{programme.pk}/", "propose", {"on": "x"}))
    for opinion in Opinion.objects.filter(state__in=("open", "returned"))[:1]:
        found.append((world.commerce_officer, f"/supervision/opinions/{opinion.pk}/", "answer", {"answer": ""}))
    for case in SupervisionCase.objects.filter(state="open")[:1]:
        found.append((world.coordinator, f"/supervision/{case.pk}/", "step", {"on": "x"}))
    return found


def test_every_form_with_a_file_comes_back_with_it(db: None, browser: Browser) -> None:
    world = made()
    for person, address, form, wrong in _forms_with_a_file(world):
        client = browser(person)
        page = client.get(address).content.decode()
        name = re.search(rf'name="form" value="({form}[0-9]*)"', page)
        assert name, f"{person.name} is not offered {form} on {address}"
        answer = client.post(address, {**fields_of(page, name[1]), **wrong, "file": a_file()})
        assert answer.status_code in (409, 422), address
        assert word_in(answer.content.decode(), name[1]), address


def test_all_that_is_wrong_with_evidence_is_told_at_once(world: LedgerWorld, browser: Browser) -> None:
    task, officer = make(world), browser(world.commerce_officer)
    here = f"/ledger/tasks/{task.pk}/"
    told = {**fields_of(officer.get(here).content.decode(), "evidence"), "dated_on": "昨天", "value": "很多"}
    answer = officer.post(here, {**told, "file": SimpleUploadedFile("x.exe", b"MZ" + bytes(300))})
    assert answer.status_code == 422
    assert _faulty(answer.content.decode(), "evidence") == {"dated_on", "claim", "issuer", "file"}


def test_all_that_is_wrong_with_a_task_is_told_at_once(world: LedgerWorld, browser: Browser) -> None:
    coordinator = browser(world.coordinator)
    page = coordinator.get("/ledger/tasks/new/").content.decode()
    wrong = {"organisation": world.office.pk, "due_on": "soon", "title": "", "lead": "", "period": "昨年"}
    answer = coordinator.post("/ledger/tasks/new/", {**fields_of(page, "give"), **wrong})
    assert answer.status_code == 422
    assert _faulty(answer.content.decode(), "give") == {"due_on", "title", "lead", "period"}
    task = make(world)
    here = f"/ledger/tasks/{task.pk}/"
    page = coordinator.get(here).content.decode()
    for form, given, faulty in (
        ("change", {"due_on": "soon", "title": "", "lead": world.commerce.pk}, {"due_on", "title"}),
        ("milestone", {"title": "", "due_on": "soon"}, {"title", "due_on"}),
        ("target", {"baseline": "", "goal": "viel", "unit": "", "indicator": ""}, {*("baseline", "goal", "indicator")}),
    ):
        answer = coordinator.post(here, {**fields_of(page, form), **given})
        assert answer.status_code == 422, form
        assert _faulty(answer.content.decode(), form) >= faulty, form


@pytest.mark.parametrize(
    ("form", "wrong", "faulty"),
    [
        ("findings", {"found_on": "x", "text": "", "due_on": "y"}, {"found_on", "text", "due_on"}),
        ("plan", {"ends_on": "x", "group": ""}, {"ends_on", "group"}),
        ("samples", {"visit_on": "x", "name": ""}, {"visit_on", "name"}),
        ("draw", {"wanted": "x", "seed": ""}, {"wanted", "seed"}),
    ],
)
def test_all_that_is_wrong_with_a_form_of_an_inspection_is_told_at_once(
    db: None, browser: Browser, form: str, wrong: dict[str, str], faulty: set[str]
) -> None:
    world = made()
    clerk, record = browser(world.congress_clerk), Inspection.objects.order_by("pk")[0]
    here = f"/inspections/{record.pk}/"
    page = clerk.get(here).content.decode()
    answer = clerk.post(here, {**fields_of(page, form), "verdict": "fault", **wrong})
    assert answer.status_code == 422
    assert _faulty(answer.content.decode(), form) >= faulty


def _faulty(page: str, form: str) -> set[str]:
    """Return the fields of a form beside which something is said to be wrong."""
    found = next(one for one in re.findall(r"<form.*?</form>", page, re.S) if f'name="form" value="{form}"' in one)
    fields = re.findall(r"<[^>]*\baria-invalid[^>]*>", found)
    return {name[1] for one in fields if (name := re.search(r'\bname="([^"]+)"', one))}
