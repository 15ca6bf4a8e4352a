"""What one organisation answers for and owes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.attachments import attachment
from bridgehead.rooms.ledger.papers.bodies import body_paper
from bridgehead.rooms.ledger.selectors.board import at, day_of
from bridgehead.rooms.ledger.selectors.bodies import body as body_of
from bridgehead.rooms.ledger.views.duties import DOCX


def body(request: HttpRequest, body: str) -> HttpResponse:
    """Show what one organisation answers for and owes on a day.

    Articles: 6, 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = day_of(request.GET.get("on", ""))
    return render(request, "ledger/body.html", {"seen": body_of(viewer, body, day), "at": at(day)})


def body_docx(request: HttpRequest, body: str) -> HttpResponse:
    """Send what one organisation answers for and owes on a day as a Word document."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = day_of(request.GET.get("on", ""))
    return attachment(body_paper(viewer, body, day), f"{body}.docx", DOCX)
