"""The demonstration of the ledger: a believable one, marked, the same twice, and gone when it is wiped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bridgehead.ground.access.grants import today, viewer_of
from bridgehead.ground.access.viewer import Viewer, as_system, system
from bridgehead.ground.demonstration.registry import Stage, fill, wipe
from bridgehead.ground.models import JournalEntry, Organisation, Person
from bridgehead.ground.people.memberships import enrol
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger import demonstration
from bridgehead.rooms.ledger.actions.demonstration import remove_demonstration
from bridgehead.rooms.ledger.actions.tasks import give_task
from bridgehead.rooms.ledger.models import ClosedPeriod, Duty, Escalation, Evidence, Responsibility, Task
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.selectors.board import Filters, board

pytestmark = pytest.mark.django_db
BY = system("tests")


@pytest.fixture(autouse=True)
def _reading_all() -> Iterator[None]:
    with as_system("tests"):
        yield


def counted() -> dict[str, int]:
    models = (Organisation, Person, Task, Evidence, Escalation, Responsibility, Duty, ClosedPeriod)
    return {model.__name__: model._default_manager.count() for model in models}


def other_subjects(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Register parts of other subjects, and return what they note down."""
    noted: list[str] = []
    monkeypatch.setattr(demonstration, "_parts", [])

    def later(stage: Stage, world: demonstration.World) -> None:
        noted.append(f"later {world.office.code} {len(world.tasks)}")

    def earlier(stage: Stage, world: demonstration.World) -> None:
        noted.append("earlier")

    demonstration.add(20, later, lambda stage: noted.append("taken away"))
    demonstration.add(10, earlier)
    demonstration.add(10, earlier)
    return noted


def test_it_tells_every_story_and_goes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    region, before = current().region, counted()
    told = other_subjects(monkeypatch)
    fill(region)
    assert told == ["earlier", f"later nm-coord {len(demonstration.TASKS)}"]
    tasks = Task.objects.all()
    assert tasks.count() == len(demonstration.TASKS)
    assert all("（示意）" in one.title for one in tasks)
    seen = board(BY, Filters(today()))
    assert seen.late >= 3
    assert any(one.due_on == calendar().on_or_after(today()) for one in seen.tasks)
    assert {one.state for one in Evidence.objects.all()} == {"accepted", "returned", "handed_in", "draft"}
    for one in Evidence.objects.filter(state="accepted"):
        assert one.decided_by is not None
        assert one.decided_by not in one.authors
    done = tasks.filter(done_on__isnull=False)
    assert {one.done_on > one.due_on for one in done if one.done_on} == {True, False}, "in time and late"
    assert Task.objects.get(matter="demonstration:smart").share not in (0, 1)
    assert Escalation.objects.exists()
    assert ClosedPeriod.objects.count() == 1
    filled, entries = counted(), JournalEntry.objects.count()
    told.clear()
    again = fill(region)
    assert not again.made
    assert (counted(), JournalEntry.objects.count()) == (filled, entries)
    assert wipe(region).made["closed"] == 0
    assert counted() == before
    assert told[-1] == "taken away"
    assert not wipe(region).made["removed"]


def test_a_task_that_real_work_rests_on_is_ended() -> None:
    region = current().region
    fill(region)
    office = Organisation.objects.get(code="nm-coord")
    with pytest.raises(BridgeheadError, match=r"action.not_allowed"):
        remove_demonstration(by=enrolled(office))
    above = Task.objects.get(matter="demonstration:yard")
    Evidence.objects.filter(task__matter="demonstration:talks").update(authors=[Person.objects.get(demo=False).pk])
    days = {"given_on": above.given_on, "due_on": above.due_on}
    real = give_task(by=BY, owner=office.pk, lead=office.pk, title="真任务", parent=above.pk, **days)
    played = viewer_of(Person.objects.get(login="demo-coordination"))
    give_task(by=played, owner=office.pk, lead=office.pk, title="试着布置的任务", parent=real.pk, **days)
    wipe(region)
    left = {one.matter: one.state for one in Task.objects.all()}
    assert left == {"demonstration:talks": "ended", "demonstration:yard": "ended", "": "open"}


def enrolled(office: Organisation) -> Viewer:
    """Return somebody real who keeps the ledger."""
    return viewer_of(enrol(by=BY, organisation=office.pk, login="real-one", name="真人", role="coordination").person)
