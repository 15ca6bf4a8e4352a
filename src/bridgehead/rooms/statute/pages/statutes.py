"""The pages of imported statutes: the list, the import, a statute beside its duties, its versions, search."""

from collections.abc import Callable
from typing import Any

from bridgehead.ground.pages import Download, Example, Page
from bridgehead.ground.screens.declared.accounts import A_FORM
from bridgehead.rooms.statute.pages.imported import NEEDS, of

VIEWS = "bridgehead.rooms.statute.views"
FILES = ("docx", "csv", "akn", "jsonld", "text")


def _law(version: Any) -> Example:
    return Example({"work": version.work_id})


def _version(version: Any) -> Example:
    return Example({"work": version.work_id}, f"version={version.pk}")


def _day(version: Any) -> Example:
    return Example({"work": version.work_id}, f"day={version.begins_on}" if version.begins_on else "")


def _file(kind: str) -> Callable[[Any], Example]:
    return lambda version: Example({"version": version.pk, "kind": kind})


STATUTE_PAGES: tuple[Page, ...] = (
    Page(
        name="statute:statutes",
        path="statutes/",
        view=f"{VIEWS}.statutes.statutes",
        title_zh="法规",
        title_en="Statutes",
        description_zh="已导入的法规：多少条、多少项职责、哪些等人核对，今天适用的是哪个文本。",
        description_en="The statutes imported: articles, duties, what waits for review, and which text holds today.",
        audience="public",
        articles=(84, 86),
        nav=20,
        api="/statutes",
    ),
    Page(
        name="statute:import",
        path="statutes/import/",
        view=f"{VIEWS}.statutes.import_page",
        title_zh="导入法规",
        title_en="Import a statute",
        description_zh="上传或粘贴一部法规的文本，先看结构和每一处疑点，再决定导入。",
        description_en="Upload or paste the text of a statute, see its structure and every oddity, then decide.",
        audience="statute.import",
        posts=True,
        without_api=A_FORM,
    ),
    Page(
        name="statute:statute",
        path="statutes/<int:work>/",
        view=f"{VIEWS}.statutes.statute",
        title_zh="条文与职责",
        title_en="Text and duties",
        description_zh="一部法规的条文和从中读出的职责并排：谁、要求多强、做什么、何时，依据哪几个字。",
        description_en="A statute beside the duties read from it: who, how strongly, what, by when, from which words.",
        audience="public",
        posts=True,
        articles=(84, 85, 86),
        api="/statutes/{work}",
        needs=NEEDS,
        examples=of("StatuteVersion", _law, _version, _day, withdrawn_at=None),
    ),
    Page(
        name="statute:compare",
        path="statutes/<int:work>/compare/",
        view=f"{VIEWS}.comparison.compare_page",
        title_zh="比较文本",
        title_en="Compare texts",
        description_zh="一部法规的两个文本逐条比较：改了哪些字，移动、拆分、合并、新增、废止了哪些条，职责怎样变。",
        description_en="Two texts of a statute by article: words changed; moved, split, merged, new, repealed.",
        audience="public",
        api="/statutes/{work}/compare",
        needs=NEEDS,
        examples=of("Work", lambda one: Example({"work": one.pk})),
    ),
    Page(
        name="statute:find",
        path="statutes/find/",
        view=f"{VIEWS}.finding.find_page",
        title_zh="查条文和职责",
        title_en="Find provisions and duties",
        description_zh="在全部条文、要点和职责里查词，中英文都可以，两个字的词和近义词也能查到。",
        description_en="Search articles, gists and duties in Chinese or English, short words and synonyms too.",
        audience="public",
        articles=(6,),
        nav=50,
        nav_zh="检索",
        nav_en="Search",
        api="/statutes/find",
        examples=lambda region: [Example(), Example(query="q=口岸"), Example(query="q=port"), Example(query="q=zzzz")],
    ),
)

STATUTE_DOWNLOADS = (
    Download(
        name="statute-export",
        path="statutes/versions/<int:version>.<id:kind>",
        view=f"{VIEWS}.exporting.export",
        audience="public",
        examples=of("StatuteVersion", *(_file(kind) for kind in FILES), withdrawn_at=None),
    ),
)
