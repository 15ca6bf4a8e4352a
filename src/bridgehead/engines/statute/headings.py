"""Headings of chapters and sections: which are contents, which are real, which lost their number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bridgehead.engines.statute.lines import (
    ARTICLE,
    CHAPTER,
    CONTENTS,
    DIVISION,
    HEAD,
    NAME,
    NOISE,
    PLAIN,
    SECTION,
    STRAY,
    Line,
)

_DOTS = r".…·．・‥_﹒"
_LEADER = re.compile(
    rf"\s*(?:[{_DOTS}]{{2,}}[\s{_DOTS}]*|\t+|[ \u3000]+)[（(]?[\d０-９]{{1,4}}[）)]?$"
    rf"|[\s{_DOTS}]*[{_DOTS}]{{3,}}[\s{_DOTS}]*$"
)
_CONTENTS = re.compile(r"[【〔\[（(]?目[\s\u3000]*[录次錄][】〕\]）)]?[：:]?$")
_CONTENTS_LINE = re.compile(
    r"[【〔\[（(]?目[\s\u3000]*[录次][】〕\]）)]?[\s\u3000：:]*第.{1,4}[章编]|第[^第]{1,8}[章节][^第。]{1,40}第[^第]{1,8}[章节]"
)
_SENTENCE = frozenset("。；;，,：:！？!?")
_LONGEST_HEADING = 30
_FARTHEST_NAMED = 100
_MOST_SIGNS = 20
_FARTHEST_CONTENTS = 300
HEADING = frozenset((CHAPTER, SECTION, DIVISION))
_LEFT_OUT = frozenset((NOISE, CONTENTS, NAME))


def title_of(line: Line) -> str:
    """Return the words of a heading, without number, blanks, dots and page."""
    rest = _LEADER.sub("", line.rest + "".join(name.text for name in line.more or ()))
    return "".join(rest.split())


def is_below_part(line: Line) -> bool:
    """Whether a heading is that of a 分编."""
    return "分" in line.text[: line.cut]


def is_supplement(line: Line) -> bool:
    """Whether a line is the word 附则 alone."""
    return line.text[0] == "附" and "".join(line.text.split()) == "附则"


def has_leader(line: Line) -> bool:
    """Whether a heading ends in dots or a page number, as in a table of contents."""
    return _LEADER.search(line.rest) is not None


def is_heading_like(line: Line) -> bool:
    """Whether a plain line is short and no sentence."""
    return 2 <= len(line.text) <= _LONGEST_HEADING and not any(mark in _SENTENCE for mark in line.text)


def name_headings(lines: Sequence[Line]) -> None:
    """Give a heading of which only the number stands on its line the title from the line below."""
    bare: Line | None = None
    for line in lines:
        if line.kind is NOISE:
            continue
        if bare is not None and line.kind is PLAIN and is_heading_like(line):
            bare.more, line.kind = [line], NAME
        bare = line if line.kind in HEADING and not line.rest else None


def mark_contents(lines: Sequence[Line]) -> int:
    """Turn the lines of tables of contents into contents; return how many they are."""
    signs = [at for at, line in enumerate(lines) if _is_sign(line)]
    for at in signs:
        lines[at].kind = CONTENTS
    _mark_runs(lines)
    for at in signs[:_MOST_SIGNS]:
        _mark_after(lines, at)
    return sum(line.kind is CONTENTS for line in lines)


def _is_sign(line: Line) -> bool:
    text = line.text
    if line.kind is PLAIN and text[0] in "目【〔[（(":
        return _CONTENTS.match(text) is not None or _CONTENTS_LINE.match(text) is not None
    return line.kind in HEADING and _CONTENTS_LINE.match(text) is not None


def _mark_runs(lines: Sequence[Line]) -> None:
    """Look at every run of headings without an article between them; those that come again later are contents."""
    runs: list[list[Line]] = []
    run: list[Line] = []
    for line in lines:
        if line.kind in HEADING:
            run.append(line)
        elif line.kind in (ARTICLE, HEAD):
            if run:
                runs.append(run)
            run = []
    if run:
        runs.append(run)
    later: set[int] = set()
    for run in reversed(runs):
        real = _real_part(run, later)
        for line in run[: len(run) - len(real)]:
            line.kind = CONTENTS
        later.update(line.number for line in real if line.kind is CHAPTER)


def _real_part(run: list[Line], later: set[int]) -> list[Line]:
    """Return the end of a run that is no table of contents."""
    start = 0
    last = 0
    for at, line in enumerate(run):
        if line.kind is CHAPTER:
            if line.number <= last:
                start = _with_parts_above(run, _with_sections_above(run, at))
            last = line.number
    part = run[start:]
    leaders = sum(has_leader(line) for line in part)
    chapters = [line.number for line in part if line.kind is CHAPTER]
    again = sum(number in later for number in chapters)
    if len(chapters) > 1 and (again * 2 >= len(chapters) or leaders * 2 > len(part)):
        # The last heading of the contents may be the only one left of the body's first chapter.
        return []
    return part


def _with_sections_above(run: list[Line], at: int) -> int:
    """Return where a chapter begins whose first section stands above it and was named in the contents already."""
    above = run[at - 1] if at else None
    if above is None or above.kind is not SECTION or above.number != 1:
        return at
    named = {title_of(line) for line in run[max(0, at - _FARTHEST_NAMED) : at - 1] if line.kind is SECTION}
    return at - 1 if title_of(above) in named else at


def _with_parts_above(run: list[Line], at: int) -> int:
    """Return where the 编, and the 分编 below it, begin that a chapter is the first of."""
    for below in (True, False):
        if at and run[at - 1].kind is DIVISION and is_below_part(run[at - 1]) is below:
            at -= 1
    return at


def _mark_after(lines: Sequence[Line], sign: int) -> None:
    """Take the titles without numbers that follow the word 目录 as contents too."""
    later = {title_of(line) for line in lines[sign + 1 :] if line.kind in HEADING}
    for line in lines[sign + 1 : sign + _FARTHEST_CONTENTS]:
        if line.kind in (CONTENTS, NOISE):
            continue
        if line.kind is not PLAIN or not is_heading_like(line):
            return
        if has_leader(line) or title_of(line) in later or is_supplement(line):
            line.kind = CONTENTS
        else:
            return


def lost_numbers(lines: Sequence[Line]) -> list[Line]:
    """Return plain lines of the body that are headings without a number."""
    found: list[Line] = []
    kept = [line for line in lines if line.kind not in _LEFT_OUT]
    begun = False
    for at, line in enumerate(kept):
        if line.kind is ARTICLE:
            begun = True
        if line.kind is not PLAIN or not is_heading_like(line):
            continue
        after = kept[at + 1] if at + 1 < len(kept) else None
        before = kept[at - 1] if at else None
        if after is None or before is None or after.kind not in (ARTICLE, SECTION):
            continue
        closed = before.kind in HEADING or not before.is_open
        if (begun and closed) or line.level >= 2:
            found.append(line)
    return found


def fill_gaps(lines: Sequence[Line], lost: Sequence[Line]) -> None:
    """Give headings without a number the number that is missing there; the others belong to nothing."""
    if not lost:
        return
    wanted = set(map(id, lost))
    waiting: list[Line] = []
    last = part = 0
    for line in lines:
        if line.kind is DIVISION and not is_below_part(line):
            part = line.number
        elif part and id(line) in wanted and is_supplement(line):
            # Where a law has 编, 附则 stands beside them and bears no number.
            part += 1
            line.kind, line.number, line.cut = DIVISION, part, 0
        elif id(line) in wanted:
            line.kind = STRAY
            waiting.append(line)
        elif line.kind is CHAPTER:
            if waiting and line.number - last - 1 == len(waiting):
                for step, filled in enumerate(waiting, start=1):
                    filled.kind, filled.number, filled.cut = CHAPTER, last + step, 0
            last, waiting = line.number, []
