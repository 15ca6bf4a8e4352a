"""The page of the doctor."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.ground.doctor.checks import examine, headline
from bridgehead.ground.language import language

_ORDER = ("error", "warning", "ok")


def doctor(request: HttpRequest) -> HttpResponse:
    """Show what every check of the platform found, what needs somebody first."""
    code = language()
    found = sorted(examine(), key=lambda one: _ORDER.index(one.severity))
    lines = [(one, one.title(code), one.mark(code), one.said(code), one.cure(code)) for one in found]
    return render(request, "ground/doctor.html", {"headline": headline(found, code), "lines": lines})
