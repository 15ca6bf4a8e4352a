"""What serves each article of a region's regulation, and how far all of them are covered.

The facts come from ``trace.toml`` (`bridgehead.regions.trace_file`) and from the structure of the regulation
(`bridgehead.regions.statute`). The command line, the API and the pages of the statute room call these functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.regions.statute import Article, Chapter, statute_of
from bridgehead.regions.trace_file import (
    ROOM_WORDS,
    STATUS_WORDS,
    ArticleTrace,
    Feature,
    Status,
    Trace,
    Words,
    read_trace,
)

if TYPE_CHECKING:
    from bridgehead.regions.load import Region

__all__ = [
    "ROOM_WORDS",
    "STATUS_WORDS",
    "ArticleSheet",
    "ArticleTrace",
    "Coverage",
    "CoverageRow",
    "Feature",
    "Status",
    "Trace",
    "Words",
    "article_sheet",
    "coverage",
    "coverage_json",
    "coverage_markdown",
    "coverage_row_json",
    "read_trace",
    "status_word",
    "trace_of",
]


def trace_of(region: Region) -> Trace:
    """Return the trace of a region, empty where it has none.

    Raises
    ------
    BridgeheadError
        With every fault of the trace.
    """
    if not region.trace:
        return Trace()
    trace, faults = read_trace(region.trace, statute_of(region).articles)
    if faults:
        raise BridgeheadError.of(faults)
    return trace


@dataclass(frozen=True)
class CoverageRow:
    """One article in the table of coverage; without an entry in the trace `trace` is None."""

    article: Article
    chapter: Chapter
    trace: ArticleTrace | None

    def status(self, language: str) -> str:
        """Return the word for its status."""
        return status_word(self.trace.status if self.trace else None, language)

    def room(self, language: str) -> str:
        """Return the name of its room."""
        return ROOM_WORDS[self.trace.room][language != "zh"] if self.trace else ""


@dataclass(frozen=True)
class Coverage:
    """The table of coverage and its counts; all statuses and rooms are counted, zeros included."""

    rows: tuple[CoverageRow, ...]
    by_status: Mapping[Status, int]
    by_room: Mapping[str, int]


def coverage(region: Region) -> Coverage:
    """Return the coverage of a region's articles; no rows for a region without a regulation."""
    statute, trace = statute_of(region), trace_of(region)
    rows = tuple(
        CoverageRow(article, statute.chapter(article.chapter), trace.articles.get(number))
        for number, article in statute.articles.items()
    )
    statuses = Counter(row.trace.status for row in rows if row.trace)
    rooms = Counter(row.trace.room for row in rows if row.trace)
    return Coverage(rows, {one: statuses[one] for one in Status}, {one: rooms[one] for one in ROOM_WORDS})


def coverage_json(region: Region, language: str = "zh") -> dict[str, Any]:
    """Return the coverage in JSON types: counts by status and room, and one entry an article."""
    found = coverage(region)
    return {
        "region": region.id,
        "articles": len(found.rows),
        "by_status": {status.value: count for status, count in found.by_status.items()},
        "by_room": dict(found.by_room),
        "rows": [coverage_row_json(row, language) for row in found.rows],
    }


def coverage_row_json(row: CoverageRow, language: str) -> dict[str, Any]:
    """Return one article of the coverage in JSON types."""
    entry = row.trace
    return {
        "article": row.article.number,
        "title": row.article.title(language),
        "chapter": row.article.chapter,
        "room": entry.room if entry else None,
        "status": entry.status.value if entry else None,
        "pages": list(entry.pages) if entry else [],
        "tests": list(entry.tests) if entry else [],
        "missing": (entry.missing.say(language) or None) if entry else None,
        "reason": (entry.reason.say(language) or None) if entry else None,
    }


def coverage_markdown(region: Region, language: str) -> str:
    """Return the coverage as markdown: a sentence with the counts and the table of articles."""
    found = coverage(region)
    english = language != "zh"
    if not found.rows:
        return "This region has no regulation.\n" if english else "这个地区没有收录条例。\n"
    counts = [f"{status_word(status, language)} {count}" for status, count in found.by_status.items()]
    lead = f"{len(found.rows)} 条：{'，'.join(counts)}。"
    head = ("条", "标题", "房间", "状态", "页面", "还没有做的，或为什么不指向任何单位")
    if english:
        lead = f"{len(found.rows)} articles: {', '.join(counts)}."
        head = ("Article", "Title", "Room", "Status", "Pages", "Not built yet, or why nobody is asked")
    lines = [lead, "", f"| {' | '.join(head)} |", "|" + " --- |" * len(head)]
    for row in found.rows:
        entry = row.trace
        note = (entry.missing or entry.reason).say(language) if entry else ""
        pages = ", ".join(f"`{page}`" for page in entry.pages) if entry else ""
        cells = (
            str(row.article.number),
            row.article.title(language),
            row.room(language),
            row.status(language),
            pages,
            note,
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class ArticleSheet:
    """Everything the region package knows about one article, for the command line, the API and the page."""

    article: Article
    chapter: Chapter
    trace: ArticleTrace | None
    built: tuple[Feature, ...]
    planned: tuple[Feature, ...]
    before: Article | None
    after: Article | None

    def as_json(self, language: str) -> dict[str, Any]:
        """Return the sheet in JSON types, in a language."""
        entry = self.trace
        return {
            "article": self.article.number,
            "chapter": {"chapter": self.chapter.number, "title": self.chapter.title(language)},
            "title": self.article.title(language),
            "gist": self.article.gist(language),
            "modalities": list(self.article.modalities),
            "actors": list(self.article.actors(language)),
            "actors_open": self.article.actors_open,
            "systems": list(self.article.systems(language)),
            "deadline": self.article.deadline(language) or None,
            "room": entry.room if entry else None,
            "status": entry.status.value if entry else None,
            "duties": list(entry.duties) if entry else [],
            "features": [_feature_json(one, language) for one in (*self.built, *self.planned)],
            **{key: list(getattr(entry, key)) if entry else [] for key in ("engine", "pages", "api", "tests", "docs")},
            "missing": (entry.missing.say(language) or None) if entry else None,
            "reason": (entry.reason.say(language) or None) if entry else None,
            "clause": (entry.clause or None) if entry else None,
            "previous": self.before.number if self.before else None,
            "next": self.after.number if self.after else None,
        }


def article_sheet(region: Region, number: int) -> ArticleSheet:
    """Return everything known about one article.

    Raises
    ------
    BridgeheadError
        ``statute.no_such_statute`` if the region has no regulation, ``statute.unknown_article`` if it has no such
        article.
    """
    statute = statute_of(region)
    if not statute.articles:
        raise BridgeheadError("statute.no_such_statute", {"region": region.id}, Place(field="article"))
    if number not in statute.articles:
        numbers = list(statute.articles)
        raise BridgeheadError(
            "statute.unknown_article",
            {"article": number, "first": numbers[0], "last": numbers[-1]},
            Place(field="article"),
        )
    trace = trace_of(region)
    article = statute.articles[number]
    before, after = statute.beside(number)
    return ArticleSheet(
        article,
        statute.chapter(article.chapter),
        trace.articles.get(number),
        trace.features_of(number, built=True),
        trace.features_of(number, built=False),
        before,
        after,
    )


def status_word(status: Status | None, language: str) -> str:
    """Return the word for a status in a language."""
    if status is None:
        return "not recorded" if language != "zh" else "未登记"
    return STATUS_WORDS[status][language != "zh"]


def _feature_json(feature: Feature, language: str) -> dict[str, Any]:
    return {
        "id": feature.id,
        "name": feature.name.say(language),
        "built": feature.built,
        "pages": list(feature.pages),
    }
