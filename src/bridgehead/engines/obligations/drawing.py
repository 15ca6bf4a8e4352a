"""Drawing by lot so that anybody can draw again: the order of the hashes of a seed with each name."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def draw(seed: str, names: Iterable[str], count: int) -> list[str]:
    """Return so many of the names, as the seed says.

    Whoever has the seed and the names can check it with any SHA-256: of the texts ``seed:name``, the names with the
    lowest hashes are drawn, the lowest first. In which order the names were listed does not matter.

    Parameters
    ----------
    seed : str
        Fixed before anybody knows what it draws, such as a number drawn in public.
    names : iterable of str
        What is drawn from; a name that stands there twice counts once.
    count : int
        How many; all where there are not so many.
    """
    return sorted(set(names), key=lambda name: (sha256(f"{seed}:{name}".encode()).hexdigest(), name))[: max(0, count)]
