"""The CAREC indicators of a route beside what CAREC reports for the countries on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bridgehead.engines.network.journey import Route
from bridgehead.engines.network.trade_facilitation import MEASURES, Facilitation, trade_facilitation
from bridgehead.ground.kept import kept
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Standing, standing_of
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway.selectors.throughput import cell, rows

REPORT = "CPMM"
DEFINITION = "CAREC CPMM 2023 report, introduction; https://cpmm.carecprogram.org/2023-report"
METRICS = {
    "TFI1 border clearance time": "tfi1_h",
    "TFI2 border clearance cost": "tfi2_usd",
    "TFI3 corridor section cost": "tfi3_usd",
    "speed without delay (SWOD)": "swod_kmh",
    "TFI4 speed with delay (SWD)": "swd_kmh",
}
"""Metrics of the costs table as CAREC names them, and the indicator of the model beside which they stand."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What CAREC reports for a country and mode, in the latest year the facts have."""

    country: str
    value: float
    year: str
    standing: Standing
    source: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of the model; ``circular`` where a parameter behind it comes out of the same reports.

    ``value`` is None where the route has nothing to measure, ``in_rate`` where its cost is part of the rate.
    """

    mode: str
    measure: str
    value: float | None
    in_rate: bool
    circular: bool
    reported: tuple[Reported, ...]


def indicators(loaded: Loaded, route: Route) -> tuple[Indicator, ...]:
    """Return every indicator of the modes on land of a route, with what is reported for the countries it passes."""
    countries = tuple(dict.fromkeys(country for leg in route.legs for country in leg.countries))
    return tuple(
        _indicator(loaded, one, measure, countries) for one in trade_facilitation(route) for measure in MEASURES
    )


def _indicator(loaded: Loaded, one: Facilitation, measure: str, countries: tuple[str, ...]) -> Indicator:
    known = {row.id: row for row in loaded.components.parameters}
    used = [known[id_] for id_ in one.parameters[measure]]
    found = reported(loaded)
    return Indicator(
        mode=one.mode,
        measure=measure,
        value=getattr(one, measure),
        in_rate=measure == "tfi2_usd" and any(point.usd is None for point in one.points),
        circular=any(REPORT in row.source for row in used),
        reported=tuple(found[key] for country in countries if (key := (measure, one.mode, country)) in found),
    )


@kept
def reported(loaded: Loaded) -> dict[tuple[str, str, str], Reported]:
    """Return the latest figure of every indicator, mode and country."""
    latest: dict[tuple[str, str, str], Row] = {}
    for key, row in _reports(loaded):
        if key not in latest or cell(row, "year") > cell(latest[key], "year"):
            latest[key] = row
    return {
        key: Reported(
            key[2],
            float(cell(row, "value")),
            cell(row, "year"),
            standing_of(cell(row, "confidence")),
            cell(row, "source"),
        )
        for key, row in latest.items()
    }


def _reports(loaded: Loaded) -> Iterator[tuple[tuple[str, str, str], Row]]:
    """Yield the rows of the costs table that hold an indicator of a country: its place begins with the country."""
    for row in rows(loaded, "costs"):
        measure = METRICS.get(cell(row, "metric"))
        if measure is not None and REPORT in cell(row, "source"):
            yield (measure, cell(row, "mode"), cell(row, "place").partition(" ")[0]), row
