"""Pages and file of the journal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode

from bridgehead.ground.downloads import csv_response
from bridgehead.ground.journal import selectors
from bridgehead.ground.journal.entries import moment

CSV_HEAD = (
    *("id", "position", "recorded_at", "effective_at", "actor", "role", "on_behalf_of", "mandate", "delegation"),
    *("action", "record_kind", "record_id", "owner", "before", "after", "reason", "request", "digest"),
)


def journal(request: HttpRequest) -> HttpResponse:
    """Show the newest entries the viewer may see, filtered.

    Articles: 79, 81, 85
    """
    asked = selectors.Asked.of(request.GET)
    kept = {name: value for name, value in request.GET.items() if name != "before" and value}
    context = {
        "found": selectors.listing(asked),
        "choices": selectors.choices(),
        "everything": selectors.sees_everything(),
        "filtered": bool(kept),
        "query": urlencode(kept),
    }
    return render(request, "ground/journal.html", context)


def record(request: HttpRequest, kind: str, record: str) -> HttpResponse:
    """Show every change of one record, and how it was on a day.

    Articles: 79, 81
    """
    on, known = request.GET.get("on", ""), request.GET.get("known", "")
    return render(request, "ground/record.html", {"found": selectors.record_history(kind, record, on, known)})


def journal_csv(request: HttpRequest) -> HttpResponse:
    """Send the entries that fit the filters, newest first, for a spreadsheet."""
    lines = (
        (
            *(line.entry.pk, line.position, moment(line.entry.recorded_at), moment(line.entry.effective_at)),
            *(line.entry.actor_name, line.entry.role, line.entry.on_behalf_of, line.entry.mandate_id),
            *(line.entry.delegation_id, line.entry.action, line.entry.record_kind, line.entry.record_id),
            *(line.entry.owner_id, line.entry.before, line.entry.after, line.entry.reason, line.entry.request),
            line.entry.digest,
        )
        for line in selectors.downloaded(selectors.Asked.of(request.GET))
    )
    return csv_response("journal", CSV_HEAD, lines)
