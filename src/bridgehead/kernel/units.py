"""Units of reported figures: which measure the same thing, and how many of one make another, exactly."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from bridgehead.kernel.errors import BridgeheadError, Place

_PLAIN = (
    "t",
    "t/year",
    "TEU",
    "trains",
    "vehicles",
    "persons",
    "units",
    "items",
    "batches",
    "lanes",
    "firms",
    "projects",
    "mu",
    "CNY",
    "USD",
    "RUB",
    "MNT",
    "kWh",
    "kW",
    "tce",
    "m3",
    "Gbit/s",
    "items/day",
    "t/day",
    "beds",
)
_OTHERS = MappingProxyType(
    {
        "Mt": ("t", Fraction(10**6)),
        "Mt/year": ("t/year", Fraction(10**6)),
        "count": ("items", Fraction(1)),
        "%": ("ratio", Fraction(1, 100)),
        "‰": ("ratio", Fraction(1, 1000)),
        "ratio": ("ratio", Fraction(1)),
        "min": ("h", Fraction(1, 60)),
        "h": ("h", Fraction(1)),
        "days": ("h", Fraction(24)),
        "m": ("km", Fraction(1, 1000)),
        "km": ("km", Fraction(1)),
        "m2": ("km2", Fraction(1, 10**6)),
        "ha": ("km2", Fraction(1, 100)),
        "km2": ("km2", Fraction(1)),
        "kgce": ("tce", Fraction(1, 1000)),
        "MW": ("kW", Fraction(1000)),
        "Mbit/s": ("Gbit/s", Fraction(1, 1000)),
        "months": ("months", Fraction(1)),
        "kgce/t": ("kgce/t", Fraction(1)),
        "per 10^6 t": ("per 10^6 t", Fraction(1)),
        "0-100": ("0-100", Fraction(1)),
        "index": ("index", Fraction(1)),
        "class": ("class", Fraction(1)),
    }
)
NAMES = (*_PLAIN, *_OTHERS)
"""Units that are not scaled; a plain one may stand behind ``10^3``, ``10^4``, ``10^6``, ``10^8`` or ``10^9``."""
_SCALED = re.compile(r"(?:10\^([34689]) )?(.+)")


def measures(unit: str) -> tuple[str, Fraction]:
    """Return what a unit measures, as its plain unit, and how many of that one it is.

    Raises
    ------
    BridgeheadError
        ``unit.unknown``.
    """
    name = unit.strip()
    if name in _OTHERS:
        return _OTHERS[name]
    found = _SCALED.fullmatch(name)
    if found is None or found[2] not in _PLAIN:
        raise BridgeheadError("unit.unknown", {"unit": unit}, Place(field="unit"))
    return found[2], Fraction(10 ** int(found[1] or 0))


def convert(value: Decimal, unit: str, into: str) -> Decimal:
    """Return a value in another unit.

    Parameters
    ----------
    value : Decimal
        The value.
    unit, into : str
        Its unit and the one wanted.

    Raises
    ------
    BridgeheadError
        ``unit.unknown``, or ``unit.other_kind`` where the two measure different things.
    """
    (kind, size), (wanted, other) = measures(unit), measures(into)
    if kind != wanted:
        raise BridgeheadError("unit.other_kind", {"unit": unit, "wanted": into}, Place(field="unit"))
    if size == other:
        return value
    whole = Fraction(value) * size / other
    return Decimal(whole.numerator) / Decimal(whole.denominator)
