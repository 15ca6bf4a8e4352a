"""The pages of the ledger: the dossier of each article (条款落实情况), and the whole regulation as one report."""

from __future__ import annotations

from collections.abc import Iterable

from bridgehead.ground.pages import Download, Example, Page
from bridgehead.regions.load import Region
from bridgehead.regions.statute import statute_of

VIEWS = "bridgehead.rooms.ledger.views.dossiers"
SHOWN = (14, 1)
"""The articles that tests and screenshots look at, where a region has them."""


def articles_shown(region: Region) -> Iterable[Example]:
    """Return example addresses of a page about an article."""
    known = statute_of(region).articles
    return [Example({"article": number}) for number in SHOWN if number in known]


PAGES: tuple[Page, ...] = (
    Page(
        name="ledger:dossiers",
        path="dossiers/",
        view=f"{VIEWS}.dossiers",
        title_zh="条款落实情况",
        title_en="Article dossiers",
        description_zh="条例每一条的落实情况：职责、任务、逾期、证据和缺口，可以按章看，也可以只看有缺口的。",
        description_en="How far each article is carried out: duties, tasks, what is late, evidence, and the gaps.",
        audience="ledger.read",
        articles=(6, 40, 41, 52, *range(55, 58), 74, 79, 83, 85),
        nav=80,
        nav_zh="落实",
        nav_en="Dossiers",
        api="/dossiers",
    ),
    Page(
        name="ledger:dossier-report",
        path="dossiers/report/",
        view=f"{VIEWS}.report",
        title_zh="条例落实情况报告",
        title_en="Report on the whole regulation",
        description_zh="整部条例的落实情况连成一份报告，按章逐条，可以通读、打印和下载。",
        description_en="The dossiers of all articles as one report, by chapter, to read through, print and download.",
        audience="ledger.read",
        articles=(6, 40, 41, 52, *range(55, 58), 74, 79, 83, 85),
        api="/dossiers/report",
    ),
    Page(
        name="ledger:dossier",
        path="dossiers/<int:article>/",
        view=f"{VIEWS}.dossier",
        title_zh="一条的落实情况",
        title_en="Dossier of an article",
        description_zh="一条从职责、任务、证据到数据、项目、决定、问题和监督，今年与去年并列，缺什么直说。",
        description_en="One article from duty to supervision, this year beside last, with its gaps said openly.",
        audience="ledger.read",
        articles=(6, 40, 41, 52, *range(55, 58), 74, 79, 83, 85),
        api="/dossiers/{article}",
        examples=articles_shown,
    ),
)
DOWNLOADS: tuple[Download, ...] = (
    Download(
        name="dossier",
        path="dossiers/<int:article>.docx",
        view=f"{VIEWS}.dossier_docx",
        audience="ledger.read",
        examples=articles_shown,
    ),
    Download(name="dossier-report", path="dossiers/report.docx", view=f"{VIEWS}.report_docx", audience="ledger.read"),
)
