"""The second factor: begun, confirmed, asked for, throttled, compulsory, removed."""

from __future__ import annotations

import re
import time

import pytest
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.models import Person
from bridgehead.ground.people.second_factor import clear_second_factor, compulsory_roles
from bridgehead.kernel.errors import BridgeheadError
from tests.ground.accounts import PASSWORD, Browser, entries, field, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_looking_at_rows")]
PAGE = "/account/second-factor/"


class Phone:
    """An authenticator app: it knows the key and the time, nothing else (RFC 6238)."""

    def __init__(self, key: str) -> None:
        import base64

        plain = key.replace(" ", "")
        self.key = base64.b32decode(plain + "=" * (-len(plain) % 8))

    def code(self, later_s: int = 0) -> str:
        counter = TOTP(self.key)
        counter.time = time.time() + later_s
        return f"{counter.token():06d}"


def enrolled(browser: Browser) -> tuple[Phone, list[str]]:
    """Switch the second factor on as a person does; returns the app and the recovery codes."""
    page = browser.send(PAGE, {"do": "begin"}).content.decode()
    phone = Phone(re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1])  # type: ignore[index]
    assert "<svg" in page
    assert "style=" not in page
    done = browser.send(PAGE, {"do": "confirm", "code": phone.code()})
    assert done.status_code == 200, done.content.decode()
    return phone, re.findall(r"<code>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</code>", done.content.decode())


def pass_time(person: Person) -> None:
    """Let the code of the present half minute be good again, and the wait after wrong ones be over."""
    TOTPDevice.objects.filter(user=person).update(last_t=-1, throttling_failure_count=0)


def test_a_code_is_asked_for_at_sign_in_and_is_good_once() -> None:
    person = somebody()
    browser = Browser()
    browser.sign_in("batu")
    phone, codes = enrolled(browser)
    assert len(set(codes)) == 10
    assert browser.signed_in
    browser.send("/sign-out/", {})
    asked = browser.sign_in("batu", next="/data/")
    assert asked.status_code == 200
    assert field(asked.content.decode(), "next") == "/data/"
    assert not browser.signed_in, "the password alone opens nothing"
    pass_time(person)
    token = field(asked.content.decode(), "csrfmiddlewaretoken")
    code = phone.code()
    answer = browser.post(
        "/sign-in/", {"csrfmiddlewaretoken": token, "code": f"{code[:3]} {code[3:]}", "next": "/data/"}
    )
    assert answer["Location"] == "/data/"
    assert browser.signed_in
    other = Browser()
    asked = other.sign_in("batu")
    token = field(asked.content.decode(), "csrfmiddlewaretoken")
    answer = other.post("/sign-in/", {"csrfmiddlewaretoken": token, "code": code})
    assert answer.status_code == 422, "a code that was used once is used up"
    assert not other.signed_in
    told = [entry.after for entry in entries("session.refuse")]
    assert len(told) == 1
    assert '"second_factor":true' in told[0].replace(" ", "")


def second_step(browser: Browser, code: str) -> int:
    asked = browser.sign_in("batu")
    token = field(asked.content.decode(), "csrfmiddlewaretoken")
    return int(browser.post("/sign-in/", {"csrfmiddlewaretoken": token, "code": code}).status_code)


def test_recovery_codes_are_good_once_and_kept_as_digests_only() -> None:
    person = somebody()
    browser = Browser()
    browser.sign_in("batu")
    _, codes = enrolled(browser)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    assert not kept & {code.replace("-", "") for code in codes}
    assert second_step(Browser(), codes[0].upper().replace("-", " ")) == 302
    assert second_step(Browser(), codes[0]) == 422
    pass_time(person)
    assert StaticToken.objects.count() == 9
    html = browser.get(PAGE).content.decode()
    assert "9" in html
    assert not any(code in html for code in codes), "they are shown once"


def test_a_wrong_code_makes_the_next_one_wait_even_if_it_is_right() -> None:
    person = somebody()
    browser = Browser()
    browser.sign_in("batu")
    phone, _ = enrolled(browser)
    TOTPDevice.objects.filter(user=person).update(last_t=-1)
    for _ in range(3):
        TOTPDevice.objects.filter(user=person).update(throttling_failure_timestamp=None)
        assert second_step(Browser(), "000000" if phone.code() != "000000" else "111111") == 422
    assert second_step(Browser(), phone.code()) == 429
    pass_time(person)
    assert second_step(Browser(), phone.code()) == 302


def test_the_first_step_is_forgotten_after_ten_minutes_and_when_the_password_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = somebody()
    browser = Browser()
    browser.sign_in("batu")
    phone, _ = enrolled(browser)
    pass_time(person)
    late = Browser()
    asked = late.sign_in("batu")
    token = field(asked.content.decode(), "csrfmiddlewaretoken")
    session = late.session
    session["pending"] = {**session["pending"], "until": time.time() - 1}
    session.save()
    answer = late.post("/sign-in/", {"csrfmiddlewaretoken": token, "code": phone.code()})
    assert answer.status_code == 422
    assert "过期" in answer.content.decode()
    other = Browser()
    asked = other.sign_in("batu")
    token = field(asked.content.decode(), "csrfmiddlewaretoken")
    browser.send("/account/sign-ins/", {})
    answer = other.post("/sign-in/", {"csrfmiddlewaretoken": token, "code": phone.code()})
    assert answer.status_code == 422
    assert not other.signed_in


def test_a_code_without_a_first_step_opens_nothing() -> None:
    browser = Browser()
    assert browser.send("/sign-in/", {"code": "123456"}).status_code == 422


def test_roles_that_need_a_second_factor_wait_for_it(settings: Settings) -> None:
    settings.BRIDGEHEAD_SECOND_FACTOR = "administrator, auditor"
    somebody("admin", "administrator")
    somebody()
    plain, browser = Browser(), Browser()
    assert plain.sign_in("batu")["Location"] == "/account/"
    assert browser.sign_in("admin")["Location"] == PAGE
    page = browser.get("/account/")
    assert "等两步验证" in page.content.decode()
    assert not page.wsgi_request.viewer.may("member.manage")
    enrolled(browser)
    assert browser.get("/account/").wsgi_request.viewer.may("member.manage")
    assert "等两步验证" not in browser.get("/account/").content.decode()
    asked = browser.send(PAGE, {"do": "remove", "password": PASSWORD})
    assert asked.status_code == 200
    assert not browser.get("/account/").wsgi_request.viewer.may("member.manage")


def test_an_unknown_role_in_the_setting_is_told(settings: Settings) -> None:
    settings.BRIDGEHEAD_SECOND_FACTOR = "administrator,emperor"
    with pytest.raises(BridgeheadError) as refused:
        compulsory_roles()
    assert refused.value.code == "server.unknown_role"
    assert refused.value.parameters["roles"] == ["emperor"]


def test_it_is_removed_by_whoever_knows_the_password_and_other_sessions_end() -> None:
    somebody()
    browser = Browser()
    browser.sign_in("batu")
    _, codes = enrolled(browser)
    other = Browser()
    assert second_step(other, codes[1]) == 302
    assert browser.send(PAGE, {"do": "remove", "password": "wrong"}).status_code == 422
    assert TOTPDevice.objects.count() == 1
    assert browser.send(PAGE, {"do": "remove", "password": PASSWORD}).status_code == 200
    assert browser.signed_in
    assert not other.signed_in
    assert TOTPDevice.objects.count() == StaticToken.objects.count() == 0
    assert Browser().sign_in("batu").status_code == 302


def test_new_recovery_codes_replace_the_old_ones() -> None:
    somebody()
    browser = Browser()
    browser.sign_in("batu")
    _, codes = enrolled(browser)
    html = browser.send(PAGE, {"do": "renew", "password": PASSWORD}).content.decode()
    renewed = re.findall(r"<code>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</code>", html)
    assert len(renewed) == 10
    assert not set(renewed) & set(codes)
    assert second_step(Browser(), codes[0]) == 422


def test_an_administrator_clears_it_for_somebody_and_nobody_else_may() -> None:
    person = somebody()
    boss, officer = somebody("admin", "administrator"), somebody("officer")
    browser = Browser()
    browser.sign_in("batu")
    enrolled(browser)
    with pytest.raises(BridgeheadError) as refused:
        clear_second_factor(by=viewer_of(officer), person=person.pk)
    assert refused.value.code == "action.not_allowed"
    clear_second_factor(by=viewer_of(boss), person=person.pk)
    assert not browser.signed_in
    assert Browser().sign_in("batu").status_code == 302


def test_a_wrong_code_or_a_made_up_step_switches_nothing_on() -> None:
    somebody()
    browser = Browser()
    browser.sign_in("batu")
    assert browser.send(PAGE, {"do": "confirm", "code": "123456"}).status_code == 422
    assert browser.send(PAGE, {"do": "nothing"}).status_code == 422
    browser.send(PAGE, {"do": "begin"})
    assert browser.send(PAGE, {"do": "confirm", "code": "not a code"}).status_code == 422
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    browser.send("/sign-out/", {})
    assert Browser().sign_in("batu").status_code == 302
