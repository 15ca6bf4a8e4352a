"""The pages of the ledger: figures."""

from __future__ import annotations

from collections.abc import Iterable

from bridgehead.ground.pages import Download, Example, Page
from bridgehead.regions.load import Region
from bridgehead.rooms.ledger.indicators import read_indicators
from bridgehead.rooms.ledger.pages.records import NEEDS, of

VIEWS = "bridgehead.rooms.ledger.views.figures"
PAPERS = "bridgehead.rooms.ledger.views.figures_papers"


def _boards(region: Region) -> Iterable[Example]:
    """Return the board as it is, of an earlier day, and filtered."""
    yield Example()
    yield Example(query="year=2025&on=2025-11-30")
    yield Example(query="article=14")


def _indicators(region: Region) -> Iterable[Example]:
    """Return an indicator with targets, one with a formula and one without any value, where the region has them."""
    known = read_indicators(region)
    kinds = (
        next((one.id for one in known.listed if any(goal.indicator == one.id for goal in known.targets)), ""),
        next((one.id for one in known.listed if one.formula is not None), ""),
        next((one.id for one in known.listed if one.id not in known.published), ""),
    )
    return [Example({"indicator": one}) for one in dict.fromkeys(filter(None, kinds))]


PAGES: tuple[Page, ...] = (
    Page(
        name="ledger:pace",
        path="pace/",
        view=f"{VIEWS}.pace",
        title_zh="目标进度",
        title_en="Pace of targets",
        description_zh="一年的每个目标完成了多少，与往年到这时候的份额相比是快是慢，照此全年到多少。",
        description_en="How much of each target of a year is done, against what is usual by then, and where it leads.",
        audience="ledger.read",
        articles=(5, 14, *range(40, 43), 79, 81),
        nav=30,
        nav_zh="进度",
        nav_en="Pace",
        api="/pace",
        examples=_boards,
    ),
    Page(
        name="ledger:indicators",
        path="indicators/",
        view=f"{VIEWS}.indicators",
        title_zh="指标",
        title_en="Indicators",
        description_zh="每个指标的定义、条文、由谁报和最近一个数。",
        description_en="Each indicator with its definition, articles, who reports it and its last value.",
        audience="ledger.read",
        articles=(5, 14, 27, 28, *range(40, 43), 47, 54, 75, 78, 79, 81),
        api="/indicators",
        examples=lambda region: (Example(), Example(query="article=9"), Example(query="q=zzzz")),
    ),
    Page(
        name="ledger:indicator",
        path="indicators/<id:indicator>/",
        view=f"{VIEWS}.indicator",
        title_zh="一个指标",
        title_en="An indicator",
        description_zh="一个指标的定义和改动、历年数据、不同说法和更正，以及填报。",
        description_en="One indicator: its definitions, values over time, conflicting reports, revisions, and a form.",
        audience="ledger.read",
        posts=True,
        articles=(79, 81),
        api="/indicators/{indicator}",
        examples=_indicators,
    ),
    Page(
        name="ledger:figures-owed",
        path="figures/owed/",
        view=f"{VIEWS}.owed",
        title_zh="谁还没有报数",
        title_en="Who has not reported",
        description_zh="期间已经结束而没有报的指标，按机构列出，写明该在哪天前报。",
        description_en="Indicators of periods that are over and were not reported, by organisation, with the day due.",
        audience="ledger.read",
        articles=(79,),
        api="/figures/owed",
        examples=lambda region: (Example(), Example(query="on=2026-04-10")),
    ),
    Page(
        name="ledger:figure",
        path="figures/<int:figure>/",
        view=f"{VIEWS}.figure",
        title_zh="一个数",
        title_en="A figure",
        description_zh="一个数是谁按什么来源报的，更正过什么，同一期间还有哪些说法，采用哪一个。",
        description_en="One figure: who reported it from which source, what was revised, what stands beside it.",
        audience="ledger.read",
        posts=True,
        articles=(79, 81),
        api="/figures/{figure}",
        needs=NEEDS,
        examples=of("Figure", lambda one: Example({"figure": one.pk})),
    ),
)
DOWNLOADS: tuple[Download, ...] = (
    Download(name="ledger-pace", path="ledger/pace.csv", view=f"{PAPERS}.pace_csv", audience="ledger.read"),
    Download(name="ledger-pace-docx", path="ledger/pace.docx", view=f"{PAPERS}.pace_docx", audience="ledger.read"),
    Download(
        name="ledger-indicators", path="ledger/indicators.csv", view=f"{PAPERS}.indicators_csv", audience="ledger.read"
    ),
    Download(
        name="ledger-indicator",
        path="ledger/indicators/<id:indicator>.csv",
        view=f"{PAPERS}.indicator_csv",
        audience="ledger.read",
        examples=_indicators,
    ),
)
