"""A query widened by words that mean the same: 发改委 also asks for 发展改革委 and NDRC."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bridgehead.kernel.bigrams import HAN, Clause, Part, Phrase, fold, parts, phrase, tokens

_HAN_ONLY = re.compile(f"[{HAN}]+")


@dataclass(frozen=True)
class Thesaurus:
    """Groups of words that mean the same, in any language; a word stands in one group.

    Parameters
    ----------
    groups : sequence of tuples of str
        The words of each group.
    """

    groups: Sequence[tuple[str, ...]] = ()
    _clauses: Mapping[tuple[str, ...], Clause] = field(default_factory=dict, repr=False)
    _han: re.Pattern[str] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, groups: Iterable[Sequence[str]]) -> Thesaurus:
        """Return a thesaurus that looks words up without going through all groups."""
        kept = tuple(tuple(group) for group in groups)
        clauses: dict[tuple[str, ...], Clause] = {}
        han: set[str] = set()
        for group in kept:
            alternatives = tuple(dict.fromkeys((phrase(Part(word, quoted=True)),) for word in group))
            for word in group:
                clauses.setdefault(tuple(tokens(word)), alternatives)
                if _HAN_ONLY.fullmatch(fold(word)):
                    han.add(fold(word))
        # The longest word first: 二连浩特 before 二连.
        listed = "|".join(re.escape(word) for word in sorted(han, key=lambda word: (-len(word), word)))
        return cls(kept, clauses, re.compile(listed) if listed else None)

    @property
    def longest(self) -> int:
        """Tokens of the longest word."""
        return max(map(len, self._clauses), default=0)

    def widened(self, text: str) -> tuple[Clause, ...]:
        """Return a query with each word it knows replaced by the words of its group.

        A word between blanks or several of them (china-europe train), and words inside a run of Han characters
        (口岸换装): whatever holds the query as it was typed holds the widened one too. What stands in quotation marks
        is asked for as it is.
        """
        found: list[Clause] = []
        waiting = list(parts(text))
        while waiting:
            count, clause = self._first_words(waiting)
            if count:
                typed = tuple(phrase(part) for part in waiting[:count])
                found.append((typed, *(one for one in clause if one != typed)))
            else:
                found += self._inside(waiting[0])
            del waiting[: max(count, 1)]
        return tuple(dict.fromkeys(found))

    def _first_words(self, waiting: Sequence[Part]) -> tuple[int, Clause]:
        """Return how many parts from the first on are one word, the longest there is, and the clause of its group."""
        best: tuple[int, Clause] = (0, ())
        said: tuple[str, ...] = ()
        for count, part in enumerate(waiting, 1):
            said += tuple(tokens(part.text))
            if part.quoted or len(said) > self.longest:
                break
            if said in self._clauses:
                best = (count, self._clauses[said])
        return best

    def _inside(self, part: Part) -> list[Clause]:
        """Return the clauses of a part: groups for the words it holds, phrases for what stands between them."""
        folded = fold(part.text)
        if part.quoted or self._han is None or not _HAN_ONLY.fullmatch(folded):
            return [((phrase(part),),)]
        found: list[Clause] = []
        end = 0
        for match in self._han.finditer(folded):
            found += _plain(folded[end : match.start()])
            found.append(self._clauses[tuple(tokens(match.group()))])
            end = match.end()
        return found + _plain(folded[end:])


def _plain(text: str) -> list[Clause]:
    return [((phrase(Part(text)),),)] if text else []


def phrases(clauses: Iterable[Clause]) -> tuple[Phrase, ...]:
    """Return every phrase of a query once, in order."""
    return tuple(dict.fromkeys(one for clause in clauses for every in clause for one in every))
