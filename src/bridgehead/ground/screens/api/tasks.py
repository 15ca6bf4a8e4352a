"""The operation beside the page of background work."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.tasks import selectors

router = Router(tags=["ground"])


@router.get("/tasks", summary="Background tasks")
@audience("signed-in")
def list_tasks(
    request: HttpRequest,
    state: str = Query("", description="waiting, running, done, failed or cancelled; all if absent"),
    before: str = Query("", description="only tasks with a lower number: the next page"),
) -> dict[str, Any]:
    """List background tasks the caller may see, with progress, the time they will about take, and what went wrong."""
    found = selectors.listing(request.viewer, state, before)  # type: ignore[attr-defined]
    return {
        "counts": {name: found.counts[name] for name in selectors.State.values},
        "unhandled": list(found.unhandled),
        "next_before": found.older,
        "tasks": [line.as_json() for line in found.lines],
    }
