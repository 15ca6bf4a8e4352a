"""What a port model says, normalised: times in minutes, names resolved, calendars as intervals. Readers make it.

Everything here is frozen and holds no arrays; `bridgehead.engines.simulation.compiling` turns it into the arrays the
kernel runs on. Times of the clock are minutes after midnight of the first day, time 0 is that midnight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from bridgehead.engines.simulation.arrival_kinds import (
    AppointmentArrivals,
    Arrivals,
    Distribution,
    ListedArrivals,
    RateArrivals,
    RenewalArrivals,
)

__all__ = ["AppointmentArrivals", "Arrivals", "Distribution", "ListedArrivals", "RateArrivals", "RenewalArrivals"]
"""Words of arrivals belong to the model too."""

MINUTES_A_DAY = 1440.0

AtClose = Literal["finish", "pause", "empty"]
WhileClosed = Literal["wait", "turn_away"]
OnFull = Literal["lose", "block", "divert"]
Repair = Literal["resume", "repeat", "rejoin"]


@dataclass(frozen=True, slots=True)
class Ageing:
    """A unit that has waited `after_min` in one queue counts there as of priority `to`."""

    after_min: float
    to: float


@dataclass(frozen=True, slots=True)
class UnitClass:
    """A class of units: trucks, trains, wagons.

    Parameters
    ----------
    id : str
        Its name.
    priority : float
        Smaller is served first.
    ages : tuple of Ageing
        Steps by which waiting improves the priority, by rising time.
    accrues : float
        By how much the priority number falls per minute waited.
    risk : mapping
        Risk bands and their shares, which sum to one; empty for none.
    label : mapping
        Words for people by language.
    unit : str
        What one of it is: truck, car, bus, train, wagon, container; empty where nobody says.
    direction : str
        Which freight it carries over the border, ``import`` or ``export``; empty for none, or where nobody says.
    """

    id: str
    priority: float = 0.0
    ages: tuple[Ageing, ...] = ()
    accrues: float = 0.0
    risk: Mapping[str, float] = field(default_factory=dict)
    label: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    direction: str = ""


Intervals = tuple[tuple[float, float], ...]
"""Intervals in minutes, rising, not touching."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When stations work.

    Parameters
    ----------
    id : str
        Its name.
    period_min : float
        Length of the cycle, from time 0: a day, a week or anything.
    open : tuple of (float, float)
        Open intervals inside the cycle.
    exceptions : mapping
        Number of the day counted from time 0 to its open intervals in minutes after its midnight, none when closed.
    at_close, while_closed : str
        As in the description of models.
    """

    id: str
    period_min: float
    open: Intervals
    exceptions: Mapping[int, Intervals] = field(default_factory=dict)
    at_close: AtClose = "finish"
    while_closed: WhileClosed = "wait"


@dataclass(frozen=True, slots=True)
class Pool:
    """Things several stations share: inspectors, bays, driverless trucks, bogies, places of a yard."""

    id: str
    size: int
    return_min: Distribution | None = None


@dataclass(frozen=True, slots=True)
class Full:
    """What happens to a unit that finds no place: lost, blocks where it comes from, or goes to another node."""

    kind: OnFull = "lose"
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Balking:
    """A newcomer who sees a queue of at least `at` goes away with a probability, to another node or for good."""

    at: int
    probability: float = 1.0
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Failures of each server by itself."""

    up_min: Distribution
    down_min: Distribution
    while_idle: bool = True
    mode: Repair = "resume"


@dataclass(frozen=True, slots=True)
class ExtraLanes:
    """Lanes opened by the length of the queue, one by one, each after a delay."""

    extra: int
    open_when: int
    close_when: int
    delay_min: float = 0.0


@dataclass(frozen=True, slots=True)
class Station:
    """A node where units wait for one of several servers.

    Parameters
    ----------
    id : str
        Its name.
    servers : int or None
        How many at most; None for as many as are needed (a delay).
    service : mapping
        Class, or ``*`` for all others, to the distribution of service times.
    shifts : tuple of (float, int)
        From these minutes of the day on so many servers; empty where it is always `servers`.
    calendar : str, optional
        Opening hours.
    queue_capacity : int, optional
        Waiting places without the servers; None for no limit.
    full, balking, patience, gives_up_to, breakdown, lanes, preempt
        As in the description of models; patience by class or ``*``.
    needs, takes, returns : mapping
        Pool to amount: held for the service, taken at its start and kept, given back at its end.
    activity : str
        Word under which its time is counted.
    """

    id: str
    servers: int | None
    service: Mapping[str, Distribution]
    shifts: tuple[tuple[float, int], ...] = ()
    calendar: str | None = None
    queue_capacity: int | None = None
    full: Full = Full()
    balking: Balking | None = None
    patience: Mapping[str, Distribution] = field(default_factory=dict)
    gives_up_to: str | None = None
    breakdown: Breakdown | None = None
    lanes: ExtraLanes | None = None
    preempt: bool = False
    needs: Mapping[str, int] = field(default_factory=dict)
    takes: Mapping[str, int] = field(default_factory=dict)
    returns: Mapping[str, int] = field(default_factory=dict)
    activity: str = ""
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MatchInput:
    """One side of a match: the class that waits there, its places, what happens when they are taken."""

    unit_class: str
    capacity: int | None = None
    full: Full = Full()


@dataclass(frozen=True, slots=True)
class Match:
    """A node where units of two classes wait for each other; a pair leaves at once.

    With `becomes` the pair goes on as one unit of that class, born when the first input's was; without, both go on.
    """

    id: str
    inputs: tuple[MatchInput, MatchInput]
    becomes: str | None = None
    activity: str = ""
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Split:
    """A node that ends a unit and begins several, born when it was: a train becomes wagons."""

    id: str
    into: Mapping[str, int]
    activity: str = ""
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Combine:
    """A node that collects units of a class until one of another begins: wagons become a train.

    With `after_min` it leaves with fewer, so long after the first of them came.
    """

    id: str
    unit_class: str
    size: int
    becomes: str
    after_min: float | None = None
    activity: str = ""
    label: Mapping[str, str] = field(default_factory=dict)


Node = Station | Match | Split | Combine


@dataclass(frozen=True, slots=True)
class Share:
    """One way out of a node: where to (None leaves), and its share for each risk band (``*`` for all others)."""

    to: str | None
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Route:
    """Where units of a class go from a node.

    Parameters
    ----------
    node : str
        From where.
    unit_class : str
        Of which class, ``*`` for all that have no route of their own there.
    ways : tuple of Share
        Ways with their shares, which sum to one for each band.
    shortest : tuple of str
        Instead of shares: to the one of these stations with the fewest units per server.
    """

    node: str
    unit_class: str
    ways: tuple[Share, ...] = ()
    shortest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where units of a class come from: the node they enter, and when."""

    id: str
    node: str
    unit_class: str
    arrivals: Arrivals


@dataclass(frozen=True, slots=True)
class Population:
    """Units placed in a node's queue at time 0."""

    node: str
    unit_class: str
    count: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A named figure of a model with its provenance; `used` says whether anything in the model rests on it."""

    id: str
    value: float | str
    unit: str = ""
    standing: str = "assumption"
    source: str = ""
    date: str = ""
    note: Mapping[str, str] = field(default_factory=dict)
    label: Mapping[str, str] = field(default_factory=dict)
    used: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Charge:
    """What is paid for clearance; it changes nothing of what happens in the port.

    Parameters
    ----------
    unit_class : str
        Who pays, ``*`` for every class.
    node : str
        Where each service, match or division is paid for. Empty for once: by a class that is named at the end of its
        way, by ``*`` on leaving the port, so that what is taken apart, paired or made up does not pay for that.
    amount : Decimal
        For each.
    currency : str
        Code of ISO 4217.
    year : int
        Of whose prices the amount is.
    side : str
        The country to whose side it is paid, empty where that is not said.
    figure : str
        The parameter whose value the amount is, empty for one that is written out.
    standing, source, date : str
        Provenance, that of the parameter where there is one.
    """

    unit_class: str
    node: str
    amount: Decimal
    currency: str
    year: int
    side: str = ""
    figure: str = ""
    standing: str = "assumption"
    source: str = ""
    date: str = ""
    label: Mapping[str, str] = field(default_factory=dict)
    note: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunDefaults:
    """How long and how often a model is run where nobody says otherwise; a warm-up of None is found by itself."""

    warmup_min: float | None = 0.0
    horizon_min: float = 7 * MINUTES_A_DAY
    replications: int = 10


@dataclass(frozen=True, slots=True)
class Model:
    """A whole port model; nodes, classes and sources keep the order in which they were described."""

    classes: tuple[UnitClass, ...]
    nodes: tuple[Node, ...]
    sources: tuple[Source, ...]
    routes: tuple[Route, ...] = ()
    calendars: tuple[OpeningHours, ...] = ()
    pools: tuple[Pool, ...] = ()
    population: tuple[Population, ...] = ()
    figures: tuple[Figure, ...] = ()
    charges: tuple[Charge, ...] = ()
    run: RunDefaults = RunDefaults()
    start: date | None = None
    port: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
