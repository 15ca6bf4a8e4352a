"""The ladder of escalation in time: each rung waits for the one before, names its addressee, and has its paper."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from bridgehead.ground.access.grants import today
from bridgehead.ground.models import Person
from bridgehead.ground.people.memberships import appoint
from bridgehead.kernel.errors import BridgeheadError, sentence
from bridgehead.rooms.ledger.actions.escalation import take_rung
from bridgehead.rooms.ledger.actions.tasks import give_task
from bridgehead.rooms.ledger.models import Escalation, Task
from bridgehead.rooms.ledger.region import calendar, ladder_of
from tests.ground.world import BEGAN, BY, organisation
from tests.ledger import LedgerWorld, seen_as
from tests.rooms.ledger.test_duty_pages import fields_of

DAY = timedelta(days=1)
Browser = Callable[[Person], Client]
WHY = "中央督查组已经点名"


def late_task(world: LedgerWorld, title: str = "开通新的查验场地") -> Task:
    return give_task(
        by=seen_as(world.coordinator),
        owner=world.office.pk,
        lead=world.commerce.pk,
        title=title,
        what="建成并通过验收。",
        article=14,
        given_on=today() - 300 * DAY,
        due_on=today() - 200 * DAY,
    )


def head(world: LedgerWorld) -> Person:
    """Return the coordinator, who by now is the head of the coordination office as well."""
    appoint(by=BY, person=world.coordinator.pk, organisation=world.office.pk, role="head", starts_on=BEGAN)
    return Person.objects.get(pk=world.coordinator.pk)


def refused(person: Person, task: Task, rung: str, **told: Any) -> dict[str, dict[str, object]]:
    with pytest.raises(BridgeheadError) as found:
        take_rung(by=seen_as(person), task=task.pk, rung=rung, **told)
    return {one.code: dict(one.parameters) for one in found.value.faults}


def to_the_hand_over(person: Person, task: Task) -> None:
    take_rung(by=seen_as(person), task=task.pk, rung="circular", note="请说明原因")
    for rung in ("supervise", "interview"):
        take_rung(by=seen_as(person), task=task.pk, rung=rung, early_why=WHY)


@pytest.mark.article(85)
def test_a_rung_waits_until_the_term_of_the_one_before_has_run(
    world: LedgerWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, now = late_task(world), timezone.now()
    take_rung(by=seen_as(world.coordinator), task=task.pk, rung="circular")
    opens = calendar().add(today(), 5)
    told = {"rung": "督办", "on": str(opens), "days": 5}
    assert refused(world.coordinator, task, "supervise") == {"ledger.rung_too_early": told}
    monkeypatch.setattr(timezone, "now", lambda: now + (opens - timezone.localdate(now) - DAY))
    assert set(refused(world.coordinator, task, "supervise")) == {"ledger.rung_too_early"}
    monkeypatch.setattr(timezone, "now", lambda: now + (opens - timezone.localdate(now)))
    taken = take_rung(by=seen_as(world.coordinator), task=task.pk, rung="supervise", early_why="多余的话")
    assert taken.early_why == "", "nothing was early"


def test_only_the_head_takes_a_rung_earlier_and_says_why(world: LedgerWorld, browser: Browser) -> None:
    task = late_task(world)
    take_rung(by=seen_as(world.coordinator), task=task.pk, rung="circular")
    assert set(refused(world.coordinator, task, "supervise", early_why=WHY)) == {"ledger.rung_not_hastened"}
    here = f"/ledger/tasks/{task.pk}/"
    page = browser(world.coordinator).get(here).content.decode()
    assert "起可以用“督办”" in page
    assert 'value="rung"' not in page
    boss = head(world)
    client = browser(boss)
    page = client.get(here).content.decode()
    given = {**fields_of(page, "rung"), "note": "十日内办结"}
    assert client.post(here, given).status_code == 422
    assert client.post(here, {**given, "early_why": WHY}).status_code == 302
    row = Escalation.objects.get(task=task, rung="supervise")
    assert (row.early_why, row.note) == (WHY, "十日内办结")
    assert f"提前采取：{WHY}" in client.get(here).content.decode()


def test_a_hand_over_names_a_discipline_body(world: LedgerWorld, browser: Browser) -> None:
    boss, task = head(world), late_task(world)
    to_the_hand_over(boss, task)
    early = {"early_why": WHY}
    assert set(refused(boss, task, "hand-over", **early)) == {"form.missing"}
    assert set(refused(boss, task, "hand-over", to=world.commerce.pk, **early)) == {"ledger.no_discipline_body"}
    client, here = browser(boss), f"/ledger/tasks/{task.pk}/"
    page = client.get(here).content.decode()
    assert 'name="to_text"' in page, "the register has none: it is named in words"
    body = organisation("discipline", "discipline", "纪检监察组")
    page = client.get(here).content.decode()
    assert 'name="to_text"' not in page
    assert "纪检监察组" in page
    assert set(refused(boss, task, "hand-over", to_text="别的纪委", **early)) == {"ledger.discipline_body_known"}
    told = {**fields_of(page, "rung"), "to": body.pk, "early_why": WHY}
    assert client.post(here, told).status_code == 302
    row = Escalation.objects.get(task=task, rung="hand-over")
    assert (row.to, row.addressee) == (body, "纪检监察组")
    other = late_task(world, "修连接线")
    body.closed_on = today()
    body.save()
    to_the_hand_over(boss, other)
    row = take_rung(by=seen_as(boss), task=other.pk, rung="hand-over", to_text="驻厅纪检组", **early)
    assert (row.to, row.addressee) == (None, "驻厅纪检组")


def test_papers_of_a_rung_are_numbered_by_kind_and_year(world: LedgerWorld) -> None:
    by = seen_as(head(world))
    one, two = late_task(world), late_task(world, "修连接线")
    numbers = [take_rung(by=by, task=task.pk, rung="circular").number for task in (one, two)]
    assert numbers == [1, 2]
    row = take_rung(by=by, task=two.pk, rung="supervise", early_why=WHY)
    assert (row.number, row.year) == (1, today().year)


@pytest.mark.article(85)
def test_every_rung_has_its_paper(world: LedgerWorld, browser: Browser) -> None:
    boss, task = head(world), late_task(world)
    by = seen_as(boss)
    take_rung(by=by, task=task.pk, rung="prompt")
    for rung in ("circular", "supervise", "interview"):
        take_rung(by=by, task=task.pk, rung=rung, note=f"请说明{rung}", early_why=WHY)
    take_rung(by=by, task=task.pk, rung="hand-over", to_text="驻厅纪检组", early_why=WHY)
    client, names = browser(boss), {}
    for row in Escalation.objects.filter(task=task).order_by("pk"):
        answer = client.get(f"/ledger/tasks/{task.pk}/escalations/{row.pk}.docx")
        assert answer.status_code == 200
        names[row.rung] = words(answer)
    kinds = {
        "prompt": "提醒函",
        "circular": "通报",
        "supervise": "督办通知",
        "interview": "约谈通知",
        "hand-over": "移送函",
    }
    for rung, kind in kinds.items():
        said = names[rung]
        assert f"{kind}〔{today().year}〕1 号" in said
        assert f"关于“开通新的查验场地”的{kind}" in said
        assert "主送：商务厅" in said or (rung == "hand-over" and "主送：驻厅纪检组" in said)
        assert "建成并通过验收。" in said
        assert "过期" in said
    assert "请说明supervise" in names["supervise"]
    assert "请说明circular" in names["supervise"], "what was done before stands in it"
    assert WHY in names["supervise"]
    assert "移送" not in names["supervise"], "it says what was known on its day"
    english = words(client.get(f"/ledger/tasks/{task.pk}/escalations/{row.pk}.docx?lang=en"))
    assert f"Letter of hand-over no. 1 of {today().year}" in english
    assert f"\nTask\n{task.title}\n" in english, "the paper is about one task"
    assert browser(world.transport_officer).get(f"/ledger/tasks/{task.pk}/escalations/{row.pk}.docx").status_code == 404
    other = late_task(world, "别的任务")
    assert client.get(f"/ledger/tasks/{other.pk}/escalations/{row.pk}.docx").status_code == 404


def words(answer: Any) -> str:
    paper = docx.Document(io.BytesIO(answer.content))
    cells = [cell.text for table in paper.tables for line in table.rows for cell in line.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def test_the_ladder_of_the_region_says_how_long_each_rung_waits() -> None:
    ladder = ladder_of(today())
    assert ladder is not None
    gaps = [then.after_wd - one.after_wd for one, then in zip(ladder.rungs, ladder.rungs[1:], strict=False)]
    assert [one.wait_wd for one in ladder.rungs] == [0, 3, 5, 10, 20]
    assert all(one.wait_wd <= gap for one, gap in zip(ladder.rungs[1:], gaps, strict=True)), (
        "rungs that are taken on the days they are reached never wait"
    )


@pytest.mark.parametrize(("prefix", "said"), [("", "“通报”已经用过"), ("/en", "“Circular” was taken already")])
def test_a_page_that_was_open_while_somebody_else_took_the_rung_says_so(
    world: LedgerWorld, browser: Browser, prefix: str, said: str
) -> None:
    task = late_task(world)
    client, page = browser(head(world)), f"{prefix}/ledger/tasks/{task.pk}/"
    stale = fields_of(client.get(page).content.decode(), "rung")
    assert stale["rung"] == "circular"
    take_rung(by=seen_as(world.second_coordinator), task=task.pk, rung="circular")
    answer = client.post(page, {**stale, "note": "请说明原因"})
    assert answer.status_code == 422
    assert said in answer.content.decode()


@pytest.mark.parametrize(
    ("tongue", "known"),
    [("zh-hans", "提醒、通报、督办、约谈"), ("en", "Prompt, Circular, Supervision order")],
)
def test_a_rung_there_is_not_is_refused_with_the_names_of_those_there_are(
    world: LedgerWorld, tongue: str, known: str
) -> None:
    task = late_task(world)
    with override(tongue), pytest.raises(BridgeheadError) as found:
        take_rung(by=seen_as(world.coordinator), task=task.pk, rung="shout")
    assert known in sentence(found.value.faults[0], tongue).cure
