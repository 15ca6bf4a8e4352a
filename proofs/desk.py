"""The desk after some years: how quick its lists are among 100,000 cases, and whether they list the right ones."""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from proofs.desk_lists import load_lists, pages_of_lists, wrong_lists
from proofs.desk_rows import Desk, load
from proofs.platform import database_url, environment, start_django
from proofs.registry import Asked, Figures, Option, Outcome, Proof
from proofs.timing import timed, too_slow

FIRMS_A_CASE = 40
"""So many cases to a firm."""
SAMPLE = 300


def run(asked: Asked) -> Outcome:
    """Load and measure in a process of its own, on an empty database."""
    outcome = Outcome()
    with database_url(asked.database, asked.folder) as url:
        command = [sys.executable, "-m", "proofs.desk", str(asked.options["cases"]), str(asked.seed)]
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


def measure(count: int, seed: int) -> dict[str, Any]:
    """Load cases, hold what is listed against the rows, and time the pages."""
    from django.db import connection
    from django.utils import timezone

    from bridgehead.ground.access.viewer import as_system, system
    from bridgehead.ground.models import Organisation
    from bridgehead.ground.people.organisations import adopt_region
    from bridgehead.ground.region import current
    from bridgehead.rooms.desk.checks import amiss
    from bridgehead.rooms.desk.models import Case

    adopt_region(by=system("proof"), region=current().region)
    now = timezone.now()
    with as_system("proof"):
        offices = {one.code: one for one in Organisation.objects.exclude(kind="congress")}
        told = {"kind": "enterprise", "office": offices["nm-swt"]}
        firms = [
            Organisation(code=f"proof-{at}", name_zh=f"企业{at}", **told) for at in range(max(5, count // FIRMS_A_CASE))
        ]
        made = Desk(now, Organisation.objects.bulk_create(firms), offices, random.Random(seed))
        begun = time.perf_counter()
        load(made, count)
        policy = load_lists(made, count)
        if connection.vendor == "postgresql":  # as autovacuum does after a while; nobody does it for SQLite
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        loaded: Figures = {"as": "loading", "page": f"{count:,} cases", "s": round(time.perf_counter() - begun, 1)}
        sample = random.Random(seed + 1).sample(range(1, count + 1), min(SAMPLE, count))
        rows = Case.objects.filter(pk__in=sample).select_related("office")
        wrong = [f"case {pk} does not stand as its events say" for pk in amiss(rows, now)]
        busiest = Counter(Case.objects.values_list("owner", flat=True)).most_common(1)[0][0]
    readers = [
        ("enterprise_admin", Organisation(pk=busiest)),
        ("officer", offices["nm-swt"]),
        ("head", offices["150000"]),
    ]
    found = [(role, _client(role, at), at) for role, at in readers]
    wrong += [fault for role, client, at in found for fault in _wrong(role, client, at)]
    wrong += wrong_lists(policy)
    gc.collect()
    gc.freeze()
    timings = [
        row
        for role, client, at in found
        for row in timed(role, client, [*_pages(role, at), *pages_of_lists(role, policy)])
    ]
    return {"rows": [loaded, *timings], "wrong": wrong}


def _client(role: str, at: Any) -> Any:
    """Return a browser somebody new with a role is signed in with."""
    from django.test import Client

    from bridgehead.ground.access.viewer import as_system, system
    from bridgehead.ground.people.accounts import register_person
    from bridgehead.ground.people.memberships import appoint

    by, client = system("proof"), Client(headers={"host": "localhost"})
    person = register_person(by=by, login=f"proof-{role}".replace("_", "-"), name=role)
    appoint(by=by, person=person.pk, organisation=at.pk, role=role, starts_on=date(2020, 1, 1))
    with as_system("proof"):
        client.force_login(person)
    return client


def _pages(role: str, at: Any) -> Iterator[tuple[str, str]]:
    """Yield the pages that are timed, with an address each that has much to show."""
    from django.db.models import Max

    from bridgehead.ground.access.viewer import as_system
    from bridgehead.rooms.desk.models import Case

    yield "services", "/services/"
    yield "a service", "/services/policy_question/"
    if role == "enterprise_admin":
        with as_system("proof"):
            some = Case.objects.filter(owner=at).order_by("-pk").values_list("pk", flat=True)[0]
        yield "my cases", "/desk/cases/"
        yield "my cases, ended", "/desk/cases/?state=ended"
        yield "my cases, ended, page 20", "/desk/cases/?state=ended&page=20"
        yield "a case", f"/desk/cases/{some}/"
        return
    yield "queue", "/desk/queue/"
    for state in ("late", "soon", "waiting", "elsewhere", "ended"):
        yield f"queue, {state}", f"/desk/queue/?state={state}"
    yield "queue, page 10", "/desk/queue/?page=10"
    yield "queue, ended, page 100", "/desk/queue/?state=ended&page=100"
    yield "queue of a service", "/desk/queue/?service=relief"
    yield "queue of a service, ended", "/desk/queue/?service=relief&state=ended"
    with as_system("proof"):
        at_the_office = Case.objects.filter(office__code="nm-swt", turn=0).values_list("service")
        newest = list(at_the_office.annotate(Max("pk")).order_by("service"))
    for service, case in newest:
        yield f"a case, {service}", f"/desk/cases/{case}/"
    yield "page of the office", "/organisations/nm-swt/"


def _wrong(role: str, client: Any, at: Any) -> Iterator[str]:
    """Hold the first and last pages of lists against the rows, read and ordered here."""
    from django.utils import timezone

    from bridgehead.ground.access.viewer import as_system
    from bridgehead.rooms.desk.models import Case

    with as_system("proof"):
        rows = list(Case.objects.values_list("pk", "owner", "office", "turn", "act_by", "late_at", "urgent"))
    if role == "enterprise_admin":
        mine = [one for one in rows if one[1] == at.pk]
        running = sorted((one for one in mine if one[3] != 2), key=lambda one: (one[3], one[4], one[0]))
        told = client.get("/api/cases").json()
        if [one["id"] for one in told["cases"]] != [one[0] for one in running[:30]]:
            yield "the list of a firm shows other cases"
        if told["counts"]["ended"] != sum(one[3] == 2 for one in mine):
            yield "the list of a firm counts other cases"
        return
    mine = [one for one in rows if role == "head" or one[2] == at.pk]
    running = sorted((one for one in mine if one[3] != 2), key=lambda one: (one[3], not one[6], one[4], one[0]))
    told = client.get("/api/queue").json()
    now = timezone.now()
    if [one["id"] for one in told["cases"]] != [one[0] for one in running[:50]]:
        yield f"the queue of the {role} shows other cases"
    late = sum(one[3] == 0 and one[5] is not None and one[5] <= now for one in running)
    if (told["found"], told["counts"]["late"]) != (len(running), late):
        yield f"the queue of the {role} counts other cases"
    last = client.get(f"/api/queue?page={told['pages']}").json()["cases"]
    if [one["id"] for one in last] != [one[0] for one in running[(told["pages"] - 1) * 50 :]]:
        yield f"the last page of the queue of the {role} shows other cases"
    if role == "head":
        yield from _shut(client)


def _shut(client: Any) -> Iterator[str]:
    """Open the newest case of every service in every state."""
    from django.db.models import Max

    from bridgehead.ground.access.viewer import as_system
    from bridgehead.rooms.desk.models import Case

    with as_system("proof"):
        newest = list(Case.objects.values_list("service", "state").annotate(Max("pk")).order_by("service", "state"))
    for service, state, case in newest:
        try:
            status = client.get(f"/desk/cases/{case}/").status_code
        except Exception as broken:  # the proof tells every page that breaks, not the first
            status = repr(broken)
        if status != 200:
            yield f"a case of {service} in the state {state} answers {status}"


PROOF = Proof(
    name="desk",
    title="every page of the desk answers within 300 ms among 100,000 cases",
    run=run,
    options=(Option("cases", 100_000, 2_000, "cases of the desk"),),
)

if __name__ == "__main__":
    start_django(os.environ["BRIDGEHEAD_DATABASE_URL"], Path(os.environ["BRIDGEHEAD_DATA"]))
    print(json.dumps(measure(int(sys.argv[1]), int(sys.argv[2])), ensure_ascii=False))
