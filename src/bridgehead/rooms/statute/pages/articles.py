"""The pages of the region's own regulation: its articles and how far the platform serves them."""

from collections.abc import Iterable
from urllib.parse import urlencode

from bridgehead.ground.pages import Download, Example, Page
from bridgehead.regions.load import Region
from bridgehead.regions.statute import statute_of

VIEWS = "bridgehead.rooms.statute.views.articles"


def _lists(region: Region) -> Iterable[Example]:
    """Return the whole list, a search by an organ, one that finds nothing, and a list by status and room."""
    yield Example()
    named = next((article.actors_zh[0] for article in statute_of(region).articles.values() if article.actors_zh), "")
    for query in (named, "zzzz"):
        yield Example(query=urlencode({"q": query}))
    yield Example(query="status=partial&room=gateway")


def _articles(region: Region) -> Iterable[Example]:
    """Return every article; none where the region has no regulation."""
    return [Example({"article": number}) for number in statute_of(region).articles]


ARTICLE_PAGES: tuple[Page, ...] = (
    Page(
        name="statute:articles",
        path="articles/",
        view=f"{VIEWS}.articles",
        title_zh="条文",
        title_en="Articles",
        description_zh="条例每一条要谁做什么、平台做到哪一步；可以按中文或英文的词、按单位查。",
        description_en="What each article asks of whom and how far the platform serves it; search by word or organ.",
        audience="public",
        articles=(6,),
        nav=10,
        api="/articles",
        examples=_lists,
    ),
    Page(
        name="statute:article",
        path="articles/<int:article>/",
        view=f"{VIEWS}.article",
        title_zh="一条",
        title_en="Article",
        description_zh="一条要谁做什么，哪些功能和页面为它服务，还有什么没有做。",
        description_en="What one article asks of whom, which features and pages serve it, and what is not built yet.",
        audience="public",
        api="/articles/{article}",
        examples=_articles,
    ),
    Page(
        name="statute:coverage",
        path="coverage/",
        view=f"{VIEWS}.coverage",
        title_zh="覆盖表",
        title_en="Coverage",
        description_zh="全部条文的状态和所在房间：已做、部分、计划、宣示，没有做的写明白。",
        description_en="Status and room of every article: done, in part, planned, declaratory, and what is missing.",
        audience="public",
        nav=60,
        api="/coverage",
    ),
)

ARTICLE_DOWNLOADS = (Download(name="coverage", path="coverage.csv", view=f"{VIEWS}.coverage_csv", audience="public"),)
