"""Who uses a link or a port: the page, its operation and its file, against sums over the ways of the flows."""

from __future__ import annotations

import csv
import io
import math
from collections import defaultdict
from urllib.parse import unquote

import pytest
from django.test import Client

from bridgehead.engines.flows.paths import FlowPath
from bridgehead.ground import wording
from bridgehead.ground.region import current
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import modelled, names, through
from tests.rooms.gateway.reading import read, squeeze

BOTH = pytest.mark.parametrize("language", ["zh", "en"])


def passing(link: str, origin: str) -> list[FlowPath]:
    """Return the ways that pass a link in the direction beginning at a place."""
    return [p for p in current().freight.paths if any((s.link, s.origin) == (link, origin) for s in p.steps)]


@pytest.fixture(scope="module")
def busiest() -> tuple[str, str]:
    """Return link and beginning of the direction over the border with the longest wait."""
    loaded = current()
    waits = [one for one in loaded.freight.queues if one.link]
    worst = max(waits, key=lambda one: one.wait_h)
    return worst.link, worst.origin


@pytest.mark.article(19)
def test_the_users_of_a_link_are_the_ways_over_it(client: Client, busiest: tuple[str, str]) -> None:
    link, origin = busiest
    body = client.get("/api/flows/through", {"link": link}).json()
    side = next(one for one in body["sides"] if one["origin"] == origin)
    ways = passing(link, origin)
    total = math.fsum(way.tonnes for way in ways)
    flow = current().flows.link_tonnes
    assert side["tonnes"] == pytest.approx(total)
    assert side["tonnes"] == pytest.approx(next(t for key, t in flow.items() if key[:2] == busiest), rel=1e-6)
    sums: dict[tuple[str, str, str], float] = defaultdict(float)
    for way in ways:
        sums[way.origin, way.destination, way.commodity] += way.tonnes
    told = {(u["origin"]["id"], u["destination"]["id"], u["commodity"]["id"]): u["tonnes"] for u in side["users"]}
    assert told == pytest.approx(dict(sums))
    assert math.fsum(u["share_of_direction"] for u in side["users"]) == pytest.approx(1.0)
    for name, field in (("usd", "usd_per_t"), ("hours", "hours"), ("wait_h", "wait_h"), ("kg_co2e", "kg_co2e_per_t")):
        mean = math.fsum(way.tonnes * getattr(way, field) for way in ways) / total
        assert side["mean"][name] == pytest.approx(mean)
        legs = [side[leg][name] for leg in ("before", "here", "after", "handling")]
        assert math.fsum(legs) == pytest.approx(mean, abs=1e-6)
    assert side["wait_h"] == max(q.wait_h for q in current().freight.queues if (q.link, q.origin) == busiest)
    assert side["here"]["wait_h"] == pytest.approx(side["wait_h"])


@pytest.mark.article(11)
@pytest.mark.article(23)
def test_a_port_is_asked_inward_and_outward(client: Client) -> None:
    flows = current().flows
    for total in flows.port_totals:
        body = client.get("/api/flows/through", {"port": total.port}).json()
        told = {one["direction"]: one["tonnes"] for one in body["sides"]}
        assert told.get("import", 0.0) == pytest.approx(total.modelled_import_t, abs=1.0)
        assert told.get("export", 0.0) == pytest.approx(total.modelled_export_t, abs=1.0)
        for side in body["sides"]:
            goods = {one["id"]: one["tonnes"] for one in side["commodities"]}
            for row in flows.ports:
                if (row.port, row.direction) == (total.port, side["direction"]) and row.tonnes > 1.0:
                    assert goods[row.commodity] == pytest.approx(row.tonnes, abs=1.0)


@pytest.mark.article(12)
def test_other_ports_are_those_the_same_demand_takes(client: Client) -> None:
    paths = current().freight.paths
    port = max(current().flows.port_totals, key=lambda total: total.modelled_t).port
    body = client.get("/api/flows/through", {"port": port}).json()
    side = body["sides"][0]
    rows = {(u["origin"]["id"], u["destination"]["id"], u["commodity"]["id"]) for u in side["users"]}
    inside = links_of(port, side["direction"])
    elsewhere: dict[tuple[str, ...], float] = defaultdict(float)
    for path in paths:
        if (path.origin, path.destination, path.commodity) in rows and not inside & {s.link for s in path.steps}:
            elsewhere[path.ports] += path.tonnes
    told = {tuple(one["ports"]): one["tonnes"] for one in side["beside"]}
    assert told == pytest.approx(dict(elsewhere))
    assert told


def links_of(port: str, direction: str) -> set[str]:
    """Return the links over the border at a port that run in a direction."""
    ends = (1, 2) if direction == "export" else (2, 1)
    found = through.passages(current(), through.Question(port=port))[direction]
    assert all(passage[ends[0]] == port for passage in found)
    return {passage[0] for passage in found}


@BOTH
def test_the_page_says_the_answer_first(client: Client, language: str) -> None:
    loaded = current()
    port = max(loaded.flows.port_totals, key=lambda total: total.modelled_t)
    prefix = "" if language == "zh" else "/en"
    page = read(client, f"{prefix}/flows/through/?port={port.port}")
    whole = read(client, f"{prefix}/ports/{port.port}/")
    assert names.short(loaded, port.port, language)[:3] in page.h1
    assert ("模型" in page.text) if language == "zh" else ("model" in page.text)
    assert any(f"flows/through/?port={port.port}" in link for link in whole.links)
    assert any(f"/flows/through.csv?port={port.port}" in link for link in page.links)
    assert "模型" in page.h1 or "in the model" in page.h1
    users = page.tables[0]
    assert len(users) > 2
    shown = [cells[1] for cells in users[1:]]
    through_port = through.answer(loaded, through.Question(port=port.port)).sides[0]
    if language == "zh":
        assert squeeze(shown[0]) == wording.mass(through_port.found.users[0].tonnes, "zh")
        assert prose.mass(through_port.found.tonnes) in page.text


def test_the_file_has_a_row_for_every_user(client: Client, busiest: tuple[str, str]) -> None:
    link, origin = busiest
    text = client.get("/flows/through.csv", {"link": link}).content.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["from"] == origin]
    assert math.fsum(float(row["tonnes"]) for row in rows) == pytest.approx(
        math.fsum(way.tonnes for way in passing(link, origin))
    )
    assert {row["standing"] for row in rows} == {"model"}
    assert {row["input_hash"] for row in rows} == {current().flows.input_hash}
    assert all(0 < float(row["share_of_row"]) <= 1 for row in rows)


def test_every_line_of_the_maps_and_every_row_of_links_leads_to_its_users(client: Client) -> None:
    used = set(modelled.link_uses(current()))
    page = read(client, "/flows/")
    asked = {unquote(link.partition("?link=")[2]) for link in page.links if "/flows/through/?link=" in link}
    assert asked <= used
    for one in read(client, "/").links:
        if "/flows/through/?link=" in one:
            assert unquote(one.partition("?link=")[2]) in used
    listed = [row["link"] for row in client.get("/api/flows?page=1").json()["links"]]
    assert set(listed) <= asked
    ports = {unquote(link.partition("?port=")[2]) for link in page.links if "/flows/through/?port=" in link}
    assert {total.port for total in current().flows.port_totals if total.modelled_t} <= ports


@BOTH
@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"link": "a--b--rail"}, "gateway.unknown_link", "link"),
        ({"port": "atlantis"}, "gateway.unknown_port", "port"),
        ({"link": "<script>"}, "gateway.unknown_link", "link"),
    ],
)
def test_what_is_not_there_is_not_found(
    client: Client, language: str, asked: dict[str, str], code: str, field: str
) -> None:
    prefix = "" if language == "zh" else "/en"
    assert client.get(f"{prefix}/flows/through/", asked).status_code == 404
    answer = client.get("/api/flows/through", {**asked, "lang": language})
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["place"]["field"] == field
    assert client.get("/flows/through.csv", asked).status_code == 404


def test_all_that_is_wrong_with_a_question_is_said_at_once(client: Client) -> None:
    faults = client.get("/api/flows/through", {"link": "x", "port": "y"}).json()["error"]["faults"]
    assert [fault["code"] for fault in faults] == [
        "gateway.unknown_link",
        "gateway.unknown_port",
        "request.invalid_field",
    ]


def test_a_port_without_freight_says_so_and_nothing_asked_gives_the_lists(client: Client) -> None:
    sent = {total.port for total in current().flows.port_totals if total.modelled_t}
    idle = next(port for port in names.index(current()).ports if port not in sent)
    page = read(client, f"/flows/through/?port={idle}")
    assert "没有货经过" in page.h1
    assert client.get("/api/flows/through", {"port": idle}).json()["sides"] == []
    empty = read(client, "/flows/through/?link=&port=")
    assert empty.html.count("<option") == len(sent) + len(modelled.link_uses(current()))
