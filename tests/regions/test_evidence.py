"""What the shipped tables offer to calibrate on and to hold the model against, found again with the csv module."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.flows.validation import COUNTRY, MODE, TRAINS, UNUSED, Evidence
from bridgehead.engines.network.components import link_id
from bridgehead.kernel.source import Figure, Qualifier, Standing
from bridgehead.regions import evidence as reading
from bridgehead.regions.evidence import background_of, constants_of, evidence_of
from bridgehead.regions.load import SHIPPED_REGION, Region, load_region
from bridgehead.regions.reported import Point


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region(SHIPPED_REGION)


@pytest.fixture(scope="module")
def evidence(region: Region) -> Evidence:
    return evidence_of(region)


def written(port: str, metric: str, year: int) -> dict[str, dict[str, str]]:
    """Return the rows of a port, metric and year by the last day of their period."""
    with (SHIPPED_REGION / "port_throughput.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    chosen = [row for row in rows if (row["port_id"], row["metric"], row["year"]) == (port, metric, str(year))]
    return {row["period_to"]: row for row in chosen}


@pytest.mark.article(11)
def test_targets_cover_every_reported_port_once(evidence: Evidence) -> None:
    by_subject = {one.subject: one for one in evidence.targets}
    members = [port for one in evidence.targets for port in one.members]
    assert len(members) == len(set(members))
    # Road has no report of its own at Erenhot, so both count together; at Manzhouli each mode has one.
    assert by_subject["erenhot-all"].members == ("erenhot-rail", "erenhot-road")
    assert {"manzhouli-rail", "manzhouli-road"} <= set(by_subject)
    assert "manzhouli-all" not in by_subject
    for one in evidence.targets:
        row = written(one.subject, "cargo_tonnes", 2023)[str(one.figure.period_to)]
        assert one.value_t == float(row["value"])
        assert str(one.figure.qualifier) == row["qualifier"]
        assert (one.figure.source, one.figure.source_date) == (row["source"], row["source_date"])


def test_a_report_of_a_part_of_the_year_counts_as_that_part(evidence: Evidence) -> None:
    parts = {one.subject: one.part for one in evidence.targets}
    assert parts["mandula"] == 1.0
    assert parts["manzhouli-road"] == pytest.approx((date(2023, 11, 20) - date(2022, 12, 31)).days / 365)


def test_tolerances_follow_how_exactly_a_report_is_stated(evidence: Evidence) -> None:
    by_subject = {one.subject: one for one in evidence.targets}
    assert by_subject["mandula"].tolerance_t == pytest.approx(0.01 * 5_284_000)
    assert by_subject["ganqimaodu"].tolerance_t == pytest.approx(0.05 * 38e6), "at least"
    assert by_subject["ceke"].tolerance_t == pytest.approx(0.05 * 19e6), "derived"


def test_what_is_left_was_not_used(evidence: Evidence) -> None:
    used = {one.subject for one in evidence.targets}
    found = {(one.kind, one.subject, one.key): one.figure.value for one in evidence.told}
    assert found[UNUSED, "erenhot-rail", ""] == 15e6
    assert found[MODE, "region", "rail"] == 35.8e6
    assert found[MODE, "region", "road"] == 64.3e6
    assert found[COUNTRY, "region", "MN"] == 78.7e6
    assert found[TRAINS, "manzhouli-rail", "cre-containers"] == 5001
    assert found[TRAINS, "erenhot-rail", "cre-containers"] == 3294
    assert not used & {one.subject for one in evidence.told if one.kind == UNUSED}


def test_changes_begin_from_the_same_days_of_the_base_year(evidence: Evidence) -> None:
    assert evidence.growth == {2024: pytest.approx(121_715_076 / 107e6), 2025: pytest.approx(132 / 107)}
    found = {(one.year, one.subject, one.key): one for one in evidence.changes}
    mandula = found[2024, "mandula", ""]
    assert mandula.figure.value == 7_010_000
    assert mandula.before.value == pytest.approx(7_010_000 / 1.63), "by the published growth"
    assert mandula.before.standing is Standing.DERIVED
    coal = found[2024, "ganqimaodu", ""]
    # 27.4743 Mt by 30 September and at least 38 Mt by the end of the year, read at 31 October.
    assert coal.before.value == pytest.approx(27_474_300 + (38e6 - 27_474_300) * 31 / 92)
    trains = found[2025, "manzhouli-rail", "cre-containers"]
    assert (trains.before.value, trains.before.standing) == (5001, Standing.REPORTED)
    assert (2025, "mandula", "") not in found, "nothing of 2025 was reported"


def running(year: int, month: int, day: int, value: float) -> Point:
    figure = Figure(value, "t", Standing.REPORTED, Qualifier.EXACT, period_from=date(year, 1, 1),
                    period_to=date(year, month, day))  # fmt: skip
    return Point("port", "cargo_tonnes", year, (month, day) == (12, 31), figure, None, 1)


@given(
    st.integers(1, 85), st.integers(1, 85), st.floats(1e5, 1e7), st.floats(0.0, 1e7)
)  # fmt: skip
def test_a_day_between_two_totals_lies_between_them(after: int, width: int, start: float, more: float) -> None:
    first = date(2023, 6, 1)
    last = date.fromordinal(first.toordinal() + after + width)
    totals = [running(2023, 6, 1, start), running(2023, last.month, last.day, start + more)]
    day = date.fromordinal(first.toordinal() + after)
    asked = running(2024, day.month, day.day, 1.0)
    found = reading._same_days(asked, totals, 2023)
    if after + width > reading.NEAR_DAYS:
        assert found is None
    else:
        assert found is not None
        assert found.value == pytest.approx(start + more * after / (after + width))
        assert (found.standing, found.qualifier) == (Standing.DERIVED, Qualifier.ABOUT)


def test_the_same_days_win_over_a_growth_rate() -> None:
    totals = [running(2023, 5, 31, 40.0), running(2023, 12, 31, 90.0)]
    asked = replace(running(2024, 5, 31, 60.0), yoy_pct=100.0)
    same = reading._same_days(asked, totals, 2023)
    assert same is not None
    assert same.value == 40.0
    by_growth = reading._same_days(asked, totals[1:], 2023)
    assert by_growth is not None
    assert by_growth.value == 30.0
    assert reading._same_days(running(2025, 5, 31, 60.0), totals[1:], 2023) is None


def test_constants_leave_room_and_background_lies_on_links_with_a_capacity(region: Region) -> None:
    constants = constants_of(region)
    assert 0 < len(constants) <= len(evidence_of(region).targets), "a few"
    assert all(one.lower < 0 < one.upper and one.ports for one in constants)
    capacity = {link_id(one.origin, one.destination, one.mode): one.capacity for one in region.network().links}
    assert all(0 < value <= (capacity[link] or 0) for link, value in background_of(region).items())


def test_a_region_without_the_tables_has_nothing_to_offer(second_region: Path) -> None:
    region = load_region(second_region)
    assert constants_of(region) == ()
    assert background_of(region) == {}
    assert evidence_of(region).told == ()
