"""The frame of every page: rooms, the row of pages, the switch of language, article chips; all from declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

import bridgehead
from bridgehead.ground import pages
from bridgehead.ground.access.audience import admits
from bridgehead.ground.access.viewer import ANONYMOUS, Viewer
from bridgehead.ground.language import (
    LANGUAGES,
    NAMES,
    SOURCE_LANGUAGE,
    beginning,
    django_code,
    html_code,
    language,
    list_mark,
    named,
)
from bridgehead.ground.region import current
from bridgehead.ground.translations.selectors import unreviewed

LONGEST_NAME = 14
"""Characters of a person's name in the header; the account shows it whole."""


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the navigation; `current` is the value of ``aria-current`` or empty, `count` what waits there."""

    label: str
    address: str
    current: str = ""
    lang: str = ""
    title: str = ""
    count: int = 0


def page_of(request: HttpRequest) -> pages.Page | None:
    """Return the declaration behind a request, or None outside the declared pages."""
    match = request.resolver_match
    if match is None or not match.view_name:
        return None
    try:
        return pages.page_named(match.view_name)
    except KeyError:
        return None


def switch(request: HttpRequest, page: pages.Page | None) -> tuple[Step, ...]:
    """Return the links to the same address in each of its languages; the entrance where the address is not a page."""
    here = language()
    found = []
    for code in page.languages if page else LANGUAGES:
        label, title = NAMES[code]
        with override(django_code(code)):
            if page is not None and request.resolver_match is not None:
                address = reverse(page.name, kwargs=request.resolver_match.kwargs)
                query = request.META.get("QUERY_STRING", "")
                address += f"?{query}" if query else ""
            else:
                address = home(code)
        found.append(Step(label, address, "true" if code == here else "", html_code(code), title))
    return tuple(found)


def data_address(request: HttpRequest, page: pages.Page | None, code: str) -> str:
    """Return the address of the page's content as JSON, in the language of the page."""
    if page is None or request.resolver_match is None:
        return ""
    address = page.api_address(request.resolver_match.kwargs, request.META.get("QUERY_STRING", ""))
    if not address or code == SOURCE_LANGUAGE:
        return address
    return f"{address}{'&' if '?' in address else '?'}lang={code}"


def home(code: str) -> str:
    """Return the address of the first page in a language."""
    found = pages.first_page(code)
    return found.address(code) if found else beginning(code)


def optional(name: str) -> str:
    """Return the address of a page by name, or an empty string while no room declares it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def frame(request: HttpRequest) -> Mapping[str, Any]:
    """Return what ``base.html`` needs (a context processor)."""
    page = page_of(request)
    code = language()
    room = page.room if page else ""
    viewer: Viewer = getattr(request, "viewer", ANONYMOUS)
    rooms = tuple(
        Step(
            r.short(code),
            door.address(code),
            "true" if r.name == room else "",
            title=r.title(code),
        )
        for r in pages.rooms()
        if r.in_header and code in (door := pages.entrance(r.name, viewer, code)).languages
    )
    listed = pages.pages_in(room) if room else ()
    entries = [p for p in listed if code in p.languages and admits(viewer, p.audience)]
    above = _above(entries, page)
    row = tuple(
        Step(p.nav_label(code), reverse(p.name), _current(p, page, above), count=p.count(viewer) if p.count else 0)
        for p in entries
    )
    region = current().region
    return {
        "page": page,
        "page_title": page.title(code) if page else "",
        "rooms": rooms,
        "room_row": row,
        "person": person(viewer, page),
        "held": getattr(request, "held", None),
        "switch": switch(request, page),
        "language": code,
        "unreviewed": unreviewed(code),
        "list_mark": list_mark(code),
        "html_lang": html_code(code),
        "home": home(code),
        "search_address": optional("ground:search"),
        "about_address": optional("gateway:about"),
        "api_address": data_address(request, page, code),
        "region_name": named(region, "name", code),
        "attribution": attribution(code),
        "made_up": region.settings.example,
        "version": bridgehead.__version__,
    }


def person(viewer: Viewer, page: pages.Page | None) -> Step | None:
    """Return the entry at the right of the header: the way to sign in, or the name of whoever is, with their room."""
    name = "ground:profile" if viewer.signed_in else "ground:sign-in"
    address = optional(name)
    if not address:
        return None
    if viewer.signed_in:  # the page itself stands in the row below
        current = "true" if page is not None and page.room == "ground" else ""
        return Step(short_name(viewer.name), address, current, title=viewer.name)
    current = "page" if page is not None and page.name == name else ""
    return Step(pages.page_named(name).title(language()), address, current)


def short_name(name: str) -> str:
    """Return a name as the header of a phone has room for it: whole words, or the beginning of one."""
    if len(name) <= LONGEST_NAME:
        return name
    first = name[:LONGEST_NAME].rpartition(" ")[0] or name[: LONGEST_NAME - 1]
    return f"{first}…"


def _above(entries: list[pages.Page], page: pages.Page | None) -> str:
    """Return the name of the entry a page lies under, empty for none: a port lies under the ports."""
    if page is None or page.nav is not None:
        return ""
    if page.under:
        return page.under
    over = [entry for entry in entries if entry.path and page.path.startswith(entry.path)]
    return max(over, key=lambda entry: len(entry.path)).name if over else ""


def _current(entry: pages.Page, page: pages.Page | None, above: str) -> str:
    """Return ``page`` for the page itself and ``true`` for the entry above it."""
    if page is not None and page.name == entry.name:
        return "page"
    return "true" if entry.name == above else ""


def attribution(code: str) -> tuple[str, ...]:
    """Return the lines of attribution of the region's data in a language; in another one if there are none."""
    settings = current().region.settings
    zh, en = settings.attribution_zh, settings.attribution_en
    return (zh or en) if code == "zh" else (en or zh)
