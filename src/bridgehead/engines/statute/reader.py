"""A source to a statute: every character accounted for, every anomaly listed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bridgehead.engines.statute.body import ArticleBuilder, Body, open_chapter
from bridgehead.engines.statute.checks import Findings, anomalies_of
from bridgehead.engines.statute.dates import effect_of
from bridgehead.engines.statute.head import read_head
from bridgehead.engines.statute.headings import HEADING, fill_gaps, lost_numbers, mark_contents, name_headings
from bridgehead.engines.statute.lines import (
    APPENDIX,
    ARTICLE,
    CHAPTER,
    CONTENTS,
    DIVISION,
    HAN,
    NAME,
    NOISE,
    PLAIN,
    SECTION,
    STRAY,
    SUBITEM,
    TAIL,
    Line,
    masked,
    split,
)
from bridgehead.engines.statute.model import Appendix, Chapter, Part, Passage, Segment, Source, Span, Statute
from bridgehead.engines.statute.noise import mark_noise, mark_running_heads
from bridgehead.engines.statute.numbering import Numbering, number
from bridgehead.engines.statute.refusals import refuse_other_texts
from bridgehead.engines.statute.webpage import masked_webpage
from bridgehead.engines.statute.wrapping import join, width_of

_TABLE = re.compile(
    r"[\u4e00-\u9fff、“”《》]{2,36}(?:表|名录|目录|清单|式样|图样|样式)[一二三四五六七八九十\d]{0,3}(?:[（(][^（）()。]{1,24}[）)])?"
)
_MOST_BETWEEN = 12
"""Most plain lines that are looked over for the next item of a list."""


def read(source: Source) -> Statute:
    """Read a source as a statute.

    Every character of the source belongs to exactly one segment; white space after a line belongs to the line's.
    What is not as it should be is among the anomalies, in the order of the lines.

    Raises
    ------
    BridgeheadError
        Where there is no provision in it, or where it is another kind of text: a contract, an act in another language.
    """
    view = masked_webpage(source.text) if source.kind == "html" else masked(source.text)
    lines = split(view)
    mark_noise(lines)
    width = width_of(lines)
    mark_running_heads(lines, width)
    numbering = number(lines, width)
    refuse_other_texts(source, lines, numbering)
    _keep_cells(lines, numbering)
    name_headings(lines)
    mark_contents(lines)
    lost = lost_numbers(lines)
    fill_gaps(lines, lost)
    first = _first_of_body(lines, numbering)
    above, joined_above = join(lines[:first], width) if width else (lines[:first], [])
    head = read_head(above)
    _mark_title_again(lines[first:], head.title)
    below, joined_below = join(lines[first:], width)
    body = _read_body(below, numbering)
    chapters = _all_chapters(body)
    found = Findings(source, view, lines, numbering, head, body, chapters, (*joined_above, *joined_below))
    effect = effect_of(body.articles, head.events)
    return Statute(
        source,
        head.title,
        numbering.style,
        tuple(head.events),
        effect,
        tuple(chapters),
        tuple(body.sections.values()),
        tuple(body.articles),
        tuple(body.appendices),
        tuple(_segments(lines, len(source.text))),
        anomalies_of(found, effect),
        head.title_span,
        head.preamble,
    )


def _keep_cells(lines: Sequence[Line], numbering: Numbering) -> None:
    """Take numbers alone on lines behind the label of an appendix for cells of a table, not for pages."""
    last = numbering.begins[-1]
    behind: list[Line] = []
    for line in reversed(lines):
        if line is last:
            break
        behind.append(line)
    inside = False
    for line in reversed(behind):
        inside = inside or _begins_appendix(line) or _TABLE.fullmatch(line.text) is not None
        if inside and line.kind is NOISE and all(map(str.isdecimal, line.text.split())):
            line.kind = PLAIN


def _first_of_body(lines: Sequence[Line], numbering: Numbering) -> int:
    """Return where the body begins: at its first heading or provision."""
    begin = numbering.begins[0]
    return next(at for at, line in enumerate(lines) if line.kind in HEADING or line is begin)


def _mark_title_again(lines: Sequence[Line], title: str) -> None:
    """Turn lines of the body that only repeat the title into noise."""
    first, longest = title[:1], 2 * len(title)
    for line in lines:
        near = line.text[:1] == first and len(line.text) <= longest and line.kind in (PLAIN, STRAY)
        if near and "".join(line.text.split()) == title:
            line.kind = NOISE


def _read_body(lines: Sequence[Line], numbering: Numbering) -> Body:
    body = Body(chapter=_chapter_before(lines))
    begins = set(map(id, numbering.begins))
    last = id(numbering.begins[-1])
    article: ArticleBuilder | None = None
    at_end = behind = False
    for at, line in enumerate(lines):
        if line.kind is NOISE or line.kind is NAME:
            continue
        if line.kind is CONTENTS:
            line.becomes(Part.CONTENTS)
        elif id(line) in begins:
            if article is not None:
                article.finish()
            article = ArticleBuilder(body, line)
            at_end = id(line) == last
        elif line.kind in HEADING:
            if article is not None:
                article.finish()
                article = None
            if _stands_above_chapter(lines, at, body):
                body.pending = line
            else:
                open_chapter(body, line)
        elif line.kind is TAIL or (at_end and (_begins_appendix(line) or _names_table(line, article))):
            _read_appendices(body, lines[at:])
            break
        elif line.kind is STRAY or article is None or behind or (at_end and _is_stray_end(line, article)):
            # What follows a signature, a source or the title of an explanation is no provision either.
            behind = at_end
            line.becomes(Part.STRAY)
            body.strays.append(line)
        elif article.item is not None and line.kind is PLAIN and _stands_in_list(lines, at, article):
            article.go_on(line)
        else:
            article.add(line)
    if article is not None:
        article.finish()
    return body


def _stands_in_list(lines: Sequence[Line], at: int, article: ArticleBuilder) -> bool:
    """Whether a plain line belongs to the item above: it announced more, or one that counts on from it follows."""
    if article.is_unfinished:
        return True
    for line in lines[at + 1 : at + _MOST_BETWEEN]:
        if article.awaits(line):
            return True
        if line.kind not in (PLAIN, NOISE, SUBITEM):
            return False
    return False


def _stands_above_chapter(lines: Sequence[Line], at: int, body: Body) -> bool:
    """Whether a first section is marked above the chapter it belongs to."""
    line = lines[at]
    if line.kind is not SECTION or line.number != 1:
        return False
    after = next((other for other in lines[at + 1 : at + 6] if other.kind is not NOISE), None)
    return after is not None and after.kind is CHAPTER


def _begins_appendix(line: Line) -> bool:
    if line.kind is not APPENDIX:
        return False
    # 附：… may be a sentence; 附件一、附件二所列的… is one of the last article.
    return line.is_open or line.text[-1] in "：:" or line.text[line.cut - 1] in "：:" or line.rest[:1] in ("：", ":")


def _names_table(line: Line, article: ArticleBuilder | None) -> bool:
    """Whether a line after the last article is the name of a table or a list without the word 附."""
    if line.kind is not PLAIN or len(line.text) > 50 or article is None or not article.is_complete:
        return False
    return _TABLE.fullmatch(line.text) is not None


def _is_stray_end(line: Line, article: ArticleBuilder) -> bool:
    """Whether a line after the last article is no sentence: a signature, a link."""
    last = line.more[-1] if line.more else line
    return line.kind is PLAIN and last.is_open and len(line.whole) <= 60 and article.is_complete


def _read_appendices(body: Body, lines: Sequence[Line]) -> None:
    """Take what follows the last article as appendices, a new one at each label."""
    groups: list[list[Line]] = []
    for line in lines:
        if line.kind is NOISE:
            continue
        if not groups or (_begins_appendix(line) and not _only_label(groups[-1], line)):
            groups.append([])
        groups[-1].append(line)
    for order, group in enumerate(groups, start=1):
        name = f"app_{order}"
        passage = Passage.joined(line.passage() for line in group)
        label = group[0].label if group[0].cut else group[0].text[:60]
        body.appendices.append(Appendix(name, order, label, passage, Span(group[0].at, group[-1].end)))
        for line in group:
            line.becomes(Part.APPENDIX, name)


def _only_label(group: Sequence[Line], line: Line) -> bool:
    """Whether the word 附件 alone stands above the list of the appendices."""
    return len(group) == 1 and group[0].label.rstrip("：:") in ("附", "附件", "附表") and line.cut == len(line.text)


def _chapter_before(lines: Sequence[Line]) -> int | None:
    """Return the chapter that the first articles stand in, where its heading was lost: the first one marked is 2."""
    for line in lines:
        if line.kind is DIVISION:
            return None
        if line.kind is CHAPTER:
            return line.number - 1 if line.number > 1 else None
    return None


def _all_chapters(body: Body) -> list[Chapter]:
    """Return the chapters in the order of their numbers, those whose heading was lost included."""
    chapters = list(body.chapters.values())
    if not chapters or body.division:
        return chapters
    by_number = {chapter.number: chapter for chapter in chapters}
    highest = max(by_number)
    if highest > 4 * len(chapters) + 20:
        return chapters
    return [by_number.get(number) or Chapter(f"chp_{number}", number, None) for number in range(1, highest + 1)]


def _segments(lines: Sequence[Line], length: int) -> list[Segment]:
    """Return the source cut into what each stretch of it is."""
    segments: list[Segment] = []
    if not lines or lines[0].start:
        segments.append(Segment(Part.BLANK, Span(0, lines[0].start if lines else length)))
    for line in lines:
        start, part, name = line.start, line.part, line.provision
        if line.cut and (line.kind is ARTICLE or line.kind is HAN):
            label_end = line.place(line.cut)
            _add_stretch(segments, line, Part.LABEL, Span(start, label_end), name.partition("__")[0])
            start = label_end
        if start == line.stop:
            # A label at the very end of the source, with nothing after it.
            continue
        if line.pieces is None:
            segments.append(Segment(part, Span(start, line.stop), name))
        else:
            _add_stretch(segments, line, part, Span(start, line.stop), name)
    return segments


def _add_stretch(segments: list[Segment], line: Line, part: Part, span: Span, name: str) -> None:
    """Add a stretch of a line; what was left out inside of it is noise."""
    if line.pieces is None:
        segments.append(Segment(part, span, name))
        return
    at = span.start
    for _, there, count in line.pieces:
        if there + count <= at or there >= span.end:
            continue
        if there > at:
            segments.append(Segment(Part.NOISE, Span(at, there)))
            at = there
        end = min(there + count, span.end)
        segments.append(Segment(part, Span(at, end), name))
        at = end
    if at < span.end:
        segments.append(Segment(Part.NOISE, Span(at, span.end)))
