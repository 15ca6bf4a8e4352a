"""The calendar, as a month and for the calendars of others."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.attachments import attachment
from bridgehead.rooms.ledger.papers.icalendar import icalendar
from bridgehead.rooms.ledger.selectors.calendar import month, month_of, things

BACK, AHEAD = timedelta(days=31), timedelta(days=366)


def calendar(request: HttpRequest) -> HttpResponse:
    """Show a month.

    Articles: 5
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "ledger/calendar.html", {"seen": month(viewer, month_of(request.GET.get("month", "")))})


def calendar_ics(request: HttpRequest) -> HttpResponse:
    """Send a year of the calendar in the form calendars take over (RFC 5545)."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    today = timezone.localdate()
    found = things(viewer, today - BACK, today + AHEAD)
    return attachment(icalendar(found, today), "calendar.ics", "text/calendar; charset=utf-8")
