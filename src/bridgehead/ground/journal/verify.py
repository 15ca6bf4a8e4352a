"""Verifying: every entry and every link held against the chain and the anchors."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.journal.entries import digest, moment
from bridgehead.ground.journal.late import may_be_late
from bridgehead.ground.journal.seal import LOOKBACK
from bridgehead.ground.models import JournalEntry, JournalHead, JournalSeal
from bridgehead.kernel.chain import GENESIS, Anchor, Finding, Seal, broken_seals, removed

SLOW_COMMIT = timedelta(seconds=60)
"""Longest time between writing an entry and sealing it that is no cause for a question; for one that is not sealed,
between writing it and the newest seal."""
WINDOW = 5_000
_UNREADABLE = (DatabaseError, AttributeError, ValueError, TypeError, OverflowError)
"""What reading a row ends in that holds something else than its columns may hold."""


@dataclass(frozen=True, slots=True)
class Report:
    """What verifying found.

    Attributes
    ----------
    entries, sealed : int
        Entries read, and positions of the chain.
    unsealed : tuple of int
        Ids of entries at the end of the journal that are not sealed yet.
    findings : tuple of Finding
        Every place where the journal is not what was sealed; empty when it is sound.
    late : tuple of int
        Entries sealed long after the time they state: no proof of anything, worth a look.
    chain : str
        Link at the end of the chain.
    anchors : int
        Anchors the chain was held against.
    """

    entries: int
    sealed: int
    unsealed: tuple[int, ...]
    findings: tuple[Finding, ...]
    late: tuple[int, ...]
    chain: str
    anchors: int

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


@dataclass(slots=True)
class _Walk:
    findings: list[Finding] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    digests: dict[str, int] = field(default_factory=dict)
    sealed: int = 0
    chain: str = GENESIS


def verify(anchors: Iterable[Anchor] = ()) -> Report:
    """Hold the whole journal against its chain and against anchors, and tell every place that does not fit.

    Parameters
    ----------
    anchors : iterable of Anchor
        See `bridgehead.ground.journal.anchors`.
    """
    anchors = tuple(anchors)
    with as_system("verifying the journal"):
        walk = _Walk()
        head = _head()
        seals = _without_later(_read_seals(walk), head, _head())
        walk.findings += broken_seals(seals, anchors)
        if seals:
            walk.sealed, walk.chain = seals[-1].position, seals[-1].chain
        _check_head(walk, head)
        count, unsealed = _hold_entries(walk, seals)
    order = sorted(set(walk.findings), key=lambda f: (f.position is None, f.position or 0, f.entry or 0, f.kind))
    return Report(count, walk.sealed, tuple(unsealed), tuple(order), tuple(walk.late), walk.chain, len(anchors))


def _read_seals(walk: _Walk) -> list[Seal]:
    found = []
    for row in _rows(JournalSeal, "position", walk, "seal_changed"):
        try:
            found.append(Seal(row.position, row.entry_id, row.digest, moment(row.sealed_at), row.chain))
        except _UNREADABLE:
            walk.findings.append(Finding("seal_changed", row.position))
            found.append(Seal(row.position, _number(row.entry_id), str(row.digest), "", str(row.chain)))
    found.sort(key=lambda seal: seal.position)
    return found


def _head() -> tuple[Any, Any] | None:
    found: tuple[Any, Any] | None = JournalHead.objects.filter(pk=1).values_list("position", "chain").first()
    return found


def _without_later(seals: list[Seal], head: tuple[Any, Any] | None, later: tuple[Any, Any] | None) -> list[Seal]:
    """Leave out what was sealed while the chain was read: what the head has moved over since it was read first."""
    begin, end = (_number(one[0]) if one else -1 for one in (head, later))
    return [seal for seal in seals if not begin < seal.position <= end]


def _check_head(walk: _Walk, head: tuple[Any, Any] | None) -> None:
    if head is None or head[0] != walk.sealed or (head[1] or GENESIS) != walk.chain:
        last = int(head[0]) if head is not None and isinstance(head[0], int) else 0
        walk.findings += removed(walk.sealed + 1, last)
        walk.findings.append(Finding("head", last or walk.sealed))


def _hold_entries(walk: _Walk, chain: list[Seal]) -> tuple[int, list[int]]:
    """Hold every entry against its seal; return how many entries there are and those without a seal at the end."""
    seals = {seal.entry: seal for seal in chain}
    by_digest = {seal.digest: seal for seal in chain}
    told = _Sealed(chain)
    unsealed, seen = [], set()
    count = 0
    for entry in _rows(JournalEntry, "id", walk, "changed"):
        count += 1
        pk = entry.pk
        seen.add(pk)
        try:
            found = digest(entry)
        except (AttributeError, TypeError, ValueError):
            found = ""
        seal = seals.get(pk)
        if seal is None:
            _unsealed(walk, entry, found, told, unsealed)
        elif seal.digest != found or entry.digest != found:
            moved = by_digest.get(found)
            kind = "reordered" if moved is not None and moved.entry != pk else "changed"
            walk.findings.append(Finding(kind, seal.position, pk))
        elif (at := _time(seal)) is not None and entry.recorded_at + SLOW_COMMIT < at:
            walk.late.append(pk)
    for pk, seal in seals.items():
        if pk not in seen:
            walk.findings.append(Finding("removed", seal.position, pk))
    return count, unsealed


class _Sealed:
    """When the entries around one without a seal were sealed."""

    def __init__(self, chain: list[Seal]) -> None:
        self.end = next((at for at in map(_time, reversed(chain)) if at), None)
        self.seals = sorted(chain, key=lambda seal: seal.entry)

    def may_stand_before(self, entry: Any) -> bool:
        """Tell whether an entry may stand without a seal where it stands."""
        at = bisect(self.seals, entry.pk, key=lambda seal: seal.entry)
        if at == len(self.seals):
            return True
        if entry.pk <= self.seals[-1].entry - LOOKBACK:
            return False
        above = next((at for at in map(_time, self.seals[at:]) if at), self.end)
        return self.end is None or above is None or may_be_late(entry.recorded_at, self.end, above, SLOW_COMMIT)


def _unsealed(walk: _Walk, entry: Any, found: str, told: _Sealed, unsealed: list[int]) -> None:
    if entry.digest != found:
        walk.findings.append(Finding("changed", None, entry.pk))
    elif not told.may_stand_before(entry):
        walk.findings.append(Finding("inserted", None, entry.pk))
    else:
        unsealed.append(entry.pk)


def _time(seal: Seal) -> datetime | None:
    """Return when a seal was set; None where that cannot be read, which is a finding of its own."""
    try:
        return datetime.fromisoformat(seal.sealed_at)
    except ValueError:  # nothing at all, or a year of fewer than four digits
        return None


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1


def _rows(model: Any, key: str, walk: _Walk, kind: Any) -> Iterator[Any]:
    """Yield the rows of a table in the order of their keys; rows that cannot be read are findings, one by one."""
    last: Any = None
    while True:
        asked = model.objects.order_by(key)
        window = asked if last is None else asked.filter(**{f"{key}__gt": last})
        try:
            rows = list(window[:WINDOW])
        except _UNREADABLE:
            rows = _one_by_one(model, key, last, walk, kind)
        if not rows:
            return
        last = rows[-1].pk if hasattr(rows[-1], "pk") else rows[-1]
        yield from (row for row in rows if hasattr(row, "pk"))


def _one_by_one(model: Any, key: str, last: Any, walk: _Walk, kind: Any) -> list[Any]:
    """Read a window row by row; what cannot be read is named by its key and stands as the bare key."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key} FROM {table} WHERE {key} > %s ORDER BY {key} LIMIT {WINDOW}",  # noqa: S608 - our own names
            (last if last is not None else -(2**62),),
        )
        keys = [row[0] for row in cursor.fetchall()]
    rows: list[Any] = []
    for pk in keys:
        try:
            rows.append(model.objects.get(pk=pk))
        except (*_UNREADABLE, model.DoesNotExist):
            if model is JournalSeal and (seal := _without_time(pk)) is not None:
                rows.append(seal)  # its time is asked for again where it is told
                continue
            found = Finding(kind, None, pk) if key == "id" else Finding(kind, pk)
            walk.findings.append(found)
            rows.append(pk)
    return rows


def _without_time(position: Any) -> JournalSeal | None:
    """Return a seal whose time cannot be read with all the rest of it."""
    try:
        return JournalSeal.objects.defer("sealed_at").get(pk=position)
    except (*_UNREADABLE, JournalSeal.DoesNotExist):
        return None
