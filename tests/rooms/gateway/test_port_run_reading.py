"""What the pages and papers of a port's runs and models say: whose figure, in what unit, in what English."""

from __future__ import annotations

import csv
import io
import json
import re

import docx
import pytest
from django.test import Client
from django.utils.translation import override

from bridgehead.ground import region
from bridgehead.ground.language import django_code
from bridgehead.ground.region import Loaded
from bridgehead.rooms.gateway import port_run_words, prose
from bridgehead.rooms.gateway.drawings import port_models as drawings
from bridgehead.rooms.gateway.selectors.port_models import known
from tests.rooms.gateway.port_runs import done, saved_variant
from tests.rooms.gateway.reading import read

pytestmark = pytest.mark.django_db

SMALL, RAIL = "wuliji", "erenhot-rail"


def _unit(said: str) -> str:
    found = re.search(r"(分|小时|天)$", said)
    assert found, said
    return found[1]


def test_a_railway_run_says_whose_its_figures_are_and_tells_a_column_in_one_unit(desk: Client) -> None:
    at = saved_variant(desk, RAIL, "短")
    page = done(desk, at)
    assert page.row("列车每天等候合计")
    assert "一周 二连浩特铁路口岸 · 在等的单位" in page.text
    report = json.loads(desk.get(f"{at}results.json").content)
    model = known(region.current(), RAIL).model
    times = port_run_words.activities(model, report)
    assert len({_unit(row[kind]) for row in times for kind in ("wait", "work", "held")}) == 1
    rows = port_run_words.stations(model, report)
    assert len({_unit(value) for row in rows for value in (row.wait, row.wait_p90) if value != "未查到"}) == 1
    english = read(desk, f"/en{at}")
    assert english.row("All waiting of trains in a day")
    assert english.row("Nine in ten over half")
    assert "goes into" in english.h1
    assert re.search(r"(waiting|service|being blocked) at “[A-Z][^”]+”", english.h1), english.h1
    heads = [cell for table in english.tables for cell in table[0]]
    assert [head for head in heads if head[:1].islower()] == []
    assert "Of bulk train, 1520 mm; loaded wagon, 1520 mm;" in english.text
    assert english.html.count('data-label="Money and year"') == len(report["clearance"]["charges"])


def test_costs_of_two_countries_are_set_apart(desk: Client) -> None:
    at = saved_variant(desk, "erenhot-road", "短")
    assert re.search(r"\d{4}</span>；\s*蒙古国", done(desk, at).html)
    assert re.search(r"\d{4}</span>; ?\s*Mongolia", read(desk, f"/en{at}").html)


def test_the_queues_of_the_charts_are_in_the_file(desk: Client) -> None:
    at = saved_variant(desk, SMALL, "文件", check="6")
    done(desk, at)
    report = json.loads(desk.get(f"{at}results.json").content)
    rows = list(csv.DictReader(io.StringIO(desk.get(f"{at}results.csv").content.decode("utf-8-sig"))))
    queues = {(row["id"], row["figure"]): row for row in rows if row["figure"].startswith("queue by")}
    for station, found in report["queues"].items():
        drawn = {"hour of day": found["day"]["mean"], "hour of week": found["week"], "day": found["year"]["mean"]}
        for name, values in drawn.items():
            assert [float(queues[station, f"queue by {name} {i}"]["mean"]) for i in range(len(values))] == values
        assert float(queues[station, "queue by hour of day 5"]["high"]) == found["day"]["high"][5]
    assert {row["interval"] for row in queues.values()} == {"10%-90% of replications"}
    assert {row["interval"] for row in rows if row["of"] == "class"} == {"95%"}
    assert {row["unit"] for row in queues.values()} == {"units"}


def test_the_paper_has_the_column_of_those_turned_away_and_english_in_sentence_case(desk: Client) -> None:
    at = saved_variant(desk, SMALL, "文件", check="6")
    done(desk, at)
    for language, word in (("zh", "走掉"), ("en", "Turned away")):
        paper = docx.Document(io.BytesIO(desk.get(f"{at}results.docx?lang={language}").content))
        heads = [[cell.text for cell in table.rows[0].cells] for table in paper.tables]
        assert [row[-1] for row in heads if len(row) == 11] == [word]
        assert [head for row in heads for head in row if head[:1].islower()] == []
        names = [row.cells[0].text for table in paper.tables[:3] for row in table.rows]
        assert [name for name in names if name[:1].islower()] == []


def test_a_single_assumed_figure_is_an_assumption(client: Client, desk: Client) -> None:
    english = read(client, f"/en/ports/{SMALL}/model/")
    assert "assumption" in english.text
    assert "Assumptions" not in english.text
    assert "Assumptions" not in desk.get(f"/en/ports/{SMALL}/model/variant/").content.decode()


def test_where_fewer_strokes_are_drawn_than_there_are_lanes_that_is_said(client: Client, loaded: Loaded) -> None:
    assert drawings.most_drawn(loaded, RAIL) == 12
    assert "最多画 12 条竖线" in read(client, f"/ports/{RAIL}/model/").text
    assert "At most 12 strokes" in read(client, f"/en/ports/{RAIL}/model/").text
    assert drawings.most_drawn(loaded, SMALL) == 0
    assert "条竖线" not in read(client, f"/ports/{SMALL}/model/").text


def test_a_mean_above_what_nine_in_ten_stay_is_explained() -> None:
    def report(mean: float | None) -> dict[str, object]:
        return {"whole": {"stay_mean_h": {"mean": mean}, "stay_h": {"p90": {"mean": 1.4}}}}

    assert "比九成的停留还长" in port_run_words.mean_words(report(2.1))
    assert port_run_words.mean_words(report(1.4)) == port_run_words.mean_words(report(None)) == ""


def test_names_that_hold_commas_are_parted_by_semicolons() -> None:
    with override(django_code("en")):
        assert prose.listed(["Coal truck, booked", "car", "bus"]) == "Coal truck, booked; car; and bus"
        assert prose.listed(["truck", "car"]) == "truck and car"
