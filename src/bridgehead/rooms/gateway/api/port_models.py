"""Operations on port models and their runs."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest
from ninja import Router

from bridgehead.engines.simulation.reports import are_paired, differences
from bridgehead.ground.access.audience import audience
from bridgehead.ground.language import language
from bridgehead.ground.region import current
from bridgehead.kernel.errors import fault_as_json
from bridgehead.rooms.gateway import port_difference_words as apart_words
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway.actions import SAVE
from bridgehead.rooms.gateway.schemas import port_models as out
from bridgehead.rooms.gateway.selectors import port_models as selectors
from bridgehead.rooms.gateway.selectors import port_runs

router = Router(tags=["ports"])


@router.get("/ports/{port}/model", response=out.PortModelOut, summary="The model of a port")
@audience("public")
def get_port_model(request: HttpRequest, port: str) -> dict[str, Any]:
    """Give the figures of a port's model with their sources, and the load of each station."""
    loaded = current()
    known = selectors.known(loaded, port)
    values = {one.id: one.value for one in known.model.figures}
    return {
        "port": port,
        "title": told.title(known.model),
        "sentence": selectors.sentence(known),
        "illustrative": known.illustrative,
        "figures": [
            {
                "id": one.id,
                "label": one.label,
                "value": values[one.id],
                "unit": one.unit,
                "standing": str(one.standing),
                "assumed": one.assumed,
                "source": one.source or None,
                "source_date": one.date or None,
                "note": one.note or None,
            }
            for one in selectors.figure_lines(loaded, known.model)
        ],
        "loads": [
            {
                "station": one.id,
                "name": one.name,
                "units_per_day": _finite(one.per_day),
                "load": None if one.load is None else _finite(one.load),
            }
            for one in selectors.load_lines(known.model)
        ],
        "warnings": [fault_as_json(one, language()) for one in known.warnings],
    }


@router.get("/port-models", response=out.PortModelsOut, summary="The port models of the region")
@audience("public")
def get_port_models(request: HttpRequest) -> dict[str, Any]:
    """Give every port model: how much of it is reported, and whether it is checked against reports."""
    lines = selectors.model_lines(current())
    return {
        "sentence": selectors.models_sentence(lines),
        "models": [
            {
                **{name: getattr(one, name) for name in _LINE},
                "units_per_day": _finite(one.per_day),
                "busiest": {
                    "station": one.busiest.id,
                    "name": one.busiest.name,
                    "units_per_day": _finite(one.busiest.per_day),
                    "load": None if one.busiest.load is None else _finite(one.busiest.load),
                },
            }
            for one in lines
        ],
    }


_LINE = ("port", "name", "title", "group", "stages", "figures", "reported", "checks")


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


@router.get("/ports/{port}/runs/compare", response=out.PortRunsComparedOut, summary="Two runs of a port compared")
@audience(SAVE)
def compare_port_runs(request: HttpRequest, port: str, a: str = port_runs.BASE, b: str = "") -> dict[str, Any]:
    """Hold two runs of a port against each other, figure by figure, once both are computed."""
    loaded = current()
    chosen = [port_runs.seen(loaded, request.viewer, port, one) for one in (a, b) if one]  # type: ignore[attr-defined]
    reports = [port_runs.report(loaded, one) for one in chosen]
    first, second = [*reports, None, None][:2]
    if first is None or second is None:
        return {"runs": [one.id for one in chosen], "paired": None, "sentence": None, "rows": []}
    found = differences(first, second)
    model = port_runs.model_of(loaded, chosen[0])
    return {
        "runs": [one.id for one in chosen],
        "paired": are_paired(first, second),
        "sentence": apart_words.difference_sentence([one.title for one in chosen], found),
        "rows": [
            {
                "name": one.name,
                "label": apart_words.figure_words(model, one.name),
                "first": _finite(one.first),
                "second": _finite(one.second),
                "difference": _finite(one.difference.mean),
                "low": _finite(one.difference.low),
                "high": _finite(one.difference.high),
            }
            for one in found
        ],
    }


@router.get("/ports/{port}/runs/{run}", response=out.PortRunOut, summary="A run of a port's model")
@audience(SAVE)
def get_port_run(request: HttpRequest, port: str, run: str) -> dict[str, Any]:
    """Give how a run was asked for, and its report once it is computed."""
    loaded = current()
    seen = port_runs.seen(loaded, request.viewer, port, run)  # type: ignore[attr-defined]
    report = port_runs.report(loaded, seen)
    question = seen.question
    return {
        "id": seen.id,
        "port": port,
        "title": seen.title,
        "changed": dict(seen.changed),
        "replications": question.replications,
        "seed": question.seed,
        "horizon_min": question.horizon_min,
        "warmup_min": question.warmup_min,
        "key": question.key,
        "withdrawn": bool(seen.record and seen.record.withdrawn_at),
        "sentence": None if report is None else told.report_sentence(port_runs.model_of(loaded, seen), report),
        "report": report,
    }
