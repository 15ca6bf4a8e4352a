"""The dossier of a year that is over: what the ledger said at its end, whatever has become of it since."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from bridgehead.ground.access.grants import today
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.journal import clock
from bridgehead.rooms.ledger.actions import duties as duty_actions
from bridgehead.rooms.ledger.actions.decisions import DecisionTold, edit_decision, give_decision, settle_decision
from bridgehead.rooms.ledger.actions.duties import look_again, set_responsibility, take_over
from bridgehead.rooms.ledger.actions.evidence import Told, accept_evidence, draft_evidence, return_evidence
from bridgehead.rooms.ledger.actions.problems import ProblemTold, ask_to_close, close_problem, edit_problem
from bridgehead.rooms.ledger.actions.programmes import change_programme
from bridgehead.rooms.ledger.actions.tasks import change_task, give_task
from bridgehead.rooms.ledger.dossier import Line, Section
from bridgehead.rooms.ledger.selectors.dossier_index import index_of
from bridgehead.rooms.ledger.selectors.dossiers import Dossier, dossier_of, when
from bridgehead.rooms.statute.public import HeldDuty
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.coordination import DAY, a_decision, a_problem
from tests.ledger.programmes import opened, said
from tests.rooms.ledger.test_duty_places import held

pytestmark = [pytest.mark.django_db, pytest.mark.article(6)]
ARTICLE = 14
Later = Callable[[], None]


@pytest.fixture
def a_year_later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Later]:
    """Return what turns the clock to a year from now, so that what was done before is of the year before."""
    real = timezone.now

    def turn() -> None:
        monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=366))

    clock.forget()
    yield turn
    clock.forget()


def section(found: Dossier, key: str) -> Section:
    return next(one for one in found.sections if one.key == key)


def told(lines: Any) -> list[tuple[str, ...]]:
    return [one.cells for one in lines]


def in_article(article: int, what: str) -> HeldDuty:
    return replace(held(article, what), modality="must")


def texts(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """Let the regulation have duties with some words in the article."""
    rows = [in_article(ARTICLE, what) for what in words]
    monkeypatch.setattr(duty_actions, "held_duties", lambda by, work=None: rows)


@pytest.mark.article(79)
def test_duties_that_are_gone_or_say_something_else_by_now_are_those_of_the_year(
    world: LedgerWorld, seen_by: Callable[..., Any], a_year_later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, year = seen_as(world.coordinator), today().year
    texts(monkeypatch, "设立查验场地")
    take_over(by=by, owner=world.office.pk, work=1)
    (duty,) = (one for one in duty_actions.Duty.objects.all())
    set_responsibility(by=by, duty=duty.pk, organisation=world.commerce.pk, part="lead")
    give_task(by=by, owner=world.office.pk, lead=world.commerce.pk, title="选址", duty=duty.pk, due_on=today() + DAY)
    a_year_later()
    texts(monkeypatch, "公布通关时间和收费")
    look_again(by=by, owner=world.office.pk, work=1)
    found = seen_by(world.coordinator, dossier_of, ARTICLE, when(str(year)))
    assert [(one[0], one[3]) for one in told(section(found, "duties").lines)] == [("设立查验场地", "商务厅")]
    assert (found.numbers.duties, found.numbers.tasked) == (1, 1)
    assert found.says.startswith("第 14 条：1 项职责，都有任务")
    assert section(found, "duties").gap == ""
    now = seen_by(world.coordinator, dossier_of, ARTICLE, when())
    assert told(section(now, "duties").before) == told(section(found, "duties").lines)
    assert section(now, "duties").lines == []
    listed = seen_by(world.coordinator, index_of, when(str(year)))
    assert next(one for one in listed.rows if one.article == ARTICLE).numbers == found.numbers


def test_a_duty_that_moved_stands_in_the_article_it_stood_in(
    world: LedgerWorld, seen_by: Callable[..., Any], a_year_later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, year = seen_as(world.coordinator), today().year
    texts(monkeypatch, "设立查验场地")
    take_over(by=by, owner=world.office.pk, work=1)
    a_year_later()
    monkeypatch.setattr(duty_actions, "held_duties", lambda by, work=None: [in_article(ARTICLE + 1, "设立查验场地")])
    assert look_again(by=by, owner=world.office.pk, work=1).moved == 1

    def duties(article: int, *of: str) -> int:
        found = seen_by(world.coordinator, dossier_of, article, when(*of))
        assert found.numbers.duties == len(section(found, "duties").lines)
        return found.numbers.duties

    assert (duties(ARTICLE, str(year)), duties(ARTICLE + 1, str(year))) == (1, 0)
    assert (duties(ARTICLE), duties(ARTICLE + 1)) == (0, 1)


def test_problems_and_decisions_say_what_they_said_at_the_end_of_the_year(
    world: LedgerWorld, seen_by: Callable[..., Any], a_year_later: Later
) -> None:
    by, year = seen_as(world.coordinator), today().year
    problem, other = a_problem(world), a_problem(world, title="标识不清")
    decision, kept = a_decision(world), a_decision(world, text="公布收费清单")
    dropped = a_decision(world, text="增开窗口")
    settle_decision(by=by, decision=dropped.pk, version=dropped.version, note="已增开")
    kept = give_decision(by=by, decision=kept.pk, version=kept.version)
    before = seen_by(world.coordinator, dossier_of, ARTICLE, when())
    a_year_later()
    about = ProblemTold(title="设备已经换新", due_on=today() + 30 * DAY, articles=(ARTICLE,))
    problem = edit_problem(by=by, problem=problem.pk, version=problem.version, told=about, note="设备晚到")
    other = ask_to_close(by=seen_as(world.commerce_officer), problem=other.pk, version=other.version, result="已换")
    close_problem(by=by, problem=other.pk, version=other.version)
    new = DecisionTold(text="改在下一年开通", office=world.transport.pk, due_on=today() + 9 * DAY, articles=(ARTICLE,))
    edit_decision(by=by, decision=decision.pk, version=decision.version, told=new, reason="推迟")
    task = kept.task
    assert task is not None
    evidence = draft_evidence(
        by=seen_as(world.commerce_officer),
        task=task.pk,
        organisation=world.commerce.pk,
        told=Told("已经公布", "商务厅", today(), completes=True),
        file=receive("清单".encode(), "list.txt"),
        hand_in=True,
    )
    accept_evidence(by=by, evidence=evidence.pk, version=evidence.version)
    now = seen_by(world.coordinator, dossier_of, ARTICLE, when())
    then = seen_by(world.coordinator, dossier_of, ARTICLE, when(str(year)))
    for key in ("problems", "decisions"):
        words = [one[:4] for one in told(section(before, key).lines)]
        assert words
        assert [one[:4] for one in told(section(then, key).lines)] == words
        assert [one[:4] for one in told(section(now, key).before)] == words
    assert {one[0]: one[3] for one in told(section(then, "decisions").lines)} == {
        "年内开通新的查验场地": "待布置",
        "公布收费清单": "0%",
        "增开窗口": "已了结",
    }
    assert [(one.cells[0], one.cells[3]) for one in section(now, "problems").lines] == [
        ("标识不清", "已销号"),
        ("设备已经换新", "待整改"),
    ]


def test_programmes_stand_where_they_stood_at_the_end_of_the_year(
    world: LedgerWorld, seen_by: Callable[..., Any], a_year_later: Later
) -> None:
    year = today().year
    record = opened(world, articles=(ARTICLE,))
    before = seen_by(world.coordinator, dossier_of, ARTICLE, when())
    a_year_later()
    by = seen_as(world.commerce_officer)
    new = said(record.kind, name_zh="改了名的洽谈会", next_step="结算", articles=(ARTICLE,))
    change_programme(by=by, programme=record.pk, version=record.version, said=new)
    opened(world, articles=(ARTICLE,), name_zh="今年才有的", code="later")
    then = seen_by(world.coordinator, dossier_of, ARTICLE, when(str(year)))
    now = seen_by(world.coordinator, dossier_of, ARTICLE, when())
    assert told(section(then, "programmes").lines) == told(section(before, "programmes").lines)
    assert told(section(now, "programmes").before) == told(section(before, "programmes").lines)
    assert [one.cells[0] for one in section(now, "programmes").lines] == ["改了名的洽谈会", "今年才有的"]


def test_tasks_and_evidence_that_waits_are_called_as_they_were(
    world: LedgerWorld, seen_by: Callable[..., Any], a_year_later: Later
) -> None:
    by, year = seen_as(world.coordinator), today().year
    due = today() + 400 * DAY
    kept = {"owner": world.office.pk, "lead": world.commerce.pk, "article": ARTICLE, "due_on": due}
    task = give_task(by=by, title="选址", **kept)
    about = Told("选址报告", "商务厅", today(), completes=True)
    handed = {"task": task.pk, "organisation": world.commerce.pk, "told": about, "hand_in": True}
    officer = seen_as(world.commerce_officer)
    given = draft_evidence(by=officer, file=receive(b"report", "report.txt"), **handed)
    a_year_later()
    change_task(by=by, task=task.pk, version=task.version, title="建设", lead=world.commerce.pk, due_on=due)
    return_evidence(by=by, evidence=given.pk, version=given.version, reason="缺盖章页")
    draft_evidence(by=officer, file=receive(b"again", "again.txt"), **handed)
    then = seen_by(world.coordinator, dossier_of, ARTICLE, when(str(year)))
    assert [one.cells[0] for one in section(then, "tasks").lines] == ["选址"]
    assert section(then, "evidence").gap == f"{year} 年没有已认可的证据，1 份等人核对"
    now = seen_by(world.coordinator, dossier_of, ARTICLE, when())
    assert ([one.cells[0] for one in section(now, "tasks").lines], now.sections[1].before[0].cells[0]) == (
        ["建设"],
        "选址",
    )


def test_lines_of_the_year_before_that_are_not_given_are_counted(
    world: LedgerWorld, seen_by: Callable[..., Any], a_year_later: Later
) -> None:
    for at in range(3):
        a_problem(world, title=f"问题 {at}")
        a_decision(world, text=f"决定 {at}")
        opened(world, articles=(ARTICLE,), code=f"p-{at}")
    a_year_later()
    found = seen_by(world.coordinator, dossier_of, ARTICLE, when(), 1)
    for key in ("problems", "decisions", "programmes"):
        one = section(found, key)
        assert (key, len(one.before), one.more_before) == (key, 1, 2)
        assert isinstance(one.before[0], Line)
