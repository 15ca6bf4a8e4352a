"""Server and task runner killed again and again under load: what was acknowledged is there once, every effect once."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from proofs.platform import database_url, environment, start_django
from proofs.registry import Asked, Figures, Option, Outcome, Proof

CLIENTS = 4
EARLIEST_S, LATEST_S = 0.2, 2.0
MOST_WITHOUT_SEALING = 2
LONGEST_START_S = 60.0
LONGEST_END_S = 180.0


@dataclass
class Killable:
    """A process that is killed and started again."""

    arguments: tuple[str, ...]
    process: subprocess.Popen[str] | None = None
    starts_s: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it and wait until it is ready."""
        begun = time.monotonic()
        command = [sys.executable, "-m", "proofs.kill_platform", *self.arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if line.strip() != "ready":
            raise RuntimeError(f"{self.arguments[0]} did not start: exit code {self.process.wait()}")
        self.starts_s.append(time.monotonic() - begun)

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def end(self) -> int:
        """Ask it to end and return its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)
        return int(self.process.returncode)


class Clients:
    """People who ask for one action after the other and ask again, with the same key, until they are answered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.numbers = itertools.count(1)
        self.done: set[int] = set()
        self.repeated: set[int] = set()
        self.ended = threading.Event()
        self._threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(CLIENTS)]
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to ask."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Ask for nothing more; what is asked for is asked until it is answered."""
        self.ended.set()
        for thread in self._threads:
            thread.join(LONGEST_START_S)

    def _ask(self) -> None:
        line: http.client.HTTPConnection | None = None
        chance = random.Random(threading.get_ident())
        while not self.ended.is_set():
            with self._lock:
                number = next(self.numbers)
            status = 0
            while status not in (200, 409):
                try:
                    line = line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                    line.request("POST", f"/?number={number}")
                    answer = line.getresponse()
                    answer.read()
                    status = answer.status
                except (OSError, http.client.HTTPException):
                    line = None
                if status not in (200, 409):
                    time.sleep(0.05)
            with self._lock:
                self.done.add(number)
                if status == 409:
                    self.repeated.add(number)
            time.sleep(chance.uniform(0, 0.04))


def run(asked: Asked) -> Outcome:
    """Kill both processes as many times as asked, then count; in a process of its own, as one knows one database."""
    with database_url(asked.database, asked.folder) as url:
        environ = environment(url, asked.folder, "full")
        environ["PYTHONPATH"] = os.pathsep.join(filter(None, (os.getcwd(), os.environ.get("PYTHONPATH", ""))))
        command = [sys.executable, "-m", "proofs.kill", str(asked.seed), str(asked.options["rounds"])]
        done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        return Outcome(faults=[f"the proof itself broke off with exit code {done.returncode}"])
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def _under_load(seed: int, rounds: int) -> Outcome:
    chance = random.Random(seed)
    port = _free_port()
    server, runner = Killable(("serve", str(port))), Killable(("work",))
    both = (server, runner)
    clients = Clients(port)
    outcome, positions = Outcome(), [_position()]
    try:
        _each(both, Killable.start)
        clients.start()
        for _ in range(rounds):
            moments = {id(one): chance.uniform(EARLIEST_S, LATEST_S) for one in both}
            _each(both, partial(_killed, moments))
            positions.append(_position())
            _each(both, Killable.start)
        clients.end()
        waited = _settled()
        codes = [one.end() for one in both]
    finally:
        for one in both:
            if one.process is not None and one.process.poll() is None:
                one.process.kill()
                one.process.communicate()
    row = {"kills": 2 * rounds, **_counted(clients), **_sealing(positions)}
    row["start s"] = round(statistics.median(server.starts_s), 2)
    row["settled after s"] = round(waited, 1)
    outcome.rows.append(row)
    outcome.faults += _faults(row)
    outcome.faults += [f"a process that was asked to end answered {code}" for code in codes if code]
    return outcome


def _each(both: tuple[Killable, ...], step: Any) -> None:
    """Do something to both processes at the same time, and raise what goes wrong with either."""
    wrong: list[Exception] = []

    def safely(one: Killable) -> None:
        try:
            step(one)
        except Exception as reason:
            wrong.append(reason)

    threads = [threading.Thread(target=safely, args=(one,)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]


def _killed(moments: dict[int, float], one: Killable) -> None:
    time.sleep(moments[id(one)])
    one.kill()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def make_counters() -> None:
    """Make the records that count."""
    from bridgehead.ground.access.viewer import system
    from bridgehead.ground.people.organisations import create_organisation
    from proofs.kill_platform import ACT, COUNTERS, EFFECT, counter

    for kind in (ACT, EFFECT):
        for number in range(COUNTERS):
            code = counter(kind, number)
            create_organisation(by=system("proof"), code=code, name_zh=code, name_en="0", kind="enterprise")


def _position() -> int:
    """Return how far the chain reaches."""
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.models import JournalHead

    with as_system("proof"):
        return int(JournalHead.objects.values_list("position", flat=True).get(pk=1))


def _settled() -> float:
    """Wait until every task has ended and every entry is sealed, by the platform itself; return how long it took."""
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.models import JournalEntry, Task

    begun = time.monotonic()
    while time.monotonic() - begun < LONGEST_END_S:
        with as_system("proof"):
            open_tasks = Task.objects.filter(state__in=(Task.State.WAITING, Task.State.RUNNING)).exists()
            entries = JournalEntry.objects.count()
        if not open_tasks and _position() == entries:
            break
        time.sleep(0.2)
    return time.monotonic() - begun


def _counted(clients: Clients) -> Figures:
    """Hold journal, tasks and counters against what was acknowledged."""
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.journal.verify import verify
    from bridgehead.ground.models import JournalEntry, Organisation, Task
    from proofs.kill_platform import ACT, EFFECT

    with as_system("proof"):
        noted: dict[str, Counter[int]] = {}
        for kind in (ACT, EFFECT):
            rows = JournalEntry.objects.filter(record_kind=kind).values_list("record_id", flat=True)
            noted[kind] = Counter(int(number) for number in rows.iterator(chunk_size=5000))
        rows = Organisation.objects.filter(kind="enterprise").values_list("code", "name_en")
        sums = {kind: sum(int(name) for code, name in rows if code.startswith(kind)) for kind in (ACT, EFFECT)}
        tasks = Counter(Task.objects.order_by().values_list("state", flat=True))
        lost = list(Task.objects.filter(times_lost__gt=0).order_by().values_list("times_lost", flat=True))
    acts, effects = noted[ACT], noted[EFFECT]
    report = verify()
    return {
        "acknowledged": len(clients.done),
        "asked again": len(clients.repeated),
        "lost": len(clients.done - set(acts)),
        "doubled": sum(count - 1 for count in acts.values()),
        "tasks": sum(tasks.values()),
        "done": tasks["done"],
        "begun again": len(lost),
        "most times lost": max(lost, default=0),
        "effects missing": len(set(acts) - set(effects)),
        "effects doubled": sum(count - 1 for count in effects.values()),
        "half written": abs(sums[ACT] - sum(acts.values())) + abs(sums[EFFECT] - sum(effects.values())),
        "sealed": report.sealed,
        "unsealed": len(report.unsealed),
        "findings": len(report.findings),
    }


def _sealing(positions: list[int]) -> Figures:
    """Tell in how many rounds nothing was sealed, and in how many of them in a row.

    Processes that live for less than the half second between two sealings may seal nothing; the next ones do it.
    """
    without = [after == before for before, after in itertools.pairwise(positions)]
    longest = max((len(list(run)) for still, run in itertools.groupby(without) if still), default=0)
    return {"rounds without sealing": sum(without), "in a row": longest}


def _faults(row: Figures) -> list[str]:
    wrong = (
        *("lost", "doubled", "effects missing", "effects doubled", "half written"),
        *("unsealed", "findings"),
    )
    found = [f"{row[name]} {name}" for name in wrong if row[name]]
    if int(row["in a row"]) > MOST_WITHOUT_SEALING:
        found.append(f"nothing was sealed in {row['in a row']} rounds in a row")
    if row["tasks"] != row["done"]:
        found.append(f"{row['done']} of {row['tasks']} tasks done")
    if not row["acknowledged"] or not row["begun again"]:
        found.append("the kills met nothing: no load, or no task at work")
    return found


PROOF = Proof(
    name="kill",
    title="kill -9 of server and runner under load: every acknowledged action once, every effect once, chain intact",
    run=run,
    options=(Option("rounds", 50, 3, "times both processes are killed"),),
)

if __name__ == "__main__":
    start_django(os.environ["BRIDGEHEAD_DATABASE_URL"], Path(os.environ["BRIDGEHEAD_DATA"]), "full")
    make_counters()
    found = _under_load(int(sys.argv[1]), int(sys.argv[2]))
    print(json.dumps({"rows": found.rows, "faults": found.faults}))
