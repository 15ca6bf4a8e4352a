"""Port models of a region as data: which ports have one, its text, its sources, and what it has to reproduce."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridgehead.engines.simulation.staffing.evidence import is_illustrative, reported_figures
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.schemas import nearest
from bridgehead.kernel.tables import Row

if TYPE_CHECKING:
    from bridgehead.regions.load import Region

__all__ = ["is_illustrative", "reported_figures"]
"""Words on the evidence of a model belong to the models of a region too."""

CHECKS_TABLE = "port_models/checks"
LAND_MODES = ("rail", "road")
SOURCED = ("measured", "reported", "derived")
"""Standings that rest on somebody's statement, which has to be named."""


def ports_with_models(region: Region) -> tuple[str, ...]:
    """Return the ports that have a model, in the order of the table of ports."""
    return tuple(row.text("id") for row in region.rows("ports") if row.text("id") in region.port_models)


def port_model_text(region: Region, port: str) -> str:
    """Return the text of a port's model.

    Raises
    ------
    BridgeheadError
        ``region.no_port_model`` with the ports that have one.
    """
    if port in region.port_models:
        return region.port_models[port]
    known = ports_with_models(region)
    near = nearest(port, known)
    told = {"near": near} if near else {}
    raise BridgeheadError("region.no_port_model", {"port": port, "options": list(known), **told})


def open_land_ports(ports: Iterable[Row]) -> tuple[Row, ...]:
    """Return the ports by rail and road that are open."""
    return tuple(row for row in ports if row.text("status") == "open" and row.text("mode") in LAND_MODES)


@dataclass(frozen=True, slots=True)
class ModelCheck:
    """One thing the model of a port has to reproduce.

    Parameters
    ----------
    port : str
        Whose model.
    metric : str
        What is compared, in words of the table.
    measure : str
        How it is taken from a run: ``services_per_day`` counts ends of service at the nodes per calendar day,
        ``services_per_open_day`` per day on which there were any, ``services_per_year`` per 365 days,
        ``tonnes_per_year`` weighs them with ``<class>_payload_t`` of the model, ``wait_mean_min`` is the mean wait at
        the nodes, ``queue_mean`` their mean queue.
    nodes, classes : tuple of str
        Where, and of which classes; no class means all.
    low, high : float or None
        Between what it is reported to lie; None is open.
    tolerance : float
        By what share of the bound the model may miss it.
    """

    port: str
    metric: str
    measure: str
    nodes: tuple[str, ...]
    classes: tuple[str, ...]
    low: float | None
    high: float | None
    unit: str
    tolerance: float

    def accepts(self, value: float) -> bool:
        """Say whether a simulated value is near enough to what is reported."""
        above = self.low is None or value >= self.low * (1 - self.tolerance)
        return above and (self.high is None or value <= self.high * (1 + self.tolerance))


def checks_of(region: Region, port: str) -> tuple[ModelCheck, ...]:
    """Return what the model of a port has to reproduce; none where nothing was reported to compare with."""
    return tuple(_check(row) for row in region.rows(CHECKS_TABLE) if row.text("port_id") == port)


def _check(row: Row) -> ModelCheck:
    return ModelCheck(
        port=row.text("port_id"),
        metric=row.text("metric"),
        measure=row.text("measure"),
        nodes=_parts(row, "nodes"),
        classes=_parts(row, "classes"),
        low=_bound(row, "low"),
        high=_bound(row, "high"),
        unit=row.text("unit"),
        tolerance=float(row.text("tolerance")),
    )


def _parts(row: Row, column: str) -> tuple[str, ...]:
    return tuple(part for part in row.text(column).split(";") if part)


def _bound(row: Row, column: str) -> float | None:
    return float(row.text(column)) if row.text(column) else None
