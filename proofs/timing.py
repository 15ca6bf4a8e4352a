"""How long pages take: by the clock, and how long processors worked at them."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from proofs.registry import Figures

PROMISED_PAGE_MS = 300.0
REPEATS = 5
ROUNDS = 3
"""A page that takes too long is measured again: the machine does other things, too. Where more wants to run than it
has processors, the promise is held against the time processors worked at the page, the database's with ours."""
VISITS_BEFORE = 11
"""So often a page is read before it is timed: by then PostgreSQL has made up its mind which plans to keep."""


def timed(
    role: str, client: Any, pages: Iterable[tuple[str, str]], *, may_be_missing: bool = False
) -> Iterator[Figures]:
    """Time pages after some visits each.

    Parameters
    ----------
    role : str
        As whom they are read.
    client : Client
        The browser they are read with.
    pages : iterable of (str, str)
        What each is called, and its address.
    may_be_missing : bool
        Whether a page may not be there for whoever reads.
    """
    for name, address in pages:
        answer = client.get(address)
        if answer.status_code == 404 and may_be_missing:
            continue
        assert answer.status_code == 200, (address, answer.status_code)
        for _ in range(VISITS_BEFORE - 1):
            client.get(address)
        rounds: list[list[tuple[float, float]]] = []
        crowded = os.getloadavg()[0] > (os.cpu_count() or 1)
        while len(rounds) < ROUNDS and (not rounds or _held(rounds[-1], crowded) > PROMISED_PAGE_MS):
            rounds.append([_once(client, address) for _ in range(REPEATS)])
        best = min(rounds, key=lambda one: _held(one, crowded))
        yield {
            "as": role,
            "page": name,
            "median ms": round(statistics.median(wall for wall, _ in best), 1),
            "slowest ms": round(_held(best, crowded=False), 1),
            "processor ms": round(statistics.median(worked for _, worked in best), 1),
            "slowest processor ms": round(_held(best, crowded=True), 1),
            "held ms": round(_held(best, crowded), 1),
            "load": round(os.getloadavg()[0], 1),
            "kB": round(len(answer.content) / 1000, 1),
        }


def too_slow(rows: Iterable[Figures]) -> list[str]:
    """Return what is not as promised of pages that were timed."""
    return [
        f"{row['page']} for the {row['as']} takes {row['held ms']} ms, {PROMISED_PAGE_MS:g} promised"
        for row in rows
        if float(row.get("held ms", 0)) > PROMISED_PAGE_MS
    ]


def _held(times: Sequence[tuple[float, float]], crowded: bool) -> float:
    """Return the slowest of some times, by the clock or, on a crowded machine, by the processors that worked at it."""
    return max(worked if crowded else wall for wall, worked in times)


def _once(client: Any, address: str) -> tuple[float, float]:
    wall, worked = time.perf_counter(), time.process_time() + _server_worked()
    client.get(address)
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() + _server_worked() - worked)


def _server_worked() -> float:
    """Return how many seconds the server's process of this connection worked so far; none where there is no server."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(told.read_text(encoding="ascii").split()[0]) / 1e9
