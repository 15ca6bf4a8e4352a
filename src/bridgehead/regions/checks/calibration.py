"""Checks of what a calibration may adjust, and of the traffic that is not in the demand."""

from __future__ import annotations

from collections.abc import Iterator

from bridgehead.engines.network.components import link_id
from bridgehead.kernel.errors import Fault
from bridgehead.kernel.schemas import nearest
from bridgehead.regions.checks.common import finding, readable, sound, word
from bridgehead.regions.folder import Folder

PER_DIRECTION = {"trains/day": "trains/day/direction", "vehicles/day both directions": "vehicles/day/direction"}
"""Units of a link's capacity in both directions, with that of one direction."""


def constants_can_move(folder: Folder) -> Iterator[Fault]:
    """Check that the bounds of a constant leave it room."""
    table = folder.tables["calibration"]
    if not readable(folder, "calibration", "lower", "upper"):
        return
    for row in table.rows:
        if sound(row, "lower", "upper") and row["lower"] == 0 and row["upper"] == 0:
            given = {"id": word(row, "id"), "lower": 0, "upper": 0}
            yield finding(table, row, "upper", "calibration.bad_constant", "error", **given)


def background_is_on_links(folder: Folder) -> Iterator[Fault]:
    """Check that background traffic lies on a link with a capacity, in the unit of it a direction."""
    table = folder.tables["background_traffic"]
    if not readable(folder, "background_traffic", "link", "unit") or not readable(
        folder, "links", "from", "to", "mode", "capacity_unit"
    ):
        return
    units = {
        link_id(word(row, "from"), word(row, "to"), word(row, "mode")): word(row, "capacity_unit")
        for row in folder.tables["links"].rows
    }
    for row in table.rows:
        if not sound(row, "link", "unit"):
            continue
        link, unit = word(row, "link"), word(row, "unit")
        if link not in units:
            near = nearest(link, units)
            given = {"link": link, **({"near": near} if near else {})}
            yield finding(table, row, "link", "region.unknown_background_link", "error", **given)
        elif PER_DIRECTION.get(units[link], units[link]) != unit:
            given = {"link": link, "unit": unit, "capacity_unit": units[link] or "–"}
            yield finding(table, row, "unit", "region.background_unit", "error", **given)
