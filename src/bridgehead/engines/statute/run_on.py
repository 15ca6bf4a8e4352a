"""Lists that run on inside a line: ：（一）…；（二）…."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bridgehead.engines.statute.numerals import number_of

MEMBER = re.compile(
    r"(?:[、，,；;。）)]|项(?!目)|目(?![前标的录])|(?:至|和|与|或者?|以?及)[\s\u3000]*(?:[（(]|第)|所列|的?规定的)"
)
"""What follows a label that names an item somewhere else: （一）、（二）项, （三）所列."""
_RUN_ON = re.compile(r"[；;。][ \t\u3000]*[（(][二三四五六七八九十]")
_IN_LINE = re.compile(
    r"(?P<mark>^[ \t\u3000]*|[：:；;。][ \t\u3000]*)(?P<label>[（(](?P<number>[一二三四五六七八九十]{1,3})[）)])"
)


def runs_on(text: str) -> bool:
    """Whether a text may hold lists that run on inside lines."""
    return "；（" in text or "；(" in text or "。（二" in text


def itemised(stretches: Iterator[tuple[int, str, bool]]) -> Iterator[tuple[int, str, bool]]:
    """Yield the lines, cut before each item of a list that runs on inside one: ：（一）…；（二）…."""
    for start, raw, inner in stretches:
        at = 0
        for cut in _items_inside(raw) if _RUN_ON.search(raw) is not None else ():
            yield start + at, raw[at:cut], inner or at > 0
            at = cut
        yield start + at, raw[at:], inner or at > 0


def _items_inside(raw: str) -> list[int]:
    """Return where the items of a list begin inside a line: each counts on from the one before; none in a quotation."""
    cuts: list[int] = []
    last = seen = opened = straight = 0
    first: int | None = None
    for found in _IN_LINE.finditer(raw):
        number, at, mark = number_of(found["number"]), found.start("label"), found["mark"]
        opened += raw.count("“", seen, at) - raw.count("”", seen, at)
        straight += raw.count('"', seen, at)
        seen = at
        if opened > 0 or straight % 2 or MEMBER.match(raw, found.end()):
            continue
        if not mark.strip():
            last = number or 0 if found.start() == 0 else last
        elif mark[0] in "：:":
            if number == 1:
                first, last = at, 1
        elif last and number == last + 1:
            cuts += [at] if first is None else [first, at]
            first, last = None, number
    return cuts
