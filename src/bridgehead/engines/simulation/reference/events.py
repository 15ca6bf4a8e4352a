"""Kinds of events in the order in which they happen at the same time."""

from __future__ import annotations

from enum import IntEnum


class Rank(IntEnum):
    """At equal times the smaller number happens first, then what was scheduled first."""

    END = 0
    REPAIR = 1
    BREAKDOWN = 2
    LEVEL = 3
    RETURN = 4
    LANE = 5
    COLLECTION = 6
    WARM_UP = 7
    ARRIVAL = 8
    PATIENCE = 9
