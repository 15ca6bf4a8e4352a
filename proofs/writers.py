"""Writers: people who change their own profile as fast as they can, each change a journalled action."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from proofs.platform import durability, start_django

MOST_ERRORS = 5
PAUSE_AFTER_ERROR_S = 0.05


@dataclass
class Written:
    """What writers were told.

    Attributes
    ----------
    versions : dict of int to list of int
        For each person the versions whose writing was acknowledged.
    failed : int
        Changes that ended with an exception.
    errors : list of str
        The first of them.
    durability : list of str
        How the connections they wrote over make a commit outlive a power cut, as their database said.
    """

    versions: dict[int, list[int]] = field(default_factory=dict)
    failed: int = 0
    errors: list[str] = field(default_factory=list)
    durability: list[str] = field(default_factory=list)

    def note(self, error: Exception) -> None:
        """Count an exception, and keep its words if it is one of the first."""
        self.failed += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(f"{type(error).__name__}: {error}")

    def add(self, other: Written) -> None:
        """Take in what other writers were told."""
        self.versions |= {int(pk): versions for pk, versions in other.versions.items()}
        self.failed += other.failed
        self.errors = (self.errors + other.errors)[:MOST_ERRORS]
        self.durability = sorted({*self.durability, *other.durability})

    @property
    def faults(self) -> list[str]:
        """One sentence for each of the first errors, and how many there were."""
        return [f"{self.failed} changes failed, such as: {error}" for error in self.errors]


def write(pks: Iterable[int], ends: float, written: Written | None = None) -> Written:
    """Let one thread a person write until a time; return what was acknowledged and what failed.

    Whoever wants to know it meanwhile hands in what it is to be noted in.
    """
    written = written or Written()
    for pk in pks:
        written.versions[pk] = []
    lock = threading.Lock()

    def one(pk: int) -> None:
        try:
            _write(pk, ends, written, lock)
        except Exception as error:
            with lock:
                written.note(error)

    threads = [threading.Thread(target=one, args=(pk,)) for pk in written.versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return written


def _write(pk: int, ends: float, written: Written, lock: threading.Lock) -> None:
    from django.db import connection

    from bridgehead.ground.access.grants import viewer_of
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.models import Person
    from bridgehead.ground.people.accounts import edit_profile

    def now() -> Person:
        with as_system("proof"):
            return Person.objects.get(pk=pk)

    with lock:
        written.durability = sorted({*written.durability, durability()})
    person = now()
    viewer, version, acknowledged = viewer_of(person), person.version, written.versions[pk]
    try:
        while time.time() < ends:
            try:
                edit_profile(by=viewer, version=version, name=f"{pk} {version}")
            except Exception as error:
                with lock:
                    written.note(error)
                time.sleep(PAUSE_AFTER_ERROR_S)
                version = now().version  # whether it was committed is not known
                continue
            version += 1
            acknowledged.append(version)
    finally:
        connection.close()


def register(count: int) -> list[int]:
    """Register people who write; return their ids."""
    from bridgehead.ground.access.viewer import system
    from bridgehead.ground.people.accounts import register_person

    by = system("proof")
    return [register_person(by=by, login=f"writer-{at:03}", name=f"{at}").pk for at in range(count)]


if __name__ == "__main__":  # one process of several: says when it is ready, is told when to end; prints what was told
    import os
    from pathlib import Path

    start_django(
        os.environ["BRIDGEHEAD_DATABASE_URL"],
        Path(os.environ["BRIDGEHEAD_DATA"]),
        os.environ["BRIDGEHEAD_SQLITE_SYNCHRONOUS"],
    )
    print("ready", flush=True)
    print(json.dumps(asdict(write(map(int, sys.argv[1:]), float(sys.stdin.readline())))))
