"""Somebody who is admitted to a page: a person appointed to a role that opens it, signed in; what it needs is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import transaction
from django.test import Client

from bridgehead.ground.access.audience import PUBLIC, SIGNED_IN
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import as_system, system
from bridgehead.ground.models import Membership, Organisation, Person
from bridgehead.ground.pages import Page
from bridgehead.ground.people.accounts import register_person
from bridgehead.ground.people.memberships import appoint
from bridgehead.ground.people.organisations import create_organisation
from bridgehead.rooms.desk.pages.records import NEEDS as OF_THE_DESK
from bridgehead.rooms.desk.who import ASK
from bridgehead.rooms.ledger.models import Task
from bridgehead.rooms.ledger.pages.records import NEEDS as OF_THE_LEDGER
from bridgehead.rooms.statute.pages.imported import NEEDS
from tests import desk
from tests.ledger import made
from tests.statutes import imported

BEGAN = date(2026, 1, 1)
BY = system("tests")
ORDINARY = "officer"
RECORDS = (OF_THE_LEDGER, OF_THE_DESK)
"""What pages may need that show records."""
FIRST_ASKED = ("administrator", "auditor")


def role_for(audience: str) -> str:
    """Return a role that opens an audience: administrator or auditor where they do, else the first that does."""
    if audience == SIGNED_IN:
        return ORDINARY
    known = roles().roles
    opening = [name for name, role in known.items() if audience in role.permissions]
    return next((name for name in FIRST_ASKED if name in opening), opening[0])


def person_with(role: str) -> Person:
    """Return somebody with a role in an organisation that may have it; made where there is none yet."""
    with as_system("tests"):
        there = Membership.objects.filter(role=role, person__login=f"test-{role}").select_related("person").first()
        if there is not None:
            return there.person
        kind = sorted(roles().roles[role].kinds)[0]
        code = f"test-{kind}"
        at = Organisation.objects.filter(code=code).first()
        if at is None:
            at = create_organisation(by=BY, code=code, name_zh="测试单位", name_en="Test body", kind=kind)
        person = register_person(by=BY, login=f"test-{role}", name="Test Person", email=f"{role}@example.org")
        appoint(by=BY, person=person.pk, organisation=at.pk, role=role, starts_on=BEGAN)
    return person


def admit(client: Client, audience: str) -> Client:
    """Sign a client in as somebody admitted to an audience; nobody is signed in for what is public."""
    client.logout()
    if audience != PUBLIC:
        client.force_login(person_with(role_for(audience)))
    return client


@contextmanager
def kept_records() -> Iterator[None]:
    """Hold one record of each kind of the ledger and the desk while many tests look at them, and take them out again.

    Each test works in a transaction of its own inside, so that it leaves them as they were.
    """
    with transaction.atomic():
        transaction.get_connection().atomic_blocks[-1]._from_testcase = True  # so that a lasting one may stand inside
        with as_system("tests"):
            desk.made(made(), person_with(role_for(ASK)))
        yield
        transaction.set_rollback(True)


def visiting(client: Client, page: Page) -> Client:
    """Sign a client in for a page, and hand in what the page needs to have anything to show."""
    if page.needs == NEEDS:
        with as_system("tests"):
            imported()
    if page.needs in RECORDS:
        with as_system("tests"):
            if not Task.objects.exists():
                desk.made(made(), person_with(role_for(ASK)))
    return admit(client, page.audience)
