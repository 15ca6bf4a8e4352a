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
from bridgehead.rooms.ledger.actions.evidence import (
    Told,
    draft_evidence,
    return_evidence,
    revise_evidence,
    withdraw_evidence,
)
from bridgehead.rooms.ledger.actions.tasks import give_task
from bridgehead.rooms.ledger.models import Evidence
from bridgehead.rooms.ledger.selectors.publication_questions import question_page
from tests.ground.world import member, organisation
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.coordination import DAY
from tests.ledger.publication import asked
from tests.site.forms import Forms

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


FIRST, LATER, LAST = "围栏建了一半", "围栏建了九成，别外传", "围栏全部建成"


@pytest.fixture
def returned(world: LedgerWorld, draft: Evidence) -> Evidence:
    """Return evidence that was returned, and is being changed to other words with another file."""
    officer, told = seen_as(world.commerce_officer), Told(FIRST, "商务厅", today())
    row = revise_evidence(by=officer, evidence=draft.pk, version=draft.version, told=told, hand_in=True)
    by = seen_as(world.coordinator)
    row = return_evidence(by=by, evidence=row.pk, version=row.version, reason="还差一半")
    told, file = Told(LATER, "商务厅基建处", today(), completes=True), receive(b"secret", "later.txt")
    return revise_evidence(by=officer, evidence=row.pk, version=row.version, told=told, file=file)


def pages(evidence: Evidence) -> list[str]:
    """Return the addresses that tell what evidence says: pages, data, files and the journal."""
    task, this = evidence.task_id, evidence.pk
    shown = [reverse("ledger:evidence", args=[this]), reverse("ledger:task", args=[task]), reverse("ground:files")]
    data = [f"/api/ledger/evidence/{this}", f"/api/ledger/tasks/{task}", "/api/journal", "/search/?q=later"]
    return [*shown, *data, "/journal/", f"/journal/evidence/{this}/", reverse("files:ledger-evidence", args=[this])]


def reads(client: Client, evidence: Evidence, *words: str) -> set[str]:
    """Return the words that somebody reads anywhere of evidence."""
    said = [client.get(one).content.decode() for one in pages(evidence)]
    # The page of the search repeats what it is asked, so it is asked for less than the word.
    said += [client.get("/search/", {"q": word[:-1]}).content.decode() for word in words]
    return {word for word in words if any(word in one for one in said)}


def test_what_is_returned_says_to_others_what_was_handed_in_until_it_is_again(
    world: LedgerWorld, browser: Browser, auditor: Person, returned: Evidence
) -> None:
    row, others = returned, (world.coordinator, world.deputy, world.congress_clerk)
    words = (LATER, FIRST, "later.txt", "secret", "fence.txt", "修改稿")
    for person in (world.commerce_officer, world.commerce_head):
        assert {LATER, "later.txt", "secret", "修改稿"} <= reads(browser(person), row, *words), person
    for person in others:
        assert reads(browser(person), row, *words) == {FIRST, "fence.txt"}, person
        assert browser(person).get(f"/files/{row.revised_file_id}").status_code == 404
    page = reverse("ledger:evidence", args=[row.pk])
    assert LATER not in browser(auditor).get(page).content.decode(), "who reads the whole journal finds it there alone"
    told, officer = Told(LAST, "商务厅", today()), seen_as(world.commerce_officer)
    row = revise_evidence(by=officer, evidence=row.pk, version=row.version, told=told, hand_in=True)
    assert (row.state, row.claim, row.file.name, row.revision) == ("handed_in", LAST, "later.txt", None)
    for person in others:
        # What was handed in before stays told by the journal and in the list of files, to who reads them.
        told_now = reads(browser(person), row, LAST, *words) - {FIRST, "fence.txt"}
        assert told_now == {LAST, "later.txt", "secret"}, person
    assert LATER in reads(browser(world.commerce_officer), row, LATER), "its own journal tells it"


def test_a_revision_that_is_withdrawn_is_told_to_nobody(
    world: LedgerWorld, browser: Browser, returned: Evidence
) -> None:
    row, officer = returned, seen_as(world.commerce_officer)
    row = withdraw_evidence(by=officer, evidence=row.pk, version=row.version)
    for person in (world.coordinator, world.deputy, world.congress_clerk):
        assert reads(browser(person), row, LATER, FIRST, "later.txt", "secret") == {FIRST}, person


def test_a_revision_keeps_what_it_does_not_change_and_is_changed_again(
    world: LedgerWorld, browser: Browser, returned: Evidence
) -> None:
    row, client = returned, browser(world.commerce_officer)
    html = client.get(reverse("ledger:evidence", args=[row.pk])).content.decode()
    [form] = [one for one in Forms(html).found if one.get("form") == "revise"]
    assert (form["claim"], form["issuer"], form["completes"]) == (LATER, "商务厅基建处", ["on"])
    answer = client.post(
        reverse("ledger:evidence", args=[row.pk]), form | {"claim": LAST, "completes": "", "do": "draft"}
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    told = row.revision["claim"], row.revision["completes"]
    assert (row.claim, row.completes, *told) == (FIRST, False, LAST, False)
    assert row.revised_file.name == "later.txt"
    head = seen_as(world.commerce_head)
    told = Told(LAST, "商务厅", today())
    row = revise_evidence(by=head, evidence=row.pk, version=row.version, told=told, hand_in=True)
    assert (row.author_id, set(row.authors)) == (world.commerce_head.pk, {world.commerce_officer.pk, row.author_id})


@pytest.mark.article(7)
def test_how_to_reach_an_asker_is_told_only_to_the_office_that_took_the_question_in(
    world: LedgerWorld, seen_by: Callable[..., Any], auditor: Person, browser: Browser
) -> None:
    row, _ = asked("口岸几点开？", contact="13800000000")
    assert seen_by(world.coordinator, question_page, row.pk).contact == "13800000000"
    for person in (auditor, world.deputy):
        assert seen_by(person, question_page, row.pk).contact == "", person
        assert "13800000000" not in browser(person).get(reverse("ledger:question", args=[row.pk])).content.decode()
