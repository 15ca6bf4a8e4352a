"""What clearance costs on the page of a run and in its files: in whose units, with money, year and source."""

from __future__ import annotations

import csv
import io
from typing import Any

import docx
import pytest
from django.test import Client

from bridgehead.ground.models import Person
from bridgehead.ground.region import Loaded
from bridgehead.jobs.port_reports import make_report
from bridgehead.rooms.gateway.selectors import port_runs
from tests.ground.world import World
from tests.rooms.gateway.port_runs import address, saved_run
from tests.rooms.gateway.reading import read

pytestmark = pytest.mark.django_db

RAIL, ROAD = "erenhot-rail", "wuliji"
SHORT = {"replications": 2, "seed": 1, "horizon_d": 14.0, "warmup_d": 7.0}


def made(there: World, officer: Person, loaded: Loaded, port: str, **described: Any) -> tuple[str, dict[str, Any]]:
    """Save and make a run of a port, described otherwise in parts; return the address of its page and its report."""
    record = saved_run(there, officer, port, SHORT, **described)
    return address(record), make_report(port_runs.question_of(record), loaded.store)


@pytest.mark.article(12)
def test_a_run_tells_what_clearance_costs_with_money_year_and_source(
    desk: Client, there: World, officer: Person, loaded: Loaded
) -> None:
    at, report = made(there, officer, loaded, RAIL)
    page = read(desk, at)
    # Every wagon that changes gauge pays once, to the cent; what trains pay is not known and is no zero.
    assert report["whole"]["clearance_cost"] is None
    assert not [row for table in page.tables for row in table if row and "TFI2" in row[0]], "no cost of a train"
    assert "对位车组 每节车辆 120.00 美元（2020 年价）" in page.text
    assert "罐车 每节车辆 120.00 美元（2020 年价）" in page.text
    row = page.row("罐车", table_index=-1)
    assert row[1:4] == ["换轮库", "120.00", "美元（2020 年价）"]
    assert "报告" in row[4]
    assert "返程班列" in page.text
    assert "没有已知的收费，不计在内，不当作零" in page.text
    assert "CAREC 报告的各国过境点平均" in page.text
    english = read(desk, f"/en{at}").text
    assert "Tank wagon 120.00 USD (prices of 2020) per wagon" in english


def test_the_files_of_a_run_tell_the_cost_of_each_class(
    desk: Client, there: World, officer: Person, loaded: Loaded
) -> None:
    at, _report = made(there, officer, loaded, RAIL)
    paper = docx.Document(io.BytesIO(desk.get(f"{at}results.docx").content))
    assert "罐车：每节车辆 120.00 美元（2020 年价）" in [one.text for one in paper.paragraphs]
    cells = [cell.text for table in paper.tables for line in table.rows for cell in line.cells]
    assert "美元（2020 年价）" in cells
    assert not [text for text in cells if "TFI2" in text]
    rows = list(csv.DictReader(io.StringIO(desk.get(f"{at}results.csv").content.decode("utf-8-sig"))))
    costs = {one["id"]: one for one in rows if one["figure"].startswith("clearance_cost")}
    assert set(costs) == {"wagon_pair", "tank_wagon"}
    assert costs["tank_wagon"]["unit"] == "USD 2020"
    assert [float(costs["tank_wagon"][key]) for key in ("mean", "low", "high")] == [120.0, 120.0, 120.0]


def test_where_the_main_units_pay_the_cost_of_one_is_a_figure_of_the_port_that_names_it(
    desk: Client, there: World, officer: Person, loaded: Loaded
) -> None:
    charge = {"amount": "7.50", "currency": "CNY", "year": 2024}
    at, report = made(there, officer, loaded, ROAD, charges=[charge])
    assert report["clearance"]["units"] == ["truck"]
    row = read(desk, at).row("每辆货车通关费用")
    assert row == ["每辆货车通关费用（TFI2），元（2024 年价）", "7.50", "7.50 至 7.50"]
    english = read(desk, f"/en{at}")
    assert english.row("Cost of clearance per truck (TFI2)")[1] == "7.50"


def test_a_run_of_a_port_without_charges_says_so_and_shows_no_zero(
    desk: Client, there: World, officer: Person, loaded: Loaded
) -> None:
    page = read(desk, made(there, officer, loaded, ROAD)[0])
    assert page.row("通关费用（TFI2）")[1:] == ["没有已知的收费", "—"]
    assert "不当作零" in page.text
