"""Numbers by which a statute names its own provisions, and what they become when those are renumbered.

第十三条 that becomes 第十四条 because an article was put in before it says the same as before. So texts are matched
with these numbers masked, and once the provisions are matched it is asked what each number names: what then still
differs was changed on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bridgehead.engines.statute.numerals import number_of

_N = r"[零〇○一二三四五六七八九十百千两\d０-９]{1,7}"
CITATION = re.compile(
    rf"(?=第|本条第)(?:第(?P<chapter>{_N})章|(?:第(?P<article>{_N})条(?:之(?P<suffix>{_N}))?|(?P<own>本条))?"
    rf"(?:第(?P<paragraph>{_N})款)?(?:第[（(]?(?P<item>{_N})[）)]?项)?)"
)
_FOREIGN = re.compile(r"(?:》(?:[（(][^）)]{0,20}[）)])?|(?<!本)(?:法|条例|规定|办法|细则)|(?<!本)决定)(?:的)?$")
_JOINED = re.compile(r"^(?:和|或者|或|以及|及|与|至|到|、|，)?$")


@dataclass(frozen=True, slots=True)
class Citation:
    """One naming of an own provision: where in the text, and the numbers named."""

    start: int
    end: int
    chapter: int | None
    article: tuple[int, int] | None
    paragraph: int | None
    item: int | None


@dataclass(frozen=True, slots=True)
class Renumbering:
    """What provisions of the old version are called in the new one.

    Parameters
    ----------
    chapters : mapping of int to set of int
        New numbers of a chapter.
    articles : mapping of (int, int) to set of (int, int)
        New number and suffix of an article.
    parts : mapping of tuple to set of tuple
        ``(article, suffix, paragraph, item)``, item 0 for a paragraph, to what it is called now.
    """

    chapters: Mapping[int, set[int]] = field(default_factory=dict)
    articles: Mapping[tuple[int, int], set[tuple[int, int]]] = field(default_factory=dict)
    parts: Mapping[tuple[int, int, int, int], set[tuple[int, int, int, int]]] = field(default_factory=dict)

    def follows(
        self, old: Citation, new: Citation, at_old: tuple[int, int] | None, at_new: tuple[int, int] | None
    ) -> bool:
        """Say whether the new citation names what the old one named; the places are the articles they stand in."""
        if (old.chapter is None) != (new.chapter is None):
            return False
        if old.chapter is not None:
            return new.chapter in self.chapters.get(old.chapter, ())
        before, after = old.article or at_old, new.article or at_new
        if before is None or after is None or (old.article is None) != (new.article is None):
            return False
        if (old.paragraph, old.item) == (new.paragraph, new.item):
            return after in self.articles.get(before, ())
        if (old.paragraph is None) != (new.paragraph is None):
            return False
        # 前款第一项 names an item without its paragraph: any paragraph of the article will do.
        for paragraph in [old.paragraph] if old.paragraph else range(1, 20):
            for found in self.parts.get((*before, paragraph, old.item or 0), ()):
                if found[:2] == after and found[3] == (new.item or 0) and new.paragraph in (None, found[2]):
                    return True
        return False


def citations(text: str) -> Iterator[Citation]:
    """Yield the citations of own provisions in a text; those of other laws are left out."""
    if "第" not in text:
        return
    last_end, last_foreign = -1, False
    for found in CITATION.finditer(text):
        if not found.group():
            continue
        before = text[max(0, found.start() - 24) : found.start()]
        continued = last_end >= 0 and _JOINED.match(text[last_end : found.start()]) is not None
        foreign = last_foreign if continued else _FOREIGN.search(before) is not None
        last_end, last_foreign = found.end(), foreign
        if not foreign:
            yield _citation(found)


def _citation(found: re.Match[str]) -> Citation:
    def number(name: str) -> int | None:
        return number_of(found[name]) if found[name] else None

    article = number("article")
    return Citation(
        found.start(),
        found.end(),
        number("chapter"),
        None if article is None else (article, number("suffix") or 0),
        number("paragraph"),
        number("item"),
    )


def masked(text: str) -> str:
    """Return a text with the numbers of own provisions taken out, so that renumbering leaves it as it is."""
    parts: list[str] = []
    at = 0
    for found in citations(text):
        parts.append(text[at : found.start])
        kind = "章" if found.chapter is not None else "条" if found.article else ""
        parts.append(f"第#{kind}{'款' if found.paragraph else ''}{'项' if found.item else ''}")
        at = found.end
    return "".join(parts) + text[at:] if parts else text
