"""Freight that waits for a closed link to open: one of its choices, at the worth of the days it waits.

It is the queue behind a server that stands still (May, A. D. and Keller, H. E. M. (1967), A deterministic queueing
model, Transportation Research 1(2), 117-128; Newell, G. F. (1982), Applications of Queueing Theory, 2nd ed., ch. 2).
Freight comes evenly, `q` a day, while the link is closed for `D` days, and is let through at the capacity `c`
afterwards, first come first served. What comes `t` days after the closing waits ``D - t`` days for the opening and
``t q / c`` for those before it, in the mean ``D / 2 + D / 2 * q / c``. The first part is a fixed cost of the arc, the
second a delay that grows along a straight line with the volume: an equilibrium with it is as exact as one without.
Where usual traffic `r` goes on arriving, the backlog is gone ``D q / (c - r)`` days after the opening, and the first to
come then waits ``D q / c``.

Goods wait at the worth of their time, which holds what stock costs (Hummels, D. (2001), Time as a trade barrier); fees
of yards are not in it. Vehicles, told of the closing, do not stand. Queues on the rest of the way are those of the days
looked at. Over two links that are closed at the same time the waits of both would count.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bridgehead.engines.network.applied import Wait
from bridgehead.engines.network.delays import DelayKind, DelayTable
from bridgehead.engines.network.topology import Float64, Topology


@dataclass(frozen=True, slots=True)
class Waiting:
    """Freight that waits for a link in one direction.

    `days` is its mean wait, with that for the backlog; `backlog_days` is how long the backlog takes to pass if nothing
    else came.
    """

    link: str
    origin: str
    destination: str
    tonnes: float
    days: float
    backlog_days: float


@dataclass(frozen=True, slots=True)
class Waited(Waiting):
    """Freight that waited, with the days after the opening until the backlog is gone beside usual traffic.

    `clearing_days` is infinite where that alone fills the link.
    """

    clearing_days: float


def days_until_open(topology: Topology, waits: Iterable[Wait]) -> Float64:
    """Return the days until the link of every arc opens, in the mean of those who come; zero where it is open."""
    found = np.zeros(topology.arc_count)
    for one in waits:
        found[topology.arcs_of(frozenset({one.link}))] = one.days_left
    return found


def behind_closed_links(queues: DelayTable, links: Sequence[str], waits: Iterable[Wait]) -> DelayTable:
    """Return queues of which those before closed `links` take their days shut at capacity, in proportion elsewhere."""
    shut = {one.link: one.days_shut for one in waits}
    rows = [row for row, link in enumerate(links) if link in shut]
    kind, table, counts = queues.kind.copy(), queues.parameters.copy(), np.zeros(len(queues) + 1, dtype=np.int32)
    for row in rows:
        kind[row], table[row, 0], table[row, 2:], counts[row + 1] = DelayKind.PIECEWISE, shut[links[row]], 0.0, 2
    points = np.tile([[0.0, 0.0], [1.0, 1.0]], (len(rows), 1))
    return DelayTable(kind, table, np.cumsum(counts, dtype=np.int32), points)


def until_clear(waiting: Iterable[Waiting], usual: Mapping[tuple[str, str], float]) -> tuple[Waited, ...]:
    """Return what waits, most first, with the days until it has passed.

    Parameters
    ----------
    waiting : iterable of Waiting
        What waits.
    usual : mapping of (str, str) to float
        Share of its capacity that a link and the place it is entered from have in use when nothing is closed.
    """
    found = []
    for one in waiting:
        room = 1.0 - usual.get((one.link, one.origin), 0.0)
        days = one.backlog_days / room if room > 0.0 else math.inf
        found.append(
            Waited(
                one.link, one.origin, one.destination, one.tonnes, one.days, one.backlog_days,
                days if one.backlog_days else 0.0,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.tonnes, one.link, one.origin)))


def added(waiting: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Return the sums of what waits on several occasions, by link and direction."""
    found: dict[tuple[str, str, str], list[Waiting]] = defaultdict(list)
    for one in waiting:
        found[one.link, one.origin, one.destination].append(one)
    rows = []
    for key, those in sorted(found.items()):
        tonnes = math.fsum(one.tonnes for one in those)
        days = math.fsum(one.tonnes * one.days for one in those) / tonnes
        rows.append(Waiting(*key, tonnes, days, math.fsum(one.backlog_days for one in those)))
    return tuple(rows)
