"""The operation beside the page that searches everything."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import current
from bridgehead.ground.search.find import Found, find

router = Router(tags=["search"])


@router.get("/search", summary="Search")
@audience("public")
def search_everything(
    request: HttpRequest,
    q: str = Query("", description="words that must all occur, in Chinese or English; in quotation marks as they are"),
    kind: str = Query("", description="only this kind of things, page by page; by default the first few of every kind"),
    page: int = Query(1, ge=1, le=1_000_000, description="page of the things of one kind, from 1"),
) -> dict[str, Any]:
    """Find ports, places, articles, tables, pages and every record the one who asks may see, by kind."""
    return as_json(find(current(), request.viewer, q, kind, page))  # type: ignore[attr-defined]


def as_json(found: Found) -> dict[str, Any]:
    """Return what was found as JSON types, in the language in use."""
    code = language()
    return {
        "q": found.q,
        "kind": found.kind or None,
        "found": found.found,
        "more": found.more,
        "page": found.page,
        "pages": found.pages,
        "also": list(found.also),
        "parts": [{"q": text, "found": count} for text, count in found.parts],
        "kinds": [{"kind": kind.kind, "title": kind.title(code), "found": count} for kind, count in found.counts],
        "results": [
            {
                "kind": hit.kind,
                "id": hit.record,
                "title": speak(code, hit.title_zh or hit.title_en, hit.title_en or hit.title_zh),
                "text": hit.snippet.text,
                "address": hit.address,
            }
            for group in found.groups
            for hit in group.hits
        ],
    }
