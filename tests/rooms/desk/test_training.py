"""Training: seats and those who wait for one, partners without an account, certificates anybody can check."""

from __future__ import annotations

import email
import re
from datetime import timedelta
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from bridgehead.ground.access.limits import spend
from bridgehead.ground.access.viewer import ANONYMOUS, as_system
from bridgehead.ground.mail import FOLDER
from bridgehead.ground.models import JournalEntry, Task
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.training import announce, cancel_session, change_session, record_attendance
from bridgehead.rooms.desk.actions.training_places import give_up, give_up_by_code, sign_up, sign_up_as_partner
from bridgehead.rooms.desk.models import Notice, TrainingPlace, TrainingSession
from bridgehead.rooms.desk.training_codes import held_by
from tests.desk.services import ServiceWorld, ran, service_world
from tests.desk.training import LINK, TEXTS, announced, begun, by_firm, by_partner, session_told
from tests.ledger import seen_as

pytestmark = pytest.mark.django_db
State = TrainingPlace.State


@pytest.fixture
def world() -> ServiceWorld:
    return service_world()


@pytest.fixture(autouse=True)
def _reached_here(tmp_path: Path, settings: Any) -> None:
    settings.BRIDGEHEAD_DATA, settings.BRIDGEHEAD_ADDRESS = tmp_path, "https://desk.example"
    with_limits_forgotten()


def with_limits_forgotten() -> None:
    from bridgehead.ground.access.limits import limiter

    limiter.cache_clear()


def mails(folder: Path) -> list[Any]:
    return [email.message_from_bytes(one.read_bytes(), policy=default) for one in sorted(folder.glob("*.eml"))]


def place_of(number: str) -> TrainingPlace:
    with as_system("tests"):
        return TrainingPlace.objects.get(number=number)


def told_kinds() -> list[str]:
    with as_system("tests"):
        return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


def again(row: TrainingSession) -> TrainingSession:
    with as_system("tests"):
        return TrainingSession.objects.get(pk=row.pk)


@pytest.mark.article(51)
def test_only_an_office_that_offers_services_announces_for_itself(world: ServiceWorld) -> None:
    for person, at in ((world.trader, world.firm), (world.stranger, world.office)):
        with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
            announce(by=seen_as(person), owner=at.pk, told=session_told())


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"days": -1}, {"training.begun"}),
        ({"seats": 0}, {"training.bad_seats"}),
        ({"seats": 5_001}, {"training.bad_seats"}),
        ({"language": "fr"}, {"form.no_such_choice"}),
        ({"link": "javascript:alert(1)"}, {"training.bad_link"}),
        ({"link": "", "texts": {"title": {"zh": "题目"}}}, {"training.nowhere"}),
        ({"texts": {"title": {"en": "Only English"}}}, {"form.missing"}),
        ({"texts": {"title": {"zh": "长" * 121}}, "seats": 0}, {"form.text_too_long", "training.bad_seats"}),
    ],
)
def test_whatever_is_wrong_with_a_session_is_told_at_once(
    world: ServiceWorld, changed: dict[str, Any], codes: set[str]
) -> None:
    with pytest.raises(BridgeheadError) as refused:
        announced(world, **changed)
    assert {one.code for one in refused.value.faults} == codes


def test_a_session_cannot_end_before_it_begins(world: ServiceWorld) -> None:
    with pytest.raises(BridgeheadError, match=r"training\.ends_too_soon"):
        announced(world, ends_at=timezone.now())
    row = announced(world)
    with pytest.raises(BridgeheadError, match=r"training\.ends_too_soon"):
        announced(world, starts_at=row.starts_at, ends_at=row.starts_at)


def test_who_comes_too_late_waits_and_gets_the_seat_that_is_given_up_in_order(world: ServiceWorld) -> None:
    row = announced(world, seats=1)
    first = by_firm(world, row)
    partner = by_partner(row)
    third = by_firm(world, row, "何外贸")
    assert (first.state, partner.waits, third.state) == (State.TAKEN, True, State.WAITING)
    give_up(by=seen_as(world.trader), place=first.pk, version=first.version)
    assert place_of(partner.number).state == State.TAKEN
    assert place_of(third.number).state == State.WAITING
    give_up_by_code(by=ANONYMOUS, number=partner.number, code=partner.code.lower())
    assert place_of(third.number).state == State.TAKEN
    assert told_kinds() == ["training_seat"]


def test_more_seats_go_to_those_who_wait_and_fewer_than_taken_are_refused(world: ServiceWorld) -> None:
    row = announced(world, seats=1)
    by_firm(world, row)
    second = by_firm(world, row, "何外贸")
    told = session_told(seats=2, starts_at=row.starts_at, ends_at=row.ends_at)
    row = change_session(by=seen_as(world.officer), session=row.pk, version=row.version, told=told)
    assert place_of(second.number).state == State.TAKEN
    assert told_kinds() == ["training_seat"], "nobody is told of a change that is none for them"
    with pytest.raises(BridgeheadError, match=r"training\.fewer_seats"):
        change_session(by=seen_as(world.officer), session=row.pk, version=row.version, told=session_told(seats=1))


def test_a_change_of_time_is_told_to_firms_by_notice_and_to_partners_by_mail(
    world: ServiceWorld, tmp_path: Path
) -> None:
    row = announced(world)
    by_firm(world, row)
    taken = by_partner(row)
    with ran():
        change_session(by=seen_as(world.officer), session=row.pk, version=row.version, told=session_told(days=20))
    assert told_kinds() == ["training_changed"]
    found = mails(tmp_path / FOLDER)
    assert [one["To"] for one in found] == ["ivan@example.org"] * 2  # of the sign-up and of the change
    for one in found:
        said = one.get_content()
        assert taken.number in said
        assert taken.code not in said
        assert "https://desk.example/ru/training/places/" in said
    with as_system("tests"):
        arguments = str(list(Task.objects.values_list("arguments", flat=True)))
    assert "ivan@" not in arguments
    assert taken.code not in arguments


def test_nobody_signs_up_twice_or_for_what_is_over(world: ServiceWorld) -> None:
    row = announced(world)
    by_firm(world, row)
    by_partner(row)
    with pytest.raises(BridgeheadError, match=r"training\.signed_up_already"):
        by_firm(world, row)
    with pytest.raises(BridgeheadError, match=r"training\.signed_up_already"):
        by_partner(row, "IVAN@example.org")
    with pytest.raises(BridgeheadError) as refused:
        sign_up_as_partner(by=ANONYMOUS, session=row.pk, name="", firm_name="x", email="no address", language="fr")
    assert {one.code for one in refused.value.faults} == {
        "form.missing",
        "training.bad_email",
        "form.no_such_choice",
    }
    begun(row)
    with pytest.raises(BridgeheadError, match=r"training\.begun"):
        by_firm(world, row, "何外贸")
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        sign_up(by=seen_as(world.rival), session=row.pk, firm=world.firm.pk, name="陈外贸")


def test_a_cancelled_session_says_why_and_everybody_is_told(world: ServiceWorld) -> None:
    row = announced(world, seats=1)
    by_firm(world, row)
    by_firm(world, row, "何外贸")
    by = seen_as(world.officer)
    with pytest.raises(BridgeheadError, match=r"form\.missing"):
        cancel_session(by=by, session=row.pk, version=row.version)
    row = cancel_session(by=by, session=row.pk, version=row.version, reason="讲课的人病了")
    assert told_kinds() == ["training_cancelled"] * 2
    with pytest.raises(BridgeheadError, match=r"training\.not_planned"):
        by_firm(world, row, "第三人")


def test_a_place_is_found_by_its_number_and_code_alone(world: ServiceWorld) -> None:
    row = announced(world)
    taken, other = by_partner(row), by_partner(row, "olga@example.org")
    assert held_by(f" {taken.number} ", taken.code).name == "Иван Петров"
    for number, code in ((taken.number, other.code), (taken.number, ""), ("T2026-000000", taken.code), ("№", "x")):
        with pytest.raises(BridgeheadError, match=r"training\.unknown"):
            held_by(number, code)
    firm = by_firm(world, row, "何外贸")
    with pytest.raises(BridgeheadError, match=r"training\.unknown"):
        held_by(firm.number, "")
    with as_system("tests"):
        kept = str(list(JournalEntry.objects.values_list("before", "after")))
        assert taken.code not in kept
        assert "ivan@example.org" not in kept


def test_who_attended_has_a_certificate_anybody_can_check(world: ServiceWorld, client: Client) -> None:
    row = announced(world)
    place, taken = by_firm(world, row), by_partner(row)
    by = seen_as(world.officer)
    with pytest.raises(BridgeheadError, match=r"training\.not_over"):
        record_attendance(by=by, session=row.pk, version=row.version, attended=[place.pk])
    row = begun(row)
    partner = place_of(taken.number)
    row = record_attendance(by=by, session=row.pk, version=row.version, attended=[place.pk, partner.pk])
    place, partner = place_of(place.number), place_of(taken.number)
    assert re.fullmatch(r"\d{4}-[A-Z2-9]{12}", place.certificate or "")
    assert partner.email == ""
    assert told_kinds() == ["training_certificate"]
    html = client.post(
        "/training/certificate/", {"form": "look", "once": "k" * 16, "number": f" {place.certificate.lower()}"}
    ).content.decode()
    assert "有这份证明" in html
    assert "冯外贸" in html
    assert "木材进口检疫" in html
    row = record_attendance(by=by, session=row.pk, version=row.version, attended=[partner.pk])
    gone = client.post("/training/certificate/", {"form": "look", "once": "m" * 16, "number": place.certificate})
    assert gone.status_code == 422
    assert place_of(partner.number).certificate == partner.certificate, "who stays on the list keeps their number"
    with pytest.raises(BridgeheadError, match=r"training\.no_such_place"):
        record_attendance(by=by, session=row.pk, version=row.version, attended=[10**9])


def test_the_certificate_of_a_firm_is_a_word_document_for_itself_alone(world: ServiceWorld, client: Client) -> None:
    from io import BytesIO

    import docx

    row = announced(world)
    place = by_firm(world, row)
    row = begun(row)
    record_attendance(by=seen_as(world.officer), session=row.pk, version=row.version, attended=[place.pk])
    number = place_of(place.number).certificate
    address = f"/training/certificates/{place.pk}.docx"
    client.force_login(world.trader)
    found = client.get(address)
    cells = [
        cell.text for table in docx.Document(BytesIO(found.content)).tables for r in table.rows for cell in r.cells
    ]
    assert {"冯外贸", "木材进口检疫", number, "甲公司", "商务厅"} <= set(cells)
    english = docx.Document(BytesIO(client.get(address + "?lang=en").content))
    assert "Quarantine of timber" in [cell.text for r in english.tables[0].rows for cell in r.cells]
    client.force_login(world.rival)
    assert client.get(address).status_code == 404


def test_a_partner_signs_up_in_russian_cancels_and_is_counted(world: ServiceWorld, client: Client) -> None:
    row = announced(world)
    address = f"/ru/training/{row.pk}/"
    html = client.get(address).content.decode()
    assert "Карантин древесины" in html
    assert LINK not in html
    fields = {"name": "Иван", "firm_name": "ООО Лес", "email": "ivan@example.org", "language": "ru"}
    sent = client.post(address, {"form": "partner", "once": "p" * 16, **fields})
    assert sent.status_code == 200
    assert sent["Cache-Control"] == "no-store, private"
    number = re.search(r"T\d{4}-\d{6}", sent.content.decode())
    code = re.search(r"<b>([A-Z2-9]{12})</b>", sent.content.decode())
    assert number
    assert code
    held = {"number": number[0], "password": code[1]}
    seen = client.post("/ru/training/places/", {"form": "look", "once": "q" * 16, **held}).content.decode()
    assert LINK in seen
    left = client.post("/ru/training/places/", {"form": "leave", "once": "r" * 16, **held})
    assert left.status_code == 200
    assert place_of(number[0]).state == State.GIVEN_UP
    assert place_of(number[0]).email == ""
    wrong = client.post("/training/places/", {"form": "look", "once": "s" * 16, **held, "password": "WRONG"})
    assert wrong.status_code == 422
    for at in range(30):
        answer = client.post(address, {"form": "partner", "once": f"{at:016}", **fields, "email": f"a{at}@example.org"})
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    assert 15 <= at < 25


def test_a_partner_is_told_for_what_they_signed_up_and_how_many_seats_are_left(
    world: ServiceWorld, client: Client
) -> None:
    row = announced(world, seats=3)
    by_firm(world, row)
    fields = {"name": "Иван", "firm_name": "ООО Лес", "email": "ivan@example.org", "language": "ru"}
    html = client.post(f"/ru/training/{row.pk}/", {"form": "partner", "once": "a" * 16, **fields}).content.decode()
    assert "<title>Карантин древесины" in html
    taken = by_partner(row, "olga@example.org")
    held = {"number": taken.number, "password": taken.code}
    html = client.post("/ru/training/places/", {"form": "look", "once": "b" * 16, **held}).content.decode()
    assert "мест нет" in html
    assert "осталось" not in html


def test_the_link_is_for_those_with_a_seat(world: ServiceWorld, client: Client) -> None:
    row = announced(world, seats=1)
    address = f"/training/{row.pk}/"
    client.force_login(world.trader)
    assert LINK not in client.get(address).content.decode()
    client.post(address, {"form": "take", "once": "t" * 16, "firm": world.firm.pk, "name": "冯外贸"})
    assert LINK in client.get(address).content.decode()
    client.force_login(world.rival)
    client.post(address, {"form": "take", "once": "u" * 16, "firm": world.other_firm.pk, "name": "陈外贸"})
    html = client.get(address).content.decode()
    assert "候补" in html
    assert LINK not in html
    assert "冯外贸" not in html
    assert LINK not in client.get("/training.ics").content.decode()
    assert LINK not in client.get(f"/api/training/{row.pk}").content.decode()


def test_the_calendar_is_taken_over_by_others(world: ServiceWorld, client: Client) -> None:
    row, other = announced(world), announced(world, texts={**TEXTS, "title": {"zh": "另一场"}})
    cancel_session(by=seen_as(world.officer), session=other.pk, version=other.version, reason="改期")
    content = client.get("/training.ics?lang=ru").content.decode().replace("\r\n ", "")
    assert content.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Карантин древесины" in content
    assert f"DTEND:{row.ends_at:%Y%m%dT%H%M%SZ}" in content
    assert "LOCATION:Meeting room at the port" in content
    assert f"https://desk.example/ru/training/{row.pk}/" in content
    assert client.get(f"/training.ics?session={other.pk}").content.decode().count("BEGIN:VEVENT") == 0


def test_an_office_holds_a_session_on_its_pages(world: ServiceWorld, client: Client) -> None:
    client.force_login(world.officer)
    day = timezone.localdate() + timedelta(days=5)
    told = {"day": day, "from": "09:30", "until": "11:00", "seats": "3", "language": "zh", "title_zh": "原产地证"}
    wrong = {**told, "from": "half past nine", "place_zh": "三楼"}
    page = client.post("/desk/training/new/", {"form": "session", "once": "v" * 16, **wrong})
    assert page.status_code == 422
    assert "不是时间" in page.content.decode()
    sent = client.post("/desk/training/new/", {"form": "session", "once": "w" * 16, **told, "place_zh": "三楼"})
    assert sent.status_code == 302
    with as_system("tests"):
        row = TrainingSession.objects.get()
    assert f"{timezone.localtime(row.starts_at):%H:%M}" == "09:30"
    by_firm(world, row)
    html = client.get(sent["Location"]).content.decode()
    assert "冯外贸" in html
    assert "原产地证" in client.get("/desk/training/").content.decode()
    client.force_login(world.stranger)
    html = client.get(sent["Location"]).content.decode()
    assert "冯外贸" not in html
    assert "<form" not in html.partition("<main")[2]


def test_tries_at_a_place_are_no_tries_at_anybodys_second_factor(world: ServiceWorld, client: Client) -> None:
    number = str(world.officer.pk)
    blanks = [number, f" {number}", f"{number} "]
    told = [{"form": "look", "once": f"{at:016}", "number": blanks[at % 3], "password": "X"} for at in range(11)]
    codes = [client.post("/training/places/", one).status_code for one in told]
    assert codes == [422] * 10 + [429], "blanks make no other number"
    request = RequestFactory().post("/sign-in/code/", REMOTE_ADDR="203.0.113.9")
    spend("code", request, number)
    spend("number", request, number)


def test_a_name_in_several_lines_writes_no_lines_into_a_letter(world: ServiceWorld) -> None:
    row = announced(world)
    told = {"session": row.pk, "email": "ivan@example.org", "language": "ru"}
    sign_up_as_partner(by=ANONYMOUS, name="Иван\r\nBcc: x@example.org\x0b", firm_name="ООО\nСвет", **told)
    with as_system("tests"):
        place = TrainingPlace.objects.get()
    assert (place.name, place.firm_name) == ("Иван Bcc: x@example.org", "ООО Свет")
