"""The file ``trace.toml`` of a region: from each article of its regulation to the code, pages and tests that serve it.

It is written by hand, one table an article (see the head of the file). This module reads it and finds what cannot be
right in it by itself. Whether the code, pages and tests it names exist is held by ``tests/contracts/test_trace.py``,
because that needs the whole house.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bridgehead.kernel.errors import Fault, Place

FILE = "trace.toml"
ROOM_WORDS: Mapping[str, tuple[str, str]] = {
    "statute": ("法规", "Statute"),
    "gateway": ("口岸", "Gateway"),
    "desk": ("服务", "Desk"),
    "watch": ("监测", "Watch"),
    "ledger": ("台账", "Ledger"),
}
"""The rooms an article may belong to, in the order of the house."""


class Status(StrEnum):
    """How far the platform serves an article."""

    DONE = "done"
    PARTIAL = "partial"
    PLANNED = "planned"
    DECLARATORY = "declaratory"


STATUS_WORDS: Mapping[Status, tuple[str, str]] = {
    Status.DONE: ("已做", "done"),
    Status.PARTIAL: ("部分", "in part"),
    Status.PLANNED: ("计划", "planned"),
    Status.DECLARATORY: ("宣示", "declaratory"),
}
_LISTS = ("duties", "features", "engine", "pages", "api", "tests", "docs")
_WORDS = ("missing", "reason")
_KEYS = frozenset(("room", "status", "clause", *_LISTS, *_WORDS))


@dataclass(frozen=True)
class Words:
    """The same words in Chinese and English."""

    zh: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        """Tell whether both languages are there."""
        return bool(self.zh and self.en)

    def say(self, language: str) -> str:
        """Return the words in a language, Chinese for any but English."""
        return self.en if language != "zh" else self.zh


@dataclass(frozen=True)
class Feature:
    """Something the platform does, or will do: id such as ``gateway:map``, its name, and the pages it stands on."""

    id: str
    name: Words
    pages: tuple[str, ...] = ()

    @property
    def built(self) -> bool:
        """Whether it stands on a page today."""
        return bool(self.pages)

    @property
    def room(self) -> str:
        """The room it belongs to."""
        return self.id.partition(":")[0]


@dataclass(frozen=True)
class ArticleTrace:
    """What serves one article.

    Parameters
    ----------
    article : int
        Its number.
    room : str
        Key of `ROOM_WORDS`.
    status : Status
        How far it is served.
    duties, features, engine, pages, api, tests, docs : tuple of str
        Short names of what it asks; ids of features; dotted modules; page names; API paths below ``/api``; tests as
        ``path`` or ``path::function``; paths of documents.
    missing : Words
        What a partly served article lacks.
    reason, clause : Words, str
        Why a declaratory article asks nobody, and the provision that shows it.
    """

    article: int
    room: str
    status: Status
    duties: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    engine: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    api: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    docs: tuple[str, ...] = ()
    missing: Words = Words()
    reason: Words = Words()
    clause: str = ""


@dataclass(frozen=True)
class Trace:
    """A whole trace: features by id and articles by number."""

    features: Mapping[str, Feature] = field(default_factory=dict)
    articles: Mapping[int, ArticleTrace] = field(default_factory=dict)

    def features_of(self, article: int, *, built: bool) -> tuple[Feature, ...]:
        """Return the features of an article that stand today, or those that do not yet."""
        entry = self.articles.get(article)
        listed = (self.features[name] for name in entry.features) if entry else ()
        return tuple(feature for feature in listed if feature.built == built)


def read_trace(raw: Mapping[str, Any], articles: Iterable[int] = ()) -> tuple[Trace, tuple[Fault, ...]]:
    """Read a trace and report everything that cannot be right in it.

    Parameters
    ----------
    raw : mapping
        The parsed TOML.
    articles : iterable of int
        Numbers of the region's articles; each of them needs an entry, and no other may have one.

    Returns
    -------
    Trace
        What could be read; an entry with a fault is left out.
    tuple of Fault
        ``region.trace_*`` with the key in ``place.field``.
    """
    reader = _Reader()
    features = {key: reader.feature(key, value) for key, value in reader.tables(raw, "feature")}
    entries: dict[int, ArticleTrace] = {}
    known = frozenset(articles)
    for key, value in reader.tables(raw, "article"):
        if not (key.isascii() and key.isdigit() and int(key) in known):
            reader.fault("region.trace_article", f"article.{key}", value=key)
            continue
        entry = reader.article(int(key), value, features)
        if entry is not None:
            entries[entry.article] = entry
    for key in raw:
        if key not in ("feature", "article"):
            reader.fault("region.trace_key", key, value=key, allowed=["article", "feature"])
    named = raw.get("article")
    if isinstance(named, Mapping):
        for number in sorted(known - {int(key) for key in named if key.isascii() and key.isdigit()}):
            reader.fault("region.trace_no_entry", f"article.{number}", article=number)
    return Trace(features, dict(sorted(entries.items()))), tuple(reader.faults)


class _Reader:
    """One reading of a trace; collects the faults on the way."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, code: str, place: str, **parameters: object) -> None:
        """Note a fault at a key."""
        self.faults.append(Fault(code, parameters, Place(file=FILE, field=place)))

    def tables(self, raw: Mapping[str, Any], key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the tables below a key."""
        found = raw.get(key, {})
        if not isinstance(found, Mapping):
            self.fault("region.trace_value", key, value=found, allowed=["table"])
            return
        for name, value in found.items():
            if isinstance(value, Mapping):
                yield str(name), value
            else:
                self.fault("region.trace_value", f"{key}.{name}", value=value, allowed=["table"])

    def feature(self, name: str, raw: Mapping[str, Any]) -> Feature:
        """Read one feature."""
        place = f"feature.{name}"
        self.only(raw, frozenset(("zh", "en", "pages")), place)
        if name.partition(":")[0] not in ROOM_WORDS:
            self.fault("region.trace_value", place, value=name, allowed=[f"{room}:…" for room in ROOM_WORDS])
        words = Words(str(raw.get("zh", "")), str(raw.get("en", "")))
        if not words:
            self.fault("region.trace_words", place, value="zh, en")
        return Feature(name, words, self.texts(raw, "pages", place))

    def article(self, number: int, raw: Mapping[str, Any], features: Mapping[str, Feature]) -> ArticleTrace | None:
        """Read one article; None if something is wrong with it."""
        place, before = f"article.{number}", len(self.faults)
        self.only(raw, _KEYS, place)
        lists = {key: self.texts(raw, key, place) for key in _LISTS}
        words = {key: self.words(raw, key, place) for key in _WORDS}
        self.one_of(raw, "status", [status.value for status in Status], place)
        self.one_of(raw, "room", list(ROOM_WORDS), place)
        for name in lists["features"]:
            if name not in features:
                self.fault("region.trace_feature", f"{place}.features", value=name)
        clause = raw.get("clause", "")
        if raw.get("status") == Status.PARTIAL and not words["missing"]:
            self.fault("region.trace_words", f"{place}.missing", value="missing")
        if raw.get("status") == Status.DECLARATORY and not (words["reason"] and isinstance(clause, str) and clause):
            self.fault("region.trace_words", f"{place}.reason", value="reason, clause")
        if len(self.faults) > before:
            return None
        return ArticleTrace(
            number,
            room=raw["room"],
            status=Status(raw["status"]),
            duties=lists["duties"],
            features=lists["features"],
            engine=lists["engine"],
            pages=lists["pages"],
            api=lists["api"],
            tests=lists["tests"],
            docs=lists["docs"],
            missing=words["missing"],
            reason=words["reason"],
            clause=str(clause),
        )

    def only(self, raw: Mapping[str, Any], known: frozenset[str], place: str) -> None:
        """Report keys nobody knows."""
        for key in raw:
            if key not in known:
                self.fault("region.trace_key", f"{place}.{key}", value=key, allowed=sorted(known))

    def one_of(self, raw: Mapping[str, Any], key: str, allowed: list[str], place: str) -> None:
        """Report a word that is none of those allowed."""
        if raw.get(key) not in allowed:
            self.fault("region.trace_value", f"{place}.{key}", value=raw.get(key), allowed=allowed)

    def texts(self, raw: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
        """Read a list of texts."""
        value = raw.get(key, [])
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self.fault("region.trace_value", f"{place}.{key}", value=value, allowed=["list"])
        return ()

    def words(self, raw: Mapping[str, Any], key: str, place: str) -> Words:
        """Read a text in both languages; empty if absent."""
        value = raw.get(key)
        if value is None:
            return Words()
        if isinstance(value, Mapping) and all(
            isinstance(value.get(code), str) and value[code] for code in ("zh", "en")
        ):
            return Words(value["zh"], value["en"])
        self.fault("region.trace_words", f"{place}.{key}", value=key)
        return Words()
