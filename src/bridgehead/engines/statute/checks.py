"""What is not as it should be in a text: every finding has a code, a line and, where it can, a place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from bridgehead.engines.statute.body import Body
from bridgehead.engines.statute.dates import DAY, day_of
from bridgehead.engines.statute.head import Head
from bridgehead.engines.statute.lines import CHAPTER, CLOSED, CLOSING, CONTENTS, NOISE, STRAY, TAIL, ZERO_WIDTH, Line
from bridgehead.engines.statute.model import (
    Anomaly,
    Article,
    Chapter,
    Effect,
    Item,
    Paragraph,
    Passage,
    Source,
    Span,
    Subitem,
)
from bridgehead.engines.statute.noise import FOOTNOTE
from bridgehead.engines.statute.numbering import Numbering

_LINE_END = re.compile(r"\r\n|\r|\n")
_HIDDEN = re.compile(f"[{ZERO_WIDTH}]+")
_MOST_OF_A_KIND = 50
"""Most findings of one code that are listed one by one; the last one says how many more there are."""


# Letters of statutes that simplified writing does not have.
_TRADITIONAL = re.compile("[應務條規與關機會國發經營處違將實長門開對時後無過認證據產稅額備審辦區縣級單請書]")
_SOME_TRADITIONAL = 5


@dataclass
class Findings:
    """All that was found in a text, for the checks to look at."""

    source: Source
    view: str
    lines: Sequence[Line]
    numbering: Numbering
    head: Head
    body: Body
    chapters: Sequence[Chapter]
    joined: Sequence[Line]
    noted: list[Anomaly] = field(default_factory=list)
    counted: dict[bool, int] = field(default_factory=dict)

    @cached_property
    def ends(self) -> list[int]:
        """Where each line of the source ends."""
        text = self.source.text
        if "\r" not in text:
            return list(accumulate([len(line) + 1 for line in text.split("\n")[:-1]]))
        return [found.end() for found in _LINE_END.finditer(text)]

    def line_at(self, place: int) -> int:
        """Return the line, from 1, a character stands in."""
        return bisect_right(self.ends, place) + 1

    def note(self, code: str, place: Span | int, **parameters: str | int) -> None:
        """Note an anomaly."""
        start = place if isinstance(place, int) else place.start
        span = None if isinstance(place, int) else place
        self.noted.append(Anomaly(code, self.line_at(start), span, tuple(parameters.items())))

    def note_lines(self, code: str, lines: Sequence[Line]) -> None:
        """Note once what several lines have in common."""
        shown = [self.line_at(line.at) for line in lines[:20]]
        more = "…" if len(lines) > len(shown) else ""
        self.note(code, _span(lines[0]), count=len(lines), lines="、".join(map(str, shown)) + more)


def anomalies_of(found: Findings, effect: Effect) -> tuple[Anomaly, ...]:
    """Return the anomalies of a text in the order of its lines."""
    _check_characters(found)
    _check_lines(found)
    _check_head(found)
    _check_headings(found)
    _check_numbers(found)
    for article in found.body.articles:
        _check_article(found, article)
    _check_end(found, effect)
    return (*found.source.anomalies, *sorted(_thinned(found.noted), key=lambda anomaly: anomaly.line))


def _thinned(noted: Iterable[Anomaly]) -> Iterator[Anomaly]:
    """Yield the findings, of each code no more than a person reads."""
    counts: dict[str, int] = {}
    last: dict[str, Anomaly] = {}
    for anomaly in noted:
        counts[anomaly.code] = count = counts.get(anomaly.code, 0) + 1
        if count <= _MOST_OF_A_KIND:
            yield anomaly
        last[anomaly.code] = anomaly
    more = sum(count - _MOST_OF_A_KIND for count in counts.values() if count > _MOST_OF_A_KIND)
    if more:
        yield Anomaly(
            "statute.more_anomalies", max(anomaly.line for anomaly in last.values()), None, (("count", more),)
        )


def _span(line: Line) -> Span:
    return Span(line.at, max(line.at, line.end))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _check_characters(found: Findings) -> None:
    text = found.source.text
    if found.source.kind == "html":
        found.note("statute.webpage", 0)
        return
    if found.view is not text and (at := text.find("[bookmark")) >= 0:
        found.note("statute.bookmarks", at, count=text.count("[bookmark"))
    if any(mark in text for mark in ZERO_WIDTH) and (hidden := _HIDDEN.search(text)):
        found.note("statute.zero_width", Span(*hidden.span()), count=len(_HIDDEN.findall(text)))
    if "應" in text or "務" in text or "條" in text:
        traditional = list(_TRADITIONAL.finditer(text))
        if len(traditional) >= _SOME_TRADITIONAL:
            found.note("statute.traditional_characters", traditional[0].start(), count=len(traditional))


def _check_lines(found: Findings) -> None:
    noise = [line for line in found.lines if line.kind is NOISE and line.text]
    contents = [line for line in found.lines if line.kind is CONTENTS]
    notes = [line for line in noise if line.text[0] in "[［〔" and FOOTNOTE.match(line.text)]
    noted = set(map(id, notes))
    if notes:
        found.note_lines("statute.footnotes_left_out", notes)
    # A rule between two parts of a text says nothing that could be missed.
    noise = [line for line in noise if id(line) not in noted and any(map(str.isalnum, line.text))]
    if noise:
        found.note_lines("statute.noise_left_out", noise)
    if contents:
        found.note("statute.repeated_contents", Span(contents[0].at, contents[-1].end), count=len(contents))
    if found.joined:
        found.note_lines("statute.joined_lines", found.joined)
    for line in (*found.head.strays, *found.body.strays):
        if line.level or line.kind is STRAY:
            found.note("statute.heading_without_number", _span(line), text=_short(line.text))
        else:
            found.note("statute.stray_line", _span(line), text=_short(line.whole))
    for line in found.lines:
        if line.kind is CHAPTER and not line.cut:
            found.note("statute.heading_numbered", _span(line), text=_short(line.text), number=line.number)
    for line in found.numbering.begins:
        if line.inner:
            found.note("statute.label_inside_line", _span(line), label=line.label)
    for line in found.numbering.passed_over:
        found.note("statute.label_in_quotation", _span(line), text=_short(line.text))


def _check_head(found: Findings) -> None:
    head = found.head
    if not head.title:
        found.note("statute.missing_title", 0)
    if not any(event.kind != "in_force" for event in head.events):
        found.note("statute.no_adoption_date", head.title_span or 0)
    for line in head.spilled:
        found.note("statute.spilled_event", _span(line), text=_short(line.whole))
    until = found.lines[-1].stop if not found.body.articles else found.body.articles[0].span.start
    for match in DAY.finditer(found.source.text, 0, min(until, 20_000)):
        if day_of(match) is None:
            found.note("statute.impossible_date", Span(*match.span()), text=_short(match[0]))


def _check_headings(found: Findings) -> None:
    body = found.body
    if not found.chapters and found.numbering.style == "条":
        found.note("statute.no_chapters", body.articles[0].span.start)
    for line in body.doubled:
        found.note("statute.doubled_heading", _span(line), text=_short(line.text))
    if body.divisions:
        found.note("statute.parts", _span(body.divisions[0]), count=len(body.divisions))
    places = [chapter.span for chapter in found.chapters]
    for at, chapter in enumerate(found.chapters):
        if chapter.span is None:
            following = next((span for span in places[at:] if span is not None), body.articles[0].span)
            found.note(
                "statute.lost_heading", following.start if at else body.articles[0].span.start, number=chapter.number
            )
    _check_chapter_order(found)
    _check_sections(found)
    filled = {(article.chapter) for article in body.articles}
    for chapter in found.chapters:
        if chapter.span is not None and not body.division and chapter.number not in filled:
            found.note("statute.empty_chapter", chapter.span, number=chapter.number)


def _check_chapter_order(found: Findings) -> None:
    last: Chapter | None = None
    for chapter in found.body.chapters.values():
        same = last is not None and last.id.rpartition("chp_")[0] == chapter.id.rpartition("chp_")[0]
        if same and last is not None and chapter.number < last.number and chapter.span is not None:
            found.note("statute.chapter_disorder", chapter.span, number=chapter.number, after=last.number)
        elif same and last is not None and found.body.division and chapter.number > last.number + 1 and chapter.span:
            found.note("statute.lost_heading", chapter.span, number=last.number + 1)
        last = chapter


def _check_sections(found: Findings) -> None:
    last: tuple[str, int] = ("", 0)
    for section in found.body.sections.values():
        above = section.id.rpartition("__")[0]
        expected = last[1] + 1 if last[0] == above else 1
        if section.number > expected and section.span is not None:
            found.note("statute.lost_section", section.span, number=section.number, expected=expected)
        last = (above, section.number)


def _check_numbers(found: Findings) -> None:
    if found.numbering.style != "条":
        found.note("statute.han_numbering", found.body.articles[0].span.start, count=len(found.body.articles))
    last = (0, 0)
    seen: set[tuple[int, int]] = set()
    for article in found.body.articles:
        here = (article.number, article.suffix)
        if here in seen:
            found.note("statute.article_doubled", article.label_span, label=article.label)
        elif here < last:
            found.note("statute.article_disorder", article.label_span, label=article.label)
        elif not _is_next(here, last):
            found.note("statute.article_gap", article.label_span, label=article.label, after=last[0])
        seen.add(here)
        last = here


def _is_next(here: tuple[int, int], last: tuple[int, int]) -> bool:
    return here in ((last[0] + 1, 0), (last[0], last[1] + 1))


def _check_article(found: Findings, article: Article) -> None:
    if not article.paragraphs:
        found.note("statute.empty_article", article.label_span, label=article.label)
    for paragraph in article.paragraphs:
        if paragraph.items:
            _check_items(found, article, paragraph)
        elif not _is_closed(paragraph.passage) and not _is_name(found, article, paragraph):
            found.note("statute.unfinished_line", paragraph.span, label=article.label)


def _is_name(found: Findings, article: Article, paragraph: Paragraph) -> bool:
    """Whether a provision 一、 begins with its name on a line of its own, its words below it."""
    below = found.numbering.style != "条" and paragraph.number == 1 and len(article.paragraphs) > 1
    return below and len(paragraph.passage.text) <= 30


def _is_closed(passage: Passage) -> bool:
    last = passage.text[-1:]
    if last in CLOSED or (last in CLOSING and passage.text[-2:-1] in CLOSED) or last in "…）)》":
        return True
    # The mark of a footnote may stand behind the end of a sentence: 。[2].
    return last in "]］〕" and passage.text.rstrip("0123456789[]［］〔〕")[-1:] in CLOSED


def _check_items(found: Findings, article: Article, paragraph: Paragraph) -> None:
    _check_sequence(found, article, paragraph.items)
    for item in paragraph.items:
        if item.subitems:
            _check_sequence(found, article, item.subitems)
    item = paragraph.items[-1]
    end = item.subitems[-1].passage if item.subitems else item.passage
    last = end.text[-1:]
    if last not in "。！？" and not (last in CLOSING and end.text[-2:-1] == "。"):
        found.note("statute.unclosed_list", item.span, label=article.label, item=item.label)


def _check_sequence(found: Findings, article: Article, items: Sequence[Item] | Sequence[Subitem]) -> None:
    last = 0
    if found.counted and items[0].number > 1:
        # Where provisions are numbered 一、二、, the lists below them may count on from one to the next.
        before = found.counted.get(items[0].label[:1].isdecimal(), 0)
        last = before if items[0].number == before + 1 else 0
    for item in items:
        if item.number != last + 1:
            found.note("statute.item_disorder", item.span, label=article.label, item=item.label)
        last = item.number
    if found.numbering.style != "条":
        found.counted[items[0].label[:1].isdecimal()] = last


def _check_end(found: Findings, effect: Effect) -> None:
    last = found.body.articles[-1]
    if effect.day is None and effect.rule is None:
        found.note("statute.no_effective_clause", last.span, label=last.label)
    text = last.text.rstrip()
    if text and text[-1] not in '。！？”"）)》' and not found.body.appendices:
        found.note("statute.cut_off", last.span, label=last.label)
    second = next((line for line in found.lines if line.kind is TAIL), None)
    if second is not None:
        found.note("statute.second_text", _span(second), text=_short(second.text))
