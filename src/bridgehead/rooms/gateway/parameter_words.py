"""The parameters behind a route in words: what each is, where it holds, its value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bridgehead.engines.network.components import Parameter
from bridgehead.ground import wording, words
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import names, routes


def scope(loaded: Loaded, parameter: Parameter) -> str:
    """Return where a parameter holds, in words: mode, country, gauge, goods, place."""
    parts = [
        words.word("mode", parameter.mode) if parameter.mode else "",
        words.country(parameter.country) if parameter.country else "",
        str(parameter.gauge_mm) if parameter.gauge_mm else "",
        parameter.link_class,
        words.word("freight_class", parameter.freight_class) if parameter.freight_class else "",
        names.short(loaded, parameter.place) if parameter.place else "",
    ]
    return " · ".join(part for part in parts if part)


def label(parameter: Parameter) -> str:
    """Return what a parameter is, as the head of a row."""
    return prose.capital(words.word("quantity", parameter.quantity))


def record(loaded: Loaded, use: routes.ParameterUse) -> dict[str, Any]:
    """Return a parameter as the operations give it."""
    row = use.parameter
    return {
        "id": row.id,
        "quantity": row.quantity,
        "label": label(row),
        "scope": scope(loaded, row),
        "value": row.value,
        "unit": row.unit,
        "standing": str(use.standing),
        "basis": row.basis,
        "source": row.source,
        "year": row.year,
        "note": row.note,
    }


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """A parameter in words."""

    use: routes.ParameterUse
    label: str
    scope: str
    value: str


def parameter_lines(loaded: Loaded, used: Sequence[routes.ParameterUse]) -> tuple[ParameterLine, ...]:
    """Return parameters as rows of a table."""
    found = []
    for use in used:
        parameter = use.parameter
        value = wording.measured_words(parameter.value, parameter.unit, language())
        found.append(ParameterLine(use, label(parameter), scope(loaded, parameter), value))
    return tuple(found)
