"""What the walk found, as records with places in the source."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256

from bridgehead.engines.statute.clauses import Scanner
from bridgehead.engines.statute.findings import Found, Name, stretches
from bridgehead.engines.statute.flags import flags_of
from bridgehead.engines.statute.model import Actor, Article, Duty, Modality, Paragraph, Passage, Span, Term
from bridgehead.engines.statute.sentences import Sentence
from bridgehead.engines.statute.short_names import DECLARED
from bridgehead.engines.statute.terms import Stated, deadline_of, frequency_of, may_state_deadline, may_state_frequency

Read = Callable[[str, int, int], Stated | None]
"""Reads a term in a stretch of a text."""

_COMMON = ("以下统称", "以下合称", "下统称", "下合称")
_MARKS = re.compile(r"[^\w]+")
_PLAIN = Modality.DECLARATIVE
_BINDS = (Modality.MUST, Modality.MUST_NOT, Modality.MAY, _PLAIN)
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


class _Told:
    """What all duties of one sentence share: its letters, where it stands in the source, which terms it may hold."""

    __slots__ = ("has_deadline", "has_frequency", "letters", "passage", "said", "sentence", "shift", "stems")

    def __init__(self, sentence: Sentence, passage: Passage) -> None:
        self.sentence = sentence
        self.passage = passage
        # Most paragraphs are one piece of the source, most sentences whole: no search for their places.
        self.shift: int | None = None
        if len(passage.pieces) == 1 and not sentence.places:
            here, there, _ = passage.pieces[0]
            self.shift = sentence.start + there - here
        self.letters = _letters(sentence.text)
        # Up to where the duties recorded so far speak.
        self.said = 0
        self.stems: dict[Modality, str] = {}
        self.has_deadline = may_state_deadline(sentence.read)
        self.has_frequency = may_state_frequency(sentence.read)

    def span(self, start: int, end: int) -> Span:
        """Return where a stretch of the sentence stands in the source."""
        if self.shift is not None:
            return Span(start + self.shift, end + self.shift)
        return self.passage.span(self.sentence.place(start), self.sentence.place(end - 1) + 1)

    def stem(self, modality: Modality) -> str:
        """Return the hash of what the sentence says with a modality."""
        if (stem := self.stems.get(modality)) is None:
            stem = self.stems[modality] = sha256((self.letters + "|" + modality).encode()).hexdigest()[:16]
        return stem

    def term(self, read: Read, own: list[tuple[int, int]], modality: Modality) -> Term | None:
        """Return the first term in some stretches of the sentence, or the one that leads up to them."""
        for start, end in own:
            if (stated := read(self.sentence.read, start, end)) is not None:
                return self._term(stated)
        # What is forbidden within a time is forbidden for that time: no deadline.
        if own and modality is not Modality.MUST_NOT and (stated := self._ahead(read, own[0][0])) is not None:
            return self._term(stated)
        return None

    def _ahead(self, read: Read, place: int) -> Stated | None:
        """Return the term that ends the clause before a place (每年三月底前，市财政部门应当…)."""
        text, end = self.sentence.read, place - 1
        if end < 1 or text[end] != "，":
            return None
        begin = 1 + max(text.rfind(mark, 0, end) for mark in "，；：")
        if begin < self.said:
            return None
        stated = read(text, begin, end)
        return stated if stated is not None and stated.end == end else None

    def _term(self, stated: Stated) -> Term:
        text = self.sentence.text[stated.start : stated.end]
        return Term(text, stated.kind, self.span(stated.start, stated.end), stated.amount, stated.unit)


@dataclass(slots=True)
class Recorder:
    """Makes duties of what is found in one statute, and counts the like."""

    scanner: Scanner
    seen: dict[str, int] = field(default_factory=dict)

    def duties(self, article: Article, paragraph: Paragraph, found: list[tuple[Sentence, list[Found]]]) -> list[Duty]:
        """Return the duties of one paragraph."""
        passage = paragraph.whole
        duties: list[Duty] = []
        for sentence, ones in found:
            told = _Told(sentence, passage)
            for one, parts in zip(ones, stretches(ones), strict=True):
                ids = (f"{paragraph.id}__duty_{len(duties) + 1}", article.id, paragraph.id)
                duties.append(self._duty(one, told, parts, ids))
                told.said = max(told.said, parts[-1][1] if parts else 0)
        return duties

    def _duty(self, found: Found, told: _Told, parts: list[tuple[int, int]], ids: tuple[str, str, str]) -> Duty:
        begin = found.start if found.start < found.action else found.action
        actors = self._actors(found.group.names, found, told)
        partners = self._actors(found.co_actors, found, told) if found.co_actors else ()
        doubts = _doubts(found, actors)
        action = told.span(found.action, found.end)
        flags = flags_of(found, _own_words(found, told.sentence, parts), actors, self.scanner.rules)
        return Duty(
            *ids,
            found.modality,
            actors,
            action,
            action if begin == found.action else told.span(begin, found.end),
            partners,
            _leads(actors, partners, told.sentence.text[begin : found.end]),
            found.group.open_list,
            found.word,
            told.term(deadline_of, parts, found.modality) if told.has_deadline else None,
            told.term(frequency_of, parts, found.modality) if told.has_frequency else None,
            "reporting" in flags,
            "budget" in flags,
            "assessment" in flags,
            _confidence(doubts),
            doubts,
            self._anchor(told.stem(found.modality)),
        )

    def _actors(self, names: list[tuple[str, int, int]], found: Found, told: _Told) -> tuple[Actor, ...]:
        actors: list[Actor] = []
        sentence = told.sentence
        if len(names) > 1 and sentence.places and (common := _common_name(told.passage.text, sentence, names)):
            names = [common]
        for name, start, end in names:
            text = name
            if sentence.places and (short := _short_name(told.passage.text, sentence.place(end - 1) + 1)):
                text = short
            organ, kind, known = self.scanner.organ(text)
            if actors and organ in [other.organ for other in actors]:
                continue
            inherited = found.inherited and not found.start <= start < found.end
            actors.append(Actor(text, organ, kind, told.span(start, end), known, inherited))
        return tuple(actors)

    def _anchor(self, stem: str) -> str:
        self.seen[stem] = count = self.seen.get(stem, 0) + 1
        return f"{stem}-{count}"


def _letters(text: str) -> str:
    """Return the letters of a sentence, without its marks."""
    # Few sentences have other marks than these.
    letters = text.replace("，", "").replace("、", "").replace("。", "")
    return letters if letters.isalnum() else _MARKS.sub("", letters)


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


def _common_name(text: str, sentence: Sentence, names: list[Name]) -> Name | None:
    """Return the one name declared right after a list for all of its members (A、B和C（以下统称甲方）)."""
    start, end = names[0][1], names[-1][2]
    at = sentence.place(end - 1) + 1
    at += text.startswith("等", at)
    if not text.startswith(("（", "("), at) or not (declared := DECLARED.match(text, at)):
        return None
    return (declared.group(1), start, end) if declared.group(0)[1:].startswith(_COMMON) else None


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
    if found.modality is _PLAIN and not found.word:
        doubts.append("plain_verb")
    return tuple(doubts)
