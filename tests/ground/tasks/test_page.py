"""The page of background work and the operation beside it: what they show, to whom, and what can be done there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import as_system, viewing
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Organisation, Person, Task
from bridgehead.ground.tasks import lease, selectors
from bridgehead.ground.tasks.table import kept
from bridgehead.kernel.errors import Fault
from tests.ground.accounts import Browser, field, token
from tests.ground.world import member, organisation

pytestmark = pytest.mark.django_db
State = Task.State


@action("test.ask_for_work")
def ask(deed: Deed, *, kind: str = "mail.send", owner: int | None = None) -> int:
    return int(deed.enqueue(kind, {"to": "secret@example.org"}, owner_id=owner).pk)


def _set(pk: int, **fields: Any) -> None:
    with as_system("tests"):
        Task.objects.filter(pk=pk).update(**fields)


def _row(pk: int) -> Task:
    with as_system("tests"):
        return Task.objects.get(pk=pk)


@pytest.fixture
def alpha() -> Organisation:
    return organisation("alpha", "enterprise", "甲公司")


@pytest.fixture
def anna(alpha: Organisation) -> Person:
    return member(alpha, "enterprise_admin", "anna", "安娜")


def _signed_in(person: Person) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def test_a_task_at_work_says_what_how_much_and_about_how_long(anna: Person, client: Client) -> None:
    pk = ask(by=viewer_of(anna))
    at = timezone.now() - timedelta(minutes=2)
    held = {"lease": lease.new_lease(), "lease_until": timezone.now()}
    _set(pk, state=State.RUNNING, done=1000, total=5000, message="halfway", started_at=at, **held)
    client.force_login(anna)
    html = client.get("/tasks/").content.decode()
    assert "正在做 1 项，还有 0 项在等" in html
    assert "发送邮件" in html
    assert '<progress value="1000" max="5000"' in html
    assert "1,000 / 5,000" in html
    assert "约 8 分钟" in html
    assert 'hx-trigger="every 3s"' in html
    assert "secret@example.org" not in html
    english = client.get("/en/tasks/").content.decode()
    assert "about 8 minutes" in english
    told = client.get("/api/tasks?lang=en").json()
    assert told["counts"]["running"] == 1
    (line,) = told["tasks"]
    assert (line["id"], line["title"], line["done"], line["total"]) == (pk, "Send a mail", 1000, 5000)
    assert 470 <= line["remaining_s"] <= 490
    assert "secret@example.org" not in str(told)


def test_the_time_left_follows_from_the_pace_since_something_was_done(anna: Person, client: Client) -> None:
    """What is prepared before the first of ten things is done says nothing of how long the others take."""
    pk = ask(by=viewer_of(anna))
    now = timezone.now()
    held = {"lease": lease.new_lease(), "lease_until": now, "started_at": now - timedelta(seconds=70)}
    _set(pk, state=State.RUNNING, done=2, total=10, counted_from=2, counted_at=now - timedelta(seconds=10), **held)
    client.force_login(anna)
    assert client.get("/api/tasks").json()["tasks"][0]["remaining_s"] is None, "one point gives no pace"
    _set(pk, done=6)
    assert 10 <= client.get("/api/tasks").json()["tasks"][0]["remaining_s"] <= 12


def test_nothing_is_asked_for_again_when_nothing_goes_on(anna: Person, client: Client) -> None:
    client.force_login(anna)
    html = client.get("/tasks/").content.decode()
    assert "没有要做的后台任务" in html
    assert "hx-trigger" not in html


def test_everybody_sees_their_own_tasks_and_those_of_their_organisation_and_auditors_all(
    anna: Person, alpha: Organisation
) -> None:
    colleague = member(alpha, "enterprise", "colleague")
    stranger = member(organisation("bravo", "enterprise"), "enterprise_admin", "stranger")
    auditor = member(organisation("gov", "government"), "auditor")
    own, shared = ask(by=viewer_of(anna)), ask(by=viewer_of(anna), owner=alpha.pk)
    for person, seen in ((anna, {own, shared}), (colleague, {shared}), (stranger, set()), (auditor, {own, shared})):
        told = _signed_in(person).get("/api/tasks").json()
        assert {line["id"] for line in told["tasks"]} == seen, person
    assert Client().get("/api/tasks").status_code == 401


def test_a_task_is_cancelled_and_tried_again_by_a_form_without_script(anna: Person) -> None:
    pk = ask(by=viewer_of(anna))
    browser = _signed_in(anna)
    html = browser.get("/tasks/").content.decode()
    sent = {"csrfmiddlewaretoken": token(html), "once": field(html, "once"), "task": str(pk)}
    answer = browser.post("/tasks/", {**sent, "form": "cancel"})
    assert (answer.status_code, answer["Location"]) == (302, "/tasks/")
    assert _row(pk).state == State.CANCELLED
    again = browser.post("/tasks/", {**sent, "form": "cancel"})
    assert again.status_code == 409
    html = browser.get("/tasks/").content.decode()
    assert "已取消" in html
    sent = {"csrfmiddlewaretoken": token(html), "once": field(html, "once"), "task": str(pk)}
    assert browser.post("/tasks/", {**sent, "form": "retry"}).status_code == 302
    assert _row(pk).state == State.WAITING


def test_what_has_ended_is_not_cancelled_and_the_page_says_so(anna: Person) -> None:
    pk = ask(by=viewer_of(anna))
    browser = _signed_in(anna)
    html = browser.get("/tasks/").content.decode()
    _set(pk, state=State.DONE, finished_at=timezone.now())
    sent = {"csrfmiddlewaretoken": token(html), "once": field(html, "once"), "task": str(pk), "form": "cancel"}
    answer = browser.post("/tasks/", sent)
    assert answer.status_code == 422
    assert "这项任务已经结束" in answer.content.decode()


@pytest.mark.parametrize("task", ["", "x", "999999999999999999", "-1", "1" * 30])
def test_a_task_that_is_not_there_is_refused(task: str, anna: Person) -> None:
    ask(by=viewer_of(anna))
    browser = _signed_in(anna)
    html = browser.get("/tasks/").content.decode()
    sent = {"csrfmiddlewaretoken": token(html), "once": field(html, "once"), "task": task, "form": "cancel"}
    assert browser.post("/tasks/", sent).status_code in (404, 422)


def test_what_went_wrong_is_told_in_the_language_of_whoever_reads(anna: Person, client: Client) -> None:
    pk = ask(by=viewer_of(anna))
    faults = kept([Fault("task.went_wrong", {"reason": "ValueError"}), Fault("database.full", {"file": "/data/x"})])
    assert "/data/x" not in str(faults)
    _set(pk, state=State.FAILED, attempts=5, fault=faults, finished_at=timezone.now())
    client.force_login(anna)
    assert "任务中途出错（ValueError）" in client.get("/tasks/?state=failed").content.decode()
    html = client.get("/en/tasks/").content.decode()
    assert "Something went wrong within the task (ValueError)" in html
    assert "attempt 5 of 8 at most" in html


def test_how_often_a_task_lost_its_process_is_told_apart_from_its_attempts(anna: Person, client: Client) -> None:
    pk = ask(by=viewer_of(anna))
    _set(pk, attempts=1, times_lost=3)
    client.force_login(anna)
    assert "进程中断 3 次" in client.get("/tasks/").content.decode()
    html = client.get("/en/tasks/").content.decode()
    assert "interrupted with its process and begun anew: 3 times" in html
    assert "attempt 1" not in html
    (told,) = client.get("/api/tasks").json()["tasks"]
    assert (told["attempts"], told["times_lost"]) == (1, 3)
    fault = kept([Fault("task.broke_off", {"times": 20})])
    _set(pk, state=State.FAILED, times_lost=20, fault=fault, finished_at=timezone.now())
    html = client.get("/en/tasks/?state=failed").content.decode()
    assert "ended or fell silent 20 times before it was done" in html


def test_a_kind_nobody_handles_waits_and_is_shown(anna: Person, client: Client) -> None:
    ask(by=viewer_of(anna), kind="other.work")
    client.force_login(anna)
    html = client.get("/tasks/").content.decode()
    assert "“other.work”这种任务这里没有谁会做" in html
    assert client.get("/api/tasks").json()["unhandled"] == ["other.work"]


def test_long_lists_are_shown_page_by_page_with_what_goes_on_first(anna: Person, client: Client) -> None:
    pks = [ask(by=viewer_of(anna)) for _ in range(selectors.LISTED + 5)]
    for pk in pks[1:]:
        _set(pk, state=State.DONE, finished_at=timezone.now())
    client.force_login(anna)
    first = client.get("/api/tasks").json()
    assert [line["id"] for line in first["tasks"]] == [pks[0], *reversed(pks[5:])]
    rest = client.get(f"/api/tasks?before={first['next_before']}").json()
    assert [line["id"] for line in rest["tasks"]] == list(reversed(pks[1:5]))
    assert rest["next_before"] is None
    for query in ("state=lost", "before=x", "before=-1"):
        assert client.get(f"/api/tasks?{query}").status_code == 422
        assert client.get(f"/tasks/?{query}").status_code == 422


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (1, "约 10 秒", "about 10 seconds"),
        (44, "约 40 秒", "about 40 seconds"),
        (60, "约 1 分钟", "about 1 minute"),
        (600, "约 10 分钟", "about 10 minutes"),
        (7300, "约 2 小时", "about 2 hours"),
    ],
)
def test_times_promise_no_more_than_is_known(seconds: float, zh: str, en: str) -> None:
    with translation.override("zh-hans"):
        assert selectors.about(seconds) == zh
    with translation.override("en"):
        assert selectors.about(seconds) == en


def test_somebody_reads_no_names_they_may_not_see(anna: Person, alpha: Organisation) -> None:
    ask(by=viewer_of(anna), owner=alpha.pk)
    administrator = viewer_of(member(organisation("gov", "government"), "administrator"))
    with viewing(administrator):
        (line,) = selectors.listing(administrator).lines
    assert (line.asked_by, line.owner, line.cancellable) == ("安娜", "甲公司", True)
