"""Trouble with disk, database and clock: said clearly, nothing half, over by itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from proofs.platform import environment
from proofs.registry import Asked, Option, Outcome, Proof

PATIENCE_S = 40.0
SMALL_DISK = "16m"


@dataclass
class Actor:
    """A process that changes one record again and again, and what it was told each time."""

    process: subprocess.Popen[str]
    told: list[str] = field(default_factory=list)

    def since(self, at: int) -> Counter[str]:
        """Return how often each answer came since a moment."""
        return Counter(self.told[at:])

    def until(self, wanted: Callable[[Counter[str]], bool], at: int) -> bool:
        """Wait until the answers since a moment are as wanted; False if they never are."""
        patience = time.monotonic() + PATIENCE_S
        while time.monotonic() < patience:
            if wanted(self.since(at)):
                return True
            time.sleep(0.05)
        return False

    def say(self, words: str) -> None:
        """Tell the process something, such as by how much its clock is wrong."""
        assert self.process.stdin is not None
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()


@contextmanager
def acting(url: str, folder: Path) -> Iterator[Actor]:
    """Let a process act while the block runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "proofs.faults", "act"],
        env=environment(url, folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    actor = Actor(process)

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            actor.told.append(line.strip())

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield actor
    finally:
        actor.say("end")
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()


def run(asked: Asked) -> Outcome:
    """Try each fault in a platform of its own."""
    outcome = Outcome()
    if asked.database == "postgresql":
        _gone(asked, outcome)
    else:
        _full_and_read_only(asked, outcome)
    _clock(asked, outcome)
    return outcome


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Mount a small disk in memory on a folder; False where this machine does not allow it."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK},mode=777", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode:
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", str(folder)], check=False)
        if str(folder) in Path("/proc/mounts").read_text(encoding="utf-8"):
            subprocess.run(["umount", "-l", str(folder)], check=False)


def _full_and_read_only(asked: Asked, outcome: Outcome) -> None:
    folder = asked.folder / "small"
    with small_disk(folder) as mounted:
        if not mounted:
            outcome.rows.append({"fault": "full disk, read-only disk", "told": "not tried: no right to mount here"})
            return
        _prepare("", folder)
        with acting("", folder) as actor:
            _broken(
                outcome,
                actor,
                "full disk",
                ("database.full",),
                lambda: _fill(folder),
                (folder / "junk").unlink,
            )
        _held("", folder, "full disk", outcome)
        remount = ["mount", "-o", "remount,{},size=" + SMALL_DISK, str(folder)]
        subprocess.run([word.format("ro") for word in remount], check=True)
        with acting("", folder) as actor:
            _broken(
                outcome,
                actor,
                "read-only disk",
                ("database.read_only", "database.unavailable"),
                lambda: None,
                lambda: subprocess.run([word.format("rw") for word in remount], check=True),
                at_first=False,
            )
        _held("", folder, "read-only disk", outcome)


def _fill(folder: Path) -> None:
    with (folder / "junk").open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(b"x" * 4096)
        except OSError:
            pass


def _gone(asked: Asked, outcome: Outcome) -> None:
    from scripts.postgres import server

    folder = asked.folder / "gone"
    folder.mkdir()
    seconds = asked.options["gone"]
    with server() as one:
        _prepare(one.url, folder)

        def away() -> None:
            one.stop("immediate")

        def back() -> None:
            time.sleep(seconds)
            one.start()

        with acting(one.url, folder) as actor:
            _broken(outcome, actor, f"database gone for {seconds} s", ("database.unavailable",), away, back)
        _held(one.url, folder, "database gone", outcome)
        one.sql("ALTER DATABASE bridgehead SET default_transaction_read_only = on")
        with acting(one.url, folder) as actor:
            _broken(
                outcome,
                actor,
                "read-only database",
                ("database.read_only",),
                lambda: None,
                lambda: _writable_again(one),
                at_first=False,
            )
        _held(one.url, folder, "read-only database", outcome)


def _writable_again(one: object) -> None:
    """Let the database be written to again; sessions that began read-only are ended, as a switch-over does."""
    one.sql(  # type: ignore[attr-defined]
        "ALTER DATABASE bridgehead RESET default_transaction_read_only",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'bridgehead'",
    )


def _clock(asked: Asked, outcome: Outcome) -> None:
    from proofs.platform import database_url

    folder = asked.folder / "clock"
    folder.mkdir()
    with database_url(asked.database, folder) as url:
        _prepare(url, folder)
        with acting(url, folder) as actor:
            _broken(
                outcome,
                actor,
                "clock set back by an hour",
                ("clock.set_back",),
                lambda: actor.say("-3600"),
                lambda: actor.say("0"),
            )
        _held(url, folder, "clock set back", outcome)


def _broken(
    outcome: Outcome,
    actor: Actor,
    name: str,
    codes: tuple[str, ...],
    breaks: Callable[[], object],
    mends: Callable[[], object],
    *,
    at_first: bool = True,
) -> None:
    """Break something under an actor, see what it is told, mend it, and see it go on by itself."""
    if at_first and not actor.until(lambda found: found["ok"] > 5, 0):
        outcome.faults.append(f"{name}: nothing could be done before it")
        return
    breaks()
    at = len(actor.told)
    if not actor.until(lambda found: sum(found[code] for code in codes) >= 3, at):
        outcome.faults.append(f"{name}: {dict(actor.since(at))} instead of {codes}")
    mends()
    mended, told = len(actor.told), actor.since(at)
    begun = time.monotonic()
    if not actor.until(lambda found: found["ok"] > 5, mended):
        outcome.faults.append(f"{name}: does not go on by itself: {dict(actor.since(mended))}")
    strange = {word for word in told | actor.since(mended) if word != "ok" and word not in codes}
    if strange:
        outcome.faults.append(f"{name}: also told {sorted(strange)}")
    said = ", ".join(f"{word} x {count}" for word, count in told.items() if word != "ok")
    outcome.rows.append({"fault": name, "told": said, "goes on after s": round(time.monotonic() - begun, 2)})


def _prepare(url: str, folder: Path) -> None:
    _process(url, folder, "prepare")


def _held(url: str, folder: Path, name: str, outcome: Outcome) -> None:
    """Hold the record against its journal, and the journal against its chain."""
    told = json.loads(_process(url, folder, "look").splitlines()[-1])
    if outcome.rows:
        outcome.rows[-1].update(told)
    outcome.faults += [f"{name}: {told[part]} {part}" for part in ("half", "findings", "unsealed") if told[part]]


def _process(url: str, folder: Path, part: str) -> str:
    command = [sys.executable, "-m", "proofs.faults", part]
    done = subprocess.run(command, env=environment(url, folder), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    return done.stdout


def act() -> None:
    """Change one's own name again and again; print ``ok`` or the code of what was said."""
    from datetime import timedelta

    from django.db import close_old_connections
    from django.utils import timezone

    from bridgehead.ground.access.grants import viewer_of
    from bridgehead.ground.access.viewer import Viewer, as_system
    from bridgehead.ground.journal.seal import Sealer
    from bridgehead.ground.models import Person
    from bridgehead.ground.people.accounts import edit_profile
    from bridgehead.kernel.errors import BridgeheadError
    from bridgehead.site.errors import database_fault, status_of

    real, wrong = timezone.now, [0.0]
    timezone.now = lambda: real() + timedelta(seconds=wrong[0])
    ended = threading.Event()

    def listen() -> None:
        for line in sys.stdin:
            if line.strip() == "end":
                break
            wrong[0] = float(line)
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    sealer = Sealer()
    sealer.start()
    count, viewer = 0, Viewer()
    while not ended.is_set():
        count += 1
        close_old_connections()  # as at the beginning of a request
        try:
            with as_system("proof"):
                person = Person.objects.get(login="writer-000")
            viewer = viewer if viewer.person_id else viewer_of(person)
            edit_profile(by=viewer, version=person.version, name=f"name {count}")
            said = "ok"
        except BridgeheadError as error:
            said = error.code if status_of(error.code) == 503 else f"{error.code} {status_of(error.code)}"
        except Exception as trouble:  # as the site does for what a page's own query meets
            found = database_fault(trouble)
            said = found.code if found else repr(trouble)
        print(said, flush=True)
        time.sleep(0.02)
    sealer.end()


def look() -> dict[str, int]:
    """Tell whether the record is what its last entry says, each version has its entry, and the chain is sound."""
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.journal.seal import seal_pending
    from bridgehead.ground.journal.verify import verify
    from bridgehead.ground.models import JournalEntry, Person

    seal_pending()
    with as_system("proof"):
        person = Person.objects.get(login="writer-000")
        rows = JournalEntry.objects.filter(record_kind="person", record_id=str(person.pk)).order_by("id")
        after = [json.loads(text) for text in rows.values_list("after", flat=True)]
        whole = [one["version"] for one in after] == list(range(1, person.version + 1))
        half = int(not whole or after[-1]["name"] != person.name)
        report = verify()
    return {
        "entries": report.entries,
        "half": half,
        "findings": len(report.findings),
        "unsealed": len(report.unsealed),
    }


PROOF = Proof(
    name="faults",
    title="trouble with disk, database and clock is told, leaves nothing half, and is over by itself",
    run=run,
    options=(Option("gone", 30, 3, "seconds the database is away"),),
)

if __name__ == "__main__":
    from proofs.platform import start_django

    start = (os.environ["BRIDGEHEAD_DATABASE_URL"], Path(os.environ["BRIDGEHEAD_DATA"]))
    if sys.argv[1] == "prepare":
        start_django(*start)
        from proofs.writers import register

        register(1)
    else:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.site.settings")
        django.setup()
        if sys.argv[1] == "act":
            act()
        else:
            print(json.dumps(look()))
