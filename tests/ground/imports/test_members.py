"""Imports of members: added, left alone, appointed again, and never renamed or taken over."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.imports.actions import apply_import
from bridgehead.ground.models import JournalEntry, Membership, Organisation, Person
from bridgehead.ground.people.memberships import end_membership
from tests.ground.imports.test_imports import NAME, counts, faults, propose
from tests.ground.people import member, organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_folder")]


def test_members_are_added_and_those_there_are_left_alone(admin: Viewer) -> None:
    enterprise = organisation("e1")
    boss = member("boss", enterprise, "enterprise_admin")
    rows = [
        ("Anna", "安娜", "enterprise", "anna@example.org"),
        ("anna", "安娜", "broker", ""),
        ("boss", "人 boss", "enterprise_admin", ""),
    ]
    run = propose(boss, enterprise, rows, "members")
    assert faults(run) == [("membership.role_not_here", 4, "role")]
    run = propose(boss, enterprise, [rows[0], rows[2]], "members")
    assert counts(run) == (1, 0, 1, 0)
    apply_import(by=boss, run=run.pk)
    anna = Person.objects.get(login="anna")
    assert not anna.has_usable_password()
    assert Membership.objects.get(person=anna).role == "enterprise"
    again = propose(boss, enterprise, [rows[0], rows[2]], "members")
    assert counts(again) == (0, 0, 2, 0)


def test_members_cannot_be_renamed_taken_over_or_given_what_is_not_yours(admin: Viewer, seat: Organisation) -> None:
    enterprise = organisation("e1")
    boss = member("boss", enterprise, "enterprise_admin")
    rows = [
        ("boss", "别人", "enterprise_admin", ""),
        ("admin", "不是他", "enterprise", ""),
        ("carl", "卡尔", "administrator", ""),
        ("boss", "人 boss", "enterprise", ""),
        ("a b", "坏", "enterprise", ""),
    ]
    run = propose(boss, enterprise, rows, "members")
    assert faults(run) == [
        ("import.cannot_change", 3, "name"),
        ("import.another_person", 4, "login"),
        ("membership.role_not_here", 5, "role"),
        ("membership.not_yours_to_give", 5, "role"),
        ("membership.to_oneself", 6, "person"),
        ("person.bad_login", 7, "login"),
    ]
    assert not Person.objects.filter(login="carl").exists()


def test_who_was_dismissed_is_appointed_again(admin: Viewer, seat: Organisation) -> None:
    enterprise = organisation("e1")
    boss = member("boss", enterprise, "enterprise_admin")
    rows = [("anna", "安娜", "enterprise", "")]
    apply_import(by=boss, run=propose(boss, enterprise, rows, "members").pk)
    held = Membership.objects.get(person__login="anna")
    end_membership(by=boss, membership=held.pk, version=held.version)
    again = propose(boss, enterprise, rows, "members")
    assert counts(again) == (1, 0, 0, 0)
    apply_import(by=boss, run=again.pk)
    assert Membership.objects.filter(person__login="anna", withdrawn_on=None).count() == 1
    assert counts(propose(boss, enterprise, rows, "members")) == (0, 0, 1, 0)


def test_an_empty_cell_says_nothing_of_what_cannot_be_changed(admin: Viewer, seat: Organisation) -> None:
    enterprise = organisation("e1")
    boss = member("boss", enterprise, "enterprise_admin")
    apply_import(by=boss, run=propose(boss, enterprise, [("anna", "安娜", "enterprise", "a@b.cn")], "members").pk)
    again = propose(boss, enterprise, [("anna", "安娜", "enterprise", "")], "members")
    assert (faults(again), counts(again)) == ([], (0, 0, 1, 0))
    other = propose(boss, enterprise, [("anna", "安娜", "enterprise", "c@d.cn")], "members")
    assert faults(other) == [("import.cannot_change", 3, "email")]


LOGIN = st.from_regex(r"[A-Za-z][A-Za-z0-9._@+-]{0,8}", fullmatch=True)
ADDRESS = st.sampled_from(["", "a@example.org", "B.b@Example.ORG", " c@example.org "])
PEOPLE = st.dictionaries(
    LOGIN,
    st.tuples(NAME, ADDRESS, st.lists(st.sampled_from(["enterprise", "enterprise_admin"]), min_size=1, unique=True)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE, said_once=st.booleans())
def test_members_that_were_imported_are_unchanged_whatever_the_table_left_unsaid(
    admin: Viewer, seat: Organisation, people: Any, said_once: bool
) -> None:
    inside = transaction.atomic()
    inside.__enter__()
    try:
        enterprise = organisation("e1")
        boss = member("boss", enterprise, "enterprise_admin")
        rows = [
            (login, name, role, "" if said_once and at else email)
            for login, (name, email, held) in people.items()
            for at, role in enumerate(held)
        ]
        run = propose(boss, enterprise, rows, "members")
        if faults(run):  # two logins that differ by their case alone, an address given twice ...
            assert run.state == "refused"
            return
        apply_import(by=boss, run=run.pk)
        again = propose(boss, enterprise, rows, "members")
        assert (faults(again), counts(again)) == ([], (0, 0, len(rows), 0))
        before = list(JournalEntry.objects.order_by("id").values_list("id", flat=True))
        apply_import(by=boss, run=again.pk)
        told = JournalEntry.objects.exclude(id__in=before).values_list("action", flat=True)
        assert list(told) == ["import.apply"]
    finally:
        transaction.set_rollback(True)
        inside.__exit__(None, None, None)
