"""Operations beside the pages of the journal."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.journal import selectors
from bridgehead.ground.journal.entries import moment

router = Router(tags=["ground"])


@router.get("/journal", summary="Journal")
@audience("signed-in")
def list_entries(
    request: HttpRequest,
    *,
    action: str = Query("", description="name of an action, such as membership.appoint"),
    record: str = Query("", description="kind of record, or kind:number"),
    who: str = Query("", description="part of the name of whoever did it"),
    begin: str = Query("", alias="from", description="first day, 2026-03-31"),
    to: str = Query("", description="last day"),
    reads: str = Query("", description="1 for reads only"),
    before: str = Query("", description="only entries with a lower number: the next page"),
) -> dict[str, Any]:
    """List the newest entries the caller may see that fit the filters, with the end of the chain."""
    found = selectors.listing(selectors.Asked.of(request.GET))
    return {
        "total": found.total,
        "next_before": found.older,
        "chain": {"position": found.position, "link": found.chain, "unsealed": found.unsealed},
        "last_anchor": found.anchored or None,
        "entries": [line.as_json() for line in found.lines],
    }


@router.get("/journal/{kind}/{record}", summary="History of a record")
@audience("signed-in")
def get_record(
    request: HttpRequest,
    kind: str = Path(..., description="kind of record"),
    record: str = Path(..., description="its number"),
    on: str = Query("", description="day for which its state is asked"),
    known: str = Query("", description="day on which that was known; today if absent"),
) -> dict[str, Any]:
    """Tell every change of one record, and with a day how it was at its end."""
    found = selectors.record_history(kind, record, on, known)
    was = found.since.as_json() if found.since else None
    return {
        "record": {"kind": kind, "id": record},
        "entries": [line.as_json() for line in found.lines],
        "as_it_was": None
        if was is None
        else {"on": str(found.on), "fields": found.fields, "entry": was["id"], "since": moment_of(found)},
    }


def moment_of(found: selectors.RecordHistory) -> str | None:
    """Return from when on the record was so."""
    return moment(found.since.entry.effective_at) if found.since else None
