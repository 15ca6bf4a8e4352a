"""The map of differences: changes of either sign, netted where lines run side by side."""

from __future__ import annotations

import re

from bridgehead.render.map import MapLink, MapPlace, MapWords, difference_map
from bridgehead.render.schematic import netted

PLACES = (
    MapPlace("a", 40.0, 110.0, "A", kind="city", rank=0),
    MapPlace("b", 42.0, 112.0, "B", kind="city", rank=0),
    MapPlace("b-rail", 42.0, 112.1, "B", kind="city", merged_into="b"),
    MapPlace("c", 44.0, 108.0, "C", kind="city", rank=0),
)
LINKS = (
    MapLink("a", "b", -2e6, title="road"),
    MapLink("b-rail", "a", 3e6, title="rail"),
    MapLink("b", "c", -1e6, title="line"),
    MapLink("b", "b-rail", 5e6, title="inside"),
)


def test_lines_between_the_same_two_places_are_netted() -> None:
    assert netted(PLACES, LINKS) == (
        MapLink("a", "b", 1e6, title="road\nrail"),
        MapLink("b", "c", 1e6, title="line", loss=True),
    )


def test_what_is_lost_is_dashed_and_as_wide_as_what_is_won() -> None:
    drawn = difference_map(PLACES, LINKS, MapWords("changes"))
    won = re.findall(r'class="flow ua" stroke-width="([\d.]+)"', drawn)
    lost = re.findall(r'class="flow un" stroke-width="([\d.]+)" stroke-dasharray="[\d.]+ [\d.]+"', drawn)
    assert len(won) == len(lost) == 1
    assert won == lost
    assert "class" in difference_map(PLACES, (), MapWords("changes", empty="nothing"))
