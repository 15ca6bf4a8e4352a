"""Declarations of the pages on scenarios."""

from __future__ import annotations

from collections.abc import Iterable

from bridgehead.ground.pages import Download, Example, Page
from bridgehead.regions.load import Region

_VIEWS = "bridgehead.rooms.gateway.views.scenarios"
_COMPARISON = "bridgehead.rooms.gateway.views.comparison"
_ARTICLES = (8, 12, 17, 18, 19, 25)


def _scenarios(region: Region) -> Iterable[Example]:
    for row in region.rows("scenarios"):
        yield Example({"scenario": row["id"]})


def _none(region: Region) -> Iterable[Example]:
    """Return no address: there is a file only once the scenarios were run."""
    return ()


def _compared(region: Region) -> Iterable[Example]:
    yield Example()
    listed = [row["id"] for row in region.rows("scenarios")]
    if listed:
        yield Example(query="&".join(f"scenario={one}" for one in listed[:2]))


SCENARIO_PAGES = (
    Page(
        name="gateway:scenarios",
        path="scenarios/",
        view=f"{_VIEWS}.scenarios",
        title_zh="方案",
        title_en="Scenarios",
        description_zh="如果开通一条铁路、关闭一个口岸、煤少了三成：有哪些方案，各为什么看。",
        description_en="If a railway opens, a port closes, coal falls by 30 %: which scenarios there are, and why.",
        audience="public",
        articles=_ARTICLES,
        nav=55,
        api="/scenarios",
    ),
    Page(
        name="gateway:comparison",
        path="scenarios/compare/",
        view=f"{_COMPARISON}.comparison",
        title_zh="方案对比",
        title_en="Scenarios compared",
        description_zh="几个方案并列：货改走哪里，费用、时间、排放和排队变多少，谁得利，谁受损。",
        description_en="Scenarios side by side: where freight moves, what it costs, who gains and who loses.",
        audience="public",
        posts=True,
        articles=_ARTICLES,
        api="/scenarios/compare",
        examples=_compared,
    ),
    Page(
        name="gateway:scenario",
        path="scenarios/<id:scenario>/",
        view=f"{_VIEWS}.scenario",
        title_zh="一个方案",
        title_en="One scenario",
        description_zh="一个方案依次做哪些改动、改前改后各是多少、依据什么。",
        description_en="The edits a scenario makes in order, what was before and is after, and what it rests on.",
        audience="public",
        posts=True,
        articles=_ARTICLES,
        api="/scenarios/{scenario}",
        examples=_scenarios,
    ),
    Page(
        name="gateway:scenario-editor",
        path="scenarios/new/",
        view=f"{_VIEWS}.editor",
        title_zh="写方案",
        title_en="Write a scenario",
        description_zh="把改动一项项写下来，调整次序，保存成一个方案。",
        description_en="Write edits down one by one, put them in order, and save them as a scenario.",
        audience="scenario.save",
        posts=True,
        articles=_ARTICLES,
        without_api="a form shows nothing that could be data",
    ),
)

SCENARIO_DOWNLOADS = (
    Download(
        name="comparison-csv",
        path="scenarios/compare/scenarios.csv",
        view=f"{_COMPARISON}.comparison_csv",
        audience="public",
        examples=_none,
    ),
    Download(
        name="comparison-docx",
        path="scenarios/compare/scenarios.docx",
        view=f"{_COMPARISON}.comparison_docx",
        audience="public",
        examples=_none,
    ),
)
