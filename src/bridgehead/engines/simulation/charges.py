"""What a description says is paid for clearance: amounts with currency and year, by class and station.

An amount is written out or is a parameter, ``$name``; then standing, source and date are those of the parameter, and
its unit is the currency where the charge names none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from bridgehead.engines.simulation.description import ChargePart
from bridgehead.engines.simulation.fields import read_part
from bridgehead.engines.simulation.model import Charge, Figure
from bridgehead.engines.simulation.noting import Notes, Path, UnfitError, near_and_known
from bridgehead.engines.simulation.parameters import MARK
from bridgehead.engines.simulation.quantities import Setting, listed, quoted, whole

SECTION = "charges"
ALL = "*"
LARGEST = Decimal("1e9")
FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_CHARGES = 1000
_CURRENCY = re.compile(r"[A-Z]{3}")


def read_charges(
    raw: Mapping[str, Any], filled: Mapping[str, Any], figures: tuple[Figure, ...], notes: Notes
) -> tuple[Charge, ...]:
    """Return the charges of a description, with everything that is wrong with them noted.

    Parameters
    ----------
    raw, filled : mapping
        The description as it is written, and with the values of its parameters in it.
    figures : tuple of Figure
        Those parameters.
    notes : Notes
        Takes the faults.
    """
    if filled.get(SECTION) is None:
        return ()
    try:
        entries = listed(filled[SECTION])
    except UnfitError as error:
        notes.note_flaws((SECTION,), error)
        return ()
    if len(entries) > MOST_CHARGES:
        notes.note((SECTION,), "model.too_many_entries", count=len(entries), most=MOST_CHARGES)
    written = raw[SECTION] if isinstance(raw.get(SECTION), list) else entries
    known = {one.id: one for one in figures}
    found = [
        _charge(entry, known.get(_parameter(written[at])), filled, notes, (SECTION, at))
        for at, entry in enumerate(entries[:MOST_CHARGES])
    ]
    return tuple(one for one in found if one is not None)


def _parameter(written: object) -> str:
    """Return the parameter an amount is written as, empty for none."""
    amount = written.get("amount") if isinstance(written, Mapping) else None
    return amount[len(MARK) :] if isinstance(amount, str) and amount.startswith(MARK) else ""


def _charge(entry: object, figure: Figure | None, filled: Mapping[str, Any], notes: Notes, path: Path) -> Charge | None:
    part = read_part(ChargePart, entry, Setting(), notes, path)
    if part is None:
        return None
    _check_name(part.class_, "classes", filled, notes, (*path, "class"))
    _check_name(part.station, "stations", filled, notes, (*path, "station"))
    amount = _amount(part.amount, notes, (*path, "amount"))
    currency = _currency(part.currency, figure, notes, (*path, "currency"))
    year = _year(part.year, notes, (*path, "year"))
    if amount is None or currency is None or year is None:
        return None
    origin = figure or part
    return Charge(
        unit_class=part.class_,
        node=part.station,
        amount=amount,
        currency=currency,
        year=year,
        side=part.side,
        figure=figure.id if figure is not None else "",
        standing=origin.standing,
        source=origin.source,
        date=origin.date,
        label=dict(part.label or (figure.label if figure is not None else {})),
        note=dict(part.note or (figure.note if figure is not None else {})),
    )


def _check_name(name: str, section: str, filled: Mapping[str, Any], notes: Notes, path: Path) -> None:
    """Note a class or station that nothing has."""
    there = filled.get(section)
    if name in ("", ALL) or not isinstance(there, Mapping) or name in there:
        return
    code = {"classes": "model.unknown_class", "stations": "model.unknown_station"}[section]
    notes.note(path, code, **near_and_known(name, frozenset(there)))


def _amount(value: object, notes: Notes, path: Path) -> Decimal | None:
    try:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise UnfitError("model.not_amount", value=quoted(value))
        try:
            found = Decimal(value.strip() if isinstance(value, str) else repr(value))
        except InvalidOperation:
            raise UnfitError("model.not_amount", value=quoted(value)) from None
        if not found.is_finite():
            raise UnfitError("model.not_amount", value=quoted(value))
        if not 0 <= found <= LARGEST:
            raise UnfitError("model.out_of_range", value=found, least=0, most=int(LARGEST))
    except UnfitError as error:
        notes.note_flaws(path, error)
        return None
    return found


def _currency(given: str | None, figure: Figure | None, notes: Notes, path: Path) -> str | None:
    unit = figure.unit if figure is not None and _CURRENCY.fullmatch(figure.unit) else None
    if given is None and unit is None:
        notes.note(path, "model.missing", name="currency")
        return None
    if given is not None and not _CURRENCY.fullmatch(given):
        notes.note(path, "model.not_currency", value=quoted(given))
        return None
    if given is not None and unit is not None and given != unit and figure is not None:
        notes.note(path, "model.other_currency", value=given, name=figure.id, unit=unit)
        return None
    return given or unit


def _year(given: object, notes: Notes, path: Path) -> int | None:
    try:
        return whole(given, FIRST_YEAR, LAST_YEAR)
    except UnfitError as error:
        notes.note_flaws(path, error)
        return None
