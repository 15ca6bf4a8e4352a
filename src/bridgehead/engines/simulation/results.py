"""The results of a study as plain values with their intervals, for JSON, pages and papers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bridgehead.engines.simulation.border_charges import clearance_cost
from bridgehead.engines.simulation.border_measures import border_measures, time_by_activity, to_departure_mean_h
from bridgehead.engines.simulation.compiled import Compiled
from bridgehead.engines.simulation.intervals import Estimate, estimate
from bridgehead.engines.simulation.model import MINUTES_A_DAY, Station
from bridgehead.engines.simulation.replications import Study
from bridgehead.engines.simulation.unit_stays import ClassStay, class_stays, main_unit, of_main_unit

SCHEMA = "bridgehead-port-results/1"
STANDING = "model"
"""What is computed is a result of a model and is never shown as an observation."""
_DAY = ("throughput", "arrival_rate", "system_throughput", "system_arrival_rate")
_STATION = (
    "arrival_rate",
    "throughput",
    "utilisation",
    "blocked_share",
    "down_share",
    "idle_share",
    "open_share",
    "queue_len_mean",
    "queue_len_max",
    "in_node_mean",
    "wait_mean",
    "wait_prob",
    "service_mean",
    "loss_prob",
    "divert_prob",
    "balk_prob",
    "renege_prob",
)
_OTHER_NODE = ("arrival_rate", "throughput", "queue_len_mean", "queue_len_max", "wait_mean", "wait_prob")
_ARRIVING = ("system_arrival_rate", "dropped_share")
_LEAVING = ("system_throughput", "sojourn_mean", "wait_total_mean")
_CLASS = (*_ARRIVING, *_LEAVING)
_QUANTILES = (0.5, 0.9, 0.95)


def results(study: Study) -> dict[str, Any]:
    """Return all results of a study; times are minutes, rates are per day, figures that do not exist are null."""
    compiled, experiment = study.compiled, study.experiment
    model = compiled.model
    return {
        "schema": SCHEMA,
        "standing": STANDING,
        "port": model.port,
        "title": dict(model.title),
        "run": {
            "replications": len(study.outcomes),
            "seed": experiment.seed,
            "warmup_min": experiment.warmup_min,
            "horizon_min": experiment.horizon_min,
            "precise": study.precise,
            "events": sum(one.events for one in study.outcomes),
            "level": 0.95,
        },
        "whole": _whole(study),
        "clearance": _clearance(study),
        "classes": [_of_class(study, one) for one in class_stays(model)],
        "stations": [_of_node(study, name) for name in compiled.node_index],
        "pools": [_of_pool(study, at, pool.id, pool.size) for at, pool in enumerate(model.pools)],
    }


def shown(found: Estimate) -> dict[str, float | None]:
    """Return an estimate as mean and interval, null where there is none."""
    return {"mean": _number(found.mean), "low": _number(found.low), "high": _number(found.high)}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _figures(study: Study, names: tuple[str, ...], **which: Any) -> dict[str, Any]:
    found = {}
    for name in names:
        factor = MINUTES_A_DAY if name in _DAY else 1.0
        key = name.removeprefix("system_") + "_per_day" if name in _DAY else name
        found[key] = shown(estimate([value * factor for value in study.values(name, **which)]))
    return found


def _whole(study: Study) -> dict[str, Any]:
    """Return the figures of the port: of its main units, from arrival to leaving; the last of all units there are.

    Waits are left out where a unit becomes another one on its way: each counts only its own.
    """
    model = study.compiled.model
    own = study.compiled.main_classes
    found = {
        **_figures(study, _ARRIVING, unit_class=of_main_unit(model)),
        **_figures(study, _LEAVING, unit_class=own),
    }
    if any(not one.leaves for one in class_stays(model)):
        found["wait_total_mean"] = shown(estimate([math.nan]))
    return {
        "unit": main_unit(model),
        "classes": list(own),
        **found,
        "in_system_mean": shown(study.estimate("in_system_mean")),
        **_border(study),
    }


def _border(study: Study, unit_class: str | None = None) -> dict[str, Any]:
    found = border_measures(study, unit_class)
    return {
        "stay_mean_h": shown(found.stay_mean_h),
        "stay_h": {f"p{round(q * 100)}": shown(value) for q, value in found.stay_h},
        "reliability_p90_over_p50": shown(found.reliability),
        "idling_h_per_day": shown(found.idling_h_per_day),
        "clearance_cost": _cost(study, unit_class),
    }


def _cost(study: Study, unit_class: str | None) -> dict[str, Any] | None:
    """Return what clearance costs a unit by currency and year, amounts as texts; null where there is no such mean.

    That is where no charge is known, and for the port where those who pay are not its main units; `_clearance` tells
    what they are, and the cost of each class stands with the class.
    """
    amounts = clearance_cost(study, unit_class).amounts
    return {
        f"{one.currency} {one.year}": {
            name: None if value is None else str(value)
            for name, value in (("mean", one.mean), ("low", one.low), ("high", one.high))
        }
        for one in amounts
    } or None


def _clearance(study: Study) -> dict[str, Any]:
    """Return the charges of a model with their provenance, who pays and in what units, and of whom none is known."""
    found = clearance_cost(study)
    return {
        "classes": list(found.classes),
        "units": list(found.units),
        "no_charge_known": list(found.no_charge_known),
        "charges": [
            {
                "class": one.unit_class,
                "station": one.node or None,
                "side": one.side or None,
                "amount": str(one.amount),
                "currency": one.currency,
                "year": one.year,
                "parameter": one.figure or None,
                "standing": one.standing,
                "source": one.source or None,
                "date": one.date or None,
                "label": dict(one.label),
            }
            for one in study.compiled.model.charges
        ],
    }


def _of_class(study: Study, stay: ClassStay) -> dict[str, Any]:
    unit_class = stay.unit_class
    return {
        "id": unit_class,
        "unit": stay.unit,
        "since": list(stay.since),
        "until": stay.until,
        "until_at": stay.at or None,
        "to_departure_mean_h": shown(to_departure_mean_h(study, unit_class)),
        **_figures(study, _CLASS, unit_class=unit_class),
        **_border(study, unit_class),
        "time_by_activity": [
            {
                "station": one.node,
                "activity": one.activity,
                "wait_min": shown(one.wait_min),
                "service_min": shown(one.service_min),
                "blocked_min": shown(one.blocked_min),
            }
            for one in time_by_activity(study, unit_class)
        ],
    }


def _of_node(study: Study, name: str) -> dict[str, Any]:
    node = study.compiled.parts[study.compiled.node_index[name][0]].node
    station = isinstance(node, Station)
    quantiles = {f"p{round(q * 100)}": shown(study.estimate("wait_quantile", node=name, q=q)) for q in _QUANTILES}
    return {
        "id": name,
        "kind": type(node).__name__.lower(),
        "servers": node.servers if isinstance(node, Station) else None,
        **_figures(study, _STATION if station else _OTHER_NODE, node=name),
        "wait_min": quantiles,
        "queue_by_hour_of_week": _weekly(study, study.compiled, name),
    }


def _weekly(study: Study, compiled: Compiled, name: str) -> list[float | None]:
    """Return the mean queue by hour of the week, over the replications."""
    rows = list(compiled.node_index[name])
    weeks = [one.weekly[rows].sum(axis=0) for one in study.outcomes]
    return [_number(float(value)) for value in np.mean(weeks, axis=0)] if weeks[0].size else []


def _of_pool(study: Study, at: int, name: str, size: int) -> dict[str, Any]:
    taken = [float(one.pools["area"][at]) / one.counted_min for one in study.outcomes]
    return {"id": name, "size": size, "taken_mean": shown(estimate(taken))}
