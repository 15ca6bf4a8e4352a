"""The ledger as large as a region's after some years: how quick its pages are, and whether its boards count right."""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from proofs.ledger_rows import DAY, DAYS_BACK, Ledger, SpellRow, load
from proofs.platform import database_url, environment, start_django
from proofs.registry import Asked, Figures, Option, Outcome, Proof
from proofs.timing import timed, too_slow

FIRST_PAGE, LATE_PAGE = 1, 50
SOON_WD = 10
A_PAGE = 60


def run(asked: Asked) -> Outcome:
    """Load and measure in a process of its own, on an empty database."""
    outcome = Outcome()
    sizes = [str(asked.options[name]) for name in ("tasks", "evidence")]
    with database_url(asked.database, asked.folder) as url:
        command = [sys.executable, "-m", "proofs.ledger", *sizes, str(asked.seed)]
        environ = environment(url, asked.folder, "normal")
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        outcome.faults.append(done.stderr[-2000:])
        return outcome
    told = json.loads(done.stdout.splitlines()[-1])
    outcome.rows, outcome.faults = told["rows"], told["wrong"]
    if not asked.smoke:
        outcome.faults += too_slow(outcome.rows)
    return outcome


@dataclass(frozen=True)
class Reader:
    """Somebody who reads: a browser they are signed in with, their organisation, and whether they see every task."""

    role: str
    client: Any
    at: int
    code: str
    everything: bool


def measure(tasks: int, evidence: int, seed: int) -> dict[str, Any]:
    """Load a ledger, check what its boards count against the rows, and time its pages."""
    from django.db import connection
    from django.utils import timezone

    from bridgehead.ground.access.viewer import as_system, system
    from bridgehead.ground.models import Organisation
    from bridgehead.ground.people.organisations import adopt_region
    from bridgehead.ground.region import current
    from bridgehead.rooms.ledger.region import ladder_of

    adopt_region(by=system("proof"), region=current().region)
    with as_system("proof"):
        found = list(Organisation.objects.exclude(kind="congress").order_by("pk"))
    keeper = next(one for one in found if one.kind == "coordination")
    # Departments lead the most, as they do; then whoever else there is.
    bodies = sorted((one for one in found if one != keeper), key=lambda one: (one.kind != "department", one.pk))
    verticals = [one.pk for one in bodies if one.kind == "vertical"]
    made = Ledger.made(keeper.pk, [one.pk for one in bodies], verticals, tasks, seed, timezone.localdate())
    ladder = ladder_of(made.today)
    assert ladder is not None
    begun = time.perf_counter()
    with as_system("proof"):
        load(made, evidence, seed, ladder.version)
        if connection.vendor == "postgresql":  # as autovacuum does after a while; nobody does it for SQLite
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
    took = time.perf_counter() - begun
    loaded: Figures = {"as": "loading", "page": f"{len(made.spells):,} spells", "s": round(took, 1)}
    readers = [
        _reader("coordination", keeper),
        _reader("head", bodies[0]),
        _reader("officer", bodies[1]),
    ]
    wrong = [fault for reader in readers for fault in _wrong(made, reader, seed)]
    gc.collect()
    gc.freeze()  # the rows that were kept to be counted again are nothing a page would have to look through
    return {"rows": [loaded, *(row for reader in readers for row in _timed(made, reader))], "wrong": wrong}


def _reader(role: str, at: Any) -> Reader:
    """Return somebody new with a role, signed in."""
    from django.test import Client

    from bridgehead.ground.access.viewer import as_system, system
    from bridgehead.ground.people.accounts import register_person
    from bridgehead.ground.people.memberships import appoint

    by, client = system("proof"), Client(headers={"host": "localhost"})
    person = register_person(by=by, login=f"proof-{role}", name=role)
    appoint(by=by, person=person.pk, organisation=at.pk, role=role, starts_on=date(2020, 1, 1))
    with as_system("proof"):
        client.force_login(person)
    return Reader(role, client, at.pk, at.code, role == "coordination")


def _pages(made: Ledger, reader: Reader) -> Iterator[tuple[str, str]]:
    """Yield the pages that are timed, with an address each that has much to show."""
    seen = [one for one in made.tasks if reader.everything or one.office == reader.at]
    some = seen[len(seen) // 2]
    past, busiest = made.today - 400 * DAY, Counter(one.office for one in seen).most_common(1)[0][0]
    article = Counter(one.article for one in seen if one.article).most_common(1)[0][0]
    duty = Counter(one.duty for one in made.tasks if one.duty).most_common(1)[0][0]
    board = "/ledger/board/"
    yield "morning", "/ledger/"
    yield "board today", board
    yield "board of a past day", f"{board}?on={past}"
    yield "board of a body", f"{board}?organisation={busiest}"
    yield "board of an article", f"{board}?article={article}"
    yield "board of a past day, article", f"{board}?on={past}&article={article}"
    yield "board, late", f"{board}?late=y"
    yield f"board, page {LATE_PAGE}", f"{board}?page={LATE_PAGE}"
    yield "board, last page", f"{board}?page=999999"
    yield "duty", f"/ledger/duties/{duty}/"
    yield "duty on a past day", f"/ledger/duties/{duty}/?on={past}"
    yield "duties", "/ledger/duties/"
    yield "duties on a past day", f"/ledger/duties/?on={past}"
    yield "task", f"/ledger/tasks/{some.id}/"
    yield "task on a past day", f"/ledger/tasks/{some.id}/?on={some.given_on + 30 * DAY}"
    body = f"/ledger/bodies/{reader.code if not reader.everything else _code(busiest)}/"
    yield "organisation", body
    yield "organisation on a past day", f"{body}?on={past}"
    yield "calendar", "/ledger/calendar/"
    yield "evidence", f"/ledger/evidence/{some.id}/"


def _code(pk: int) -> str:
    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.models import Organisation

    with as_system("proof"):
        return str(Organisation.objects.get(pk=pk).code)


def _timed(made: Ledger, reader: Reader) -> Iterator[Figures]:
    """Time every page; what somebody must not see is left out."""
    yield from timed(reader.role, reader.client, _pages(made, reader), may_be_missing=not reader.everything)


def _wrong(made: Ledger, reader: Reader, seed: int) -> Iterator[str]:
    """Count three days again, in plain Python over the rows, and yield where a board says something else."""
    chance = random.Random(seed + 2)
    for day in [made.today, *(made.today - chance.randrange(DAYS_BACK) * DAY for _ in range(3))]:
        told = reader.client.get(f"/api/ledger/board?on={day}").json()
        owed = [
            one
            for one in made.spells
            if one.owed
            and one.from_on <= day < one.until_on
            and (reader.everything or reader.at in (one.office, one.owner))
        ]
        said = f"the board of {day} for the {reader.role}"
        for by, key in (("by_organisation", "office"), ("by_article", "article")):
            if (ours := _counted(owed, key, day)) != (theirs := _told(told[by])):
                differing = {one for one in ours.keys() | theirs.keys() if ours.get(one) != theirs.get(one)}
                yield f"{said}: {by} differs at {sorted(differing)[:5]}"
        yield from _wrong_pages(reader, owed, day, said)


def _wrong_pages(reader: Reader, owed: Sequence[SpellRow], day: date, said: str) -> Iterator[str]:
    """Yield where a page of the tasks of a board, the first and the last, is not what it should be."""
    ordered = [one.task for one in sorted(owed, key=lambda one: (one.due_on, one.task))]
    for page in {FIRST_PAGE, max(1, -(-len(ordered) // A_PAGE))}:
        told = reader.client.get(f"/api/ledger/board?on={day}&page={page}").json()["tasks"]
        if [one["id"] for one in told] != ordered[(page - 1) * A_PAGE : page * A_PAGE]:
            yield f"{said}: page {page} shows other tasks"


def _counted(owed: Sequence[SpellRow], key: str, day: date) -> dict[str, tuple[int, int, int, str]]:
    """Count what is owed, late and due within ten working days, and find the oldest, by office or by article."""
    last = _soon(day)
    groups: dict[str, list[date]] = {}
    for one in owed:
        groups.setdefault(str(getattr(one, key) or ""), []).append(one.due_on)
    return {
        name: (len(days), sum(due < day for due in days), sum(day <= due <= last for due in days), str(min(days)))
        for name, days in groups.items()
    }


def _told(groups: Sequence[dict[str, Any]]) -> dict[str, tuple[int, int, int, str]]:
    return {one["key"]: (one["owed"], one["late"], one["soon"], one["oldest"]) for one in groups}


def _soon(day: date) -> date:
    """Walk ten working days ahead, a day at a time."""
    from bridgehead.rooms.ledger.region import calendar

    left = SOON_WD
    while left:
        day += DAY
        left -= calendar().is_worked(day)
    return day


PROOF = Proof(
    name="ledger",
    title="every page of the ledger answers within 300 ms among 100,000 tasks and 1,000,000 pieces of evidence",
    run=run,
    options=(
        Option("tasks", 100_000, 2_000, "tasks in the ledger"),
        Option("evidence", 1_000_000, 20_000, "pieces of evidence in the ledger"),
    ),
)

if __name__ == "__main__":
    start_django(os.environ["BRIDGEHEAD_DATABASE_URL"], Path(os.environ["BRIDGEHEAD_DATA"]))
    print(json.dumps(measure(*map(int, sys.argv[1:4])), ensure_ascii=False))
