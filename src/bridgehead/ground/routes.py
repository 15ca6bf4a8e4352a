"""The routes of all declared pages and files: each view behind its audience, in the languages it has."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from bridgehead.ground.access.audience import admit
from bridgehead.ground.access.limits import OWN_COUNT, spend
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import django_code, html_code, language, spoken
from bridgehead.ground.pages import Download, Example, Page, View, downloads, first_page, pages, rooms
from bridgehead.ground.screens.held import showing, take


def _view(declared: Page | Download) -> View:
    """Return the view of a declaration, found by its dotted path on the first request, behind its audience."""
    view, posts = declared.view, isinstance(declared, Page) and declared.posts
    module, _, name = (view, "", view.__name__) if callable(view) else view.rpartition(".")

    def call(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        asked = language()
        if asked not in declared.languages:
            if isinstance(declared, Page):
                return _elsewhere(request, declared, kwargs, asked)
            there = spoken(asked, declared.languages)
            with override(django_code(there)):
                told = call(request, **kwargs)
            told.headers.setdefault("Content-Language", html_code(there))
            return told
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        if request.method == "POST" and not viewer.signed_in and declared.name not in OWN_COUNT:
            spend("form", request)
        admit(viewer, declared.audience)
        found = view if callable(view) else getattr(import_module(module), name)
        with showing(request, getattr(request, "held", None) or take(request)):
            answer: HttpResponse = found(request, **kwargs)
        return answer

    call.__name__ = name
    return require_http_methods(["GET", "HEAD", "POST"])(call) if posts else require_safe(call)


def _elsewhere(request: HttpRequest, page: Page, kwargs: Mapping[str, Any], asked: str) -> HttpResponse:
    """Return the way to a page in English that has not got the language it was asked for; a form goes along.

    From the front page it leads to where the readers of the language begin.
    """
    found = first_page(asked) if not page.path else None
    address = (found or page).address(asked, Example({} if found else kwargs, request.META.get("QUERY_STRING", "")))
    return HttpResponseRedirect(address, preserve_request=True)


def urlpatterns() -> list[URLPattern | URLResolver]:
    """Return the routes of every page, one namespace per room; fixed paths stand before those with values."""
    found: list[URLPattern | URLResolver] = []
    for room in rooms():
        declared = sorted((p for p in pages() if p.room == room.name), key=lambda p: "<" in p.path)
        routes = [path(page.path, _view(page), name=page.short_name) for page in declared]
        found.append(path("", include((routes, room.name))))
    return found


def download_urlpatterns() -> list[URLPattern | URLResolver]:
    """Return the routes of every file; they stand outside the languages."""
    routes = [path(one.path, _view(one), name=one.name) for one in downloads()]
    return [path("", include((routes, "files")))]
