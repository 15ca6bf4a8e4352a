"""The history of a record, and how it was on any day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridgehead.ground.access.gate import visible
from bridgehead.ground.models import JournalEntry


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


def changes(entry: JournalEntry) -> tuple[Change, ...]:
    """Return what an entry changed, field by field."""
    before, after = json.loads(entry.before), json.loads(entry.after)
    if before is None:
        return tuple(Change(name, None, value) for name, value in (after or {}).items())
    return tuple(Change(name, old, (after or {}).get(name)) for name, old in before.items())


def history(kind: str, record_id: object) -> tuple[JournalEntry, ...]:
    """Return the entries on a record that the running viewer may see, oldest first; reads are not among them."""
    rows = visible(JournalEntry).filter(record_kind=kind, record_id=str(record_id)).exclude(action__startswith="read.")
    return tuple(rows.order_by("id"))


def as_it_was(kind: str, record_id: object, on: datetime, known_at: datetime | None = None) -> Past | None:
    """Return a record as it was at a time, as far as it was known at another.

    Parameters
    ----------
    kind, record_id : str
        The record.
    on : datetime
        Business time: what was in effect then.
    known_at : datetime, optional
        System time: what the journal said then; by default all it says today.

    Returns
    -------
    Past or None
        None if the journal knows nothing of the record for that time, or nothing the viewer may see.
    """
    rows = visible(JournalEntry).filter(record_kind=kind, record_id=str(record_id), effective_at__lte=on)
    rows = rows.exclude(action__startswith="read.")
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    entry = rows.order_by("-effective_at", "-id").first()
    return None if entry is None else Past(json.loads(entry.after), entry)
