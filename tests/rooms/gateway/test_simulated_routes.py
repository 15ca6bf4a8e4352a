"""The stay of a run of a port model in the time of a route, for officers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from bridgehead.engines.simulation.route_stays import port_stay
from bridgehead.ground.region import Loaded
from bridgehead.jobs.port_reports import make_report
from bridgehead.rooms.gateway import simulated_route_words
from bridgehead.rooms.gateway.selectors import port_models, port_runs
from tests.rooms.gateway.reading import read

pytestmark = pytest.mark.django_db

PORT = "ganqimaodu"
WAY = "/route/?origin=tavan-tolgoi&destination=tangshan&commodity=coking-coal&tonnes=5000"


@pytest.mark.article(12)
def test_the_stay_of_a_run_stands_in_the_time_of_a_route_for_officers(
    desk: Client, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    heading = "口岸停留用仿真代替"
    before = read(desk, WAY)
    assert "有口岸模型，还没有运行过" in before.text
    assert f"/ports/{PORT}/runs/base/" in before.links
    assert heading not in read(Client(), WAY).text, "runs are for officers"
    shorter = port_runs.base_question(port_models.known(loaded, PORT))
    shorter = replace(shorter, replications=3, horizon_min=35 * 1440.0)
    monkeypatch.setattr(port_runs, "base_question", lambda one: shorter)
    report = make_report(shorter, loaded.store)
    page = read(desk, WAY)
    assert heading in page.text
    assert "还没有运行过" not in page.text
    stay = port_stay(PORT, report, ("booked", "walk_in", "copper", "agv")).hours
    row = page.row("在甘其毛都")
    assert row[2] == f"{stay.mean:.2f}"
    assert row[3] == f"{stay.low:.2f} 至 {stay.high:.2f}"
    tabled, simulated = (float(cell.replace(",", "")) for cell in page.row("全程，小时")[1:3])
    assert simulated - tabled == pytest.approx(stay.mean - float(row[1]), abs=0.02)
    assert "SWD，公路" in page.row("含停留的速度")[0], "the railway passes no simulated port"
    assert page.row("不含停留的速度")[1] == page.row("不含停留的速度")[2]
    assert "3 次重复" in page.text
    english = read(desk, f"/en{WAY}")
    assert "The stay at the port by simulation" in english.text


def test_where_a_model_says_not_what_carries_goods_the_stay_is_that_of_the_main_units_that_leave_served(
    desk: Client, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorter = port_runs.base_question(port_models.known(loaded, PORT))
    shorter = replace(shorter, replications=2, horizon_min=8 * 1440.0, warmup_min=1440.0)
    monkeypatch.setattr(port_runs, "base_question", lambda one: shorter)
    monkeypatch.setattr(simulated_route_words, "freight_classes", lambda model: ())
    stay = make_report(shorter, loaded.store)["whole"]["stay_mean_h"]
    page = read(desk, WAY)
    assert page.row("在甘其毛都")[2] == f"{stay['mean']:.2f}"
    assert "2 次重复，办成后离开口岸的主要单位的平均停留" in page.text
    assert "mean stay of the main units that leave the port served" in read(desk, f"/en{WAY}").text
