"""What was begun and not handed in is its organisation's alone; what an asker wrote is for who takes it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bridgehead.ground.access.grants import today
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.models import Person
from bridgehead.rooms.ledger.actions.evidence import Told, draft_evidence, revise_evidence, withdraw_evidence
from bridgehead.rooms.ledger.actions.tasks import give_task
from bridgehead.rooms.ledger.models import Evidence
from bridgehead.rooms.ledger.selectors.publication_questions import question_page
from tests.ground.world import member, organisation
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.coordination import DAY
from tests.ledger.publication import asked

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]
CLAIM = "场地还差围栏，先报完成"


@pytest.fixture
def auditor(world: LedgerWorld) -> Person:
    """Return an auditor, who sees all records of the ledger."""
    return member(organisation("audit", "department", "审计厅"), "auditor", "auditor", "冯审计")


@pytest.fixture
def draft(world: LedgerWorld) -> Evidence:
    """Return evidence commerce has begun, with a file."""
    task = give_task(
        by=seen_as(world.coordinator),
        owner=world.office.pk,
        lead=world.commerce.pk,
        title="建围栏",
        article=14,
        due_on=today() + 30 * DAY,
        joint=[world.transport.pk],
    )
    return draft_evidence(
        by=seen_as(world.commerce_officer),
        task=task.pk,
        organisation=world.commerce.pk,
        told=Told(CLAIM, "商务厅", today()),
        file=receive(b"fence", "fence.txt"),
    )


def sees(client: Client, evidence: Evidence) -> list[bool]:
    """Tell where somebody sees evidence: its page and file, the page and data of its task, the list of files."""
    task = [evidence.task_id]
    alone = (
        reverse("ledger:evidence", args=[evidence.pk]),
        reverse("files:ledger-evidence", args=[evidence.pk]),
        f"/files/{evidence.file_id}",
    )
    lists = (reverse("ledger:task", args=task), f"/api/ledger/tasks/{evidence.task_id}")
    told = [client.get(one).status_code == 200 for one in alone]
    told += [CLAIM in client.get(one).content.decode() for one in lists]
    return [*told, "fence.txt" in client.get(reverse("ground:files")).content.decode()]


def files_found(client: Client) -> bool:
    """Tell whether somebody finds the file of the draft, on the page of the search and in its data."""
    page, data = (client.get(one, {"q": "fence.txt"}).content.decode() for one in ("/search/", "/api/search"))
    listed, given = "/files/?before=" in page, '"kind": "file", "id"' in data
    assert listed == given, (page, data)
    return listed


@pytest.mark.article(79)
def test_a_draft_is_its_organisations_alone_until_it_is_handed_in(
    world: LedgerWorld, browser: Browser, auditor: Person, draft: Evidence
) -> None:
    others = (world.coordinator, world.deputy, auditor, world.transport_officer)
    for person in (world.commerce_officer, world.commerce_head):
        assert all(sees(browser(person), draft)), person
    for person in others:
        assert not any(sees(browser(person), draft)), person
        found = browser(person).get("/search/", {"q": "还差围栏"}).content.decode()
        assert CLAIM not in found, person
        assert not files_found(browser(person)), person
    assert files_found(browser(world.commerce_officer))
    told = Told(CLAIM, "商务厅", today())
    officer = seen_as(world.commerce_officer)
    revise_evidence(by=officer, evidence=draft.pk, version=draft.version, told=told, hand_in=True)
    for person in (world.coordinator, world.deputy, auditor):
        assert all(sees(browser(person), draft)), person
        assert files_found(browser(person)), person


def test_the_journal_tells_others_nothing_of_a_draft(
    world: LedgerWorld, browser: Browser, auditor: Person, draft: Evidence
) -> None:
    officer = seen_as(world.commerce_officer)
    pages = ("/journal/", "/api/journal", f"/journal/evidence/{draft.pk}/", f"/journal/stored_file/{draft.file_id}/")

    def told(person: Person, word: str) -> bool:
        return any(word in browser(person).get(page).content.decode() for page in pages)

    for word in (CLAIM, "fence.txt"):
        assert all(told(one, word) for one in (world.commerce_officer, world.commerce_head, auditor)), word
        assert not any(told(one, word) for one in (world.coordinator, world.congress_clerk)), word
    said = Told("围栏已经建好", "商务厅", today())
    revise_evidence(by=officer, evidence=draft.pk, version=draft.version, told=said, hand_in=True)
    for person in (world.coordinator, world.congress_clerk):
        assert all(told(person, word) for word in (said.claim, "fence.txt")), person
        assert not told(person, CLAIM), person
    assert told(world.commerce_officer, CLAIM)


def test_a_draft_that_was_withdrawn_stays_with_its_organisation(
    world: LedgerWorld, browser: Browser, draft: Evidence
) -> None:
    withdraw_evidence(by=seen_as(world.commerce_officer), evidence=draft.pk, version=draft.version)
    assert all(sees(browser(world.commerce_officer), draft))
    for person in (world.coordinator, world.deputy):
        assert not any(sees(browser(person), draft)), person


@pytest.mark.article(7)
def test_how_to_reach_an_asker_is_told_only_to_the_office_that_took_the_question_in(
    world: LedgerWorld, seen_by: Callable[..., Any], auditor: Person, browser: Browser
) -> None:
    row, _ = asked("口岸几点开？", contact="13800000000")
    assert seen_by(world.coordinator, question_page, row.pk).contact == "13800000000"
    for person in (auditor, world.deputy):
        assert seen_by(person, question_page, row.pk).contact == "", person
        assert "13800000000" not in browser(person).get(reverse("ledger:question", args=[row.pk])).content.decode()
