"""The port models of the shipped region: one of every open land port, readable, sourced, true to what is reported."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import holidays
import pytest

from bridgehead.engines.simulation.model import MINUTES_A_DAY, Model, OpeningHours, Station
from bridgehead.engines.simulation.reading import read_and_warn, read_description
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.check import check_region
from bridgehead.regions.load import SHIPPED_REGION, Region, load_region
from bridgehead.regions.port_models import (
    SOURCED,
    ModelCheck,
    checks_of,
    is_illustrative,
    open_land_ports,
    port_model_text,
    ports_with_models,
    reported_figures,
)

SECOND_REGION = Path(__file__).parents[1] / "second_region"
IN_DETAIL = ("ganqimaodu", "erenhot-rail", "erenhot-road", "manzhouli-rail")
PORTS = sorted(path.stem for path in (SHIPPED_REGION / "port_models").glob("*.yaml"))


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region()


@cache
def model_of(port: str) -> Model:
    return read_and_warn(load_region().port_models[port], name=port)[0]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "region"
    shutil.copytree(SHIPPED_REGION, folder, copy_function=shutil.copyfile)
    return folder


def found(folder: Path, code: str) -> list[tuple[str | None, str | None]]:
    return [(fault.place.file, fault.place.field) for fault in check_region(folder).faults if fault.code == code]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_open_land_port_has_a_model_and_nothing_else_has(region: Region) -> None:
    land = [row.text("id") for row in open_land_ports(region.rows("ports"))]
    assert len(land) == 14
    assert sorted(land) == PORTS == sorted(ports_with_models(region))


@pytest.mark.parametrize("port", PORTS)
def test_a_model_is_read_without_a_fault_or_a_warning(region: Region, port: str) -> None:
    model, warnings = read_and_warn(port_model_text(region, port), name=port)
    assert warnings == ()
    assert model.port == port
    assert set(model.title) == {"zh", "en"}


@pytest.mark.parametrize("port", PORTS)
def test_a_figure_has_words_in_two_languages_and_its_source_where_it_has_one(region: Region, port: str) -> None:
    sources = {row.text("source_key"): row.text("date") for row in region.rows("sources")}
    for figure in model_of(port).figures:
        assert set(figure.label) == {"zh", "en"}, figure.id
        assert set(figure.note) in ({"zh", "en"}, set()), figure.id
        assert figure.unit, figure.id
        if figure.standing in SOURCED:
            assert figure.source in sources, figure.id
            assert figure.date == sources[figure.source], figure.id
        else:
            assert not figure.source, figure.id
        if figure.standing == "derived":
            assert figure.note, f"{figure.id}: how it was derived is not said"


@pytest.mark.parametrize("port", PORTS)
def test_stations_and_classes_have_names_for_people(port: str) -> None:
    model = model_of(port)
    for one in (*model.nodes, *model.classes):
        assert set(one.label) == {"zh", "en"}, one.id


def numbers(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from numbers(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from numbers(item, path)
    elif isinstance(value, float) or (isinstance(value, int) and value not in (0, 1)):
        yield path


@pytest.mark.parametrize("port", PORTS)
def test_every_number_of_a_station_or_source_is_a_named_figure(region: Region, port: str) -> None:
    description = read_description(region.port_models[port], name=port)
    parts = {name: description.get(name, {}) for name in ("stations", "pools", "routes", "sources")}
    assert list(numbers(parts)) == []


def test_few_reported_figures_make_a_model_illustrative() -> None:
    illustrative = {port for port in PORTS if is_illustrative(model_of(port))}
    assert illustrative == {port for port in PORTS if len(reported_figures(model_of(port))) < 3}
    assert not illustrative & set(IN_DETAIL)
    assert {"wuliji", "ebuduge", "ceke"} <= illustrative


def test_lanes_and_hours_are_those_of_the_table_of_ports(region: Region) -> None:
    figures = {(port, one.id): one.value for port in PORTS for one in model_of(port).figures}
    for port, lanes_in, lanes_out in (
        ("ganqimaodu", "gate_lanes_in", "gate_lanes_out"),
        ("mandula", "lanes_in", "lanes_out"),
        ("zhuengadabuqi", "lanes_in", "lanes_out"),
    ):
        row = region.row("ports", port)
        assert figures[port, lanes_in] == row["freight_lanes_in"]
        assert figures[port, lanes_out] == row["freight_lanes_out"]


def days_off(country: str, year: int) -> set[date]:
    """Return the holidays themselves, without the days off that are moved to make long weekends."""
    named = holidays.country_holidays(country, years=year, language="en_US")
    return {day for day, name in named.items() if "substituted" not in name and "observed" not in name}


def test_the_rule_for_closed_days_gives_the_open_days_that_were_reported() -> None:
    """10,019,800 t at 112,600 t per open day are 89 open days between 1 January and 22 April 2023."""
    first, last = date(2023, 1, 1), date(2023, 4, 22)
    days = [first + timedelta(day) for day in range((last - first).days + 1)]
    off = days_off("CN", 2023) | days_off("MN", 2023)
    assert sum(day.weekday() != 6 and day not in off for day in days) == round(10_019_800 / 112_600) == 89


@pytest.mark.parametrize("port", PORTS)
def test_dated_closings_are_holidays_of_one_of_the_two_sides(region: Region, port: str) -> None:
    model = model_of(port)
    assert model.start is not None
    season = {date(2025, 1, 1) + timedelta(day) for day in range(90)} if port == "arxan" else set()
    country = region.row("ports", port).text("counterpart_country")
    known = {
        day
        for one in ("CN", country)
        for day in holidays.country_holidays(one, years=model.start.year, language="en_US")
    }
    for calendar in model.calendars:
        closed = {model.start + timedelta(day) for day, hours in calendar.exceptions.items() if not hours}
        assert closed <= known | season
        if calendar.exceptions:
            assert date(model.start.year, 10, 1) in closed


def test_a_seasonal_port_is_closed_outside_its_season() -> None:
    (day,) = model_of("arxan").calendars
    assert all(day.exceptions[number] == () for number in range(90))
    assert 90 not in day.exceptions


def test_a_port_without_a_model_is_refused_with_those_that_have_one(region: Region) -> None:
    with pytest.raises(BridgeheadError) as caught:
        port_model_text(region, "ganqimaod")
    (fault,) = caught.value.faults
    assert fault.code == "region.no_port_model"
    assert fault.parameters["near"] == "ganqimaodu"


def test_another_region_does_without() -> None:
    second = load_region(SECOND_REGION)
    assert second.port_models == {}
    assert ports_with_models(second) == ()


def test_a_missing_model_is_a_fault(copy: Path) -> None:
    (copy / "port_models" / "ceke.yaml").unlink()
    assert found(copy, "region.port_without_model") == [("ports.csv", None)]
    with pytest.raises(BridgeheadError):
        load_region(copy)


def test_a_region_may_drop_its_models_altogether(copy: Path) -> None:
    shutil.rmtree(copy / "port_models")
    assert found(copy, "region.port_without_model") == []
    assert load_region(copy).port_models == {}


def test_a_model_of_no_port_is_a_fault(copy: Path) -> None:
    shutil.copy(copy / "port_models" / "ceke.yaml", copy / "port_models" / "cekee.yaml")
    assert found(copy, "region.model_without_port") == [("port_models/cekee.yaml", None)]


def test_a_model_under_the_name_of_another_port_is_a_fault(copy: Path) -> None:
    shutil.copy(copy / "port_models" / "ceke.yaml", copy / "port_models" / "mandula.yaml")
    assert found(copy, "region.model_of_other_port") == [("port_models/mandula.yaml", "port")]


def test_a_reported_figure_without_a_known_source_is_a_fault(copy: Path) -> None:
    change(copy / "port_models" / "ceke.yaml", "source: xh2026", "source: xh2027")
    place = ("port_models/ceke.yaml", "parameters.driverless_clearance.source")
    assert found(copy, "region.model_unknown_source") == [place]


def test_a_model_that_cannot_be_read_is_told_with_its_path(copy: Path) -> None:
    change(copy / "port_models" / "ceke.yaml", "$check_lanes", "$check_lane")
    assert found(copy, "model.unknown_parameter") == [("port_models/ceke.yaml", "stations.check.servers")]


def test_a_check_of_a_node_the_model_lacks_is_a_fault(copy: Path) -> None:
    change(
        copy / "port_models" / "checks.csv",
        "manzhouli-rail,trains-day,services_per_day,machine_scan",
        "manzhouli-rail,trains-day,services_per_day,scan",
    )
    assert found(copy, "region.model_check_names") == [("port_models/checks.csv", None)]


def test_the_hash_of_a_region_follows_its_models(region: Region, copy: Path) -> None:
    assert load_region(copy).content_hash == region.content_hash
    change(copy / "port_models" / "wuliji.yaml", "value: 20\n", "value: 21\n")
    assert load_region(copy).content_hash != region.content_hash


@pytest.mark.parametrize(("value", "ok"), [(94.9, False), (95.1, True), (100, True), (126, True), (126.2, False)])
def test_a_check_accepts_what_lies_in_its_range_or_near_it(value: float, ok: bool) -> None:
    check = ModelCheck("p", "m", "services_per_day", ("n",), (), 100.0, 120.0, "u", 0.05)
    assert check.accepts(value) is ok


def open_days(hours: OpeningHours | None, days: range) -> int:
    if hours is None:
        return len(days)
    counted = 0
    for day in days:
        begin = day * MINUTES_A_DAY % hours.period_min
        inside = any(start < begin + MINUTES_A_DAY and end > begin for start, end in hours.open)
        counted += bool(hours.exceptions[day]) if day in hours.exceptions else inside
    return counted


@cache
def year_of(port: str):
    """Return the tally of one simulated year."""
    from bridgehead.engines.simulation.compiling import compile_model
    from bridgehead.engines.simulation.running import Run, simulate

    model = model_of(port)
    run = Run(horizon_min=model.run.horizon_min, warmup_min=model.run.warmup_min or 0.0)
    return simulate(compile_model(model), run)


def simulated(check: ModelCheck) -> float:
    tally, model = year_of(check.port), model_of(check.port)
    compiled = tally.compiled
    rows = [at for node in check.nodes for at in compiled.node_index[node]]
    classes = check.classes or tuple(one.id for one in model.classes)
    payload = {one.id: one.value for one in model.figures}
    pairs = [(name, tally.pairs[at, kind]) for at in rows for name in classes for kind in compiled.type_index[name]]
    ended = sum(int(pair["ended"]) for _, pair in pairs)
    days = range(int(tally.run.warmup_min / MINUTES_A_DAY), int(tally.run.horizon_min / MINUTES_A_DAY))
    hours = {one.id: one for one in model.calendars}
    stations = [node for node in model.nodes if node.id in check.nodes and isinstance(node, Station)]
    if check.measure == "wait_mean_min":
        return sum(float(pair["wait_sum"]) for _, pair in pairs) / sum(int(pair["started"]) for _, pair in pairs)
    if check.measure == "queue_mean":
        return sum(float(tally.nodes[at]["queue_area"]) for at in rows) / tally.counted_min
    if check.measure == "tonnes_per_year":
        tonnes = sum(int(pair["ended"]) * float(payload[f"{name}_payload_t"]) for name, pair in pairs if pair["ended"])
        return tonnes * 365 / len(days)
    if check.measure == "services_per_open_day":
        return ended / min(open_days(hours.get(node.calendar or ""), days) for node in stations)
    return ended / len(days) * (365 if check.measure == "services_per_year" else 1)


CHECKS = [check for port in IN_DETAIL for check in checks_of(load_region(), port)]


def test_each_port_in_detail_has_something_to_reproduce() -> None:
    assert {check.port for check in CHECKS} == set(IN_DETAIL)
    assert all(sum(check.port == port for check in CHECKS) >= 3 for port in IN_DETAIL)


@pytest.mark.parametrize("check", [pytest.param(check, id=f"{check.port}-{check.metric}") for check in CHECKS])
def test_a_simulated_year_reproduces_what_is_reported(check: ModelCheck) -> None:
    value = simulated(check)
    assert check.accepts(value), f"{value:.1f} {check.unit}, reported {check.low} to {check.high}"


def test_a_port_with_half_the_reported_trains_would_be_found_out() -> None:
    check = next(one for one in CHECKS if one.metric == "trains-day")
    assert check.low is not None
    assert not replace(check, low=2 * check.low, high=None).accepts(simulated(check))


@pytest.mark.parametrize("port", PORTS)
def test_a_year_ends_with_a_port_that_has_not_filled_up(port: str) -> None:
    tally = year_of(port)
    a_day = int(tally.types["born"].sum()) / (tally.counted_min / MINUTES_A_DAY)
    assert tally.in_system < 2 * a_day + 10
