"""A thousand tampered journals: every change, move, insertion and removal is found, and found where it is.

Found is a tampering if `verify` tells anything; located if it names every entry, or every seal, that was tampered with.
Beside that it may name other places, which are counted: the head, when the end of the chain is not what it was; every
later anchor of a chain that was written anew; and, where two seals changed places, the links behind both, which do not
follow from what stands before them.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proofs.platform import database_url, environment
from proofs.registry import Asked, Option, Outcome, Proof
from proofs.tampering import ANCHORED_EVERY, ENTRY, KINDS, SEAL, Journal, Tampering, file_bytes

if TYPE_CHECKING:
    from bridgehead.kernel.chain import Anchor

ENTRIES = 300


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
    from bridgehead.ground.journal.verify import verify

    with as_system("proof"):
        _fill()
    kept = _anchors()
    dice = random.Random(seed)
    counts: dict[str, Counter[str]] = {}
    pointing: dict[str, Counter[str]] = {}
    faults: list[str] = []
    with as_system("proof"):
        if not verify(kept).sound:
            return {"rows": [], "faults": ["the journal is not sound before anything is done to it"]}
        for at in range(count):
            kinds = len(KINDS) + (connection.vendor == "sqlite")
            done, report = _one(folder, dice, KINDS[at % kinds] if at % kinds < len(KINDS) else None, kept)
            if done is None:
                continue
            told = counts.setdefault(done.kind, Counter())
            told["tried"] += 1
            found = not report.sound
            located = done.located(report.findings)
            elsewhere = done.elsewhere(report.findings)
            pointing.setdefault(done.kind, Counter()).update(elsewhere)
            told["found"] += found
            told["located"] += found and located
            told["pointed elsewhere too"] += bool(elsewhere)
            if not (found and located):
                faults.append(f"{done}: {report.findings[:5]}")
        if not verify(kept).sound:
            faults.append("the journal is not sound after everything was put back")
    rows = [{"tampering": kind, **told, "elsewhere": _told(pointing[kind])} for kind, told in sorted(counts.items())]
    total = {
        name: sum(told[name] for told in counts.values())
        for name in ("tried", "found", "located", "pointed elsewhere too")
    }
    return {"rows": [*rows, {"tampering": "all", **total}], "faults": faults[:20]}


def _told(kinds: Counter[str]) -> str:
    return ", ".join(f"{kind} x {count}" for kind, count in sorted(kinds.items()))


def _anchors() -> tuple[Anchor, ...]:
    """Return what would have been carried out of the house: a link now and then, the last one at the head."""
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.models import JournalSeal
    from bridgehead.kernel.chain import Anchor

    with as_system("proof"):
        links = dict(JournalSeal.objects.values_list("position", "chain"))
    if max(links) % ANCHORED_EVERY:
        raise RuntimeError(f"{max(links)} positions, the last one of them is to be anchored")
    return tuple(Anchor(position, links[position]) for position in sorted(links) if position % ANCHORED_EVERY == 0)


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
        edit_profile(
            by=viewer_of(people[who]), version=versions[who], name=f"乙{at}", reason=f"第 {at} 次", once=_key(at)
        )
        versions[who] += 1
        at += 1
        if at % 17 == 0:
            seal_pending(7)
    seal_pending()


def _key(at: int) -> str:
    """Return the key of a form, for every other change one."""
    return hashlib.sha256(str(at).encode()).hexdigest()[:32] if at % 2 else ""


def _one(folder: Path, dice: random.Random, kind: Any, anchors: tuple[Anchor, ...]) -> tuple[Tampering | None, Any]:
    """Tamper once, verify, and put everything back."""
    from django.db import connection, transaction

    from bridgehead.ground.journal.verify import verify

    if kind is None:
        connection.close()
        file = folder / "bridgehead.sqlite3"
        with sqlite3.connect(file) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
        sound = shutil.copy2(file, folder / "sound.sqlite3")
        done = file_bytes(folder, dice)
        report = verify(anchors)
        connection.close()
        shutil.copy2(sound, file)
        return done, report
    with transaction.atomic():
        _without_triggers(connection)
        done = kind(Journal(connection, "%s"), dice)
        report = verify(anchors)
        transaction.set_rollback(True)
    return done, report


def _without_triggers(connection: Any) -> None:
    """Take the triggers away, as somebody who owns the database can; the end of the transaction brings them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in (ENTRY, SEAL):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)", [ENTRY, SEAL])
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
