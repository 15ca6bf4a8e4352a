"""The form of a port model: one field for each figure, and how often and how long it is run."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.engines.simulation.model import MINUTES_A_DAY, Figure, Model
from bridgehead.engines.simulation.reading import read_model, with_figures
from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.ground.screens.record_forms import Sent
from bridgehead.jobs.port_reports import Question
from bridgehead.kernel.cells import CellFault, parse_number
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway.selectors.port_models import STANDINGS, Known, unit_words

BEFORE = "p-"
"""What the fields of figures begin with, so that none is taken for another field of the form."""
LARGEST_SEED = 2**31 - 1
_STEP = re.compile(r"[^.\[\]]+")
"""A step of the path of a place in a description, ``sources[0].per_day`` has three."""
LIMITS: Mapping[str, tuple[float, float, bool]] = {
    "replications": (2, 50, True),
    "seed": (0, LARGEST_SEED, True),
    "horizon_d": (1, 731, False),
    "warmup_d": (0, 365, False),
}
"""Least and most of the fields that say how a model is run, and whether they are whole numbers."""


@dataclass(frozen=True, slots=True)
class Input:
    """A field of a figure as the form shows it."""

    name: str
    label: str
    hint: str


def field_of(figure: str) -> str:
    """Return what the form calls the field of a figure."""
    return BEFORE + figure


def inputs(model: Model) -> list[Input]:
    """Return the fields of the figures of a model."""
    return [Input(field_of(one.id), told.label(one.label, one.id), _hint(one)) for one in model.figures]


def _hint(one: Figure) -> str:
    standing = STANDINGS.get(one.standing)
    said = wording.standing_label(standing, language()) if standing else pgettext("standing", "假设")
    unit = _("0 至 1") if one.unit == "share" else unit_words(one.unit)
    return f"{unit} · {said}" if unit else said


def typed(value: float | str) -> str:
    """Return a value as it stands in its field."""
    return value if isinstance(value, str) else f"{value:.12g}"


def values(model: Model, changed: Mapping[str, Any], run: Question, title: str = "") -> dict[str, str]:
    """Return what stands in the fields at first: a model with changed figures, and how it is run."""
    told_run = {
        "replications": str(run.replications),
        "seed": str(run.seed),
        "horizon_d": typed(run.horizon_min / MINUTES_A_DAY),
        "warmup_d": "" if run.warmup_min is None else typed(run.warmup_min / MINUTES_A_DAY),
    }
    figures = {field_of(one.id): typed(changed.get(one.id, one.value)) for one in model.figures}
    return {"title": title, "organisation": "", **told_run, **figures}


def sent_values(sent: Sent, model: Model) -> tuple[dict[str, Any], list[Fault]]:
    """Return the figures that differ from those of a model, and what could not be read of them."""
    changed: dict[str, Any] = {}
    faults = []
    for one in model.figures:
        text = sent.text(field_of(one.id))
        if text == typed(one.value):
            continue
        if not text:
            faults.append(Fault("form.missing", {}, Place(field=field_of(one.id))))
        elif isinstance(one.value, str):
            changed[one.id] = text
        else:
            value = _number(text)
            if value is None:
                faults.append(Fault("form.not_a_number", {"value": text}, Place(field=field_of(one.id))))
            elif value != one.value:
                changed[one.id] = value
    return changed, faults


def sent_run(sent: Sent) -> tuple[dict[str, Any], list[Fault]]:
    """Return how the model is run, and what is wrong with that; an empty warm-up is found by itself."""
    found: dict[str, Any] = {}
    faults = []
    for name, (least, most, whole) in LIMITS.items():
        text = sent.text(name)
        value = _number(text)
        if name == "warmup_d" and not text:
            found[name] = None
        elif not text:
            faults.append(Fault("form.missing", {}, Place(field=name)))
        elif value is None:
            faults.append(Fault("form.not_a_number", {"value": text}, Place(field=name)))
        elif not least <= value <= most or (whole and value != int(value)):
            code = "port_run.not_whole" if whole and value != int(value) else "port_run.out_of_range"
            limits = {"least": _written(least), "most": _written(most)}
            faults.append(Fault(code, {"value": text, **limits}, Place(field=name)))
        else:
            found[name] = int(value) if whole else value
    horizon, warmup = found.get("horizon_d"), found.get("warmup_d")
    if horizon is not None and warmup is not None and warmup >= horizon:
        faults.append(Fault("port_run.warmup_too_long", {"horizon": f"{horizon:g}"}, Place(field="warmup_d")))
    return found, faults


def _number(text: str) -> float | None:
    try:
        return parse_number(text)
    except CellFault:
        return None


def variant(known: Known, changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the description of a model with other figures.

    Raises
    ------
    BridgeheadError
        Every fault of the model that follows, with the field of the form it lies in; each once at a field.
    """
    try:
        made = with_figures(known.description, changed)
        read_model(made)
    except BridgeheadError as error:
        placed = [_placed(fault, known, changed) for fault in error.faults]
        once = {(fault.place.field, fault.code): fault for fault in reversed(placed)}
        raise BridgeheadError.of(reversed(once.values())) from error
    return made


def _placed(fault: Fault, known: Known, changed: Mapping[str, Any]) -> Fault:
    """Return a fault at the field of the figure it comes from, one that was changed first, and as a form tells it."""
    path = _STEP.findall(fault.place.field or "")
    named = path[1:2] if path[:1] == ["parameters"] else _figures_at(known.description, path)
    found = [one for one in named if one in changed] or named
    told_of = {name: _written(value) for name, value in fault.parameters.items()} | {"form": True}
    if fault.code == "model.need_above_pool":
        told_of["name"] = told.pool_words(known.model, str(told_of["name"]))
    return Fault(fault.code, told_of, Place(field=field_of(found[0]) if found else None), fault.severity)


def _written(value: object) -> object:
    """Return a number above a thousand as people write it, without powers of ten; anything else as it is."""
    large = isinstance(value, int | float) and 1000 <= abs(value) < math.inf
    return wording.number(float(value), language(), 0) if large else value  # type: ignore[arg-type]


def _figures_at(description: Mapping[str, Any], path: Sequence[str]) -> list[str]:
    """Return the figures that stand at a place of a description or below it; above it where there are none."""
    value: Any = description
    trail = [value]
    for step in path:
        if isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(value, Sequence) and not isinstance(value, str) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            break
        trail.append(value)
    for place in reversed(trail[1:]):
        found = list(_named(place))
        if found:
            return found
    return []


def _named(value: Any) -> Sequence[str]:
    if isinstance(value, str):
        return [value[1:]] if value.startswith("$") else []
    if isinstance(value, Mapping):
        return [name for item in value.values() for name in _named(item)]
    if isinstance(value, Sequence):
        return [name for item in value for name in _named(item)]
    return []
