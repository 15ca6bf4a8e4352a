"""People, organisations, mandates and absences: one clear error for each slip, and no way round a role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import Viewer, as_system, system, viewing
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import JournalEntry, Membership, Organisation, Person
from bridgehead.ground.people import directory, selectors
from bridgehead.ground.people.accounts import deactivate_person, register_person, seat
from bridgehead.ground.people.memberships import appoint, end_membership, enrol
from bridgehead.ground.people.organisations import (
    adopt_region,
    close_organisation,
    create_organisation,
    edit_organisation,
)
from bridgehead.ground.people.standing_in import delegate, give_mandate, withdraw_delegation
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError, sentence
from bridgehead.regions.load import load_region
from tests.ground.world import member, organisation

pytestmark = pytest.mark.django_db
BY = system("tests")
TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)


@action("test.file_for", permission="file.store")
def file_for(deed: Deed, *, owner: int) -> None:
    deed.require_in(owner)


class House:
    """An office, two enterprises and a broker with people."""

    def __init__(self) -> None:
        self.office = self.body("office", "department")
        self.one = self.body("one", "enterprise", office=self.office.pk)
        self.two = self.body("two", "enterprise", office=self.office.pk)
        self.broker = self.body("broker", "broker")
        self.root = self.body("root", "government")
        self.boss = self.person("boss", self.one, "enterprise_admin")
        self.clerk = self.person("clerk", self.one, "enterprise")
        self.rival = self.person("rival", self.two, "enterprise_admin")
        self.agent = self.person("agent", self.broker, "broker")
        self.head = self.person("head", self.office, "head")
        self.officer = self.person("officer", self.office, "officer")
        self.admin = self.person("admin", self.root, "administrator")
        self.auditor = self.person("auditor", self.root, "auditor")

    def body(self, code: str, kind: str, **more: Any) -> Organisation:
        return create_organisation(by=BY, code=f"t-{code}", name_zh=f"测试{code}", kind=kind, **more)

    def person(self, login: str, at: Organisation, role: str) -> Person:
        return enrol(by=BY, organisation=at.pk, login=f"t-{login}", name=login, role=role).person


@pytest.fixture
def house() -> House:
    with as_system("tests"):
        return House()


def as_(person: Person) -> Viewer:
    with as_system("tests"):
        return viewer_of(Person.objects.get(pk=person.pk))


def refusal(work: Any) -> str:
    """Return the code of the one refusal, which changed nothing."""
    with as_system("tests"):
        before = JournalEntry.objects.count()
    with pytest.raises(BridgeheadError) as refused:
        work()
    with as_system("tests"):
        assert JournalEntry.objects.count() == before
    assert len(refused.value.faults) == 1, [fault.code for fault in refused.value.faults]
    return refused.value.code


def version_of(record: Any) -> int:
    with as_system("tests"):
        return int(type(record)._default_manager.get(pk=record.pk).version)


def membership(person: Person) -> Membership:
    with as_system("tests"):
        return Membership.objects.get(person=person)


# One clear error each


def test_a_mandate_that_is_over_permits_nothing_and_says_since_when(house: House, monkeypatch: Any) -> None:
    ends = TODAY + timedelta(days=3)
    give_mandate(by=as_(house.boss), principal=house.one.pk, agent=house.broker.pk, scopes=["files"], ends_on=ends)
    file_for(by=as_(house.agent), owner=house.one.pk)
    monkeypatch.setattr("bridgehead.ground.access.grants.timezone.localdate", lambda: ends + timedelta(days=1))
    with pytest.raises(BridgeheadError) as refused:
        file_for(by=as_(house.agent), owner=house.one.pk)
    assert refused.value.code == "action.mandate_over"
    assert refused.value.parameters == {"principal": "测试one", "on": ends.isoformat()}
    assert refusal(lambda: file_for(by=as_(house.rival), owner=house.one.pk)) == "action.not_allowed"


@pytest.mark.parametrize("role", ["enterprise", "enterprise_admin"])
def test_nobody_gives_a_role_to_themselves(house: House, role: str) -> None:
    boss = house.boss
    if role == "enterprise_admin":
        with as_system("tests"):  # a role that ends, so that a longer one would be something new
            end_membership(by=BY, membership=membership(boss).pk, version=1, on=TODAY)
        code = refusal(
            lambda: appoint(by=as_(boss), person=boss.pk, organisation=house.one.pk, role=role, starts_on=TOMORROW)
        )
    else:
        code = refusal(lambda: appoint(by=as_(boss), person=boss.pk, organisation=house.one.pk, role=role))
    assert code == "membership.to_oneself"


def test_nobody_makes_their_own_role_longer_by_ending_it_later(house: House) -> None:
    own = membership(house.boss)
    end_membership(by=BY, membership=own.pk, version=own.version, on=TOMORROW)
    later = TODAY + timedelta(days=300)
    code = refusal(lambda: end_membership(by=as_(house.boss), membership=own.pk, version=2, on=later))
    assert code == "membership.end_is_later"


def test_a_stand_in_gives_no_roles(house: House) -> None:
    delegate(by=as_(house.boss), membership=membership(house.boss).pk, delegate=house.clerk.pk, ends_on=TOMORROW)
    new = register_person(by=as_(house.clerk), organisation=house.one.pk, login="t-new", name="new")
    clerk = as_(house.clerk)
    for person, role in ((new, "enterprise"), (new, "enterprise_admin")):
        code = refusal(lambda p=person, r=role: appoint(by=clerk, person=p.pk, organisation=house.one.pk, role=r))
        assert code == "membership.not_yours_to_give"
    own = membership(house.boss)
    assert refusal(lambda: end_membership(by=clerk, membership=own.pk, version=1)) == "membership.not_yours_to_give"


def test_a_form_sent_twice_is_done_once(house: House) -> None:
    boss = as_(house.boss)

    def send() -> None:
        enrol(by=boss, organisation=house.one.pk, login="t-x", name="x", role="enterprise", once="key-of-the-form")

    send()
    assert refusal(send) == "action.repeated"


def test_the_second_of_two_who_change_a_record_hears_it(house: House) -> None:
    boss = as_(house.boss)
    edit_organisation(by=boss, organisation=house.one.pk, version=1, name_zh="新名", office=house.office.pk)
    code = refusal(
        lambda: edit_organisation(by=boss, organisation=house.one.pk, version=1, name_zh="旧名", office=house.office.pk)
    )
    assert code == "action.changed_meanwhile"


def test_no_organisation_stands_above_itself_not_even_by_a_chain(house: House) -> None:
    admin = as_(house.admin)
    with as_system("tests"):
        top = house.body("top", "department")
        middle = house.body("middle", "department", parent=top.pk)
        low = house.body("low", "department", parent=middle.pk)
    for parent in (top, middle, low):
        code = refusal(
            lambda p=parent: edit_organisation(
                by=admin, organisation=top.pk, version=1, name_zh=top.name_zh, parent=p.pk
            )
        )
        assert code == "organisation.own_parent"


def test_no_organisation_stands_above_itself_past_whom_it_reports_to() -> None:
    with as_system("tests"):
        city = Organisation.objects.get(code="150781")
        region = Organisation.objects.get(code="150000")
        assert city.reports_to == region
        made = create_organisation(by=BY, code="t-above", name_zh="测试", kind="government")
        # whoever reports to the city stands below it, whatever its parent
        Organisation.objects.filter(pk=made.pk).update(reports_to=city)
    code = refusal(lambda: _move_below(made, made))
    assert code == "organisation.own_parent"


def _move_below(record: Organisation, parent: Organisation) -> None:
    edit_organisation(by=BY, organisation=record.pk, version=record.version, name_zh=record.name_zh, parent=parent.pk)


def test_nobody_mandates_themselves(house: House) -> None:
    code = refusal(
        lambda: give_mandate(
            by=as_(house.boss), principal=house.one.pk, agent=house.one.pk, scopes=["files"], ends_on=TOMORROW
        )
    )
    assert code == "mandate.to_oneself"


def test_a_mandate_names_known_scopes(house: House) -> None:
    for scopes, code in ((["files", "everything"], "mandate.unknown_scope"), ([], "mandate.no_scope")):
        assert code == refusal(
            lambda s=scopes: give_mandate(
                by=as_(house.boss), principal=house.one.pk, agent=house.broker.pk, scopes=s, ends_on=TOMORROW
            )
        )


# No way round


def test_the_accounts_of_others_can_be_neither_seen_nor_appointed(house: House) -> None:
    boss = as_(house.boss)
    for person in (house.rival, house.officer, house.admin, house.agent):
        code = refusal(lambda p=person: appoint(by=boss, person=p.pk, organisation=house.one.pk, role="enterprise"))
        assert code == "action.no_such_record"
        with viewing(boss):
            assert selectors.person_by_login(person.login) is None
    with viewing(boss):
        assert selectors.person_by_login("T-CLERK") == house.clerk


def test_people_are_registered_only_where_one_manages_members(house: House) -> None:
    boss = as_(house.boss)
    for at in (house.two.pk, None):
        code = refusal(lambda a=at: register_person(by=boss, organisation=a, login="t-y", name="y"))
        assert code in ("action.not_allowed", "action.no_such_record")
    assert register_person(by=boss, organisation=house.one.pk, login="t-y", name="y").home_id == house.one.pk


def test_a_head_gives_roles_only_in_their_own_house(house: House) -> None:
    with as_system("tests"):
        other = house.body("other", "department", parent=house.office.pk)
    head = as_(house.head)
    assert (
        refusal(lambda: appoint(by=head, person=house.officer.pk, organisation=other.pk, role="officer"))
        == "action.not_allowed"
    )
    for role in ("head", "administrator", "auditor", "coordination"):
        code = _first_fault(
            lambda r=role: appoint(by=head, person=house.officer.pk, organisation=house.office.pk, role=r)
        )
        assert code in ("membership.role_not_here", "membership.not_yours_to_give")


def _first_fault(work: Any) -> str:
    with pytest.raises(BridgeheadError) as refused:
        work()
    return refused.value.code


def test_a_role_that_only_reads_writes_nothing_and_hinders_no_other_role(house: House) -> None:
    auditor = as_(house.auditor)
    assert (
        refusal(lambda: edit_organisation(by=auditor, organisation=house.one.pk, version=1, name_zh="x"))
        == "action.not_allowed"
    )
    with as_system("tests"):
        both = house.person("both", house.root, "deputy")
        appoint(by=BY, person=both.pk, organisation=house.root.pk, role="officer")
    file_for(by=as_(both), owner=house.root.pk)


def test_a_stand_in_who_leaves_holds_the_role_no_more(house: House) -> None:
    delegate(by=as_(house.head), membership=membership(house.head).pk, delegate=house.officer.pk, ends_on=TOMORROW)
    assert as_(house.officer).may("member.manage", house.office.pk)
    own = membership(house.officer)
    end_membership(by=as_(house.head), membership=own.pk, version=1)
    assert not as_(house.officer).grants


def test_whoever_manages_members_ends_an_absence_and_a_stand_in_does_not(house: House) -> None:
    made = delegate(
        by=as_(house.head),
        membership=membership(house.head).pk,
        delegate=house.officer.pk,
        ends_on=TOMORROW,
    )
    assert (
        refusal(lambda: withdraw_delegation(by=as_(house.officer), delegation=made.pk, version=1))
        == "delegation.not_yours"
    )
    withdraw_delegation(by=as_(house.admin), delegation=made.pk, version=1)
    assert not as_(house.officer).may("member.manage", house.office.pk)


def test_a_role_is_taken_back_at_once_even_on_its_first_day(house: House) -> None:
    own = membership(house.clerk)
    assert own.starts_on == TODAY
    end_membership(by=as_(house.boss), membership=own.pk, version=1)
    assert not as_(house.clerk).grants
    again = appoint(by=as_(house.boss), person=house.clerk.pk, organisation=house.one.pk, role="enterprise")
    assert as_(house.clerk).grants
    assert refusal(lambda: end_membership(by=as_(house.boss), membership=own.pk, version=2)) == "membership.ended"
    assert again.pk != own.pk


def test_a_role_that_was_to_begin_never_does(house: House) -> None:
    begin = TODAY + timedelta(days=5)
    made = appoint(
        by=as_(house.head), person=house.officer.pk, organisation=house.office.pk, role="analyst", starts_on=begin
    )
    end_membership(by=as_(house.head), membership=made.pk, version=1)
    with as_system("tests"):
        later = viewer_of(Person.objects.get(pk=house.officer.pk), on=begin)
    assert [grant.role for grant in later.grants] == ["officer"]


def test_the_last_administrator_stays_whatever_is_tried(house: House) -> None:
    own = membership(house.admin)
    with as_system("tests"):
        Membership.objects.filter(role="administrator").exclude(pk=own.pk).delete()
    admin = as_(house.admin)
    assert refusal(lambda: end_membership(by=admin, membership=own.pk, version=1)) == "membership.last_administrator"
    assert (
        refusal(lambda: close_organisation(by=admin, organisation=house.root.pk, version=1, on=TODAY))
        == "membership.last_administrator"
    )
    assert (
        refusal(lambda: deactivate_person(by=BY, person=house.admin.pk, version=1)) == "membership.last_administrator"
    )
    passing = house.person("passing", house.root, "officer")
    appoint(by=admin, person=passing.pk, organisation=house.root.pk, role="administrator", ends_on=TOMORROW)
    assert refusal(lambda: end_membership(by=admin, membership=own.pk, version=1)) == "membership.last_administrator"


def test_a_closing_day_to_come_closes_nothing_yet(house: House, monkeypatch: Any) -> None:
    on = TODAY + timedelta(days=2)
    close_organisation(by=as_(house.admin), organisation=house.two.pk, version=1, on=on)
    assert as_(house.rival).grants
    monkeypatch.setattr("bridgehead.ground.access.grants.timezone.localdate", lambda: on)
    assert not as_(house.rival).grants


# Adopting the region


def test_the_region_is_adopted_once_and_a_change_of_the_table_follows(house: House) -> None:
    region = current().region
    with as_system("tests"):
        before = JournalEntry.objects.count()
        assert adopt_region(by=BY, region=region) == (0, 0)
        assert JournalEntry.objects.count() == before
        Organisation.objects.filter(code="nm-swt").update(name_zh="别的")
        assert adopt_region(by=BY, region=region) == (0, 1)
        assert Organisation.objects.filter(from_region=True).count() == len(region.rows("orgs")) == 154


def test_an_organisation_registered_by_hand_is_not_taken_over_by_a_row(house: House) -> None:
    with as_system("tests"):
        Organisation.objects.filter(code="nm-swt").update(from_region=False, name_zh="手工登记的", kind="enterprise")
        before = JournalEntry.objects.count()
        with pytest.raises(BridgeheadError) as refused:
            adopt_region(by=BY, region=current().region)
        assert [fault.code for fault in refused.value.faults] == ["organisation.code_of_another"]
        assert refused.value.faults[0].place.row is not None
        assert "手工登记的" in sentence(refused.value.faults[0], "zh").message
        assert Organisation.objects.get(code="nm-swt").name_zh == "手工登记的"
        assert JournalEntry.objects.count() == before


def test_a_region_without_the_table_is_adopted_too(second_region: Any) -> None:
    assert adopt_region(by=BY, region=load_region(second_region)) == (0, 0)


def test_names_of_the_table_are_not_edited_by_hand(house: House) -> None:
    with as_system("tests"):
        record = Organisation.objects.get(code="nm-swt")
    code = refusal(
        lambda: edit_organisation(
            by=as_(house.admin),
            organisation=record.pk,
            version=record.version,
            name_zh="商务局",
            name_en=record.name_en,
            parent=record.parent_id,
        )
    )
    assert code == "organisation.from_region"


def test_administrators_never_sit_in_the_demonstration() -> None:
    @action("test.seat")
    def sit(deed: Deed) -> Organisation:
        return seat(deed)

    with as_system("tests"):
        create_organisation(by=BY, code="demo-g", name_zh="示意", kind="government", demo=True)
        Organisation.objects.filter(kind="government", parent=None, demo=False).update(kind="vertical")
    assert not sit(by=BY).demo


# The tree


def test_the_tree_holds_the_whole_table_in_groups_and_finds_by_name() -> None:
    tree = directory.tree()
    assert sum(1 for _ in tree.nodes()) == tree.total == 154
    top = next(node for node in tree.nodes() if node.record.code == "150000")
    assert {group.key: len(group.nodes) for group in top.groups}["league_city"] == 12
    banners = sum(len(group.nodes) for node in top.groups[-1].nodes for group in node.groups)
    assert banners == 103
    found = directory.tree("二连浩特市")
    assert found.found == 1
    assert [node.record.code for node in found.nodes()] == ["150000", "152500", "152501"]


@pytest.mark.article(5)
def test_the_coordination_body_has_its_office_and_its_place() -> None:
    with as_system("tests"):
        body = Organisation.objects.get(kind="coordination")
        assert body.parent is not None
        assert body.parent.kind == "government"
    office = viewer_of(member(body, "coordination", "coordinator"))
    elsewhere = organisation("an-enterprise", "enterprise")
    assert office.grant_for("member.manage", body.pk) is not None
    assert office.grant_for("member.manage", elsewhere.pk) is None


def test_enterprises_are_in_the_tree_of_those_alone_who_may_see_them(house: House) -> None:
    def seen(viewer: Viewer | None) -> set[str]:
        with viewing(viewer or Viewer()):
            return {node.record.code for node in directory.tree().nodes()} & {"t-one", "t-two", "t-office"}

    assert seen(None) == {"t-office"}
    assert seen(as_(house.boss)) == {"t-one", "t-office"}
    assert seen(as_(house.officer)) == seen(as_(house.auditor)) == {"t-one", "t-two", "t-office"}


def test_every_permission_has_words() -> None:
    assert set(roles().meanings) >= roles().permissions


@pytest.mark.parametrize(
    "email", ["a@" + "b" * 60 + "." + "c" * 250 + ".org", "no address", "a@b", "x" * 250 + "@example.org"]
)
def test_an_address_no_mail_reaches_or_too_long_to_be_kept_is_refused(house: House, email: str) -> None:
    assert (
        refusal(lambda: register_person(by=system("tests"), login="new-one", name="N", email=email))
        == "person.bad_email"
    )
    with as_system("tests"):
        assert not Person.objects.filter(login="new-one").exists()
