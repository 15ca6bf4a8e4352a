"""The page that searches everything."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.ground.language import language, speak
from bridgehead.ground.region import current
from bridgehead.ground.search.find import Found, find
from bridgehead.kernel.errors import BridgeheadError, Place


def search(request: HttpRequest) -> HttpResponse:
    """Show what a search finds, the first few of every kind, or one kind page by page."""
    asked = request.GET
    viewer = request.viewer  # type: ignore[attr-defined]
    found = find(current(), viewer, asked.get("q", ""), asked.get("kind", ""), page_number(asked.get("page", "1")))
    return render(request, "ground/search.html", search_context(found))


def search_context(found: Found) -> dict[str, Any]:
    """Return what ``ground/search_results.html`` shows of a search."""
    return {
        "found": found,
        "groups": [(group, _query(q=found.q, kind=group.kind.kind)) for group in found.groups],
        "filters": _filters(found),
        "quoted": _query(q=f"“{found.q}”"),
        "earlier": _query(q=found.q, kind=found.kind, page=found.page - 1) if found.page > 1 else "",
        "later": _query(q=found.q, kind=found.kind, page=found.page + 1) if found.page < found.pages else "",
        "parts": [(text, count, _query(q=text)) for text, count in found.parts],
    }


def page_number(text: str) -> int:
    """Return the number of a page; what is none is said and not guessed."""
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) == 0:
        words = ("нужно целое положительное число", "эерэг бүхэл тоо байх ёстой")
        reason = speak(language(), "应为正整数", "a positive whole number is expected", *words)
        raise BridgeheadError("request.invalid_field", {"field": "page", "reason": reason}, Place(field="page"))
    return int(text)


def _filters(found: Found) -> list[dict[str, Any]]:
    """Return the choices of a kind, everything first: words, number, query, whether it is chosen."""
    if len(found.counts) < 2 and not found.kind:
        return []
    total = sum(count for _, count in found.counts)
    every = {"title": speak(language(), "全部", "All", "Все", "Бүгд"), "count": total, "query": _query(q=found.q)}
    choices = [{**every, "chosen": not found.kind}]
    for kind, count in found.counts:
        title, asked = kind.title(language()), _query(q=found.q, kind=kind.kind)
        choices.append({"title": title, "count": count, "query": asked, "chosen": kind.kind == found.kind})
    return choices


def _query(q: str, kind: str = "", page: int = 1) -> str:
    values = {"q": q, "kind": kind, "page": str(page) if page > 1 else ""}
    return "?" + urlencode({key: value for key, value in values.items() if value})
