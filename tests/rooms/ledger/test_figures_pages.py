"""The pages of figures: who sees them, what they answer, and what their forms do."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from bridgehead.ground.access.viewer import as_system, viewing
from bridgehead.ground.imports.actions import apply_import, propose_import
from bridgehead.ground.imports.registry import importer_of
from bridgehead.ground.imports.templates import write_csv
from bridgehead.ground.models import Person
from bridgehead.ground.region import current
from bridgehead.ground.wording import has_han
from bridgehead.rooms.ledger.dossier import Asked
from bridgehead.rooms.ledger.figures_elsewhere import section
from bridgehead.rooms.ledger.models import ClosedPeriod, Figure
from bridgehead.rooms.ledger.papers.figures import pace_row
from bridgehead.rooms.ledger.selectors.figures_pace import Asked as Wanted
from bridgehead.rooms.ledger.selectors.figures_pace import pace_board
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.figures import entered, make

Browser = Callable[[Person], Client]


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def keys(client: Client, address: str, form: str) -> dict[str, str]:
    """Return the hidden fields of a form of a page."""
    page = client.get(address).content.decode()
    part = next(one for one in page.split("<form")[1:] if f'name="form" value="{form}"' in one)
    return dict(re.findall(r'type="hidden" name="(form|once|version|organisation)" value="([^"]*)"', part))


def test_the_pages_answer_in_one_sentence_and_strangers_are_refused(world: LedgerWorld, browser: Browser) -> None:
    make(world)
    coordinator = browser(world.coordinator)
    figure = Figure.objects.filter(ended_at=None).earliest("pk")
    for address, said in (
        ("/pace/?year=2025", "4 项目标：1 项没有数据，1 项跟得上，2 项已达到"),
        ("/indicators/?article=9", "个指标，"),
        ("/indicators/port_freight/", "口岸进出境货运量：2026 年 1 月：1,120 万吨"),
        ("/indicators/port_energy_intensity/", "没有数据"),
        ("/figures/owed/?on=2026-04-10", "个机构还有数没报，"),
        (f"/figures/{figure.pk}/", "2026 年 1 月：1,120 万吨"),
        ("/en/pace/?on=2023-12-31", "2023"),
    ):
        assert said in text(coordinator, address), address
        assert Client().get(address).status_code in (302, 401, 403), address
    values = text(coordinator, "/indicators/port_freight/")
    assert "各处说法相差 5 万吨" in values
    assert "已更正" in values
    assert "11,150,000 吨" in values
    assert text(browser(world.transport_officer), f"/figures/{figure.pk}/", 404)
    assert coordinator.get("/api/figures/owed?on=2026-04-10").json()["bodies"]
    found = coordinator.get("/api/indicators/port_freight").json()
    assert [one["value"]["spread"] for one in found["periods"] if one["value"]["period"] == "2026-01"] == ["5"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/en/pace/?year=2025", "132,000,000"),
        ("/en/indicators/", "11,200,000 t"),
        ("/en/indicators/port_freight/", "11,200,000 t (Jan 2026)"),
        ("/en/indicators/trade_total/", "million CNY"),
        ("/en/figures/{figure}/", "Jan 2026: 11,200,000 t"),
        ("/en/dossiers/17/?year=2025", "132,000,000 t"),
        ("/ledger/pace.docx?year=2025&lang=en", "132,000,000"),
    ],
)
def test_english_reads_no_multiple_between_a_number_and_its_unit(
    world: LedgerWorld, browser: Browser, address: str, said: str
) -> None:
    import docx

    make(world)
    figure = Figure.objects.filter(ended_at=None).earliest("pk")
    answer = browser(world.coordinator).get(address.format(figure=figure.pk))
    if ".docx" in address:
        paper = docx.Document(io.BytesIO(answer.content))
        found = "\n".join(cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    else:
        found = re.sub(r"<svg.*?</svg>|<[^>]*>", " ", answer.content.decode(), flags=re.S)
        found = re.sub(r"\s+", " ", found)
    assert said in found
    assert not re.search(r"\d (10,000|CNY 100|USD 100|CNY 10)\b", found), address


def test_the_board_is_filed_as_a_document_that_says_the_same(world: LedgerWorld, browser: Browser) -> None:
    import docx

    coordinator = browser(world.coordinator)
    for language, said, trade in (("zh", "正常", "1,963"), ("en", "on pace", "196,330")):
        answer = coordinator.get(f"/ledger/pace.docx?year=2025&lang={language}")
        assert answer.status_code == 200
        paper = docx.Document(io.BytesIO(answer.content))
        cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
        assert any(trade in cell for cell in cells)
        if language == "zh":
            assert said in cells


def test_a_figure_is_entered_on_the_page_and_a_refusal_keeps_the_draft(world: LedgerWorld, browser: Browser) -> None:
    officer = browser(world.commerce_officer)
    address = "/indicators/port_freight/"
    sent = keys(officer, address, "enter") | {
        "period": "2025-13",
        "value": "约一千",
        "unit": "10^4 t",
        "standing": "reported",
        "source": "口岸月报",
        "source_on": "上个月",
        "note": "草稿要留着",
        "place": "",
    }
    refused = officer.post(address, sent)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "草稿要留着" in page
    assert "“约一千”不是数" in page
    assert "“上个月”不是日期" in page
    assert "2025-13" in page
    sent |= {"period": "2025-12", "value": "1200", "source_on": ""} | keys(officer, address, "enter")
    assert officer.post(address, sent).status_code == 302
    figure = Figure.objects.get()
    assert (figure.period, figure.value, figure.office) == ("2025-12", 1200, world.commerce)
    there = f"/figures/{figure.pk}/"
    revised = keys(officer, there, "revise") | {"value": "1210", "unit": "10^4 t", "standing": "reported"}
    answer = officer.post(
        there, revised | {"source": "口岸月报", "source_on": "2026-01-05", "note": "", "reason": "补报"}
    )
    assert answer.status_code == 302
    assert Figure.objects.get(replaces=figure).value == 1210
    again = officer.post(there, revised | {"once": "another-key-1"})
    assert again.status_code == 403  # a figure that no longer holds offers no form


@pytest.mark.article(5)
def test_the_dossier_of_an_article_has_its_indicators_beside_last_year(world: LedgerWorld) -> None:
    entered(world, period="2024-01..11", value="9000", source="累计月报")
    viewer = seen_as(world.coordinator)
    with viewing(viewer):
        found = section(Asked(viewer, (17, 14, 2), 2025, date(2025, 12, 31)))
    freight = next(one for one in found[17].lines if one.cells[0] == "口岸进出境货运量")
    assert freight.cells[1:6] == ("13,200 万吨", "2025 年", "13,000", "102%", "已达到")
    assert freight.standing == "reported"
    assert freight.address.endswith("/indicators/port_freight/")
    before = next(one for one in found[17].before if one.cells[0] == "口岸进出境货运量")
    assert before.cells[1:3] == ("≥10,000 万吨", "2024 年")
    assert "没有数据" in found[14].gap
    assert found[2].gap == "没有指标对应这一条。"
    assert found[2].lines == ()


def test_the_board_asks_the_database_no_more_with_more_figures(
    world: LedgerWorld, seen_by: Any, django_assert_max_num_queries: Any
) -> None:
    from bridgehead.rooms.ledger.selectors.figures_pace import pace_board

    make(world)
    with django_assert_max_num_queries(9):
        seen_by(world.coordinator, pace_board, date(2025, 12, 31))


@pytest.mark.article(79)
def test_sources_of_the_tables_are_told_in_the_language_of_the_page(
    world: LedgerWorld, seen_by: Callable[..., Any]
) -> None:
    region = current().region
    for table in ("indicators", "series", "indicator_values", "indicator_targets"):
        for row in region.rows(table):
            for said in (row.text("source"), row.text("period_said") if table == "indicator_values" else ""):
                assert has_han(region.translated(said, "zh")) or not re.search("[A-Za-z]{3}", said), said
                assert not has_han(region.translated(said, "en")), said
    on = date(2026, 6, 30)

    def told(viewer: Any) -> tuple[str, str]:
        line = next(one for one in pace_board(viewer, on, Wanted(2025)).lines if one.definition.id == "trade_total")
        return pace_row(line)[-1], line.done.source

    paper, source = seen_by(world.coordinator, told)
    assert "内蒙古日报 2025-12-10" in source
    assert "中新社（转载）：2025 年政府工作报告的目标" in paper
    assert "copy" not in paper
    with override("en"):
        paper, source = seen_by(world.coordinator, told)
    assert "Inner Mongolia Daily" in source
    assert not has_han(paper)


@pytest.mark.article(79)
def test_a_figure_that_is_refused_tells_all_that_is_wrong_and_keeps_what_was_typed(
    world: LedgerWorld, browser: Browser
) -> None:
    with as_system("tests"):
        days = {"first_on": date(2025, 1, 1), "last_on": date(2025, 3, 31), "closed_on": date(2025, 4, 20)}
        ClosedPeriod.objects.create(owner=world.office, period="2025Q1", **days)
    client, address = browser(world.commerce_officer), "/indicators/port_freight/"
    told = {
        **keys(client, address, "enter"),
        **{"period": "2025-02", "value": "1,100", "unit": "h", "standing": "reported", "source": "口岸月报"},
        **{"source_on": "soon", "note": "初步", "organisation": str(world.commerce.pk)},
    }
    answer = client.post(address, told)
    page = answer.content.decode()
    assert answer.status_code == 422
    says = re.findall(r'<span class="says" id="enter-(\w+)-says">\s*(.*?)\s*</span>', page, re.DOTALL)
    assert {field: text.count("。") for field, text in says} == {"period": 2, "value": 2, "unit": 2, "source_on": 2}
    for said in ("2025Q1 的记录已在 2025-04-20 关账", "不能换算成", "1,100”不是", "soon”不是"):
        assert page.count(said) == 1, said
    for kept in ('value="2025-02"', 'value="1,100"', 'value="口岸月报"', 'value="h" selected', "初步"):
        assert kept in page, kept
    assert not Figure.objects.exists()


def test_the_preview_of_an_import_names_a_figure_of_the_whole_region_without_a_place(
    world: LedgerWorld, browser: Callable[[Person], Client], tmp_path: Path, settings: Any
) -> None:
    settings.BRIDGEHEAD_DATA = tmp_path
    told = {"indicator": "port_freight", "period": "2025-09", "source": "月报", "value": "9", "unit": "10^4 t"}
    schema = importer_of("figures").schema
    content = write_csv(schema, [tuple(told.get(column.name, "") for column in schema.columns)])
    by = seen_as(world.commerce_officer)
    told = {"kind": "figures", "organisation": world.commerce.pk, "content": content, "name": "t.csv"}
    for counts in ((1, 0), (0, 1)):
        run = propose_import(by=by, **told)
        assert (run.new, run.unchanged) == counts
        page = browser(world.commerce_officer).get(f"/imports/preview/?run={run.pk}").content.decode()
        assert "None" not in page
        if run.new:
            assert "port_freight · 2025-09 · 月报" in page
            apply_import(by=by, run=run.pk)
