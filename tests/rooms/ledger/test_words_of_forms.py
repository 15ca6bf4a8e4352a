"""What forms of the ledger say in English: buttons what they do, labels one thing, lists commas."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Organisation, Person
from bridgehead.rooms.ledger.models import Decision, Evidence, Problem, Task
from tests.ledger import LedgerWorld
from tests.ledger.coordination import a_decision, a_meeting, a_problem
from tests.ledger.duties import make
from tests.ledger.figures import entered
from tests.ledger.programmes import opened
from tests.ledger.supervision import planned
from tests.rooms.ledger.test_coordination_pages import send

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


def read(client: Client, address: str) -> str:
    """Return the main part of a page in English, each run of white space as one blank."""
    page = client.get(f"/en{address}").content.decode()
    return " ".join(page.partition("<main")[2].partition("</main>")[0].split())


def buttons(page: str) -> set[str]:
    """Return what the buttons of a page say."""
    return {one.strip() for one in re.findall(r"<button[^>]*>([^<]+)</button>", page)}


def test_the_buttons_of_coordination_say_what_they_do(world: LedgerWorld, browser: Browser) -> None:
    keeper, problem = browser(world.coordinator), a_problem(world)
    here = f"/problems/{problem.pk}/"
    mender = browser(world.commerce_officer)
    assert buttons(read(keeper, "/problems/new/")) == {"Enter it"}
    assert buttons(read(keeper, "/requests/new/")) == {"Send"}
    assert "It was held" in buttons(read(keeper, f"/meetings/{a_meeting(world).pk}/"))
    decision: Decision = a_decision(world, a_meeting(world, held=True))
    assert buttons(read(keeper, f"/decisions/{decision.pk}/")) >= {"It is settled", "Drop it"}
    assert "Ask to close it" in buttons(read(mender, here))
    send(mender, here, "ask", result="换了设备")
    assert buttons(read(keeper, here)) >= {"Confirm and close", "Return it"}
    send(keeper, here, "confirm", verdict="confirmed", note="")
    assert Problem.objects.get(pk=problem.pk).state == Problem.State.CLOSED
    assert "Open it again" in buttons(read(keeper, here))


def test_a_problem_is_found_by_a_meeting_not_by_meetings(world: LedgerWorld, browser: Browser) -> None:
    assert '<option value="meeting">meeting</option>' in read(browser(world.coordinator), "/problems/new/")


def test_a_circular_to_draft_names_its_office_in_the_language_of_the_page(world: LedgerWorld, browser: Browser) -> None:
    with as_system("tests"):
        Organisation.objects.filter(pk=world.office.pk).update(name_en="Office of the bridgehead")
    page = read(browser(world.coordinator), "/circulars/")
    assert "Office of the bridgehead" in page
    assert "协调机构" not in page


def test_a_period_is_closed_by_a_button_that_says_so_and_named_on_one_line(
    world: LedgerWorld, browser: Browser
) -> None:
    keeper = browser(world.coordinator)
    send(keeper, "/ledger/periods/", "close", organisation=world.office.pk, period="2023", note="")
    page = read(keeper, "/ledger/periods/")
    assert buttons(page) == {"Close", "Open again"}
    assert "<textarea" not in page


def test_the_form_of_a_task_asks_for_one(world: LedgerWorld, browser: Browser) -> None:
    keeper, task = browser(world.coordinator), make(world)
    assert isinstance(task, Task)
    for address in ("/ledger/tasks/new/", f"/ledger/tasks/{task.pk}/"):
        assert re.search(r"<label [^>]*-title\"[^>]*>Task</label>", read(keeper, address)), address


def test_evidence_tells_who_handed_it_in(world: LedgerWorld, browser: Browser) -> None:
    make(world)
    with as_system("tests"):
        row = Evidence.objects.exclude(handed_in_at=None).first()
    assert row is not None
    page = read(browser(world.coordinator), f"/ledger/evidence/{row.pk}/")
    assert "<dt>Handed in</dt>" in page
    assert "<dt>Hand in</dt>" not in page


def test_the_sentences_on_a_body_stand_apart(world: LedgerWorld, browser: Browser) -> None:
    make(world)
    Evidence.objects.filter(task__office=world.commerce).update(state=Evidence.State.RETURNED)
    page = read(browser(world.coordinator), f"/ledger/bodies/{world.commerce.code}/")
    assert re.search(r"\.\s\d+ pieces? of evidence w", page.replace("&#32;", " ")), page[:900]


def test_the_panel_of_an_organisation_counts_one_task_as_one(world: LedgerWorld, browser: Browser) -> None:
    make(world)
    page = read(browser(world.commerce_officer), f"/organisations/{world.commerce.code}/")
    assert "owes 1 task, answers for " in page
    zh = browser(world.commerce_officer).get(f"/organisations/{world.commerce.code}/").content.decode()
    assert re.search(r"欠 1 项任务，负责 \d+ 项职责", zh)


def test_a_figure_is_let_count_by_a_button_that_says_so(world: LedgerWorld, browser: Browser) -> None:
    entered(world)
    figure = entered(world, value="1200", source="另一份报表")
    assert "Let it count" in buttons(read(browser(world.coordinator), f"/figures/{figure.pk}/"))


def test_the_hint_on_what_proves_a_stage_stands_at_no_other_field(world: LedgerWorld, browser: Browser) -> None:
    page = read(browser(world.commerce_officer), f"/programmes/{opened(world).pk}/")
    assert "Propose the next stage" in page
    assert page.count("Which paper, by whom, of which day") == 1


def test_a_sample_is_chosen_by_a_button_that_says_so(world: LedgerWorld, browser: Browser) -> None:
    inspection = planned(world, today())
    assert "Choose" in buttons(read(browser(world.congress_clerk), f"/inspections/{inspection.pk}/"))


def test_what_can_be_chosen_is_listed_in_the_language_of_the_page(world: LedgerWorld, browser: Browser) -> None:
    client = browser(world.coordinator)
    assert "port-function, port-city-hinterland" in read(client, "/programmes/kinds/dream/")
    assert "port-function、port-city-hinterland" in client.get("/programmes/kinds/dream/").content.decode()
