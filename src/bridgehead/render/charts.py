"""Charts as SVG: what a page calls.

Values come in the unit that is shown (万吨, Mt, hours), with their words; nothing is converted here. Every chart has a
title and a description, takes zero, one or many points, and draws an honest empty picture when there is nothing.
"""

from __future__ import annotations

from bridgehead.render.bars import Bar, Pace, PairedBar, bars, pace_bar, paired_bars
from bridgehead.render.legs import (
    Advance,
    DistanceLine,
    Piece,
    distance_chart,
    leg_piece,
    piece_key,
    route_strip,
    stop_piece,
)
from bridgehead.render.series import (
    DayPoint,
    Target,
    YearLine,
    YearPoint,
    YearSeries,
    sparkline,
    year_lines,
    years_chart,
)
from bridgehead.render.svg import Size, Words, both

__all__ = [
    "Advance",
    "Bar",
    "DayPoint",
    "DistanceLine",
    "Pace",
    "PairedBar",
    "Piece",
    "Size",
    "Target",
    "Words",
    "YearLine",
    "YearPoint",
    "YearSeries",
    "bars",
    "both",
    "distance_chart",
    "leg_piece",
    "pace_bar",
    "paired_bars",
    "piece_key",
    "route_strip",
    "sparkline",
    "stop_piece",
    "year_lines",
    "years_chart",
]
