"""A small region far from the first one works with the same code: three ports, two countries, no optional table."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bridgehead.engines.flows.all_or_nothing import assign
from bridgehead.engines.network.routes import Consignment, find_route
from bridgehead.regions.check import check_region
from bridgehead.regions.folder import schemas
from bridgehead.regions.load import SHIPPED_REGION, Region, load_region


@pytest.fixture
def region(second_region: Path) -> Region:
    return load_region(second_region)


def test_it_is_clean(second_region: Path) -> None:
    report = check_region(second_region)
    assert report.faults == ()


def test_it_is_small_and_elsewhere(region: Region) -> None:
    ports = region.rows("ports")
    assert len(ports) == 3
    assert {row["counterpart_country"] for row in ports} == {"PY"}
    assert {row["country"] for row in region.rows("places")} == {"AR", "PY"}
    assert all(float(row.text("lat")) < 0 and float(row.text("lon")) < 0 for row in (*ports, *region.rows("places")))
    assert region.settings.example
    assert "示例" in region.name_zh
    assert "example" in region.name_en


def test_what_it_lacks_is_empty_but_there(region: Region) -> None:
    present = {name for name, table in region.tables.items() if table.present}
    assert present == {
        "places",
        "ports",
        "links",
        "demand",
        "commodities",
        "freight_classes",
        "parameters",
        "port_throughput",
        "sources",
    }
    for name in set(schemas()) - present:
        assert region.rows(name) == ()
    assert region.settings.statute is None
    assert region.settings.map.parallels is None
    assert dict(region.trace) == {}


def test_no_code_speaks_of_the_first_region() -> None:
    """Nothing of Inner Mongolia stands in code: no id of its places, ports or aggregates, no name."""
    first = load_region(SHIPPED_REGION)
    words = {row.text("id") for table in ("ports", "aggregates") for row in first.rows(table)} - {"region", "china"}
    words |= {"内蒙古", "Inner Mongolia", "满洲里", "Manzhouli", "Erenhot", "二连浩特"}
    source = SHIPPED_REGION.parent.parent
    named = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(words)))})(?![\w-])")
    hits = [
        (path.relative_to(source).as_posix(), word)
        for path in source.rglob("*.py")
        for word in named.findall(path.read_text(encoding="utf-8"))
    ]
    assert hits == []


def test_freight_finds_its_way(region: Region) -> None:
    network = region.network()
    ports = {port.id for port in network.ports}
    for origin, destination, by in (("villarrica", "buenos-aires", "cost"), ("asuncion", "rosario", "time")):
        route = find_route(network, Consignment(origin, destination, "soya", tonnes=1000), by=by)
        kinds = [leg.kind for leg in route.legs]
        assert (kinds[0], kinds[-1]) == ("load", "unload")
        assert kinds.count("border_exit") == kinds.count("border_entry") == 1
        stops = [place for leg in route.legs for place in leg.places]
        assert (stops[0], stops[-1]) == (origin, destination)
        assert ports & set(stops)
        # The planned railway from Villarrica to Asuncion carries nothing before its year.
        assert not any(network.links_by_id[link].status == "planned" for leg in route.legs for link in leg.links)


def test_the_demand_is_loaded_and_kept(region: Region) -> None:
    flows = assign(region.network(), region.settings.base_year)
    assert flows.unserved == ()
    assert flows.conservation_error == pytest.approx(0.0, abs=1e-6)
    total = sum(float(row.text("tonnes_per_year")) for row in region.rows("demand"))
    assert sum(flows.port_tonnes.values()) == pytest.approx(total)
    ports = {row["id"] for row in region.rows("ports")}
    assert {port for port, _, _ in flows.port_tonnes} <= ports


def test_a_planned_railway_may_be_asked_for(region: Region) -> None:
    planned = [link for link in region.network().links if link.status == "planned"]
    assert [link.status_year for link in planned] == [2030]
    assert region.network().horizon == (2022, 2030)


def test_half_of_it_gives_faults_not_a_crash(second_region: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(second_region, copy)
    (copy / "parameters.csv").unlink()
    (copy / "ports.csv").write_text("id\n")
    codes = {fault.code for fault in check_region(copy).errors}
    assert "table.missing_file" in codes
    assert "table.missing_column" in codes
