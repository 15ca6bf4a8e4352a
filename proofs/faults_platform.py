"""The processes trouble is made for: people who act again and again, and a look at what their records are afterwards.

``python -m proofs.faults_platform prepare``, ``act KIND`` and ``look KIND``; kinds are ``profiles``, ``uploads`` and
``tasks``.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from proofs.platform import start_django

PAUSE_S = 0.02
UPLOAD_LINES = 800
LONGEST_END_S = 60.0
ENTERPRISE = "proof-enterprise"


def prepare() -> None:
    """Make what is acted on."""
    start_django(os.environ["BRIDGEHEAD_DATABASE_URL"], Path(os.environ["BRIDGEHEAD_DATA"]))
    from bridgehead.ground.access.viewer import system
    from bridgehead.ground.people.organisations import create_organisation
    from proofs.kill import make_counters
    from proofs.writers import register

    register(1)
    create_organisation(by=system("proof"), code=ENTERPRISE, name_zh="企业", name_en="Body", kind="enterprise")
    make_counters()


def profiles() -> Callable[[int], None]:
    """Return how one changes one's own name."""
    from bridgehead.ground.access.grants import viewer_of
    from bridgehead.ground.access.viewer import Viewer, as_system
    from bridgehead.ground.models import Person
    from bridgehead.ground.people.accounts import edit_profile

    kept = [Viewer()]

    def change(number: int) -> None:
        with as_system("proof"):
            person = Person.objects.get(login="writer-000")
        if not kept[0].person_id:
            kept[0] = viewer_of(person)
        edit_profile(by=kept[0], version=person.version, name=f"name {number}")

    return change


def uploads() -> Callable[[int], None]:
    """Return how one hands in a file nobody has handed in before."""
    from bridgehead.ground.access.viewer import as_system, system
    from bridgehead.ground.files.actions import store_file
    from bridgehead.ground.files.uploads import receive
    from bridgehead.ground.models import Organisation

    run = os.getpid()

    def change(number: int) -> None:
        with as_system("proof"):
            owner = Organisation.objects.get(code=ENTERPRISE)
        content = f"{run},{number}\n".encode() * UPLOAD_LINES
        store_file(by=system("proof"), owner=owner.pk, file=receive(content, f"{run}-{number}.csv", "text/csv"))

    return change


def tasks() -> Callable[[int], None]:
    """Return how one does what leaves a task; who asks again with the same key learns that it was done."""
    from bridgehead.ground.access.viewer import system
    from bridgehead.kernel.errors import BridgeheadError
    from proofs.kill_platform import register

    act, run, next_ = register(), os.getpid() % 1000 * 100_000, [1]

    def change(number: int) -> None:
        try:
            act(by=system("proof"), number=run + next_[0], once=f"proof-{run + next_[0]}")
        except BridgeheadError as refused:
            if refused.code != "action.repeated":
                raise
        next_[0] += 1

    return change


KINDS: dict[str, Callable[[], Callable[[int], None]]] = {"profiles": profiles, "uploads": uploads, "tasks": tasks}


def act(kind: str) -> None:
    """Do one thing again and again; print ``ok`` or the code of what was said."""
    from datetime import timedelta

    from django.db import close_old_connections
    from django.utils import timezone

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
    change, count = KINDS[kind](), 0
    with _background(kind):
        while not ended.is_set():
            count += 1
            close_old_connections()  # as at the beginning of a request
            print(_said(change, count), flush=True)
            time.sleep(PAUSE_S)


@contextmanager
def _background(kind: str) -> Iterator[None]:
    """Seal meanwhile, and where there are tasks do them until all have ended."""
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.models import Task
    from bridgehead.ground.tasks.background import background

    with background(2 if kind == "tasks" else 0):
        yield
        until = time.monotonic() + (LONGEST_END_S if kind == "tasks" else 0)
        with as_system("proof") if kind == "tasks" else nullcontext():
            while time.monotonic() < until and Task.objects.filter(state__in=("waiting", "running")).exists():
                time.sleep(0.1)


def _said(change: Callable[[int], None], number: int) -> str:
    from bridgehead.kernel.errors import BridgeheadError
    from bridgehead.site.errors import database_fault, status_of

    try:
        change(number)
    except BridgeheadError as error:
        status = status_of(error.code)
        return error.code if status == 503 else f"{error.code} {status}"
    except Exception as trouble:  # as the site does for what a page's own query meets
        found = database_fault(trouble)
        return found.code if found else repr(trouble)
    return "ok"


def look(kind: str) -> dict[str, int]:
    """Tell whether records are what their entries say, how much there is of them, and whether the chain is sound.

    Nothing is sealed here: what the platform left unsealed when it ended is told as that.
    """
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.journal.verify import verify

    with as_system("proof"):
        count, half = {"profiles": _profiles, "uploads": _uploads, "tasks": _tasks}[kind]()
        report = verify()
    return {
        "entries": report.entries,
        "done": count,
        "half": half,
        "findings": len(report.findings),
        "unsealed": len(report.unsealed),
    }


def _profiles() -> tuple[int, int]:
    """Each version has its entry, and the record is what the last one says."""
    from bridgehead.ground.models import JournalEntry, Person

    person = Person.objects.get(login="writer-000")
    rows = JournalEntry.objects.filter(record_kind="person", record_id=str(person.pk)).order_by("id")
    after = [json.loads(text) for text in rows.values_list("after", flat=True)]
    whole = [one["version"] for one in after] == list(range(1, person.version + 1))
    return person.version - 1, int(not whole or after[-1]["name"] != person.name)


def _uploads() -> tuple[int, int]:
    """Each file has its entry and its whole content, and no part of another lies about."""
    from bridgehead.ground.files.uploads import file_store
    from bridgehead.ground.models import JournalEntry, StoredFile
    from bridgehead.kernel.errors import BridgeheadError

    store = file_store()
    files = dict(StoredFile.objects.values_list("pk", "sha256"))
    noted = Counter(JournalEntry.objects.filter(action="file.store").values_list("record_id", flat=True))
    half = len(list(store.folder.glob(".incoming-*")))
    half += sum(noted[str(pk)] != 1 for pk in files) + sum(int(pk) not in files for pk in noted)
    for sha256 in {*files.values(), *store.names()}:
        try:
            store.verify(sha256)
        except BridgeheadError:
            half += 1
    return len(files), half


def _tasks() -> tuple[int, int]:
    """Each act has its task, and each task, done, its effect once."""
    from bridgehead.ground.models import JournalEntry, Task
    from proofs.kill_platform import ACT, EFFECT

    acts, effects = (
        Counter(JournalEntry.objects.filter(record_kind=kind).values_list("record_id", flat=True))
        for kind in (ACT, EFFECT)
    )
    states = Counter(Task.objects.order_by().values_list("state", flat=True))
    wrong = sum(acts[number] != 1 or effects[number] != 1 for number in {*acts, *effects})
    return len(acts), wrong + abs(len(acts) - states["done"]) + states.total() - states["done"]


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare()
    else:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bridgehead.site.settings")
        django.setup()
        if sys.argv[1] == "act":
            act(sys.argv[2])
        else:
            print(json.dumps(look(sys.argv[2])))
