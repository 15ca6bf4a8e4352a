"""Web pages: tags, scripts and entities masked in place, so that every character stays where it was."""

from __future__ import annotations

import html
import re

_HIDDEN = "\u200b"
_SIGNS = re.compile(r"<!doctype html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_CLOSED = re.compile(
    r"</(?:p|div|span|td|tr|table|font|h[1-6]|li|center|strong|article|section)\s*>|<br\s*/?>", re.IGNORECASE
)
_TOKEN = re.compile(
    r"<!--(?:[^-]|-(?!->))*-->|<(?P<dark>head|script|style|noscript|iframe|select|nav)\b[^<>]*>.*?</(?P=dark)\s*>"
    r"|<(?P<tag>/?[a-zA-Z!?][a-zA-Z0-9:-]*)[^<>]*>|&(?P<entity>#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
    r"|(?P<space>[ \t]*[\r\n]+[ \t\r\n]*)",
    re.DOTALL | re.IGNORECASE,
)
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
_FEWEST_TAGS = 6


def is_webpage(text: str) -> bool:
    """Whether a text is clearly the source of a web page and not prose with a stray tag."""
    if "<" not in text or ("</" not in text and "<br" not in text.lower()):
        return False
    closed = 0
    for _ in _CLOSED.finditer(text):
        closed += 1
        if closed >= _FEWEST_TAGS:
            return True
    return closed >= 2 and _SIGNS.search(text[:4000]) is not None


def masked_webpage(text: str) -> str:
    """Return a text of the same length: tags hidden, block tags line ends, entities what they stand for."""
    return _TOKEN.sub(_mask, text)


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
