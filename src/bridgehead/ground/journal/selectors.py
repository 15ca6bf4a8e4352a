"""What pages and operations show of the journal, filtered for whoever reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import as_system, current_viewer
from bridgehead.ground.journal import anchors
from bridgehead.ground.journal.clock import beginning
from bridgehead.ground.journal.entries import moment
from bridgehead.ground.journal.history import NOTED, as_it_was, changes, history, shown
from bridgehead.ground.journal.reads import record_journal_read
from bridgehead.ground.journal.wording import Names, known, word
from bridgehead.ground.language import language
from bridgehead.ground.models import JournalEntry, JournalHead, JournalSeal
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

A_PAGE = 50
MOST_DOWNLOADED = 10_000


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One changed field as it is shown."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry as it is shown."""

    entry: JournalEntry
    action: str
    record: str
    who: str
    role: str
    on_behalf_of: str
    owner: str
    changes: tuple[ChangeLine, ...]
    position: int | None

    def as_json(self) -> dict[str, Any]:
        """Return the entry in JSON types."""
        entry = self.entry
        return {
            "id": entry.pk,
            "position": self.position,
            "recorded_at": moment(entry.recorded_at),
            "effective_at": moment(entry.effective_at),
            "actor": {"id": entry.actor_id, "name": entry.actor_name},
            "on_behalf_of": entry.on_behalf_of,
            "role": entry.role or None,
            "mandate": entry.mandate_id,
            "delegation": entry.delegation_id,
            "action": entry.action,
            "record": {"kind": entry.record_kind, "id": entry.record_id},
            "owner": entry.owner_id,
            "before": json.loads(entry.before),
            "after": json.loads(entry.after),
            "reason": entry.reason or None,
            "request": entry.request or None,
            "digest": entry.digest,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the journal page, read from its query string."""

    action: str = ""
    record: str = ""
    who: str = ""
    begin: date | None = None
    end: date | None = None
    reads: bool = False
    before: int | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """Read the filters; every one that cannot be read is named.

        Raises
        ------
        BridgeheadError
            ``request.bad_date`` or ``request.bad_filter``.
        """
        faults: list[Fault] = []
        begin, end = (day_of(query.get(name, ""), name, faults) for name in ("from", "to"))
        number = query.get("before", "")
        if number and not (number.isascii() and number.isdigit() and len(number) < 19):
            faults.append(Fault("request.bad_number", {"value": number, "field": "before"}, Place(field="before")))
            number = ""
        if faults:
            raise BridgeheadError.of(faults)
        return cls(
            query.get("action", ""),
            query.get("record", ""),
            query.get("who", "").strip()[:100],
            begin,
            end,
            query.get("reads", "") == "1",
            int(number) if number else None,
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the journal."""

    asked: Asked
    lines: tuple[EntryLine, ...]
    total: int
    older: int | None
    position: int
    chain: str
    unsealed: int
    anchored: int


def listing(asked: Asked) -> Listing:
    """Return the newest entries the viewer may see that fit the filters."""
    rows = _fitting(asked)
    total = rows.count()
    if asked.before is not None:
        rows = rows.filter(pk__lt=asked.before)
    found = list(rows.order_by("-id")[: A_PAGE + 1])
    record_journal_read(current_viewer(), found[:A_PAGE])
    older = found[A_PAGE - 1].pk if len(found) > A_PAGE else None
    with as_system("reading the head of the journal"):
        head = JournalHead.objects.get(pk=1)
        last = JournalSeal.objects.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0
        unsealed = JournalEntry.objects.filter(pk__gt=last).count()
    return Listing(asked, lines_of(found[:A_PAGE]), total, older, head.position, head.chain, unsealed, _anchored())


def _anchored() -> int:
    """Return the position of the last anchor the platform exported itself; 0 where there is none."""
    file = anchors.own_file()
    try:
        return max((anchor.position for anchor in anchors.read([file])), default=0) if file.is_file() else 0
    except BridgeheadError:
        return 0


def _fitting(asked: Asked) -> QuerySet[JournalEntry]:
    rows = shown()
    if asked.reads:
        rows = rows.filter(action__startswith="read.")
    if asked.action:
        rows = rows.filter(action=asked.action)
    kind, _, number = asked.record.partition(":")
    if kind:
        rows = rows.filter(record_kind=kind)
    if number:
        rows = rows.filter(record_id=number)
    if asked.who:
        rows = rows.filter(actor_name__icontains=asked.who)
    if asked.begin:
        rows = rows.filter(recorded_at__gte=beginning(asked.begin))
    if asked.end:
        rows = rows.filter(recorded_at__lt=beginning(asked.end + timedelta(days=1)))
    return rows


def lines_of(entries: Sequence[JournalEntry]) -> tuple[EntryLine, ...]:
    """Return entries as they are shown, with names and their places in the chain."""
    told = [changes(entry) for entry in entries]
    values = [{c.field: v} for found in told for c in found for v in (c.before, c.after)]
    names = Names(entries, values)
    with as_system("reading places in the chain"):
        seals = JournalSeal.objects.filter(entry_id__in=[entry.pk for entry in entries])
        positions = dict(seals.values_list("entry_id", "position"))
    lines = []
    for entry, found in zip(entries, told, strict=True):
        role = roles().roles.get(entry.role)
        shown = tuple(
            ChangeLine(word("field", c.field), names.value(c.field, c.before), names.value(c.field, c.after))
            for c in found
            if c.field != "version" and not (c.before is None and c.after in (None, "", False))
        )
        lines.append(
            EntryLine(
                entry,
                word("action", entry.action),
                f"{word('record', entry.record_kind)} {entry.record_id}",
                word("actor", entry.actor_name) if entry.role == "system" else entry.actor_name,
                role.word.in_language(language()) if role else "",
                names.organisation(entry.on_behalf_of),
                names.organisation(entry.owner_id),
                shown,
                positions.get(entry.pk),
            )
        )
    return tuple(lines)


def downloaded(asked: Asked) -> tuple[EntryLine, ...]:
    """Return what the file of the journal holds: the newest entries that fit, up to `MOST_DOWNLOADED`."""
    found = list(_fitting(asked).order_by("-id")[:MOST_DOWNLOADED])
    record_journal_read(current_viewer(), found)
    return lines_of(found)


@dataclass(frozen=True, slots=True)
class RecordHistory:
    """The history of one record and how it was at a time; not every line of it is a change."""

    kind: str
    record_id: str
    record: str
    lines: tuple[EntryLine, ...]
    changed: int
    on: date | None
    known: date | None
    fields: Mapping[str, Any] | None
    was: tuple[ChangeLine, ...] | None
    since: EntryLine | None


def record_history(kind: str, record_id: str, on: str = "", known_on: str = "") -> RecordHistory:
    """Return the history of a record; with a day, how it was at the end of that day.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record`` if the viewer may see no entry on it; ``request.bad_date``.
    """
    faults: list[Fault] = []
    day, known_day = day_of(on, "on", faults), day_of(known_on, "known", faults)
    if faults:
        raise BridgeheadError.of(faults)
    entries = history(kind, record_id)
    if not entries:
        raise BridgeheadError("action.no_such_record", {"kind": kind, "id": record_id})
    record_journal_read(current_viewer(), entries, (kind, record_id))
    fields = was = since = None
    if day is not None:
        until = beginning(known_day + timedelta(days=1)) - timedelta(microseconds=1) if known_day else None
        past = as_it_was(kind, record_id, beginning(day + timedelta(days=1)) - timedelta(microseconds=1), until)
        if past is not None:
            fields = past.fields
            names = Names([past.entry], [fields or {}])
            since = lines_of([past.entry])[0]
            was = tuple(
                ChangeLine(word("field", name), "", names.value(name, value)) for name, value in (fields or {}).items()
            )
    record, changed = f"{word('record', kind)} {record_id}", sum(entry.before != NOTED for entry in entries)
    return RecordHistory(kind, record_id, record, lines_of(entries), changed, day, known_day, fields, was, since)


def choices() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return the choices of the filters: actions and kinds of records with their words."""
    return {
        "actions": tuple((name, word("action", name)) for name in known("action")),
        "records": tuple((name, word("record", name)) for name in known("record")),
    }


def day_of(text: str, field: str, faults: list[Fault]) -> date | None:
    """Return a day written as 2026-03-31, or None where nothing is written; a fault is added where it is no day."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        if not 1900 <= day.year <= 2200:
            raise ValueError(text)
    except ValueError:
        faults.append(Fault("request.bad_date", {"value": text, "field": field}, Place(field=field)))
        return None
    return day


def sees_everything() -> bool:
    """Tell whether the viewer sees the whole journal."""
    return current_viewer().wholly("journal")
