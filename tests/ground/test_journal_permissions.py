"""Who reads the journal: whoever holds `journal.own` or `journal.read`, and everybody what they did themselves."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.ground.access.gate import may_see, visible
from bridgehead.ground.access.row_security import told
from bridgehead.ground.access.viewer import Grant, Viewer, as_system, viewing
from bridgehead.ground.models import JournalEntry, Organisation
from bridgehead.ground.people.organisations import edit_organisation
from tests.ground.people import member, organisation

pytestmark = pytest.mark.django_db


def _seen(viewer: Viewer) -> set[int]:
    """Return what somebody sees through the gate; it agrees with the database and with the question of one row."""
    with viewing(viewer):
        through = set(visible(JournalEntry).values_list("pk", flat=True))
        behind = set(JournalEntry.objects.values_list("pk", flat=True))
        assert connection.vendor != "postgresql" or through == behind
    with as_system("tests"):
        assert through == {entry.pk for entry in JournalEntry.objects.all() if may_see(entry, viewer)}
    return through


def _of(at: Organisation) -> set[int]:
    with as_system("tests"):
        return set(JournalEntry.objects.filter(owner_id=at.pk).values_list("pk", flat=True))


@pytest.fixture
def office() -> Organisation:
    return organisation("t-office", "department")


@pytest.mark.parametrize(("role", "kind"), [("deputy", "congress"), ("analyst", "department")])
def test_a_role_without_the_permission_reads_no_journal(office: Organisation, role: str, kind: str) -> None:
    at = office if kind == "department" else organisation("t-congress", kind)
    viewer = member("t-reader", at, role)
    member("t-officer", office, "officer")
    assert viewer.owners_in("files"), "the role sees rows of other scopes"
    assert _seen(viewer) == set()


def test_whoever_holds_the_permission_reads_that_of_their_organisation(office: Organisation) -> None:
    viewer, elsewhere = member("t-officer", office, "officer"), organisation("t-other", "department")
    assert _seen(viewer) >= _of(office)
    assert not _seen(viewer) & _of(elsewhere)


def test_an_auditor_reads_all_of_it(office: Organisation) -> None:
    viewer = member("t-auditor", office, "auditor")
    with as_system("tests"):
        every = set(JournalEntry.objects.values_list("pk", flat=True))
    assert _seen(viewer) == every


def test_what_somebody_did_stays_theirs_to_see() -> None:
    root = organisation("t-root", "government")
    administrator, other = member("t-admin", root, "administrator"), organisation("t-other", "department")
    assert _seen(administrator) == set()
    edit_organisation(by=administrator, organisation=int(other.pk), version=1, name_zh="改过的名字")
    assert len(_seen(administrator)) == 1


def test_a_second_role_with_the_permission_opens_only_what_it_sees(office: Organisation) -> None:
    """The deputy's sight of public bodies is not lent to the officer's permission."""
    other = organisation("t-other", "department")
    viewer = Viewer(1, "both", (Grant(int(office.pk), "officer"), Grant(1, "deputy")), frozenset({int(other.pk)}))
    assert viewer.owners_in("journal") == {int(office.pk)}
    assert viewer.owners_in("files") == {int(office.pk), int(other.pk)}


GRANTS = st.lists(
    st.builds(
        Grant,
        st.integers(1, 4),
        st.sampled_from(["officer", "analyst", "deputy", "head", "auditor", "administrator", "enterprise"]),
        below=st.frozensets(st.integers(5, 7)),
        scopes=st.none() | st.frozensets(st.sampled_from(["files", "cases", "directory"])),
    ),
    min_size=1,
    max_size=4,
)


@given(grants=GRANTS)
def test_the_database_is_told_of_every_scope_what_the_gate_knows(grants: list[Grant]) -> None:
    """A scope stands for itself or under ``*``, as the function of the policies reads it."""
    viewer = Viewer(1, "anybody", tuple(grants), frozenset({8, 9}))
    said = json.loads(told(viewer))
    for part, known in (("owners", viewer.owners_in), ("offices", viewer.offices_in)):
        for scope in ("directory", "files", "journal", "cases"):
            array = said[part].get(scope, said[part].get("*"))
            assert {int(one) for one in array.strip("{}").split(",") if one} == known(scope)
    assert ("journal" in said["wholly"]) == viewer.wholly("journal")
