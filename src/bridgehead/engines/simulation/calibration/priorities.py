"""Whether one class is served before others that came earlier.

At every start of service at which units of two classes were waiting, the longest waiting unit of each is compared:
where the class whose unit had come later is taken all the same, it overtook. First come, first served gives a share of
overtakings near 0 in both directions, a strict priority a share near 1 in one and near 0 in the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bridgehead.engines.simulation.calibration.estimates import wilson
from bridgehead.engines.simulation.calibration.log_cells import Float64, Int64

STRICT, NEVER = 0.9, 0.1
FEWEST_CHOICES = 20


@dataclass(frozen=True, slots=True)
class Overtaking:
    """How often one class is taken before a unit of another that had waited longer.

    Parameters
    ----------
    ahead, behind : int
        Classes.
    choices : int
        Starts at which units of both were waiting and the one of `behind` had come first.
    overtook : int
        At how many of these a unit of `ahead` was taken.
    """

    ahead: int
    behind: int
    choices: int
    overtook: int

    @property
    def share(self) -> float:
        """The share of overtakings, NaN where there was no choice."""
        return self.overtook / self.choices if self.choices else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval."""
        return wilson(self.overtook, self.choices)


def find_overtakings(
    started: Float64, joined: Float64, unit_class: Int64, classes: int, tolerance_min: float
) -> tuple[Overtaking, ...]:
    """Return the overtakings between all pairs of classes at one activity."""
    known = np.isfinite(joined)
    start, join, kind = started[known], joined[known], unit_class[known]
    lines = [_Line.of(start[kind == one], join[kind == one]) for one in range(classes)]
    return tuple(_pairs(lines, tolerance_min))


def ranks(overtakings: tuple[tuple[Overtaking, ...], ...], classes: int) -> tuple[int, ...]:
    """Return a priority number for each class, smaller first, from the overtakings at all activities.

    A class is before another where its strict priority shows in all choices together; the number of a class is how
    many classes are before it.
    """
    totals: dict[tuple[int, int], list[int]] = {}
    for at_activity in overtakings:
        for one in at_activity:
            total = totals.setdefault((one.ahead, one.behind), [0, 0])
            total[0] += one.choices
            total[1] += one.overtook
    before = [0] * classes
    for (ahead, behind), (choices, overtook) in totals.items():
        back_choices, back = totals.get((behind, ahead), [0, 0])
        strict = choices >= FEWEST_CHOICES and overtook >= STRICT * choices
        if strict and back <= NEVER * max(back_choices, 1):
            before[behind] += 1
    return tuple(before)


@dataclass(frozen=True, eq=False, slots=True)
class _Line:
    """Units of one class at one activity by rising start, with the earliest coming among those not begun before."""

    starts: Float64
    joins: Float64
    earliest: Float64

    @classmethod
    def of(cls, start: Float64, join: Float64) -> _Line:
        order = np.argsort(start, kind="stable")
        start, join = start[order], join[order]
        earliest = np.minimum.accumulate(join[::-1])[::-1] if join.size else join
        return cls(start, join, np.append(earliest, np.inf))

    def head(self, times: Float64, after: bool) -> Float64:
        """Return when the longest waiting unit had come at each time; infinite where nobody waited.

        With `after`, units begun at the very time count as gone.
        """
        head = self.earliest[np.searchsorted(self.starts, times, "right" if after else "left")]
        return np.where(head < times, head, np.inf)


def _pairs(lines: list[_Line], tolerance_min: float) -> Iterator[Overtaking]:
    for ahead, first in enumerate(lines):
        for behind, second in enumerate(lines):
            if ahead == behind or not first.starts.size or not second.starts.size:
                continue
            # A unit of `ahead` is taken while one of `behind` that came before all those of `ahead` goes on waiting.
            own, other = first.head(first.starts, after=False), second.head(first.starts, after=True)
            overtook = int(np.count_nonzero(other < own - tolerance_min))
            # The other way: a unit of `behind` is taken in its turn while one of `ahead` goes on waiting.
            own, other = second.head(second.starts, after=False), first.head(second.starts, after=True)
            kept = int(np.count_nonzero(np.isfinite(other) & (own < other - tolerance_min)))
            if overtook + kept:
                yield Overtaking(ahead, behind, overtook + kept, overtook)
