"""A form as it was filled in: what was typed, and every fault beside its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.ground.language import language
from bridgehead.ground.screens.held import taken_up
from bridgehead.kernel.errors import BridgeheadError, Fault, sentence


@dataclass(frozen=True, slots=True)
class Said:
    """One fault in words: what is wrong, how to mend it, and its code."""

    message: str
    cure: str
    code: str


@dataclass(frozen=True, slots=True)
class Filling:
    """What a form shows: values by field, faults by field, and the faults that belong to no field it has.

    Where somebody else changed the record meanwhile, ``now`` holds what it says by now in the fields that differ.

    Templates show a field by ``{% include "ground/field.html" with name="login" label=… %}`` and the rest by
    ``{% include "ground/faults.html" %}``; both read the context variable ``filling``.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)
    elsewhere: tuple[Said, ...] = ()
    now: Mapping[str, str] = field(default_factory=dict)

    @property
    def faulty(self) -> bool:
        """Whether something is wrong."""
        return bool(self.faults or self.elsewhere)


def filled(
    values: Mapping[str, str],
    fields: Iterable[str],
    error: BridgeheadError | None = None,
    *,
    emptied: Iterable[str] = (),
) -> Filling:
    """Return a form as it was filled in.

    Parameters
    ----------
    values : mapping
        What was typed, such as ``request.POST``, or what a record says.
    fields : iterable of str
        The fields the form shows again; never those of passwords.
    error : BridgeheadError, optional
        What was refused. Without one, what was typed before a session ended stands in the place of ``values``. A
        fault of a field the form does not have is told above it.
    emptied : iterable of str
        The fields the form has but never shows again, of passwords, codes and files.
    """
    fields = tuple(fields)
    there = {*fields, *emptied}
    by_field: dict[str, tuple[Said, ...]] = {}
    elsewhere: list[Said] = []
    for fault in error.faults if error else ():
        place = fault.place.field or ""
        if place in there:
            by_field[place] = (*by_field.get(place, ()), _said(fault, at_field=True))
        else:
            elsewhere.append(_said(fault))
    shown = values if error else taken_up(values, fields)
    return Filling({name: shown.get(name, "") for name in fields}, by_field, tuple(elsewhere))


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Return a page with a form; what was refused is told on it, whatever the status."""
    page = render(request, template, dict(context or {}), status=status)
    page.in_shape = True  # type: ignore[attr-defined]
    return page


def _said(fault: Fault, at_field: bool = False) -> Said:
    words = sentence(fault, language(), at_field=at_field)
    return Said(words.message, words.cure, fault.code)
