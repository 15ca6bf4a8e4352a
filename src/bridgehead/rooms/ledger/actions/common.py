"""What the actions of the ledger have in common: days, reasons, closed periods, units."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.periods import Period
from bridgehead.kernel.units import convert
from bridgehead.rooms.ledger.models import ClosedPeriod
from bridgehead.rooms.ledger.units import unit_code, unit_name

LARGEST = Decimal(10) ** 13


def read_period(deed: Deed, text: str, field: str = "period") -> Period | None:
    """Return a period, None for nothing, noting the fault where it cannot be read."""
    if not text.strip():
        return None
    try:
        return Period.read(text)
    except BridgeheadError as refused:
        deed.refuse(refused.code, {"period": text}, field)
        return None


def refuse_closed(deed: Deed, owner: int, first: date, last: date, field: str) -> None:
    """Note the fault where days lie in a period whose records are closed."""
    with as_system("looking for closed periods"):
        rows = ClosedPeriod.objects.filter(owner=owner, opened_on=None, first_on__lte=last, last_on__gte=first)
        closed = rows.order_by("last_on").first()
    if closed is not None:
        deed.refuse("ledger.period_closed", {"period": closed.period, "on": str(closed.closed_on)}, field)


def numbers_in(deed: Deed, values: Mapping[str, Decimal], unit: str, into: str) -> list[Decimal]:
    """Return the values of some fields in another unit.

    The unit is given by its code or by its name, as `bridgehead.rooms.ledger.units.unit_code` reads it. Notes once, at
    the unit, where the two measure different things, and at each field where its number is too large.
    """
    try:
        found = {field: convert(value, unit_code(unit, into), into) for field, value in values.items()}
    except BridgeheadError as refused:
        told = {"unit": unit_name(unit.strip()), "wanted": unit_name(into)}
        deed.refuse(refused.code, told, "unit")
        found = dict(values)
    for field, value in values.items():
        sized(deed, max(value, found[field], key=abs), field)
    return list(found.values())


def body(deed: Deed, pk: int | None, field: str) -> Organisation | None:
    """Return a public body that can be asked to do something, noting the fault where there is none of it."""
    from bridgehead.rooms.ledger.who import body_of

    try:
        return body_of(deed.by, pk, field)
    except BridgeheadError as refused:
        deed.refuse(refused.code, refused.faults[0].parameters, field)
        return None


def sized(deed: Deed, value: Decimal, field: str) -> Decimal:
    """Return a number, noting the fault where it is larger than any figure can be."""
    if abs(value) >= LARGEST:
        deed.refuse("ledger.number_too_large", {"limit": f"{LARGEST:,}"}, field)
    return value
