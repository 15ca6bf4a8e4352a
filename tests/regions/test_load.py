"""Loading: which folder is taken, what a region answers, and how the checks speak."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.check import CHECKS, DEEP_CHECKS, check_region, report_json
from bridgehead.regions.checks.network import great_circle_km
from bridgehead.regions.components import months
from bridgehead.regions.load import ENVIRONMENT_VARIABLE, SHIPPED_REGION, load_region, region_path
from bridgehead.regions.settings import Settings, read_settings

SECOND_REGION = Path(__file__).parents[1] / "second_region"


def test_the_folder_given_goes_before_the_environment_before_the_shipped_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENVIRONMENT_VARIABLE, raising=False)
    assert region_path() == SHIPPED_REGION
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(SECOND_REGION))
    assert load_region().id == "upper-parana"
    assert load_region(SHIPPED_REGION).id == "nmg"
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "")
    assert region_path() == SHIPPED_REGION


def test_a_home_folder_in_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(SECOND_REGION.parent))
    assert load_region("~/second_region").id == "upper-parana"


def test_rows_by_id() -> None:
    region = load_region(SHIPPED_REGION)
    assert region.row("ports", "ceke")["mode"] == "road"
    assert region.find("ports", "nowhere") is None
    assert region.find("links", "harbin") is None
    with pytest.raises(BridgeheadError) as caught:
        region.row("places", "hohhott")
    assert caught.value.code == "region.unknown_id"
    assert caught.value.parameters["near"] == "hohhot"
    with pytest.raises(KeyError):
        region.rows("no_such_table")


def test_settings_of_the_shipped_region() -> None:
    settings, faults = read_settings(SHIPPED_REGION / "region.toml")
    assert faults == ()
    assert settings == load_region(SHIPPED_REGION).settings
    assert (settings.country, settings.base_year, settings.currency) == ("CN", 2023, "CNY")
    assert settings.statute is not None
    assert settings.statute.articles == 86
    assert str(settings.statute.in_force) == "2023-09-01"
    assert settings.map.parallels == (41.0, 50.0)
    assert any("GeoNames" in line for line in settings.attribution_en)
    assert len(settings.attribution_zh) == len(settings.attribution_en)
    assert not settings.example


def test_settings_that_are_not_there(tmp_path: Path) -> None:
    settings, faults = read_settings(tmp_path / "region.toml")
    assert settings == Settings()
    assert [fault.code for fault in faults] == ["table.missing_file"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1-12", tuple(range(1, 13))),
        ("4-11", tuple(range(4, 12))),
        ("11-3", (11, 12, 1, 2, 3)),
        ("7", (7,)),
        (" 4 - 5 ", (4, 5)),
        ("", ()),
        ("0-5", ()),
        ("4-13", ()),
        ("all", ()),
        ("4-", ()),
    ],
)
def test_months(text: str, expected: tuple[int, ...]) -> None:
    assert months(text) == expected


def test_great_circle_against_known_distances() -> None:
    assert great_circle_km((0, 0), (0, 90)) == pytest.approx(6371 * 3.14159265 / 2)
    assert great_circle_km((90, 0), (-90, 55)) == pytest.approx(6371 * 3.14159265)
    # Hohhot - Beijing as the tables of the region were computed: 1 km of slack for the sphere's radius.
    links = {(row.text("from"), row.text("to")): row for row in load_region(SHIPPED_REGION).rows("links")}
    points = {row.text("id"): (row["lat"], row["lon"]) for row in load_region(SHIPPED_REGION).rows("places")}
    compared = 0
    for (first, second), row in links.items():
        if first in points and second in points and row["mode"] != "sea":
            circle = great_circle_km(points[first], points[second])  # type: ignore[arg-type]
            assert circle == pytest.approx(row["great_circle_km"], rel=0.005, abs=0.5), (first, second)
            compared += 1
    assert compared > 200


def test_every_check_says_what_it_demands() -> None:
    names = [check.__name__ for check in (*CHECKS, *DEEP_CHECKS)]
    assert len(set(names)) == len(names) >= 20
    for check in (*CHECKS, *DEEP_CHECKS):
        assert (check.__doc__ or "").startswith("Check that "), check.__name__


def test_report_as_json(tmp_path: Path) -> None:
    report = check_region(SHIPPED_REGION)
    shape = report_json(report, "en")
    assert json.loads(json.dumps(shape)) == shape
    assert shape["ok"] is True
    assert (shape["errors"], shape["warnings"]) == (0, 1)
    assert shape["region"] == "nmg"
    fault = shape["faults"][0]
    assert set(fault) == {"code", "severity", "message", "cure", "place", "parameters"}
    assert fault["place"] == {"file": "ports.csv", "row": 15, "column": "id", "field": None}
    assert "wuliji" in fault["message"]
    broken = report_json(check_region(tmp_path / "none"), "zh")
    assert broken["ok"] is False
    assert "找不到" in broken["faults"][0]["message"]


def test_faults_come_in_the_order_of_files_and_rows(tmp_path: Path) -> None:
    from tests.regions.damage import Copy

    copy = Copy(tmp_path / "copy")
    copy.set("links", 90, "length_km", "x")
    copy.set("links", 20, "length_km", "x")
    copy.set("places", 5, "lat", "x")
    copy.replace("region.toml", 'currency = "CNY"', "currency = 1")
    report = check_region(copy.path)
    places = [(fault.place.file, fault.place.row) for fault in report.errors]
    assert places == [("region.toml", None), ("places.csv", 5), ("links.csv", 20), ("links.csv", 90)]


def test_missing_parameters_are_all_named(tmp_path: Path) -> None:
    from tests.regions.damage import Copy

    copy = Copy(tmp_path / "copy", SECOND_REGION)
    removed = copy.remove("parameters", lambda row: row["quantity"] in {"haul_stop_share", "tonnes_per_teu"})
    assert removed == 4
    report = check_region(copy.path)
    assert {fault.code for fault in report.errors} == {"parameter.missing"}
    assert {fault.parameters["quantity"] for fault in report.errors} == {"haul_stop_share", "tonnes_per_teu"}
    # One fault for each quantity and mode, with everything that was asked about; no sentence has a gap.
    asked = [(fault.parameters["quantity"], fault.parameters["mode"]) for fault in report.errors]
    assert len(asked) == len(set(asked))
    rail = report.errors[asked.index(("haul_stop_share", "rail"))]
    assert rail.parameters["country"] == "AR | PY"
    for fault in report.errors:
        assert "–" in fault.parameters.values()
        assert "" not in fault.parameters.values()


def test_a_published_route_may_name_several_modes(tmp_path: Path) -> None:
    from tests.regions.damage import Copy

    from bridgehead.ground.published import comparisons

    copy = Copy(tmp_path / "copy")
    row = copy.find("published_routes", id="tavan-tolgoi-border-road")
    copy.set("published_routes", row, "modes", "rail;road")
    found = next(one for one in comparisons(load_region(copy.path)) if one.published.id == "tavan-tolgoi-border-road")
    assert found.published.modes == ("rail", "road")
