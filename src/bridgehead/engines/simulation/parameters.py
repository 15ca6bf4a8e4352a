"""Named figures of a description: filled in where ``$name`` stands, kept with their provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bridgehead.engines.simulation.description import ParameterPart
from bridgehead.engines.simulation.fields import read_part
from bridgehead.engines.simulation.model import Figure
from bridgehead.engines.simulation.noting import Notes, Path, UnfitError, near_and_known
from bridgehead.engines.simulation.quantities import MINUTES, Setting, number, quoted, text
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

MARK = "$"
SECTION = "parameters"


def filled_in(raw: object, notes: Notes) -> tuple[object, tuple[Figure, ...]]:
    """Return a description with the values of its parameters in it, and the figures they are.

    A figure with a unit of time is put in with its unit, one in ``%`` as a share. Unknown names are faults, unused ones
    warnings.
    """
    if not isinstance(raw, dict):
        return raw, ()
    given = raw.get(SECTION)
    figures = {}
    for name, value in given.items() if isinstance(given, dict) else ():
        figure = _figure(name, value, notes)
        if figure is not None:
            figures[name] = figure
    known = frozenset(given) if isinstance(given, dict) else frozenset()
    used: set[str] = set()

    def fill(value: object, path: Path) -> object:
        if isinstance(value, dict):
            return {key: fill(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [fill(item, (*path, index)) for index, item in enumerate(value)]
        if not isinstance(value, str) or not value.startswith(MARK):
            return value
        name = value[1:]
        used.add(name)
        if name not in known:
            notes.note(path, "model.unknown_parameter", **near_and_known(name, known))
        return _put_in(figures[name]) if name in figures else _LEFT_OUT

    filled = {
        key: value if key == SECTION else _without_holes(fill(value, (key,)), (key,), notes)
        for key, value in raw.items()
    }
    for name in figures:
        if name not in used:
            notes.caution((SECTION, name), "model.unused_parameter", name=name)
    return filled, tuple(replace(one, used=name in used) for name, one in figures.items())


_LEFT_OUT = object()
"""Stands where a parameter that cannot be read was meant; its place counts as faulty and as left out."""


def _without_holes(value: object, path: Path, notes: Notes) -> object:
    """Return a value without the places whose parameter is faulty; nothing more is said of them."""
    if isinstance(value, dict):
        for key, item in value.items():
            if item is _LEFT_OUT:
                notes.mark((*path, key))
        return {k: _without_holes(item, (*path, k), notes) for k, item in value.items() if item is not _LEFT_OUT}
    if isinstance(value, list):
        for index, item in enumerate(value):
            if item is _LEFT_OUT:
                notes.mark((*path, index))
        return [_without_holes(item, (*path, i), notes) for i, item in enumerate(value) if item is not _LEFT_OUT]
    return value


def _figure(name: str, value: object, notes: Notes) -> Figure | None:
    path: Path = (SECTION, name)
    part = read_part(ParameterPart, value if isinstance(value, dict) else {"value": value}, Setting(), notes, path)
    if part is None:
        return None
    try:
        held = _value(part.value)
    except UnfitError as error:
        notes.note_flaws((*path, "value"), error)
        return None
    words = (part.unit, part.standing, part.source, part.date, dict(part.note))
    return Figure(name, held, *words, dict(part.label))


def _value(value: object) -> float | str:
    if isinstance(value, str):
        if value.startswith(MARK):
            raise UnfitError("model.parameter_of_parameter", value=quoted(value))
        return text(value)
    return number(value)


def _put_in(figure: Figure) -> object:
    """Return what stands in the description instead of a parameter's name."""
    if isinstance(figure.value, str):
        return figure.value
    if figure.unit in MINUTES:
        return f"{figure.value!r} {figure.unit}"
    return figure.value / 100 if figure.unit == "%" else figure.value


def with_figures(source: Mapping[str, Any], values: Mapping[str, object], *, name: str = "model") -> dict[str, Any]:
    """Return a description with other values of some parameters; what is changed counts as an assumption.

    Parameters
    ----------
    source : mapping
        A description in the native form; it is not changed.
    values : mapping
        Name of a parameter to its value.
    name : str
        How faults call the description.

    Raises
    ------
    BridgeheadError
        ``model.unknown_parameter`` for each name it does not have.
    """
    given = source.get(SECTION)
    known = dict(given) if isinstance(given, Mapping) else {}
    unknown = [one for one in values if one not in known]
    if unknown:
        raise BridgeheadError.of(
            Fault(
                "model.unknown_parameter", near_and_known(one, frozenset(known)), Place(name, field=f"{SECTION}.{one}")
            )
            for one in unknown
        )
    for one, value in values.items():
        old = known[one]
        held = dict(old) if isinstance(old, Mapping) else {"value": old}
        if held.get("value") != value:
            held = {key: item for key, item in held.items() if key not in ("source", "date")}
            held |= {"value": value, "standing": "assumption"}
        known[one] = held
    return {**source, SECTION: known}
