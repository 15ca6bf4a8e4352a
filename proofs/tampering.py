"""Tamperings: what somebody may do to a journal behind its back, past every trigger, on either database."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bridgehead.kernel.chain import Finding

ANCHORED_EVERY = 100
ENTRY, SEAL = "ground_journalentry", "ground_journalseal"


@dataclass(frozen=True)
class Tampering:
    """One thing done to a journal behind its back.

    Attributes
    ----------
    kind : str
        What was done.
    entries, positions : frozenset of int
        Entries and seals it was done to, each by its own name; where an entry was tampered with, its seal is told by
        the same finding.
    of_seals : bool
        Whether findings must name the positions; they must name the entries otherwise.
    """

    kind: str
    entries: frozenset[int] = frozenset()
    positions: frozenset[int] = frozenset()
    of_seals: bool = False

    def located(self, findings: Iterable[Finding]) -> bool:
        """Tell whether every entry, or every seal, that was tampered with is named by a finding."""
        findings = list(findings)
        if self.of_seals:
            return self.positions <= {one.position for one in findings}
        return self.entries <= {one.entry for one in findings}

    def elsewhere(self, findings: Iterable[Finding]) -> list[str]:
        """Return the kinds of the findings that name something else."""
        return [one.kind for one in findings if one.entry not in self.entries and one.position not in self.positions]


class Journal:
    """Raw access to the journal's tables, past every trigger, on either database."""

    def __init__(self, connection: Any, mark: str) -> None:
        self.connection = connection
        self.mark = mark

    @property
    def is_sqlite(self) -> bool:
        """Whether any column takes any value."""
        return bool(self.connection.vendor == "sqlite")

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        cursor = self.connection.cursor()
        cursor.execute(sql.replace("?", self.mark), values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def do(self, sql: str, *values: object) -> None:
        """Change something."""
        self.connection.cursor().execute(sql.replace("?", self.mark), values)


def _sealed(journal: Journal, dice: random.Random) -> tuple[int, int]:
    """Return entry and position of a sealed entry by chance."""
    found = journal.rows(f"SELECT entry_id, position FROM {SEAL} ORDER BY position")
    return dice.choice(found)  # type: ignore[return-value]


TEXTS = (
    "actor_name",
    "role",
    "action",
    "record_kind",
    "record_id",
    "before",
    "after",
    "reason",
    "request",
    "digest",
    "once",
)
NUMBERS = ("actor_id", "on_behalf_of", "mandate_id", "delegation_id", "owner_id", "office_id")


def change_a_byte(journal: Journal, dice: random.Random) -> Tampering:
    """Flip one bit of one character of a text, or add one where there is none."""
    entry, position = _sealed(journal, dice)
    column = dice.choice(TEXTS)
    old = journal.rows(f"SELECT {column} FROM {ENTRY} WHERE id = ?", entry)[0][0]
    if old and column == "once" and dice.random() < 0.5:
        new = None  # so that the same form could be sent again
    elif old:
        at = dice.randrange(len(old))
        other = chr(ord(old[at]) ^ (1 << dice.randrange(5)))
        new = old[:at] + (other if other.isprintable() else "~") + old[at + 1 :]
        new = new if new != old else old + "."
    else:
        new = "."
    journal.do(f"UPDATE {ENTRY} SET {column} = ? WHERE id = ?", new, entry)
    return Tampering("a byte of an entry", frozenset({entry}), frozenset({position}))


def change_a_number(journal: Journal, dice: random.Random) -> Tampering:
    """Change who did it, for whom, under which mandate, or whose it is."""
    entry, position = _sealed(journal, dice)
    column = dice.choice(NUMBERS)
    old = journal.rows(f"SELECT {column} FROM {ENTRY} WHERE id = ?", entry)[0][0]
    new = dice.choice([value for value in (None, 1, (old or 0) + 1) if value != old])
    journal.do(f"UPDATE {ENTRY} SET {column} = ? WHERE id = ?", new, entry)
    return Tampering("a number of an entry", frozenset({entry}), frozenset({position}))


def change_a_time(journal: Journal, dice: random.Random) -> Tampering:
    """Give an entry the time of another one."""
    entry, position = _sealed(journal, dice)
    column = dice.choice(("recorded_at", "effective_at"))
    old = journal.rows(f"SELECT {column} FROM {ENTRY} WHERE id = ?", entry)[0][0]
    other = journal.rows(f"SELECT {column} FROM {ENTRY} WHERE {column} <> ? ORDER BY id", old)
    journal.do(f"UPDATE {ENTRY} SET {column} = ? WHERE id = ?", dice.choice(other)[0], entry)
    return Tampering("a time of an entry", frozenset({entry}), frozenset({position}))


def remove_entries(journal: Journal, dice: random.Random) -> Tampering:
    """Remove a few entries in a row and leave their seals."""
    entry, _ = _sealed(journal, dice)
    gone = [entry + step for step in range(dice.randint(1, 3))]
    there = journal.rows(f"SELECT s.position, e.id FROM {ENTRY} e JOIN {SEAL} s ON s.entry_id = e.id")
    hit = [(position, pk) for position, pk in there if pk in gone]
    for _, pk in hit:
        journal.do(f"DELETE FROM {ENTRY} WHERE id = ?", pk)
    return Tampering("entries removed", frozenset(pk for _, pk in hit), frozenset(p for p, _ in hit))


def remove_with_seals(journal: Journal, dice: random.Random) -> Tampering:
    """Remove an entry and its seal."""
    entry, position = _sealed(journal, dice)
    journal.do(f"DELETE FROM {ENTRY} WHERE id = ?", entry)
    journal.do(f"DELETE FROM {SEAL} WHERE position = ?", position)
    return Tampering("an entry and its seal removed", frozenset({entry}), frozenset({position}), of_seals=True)


def cut_the_end(journal: Journal, dice: random.Random) -> Tampering:
    """Remove the last entries with their seals and take the head back, as if they had never been."""
    last = journal.rows(f"SELECT max(position) FROM {SEAL}")[0][0]
    cut = last - dice.randint(1, 20)
    gone = journal.rows(f"SELECT entry_id, position FROM {SEAL} WHERE position > ?", cut)
    journal.do(f"DELETE FROM {ENTRY} WHERE id IN (SELECT entry_id FROM {SEAL} WHERE position > ?)", cut)
    journal.do(f"DELETE FROM {SEAL} WHERE position > ?", cut)
    chain = journal.rows(f"SELECT chain FROM {SEAL} WHERE position = ?", cut)[0][0]
    journal.do("UPDATE ground_journalhead SET position = ?, chain = ?", cut, chain)
    return Tampering("the end cut off", positions=frozenset(position for _, position in gone), of_seals=True)


def swap_entries(journal: Journal, dice: random.Random) -> Tampering:
    """Let two entries change places."""
    (one, at), (other, there) = _sealed(journal, dice), _sealed(journal, dice)
    while one == other:
        other, there = _sealed(journal, dice)
    for old, new in ((one, -1), (other, one), (-1, other)):
        journal.do(f"UPDATE {ENTRY} SET id = ? WHERE id = ?", new, old)
    return Tampering("entries swapped", frozenset({one, other}), frozenset({at, there}))


def swap_seals(journal: Journal, dice: random.Random) -> Tampering:
    """Let two seals change places."""
    (_, one), (_, other) = _sealed(journal, dice), _sealed(journal, dice)
    while one == other:
        _, other = _sealed(journal, dice)
    for old, new in ((one, -1), (other, one), (-1, other)):
        journal.do(f"UPDATE {SEAL} SET position = ? WHERE position = ?", new, old)
    return Tampering("seals swapped", positions=frozenset({one, other}), of_seals=True)


def insert_between(journal: Journal, dice: random.Random) -> Tampering:
    """Put a sound-looking entry, digest and all, where one was removed."""
    from django.utils import timezone

    from bridgehead.ground.journal.entries import digest
    from bridgehead.ground.models import JournalEntry

    entry, position = _sealed(journal, dice)
    model = JournalEntry.objects.get(pk=dice.choice([pk for (pk,) in journal.rows(f"SELECT id FROM {ENTRY}")]))
    model.reason, model.once = "as if it had always been here", None
    model.effective_at = timezone.now()
    told = digest(model)
    columns = (
        "recorded_at, effective_at, actor_id, actor_name, on_behalf_of, role, mandate_id, delegation_id, action,"
        " record_kind, record_id, owner_id, office_id, before, after, reason, request, once"
    )
    journal.do(f"DELETE FROM {ENTRY} WHERE id = ?", entry)
    source = model.pk if model.pk != entry else journal.rows(f"SELECT min(id) FROM {ENTRY}")[0][0]
    journal.do(
        f"INSERT INTO {ENTRY} (id, {columns}, digest)"
        f" SELECT {entry}, {columns.replace('once', 'NULL')}, ? FROM {ENTRY} WHERE id = ?",
        told,
        source,
    )
    return Tampering("an entry put in place of another", frozenset({entry}), frozenset({position}))


def insert_unsealed(journal: Journal, dice: random.Random) -> Tampering:
    """Slip an old-looking entry in below the first one, without a seal."""
    low = journal.rows(f"SELECT min(id) FROM {ENTRY}")[0][0] - dice.randint(1, 50)
    columns = [name for (name,) in _columns(journal) if name not in ("id", "once")]
    names = ", ".join(columns)
    source, _ = _sealed(journal, dice)
    journal.do(f"INSERT INTO {ENTRY} (id, {names}) SELECT {low}, {names} FROM {ENTRY} WHERE id = ?", source)
    journal.do(f"UPDATE {ENTRY} SET recorded_at = ? WHERE id = ?", _long_ago(journal), low)
    return Tampering("an entry inserted", frozenset({low}))


def change_a_seal(journal: Journal, dice: random.Random) -> Tampering:
    """Change a link, the digest kept in it, or its time."""
    entry, position = _sealed(journal, dice)
    column = dice.choice(("chain", "digest", "sealed_at", "entry_id"))
    if column == "sealed_at":
        new: object = _long_ago(journal)
    elif column == "entry_id":
        new = 10**6 + entry
    else:
        old = journal.rows(f"SELECT {column} FROM {SEAL} WHERE position = ?", position)[0][0]
        at = dice.randrange(64)
        new = old[:at] + dice.choice([c for c in "0123456789abcdef" if c != old[at]]) + old[at + 1 :]
    journal.do(f"UPDATE {SEAL} SET {column} = ? WHERE position = ?", new, position)
    return Tampering("a seal changed", frozenset({entry}), frozenset({position}), of_seals=True)


def move_a_seal_far(journal: Journal, dice: random.Random) -> Tampering:
    """Give a seal a position far behind the end of the chain."""
    entry, position = _sealed(journal, dice)
    far = 2**40 + dice.randrange(1000)
    journal.do(f"UPDATE {SEAL} SET position = ? WHERE position = ?", far, position)
    return Tampering("a seal moved far away", frozenset({entry}), frozenset({position}), of_seals=True)


def spoil_a_time(journal: Journal, dice: random.Random) -> Tampering:
    """Put something into a seal that is no time, as far as the database takes it."""
    entry, position = _sealed(journal, dice)
    new = (
        dice.choice(("garbage", 5, "2026-99-01 00:00:00", ""))
        if journal.is_sqlite
        else dice.choice(("infinity", "0005-01-01"))
    )
    journal.do(f"UPDATE {SEAL} SET sealed_at = ? WHERE position = ?", new, position)
    return Tampering("a time of a seal made unreadable", frozenset({entry}), frozenset({position}), of_seals=True)


def write_anew(journal: Journal, dice: random.Random) -> Tampering:
    """Change an entry and write the whole chain behind it anew, as somebody with all the code would."""
    from bridgehead.ground.journal.entries import digest, moment
    from bridgehead.ground.models import JournalEntry, JournalSeal
    from bridgehead.kernel.chain import GENESIS, link

    entry, position = _sealed(journal, dice)
    model = JournalEntry.objects.get(pk=entry)
    model.reason = f"it was like this {dice.random()}"
    told = digest(model)
    journal.do(f"UPDATE {ENTRY} SET reason = ?, digest = ? WHERE id = ?", model.reason, told, entry)
    chain = GENESIS
    for seal in JournalSeal.objects.order_by("position"):
        kept = told if seal.position == position else seal.digest
        if seal.position >= position:
            new = link(chain, seal.position, seal.entry_id, kept, moment(seal.sealed_at))
            journal.do(f"UPDATE {SEAL} SET digest = ?, chain = ? WHERE position = ?", kept, new, seal.position)
            chain = new
        else:
            chain = seal.chain
    journal.do("UPDATE ground_journalhead SET chain = ?", chain)
    # Only anchors can tell, and the first one that does not fit tells that it lies at or before its position.
    anchored = -(-position // ANCHORED_EVERY) * ANCHORED_EVERY
    return Tampering("the chain written anew", positions=frozenset({anchored}), of_seals=True)


KINDS: tuple[Callable[[Journal, random.Random], Tampering], ...] = (
    *(change_a_byte, change_a_byte, change_a_number, change_a_time, remove_entries, remove_with_seals, cut_the_end),
    *(swap_entries, swap_seals, insert_between, insert_unsealed, change_a_seal, write_anew),
    *(move_a_seal_far, spoil_a_time),
)


def _columns(journal: Journal) -> list[tuple[str]]:
    from bridgehead.ground.models import JournalEntry

    return [(field.column,) for field in JournalEntry._meta.concrete_fields]


def _long_ago(journal: Journal) -> object:
    from datetime import UTC, datetime

    from django.db import connection

    return connection.ops.adapt_datetimefield_value(datetime(2024, 2, 29, 8, 30, tzinfo=UTC))


def file_bytes(folder: Path, dice: random.Random) -> Tampering | None:
    """Flip one bit of an entry's text in the database file itself; None where the place belongs to no sealed entry."""
    file = folder / "bridgehead.sqlite3"
    with sqlite3.connect(file) as raw:
        rows = raw.execute(
            f"SELECT e.id, s.position, e.after FROM {ENTRY} e JOIN {SEAL} s ON s.entry_id = e.id"
        ).fetchall()
    raw.close()
    entry, position, after = dice.choice(rows)
    content, told = file.read_bytes(), after.encode()
    if content.count(told) != 1:
        return None
    at = content.index(told) + dice.randrange(len(told))
    file.write_bytes(content[:at] + bytes([content[at] ^ (1 << dice.randrange(8))]) + content[at + 1 :])
    return Tampering("a bit of the database file", frozenset({entry}), frozenset({position}))
