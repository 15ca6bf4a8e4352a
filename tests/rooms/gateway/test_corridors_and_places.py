"""Corridors, places, the operations beside all pages, and what other rooms see of the gateway."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from django.test import Client

from bridgehead.ground import wording
from bridgehead.ground.panels import panels_for
from bridgehead.ground.region import current
from bridgehead.rooms.gateway import public
from bridgehead.rooms.gateway.selectors import corridors, modelled, through
from tests.rooms.gateway.reading import read, table

CORRIDORS = sorted({row["id"] for row in table("corridors")})


@pytest.mark.article(19)
@pytest.mark.parametrize("corridor", CORRIDORS)
def test_a_corridor_lists_its_legs_with_length_capacity_and_freight(client: Client, corridor: str) -> None:
    loaded = current()
    one = corridors.corridor(loaded, corridor)
    page = read(client, f"/corridors/{corridor}/")
    legs = page.tables[-1][1:] if page.tables else []
    assert len(legs) == len([r for r in table("corridors") if r["id"] == corridor]) - 1
    for leg, row in zip(one.legs, legs, strict=True):
        assert leg.origin_name in row[0]
        if leg.link is not None:
            assert wording.number(leg.link.length_km, "zh") in row[2]
            assert leg.reading is not None
            tonnes = leg.reading.tonnes
            if tonnes is not None:
                assert tonnes == (leg.use.tonnes if leg.use else 0.0)
                used = through.address(link=leg.link.id)
                assert (used in page.links) == bool(leg.use)
                assert row[5] == (wording.number(tonnes / 1e4, "zh", 0) if not 0 < tonnes < 5000 else "<1")
        else:
            assert "没有这一段" in "".join(row)
    assert f"{len(one.legs)} 段" in page.text


@pytest.mark.article(8)
def test_the_corridors_are_listed_with_their_fullest_stretch(client: Client) -> None:
    loaded = current()
    page = read(client, "/corridors/")
    rows = page.tables[0][1:]
    assert len(rows) == len(CORRIDORS)
    full = max(
        (leg.use.share or 0.0, leg) for one in corridors.corridors(loaded) for leg in one.legs
        if leg.use is not None and leg.use.share is not None
    )[0]  # fmt: skip
    assert wording.percent(full, "zh") in page.h1


@pytest.mark.article(12)
def test_a_corridor_with_a_railway_being_built_says_which_part_is_missing(client: Client) -> None:
    unfinished = ("under construction", "planned")
    building = {frozenset((r["from"], r["to"])) for r in table("links") if r["status"] in unfinished}
    seen = 0
    for one in corridors.corridors(current()):
        mine = [leg for leg in one.legs if leg.link and frozenset((leg.link.origin, leg.link.destination)) in building]
        text = read(client, f"/corridors/{one.id}/").text
        assert ("还没有通行" in text) == bool(one.unfinished)
        seen += bool(mine)
    assert seen


def test_the_price_of_a_corridor_names_the_consignment_and_is_no_quotation(client: Client) -> None:
    page = read(client, "/corridors/ganqimaodu-tangshan/")
    assert "1,000 吨炼焦煤" in page.text
    assert "结果不是报价" in page.text
    assert "元/吨" in page.text


@pytest.mark.article(31)
@pytest.mark.article(10)
@pytest.mark.parametrize("place", ["manzhouli", "erenhot", "ulanqab", "hohhot", "tangshan", "duisburg"])
def test_a_place_tells_its_links_and_freight(client: Client, place: str) -> None:
    links = [r for r in table("links") if place in (r["from"], r["to"])]
    out = sum(float(r["tonnes_per_year"]) for r in table("demand") if r["origin"] == place)
    page = read(client, f"/places/{place}/")
    assert f"连着 {len(links)} 条线路" in page.text
    if out:
        assert "货从这里出发" in page.text
    listed = next(t for t in page.tables if t[0][0] == "到")
    assert len(listed) == len(links) + 1


def test_every_place_is_in_the_list_once(client: Client) -> None:
    page = read(client, "/places/")
    assert sum(len(found) - 1 for found in page.tables) == len(table("places"))
    assert read(client, "/en/places/").h1.startswith(f"{len(table('places'))} places")


@pytest.mark.parametrize("address", ["/corridors/nope/", "/places/nope/", "/en/places/ganqimaodu/"])
def test_an_unknown_thing_is_a_404_with_a_sentence(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert 'role="alert"' in response.content.decode()


def test_the_operations_give_every_figure_with_standing_source_and_date(client: Client) -> None:
    def walk(node: object) -> None:
        if isinstance(node, dict):
            if "qualifier" in node:
                assert node["standing"] in ("measured", "reported", "derived", "estimate", "model")
                if node["standing"] != "model":
                    assert node["source"], node
                    assert node["source_date"], node
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    for address in ("/api/home", "/api/ports", *(f"/api/ports/{row['id']}" for row in table("ports"))):
        response = client.get(address)
        assert response.status_code == 200, address
        walk(response.json())


def test_the_operation_of_a_port_says_what_its_page_says(client: Client) -> None:
    body = client.get("/api/ports/ganqimaodu").json()
    page = read(client, "/ports/ganqimaodu/")
    for sentence in (*body["answer"], *(q["text"] for q in body["questions"]), *body["comparison"]["reasons"]):
        assert sentence in page.text
    english = client.get("/api/ports/ganqimaodu?lang=en").json()
    assert english["name"] == "Ganqimaodu road port"
    assert english["comparison"]["difference_t"] == body["comparison"]["difference_t"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/ports/nope", 404), ("/api/corridors/nope", 404), ("/api/places/nope", 404),
        ("/api/ports?mode=zeppelin", 422), ("/api/ports?class=best", 422), ("/api/ports?sort=luck", 422),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_has_the_one_shape_of_errors(client: Client, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status
    error = response.json()["error"]
    assert set(error) == {"code", "message", "cure", "place", "parameters", "faults"}
    assert error["place"]["field"]


@pytest.mark.article(9)
@pytest.mark.article(19)
@pytest.mark.django_db
def test_an_article_page_shows_what_the_gateway_knows(client: Client) -> None:
    assert "甘其毛都" in read(client, "/articles/9/").text
    assert "条例类别已认定 0 个" in read(client, "/articles/9/").text
    fullest = max(corridors.corridors(current()), key=lambda one: one.most_t or 0.0)
    assert fullest.name in read(client, "/articles/19/").text
    assert not [p for p in panels_for("article", 86) if p.panel.template.startswith("gateway/")]


def test_a_league_shows_its_ports_and_places() -> None:
    found = [p for p in panels_for("organisation", "150800") if p.panel.template == "gateway/panel_places.html"]
    assert found
    assert {one.id for one in found[0].context["ports"]} == {
        row["id"] for row in table("ports") if row["league_city"] == "巴彦淖尔市" and row["status"] == "open"
    }
    assert not [p for p in panels_for("organisation", "nope") if p.panel.template.startswith("gateway/")]


def test_other_rooms_may_ask_for_names_and_addresses() -> None:
    loaded = current()
    assert public.name(loaded, "ganqimaodu", "en") == "Ganqimaodu road port"
    assert public.short(loaded, "manzhouli-rail", "zh") == "满洲里"
    assert public.href("tangshan", loaded).endswith("/places/tangshan/")


def test_links_on_the_map_lead_to_who_uses_the_link(client: Client) -> None:
    loaded = current()
    led = {link for link in read(client, "/").links if "/flows/through/?link=" in link}
    used = modelled.link_uses(loaded)
    asked = {unquote(address.partition("=")[2]): address for address in led}
    assert set(asked) <= set(used)
    assert len(asked) > len(used) / 4
    for link in sorted(asked, key=lambda id_: -used[id_].tonnes)[:3]:
        assert through.link_name(loaded, used[link].link) in read(client, asked[link]).h1
        assert client.get("/api/flows/through", {"link": link}).json()["tonnes"] == pytest.approx(used[link].tonnes)
