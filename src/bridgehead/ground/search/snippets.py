"""The line of a text in which something was found, with what was found marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bridgehead.ground.wording import foreign, has_han
from bridgehead.kernel.bigrams import Phrase, spans

BEFORE = 24
LONGEST = 120
LONGEST_HAN = 64
"""Han characters are twice as wide."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """What is shown of a text: as it is, and as HTML with the marks."""

    text: str
    html: SafeString


def snippet(text: str, sought: Sequence[Phrase], language: str) -> Snippet:
    """Return the first line that holds a phrase, in the language of the page if there is one.

    Everything of the text is escaped; only the marks and the language of another script are tags.
    """
    found = [(line, where) for line in text.split("\n") if (where := spans(line, tuple(sought)))]
    if not found:
        return Snippet("", SafeString(""))
    line, where = min(found, key=lambda one: (bool(foreign(one[0], language)), has_han(one[0])))
    longest = LONGEST_HAN if has_han(line) else LONGEST
    first = max(0, where[0][0] - BEFORE)
    last = min(len(line), first + longest)
    before, after = "…" if first else "", "…" if last < len(line) else ""
    said = format_html("{}{}{}", before, _marked(line, where, first, last), after)
    return Snippet(f"{before}{line[first:last]}{after}", in_language(said, line, language))


def in_language(said: SafeString, text: str, language: str) -> SafeString:
    """Return HTML marked as the language its text is in, where that is not the one of the page."""
    written = foreign(text, language)
    if not written:
        return said
    return format_html('<span lang="{}">{}</span>', written, said)


def _marked(line: str, where: Sequence[tuple[int, int]], first: int, last: int) -> SafeString:
    pieces: list[tuple[str, SafeString]] = []
    end = first
    for begin, stop in where:
        if begin >= last:
            break
        mark = format_html("<mark>{}</mark>", line[begin : min(stop, last)])
        pieces.append((line[end:begin], mark))
        end = min(stop, last)
    return format_html("{}{}", format_html_join("", "{}{}", pieces), line[end:last])
