"""The figures of a model read from a log as its parameters: each stands where the model uses it, and can be changed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bridgehead.engines.simulation.calibration.estimates import Estimate
from bridgehead.engines.simulation.calibration.evidence import ALL
from bridgehead.engines.simulation.calibration.routing import OUT
from bridgehead.engines.simulation.distributions import mean
from bridgehead.engines.simulation.loads import mean_rate
from bridgehead.engines.simulation.model import (
    MINUTES_A_DAY,
    AppointmentArrivals,
    Distribution,
    Figure,
    Model,
    RateArrivals,
    RenewalArrivals,
    Source,
    Station,
)
from bridgehead.engines.simulation.parameters import MARK
from bridgehead.engines.simulation.quantities import free_name
from bridgehead.engines.simulation.routing import REST
from bridgehead.engines.simulation.written import distribution_as_plain

MEASURED = "measured"
_LISTS = {"mix": "parts", "empirical": "values", "quantiles": "points"}
_SCALARS = ("exp", "det")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure, where it stands in the description, and what is written there; `also` is written elsewhere with it."""

    figure: Figure
    path: tuple[str | int, ...]
    written: Any
    also: tuple[tuple[tuple[str | int, ...], Any], ...] = ()


def parameters_of(model: Model, estimates: Sequence[Estimate], file: str) -> tuple[Parameter, ...]:
    """Return the chief figures of a model that was read from a log, with their places.

    Mean services, servers where shifts do not change them, shares of routes, and arrivals a day. The value is the one
    the model runs on; the interval is that of the estimate.

    Parameters
    ----------
    model : Model
        The model.
    estimates : sequence of Estimate
        Everything that was read from the log.
    file : str
        Name of the log, the source of the figures.
    """
    known = {(one.name, one.activity, one.unit_class, one.to): one for one in estimates if math.isfinite(one.value)}
    found: dict[str, Parameter] = {}
    for key, value, make in _wanted(model):
        if key in known:
            name = free_name(".".join(part for part in key if part), found)
            found[name] = make(_figure(name, known[key], value, file), f"{MARK}{name}")
    return tuple(found.values())


def with_references(description: dict[str, Any], parameters: Sequence[Parameter]) -> dict[str, Any]:
    """Return a description in which parameters stand where their values stood; the one given is changed."""
    for one in parameters:
        for path, written in ((one.path, one.written), *one.also):
            at: Any = description
            for part in path[:-1]:
                at = at[part]
            at[path[-1]] = written
    return description


def _wanted(model: Model) -> Iterator[tuple[tuple[str, str, str, str], float, Any]]:
    """Yield the estimate each parameter is, the value of the model, and what makes the parameter of figure and mark."""
    classes = {one.id for one in model.classes}
    for node in model.nodes:
        if isinstance(node, Station):
            for unit_class, service in node.service.items():
                if unit_class == ALL and classes <= set(node.service):
                    continue  # nobody is served by it
                key = ("service_mean", node.id, "" if unit_class == ALL else unit_class, "")
                yield key, _mean(service), _at(("stations", node.id, "service", unit_class), service)
            if not node.shifts and node.servers is not None:
                yield ("servers", node.id, "", ""), float(node.servers), _at(("stations", node.id, "servers"))
    for route in model.routes:
        names = [OUT if way.to is None else way.to for way in route.ways]
        path: tuple[str | int, ...] = ("routes", route.unit_class, route.node)
        for way, name in zip(route.ways[:-1], names, strict=False):
            key = ("share", route.node, "" if route.unit_class == ALL else route.unit_class, name)
            yield key, way.shares["*"], _at((*path, name), rest=(*path, names[-1]))
    for at, source in enumerate(model.sources):
        yield from _arrivals(at, source)


def _arrivals(at: int, source: Source) -> Iterator[tuple[tuple[str, str, str, str], float, Any]]:
    key = ("arrivals_per_day", source.node, source.unit_class, "")
    arrivals = source.arrivals
    if isinstance(arrivals, RateArrivals | RenewalArrivals):
        yield key, mean_rate(arrivals, MINUTES_A_DAY) * MINUTES_A_DAY, _at(("sources", at, "per_day"))
    elif isinstance(arrivals, AppointmentArrivals) and arrivals.count.kind == "det":
        yield key, arrivals.count.numbers[0], _at(("sources", at, "appointments", "count"))


def _at(
    path: tuple[str | int, ...], service: Distribution | None = None, rest: tuple[str | int, ...] | None = None
) -> Any:
    def make(figure: Figure, mark: str) -> Parameter:
        written = mark if service is None else _with_mean(service, mark)
        return Parameter(figure, path, written, () if rest is None else ((rest, REST),))

    return make


def _mean(service: Distribution) -> float:
    """Return the mean a distribution is written with, or has."""
    named = distribution_as_plain(service)[service.kind]
    return float(named["mean"]) if isinstance(named, dict) and "mean" in named else mean(service)


def _with_mean(service: Distribution, mark: str) -> dict[str, Any]:
    """Return a distribution as it is written, with a parameter as its mean."""
    named = distribution_as_plain(service)[service.kind]
    if service.kind in _SCALARS:
        return {service.kind: mark}
    if not isinstance(named, dict):
        named = {_LISTS[service.kind]: named}
    return {service.kind: {**named, "mean": mark}}


def _figure(name: str, one: Estimate, value: float, file: str) -> Figure:
    # What the model runs on may be told in another way than the estimate, as of calendar days instead of open ones.
    factor = value / one.value if one.value else 1.0
    low, high = sorted((one.low * factor, one.high * factor))
    interval = f"95 %: {low:.6g} - {high:.6g}; n = {one.n}"
    return Figure(name, value, one.unit, MEASURED, file, note={"zh": interval, "en": interval})


def measured(model: Model, estimates: Sequence[Estimate], file: str) -> Model:
    """Return a model with the figures it rests on."""
    return replace(model, figures=tuple(one.figure for one in parameters_of(model, estimates, file)))
