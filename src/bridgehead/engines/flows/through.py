"""Who uses a link or a port: the flows of a loading that pass it, from where to where, at what cost (select-link).

The question is a set of passages, each a link in one direction: both directions of a link are two questions, and a port
is the passages over the border at it, inward or outward. Everything follows from the ways of the flows, so it is exact
where the loading is.

Source: the select-link analysis of assignment programs, here over a store of paths instead of a second loading.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bridgehead.engines.flows.paths import FlowPath, Step

Passage = tuple[str, str, str]
"""A link with the ends it is passed from and to."""


@dataclass(frozen=True, slots=True)
class PerTonne:
    """Money, hours moving and handled, hours in queues, and emissions, each for a tonne."""

    usd: float = 0.0
    hours: float = 0.0
    wait_h: float = 0.0
    kg_co2e: float = 0.0

    @property
    def all_h(self) -> float:
        """Hours with those in queues."""
        return self.hours + self.wait_h


@dataclass(frozen=True, slots=True)
class Part:
    """Tonnes of one origin, destination, commodity or passage among those asked for, and their share of them."""

    of: str
    tonnes: float
    share: float


@dataclass(frozen=True, slots=True)
class User:
    """A demand row that passes: `tonnes` of it do, which is `share` of what is sent of it on all ways (`sent_t`)."""

    origin: str
    destination: str
    commodity: str
    tonnes: float
    sent_t: float
    mean: PerTonne

    @property
    def share(self) -> float:
        """Share of the row that passes here."""
        return self.tonnes / self.sent_t


@dataclass(frozen=True, slots=True)
class Beside:
    """What the same demand rows send past the passages by other ways, over these home ports (none: no border)."""

    ports: tuple[str, ...]
    tonnes: float
    share: float
    mean: PerTonne


@dataclass(frozen=True, slots=True)
class OtherLink:
    """A link that the same freight uses too, in one direction."""

    link: str
    origin: str
    destination: str
    tonnes: float
    share: float


@dataclass(frozen=True, slots=True)
class Through:
    """The freight through some passages.

    `before`, `here` and `after` are the hauls up to, at and beyond the passage and `handling` is all else (loading,
    changes, borders); together they are `mean`. `links` leave out the passages themselves. `beside` shares are of what
    these rows send in all.
    """

    tonnes: float
    mean: PerTonne
    before: PerTonne
    here: PerTonne
    after: PerTonne
    handling: PerTonne
    users: tuple[User, ...]
    origins: tuple[Part, ...]
    destinations: tuple[Part, ...]
    commodities: tuple[Part, ...]
    links: tuple[OtherLink, ...]
    beside: tuple[Beside, ...]


@dataclass
class _Sum:
    """Tonnes with what they cost together."""

    tonnes: float = 0.0
    usd: float = 0.0
    hours: float = 0.0
    wait_h: float = 0.0
    kg_co2e: float = 0.0

    def add(self, tonnes: float, each: PerTonne) -> None:
        self.tonnes += tonnes
        self.usd += tonnes * each.usd
        self.hours += tonnes * each.hours
        self.wait_h += tonnes * each.wait_h
        self.kg_co2e += tonnes * each.kg_co2e

    @property
    def mean(self) -> PerTonne:
        if not self.tonnes:
            return PerTonne()
        return PerTonne(*(one / self.tonnes for one in (self.usd, self.hours, self.wait_h, self.kg_co2e)))


def _key(path: FlowPath) -> tuple[str, str, str]:
    return path.origin, path.destination, path.commodity


def _passage(step: Step) -> Passage:
    return step.link, step.origin, step.destination


def through(
    paths: Iterable[FlowPath], passages: Iterable[Passage], waits: Mapping[tuple[str, str], float] | None = None
) -> Through:
    """Return the freight that passes any of some links in the directions given.

    Parameters
    ----------
    paths : iterable of FlowPath
        The ways of all flows, several for a demand row that is split.
    passages : iterable of (link, origin, destination)
        What to pass; a way that passes several of them counts once, at the first.
    waits : mapping of (link, origin) to float, optional
        Hours in the queue of a link in the direction that begins at `origin`; waits at other places count as handling.
    """
    asked = frozenset(passages)
    every = [path for path in paths if path.tonnes > 0.0]
    passing = [path for path in every if any(_passage(step) in asked for step in path.steps)]
    total = math.fsum(path.tonnes for path in passing)
    legs = [_Sum() for _ in range(4)]
    whole = _Sum()
    for path in passing:
        whole.add(path.tonnes, _whole(path))
        for leg, each in zip(legs, _legs(path, asked, waits or {}), strict=True):
            leg.add(path.tonnes, each)
    before, here, after, handling = (leg.mean for leg in legs)
    rows = {_key(path) for path in passing}
    of_rows = [path for path in every if _key(path) in rows]
    return Through(
        tonnes=total,
        mean=whole.mean,
        before=before,
        here=here,
        after=after,
        handling=handling,
        users=_users(passing, of_rows),
        origins=_parts(passing, total, lambda path: path.origin),
        destinations=_parts(passing, total, lambda path: path.destination),
        commodities=_parts(passing, total, lambda path: path.commodity),
        links=_links(passing, asked, total),
        beside=_beside(of_rows, asked),
    )


def _whole(path: FlowPath) -> PerTonne:
    return PerTonne(path.usd_per_t, path.hours, path.wait_h, path.kg_co2e_per_t)


def _legs(
    path: FlowPath, asked: frozenset[Passage], waits: Mapping[tuple[str, str], float]
) -> tuple[PerTonne, PerTonne, PerTonne, PerTonne]:
    """Return what the hauls before, at and after the first passage take, and the rest of the way's figures."""
    legs = [_Sum() for _ in range(3)]
    at = 0
    for step in path.steps:
        here = at == 0 and _passage(step) in asked
        wait = waits.get((step.link, step.origin), 0.0)
        legs[1 if here else at].add(1.0, PerTonne(step.usd_per_t, step.hours, wait, step.kg_co2e_per_t))
        at = 2 if here else at
    hauls = [PerTonne(one.usd, one.hours, one.wait_h, one.kg_co2e) for one in legs]
    rest = PerTonne(
        path.usd_per_t - sum(one.usd for one in hauls),
        path.hours - sum(one.hours for one in hauls),
        max(path.wait_h - sum(one.wait_h for one in hauls), 0.0),  # most ways have no other queue
        path.kg_co2e_per_t - sum(one.kg_co2e for one in hauls),
    )
    return hauls[0], hauls[1], hauls[2], rest


def _parts(paths: Iterable[FlowPath], total: float, of: Callable[[FlowPath], str]) -> tuple[Part, ...]:
    sums: dict[str, float] = defaultdict(float)
    for path in paths:
        sums[of(path)] += path.tonnes
    found = (Part(key, tonnes, tonnes / total) for key, tonnes in sums.items())
    return tuple(sorted(found, key=lambda part: (-part.tonnes, part.of)))


def _users(passing: Iterable[FlowPath], of_rows: Iterable[FlowPath]) -> tuple[User, ...]:
    sums: dict[tuple[str, str, str], _Sum] = defaultdict(_Sum)
    sent: dict[tuple[str, str, str], float] = defaultdict(float)
    for path in passing:
        sums[_key(path)].add(path.tonnes, _whole(path))
    for path in of_rows:
        sent[_key(path)] += path.tonnes
    found = (User(*key, one.tonnes, max(sent[key], one.tonnes), one.mean) for key, one in sums.items())
    return tuple(sorted(found, key=lambda user: (-user.tonnes, user.origin, user.destination, user.commodity)))


def _links(passing: Iterable[FlowPath], asked: frozenset[Passage], total: float) -> tuple[OtherLink, ...]:
    sums: dict[Passage, float] = defaultdict(float)
    for path in passing:
        for passage in {_passage(step) for step in path.steps} - asked:
            sums[passage] += path.tonnes
    found = (OtherLink(*passage, tonnes, tonnes / total) for passage, tonnes in sums.items())
    return tuple(sorted(found, key=lambda one: (-one.tonnes, one.link, one.origin)))


def _beside(of_rows: Iterable[FlowPath], asked: frozenset[Passage]) -> tuple[Beside, ...]:
    sums: dict[tuple[str, ...], _Sum] = defaultdict(_Sum)
    sent = 0.0
    for path in of_rows:
        sent += path.tonnes
        if not any(_passage(step) in asked for step in path.steps):
            sums[path.ports].add(path.tonnes, _whole(path))
    found = (Beside(ports, one.tonnes, one.tonnes / sent, one.mean) for ports, one in sums.items())
    return tuple(sorted(found, key=lambda one: (-one.tonnes, one.ports)))
