"""Which years are recent: the newest of which anything is reported, and what lies too far before it."""

from __future__ import annotations

import re

from bridgehead.ground.region import Loaded
from bridgehead.rooms.gateway.selectors.names import own_subjects
from bridgehead.rooms.gateway.selectors.throughput import points

RECENT_YEARS = 5
"""So many years before the newest one a report still speaks of the present."""


def newest_year(loaded: Loaded) -> int:
    """Return the last year of which any freight is reported."""
    seen = [p.year for id_ in own_subjects(loaded) for p in points(loaded, id_)]
    return max(seen, default=loaded.region.settings.base_year)


def is_old(loaded: Loaded, year: int | None) -> bool:
    """Tell whether a year lies further back than reports speak of the present; no year does not."""
    return year is not None and year < newest_year(loaded) - RECENT_YEARS


def year_of(day: str) -> int | None:
    """Return the year of a date of the tables (``2024``, ``2024-05``, ``2024-05-17``), or None."""
    found = re.match(r"\d{4}", day)
    return int(found[0]) if found else None
