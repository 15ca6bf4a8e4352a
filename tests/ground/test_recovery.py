"""Somebody who lost their second factor or whose e-mail address is wrong gets in again, with the help of others."""

from __future__ import annotations

import json

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Organisation, Person, Task
from bridgehead.ground.people.memberships import appoint
from bridgehead.ground.people.recovery import correct_email, may_correct
from bridgehead.ground.people.second_factor import clear_second_factor
from bridgehead.kernel.errors import BridgeheadError
from tests.ground.accounts import BY, Browser, entries, somebody
from tests.ground.test_people_pages import opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_looking_at_rows")]
MEMBERS = "/organisations/test-government/members/"


def browser_of(person: Person) -> Browser:
    browser = Browser()
    browser.force_login(person)
    return browser


def secured(person: Person) -> None:
    TOTPDevice.objects.create(user=person, name=person.login, confirmed=True)


def at() -> Organisation:
    return Organisation.objects.get(code="test-government")


def kept_here(login: str, role: str = "officer") -> Person:
    """Return somebody whose account the organisation keeps."""
    person = somebody(login, role)
    Person.objects.filter(pk=person.pk).update(home=at())
    return Person.objects.get(pk=person.pk)


def send(browser: Browser, form: str, **fields: str) -> int:
    hidden = opened(browser, MEMBERS, form)
    return int(browser.send(MEMBERS, {**hidden, **fields}).status_code)


def test_an_administrator_clears_a_second_factor_on_the_page_of_members() -> None:
    person, admin = somebody(), somebody("admin", "administrator")
    secured(person)
    assert send(browser_of(admin), f"factor-{person.pk}", reason="手机丢了") == 302
    assert not TOTPDevice.objects.filter(user=person).exists()
    entry = entries("person.clear_second_factor")[0]
    assert (entry.actor_id, entry.record_id, entry.reason) == (admin.pk, str(person.pk), "手机丢了")
    assert [task.arguments["words"] for task in Task.objects.all()] == ["second_factor_gone"]


def test_the_form_stands_only_beside_others_who_have_one() -> None:
    person, admin = somebody(), somebody("admin", "administrator")
    secured(admin)
    html = browser_of(admin).get(MEMBERS).content.decode()
    assert f"factor-{person.pk}" not in html
    assert f"factor-{admin.pk}" not in html
    assert f"email-{admin.pk}" not in html
    assert f"email-{person.pk}" in html
    assert "email-" not in browser_of(person).get(MEMBERS).content.decode()


def test_the_forms_of_an_account_stand_once_however_many_roles_it_holds() -> None:
    person, admin = somebody(), somebody("admin", "administrator")
    secured(person)
    appoint(by=BY, person=person.pk, organisation=at().pk, role="analyst")
    html = browser_of(admin).get(MEMBERS).content.decode()
    assert html.count(f'value="email-{person.pk}"') == html.count(f'value="factor-{person.pk}"') == 1


def test_nobody_clears_their_own_or_one_that_is_not_there() -> None:
    person, admin = somebody(), somebody("admin", "administrator")
    secured(admin)
    for who, code in ((admin, "person.not_for_oneself"), (person, "person.no_second_factor")):
        with pytest.raises(BridgeheadError) as refused:
            clear_second_factor(by=viewer_of(admin), person=who.pk)
        assert refused.value.code == code
    assert TOTPDevice.objects.filter(user=admin).exists()


def test_a_wrong_address_is_put_right_and_the_old_one_is_told() -> None:
    person, head = kept_here("batu"), somebody("head", "head")
    assert send(browser_of(head), f"email-{person.pk}", email="right@example.org", reason="写错了") == 302
    assert Person.objects.get(pk=person.pk).email == "right@example.org"
    (entry,) = entries("person.correct_email")
    assert entry.actor_id == head.pk
    assert json.loads(entry.before) == {"email": "batu@example.org"}
    (task,) = Task.objects.all()
    assert (task.arguments["words"], task.arguments["to"]) == ("address_changed", "batu@example.org")


def test_a_missing_address_is_added_and_nobody_is_told() -> None:
    person, admin = somebody("batu", email=""), somebody("admin", "administrator")
    assert send(browser_of(admin), f"email-{person.pk}", email="new@example.org") == 302
    assert Person.objects.get(pk=person.pk).email == "new@example.org"
    assert not Task.objects.exists()


def test_an_address_that_is_none_is_told_beside_the_field() -> None:
    person, admin = somebody(), somebody("admin", "administrator")
    browser = browser_of(admin)
    hidden = opened(browser, MEMBERS, f"email-{person.pk}")
    answer = browser.send(MEMBERS, {**hidden, "email": "nonsense"})
    assert answer.status_code == 422
    assert f'id="email-{person.pk}-email-says"' in answer.content.decode()


def test_nobody_gets_hold_of_an_account_whose_roles_they_could_not_give() -> None:
    """Whoever reads the mail of an account can have a new password sent."""
    head = viewer_of(somebody("head", "head"))
    mightier, elsewhere = kept_here("mighty", "officer"), somebody("elsewhere")
    appoint(by=BY, person=mightier.pk, organisation=at().pk, role="administrator")
    itself = Person.objects.get(login="head")
    kept = kept_here("colleague")
    for person, may in ((mightier, False), (elsewhere, False), (itself, False), (kept, True)):
        assert may_correct(head, person) is may
        if may:
            continue
        with pytest.raises(BridgeheadError) as refused:
            correct_email(by=head, person=person.pk, version=person.version, email="mine@example.org")
        assert refused.value.code in ("action.not_allowed", "person.not_for_oneself", "action.no_such_record")
    with as_system("tests"):
        assert not Person.objects.filter(email="mine@example.org").exists()
