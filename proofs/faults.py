"""Trouble with disk, database and clock: said clearly, nothing half, over by itself."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from proofs.platform import environment
from proofs.registry import Asked, Figures, Option, Outcome, Proof

if TYPE_CHECKING:
    from scripts.postgres import Server

PATIENCE_S = 40.0
LONGEST_END_S = 90.0
SMALL_DISK = "64m"


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
def acting(url: str, folder: Path, kind: str) -> Iterator[Actor]:
    """Let a process do one kind of thing while the block runs; RuntimeError if it does not end by itself."""
    process = subprocess.Popen(
        [sys.executable, "-m", "proofs.faults_platform", "act", kind],
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

    listening = threading.Thread(target=listen, daemon=True)
    listening.start()
    try:
        yield actor
        actor.say("end")
        if process.wait(timeout=LONGEST_END_S):
            raise RuntimeError(f"{kind}: the process ended with exit code {process.returncode}")
    finally:
        process.kill()
        process.wait()
        listening.join(timeout=5)


@dataclass
class Platform:
    """A platform trouble is made for, and what was acknowledged on it so far."""

    url: str
    folder: Path
    outcome: Outcome
    acknowledged: Counter[str] = field(default_factory=Counter)

    def prepare(self) -> Platform:
        """Make its database and what is acted on."""
        self._process("prepare")
        return self

    def meet(
        self,
        name: str,
        kind: str,
        codes: tuple[str, ...],
        breaks: Callable[[Actor], object],
        mends: Callable[[Actor], object],
        *,
        at_first: bool = True,
        also: tuple[str, ...] = (),
    ) -> None:
        """Let one kind of thing be done while something breaks and is mended, then look at what is there."""
        with acting(self.url, self.folder, kind) as actor:
            row = _broken(self.outcome, actor, name, codes, breaks, mends, at_first=at_first, also=also)
        self.acknowledged[kind] += actor.since(0)["ok"]
        told = json.loads(self._process("look", kind).splitlines()[-1])
        told["lost"] = max(0, self.acknowledged[kind] - told["done"])
        row.update(told)
        wrong = ("lost", "half", "findings", "unsealed")
        self.outcome.faults += [f"{name}: {told[part]} {part}" for part in wrong if told[part]]

    def _process(self, *words: str) -> str:
        command = [sys.executable, "-m", "proofs.faults_platform", *words]
        environ = environment(self.url, self.folder)
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout


def run(asked: Asked) -> Outcome:
    """Try each fault in a platform of its own; one that cannot be tried here is a fault of the outcome."""
    outcome = Outcome()
    parts = (_full_server, _gone) if asked.database == "postgresql" else (_full_and_read_only,)
    for part in (*parts, _clock):
        try:
            part(asked, outcome)
        except (RuntimeError, subprocess.SubprocessError) as reason:
            outcome.faults.append(f"{part.__name__.strip('_')}: broke off: {reason}")
    return outcome


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Mount a small disk in memory on a folder; RuntimeError where this machine does not allow it."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK},mode=777", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"not tried, a small disk cannot be mounted; run it as root: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=False)
        if str(folder) in Path("/proc/mounts").read_text(encoding="utf-8"):
            subprocess.run(["umount", "-l", str(folder)], check=False)


def _full_and_read_only(asked: Asked, outcome: Outcome) -> None:
    folder = asked.folder / "small"
    full = {"profiles": ("database.full",), "uploads": ("file.disk_full", "database.full")}
    read_only = ("database.read_only", "file.folder_read_only")
    mended = ("database.unavailable",)  # SQLite says only that it cannot open, and by then nothing is wrong any more
    remount = ["mount", "-o", "remount,{},size=" + SMALL_DISK, str(folder)]

    def empty(_: Actor) -> None:
        (folder / "junk").unlink()

    def now(mode: str) -> None:
        subprocess.run([word.format(mode) for word in remount], check=True)

    with small_disk(folder):
        platform = Platform("", folder, outcome).prepare()
        for kind, codes in full.items():
            platform.meet(f"full disk, {kind}", kind, codes, lambda _: _fill(folder), empty, also=mended)
        for kind in full:
            # A file system with a file open for writing cannot be made read-only: it is before anybody comes.
            now("ro")
            platform.meet(
                f"read-only disk, {kind}",
                kind,
                read_only,
                lambda _: None,
                lambda _: now("rw"),
                at_first=False,
                also=mended,
            )


def _fill(folder: Path) -> None:
    with (folder / "junk").open("ab", buffering=0) as stream:
        try:
            while True:
                stream.write(b"x" * 4096)
        except OSError:
            pass


def _full_server(asked: Asked, outcome: Outcome) -> None:
    from scripts.postgres import server

    folder, disk = asked.folder / "full", asked.folder / "small"
    folder.mkdir()
    asked.folder.chmod(0o755)  # the server is another user
    with small_disk(disk), server() as one:
        place = disk / "space"
        place.mkdir()
        one.give(place)
        one.sql(
            f"CREATE TABLESPACE small LOCATION '{place}'",
            "ALTER DATABASE bridgehead SET TABLESPACE small",
        )
        platform = Platform(one.url, folder, outcome).prepare()
        for kind in ("profiles", "uploads", "tasks"):
            platform.meet(
                f"full disk of the database, {kind}",
                kind,
                ("database.full",),
                lambda _: _fill(disk),
                lambda _: (disk / "junk").unlink(),
            )


def _gone(asked: Asked, outcome: Outcome) -> None:
    from scripts.postgres import server

    folder = asked.folder / "gone"
    folder.mkdir()
    seconds = asked.options["gone"]
    with server() as one:
        platform = Platform(one.url, folder, outcome).prepare()

        def back(_: Actor) -> None:
            time.sleep(seconds)
            one.start()

        for kind in ("profiles", "tasks"):
            platform.meet(
                f"database gone for {seconds} s, {kind}",
                kind,
                ("database.unavailable",),
                lambda _: one.stop("immediate"),
                back,
            )
        one.sql("ALTER DATABASE bridgehead SET default_transaction_read_only = on")
        platform.meet(
            "read-only database",
            "profiles",
            ("database.read_only",),
            lambda _: None,
            lambda _: _writable_again(one),
            at_first=False,
            also=("database.unavailable",),  # of the sessions that are ended
        )


def _writable_again(one: Server) -> None:
    """Let the database be written to again; sessions that began read-only are ended, as a switch-over does."""
    one.sql(
        "ALTER DATABASE bridgehead RESET default_transaction_read_only",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'bridgehead'",
    )


def _clock(asked: Asked, outcome: Outcome) -> None:
    from proofs.platform import database_url

    folder = asked.folder / "clock"
    folder.mkdir()
    with database_url(asked.database, folder) as url:
        platform = Platform(url, folder, outcome).prepare()
        platform.meet(
            "clock set back by an hour",
            "profiles",
            ("clock.set_back",),
            lambda actor: actor.say("-3600"),
            lambda actor: actor.say("0"),
        )


def _broken(
    outcome: Outcome,
    actor: Actor,
    name: str,
    codes: tuple[str, ...],
    breaks: Callable[[Actor], object],
    mends: Callable[[Actor], object],
    *,
    at_first: bool = True,
    also: tuple[str, ...] = (),
) -> Figures:
    """Break something under an actor, see what it is told, mend it, and see it go on by itself."""
    row: Figures = {"fault": name}
    outcome.rows.append(row)
    if at_first and not actor.until(lambda found: found["ok"] > 5, 0):
        outcome.faults.append(f"{name}: nothing could be done before it: {dict(actor.since(0))}")
        return row
    breaks(actor)
    at = len(actor.told)
    if not actor.until(lambda found: sum(found[code] for code in codes) >= 3, at):
        outcome.faults.append(f"{name}: {dict(actor.since(at))} instead of {codes}")
    broken = set(actor.since(at))
    mends(actor)
    mended, told = len(actor.told), actor.since(at)
    begun = time.monotonic()
    going = actor.until(lambda found: found["ok"] > 0, mended)
    row["goes on after s"] = round(time.monotonic() - begun, 2)
    if not going or not actor.until(lambda found: found["ok"] > 5, mended):
        outcome.faults.append(f"{name}: does not go on by itself: {dict(actor.since(mended))}")
    # What else may be told is told by what was at work while it was mended.
    strange = {word for word in told | actor.since(mended) if word not in ("ok", *codes, *also)}
    strange |= broken & set(also)
    if strange:
        outcome.faults.append(f"{name}: also told {sorted(strange)}")
    said = ", ".join(f"{word} x {count}" for word, count in told.items() if word != "ok")
    row["told"] = said
    return row


PROOF = Proof(
    name="faults",
    title="trouble with disk, database and clock is told, leaves nothing half, and is over by itself",
    run=run,
    options=(Option("gone", 30, 3, "seconds the database is away"),),
)
