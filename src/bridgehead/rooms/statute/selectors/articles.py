"""What the pages and operations on the region's own regulation show, in the language of the request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.ground.access.audience import PUBLIC
from bridgehead.ground.language import language, speak
from bridgehead.ground.pages import Example, Page, entrance, page_named, pages, pages_serving
from bridgehead.ground.region import Loaded, current
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.regions.statute import Article, Fingerprint, Statute, fingerprints_of, statute_of
from bridgehead.regions.trace import (
    ROOM_WORDS,
    ArticleSheet,
    Coverage,
    CoverageRow,
    Feature,
    Status,
    Trace,
    article_sheet,
    coverage,
    status_word,
    trace_of,
)

LONGEST_QUERY = 200
_MANY = 6
"""Organisations of one level beyond this number are folded away."""


def _underline(modality: str) -> str:
    """Return the class of the underline of a modality, empty for plain statements."""
    return "" if modality in ("declarative", "none") else modality.replace("_", "")


@dataclass(frozen=True, slots=True)
class Line:
    """One article in a list, in words."""

    number: int
    title: str
    gist: str
    actors: tuple[str, ...]
    actors_open: bool
    room: str
    room_word: str
    status: str
    status_word: str
    note: str
    planned: tuple[str, ...]
    pages: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A page that serves an article: its title and an address that exists; `example` where it needs a choice."""

    name: str
    title: str
    address: str
    example: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The articles of one chapter."""

    number: int
    title: str
    gist: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter, with the number of articles behind it."""

    value: str
    word: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Articles:
    """The list of articles: what was asked, what was found, by chapter."""

    q: str
    groups: tuple[Group, ...]
    found: int
    total: int
    headline: tuple[str, ...]
    statuses: tuple[Choice, ...]
    rooms: tuple[Choice, ...]
    filtered: bool


@dataclass(frozen=True, slots=True)
class Organs:
    """Organisations of one level that the region's table ties to an article."""

    level: str
    names: tuple[str, ...]
    folded: bool


def statute() -> Statute:
    """Return the structure of the region's regulation."""
    loaded = current()
    found: Statute = loaded.remember("statute.structure", lambda: statute_of(loaded.region))
    return found


def regulation() -> Mapping[str, Any] | None:
    """Return title and dates of the region's regulation, None where it has none."""
    about = current().region.settings.statute
    if about is None or not statute().articles:
        return None
    title = about.title_en if language() == "en" else about.title_zh
    return {"title": title, "adopted": about.adopted, "in_force": about.in_force}


def covered() -> Coverage:
    """Return the coverage of the region's articles."""
    loaded = current()
    found: Coverage = loaded.remember("statute.coverage", lambda: coverage(loaded.region))
    return found


def traced() -> Trace:
    """Return the trace of the region's articles."""
    loaded = current()
    found: Trace = loaded.remember("statute.trace", lambda: trace_of(loaded.region))
    return found


def listing(q: str = "", status: str = "", room: str = "") -> Articles:
    """Return the articles that hold every word of `q` in either language and have the status and room.

    Raises
    ------
    BridgeheadError
        ``request.too_long`` for an endless query, ``request.bad_filter`` for a status or room nobody knows.
    """
    if len(q) > LONGEST_QUERY:
        raise BridgeheadError("request.too_long", {"length": len(q), "limit": LONGEST_QUERY}, Place(field="q"))
    q = " ".join(q.replace("\x00", " ").split())
    for field, value, allowed in (("status", status, [one.value for one in Status]), ("room", room, list(ROOM_WORDS))):
        if value and value not in allowed:
            raise BridgeheadError("request.bad_filter", {"value": value, "allowed": allowed}, Place(field=field))
    table = covered()
    found = {article.number for article in statute().find(q)}
    rows = [
        row
        for row in table.rows
        if row.article.number in found
        and (not status or (row.trace is not None and row.trace.status == status))
        and (not room or (row.trace is not None and row.trace.room == room))
    ]
    code = language()
    return Articles(
        q=q,
        groups=_by_chapter(rows, code),
        found=len(rows),
        total=len(table.rows),
        headline=_headline(table) if not (q or status or room) else (),
        statuses=tuple(
            Choice(one.value, status_word(one, code), count, one.value == status)
            for one, count in table.by_status.items()
        ),
        rooms=tuple(
            Choice(one, ROOM_WORDS[one][code == "en"], count, one == room) for one, count in table.by_room.items()
        ),
        filtered=bool(q or status or room),
    )


def _headline(table: Coverage) -> tuple[str, ...]:
    """Return the answer of the list in phrases: how many articles, and how far they are served."""
    words = {
        Status.DONE: _("已做 %(count)d 条"),
        Status.PARTIAL: _("做了一部分 %(count)d 条"),
        Status.PLANNED: _("还在计划 %(count)d 条"),
        Status.DECLARATORY: _("只作宣示 %(count)d 条"),
    }
    counted = [words[one] % {"count": count} for one, count in table.by_status.items() if count]
    comma, colon = speak(language(), "，", ","), speak(language(), "：", ":")
    parts = [f"{part}{comma}" for part in counted[:-1]] + counted[-1:]
    return (_("%(count)d 条") % {"count": len(table.rows)} + (colon if parts else ""), *parts)


def _by_chapter(rows: Iterable[CoverageRow], code: str) -> tuple[Group, ...]:
    groups: dict[int, list[CoverageRow]] = {}
    for row in rows:
        groups.setdefault(row.chapter.number, []).append(row)
    return tuple(
        Group(
            number,
            members[0].chapter.title(code),
            members[0].chapter.gist(code),
            tuple(line_of(row, code) for row in members),
        )
        for number, members in groups.items()
    )


def line_of(row: CoverageRow, code: str) -> Line:
    """Return a row of the coverage in words."""
    entry = row.trace
    return Line(
        number=row.article.number,
        title=row.article.title(code),
        gist=row.article.gist(code),
        actors=row.article.actors(code),
        actors_open=row.article.actors_open,
        room=entry.room if entry else "",
        room_word=row.room(code),
        status=entry.status.value if entry else "",
        status_word=row.status(code),
        note=(entry.missing or entry.reason).say(code) if entry else "",
        planned=tuple(one.name.say(code) for one in traced().features_of(row.article.number, built=False)),
        pages=steps(entry.pages, row.article.number) if entry else (),
    )


def steps(names: Iterable[str], article: int) -> tuple[Step, ...]:
    """Return links to pages by name; an unknown one is left out.

    The page of an article leads to `article`; any other page with path values to its first example.
    """
    found = []
    for name in names:
        try:
            page = page_named(name)
        except KeyError:
            continue
        code = language()
        if name == "statute:article":
            step: Step | None = Step(name, page.title(code), page.address(code, Example({"article": article})))
        else:
            step = _step(page, current(), code)
        if step:
            found.append(step)
    return tuple(found)


def _step(page: Page, loaded: Loaded, code: str) -> Step | None:
    """Return the way to a page, the same for everybody: to a record not everybody sees, by the page it is chosen on."""

    def first() -> Step | None:
        if (page.audience != PUBLIC or page.needs) and "<" in page.path:
            above = [one for one in pages() if "<" not in one.path and one.path and page.path.startswith(one.path)]
            # What is read from imported texts is reached from the list of them, a record from where its room begins.
            begin = page_named("statute:statutes") if page.room == "statute" else entrance(page.room)
            choice = max(above, key=lambda one: len(one.path), default=begin)
            return Step(page.name, page.title(code), choice.address(code))
        examples = page.addresses(loaded.region)
        if not examples:
            return None
        needs_choice = bool(examples[0].kwargs)
        return Step(page.name, page.title(code), page.address(code, examples[0]), needs_choice)

    known: Step | None = loaded.remember(("statute.step", page.name, code), first)
    return known


def sheet_of(number: int) -> ArticleSheet:
    """Return everything known about one article; see `bridgehead.regions.trace.article_sheet`."""
    loaded = current()
    found: ArticleSheet = loaded.remember(("statute.sheet", number), lambda: article_sheet(loaded.region, number))
    return found


def article_page(number: int) -> Mapping[str, Any]:
    """Return the context of an article's page.

    Raises
    ------
    BridgeheadError
        If the region has no regulation or no such article.
    """
    code = language()
    sheet = sheet_of(number)
    article, entry = sheet.article, sheet.trace
    named = list(entry.pages) if entry else []
    named += [page.name for page in pages_serving(number) if page.name not in named]
    return {
        "number": number,
        "title": article.title(code),
        "gist": article.gist(code),
        "chapter_number": sheet.chapter.number,
        "chapter_title": sheet.chapter.title(code),
        "strength": tuple(zip(map(_underline, article.modalities), article.strength(code), strict=True)),
        "actors": article.actors(code),
        "actors_open": article.actors_open,
        "systems": article.systems(code),
        "deadline": article.deadline(code),
        "organs": organs_of(number),
        "entry": entry,
        "status": entry.status.value if entry else "",
        "status_word": status_word(entry.status if entry else None, code),
        "room": ROOM_WORDS[entry.room][code == "en"] if entry else "",
        "missing": entry.missing.say(code) if entry else "",
        "reason": entry.reason.say(code) if entry else "",
        "built": features(sheet.built, number, code),
        "planned": features(sheet.planned, number, code),
        "pages": steps(named, number),
        "operations": tuple(f"GET /api{path}" for path in entry.api) if entry else (),
        "fingerprint": fingerprint_of(number),
        "previous": neighbour(sheet.before, code),
        "next": neighbour(sheet.after, code),
    }


def features(found: Iterable[Feature], article: int, code: str) -> tuple[Mapping[str, Any], ...]:
    """Return features in words: name, the room they belong to, and the pages they stand on."""
    return tuple(
        {"name": one.name.say(code), "room": ROOM_WORDS[one.room][code == "en"], "pages": steps(one.pages, article)}
        for one in found
    )


def neighbour(article: Article | None, code: str) -> Mapping[str, Any] | None:
    """Return number and title of the article before or after."""
    return {"number": article.number, "title": article.title(code)} if article else None


def fingerprint_of(number: int) -> Fingerprint | None:
    """Return the fingerprint of an article's text, None where the region has none."""
    loaded = current()
    known: Mapping[int, Fingerprint] = loaded.remember("statute.fingerprints", lambda: fingerprints_of(loaded.region))
    return known.get(number)


def organs_of(number: int) -> tuple[Organs, ...]:
    """Return the organisations whose row in the table of organisations names the article, by level."""
    levels = {
        "region": _("地区一级"),
        "vertical": _("垂直管理"),
        "league_city": pgettext("statute", "盟市"),
        "banner_county": pgettext("statute", "旗县"),
    }
    loaded, code = current(), language()
    rows = loaded.region.rows("orgs") if "orgs" in loaded.region.tables else ()
    found: dict[str, list[str]] = {}
    for row in rows:
        if number in (row["articles"] or ()):
            name = str(row["name_en" if code == "en" and row["name_en"] else "name_zh"])
            found.setdefault(str(row["level"]), []).append(name)
    return tuple(Organs(levels.get(level, level), tuple(names), len(names) > _MANY) for level, names in found.items())


def statuses(table: Coverage) -> tuple[tuple[str, str, int], ...]:
    """Return every status with its word and the number of articles."""
    code = language()
    return tuple((one.value, status_word(one, code), count) for one, count in table.by_status.items())


def rooms(table: Coverage) -> tuple[tuple[str, Mapping[str, int], int], ...]:
    """Return every room with its number of articles by status and in all."""
    code = language()
    counts = Counter((row.trace.room, row.trace.status.value) for row in table.rows if row.trace)
    return tuple(
        (ROOM_WORDS[room][code == "en"], {one.value: counts[room, one.value] for one in Status}, total)
        for room, total in table.by_room.items()
    )


def coverage_page() -> Mapping[str, Any]:
    """Return the context of the page of coverage."""
    table, code = covered(), language()
    return {
        "headline": _headline(table),
        "total": len(table.rows),
        "statuses": statuses(table),
        "by_room": rooms(table),
        "lines": tuple(line_of(row, code) for row in table.rows),
        "item_mark": speak(code, "；", "; "),
        "regulation": regulation(),
    }
