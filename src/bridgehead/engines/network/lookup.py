"""Find the known id that somebody may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from types import MappingProxyType

_NO_NAMES: Mapping[str, Iterable[str]] = MappingProxyType({})


def alike(
    given: str, known: Iterable[str], count: int = 5, *, names: Mapping[str, Iterable[str]] = _NO_NAMES
) -> tuple[str, ...]:
    """Return known ids that look like a given text, or whose names do, the most alike first.

    An id or name that contains the text, or is contained in it, counts as alike however long it is.

    Parameters
    ----------
    given : str
        What somebody typed.
    known : iterable of str
        Ids that exist.
    count : int
        Longest answer.
    names : mapping, optional
        Names of the ids, in any language; an id without names is compared by itself alone.
    """
    text = given.strip().casefold()[:80]
    if not text:
        return ()
    ids: dict[str, list[str]] = {}
    for id_ in sorted(known):
        for word in (id_, *names.get(id_, ())):
            if word:
                ids.setdefault(word.casefold(), []).append(id_)
    near = difflib.get_close_matches(text, list(ids), n=count, cutoff=0.6)
    inside = [word for word in ids if text in word or word in text]
    return tuple(dict.fromkeys(id_ for word in (*near, *inside) for id_ in ids[word]))[:count]
