"""The operation beside the page of compared scenarios."""

from __future__ import annotations

import math
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from bridgehead.engines.flows.scenario_comparison import Pair
from bridgehead.ground.access.audience import audience
from bridgehead.ground.region import Loaded, current
from bridgehead.jobs.scenario_runs import missing
from bridgehead.rooms.gateway import comparison_words
from bridgehead.rooms.gateway.comparison_figures import measures
from bridgehead.rooms.gateway.schemas import comparison as out
from bridgehead.rooms.gateway.selectors import scenario_comparison as selectors
from bridgehead.rooms.gateway.selectors.scenario_comparison import Column

router = Router(tags=["flows"])


@router.get("/scenarios/compare", response=out.ScenarioComparisonOut, summary="Scenarios compared")
@audience("public")
def get_comparison(
    request: HttpRequest,
    scenario: Annotated[
        list[str], Query(description="ids of scenarios, at most eight; all of the region without it")
    ] = [],  # noqa: B006 - ninja reads it
) -> dict[str, Any]:
    """Give scenarios beside their bases, those of the region if none is named; on the page they are run."""
    loaded = current()
    picked = selectors.chosen(loaded, request.viewer, scenario)  # type: ignore[attr-defined]
    columns = selectors.columns(loaded, picked)
    total = len(picked.plan.wanted)
    if columns is None:
        done = total - len(missing(picked.plan, loaded.store))
        return {"computed": False, "done": done, "total": total, "headline": "", "scenarios": []}
    return {
        "computed": True,
        "done": total,
        "total": total,
        "headline": comparison_words.headline(columns),
        "scenarios": [column_json(loaded, one) for one in columns],
    }


def pair_json(pair: Pair) -> dict[str, float]:
    """Return base, scenario and change."""
    return {"base": pair.base, "scenario": pair.scenario, "change": pair.change}


def column_json(loaded: Loaded, one: Column) -> dict[str, Any]:
    """Return one scenario beside its base as data."""
    found = one.found
    return {
        "id": one.seen.line.id,
        "title": one.seen.line.title,
        "year": found.scenario.year,
        "days": found.days,
        "findings": list(comparison_words.findings(loaded, found)),
        "measures": [
            {"name": row.name, "label": row.label, "unit": row.unit, "figure": pair_json(row.pair)}
            for row in measures(found)
        ],
        "tonne_km": {row.name: pair_json(row.amount) for row in found.tonne_km},
        "ports": [
            {"port": row.port, "direction": row.direction, "commodity": row.commodity, "tonnes": pair_json(row.tonnes)}
            for row in found.port_goods
        ],
        "moves": [
            {"commodity": row.commodity, "before": row.before, "after": row.after, "tonnes": row.tonnes}
            for row in found.moves
        ],
        **_places(loaded, one),
        "relative_gap": max(found.base.gap, found.scenario.gap),
        "gap_reached": found.base.reached and found.scenario.reached,
        "conservation_error": max(found.base.conservation_error, found.scenario.conservation_error),
        "method": found.scenario.method,
        "parameters": sorted({*found.base.parameters, *found.scenario.parameters}),
        "input_hash": found.scenario.input_hash,
        "base_hash": found.base.input_hash,
        "standing": "model",
    }


def _places(loaded: Loaded, one: Column) -> dict[str, Any]:
    found = one.found
    return {
        "queues": [
            {
                "link": row.link or None,
                "place": row.place or None,
                "origin": row.origin,
                "destination": row.destination,
                "use": pair_json(row.share),
                "wait_h": pair_json(row.wait_h),
                "vehicles": pair_json(row.vehicles) if row.vehicles else None,
            }
            for row in found.queues
        ],
        "waits": [
            {
                "link": row.link,
                "origin": row.origin,
                "destination": row.destination,
                "tonnes": row.tonnes,
                "days": row.days,
                "backlog_days": row.backlog_days,
                "clearing_days": row.clearing_days if math.isfinite(row.clearing_days) else None,
            }
            for row in found.waited
        ],
        "links": [
            {"link": row.link, "origin": row.origin, "destination": row.destination, "tonnes": pair_json(row.tonnes)}
            for row in found.links
        ],
        "districts": [
            {
                "district": row.district,
                "name": selectors.district_name(loaded, row.district),
                "shippers": row.shippers,
                "shippers_cost_usd": pair_json(row.perceived_usd),
                "not_sent_t": pair_json(row.unsent_t),
                "ports": row.ports,
                "ports_t": pair_json(row.ports_t),
            }
            for row in found.districts
        ],
    }
