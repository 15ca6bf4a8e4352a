"""A form that could not be sent loses nothing, and nothing is carried out by itself."""

from __future__ import annotations

import re

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.ground.models import Person
from bridgehead.ground.screens.held import LONGEST, Held, sealed, unsealed
from tests.ground.accounts import PASSWORD, Browser, field, somebody
from tests.ground.test_people_pages import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_looking_at_rows")]
FIELDS = {"name": "巴图 <新>", "email": "new@example.org", "language": "en", "password": PASSWORD}


def signed_in() -> tuple[Browser, str]:
    """Return a browser and the token of the form it has open."""
    browser = Browser()
    browser.sign_in("batu")
    return browser, field(browser.get("/account/").content.decode(), "csrfmiddlewaretoken")


def test_a_session_that_ends_in_the_middle_of_a_form_loses_nothing() -> None:
    before = somebody()
    browser, token = signed_in()
    del browser.cookies["session"]
    refused = browser.post("/account/?tab=1", {"csrfmiddlewaretoken": token, "version": before.version, **FIELDS})
    assert refused.status_code == 401
    html = refused.content.decode()
    assert field(html, "next") == "/account/?tab=1"
    assert PASSWORD not in html
    sent = {
        "csrfmiddlewaretoken": field(html, "csrfmiddlewaretoken"),
        "next": field(html, "next"),
        "held": field(html, "held"),
        "login": "batu",
    }
    again = browser.post("/sign-in/", {**sent, "password": "mistyped"})
    assert again.status_code == 422
    assert field(again.content.decode(), "held") == sent["held"], "a mistyped password loses nothing either"
    answer = browser.post("/sign-in/", {**sent, "password": PASSWORD})
    assert answer["Location"] == "/account/?tab=1"
    page = browser.get(answer["Location"]).content.decode()
    assert field(page, "name") == "巴图 &lt;新&gt;"
    assert field(page, "email") == "new@example.org"
    assert '<option value="en" selected' in page
    assert field(page, "password") == ""
    assert "没有发送" in page
    assert Person.objects.get().name == before.name, "nothing is carried out by itself"
    assert field(browser.get("/account/?tab=1").content.decode(), "name") == before.name, "it is shown once"


@pytest.mark.parametrize("token", ["", "x" * 64])
def test_a_form_with_a_token_that_is_no_good_is_shown_again_as_it_was_filled_in(token: str) -> None:
    before = somebody()
    browser, _ = signed_in()
    answer = browser.post("/account/", {"csrfmiddlewaretoken": token, "version": before.version, **FIELDS})
    assert answer.status_code == 403
    html = answer.content.decode()
    assert field(html, "email") == "new@example.org"
    assert field(html, "password") == ""
    assert Person.objects.get().email == before.email
    sent = {"csrfmiddlewaretoken": field(html, "csrfmiddlewaretoken"), "version": field(html, "version"), **FIELDS}
    assert browser.post("/account/", sent).status_code == 302
    assert Person.objects.get().email == "new@example.org"


def test_a_token_that_is_no_good_and_no_session_ask_to_sign_in_and_lose_nothing() -> None:
    somebody()
    browser = Browser()
    refused = browser.post("/account/", FIELDS)
    assert refused.status_code == 401
    held = unsealed(field(refused.content.decode(), "held"))
    assert held is not None
    assert held.fields["email"] == ["new@example.org"]
    assert set(held.fields) == {"name", "email", "language"}


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_SEC_FETCH_SITE": "none"},
    ],
)
def test_another_site_fills_in_no_form_of_ours(headers: dict[str, str]) -> None:
    somebody()
    browser, _ = signed_in()
    answer = browser.post("/account/", FIELDS, **headers)
    assert answer.status_code == 403
    assert "new@example.org" not in answer.content.decode()


def test_what_is_kept_is_ours_and_not_old() -> None:
    held = Held("/account/", {"name": ["a"]})
    word = sealed(held)
    assert unsealed(word) == held
    for wrong in ("", "x", word[:-1], word + "x", signing.dumps([1, 2, 3])):
        assert unsealed(wrong) is None


@given(st.dictionaries(st.text(min_size=1, max_size=20), st.lists(st.text(max_size=50), min_size=1, max_size=3)))
def test_sealing_keeps_every_character(fields: dict[str, list[str]]) -> None:
    found = unsealed(sealed(Held("/a/?b=c", fields, True)))
    assert found is not None
    assert (found.path, found.fields, found.files) == ("/a/?b=c", fields, True)


def test_fields_the_form_does_not_have_are_shown_beside_it() -> None:
    before = somebody()
    browser, _ = signed_in()
    answer = browser.post("/account/", {**FIELDS, "note": "一段写了很久的话", "version": before.version})
    assert "一段写了很久的话" in answer.content.decode()


def test_a_form_longer_than_is_kept_is_refused_as_before() -> None:
    somebody()
    browser, _ = signed_in()
    answer = browser.post("/account/", {"name": "x" * (LONGEST + 1)})
    assert answer.status_code == 403
    assert "x" * 100 not in answer.content.decode()


def test_a_code_asked_for_in_between_loses_nothing() -> None:
    from tests.ground.test_second_factor import enrolled, pass_time

    person = somebody()
    browser, _ = signed_in()
    phone, _ = enrolled(browser)
    del browser.cookies["session"]
    html = browser.post("/account/", FIELDS).content.decode()
    sent = {name: field(html, name) for name in ("csrfmiddlewaretoken", "next", "held")}
    html = browser.post("/sign-in/", {**sent, "login": "batu", "password": PASSWORD}).content.decode()
    pass_time(person)
    sent = {name: field(html, name) for name in ("csrfmiddlewaretoken", "next", "held")}
    answer = browser.post("/sign-in/", {**sent, "code": phone.code()})
    assert field(browser.get(answer["Location"]).content.decode(), "email") == "new@example.org"


def test_the_code_of_an_organisation_is_kept_and_that_of_the_second_factor_is_not() -> None:
    somebody("boss", "administrator")
    browser = Browser()
    browser.sign_in("boss")
    hidden = opened(browser, "/organisations/", "create")
    token = field(browser.get("/organisations/").content.decode(), "csrfmiddlewaretoken")
    del browser.cookies["session"]
    sent = {**hidden, "csrfmiddlewaretoken": token, "code": "t-draft", "name_zh": "草稿"}
    refused = browser.post("/organisations/", sent)
    assert refused.status_code == 401
    html = refused.content.decode()
    again = {name: field(html, name) for name in ("csrfmiddlewaretoken", "next", "held")}
    browser.post("/sign-in/", {**again, "login": "boss", "password": PASSWORD})
    shown = browser.get("/organisations/").content.decode()
    assert re.search(r'id="create-code"[^>]*value="t-draft"', shown)
    token = field(browser.get("/account/second-factor/").content.decode(), "csrfmiddlewaretoken")
    del browser.cookies["session"]
    refused = browser.post("/account/second-factor/", {"csrfmiddlewaretoken": token, "do": "confirm", "code": "987654"})
    kept = unsealed(field(refused.content.decode(), "held"))
    assert kept is not None
    assert kept.fields == {"do": ["confirm"]}
