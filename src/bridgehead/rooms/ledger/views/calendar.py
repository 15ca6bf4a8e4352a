"""The calendar, as a month and for the calendars of others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.attachments import attachment
from bridgehead.rooms.ledger.falling import KINDS, kind_word
from bridgehead.rooms.ledger.papers.icalendar import icalendar
from bridgehead.rooms.ledger.selectors.calendar import kinds_of, month, month_of, things

BACK, AHEAD = timedelta(days=31), timedelta(days=366)


def calendar(request: HttpRequest) -> HttpResponse:
    """Show a month, or the kinds of things in it that are asked for.

    Articles: 5
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    kinds = kinds_of(request.GET.getlist("kind"))
    chosen = [("kind", one) for one in kinds] if kinds != KINDS else []
    context = {
        "seen": month(viewer, month_of(request.GET.get("month", "")), kinds),
        "kinds": [(one, kind_word(one), bool(chosen) and one in kinds) for one in KINDS],
        "only": [kind_word(one) for _, one in chosen],
        "chosen": urlencode(chosen),
    }
    return render(request, "ledger/calendar.html", context)


def calendar_ics(request: HttpRequest) -> HttpResponse:
    """Send a year of the calendar in the form calendars take over (RFC 5545), or the kinds that are asked for."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    content = year_of(viewer, kinds_of(request.GET.getlist("kind")))
    return attachment(content, "calendar.ics", "text/calendar; charset=utf-8")


def year_of(viewer: Viewer, kinds: Sequence[str] = KINDS) -> bytes:
    """Return a year of the calendar as others take it over."""
    today = timezone.localdate()
    return icalendar(things(viewer, today - BACK, today + AHEAD, kinds), today)
