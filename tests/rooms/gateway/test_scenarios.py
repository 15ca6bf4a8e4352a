"""Scenarios in the gateway: saved by who may, journalled, seen by whose they are, written without a script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bridgehead.engines.network.scenario_reading import scenario_from_plain
from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import Viewer, as_system, viewing
from bridgehead.ground.models import JournalEntry, Person
from bridgehead.ground.region import current, serving
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.scenarios import shipped_scenarios
from bridgehead.rooms.gateway.actions import save_scenario, withdraw_scenario
from bridgehead.rooms.gateway.models import Scenario
from bridgehead.rooms.gateway.selectors import scenarios as selectors
from tests.ground.world import World, member
from tests.site.forms import Forms

pytestmark = pytest.mark.django_db

CLOSED = {"edit": "close_port", "port": "erenhot-rail", "from": "2023-07-01", "to": "2023-07-10"}
COAL = {"edit": "demand", "commodity": "coking-coal", "factor": 0.5}


@pytest.fixture
def planner(there: World) -> Person:
    return member(there.office, "analyst", name="Li Hua")


def save(by: Viewer, at: int, *edits: object, reason: str = "因为要看", **more: Any) -> Scenario:
    plain = {"year": 2023, "edits": list(edits)}
    return save_scenario(by=by, organisation=at, title="试一试", plain=plain, reason=reason, **more)


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> set[tuple[str, str | None]]:
    return {(fault.code, fault.place.field) for fault in refused.value.faults}


@pytest.mark.article(8)
@pytest.mark.article(12)
@pytest.mark.article(17)
@pytest.mark.article(19)
def test_a_saved_scenario_is_journalled_with_who_and_why(there: World, planner: Person) -> None:
    record = save(viewer_of(planner), there.office.pk, CLOSED, COAL)
    read = scenario_from_plain({"year": record.base_year, "edits": record.edits}, current().components)
    assert read.content_hash == record.content_hash
    assert (record.base_hash, record.saved_by) == (current().components.content_hash, planner.pk)
    with as_system("tests"):
        entry = JournalEntry.objects.get(record_kind="scenario", record_id=str(record.pk))
    assert (entry.action, entry.actor_name, entry.reason) == ("scenario.save", "Li Hua", "因为要看")


@pytest.mark.parametrize("role", ["deputy", "auditor"])
def test_who_may_not_save_hears_nothing_else(there: World, role: str) -> None:
    reader = viewer_of(member(there.region, role))
    with pytest.raises(BridgeheadError) as refused:
        save(reader, there.region.pk, {"edit": "nonsense"})
    assert codes(refused) == {("action.not_allowed", None)}


def test_nobody_saves_for_another_body(there: World, planner: Person) -> None:
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        save(viewer_of(planner), there.other_office.pk, COAL)


def test_everything_wrong_is_told_with_its_field(there: World, planner: Person) -> None:
    with pytest.raises(BridgeheadError) as refused:
        save(viewer_of(planner), there.office.pk, COAL, COAL, {"edit": "close_port", "port": "nowhere"}, reason=" ")
    assert codes(refused) == {
        ("form.missing", "reason"),
        ("scenario.edited_twice", "edit-2-commodity"),
        ("scenario.unknown_id", "edit-3-port"),
    }
    with pytest.raises(BridgeheadError) as refused:
        save(viewer_of(planner), there.office.pk, reason="x" * 501)
    assert codes(refused) == {("scenario.text_too_long", "reason"), ("scenario.no_edits", "edits")}
    with as_system("tests"):
        assert not Scenario.objects.exists()


def test_a_later_scenario_supersedes_and_one_is_withdrawn_once(there: World, planner: Person) -> None:
    by = viewer_of(planner)
    first = save(by, there.office.pk, COAL)
    second = save(by, there.office.pk, CLOSED, supersedes=first.pk, version=first.version)
    with viewing(by):
        assert [one.id for one in selectors.saved(by)] == [str(second.pk)]
        assert selectors.seen(current(), by, str(first.pk)).later == second
    with pytest.raises(BridgeheadError, match=r"scenario\.superseded"):
        save(by, there.office.pk, CLOSED, supersedes=first.pk, version=first.version)
    with pytest.raises(BridgeheadError, match=r"action\.changed_meanwhile"):
        withdraw_scenario(by=by, scenario=second.pk, version=second.version + 1)
    gone = withdraw_scenario(by=by, scenario=second.pk, version=second.version, reason="错了")
    assert gone.withdrawn_at is not None
    with viewing(by):
        assert selectors.saved(by) == []
    with pytest.raises(BridgeheadError, match=r"scenario\.withdrawn"):
        withdraw_scenario(by=by, scenario=gone.pk, version=gone.version)
    with as_system("tests"):
        first.refresh_from_db()
    assert first.edits == [COAL], "what was saved stays as it was"


def test_another_body_sees_nothing_of_it(there: World, planner: Person, client: Client) -> None:
    record = save(viewer_of(planner), there.office.pk, COAL)
    stranger = member(there.other_office, "analyst")
    for person in (None, stranger):
        if person is not None:
            client.force_login(person)
        assert client.get(f"/scenarios/{record.pk}/").status_code == 404
        assert client.get(f"/api/scenarios/{record.pk}").status_code == 404
        assert "试一试" not in client.get("/scenarios/").content.decode()
        assert client.get("/api/scenarios").json()["saved"] == []
    client.force_login(planner)
    assert "试一试" in client.get("/scenarios/").content.decode()
    assert client.get(f"/api/scenarios/{record.pk}").json()["content_hash"] == record.content_hash
    with pytest.raises(BridgeheadError, match=r"action\.(no_such_record|not_allowed)"):
        withdraw_scenario(by=viewer_of(stranger), scenario=record.pk, version=record.version)


def test_scenarios_are_ticked_to_stand_side_by_side(there: World, planner: Person, client: Client) -> None:
    record = save(viewer_of(planner), there.office.pk, COAL)
    client.force_login(planner)
    page = client.get("/scenarios/").content.decode()
    [form] = re.findall(r'<form[^>]* id="compare" action="([^"]+)"', page)
    boxes = re.findall(r'<input type="checkbox" name="scenario" value="([^"]+)" form="compare"', page)
    assert boxes == [*(one.id for one in shipped_scenarios(current().region)), str(record.pk)]
    beside = client.get(form, {"scenario": [boxes[0], boxes[-1]]}).content.decode()
    assert f'href="/scenarios/{boxes[0]}/"' in beside
    assert f'href="/scenarios/{record.pk}/"' in beside
    assert f'href="/scenarios/{boxes[1]}/"' not in beside


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_shipped_ones_are_told_in_words(language: str, client: Client) -> None:
    for one in shipped_scenarios(current().region):
        page = client.get(f"{language}/scenarios/{one.id}/")
        text = page.content.decode()
        assert page.status_code == 200
        assert (one.name_en if language else one.name_zh) in text.replace("&#x27;", "'")
    text = client.get("/en/scenarios/coal-down/").content.decode()
    before = sum(row.tonnes for row in current().components.demand if row.commodity == "coking-coal")
    assert f"{before / 1e6:.1f}" in text
    assert f"{0.7 * before / 1e6:.1f}" in text
    assert "10 days" in client.get("/en/scenarios/erenhot-closed/").content.decode()


def filled(client: Client, address: str) -> dict[str, Any]:
    """Return the fields of the editor as they stand on the page; what may stay empty is left so."""
    found = next(form for form in Forms(client.get(address).content.decode()).found if form.get("form") == "save")
    empty = ("-country", "-direction", "-port")
    return {name: "" if name.endswith(empty) else value for name, value in found.items()}


def test_the_editor_works_without_a_script(there: World, planner: Person, client: Client) -> None:
    client.force_login(planner)
    sent = filled(client, "/scenarios/new/") | {"title": "二连浩特", "reason": "看一看"}
    page = client.post("/scenarios/new/", sent | {"do": "add", "kind": "close_port"})
    sent |= {"edit-1-edit": "close_port", "edit-1-port": "二连浩特铁路口岸"}
    page = client.post("/scenarios/new/", sent | {"do": "add", "kind": "demand"})
    assert page.status_code == 200
    text = page.content.decode()
    assert 'value="二连浩特铁路口岸"' in text, "what was typed stays"
    assert 'name="edit-2-factor"' in text
    sent |= {"edit-2-edit": "demand", "edit-2-factor": "0.8"}
    text = client.post("/scenarios/new/", sent | {"do": "up-2"}).content.decode()
    assert text.index('name="edit-1-factor"') < text.index('name="edit-2-port"')
    text = client.post("/scenarios/new/", sent | {"do": "remove-1"}).content.decode()
    assert 'name="edit-1-factor"' in text
    assert "edit-2-" not in text
    with as_system("tests"):
        assert not Scenario.objects.exists(), "nothing is saved until it is asked for"
    wrong = client.post("/scenarios/new/", sent | {"do": "save", "edit-2-factor": "viel", "title": ""})
    assert wrong.status_code == 422
    said = wrong.content.decode()
    assert 'id="save-edit-2-factor-says"' in said
    assert 'id="save-title-says"' in said
    done = client.post("/scenarios/new/", sent | {"do": "save"})
    assert done.status_code == 302, done.content.decode()[:400]
    with as_system("tests"):
        record = Scenario.objects.get()
    assert record.edits == [{"edit": "close_port", "port": "erenhot-rail"}, {"edit": "demand", "factor": 0.8}]
    assert record.owner_id == there.office.pk


def test_one_is_written_from_another_and_in_its_place(there: World, planner: Person, client: Client) -> None:
    client.force_login(planner)
    copy = "/scenarios/new/?from=coal-down"
    sent = filled(client, copy)
    assert sent["edit-2-factor"] == "0.7"
    assert '<option value="thermal-coal" selected>' in client.get(copy).content.decode()
    sent |= {"edit-2-commodity": "thermal-coal"}
    assert client.post(copy, sent | {"do": "save"}).status_code == 302
    with as_system("tests"):
        first = Scenario.objects.get()
    place = f"/scenarios/new/?replaces={first.pk}"
    sent = filled(client, place) | {"edit-1-factor": "0.6", "edit-2-commodity": "thermal-coal"}
    assert client.post(place, sent | {"do": "save"}).status_code == 302
    with as_system("tests"):
        second = Scenario.objects.exclude(pk=first.pk).get()
    assert (second.supersedes_id, second.edits[0]["factor"]) == (first.pk, 0.6)
    assert f"/scenarios/{second.pk}/" in client.get(f"/scenarios/{first.pk}/").content.decode()
    assert client.get("/scenarios/new/?replaces=coal-down").status_code == 404, "a table is not changed on a page"


def test_a_scenario_on_older_tables_says_so(there: World, planner: Person, client: Client) -> None:
    record = save(viewer_of(planner), there.office.pk, COAL)
    client.force_login(planner)
    with as_system("tests"):
        Scenario.objects.filter(pk=record.pk).update(base_hash="0" * 64)
        assert client.get(f"/api/scenarios/{record.pk}").json()["stale"] is True
        Scenario.objects.filter(pk=record.pk).update(edits=[{"edit": "close_port", "port": "gone"}])
    body = client.get(f"/api/scenarios/{record.pk}").json()
    assert [fault["code"] for fault in body["faults"]] == ["scenario.unknown_id"]
    assert client.get(f"/scenarios/{record.pk}/").status_code == 200


def test_a_region_without_scenarios_says_where_they_go(client: Client, second_region: Path) -> None:
    with serving(second_region):
        text = client.get("/scenarios/").content.decode()
    assert "/data/scenarios/" in text
