"""What every page about routes needs: the network of a year, money in both currencies, how legs are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bridgehead.engines.network.components import RAIL, Parameter
from bridgehead.engines.network.virtual import DEFAULT_MODES, Network
from bridgehead.ground.kept import kept, recent
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Standing, standing_of

CENT = Decimal("0.01")
HOURS_PER_DAY = 24.0
BORDER = ("border_exit", "border_entry", "gauge_change")
"""Kinds of legs that are drawn as the border."""


def network(loaded: Loaded, year: int, modes: tuple[str, ...] = DEFAULT_MODES) -> Network:
    """Return the network of a year and of some modes; those asked for last are kept."""
    return recent(loaded, "network", (year, modes), lambda: Network(loaded.components, year, modes=modes))


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of money in USD and in the region's currency, with the rate between the two."""

    usd: Decimal
    local: Decimal | None
    currency: str
    rate: Parameter | None

    @property
    def rate_standing(self) -> Standing | None:
        """How far to trust the rate."""
        return None if self.rate is None else standing_of(self.rate.standing)


@kept
def exchange(loaded: Loaded) -> Parameter | None:
    """Return the rate of the region's currency against the US dollar, or None where the parameters have none."""
    currency = loaded.region.settings.currency
    rates = [p for p in loaded.components.parameters if p.quantity == "exchange_rate"]
    return next((p for p in rates if p.unit.partition("/")[0] == currency), None)


def money(loaded: Loaded, usd: Decimal) -> Money:
    """Return an amount in both currencies; the region's is missing where the parameters have no rate for it."""
    currency = loaded.region.settings.currency
    rate = exchange(loaded)
    if currency == "USD" or rate is None:
        return Money(usd, None, currency, None)
    local = (usd * Decimal(repr(rate.value))).quantize(CENT, ROUND_HALF_UP)
    return Money(usd, local, currency, rate)


@kept
def home_gauge_mm(loaded: Loaded) -> int | None:
    """Return the gauge most railway kilometres of the home country have."""
    km: dict[int, float] = {}
    countries = loaded.components.countries
    home = loaded.components.home_country
    for link in loaded.components.links:
        if link.mode == RAIL and countries[link.origin] == home == countries[link.destination]:
            for gauge in link.gauges_mm:
                km[gauge] = km.get(gauge, 0.0) + link.length_km
    return max(sorted(km), key=lambda gauge: km[gauge]) if km else None


def drawn_as(loaded: Loaded, kind: str, mode: str, gauge_mm: int | None) -> str:
    """Return how a leg of a kind is drawn: rail, rail-other, road, sea, air, wait or border."""
    if kind in BORDER:
        return "border"
    if kind != "haul":
        return "wait"
    if mode == RAIL:
        return "rail" if gauge_mm in (None, home_gauge_mm(loaded)) else "rail-other"
    return mode if mode in ("road", "sea", "air") else "road"
