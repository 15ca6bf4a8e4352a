"""Fifty writers for a minute: journalled actions a second, none lost, chain intact."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from proofs.platform import database_url, environment
from proofs.registry import Asked, Figures, Option, Outcome, Proof

PROMISED_A_SECOND = 1000
PROCESSES = {"sqlite": 1, "postgresql": 4}
LEVELS = {"sqlite": ("normal", "full"), "postgresql": ("fsync on",)}


def run(asked: Asked) -> Outcome:
    """Run the writers at each level of durability, each in a fresh platform of its own."""
    outcome = Outcome()
    for level in LEVELS[asked.database]:
        folder = asked.folder / level.replace(" ", "-")
        folder.mkdir()
        with database_url(asked.database, folder) as url:
            environ = environment(url, folder, level if asked.database == "sqlite" else "full")
            sizes = [str(asked.options["writers"]), str(asked.options["seconds"]), str(PROCESSES[asked.database])]
            command = [sys.executable, "-m", "proofs.load", *sizes]
            done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            outcome.faults.append(f"{level}: {done.stderr[-2000:]}")
            continue
        row: Figures = {"durability": level, **json.loads(done.stdout.splitlines()[-1])}
        outcome.rows.append(row)
        outcome.faults += _faults(row, asked)
    return outcome


def _faults(row: Figures, asked: Asked) -> list[str]:
    found = []
    for name in ("lost", "doubled", "findings", "unsealed"):
        if row[name]:
            found.append(f"{row['durability']}: {row[name]} {name}")
    promised = row["durability"] != "full" and not asked.smoke
    if promised and float(row["actions/s"]) < PROMISED_A_SECOND:
        found.append(f"{row['durability']}: {row['actions/s']} actions a second, {PROMISED_A_SECOND} promised")
    return found


def measure(writers: int, seconds: float, processes: int) -> Figures:
    """Run the writers in this process, or in several beside it, and hold the journal against what they were told."""
    from pathlib import Path

    from proofs.platform import start_django
    from proofs.writers import register, write

    start_django(
        os.environ["BRIDGEHEAD_DATABASE_URL"],
        Path(os.environ["BRIDGEHEAD_DATA"]),
        os.environ["BRIDGEHEAD_SQLITE_SYNCHRONOUS"],
    )
    from bridgehead.ground.journal.seal import Sealer

    pks = register(writers)
    sealer = Sealer()
    sealer.start()
    begun = time.time()
    if processes == 1:
        done = dict(zip(pks, write(pks, begun + seconds), strict=True))
    else:
        begun += 3  # for the processes to start
        done = _in_processes(pks, begun, begun + seconds, processes)
    took = time.time() - begun
    lag = _longest_lag()
    sealer.end()
    return {
        "writers": writers,
        "processes": processes,
        "seconds": round(took, 1),
        **_held(done, took),
        "seal lag s": lag,
    }


def _in_processes(pks: list[int], begin: float, ends: float, processes: int) -> dict[int, int]:
    shares = [pks[at::processes] for at in range(processes)]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "proofs.writers", str(begin), str(ends), *map(str, share)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for share in shares
    ]
    done: dict[int, int] = {}
    for process, share in zip(started, shares, strict=True):
        told = process.communicate()[0]
        done |= dict(zip(share, map(int, told.split()), strict=True))
    return done


def _held(done: dict[int, int], took: float) -> Figures:
    """Hold the journal against the acknowledged changes: each version of each person exactly once."""
    from collections import Counter

    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.journal.seal import seal_pending
    from bridgehead.ground.journal.verify import verify
    from bridgehead.ground.models import JournalEntry

    seal_pending()
    report = verify()
    seen: Counter[tuple[str, int]] = Counter()
    with as_system("proof"):
        rows = JournalEntry.objects.filter(action="person.edit_profile").values_list("record_id", "after")
        for record, after in rows.iterator(chunk_size=5000):
            seen[record, int(json.loads(after)["version"])] += 1
    # Everybody begins with version 1, so the n-th acknowledged change wrote version n + 1.
    lost = sum((str(pk), version) not in seen for pk, count in done.items() for version in range(2, count + 2))
    return {
        "actions": sum(done.values()),
        "actions/s": round(sum(done.values()) / took, 1),
        "slowest writer": min(done.values()),
        "fastest writer": max(done.values()),
        "lost": lost,
        "doubled": sum(count - 1 for count in seen.values()),
        "sealed": report.sealed,
        "unsealed": len(report.unsealed),
        "findings": len(report.findings),
    }


def _longest_lag() -> float:
    """Return the longest time between an entry and its seal, from a sample of the chain."""
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.models import JournalEntry, JournalSeal

    with as_system("proof"):
        seals = dict(JournalSeal.objects.order_by("-position").values_list("entry_id", "sealed_at")[:20_000])
        entries = JournalEntry.objects.filter(pk__gt=min(seals, default=0)).values_list("id", "recorded_at")
        lags = [(seals[pk] - at).total_seconds() for pk, at in entries if pk in seals]
    return round(max(lags, default=0.0), 2)


PROOF = Proof(
    name="load",
    title="50 writers for a minute lose nothing; 1,000 journalled actions a second",
    run=run,
    options=(Option("writers", 50, 8, "people writing at once"), Option("seconds", 60, 2, "how long they write")),
)

if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))))
