"""What the desk shows on the pages of other rooms: of an office, what waits in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import current_viewer
from bridgehead.ground.models import Organisation
from bridgehead.ground.panels import register
from bridgehead.rooms.desk.models import Case, Turn
from bridgehead.rooms.desk.selectors.case_lists import is_late
from bridgehead.rooms.desk.who import HANDLE


def cases_of_organisation(organisation: str) -> Mapping[str, Any] | None:
    """Return how many cases wait in an office and how many of them are late, for whoever works on its cases."""
    viewer = current_viewer()
    if not viewer.may(HANDLE):
        return None
    found = visible(Organisation, viewer).filter(code=organisation).first()
    if found is None or found.pk not in viewer.offices_in("cases"):
        return None
    rows = visible(Case, viewer).filter(office=found, turn__in=(Turn.OFFICE, Turn.TRADER))
    counts = rows.order_by().aggregate(running=Count("pk"), late=Count("pk", filter=is_late(timezone.now())))
    return {"office": found.pk, **counts} if counts["running"] else None


def register_panels() -> None:
    """Register every panel of the room."""
    register("organisation", "办件", "Cases", cases_of_organisation, "desk/panel_cases.html", order=25)
