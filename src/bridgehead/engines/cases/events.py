"""What happens to a case: it is lodged, moved, handed over to another office, or its promise is extended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bridgehead.engines.cases.machine import Need, Role
from bridgehead.kernel.office_hours import Promise


@dataclass(frozen=True, slots=True)
class Lodged:
    """The case begins.

    Parameters
    ----------
    at : datetime
        When.
    office : str
        The office it is routed to.
    """

    at: datetime
    office: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A move of the machine was made.

    Parameters
    ----------
    at : datetime
        When.
    move : str
        Which.
    by : Role
        By whom.
    given : mapping of Need to str
        What it came with; a blank is nothing.
    office : str
        The office that has the case from then on, empty where it stays with the one that had it.
    """

    at: datetime
    move: str
    by: Role
    given: Mapping[Need, str] = field(default_factory=dict)
    office: str = ""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Another office took the case; its clock goes on from where that of the first one stood."""

    at: datetime
    office: str
    by: Role


@dataclass(frozen=True, slots=True)
class Extended:
    """A promise was made longer, before it had run out.

    Parameters
    ----------
    at : datetime
        When.
    longer : Promise
        By how much; minutes and hours where the promise counts these, days where it counts days.
    by : Role
        By whom: a head of the office.
    stage : str
        The stage whose promise it is, empty for that of the whole case.
    """

    at: datetime
    longer: Promise
    by: Role
    stage: str = ""


Event = Lodged | Moved | HandedOver | Extended
