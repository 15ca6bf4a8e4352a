"""A backup taken while fifty people write and hand in files: what was confirmed before is restored, nothing is half."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from proofs.platform import database_url, environment, start_django
from proofs.registry import Asked, Figures, Option, Outcome, Proof
from proofs.writers import Written, register, write

WRONG = ("lost", "half", "files lost", "files half", "files with other content", "findings")
LINES = 200
UPLOAD_PAUSE_S = 0.01


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
        before = asked.folder / "before.json"
        before.write_text(json.dumps(told["before"]), encoding="utf-8")
        found = _process("look", environment(empty, second), str(before))
    if isinstance(found, str):
        return Outcome(faults=[found])
    row: Figures = {
        "writers": asked.options["writers"],
        "actions while it ran": told["during"],
        "files while it ran": told["files during"],
        "backup s": told["took"],
        "size MB": round(archive.stat().st_size / 1e6, 2),
        "restore s": round(took, 1),
        "entries": found["entries"],
        "confirmed before": told["confirmed"],
        "files confirmed before": len(told["before"]["files"]),
        **{name: found[name] for name in ("files", *WRONG)},
    }
    faults = [*told["faults"], *(f"{found[name]} {name}" for name in WRONG if found[name])]
    for name in ("during", "files during"):
        if not told[name]:
            faults.append(f"nothing was written while the backup was taken: {told[name]} {name}")
    return Outcome(rows=[row], faults=faults)


def _process(part: str, environ: dict[str, str], *words: str) -> dict[str, Any] | str:
    command = [sys.executable, "-m", "proofs.restore", part, *words]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"{part}: {done.stderr[-2000:]}"
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def content(name: str) -> bytes:
    """Return what is in a file of a name, so that whoever finds it later knows it without having been told."""
    return f"{name},{'口岸' * 20}\n".encode() * LINES


@dataclass
class Uploads:
    """People who hand in one file after the other, and the names of those that were acknowledged."""

    ends: float
    acknowledged: list[str] = field(default_factory=list)
    written: Written = field(default_factory=Written)

    def run(self, number: int) -> None:
        """Hand in files until the end; what fails is noted."""
        from django.db import connection

        from bridgehead.ground.access.viewer import system
        from bridgehead.ground.files.actions import store_file
        from bridgehead.ground.files.uploads import receive
        from bridgehead.ground.people.organisations import create_organisation

        by, code = system("proof"), f"proof-{number}"
        at = create_organisation(by=by, code=code, name_zh=code, name_en=code, kind="enterprise")
        count = 0
        while time.time() < self.ends:
            count += 1
            name = f"{number}-{count}.csv"
            try:
                store_file(by=by, owner=at.pk, file=receive(content(name), name, "text/csv"))
                self.acknowledged.append(name)
            except Exception as error:
                self.written.note(error)
            time.sleep(UPLOAD_PAUSE_S)
        connection.close()


def work(writers: int, seconds: float, archive: Path) -> dict[str, Any]:
    """Let people write and hand in files; back up in the middle; return what was acknowledged before it and during."""
    start_django(os.environ["BRIDGEHEAD_DATABASE_URL"], Path(os.environ["BRIDGEHEAD_DATA"]))
    from bridgehead.ground.backup.saving import save
    from bridgehead.ground.journal.seal import Sealer

    pks, ends = register(writers), time.time() + seconds
    sealer, written, uploads = Sealer(), Written(versions={pk: [] for pk in pks}), Uploads(ends)
    threads = [threading.Thread(target=uploads.run, args=(number,)) for number in range(max(2, writers // 10))]
    threads.append(threading.Thread(target=write, args=(pks, ends, written)))
    for thread in (sealer, *threads):
        thread.start()

    def acknowledged() -> int:
        return sum(map(len, written.versions.values()))

    time.sleep(seconds / 2)  # so that the backup has something to do, and is written to while it does it
    before = {
        "people": {str(pk): max(versions, default=1) for pk, versions in written.versions.items()},
        "files": list(uploads.acknowledged),
    }
    confirmed, count, begun = acknowledged(), len(before["files"]), time.monotonic()
    saved = save(archive)
    took = time.monotonic() - begun
    during, files_during = acknowledged() - confirmed, len(uploads.acknowledged) - count
    for thread in threads:
        thread.join()
    sealer.end()
    faults = [*written.faults, *uploads.written.faults, *(f"missing in the backup: {name}" for name in saved.missing)]
    return {
        "before": before,
        "confirmed": confirmed,
        "during": during,
        "files during": files_during,
        "took": round(took, 2),
        "faults": faults,
    }


def look(before: dict[str, Any]) -> dict[str, int]:
    """Hold a restored platform against what was confirmed: all of it is there, and nothing is there in part."""
    start_django(os.environ["BRIDGEHEAD_DATABASE_URL"], Path(os.environ["BRIDGEHEAD_DATA"]))
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.journal.verify import verify
    from bridgehead.ground.models import JournalEntry, Person

    with as_system("proof"):
        seen: dict[str, list[dict[str, Any]]] = {}
        rows = JournalEntry.objects.filter(record_kind="person").order_by("id").values_list("record_id", "after")
        for record, after in rows.iterator(chunk_size=5000):
            seen.setdefault(record, []).append(json.loads(after))
        people = {str(pk): (version, name) for pk, version, name in Person.objects.values_list("pk", "version", "name")}
        versions = {pk: {int(one["version"]) for one in entries} for pk, entries in seen.items()}
        lost = sum(len({*range(1, last + 1)} - versions.get(pk, set())) for pk, last in before["people"].items())
        half = sum(
            [one["version"] for one in seen.get(pk, ())] != list(range(1, version + 1)) or seen[pk][-1]["name"] != name
            for pk, (version, name) in people.items()
        ) + len(seen.keys() - people.keys())
        files = _files(before["files"])
        report = verify()
    return {"entries": report.entries, "lost": lost, "half": half, "findings": len(report.findings), **files}


def _files(confirmed: list[str]) -> dict[str, int]:
    """Compare every file with what was handed in, byte by byte, and with its entry."""
    from bridgehead.ground.files.uploads import file_store
    from bridgehead.ground.models import JournalEntry, StoredFile
    from bridgehead.kernel.errors import BridgeheadError

    noted = Counter(JournalEntry.objects.filter(action="file.store").values_list("record_id", flat=True))
    rows = {str(row.pk): row for row in StoredFile.objects.all()}
    wrong = 0
    for row in rows.values():
        try:
            wrong += file_store().open_whole(row.sha256) != content(row.name)
        except BridgeheadError:
            wrong += 1
    return {
        "files": len(rows),
        "files lost": len({*confirmed} - {row.name for row in rows.values()}),
        "files half": sum(noted[pk] != 1 for pk in {*noted, *rows}) + len(noted.keys() - rows.keys()),
        "files with other content": wrong,
    }


PROOF = Proof(
    name="restore",
    title="a backup taken while people write and hand in files is whole, and restores to what was confirmed",
    run=run,
    options=(Option("writers", 50, 8, "people writing at once"), Option("seconds", 60, 6, "how long they write")),
)

if __name__ == "__main__":
    if sys.argv[1] == "work":
        print(json.dumps(work(int(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4]))))
    else:
        print(json.dumps(look(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))))
