"""The stay in a port against its load, sampled by simulation, as a delay function of the flow engine.

Every load is simulated with the same random numbers, so the points lie on a smooth curve though each has its interval.
A mean stay cannot fall with the load; where chance makes it fall, the points are pooled (isotonic regression), weighted
by how sure they are.

Method: pool adjacent violators; Barlow, R. E. et al. (1972), Statistical inference under order restrictions.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bridgehead.engines.network.delays import WIDTH, DelayKind, DelayTable
from bridgehead.engines.simulation.intervals import Estimate
from bridgehead.engines.simulation.model import MINUTES_A_DAY, Model
from bridgehead.engines.simulation.replications import Experiment, Runner, replicate, run_here
from bridgehead.engines.simulation.scaled_loads import scaled
from bridgehead.engines.simulation.unit_stays import leaving_with
from bridgehead.kernel.errors import BridgeheadError, Place

Float64 = npt.NDArray[np.float64]
_SURE = 1e-6


@dataclass(frozen=True, slots=True)
class StayPoint:
    """The stay at one load.

    Parameters
    ----------
    load_per_day : float
        Units that come in a day, on average.
    stay_min : Estimate
        Their mean stay with its interval.
    """

    load_per_day: float
    stay_min: Estimate


@dataclass(frozen=True)
class StayCurve:
    """The stay against the load, by rising load.

    Parameters
    ----------
    points : tuple of StayPoint
        What was simulated.
    """

    points: tuple[StayPoint, ...]

    @property
    def loads_per_day(self) -> Float64:
        """Loads of the points."""
        return np.array([point.load_per_day for point in self.points])

    @property
    def stays_min(self) -> Float64:
        """Stays of the points, pooled so that they do not fall."""
        values = np.array([point.stay_min.mean for point in self.points])
        widths = np.array([point.stay_min.half_width for point in self.points])
        finite = np.where(np.isfinite(widths) & (widths > 0.0), widths, np.nan)
        typical = float(np.nanmedian(finite)) if np.isfinite(finite).any() else 1.0
        weights = 1.0 / np.maximum(np.where(np.isfinite(finite), finite, typical), _SURE * np.abs(values) + _SURE) ** 2
        return pooled(values, weights)

    def at(self, load_per_day: float) -> float:
        """Return the stay in minutes at a load, by straight lines; beyond the last point the last line goes on."""
        loads, stays = self.loads_per_day, self.stays_min
        if load_per_day <= loads[-1] or loads.size == 1:
            return float(np.interp(load_per_day, loads, stays))
        slope = (stays[-1] - stays[-2]) / (loads[-1] - loads[-2])
        return float(stays[-1] + slope * (load_per_day - loads[-1]))

    def with_point(self, point: StayPoint) -> StayCurve:
        """Return the curve with one point more; a point of the same load is replaced."""
        kept = [one for one in self.points if one.load_per_day != point.load_per_day]
        return StayCurve(tuple(sorted([*kept, point], key=lambda one: one.load_per_day)))


def pooled(values: Float64, weights: Float64) -> Float64:
    """Return the values nearest to the given ones, by weighted squares, that do not fall."""
    blocks: list[tuple[float, float, int]] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        block = (value, weight, 1)
        while blocks and blocks[-1][0] > block[0]:
            before = blocks.pop()
            total = before[1] + block[1]
            block = ((before[0] * before[1] + block[0] * block[1]) / total, total, before[2] + block[2])
        blocks.append(block)
    return np.concatenate([np.full(count, value) for value, _, count in blocks])


def base_load_per_day(
    model: Model, experiment: Experiment, classes: Collection[str] = (), *, runner: Runner = run_here
) -> float:
    """Return the units a day that come in the model as it stands, by simulating its arrivals.

    Raises
    ------
    BridgeheadError
        ``planning.nothing_arrives`` where none of the classes comes from outside.
    """
    study = replicate(model, experiment, runner=runner)
    chosen = tuple(one.id for one in model.classes if not classes or one.id in classes)
    found = study.estimate("system_arrival_rate", unit_class=chosen).mean * MINUTES_A_DAY
    if not found > 0.0:
        raise BridgeheadError("planning.nothing_arrives", {"classes": list(chosen)}, Place(field="class"))
    return found


def stay_at(
    model: Model,
    load_per_day: float,
    base_per_day: float,
    experiment: Experiment,
    classes: Collection[str] = (),
    *,
    runner: Runner = run_here,
) -> StayPoint:
    """Return the mean stay of units at one load, from arrival until they, or what they became, leave the port.

    Parameters
    ----------
    model : Model
        The port.
    load_per_day, base_per_day : float
        Units a day that come, and those that come in the model as it stands.
    experiment : Experiment
        How it is simulated; the same for all loads.
    classes : collection of str
        Classes that come, whose load varies and whose stay counts; all where none is named.
    runner : callable
        As for `bridgehead.engines.simulation.replications.replicate`.
    """
    study = replicate(scaled(model, load_per_day / base_per_day, classes), experiment, runner=runner)
    return StayPoint(load_per_day, study.estimate("stay_mean", unit_class=leaving_with(model, classes)))


def sample_stays(
    model: Model,
    loads_per_day: Sequence[float],
    base_per_day: float,
    experiment: Experiment,
    classes: Collection[str] = (),
    *,
    runner: Runner = run_here,
) -> StayCurve:
    """Return the stay at several loads, all with the same random numbers; parameters as for `stay_at`."""
    points = [
        stay_at(model, load, base_per_day, experiment, classes, runner=runner) for load in sorted(set(loads_per_day))
    ]
    return StayCurve(tuple(points))


def with_stay_curve(
    delays: DelayTable, row: int, curve: StayCurve, *, units_per_volume: float, minutes_per_time: float, base_min: float
) -> DelayTable:
    """Return a delay table in which one row is the curve.

    Parameters
    ----------
    delays : DelayTable
        Of the flow problem.
    row : int
        Row of the port.
    curve : StayCurve
        Its stay against its load.
    units_per_volume : float
        Units a day that a unit of the row's volume is.
    minutes_per_time : float
        Minutes in the table's unit of time.
    base_min : float
        Minutes of the stay that the problem counts elsewhere; they are taken off.
    """
    volumes = curve.loads_per_day / units_per_volume
    times = np.maximum(curve.stays_min - base_min, 0.0) / minutes_per_time
    capacity, unit = float(volumes[-1]), max(float(times[-1]), 1e-9)
    points = np.column_stack([volumes / capacity, np.maximum.accumulate(times) / unit])
    if points[0, 0] > 0.0:
        points = np.vstack([[0.0, points[0, 1]], points])
    parameters = delays.parameters.copy()
    parameters[row] = 0.0
    parameters[row, :2] = unit, capacity
    kind = delays.kind.copy()
    kind[row] = DelayKind.PIECEWISE
    parts = [delays.points_of(at) if at != row else points for at in range(len(delays))]
    assert parameters.shape[1] == WIDTH
    return replace(
        delays,
        kind=kind,
        parameters=parameters,
        point_first=np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int32),
        points=np.vstack([np.empty((0, 2)), *parts]),
    )
