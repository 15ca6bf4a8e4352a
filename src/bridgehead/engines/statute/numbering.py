"""Which labels of articles are labels: the sequence of numbers tells them from references."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bridgehead.engines.statute.lines import (
    ARTICLE,
    CHAPTER,
    CONTENTS,
    DIVISION,
    HAN,
    HEAD,
    NOISE,
    PLAIN,
    SECTION,
    TAIL,
    Line,
    demote,
    is_blank_label,
)
from bridgehead.engines.statute.wrapping import continues

_HEADS = frozenset((CHAPTER, SECTION, DIVISION, CONTENTS, HEAD))
_WIDEST_LEAP = 5
_FARTHEST_QUOTE = 60
_DECISION = re.compile(r"关于(?:集中|一并)?(?:修改|修正|废止|修订|打包)[^。]{0,120}(?:决定|修正案)")

_AMENDS = re.compile(r"(?:修改|改)为[：:]$|(?:增加|增设|作为).{0,40}[：:]$")


@dataclass
class Numbering:
    """Which lines begin provisions.

    Parameters
    ----------
    style : str
        ``条`` or ``一、``.
    begins : list of Line
        The lines that begin a provision.
    passed_over : list of Line
        Lines with the label of an article that begin none: they stand in a quotation.
    """

    style: str
    begins: list[Line] = field(default_factory=list)
    passed_over: list[Line] = field(default_factory=list)


def number(lines: Sequence[Line], width: int) -> Numbering:
    """Find the lines that begin a provision; the others that look so become plain lines."""
    kept = [line for line in lines if line.kind is not NOISE]
    first_article = next((at for at, line in enumerate(kept) if line.kind is ARTICLE), len(kept))
    if _is_decision(kept) and any(line.kind is HAN and line.number == 1 for line in kept[:first_article]):
        return _number_decision(kept, width)
    found = Numbering("条")
    confirm_articles(kept, width, found)
    if found.begins:
        for line in kept:
            if line.kind is HAN:
                demote(line)
        return found
    return Numbering("一、", confirm_han(kept), found.passed_over)


def _is_decision(kept: Sequence[Line]) -> bool:
    """Whether the text is a decision that amends others, which quotes their articles."""
    return any(_DECISION.search(line.text) and line.kind is PLAIN for line in kept[:8])


def _number_decision(kept: Sequence[Line], width: int) -> Numbering:
    """Return the provisions 一、二、 of a decision; what it amends may follow it as a whole."""
    found = Numbering("一、")
    trial = [line for line in kept if line.kind is ARTICLE]
    ones = [at for at, line in enumerate(kept) if line.kind is ARTICLE and line.number == 1]
    start = next((at for at in ones if _begins_text(kept, at)), None)
    if start is not None:
        start = _with_heading_above(kept, start)
        for line in kept[start:]:
            line.kind, line.cut = TAIL, 0
    for line in trial:
        if line.kind is ARTICLE:
            found.passed_over.append(line)
            demote(line)
    found.begins = confirm_han(kept)
    return found


def _begins_text(kept: Sequence[Line], at: int) -> bool:
    """Whether a first article is followed by a second and a third, outside of quotations."""
    wanted = 2
    for line in kept[at + 1 : at + 200]:
        if line.kind is HAN and line.number > 1 and "第" in line.text:
            return False
        if line.kind is ARTICLE and line.number == wanted:
            wanted += 1
            if wanted > 3:
                return True
    return False


def _with_heading_above(kept: Sequence[Line], at: int) -> int:
    """Return where the heading of a text begins whose first article stands at a place."""
    while at > 0 and at - 1 >= 0 and kept[at - 1].kind is not ARTICLE:
        above = kept[at - 1]
        if above.kind not in _HEADS and (above.kind is not PLAIN or not above.is_open or len(above.text) > 120):
            break
        at -= 1
    return at


def confirm_articles(kept: Sequence[Line], width: int, numbering: Numbering) -> None:
    """Find the lines that begin an article; the others that look so become plain lines."""
    candidates = [at for at, line in enumerate(kept) if line.kind is ARTICLE]
    ahead = _numbers_ahead(kept, candidates)
    last: Line | None = None
    last_at = quoted = 0
    for order, at in enumerate(candidates):
        line = kept[at]
        if last is not None and _starts_over(kept, last_at, at, ahead[order]):
            for tail in kept[_with_heading_above(kept, at) :]:
                tail.kind, tail.cut = TAIL, 0
            return
        before = kept[at - 1] if at else None
        hanging = before is not None and _hangs(line, before, width)
        if hanging and line.number in ahead[order] and is_blank_label(line):
            # Only a label can be the one still to come, not a reference (第三条规定的).
            later = (kept[other] for other in candidates[order + 1 : order + 4])
            hanging = (last is not None or line.number != 1) and any(
                (other.number, other.suffix) == (line.number, line.suffix) and not other.is_reference for other in later
            )
        if not _is_label(line, last, hanging, ahead[order]):
            demote(line)
        elif (
            last is not None
            and (line.number != last.number + 1 or line.number in ahead[order])
            and _is_inserted(kept, at, quoted)
        ):
            quoted = line.number
            numbering.passed_over.append(line)
            demote(line)
        elif _is_quoted(kept, last_at, at, line, last):
            numbering.passed_over.append(line)
            demote(line)
        else:
            numbering.begins.append(line)
            last, last_at, quoted = line, at, 0


def _starts_over(kept: Sequence[Line], last_at: int, at: int, ahead: frozenset[int]) -> bool:
    """Whether a second text begins: article 1 again, and 2 after it, without a chapter that goes on counting."""
    line, last = kept[at], kept[last_at]
    if line.number != 1 or line.suffix or last.number < 3 or 2 not in ahead or line.is_reference:
        return False
    return not any(above.kind is CHAPTER and above.number > 1 for above in kept[max(last_at, at - 60) : at])


def _numbers_ahead(kept: Sequence[Line], candidates: Sequence[int]) -> list[frozenset[int]]:
    """Return for each candidate the numbers of the next few after it; 第一条之一 is none of 第一条 again."""
    numbers = [0 if kept[at].suffix else kept[at].number for at in candidates]
    return [frozenset(numbers[order + 1 : order + 4]) for order in range(len(numbers))]


def _hangs(line: Line, before: Line, width: int) -> bool:
    """Whether the line before is not complete, so that this one may be its rest."""
    if before.kind in _HEADS:
        return False
    return before.is_open and (not width or continues(line, before, width))


def _is_label(line: Line, last: Line | None, hanging: bool, ahead: frozenset[int]) -> bool:
    if line.is_reference:
        return False
    if line.inner:
        return _follows(line, last)
    if _follows(line, last):
        # A broken line may well begin with a reference to the next article; the label itself is still to come then.
        return not (hanging and line.number in ahead)
    if last is None and is_blank_label(line) and {line.number, line.number + 1} & ahead == {line.number + 1}:
        # An amendment may count on from the one before it: its first article is 第十八条.
        return True
    if hanging:
        return False
    if is_blank_label(line):
        return True
    if line.may_be_reference:
        return False
    step = line.number - (last.number if last else 0)
    return 0 < step <= _WIDEST_LEAP or (step > 0 and line.number + 1 in ahead)


def _follows(line: Line, last: Line | None) -> bool:
    if last is None:
        return line.number == 1 and not line.suffix
    if line.suffix:
        return line.number == last.number and line.suffix == last.suffix + 1
    return line.number == last.number + 1


def _is_inserted(kept: Sequence[Line], at: int, quoted: int) -> bool:
    """Whether a line is what an amendment puts elsewhere without marks of quotation (修改为：, then 第五条 …)."""
    if quoted:
        return kept[at].number in (quoted, quoted + 1)
    above = at
    while above and kept[above - 1].kind in (CHAPTER, SECTION):
        above -= 1
    if not above or kept[above - 1].text[-1] not in "：:" or _AMENDS.search(kept[above - 1].text) is None:
        return False
    for heading in kept[above:at]:
        demote(heading)
    return True


def _is_quoted(kept: Sequence[Line], since: int, at: int, line: Line, last: Line | None) -> bool:
    """Whether the line stands inside a quotation: “第三条 …” in a decision that amends another text."""
    closes = _in_quotation(True, line.text) is False and "“" not in line.text
    if not closes and _follows(line, last):
        return False
    quoted = False
    for index in range(max(since, at - _FARTHEST_QUOTE), at):
        quoted = _in_quotation(quoted, kept[index].text)
    return quoted


def _in_quotation(before: bool, text: str) -> bool:
    """Whether a quotation is open after a line; each paragraph of one opens it anew, only the last closes it."""
    opened, closed = text.rfind("“"), text.rfind("”")
    return before if opened == closed else opened > closed


def confirm_han(lines: Sequence[Line]) -> list[Line]:
    """Return the lines that begin a provision in a text numbered 一、二、; the others become plain lines."""
    found: list[Line] = []
    quoted = False
    for line in lines:
        if line.kind is HAN:
            last = found[-1].number if found else 0
            if not quoted and (line.number == last + 1 or last < line.number <= last + 2):
                found.append(line)
            else:
                demote(line)
        quoted = _in_quotation(quoted, line.text)
    return found
