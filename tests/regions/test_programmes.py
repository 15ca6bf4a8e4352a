"""The kinds of programmes the region declares: a kind that differs from another by its name only is none."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from bridgehead.engines.indicators.formula import Formula
from bridgehead.engines.programmes.kinds import Kind
from bridgehead.engines.programmes.series import series_of
from bridgehead.regions.load import load_region
from bridgehead.regions.programmes import kinds_of

ASKED = [
    *("port-function", "port-city-hinterland", "transport-construction", "information-corridor"),
    *("cold-chain-hub", "parcel-hub", "logistics-hub", "bonded-zone", "pilot-zone", "cooperation-zone"),
    *("exhibition", "partner-region", "co-built-park", "foreign-mechanism", "overseas-warehouse"),
    *("services-base", "outbound-support", "investment-lead", "industry-chain", "tourism-route"),
    *("science-talent", "school-cooperation", "culture-publicity", "standards", "public-education"),
]


@pytest.fixture(scope="module")
def kinds() -> dict[str, Kind]:
    return kinds_of(load_region())


def test_every_kind_that_is_asked_for_is_there(kinds: dict[str, Kind]) -> None:
    assert list(kinds) == ASKED


def test_no_two_kinds_share_their_stages_or_their_fields(kinds: dict[str, Kind]) -> None:
    for one, other in combinations(kinds.values(), 2):
        for part in ("stages", "fields"):
            mine, theirs = ({two.id for two in getattr(kind, part)} for kind in (one, other))
            assert len(mine & theirs) < min(len(mine), len(theirs)) / 2, (one.id, other.id, part, mine & theirs)
            names = [{two.name_zh for two in getattr(kind, part)} for kind in (one, other)]
            assert names[0] != names[1], (one.id, other.id, part)


def test_each_kind_can_be_worked_with(kinds: dict[str, Kind]) -> None:
    for kind in kinds.values():
        assert len(kind.stages) >= 4, kind.id
        assert len(kind.fields) >= 3, kind.id
        assert kind.articles, kind.id
        assert bool(kind.item) == bool(kind.item_fields), kind.id
        named = {name for one in kind.indicators for name in Formula(one.formula).series}
        assert named, kind.id
        assert named <= set(series_of(kind)), kind.id


@pytest.mark.article(9)
@pytest.mark.article(30)
@pytest.mark.article(46)
def test_the_chapters_are_served(kinds: dict[str, Kind]) -> None:
    served = {article for kind in kinds.values() for article in kind.articles}
    asked = {*range(9, 29), *range(30, 36), 37, 38, *range(43, 49), 50, *range(52, 58), 60}
    assert asked | {*range(64, 68), 69, 70, 71, 78, 80} <= served, "money (74, 75) is of every kind"


def test_a_region_without_the_tables_has_no_kinds() -> None:
    assert kinds_of(load_region(Path(__file__).parents[1] / "second_region")) == {}
