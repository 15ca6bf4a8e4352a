"""The demand of the base year as its table has it: the rows, and how well they are founded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.engines.flows.demand import demand_of
from bridgehead.ground import wording
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Standing, standing_of
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors.throughput import cell, rows, weakest


@dataclass(frozen=True, slots=True)
class DemandRow:
    """A row of the demand table of the year that is loaded."""

    origin: str
    destination: str
    commodity: str
    tonnes: float
    confidence: str

    @property
    def standing(self) -> Standing:
        """Standing of the row."""
        return standing_of(self.confidence)


def year(loaded: Loaded) -> int:
    """Return the year of the demand that is loaded for the base year."""
    return demand_of(loaded.components, loaded.region.settings.base_year)[0]


def _rows(loaded: Loaded) -> tuple[DemandRow, ...]:
    of_year = year(loaded)
    return tuple(
        DemandRow(
            cell(row, "origin"),
            cell(row, "destination"),
            cell(row, "commodity"),
            float(row["tonnes_per_year"] or 0.0),  # type: ignore[arg-type]
            cell(row, "confidence"),
        )
        for row in rows(loaded, "demand")
        if row["year"] == of_year
    )


def demand_rows(loaded: Loaded) -> tuple[DemandRow, ...]:
    """Return the rows of that year, in file order."""
    found: tuple[DemandRow, ...] = loaded.remember("gateway.demand", lambda: _rows(loaded))
    return found


def by_end(loaded: Loaded) -> Mapping[str, tuple[DemandRow, ...]]:
    """Return the rows by each of the places they begin or end at."""

    def gather() -> Mapping[str, tuple[DemandRow, ...]]:
        found: dict[str, list[DemandRow]] = {}
        for row in demand_rows(loaded):
            for end in dict.fromkeys((row.origin, row.destination)):
                found.setdefault(end, []).append(row)
        return {end: tuple(listed) for end, listed in found.items()}

    index: Mapping[str, tuple[DemandRow, ...]] = loaded.remember("gateway.demand.by_end", gather)
    return index


def standing(listed: Iterable[DemandRow]) -> Standing:
    """Return the standing of a sum of rows: that of its weakest."""
    return weakest(row.standing for row in listed)


@kept
def foundation(loaded: Loaded, place: str = "") -> str:
    """Return the sentence on how the rows of the demand, or those of a place, are founded: rows by standing."""
    listed = by_end(loaded).get(place, ()) if place else demand_rows(loaded)
    if not listed:
        return _("需求表里没有这一年的货。")
    counted = Counter(row.standing for row in listed)
    parts = [
        _("%(standing)s %(count)s 行")
        % {
            "standing": wording.standing_label(one, language()),
            "count": wording.number(counted[one], language()),
        }
        for one in Standing
        if counted[one]
    ]
    said = ngettext(
        "%(year)s 年需求表共 %(count)s 行：%(parts)s。", "%(year)s 年需求表共 %(count)s 行：%(parts)s。", len(listed)
    )
    if place:
        said = ngettext(
            "%(year)s 年需求表里与这里有关的 %(count)s 行：%(parts)s。",
            "%(year)s 年需求表里与这里有关的 %(count)s 行：%(parts)s。",
            len(listed),
        )
    values = {"year": year(loaded), "count": wording.number(len(listed), language()), "parts": prose.listed(parts)}
    return said % values
