"""The page of flows: every number on it recomputed from the engine and the files, and hostile questions refused."""

from __future__ import annotations

import csv
import io
import math
from collections import defaultdict
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.flows.all_or_nothing import assign
from bridgehead.ground import wording
from bridgehead.ground.region import current, serving
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.gateway.selectors import flow_reports, flows
from tests.rooms.gateway.reading import furthest, read, table

YEAR = 2023
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(scope="module")
def loading():  # type: ignore[no-untyped-def]
    """Return a loading made for these tests, beside the one the pages keep."""
    return assign(current().components, YEAR)


def shares() -> dict[str, float]:
    """Return the share of capacity of the fuller direction by link, from the engine's own rows."""
    found: dict[str, float] = {}
    for row in current().flows.utilisation:
        found[row.link] = max(found.get(row.link, 0.0), row.share)
    return found


@pytest.mark.article(12)
def test_the_heading_counts_the_overloads_and_names_the_tightest(client: Client, loading) -> None:  # type: ignore[no-untyped-def]
    over = {row.link for row in loading.utilisation if row.share > 1}
    worst = max(loading.utilisation, key=lambda row: row.share)
    names = {row["id"]: row["name_zh"] for row in (*table("places"), *table("ports"))}
    page = read(client, "/flows/")
    assert page.h1.startswith({0: "没有一段", 1: "一段", 2: "两段", 3: "三段"}[len(over)] + "超过能力")
    assert page.h1.endswith(wording.percent(worst.share, "zh"))
    assert names[worst.origin] in page.h1 or names[worst.destination] in page.h1
    listed = page.row("后贝加尔斯克", 0)
    assert wording.percent(worst.share, "zh") in listed
    assert len(page.tables[0]) - 1 == len(over)
    assert "不是预测" in page.text


def test_the_totals_are_those_of_the_loading_and_of_the_demand_table(client: Client, loading) -> None:  # type: ignore[no-untyped-def]
    demand = [row for row in table("demand") if row["year"] == str(YEAR)]
    tonnes = math.fsum(float(row["tonnes_per_year"]) for row in demand)
    body = client.get("/api/flows").json()
    assert body["totals"]["demand_rows"] == len(demand)
    assert body["totals"]["demand_t"] == pytest.approx(tonnes)
    for direction in ("import", "export"):
        crossed = math.fsum(row.tonnes for row in loading.ports if row.direction == direction)
        assert body["totals"][f"{direction}_t"] == pytest.approx(crossed)
    assert body["totals"]["unserved_t"] == pytest.approx(math.fsum(row.tonnes for row in loading.unserved))
    assert body["totals"]["conservation_error"] == loading.conservation_error <= 1e-9
    assert body["input_hash"] == loading.input_hash
    page = read(client, "/flows/")
    for shown in (tonnes, body["totals"]["import_t"], body["totals"]["export_t"]):
        assert wording.mass_with_unit(shown, "zh") in page.text
    assert f"{YEAR} 年 {len(demand)} 股" in page.text


@pytest.mark.article(17)
@pytest.mark.article(11)
def test_ports_stand_beside_their_reports_with_the_signed_difference(client: Client, loading) -> None:  # type: ignore[no-untyped-def]
    sent: dict[str, float] = defaultdict(float)
    for row in loading.ports:
        sent[row.port] += row.tonnes
    page = read(client, "/flows/")
    checked = 0
    for port, shown, members in (
        ("ganqimaodu", "甘其毛都", ["ganqimaodu"]),
        ("mandula", "满都拉", ["mandula"]),
        ("erenhot-all", "二连浩特", ["erenhot-rail", "erenhot-road"]),
        ("manzhouli-all", "满洲里", ["manzhouli-rail", "manzhouli-road"]),
    ):
        reported = furthest(port, YEAR)
        assert reported is not None
        told, modelled = float(reported["value"]), sum(sent[one] for one in members)
        cells = page.row(shown, 1)
        assert wording.mass(told, "zh") in cells[1]
        assert cells[2] == wording.mass(modelled, "zh")
        sign = "+" if modelled > told else ""
        share = wording.percent((modelled - told) / told, "zh")
        assert cells[3] == f"{sign}{wording.mass(modelled - told, 'zh')}{sign}{share}"
        checked += 1
    assert checked == 4
    missing = page.row("阿日哈沙特", 1)
    assert missing[1].startswith("未查到")
    assert missing[3].startswith("未查到")
    assert furthest("arihashate", YEAR) is None


def test_large_differences_say_what_is_known_and_small_ones_nothing() -> None:
    found = {one.id: one for one in flow_reports.port_checks(current())}
    marked: dict[str, float] = defaultdict(float)
    for row in table("demand"):
        marked[row["calibration_port"]] += float(row["tonnes_per_year"])
    for one in found.values():
        assert bool(one.remarks) == one.large, one.id
    mandula = found["mandula"]
    assert wording.number(marked["mandula"] / 1e4, "zh") in "".join(mandula.remarks)
    assert not found["ceke"].remarks


@pytest.mark.article(19)
def test_the_modes_over_the_border_sum_to_the_ports_and_stand_beside_the_report(client: Client) -> None:
    loaded = current()
    sent = flow_reports.mode_tonnes(loaded)
    assert sum(sent.values()) == pytest.approx(sum(total.modelled_t for total in loaded.flows.port_totals))
    page, body = read(client, "/flows/"), client.get("/api/flows").json()
    told = {
        row["metric"].removesuffix("_cargo_tonnes"): float(row["value"])
        for row in table("port_throughput")
        if row["port_id"] == "region" and row["metric"] in ("rail_cargo_tonnes", "road_cargo_tonnes")
        if row["year"] == str(YEAR)
    }
    assert set(told) == {"rail", "road"}
    for one in body["modes"]:
        assert one["reported"]["figure"]["value"] == told[one["mode"]]
        assert one["reported_share"] == pytest.approx(told[one["mode"]] / sum(told.values()))
        assert one["modelled_share"] == pytest.approx(sent[one["mode"]] / sum(sent.values()))
        cells = page.row({"rail": "铁路", "road": "公路"}[one["mode"]], 2)
        assert cells[2] == wording.percent(one["reported_share"], "zh")
        assert cells[4] == wording.percent(one["modelled_share"], "zh")


@pytest.mark.article(19)
def test_every_link_with_freight_stands_in_the_table_once(client: Client, loading) -> None:  # type: ignore[no-untyped-def]
    body = client.get("/api/flows").json()
    assert body["pages"] == 1
    ways = {(row["link"], way["origin"]): way["tonnes"] for row in body["links"] for way in row["directions"]}
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in loading.links:
        sums[row.link, row.origin] += row.tonnes
    assert ways == pytest.approx(dict(sums))
    listed = [row["link"] for page in range(1, 5) for row in client.get(f"/api/flows?page={page}").json()["links"]]
    assert sorted(listed) == sorted({link for link, _origin in sums})
    kinds = {row["from"] + "--" + row["to"] + "--" + row["mode"]: row for row in table("links")}
    for row in body["links"]:
        assert row["utilisation"] == pytest.approx(shares()[row["link"]])
        basis = kinds[row["link"]]["capacity_source"]
        assert row["capacity"]["source"] == basis
        # A record day, a range, a forecast and what was not retrieved are no published capacity.
        weak = ("class assumption", "observed peak", "30-50 Mt/yr", "forecast", "not retrieved")
        assert row["capacity"]["standing"] == ("estimate" if any(one in basis for one in weak) else "reported")


@pytest.mark.parametrize("sort", [sign + key for key in flows.SORTS for sign in ("", "-")])
def test_the_table_is_sorted_as_asked(client: Client, sort: str) -> None:
    rows = client.get("/api/flows", {"sort": sort, "lang": "en"}).json()["links"]
    keys = {
        "use": lambda row: row["utilisation"],
        "tonnes": lambda row: sum(way["tonnes"] for way in row["directions"]),
        "back": lambda row: sum(way["tonnes"] for way in row["directions"][1:]),
        "km": lambda row: row["length_km"],
    }
    name = sort.removeprefix("-")
    falling = (name != "name") != sort.startswith("-")
    page = read(client, f"/en/flows/?sort={sort}")
    if name == "name":
        # The page sorts by the names it shows, which are shorter than those of the operation.
        links = next(found for found in page.tables if len(found[0]) == 9)
        values = [tuple(end.strip().casefold() for end in row[0].split("→")) for row in links[1:]]
        assert len(set(values)) > 20
    else:
        values = [keys[name](row) for row in rows]
    assert values == sorted(values, reverse=falling)
    assert 'aria-sort="' + ("descending" if falling else "ascending") in page.html


@pytest.mark.parametrize("over", ["0", "50", "90", "100", "1000", "33.3"])
def test_the_filters_leave_what_they_say(client: Client, over: str) -> None:
    wanted = {link for link, share in shares().items() if share * 100 > float(over)}
    for mode in ("", "rail", "road", "air"):
        held = {link for link in wanted if link.endswith(f"--{mode}") or not mode}
        body = client.get("/api/flows", {"over": over, "mode": mode}).json()
        assert {row["link"] for row in body["links"]} == held
        page = read(client, f"/flows/?over={over}&mode={mode}&sort=")
        assert (f"找到 {len(held)} 段" in page.text) == bool(held)
        assert ("没有符合这些条件的线路" in page.text) != bool(held)
        assert f'<option value="{over}" selected>' in page.html


SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "mode": ["rocket", "rail'--", "RAIL", "RAIL<b>", SCRIPT],
    "over": ["-1", "1001", "nan", "inf", "1e3", "ninety", "٩٠", "9" * 400, "90%", SCRIPT],
    "sort": ["weight", "--use", "-", "use;drop", "use,", SCRIPT],
    "page": ["0", "-1", "1.5", "two", "１", "99999999999999999999", "0x1", SCRIPT],
}


@BOTH
@pytest.mark.parametrize(("field", "value"), [(f, v) for f, values in HOSTILE.items() for v in values])
def test_what_cannot_be_asked_is_refused_in_words(client: Client, language: str, field: str, value: str) -> None:
    prefix = "" if language == "zh" else "/en"
    page = client.get(f"{prefix}/flows/", {field: value})
    assert page.status_code == 422
    assert "<script>alert" not in page.content.decode()
    assert "RAIL<b>" not in page.content.decode()
    answer = client.get("/api/flows", {field: value, "lang": language})
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["place"]["field"] == field
    assert error["code"] in ("request.bad_filter", "request.invalid_field")
    assert error["message"]
    assert error["cure"]


def test_all_that_is_wrong_is_said_at_once(client: Client) -> None:
    asked = {field: values[0] for field, values in HOSTILE.items()}
    faults = client.get("/api/flows", asked).json()["error"]["faults"]
    assert {fault["place"]["field"] for fault in faults} == set(HOSTILE)


def test_empty_fields_of_a_form_ask_for_nothing_and_a_far_page_says_which_it_gives(client: Client) -> None:
    assert read(client, "/flows/?mode=&over=&sort=&page=").text == read(client, "/flows/").text
    far = client.get("/api/flows?page=999999").json()
    assert far["page"] == far["pages"] > 1
    assert "第 4 页，共 4 页" in read(client, "/flows/?page=999999").text
    assert client.get("/flows/?unknown=1").status_code == 200


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["mode", "over", "sort", "page", "q"]), st.text(max_size=30)))
def test_any_parameters_give_a_question_or_a_clear_error(asked: dict[str, str]) -> None:
    loaded, faults = current(), []
    try:
        question = flows.question_of(loaded, asked)
    except BridgeheadError as error:
        faults = [fault.place.field for fault in error.faults]
    assert set(faults) <= set(asked)
    if faults:
        return
    found = flows.listing(loaded, question)
    assert 1 <= found.page <= found.pages
    assert len(found.lines) <= flows.PAGE_SIZE


@pytest.mark.article(16)
def test_the_parameters_are_counted_by_standing_and_lead_to_their_rows(client: Client, loading) -> None:  # type: ignore[no-untyped-def]
    rows = {row["id"]: row for row in table("parameters")}
    body = client.get("/api/flows").json()
    assert {one["id"] for one in body["parameters"]} == set(loading.parameters) <= set(rows)
    assert sum(body["parameters_by_standing"].values()) == len(loading.parameters)
    assumed = {"assumption", "unverified", "estimate", "approximate", "low", "historical"}
    estimates = sum(rows[id_]["standing"] in assumed for id_ in loading.parameters)
    assert body["parameters_by_standing"]["estimate"] == estimates
    page = read(client, "/flows/")
    assert f"{len(loading.parameters)} 个参数，其中 {estimates} 个是估计或假设" in page.text
    assert "/data/assumptions/" in page.links


def test_the_files_hold_the_loading_row_by_row(client: Client, loading) -> None:  # type: ignore[no-untyped-def]
    links = list(csv.DictReader(io.StringIO(client.get("/flows/links.csv").content.decode("utf-8-sig"))))
    assert {(row["link"], row["origin"], row["destination"]) for row in links} == set(loading.link_tonnes)
    for row in links:
        key = (row["link"], row["origin"], row["destination"])
        assert float(row["tonnes"]) == pytest.approx(loading.link_tonnes[key])
        assert row["standing"] == "model"
    used = {(row.link, row.origin): row.share for row in loading.utilisation}
    said = {(row["link"], row["origin"]): float(row["utilisation"]) for row in links if row["utilisation"]}
    assert said == pytest.approx(used)
    ports = list(csv.DictReader(io.StringIO(client.get("/flows/ports.csv").content.decode("utf-8-sig"))))
    told = {(row["port"], row["direction"], row["commodity"]): float(row["tonnes"]) for row in ports}
    assert told == pytest.approx(loading.port_tonnes)


def test_every_figure_of_the_answer_says_what_it_is(client: Client) -> None:
    body = client.get("/api/flows?lang=en").json()
    assert body["standing"] == body["totals"]["standing"] == "model"
    assert body["forecast"] is False
    for one in body["ports"]:
        assert one["modelled"] is None or one["modelled"]["standing"] == "model"
        if one["reported"]:
            shown = one["reported"]["figure"]
            assert shown["source"]
            assert shown["source_date"]
            assert shown["standing"] in ("measured", "reported", "derived", "estimate")
    assert all(row["standing"] == "model" for row in body["links"])


@BOTH
def test_a_region_without_overloads_or_reports_by_mode_says_so(
    client: Client, second_region: Path, language: str
) -> None:
    prefix = "" if language == "zh" else "/en"
    with serving(second_region) as loaded:
        made = assign(loaded.components, loaded.region.settings.base_year)
        fullest = max(made.utilisation, key=lambda row: row.share)
        page = read(client, f"{prefix}/flows/")
        assert not made.overloads
        assert page.h1.endswith(wording.percent(fullest.share, language))
        words = ("没有线路超过能力", "没有查到按方式分") if language == "zh" else ("No link is over", "by mode")
        assert all(one in page.text for one in words)
        assert sum(flow_reports.mode_tonnes(loaded).values()) == pytest.approx(
            sum(total.modelled_t for total in made.port_totals)
        )
        posadas = page.row("波萨达斯铁路" if language == "zh" else "Posadas railway")
        sent = sum(row.tonnes for row in made.ports if row.port == "posadas-rail")
        assert posadas[2] == wording.mass(sent, language)
        body = client.get("/api/flows", {"lang": language}).json()
        assert body["overloads"] == []
        assert body["modes"] == []
        assert body["region"] is None


def test_a_year_without_demand_gives_an_honest_page(client: Client, second_region: Path, tmp_path: Path) -> None:
    folder = tmp_path / "region"
    folder.mkdir()
    for file in second_region.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    head = (folder / "demand.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "demand.csv").write_text(head + "\n", encoding="utf-8")
    with serving(folder):
        page = read(client, "/flows/")
        assert page.h1 == "没有货可以放到路网上"
        assert "需求表里没有这一年的货" in page.text
        assert client.get("/api/flows").json()["links"] == []
        assert len(client.get("/flows/links.csv").content.decode("utf-8-sig").splitlines()) == 1
