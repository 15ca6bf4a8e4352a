"""Asking for a route: the answer, all faults at once, hostile questions, the page and the operation beside it."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.network.alternatives import find_routes
from bridgehead.engines.network.pareto import pareto_set
from bridgehead.engines.network.routes import LARGEST_T, LARGEST_TEU, Consignment, find_route, prepare
from bridgehead.engines.network.trade_facilitation import trade_facilitation
from bridgehead.ground import wording
from bridgehead.ground.region import current
from bridgehead.rooms.gateway.drawings.maps import way_map
from bridgehead.rooms.gateway.selectors import names, route_question
from tests.rooms.gateway.reading import read, table

COAL = {"origin": "tavan-tolgoi", "destination": "tangshan", "commodity": "coking-coal", "tonnes": "5000"}
BOXES = {"origin": "hohhot", "destination": "duisburg", "commodity": "cre-containers", "teu": "2", "by": "time"}


@pytest.mark.article(16)
def test_the_cheapest_and_the_fastest_way_stand_side_by_side(client: Client) -> None:
    loaded = current()
    asked = Consignment("tavan-tolgoi", "tangshan", "coking-coal", tonnes=5000.0)
    cheap, fast = (find_route(loaded.components, asked, by) for by in ("cost", "time"))
    page = read(client, f"/route/?{urlencode(COAL)}")
    assert page.h1 == "塔本陶勒盖到唐山，炼焦煤 5,000 吨"
    first, second = page.row("最省"), page.row("最快")
    assert first[2] == wording.number(cheap.hours / 24, "zh", 1)
    assert first[3] == wording.number(cheap.usd_per_t, "zh", 1)
    assert second[2] == wording.number(fast.hours / 24, "zh", 1)
    assert cheap.usd_per_t <= fast.usd_per_t
    assert fast.hours <= cheap.hours
    assert "结果不是报价" in page.text
    rate = next(float(r["value"]) for r in table("parameters") if r["id"] == "exchange-cny")
    local = (cheap.money_usd * Decimal(str(rate))).quantize(Decimal("0.01"))
    assert wording.number(local, "zh") in page.text


def test_a_way_that_turns_before_the_border_is_not_drawn_through_the_port() -> None:
    loaded, there = current(), ["oyu-tolgoi", "gashuun-sukhait"]
    before, port = (f">{names.short(loaded, id_, 'zh')}<" for id_ in ("gashuun-sukhait", "ganqimaodu"))
    turning = way_map(loaded, "way", [*there, "tavan-tolgoi", "khangi", "mandula"], ())
    across = way_map(loaded, "way", [*there, "ganqimaodu", "baotou"], ())
    assert before in turning
    assert port not in turning
    assert port in across
    assert before not in across, "the two are one spot"


def test_a_spot_that_a_way_passes_itself_keeps_its_name() -> None:
    loaded = current()
    ends, spot, merged = ["ganqimaodu", "tangshan-port"], "baotou", "wanshuiquan"
    drawn = way_map(loaded, "way", [ends[0], merged, spot, ends[1]], ())
    assert f">{names.short(loaded, spot, 'zh')}<" in drawn
    assert f">{names.short(loaded, merged, 'zh')}<" not in drawn


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("5,000", 5000.0), ("1,234,567.5", 1234567.5), ("5 000", 5000.0), ("5，000", 5000.0), ("2.5", 2.5),
        ("2,5", None), ("1,00,000", None), ("12,34", None), ("1234,567", None), (",5", None), ("2, 500", None),
        ("1,000 000", None), ("1_000", None),
    ],
)  # fmt: skip
def test_a_comma_parts_thousands_and_is_no_decimal_point(client: Client, typed: str, number: float | None) -> None:
    asked = route_question.question(current(), {**COAL, "tonnes": typed})
    if number is None:
        assert [fault.code for fault in asked.faults] == ["route.bad_number"]
        assert read(client, f"/route/?{urlencode({**COAL, 'tonnes': typed})}", status=422).tables == []
    else:
        assert asked.consignment is not None
        assert asked.consignment.tonnes == number


def test_the_way_asked_for_first_is_told_first(client: Client) -> None:
    for by, first, second in (("cost", "最省：", "最快："), ("time", "最快：", "最省：")):
        said = client.get(f"/api/route?{urlencode({**COAL, 'by': by})}").json()["statement"]
        assert said.startswith(first)
        assert second in said
    asked = Consignment("tavan-tolgoi", "tangshan", "coking-coal", tonnes=5000.0)
    cheap, fast = (find_route(current().components, asked, by) for by in ("cost", "time"))
    said = client.get(f"/api/route?{urlencode({**COAL, 'by': 'time', 'lang': 'en'})}").json()["statement"]
    assert f"{fast.hours / 24:.1f} days, USD {wording.number(fast.usd_per_t, 'en')} a tonne." in said
    assert f"{(cheap.hours - fast.hours) / 24:.1f} days more" in said


def test_faults_speak_of_names_and_of_no_empty_list(client: Client) -> None:
    page = read(client, f"/route/?{urlencode({**COAL, 'origin': 'qqqqqqqqq', 'destination': '塔本陶勒'})}", status=422)
    assert "没有地点“qqqqqqqqq”。" in page.text
    assert "没有地点“塔本陶勒”。相近的有：塔本陶勒盖" in page.text
    assert "相近的有：–" not in page.text
    assert "相近的有：。" not in page.text
    assert "填地点或口岸的名称或标识" in page.text
    body = client.get(f"/api/route?{urlencode({**COAL, 'origin': 'qqqqqqqqq', 'lang': 'en'})}").json()["error"]
    assert body["message"] == "There is no place “qqqqqqqqq”."


def test_the_limits_are_said_as_they_are_set(client: Client) -> None:
    assert (LARGEST_T, LARGEST_TEU) == (1e8, 1e7)
    page = read(client, f"/route/?{urlencode({**COAL, 'tonnes': '100000001'})}", status=422)
    assert "不超过 1 亿吨或 1000 万标箱" in page.text
    assert read(client, f"/route/?{urlencode({**COAL, 'tonnes': '100000000'})}").tables


@pytest.mark.article(16)
def test_the_ladder_shows_every_leg_and_the_parameters_every_source(client: Client) -> None:
    loaded = current()
    asked = Consignment("tavan-tolgoi", "tangshan", "coking-coal", tonnes=5000.0)
    ways = [find_route(loaded.components, asked, by) for by in ("cost", "time")]
    ways += [one.route for one in find_routes(prepare(loaded.components, asked), 5).routes]
    page = read(client, f"/route/?{urlencode(COAL)}")
    for way in ways:
        for leg in way.legs:
            assert wording.number(leg.usd_per_t, "zh", 2) in page.text
    rows = {row["id"]: row for row in table("parameters")}
    used = {id_ for way in ways for id_ in way.parameters}
    beside = next(t for t in page.tables if t[0][0] == "参数")
    assert len(beside) == len(used) + 1
    for id_ in used:
        assert f"q={id_}" in page.html, id_
        assert rows[id_]["value"]


@pytest.mark.article(14)
def test_a_train_to_europe_is_asked_for_in_containers(client: Client) -> None:
    page = read(client, f"/en/route/?{urlencode(BOXES)}")
    assert page.h1 == "Hohhot to Duisburg, China-Europe train containers (mixed), 2 TEU"
    assert page.row("Fastest")
    assert "A TEU" in page.text
    assert "Not a quotation." in page.text


@pytest.mark.article(12)
def test_the_routes_that_differ_stand_beside_the_two_and_say_how(client: Client) -> None:
    loaded = current()
    asked = Consignment("tavan-tolgoi", "tangshan", "coking-coal", tonnes=5000.0)
    found = find_routes(prepare(loaded.components, asked), 5)
    page = read(client, f"/route/?{urlencode(COAL)}")
    told = [row[0] for row in page.tables[0]]
    for port, name in (("mandula", "经满都拉"), ("erenhot-road", "经二连浩特公路")):
        one = next(one for one in found.routes if one.route.ports == (port,))
        row = page.row(name)
        assert row[2] == wording.number(one.route.hours / 24, "zh", 1)
        assert row[3] == wording.number(one.route.usd_per_t, "zh", 1)
        assert "过境口岸" in row[0]
        assert f"相同 {wording.percent(one.common[0], 'zh')}" in row[0]
        assert sum(name in cell for cell in told) == 1
        link = next(link for link in page.links if f"via={port}" in link)
        alone = read(client, f"/route/{link}")
        way = find_route(loaded.components, asked, "cost", via=port)
        assert f"只经{name[1:]}过境" in alone.text
        assert wording.number(way.usd_per_t, "zh", 1) in alone.row("最省")[3]
        assert "不限口岸、方式和月份" in alone.text
    body = client.get(f"/api/route?{urlencode(COAL)}").json()["alternatives"]
    assert (body["asked"], body["found"], body["most_in_common"]) == (5, 5, 0.6)
    costs = [one["route"]["totals"]["usd_per_t"] for one in body["routes"]]
    assert costs == [one.route.usd_per_t for one in found.routes] == sorted(costs)
    assert [one["differs"] for one in body["routes"]] == [list(one.differs) for one in found.routes]
    assert "60%" in page.text


@pytest.mark.article(12)
def test_fewer_routes_than_asked_for_are_said(client: Client) -> None:
    page = read(client, f"/route/?{urlencode({**COAL, 'k': '20', 'most_in_common': '0.05'})}")
    assert "要 20 条，只有" in page.text


@pytest.mark.article(14)
def test_the_routes_no_other_beats_are_all_listed(client: Client) -> None:
    asked = Consignment("tavan-tolgoi", "tangshan", "coking-coal", tonnes=5000.0)
    found = pareto_set(prepare(current().components, asked))
    page = read(client, f"/route/?{urlencode(COAL)}")
    listed = next(table for table in page.tables if "最优的是" in table[0])
    assert [row[3] for row in listed[1:]] == [wording.number(one.route.usd_per_t, "zh", 1) for one in found.routes]
    body = client.get(f"/api/route?{urlencode(COAL)}").json()["pareto"]
    assert body["complete"]
    assert [one["least"] for one in body["routes"]] == [list(one.least) for one in found.routes]


def test_ports_to_avoid_modes_and_a_day_are_asked_for_and_said(client: Client) -> None:
    avoided = read(client, f"/route/?{urlencode({**COAL, 'avoid': 'ganqimaodu，满都拉公路口岸'})}")
    assert "不经甘其毛都公路、满都拉过境" in avoided.text
    assert "甘其毛都" not in avoided.row("最省")[0]
    twice = [("avoid", "ganqimaodu"), ("avoid", "mandula"), *COAL.items()]
    assert read(client, f"/route/?{urlencode(twice)}").row("最省") == avoided.row("最省")
    dated = read(client, f"/route/?{urlencode({**COAL, 'date': '2024-07-11'})}")
    assert "只走 7 月开放的口岸" in dated.text
    assert (
        client.get(f"/api/route?{urlencode({**COAL, 'date': '2024-07-11'})}").json()["cheapest"]["route"]["year"]
        == 2024
    )
    mixed = read(client, f"/en/route/?{urlencode({**COAL, 'by': 'mix', 'value_of_time': '25000'})}")
    assert "counts USD 25,000" in mixed.text
    least = read(client, f"/route/?{urlencode({**COAL, 'by': 'co2e'})}")
    assert "排放最少：" in least.text


@pytest.mark.article(14)
def test_the_indicators_of_carec_stand_beside_what_is_reported(client: Client) -> None:
    boxes = {"origin": "ulaanbaatar", "destination": "tianjin", "commodity": "coking-coal", "tonnes": "20"}
    asked = Consignment("ulaanbaatar", "tianjin", "coking-coal", tonnes=20.0)
    (rail,) = trade_facilitation(find_route(current().components, asked))
    page = read(client, f"/route/?{urlencode(boxes)}")
    row = page.row("TFI1")
    assert row[2] == wording.number(rail.tfi1_h, "zh", 1)
    latest = max((r for r in table("costs") if r["mode"] == "rail" and r["place"] == "CN border points"
                  and r["metric"] == "TFI1 border clearance time"), key=lambda r: r["year"])  # fmt: skip
    assert f"中国 {wording.number(float(latest['value']), 'zh', 1)}" in row[3]
    assert latest["year"] in row[3]
    assert "不算验证" in row[3]
    corridor = read(client, "/corridors/ganqimaodu-tangshan/")
    assert corridor.row("SWOD")[2]
    told = client.get("/api/corridors/ganqimaodu-tangshan").json()["indicators"]
    assert {one["measure"] for one in told} == {"tfi1_h", "tfi2_usd", "tfi3_usd", "swod_kmh", "swd_kmh"}
    assert all(one["standing"] == "model" for one in told)


@pytest.mark.article(14)
def test_the_train_stands_beside_trucks_and_ships(client: Client) -> None:
    tables = current().components
    boxes = find_route(tables, Consignment("hohhot", "duisburg", "cre-containers", teu=2), "time", modes=("rail",))
    page = read(client, f"/route/?{urlencode(BOXES)}")
    # Nothing is faster than this train, so it is no further way; by cost the ship comes first and the train stays.
    assert page.row("最快")[2] == wording.number(boxes.hours / 24, "zh", 1)
    assert "全程铁路" not in [row[0] for table in page.tables for row in table if row]
    coal = Consignment("tavan-tolgoi", "tangshan", "coking-coal", tonnes=5000.0)
    train = find_route(tables, coal, "time", modes=("rail",))
    assert find_route(tables, coal, "time").hours < train.hours
    assert read(client, f"/route/?{urlencode({**COAL, 'by': 'time'})}").row("全程铁路")[2] == wording.number(
        train.hours / 24, "zh", 1
    )
    alone = read(client, f"/route/?{urlencode({**BOXES, 'modes': 'rail'})}")
    assert "只用铁路" in alone.text
    body = client.get(f"/api/route?{urlencode({**BOXES, 'modes': 'rail'})}").json()
    modes = {leg["mode"] for leg in body["fastest"]["route"]["legs"]}
    assert modes == {"rail"}


def test_places_may_be_named_in_either_language(client: Client) -> None:
    by_id = read(client, f"/route/?{urlencode(COAL)}").h1
    for origin, destination in (("塔本陶勒盖", "唐山"), ("Tavan Tolgoi", "tangshan"), (" TAVAN-TOLGOI ", "Tangshan")):
        asked = {**COAL, "origin": origin, "destination": destination}
        assert read(client, f"/route/?{urlencode(asked)}").h1 == by_id


def test_goods_may_be_named_and_names_are_suggested(client: Client) -> None:
    by_id = client.get(f"/api/route?{urlencode(COAL)}").json()
    assert client.get(f"/api/route?{urlencode({**COAL, 'commodity': 'Coking Coal'})}").json() == by_id
    assert client.get(f"/api/route?{urlencode({**COAL, 'commodity': '炼焦煤'})}").json() == by_id
    error = client.get(f"/api/route?{urlencode({**COAL, 'origin': '塔本陶勒'})}").json()["error"]
    assert "tavan-tolgoi" in error["message"]
    unknown = client.get(f"/api/route?{urlencode({**COAL, 'origin': 'zzzz'})}&lang=en").json()["error"]
    assert unknown["message"] == "There is no place “zzzz”."


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"by": "time"}, {"origin", "destination", "commodity", "tonnes"}),
        ({"year": "2023"}, {"origin", "destination", "commodity", "tonnes"}),
        ({"commodity": "coking-coal"}, {"origin", "destination", "tonnes"}),
        ({"origin": "ceke", "destination": "tangshan"}, {"commodity", "tonnes"}),
    ],
)
def test_the_operation_names_every_field_that_is_missing(
    client: Client, given: dict[str, str], missing: set[str]
) -> None:
    response = client.get(f"/api/route?{urlencode(given)}")
    assert response.status_code == 422
    faults = response.json()["error"]["faults"]
    assert {fault["code"] for fault in faults} == {"route.missing_field"}
    assert {fault["place"]["field"] for fault in faults} == missing


def test_nothing_asked_gives_a_form_and_questions_to_try(client: Client) -> None:
    page = read(client, "/route/")
    tried = [link for link in page.links if link.startswith("?origin=")]
    assert len(tried) >= 3
    for link in tried:
        assert read(client, f"/route/{link}").row("最省")
    assert "有 " not in page.text.split("试一试")[0].split("找路线")[-1]


FAULTY = {
    "origin": ("nowhere", "nowhere"),
    "destination": ("", "这一格还没有填"),
    "commodity": ("unobtainium", "unobtainium"),
    "tonnes": ("-5", "至少 0.001"),
    "teu": ("two", "不是数"),
    "year": ("1812", "1812"),
    "by": ("luck", "luck"),
    "via": ("atlantis", "atlantis"),
    "modes": ("rail,rocket", "rocket"),
    "date": ("2024-02-30", "2024-02-30"),
    "avoid": ("lemuria", "lemuria"),
    "k": ("0", "不能找 0 条"),
    "most_in_common": ("2", "0 到 1"),
    "value_of_time": ("lots", "lots"),
    "value_of_carbon": ("much", "much"),
}


def test_all_faults_are_told_at_once_beside_their_fields_and_the_input_is_kept(client: Client) -> None:
    asked = {name: typed for name, (typed, _says) in FAULTY.items()}
    page = read(client, f"/route/?{urlencode(asked)}", status=422)
    for name, (_typed, says) in FAULTY.items():
        assert f'id="{name}-says"' in page.html, name
        told = page.html.split(f'id="{name}-says"')[1].split("</span></span>")[0]
        assert says in told, (name, told)
        assert f'aria-describedby="{name}-says"' in page.html or name == "by"
    for kept in ('value="nowhere"', 'value="-5"', 'value="two"', 'value="1812"'):
        assert kept in page.html
    assert f"有 {len(FAULTY)} 处要改" in page.text
    body = client.get(f"/api/route?{urlencode(asked)}").json()["error"]
    assert {fault["place"]["field"] for fault in body["faults"]} == set(FAULTY)


@pytest.mark.parametrize(
    ("change", "field", "status"),
    [
        ({"origin": "tangshan"}, "destination", 422),
        ({"teu": "2"}, "teu", 422),
        ({"tonnes": ""}, "tonnes", 422),
        ({"tonnes": "1e400"}, "tonnes", 422),
        ({"tonnes": "nan"}, "tonnes", 422),
        ({"tonnes": "inf"}, "tonnes", 422),
        ({"tonnes": "0"}, "tonnes", 422),
        ({"tonnes": "100000001"}, "tonnes", 422),
        ({"tonnes": "1e-300"}, "tonnes", 422),
        ({"tonnes": "１２"}, "tonnes", 422),
        ({"tonnes": "0x10"}, "tonnes", 422),
        ({"year": "2023.5"}, "year", 422),
        ({"year": "99999999"}, "year", 422),
        ({"origin": "zz"}, "origin", 404),
        ({"commodity": "zz"}, "commodity", 404),
        ({"origin": "<script>alert(1)</script>"}, "origin", 404),
        ({"origin": "x" * 5000}, "origin", 404),
        ({"origin": "\x00"}, "origin", 422),
        ({"destination": "bagemaodu"}, "destination", 422),
    ],
)
def test_an_impossible_question_is_refused_at_its_field(
    client: Client, change: dict[str, str], field: str, status: int
) -> None:
    asked = urlencode({**COAL, **change})
    page = read(client, f"/route/?{asked}", status=422)
    assert f'id="{field}-says"' in page.html
    assert "<script>alert" not in page.html
    response = client.get(f"/api/route?{asked}")
    assert response.status_code == status
    error = response.json()["error"]
    assert error["place"]["field"] == field
    assert error["message"]
    assert error["cure"]
    english = client.get(f"/api/route?{asked}&lang=en").json()["error"]
    assert english["code"] == error["code"]
    assert english["message"] != error["message"]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(route_question.FIELDS), st.text(max_size=40), max_size=9))
def test_no_question_breaks_the_form(given: dict[str, str]) -> None:
    asked = route_question.question(current(), given)
    assert (asked.consignment is None) == bool(asked.faults)
    assert all(fault.place.field in route_question.FIELDS for fault in asked.faults)


def test_a_link_that_opens_later_is_used_from_its_year_on(client: Client) -> None:
    first, last = current().components.horizon
    for year in (first, last):
        page = read(client, f"/route/?{urlencode({**COAL, 'year': year})}")
        assert page.row("最省")
        assert f'value="{year}"' in page.html


def test_the_operation_says_what_the_page_says(client: Client) -> None:
    body = client.get(f"/api/route?{urlencode(COAL)}").json()
    page = read(client, f"/route/?{urlencode(COAL)}")
    cheapest = body["cheapest"]
    assert body["statement"] in page.text
    assert wording.number(Decimal(cheapest["money"]["usd"]), "zh") in page.text
    assert body["quotation"] is False
    assert body["standing"] == "model"
    assert sum(Decimal(leg["money_usd"]) for leg in cheapest["route"]["legs"]) == Decimal(cheapest["money"]["usd"])
    assert {one["id"] for one in body["parameters"]} >= set(cheapest["route"]["parameters"])
    assert all(one["standing"] and one["source"] for one in body["parameters"])
    empty = client.get("/api/route").json()
    assert empty["cheapest"] is None
    assert empty["examples"]


@pytest.mark.parametrize(
    "address", ["/route/?origin=ceke", "/en/route/?destination=tangshan", "/api/route?origin=ceke"]
)
def test_a_link_that_names_one_end_opens_a_form_to_fill_in(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    if not address.startswith("/api/"):
        assert 'value="' in answer.content.decode()
        assert "aria-invalid" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/route/?origin=nowhere-at-all", "/route/?origin=ceke&destination="])
def test_an_end_that_is_unknown_or_a_question_sent_unfinished_is_a_fault(client, address):
    assert client.get(address).status_code == 422
