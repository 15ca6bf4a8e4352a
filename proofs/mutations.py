"""A thousand tampered journals: every change, move, insertion and removal is found, and found where it is."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from proofs.platform import database_url, environment
from proofs.registry import Asked, Option, Outcome, Proof

ENTRIES = 300
_ENTRY, _SEAL = "ground_journalentry", "ground_journalseal"


@dataclass(frozen=True)
class Tampering:
    """One thing done to a journal behind its back, and where a finding has to point: entry ids or positions."""

    kind: str
    entries: frozenset[int] = frozenset()
    positions: frozenset[int] = frozenset()


class Journal:
    """Raw access to the journal's tables, past every trigger, on either database."""

    def __init__(self, connection: Any, mark: str) -> None:
        self.connection = connection
        self.mark = mark

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
    found = journal.rows(f"SELECT entry_id, position FROM {_SEAL} ORDER BY position")
    return dice.choice(found)  # type: ignore[return-value]


TEXTS = ("actor_name", "role", "action", "record_kind", "record_id", "before", "after", "reason", "request", "digest")
NUMBERS = ("actor_id", "on_behalf_of", "mandate_id", "delegation_id", "owner_id", "office_id")


def change_a_byte(journal: Journal, dice: random.Random) -> Tampering:
    """Flip one bit of one character of a text, or add one where there is none."""
    entry, position = _sealed(journal, dice)
    column = dice.choice(TEXTS)
    old = journal.rows(f"SELECT {column} FROM {_ENTRY} WHERE id = ?", entry)[0][0]
    if old:
        at = dice.randrange(len(old))
        other = chr(ord(old[at]) ^ (1 << dice.randrange(5)))
        new = old[:at] + (other if other.isprintable() else "~") + old[at + 1 :]
        new = new if new != old else old + "."
    else:
        new = "."
    journal.do(f"UPDATE {_ENTRY} SET {column} = ? WHERE id = ?", new, entry)
    return Tampering("a byte of an entry", frozenset({entry}), frozenset({position}))


def change_a_number(journal: Journal, dice: random.Random) -> Tampering:
    """Change who did it, for whom, under which mandate, or whose it is."""
    entry, position = _sealed(journal, dice)
    column = dice.choice(NUMBERS)
    old = journal.rows(f"SELECT {column} FROM {_ENTRY} WHERE id = ?", entry)[0][0]
    new = dice.choice([value for value in (None, 1, (old or 0) + 1) if value != old])
    journal.do(f"UPDATE {_ENTRY} SET {column} = ? WHERE id = ?", new, entry)
    return Tampering("a number of an entry", frozenset({entry}), frozenset({position}))


def change_a_time(journal: Journal, dice: random.Random) -> Tampering:
    """Give an entry the time of another one."""
    entry, position = _sealed(journal, dice)
    column = dice.choice(("recorded_at", "effective_at"))
    old = journal.rows(f"SELECT {column} FROM {_ENTRY} WHERE id = ?", entry)[0][0]
    other = journal.rows(f"SELECT {column} FROM {_ENTRY} WHERE {column} <> ? ORDER BY id", old)
    journal.do(f"UPDATE {_ENTRY} SET {column} = ? WHERE id = ?", dice.choice(other)[0], entry)
    return Tampering("a time of an entry", frozenset({entry}), frozenset({position}))


def remove_entries(journal: Journal, dice: random.Random) -> Tampering:
    """Remove a few entries in a row and leave their seals."""
    entry, _ = _sealed(journal, dice)
    gone = [entry + step for step in range(dice.randint(1, 3))]
    there = journal.rows(f"SELECT s.position, e.id FROM {_ENTRY} e JOIN {_SEAL} s ON s.entry_id = e.id")
    hit = [(position, pk) for position, pk in there if pk in gone]
    for _, pk in hit:
        journal.do(f"DELETE FROM {_ENTRY} WHERE id = ?", pk)
    return Tampering("entries removed", frozenset(pk for _, pk in hit), frozenset(p for p, _ in hit))


def remove_with_seals(journal: Journal, dice: random.Random) -> Tampering:
    """Remove an entry and its seal."""
    entry, position = _sealed(journal, dice)
    journal.do(f"DELETE FROM {_ENTRY} WHERE id = ?", entry)
    journal.do(f"DELETE FROM {_SEAL} WHERE position = ?", position)
    return Tampering("an entry and its seal removed", frozenset({entry}), frozenset({position}))


def cut_the_end(journal: Journal, dice: random.Random) -> Tampering:
    """Remove the last entries with their seals and take the head back, as if they had never been."""
    last = journal.rows(f"SELECT max(position) FROM {_SEAL}")[0][0]
    cut = last - dice.randint(1, 20)
    gone = journal.rows(f"SELECT entry_id, position FROM {_SEAL} WHERE position > ?", cut)
    journal.do(f"DELETE FROM {_ENTRY} WHERE id IN (SELECT entry_id FROM {_SEAL} WHERE position > ?)", cut)
    journal.do(f"DELETE FROM {_SEAL} WHERE position > ?", cut)
    chain = journal.rows(f"SELECT chain FROM {_SEAL} WHERE position = ?", cut)[0][0]
    journal.do("UPDATE ground_journalhead SET position = ?, chain = ?", cut, chain)
    return Tampering("the end cut off", positions=frozenset(position for _, position in gone))


def swap_entries(journal: Journal, dice: random.Random) -> Tampering:
    """Let two entries change places."""
    (one, at), (other, there) = _sealed(journal, dice), _sealed(journal, dice)
    while one == other:
        other, there = _sealed(journal, dice)
    for old, new in ((one, -1), (other, one), (-1, other)):
        journal.do(f"UPDATE {_ENTRY} SET id = ? WHERE id = ?", new, old)
    return Tampering("entries swapped", frozenset({one, other}), frozenset({at, there}))


def swap_seals(journal: Journal, dice: random.Random) -> Tampering:
    """Let two seals change places."""
    (_, one), (_, other) = _sealed(journal, dice), _sealed(journal, dice)
    while one == other:
        _, other = _sealed(journal, dice)
    for old, new in ((one, -1), (other, one), (-1, other)):
        journal.do(f"UPDATE {_SEAL} SET position = ? WHERE position = ?", new, old)
    return Tampering("seals swapped", positions=frozenset({one, other}))


def insert_between(journal: Journal, dice: random.Random) -> Tampering:
    """Put a sound-looking entry, digest and all, where one was removed."""
    from django.utils import timezone

    from bridgehead.ground.journal.entries import digest
    from bridgehead.ground.models import JournalEntry

    entry, position = _sealed(journal, dice)
    model = JournalEntry.objects.get(pk=dice.choice([pk for (pk,) in journal.rows(f"SELECT id FROM {_ENTRY}")]))
    model.reason, model.once = "as if it had always been here", None
    model.effective_at = timezone.now()
    told = digest(model)
    columns = (
        "recorded_at, effective_at, actor_id, actor_name, on_behalf_of, role, mandate_id, delegation_id, action,"
        " record_kind, record_id, owner_id, office_id, before, after, reason, request, once"
    )
    journal.do(f"DELETE FROM {_ENTRY} WHERE id = ?", entry)
    source = model.pk if model.pk != entry else journal.rows(f"SELECT min(id) FROM {_ENTRY}")[0][0]
    journal.do(
        f"INSERT INTO {_ENTRY} (id, {columns}, digest)"
        f" SELECT {entry}, {columns.replace('once', 'NULL')}, ? FROM {_ENTRY} WHERE id = ?",
        told,
        source,
    )
    return Tampering("an entry put in place of another", frozenset({entry}), frozenset({position}))


def insert_unsealed(journal: Journal, dice: random.Random) -> Tampering:
    """Slip an old-looking entry in below the first one, without a seal."""
    low = journal.rows(f"SELECT min(id) FROM {_ENTRY}")[0][0] - dice.randint(1, 50)
    columns = [name for (name,) in _columns(journal) if name not in ("id", "once")]
    names = ", ".join(columns)
    source, _ = _sealed(journal, dice)
    journal.do(f"INSERT INTO {_ENTRY} (id, {names}) SELECT {low}, {names} FROM {_ENTRY} WHERE id = ?", source)
    journal.do(f"UPDATE {_ENTRY} SET recorded_at = ? WHERE id = ?", _long_ago(journal), low)
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
        old = journal.rows(f"SELECT {column} FROM {_SEAL} WHERE position = ?", position)[0][0]
        at = dice.randrange(64)
        new = old[:at] + dice.choice([c for c in "0123456789abcdef" if c != old[at]]) + old[at + 1 :]
    journal.do(f"UPDATE {_SEAL} SET {column} = ? WHERE position = ?", new, position)
    return Tampering("a seal changed", frozenset({entry}), frozenset({position}))


def write_anew(journal: Journal, dice: random.Random) -> Tampering:
    """Change an entry and write the whole chain behind it anew, as somebody with all the code would."""
    from bridgehead.ground.journal.entries import digest, moment
    from bridgehead.ground.models import JournalEntry, JournalSeal
    from bridgehead.kernel.chain import GENESIS, link

    entry, position = _sealed(journal, dice)
    model = JournalEntry.objects.get(pk=entry)
    model.reason = f"it was like this {dice.random()}"
    told = digest(model)
    journal.do(f"UPDATE {_ENTRY} SET reason = ?, digest = ? WHERE id = ?", model.reason, told, entry)
    chain = GENESIS
    for seal in JournalSeal.objects.order_by("position"):
        kept = told if seal.position == position else seal.digest
        if seal.position >= position:
            new = link(chain, seal.position, seal.entry_id, kept, moment(seal.sealed_at))
            journal.do(f"UPDATE {_SEAL} SET digest = ?, chain = ? WHERE position = ?", kept, new, seal.position)
            chain = new
        else:
            chain = seal.chain
    journal.do("UPDATE ground_journalhead SET chain = ?", chain)
    # Only the anchor can tell, and it tells that the change lies at or before its position.
    return Tampering("the chain written anew", positions=frozenset({ENTRIES}))


KINDS: tuple[Callable[[Journal, random.Random], Tampering], ...] = (
    *(change_a_byte, change_a_byte, change_a_number, change_a_time, remove_entries, remove_with_seals, cut_the_end),
    *(swap_entries, swap_seals, insert_between, insert_unsealed, change_a_seal, write_anew),
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
            f"SELECT e.id, s.position, e.after FROM {_ENTRY} e JOIN {_SEAL} s ON s.entry_id = e.id"
        ).fetchall()
    raw.close()
    entry, position, after = dice.choice(rows)
    content, told = file.read_bytes(), after.encode()
    if content.count(told) != 1:
        return None
    at = content.index(told) + dice.randrange(len(told))
    file.write_bytes(content[:at] + bytes([content[at] ^ (1 << dice.randrange(8))]) + content[at + 1 :])
    return Tampering("a bit of the database file", frozenset({entry}), frozenset({position}))


def run(asked: Asked) -> Outcome:
    """Make a journal, tamper with copies of it one by one, and see whether each is found where it was done."""
    with database_url(asked.database, asked.folder, fsync=False) as url:
        command = [sys.executable, "-m", "proofs.mutations", str(asked.options["mutations"]), str(asked.seed)]
        environ = environment(url, asked.folder)
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        return Outcome(faults=[done.stderr[-3000:]])
    told = json.loads(done.stdout.splitlines()[-1])
    return Outcome(rows=told["rows"], faults=told["faults"])


def tamper(count: int, seed: int) -> dict[str, Any]:
    """Tamper so many times, each time with a sound journal; return figures by kind, and what was not found."""
    from proofs.platform import start_django

    folder = Path(os.environ["BRIDGEHEAD_DATA"])
    start_django(os.environ["BRIDGEHEAD_DATABASE_URL"], folder)
    from django.db import connection

    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.journal import anchors
    from bridgehead.ground.journal.verify import verify

    with as_system("proof"):
        _fill()
    anchor = anchors.head()
    dice = random.Random(seed)
    counts: dict[str, Counter[str]] = {}
    faults: list[str] = []
    with as_system("proof"):
        if not verify((anchor,)).sound:
            return {"rows": [], "faults": ["the journal is not sound before anything is done to it"]}
        for at in range(count):
            kinds = len(KINDS) + (connection.vendor == "sqlite")
            done, report = _one(folder, dice, KINDS[at % kinds] if at % kinds < len(KINDS) else None, anchor)
            if done is None:
                continue
            told = counts.setdefault(done.kind, Counter())
            told["tried"] += 1
            found = not report.sound
            there = [one.entry in done.entries or one.position in done.positions for one in report.findings]
            located = any(there)
            told["found"] += found
            told["located"] += found and located
            told["pointed elsewhere too"] += found and not all(there)
            if not (found and located):
                faults.append(f"{done}: {report.findings[:5]}")
        if not verify((anchor,)).sound:
            faults.append("the journal is not sound after everything was put back")
    rows = [{"tampering": kind, **told} for kind, told in sorted(counts.items())]
    total = {
        name: sum(told[name] for told in counts.values())
        for name in ("tried", "found", "located", "pointed elsewhere too")
    }
    return {"rows": [*rows, {"tampering": "all", **total}], "faults": faults[:20]}


def _fill() -> None:
    """Write a journal of `ENTRIES` entries of several kinds and seal it in batches."""
    from bridgehead.ground.access.grants import viewer_of
    from bridgehead.ground.access.viewer import system
    from bridgehead.ground.journal.seal import seal_pending
    from bridgehead.ground.models import JournalEntry
    from bridgehead.ground.people.accounts import edit_profile, register_person

    by = system("proof")
    people = [register_person(by=by, login=f"person-{at}", name=f"甲{at}") for at in range(20)]
    versions = dict.fromkeys(range(20), 1)
    at = 0
    while JournalEntry.objects.count() < ENTRIES:
        who = at % 20
        edit_profile(by=viewer_of(people[who]), version=versions[who], name=f"乙{at}", reason=f"第 {at} 次")
        versions[who] += 1
        at += 1
        if at % 17 == 0:
            seal_pending(7)
    seal_pending()


def _one(folder: Path, dice: random.Random, kind: Any, anchor: Any) -> tuple[Tampering | None, Any]:
    """Tamper once, verify, and put everything back."""
    from django.db import connection, transaction

    from bridgehead.ground.journal.verify import verify

    if kind is None:
        connection.close()
        file = folder / "bridgehead.sqlite3"
        with sqlite3.connect(file) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
        kept = shutil.copy2(file, folder / "kept.sqlite3")
        done = file_bytes(folder, dice)
        report = verify((anchor,))
        connection.close()
        shutil.copy2(kept, file)
        return done, report
    with transaction.atomic():
        _without_triggers(connection)
        done = kind(Journal(connection, "%s"), dice)
        report = verify((anchor,))
        transaction.set_rollback(True)
    return done, report


def _without_triggers(connection: Any) -> None:
    """Take the triggers away, as somebody who owns the database can; the end of the transaction brings them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in (_ENTRY, _SEAL):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)", [_ENTRY, _SEAL]
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


PROOF = Proof(
    name="mutations",
    title="every tampering with the journal is found, and found where it was done",
    run=run,
    options=(Option("mutations", 1000, 60, "how often the journal is tampered with"),),
)

if __name__ == "__main__":
    print(json.dumps(tamper(int(sys.argv[1]), int(sys.argv[2]))))
