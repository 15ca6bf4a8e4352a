"""Training as data: what comes, and one session."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Router

from bridgehead.ground.access.audience import audience
from bridgehead.rooms.desk.selectors.training import Session, calendar, session_page

router = Router(tags=["desk"])


@router.get("/training", summary="Training that comes")
@audience("public")
def list_training(request: HttpRequest) -> dict[str, Any]:
    """List the sessions that come, by their beginning; who takes part is not told."""
    seen = calendar(request.viewer)  # type: ignore[attr-defined]
    return {"answer": seen.says, "sessions": [_session(one) for _, rows in seen.months for one in rows]}


@router.get("/training/{session}", summary="A training session")
@audience("public")
def get_training(request: HttpRequest, session: int = Path(..., description="number of the session")) -> dict[str, Any]:
    """Give one session."""
    return _session(session_page(request.viewer, session).session)  # type: ignore[attr-defined]


def _session(one: Session) -> dict[str, Any]:
    row = one.record
    return {
        "session": row.pk,
        "title": one.title,
        "gist": one.gist,
        "place": one.place,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "language": row.language,
        "seats": row.seats,
        "free": one.free,
        "state": row.state,
        "office": one.office,
    }
