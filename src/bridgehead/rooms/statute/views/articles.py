"""The pages of the region's own regulation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.ground.downloads import csv_response
from bridgehead.regions.trace import CoverageRow
from bridgehead.rooms.statute.selectors import articles as selectors
from bridgehead.rooms.statute.selectors.reading import imported_article

CSV_HEAD = (
    *("article", "chapter", "title_zh", "title_en", "room", "status", "duties", "features"),
    *("pages", "api", "tests", "missing_zh", "missing_en", "reason_zh", "reason_en"),
)


def articles(request: HttpRequest) -> HttpResponse:
    """Show the articles by chapter, or those a search and two filters leave.

    Articles: 6
    """
    asked = {key: request.GET.get(key, "") for key in ("q", "status", "room")}
    context = {
        "found": selectors.listing(**asked),
        "regulation": selectors.regulation(),
    }
    return render(request, "statute/articles.html", context)


def article(request: HttpRequest, article: int) -> HttpResponse:
    """Show what one article asks, what serves it and what is not built yet."""
    imported = imported_article(request.viewer, article)  # type: ignore[attr-defined]
    context = {**selectors.article_page(article), "imported": imported}
    return render(request, "statute/article.html", context)


def coverage(request: HttpRequest) -> HttpResponse:
    """Show the table of all articles with their status and room."""
    return render(request, "statute/coverage.html", dict(selectors.coverage_page()))


def coverage_csv(request: HttpRequest) -> HttpResponse:
    """Send the table of all articles in both languages, for a spreadsheet."""
    return csv_response("coverage", CSV_HEAD, (_csv_row(row) for row in selectors.covered().rows))


def _csv_row(row: CoverageRow) -> tuple[str, ...]:
    article, entry = row.article, row.trace
    first = (str(article.number), str(article.chapter), article.title_zh, article.title_en)
    if entry is None:
        return (*first, *("" for _ in CSV_HEAD[len(first) :]))
    lists = ("; ".join(one) for one in (entry.duties, entry.features, entry.pages, entry.api, entry.tests))
    words = (entry.missing.zh, entry.missing.en, entry.reason.zh, entry.reason.en)
    return (*first, entry.room, entry.status.value, *lists, *words)
