"""What border measurement asks of a port: time across the border, release times, time by activity, idling.

Methods: time across the border (TFI1) as in the corridor performance measurement and monitoring of CAREC, from the
entry into the port to its exit, waiting and loading included, with mean and median; release times with their spread as
in the Time Release Study of the World Customs Organization (guide, version 3, 2018); a stay taken apart by activity,
since that is how its causes are published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridgehead.engines.simulation.compiled import Compiled
from bridgehead.engines.simulation.intervals import Estimate, estimate
from bridgehead.engines.simulation.metrics import Classes
from bridgehead.engines.simulation.model import Split
from bridgehead.engines.simulation.outcomes import Outcome
from bridgehead.engines.simulation.replications import Study
from bridgehead.engines.simulation.unit_stays import ClassStay, class_stays, of_main_unit
from bridgehead.engines.simulation.way_order import nodes_on_way


@dataclass(frozen=True, slots=True)
class ActivityTime:
    """How long a unit of a class spends at a station, averaged over all units of the class that went through the port.

    Parameters
    ----------
    node, activity : str
        The station and the word its time is counted under.
    wait_min, service_min, blocked_min : Estimate
        In the queue, in service, and held at the server or outside because the next place is full.
    """

    node: str
    activity: str
    wait_min: Estimate
    service_min: Estimate
    blocked_min: Estimate


@dataclass(frozen=True, slots=True)
class BorderMeasures:
    """Time across the border of one class, or of all.

    Parameters
    ----------
    stay_mean_h : Estimate
        TFI1, mean.
    stay_h : tuple of (float, Estimate)
        Quantiles of the stay.
    reliability : Estimate
        The 90 % quantile over the median.
    idling_h_per_day : Estimate
        Hours the units together stand waiting, a day.
    """

    stay_mean_h: Estimate
    stay_h: tuple[tuple[float, Estimate], ...]
    reliability: Estimate
    idling_h_per_day: Estimate


_WAITING = ("wait_sum", "gave_up_sum", "blocked_sum", "outside_sum")
QUANTILES = (0.1, 0.5, 0.9, 0.95)


def border_measures(study: Study, unit_class: str | None = None) -> BorderMeasures:
    """Return the border measures of a class, or of the port: its main units, those that leave.

    What stands waiting is that of all classes of the main unit, those included that are taken apart.
    """
    own: Classes = unit_class or study.compiled.main_classes
    waiting: Classes = unit_class or of_main_unit(study.compiled.model)
    quantiles = {q: study.values("sojourn_quantile", unit_class=own, q=q) for q in QUANTILES}
    ratio = [high / low if low else float("nan") for low, high in zip(quantiles[0.5], quantiles[0.9], strict=True)]
    return BorderMeasures(
        stay_mean_h=estimate([value / 60.0 for value in study.values("stay_mean", unit_class=own)]),
        stay_h=tuple((q, estimate([value / 60.0 for value in values])) for q, values in quantiles.items()),
        reliability=estimate(ratio),
        idling_h_per_day=estimate([_idling(one, waiting) for one in study.outcomes]),
    )


def _idling(outcome: Outcome, unit_class: Classes) -> float:
    types = _types(outcome.compiled, unit_class)
    pairs = outcome.pairs[:, list(types)]
    waiting = sum(float(pairs[name].sum()) for name in _WAITING)
    return waiting / 60.0 / (outcome.counted_min / 1440.0)


def _types(compiled: Compiled, unit_class: Classes) -> tuple[int, ...]:
    asked = (unit_class,) if isinstance(unit_class, str) else unit_class or ()
    return tuple(at for one in asked for at in compiled.type_index[one])


def time_by_activity(study: Study, unit_class: str) -> tuple[ActivityTime, ...]:
    """Return where the time of a class goes, station by station along its way, without those it never comes to."""
    compiled = study.compiled
    types = list(compiled.type_index[unit_class])
    found = []
    for name in nodes_on_way(compiled.model, unit_class):
        at = compiled.node_index[name]
        node = compiled.parts[at[0]].node
        cells = [(one, one.pairs[list(at)][:, types]) for one in study.outcomes]
        if not any(cell["arrivals"].sum() for _, cell in cells):
            continue
        times = {
            key: estimate([sum(float(cell[n].sum()) for n in names) / _ended(one, types) for one, cell in cells])
            for key, names in (
                ("wait", ("wait_sum", "gave_up_sum")),
                ("service", ("service_sum",)),
                ("blocked", ("blocked_sum", "outside_sum")),
            )
        }
        found.append(ActivityTime(name, node.activity or name, times["wait"], times["service"], times["blocked"]))
    return tuple(found)


def _ended(outcome: Outcome, types: list[int]) -> float:
    done = float(outcome.types["done"][types].sum() + outcome.types["dropped"][types].sum())
    return done if done else float("nan")


def to_departure_mean_h(study: Study, unit_class: str) -> Estimate:
    """Return how long units of a class are there until they leave, also as what they became, in hours.

    What comes after the change is the mean time at the nodes there; units that are taken apart count once each.
    """
    stays = {one.unit_class: one for one in class_stays(study.compiled.model)}
    later = _later(study.compiled, stays, unit_class)
    values = []
    for one in study.outcomes:
        rows = one.types[list(one.compiled.type_index[unit_class])]
        done = float(rows["done"].sum())
        own = float(rows["stay_sum"].sum()) / done if done else float("nan")
        values.append((own + sum(_at_nodes(one, name) for name in later)) / 60.0)
    return estimate(values)


def _later(compiled: Compiled, stays: Mapping[str, ClassStay], unit_class: str) -> list[str]:
    """Return the classes a unit goes on as, one after the other, until one leaves."""
    nodes = {node.id: node for node in compiled.model.nodes}
    found: list[str] = []
    one = stays[unit_class]
    while not one.leaves:
        node = nodes[one.at]
        into = next(iter(node.into)) if isinstance(node, Split) else str(getattr(node, "becomes", ""))
        if into in (unit_class, *found) or into not in stays:
            break
        found.append(into)
        one = stays[into]
    return found


def _at_nodes(outcome: Outcome, unit_class: str) -> float:
    """Return the mean time units of a class that come to the end of their way spend at all nodes, in minutes."""
    types = list(outcome.compiled.type_index[unit_class])
    rows, done = outcome.pairs[:, types], float(outcome.types["done"][types].sum())
    spent = sum(float(rows[name].sum()) for name in ("wait_sum", "service_sum", "blocked_sum", "outside_sum"))
    return spent / done if done else float("nan")
