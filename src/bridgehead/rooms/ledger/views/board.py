"""The board of duties, as a page and as a table."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.downloads import csv_response
from bridgehead.ground.screens.forms import number
from bridgehead.rooms.ledger.selectors.board import Filters, at, board_rows, day_of
from bridgehead.rooms.ledger.selectors.board import board as board_of


def filters_of(request: HttpRequest) -> Filters:
    """Return what a board is asked for."""
    asked = request.GET
    return Filters(
        day_of(asked.get("on", "")),
        number(asked.get("organisation", "")) or None,
        number(asked.get("article", "")) or None,
        asked.get("late", "") == "y",
        number(asked.get("page", "1")) or 1,
    )


def board(request: HttpRequest) -> HttpResponse:
    """Show who owes what by when on a day.

    Articles: 5, 6, 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.GET.copy()
    asked.pop("page", None)
    filters = filters_of(request)
    context = {"seen": board_of(viewer, filters), "asked": asked.urlencode(), "at": at(filters.on)}
    return render(request, "ledger/board.html", context)


def board_csv(request: HttpRequest) -> HttpResponse:
    """Send everything that is owed on a day as a table."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = [_("任务"), _("条"), _("牵头单位"), _("布置日期"), _("到期日"), _("过期工作日"), _("完成份额")]
    return csv_response("board", head, board_rows(viewer, filters_of(request)))
