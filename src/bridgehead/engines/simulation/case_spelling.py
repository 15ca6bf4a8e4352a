"""Other words a case may use for a field, a choice or nothing at all, as far as more than one part of a model does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

REMARKS = frozenset(
    {
        *("about", "note", "notes", "comment", "comments", "remark", "remarks", "description", "reference"),
        *("title", "label", "why", "url", "doi"),
    }
)
"""Fields of an entry that say nothing about the system."""
OFF = (None, False, "no", "none", "never", "off")
"""Values that say that something is not there."""
ENDLESS = ("inf", "infinite", "infinity", "unlimited", "∞", float("inf"))
LEAVING = frozenset({"out", "exit", "leave", "leaves", "left", "sink", "end", "departure", "depart", "outside", ""})
"""Targets of a route, where no node is called so, that are none."""


def words(text: str) -> str:
    """Return a word in one spelling: small letters, underlines between its parts."""
    return "_".join(text.lower().replace("-", " ").replace("_", " ").split())


def is_off(value: object) -> bool:
    """Say whether a value says that something is not there; a number is none."""
    return any(value is one for one in OFF[:2]) or (isinstance(value, str) and words(value) in OFF)


def is_endless(value: object) -> bool:
    """Say whether a value means that there is no limit."""
    return (words(value) if isinstance(value, str) else value) in ENDLESS


def name_of(value: object) -> object:
    """Return a name; whole numbers are names too."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def respelled(entry: Mapping[str, Any], other: Mapping[str, Iterable[str]]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return an entry without remarks and with its fields in the words of the format, and how each was written.

    Parameters
    ----------
    entry : mapping
        The entry.
    other : mapping
        A field, and other words for it; they count where the field itself is not given.
    """
    meant = {word: name for name, others in other.items() for word in others}
    found: dict[str, Any] = {}
    written: dict[str, str] = {}
    for name, value in entry.items():
        to = meant.get(name, name)
        if to != name and (to in entry or to in found):
            to = name
        if to not in REMARKS:
            found[to], written[to] = value, name
    return found, written
