"""The arithmetic of a hash-chained journal: links, and where a chain and its entries disagree.

Every entry has a digest of its content. Sealing gives it the next position; the link at a position is the SHA-256 of
the link before it, the position, the id and digest of the entry and the time of sealing. Whoever changes, reorders,
inserts or removes something later has to change every link behind it, and cannot change the links that were carried
out of the house as anchors.

Source of the method: Haber and Stornetta (1991), "How to time-stamp a digital document", Journal of Cryptology 3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

GENESIS = hashlib.sha256(b"bridgehead journal").hexdigest()
"""The link before the first."""
MOST_REMOVED = 100
"""As many missing seals in a row are named one by one; more are one finding: a forged position may be any number."""

Kind = Literal["changed", "removed", "inserted", "reordered", "seal_changed", "seal_removed", "head", "anchor"]


@dataclass(frozen=True, slots=True)
class Seal:
    """A place in the chain as it is stored."""

    position: int
    entry: int
    digest: str
    sealed_at: str
    chain: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link that was carried out of the house."""

    position: int
    chain: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where the journal is not what was sealed.

    Attributes
    ----------
    kind : str
        ``changed`` an entry is not what was sealed; ``removed`` a sealed entry is gone; ``inserted`` an entry without
        a seal stands among sealed ones; ``reordered`` an entry stands at another place than it was sealed at;
        ``seal_changed`` and ``seal_removed`` the same for the chain itself; ``head`` the chain ends elsewhere than its
        head says; ``anchor`` the chain was written anew at or before an anchored position.
    position : int or None
        Place in the chain.
    entry : int or None
        Id of the entry.
    until : int or None
        Last position of a long run of missing seals that begins at ``position``.
    """

    kind: Kind
    position: int | None = None
    entry: int | None = None
    until: int | None = None


def link(previous: str, position: int, entry: int, digest: str, sealed_at: str) -> str:
    """Return the link at a position as 64 hexadecimal digits."""
    told = f"{previous}|{position}|{entry}|{digest}|{sealed_at}"
    return hashlib.sha256(told.encode()).hexdigest()


def broken_seals(seals: Iterable[Seal], anchors: Iterable[Anchor] = ()) -> Iterator[Finding]:
    """Yield what is wrong with the chain itself.

    Parameters
    ----------
    seals : iterable of Seal
        In the order of their positions.
    anchors : iterable of Anchor
        Links that were carried out of the house.

    Yields
    ------
    Finding
        A link that was changed is told once: the link behind it is held against what it ought to be, too.
    """
    wanted = {anchor.position: anchor.chain for anchor in anchors}
    stored = reckoned = GENESIS
    at = 0
    for seal in seals:
        if seal.position != at + 1:
            yield from removed(at + 1, seal.position - 1)
            stored = reckoned = ""  # what stood before is unknown, so this link cannot be held against it
        fits = [
            link(before, seal.position, seal.entry, seal.digest, seal.sealed_at)
            for before in dict.fromkeys((stored, reckoned))
            if before
        ]
        if fits and seal.chain not in fits:
            yield Finding("seal_changed", seal.position, seal.entry)
        expected = wanted.pop(seal.position, None)
        if expected is not None and expected != seal.chain:
            yield Finding("anchor", seal.position, seal.entry)
        stored, reckoned = seal.chain, fits[0] if fits else seal.chain
        at = seal.position
    for position in sorted(wanted):
        yield from removed(at + 1, position)  # the chain once reached as far as its anchor
        at = max(at, position)
        yield Finding("anchor", position)


def removed(first: int, last: int) -> Iterator[Finding]:
    """Yield the seals that are gone, one by one; more than `MOST_REMOVED` in a row as one finding."""
    if last - first >= MOST_REMOVED:
        yield Finding("seal_removed", first, until=last)
        return
    for position in range(first, last + 1):
        yield Finding("seal_removed", position)
