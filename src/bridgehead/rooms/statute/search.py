"""What the statute room can be searched for: articles, by what they ask and by number."""

from __future__ import annotations

from collections.abc import Iterable

from bridgehead.ground.search.registry import Document, Searchable, register
from bridgehead.regions.load import Region
from bridgehead.regions.statute import statute_of

_NUMBERED = ("第 {} 条", "{} 条", "article {}", "art. {}", "{}")


def _articles(region: Region) -> Iterable[Document]:
    for article in statute_of(region).articles.values():
        lists = ("、".join(article.actors_zh), ", ".join(article.actors_en))
        systems = ("、".join(article.systems_zh), ", ".join(article.systems_en))
        yield Document(
            record=str(article.number),
            title_zh=article.title_zh,
            title_en=article.title_en,
            names=tuple(form.format(article.number) for form in _NUMBERED),
            text="\n".join(filter(None, (article.gist_zh, article.gist_en, *lists, *systems))),
            page="statute:article",
            kwargs={"article": article.number},
        )


def register_searchables() -> None:
    """Register the articles."""
    register(Searchable(kind="article", title_zh="条文", title_en="Articles", of_region=_articles, order=20))
