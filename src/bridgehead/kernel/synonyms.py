"""A query widened by words that mean the same: 发改委 also asks for 发展改革委 and NDRC."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bridgehead.kernel.bigrams import HAN, Clause, Part, Phrase, fold, parts, phrase, tokens

_HAN_ONLY = re.compile(f"[{HAN}]+")


Step = tuple[Clause, tuple[str, ...]]
"""A clause, and the words of the group it comes from."""


@dataclass(frozen=True)
class Thesaurus:
    """Groups of words that mean the same, in any language; a word stands in one group.

    Parameters
    ----------
    groups : mapping
        The clause of a group and its words, by the tokens of each word.
    han : pattern, optional
        Finds the words of Han characters, the longest first: 海关总署 before 海关.
    """

    groups: Mapping[tuple[str, ...], Step] = field(default_factory=dict, repr=False)
    han: re.Pattern[str] | None = None

    @classmethod
    def of(cls, groups: Iterable[Sequence[str]]) -> Thesaurus:
        """Return the thesaurus of some groups."""
        found: dict[tuple[str, ...], Step] = {}
        han: set[str] = set()
        for group in groups:
            alternatives = tuple(dict.fromkeys((phrase(Part(word, quoted=True)),) for word in group))
            for word in group:
                found.setdefault(tuple(tokens(word)), (alternatives, tuple(group)))
                if _HAN_ONLY.fullmatch(fold(word)):
                    han.add(fold(word))
        listed = "|".join(re.escape(word) for word in sorted(han, key=lambda word: (-len(word), word)))
        return cls(found, re.compile(listed) if listed else None)

    def widened(self, text: str) -> tuple[Clause, ...]:
        """Return a query with each word it knows replaced by the words of its group.

        A word between blanks or several of them (china-europe train), and words inside a run of Han characters
        (口岸换装): whatever holds the query as it was typed holds the widened one too. What stands in quotation marks
        is asked for as it is.
        """
        return tuple(dict.fromkeys(clause for clause, _ in self._steps(text)))

    def also(self, text: str) -> tuple[str, ...]:
        """Return the words a widened query asks for besides those that were typed."""
        typed = fold(text)
        words = dict.fromkeys(word for _, group in self._steps(text) for word in group)
        return tuple(word for word in words if fold(word) not in typed)

    def _steps(self, text: str) -> list[Step]:
        found: list[Step] = []
        waiting = list(parts(text))
        while waiting:
            count = self._first_words(waiting)
            if count:
                typed = tuple(phrase(part) for part in waiting[:count])
                clause, group = self.groups[_said(waiting[:count])]
                found.append(((typed, *(one for one in clause if one != typed)), group))
            else:
                found += self._inside(waiting[0])
            del waiting[: max(count, 1)]
        return found

    def _first_words(self, waiting: Sequence[Part]) -> int:
        """Return how many parts from the first on are one word of the thesaurus, the longest there is."""
        best, longest = 0, max(map(len, self.groups), default=0)
        for count, part in enumerate(waiting, 1):
            said = _said(waiting[:count])
            if part.quoted or len(said) > longest:
                break
            if said in self.groups:
                best = count
        return best

    def _inside(self, part: Part) -> list[Step]:
        """Return the clauses of a part: groups for the words it holds, phrases for what stands between them."""
        folded = fold(part.text)
        if part.quoted or self.han is None or not _HAN_ONLY.fullmatch(folded):
            return [(((phrase(part),),), ())]
        found: list[Step] = []
        end = 0
        for match in self.han.finditer(folded):
            found += _plain(folded[end : match.start()])
            found.append(self.groups[tuple(tokens(match.group()))])
            end = match.end()
        return found + _plain(folded[end:])


def _said(some: Sequence[Part]) -> tuple[str, ...]:
    return tuple(token for part in some for token in tokens(part.text))


def _plain(text: str) -> list[Step]:
    return [(((phrase(Part(text)),),), ())] if text else []


def phrases(clauses: Iterable[Clause]) -> tuple[Phrase, ...]:
    """Return every phrase of a query once, in order."""
    return tuple(dict.fromkeys(one for clause in clauses for every in clause for one in every))
