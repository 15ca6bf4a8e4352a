"""Page declarations: one frozen dataclass per page, and a loop that reads them.

Routes, navigation, article chips, the docs index, the screenshot list and the tests over all pages derive from
``rooms/<room>/pages.py`` (or a package ``pages``), which holds a ``ROOM`` and a tuple ``PAGES``. Which rooms exist is
told by the setting ``BRIDGEHEAD_ROOMS`` (dotted names of the room packages, in the order of the navigation).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.urls import register_converter, reverse
from django.urls.converters import StringConverter
from django.utils.translation import override

from bridgehead.ground.access.audience import admits, known_audience
from bridgehead.ground.access.viewer import ANONYMOUS, Viewer
from bridgehead.ground.language import LANGUAGES, OF_EVERY_PAGE, SOURCE_LANGUAGE, django_code, speak, spoken
from bridgehead.regions.load import Region

View = Callable[..., HttpResponse]

_VALUE = re.compile(r"\\{[a-z_]+\\}")
"""A value in the path of an operation, as `re.escape` leaves it."""


class IdConverter(StringConverter):
    """Path converter ``<id:port>``: the ids the tables allow."""

    regex = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?"


class TableConverter(StringConverter):
    """Path converter ``<table:table>``: the name of a table, a folder before a slash."""

    regex = r"[a-z0-9_]{1,60}(?:/[a-z0-9_]{1,60})?"


register_converter(IdConverter, "id")
register_converter(TableConverter, "table")


@dataclass(frozen=True, slots=True)
class Example:
    """One address of a page: the values of its path and, where it has one, its query string without ``?``."""

    kwargs: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""


def only_one(region: Region) -> tuple[Example, ...]:
    """Return the single example of a page without path values."""
    return (Example(),)


@dataclass(frozen=True, slots=True)
class Room:
    """A room of the house: its short name in the header, and the long one for titles.

    ``name`` is the folder in ``rooms`` and the namespace of its URLs. ``in_header`` says whether it stands in the row
    of rooms; the ground does not: the entry of the person leads there. A room with pages in Russian and Mongolian has
    its names in them, too.
    """

    name: str
    short_zh: str
    short_en: str
    title_zh: str
    title_en: str
    in_header: bool = True
    short_ru: str = ""
    short_mn: str = ""
    title_ru: str = ""
    title_mn: str = ""

    def short(self, language: str) -> str:
        """Return the name for the header in one of the languages."""
        return speak(language, self.short_zh, self.short_en, self.short_ru, self.short_mn)

    def title(self, language: str) -> str:
        """Return the long name in one of the languages."""
        return speak(language, self.title_zh, self.title_en, self.title_ru, self.title_mn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The declaration of one page.

    Attributes
    ----------
    name : str
        ``room:page``, the name ``{% url %}`` takes.
    path : str
        Django path below the language, without a leading slash: ``ports/<id:port>/``.
    view : str or callable
        The view, or its dotted path. It answers GET and HEAD only, unless ``posts`` says otherwise.
    title_zh, title_en, description_zh, description_en : str
        Title and one sentence on what the page answers.
    languages : tuple of str
        The languages the page has: Chinese and English by default, all four where traders read it, who are then told
        ``title_ru``, ``title_mn``, ``description_ru`` and ``description_mn``, too. In another one it leads to English.
    articles : tuple of int
        Articles of the region's regulation the page serves.
    nav : int or None
        Place in the row of the room's pages; None keeps the page out of it.
    nav_zh, nav_en, nav_ru, nav_mn : str
        Shorter words for that row; the title by default.
    under : str
        The page of that row it lies under, where its path does not say so as ``ports/<id:port>/`` does.
    count : callable, optional
        Gives, for whoever looks, how many things wait on the page: told in the row behind its words, unless none.
    audience : str
        Who may see it: ``public``, ``signed-in``, or a permission of ``roles.toml`` held in some organisation; see
        `bridgehead.ground.access.audience`. There is no default: a page that forgets it does not load.
    posts : bool
        Whether the view takes POST, too.
    api : str
        Operation beside the page, a path below ``/api`` with the names of the page's path values in braces:
        ``/ports/{port}``. The page's query string is handed on to it.
    without_api : str
        Why there is no operation beside the page, where there is none: a form shows nothing that could be data.
    examples : callable
        Gives the addresses that tests, screenshots and docs use, for a region: examples or mappings of path values.
        An empty result means that the region has nothing to show there.
    needs : str
        What somebody must have handed in before the page has anything to show; empty for a page of the region.
    """

    name: str
    path: str
    view: str | View
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    audience: str
    languages: tuple[str, ...] = OF_EVERY_PAGE
    title_ru: str = ""
    title_mn: str = ""
    description_ru: str = ""
    description_mn: str = ""
    posts: bool = False
    articles: tuple[int, ...] = ()
    nav: int | None = None
    nav_zh: str = ""
    nav_en: str = ""
    nav_ru: str = ""
    nav_mn: str = ""
    under: str = ""
    count: Callable[[Viewer], int] | None = None
    api: str = ""
    without_api: str = ""
    examples: Callable[[Region], Iterable[Example | Mapping[str, Any]]] = only_one
    needs: str = ""

    def __post_init__(self) -> None:
        """Refuse a page that lacks words in a language it says it has, or has words in one it does not have."""
        if not set(OF_EVERY_PAGE) <= set(self.languages) <= set(LANGUAGES):
            raise ValueError(f"page {self.name!r}: languages {', '.join(self.languages)}")
        for code in LANGUAGES:
            for what in ("title", "description"):
                if bool(getattr(self, f"{what}_{code}")) != (code in self.languages):
                    raise ValueError(f"page {self.name!r}: {what}_{code} and its languages do not go together")

    @property
    def room(self) -> str:
        """The name of the room the page belongs to."""
        return self.name.partition(":")[0]

    @property
    def short_name(self) -> str:
        """The name within the room."""
        return self.name.partition(":")[2]

    def title(self, language: str) -> str:
        """Return the title in one of the languages."""
        return speak(language, self.title_zh, self.title_en, self.title_ru, self.title_mn)

    def description(self, language: str) -> str:
        """Return the description in one of the languages."""
        return speak(language, self.description_zh, self.description_en, self.description_ru, self.description_mn)

    def nav_label(self, language: str) -> str:
        """Return the words for the row of pages in one of the languages."""
        return speak(language, self.nav_zh, self.nav_en, self.nav_ru, self.nav_mn) or self.title(language)

    def addresses(self, region: Region) -> tuple[Example, ...]:
        """Return the example addresses of the page in a region."""
        found = self.examples(region)
        return tuple(one if isinstance(one, Example) else Example(kwargs=dict(one)) for one in found)

    def address(self, language: str, example: Example | None = None) -> str:
        """Return the address of the page in a language, or in English where it has not got it; starts with ``/``."""
        example = example or Example()
        with override(django_code(spoken(language, self.languages))):
            found = reverse(self.name, kwargs=dict(example.kwargs))
        return found + (f"?{example.query}" if example.query else "")

    def api_address(self, kwargs: Mapping[str, Any], query: str = "") -> str:
        """Return the address of the operation beside the page, or an empty string if it declares none."""
        if not self.api:
            return ""
        found = self.api
        for key, value in kwargs.items():
            found = found.replace("{" + key + "}", quote(str(value), safe=""))
        return f"/api{found}" + (f"?{query}" if query else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """The declaration of a file to download: not a page, so it is in no navigation, and its address has no language.

    What words it holds are in the language of ``?lang=``, or in English where the file has not got it. Rooms declare
    them in ``DOWNLOADS`` of their ``pages.py``; ``{% url "files:<name>" %}`` gives the address.
    """

    name: str
    path: str
    view: str | View
    audience: str
    languages: tuple[str, ...] = OF_EVERY_PAGE
    examples: Callable[[Region], Iterable[Example | Mapping[str, Any]]] = only_one

    def addresses(self, region: Region) -> tuple[Example, ...]:
        """Return the example addresses of the file in a region."""
        found = self.examples(region)
        return tuple(one if isinstance(one, Example) else Example(kwargs=dict(one)) for one in found)

    def address(self, example: Example) -> str:
        """Return the address of the file, starting with ``/``."""
        return reverse(f"files:{self.name}", kwargs=dict(example.kwargs)) + (
            f"?{example.query}" if example.query else ""
        )


@cache
def _room_modules() -> tuple[Any, ...]:
    """Return the modules ``pages`` of the rooms that have one, in the order of the navigation, the ground's last."""
    places = (*settings.BRIDGEHEAD_ROOMS, "bridgehead.ground.screens")
    return tuple(import_module(f"{place}.pages") for place in places if find_spec(f"{place}.pages"))


@cache
def rooms() -> tuple[Room, ...]:
    """Return the rooms that have pages, in the order of the navigation."""
    return tuple(module.ROOM for module in _room_modules() if module.PAGES)


@cache
def pages() -> tuple[Page, ...]:
    """Return every declared page, room by room.

    Raises
    ------
    ValueError
        If two pages have the same name or path, a page stands in a room of another name, names an audience there is
        none of, or has a language in which its room has no name.
    """
    found: list[Page] = []
    for module in _room_modules():
        for page in module.PAGES:
            if page.room != module.ROOM.name:
                raise ValueError(f"page {page.name!r} is declared in room {module.ROOM.name!r}")
            known_audience(page.audience)
            unnamed = [one for one in page.languages if not getattr(module.ROOM, f"title_{one}")]
            if unnamed:
                raise ValueError(f"page {page.name!r}: room without a name in {', '.join(unnamed)}")
            found.append(page)
    for attribute in ("name", "path"):
        values = [getattr(page, attribute) for page in found]
        doubled = sorted({value for value in values if values.count(value) > 1})
        if doubled:
            raise ValueError(f"two pages with the same {attribute}: {', '.join(doubled)}")
    return tuple(found)


@cache
def downloads() -> tuple[Download, ...]:
    """Return every declared file, room by room; ValueError if two have the same name."""
    found = [one for module in _room_modules() for one in getattr(module, "DOWNLOADS", ())]
    for one in found:
        known_audience(one.audience)
    names = [one.name for one in found]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ValueError(f"two downloads with the same name: {', '.join(doubled)}")
    return tuple(found)


@cache
def _operations() -> Mapping[str, frozenset[str]]:
    """Return the languages of the operations beside pages: of all pages one stands beside, by a pattern of its path."""
    found: dict[str, frozenset[str]] = {}
    for page in pages():
        if page.api:
            pattern = "/api" + _VALUE.sub("[^/]+", re.escape(page.api))
            found[pattern] = found.get(pattern, frozenset()) | frozenset(page.languages)
    return found


def languages_of_operation(path: str) -> frozenset[str]:
    """Return the languages an operation answers in, by the path of a request; those of every page without a page."""
    said = [languages for pattern, languages in _operations().items() if re.fullmatch(pattern, path)]
    return frozenset(OF_EVERY_PAGE).union(*said)


def page_named(name: str) -> Page:
    """Return the page of a name such as ``gateway:port``; KeyError if there is none."""
    for page in pages():
        if page.name == name:
            return page
    raise KeyError(name)


def pages_in(room: str) -> tuple[Page, ...]:
    """Return the pages of a room that stand in its row, in order."""
    return tuple(sorted((p for p in pages() if p.room == room and p.nav is not None), key=lambda p: (p.nav, p.name)))


def pages_serving(article: int) -> tuple[Page, ...]:
    """Return the pages that declare they serve an article."""
    return tuple(page for page in pages() if article in page.articles)


def entrance(room: str, viewer: Viewer = ANONYMOUS, language: str = SOURCE_LANGUAGE) -> Page:
    """Return the page the room's name in the header leads to: the first of its row somebody is admitted to.

    Pages that have the language go before others. Where somebody is admitted to none it is the first of the row, which
    asks them to sign in; without a row the first page of the room.
    """
    row = sorted(pages_in(room), key=lambda page: language not in page.languages)
    found = next((page for page in row if admits(viewer, page.audience)), row[0] if row else None)
    return found or next(page for page in pages() if page.room == room)


def first_page(language: str) -> Page | None:
    """Return where somebody begins who reads a language: the page without a path, else a room's first that has it."""
    home = next((page for page in pages() if not page.path), None)
    if home and language in home.languages:
        return home
    entrances = (entrance(room.name, language=language) for room in rooms() if room.in_header)
    return next((page for page in entrances if language in page.languages), home)
