"""The demonstration: marked, made by actions alone, the same twice, and gone when it is wiped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import uscc

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import as_system, system
from bridgehead.ground.demonstration import people, registry
from bridgehead.ground.demonstration.registry import fill, wipe
from bridgehead.ground.models import Delegation, JournalEntry, Mandate, Membership, Organisation, Person
from bridgehead.ground.people.memberships import appoint, enrol
from bridgehead.ground.people.organisations import create_organisation
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.load import Region, load_region

pytestmark = pytest.mark.django_db
BY = system("tests")


@pytest.fixture(autouse=True)
def _reading_all() -> Any:
    with as_system("tests"):
        yield


@pytest.fixture(params=["shipped", "second"])
def region(request: pytest.FixtureRequest, second_region: Path) -> Region:
    if request.param == "shipped":
        return current().region
    Organisation.objects.update(reports_to=None, parent=None)
    Organisation.objects.all().delete()
    return load_region(second_region)


def counted() -> dict[str, int]:
    return {
        model.__name__: model._default_manager.count()
        for model in (Organisation, Person, Membership, Mandate, Delegation)
    }


def test_it_has_every_kind_and_role_and_all_of_it_is_marked(region: Region) -> None:
    before = set(Organisation.objects.values_list("code", flat=True))
    fill(region, "demo-of-the-tests")
    assert {row.kind for row in Organisation.objects.all()} == set(roles().kinds)
    assert {row.role for row in Membership.objects.all()} == set(roles().roles)
    made = Organisation.objects.exclude(code__in=before)
    assert all(one.demo and "示意" in one.name_zh and "demonstration" in one.name_en for one in made)
    assert all(person.demo and "示意" in person.name for person in Person.objects.all())
    ports = [row for row in region.rows("ports") if row["status"] == "open"]
    assert made.filter(kind="port_administration").count() >= len(ports) > 0
    numbers = list(made.exclude(uscc=None).values_list("uscc", flat=True))
    assert len(numbers) == len(set(numbers)) == 7
    assert all(uscc.is_valid(number) and number[2:8] == people.NOWHERE for number in numbers)
    left = sorted((one.ends_on - one.starts_on).days for one in Mandate.objects.all())
    assert left[0] <= 30 < left[-1], "one mandate ends soon and one does not"
    assert Delegation.objects.count() == 1
    assert all(person.check_password("demo-of-the-tests") for person in Person.objects.all()[:2])
    assert viewer_of(Person.objects.get(login="demo-administrator")).may("organisation.create")


def test_every_row_of_it_is_told_by_the_journal(region: Region) -> None:
    before = {kind: set() for kind in ("organisation", "person", "membership", "mandate", "delegation")}
    old = set(Organisation.objects.values_list("id", flat=True))
    fill(region, "demo-of-the-tests")
    for kind, model in zip(before, (Organisation, Person, Membership, Mandate, Delegation), strict=True):
        rows = {str(pk) for pk in model._default_manager.values_list("id", flat=True)}
        rows -= {str(pk) for pk in old} if model is Organisation else set()
        told = JournalEntry.objects.filter(record_kind=kind, actor_name=registry.BY).values_list("record_id", flat=True)
        assert rows <= set(told), kind


@pytest.mark.parametrize("region", ["shipped", pytest.param("second", marks=pytest.mark.slow)], indirect=True)
def test_a_second_time_changes_nothing_and_wiping_leaves_what_was_there(region: Region) -> None:
    before = counted()
    fill(region, "demo-of-the-tests")
    filled, entries = counted(), JournalEntry.objects.count()
    assert filled["Mandate"] == 4
    again = fill(region, "demo-of-the-tests")
    assert not again.made
    assert (counted(), JournalEntry.objects.count()) == (filled, entries)
    stage = wipe(region)
    assert counted() == before
    assert stage.made["closed"] == 0
    assert JournalEntry.objects.count() > entries, "the journal keeps it all"
    assert not Person.objects.filter(demo=True).exists()
    assert not wipe(region).made["removed"]


def test_it_does_not_come_to_a_platform_with_real_people_unless_asked() -> None:
    region = current().region
    at = Organisation.objects.get(code="nm-swt")
    enrol(by=BY, organisation=at.pk, login="real-one", name="真人", role="officer")
    with pytest.raises(BridgeheadError, match=r"demonstration.real_people"):
        fill(region, "demo-of-the-tests")
    assert not Organisation.objects.filter(demo=True).exists()
    fill(region, "demo-of-the-tests", beside_real_data=True)
    assert not any(person.has_usable_password() for person in Person.objects.filter(demo=True))


def test_what_real_records_rest_on_is_closed_instead() -> None:
    region = current().region
    fill(region, "")
    broker = Organisation.objects.get(code="demo-broker-1")
    real = enrol(by=BY, organisation=broker.pk, login="real-one", name="真人", role="broker")
    below = create_organisation(by=BY, code="real-below", name_zh="真企业", kind="enterprise", parent=broker.pk)
    other = Organisation.objects.get(code="nm-swt")
    guest = Person.objects.get(login="demo-officer")
    appoint(by=BY, person=guest.pk, organisation=other.pk, role="officer")
    stage = wipe(region)
    broker.refresh_from_db()
    assert broker.closed_on is not None
    assert stage.made["closed"] == 2
    assert set(Organisation.objects.filter(demo=True)) == {broker, broker.office}, "the broker and who keeps its books"
    assert not Person.objects.filter(demo=True).exists()
    assert Membership.objects.filter(pk=real.pk).exists()
    assert Organisation.objects.filter(pk=below.pk).exists()
    assert not viewer_of(real.person).grants


def test_only_marked_people_get_the_common_password_and_only_from_the_platform() -> None:
    at = Organisation.objects.get(code="nm-swt")
    real = enrol(by=BY, organisation=at.pk, login="real-one", name="真人", role="officer").person
    with pytest.raises(BridgeheadError, match=r"action.not_allowed"):
        people.give_password(by=BY, person=real.pk, password="demo-of-the-tests")
    fill(current().region, "", beside_real_data=True)
    boss = viewer_of(Person.objects.get(login="demo-administrator"))
    marked = Person.objects.get(login="demo-auditor")
    for work in (
        lambda: people.give_password(by=boss, person=marked.pk, password="demo-of-the-tests"),
        lambda: people.remove_demonstration(by=boss),
    ):
        with pytest.raises(BridgeheadError, match=r"action.not_allowed"):
            work()
