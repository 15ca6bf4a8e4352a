"""The page that searches provisions, gists and duties."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.ground.region import current
from bridgehead.ground.screens.views.search import page_number, search_context
from bridgehead.ground.search.find import find
from bridgehead.rooms.statute.search import KINDS


def find_page(request: HttpRequest) -> HttpResponse:
    """Show what a search finds among articles, provisions and duties."""
    asked = request.GET
    viewer = request.viewer  # type: ignore[attr-defined]
    page = page_number(asked.get("page", "1"))
    found = find(current(), viewer, asked.get("q", ""), asked.get("kind", ""), page, among=KINDS)
    return render(request, "statute/find.html", search_context(found))
