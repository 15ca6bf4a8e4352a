"""What sets the stay of a class: minutes a unit by station and cause, over all that are done, and whom to look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridgehead.engines.simulation.stay_paths.causes import BLOCKED, CAUSES, CLOSED, PARTNER, QUEUE, SERVICE, Cause
from bridgehead.engines.simulation.stay_paths.log_rows import Bool, Float64, Int64
from bridgehead.engines.simulation.stay_paths.passages import NONE
from bridgehead.engines.simulation.stay_paths.timelines_of_units import Traced
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.schemas import nearest


@dataclass(frozen=True, slots=True)
class CauseShare:
    """What a cause at a station adds to the stay: minutes a unit on average, and its share of the mean stay."""

    station: str
    cause: Cause
    minutes: float
    share: float


@dataclass(frozen=True, slots=True)
class StayCauses:
    """What sets the stay of some units.

    Parameters
    ----------
    unit_class : str
        Their class, empty for all.
    units : int
        How many are done and counted.
    mean_stay_min : float
        From arrival to the end.
    parts : tuple of CauseShare
        By station in the order of the log and cause, those above zero; they add up to the mean stay.
    """

    unit_class: str
    units: int
    mean_stay_min: float
    parts: tuple[CauseShare, ...]

    def by_cause(self) -> tuple[CauseShare, ...]:
        """Return the parts of all stations together, in the order of the causes."""
        found = []
        for cause in CAUSES:
            of_cause = [one for one in self.parts if one.cause == cause]
            if of_cause:
                total = sum(one.minutes for one in of_cause), sum(one.share for one in of_cause)
                found.append(CauseShare("", cause, *total))
        return tuple(found)


def done_units(traced: Traced, unit_class: str = "", warmup_min: float = 0.0) -> Int64:
    """Return the units of a class, or all that came from outside or leave the port, that came after the warm-up.

    Raises
    ------
    BridgeheadError
        ``event_log.unknown_class``.
    """
    rows = traced.rows
    use: Bool = np.isfinite(traced.done_min) & (traced.born_min >= warmup_min)
    if unit_class:
        if unit_class not in rows.classes:
            near = nearest(unit_class, rows.classes)
            told = {"name": unit_class, "known": list(rows.classes), **({"near": near} if near else {})}
            raise BridgeheadError("event_log.unknown_class", told, Place(field="class"))
        use &= rows.class_of_unit == rows.classes.index(unit_class)
    elif traced.visits.passages.ended_in:
        # Who goes on as another is counted with that one.
        use[list(traced.visits.passages.ended_in)] = False
    found: Int64 = np.flatnonzero(use)
    return found


def unit_at(traced: Traced, units: Int64, quantile: float) -> int:
    """Return the unit whose stay is a quantile of those of some units; `NONE` where there are none."""
    if units.size == 0:
        return NONE
    stays = traced.done_min[units] - traced.born_min[units]
    rank = min(units.size - 1, max(0, int(np.ceil(quantile * units.size)) - 1))
    return int(units[np.argsort(stays, kind="stable")[rank]])


def stay_causes(traced: Traced, unit_class: str = "", warmup_min: float = 0.0) -> StayCauses:
    """Return what sets the stay of a class, or of all units that leave the port, from the end of the warm-up on."""
    units = done_units(traced, unit_class, warmup_min)
    if units.size == 0:
        return StayCauses(unit_class, 0, float("nan"), ())
    stays = traced.done_min[units] - traced.born_min[units]
    mean = float(stays.mean())
    shares = [
        CauseShare(station, cause, total / units.size, total / units.size / mean if mean else 0.0)
        for (station, cause), total in _totals(traced, units).items()
        if total > 0.0
    ]
    order = {cause: number for number, cause in enumerate(CAUSES)}
    places = {name: number for number, name in enumerate(dict.fromkeys(one.station for one in shares))}
    shares.sort(key=lambda one: (places[one.station], order[one.cause]))
    return StayCauses(unit_class, int(units.size), mean, tuple(shares))


def _totals(traced: Traced, units: Int64) -> dict[tuple[str, Cause], float]:
    """Return minutes by station and cause of some units, with those they were made of."""
    of_unit, of_passage = _weights(traced, units)
    rows, visits = traced.rows, traced.visits
    weight = of_unit[rows.unit]
    found: dict[tuple[str, Cause], float] = {}
    for number, station in enumerate(rows.stations):
        here = np.flatnonzero((rows.station == number) & (weight > 0))
        if here.size == 0:
            continue
        for cause, minutes in _minutes(traced, number, here).items():
            found[station, cause] = float(minutes @ weight[here])
    for row, passage in visits.passages.before_row.items():
        if weight[row]:
            key = visits.passages.all[passage].node, PARTNER
            minutes_here = float(visits.came_min[row] - visits.since_min[row])
            found[key] = found.get(key, 0.0) + minutes_here * float(weight[row])
    for number, times in of_passage.items():
        one = visits.passages.all[number]
        key = one.node, PARTNER
        found[key] = found.get(key, 0.0) + (one.out_min - one.in_min) * times
    return found


def _weights(traced: Traced, units: Int64) -> tuple[Float64, dict[int, float]]:
    """Return how often each unit's time counts, and each passage's: once for everyone that was made of it."""
    visits = traced.visits
    weight = np.zeros(len(traced.rows.units))
    weight[units] = 1.0
    of_passage: dict[int, float] = {}
    for unit in units.tolist():
        ended = visits.passages.ended_in.get(unit)
        if ended is not None:
            of_passage[ended] = of_passage.get(ended, 0.0) + 1.0
        number = int(visits.made_in[unit])
        while number != NONE:
            one = visits.passages.all[number]
            of_passage[number] = of_passage.get(number, 0.0) + 1.0
            if one.unit != NONE:
                weight[one.unit] += 1.0
                number = int(visits.made_in[one.unit])
            else:
                number = one.before
    return weight, of_passage


def _minutes(traced: Traced, number: int, here: Int64) -> dict[Cause, Float64]:
    """Return the minutes of visits of one station by cause."""
    rows, visits, state = traced.rows, traced.visits, traced.states[number]
    entered, start, end = visits.entered_min[here], rows.start_min[here], rows.end_min[here]
    until = start
    if state.overtime:
        over = state.closed_since(start)
        until = np.where(np.isnan(over), start, np.minimum(start, np.fmax(entered, over)))
    found = {cause: state.minutes(cause, entered, until) for cause in CAUSES if cause not in (SERVICE, PARTNER)}
    found[QUEUE] = found[QUEUE] + (start - until)
    found[BLOCKED] = found[BLOCKED] + (entered - visits.came_min[here])
    paused = state.minutes(CLOSED, start, end) if state.pausing else np.zeros(here.size)
    found[CLOSED] = found[CLOSED] + paused
    found[SERVICE] = end - start - paused
    return found
