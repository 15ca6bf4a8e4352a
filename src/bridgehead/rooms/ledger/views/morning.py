"""My morning."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.ground.access.viewer import Viewer
from bridgehead.rooms.ledger.selectors.morning import morning as morning_of


def morning(request: HttpRequest) -> HttpResponse:
    """Show what waits for whoever is signed in.

    Articles: 5, 6, 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "ledger/morning.html", {"seen": morning_of(viewer)})
