"""What firms and offices are told: by whom it is read, what goes out by e-mail, and what a mail never says."""

from __future__ import annotations

import email
from datetime import date, timedelta
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from bridgehead.ground.access.viewer import as_system, viewing
from bridgehead.ground.mail import FOLDER
from bridgehead.ground.models import JournalEntry, Person, Task
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.notices import choose_mails, mark_all_read, mark_read
from bridgehead.rooms.desk.models import Notice
from bridgehead.rooms.desk.notice_kinds import KINDS
from bridgehead.rooms.desk.notices import notify, says
from bridgehead.rooms.desk.selectors.notices import notice_page, unread_count
from tests.desk.services import ServiceWorld, as_an_action, ran, service_world
from tests.ground.world import mandate, member, organisation
from tests.ledger import seen_as

pytestmark = pytest.mark.django_db

SECRET = "买方破产，货款三百万"
WORDS = {"number": "C-7", "title": SECRET}


@pytest.fixture
def world() -> ServiceWorld:
    return service_world()


def told(firm: int, **more: object) -> Notice:
    kwargs = {"kind": "case_waits", "about": "desk:home", "words": WORDS, **more}
    return as_an_action(lambda deed: notify(deed, firm=firm, **kwargs))  # type: ignore[return-value]


def with_address(person: Person, language: str = "zh") -> Person:
    with as_system("tests"):
        Person.objects.filter(pk=person.pk).update(email=f"{person.login}@example.org", language=language)
    return person


def read_by(person: Person) -> list[str]:
    viewer = seen_as(person)
    with viewing(viewer):
        return [one.sentence for one in notice_page(viewer).lines]


def unread(person: Person) -> int:
    viewer = seen_as(person)
    with viewing(viewer):
        return unread_count(viewer)


def mails() -> list[email.message.EmailMessage]:
    folder = settings.BRIDGEHEAD_DATA / FOLDER
    found = [email.message_from_bytes(one.read_bytes(), policy=default) for one in sorted(folder.glob("*.eml"))]
    return found  # type: ignore[return-value]


@pytest.fixture(autouse=True)
def _reached_here(tmp_path: Path, settings: Any) -> None:
    settings.BRIDGEHEAD_DATA, settings.BRIDGEHEAD_ADDRESS = tmp_path, "https://desk.example"


def test_a_firm_reads_what_it_is_told_and_nobody_else_does(world: ServiceWorld) -> None:
    told(world.firm.pk)
    sentence = f"办件 C-7 等您补充：{SECRET}"
    assert read_by(world.trader) == read_by(world.colleague) == [sentence]
    deputy = member(organisation("congress", "congress"), "deputy")
    administrator = member(world.region, "administrator")
    for person in (world.rival, world.officer, world.head, world.stranger, deputy, administrator):
        assert read_by(person) == [], person.login
        assert unread(person) == 0


def test_what_is_meant_for_one_person_is_in_nobody_elses_list(world: ServiceWorld) -> None:
    told(world.firm.pk, person=world.trader.pk)
    assert len(read_by(world.trader)) == 1
    assert read_by(world.colleague) == []


def test_a_broker_reads_the_notices_of_a_firm_that_entrusted_its_cases(world: ServiceWorld) -> None:
    agent = organisation("broker", "broker", "报关行")
    person = member(agent, "broker")
    told(world.firm.pk)
    mandate(world.firm, agent, "files")
    assert read_by(person) == []
    mandate(world.firm, agent, "cases", "dossiers")
    assert len(read_by(person)) == 1


def test_an_office_is_told_too_and_a_coordination_body_does_not_read_over_its_shoulder(world: ServiceWorld) -> None:
    keeper = member(organisation("keeper", "coordination", parent=world.region), "coordination")
    told(world.office.pk, kind="case_new")
    assert len(read_by(world.officer)) == len(read_by(world.head)) == 1
    assert read_by(keeper) == read_by(world.stranger) == []


def test_what_one_has_read_their_colleague_has_not(world: ServiceWorld) -> None:
    first, _ = told(world.firm.pk), told(world.firm.pk)
    by = seen_as(world.trader)
    assert unread(world.trader) == 2
    mark_read(by=by, notice=first.pk)
    mark_read(by=by, notice=first.pk)
    assert unread(world.trader) == 1
    mark_all_read(by=by)
    assert unread(world.trader) == 0
    assert unread(world.colleague) == 2
    told(world.firm.pk)
    assert unread(world.trader) == 1
    with pytest.raises(BridgeheadError, match=r"action\.no_such_record"):
        mark_read(by=seen_as(world.rival), notice=first.pk)


def test_what_is_old_does_not_wait_for_a_new_colleague(world: ServiceWorld) -> None:
    row = told(world.firm.pk)
    with as_system("tests"):
        Notice.objects.filter(pk=row.pk).update(told_at=timezone.now() - timedelta(days=120))
    assert unread(world.colleague) == 0
    assert len(read_by(world.colleague)) == 1


def test_a_mail_is_in_the_persons_language_and_says_nothing_of_the_matter(world: ServiceWorld) -> None:
    with_address(world.trader, "en")
    with_address(world.rival)
    with ran():
        told(world.firm.pk)
    (mail,) = mails()
    assert mail["To"] == "trader@example.org"
    assert mail["Subject"] == "bridgehead: A case waits for you"
    body = mail.get_content()
    assert "https://desk.example/en/desk/notices/" in body
    assert SECRET not in mail.as_string() + body
    assert "C-7" not in body
    with as_system("tests"):
        arguments = [str(one.arguments) for one in Task.objects.filter(kind="mail.send")]
    assert all(SECRET not in one and "example.org" not in one for one in arguments)


def test_everybody_chooses_for_themselves_what_is_mailed(world: ServiceWorld) -> None:
    for person in (world.trader, world.colleague):
        with_address(person)
    choose_mails(by=seen_as(world.trader), shown=["case_waits", "case_moved"], wanted=["case_moved"])
    with ran():
        told(world.firm.pk)
    assert [one["To"] for one in mails()] == ["colleague@example.org"]
    with pytest.raises(BridgeheadError, match=r"form\.no_such_choice"):
        choose_mails(by=seen_as(world.trader), shown=[], wanted=["lottery"])


def test_an_officer_gets_no_mail_of_a_new_case_without_asking_for_it(world: ServiceWorld) -> None:
    with_address(world.officer)
    with ran():
        told(world.office.pk, kind="case_new")
    assert mails() == []
    choose_mails(by=seen_as(world.officer), shown=["case_new"], wanted=["case_new"])
    with ran():
        told(world.office.pk, kind="case_new")
    assert [one["To"] for one in mails()] == ["officer@example.org"]


def test_a_notice_is_written_with_what_it_is_about_or_not_at_all(world: ServiceWorld) -> None:
    def fails(deed: object) -> None:
        notify(deed, firm=world.firm.pk, kind="case_waits", words=WORDS)  # type: ignore[arg-type]
        raise BridgeheadError("form.missing")

    with pytest.raises(BridgeheadError):
        as_an_action(fails)
    assert read_by(world.trader) == []
    for wrong in ({"kind": "lottery"}, {"about": "desk:nowhere"}, {"words": {"number": "C-7"}}):
        with pytest.raises(KeyError):
            told(world.firm.pk, **wrong)


def test_words_are_said_in_the_language_of_the_reader(world: ServiceWorld) -> None:
    row = told(world.firm.pk, words={"number": 7, "title": {"zh": "木材检疫", "en": "Timber quarantine"}})
    by_day = told(world.firm.pk, words={"number": date(2026, 5, 1), "title": timezone.now()})
    with override("en"):
        assert says(row) == "Case 7 waits for something from you: Timber quarantine"
        assert says(by_day).startswith("Case 1 May 2026 waits for something from you: ")
    assert says(row) == "办件 7 等您补充：木材检疫"


def test_every_kind_has_words_in_english() -> None:
    with override("en"):
        said = [text for one in KINDS.values() for text in (one.title(), one.sentence())]
    assert not [text for text in said if any("\u4e00" <= letter <= "\u9fff" for letter in text)]


def test_the_page_marks_reads_and_keeps_the_choice(world: ServiceWorld, client: Client) -> None:
    told(world.firm.pk)
    client.force_login(world.trader)
    html = client.get("/desk/notices/").content.decode()
    assert "1 条通知没有读" in html
    assert '<span class="count">1</span>' in html
    once = "k" * 16
    with as_system("tests"):
        row = Notice.objects.get()
    sent = client.post("/desk/notices/", {"form": "read", "once": once, "notice": row.pk})
    assert sent.status_code == 302
    assert "没有未读的通知" in client.get("/desk/notices/").content.decode()
    client.post("/desk/notices/", {"form": "mails", "once": "m" * 16, "mailed": ["case_moved"]})
    html = client.get("/desk/notices/").content.decode()
    assert 'value="case_moved" checked' in html
    assert 'value="case_waits" checked' not in html
    assert "case_new" not in html
    with as_system("tests"):
        assert set(JournalEntry.objects.values_list("action", flat=True)) >= {"notice.read", "notice.choose_mails"}
