"""The structure of a region's regulation: chapters, articles and what each asks, in the region's own words.

The text of a regulation is not part of a region package. What is: short titles, gists, named bodies and systems
(``statute/chapters.csv``, ``statute/articles.csv``) and one fingerprint an article (``statute/fingerprints.csv``), so
that a text an operator imports can be held against it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from bridgehead.regions.load import Region

CHAPTERS = "statute/chapters"
ARTICLES = "statute/articles"
FINGERPRINTS = "statute/fingerprints"

MODALITY_WORDS: Mapping[str, tuple[str, str]] = {
    "must": ("应当", "must"),
    "must_not": ("不得", "must not"),
    "may": ("可以", "may"),
    "encourage": ("鼓励", "encouraged"),
    "support": ("支持", "supported"),
    "declarative": ("陈述", "states that"),
    "none": ("不派任务", "asks nobody"),
}
"""How strongly an article asks, in Chinese and English."""


@dataclass(frozen=True)
class Chapter:
    """One chapter.

    Parameters
    ----------
    number : int
        Its number.
    title_zh, title_en, gist_zh, gist_en : str
        Title, and what the chapter is about in our own words.
    """

    number: int
    title_zh: str
    title_en: str
    gist_zh: str = ""
    gist_en: str = ""

    def title(self, language: str) -> str:
        """Return the title in a language, Chinese for any but English."""
        return self.title_en if language != "zh" else self.title_zh

    def gist(self, language: str) -> str:
        """Return what the chapter is about in a language."""
        return self.gist_en if language != "zh" else self.gist_zh


@dataclass(frozen=True)
class Article:
    """One article: what it asks of whom, in our own words.

    Parameters
    ----------
    number, chapter : int
        Its number and the chapter it stands in.
    title_zh, title_en, gist_zh, gist_en : str
        Short title and gist.
    modalities : tuple of str
        Keys of `MODALITY_WORDS` in the order of the text.
    actors_zh, actors_en, systems_zh, systems_en : tuple of str
        Bodies named, and systems set up or named; the languages agree one for one.
    actors_open : bool
        Whether the list of bodies ends open.
    deadline_zh, deadline_en : str
        Date or time limit stated, empty where none is.
    """

    number: int
    chapter: int
    title_zh: str
    title_en: str
    gist_zh: str
    gist_en: str
    modalities: tuple[str, ...] = ()
    actors_zh: tuple[str, ...] = ()
    actors_en: tuple[str, ...] = ()
    actors_open: bool = False
    systems_zh: tuple[str, ...] = ()
    systems_en: tuple[str, ...] = ()
    deadline_zh: str = ""
    deadline_en: str = ""

    def title(self, language: str) -> str:
        """Return the short title in a language, Chinese for any but English."""
        return self.title_en if language != "zh" else self.title_zh

    def gist(self, language: str) -> str:
        """Return what the article asks in a language."""
        return self.gist_en if language != "zh" else self.gist_zh

    def actors(self, language: str) -> tuple[str, ...]:
        """Return the bodies named in a language."""
        return self.actors_en if language != "zh" else self.actors_zh

    def systems(self, language: str) -> tuple[str, ...]:
        """Return the systems set up or named in a language."""
        return self.systems_en if language != "zh" else self.systems_zh

    def deadline(self, language: str) -> str:
        """Return the date or time limit stated in a language, empty where there is none."""
        return self.deadline_en if language != "zh" else self.deadline_zh

    def strength(self, language: str) -> tuple[str, ...]:
        """Return the words for how strongly it asks in a language."""
        return tuple(MODALITY_WORDS[key][language != "zh"] for key in self.modalities)

    def words(self) -> str:
        """Return everything a search looks through, in both languages."""
        lists = (*self.actors_zh, *self.actors_en, *self.systems_zh, *self.systems_en)
        return "\n".join((self.title_zh, self.title_en, self.gist_zh, self.gist_en, *lists))


@dataclass(frozen=True)
class Statute:
    """The structure of a region's regulation; without chapters and articles where the region has none.

    Parameters
    ----------
    chapters : tuple of Chapter
        In order.
    articles : mapping of int to Article
        By number, in order.
    """

    chapters: tuple[Chapter, ...]
    articles: Mapping[int, Article]

    def chapter(self, number: int) -> Chapter:
        """Return a chapter by number; `KeyError` if there is none."""
        for one in self.chapters:
            if one.number == number:
                return one
        raise KeyError(number)

    def in_chapter(self, number: int) -> tuple[Article, ...]:
        """Return the articles of a chapter in order."""
        return tuple(article for article in self.articles.values() if article.chapter == number)

    def beside(self, number: int) -> tuple[Article | None, Article | None]:
        """Return the articles before and after one, None at the ends."""
        numbers = list(self.articles)
        at = numbers.index(number)
        before = self.articles[numbers[at - 1]] if at else None
        after = self.articles[numbers[at + 1]] if at + 1 < len(numbers) else None
        return before, after

    def find(self, query: str) -> tuple[Article, ...]:
        """Return the articles that hold every word of a query in either language; all of them for an empty query.

        Upper and lower case and full-width forms are one; ``第 9 条``, ``Article 9`` and a bare number find the
        article of that number first.
        """
        words = _fold(query).split()
        if not words:
            return tuple(self.articles.values())
        found = [a for a in self.articles.values() if all(word in _fold(a.words()) for word in words)]
        number = _number_asked(words)
        if number in self.articles:
            asked = self.articles[number]
            return (asked, *(article for article in found if article is not asked))
        return tuple(found)


@dataclass(frozen=True)
class Fingerprint:
    """What a text is recognised by: characters and SHA-256 of its normalised form, and its paragraphs."""

    paragraphs: int
    characters: int
    sha256: str


def statute_of(region: Region) -> Statute:
    """Return the structure of a region's regulation, empty where the region has none."""
    chapters = tuple(
        Chapter(
            cast(int, row["chapter"]),
            _text(row["title_zh"]),
            _text(row["title_en"]),
            _text(row["gist_zh"]),
            _text(row["gist_en"]),
        )
        for row in _ordered(region, CHAPTERS, "chapter")
    )
    articles = {}
    for row in _ordered(region, ARTICLES, "article"):
        number = cast(int, row["article"])
        articles[number] = Article(
            number,
            cast(int, row["chapter"]),
            title_zh=_text(row["title_zh"]),
            title_en=_text(row["title_en"]),
            gist_zh=_text(row["gist_zh"]),
            gist_en=_text(row["gist_en"]),
            modalities=_texts(row["modalities"]),
            actors_zh=_texts(row["actors_zh"]),
            actors_en=_texts(row["actors_en"]),
            actors_open=bool(row["actors_open"]),
            systems_zh=_texts(row["systems_zh"]),
            systems_en=_texts(row["systems_en"]),
            deadline_zh=_text(row["deadline_zh"]),
            deadline_en=_text(row["deadline_en"]),
        )
    return Statute(chapters, articles)


def fingerprints_of(region: Region) -> Mapping[int, Fingerprint]:
    """Return the fingerprint of each article of a region's regulation, by number."""
    return {
        cast(int, row["article"]): Fingerprint(
            cast(int, row["paragraphs"]), cast(int, row["characters"]), _text(row["sha256"])
        )
        for row in _ordered(region, FINGERPRINTS, "article")
    }


def normalised(text: str) -> str:
    """Return a text in the form fingerprints are taken of.

    Unicode NFKC, then letters and digits only (Unicode categories L and N): punctuation, white space, zero-width
    characters and their many spellings in word processors do not count.
    """
    return "".join(mark for mark in unicodedata.normalize("NFKC", text) if unicodedata.category(mark)[0] in "LN")


def fingerprint(paragraphs: Iterable[str]) -> Fingerprint:
    """Return the fingerprint of an article.

    Parameters
    ----------
    paragraphs : iterable of str
        Its paragraphs in order, the first one without the label of the article.
    """
    listed = list(paragraphs)
    text = normalised("".join(listed))
    return Fingerprint(len(listed), len(text), hashlib.sha256(text.encode("utf-8")).hexdigest())


def _ordered(region: Region, table: str, key: str) -> list[Mapping[str, object]]:
    if table not in region.tables:
        return []
    return sorted(region.rows(table), key=lambda row: cast(int, row[key]))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _texts(value: object) -> tuple[str, ...]:
    return () if value is None else cast("tuple[str, ...]", value)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _number_asked(words: list[str]) -> int:
    """Return the article number a query names, 0 if it names none."""
    bare = "".join(words)
    for before, after in (("第", "条"), ("article", ""), ("art.", ""), ("", "")):
        core = bare.removeprefix(before).removesuffix(after)
        if core.isascii() and core.isdigit() and len(core) < 5:
            return int(core)
    return 0
