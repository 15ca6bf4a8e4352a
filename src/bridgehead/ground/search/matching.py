"""A query in the words of the two databases, and the tokens of a document in theirs.

Every token consists of letters and digits (`bridgehead.kernel.bigrams`), so none can end a quotation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

from bridgehead.kernel.bigrams import Clause, Part, Phrase, phrase, tokens

EDGE = "\ue000"
"""Begins the tokens that no text holds: the first word of a name, and a whole name."""
Write = Callable[[Phrase], str]


def name_tokens(names: Iterable[str]) -> list[str]:
    """Return the tokens of names, with one in front of each that says how it begins, and one behind for the whole.

    So each question about names is answered by rare tokens, and no phrase goes on from one name into the next.
    """
    found: list[str] = []
    for name in names:
        said = list(tokens(name))
        if said:
            found += [EDGE + said[0], *said, _whole(said)]
    return found


def _whole(said: Sequence[str]) -> str:
    return EDGE + EDGE + hashlib.sha256(" ".join(said).encode()).hexdigest()[:16]


def very_name(text: str) -> tuple[Clause, ...]:
    """Return the query for documents of which `text` is a name."""
    return (((Phrase((_whole(list(tokens(text))),)),),),)


def name_begins(text: str) -> tuple[Clause, ...]:
    """Return the query for documents with a name that begins with `text`."""
    begin = phrase(Part(text))
    first = EDGE + begin.tokens[0]
    said = (first, *begin.tokens) if len(begin.tokens) > 1 else (first,)
    return (((Phrase(said, begin.prefix),),),)


def _joined(clauses: Sequence[Clause], write: Write, both: str, either: str) -> str:
    said = []
    for clause in clauses:
        alternatives = ["(" + both.join(write(one) for one in every) + ")" for every in clause]
        said.append("(" + either.join(alternatives) + ")")
    return both.join(said)


def sqlite_match(clauses: Sequence[Clause], names_only: bool = False) -> str:
    """Return a query for FTS5 with the columns ``names`` and ``text``."""

    def write(one: Phrase) -> str:
        return '"' + " ".join(one.tokens) + '"' + (" *" if one.prefix else "")

    said = _joined(clauses, write, " AND ", " OR ")
    return f"{{names}} : ({said})" if names_only else said


def postgres_match(clauses: Sequence[Clause]) -> str:
    """Return a tsquery."""

    def write(one: Phrase) -> str:
        return "(" + " <-> ".join(f"'{token}'" for token in one.tokens) + (":*" if one.prefix else "") + ")"

    return _joined(clauses, write, " & ", " | ")


def postgres_vector(names: Sequence[str], text: Iterable[str] = ()) -> str:
    """Return the tsvector of a document: names with weight A, then the text, kept apart by an empty place."""
    places: dict[str, list[str]] = {}
    for place, token in enumerate(names, 1):
        places.setdefault(token, []).append(f"{place}A")
    for place, token in enumerate(text, len(names) + 2):
        places.setdefault(token, []).append(f"{place}")
    return " ".join(f"'{token}':{','.join(where)}" for token, where in places.items())
