"""The page that compares two texts of a statute."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.ground.access.viewer import Viewer
from bridgehead.rooms.statute.selectors.comparison import compared
from bridgehead.rooms.statute.selectors.statutes import Law


def compare_page(request: HttpRequest, work: int) -> HttpResponse:
    """Show what two texts of a statute have in common and what differs."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = compared(viewer, work, request.GET.get("old", ""), request.GET.get("new", ""))
    law, seen = (found, None) if isinstance(found, Law) else (found.law, found)
    return render(request, "statute/compare.html", {"law": law, "seen": seen})
