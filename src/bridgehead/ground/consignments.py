"""The words of a question for a route, read the same way by the page, the API and the command line."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping

from bridgehead.engines.network.lookup import alike
from bridgehead.engines.network.routes import LARGEST_T, LARGEST_TEU
from bridgehead.kernel.errors import Fault, Place
from bridgehead.regions.load import Region

CRITERIA = ("cost", "time", "co2e", "mix")
SMALLEST = 0.001
"""Tonnes or TEU: a kilogram. Less is a slip of the pen, and its price could not be told in cents."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LARGEST: Mapping[str, float] = {"tonnes": LARGEST_T, "teu": LARGEST_TEU}


def unknown_place(region: Region, word: str, field: str, known: Collection[str]) -> Fault:
    """Return the fault of a place nobody knows, with the ids whose id or name looks like it."""
    close = ", ".join(alike(word, known, names=region.names_of(known)))
    return Fault("route.unknown_place", {"place": word, "close": close}, Place(field=field))


def unknown_commodity(region: Region, word: str, known: Collection[str]) -> Fault:
    """Return the fault of a commodity nobody knows, with the ids whose id or name looks like it."""
    close = ", ".join(alike(word, known, names=region.names_of(known)))
    return Fault("route.unknown_commodity", {"commodity": word, "close": close}, Place(field="commodity"))


def unknown_criterion(by: str) -> Fault:
    """Return the fault of a criterion nobody knows, with those there are."""
    return Fault("route.bad_criterion", {"by": by, "known": list(CRITERIA)}, Place(field="by"))


def day_of(word: str) -> datetime.date | None:
    """Return the day that a word names as year-month-day, or None where it names none."""
    try:
        return datetime.date.fromisoformat(word) if _DAY.fullmatch(word) else None
    except ValueError:
        return None


def no_day(word: str) -> Fault:
    """Return the fault of a word that is no day."""
    return Fault("route.bad_date", {"date": word}, Place(field="date"))


def in_reason(name: str, amount: float) -> bool:
    """Tell whether an amount, ``tonnes`` or ``teu``, may be asked for; nothing that is no number may."""
    return SMALLEST <= amount <= LARGEST[name]


def bad_amount(given: str, field: str) -> Fault:
    """Return the fault of an amount that cannot be; an empty text says that none was given."""
    return Fault("route.bad_consignment", {"given": given, "least": f"{SMALLEST:g}"}, Place(field=field))
