"""Signing in with an identity provider that runs here: who is let in, and every answer that must not let anybody in."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pytest_django import Settings

from bridgehead.ground.models import Membership, Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.site.provider import provider
from tests.ground.accounts import BY, Browser, entries, somebody
from tests.ground.issuer import CLIENT, SECRET, Issuer, issuing
from tests.ground.test_second_factor import enrolled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_looking_at_rows")]


def environment(issuer: Issuer, **more: str) -> dict[str, str]:
    given = {
        "ISSUER": issuer.address,
        "CLIENT_ID": CLIENT,
        "CLIENT_SECRET": SECRET,
        "AUTHORIZE_URL": f"{issuer.address}/authorize",
        "TOKEN_URL": f"{issuer.address}/token",
        "USERINFO_URL": f"{issuer.address}/userinfo",
        "KEYS_URL": f"{issuer.address}/keys",
        **more,
    }
    return {f"BRIDGEHEAD_OIDC_{name}": value for name, value in given.items()}


@pytest.fixture
def issuer(settings: Settings) -> Iterator[Issuer]:
    with issuing() as running:
        for name, value in provider(environment(running)).items():
            setattr(settings, name, value)
        settings.AUTHENTICATION_BACKENDS = [
            "bridgehead.ground.people.signing_in.ByLogin",
            "bridgehead.ground.people.provider.ByProvider",
        ]
        yield running


def come(browser: Browser, issuer: Issuer, after: str = "") -> Any:
    """Go to the provider and come back."""
    sent = browser.get(f"/sign-in/provider?next={after}" if after else "/sign-in/provider")
    assert sent.status_code == 302
    return browser.get(issuer.agree(sent["Location"]))


def test_somebody_the_platform_knows_by_their_address_is_let_in_and_known_by_id_from_then_on(issuer: Issuer) -> None:
    person = somebody()
    browser = Browser()
    assert "/sign-in/provider" in browser.get("/sign-in/").content.decode()
    answer = come(browser, issuer, "/data/")
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == "/data/"
    assert browser.signed_in
    assert Person.objects.get().subject == f"{issuer.address}#u-17"
    (linked,) = entries("person.link_subject")
    assert linked.record_id == str(person.pk)
    assert json.loads(entries("session.begin")[0].after)["how"] == "provider"
    issuer.account = {"sub": "u-17", "email": "renamed@example.org", "email_verified": True}
    again = Browser()
    come(again, issuer)
    assert again.signed_in, "by the id, whatever the address is now"
    assert len(entries("person.link_subject")) == 1


def refused(issuer: Issuer, code: str = "person.provider_refused") -> Any:
    browser = Browser()
    answer = come(browser, issuer)
    assert answer.status_code == 422, answer.content.decode()
    assert code in answer.content.decode()
    assert not browser.signed_in
    assert len(entries("session.begin")) == 0
    assert Person.objects.filter(subject__isnull=False).count() == 0
    return answer


def test_a_token_signed_by_somebody_else_is_refused(issuer: Issuer) -> None:
    somebody()
    issuer.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    refused(issuer)
    assert len(entries("session.refuse")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "of another visit"},
        {"nonce": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": None},
        {"sub": None},
    ],
    ids=lambda wrong: "-".join(f"{key}:{'missing' if value is None else 'wrong'}" for key, value in wrong.items()),
)
def test_a_token_that_is_not_of_here_for_us_and_now_is_refused(wrong: dict[str, Any], issuer: Issuer) -> None:
    somebody()

    def change(claims: dict[str, Any]) -> None:
        claims.update({key: value for key, value in wrong.items() if value is not None})
        for key, value in wrong.items():
            if value is None:
                del claims[key]

    issuer.change = change
    refused(issuer)


def test_a_token_signed_with_the_public_key_as_a_secret_or_not_at_all_is_refused(issuer: Issuer) -> None:
    somebody()
    issuer.algorithm, issuer.signs_with = "HS256", "x" * 64
    refused(issuer)
    issuer.algorithm, issuer.signs_with = "none", None
    refused(issuer)


def test_an_account_that_is_not_the_one_of_the_token_is_refused(issuer: Issuer) -> None:
    somebody()
    issuer.told = {**issuer.account, "sub": "u-18"}
    refused(issuer)


@pytest.mark.parametrize(
    "account",
    [
        {"sub": "u-17", "email": "stranger@example.org", "email_verified": True},
        {"sub": "u-17", "email": "batu@example.org", "email_verified": False},
        {"sub": "u-17", "email": "batu@example.org", "email_verified": "false"},
        {"sub": "u-17", "email": "batu@example.org"},
        {"sub": "u-17"},
        {"sub": "u-17", "email": ["batu@example.org"], "email_verified": True},
    ],
)
def test_whom_the_platform_does_not_know_is_told_so_and_nobody_is_made(account: dict[str, Any], issuer: Issuer) -> None:
    somebody()
    issuer.account = account
    refused(issuer, "person.provider_unknown")
    assert Person.objects.count() == Membership.objects.count() == 1


def test_an_address_of_two_people_or_of_somebody_known_by_another_id_lets_nobody_in(issuer: Issuer) -> None:
    somebody()
    somebody("second", email="batu@example.org")
    refused(issuer, "person.provider_unknown")
    Person.objects.filter(login="second").update(email="")
    come(Browser(), issuer)
    issuer.account = {**issuer.account, "sub": "an imposter"}
    browser = Browser()
    assert "person.provider_unknown" in come(browser, issuer).content.decode()
    assert not browser.signed_in


def test_somebody_deactivated_is_not_let_in(issuer: Issuer) -> None:
    from bridgehead.ground.people.accounts import deactivate_person

    person = somebody()
    come(Browser(), issuer)
    deactivate_person(by=BY, person=person.pk, version=Person.objects.get().version)
    browser = Browser()
    assert come(browser, issuer).status_code == 422
    assert not browser.signed_in


def test_an_answer_is_good_once_and_for_the_browser_that_asked(issuer: Issuer) -> None:
    somebody()
    browser = Browser()
    back = issuer.agree(browser.get("/sign-in/provider")["Location"])
    assert Browser().get(back).status_code == 422, "another browser"
    assert browser.get(back).status_code == 302
    browser.send("/sign-out/", {})
    assert browser.get(back).status_code == 422, "a second time"
    for made_up in ("", "?code=x", "?state=x", "?code=x&state=y", "?error=access_denied&state=z"):
        assert Browser().get(f"/sign-in/provider/done{made_up}").status_code == 422


def test_a_session_planted_before_is_not_the_one_after(issuer: Issuer) -> None:
    somebody()
    browser = Browser()
    sent = browser.get("/sign-in/provider")
    before = browser.cookies["session"].value
    browser.get(issuer.agree(sent["Location"]))
    assert browser.cookies["session"].value != before


def test_a_provider_that_does_not_answer_is_told(issuer: Issuer, settings: Settings) -> None:
    import socket

    somebody()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.OIDC_OP_TOKEN_ENDPOINT = f"http://127.0.0.1:{taken.getsockname()[1]}/token"
        refused(issuer, "person.provider_unreachable")


def test_the_second_factor_of_the_platform_is_asked_for_unless_the_provider_has_its_own(
    issuer: Issuer, settings: Settings
) -> None:
    somebody()
    browser = Browser()
    come(browser, issuer)
    enrolled(browser)
    again = Browser()
    assert come(again, issuer).status_code == 200
    assert not again.signed_in
    settings.OIDC_SECOND_FACTOR = True
    assert come(again, issuer).status_code == 302
    assert again.signed_in


def test_after_the_provider_one_goes_to_a_path_of_this_site_only(issuer: Issuer) -> None:
    somebody()
    assert come(Browser(), issuer, "https://evil.example/")["Location"] == "/account/"
    english = Browser()
    issuer.account = {"sub": "nobody"}
    assert '<html lang="en"' in come(english, issuer, "/en/data/").content.decode()


def test_without_a_provider_there_is_no_way_to_one() -> None:
    assert Browser().get("/sign-in/provider").status_code == 404
    assert Browser().get("/sign-in/provider/done?code=a&state=b").status_code == 404


def test_the_settings_are_whole_or_told() -> None:
    assert provider({}) == {}
    told = environment(Issuer())
    told["BRIDGEHEAD_OIDC_ISSUER"] = "https://id.example"
    for change, code in (
        ({"BRIDGEHEAD_OIDC_CLIENT_SECRET": ""}, "server.provider_incomplete"),
        ({"BRIDGEHEAD_OIDC_TOKEN_URL": "http://id.example/token"}, "server.provider_address"),
        ({"BRIDGEHEAD_OIDC_KEYS_URL": "file:///etc/passwd"}, "server.provider_address"),
    ):
        with pytest.raises(BridgeheadError) as found:
            provider({**told, **{name: "https://id.example/x" for name in told if name.endswith("_URL")}, **change})
        assert found.value.code == code
