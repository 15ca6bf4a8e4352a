"""Signing in and out: who is let in, what is remembered, how often one may try, when a session ends."""

from __future__ import annotations

import json

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.limits import hold, spend
from bridgehead.ground.models import Person
from bridgehead.ground.people.accounts import deactivate_person
from bridgehead.ground.people.sessions import end_every_session
from bridgehead.ground.screens.destination import own_path
from bridgehead.kernel.errors import BridgeheadError
from tests.ground.accounts import BY, OTHER, PASSWORD, Browser, entries, somebody
from tests.hashing import QuickArgon2

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_looking_at_rows")]


def test_somebody_signs_in_and_out() -> None:
    person = somebody()
    browser = Browser()
    assert browser.get("/account/").status_code == 401
    answer = browser.sign_in("Batu")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/"
    assert "no-store" in answer["Cache-Control"]
    page = browser.get("/account/")
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "巴图" in page.content.decode()
    assert browser.send("/sign-out/", {}).status_code == 302
    assert not browser.signed_in
    (begun,) = entries("session.begin")
    assert (begun.record_kind, begun.record_id, begun.actor_id) == ("person", str(person.pk), None)
    assert json.loads(begun.after)["how"] == "password"
    (ended,) = entries("session.end")
    assert ended.actor_id == person.pk


def test_a_wrong_password_is_refused_and_known_to_the_journal() -> None:
    person = somebody()
    browser = Browser()
    answer = browser.sign_in("batu", "not the password")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'value="batu"' in html
    assert "not the password" not in html
    assert not browser.signed_in
    (refused,) = entries("session.refuse")
    assert refused.record_id == str(person.pk)


def test_what_was_typed_as_the_login_of_nobody_is_not_kept() -> None:
    typed = "my-secret-in-the-wrong-field"
    assert Browser().sign_in(typed, "x").status_code == 422
    assert Browser().sign_in(typed.upper(), "x").status_code == 422
    first, second = entries("session.refuse")
    for entry in (first, second):
        assert typed not in "".join(str(value).lower() for value in vars(entry).values())
        assert entry.record_id == "unknown"
    assert json.loads(first.after) == json.loads(second.after), "the same login is seen to be tried again"
    assert len(json.loads(first.after)["login_digest"]) == 16


def test_nobody_learns_whether_there_is_a_login() -> None:
    somebody()
    known, unknown = Browser().sign_in("batu", "x" * 20), Browser().sign_in("bats", "x" * 20)
    assert known.status_code == unknown.status_code == 422
    assert _without_tokens(known).replace("batu", "bats") == _without_tokens(unknown)


def _without_tokens(answer: object) -> str:
    import re

    html = answer.content.decode()  # type: ignore[attr-defined]
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/data/ports/?q=a", "/data/ports/?q=a"),
        ("https://example.org/", "/account/"),
        ("//example.org/", "/account/"),
        ("/\\example.org", "/account/"),
        ("javascript:alert(1)", "/account/"),
        ("http://testserver/data/", "/account/"),
        ("data/", "/account/"),
        ("", "/account/"),
    ],
)
def test_after_signing_in_one_goes_to_a_path_of_this_site_only(asked: str, goes: str) -> None:
    somebody()
    assert Browser().sign_in("batu", next=asked)["Location"] == goes


@given(st.text(max_size=60))
def test_a_destination_has_neither_host_nor_scheme(address: str) -> None:
    found = own_path(address, "")
    assert found == "" or (found.startswith("/") and not found.startswith(("//", "/\\")))


def test_a_session_that_was_there_before_is_not_the_one_after() -> None:
    somebody()
    browser = Browser()
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    browser.cookies["session"] = session.session_key
    before = session.session_key
    browser.sign_in("batu")
    after = browser.cookies["session"].value
    assert after != before
    assert not Session.objects.filter(session_key=before).exists()
    assert "planted" not in browser.session


def test_the_cookie_is_for_this_site_and_not_for_scripts() -> None:
    somebody()
    cookie = Browser().sign_in("batu").cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_password_that_changes_ends_the_other_sessions_and_keeps_this_one() -> None:
    somebody()
    here, there = Browser(), Browser()
    here.sign_in("batu")
    there.sign_in("batu")
    answer = here.send("/account/password/", {"old": PASSWORD, "new": OTHER, "again": OTHER})
    assert answer.status_code == 302, answer.content.decode()
    assert here.signed_in
    assert not there.signed_in
    assert there.sign_in("batu").status_code == 422
    assert there.sign_in("batu", OTHER).status_code == 302


def test_a_password_is_changed_only_by_whoever_knows_the_old_one_and_typed_the_new_one_twice() -> None:
    somebody()
    browser = Browser()
    browser.sign_in("batu")
    for fields, code in (
        ({"old": "wrong", "new": OTHER, "again": OTHER}, "原来的密码不对"),
        ({"old": PASSWORD, "new": OTHER, "again": "differs"}, "两次输入的密码不一样"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "密码"),
    ):
        answer = browser.send("/account/password/", fields)
        assert answer.status_code == 422
        assert code in answer.content.decode()
        assert 'aria-invalid="true"' in answer.content.decode()
        assert OTHER not in answer.content.decode()
    assert Browser().sign_in("batu").status_code == 302


def test_somebody_who_is_deactivated_is_out_at_once() -> None:
    person = somebody()
    browser = Browser()
    browser.sign_in("batu")
    assert browser.signed_in
    version = Person.objects.get(pk=person.pk).version
    deactivate_person(by=BY, person=person.pk, version=version)
    assert not browser.signed_in
    assert Browser().sign_in("batu").status_code == 422


def test_signing_out_everywhere_ends_every_session() -> None:
    person = somebody()
    here, there = Browser(), Browser()
    here.sign_in("batu")
    there.sign_in("batu")
    assert here.send("/account/sign-ins/", {}).status_code == 302
    assert not here.signed_in
    assert not there.signed_in
    assert there.sign_in("batu").status_code == 302
    end_every_session(by=viewer_of(person))
    assert not there.signed_in


def test_the_page_of_sign_ins_shows_one_s_own_and_nobody_else_s() -> None:
    somebody()
    somebody("other")
    Browser(REMOTE_ADDR="198.51.100.9").sign_in("other")
    Browser(REMOTE_ADDR="198.51.100.7").sign_in("batu", "wrong")
    browser = Browser(REMOTE_ADDR="192.0.2.1")
    browser.sign_in("batu")
    html = browser.get("/account/sign-ins/").content.decode()
    assert "198.51.100.7" in html
    assert "192.0.2.1" in html
    assert "被拒绝" in html
    assert "198.51.100.9" not in html


def test_a_login_is_tried_so_often_by_one_address_and_then_waits() -> None:
    somebody()
    browser = Browser()
    for _ in range(10):
        assert browser.sign_in("batu", "wrong").status_code == 422
    answer = browser.sign_in("batu")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 15 * 60
    assert answer["Retry-After"] in answer.content.decode()
    assert not browser.signed_in
    assert Browser(REMOTE_ADDR="192.0.2.8").sign_in("batu").status_code == 302, "the owner comes from elsewhere"
    assert len(entries("session.refuse")) == 10


def test_many_logins_from_one_address_wait_too() -> None:
    browser = Browser()
    statuses = [browser.sign_in(f"nobody-{number}", "x").status_code for number in range(61)]
    assert statuses == [422] * 60 + [429]


def test_an_office_behind_one_address_gets_in() -> None:
    people = [somebody(f"colleague-{number}").login for number in range(62)]
    assert [Browser().sign_in(login).status_code for login in people] == [302] * 62


def test_one_password_tried_on_many_logins_waits_whoever_gets_in_between() -> None:
    somebody()
    for number in range(60):
        assert Browser().sign_in(f"nobody-{number}", "x").status_code == 422
        if number % 20 == 0:
            assert Browser().sign_in("batu").status_code == 302
    assert Browser().sign_in("nobody-60", "x").status_code == 429
    assert Browser().sign_in("batu").status_code == 429


def test_wrong_codes_are_held_against_the_address_and_right_ones_are_not() -> None:
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.77")
    for number in range(100):
        spend("code", request, f"right {number}")
    for number in range(60):
        spend("code", request, f"wrong {number}")
        hold("code", request)
    with pytest.raises(BridgeheadError) as refused:
        spend("code", request, "another")
    assert refused.value.code == "request.too_often"


def test_a_code_sent_without_a_first_step_is_counted_as_any_form() -> None:
    browser = Browser()
    statuses = [browser.send("/sign-in/", {"code": "123456"}).status_code for _ in range(121)]
    assert statuses == [422] * 120 + [429]


def test_a_login_tried_from_everywhere_waits_everywhere() -> None:
    somebody()
    statuses = [Browser(REMOTE_ADDR=f"192.0.2.{n}").sign_in("batu", "x").status_code for n in range(41)]
    assert statuses == [422] * 40 + [429]


def test_tries_are_forgiven_to_whoever_gets_in() -> None:
    somebody()
    browser = Browser()
    for _ in range(2):
        for _ in range(9):
            browser.sign_in("batu", "wrong")
        assert browser.sign_in("batu").status_code == 302
        browser.send("/sign-out/", {})


def test_forms_of_visitors_nobody_knows_are_counted_by_address() -> None:
    browser = Browser()
    statuses = {browser.send("/sign-out/", {}, form="/sign-in/").status_code for _ in range(120)}
    assert statuses == {302}
    assert browser.send("/sign-out/", {}, form="/sign-in/").status_code == 429


@pytest.mark.parametrize("typed", ["", " ", "\x00", "a\x00b", "x" * 5000, "' OR 1=1 --", "ＢＡＴＵ", "\u202e"])
def test_no_login_breaks_the_page(typed: str) -> None:
    assert Browser().sign_in(typed, typed).status_code == 422


def test_a_hash_of_before_is_renewed_by_signing_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also on PostgreSQL, where nobody sees an account before they are in."""
    person = somebody()
    monkeypatch.setattr(QuickArgon2, "time_cost", QuickArgon2.time_cost + 1)
    browser = Browser()
    assert browser.sign_in("batu", "wrong").status_code == 422
    assert Person.objects.get(pk=person.pk).password == person.password
    assert browser.sign_in("batu").status_code == 302
    renewed = Person.objects.get(pk=person.pk).password
    assert f"t={QuickArgon2.time_cost}" in renewed
    assert browser.signed_in
    (entry,) = entries("person.renew_hash")
    assert renewed not in entry.after + entry.before
    assert Browser().sign_in("batu").status_code == 302
    assert Person.objects.get(pk=person.pk).password == renewed
    assert len(entries("person.renew_hash")) == 1


def test_signing_out_is_asked_for_by_a_form() -> None:
    somebody()
    browser = Browser()
    browser.sign_in("batu")
    assert browser.get("/sign-out/").status_code == 200
    assert browser.signed_in
    assert Client(enforce_csrf_checks=True).post("/sign-out/").status_code == 403
