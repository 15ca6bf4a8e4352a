"""All that is shown of a study as plain values: results, queues over time with bands, and two studies held together.

Each replication's figures are kept, so that two studies can be compared long after their outcomes are gone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bridgehead.engines.simulation.intervals import Estimate, independent_difference, paired_difference
from bridgehead.engines.simulation.model import MINUTES_A_DAY, Station
from bridgehead.engines.simulation.outcomes import HOURS_A_WEEK
from bridgehead.engines.simulation.replications import Study
from bridgehead.engines.simulation.results import results
from bridgehead.engines.simulation.unit_stays import class_stays, of_main_unit

WHOLE = ""
"""Stands for the port as a whole where stations have their id."""
BAND = (0.1, 0.9)
"""Quantiles over the replications between which a band is drawn."""
_DIGITS = 4


def report(study: Study) -> dict[str, Any]:
    """Return the results of a study with its queues over time and the figures of every replication."""
    model = study.compiled.model
    return {
        **results(study),
        "start": model.start.isoformat() if model.start else None,
        "queues": {name: _queue(study, rows) for name, rows in _rows(study)},
        "replications": {name: [_finite(value) for value in values] for name, values in _figures(study)},
    }


def _rows(study: Study) -> Iterator[tuple[str, list[int]]]:
    index = study.compiled.node_index
    yield WHOLE, [row for rows in index.values() for row in rows]
    yield from ((name, list(rows)) for name, rows in index.items())


def _queue(study: Study, rows: list[int]) -> dict[str, Any]:
    """Return the queue of some kernel nodes together: by hour of the day and by day with bands, by hour of the week."""
    years = np.array([one.daily[rows].sum(axis=0) for one in study.outcomes])
    weeks = np.array([one.weekly[rows].sum(axis=0) for one in study.outcomes])
    found: dict[str, Any] = {"year": _banded(years), "day": None, "week": []}
    if weeks.shape[1] == HOURS_A_WEEK:
        with np.errstate(invalid="ignore"):
            days = np.nanmean(weeks.reshape(len(weeks), 7, 24), axis=1)
        found |= {"day": _banded(days), "week": _rounded(weeks.mean(axis=0))}
    return found


def _banded(values: Any) -> dict[str, list[float | None]]:
    low, high = np.quantile(values, BAND, axis=0)
    return {"low": _rounded(low), "mean": _rounded(values.mean(axis=0)), "high": _rounded(high)}


def _rounded(values: Any) -> list[float | None]:
    return [float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None for value in values]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


_OF_UNITS: Mapping[str, tuple[str, float | None, float]] = {
    "stay_mean_h": ("stay_mean", None, 1 / 60),
    "stay_p50_h": ("sojourn_quantile", 0.5, 1 / 60),
    "stay_p90_h": ("sojourn_quantile", 0.9, 1 / 60),
    "wait_total_mean_h": ("wait_total_mean", None, 1 / 60),
    "throughput_per_day": ("system_throughput", None, MINUTES_A_DAY),
    "dropped_share": ("dropped_share", None, 1.0),
}
"""Figures of all units or of a class: metric, quantile, factor."""
_OF_STATIONS: Mapping[str, tuple[str, float]] = {
    "wait_mean_h": ("wait_mean", 1 / 60),
    "queue_mean": ("queue_len_mean", 1.0),
    "utilisation": ("utilisation", 1.0),
}


def _figures(study: Study) -> Iterator[tuple[str, list[float]]]:
    """Yield figures by name: of the whole, ``class/<id>/…`` and ``station/<id>/…``, each along the replications."""
    model = study.compiled.model
    stays = class_stays(model)
    changes = any(not one.leaves for one in stays)
    for name, (metric, q, factor) in _OF_UNITS.items():
        own = of_main_unit(model) if metric == "dropped_share" else study.compiled.main_classes
        if metric != "wait_total_mean" or not changes:
            yield name, [v * factor for v in study.values(metric, unit_class=own, q=q)]
    for one in stays:
        for name, (metric, q, factor) in _OF_UNITS.items():
            values = study.values(metric, unit_class=one.unit_class, q=q)
            yield f"class/{one.unit_class}/{name}", [v * factor for v in values]
    yield "in_system_mean", study.values("in_system_mean")
    for node in model.nodes:
        if isinstance(node, Station):
            for name, (metric, factor) in _OF_STATIONS.items():
                yield f"station/{node.id}/{name}", [v * factor for v in study.values(metric, node=node.id)]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of two studies: means over the replications, and second minus first with its interval."""

    name: str
    first: float
    second: float
    difference: Estimate


def are_paired(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Tell whether two reports were made on the same random numbers, replication by replication."""
    return all(first["run"][key] == second["run"][key] for key in ("seed", "replications", "horizon_min", "warmup_min"))


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return every figure both reports have, with the interval of its difference.

    Where both ran on the same random numbers the replications are paired, else the two are taken as independent.
    """
    compare = paired_difference if are_paired(first, second) else independent_difference
    found = []
    for name, values in first["replications"].items():
        others = second["replications"].get(name)
        if others is None:
            continue
        a, b = _numbers(values), _numbers(others)
        found.append(Difference(name, _mean(a), _mean(b), compare(a, b)))
    return tuple(found)


def _numbers(values: Sequence[float | None]) -> list[float]:
    return [math.nan if value is None else value for value in values]


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan
