"""The scenarios that come with the region: five, each with a reason and a source, each made on the shipped tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridgehead.engines.network.applied import Applied
from bridgehead.engines.network.components import OPEN
from bridgehead.engines.network.opening import open_links
from bridgehead.engines.network.scenarios import apply, undo
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.load import SHIPPED_REGION, Region, load_region
from bridgehead.regions.scenarios import scenario_of, shipped_scenarios


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(SHIPPED_REGION)


def made(region: Region, id_: str) -> Applied:
    return apply(scenario_of(region, id_), region.network())


@pytest.mark.article(8)
@pytest.mark.article(12)
@pytest.mark.article(19)
def test_there_are_five_with_reasons_and_sources(region: Region) -> None:
    shipped = shipped_scenarios(region)
    assert len(shipped) == 5
    for one in shipped:
        assert all((one.name_zh, one.name_en, one.reason_zh, one.reason_en, one.standing, one.source)), one.id
        assert undo(made(region, one.id)) == region.network()
    assert len({made(region, one.id).scenario.content_hash for one in shipped}) == 5


def test_a_railway_that_opens_carries_freight_across_the_border(region: Region) -> None:
    for id_, port in (("ganqimaodu-railway", "ganqimaodu-rail"), ("ceke-railway", "ceke-rail")):
        tables = made(region, id_).tables
        before = {link.id for link in open_links(region.network(), 2023, home_ports_only=True)}
        after = {link.id for link in open_links(tables, 2023, home_ports_only=True)}
        opened = after - before
        assert any(port in link.split("--") for link in opened)
        assert tables.ports_by_id[port].status == OPEN
        assert len(opened) == len(made(region, id_).scenario.edits)


def test_erenhot_is_closed_by_rail_and_road_for_ten_days(region: Region) -> None:
    applied = made(region, "erenhot-closed")
    (run,) = applied.runs
    assert (run.days, run.days_in_year) == (10, 365)
    ends = {end for link in run.closed_links for end in link.split("--")}
    assert ends >= {"erenhot-rail", "erenhot-road", "zamyn-uud"}
    assert applied.tables == region.network()


def test_coal_falls_by_three_tenths_and_nothing_else(region: Region) -> None:
    pairs = list(zip(region.network().demand, made(region, "coal-down").tables.demand, strict=True))
    for before, after in pairs:
        factor = 0.7 if before.commodity in {"coking-coal", "thermal-coal"} else 1.0
        assert after.tonnes == pytest.approx(factor * before.tonnes)
    assert sum(one.tonnes for _, one in pairs) < sum(one.tonnes for one, _ in pairs)


def test_gauge_change_at_erenhot_doubles(region: Region) -> None:
    (change,) = made(region, "erenhot-gauge").changes
    assert change.differences() == (("value", 20.0, 40.0),)


def test_an_unknown_scenario_is_named_and_a_region_may_have_none(region: Region, second_region: Path) -> None:
    with pytest.raises(BridgeheadError, match=r"region\.unknown_id"):
        scenario_of(region, "erenhot-open")
    assert shipped_scenarios(load_region(second_region)) == ()
