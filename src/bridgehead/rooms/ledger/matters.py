"""What waits for somebody this morning, from every subject of the ledger: each registers what it knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bridgehead.ground.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that waits.

    Attributes
    ----------
    title, why : str
        What it is, and why it waits, in the language of the request.
    address : str
        The page where something can be done about it.
    due_on : date or None
        By when.
    office : int
        The organisation it waits for.
    articles : tuple of int
        The articles it serves.
    doing : str
        The word on its button, such as "look at it".
    """

    title: str
    why: str
    address: str
    due_on: date | None
    office: int
    articles: tuple[int, ...] = ()
    doing: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, for which organisations, on which day, and how many of each kind at most."""

    viewer: Viewer
    offices: tuple[int, ...]
    on: date
    most: int = 30


Builder = Callable[[Asking], Sequence[Matter]]

_registered: dict[str, Builder] = {}


def register(key: str, build: Builder) -> None:
    """Register what a subject says waits; registering it again replaces it."""
    _registered[key] = build


def matters(asking: Asking) -> list[Matter]:
    """Return everything that waits for some organisations, what is due first before the rest."""
    found = [one for build in _registered.values() for one in build(asking)]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.title))
