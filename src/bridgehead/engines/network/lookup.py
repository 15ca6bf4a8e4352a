"""Find the known id that somebody may have meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def alike(given: str, known: Iterable[str], count: int = 5) -> tuple[str, ...]:
    """Return known ids that look like a given text, the most alike first.

    An id that contains the text, or is contained in it, counts as alike however long it is.

    Parameters
    ----------
    given : str
        What somebody typed.
    known : iterable of str
        Ids that exist.
    count : int
        Longest answer.
    """
    text = given.strip().lower()[:80]
    if not text:
        return ()
    ids = sorted(known)
    inside = [name for name in ids if text in name or name in text]
    near = difflib.get_close_matches(text, ids, n=count, cutoff=0.6)
    return tuple(dict.fromkeys([*near, *inside]))[:count]
