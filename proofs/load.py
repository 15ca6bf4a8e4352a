"""Fifty writers for a minute: journalled actions a second, none lost, chain intact."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from proofs.platform import database_url, environment
from proofs.registry import Asked, Figures, Option, Outcome, Proof
from proofs.writers import Written, register, write

PROMISED_A_SECOND = 1000
PROMISED_LAG_S = 1.0
PROCESSES = {"sqlite": 1, "postgresql": 4}
LEVELS = {
    "sqlite": {"normal": "wal, synchronous normal", "full": "wal, synchronous full"},
    "postgresql": {"full": "fsync on, synchronous_commit on"},
}
"""What is asked of each database, and what it must say is in force then."""
NOTHING_PROMISED = "wal, synchronous full"


def run(asked: Asked) -> Outcome:
    """Run the writers at each level of durability, each in a fresh platform of its own."""
    outcome = Outcome()
    for level, in_force in LEVELS[asked.database].items():
        folder = asked.folder / level
        folder.mkdir()
        with database_url(asked.database, folder) as url:
            environ = environment(url, folder, level)
            sizes = [str(asked.options["writers"]), str(asked.options["seconds"]), str(PROCESSES[asked.database])]
            command = [sys.executable, "-m", "proofs.load", *sizes]
            done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            outcome.faults.append(f"{in_force}: {done.stderr[-2000:]}")
            continue
        told = json.loads(done.stdout.splitlines()[-1])
        row: Figures = told["row"]
        outcome.rows.append(row)
        outcome.faults += [f"{in_force}: {fault}" for fault in (*told["faults"], *_faults(row, in_force, asked))]
    return outcome


def _faults(row: Figures, in_force: str, asked: Asked) -> list[str]:
    found = [f"{row[name]} {name}" for name in ("lost", "doubled", "findings") if row[name]]
    if row["durability"] != in_force:
        found.append(f"the database says {row['durability']}")
    if not row["actions"]:
        found.append("nobody wrote anything")
    if asked.smoke:
        return found
    if in_force != NOTHING_PROMISED and float(row["actions/s"]) < PROMISED_A_SECOND:
        found.append(f"{row['actions/s']} actions a second, {PROMISED_A_SECOND} promised")
    if float(row["lag p99 s"]) > PROMISED_LAG_S:
        found.append(f"sealed after {row['lag p99 s']} s (99th percentile), within {PROMISED_LAG_S:g} s promised")
    return found


def measure(writers: int, seconds: float, processes: int) -> dict[str, Any]:
    """Run the writers in this process, or in several beside it, and hold the journal against what they were told."""
    from proofs.platform import start_django
    from proofs.sealing import Watched

    start_django(
        os.environ["BRIDGEHEAD_DATABASE_URL"],
        Path(os.environ["BRIDGEHEAD_DATA"]),
        os.environ["BRIDGEHEAD_SQLITE_SYNCHRONOUS"],
    )
    pks = register(writers)
    with Watched() as sealing:
        if processes == 1:
            begun = time.time()
            written = write(pks, begun + seconds)
            took = time.time() - begun
        else:
            written, took = _in_processes(pks, seconds, processes)
    lag = sealing.lag()
    row = {
        "durability": " and ".join(written.durability),
        "writers": writers,
        "processes": processes,
        "seconds": round(took, 1),
        **_held(written, took),
        **lag,
    }
    return {"row": row, "faults": [*written.faults, *sealing.faults]}


def _in_processes(pks: list[int], seconds: float, processes: int) -> tuple[Written, float]:
    """Let processes write, all of them from the moment the last one is ready; return what they were told, and how long.

    How long a process takes to start is the machine's affair: it is waited for, not guessed.
    """
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "proofs.writers", *map(str, pks[at::processes])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for at in range(processes)
    ]
    for process in started:
        assert process.stdout is not None
        process.stdout.readline()
    begun = time.time()
    for process in started:
        assert process.stdin is not None
        if process.poll() is None:
            process.stdin.write(f"{begun + seconds}\n")
            process.stdin.flush()
    told = [process.stdout.readline() for process in started if process.stdout is not None]
    took = time.time() - begun
    written = Written()
    for process, line in zip(started, told, strict=True):
        process.communicate()
        if process.returncode:
            written.note(RuntimeError(f"a process of writers ended with exit code {process.returncode}"))
        else:
            written.add(Written(**json.loads(line)))
    return written, took


def _held(written: Written, took: float) -> Figures:
    """Hold the journal against the acknowledged changes: each version of each person exactly once."""
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.journal.verify import verify
    from bridgehead.ground.models import JournalEntry

    report = verify()
    seen: Counter[tuple[str, int]] = Counter()
    with as_system("proof"):
        rows = JournalEntry.objects.filter(action="person.edit_profile").values_list("record_id", "after")
        for record, after in rows.iterator(chunk_size=5000):
            seen[record, int(json.loads(after)["version"])] += 1
    acknowledged = [(str(pk), version) for pk, versions in written.versions.items() for version in versions]
    counts = [len(versions) for versions in written.versions.values()]
    return {
        "actions": len(acknowledged),
        "failed": written.failed,
        "actions/s": round(len(acknowledged) / took, 1),
        "slowest writer": min(counts, default=0),
        "fastest writer": max(counts, default=0),
        "lost": sum(one not in seen for one in acknowledged),
        "doubled": sum(count - 1 for count in seen.values()),
        "sealed": report.sealed,
        "findings": len(report.findings),
    }


PROOF = Proof(
    name="load",
    title="50 writers for a minute lose nothing; 1,000 journalled actions a second, sealed within a second",
    run=run,
    options=(Option("writers", 50, 8, "people writing at once"), Option("seconds", 60, 2, "how long they write")),
)

if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))))
