"""Units, servers and events of the reference engine as ordinary objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridgehead.engines.simulation.reference.places import Place


class Whereabouts(Enum):
    """What a unit is doing."""

    NOWHERE = "nowhere"
    WAITING = "waiting"
    SERVED = "served"
    INTERRUPTED = "interrupted"
    """At its server, its service resting."""
    BLOCKED = "blocked"
    """At its server after its service, because the next node has no place."""
    OUTSIDE = "outside"
    """Before a node that has no place, at no server."""


@dataclass(eq=False)
class Event:
    """Something that will happen, unless it is called off."""

    happens: Callable[[], None]
    off: bool = False


@dataclass(eq=False)
class Unit:
    """A truck, a train, a wagon.

    Parameters
    ----------
    key : int
        Of its random numbers.
    kind : int
        Number of its type among those of the compiled model: its class and risk band.
    born : float
        When it, or what it was made of, came into the system.
    number, source : int
        Which arrival of which source it descends from.
    """

    key: int
    kind: int
    born: float
    number: int
    source: int
    at: Whereabouts = Whereabouts.NOWHERE
    place: Place | None = None
    target: Place | None = None
    """Where it waits for a place."""
    server: Server | None = None
    loop: int = 0
    waited: float = 0.0
    joined: float = 0.0
    turn: int = 0
    """Its number among all that ever joined a queue or began at once."""
    began: float = 0.0
    running_since: float = 0.0
    total: float = 0.0
    left: float | None = None
    """What remains of a service that has begun."""
    carries: dict[str, int] = field(default_factory=dict)
    end: Event | None = None
    patience: Event | None = None


@dataclass(eq=False)
class Server:
    """One server of a station."""

    number: int
    unit: Unit | None = None
    down: bool = False
    failures: int = 0
    life: float = 0.0
    """Work it can still do, where it fails by work only."""
    failure: Event | None = None


@dataclass(eq=False)
class PoolState:
    """What is there of a pool."""

    id: str
    size: int
    free: int
    away: int = 0
    """On the way back."""
    returns: int = 0
    area: float = 0.0
