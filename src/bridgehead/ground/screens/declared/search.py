"""Declaration of the page that searches everything."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.pages import Example, Page
from bridgehead.regions.load import Region


def _searches(region: Region) -> Iterable[Example]:
    """Return the empty search, one by the name of a port in each language, one of a kind, one that finds nothing."""
    port = region.rows("ports")[0]
    yield Example()
    for name in (port["name_zh"], port["name_en"]):
        yield Example(query=urlencode({"q": name}))
    yield Example(query=urlencode({"q": port["name_en"], "kind": "port"}))
    yield Example(query=urlencode({"q": f"{port['name_en']} zzzz"}))


PAGES = (
    Page(
        name="ground:search",
        path="search/",
        view="bridgehead.ground.screens.views.search.search",
        title_zh="检索",
        title_en="Search",
        description_zh="在全部房间里找：口岸、地点、条文、数据表、页面和您能看到的记录，中文英文都行，同义的词一起找。",
        description_en=(
            "Search every room in either language: ports, places, articles, tables, pages and the records you may see, "
            "with words that mean the same."
        ),
        audience="public",
        languages=LANGUAGES,
        title_ru="Поиск",
        title_mn="Хайлт",
        description_ru=(
            "Поиск по всем разделам: пункты пропуска, места, статьи, таблицы, страницы и доступные вам записи, с "
            "учётом слов того же значения."
        ),
        description_mn=(
            "Бүх хэсгээс хайна: хилийн боомт, газар нутаг, зүйл заалт, хүснэгт, хуудас, танд харагдах бүртгэл; "
            "ижил утгатай үгийг хамт хайна."
        ),
        api="/search",
        examples=_searches,
    ),
)
