"""Actions: permission, validation, change and journal in one transaction."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import ANONYMOUS, as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import JournalEntry, Organisation, Task
from bridgehead.ground.people.accounts import edit_profile, register_person
from bridgehead.ground.people.memberships import appoint
from bridgehead.ground.people.organisations import edit_organisation
from bridgehead.ground.people.standing_in import give_mandate
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from tests.ground.world import BY, World, member, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def there() -> World:
    return world()


def _entries(**asked: object) -> list[JournalEntry]:
    with as_system("tests"):
        return list(JournalEntry.objects.filter(**asked).order_by("id"))


def _stored(pk: int) -> Organisation:
    with as_system("tests"):
        return Organisation.objects.get(pk=pk)


@pytest.mark.article(79)
def test_a_change_and_its_entry_say_who_for_whom_when_what_and_why(there: World) -> None:
    who = member(there.alpha, "enterprise_admin", name="安娜")
    by = viewer_of(who, request="r-1")
    edit_organisation(
        by=by, organisation=there.alpha.pk, version=1, name_zh="甲公司（新）", office=there.office.pk, reason="更名"
    )
    (entry,) = _entries(action="organisation.edit")
    assert (entry.actor_id, entry.actor_name, entry.on_behalf_of) == (who.pk, "安娜", there.alpha.pk)
    assert (entry.role, entry.reason, entry.request) == ("enterprise_admin", "更名", "r-1")
    assert (entry.owner_id, entry.office_id) == (there.alpha.pk, there.office.pk)
    assert json.loads(entry.before) == {"name_zh": "甲公司"}
    after = json.loads(entry.after)
    assert after["name_zh"] == "甲公司（新）"
    assert after["version"] == 2
    assert after["code"] == "alpha"


def test_what_changes_nothing_writes_nothing(there: World) -> None:
    before = len(_entries())
    by = there.viewer(there.alpha, "enterprise_admin")
    after_appointing = len(_entries())
    edit_organisation(by=by, organisation=there.alpha.pk, version=1, name_zh="甲公司", office=there.office.pk)
    assert before < after_appointing == len(_entries())
    assert _stored(there.alpha.pk).version == 1


@action("test.fails")
def fails(deed: Deed, *, organisation: int) -> None:
    record = deed.lock(Organisation, organisation)
    deed.change(record, name_zh="半成品")
    deed.enqueue("test.task", {"a": 1})
    raise BridgeheadError("action.conflict", {"action": "test.fails"})


def test_a_failure_leaves_no_change_no_entry_and_no_task(there: World) -> None:
    with pytest.raises(BridgeheadError):
        fails(by=BY, organisation=there.alpha.pk)
    assert _stored(there.alpha.pk).name_zh == "甲公司"
    assert not _entries(action="test.fails")
    with as_system("tests"):
        assert not Task.objects.exists()


def test_all_faults_are_told_at_once_and_nothing_is_done(there: World) -> None:
    with pytest.raises(BridgeheadError) as told:
        register_person(by=BY, login="x", name=" ", email="nowhere", language="fr")
    assert [fault.code for fault in told.value.faults] == [
        "person.bad_login",
        "person.no_name",
        "person.bad_email",
        "person.bad_language",
    ]
    assert {fault.place.field for fault in told.value.faults} == {"login", "name", "email", "language"}


@action("test.checks_nothing")
def checks_nothing(deed: Deed, *, organisation: int) -> None:
    record = deed.lock(Organisation, organisation)
    deed.refuse("form.missing", {}, "due_on")
    deed.refuse("form.missing", {}, "name_zh")
    deed.change(record, name_zh="半成品")


def test_what_of_a_form_could_not_be_read_is_told_with_the_rest_and_nothing_is_done(there: World) -> None:
    unread = (Fault("form.not_a_date", {"value": "明天"}, Place(field="due_on")),)
    by = there.viewer(there.alpha, "enterprise_admin")
    with pytest.raises(BridgeheadError) as refused:
        checks_nothing(by=by, organisation=there.alpha.pk, unread=unread)
    told = [(one.code, one.place.field) for one in refused.value.faults]
    assert told == [("form.not_a_date", "due_on"), ("form.missing", "name_zh")]
    assert _stored(there.alpha.pk).name_zh == "甲公司"


def test_the_same_form_is_done_once(there: World) -> None:
    by = there.viewer(there.alpha, "enterprise_admin")
    edit_organisation(by=by, organisation=there.alpha.pk, version=1, name_zh="一", office=there.office.pk, once="k1")
    with pytest.raises(BridgeheadError) as told:
        edit_organisation(
            by=by, organisation=there.alpha.pk, version=2, name_zh="二", office=there.office.pk, once="k1"
        )
    assert told.value.code == "action.repeated"
    assert _stored(there.alpha.pk).name_zh == "一"


def test_of_two_people_changing_one_record_the_second_is_told_who_was_first(there: World) -> None:
    one, two = (
        there.viewer(there.alpha, "enterprise_admin"),
        viewer_of(member(there.alpha, "enterprise_admin", "two")),
    )
    edit_organisation(by=one, organisation=there.alpha.pk, version=1, name_zh="一", office=there.office.pk)
    with pytest.raises(BridgeheadError) as told:
        edit_organisation(by=two, organisation=there.alpha.pk, version=1, name_zh="二", office=there.office.pk)
    assert told.value.code == "action.changed_meanwhile"
    assert told.value.parameters["by"] == one.name
    with as_system("tests"):
        changed = timezone.localtime(JournalEntry.objects.latest("id").recorded_at)
    assert told.value.parameters["at"] == f"{changed:%Y-%m-%d %H:%M}", "by the clock of the region"
    assert _stored(there.alpha.pk).name_zh == "一"


@pytest.mark.parametrize("role", ["enterprise", "officer", "deputy", "auditor", "analyst"])
def test_whoever_may_not_is_refused_before_anything_else_is_said(there: World, role: str) -> None:
    at = there.alpha if role == "enterprise" else there.region if role in ("deputy", "auditor") else there.office
    by = there.viewer(at, role)
    with pytest.raises(BridgeheadError) as told:
        edit_organisation(by=by, organisation=there.alpha.pk, version=99, name_zh="")
    assert told.value.code in ("action.not_allowed", "action.no_such_record")
    assert _stored(there.alpha.pk).name_zh == "甲公司"


def test_nobody_in_particular_changes_nothing(there: World) -> None:
    with pytest.raises(BridgeheadError) as told:
        edit_profile(by=ANONYMOUS, version=1, name="x")
    assert told.value.code == "action.not_signed_in"


def test_an_enterprise_does_not_act_for_another(there: World) -> None:
    by = there.viewer(there.bravo, "enterprise_admin")
    end = datetime(2027, 1, 1, tzinfo=UTC).date()
    with pytest.raises(BridgeheadError) as told:
        give_mandate(by=by, principal=there.alpha.pk, agent=there.broker.pk, scopes=["files"], ends_on=end)
    assert told.value.code == "action.no_such_record"


def test_nobody_gives_themselves_a_role(there: World) -> None:
    head = member(there.office, "head")
    with pytest.raises(BridgeheadError) as told:
        appoint(by=viewer_of(head), person=head.pk, organisation=there.office.pk, role="officer")
    assert told.value.code == "membership.to_oneself"


@action("test.outer")
def outer(deed: Deed, *, alpha: int, bravo: int) -> None:
    edit_organisation(by=deed, organisation=alpha, version=1, name_zh="甲二")
    edit_organisation(by=deed, organisation=bravo, version=7, name_zh="乙二")


def test_actions_inside_an_action_stand_and_fall_together(there: World) -> None:
    with pytest.raises(BridgeheadError):
        outer(by=BY, alpha=there.alpha.pk, bravo=there.bravo.pk)
    assert _stored(there.alpha.pk).name_zh == "甲公司"
    assert not _entries(action="organisation.edit")
