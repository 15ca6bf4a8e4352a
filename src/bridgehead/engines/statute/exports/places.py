"""From stretches of the source to the clean words of a provision."""

from __future__ import annotations

from bisect import bisect_left

from bridgehead.engines.statute.model import Duty, Paragraph, Passage, Span, Statute


def paragraphs_by_id(statute: Statute) -> dict[str, Paragraph]:
    """Return the paragraphs of a statute by their ids."""
    return {paragraph.id: paragraph for article in statute.articles for paragraph in article.paragraphs}


def clean_span(passage: Passage, span: Span) -> tuple[int, int]:
    """Return the stretch of the clean text whose characters come from a stretch of the source."""
    start = _first_from(passage, span.start)
    return start, max(start, _first_from(passage, span.end))


def clean_words(passage: Passage | None, span: Span, text: str) -> str:
    """Return the words of a stretch without what is no part of the text; those of the source if it lies elsewhere."""
    if passage is not None and (words := passage.within(span)):
        return words
    return "".join(span.of(text).split("\n")).strip()


def words_of(statute: Statute, duty: Duty, paragraphs: dict[str, Paragraph]) -> tuple[str, str]:
    """Return the clean words of a duty's action and of its evidence."""
    paragraph = paragraphs.get(duty.paragraph)
    passage = paragraph.whole if paragraph else None
    text = statute.source.text
    return clean_words(passage, duty.action, text), clean_words(passage, duty.evidence, text)


def _first_from(passage: Passage, offset: int) -> int:
    """Return the place of the first clean character that stands at an offset of the source or behind it."""
    at = bisect_left(passage.pieces, offset, key=lambda piece: piece[1] + piece[2] - 1) if passage.pieces else 0
    if at >= len(passage.pieces):
        return len(passage.text)
    here, there, _ = passage.pieces[at]
    return here + max(0, offset - there)
