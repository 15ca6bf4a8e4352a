"""Operations on the articles of the region's own regulation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.language import language
from bridgehead.ground.region import current
from bridgehead.regions.trace import coverage_json
from bridgehead.rooms.statute.selectors import articles as selectors

router = Router(tags=["statute"])


@router.get("/articles", summary="Articles")
@audience("public")
def list_articles(
    request: HttpRequest,
    q: str = Query("", description="words that must all occur, in either language, or the number of an article"),
    status: str = Query("", description="done, partial, planned or declaratory"),
    room: str = Query("", description="statute, gateway, desk, watch or ledger"),
) -> dict[str, Any]:
    """List the articles of the regulation with gist, bodies named, room and status; all of them or those found."""
    found = selectors.listing(q, status, room)
    return {
        "found": found.found,
        "total": found.total,
        "articles": [
            {
                "article": line.number,
                "chapter": group.number,
                "title": line.title,
                "gist": line.gist,
                "actors": list(line.actors),
                "actors_open": line.actors_open,
                "room": line.room or None,
                "status": line.status or None,
            }
            for group in found.groups
            for line in group.lines
        ],
    }


@router.get("/articles/{article}", summary="One article")
@audience("public")
def get_article(request: HttpRequest, article: int = Path(..., description="number of the article")) -> dict[str, Any]:
    """Tell what one article asks of whom, and the features, pages, operations, tests and documents that serve it."""
    return selectors.sheet_of(article).as_json(language())


@router.get("/coverage", summary="Coverage")
@audience("public")
def get_coverage(request: HttpRequest) -> dict[str, Any]:
    """Give status and room of every article, with counts by status and room."""
    return coverage_json(current().region, language())
