"""Checks of single figures that are well written and yet cannot be as they stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import cast

from bridgehead.kernel.errors import Fault
from bridgehead.kernel.tables import Row
from bridgehead.regions.checks.common import finding, readable, sound, word
from bridgehead.regions.components import months
from bridgehead.regions.folder import Folder

FASTEST_KMH: Mapping[str, float] = {"rail": 350.0, "road": 150.0}
"""No freight train and no truck is faster; the bounds catch a slip of the pen, not an optimist."""
BOX_T = (1.0, 30.0)
"""Net tonnes in a TEU: below, the boxes run empty; above, no box holds it."""
LAND_MODES = ("rail", "road")
MOST_ODD_GAUGES = 50
"""After that many the column is another one, and each further one would be looked for among all links."""


def opening_months_are_months(folder: Folder) -> Iterator[Fault]:
    """Check that the months of opening of a port are months; the model would take anything else for the whole year."""
    table = folder.tables["ports"]
    if not readable(folder, "ports", "opening_months"):
        return
    for row in table.rows:
        text = word(row, "opening_months")
        if text and not months(text):
            yield finding(table, row, "opening_months", "table.bad_months", value=text)


def counterparts_lie_across_the_border(folder: Folder) -> Iterator[Fault]:
    """Check that the country a land port names on the other side is one its links across the border lead to."""
    ports, links = folder.tables["ports"], folder.tables["links"]
    home = folder.settings.country
    if not (home and readable(folder, "ports", "id", "mode", "counterpart_country") and links.complete):
        return
    country = {word(row, "id"): word(row, "country") for row in folder.tables["places"].rows}
    across: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in links.rows:
        ends = word(row, "from"), word(row, "to")
        for here, there in (ends, ends[::-1]):
            if country.get(there, home) != home:
                across[here, word(row, "mode")].add(country[there])
    for row in ports.rows:
        mode, stated = word(row, "mode"), word(row, "counterpart_country")
        found = across[word(row, "id"), mode]
        if mode in LAND_MODES and stated and found and stated not in found and "" not in found:
            given = {"port": word(row, "id"), "value": stated, "found": sorted(found)}
            yield finding(ports, row, "counterpart_country", "region.counterpart_differs", "warning", **given)


def gauges_go_on(folder: Folder) -> Iterator[Fault]:
    """Check that a railway of one gauge meets another of that gauge at one of its ends, if it meets any at all.

    Of two that do not fit each other the one at odds with more neighbours is named, and its gauge is then taken for
    unknown, so that one slip of the pen is one finding.
    """
    table = folder.tables["links"]
    if not readable(folder, "links", "from", "to", "mode", "gauge_mm"):
        return
    at: dict[str, Counter[object]] = defaultdict(Counter)
    single: list[Row] = []
    for row in table.rows:
        gauges = row["gauge_mm"]
        if word(row, "mode") != "rail" or not sound(row, "gauge_mm", "from", "to") or not isinstance(gauges, tuple):
            continue
        single += [row] if len(gauges) == 1 else []
        for column in ("from", "to"):
            at[row.text(column)].update((*set(gauges), None))

    def odds(row: Row) -> int:
        """Return with how many neighbours a railway does not fit, none if it fits one; itself is always counted."""
        (gauge,) = cast("tuple[object]", row["gauge_mm"])
        ends = [at[row.text(column)] for column in ("from", "to")]
        return 0 if any(end[gauge] > 1 for end in ends) else sum(end[None] - 1 for end in ends)

    for _ in range(min(MOST_ODD_GAUGES, len(single))):
        worst = max(single, key=odds)
        if not odds(worst):
            return
        places = [worst.text("from"), worst.text("to")]
        given = {"places": places, "value": worst.text("gauge_mm")}
        yield finding(table, worst, "gauge_mm", "region.gauge_meets_nothing", "warning", **given)
        single = [row for row in single if row is not worst]
        for place in places:
            at[place].subtract((*cast("tuple[object]", worst["gauge_mm"]), None))


def speeds_are_of_this_world(folder: Folder) -> Iterator[Fault]:
    """Check that no link is faster than trains and trucks can be."""
    table = folder.tables["links"]
    for row in table.rows:
        speed = row["speed_kmh"] if sound(row, "speed_kmh", "mode") else None
        limit = FASTEST_KMH.get(row.text("mode"))
        if isinstance(speed, float) and limit is not None and speed > limit:
            places = [word(row, "from"), word(row, "to")]
            given = {"places": places, "value": speed, "limit": limit}
            yield finding(table, row, "speed_kmh", "region.speed_too_high", "warning", **given)


def boxes_hold_what_they_can(folder: Folder) -> Iterator[Fault]:
    """Check that a flow in containers puts a weight into each that a container can hold."""
    table = folder.tables["demand"]
    for row in table.rows:
        tonnes, teu = row["tonnes_per_year"], row["teu_per_year"]
        if not (sound(row, "tonnes_per_year", "teu_per_year") and isinstance(tonnes, float) and isinstance(teu, float)):
            continue
        if tonnes and not BOX_T[0] * teu <= tonnes <= BOX_T[1] * teu:
            each = round(tonnes / teu, 2) if teu else None
            given = {"teu": teu, "tonnes": tonnes, "value": each, "low": BOX_T[0], "high": BOX_T[1]}
            yield finding(table, row, "teu_per_year", "region.box_weight", "warning", **given)
