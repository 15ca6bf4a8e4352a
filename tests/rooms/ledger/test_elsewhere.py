"""The ledger outside its own pages: the doctor, search, the panel on the page of an organisation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import ANONYMOUS, as_system, viewing
from bridgehead.ground.models import Organisation, Person
from bridgehead.ground.region import current
from bridgehead.ground.search.find import find
from bridgehead.rooms.ledger import checks
from bridgehead.rooms.ledger.models import FOREVER, Evidence, Spell, Task
from bridgehead.rooms.ledger.panels import owed_by_organisation
from bridgehead.rooms.ledger.selectors.findings import as_problem, findings_unlisted, problem_of
from bridgehead.rooms.ledger.selectors.morning import morning
from bridgehead.rooms.ledger.spells import mend
from tests.ledger import LedgerWorld, duties, seen_as
from tests.ledger.supervision import make as make_supervision
from tests.site.forms import Forms


@pytest.fixture
def late(world: LedgerWorld) -> Task:
    with as_system("tests"):
        return duties.make(world)


DAMAGES: Mapping[str, Callable[[Task], object]] = {
    "share": lambda task: Task.objects.filter(pk=task.pk).update(share="0.9"),
    "end": lambda task: Task.objects.filter(pk=task.pk).update(done_on=today()),
    "no spell": lambda task: Spell.objects.filter(task=task).order_by("-from_on")[0].delete(),
    "due day": lambda task: Spell.objects.filter(task=task, until_on=FOREVER).update(due_on=today()),
    "owed": lambda task: Spell.objects.filter(task=task, until_on=FOREVER).update(owed=False),
    "evidence": lambda task: Evidence.objects.filter(task=task, state="accepted").update(accepted_on=None),
}


def test_the_doctor_finds_a_task_that_does_not_stand_as_its_evidence_says(late: Task) -> None:
    with as_system("tests"):
        assert checks.tasks_stand_as_their_evidence_says(full=False).severity == "ok"
        for name, damage in DAMAGES.items():
            damage(late)
            found = checks.tasks_stand_as_their_evidence_says(full=True)
            assert found.severity == "error", name
            assert str(late.pk) in found.en
            mend([late.pk], today())
            assert checks.tasks_stand_as_their_evidence_says(full=False).severity == "ok", name


def test_the_doctor_counts_closed_leads_and_evidence_that_waits(late: Task) -> None:
    with as_system("tests"):
        assert checks.leads_are_open(full=False).severity == "ok"
        assert checks.evidence_is_decided_in_time(full=False).severity == "ok"
        Organisation.objects.filter(pk=late.office_id).update(closed_on=today())
        waiting = Evidence.objects.filter(state="handed_in")
        waiting.update(handed_in_at=timezone.now() - timedelta(days=40))
        assert "1 open tasks" in checks.leads_are_open(full=False).en
        assert "1 pieces" in checks.evidence_is_decided_in_time(full=False).en


def test_search_finds_tasks_evidence_and_duties_for_who_may_see_them(world: LedgerWorld, late: Task) -> None:
    def kinds(person: Person | None, words: str) -> set[str]:
        viewer = seen_as(person) if person else ANONYMOUS
        with viewing(viewer):
            return {group.kind.kind for group in find(current(), viewer, words).groups if group.found}

    assert "ledger_task" in kinds(world.coordinator, "查验场地")
    assert "ledger_task" in kinds(world.coordinator, f"{late.title} 商务厅"), "by who leads it"
    assert "ledger_task" in kinds(world.commerce_officer, "查验场地")
    assert "evidence" in kinds(world.coordinator, "已经开工")
    with as_system("tests"):
        duty = late.duty
    assert duty is not None
    assert "ledger_duty" in kinds(world.coordinator, duty.what[:8])
    for stranger in (world.transport_officer, None):
        assert not kinds(stranger, "开通新的查验场地") & {"ledger_task", "evidence", "ledger_duty"}, stranger


def test_the_page_of_an_organisation_says_what_it_owes(
    world: LedgerWorld, late: Task, seen_by: Any, browser: Callable[[Person], Client]
) -> None:
    def panel(person: Person, code: str) -> Any:
        return seen_by(person, lambda _viewer: owed_by_organisation(code))

    assert panel(world.coordinator, "commerce") == {"code": "commerce", "duties": 1, "owed": 1, "late": 1}
    assert panel(world.coordinator, "congress") is None
    assert panel(world.transport_officer, "commerce") is None, "who sees nothing of it is told nothing"
    with viewing(ANONYMOUS):
        assert owed_by_organisation("commerce") is None, "nobody in particular"
    page = browser(world.coordinator).get("/organisations/commerce/")
    assert "/ledger/bodies/commerce/" in page.content.decode()
    own = browser(world.coordinator).get("/ledger/bodies/commerce/")
    assert "欠 1 项任务，负责 1 项职责" not in own.content.decode(), "its own page says it at length"


@pytest.mark.article(79, 83)
def test_a_fault_of_an_inspection_becomes_a_problem_of_the_list(
    world: LedgerWorld, seen_by: Any, browser: Callable[[Person], Client]
) -> None:
    make_supervision(world)
    [fault] = seen_by(world.coordinator, findings_unlisted)
    assert seen_by(world.transport_officer, findings_unlisted) == []
    waiting = [one.why for one in seen_by(world.coordinator, morning).matters]
    assert "检查发现的 1 个问题没有列入" in waiting
    client = browser(world.coordinator)
    assert fault.text[:20] in client.get("/problems/").content.decode()
    page = client.get(f"/problems/new/?finding={fault.id}").content.decode()
    form = next(one for one in Forms(page).found if one.get("form") == ["enter"] or one.get("form") == "enter")
    told = {name: value for name, value in form.items() if name != "csrfmiddlewaretoken"}
    assert (told["finding"], told["due_on"]) == (fault.matter, fault.due_on.isoformat())
    values = seen_by(world.coordinator, as_problem, fault.id)
    answer = client.post("/problems/new/", {**told, **values, "organisation": world.office.pk})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert seen_by(world.coordinator, findings_unlisted) == []
    problem = seen_by(world.coordinator, problem_of, fault.id)
    assert f"/problems/{problem.pk}/" in client.get(f"/inspections/findings/{fault.id}/").content.decode()
    assert f"/inspections/findings/{fault.id}/" in client.get(f"/problems/{problem.pk}/").content.decode()
