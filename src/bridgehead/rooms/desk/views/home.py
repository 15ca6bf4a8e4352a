"""The entrance of the desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.ground.access.viewer import Viewer
from bridgehead.rooms.desk.selectors.home import home as home_of


def home(request: HttpRequest) -> HttpResponse:
    """Show what the desk can do for whoever comes.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "desk/home.html", {"seen": home_of(viewer)})
