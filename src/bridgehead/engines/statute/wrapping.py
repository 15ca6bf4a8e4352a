"""Lines broken at a fixed width, or by a page: which line continues the one before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bridgehead.engines.statute.lines import ARTICLE, HAN, ITEM, NOISE, PLAIN, SUBITEM, Line

_FEWEST_OPEN = 4
_OPEN_SHARE = 0.2
_COMMAS = frozenset("，,、")
_MID = frozenset("，、；：。,）)》”’！？")
"""Marks no line of its own begins with."""
_WORDS = frozenset((PLAIN, ITEM, SUBITEM, ARTICLE, HAN))


def width_of(lines: Sequence[Line]) -> int:
    """Return the width the lines were broken at, 0 where they were not broken.

    In a text as issued nearly every line of a provision ends with 。 ； or ：; where many do not, it was wrapped.
    """
    told = [line for line in lines if line.kind in _WORDS]
    unfinished = [width for line in told if line.is_open and (width := _width(line)) >= 20]
    if len(unfinished) < 2:
        return 0
    common, count = Counter(unfinished).most_common(1)[0]
    # Where the widest lines are those that break off, few of them are enough.
    at_edge = count >= max(2, 0.8 * len(unfinished)) and common >= max(map(_width, told))
    if not at_edge and len(unfinished) < max(_FEWEST_OPEN, _OPEN_SHARE * len(told)):
        return 0
    if count >= 0.5 * len(unfinished):
        return common
    return sorted(unfinished)[len(unfinished) * 3 // 4]


def _width(line: Line) -> int:
    return line.indent + len(line.text)


def continues(line: Line, before: Line, width: int, *, apart: bool = False) -> bool:
    """Whether a plain line goes on with what the one before it says.

    Parameters
    ----------
    line, before : Line
        The line and the last one before it that is not noise.
    width : int
        Width the text was broken at; 0 where it was not.
    apart : bool
        Whether noise such as a page number stands between the two.
    """
    if line.inner:
        return True
    if before.kind not in _WORDS or line.level or before.level:
        return False
    last = before if before.more is None else before.more[-1]
    if line.text[0] in _MID:
        return last.is_open or line.text[0] not in "”’）)"
    if not width:
        return last.is_open and (apart or last.text[-1] in _COMMAS)
    full = _width(last) >= width - max(2, width // 12)
    if line.indent >= 2 > last.indent and not last.is_open:
        return False
    if last.is_open:
        return full or last.text[-1] in _COMMAS
    # A full stop at the very edge ends the paragraph more often than not.
    return full and last.text[-1] in "；;：:"


def join(lines: Sequence[Line], width: int) -> tuple[list[Line], list[Line]]:
    """Return the lines with continuing ones put to those they continue, and these continuing ones."""
    kept: list[Line] = []
    joined: list[Line] = []
    before: Line | None = None
    apart = False
    for line in lines:
        if line.kind is NOISE:
            apart = True
            kept.append(line)
            continue
        if line.kind is PLAIN and before is not None and continues(line, before, width, apart=apart):
            if before.more is None:
                before.more = []
            before.more.append(line)
            if not line.inner:
                joined.append(line)
        else:
            before = line
            kept.append(line)
        apart = False
    return kept, joined
