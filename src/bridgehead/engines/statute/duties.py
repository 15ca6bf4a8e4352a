"""Duties of a statute: who must, must not, may or does what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bridgehead.engines.statute.clauses import Scanner
from bridgehead.engines.statute.findings import Found
from bridgehead.engines.statute.gazetteer import Gazetteer
from bridgehead.engines.statute.model import Article, Duty, Paragraph, Statute
from bridgehead.engines.statute.records import Recorder
from bridgehead.engines.statute.rules import Rules
from bridgehead.engines.statute.sentences import Sentence, sentences_of
from bridgehead.engines.statute.short_names import declared
from bridgehead.engines.statute.walk import Walk


@lru_cache(maxsize=8)
def _scanner(rules: Rules, gazetteer: Gazetteer) -> Scanner:
    return Scanner(rules, gazetteer)


def duties_of(statute: Statute, rules: Rules, gazetteer: Gazetteer) -> tuple[Duty, ...]:
    """Return the duties of a statute in the order of its text.

    Parameters
    ----------
    statute : Statute
        As the reader made it.
    rules : Rules
        `rules.shipped()`, or a table set extended by it.
    gazetteer : Gazetteer
        `gazetteer.shipped()`, extended by the organs of a region.
    """
    scanner = _scanner(rules, gazetteer)
    if names := declared(statute):
        scanner = scanner.with_names(names)
    recorder = Recorder(scanner)
    # All sentences are read before the first duty is recorded: one kind of work at a time takes less time than both
    # in turn.
    return tuple(
        [
            duty
            for article, paragraph, found in list(_findings(statute, scanner))
            for duty in recorder.duties(article, paragraph, found)
        ]
    )


def _findings(
    statute: Statute, scanner: Scanner
) -> Iterator[tuple[Article, Paragraph, list[tuple[Sentence, list[Found]]]]]:
    """Yield the paragraphs that lay something down, with what each sentence of them does."""
    for article in statute.articles:
        listing = False
        for paragraph in article.paragraphs:
            # A list that lost the labels of its items goes on in paragraphs of its own: they belong to its lead-in.
            goes_on, listing = listing, paragraph.whole.text.endswith(("：", "；"))
            if goes_on:
                continue
            found = [(one, own) for one in sentences_of(paragraph) if (own := Walk(one, scanner).found())]
            if found:
                yield article, paragraph, found
