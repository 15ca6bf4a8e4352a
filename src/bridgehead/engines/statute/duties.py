"""Duties of a statute: who must, must not, may or does what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bridgehead.engines.statute.clauses import Scanner
from bridgehead.engines.statute.gazetteer import Gazetteer
from bridgehead.engines.statute.model import Article, Duty, Paragraph, Statute
from bridgehead.engines.statute.records import Recorder
from bridgehead.engines.statute.rules import Rules
from bridgehead.engines.statute.sentences import sentences_of
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
    # One kind of work at a time, for the whole statute: all kinds in turn, sentence by sentence, take longer.
    sentences = [(*place, sentences_of(place[1])) for place in _paragraphs(statute)]
    found = [
        (article, paragraph, [(one, own) for one in told if (own := Walk(one, scanner).found())])
        for article, paragraph, told in sentences
    ]
    return tuple([duty for article, paragraph, own in found for duty in recorder.duties(article, paragraph, own)])


def organ_of(name: str, rules: Rules, gazetteer: Gazetteer) -> tuple[str, str, bool]:
    """Return the name under which a body is counted, its kind, and whether the gazetteer knows it, as in a statute."""
    return _scanner(rules, gazetteer).organ(name)


def _paragraphs(statute: Statute) -> Iterator[tuple[Article, Paragraph]]:
    """Yield the paragraphs with their articles, each list with its lead-in."""
    for article in statute.articles:
        listing = False
        for paragraph in article.paragraphs:
            # A list that lost the labels of its items goes on in paragraphs of its own: they belong to its lead-in.
            goes_on, listing = listing, paragraph.whole.text.endswith(("：", "；"))
            if not goes_on:
                yield article, paragraph
