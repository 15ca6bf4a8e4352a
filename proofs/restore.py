"""A backup taken while fifty people write, restored: everything confirmed before it began is there, nothing is half."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from proofs.platform import database_url, environment
from proofs.registry import Asked, Figures, Option, Outcome, Proof


def run(asked: Asked) -> Outcome:
    """Write, back up meanwhile, restore into an empty platform of the same kind, and hold both against each other."""
    first, second = asked.folder / "first", asked.folder / "second"
    first.mkdir()
    second.mkdir()
    archive = asked.folder / "under-load.tar.gz"
    with (
        database_url(asked.database, first) as url,
        database_url(asked.database, second) as empty,
    ):
        sizes = [str(asked.options["writers"]), str(asked.options["seconds"]), str(archive)]
        told = _process("work", environment(url, first), *sizes)
        if isinstance(told, str):
            return Outcome(faults=[told])
        command = [sys.executable, "-c", "from bridgehead.cli.main import main; main()"]
        words = ["restore", str(archive), "--json"]
        begun = time.monotonic()
        done = subprocess.run(
            [*command, *words], env=environment(empty, second), capture_output=True, text=True, check=False
        )
        took = time.monotonic() - begun
        if done.returncode:
            return Outcome(faults=[done.stderr[-2000:]])
        found = _process("look", environment(empty, second), json.dumps(told["before"]))
    if isinstance(found, str):
        return Outcome(faults=[found])
    row: Figures = {
        "writers": asked.options["writers"],
        "actions while it ran": told["during"],
        "backup s": told["took"],
        "size MB": round(archive.stat().st_size / 1e6, 2),
        "restore s": round(took, 1),
        "entries": found["entries"],
        "confirmed before": sum(told["before"].values()),
        "lost": found["lost"],
        "half": found["half"],
        "findings": found["findings"],
    }
    faults = [f"{found[name]} {name}" for name in ("lost", "half", "findings") if found[name]]
    if not told["during"]:
        faults.append("nobody wrote while the backup was taken")
    return Outcome(rows=[row], faults=faults)


def _process(part: str, environ: dict[str, str], *words: str) -> dict[str, object] | str:
    command = [sys.executable, "-m", "proofs.restore", part, *words]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"{part}: {done.stderr[-2000:]}"
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def work(writers: int, seconds: float, archive: Path) -> dict[str, object]:
    """Let people write; back up in the middle; return what was confirmed before it began and how much came during."""
    import os
    import threading

    from proofs.platform import start_django
    from proofs.writers import register, write

    start_django(os.environ["BRIDGEHEAD_DATABASE_URL"], Path(os.environ["BRIDGEHEAD_DATA"]))
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.backup.saving import save
    from bridgehead.ground.journal.seal import Sealer
    from bridgehead.ground.models import JournalEntry, Person

    pks = register(writers)
    sealer = Sealer()
    sealer.start()
    writing = threading.Thread(target=write, args=(pks, time.time() + seconds))
    writing.start()
    with as_system("proof"):
        patience = time.monotonic() + seconds
        while JournalEntry.objects.count() < 3 * writers and time.monotonic() < patience:
            time.sleep(0.05)
        before = {str(pk): version - 1 for pk, version in Person.objects.values_list("pk", "version")}
        count = JournalEntry.objects.count()
        begun = time.monotonic()
        save(archive)
        took = time.monotonic() - begun
        during = JournalEntry.objects.count() - count
    writing.join()
    sealer.end()
    return {"before": before, "during": during, "took": round(took, 2)}


def look(before: dict[str, int]) -> dict[str, int]:
    """Hold a restored platform against what was confirmed: each change of each person once, none without its entry."""
    import os

    from proofs.platform import start_django

    start_django(os.environ["BRIDGEHEAD_DATABASE_URL"], Path(os.environ["BRIDGEHEAD_DATA"]))
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.journal.verify import verify
    from bridgehead.ground.models import JournalEntry, Person

    with as_system("proof"):
        seen: dict[str, list[int]] = {}
        rows = JournalEntry.objects.filter(record_kind="person").values_list("record_id", "after")
        for record, after in rows.iterator(chunk_size=5000):
            seen.setdefault(record, []).append(int(json.loads(after)["version"]))
        people = dict(Person.objects.values_list("pk", "version"))
        lost = sum(max(0, count + 1 - len(seen.get(pk, []))) for pk, count in before.items())
        half = sum(sorted(seen.get(str(pk), [])) != list(range(1, version + 1)) for pk, version in people.items())
        report = verify()
    return {"entries": report.entries, "lost": lost, "half": half, "findings": len(report.findings)}


PROOF = Proof(
    name="restore",
    title="a backup taken while people write is whole, and restores to what was confirmed",
    run=run,
    options=(Option("writers", 50, 8, "people writing at once"), Option("seconds", 60, 6, "how long they write")),
)

if __name__ == "__main__":
    if sys.argv[1] == "work":
        print(json.dumps(work(int(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]))))
    else:
        print(json.dumps(look(json.loads(sys.argv[2]))))
