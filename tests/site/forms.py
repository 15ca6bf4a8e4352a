"""The forms of a page, filled in as somebody would who takes what stands there."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

FILE = object()
"""Stands where a file is asked for."""


class Forms(HTMLParser):
    """Reads every form that is sent by POST: its fields with what stands in them, or with something that fits."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[dict[str, Any]] = []
        self._form: dict[str, Any] | None = None
        self._select: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a form, a field, or a choice."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = {} if given.get("method", "").lower() == "post" else None
            if self._form is not None:
                self.found.append(self._form)
        if self._form is None:
            return
        name = given.get("name", "")
        if tag in ("input", "textarea", "button") and name:
            self._field(name, given.get("type", "text"), given)
        elif tag == "select":
            self._select = name
            self._form.setdefault(name, "")
        elif tag == "option" and self._select and (given.get("value") and not self._form[self._select]):
            self._form[self._select] = given["value"]

    def _field(self, name: str, kind: str, given: dict[str, str]) -> None:
        form = self._form
        assert form is not None
        if kind == "file":
            form[name] = FILE
        elif kind == "checkbox":
            form[name] = [*form.get(name, []), given.get("value", "on")]
        elif kind == "date":
            form[name] = given.get("value") or "2026-12-01"
        else:
            form.setdefault(name, given.get("value") or "x")

    def handle_endtag(self, tag: str) -> None:
        """Take note of the end of a form or a list of choices."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
