"""Records as they stood on a day: what was entered, handed in or decided later is left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, Q, prefetch_related_objects
from django.utils import timezone

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.journal.clock import beginning
from bridgehead.ground.journal.history import NOTED, as_they_were
from bridgehead.ground.models import JournalEntry
from bridgehead.rooms.ledger.models import CaseExtension, Finding, Inspection, Opinion, Rectification

Kept = TypeVar("Kept", bound=Model)
_AT_ONCE = 5_000
"""Records restored together: databases take so many values in one question."""
_CORRECTED = ("text", "article", "severity", "question_id", "sample_id")
_UNDECIDED = {"decided_by": None, "decided_at": None, "reason": ""}


def end_of(on: date) -> datetime:
    """Return the moment a day ends."""
    return timezone.make_aware(datetime.combine(on + timedelta(days=1), datetime.min.time()))


def known_on(records: Iterable[Kept], on: date, *, as_entered: bool = False) -> list[Kept]:
    """Return records as they were known at the end of a day, out of the journal, without those not there yet.

    They must have been read through what their reader may see; what they said earlier is theirs to see as well. One of
    which the journal says nothing at all, as after rows were loaded in bulk, is shown as it is.

    Parameters
    ----------
    records : iterable of records
        All of one kind.
    on : date
        The day.
    as_entered : bool
        Whether one that was entered after the day, for an earlier one, is shown as it was entered, not left out.
    """
    rows = list(records)
    if not rows:
        return []
    kind = rows[0].RECORD
    past = said_on(kind, [one.pk for one in rows], on)
    later = _entered(kind, [str(one.pk) for one in rows if str(one.pk) not in past])
    found = []
    for one in rows:
        said, first = past.get(str(one.pk)), later.get(str(one.pk))
        if said is not None:
            found.append(_restored(one, said))
        elif first is None:
            found.append(one)
        elif as_entered:
            found.append(_restored(one, first))
    return found


def known_alone(record: Kept, on: date, *links: str, as_entered: bool = False) -> Kept | None:
    """Return one record as it was known at the end of a day, with what it led to then; None if it was not there yet.

    What a day that is not past shows is the record as it is. ``links`` are those of its columns a page names or opens.
    """
    if on >= timezone.localdate():
        return record
    found = next(iter(known_on([record], on, as_entered=as_entered)), None)
    if found is not None:
        with as_system("reading what a record led to that somebody sees"):
            prefetch_related_objects([found], *links)
    return found


def said_on(kind: str, record_ids: Iterable[object], on: date) -> dict[str, Mapping[str, Any]]:
    """Return the fields of records, which their reader may see, as the journal had them at the end of a day."""
    end = beginning(on + timedelta(days=1)) - timedelta(microseconds=1)
    with as_system("reading what records said on a day"):
        past = as_they_were(kind, record_ids, end, end)
    return {id: was.fields for id, was in past.items() if was.fields is not None}


def as_said_on(records: Iterable[Kept], on: date, *, entered_by_then: bool = False) -> list[Kept]:
    """Return records with what they said at the end of a day, for those their own dates say were there by then.

    What was entered later and dated back is no less a record of that day: it keeps the words it has. What never was
    changed has said the same ever since, so of it the journal is not asked. Of records that bear no such date, only
    those that were ``entered_by_then`` are returned, as the journal has it.
    """
    rows = list(records)
    if on >= timezone.localdate():
        return rows
    asked = rows if entered_by_then else [one for one in rows if one.version > 1]
    past = {}
    for start in range(0, len(asked), _AT_ONCE):
        past |= {one.pk: one for one in known_on(asked[start : start + _AT_ONCE], on)}
    kept = [one for one in rows if not entered_by_then or one.pk in past]
    said = [past.get(one.pk, one) for one in kept]
    moved = [was for one, was in zip(kept, said, strict=True) if _has_office(one) and not _has_office(was)]
    prefetch_related_objects(moved, "office")  # another one led it then
    return said


def _entered(kind: str, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """Return what records said when they were entered; those the journal knows nothing of are left out."""
    found: dict[str, Mapping[str, Any]] = {}
    if not ids:
        return found
    with as_system("reading what records said when they were entered"):
        rows = JournalEntry.objects.filter(record_kind=kind, record_id__in=ids).exclude(before=NOTED)
        for entry in rows.order_by("id"):
            found.setdefault(entry.record_id, json.loads(entry.after) or {})
    return found


def opinion_on(record: Opinion, on: date) -> Opinion:
    """Return an opinion as it stood on a day; what was answered or decided later is left out of it."""
    end = end_of(on)
    if record.answered_at is not None and record.answered_at >= end:
        unanswered = {"answer": "", "file": None, "author_id": None, "answered_at": None}
        return _as(record, state=Opinion.State.OPEN, **unanswered, **_UNDECIDED)
    if record.decided_at is not None and record.decided_at >= end:
        return _as(record, state=Opinion.State.ANSWERED, **_UNDECIDED)
    return record


def mending_on(record: Rectification, on: date) -> Rectification:
    """Return a mending as it stood on a day; what was handed in or decided later is left out of it."""
    end = end_of(on)
    if record.handed_on is not None and record.handed_on > on:
        record = _as(record, handed_on=None)
    if record.handed_in_at is not None and record.handed_in_at >= end:
        nothing = {"evidence": "", "file": None, "author_id": None, "handed_in_at": None}
        return _as(record, state=Rectification.State.OPEN, **nothing, **_UNDECIDED)
    if record.decided_at is not None and record.decided_at >= end:
        return _as(record, state=Rectification.State.HANDED_IN, **_UNDECIDED)
    return record


def held_on(on: date) -> Q:
    """Return what leaves out figures that were entered after a day, and those revised or withdrawn by then."""
    if on >= timezone.localdate():
        return Q(ended_at=None)
    end = end_of(on)
    return Q(entered_at__lt=end) & (Q(ended_at=None) | Q(ended_at__gte=end))


def standing_on(on: date) -> Q:
    """Return what leaves out findings that were made later, or withdrawn by then."""
    return Q(found_on__lte=on) & (Q(withdrawn_on=None) | Q(withdrawn_on__gt=on))


def ended_by(record: Inspection, on: date) -> Inspection:
    """Return an inspection as it stood on a day: one that ended later goes on."""
    if record.closed_on is None or record.closed_on <= on:
        return record
    return _as(record, closed_on=None, closed_how="", closed_why="")


def findings_on(records: Sequence[Finding], on: date) -> list[Finding]:
    """Return findings with what they said on a day: what was corrected later says what it said before."""
    changed = [one for one in records if one.version > 1] if on < timezone.localdate() else []
    said = {one.pk: one for one in known_on(changed, on)}
    return [
        _as(one, **{name: getattr(said[one.pk], name) for name in _CORRECTED}) if one.pk in said else one
        for one in records
    ]


def extension_on(record: CaseExtension, on: date) -> CaseExtension:
    """Return a request for a longer term as it stood on a day; what was said to it later is left out."""
    if record.decided_on is None or record.decided_on <= on:
        return record
    return _as(record, state=CaseExtension.State.ASKED, decided_on=None, decided_by=None, note="")


def _as(record: Kept, **then: Any) -> Kept:
    found = copy(record)
    for name, value in then.items():
        setattr(found, name, value)
    return found


def _has_office(record: Model) -> bool:
    return "office" in record._state.fields_cache


def _restored(record: Kept, fields: Mapping[str, Any]) -> Kept:
    """Write what a record said into a copy of it, which is shown and never saved."""
    found = copy(record)
    for field in record._meta.concrete_fields:
        if field.attname in fields:
            value = fields[field.attname]
            kept = value if value is None or isinstance(value, (dict, list)) else field.to_python(value)
            if getattr(found, field.attname) != kept:
                setattr(found, field.attname, kept)
    return found
