"""Pages of public replies for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.forms import number
from bridgehead.rooms.desk.selectors.replies import replies as replies_of
from bridgehead.rooms.desk.selectors.replies import reply_page
from bridgehead.rooms.desk.who import OFFER


def replies(request: HttpRequest) -> HttpResponse:
    """Show the questions that were answered for everybody, by words and by policy.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.GET
    seen = replies_of(viewer, asked.get("q", ""), asked.get("policy", "")[:100], number(asked.get("page", "1")) or 1)
    return render(request, "desk/replies.html", {"seen": seen, "keeps": bool(able_in(viewer, OFFER))})


def reply(request: HttpRequest, reply: int) -> HttpResponse:
    """Show one question with its answer.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "desk/reply.html", {"seen": reply_page(viewer, reply)})
