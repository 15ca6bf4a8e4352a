"""An entry's content in its canonical form, its digest, and the state of a record as JSON."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry

CONTENT = (
    *("recorded_at", "effective_at", "actor_id", "actor_name", "on_behalf_of", "role", "mandate_id", "delegation_id"),
    *("action", "record_kind", "record_id", "owner_id", "office_id", "before", "after", "reason", "request", "once"),
)
"""The columns the digest is taken of: all but the number of the row and the digest itself."""


def moment(value: datetime) -> str:
    """Return a time in UTC with microseconds, the same text on every database."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def as_text(value: Any) -> str:
    """Return canonical JSON: sorted keys, no blanks, Chinese as it is read."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be kept in the journal")


def digest(entry: JournalEntry) -> str:
    """Return the SHA-256 of an entry's content as 64 hexadecimal digits."""
    values = [getattr(entry, name) for name in CONTENT]
    values[0], values[1] = moment(values[0]), moment(values[1])
    told = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


_COLUMNS = (*CONTENT, "digest")
_INSERT = (
    f"INSERT INTO ground_journalentry ({', '.join(_COLUMNS)})"  # noqa: S608 - our own names
    f" VALUES ({', '.join(['%s'] * len(_COLUMNS))})"
)


def append(entry: JournalEntry) -> None:
    """Write an entry with its digest; nothing is read back, so nobody needs to see the journal to write into it."""
    entry.digest = digest(entry)
    values = [getattr(entry, name) for name in _COLUMNS]
    values[0], values[1] = map(connection.ops.adapt_datetimefield_value, values[:2])
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)


def was_done(once: str) -> bool:
    """Tell whether the form with a key was carried out, whoever sent it."""
    with as_system("looking for a form that was carried out"):
        return JournalEntry.objects.filter(once=once).exists()


def state(record: Model) -> dict[str, Any]:
    """Return the fields of a record as they are kept in the journal; secrets and what changes by itself stay out."""
    left_out = getattr(record, "LEFT_OUT", ())
    fields = record._meta.concrete_fields
    return {field.attname: getattr(record, field.attname) for field in fields if field.attname not in left_out}
