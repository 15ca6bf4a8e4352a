"""Text cut into tokens for a search index: Han characters in overlapping pairs, everything else in words.

A run of n Han characters gives n tokens: the pair at each place, and the last character alone; 铁路桥 is 铁路, 路桥,
桥. So a run of two or more characters is found as a phrase of its pairs if and only if it stands in the text letter by
letter, and one character as the beginning of a token. The lone last character keeps two runs apart: 口岸，岸线 does
not hold 口岸线. Letters of other scripts and digits are words, folded to lower case and without accents.

An index holds what this module gave when it was written: whoever changes the tokens raises `EDITION`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

EDITION = 2
"""Raised when a text or a name gives other tokens than before, so that an index knows it has to be built anew."""
LONGEST_WORD = 30
"""Characters of a word that count: nobody types more, and PostgreSQL refuses tokens of 2 KB."""

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Han characters as the inside of a character class."""
_LETTER = f"[^\\W_{HAN}]"
_RUN = re.compile(f"([{HAN}]+)|({_LETTER}+)")
_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|«([^»]*)»|(\S+)')


class _Folding(dict[int, str]):
    """How each character is folded, found out when it is first met."""

    def __missing__(self, point: int) -> str:
        apart = unicodedata.normalize("NFKD", chr(point))
        kept = "".join(mark for mark in apart if unicodedata.category(mark)[0] != "M").casefold()
        self[point] = kept = "".join(mark for mark in kept if unicodedata.category(mark)[0] != "M")
        return kept


_folding = _Folding()


def fold(text: str) -> str:
    """Return a text in lower case, without accents, and with full-width and other compatible forms as the plain ones.

    Character by character, so that the folded form of two texts together is that of the one and of the other.
    """
    return text.lower() if text.isascii() else text.translate(_folding)


def tokens(text: str) -> Iterator[str]:
    """Give the tokens of a text in order."""
    for han, word in _RUN.findall(fold(text)):
        if word:
            yield word[:LONGEST_WORD]
        else:
            for place in range(len(han)):
                yield han[place : place + 2]


def key(text: str) -> str:
    """Return what two texts have in common that differ in case, accents, blanks and punctuation only."""
    return " ".join(tokens(text))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that stand one after the other; with `prefix` the last is only the beginning of one."""

    tokens: tuple[str, ...]
    prefix: bool = False


All = tuple[Phrase, ...]
"""Phrases that must all occur."""
Clause = tuple[All, ...]
"""Alternatives, of which one must hold."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what somebody typed, between blanks or in quotation marks."""

    text: str
    quoted: bool = False


def parts(text: str) -> tuple[Part, ...]:
    """Return the parts of a query that have something to search for.

    ``铁路 port`` has two, ``"port of entry"`` and “对外 开放” one each.
    """
    found = []
    for match in _QUOTED.finditer(text):
        bare = match.group(5)
        part = Part(bare, False) if bare is not None else Part(next(filter(None, match.groups()), ""), True)
        if _RUN.search(fold(part.text)):
            found.append(part)
    return tuple(found)


def phrase(part: Part) -> Phrase:
    """Return the phrase to look for.

    The last word of a part without quotation marks may be the beginning of a longer one, unless it is a number or a
    single letter. A run of Han characters may go on in the text.
    """
    runs = _RUN.findall(fold(part.text))
    found = list(tokens(part.text))
    han, word = runs[-1]
    if han:
        # Only the last character of the text's run would be alone there, so it cannot be asked for.
        return Phrase(tuple(found[:-1])) if len(han) > 1 else Phrase(tuple(found), prefix=True)
    prefix = not part.quoted and 1 < len(word) <= LONGEST_WORD and not word.isdecimal()
    return Phrase(tuple(found), prefix)


def query(text: str) -> tuple[Clause, ...]:
    """Return a query as clauses that must all hold, each with a single alternative of one phrase."""
    return tuple(((phrase(part),),) for part in parts(text))


def pattern(sought: Phrase) -> str:
    """Return the regular expression that finds a phrase in a folded text."""
    said = []
    for token in sought.tokens[:-1]:
        pair = len(token) == 2 and _is_han(token)
        said.append(re.escape(token[0]) if pair else _one(token, False) + r"[\W_]*")
    return "".join((*said, _one(sought.tokens[-1], sought.prefix)))


def _one(token: str, prefix: bool) -> str:
    if _is_han(token):
        return re.escape(token)
    goes_on = prefix or len(token) == LONGEST_WORD
    return f"(?<!{_LETTER}){re.escape(token)}" + (f"{_LETTER}*" if goes_on else f"(?!{_LETTER})")


def _is_han(token: str) -> bool:
    found = _RUN.match(token)
    return found is not None and found.group(1) is not None


@lru_cache(maxsize=256)
def _expression(sought: tuple[Phrase, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(pattern, sought)))


def spans(text: str, sought: tuple[Phrase, ...]) -> list[tuple[int, int]]:
    """Return where phrases stand in a text, as places of its characters, in order and without overlap."""
    if not sought:
        return []
    folded = fold(text)
    found = [match.span() for match in _expression(sought).finditer(folded) if match.end() > match.start()]
    if len(folded) == len(text):
        return found
    # Some characters fold to several or to none: count where each came from.
    origin = [place for place, mark in enumerate(text) for _ in fold(mark)]
    return [(origin[first], origin[last - 1] + 1) for first, last in found]
