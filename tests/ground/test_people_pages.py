"""The pages of people and organisations as they are used: forms sent once, faults beside their fields, nothing lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bridgehead.ground.access.viewer import as_system, system
from bridgehead.ground.models import JournalEntry, Mandate, Membership, Organisation, Person
from bridgehead.ground.people.memberships import enrol
from bridgehead.ground.people.organisations import create_organisation, edit_organisation

pytestmark = pytest.mark.django_db
BY = system("tests")
TOMORROW = (timezone.localdate() + timedelta(days=1)).isoformat()


@pytest.fixture
def one() -> Organisation:
    made: Organisation = create_organisation(by=BY, code="t-one", name_zh="测试一", kind="enterprise")
    return made


@pytest.fixture
def boss(one: Organisation) -> Person:
    person: Person = enrol(by=BY, organisation=one.pk, login="t-boss", name="老板", role="enterprise_admin").person
    return person


@pytest.fixture
def browser_of(client: Client, boss: Person) -> Client:
    client.force_login(boss)
    return client


def sent(html: str, form: str) -> dict[str, str]:
    """Return the hidden fields of a form of a page."""
    for part in re.findall(r"<form.*?</form>", html, re.S):
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', part))
        if hidden.get("form") == form:
            return hidden
    raise AssertionError(f"no form {form} on the page")


def opened(client: Client, address: str, form: str) -> dict[str, str]:
    return sent(client.get(address).content.decode(), form)


def test_somebody_is_registered_once_however_often_the_form_is_sent(browser_of: Client) -> None:
    address = "/organisations/t-one/members/"
    fields = {**opened(browser_of, address, "enrol"), "login": "t-new", "name": "新人", "role": "enterprise"}
    answer = browser_of.post(address, fields)
    assert answer.status_code == 302
    assert answer["Location"] == f"{address}?done=enrol"
    assert "已登记并授予角色" in browser_of.get(answer["Location"]).content.decode()
    again = browser_of.post(address, fields)
    assert again.status_code == 409
    html = again.content.decode()
    assert "action.repeated" in html
    assert re.search(r"id=\"enrol-login\"[^>]*value=\"\"", html), "what is saved must not be sent anew by accident"
    with as_system("tests"):
        assert Person.objects.filter(login="t-new").count() == 1
        assert Membership.objects.filter(person__login="t-new").count() == 1


def test_faults_stand_beside_their_fields_and_nothing_typed_is_lost(browser_of: Client) -> None:
    address = "/organisations/t-one/members/"
    fields = {
        **opened(browser_of, address, "enrol"),
        "login": "x",
        "name": "新人",
        "email": "no address",
        "role": "auditor",
        "starts_on": "next week",
    }
    answer = browser_of.post(address, fields)
    assert answer.status_code == 422
    assert "form.not_a_date" not in answer.content.decode().split("says")[0]
    answer = browser_of.post(address, {**fields, "starts_on": TOMORROW})
    html = answer.content.decode()
    assert answer.status_code == 422
    for name in ("login", "email"):
        tag = re.search(rf'<input id="enrol-{name}".*?>', html, re.S)
        assert tag is not None
        assert 'aria-invalid="true"' in tag[0]
        described = re.search(r'aria-describedby="([^"]*)"', tag[0])
        assert described is not None
        assert all(f'id="{one}"' in html for one in described[1].split())
    assert 'value="新人"' in html
    assert f'value="{TOMORROW}"' in html
    with as_system("tests"):
        assert not Person.objects.filter(name="新人").exists()


def test_two_people_change_one_record_and_the_second_sees_both_states(browser_of: Client, one: Organisation) -> None:
    address = "/organisations/t-one/"
    fields = {**opened(browser_of, address, "edit"), "name_zh": "我的名字", "name_en": "Mine", "uscc": ""}
    edit_organisation(by=BY, organisation=one.pk, version=1, name_zh="别人的名字", name_en="Theirs")
    answer = browser_of.post(address, fields)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "action.changed_meanwhile" in html
    assert 'value="我的名字"' in html
    assert re.search(r'id="edit-name_zh-now">\s*现在记录里是：别人的名字', html)
    again = browser_of.post(address, {**fields, **sent(html, "edit")})
    assert again.status_code == 302
    with as_system("tests"):
        assert Organisation.objects.get(pk=one.pk).name_zh == "我的名字"


def test_a_mandate_is_given_and_withdrawn_by_its_forms(browser_of: Client, one: Organisation) -> None:
    broker = create_organisation(by=BY, code="t-broker", name_zh="测试报关行", kind="broker")
    address = "/organisations/t-one/mandates/"
    fields = {**opened(browser_of, address, "give"), "agent": str(broker.pk), "scopes": ["files", "cases"]}
    assert browser_of.post(address, fields).status_code == 422
    fields |= opened(browser_of, address, "give")
    assert browser_of.post(address, {**fields, "ends_on": TOMORROW}).status_code == 302
    with as_system("tests"):
        made = Mandate.objects.get(principal=one)
    assert made.scopes == ["cases", "files"]
    html = browser_of.get(address).content.decode()
    assert "测试报关行" in html
    assert "快到期" in html
    hidden = opened(browser_of, address, f"withdraw-{made.pk}")
    assert browser_of.post(address, {**hidden, "reason": "不再需要"}).status_code == 302
    assert browser_of.post(address, hidden).status_code == 409
    with as_system("tests"):
        assert Mandate.objects.get(pk=made.pk).withdrawn_on is not None
        assert JournalEntry.objects.filter(action="mandate.withdraw", reason="不再需要").exists()


def test_no_scope_is_told_beside_the_boxes(browser_of: Client) -> None:
    broker = create_organisation(by=BY, code="t-broker", name_zh="测试报关行", kind="broker")
    address = "/organisations/t-one/mandates/"
    fields = {**opened(browser_of, address, "give"), "agent": str(broker.pk), "ends_on": TOMORROW}
    html = browser_of.post(address, fields).content.decode()
    assert 'id="scopes-says"' in html
    assert f'<option value="{broker.pk}" selected>' in html


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"form": "enrol"},
        {"form": "enrol", "once": "short"},
        {"form": "enrol", "once": "x" * 65},
        {"form": "end-1", "once": "a-key-that-is-long"},
        {"form": "appoint", "once": "键" * 20},
    ],
)
def test_a_form_that_is_none_is_refused_and_changes_nothing(browser_of: Client, fields: dict[str, Any]) -> None:
    before = JournalEntry.objects.count()
    assert browser_of.post("/organisations/t-one/members/", fields).status_code in (403, 422)
    assert JournalEntry.objects.count() == before


@pytest.mark.parametrize("given", ["\x00", "9" * 30, "-1", "x", "１"])
def test_no_value_breaks_a_form(browser_of: Client, given: str) -> None:
    address = "/organisations/t-one/mandates/"
    names = ("agent", "scopes", "starts_on", "ends_on", "note")
    fields = {**opened(browser_of, address, "give"), **dict.fromkeys(names, given)}
    assert browser_of.post(address, fields).status_code == 422
    address = "/organisations/t-one/"
    fields = {**opened(browser_of, address, "edit"), "version": given, "name_zh": "x"}
    assert browser_of.post(address, fields).status_code in (403, 409)


def test_the_accounts_of_an_organisation_are_closed_to_others(client: Client, one: Organisation, boss: Person) -> None:
    body = create_organisation(by=BY, code="t-dep", name_zh="测试厅", kind="department")
    other = create_organisation(by=BY, code="t-two", name_zh="测试二", kind="enterprise")
    officer = enrol(by=BY, organisation=body.pk, login="t-officer", name="经办", role="officer").person
    rival = enrol(by=BY, organisation=other.pk, login="t-rival", name="对手", role="enterprise_admin").person
    pages = ("members/", "mandates/", "absences/")
    for person in (None, officer, rival):
        client.logout()
        if person is not None:
            client.force_login(person)
        assert client.get("/organisations/t-one/").status_code == 404
        assert client.get("/api/organisations/t-one").status_code == 404
        for page in pages:
            assert client.get(f"/organisations/t-one/{page}").status_code in (401, 404)
            assert client.get(f"/api/organisations/t-one/{page.rstrip('/')}").status_code in (401, 404)
        for page in pages:
            assert client.get(f"/organisations/150000/{page}").status_code in (401, 403)
        assert "老板" not in client.get("/organisations/").content.decode()
        assert "测试一" not in client.get("/organisations.csv").content.decode()
    client.force_login(boss)
    assert all(client.get(f"/organisations/t-one/{page}").status_code == 200 for page in pages)


def test_an_official_who_looks_at_an_enterprise_stands_in_its_journal(client: Client, one: Organisation) -> None:
    root = create_organisation(by=BY, code="t-gov", name_zh="测试政府", kind="government")
    auditor = enrol(by=BY, organisation=root.pk, login="t-auditor", name="审计", role="auditor").person
    client.force_login(auditor)
    client.get("/organisations/t-one/members/")
    with as_system("tests"):
        read = JournalEntry.objects.get(action="read.record")
    assert (read.actor_name, read.record_kind, read.owner_id) == ("审计", "organisation", one.pk)


def test_the_tree_is_a_csv_too(client: Client) -> None:
    text = client.get("/organisations.csv").content.decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].startswith("code,name_zh")
    assert len(lines) == 155
    assert any(line.startswith("150781,满洲里市人民政府,") and ",150700,150000," in line for line in lines)


def test_a_fault_of_a_field_the_form_has_not_is_told_above_it_with_its_cure(browser_of: Client, boss: Person) -> None:
    address = "/organisations/t-one/members/"
    fields = {**opened(browser_of, address, "appoint"), "login": boss.login, "role": "enterprise"}
    answer = browser_of.post(address, fields)
    assert answer.status_code == 422
    html = answer.content.decode()
    told = html[: html.index("<form")] if "<form" in html.partition('role="alert"')[0] else html
    above = re.search(r'<div class="error" role="alert">.*?</div>', told, re.S)
    assert above is not None
    assert "membership.to_oneself" in above[0]
    assert "不能给自己角色（企业用户）" in above[0]
    assert "请另一位有权的人来授予" in above[0]
    english = browser_of.post(f"/en{address}", {**fields, "once": "anotherkey"}).content.decode()
    assert "Nobody gives themselves a role (enterprise user)." in english


def test_a_mandate_held_already_is_not_given_twice(browser_of: Client, one: Organisation) -> None:
    broker = create_organisation(by=BY, code="t-broker", name_zh="代理行", kind="broker")
    address = "/organisations/t-one/mandates/"
    given = {"agent": str(broker.pk), "scopes": ["cases", "files"], "ends_on": TOMORROW}
    assert browser_of.post(address, {**opened(browser_of, address, "give"), **given}).status_code == 302
    again = browser_of.post(address, {**opened(browser_of, address, "give"), **given, "scopes": ["files", "imports"]})
    assert again.status_code == 422
    html = again.content.decode()
    assert f"代理行 已经有这个范围的委托（文件），到 {TOMORROW} 为止。" in re.sub(r"<[^>]+>", "", html)
    # Other scopes, other days and, once it is withdrawn, the same again are no second mandate.
    assert (
        browser_of.post(address, {**opened(browser_of, address, "give"), **given, "scopes": ["imports"]}).status_code
        == 302
    )
    with as_system("tests"):
        first = Mandate.objects.get(principal=one, scopes=["cases", "files"])
    assert browser_of.post(address, opened(browser_of, address, f"withdraw-{first.pk}")).status_code == 302
    assert browser_of.post(address, {**opened(browser_of, address, "give"), **given}).status_code == 302
