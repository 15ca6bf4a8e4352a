"""The edits a scenario makes: records with a plain form that people write in JSON, TOML, tables and forms.

The plain form of an edit is one flat mapping: ``edit`` names what is done, the other fields are those of the record, of
which empty ones are left out. ``{"edit": "close_port", "port": "north-gate", "from": "2023-07-01", "to":
"2023-07-10"}`` is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import ClassVar

from bridgehead.engines.network.components import OPEN, Link, link_id

IMPORT = "import"
EXPORT = "export"
TRANSIT = "transit"
DIRECTIONS = (IMPORT, EXPORT, TRANSIT)
"""How freight lies to the home country: into it, out of it, or from one foreign country to another."""


@dataclass(frozen=True, slots=True)
class OpenLink:
    """Open a link that the tables hold but that is not open, with the port at its end."""

    KIND: ClassVar = "open_link"
    link: str


@dataclass(frozen=True, slots=True)
class AddLink:
    """Add an open link that the tables do not hold, with the port at its end."""

    KIND: ClassVar = "add_link"
    origin: str
    destination: str
    mode: str
    length_km: float
    gauges_mm: tuple[int, ...] = ()
    link_class: str = ""
    speed_kmh: float | None = None
    capacity: float | None = None
    capacity_unit: str = ""

    @property
    def link(self) -> str:
        """Id of the link."""
        return link_id(self.origin, self.destination, self.mode)

    def record(self) -> Link:
        """Return the link as the tables hold it."""
        return Link(
            id=self.link,
            origin=self.origin,
            destination=self.destination,
            mode=self.mode,
            length_km=self.length_km,
            gauges_mm=self.gauges_mm,
            link_class=self.link_class,
            speed_kmh=self.speed_kmh,
            capacity=self.capacity,
            capacity_unit=self.capacity_unit,
            status=OPEN,
            confidence="assumption",
        )


@dataclass(frozen=True, slots=True)
class CloseLink:
    """Close a link, from its first closed day to its last, or for good where no days are given."""

    KIND: ClassVar = "close_link"
    link: str
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class ClosePort:
    """Close a port: every link that crosses the border at it. Days as for a link."""

    KIND: ClassVar = "close_port"
    port: str
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeCapacity:
    """Multiply the capacity of a link by a factor, or set it to a value in the unit of the link."""

    KIND: ClassVar = "capacity"
    link: str
    factor: float | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class ChangeParameter:
    """Multiply rows of the parameter table by a factor, or set them to a value in their unit.

    Either ``parameter`` names one row by its id, or ``quantity`` names all rows of a quantity, which every selector
    that is given narrows to the rows that have it.
    """

    KIND: ClassVar = "parameter"
    parameter: str = ""
    quantity: str = ""
    mode: str = ""
    country: str = ""
    gauge_mm: int | None = None
    link_class: str = ""
    freight_class: str = ""
    place: str = ""
    factor: float | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class ChangeGaugeCapacity:
    """Multiply what a station can move between gauges by a factor, or set it to a value in Mt a year."""

    KIND: ClassVar = "gauge_change_capacity"
    place: str
    factor: float | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class ScaleDemand:
    """Multiply demand by a factor: all of it, or the rows that fit every selector given.

    ``country`` is that of the origin, ``port`` the one a row was calibrated at, ``direction`` one of `DIRECTIONS`.
    """

    KIND: ClassVar = "demand"
    factor: float
    commodity: str = ""
    country: str = ""
    port: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class SetBackground:
    """Put traffic on a link that is not in the demand, in each direction: what its capacity counts, a day or a year."""

    KIND: ClassVar = "background"
    link: str
    value: float


Edit = (
    OpenLink
    | AddLink
    | CloseLink
    | ClosePort
    | ChangeCapacity
    | ChangeParameter
    | ChangeGaugeCapacity
    | ScaleDemand
    | SetBackground
)

KINDS: Mapping[str, type[Edit]] = MappingProxyType(
    {
        kind.KIND: kind
        for kind in (
            OpenLink,
            AddLink,
            CloseLink,
            ClosePort,
            ChangeCapacity,
            ChangeParameter,
            ChangeGaugeCapacity,
            ScaleDemand,
            SetBackground,
        )
    }
)
"""Every edit by the word its plain form has for it."""

_PLAIN_NAMES = MappingProxyType({"first_day": "from", "last_day": "to"})


def plain_name(field: str) -> str:
    """Return what the plain form calls a field of a record."""
    return _PLAIN_NAMES.get(field, field)


def field_names(kind: type[Edit]) -> tuple[str, ...]:
    """Return the fields of an edit as the plain form calls them, in order."""
    return tuple(plain_name(one.name) for one in fields(kind))


def as_plain(edit: Edit) -> dict[str, object]:
    """Return the plain form of an edit; `bridgehead.engines.network.scenario_reading` reads it back."""
    told: dict[str, object] = {"edit": edit.KIND}
    for one in fields(edit):
        value = getattr(edit, one.name)
        if value is None or value in {"", ()}:
            continue
        if isinstance(value, date):
            value = value.isoformat()
        told[plain_name(one.name)] = list(value) if isinstance(value, tuple) else value
    return told
