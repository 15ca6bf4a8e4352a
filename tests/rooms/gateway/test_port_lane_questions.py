"""What a question on the lanes of a port is about where the address leaves something out, or asks what cannot be."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from bridgehead.engines.simulation.staffing.bearing import met_stations, passed_stations
from bridgehead.ground import region
from bridgehead.ground.models import Person
from bridgehead.ground.region import Loaded
from bridgehead.rooms.gateway import port_lane_words
from bridgehead.rooms.gateway.models import PortRun
from bridgehead.rooms.gateway.selectors import port_lanes, port_models
from tests.ground.world import World
from tests.rooms.gateway.port_runs import address, computed, forms, operation, saved_run
from tests.rooms.gateway.reading import Page, read

pytestmark = pytest.mark.django_db

PORT = "erenhot-road"


@pytest.fixture
def record(there: World, officer: Person, loaded: Loaded) -> PortRun:
    return saved_run(there, officer, PORT)


def selected(page: Page, field: str) -> str:
    """Return the value of the option that stands in a select: the chosen one, else the first."""
    [inside] = re.findall(rf'<select id="ask-{field}".*?</select>', page.html, re.S)
    options = re.findall(r"<option([^>]*)>([^<]*)", inside)
    chosen = next((one for one in options if "selected" in one[0]), options[0])
    value = re.search(r'value="([^"]*)"', chosen[0])
    return value.group(1) if value else chosen[1].strip()


def says(page: Page, field: str) -> str:
    found = re.search(rf'id="ask-{field}-says">(.*?)</span>\s*(</div>|</fieldset>)', page.html, re.S)
    return re.sub(r"<[^>]*>", "", found.group(1)) if found else ""


@pytest.mark.parametrize("port", sorted(port_models.ports(region.current())))
def test_the_usual_question_is_about_units_that_pass_the_place(port: str) -> None:
    model = port_models.known(region.current(), port).model
    places = port_lanes.lane_places(model)
    place = port_lanes.usual_place(model, places, "")
    assert place.station in passed_stations(model)
    for one in places:
        units = port_lanes.usual_units(model, one)
        assert one.station in passed_stations(model, units), (one.id, units)
        assert one.station in met_stations(model, units), (one.id, units)


@pytest.mark.parametrize(
    ("query", "lane", "units"),
    [
        ("", "export_documents", ""),
        ("units=truck_in", "import_documents", "truck_in"),
        ("units=bus", "bus_hall", "bus"),
        ("lane=car_hall", "car_hall", "car"),
        ("lane=import_gate", "import_gate", ""),
    ],
)
def test_what_is_left_out_follows_from_what_is_asked(
    desk: Client, record: PortRun, query: str, lane: str, units: str
) -> None:
    page = read(desk, address(record, "lanes", query))
    assert (selected(page, "lane"), selected(page, "units")) == (lane, units)
    assert "run" in forms(page)
    assert ("这里看小客车的停留" in page.text) == (lane == "car_hall"), "a class nobody named is told"


def test_lanes_that_units_never_meet_are_told_in_a_sentence_and_not_computed(desk: Client, record: PortRun) -> None:
    query = "lane=car_hall&units=truck_in"
    page = read(desk, address(record, "lanes", query))
    assert "入境货车不经过" in page.text
    assert "它们的停留都一样" in page.text
    assert "run" not in forms(page)
    assert "their stay is the same" in read(desk, f"/en{address(record, 'lanes', query)}").text
    assert "入境货车不经过" in desk.get(operation(record, "lanes", query)).json()["sentence"]
    indirect = read(desk, address(record, "lanes", "lane=export_gate&units=truck_in"))
    assert "只能间接影响" in indirect.text, "both share the inspection"
    assert "run" in forms(indirect)


@pytest.mark.parametrize(
    ("what", "field", "value"),
    [
        ("lanes", "lane", "nope"),
        ("lanes", "units", "zzz"),
        ("staffing", "units", "zzz"),
        ("staffing", "statistic", "xx"),
    ],
)
def test_what_is_no_choice_stands_in_its_field_with_the_fault(
    desk: Client, record: PortRun, what: str, field: str, value: str
) -> None:
    page = read(desk, address(record, what, f"{field}={value}"), 422)
    assert value in says(page, field)
    assert selected(page, field) == value, "no other choice is shown as the one that was made"
    assert not says(page, "hours")


def test_places_that_do_not_exist_are_told_at_the_boxes_with_the_names_of_those_that_do(
    desk: Client, record: PortRun
) -> None:
    page = read(desk, address(record, "staffing", "at=nope"), 422)
    for one in port_lanes.lane_places(port_models.known(region.current(), PORT).model):
        assert one.name in says(page, "at")


@pytest.mark.parametrize(
    ("what", "query", "said"),
    [
        ("lanes", "most=99999999999", "不在 1 到"),
        ("lanes", "least=-3", "不在 1 到"),
        ("lanes", "most=2.5", "不是整数"),
        ("lanes", "within=0", "要大于 0，不超过 2400"),
        ("lanes", "within=2401", "要大于 0，不超过 2400"),
        ("staffing", "hours=x", "不是数字"),
        ("staffing", "hours=0", "要大于 0，不超过 2400"),
        ("staffing", "budget=99999999999", "不在 8 到 3000"),
    ],
)
def test_a_number_that_cannot_be_is_told_by_what_is_wrong_with_it(
    desk: Client, record: PortRun, what: str, query: str, said: str
) -> None:
    page = read(desk, address(record, what, query), 422)
    told = says(page, query.partition("=")[0])
    assert said in told
    assert "p90" not in told


@pytest.mark.parametrize("hours", ["4", "4.0", "4.00"])
def test_hours_are_the_same_promise_however_they_are_written(desk: Client, record: PortRun, hours: str) -> None:
    assert desk.get(operation(record, "staffing", f"hours={hours}")).json()["promise"] == "p90 stay <= 4 h"


@pytest.mark.parametrize(("port", "offered"), [("ceke", False), (PORT, True)])
def test_only_ports_that_are_known_well_enough_offer_questions_on_lanes(
    desk: Client, there: World, officer: Person, loaded: Loaded, port: str, offered: bool
) -> None:
    one = saved_run(there, officer, port)
    links = computed(desk, address(one)).links
    for what in ("lanes", "staffing"):
        assert (address(one, what) in links) == offered


def test_the_form_of_a_staffing_names_its_fields_and_spells_percent_one_way(desk: Client, record: PortRun) -> None:
    assert "哪个数" in read(desk, address(record, "staffing")).text
    english = read(desk, f"/en{address(record, 'staffing')}")
    assert "Which figure" in english.text
    assert not re.search(r"\d %", english.text)


def test_each_column_of_stays_is_told_in_one_unit_and_steps_in_that_of_the_finest() -> None:
    def stay(mean: float) -> dict[str, float]:
        return {"mean": mean, "low": mean - 1.0, "high": mean + 1.0}

    points = [
        {"lanes": 4 + at, "lane_hours_a_week": 622.0, "growing": False, "failure": None, "stay_mean_min": stay(mean),
         "stay_p50_min": stay(25.0), "stay_p90_min": stay(86.0), "stay_mean_change_min": step}
        for at, (mean, step) in enumerate([(516.0, None), (154.0, stay(-362.0)), (84.0, stay(-6.4))])
    ]  # fmt: skip
    rows = port_lane_words.lane_rows({"present": 5, "points": points}, None)
    assert [row.figures[0][0] for row in rows] == ["8.6 小时", "2.57 小时", "1.4 小时"]
    assert {row.figures[1][0] for row in rows} == {"25 分"}
    assert [row.change for row in rows[1:]] == ["−362 分", "−6.4 分"]
    assert rows[0].figures[0][1].endswith("小时")
