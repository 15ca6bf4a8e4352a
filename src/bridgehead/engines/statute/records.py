"""What the walk found, as records with places in the source."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

from bridgehead.engines.statute.clauses import Scanner
from bridgehead.engines.statute.findings import Found, stretches
from bridgehead.engines.statute.flags import flags_of
from bridgehead.engines.statute.model import Actor, Article, Duty, Modality, Paragraph, Passage, Span, Term
from bridgehead.engines.statute.sentences import Sentence
from bridgehead.engines.statute.short_names import DECLARED
from bridgehead.engines.statute.terms import Stated, deadline_of, frequency_of

Read = Callable[[str, int, int], Stated | None]
"""Reads a term in a stretch of a text."""

_LETTERS = re.compile(r"[^\w]+")
_BINDS = (Modality.MUST, Modality.MUST_NOT, Modality.MAY, Modality.DECLARATIVE)
# How far a doubt takes the confidence down: rules of thumb, ordered by how often each kind of reading was wrong.
_DOUBTS = {
    "unnamed": 0.15,
    "inherited": 0.15,
    "unknown_organ": 0.1,
    "open_list": 0.05,
    "several": 0.05,
    "plain_verb": 0.1,
    "penalty": 0.05,
}


@dataclass(slots=True)
class Recorder:
    """Makes duties of what is found in one statute, and counts the like."""

    scanner: Scanner
    seen: dict[str, int] = field(default_factory=dict)
    letters: tuple[Sentence | None, str] = (None, "")

    def duties(self, article: Article, paragraph: Paragraph, found: list[tuple[Sentence, Found]]) -> list[Duty]:
        """Return the duties of one paragraph."""
        passage = paragraph.whole if paragraph.items else paragraph.passage
        own = [part for _, same in groupby(found, _sentence) for part in stretches([one for _, one in same])]
        return [
            self._duty(one, sentence, passage, parts, (article.id, paragraph.id, f"{paragraph.id}__duty_{number}"))
            for number, ((sentence, one), parts) in enumerate(zip(found, own, strict=True), 1)
        ]

    def _duty(
        self,
        found: Found,
        sentence: Sentence,
        passage: Passage,
        parts: list[tuple[int, int]],
        ids: tuple[str, str, str],
    ) -> Duty:
        article, paragraph, own = ids
        begin = min(found.start, found.action)
        words = sentence.text[begin : found.end]
        actors = self._actors(found.group.names, found, sentence, passage)
        partners = self._actors(found.co_actors, found, sentence, passage)
        doubts = _doubts(found, actors)
        return Duty(
            own,
            article,
            paragraph,
            found.modality,
            actors,
            _span(sentence, passage, found.action, found.end),
            _span(sentence, passage, begin, found.end),
            partners,
            _leads(actors, partners, words),
            found.group.open_list,
            found.word,
            _term(_first(deadline_of, sentence, parts), sentence, passage),
            _term(_first(frequency_of, sentence, parts), sentence, passage),
            confidence=_confidence(doubts),
            doubts=doubts,
            anchor=self._anchor(sentence, found.modality),
            **flags_of(found, _own_words(found, sentence, parts), actors, self.scanner.rules),
        )

    def _actors(
        self, names: list[tuple[str, int, int]], found: Found, sentence: Sentence, passage: Passage
    ) -> tuple[Actor, ...]:
        actors: list[Actor] = []
        for name, start, end in names:
            text = name
            if sentence.places and (short := _short_name(passage.text, sentence.place(end - 1) + 1)):
                text = short
            organ, kind, known = self.scanner.organ(text)
            if actors and any(organ == other.organ for other in actors):
                continue
            inherited = found.inherited and not found.start <= start < found.end
            actors.append(Actor(text, organ, kind, _span(sentence, passage, start, end), known, inherited))
        return tuple(actors)

    def _anchor(self, sentence: Sentence, modality: Modality) -> str:
        if self.letters[0] is not sentence:
            self.letters = (sentence, _LETTERS.sub("", sentence.text))
        letters = self.letters[1]
        stem = hashlib.sha256(f"{letters}|{modality}".encode()).hexdigest()[:16]
        self.seen[stem] = self.seen.get(stem, 0) + 1
        return f"{stem}-{self.seen[stem]}"


def _sentence(pair: tuple[Sentence, Found]) -> int:
    return id(pair[0])


def _first(term: Read, sentence: Sentence, own: list[tuple[int, int]]) -> Stated | None:
    for start, end in own:
        if (stated := term(sentence.read, start, end)) is not None:
            return stated
    return None


def _own_words(found: Found, sentence: Sentence, own: list[tuple[int, int]]) -> str:
    """Return the words of a duty without those that only name its subject (获得补贴的企业应当…)."""
    after = 0
    for _, start, end in found.group.names:
        if found.start <= start and after < end <= found.action:
            after = end
    if len(own) == 1:
        start, end = own[0]
        return sentence.read[max(start, after) : end]
    return "，".join(sentence.read[max(start, min(after, end)) : end] for start, end in own)


def _short_name(text: str, at: int) -> str:
    """Return the short name declared right after a name, empty where none is."""
    if not text.startswith(("（", "("), at):
        return ""
    declared = DECLARED.match(text, at)
    return declared.group(1) if declared else ""


def _span(sentence: Sentence, passage: Passage, start: int, end: int) -> Span:
    first, last = sentence.place(start), sentence.place(end - 1) + 1
    if len(passage.pieces) == 1:
        # Most paragraphs are one piece of the source: no search for it.
        here, there, _ = passage.pieces[0]
        return Span(first + there - here, last + there - here)
    return passage.span(first, last)


def _term(stated: Stated | None, sentence: Sentence, passage: Passage) -> Term | None:
    if stated is None:
        return None
    span = _span(sentence, passage, stated.start, stated.end)
    text = sentence.text[stated.start : stated.end]
    return Term(text, stated.kind, span, stated.amount, stated.unit)


def _leads(actors: tuple[Actor, ...], partners: tuple[Actor, ...], words: str) -> tuple[Actor, ...]:
    """Return who leads: the one actor who does it together with others, or whoever 牵头 follows."""
    if "牵头" in words:
        named = [actor for actor in actors if f"{actor.name}牵头" in words or f"{actor.name}负责牵头" in words]
        return tuple(named) or (actors if len(actors) == 1 else ())
    return actors if partners and len(actors) == 1 else ()


@cache
def _confidence(doubts: tuple[str, ...]) -> float:
    return round(max(0.1, 1 - sum(_DOUBTS.get(doubt, 0) for doubt in doubts)), 2)


def _doubts(found: Found, actors: tuple[Actor, ...]) -> tuple[str, ...]:
    doubts: list[str] = []
    if not actors and found.modality in _BINDS:
        doubts.append("unnamed")
    inherited = unknown = False
    for actor in actors:
        inherited = inherited or actor.inherited
        unknown = unknown or (not actor.known and actor.kind == "unknown")
    if inherited:
        doubts.append("inherited")
    if unknown:
        doubts.append("unknown_organ")
    if found.group.open_list:
        doubts.append("open_list")
    if len(actors) > 1:
        doubts.append("several")
    if found.modality is Modality.DECLARATIVE and not found.word:
        doubts.append("plain_verb")
    return tuple(doubts)
