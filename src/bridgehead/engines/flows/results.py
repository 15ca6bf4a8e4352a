"""What a loading of demand gives: freight by link and port, utilisation, unserved demand, and its checks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any, TypeVar, cast

from bridgehead.kernel.errors import BridgeheadError

FORMAT = 1
"""Version of the JSON form; raised when a field changes its meaning."""


@dataclass(frozen=True, slots=True)
class LinkFlow:
    """Yearly freight of one commodity over a link in one direction (from `origin` to `destination`).

    `vehicles` counts trucks or trains a year; `teu` counts boxed cargo, which `tonnes` contains.
    """

    link: str
    mode: str
    origin: str
    destination: str
    commodity: str
    tonnes: float
    teu: float
    vehicles: float


@dataclass(frozen=True, slots=True)
class PortFlow:
    """Yearly freight of one commodity over the home border at a port; `direction` is `import` or `export`."""

    port: str
    direction: str
    commodity: str
    tonnes: float
    teu: float
    vehicles: float


@dataclass(frozen=True, slots=True)
class Utilisation:
    """How full a link is in one direction.

    `load` and `capacity` count in `unit`: vehicles or trains a day in this direction, or Mt a year. `capacity_basis`
    repeats where the capacity is from. `share` is load over capacity; above 1 the link is overloaded.
    """

    link: str
    mode: str
    origin: str
    destination: str
    tonnes: float
    load: float
    capacity: float
    unit: str
    capacity_basis: str
    share: float


@dataclass(frozen=True, slots=True)
class Unserved:
    """A demand row that could not be routed, with the reason as a code."""

    origin: str
    destination: str
    commodity: str
    tonnes: float
    reason: str


@dataclass(frozen=True, slots=True)
class PortTotal:
    """Freight of a port as modelled, beside the sum of the demand rows that were scaled to it."""

    port: str
    modelled_import_t: float
    modelled_export_t: float
    marked_t: float

    @property
    def modelled_t(self) -> float:
        """Freight of both directions in tonnes a year."""
        return self.modelled_import_t + self.modelled_export_t


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all served demand: tonnes, tonne-km by mode, money, hours and emissions."""

    demand_t: float
    served_t: float
    unserved_t: float
    tonne_km: dict[str, float]
    money_usd: float
    tonne_hours: float
    t_co2e: float


@dataclass(frozen=True)
class Flows:
    """The result of one loading of demand onto the network.

    `conservation_error` is the largest imbalance found at any node for any commodity, as a share of all demand.
    `crossings` is `ports` where the home border could be crossed at the region's ports only, else `all`. `input_hash`
    names tables and settings.
    """

    method: str
    year: int
    demand_year: int
    crossings: str
    include: tuple[str, ...]
    input_hash: str
    links: tuple[LinkFlow, ...]
    ports: tuple[PortFlow, ...]
    utilisation: tuple[Utilisation, ...]
    unserved: tuple[Unserved, ...]
    port_totals: tuple[PortTotal, ...]
    totals: Totals
    conservation_error: float
    parameters: tuple[str, ...]

    @property
    def content_hash(self) -> str:
        """Hash of what went in; the same input gives the same flows."""
        return self.input_hash

    @cached_property
    def overloads(self) -> tuple[Utilisation, ...]:
        """Links used beyond their capacity in one direction, the fullest first."""
        return tuple(
            sorted((row for row in self.utilisation if row.share > 1.0), key=lambda row: (-row.share, row.link))
        )

    @cached_property
    def link_tonnes(self) -> dict[tuple[str, str, str], float]:
        """Tonnes by link id, place the freight comes from and place it goes to, all commodities together."""
        found: dict[tuple[str, str, str], float] = {}
        for row in self.links:
            key = (row.link, row.origin, row.destination)
            found[key] = found.get(key, 0.0) + row.tonnes
        return found

    @cached_property
    def port_tonnes(self) -> dict[tuple[str, str, str], float]:
        """Tonnes by port, direction and commodity."""
        return {(row.port, row.direction, row.commodity): row.tonnes for row in self.ports}

    def busiest(self, link: str) -> Utilisation | None:
        """Return the utilisation of the fuller direction of a link, or None where it has no capacity or no freight."""
        rows = [row for row in self.utilisation if row.link == link]
        return max(rows, key=lambda row: row.share) if rows else None

    def as_plain(self) -> dict[str, Any]:
        """Return the flows as a mapping of JSON types that `from_plain` reads back."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Flows:
        """Read flows from what `as_plain` gave.

        Raises
        ------
        BridgeheadError
            `flows.unreadable` when it is not a result of this form and version.
        """
        with unreadable():
            if plain.pop("format") != FORMAT:
                raise ValueError("format")
            return _read(plain)

    def to_json(self) -> str:
        """Return the flows as JSON text that `from_json` reads back to an equal object."""
        return json.dumps(self.as_plain(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Flows:
        """Read flows from JSON text.

        Raises
        ------
        BridgeheadError
            `flows.unreadable` when the text is not a result of this form and version.
        """
        with unreadable():
            return cls.from_plain(json.loads(text))


@contextmanager
def unreadable() -> Iterator[None]:
    """Turn whatever goes wrong in reading a stored result into `flows.unreadable`."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise BridgeheadError("flows.unreadable", {"reason": type(error).__name__}) from error


_ROWS = {
    "links": LinkFlow,
    "ports": PortFlow,
    "utilisation": Utilisation,
    "unserved": Unserved,
    "port_totals": PortTotal,
}
_Row = TypeVar("_Row")


def _read(plain: dict[str, Any]) -> Flows:
    values: dict[str, Any] = {}
    for name in (item.name for item in fields(Flows)):
        value = plain.pop(name)
        if name in _ROWS:
            value = _rows(cast("type[Any]", _ROWS[name]), value)
        elif name == "totals":
            value = Totals(**value)
        elif isinstance(value, list):
            value = tuple(value)
        values[name] = value
    if plain:
        raise ValueError("unknown fields")
    return Flows(**values)


def _rows(kind: type[_Row], listed: Iterable[dict[str, Any]]) -> tuple[_Row, ...]:
    return tuple(kind(**row) for row in listed)
