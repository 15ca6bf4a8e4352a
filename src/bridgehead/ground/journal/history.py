"""The history of a record, and how it was on any day."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import JOURNAL, Viewer, current_viewer
from bridgehead.ground.models import JournalEntry

NOTED = "{}"
"""What stands before an entry that changed no record, such as a read or a sign-in: it says no state of anything."""


KeptBack = Callable[[Viewer], Q]
"""Gives the filter for entries a room does not show somebody, such as those on a draft of another organisation."""

_kept_back: list[KeptBack] = []


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a record before and after."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Past:
    """A record as it was: its fields, or None if it was not there; and the entry that says so."""

    fields: Mapping[str, Any] | None
    entry: JournalEntry


def keep_back(which: KeptBack) -> None:
    """Let a room keep entries back from those who read the journal of an organisation, not from who reads all of it."""
    _kept_back.append(which)


def shown() -> QuerySet[JournalEntry]:
    """Return the entries the running viewer may see."""
    viewer = current_viewer()
    found = visible(JournalEntry, viewer)
    if viewer.wholly(JOURNAL):
        return found
    for which in _kept_back:
        found = found.exclude(which(viewer))
    return found


def changes(entry: JournalEntry) -> tuple[Change, ...]:
    """Return what an entry changed, field by field."""
    before, after = json.loads(entry.before), json.loads(entry.after)
    if before is None:
        return tuple(Change(name, None, value) for name, value in (after or {}).items())
    return tuple(Change(name, old, (after or {}).get(name)) for name, old in before.items())


def history(kind: str, record_id: object) -> tuple[JournalEntry, ...]:
    """Return the entries on a record that the running viewer may see, oldest first; reads are not among them."""
    rows = shown().filter(record_kind=kind, record_id=str(record_id)).exclude(action__startswith="read.")
    return tuple(rows.order_by("id"))


def as_it_was(kind: str, record_id: object, on: datetime, known_at: datetime | None = None) -> Past | None:
    """Return a record as it was at a time, as far as it was known at another.

    Parameters
    ----------
    kind, record_id : str
        The record.
    on : datetime
        Business time: what was in effect then. Of several values in effect the one said last counts, as in the record.
    known_at : datetime, optional
        System time: what the journal said then; by default all it says today.

    Returns
    -------
    Past or None
        None if the journal knows nothing of the record for that time, or nothing the viewer may see.
    """
    return as_they_were(kind, [record_id], on, known_at).get(str(record_id))


def as_they_were(
    kind: str, record_ids: Iterable[object], on: datetime, known_at: datetime | None = None
) -> dict[str, Past]:
    """Return records of a kind as they were at a time, as `as_it_was` does for one; those unknown then are left out."""
    ids = [str(one) for one in record_ids]
    rows = shown().filter(record_kind=kind, record_id__in=ids).exclude(before=NOTED)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    said: dict[str, list[JournalEntry]] = {}
    for entry in rows.order_by("id"):
        said.setdefault(entry.record_id, []).append(entry)
    found = {}
    for id, entries in said.items():
        in_effect = [entry for entry in entries if entry.effective_at <= on]
        if in_effect:
            found[id] = Past(_state(entries[0], in_effect), in_effect[-1])
    return found


def _state(first: JournalEntry, in_effect: Sequence[JournalEntry]) -> dict[str, Any] | None:
    """Return a record with the changes in effect, each field as it was said last; None if it was removed.

    An entry holds the whole record as it stood when it was written, and with it changes that take effect on another
    day; so of each entry only the fields it changed count.
    """
    kept, old = json.loads(first.after), json.loads(first.before) or {}
    fields = old if kept is None else kept | {name: value for name, value in old.items() if name in kept}
    for entry in in_effect:
        before, after = json.loads(entry.before), json.loads(entry.after)
        if after is None:
            return None
        changed = after if before is None else (*before, "version")
        fields |= {name: after[name] for name in changed if name in after}
    return fields
