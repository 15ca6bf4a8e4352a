"""What other rooms may know of the statute room: the only module they import.

A room shows the chips of the articles it serves with ``{% chips page.articles %}``, which needs nothing from here; it
adds to an article's page by registering a panel of the kind ``article`` in ``bridgehead.ground.panels``.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from bridgehead.ground.language import language
from bridgehead.rooms.statute.selectors import articles as selectors


def title(article: int) -> str:
    """Return the short title of an article in the language of the request, empty where the region has none."""
    found = selectors.statute().articles.get(article)
    return found.title(language()) if found else ""


def address(article: int) -> str:
    """Return the address of an article's page, empty where the region has no such article."""
    return reverse("statute:article", args=[article]) if article in selectors.statute().articles else ""


def titles(articles: Iterable[int]) -> tuple[tuple[int, str, str], ...]:
    """Return number, short title and address of those articles that the region has."""
    return tuple((number, title(number), address(number)) for number in articles if title(number))
