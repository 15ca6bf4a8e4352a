"""The units a figure can be given in: their names for the lists of forms, and the unit a name means.

People write 万吨 and 元; the records keep ``10^4 t`` and ``CNY``. Forms, imports and the API take either.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from bridgehead.ground import wording
from bridgehead.ground.language import OF_EVERY_PAGE, language
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.units import NAMES, measures

_LARGE = ("t", "CNY", "USD", "RUB", "MNT", "kWh")
_LARGER = {"10^4": (*_LARGE, "TEU", "persons", "vehicles", "items", "units", "tce", "mu"), "10^8": _LARGE}


@cache
def known() -> tuple[str, ...]:
    """Return every unit that forms offer: the plain ones, and those counted by ten thousand and a hundred million."""
    scaled = (f"{size} {unit}" for size, plain in _LARGER.items() for unit in plain)
    return tuple(dict.fromkeys((*NAMES, *scaled)))


def unit_name(unit: str) -> str:
    """Return the name of a unit in the language of the request, its code where it has no name."""
    return wording.unit_label(unit, language()) or unit


def unit_choices(wanted: Iterable[str]) -> list[tuple[str, str]]:
    """Return units as choices: those that are wanted, then every other one that converts into one of them."""
    first = list(dict.fromkeys(wanted))
    kinds = {_kind(one) for one in first}
    return [(one, unit_name(one)) for one in dict.fromkeys((*first, *(one for one in known() if _kind(one) in kinds)))]


def unit_code(written: str, wanted: str = "") -> str:
    """Return the unit that is meant by its code or by its name in any language; what nobody knows as it was written.

    Parameters
    ----------
    written : str
        As it was typed, ``10^4 t`` or 万吨.
    wanted : str
        The unit it is converted into: where a name is that of several units, the one that can be is meant.
    """
    given = " ".join(written.split())
    if not given or _kind(given):
        return given
    meant = _by_name().get(_folded(given), ())
    kind = _kind(wanted)
    return next((one for one in meant if _kind(one) == kind), meant[0] if meant else given)


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    """Return the units that are called by a name."""
    found: dict[str, tuple[str, ...]] = {}
    for unit in known():
        for name in {_folded(wording.unit_label(unit, code)) for code in OF_EVERY_PAGE} - {""}:
            found[name] = (*found.get(name, ()), unit)
    return found


def _folded(name: str) -> str:
    return name.replace(" ", "").casefold()


def _kind(unit: str) -> str:
    """Return what a unit measures, nothing where there is no such unit."""
    try:
        return measures(unit)[0]
    except BridgeheadError:
        return ""
