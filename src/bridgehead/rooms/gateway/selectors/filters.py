"""Filters and orders of the tables in an address: one rule for pages and operations."""

from __future__ import annotations

from collections.abc import Iterable

from bridgehead.kernel.errors import Fault, Place

LONGEST_SHOWN = 60


def choice(faults: list[Fault], field: str, given: str, allowed: Iterable[str]) -> str:
    """Return a parameter that is empty or one of the allowed words; another is noted as ``request.bad_filter``.

    A table that was narrowed or sorted in another way than asked would be read as the answer.
    """
    value, known = given.strip(), list(allowed)
    if value and value not in known:
        told = {"field": field, "value": value[:LONGEST_SHOWN], "allowed": ", ".join(known)}
        faults.append(Fault("request.bad_filter", told, Place(field=field)))
    return value


def orders(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the words a table can be sorted by: each key, and with a minus sign in front the other way round."""
    return tuple(sign + key for key in keys for sign in ("", "-"))
