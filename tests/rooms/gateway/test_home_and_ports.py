"""The first page, the list of ports and the page of a port, read as a visitor reads them."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from bridgehead.ground import wording
from bridgehead.ground.region import current, serving
from bridgehead.ground.templatetags.bridgehead import mass_in_column
from bridgehead.rooms.gateway.selectors import demand, ports
from tests.rooms.gateway.reading import Page, freight, furthest, read, table

PORTS = [row["id"] for row in table("ports")]


@pytest.mark.article(9)
def test_the_first_page_says_the_years_freight_in_one_sentence(client: Client) -> None:
    total = max((r for r in table("port_throughput") if r["port_id"] == "region" and r["metric"] == "cargo_tonnes"
                 and r["full_year"] == "1"), key=lambda r: r["year"])  # fmt: skip
    open_land = sum(row["status"] == "open" and row["mode"] != "air" for row in table("ports"))
    assert (open_land, float(total["value"]), total["year"]) == (14, 132_000_000, "2025")
    page = read(client, "/")
    assert page.h1 == "十四个陆路口岸，一年通过 1.32 亿吨"
    assert f"{total['year']} 年货运量比上年多 {total['yoy_pct']}%" in page.text
    assert total["source_date"] in page.text
    assert read(client, "/en/").h1 == "Fourteen land ports, 132 Mt in a year"


@pytest.mark.article(14)
def test_the_pace_tells_what_is_met_what_is_not_and_what_nobody_published(client: Client) -> None:
    text = read(client, "/").text
    assert re.search(r"货运量 13,200 / 13,000 万吨 已完成，102% 全年", text)
    assert re.search(r"外贸进出口 1,963 / 2,200 亿元 89%，全年过去 92% 至 11 月 30 日", text)
    assert re.search(r"策克货运量 ≥3,000 / 3,000 万吨 已完成，提前 22 天 至 12 月 9 日", text)
    # The target of trains from or to the region has no figure: it is printed as not found, never as 0.
    assert re.search(r"本地始发终到中欧班列 未查到 / 500 列 没有公布数字，不计完成率", text)
    english = read(client, "/en/").text
    assert re.search(r"China-Europe trains from or to the region not found / 500 trains", english)


@pytest.mark.article(11)
@pytest.mark.parametrize("port", ["ganqimaodu", "ceke", "mandula", "zhuengadabuqi"])
def test_the_table_of_the_first_page_holds_the_figure_of_the_file(client: Client, port: str) -> None:
    year = current().region.settings.base_year
    wanted = furthest(port, year)
    assert wanted is not None
    sign = {"exact": "", "about": "约 ", "at_least": "≥"}[wanted["qualifier"]]
    short = {"ganqimaodu": "甘其毛都", "ceke": "策克", "mandula": "满都拉", "zhuengadabuqi": "珠恩嘎达布其"}[port]
    row = read(client, "/").row(short)
    assert f"{sign}{wording.number(float(wanted['value']) / 1e4, 'zh')}" in row[4]
    assert {"reported": "报告", "derived": "推算"}[wanted["confidence"]] in row[4]


def test_ports_counted_together_share_a_row_and_keep_their_own_figures(client: Client) -> None:
    year = current().region.settings.base_year
    together, rail = furthest("erenhot-all", year), furthest("erenhot-rail", year)
    assert together is not None
    assert rail is not None
    assert furthest("erenhot-road", year) is None
    row = read(client, "/").row("二连浩特")
    assert "≥1,900" in row[4]
    assert "至 12 月 29 日" in row[4]
    assert "铁路 ≥1,500 至 11 月 21 日" in row[0]
    assert "公路 未查到" in row[0]


@pytest.mark.parametrize("sort", sorted(ports.SORTS))
def test_the_table_can_be_sorted_and_says_so(client: Client, sort: str) -> None:
    loaded = current()
    for order in (sort, f"-{sort}"):
        page = read(client, f"/?sort={order}")
        wanted = [one.short for one in ports.ordered(ports.sites(loaded), order)]
        shown = [rows[0][0] for rows in page.tables for rows in [rows[1:]] if rows]
        assert shown[0].startswith(wanted[0])
        if sort != "model":
            assert page.html.count("aria-sort") == 1
    key = ports.SORTS[sort][0]
    ordered = [key(one) for one in ports.ordered(ports.sites(loaded), sort)]
    known = [value for value in ordered if value is not None]
    assert ordered[: len(known)] == known, "what has no value stands last"
    assert known == sorted(known, reverse=ports.SORTS[sort][1])


@pytest.mark.parametrize("query", ["sort=", "mode=&status=&class=&sort=", "x=y&x=z", "colour=red"])
def test_empty_and_unknown_parameters_ask_for_nothing(client: Client, query: str) -> None:
    for address in ("/", "/ports/", "/en/ports/"):
        # The address at the foot of the print is the only thing that may tell the two apart.
        asked = re.sub(r"\?\S+(?=，打印于|, printed)", "", read(client, f"{address}?{query}").text)
        assert asked == read(client, address).text


@pytest.mark.parametrize("word", ["nothing", "--freight", "<script>alert(1)</script>", "9" * 5000, "RAIL"])
@pytest.mark.parametrize("field", ["sort", "mode", "status", "class"])
def test_a_filter_nobody_knows_is_refused_and_not_passed_over(client: Client, field: str, word: str) -> None:
    asked = urlencode({field: word})
    for address in ("/ports/", "/en/ports/", *(("/", "/en/") if field == "sort" else ())):
        page = client.get(f"{address}?{asked}")
        assert page.status_code == 422, address
        assert "<script>alert" not in page.content.decode()
        assert 'role="alert"' in page.content.decode()
    error = client.get(f"/api/ports?{asked}").json()["error"]
    assert error["code"] == "request.bad_filter"
    assert error["place"]["field"] == field
    assert error["parameters"]["allowed"] in error["cure"]


def test_all_unknown_filters_are_told_at_once(client: Client) -> None:
    asked = dict.fromkeys(("mode", "status", "class", "sort"), "zz")
    faults = client.get("/api/ports", asked).json()["error"]["faults"]
    assert {fault["place"]["field"] for fault in faults} == set(asked)


@pytest.mark.article(9)
@pytest.mark.parametrize(
    ("mode", "status"), [("rail", ""), ("road", "open"), ("air", "open"), ("", "not_open"), ("water", "")]
)
def test_the_list_of_ports_narrows_without_script(client: Client, mode: str, status: str) -> None:
    wanted = {row["name_zh"] for row in table("ports") if mode in ("", row["mode"]) and status in ("", row["status"])}
    page = read(client, f"/ports/?mode={mode}&status={status}")
    rows = page.tables[0][1:]
    assert len(rows) == len(wanted)
    assert all(any(name in row[0] for row in rows) for name in wanted)


def test_a_filter_that_leaves_nothing_says_how_to_get_back(client: Client) -> None:
    text = read(client, "/ports/?mode=air&status=planned").text
    assert "没有符合这些条件的口岸" in text
    assert "去掉条件" in text


@pytest.mark.article(9)
def test_a_port_without_a_class_by_the_regulation_stays_unassigned(client: Client) -> None:
    assert not any(row["statutory_class"] for row in table("ports"))
    for port in ("ganqimaodu", "erenhot-rail", "hohhot-air"):
        page = read(client, f"/ports/{port}/")
        assert "条例类别 未认定" in page.text
        assert "按条例属于哪一类口岸？" in page.text
    assert "not assigned" in read(client, "/en/ports/ganqimaodu/").text


@pytest.mark.article(12)
def test_a_specialised_port_shows_its_freight_capacity_and_railway(client: Client) -> None:
    page = read(client, "/ports/ganqimaodu/")
    assert page.h1.startswith("甘其毛都公路口岸")
    assert "2025 年到 12 月 13 日通过货物不少于 4,000 万吨" in page.text
    assert "2023 年全年不少于 3,800 万吨，其中煤约 3,650 万吨" in page.text
    assert "甘其毛都—嘎顺苏海图跨境铁路在建，计划 2027 年建成" in page.text
    assert "货运通道 进 12，出 7" in page.text
    english = read(client, "/en/ports/ganqimaodu/").text
    assert "By 13 December 2025 at least 40 Mt of freight had passed." in english
    assert "In the whole of 2023 at least 38 Mt, of it coal about 36.5 Mt." in english


@pytest.mark.parametrize("port", PORTS)
def test_every_point_of_the_file_is_on_the_page_of_its_port_or_in_its_csv(client: Client, port: str) -> None:
    rows = [row for row in table("port_throughput") if row["port_id"] == port]
    sent = list(csv.DictReader(io.StringIO(client.get(f"/ports/{port}/throughput.csv").content.decode("utf-8-sig"))))
    mine = [row for row in sent if row["port_id"] == port]
    assert len(mine) == len(rows)
    assert sorted(float(r["value"]) for r in mine) == sorted(float(r["value"]) for r in rows)
    html = client.get(f"/ports/{port}/").content.decode()
    for row in rows:
        if row["metric"] == "cargo_tonnes":
            assert row["period_to"] in html


CONTRADICTIONS = [
    # What the notes on the facts list as reports that do not agree.
    ("manzhouli-rail", "累计数反而变小", ("4,043", "3,501")),
    ("manzhouli-rail", "累计数反而变小", ("184,000", "161,706")),
    ("heishantou", "同一年份，数不一样", ("300", "130")),
    ("erenhot-rail", "同一年份，数不一样", ("69", "63")),
    ("ganqimaodu", "累计总数的增量与当年的数对不上", ("18,800", "22,100", "≥3,800")),
]


@pytest.mark.parametrize(("port", "why", "values"), CONTRADICTIONS)
def test_figures_that_contradict_each_other_stand_side_by_side(
    client: Client, port: str, why: str, values: tuple[str, ...]
) -> None:
    page = read(client, f"/ports/{port}/")
    assert "没有取平均，也没有删" in page.text
    told = [row for found in page.tables for row in found if len(row) == 3 and why in row[1]]
    assert any(all(value in row[2] for value in values) for row in told), told
    body = client.get(f"/api/ports/{port}").json()["conflicts"]
    assert len([one for one in body if len(one["stated"]) > 1]) == len(body) > 0


@pytest.mark.article(13)
def test_ports_of_one_kind_stand_side_by_side(client: Client) -> None:
    rows = {row["id"]: row for row in table("ports")}
    same = [r for r in rows.values() if (r["mode"], r["class"], r["status"]) == ("road", "characteristic", "open")]
    assert len(same) > 5
    page = read(client, f"/ports/{same[0]['id']}/")
    beside = next(t for t in page.tables if len(t) == len(same) + 1 and "占用（模型）" in "".join(t[0]))
    assert len(beside) == len(same) + 1


@pytest.mark.article(17)
def test_model_and_report_stand_side_by_side_with_the_difference(client: Client) -> None:
    loaded = current()
    total = next(t for t in loaded.flows.port_totals if t.port == "ganqimaodu")
    reported = furthest("ganqimaodu", 2023)
    assert reported is not None
    page = read(client, "/ports/ganqimaodu/")
    difference = total.modelled_t - float(reported["value"])
    sign = "+" if difference > 0 else "\u2212"
    assert page.row("模型减报告")[1] == f"{sign}{mass_in_column(abs(difference))}"
    assert mass_in_column(total.modelled_t) in page.row("模型")[1]
    assert "≥3,800" in page.row("报告")[1]
    moved = abs(total.modelled_t - total.marked_t) > 0.005 * total.marked_t
    assert ("需求按本口岸标定 3,800 万吨" in page.text) == moved


@pytest.mark.article(23)
def test_the_hinterland_is_told_in_words_and_drawn(client: Client) -> None:
    page = read(client, "/ports/ganqimaodu/")
    assert "境外主要是塔本陶勒盖" in page.text
    assert "唐山" in page.text
    assert "甘其毛都的货运腹地" in page.drawings
    founded = ("口岸总量按报告标定，分到各地为假设", demand.foundation(current()))
    assert any(said in page.text for said in founded)


def test_what_nobody_reported_is_not_found_and_never_nought(client: Client) -> None:
    page = read(client, "/ports/ebuduge/")
    assert not freight("ebuduge", 2023)
    assert "没有查到这个口岸的货运量" in page.text
    assert page.row("报告")[1] == "未查到"
    assert page.row("模型减报告")[1] == "未查到"
    assert "2023 年全年的货运量是多少？" in page.text


def test_a_port_that_is_not_open_says_so(client: Client) -> None:
    assert "这个口岸还在建，2025 年 5 月 14 日开工" in read(client, "/ports/ganqimaodu-rail/").text
    assert "这个口岸还在规划" in read(client, "/ports/ceke-rail/").text
    assert "这个口岸没有开放" in read(client, "/ports/hulieyetu/").text


@pytest.mark.parametrize("port", ["erenhot-rail", "ganqimaodu", "hohhot-air"])
def test_every_figure_of_the_tables_of_a_port_names_standing_and_source(client: Client, port: str) -> None:
    page = read(client, f"/ports/{port}/")
    tables = re.findall(r"<table.*?</table>", page.html, re.S)
    assert len(tables) == len(page.tables)
    heads = [(html, t) for html, t in zip(tables, page.tables, strict=True) if "成色与来源" in t[0][-1]]
    assert len(heads) >= 3
    seen = 0
    for html, found in heads:
        rows = re.findall(r"<tr.*?</tr>", html, re.S)
        assert len(rows) == len(found)
        for marked, row in zip(rows[1:], found[1:], strict=True):
            # A difference is computed in its row; what was not found has no source to name.
            if "未查到" in row[1] or row[0].startswith("模型减报告"):
                continue
            assert any(word in row[-1] for word in ("实测", "报告", "推算", "估计", "模型")), row
            last = marked.rpartition("<td")[2]
            assert 'class="src' in last, row
            # The model's row leads to its method, a reported figure carries the date of its source.
            assert "模型" in row[-1] or re.search(r'class="src n nowrap">(19|20)\d\d', last), row
            seen += 1
    assert seen > 3


@pytest.mark.parametrize("port", ["nope", "a" * 99, "..", "ganqimaodu.", "GANQIMAODU", quote("甘其毛都"), "%00"])
def test_a_port_that_does_not_exist_is_a_helpful_404(client: Client, port: str) -> None:
    for address in (f"/ports/{port}/", f"/en/ports/{port}/"):
        response = client.get(address)
        assert response.status_code == 404
        assert 'role="alert"' in response.content.decode()


@pytest.fixture
def small(second_region: Path):
    """Serve the small region."""
    with serving(second_region) as loaded:
        yield loaded


def test_a_region_without_totals_targets_or_corridors_gets_honest_pages(small, client: Client) -> None:
    home = read(client, "/")
    assert home.h1.startswith("三个陆路口岸，")
    assert "全区合计没有查到" in home.text
    assert "没有查到这个地区或它的口岸的目标" in home.text
    assert "还没有登记通道" in read(client, "/corridors/").h1
    assert "内蒙古" not in home.html
    for row in small.region.rows("ports"):
        page = read(client, f"/ports/{row['id']}/")
        assert "没有查到这个口岸的目标" in page.text
        assert "没有查到这个口岸的通关数字" in page.text
        assert "条例类别" not in page.text, "a region without a regulation has no class by it"
    assert read(client, "/en/").h1.startswith("Three land ports, ")


def test_nothing_of_the_first_region_is_kept_for_the_second(client: Client, second_region: Path) -> None:
    before = read(client, "/").h1
    with serving(second_region):
        other = read(client, "/").h1
        assert client.get("/ports/ganqimaodu/").status_code == 404
    assert before != other
    assert read(client, "/").h1 == before


def test_the_files_of_the_ports_run_in_no_spreadsheet(client: Client) -> None:
    for address in ("/ports/ports.csv", "/ports/ganqimaodu/throughput.csv"):
        answer = client.get(address)
        assert answer["Content-Type"].startswith("text/csv")
        for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))):
            for cell in row:
                assert not cell.startswith(("=", "@", "\t")), cell
                assert not (cell.startswith(("+", "-")) and not re.fullmatch(r"[+-][0-9.e+-]+", cell)), cell


def test_a_drawing_has_a_title_and_a_table_beside_it(client: Client) -> None:
    page = read(client, "/ports/ganqimaodu/")
    drawings = re.findall(r"<svg class=\"fig.*?</svg>", page.html, re.S)
    assert drawings
    for drawing in drawings:
        assert "<title>" in drawing
    assert page.captions
    assert isinstance(page, Page)
