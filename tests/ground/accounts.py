"""People for the tests of accounts, made by the actions, and browsers that hold to the check of forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.test import Client

from bridgehead.ground.access.viewer import as_system, system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import JournalEntry, Organisation, Person
from bridgehead.ground.people.accounts import register_person, set_password
from bridgehead.ground.people.memberships import appoint
from bridgehead.ground.people.organisations import create_organisation

BY = system("tests")
PASSWORD = "four unrelated plain words"
OTHER = "another set of plain words"
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@action("test.set_password")
def _with_password(deed: Deed, *, person: int, new: str) -> Person:
    found = deed.lock(Person, person)
    set_password(deed, found, new)
    return found


def somebody(login: str = "batu", role: str = "officer", **more: Any) -> Person:
    """Return somebody with a password and a role in a government."""
    with as_system("tests"):
        at = Organisation.objects.filter(code="test-government").first()
        if at is None:
            at = create_organisation(by=BY, code="test-government", name_zh="测试政府", kind="government")
        given = {"name": "巴图", "email": f"{login}@example.org", **more}
        person = register_person(by=BY, login=login, **given)
        _with_password(by=BY, person=person.pk, new=PASSWORD)
        appoint(by=BY, person=person.pk, organisation=at.pk, role=role)
        return Person.objects.get(pk=person.pk)


class Browser(Client):
    """A client that is held to the check of forms and sends what a browser sends."""

    def __init__(self, **more: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **{**HERE, **more})

    def send(self, address: str, fields: Mapping[str, Any], form: str = "", **more: Any) -> Any:
        """Fill in the form of a page and send it."""
        html = self.get(form or address).content.decode()
        return self.post(address, {"csrfmiddlewaretoken": token(html), **fields}, **more)

    def sign_in(self, login: str, password: str = PASSWORD, **more: Any) -> Any:
        """Sign in by the form."""
        return self.send("/sign-in/", {"login": login, "password": password, **more})

    @property
    def signed_in(self) -> bool:
        """Whether the page of the account opens."""
        return self.get("/account/").status_code == 200


def token(html: str) -> str:
    """Return the token of the form on a page."""
    return field(html, "csrfmiddlewaretoken")


def field(html: str, name: str) -> str:
    """Return the value of a field on a page; KeyError if there is none."""
    found = re.search(rf'<input[^>]*\bname="{name}"[^>]*\bvalue="([^"]*)"', html)
    if found is None:
        raise KeyError(name)
    return found[1]


def entries(action: str) -> list[JournalEntry]:
    """Return the journal's entries of an action."""
    with as_system("tests"):
        return list(JournalEntry.objects.filter(action=action).order_by("id"))
