"""Web pages: tags, scripts and entities masked in place, so that every character stays where it was."""

from __future__ import annotations

import html
import re

_HIDDEN = "\u200b"
_SIGNS = re.compile(r"<!doctype html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_CLOSED = re.compile(
    r"</(?:p|div|span|td|tr|table|font|h[1-6]|li|center|strong|article|section)\s*>|<br\s*/?>", re.IGNORECASE
)
# No part of it may be tried again and again from the next character: a page of a few hundred KB would take minutes.
_TOKEN = re.compile(
    r"(?P<comment><!--)|<(?P<tag>/?[a-zA-Z!?][a-zA-Z0-9:-]*+)[^<>]*+>"
    r"|&(?P<entity>#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
    r"|(?P<space>(?<![ \t])[ \t]*+[\r\n][ \t\r\n]*+)"
)
_DARK = frozenset(("head", "script", "style", "noscript", "iframe", "select", "nav"))
_INLINE = frozenset(
    (
        "a",
        "abbr",
        "b",
        "big",
        "em",
        "font",
        "i",
        "ins",
        "label",
        "mark",
        "o:p",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
    )
)
_BREAK = re.compile("<br", re.IGNORECASE)
_FEWEST_TAGS = 6


def is_webpage(text: str) -> bool:
    """Whether a text is clearly the source of a web page and not prose with a stray tag."""
    if "<" not in text or ("</" not in text and _BREAK.search(text) is None):
        return False
    closed = 0
    for _ in _CLOSED.finditer(text):
        closed += 1
        if closed >= _FEWEST_TAGS:
            return True
    return closed >= 2 and _SIGNS.search(text[:4000]) is not None


def masked_webpage(text: str) -> str:
    """Return a text of the same length: tags hidden, block tags line ends, entities what they stand for."""
    parts: list[str] = []
    at = 0
    ends = _Ends(text)
    while found := _TOKEN.search(text, at):
        parts.append(text[at : found.start()])
        end = ends.after(found)
        parts.append(_HIDDEN * (end - found.start()) if end > found.end() or found["comment"] else _mask(found))
        at = end
    parts.append(text[at:])
    return "".join(parts)


class _Ends:
    """Where comments and elements that show nothing end; what is once known never to end is not looked for again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.endless: set[str] = set()

    def after(self, found: re.Match[str]) -> int:
        """Return the place after a token and what it hides."""
        name = "--" if found["comment"] else (found["tag"] or "").lower()
        if name in self.endless or (name != "--" and name not in _DARK):
            return found.end()
        pattern = "-->" if name == "--" else rf"</{name}\s*>"
        end = re.compile(pattern, re.IGNORECASE).search(self.text, found.end())
        if end is None:
            self.endless.add(name)
            return found.end()
        return end.end()


def _mask(found: re.Match[str]) -> str:
    length = found.end() - found.start()
    if found["entity"]:
        mark = html.unescape(found[0])
        if len(mark) != 1 or mark in "\r\n" or not mark.isprintable():
            mark = " " if mark.isspace() else _HIDDEN
        return mark + _HIDDEN * (length - 1)
    tag = found["tag"]
    if tag is None or tag.lstrip("/").lower() in _INLINE:
        return _HIDDEN * length
    return "\n" + _HIDDEN * (length - 1)
