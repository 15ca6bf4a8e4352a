"""The four trade facilitation indicators of CAREC, worked out for a route of the model.

Definitions: CAREC Program, *Corridor Performance Measurement and Monitoring* (CPMM), annual report 2023, introduction,
https://cpmm.carecprogram.org/2023-report. TFI1 is the mean time in hours to pass a border-crossing point, each side of
a border a point of its own, with waiting, reloading and change of gauge. TFI2 is the mean cost of that in USD for one
unit of cargo, a truck or train load of 20 t. TFI3 is the cost in USD of 20 t over 500 km of a corridor, borders
contained. TFI4 is the speed over the corridor in km/h with all delays (SWD); beside it stands the speed without delay
(SWOD), distance by time on the move.

CPMM samples trucks and trains, so each mode on land has figures of its own. A corridor section begins on the vehicle
and ends on it: loading at the origin and unloading at the destination are left out, while a transfer on the way counts
for the mode the goods are moved onto. Where the rate of a country already contains its border costs, the model has no
cost of its own for that point: TFI2 is then the mean of the other points, and there is none where no point is left.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from bridgehead.engines.network.components import RAIL, ROAD
from bridgehead.engines.network.costing import FEE_IN_RATE
from bridgehead.engines.network.journey import Leg, Route

UNIT_T = 20.0
SECTION_KM = 500.0
MEASURES = ("tfi1_h", "tfi2_usd", "tfi3_usd", "swod_kmh", "swd_kmh")
_ENDS = {"load", "unload"}
_CONTROLS = {"border_exit", "border_entry"}
_ITEMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "tfi1_h": ("border_time", "gauge_change_time", "handling_time"),
        "tfi2_usd": ("border_fee", "gauge_change"),
        "tfi3_usd": ("rate", "terminal", "border_fee", "gauge_change", "handling"),
        "swod_kmh": ("speed",),
        "swd_kmh": ("speed", "stops", "border_time", "gauge_change_time", "handling_time", "departure_wait"),
    }
)


@dataclass(frozen=True, slots=True)
class BorderPoint:
    """One side of a border: hours to pass it, and USD for 20 t, None where the rate contains them."""

    place: str
    country: str
    leaving: bool
    hours: float
    usd: float | None


@dataclass(frozen=True, slots=True)
class Facilitation:
    """The indicators of one mode on a route; None where the route has nothing to measure.

    `parameters` names the rows each indicator rests on.
    """

    mode: str
    km: float
    points: tuple[BorderPoint, ...]
    tfi1_h: float | None
    tfi2_usd: float | None
    tfi3_usd: float | None
    swod_kmh: float | None
    swd_kmh: float | None
    parameters: Mapping[str, tuple[str, ...]]

    def as_json(self) -> dict[str, Any]:
        """Return the indicators as a mapping of JSON types."""
        plain = {name: getattr(self, name) for name in ("mode", "km", *MEASURES)}
        points = [asdict(point) for point in self.points]
        return plain | {"points": points, "parameters": {name: list(ids) for name, ids in self.parameters.items()}}


def trade_facilitation(route: Route) -> tuple[Facilitation, ...]:
    """Return the indicators of a route, one record for each mode on land it uses, in order of first use."""
    modes = dict.fromkeys(leg.mode for leg in route.legs if leg.kind == "haul" and leg.mode in {RAIL, ROAD})
    legs = [leg for leg in route.legs if leg.kind not in _ENDS]
    return tuple(_of_mode(mode, [leg for leg in legs if leg.mode == mode]) for mode in modes)


def _of_mode(mode: str, legs: Sequence[Leg]) -> Facilitation:
    km = math.fsum(leg.km for leg in legs)
    controls = {leg.origin for leg in legs if leg.kind in _CONTROLS}
    at_border = [leg for leg in legs if leg.kind not in {"haul", "transfer"} and leg.origin in controls]
    points = tuple(_points(at_border))
    usd = [point.usd for point in points if point.usd is not None]
    usd_per_t = math.fsum(leg.usd_per_t for leg in legs)
    used = {name: _used(at_border if name in {"tfi1_h", "tfi2_usd"} else legs, items) for name, items in _ITEMS.items()}
    return Facilitation(
        mode=mode,
        km=km,
        points=points,
        tfi1_h=_ratio(math.fsum(point.hours for point in points), len(points)),
        tfi2_usd=_ratio(math.fsum(usd), len(usd)),
        tfi3_usd=_ratio(usd_per_t * UNIT_T * SECTION_KM, km),
        swod_kmh=_ratio(km, math.fsum(leg.moving_hours for leg in legs)),
        swd_kmh=_ratio(km, math.fsum(leg.hours for leg in legs)),
        parameters=MappingProxyType(used),
    )


def _points(legs: Sequence[Leg]) -> Iterable[BorderPoint]:
    """Yield the border-crossing points; the change of gauge made between the arrival and the entry belongs to one."""
    hours, usd = 0.0, 0.0
    for leg in legs:
        hours += leg.hours
        usd += leg.usd_per_t * UNIT_T
        if leg.kind in _CONTROLS:
            contained = FEE_IN_RATE in leg.left_out
            leaving = leg.kind == "border_exit"
            yield BorderPoint(leg.origin, leg.countries[0], leaving, hours, None if contained else usd)
            hours, usd = 0.0, 0.0


def _used(legs: Iterable[Leg], items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(use.parameter for leg in legs for use in leg.uses if use.item in items))


def _ratio(value: float, by: float) -> float | None:
    return value / by if by else None
