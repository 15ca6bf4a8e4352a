"""The registry of demonstrations: each room registers what it shows, and how it is taken away again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer, as_system, system
from bridgehead.ground.models import Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.load import Region

BY = "bridgehead demo-data"
"""The name under which the journal keeps what is done here."""


@dataclass(slots=True)
class Stage:
    """What a demonstration is filled on.

    Attributes
    ----------
    region : Region
        The region it is made for; every region has places and ports, all else may be missing.
    by : Viewer
        Who does it: the platform itself.
    day : date
        Today; terms are counted from it.
    password : str
        The common password of the people; empty where they must not be able to sign in.
    made : Counter
        How many of each kind of record were made or taken away, for the report.
    """

    region: Region
    by: Viewer
    day: date
    password: str = ""
    made: Counter[str] = field(default_factory=Counter)


Step = Callable[[Stage], None]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """One part of the demonstration; what a part rests on has a lower order."""

    order: int
    fill: Step
    wipe: Step | None = None


_registered: list[Demonstration] = []


def demonstration(order: int, fill: Step, wipe: Step | None = None) -> None:
    """Register a part of the demonstration; registering the same one twice changes nothing.

    Parameters
    ----------
    order : int
        Parts are filled from the lowest on and taken away from the highest; people and organisations are 10.
    fill : callable
        Makes what is missing, through actions, and marks it; a second time it changes nothing.
    wipe : callable, optional
        Removes or closes what `fill` made, through actions.
    """
    one = Demonstration(order, fill, wipe)
    if one not in _registered:
        _registered.append(one)
        _registered.sort(key=lambda part: part.order)


def fill(region: Region, password: str = "", *, beside_real_data: bool = False) -> Stage:
    """Fill the demonstration.

    Raises
    ------
    BridgeheadError
        ``demonstration.real_people`` on a platform that holds real people, unless `beside_real_data`.
    """
    real = real_people()
    if real and not beside_real_data:
        raise BridgeheadError("demonstration.real_people", {"count": real})
    stage = Stage(region, system(BY), today(), "" if real else password)
    with as_system(BY):
        for part in _registered:
            part.fill(stage)
    return stage


def wipe(region: Region) -> Stage:
    """Remove or close all of the demonstration; the journal keeps its entries."""
    stage = Stage(region, system(BY), today())
    with as_system(BY):
        for part in reversed(_registered):
            if part.wipe is not None:
                part.wipe(stage)
    return stage


def real_people() -> int:
    """Return how many people of the platform are not part of the demonstration."""
    with as_system(BY):
        return int(Person.objects.filter(demo=False).count())
