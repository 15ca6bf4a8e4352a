"""Forms of services: what was typed as values, every fault beside its field, and values in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import pgettext

from bridgehead.engines.cases.services import NO, NUMERIC, YES, Field, FieldType, Service
from bridgehead.ground import words
from bridgehead.ground.language import language
from bridgehead.ground.wording import day as day_words
from bridgehead.kernel.cells import CellFault, parse_decimal
from bridgehead.kernel.errors import Fault, Place
from bridgehead.rooms.desk.explaining import unit_name
from bridgehead.rooms.desk.services import DISTRICT, choice_name, districts, office_name

LONGEST_LINE, LONGEST_TEXT = 200, 5000


def read_form(service: Service, typed: Mapping[str, str], files: Collection[str]) -> tuple[dict[str, Any], list[Fault]]:
    """Return the values of a form by field, and everything that is wrong with it.

    Parameters
    ----------
    service : Service
        Whose form it is.
    typed : mapping
        Field to what was typed.
    files : collection of str
        Fields that have a file.
    """
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for field in service.fields:
        if field.type is FieldType.FILE:
            if field.required and field.id not in files:
                faults.append(Fault("file.none_chosen", {}, Place(field=field.id)))
            continue
        text = typed.get(field.id, "").strip()
        if not text:
            if field.required:
                faults.append(Fault("form.missing", {}, Place(field=field.id)))
            continue
        found = list(_faults(field, text))
        faults += [Fault(one.code, one.parameters, Place(field=field.id)) for one in found]
        if not found:
            values[field.id] = _value(field, text)
    return values, faults


def _value(field: Field, text: str) -> Any:
    if field.type is FieldType.YES_NO:
        return text == YES
    return f"{parse_decimal(text):f}" if field.type in NUMERIC else text


def _faults(field: Field, text: str) -> Iterator[Fault]:
    """Yield what is wrong with what was typed into a field."""
    known: Collection[str] | None = None
    match field.type:
        case FieldType.CHOICE:
            known = [one.id for one in field.choices]
        case FieldType.YES_NO:
            known = (YES, NO)
        case FieldType.COUNTRY:
            known = words.countries("en")
        case FieldType.PLACE if field.id == DISTRICT:
            known = [code for code, _ in districts()]
        case FieldType.DATE:
            try:
                date.fromisoformat(text)
            except ValueError:
                yield Fault("form.not_a_date", {"value": text})
        case FieldType.NUMBER | FieldType.MONEY:
            yield from _number_faults(field, text)
        case _:
            longest = field.longest or (LONGEST_TEXT if field.type is FieldType.LONG_TEXT else LONGEST_LINE)
            if len(text) > longest:
                yield Fault("form.text_too_long", {"limit": longest, "length": len(text)})
    if known is not None and text not in known:
        yield Fault("form.no_such_choice", {"value": text})


def _number_faults(field: Field, text: str) -> Iterator[Fault]:
    try:
        value = parse_decimal(text)
    except CellFault:
        yield Fault("form.not_a_number", {"value": text})
        return
    for code, limit, beyond in (
        ("form.too_small", field.minimum, field.minimum is not None and value < Decimal(str(field.minimum))),
        ("form.too_large", field.maximum, field.maximum is not None and value > Decimal(str(field.maximum))),
    ):
        if beyond:
            yield Fault(code, {"value": text, "limit": f"{limit:g}"})


def as_typed(field: Field, value: Any) -> str:
    """Return a kept value as it stands in a form."""
    if isinstance(value, bool):
        return YES if value else NO
    return "" if value is None else str(value)


def answer_name(field: Field, answer: str) -> str:
    """Return in words what a move is for: yes, no, or a choice."""
    return shown(field, answer == YES if field.type is FieldType.YES_NO else answer)


def shown(field: Field, value: Any) -> str:
    """Return a kept value in words, in the language of the request."""
    match field.type:
        case FieldType.YES_NO:
            return pgettext("desk", "是") if value else pgettext("desk", "否")
        case FieldType.CHOICE:
            return choice_name(field, str(value))
        case FieldType.COUNTRY:
            return words.country(str(value))
        case FieldType.DATE:
            return str(day_words(str(value), language()))
        case FieldType.PLACE if field.id == DISTRICT:
            return office_name(str(value))
        case FieldType.NUMBER | FieldType.MONEY:
            return f"{separated(str(value))} {unit_name(field.unit)}".strip()
        case _:
            return str(value)


def separated(number: str) -> str:
    """Return an exact number with its thousands separated as the language does."""
    plain = f"{Decimal(number):,f}"
    if language() in ("ru", "mn"):
        return plain.replace(",", "\u00a0").replace(".", ",")
    return plain
