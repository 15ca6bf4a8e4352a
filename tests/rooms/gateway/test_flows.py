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

from bridgehead.engines.flows.freight_flows import Queue
from bridgehead.ground import wording, words
from bridgehead.ground.region import current, serving
from bridgehead.ground.templatetags.bridgehead import mass_in_column
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.gateway.selectors import flow_reports, flows, modelled
from tests.rooms.gateway.reading import Page, furthest, read, squeeze, table

YEAR = 2023
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


@pytest.fixture(scope="module")
def loading():  # type: ignore[no-untyped-def]
    """Return the freight in equilibrium as the engine gives it; what it is worth is proven beside the engine."""
    return current().flows


def shares() -> dict[str, float]:
    """Return the share of capacity of the fuller direction by link, from the engine's own rows."""
    found: dict[str, float] = {}
    for row in current().flows.utilisation:
        found[row.link] = max(found.get(row.link, 0.0), row.share)
    return found


def under(page: Page, head: str) -> int:
    """Return the number of the first table with a column of this name."""
    return next(i for i, rows in enumerate(page.tables) if head in [squeeze(cell) for cell in rows[0]])


def named(row: Queue, language: str) -> set[str]:
    """Return the names that the ends of a queue may be called by."""
    spoken = f"name_{language}"
    ends = {row.origin, row.destination, row.place}
    return {one[spoken] for one in (*table("places"), *table("ports")) if one["id"] in ends}


@pytest.mark.article(12)
def test_the_heading_counts_where_vehicles_wait_and_names_the_longest(client: Client) -> None:
    queues = sorted(current().freight.queues, key=lambda row: -row.wait_h)
    waiting = [row for row in queues if row.wait_h >= modelled.WAITING_H]
    assert waiting
    worst = waiting[0]
    page = read(client, "/flows/")
    assert page.h1.startswith(f"{words.count(len(waiting), 'zh')}处要等一小时以上")
    assert page.h1.endswith(f"平均等 {worst.wait_h:.0f} 小时")
    assert any(name[:2] in page.h1 for name in named(worst, "zh"))
    listed = page.tables[0][1:]
    assert [squeeze(cells[2]) for cells in listed] == [wording.number(row.wait_h, "zh", 1) for row in waiting]
    assert [squeeze(cells[3]) for cells in listed] == [wording.percent(row.share, "zh") for row in waiting]
    assert "不是预测" in page.text


@pytest.mark.article(17)
def test_queues_say_what_their_capacity_rests_on(client: Client) -> None:
    body = client.get("/api/flows").json()
    kept = {(row.link, row.place, row.origin): row for row in current().freight.queues}
    assert len(body["queues"]) == len(kept)
    basis = {f"{row['from']}--{row['to']}--{row['mode']}": row["capacity_source"] for row in table("links")}
    sources = {row["id"]: row["source"] for row in table("parameters")}
    for one in body["queues"]:
        row = kept[one["link"] or "", one["place"] or "", one["origin"]]
        assert (one["load"], one["wait_h"]) == (row.load, row.wait_h)
        assert one["utilisation"] == pytest.approx(one["load"] / one["capacity"]["value"])
        assert one["capacity"]["source"] == (basis[one["link"]] if one["link"] else sources[row.basis])
    waits = [one["wait_h"] for one in body["queues"]]
    assert waits == sorted(waits, reverse=True)
    listed = list(csv.DictReader(io.StringIO(client.get("/flows/queues.csv").content.decode("utf-8-sig"))))
    assert [float(row["wait_h"]) for row in listed] == pytest.approx(waits)


def test_what_is_not_sent_is_listed_with_its_reason(client: Client) -> None:
    flows_now = current().flows
    body, page = client.get("/api/flows").json(), read(client, "/flows/")
    assert math.fsum(row["tonnes"] for row in body["unserved"]) == pytest.approx(flows_now.totals.unserved_t)
    largest = sorted((row.tonnes for row in flows_now.unserved if row.tonnes >= 1.0), reverse=True)[:10]
    rows = next(found for found in page.tables if squeeze(found[0][-1]) == "为什么不送")
    assert [squeeze(cells[2]) for cells in rows[1:]] == [wording.number(tonnes, "zh", 0) for tonnes in largest]
    assert {row["reason"] for row in body["unserved"]} <= {"no_path", "overflow"}


def test_the_page_says_how_good_the_equilibrium_is(client: Client) -> None:
    quality = current().freight.quality
    body, page = client.get("/api/flows").json(), read(client, "/flows/")
    assert body["quality"]["relative_gap"] == quality.relative_gap <= 1e-6
    assert body["quality"]["reached"] is True
    assert f"{quality.relative_gap:.0e}" in page.text
    assert f"{quality.passes} 轮后达到" in page.text


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
    ports = under(page, "报告的来源")
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
        cells = page.row(shown, ports)
        assert wording.mass(told, "zh") in cells[1]
        assert cells[2] == mass_in_column(modelled)
        share = wording.percent(abs(modelled - told) / told, "zh")
        sign = "\u2212" if modelled < told else "+"
        apart = mass_in_column(abs(modelled - told))
        assert cells[3] == "".join(
            one if one.startswith("<") or one in ("0", "0%") else sign + one for one in (apart, share)
        )
        checked += 1
    assert checked == 4
    missing = page.row("阿日哈沙特", ports)
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
    sent = {total.port: total.modelled_t for total in current().flows.port_totals}
    moved = [
        one for one in found.values() if one.large and abs(sent[one.members[0]] / marked[one.members[0]] - 1) > 0.01
    ]
    alone = [one for one in moved if len(one.members) == 1]
    for one in alone:
        assert wording.number(marked[one.id] / 1e4, "zh") in "".join(one.remarks), one.id


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
    modes = under(page, "份额")
    for one in body["modes"]:
        assert one["reported"]["figure"]["value"] == told[one["mode"]]
        assert one["reported_share"] == pytest.approx(told[one["mode"]] / sum(told.values()))
        assert one["modelled_share"] == pytest.approx(sent[one["mode"]] / sum(sent.values()))
        cells = page.row({"rail": "铁路", "road": "公路"}[one["mode"]], modes)
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
    first = client.get("/api/flows?page=1").json()
    pages = [first, *(client.get(f"/api/flows?page={page}").json() for page in range(2, first["pages"] + 1))]
    listed = [row["link"] for page in pages for row in page["links"]]
    assert sorted(listed) == sorted({link for link, _origin in sums})
    kinds = {row["from"] + "--" + row["to"] + "--" + row["mode"]: row for row in table("links")}
    for row in body["links"]:
        assert row["utilisation"] == pytest.approx(shares()[row["link"]])
        basis = kinds[row["link"]]["capacity_source"]
        assert row["capacity"]["source"] == basis
        # A record day, a range, a forecast and what was not retrieved are no published capacity.
        weak = ("class assumption", "observed peak", "30-50 Mt/yr", "30 to 50 vehicles", "an estimate", "forecast")
        weak += ("not retrieved",)
        assert row["capacity"]["standing"] == ("estimate" if any(one in basis for one in weak) else "reported")


@pytest.mark.parametrize("sort", [sign + key for key in flows.SORTS for sign in ("", "-")])
def test_the_table_is_sorted_as_asked(client: Client, sort: str) -> None:
    rows = client.get("/api/flows", {"sort": sort, "lang": "en"}).json()["links"]
    keys = {
        "use": lambda row: row["utilisation"],
        "wait": lambda row: max(way["wait_h"] for way in row["directions"]),
        "tonnes": lambda row: sum(way["tonnes"] for way in row["directions"]),
        "back": lambda row: sum(way["tonnes"] for way in row["directions"][1:]),
        "km": lambda row: row["length_km"],
    }
    name = sort.removeprefix("-")
    falling = (name != "name") != sort.startswith("-")
    page = read(client, f"/en/flows/?sort={sort}")
    if name == "name":
        # The page sorts by the names it shows, which are shorter than those of the operation.
        links = next(found for found in page.tables if len(found[0]) == 10)
        values = [tuple(end.strip().casefold() for end in row[0].split("who uses")[0].split("→")) for row in links[1:]]
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
        if mode and over != "90":
            continue  # the page filters as the operation does; it is looked at for each of either once
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
    assert f"第 {far['pages']} 页，共 {far['pages']} 页" in read(client, "/flows/?page=999999").text
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
def test_a_region_without_queues_or_reports_by_mode_says_so(client: Client, second_region: Path, language: str) -> None:
    prefix = "" if language == "zh" else "/en"
    with serving(second_region) as loaded:
        made = loaded.flows
        fullest = max(made.utilisation, key=lambda row: row.share)
        page = read(client, f"{prefix}/flows/")
        assert not made.overloads
        assert wording.percent(fullest.share, language) in page.h1
        said = ("没有一处平均要等", "没有查到按方式分") if language == "zh" else ("Nowhere do vehicles wait", "by mode")
        assert all(one in page.text for one in said)
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
