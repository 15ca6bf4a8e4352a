"""What the lead and the tables say of a port's capacity, use, projects and figures, against the files themselves."""

from __future__ import annotations

import csv
import io
from collections import defaultdict

import pytest
from django.test import Client
from django.utils.translation import override

from bridgehead.ground import wording
from bridgehead.ground.region import current
from bridgehead.kernel.source import Standing
from bridgehead.rooms.gateway.selectors import capacities, port_head, ports
from bridgehead.rooms.gateway.selectors.border_use import use_of
from bridgehead.rooms.gateway.selectors.capacities import Basis
from bridgehead.rooms.gateway.selectors.comparison import FAR, Comparison, comparison
from tests.rooms.gateway.reading import furthest, read, table

YEAR = 2023
LAND = [row["id"] for row in table("ports") if row["mode"] != "air"]
AIR = [row["id"] for row in table("ports") if row["mode"] == "air"]


@pytest.mark.parametrize(
    ("words", "basis"),
    [
        ("caop.org.cn: train paths raised from 30 pairs to 188 pairs", Basis.SOURCED),
        ("CAREC CPMM 2023 report, Mongolia chapter: 20 trains per day at Erenhot", Basis.SOURCED),
        ("56885.net 2009-01-13: design 25 Mt/yr near term, 60 Mt/yr long term", Basis.SOURCED),
        ("twwiki.net 包白铁路", Basis.SOURCED),
        ("news.cn 2020-06-08: record 20 trains in one day (observed peak, not a design value)", Basis.PEAK),
        ("SCMP 2022-09-12: 30-50 Mt/yr", Basis.JUDGED),
        ("Xinhua 2013-12-12: near-term forecast 30 Mt/yr, long-term 72 Mt/yr", Basis.JUDGED),
        ("某报 2020-01-02：估计每年 3000 万吨", Basis.JUDGED),
        ("class assumption (see NETWORK.md)", Basis.ASSUMED),
        ("design value, general knowledge (not retrieved)", Basis.ASSUMED),
        ("not modelled", Basis.ASSUMED),
        ("somebody said so", Basis.ASSUMED),
        ("", Basis.ASSUMED),
    ],
)
def test_a_capacity_is_reported_only_where_a_named_source_states_it(words: str, basis: Basis) -> None:
    assert capacities.basis_of(words) is basis
    wanted = Standing.REPORTED if basis is Basis.SOURCED else Standing.ESTIMATE
    assert capacities.standing_of_capacity(words) is wanted


def _basis(port: str) -> str:
    """Return the words on the capacity of the only open link of a port over the border."""
    abroad = {row["id"] for row in table("places") if row["country"] != "CN"}
    found = [row for row in table("links") if row["capacity"] and row["status"] == "open"
             and port in (row["from"], row["to"]) and abroad & {row["from"], row["to"]}]  # fmt: skip
    return found[0]["capacity_source"] if len(found) == 1 else ""


@pytest.mark.parametrize("port", LAND)
def test_the_lead_is_as_firm_as_the_capacity_and_the_model_are(port: str) -> None:
    answer = "".join(port_head.head(current(), port).answer)
    if "assumption" in _basis(port):
        assert "超过能力" not in answer
        assert "已经用满" not in answer
        assert "占用能力" not in answer or "能力为等级假设" in answer
    assert "的 0%" not in answer
    sent = sum(row.tonnes for row in current().flows.ports if row.port == port)
    told = furthest(port, YEAR)
    if told is not None and abs(sent / float(told["value"]) - 1) > 0.25:
        assert "占用能力" not in answer
        assert not next(one for one in ports.all_lines(current()) if one.id == port).full


def test_a_design_capacity_is_compared_with_the_report_and_the_model_is_left_aside(client: Client) -> None:
    row = next(row for row in table("ports") if row["id"] == "mandula")
    told, sent = furthest("mandula", YEAR), sum(r.tonnes for r in current().flows.ports if r.port == "mandula")
    newest = furthest("mandula", 2024)
    assert told is not None
    assert newest is not None
    assert float(newest["value"]) > float(row["design_capacity_t_per_year"]) == 5_000_000
    text = read(client, "/ports/mandula/").text
    assert "2024 年已超过设计能力 500 万吨。" in text
    share = sent / float(told["value"])
    said = f"模型{'只' if share < 1 else ''}分到报告的 {wording.percent(share, 'zh')}，占用不作判断。"
    assert (said in text) == (abs(share - 1) > FAR)
    assert ("占用不作判断" in text) == (abs(share - 1) > FAR)
    english = read(client, "/en/ports/mandula/").text
    assert "In 2024 freight passed the design capacity of 5 Mt." in english


def test_a_record_day_is_called_one_and_its_source_stands_on_the_page(client: Client) -> None:
    page = read(client, "/ports/manzhouli-rail/")
    assert "20 列/日（单向）（已知最高日，不是设计值）" in page.text
    assert "jiangsulong.com" in page.html
    fact = next(
        f for f in client.get("/api/ports/manzhouli-rail").json()["capacity_facts"] if "observed" in f["source"]
    )
    assert fact["standing"] == "estimate"


def test_a_border_that_is_all_but_empty_is_not_nought_percent(client: Client) -> None:
    near = Comparison(YEAR, None, "", 1.0)
    assert use_of(0.004, Basis.ASSUMED, near, "").words == "几乎没有货"
    assert use_of(0.006, Basis.ASSUMED, near, "").words == "1%"
    for line in ports.all_lines(current()):
        if 0 < (line.utilisation or 0.0) < 0.005 and not comparison(current(), line.id).far:
            assert line.use.words == "几乎没有货"
            assert "段几乎没有货" in read(client, f"/ports/{line.id}/").text


@pytest.mark.parametrize(
    ("port", "words"), [("hohhot-air", "不适用"), ("wuliji", "当年未开放"), ("bagemaodu", "当年未开放")]
)
def test_what_the_model_has_nothing_of_is_not_called_missing(port: str, words: str) -> None:
    line = next(one for one in ports.all_lines(current()) if one.id == port)
    assert line.modelled_t is None
    assert line.use.words == words


@pytest.mark.parametrize("port", [row["id"] for row in table("ports")])
def test_the_lead_names_no_stale_project_as_being_built(client: Client, port: str) -> None:
    newest = max(int(r["year"]) for r in table("port_throughput") if r["metric"] == "cargo_tonnes" and r["year"])
    told = [s for s in client.get(f"/api/ports/{port}").json()["answer"] if "在建" in s and "这个口岸" not in s]
    for sentence in told:
        row = next(r for r in table("projects") if r["name_zh"] in sentence)
        assert row["confidence"] == "reported"
        assert int(row["source_date"][:4]) >= newest - 5
        assert not row["finish"] or int(row["finish"][:4]) >= newest


def test_an_old_report_of_building_carries_its_year_and_the_twin_of_the_lead_is_in_the_table(client: Client) -> None:
    ceke = read(client, "/ports/ceke/")
    assert "皮带传输在建" not in ceke.text
    assert "2011 年报道：在建" in ceke.row("策克口岸原煤专用通道及皮带传输")[1]
    page = read(client, "/ports/ganqimaodu/")
    assert "甘其毛都—嘎顺苏海图跨境铁路在建" in page.text
    assert page.row("甘其毛都—嘎顺苏海图跨境铁路")[1].startswith("在建")
    assert "3,000 万吨/年" in page.row("甘其毛都—嘎顺苏海图跨境铁路")[2]


@pytest.mark.parametrize("port", AIR)
def test_an_airport_signs_its_figure_with_the_source_of_its_travellers(client: Client, port: str) -> None:
    rows = [r for r in table("port_throughput") if r["port_id"] == port and "passengers" in r["metric"]]
    figure = port_head.head(current(), port).figure
    assert figure is not None
    assert (figure.value, figure.source) in {(float(r["value"]), r["source"]) for r in rows}
    assert figure.source_date
    body = client.get(f"/api/ports/{port}").json()
    assert not [point for point in body["throughput"] if point["subject"] != port], "the town's freight is not its own"
    assert body["comparison"]["reported"] is None


@pytest.mark.parametrize(("port", "year"), [("arihashate", "2003"), ("arxan", "2018"), ("shiwei", "2011")])
def test_a_figure_of_long_ago_says_so(client: Client, port: str, year: str) -> None:
    assert f"最近查到的是 {year} 年" in read(client, f"/ports/{port}/").text
    assert f"The latest figure found is of {year}" in read(client, f"/en/ports/{port}/").text


def test_a_figure_counted_together_is_no_figure_of_the_port(client: Client) -> None:
    together = furthest("erenhot-all", YEAR)
    assert together is not None
    for address, name in (("/ports/", "二连浩特公路口岸"), ("/en/ports/", "Erenhot road port")):
        cells = [cell for cell in read(client, address).row(name) if "1,900" in cell or "19" in cell]
        assert len(cells) == 1
        assert cells[0].startswith(("未查到", "not found"))
    assert "与铁路合计 ≥1,900" in read(client, "/ports/").row("二连浩特公路口岸")[4]
    sent = list(csv.DictReader(io.StringIO(client.get("/ports/ports.csv").content.decode("utf-8-sig"))))
    road = next(row for row in sent if row["id"] == "erenhot-road")
    assert road["cargo_tonnes"] == ""
    assert float(road["counted_together_tonnes"]) == float(together["value"])
    assert road["counted_together_as"] == "erenhot-all"
    told: dict[str, float] = defaultdict(float)
    for row in table("ports"):
        figure = furthest(row["id"], YEAR)
        told[row["id"]] = float(figure["value"]) if figure else 0.0
    assert sum(float(row["cargo_tonnes"] or 0) for row in sent) == pytest.approx(sum(told.values()))
    body = client.get("/api/ports?sort=freight").json()["ports"]
    own = [one["reported"]["value"] for one in body if one["reported"] and not one["reported_of"]]
    assert own == sorted(own, reverse=True)


def test_nothing_is_asked_of_the_years_before_a_port_opened(client: Client) -> None:
    row = next(row for row in table("ports") if row["id"] == "wuliji")
    assert row["status_since"] == "2025-12"
    asked = [one["text"] for one in client.get("/api/ports/wuliji").json()["questions"]]
    assert not [text for text in asked if "2023" in text or "2024" in text]
    older = [one["text"] for one in client.get("/api/ports/arihashate").json()["questions"]]
    assert "2023 年全年的货运量是多少？" in older


def test_districts_are_called_by_their_names_and_not_by_their_governments() -> None:
    with override("en"):
        for row in table("ports"):
            where = " ".join(port_head.head(current(), row["id"]).where)
            assert "Government" not in where, row["id"]
            assert "Administrative Office" not in where, row["id"]
        assert "Hulunbuir, Manzhouli" in port_head.head(current(), "manzhouli-rail").where
