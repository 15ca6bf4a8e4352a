"""Passwords forgotten: one answer whoever asks, a link good once, and the mail it comes in."""

from __future__ import annotations

import base64
import email
import email.header
import re
import socket
import stat
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import Message
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.mail import Server, send_mail, server_of
from bridgehead.ground.models import Person, Task
from bridgehead.ground.people.links import person_of, reset_link
from bridgehead.ground.wording import has_han
from bridgehead.kernel.errors import BridgeheadError
from tests.ground.accounts import OTHER, Browser, entries, field, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_looking_at_rows")]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Settings) -> None:
    settings.BRIDGEHEAD_DATA = tmp_path


def mails() -> list[Message]:
    """Return the mails of the folder, after every waiting task of mails was done."""
    with as_system("tests"):
        for task in Task.objects.filter(kind="mail.send", state="waiting"):
            send_mail(task.arguments)
            task.delete()
    folder = Path(configured.BRIDGEHEAD_DATA) / "outgoing-mail"
    return [email.message_from_bytes(file.read_bytes()) for file in sorted(folder.glob("*.eml"))]


def text(mail: Message) -> str:
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def link_in(mail: Message) -> str:
    found = re.search(r"http://testserver(/\S*new-password/\S+)", text(mail))
    assert found, text(mail)
    return found[1]


def test_a_new_password_is_set_by_the_link_of_the_mail_once() -> None:
    somebody()
    elsewhere = Browser()
    elsewhere.sign_in("batu")
    browser = Browser()
    assert browser.send("/forgotten-password/", {"who": "batu"})["Location"] == "/forgotten-password/?sent=1"
    (mail,) = mails()
    assert mail["To"] == "batu@example.org"
    address = link_in(mail)
    page = browser.get(address)
    assert page.status_code == 200
    assert "batu" in page.content.decode()
    link = address.partition("link=")[2]
    fields = {"link": link, "new": OTHER, "again": OTHER}
    assert browser.send("/new-password/", {**fields, "again": "x"}, form=address).status_code == 422
    assert browser.send("/new-password/", fields, form=address).status_code == 302
    assert not elsewhere.signed_in
    assert Browser().sign_in("batu", OTHER).status_code == 302
    assert browser.get(address).status_code == 422
    answer = browser.send("/new-password/", {**fields, "new": "yet another password"}, form="/sign-in/")
    assert answer.status_code == 422
    assert Browser().sign_in("batu", OTHER).status_code == 302
    assert len(entries("person.reset_password")) == 1


def test_whoever_asks_hears_the_same_and_waits_as_long() -> None:
    somebody()
    heard, asked = [], []
    for who in ("batu", "batu@example.org", "nobody", "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            answer = Browser().send("/forgotten-password/", {"who": who})
        heard.append((answer.status_code, answer["Location"], answer.content))
        asked.append([re.sub(r"\d+", "", query["sql"].partition(" ")[0]) for query in queries])
    assert len(set(heard)) == 1
    assert all(found == asked[0] for found in asked), "the same statements for somebody and for nobody"
    assert len(mails()) == 2
    noted = entries("person.ask_for_password")
    assert [entry.record_id == "unknown" for entry in noted] == [False, False, True, True]
    assert not any("nobody" in str(vars(entry)) for entry in noted)


def test_the_row_of_the_task_holds_no_link() -> None:
    person = somebody()
    Browser().send("/forgotten-password/", {"who": "batu"})
    with as_system("tests"):
        (task,) = Task.objects.filter(kind="mail.send")
    assert task.arguments == {"words": "new_password", "person": person.pk, "address": "http://testserver", "to": ""}


def test_a_link_is_good_for_an_hour_and_until_the_next_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    person = somebody()
    link, made = reset_link(person), PasswordResetTokenGenerator()._now()
    for later_s, good in ((3600, True), (3602, False)):
        at = made + timedelta(seconds=later_s)
        monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self, at=at: at)
        if good:
            assert person_of(link) == person
            continue
        with pytest.raises(BridgeheadError) as refused:
            person_of(link)
        assert refused.value.code == "person.link_not_valid"
    monkeypatch.undo()
    link = reset_link(person)
    Browser().sign_in("batu")
    with pytest.raises(BridgeheadError):
        person_of(link)


@pytest.mark.parametrize(
    "link", ["", ".", "1", "zzzzzzzzzzzzzzzz.x", "-1.x", "1.x", "\x00.\x00", "1." + "x" * 9000, "１.x"]
)
def test_no_made_up_link_opens_an_account(link: str) -> None:
    somebody()
    with pytest.raises(BridgeheadError) as refused:
        person_of(link)
    assert refused.value.code == "person.link_not_valid"


def test_the_mail_speaks_the_language_of_the_person_and_lies_where_only_the_operator_reads() -> None:
    somebody("english", language="en", name="Ann")
    Browser().send("/en/forgotten-password/", {"who": "english"})
    (mail,) = mails()
    assert mail["Subject"] == "A new password"
    assert "Dear Ann," in text(mail)
    assert "/en/new-password/?link=" in text(mail)
    folder = Path(configured.BRIDGEHEAD_DATA) / "outgoing-mail"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_nothing_is_sent_to_a_name_somebody_wrote_into_a_request(settings: Settings) -> None:
    somebody()
    settings.ALLOWED_HOSTS = ["*"]
    answer = Browser(HTTP_HOST="evil.example").send("/forgotten-password/", {"who": "batu"})
    assert answer.status_code >= 500
    assert mails() == []
    settings.BRIDGEHEAD_ADDRESS = "https://bridgehead.example"
    Browser(HTTP_HOST="evil.example").send("/forgotten-password/", {"who": "batu"})
    (mail,) = mails()
    assert "https://bridgehead.example/new-password/" in text(mail)
    assert "evil" not in text(mail)


def test_asking_too_often_waits() -> None:
    browser = Browser()
    statuses = [browser.send("/forgotten-password/", {"who": "batu"}).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]
    assert browser.send("/forgotten-password/", {"who": ""}).status_code == 422


def test_another_address_needs_the_password_and_the_old_one_hears_of_it() -> None:
    person = somebody()
    browser = Browser()
    browser.sign_in("batu")
    fields = {"name": "巴图", "email": "new@example.org", "language": "zh", "version": person.version}
    refused = browser.send("/account/", fields)
    assert refused.status_code == 422
    assert 'value="new@example.org"' in refused.content.decode(), "what was typed is still there"
    version = Person.objects.get().version
    assert (
        browser.send("/account/", {**fields, "version": version, "password": "four unrelated plain words"}).status_code
        == 302
    )
    assert Person.objects.get().email == "new@example.org"
    told = [mail for mail in mails() if mail["To"] == "batu@example.org"]
    assert len(told) == 1
    assert browser.send("/account/", {**fields, "email": "", "version": version}).status_code == 409


def test_a_profile_changed_meanwhile_shows_both_states_and_a_made_up_version_is_a_fault() -> None:
    person = somebody()
    browser = Browser()
    browser.sign_in("batu")
    sent = {"name": "我的", "email": person.email, "language": "en"}
    for version in ("", "x", "-1", "９", "1" * 12):
        answer = browser.send("/account/", {**sent, "version": version})
        assert answer.status_code == 422
        assert "request.form_expired" in answer.content.decode()
    assert Person.objects.get().name == person.name
    assert (
        browser.send("/account/", {**sent, "name": "别处", "language": "zh", "version": person.version}).status_code
        == 302
    )
    answer = browser.send("/account/", {**sent, "version": person.version})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert 'value="我的"' in html
    plain = re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))
    assert "现在记录里是：别处" in plain
    assert "现在记录里是：中文" in plain
    assert 'id="email-now"' not in html
    assert browser.send("/account/", {**sent, "version": field(html, "version")}).status_code == 302
    assert Person.objects.get().name == "我的"


class Exchange(threading.Thread):
    """A small mail server on the loopback: one conversation, as RFC 5321 has it, with or without AUTH."""

    def __init__(self, refuses: bool = False) -> None:
        super().__init__(daemon=True)
        self.refuses = refuses
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.heard: list[str] = []
        self.mail = b""

    def run(self) -> None:
        line, _ = self.listening.accept()
        with line, line.makefile("rb") as lines:
            line.sendall(b"220 here\r\n")
            while said := lines.readline():
                self.heard.append(said.decode().strip())
                verb = said[:4].upper().strip()
                if verb == b"DATA":
                    line.sendall(b"354 go on\r\n")
                    while (part := lines.readline()) != b".\r\n":
                        self.mail += part
                answers = {b"EHLO": b"250-here\r\n250 AUTH PLAIN\r\n", b"AUTH": b"235 ok\r\n", b"QUIT": b"221 bye\r\n"}
                refused = verb == b"MAIL" and self.refuses
                line.sendall(b"451 later\r\n" if refused else answers.get(verb, b"250 ok\r\n"))
                if verb == b"QUIT":
                    return


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    server = Exchange()
    server.start()
    yield server
    server.listening.close()


@pytest.mark.parametrize(
    ("language", "subject", "beginning"),
    [("ru", "Новый пароль", "Здравствуйте, "), ("mn", "Шинэ нууц үг", "Сайн байна уу, ")],
)
def test_a_mail_is_in_the_language_of_the_person_and_its_link_leads_there(
    language: str, subject: str, beginning: str
) -> None:
    person = somebody()
    Person.objects.filter(pk=person.pk).update(language=language)
    send_mail({"words": "new_password", "person": person.pk, "address": "http://testserver", "to": ""})
    (mail,) = mails()
    assert str(email.header.make_header(email.header.decode_header(mail["Subject"]))) == subject
    body = text(mail)
    assert body.startswith(beginning)
    assert not has_han(body.replace(person.name, ""))
    address = link_in(mail)
    assert address.startswith(f"/{language}/new-password/?link=")
    assert Browser().get(address)["Content-Language"] == language


def test_a_mail_goes_to_the_server_of_the_operator(exchange: Exchange, settings: Settings) -> None:
    person = somebody()
    settings.BRIDGEHEAD_MAIL_URL = (
        f"smtp://batu%40here:pass%3Aword@127.0.0.1:{exchange.port}?tls=off&from=office@example.org"
    )
    said = send_mail({"words": "password_changed", "person": person.pk, "address": "https://b.example", "to": ""})
    exchange.join(10)
    assert said == "sent"
    known = base64.b64encode(b"\x00batu@here\x00pass:word").decode()
    assert f"AUTH PLAIN {known}" in exchange.heard
    assert any(line.startswith("mail FROM:<office@example.org>") for line in exchange.heard)
    mail = email.message_from_bytes(exchange.mail)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "https://b.example/sign-in/" in text(mail)
    assert mails() == []


def test_a_server_that_takes_nothing_is_told_and_the_task_can_try_again(settings: Settings) -> None:
    person = somebody()
    server = Exchange(refuses=True)
    server.start()
    arguments = {"words": "password_changed", "person": person.pk, "address": "", "to": ""}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        for port in (server.port, taken.getsockname()[1]):
            settings.BRIDGEHEAD_MAIL_URL = f"smtp://127.0.0.1:{port}?tls=off"
            with pytest.raises(BridgeheadError) as refused:
                send_mail(arguments)
            assert refused.value.code == "mail.not_taken"
    server.listening.close()


def test_a_server_without_tls_gets_no_password_where_tls_is_asked_for(exchange: Exchange, settings: Settings) -> None:
    person = somebody()
    settings.BRIDGEHEAD_MAIL_URL = f"smtp://user:secret@127.0.0.1:{exchange.port}"
    with pytest.raises(BridgeheadError) as refused:
        send_mail({"words": "password_changed", "person": person.pk, "address": "", "to": ""})
    assert refused.value.code == "mail.not_taken"
    assert not any("AUTH" in line for line in exchange.heard)


def test_the_address_of_a_mail_server_is_read() -> None:
    assert server_of("") is None
    assert server_of("smtp://h?tls=on") == Server("h", 465, "on", "", "", "bridgehead@h")
    for wrong in ("http://h", "smtp://", "smtp://h?tls=maybe", "smtp://h?to=x", "smtp://h:port", "smtp://u:secret@[h"):
        with pytest.raises(BridgeheadError) as refused:
            server_of(wrong)
        assert refused.value.code == "mail.bad_server"
        assert "secret" not in str(refused.value.faults)


def test_nobody_gets_no_mail() -> None:
    person = somebody(email="")
    for whose in (None, person.pk, 10**9):
        assert send_mail({"words": "new_password", "person": whose, "address": "", "to": ""}) == "nobody"
    with pytest.raises(ValueError):
        send_mail({"words": "advertising", "person": somebody("bayar").pk, "address": "", "to": ""})
