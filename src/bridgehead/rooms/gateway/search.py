"""Search over the names of ports, places, corridors, commodities, articles, tables and pages, in both languages.

A region has some hundred names, so each search looks at all of them; no index has to be kept in step.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bridgehead.ground.access.audience import PUBLIC
from bridgehead.ground.language import speak
from bridgehead.ground.pages import pages
from bridgehead.ground.region import Loaded
from bridgehead.kernel.tables import Row
from bridgehead.regions.load import Region
from bridgehead.regions.statute import statute_of

KINDS = {
    "port": ("口岸", "Ports"),
    "place": ("地点", "Places"),
    "corridor": ("通道", "Corridors"),
    "commodity": ("货类", "Commodities"),
    "article": ("条文", "Articles"),
    "table": ("数据表", "Tables"),
    "page": ("页面", "Pages"),
}
"""Kinds in the order in which they are shown."""
# How an article is called: 第 12 条, 12 条, article 12, Art. 12.
_NUMBERED = ("第 {} 条", "article {}", "art. {}", "art {}")
_HAN = "[\u3400-\u9fff]"
_AROUND_DIGITS = re.compile(rf"(?<={_HAN})[ \u00a0]+(?=\d)|(?<=\d)[ \u00a0]+(?={_HAN})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to be found: its kind, id, names, and further words it is found by (in lower case)."""

    kind: str
    id: str
    title_zh: str
    title_en: str
    words: str = ""
    texts: tuple[str, str, str] = field(default=("", "", ""))

    def title(self, language: str) -> str:
        """Return the name in one of the languages."""
        return speak(language, self.title_zh or self.title_en, self.title_en or self.title_zh)


def _entry(kind: str, identity: object, zh: object, en: object, *words: object) -> Entry:
    titles = (str(zh or ""), str(en or ""))
    further = joined("\n".join(str(word) for word in words if word).casefold())
    texts = (joined(titles[0].casefold()), joined(titles[1].casefold()), str(identity))
    return Entry(kind, str(identity), *titles, further, texts)


def entries(region: Region) -> tuple[Entry, ...]:
    """Return everything that can be found in a region."""
    return tuple(_entries(region))


def _rows(region: Region, table: str) -> tuple[Row, ...]:
    return region.rows(table) if table in region.tables else ()


def _entries(region: Region) -> Iterable[Entry]:
    for row in _rows(region, "ports"):
        words = (row.get("counterpart_port_zh"), row.get("counterpart_port_en"), row.get("league_city"))
        yield _entry("port", row["id"], row["name_zh"], row["name_en"], *words)
    for row in _rows(region, "places"):
        yield _entry("place", row["id"], row["name_zh"], row["name_en"])
    seen = set()
    for row in _rows(region, "corridors"):
        if row["id"] not in seen:
            seen.add(row["id"])
            yield _entry("corridor", row["id"], row["name_zh"], row["name_en"])
    for row in _rows(region, "commodities"):
        yield _entry("commodity", row["id"], row["name_zh"], row["name_en"], row.get("hs_chapters"))
    for article in statute_of(region).articles.values():
        numbered = (form.format(article.number) for form in _NUMBERED)
        yield _entry("article", article.number, article.title_zh, article.title_en, article.words(), *numbered)
    for table in region.tables.values():
        schema = table.schema
        yield _entry(
            "table", schema.name, schema.title_zh, schema.title_en, schema.description_zh, schema.description_en
        )
    for page in pages():
        if "<" not in page.path and page.audience == PUBLIC:
            words = (page.description_zh, page.description_en)
            yield _entry("page", page.name, page.title_zh, page.title_en, *words)


def search(loaded: Loaded, q: str, most: int = 100) -> tuple[Entry, ...]:
    """Return what a search finds, best first within each kind.

    Parameters
    ----------
    loaded : Loaded
        The region in use.
    q : str
        Words, all of which must occur in the names, the id or the further words of a thing.
    most : int
        At most so many of each kind.
    """
    words = joined(q.casefold()).split()
    if not words:
        return ()
    ranked: dict[str, list[tuple[int, int, Entry]]] = {kind: [] for kind in KINDS}
    every: tuple[Entry, ...] = loaded.remember("gateway.search", lambda: entries(loaded.region))
    whole = " ".join(words)
    for position, entry in enumerate(every):
        text = "\n".join((*entry.texts, entry.words))
        if all(word in text for word in words):
            ranked[entry.kind].append((_rank(entry, whole), position, entry))
    return tuple(entry for kind in KINDS for _, _, entry in sorted(ranked[kind], key=lambda r: r[:2])[:most])


def joined(text: str) -> str:
    """Return a text without blanks between Han characters and digits, where some write them and some do not."""
    return _AROUND_DIGITS.sub("", text)


def _rank(entry: Entry, whole: str) -> int:
    """Return 0 for the very name, 1 for its beginning, 2 for a name that contains it, 3 for the further words.

    A whole line of the further words, such as 第 12 条, counts as the very name.
    """
    if whole in entry.texts or whole in entry.words.split("\n"):
        return 0
    if any(text.startswith(whole) for text in entry.texts):
        return 1
    return 2 if any(whole in text for text in entry.texts) else 3
