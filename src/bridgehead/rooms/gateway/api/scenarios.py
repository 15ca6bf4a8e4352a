"""Operations on scenarios."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.language import language
from bridgehead.ground.region import current
from bridgehead.kernel.errors import fault_as_json
from bridgehead.rooms.gateway.scenario_words import edit_lines
from bridgehead.rooms.gateway.schemas import scenarios as out
from bridgehead.rooms.gateway.selectors import scenarios as selectors
from bridgehead.rooms.gateway.selectors.scenarios import Line

router = Router(tags=["flows"])


def _line(one: Line) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "reason": one.reason,
        "year": one.year,
        "edits": one.edits,
        "standing": str(one.standing) if one.standing else None,
        "source": one.source or None,
        "source_date": one.source_date or None,
        "saved_by": one.by or None,
        "owner": one.owner or None,
        "saved_at": one.at,
    }


@router.get("/scenarios", response=out.ScenariosOut, summary="Scenarios")
@audience("public")
def list_scenarios(request: HttpRequest) -> dict[str, Any]:
    """List the scenarios of the region and those saved ones that may be seen."""
    loaded = current()
    saved = selectors.saved(request.viewer)  # type: ignore[attr-defined]
    return {
        "statement": selectors.statement(loaded, len(saved)),
        "shipped": [_line(one) for one in selectors.shipped(loaded)],
        "saved": [_line(one) for one in saved],
    }


@router.get("/scenarios/{scenario}", response=out.ScenarioOut, summary="One scenario")
@audience("public")
def get_scenario(request: HttpRequest, scenario: str) -> dict[str, Any]:
    """Give one scenario with its edits in words and as they are written, and its content hash."""
    loaded = current()
    found = selectors.seen(loaded, request.viewer, scenario)  # type: ignore[attr-defined]
    applied, record = found.applied, found.record
    edits = found.plain["edits"]
    assert isinstance(edits, list)
    return {
        **_line(found.line),
        "made": [
            {"position": one.position, "does": one.kind, "on": one.on, "effect": one.effect or None, "plain": one.plain}
            for one in edit_lines(loaded, edits, applied)
        ],
        "content_hash": applied.scenario.content_hash if applied else None,
        "base_hash": applied.scenario.base if applied else None,
        "stale": found.stale,
        "withdrawn": bool(record and record.withdrawn_at),
        "superseded_by": str(found.later.pk) if found.later else None,
        "periods": [
            {"days": one.days, "days_in_year": one.days_in_year, "closed_links": sorted(one.closed_links)}
            for one in (applied.periods if applied else ())
        ],
        "faults": [fault_as_json(one, language()) for one in found.faults],
    }
