"""The entrance of the desk as data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from bridgehead.ground.access.audience import audience
from bridgehead.rooms.desk.selectors.home import home

router = Router(tags=["desk"])


@router.get("/desk", summary="The desk")
@audience("public")
def get_desk(request: HttpRequest) -> dict[str, Any]:
    """Say how many policies can be asked about, which services there are, and what of one's own waits."""
    seen = home(request.viewer)  # type: ignore[attr-defined]
    return {
        "answer": seen.says,
        "policies": seen.policies,
        "services": [{"id": id, "name": name} for id, name in seen.services],
        "cases": [{"number": one.case.number, "stands": one.stands} for one in seen.cases],
        "unread": seen.unread,
    }
