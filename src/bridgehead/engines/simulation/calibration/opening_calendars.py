"""Opening hours of an activity out of the starts of its services, with whole days closed and how sure all that is.

Hours without any start are taken for closed time where that is no chance: somebody was waiting through them day after
day, and at the pace at which those waiting are begun at other times many services should have been begun. Where the
log does not say when units came, the mean pace of starts stands in. Hours in which nobody came and nobody waited say
nothing: they are listed as undecided and left open; but where units that came then were never served, others were, and
that is no chance, they are closed, and turn away.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from bridgehead.engines.simulation.calibration.log_cells import MINUTES_A_DAY, Bool, Float64, Int64
from bridgehead.engines.simulation.calibration.open_time import WHOLE_DAY, OpenTime, laid_out
from bridgehead.engines.simulation.calibration.overtime import overtime
from bridgehead.engines.simulation.calibration.waiting import Waiting, waiting
from bridgehead.engines.simulation.model import Intervals

SLOT_MIN = 5.0
SLOTS = int(MINUTES_A_DAY / SLOT_MIN)
SHORTEST_CLOSED_SLOTS = 6
STRAY_SHARE = 0.02
"""A slot with less than that share of the usual starts counts as without: a log has its strays."""
ONE_IS_STRAY = 10.0
"""Where a slot has that many starts as a rule, a single one is a stray."""
CLUSTERING = 2.0
"""Starts come in bursts, so that their number spreads more than a Poisson count; evidence is divided by that."""
MOST_CHANCE = 1e-3
LIKELY_WITH_OTHERS = 0.05
"""Where other activities were closed on a day, a day without starts here need be no rarer than that."""
NEAR_BORDER_MIN = 30.0
BORDER_STARTS = 5.0
"""A border lies within the time of so many starts of the nearest one, but for one case in a hundred."""
ROUND_TO_MIN = (60.0, 30.0, 15.0, 5.0, 1.0)


@dataclass(frozen=True, slots=True)
class Gap:
    """Closed time every day, in minutes of the day; it may run past midnight.

    Parameters
    ----------
    closes_min, opens_min : float
        Rounded border times; `opens_min` is the smaller one where the gap runs past midnight.
    close_between, open_between : tuple of float
        Within which the true borders lie with some 99 %.
    p_value : float
        Probability of no start by chance, had the activity been open.
    waited_min : float
        Minutes with somebody waiting inside the gap, all days together.
    basis : str
        ``waiting``, ``starts`` (the log does not say who waited), ``turned_away`` (who came was never served) or
        ``no_demand`` (undecided).
    strays : int
        Starts inside the gap all the same, overtime not counted.
    overtime : int
        Starts after closing of units that had come before, where the queue is emptied then; 0 where it is not.
    """

    closes_min: float
    opens_min: float
    close_between: tuple[float, float]
    open_between: tuple[float, float]
    p_value: float
    waited_min: float
    basis: str
    strays: int
    overtime: int = 0

    @property
    def pieces(self) -> Intervals:
        """The closed time within one day: two pieces where it runs past midnight."""
        if self.closes_min < self.opens_min:
            return ((self.closes_min, self.opens_min),)
        return (0.0, self.opens_min), (self.closes_min, MINUTES_A_DAY)

    @property
    def decided(self) -> bool:
        """Whether it is taken for closed."""
        return self.basis != "no_demand" and self.p_value < MOST_CHANCE


@dataclass(frozen=True, slots=True)
class Closure:
    """A day without any start: of this kind of weekday always (`weekly`) or of this date."""

    day: int
    expected_starts: float
    somebody_waited: bool
    weekly: bool


@dataclass(frozen=True, eq=False, slots=True)
class FoundHours:
    """What was found on one activity.

    Parameters
    ----------
    hours : mapping
        Weekday (0 Monday; 0 for every day where there are no dates) to open intervals.
    gaps : mapping
        Weekdays to the gaps they share, decided or not.
    closures : tuple of Closure
        Days without any start that are no chance.
    time : OpenTime
        All of it laid out over the log.
    """

    hours: dict[int, Intervals]
    gaps: dict[tuple[int, ...], tuple[Gap, ...]] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()
    time: OpenTime = field(default_factory=lambda: laid_out({0: WHOLE_DAY}, frozenset(), None, 1))

    @property
    def always_open(self) -> bool:
        """Whether there is no closed time at all."""
        return self.time.always

    @property
    def emptied(self) -> bool:
        """Whether those who wait at closing time are still served."""
        decided = [gap for gaps in self.gaps.values() for gap in gaps if gap.decided]
        return any(gap.overtime for gap in decided)

    @property
    def daily(self) -> bool:
        """Whether all weekdays are alike."""
        return len(set(self.hours.values())) == 1


@dataclass(frozen=True, eq=False, slots=True)
class _Starts:
    """Starts of one activity with what is needed to judge them."""

    times: Float64
    joined: Float64
    gone: Float64
    queue: Waiting
    days: int
    weekday: int | None

    def weekday_of(self, days: Int64) -> Int64:
        return np.zeros_like(days) if self.weekday is None else (days + self.weekday) % 7


def find_hours(
    started: Float64,
    joined: Float64,
    days: int,
    weekday: int | None,
    suspected: frozenset[int] = frozenset(),
    *,
    gone: Float64 | None = None,
) -> FoundHours:
    """Find the opening hours of an activity.

    Parameters
    ----------
    started, joined : ndarray
        Starts of its services, and when their units came to it (NaN where nobody knows).
    days : int
        How many days the log has.
    weekday : int or None
        Weekday of day 0, None where the log has no dates: all days then count as alike.
    suspected : frozenset of int
        Days on which other activities were closed: here the lack of starts is then enough.
    gone : ndarray, optional
        When units came that were never served.
    """
    nobody: Float64 = np.empty(0)
    starts = _Starts(started, joined, nobody if gone is None else gone, waiting(joined, started), days, weekday)
    closures = tuple(_closures(starts, suspected))
    closed = frozenset(closure.day for closure in closures)
    every_week = {int(starts.weekday_of(np.array([c.day]))[0]) for c in closures if c.weekly}
    kinds = [kind for kind in (range(7) if weekday is not None else range(1)) if kind not in every_week]
    groups = _alike(starts, closed, kinds)
    gaps = {group: _gaps(starts, closed, group) for group in groups}
    hours: dict[int, Intervals] = dict.fromkeys(every_week, ())
    for group, found in gaps.items():
        hours.update(dict.fromkeys(group, _open(found)))
    return FoundHours(hours, gaps, closures, laid_out(hours, closed, weekday, days))


def _closures(starts: _Starts, suspected: frozenset[int]) -> Iterator[Closure]:
    """Yield the whole days without a start that are no chance."""
    counts = np.bincount((starts.times // MINUTES_A_DAY).astype(np.int64), minlength=starts.days).astype(float)
    kinds = starts.weekday_of(np.arange(counts.size))
    for day in np.flatnonzero(counts == 0).tolist():
        alike = counts[kinds == kinds[day]]
        weekly = alike.size >= 2 and not alike.any() and starts.weekday is not None
        reference = counts if weekly else alike
        expected = float(reference[reference > 0].mean()) if reference.any() else 0.0
        begin, end = np.array([day * MINUTES_A_DAY]), np.array([(day + 1) * MINUTES_A_DAY])
        minutes = starts.queue.minutes(begin, end)
        chance = math.exp(-expected / CLUSTERING)
        if day in suspected and chance < LIKELY_WITH_OTHERS:
            yield Closure(day, expected, minutes >= 1.0, weekly)
            continue
        turned_away = bool(((starts.gone >= begin) & (starts.gone < end)).any())
        if day == starts.days - 1 or (starts.queue.known and not weekly and minutes < 1.0 and not turned_away):
            # The log may end before anybody could be begun; and where nobody came, nobody was turned away.
            continue
        waited = minutes > 0.5 * MINUTES_A_DAY
        if waited or chance < MOST_CHANCE:
            yield Closure(day, expected, waited, weekly)


def _alike(starts: _Starts, closed: frozenset[int], kinds: list[int]) -> list[tuple[int, ...]]:
    """Return the weekdays in groups of equal hours; days with few starts go with all the others."""
    if len(kinds) <= 1:
        return [tuple(kinds)] if kinds else []
    pooled = _open(_gaps(starts, closed, tuple(kinds)))
    groups: dict[Intervals, list[int]] = {}
    for kind in kinds:
        gaps = _gaps(starts, closed, (kind,))
        own = pooled if _fits(pooled, gaps) else _open(gaps)
        near = next((known for known in groups if _fits(known, gaps) and _covers(own, known)), own)
        groups.setdefault(near, []).append(kind)
    return [tuple(group) for group in groups.values()]


def _covers(own: Intervals, known: Intervals) -> bool:
    """Say whether hours are open wherever others are, but for a slot or two."""
    both = sum(max(0.0, min(end, e) - max(begin, b)) for begin, end in own for b, e in known)
    return sum(end - begin for begin, end in known) - both <= 2.0 * SLOT_MIN * len(known)


def _fits(known: Intervals, gaps: tuple[Gap, ...]) -> bool:
    """Say whether one kind of day keeps known hours: it has no closed time beyond what is unsure of its borders.

    Hours found on all days are open wherever any kind of day is, so a kind of day can only be closed for longer.
    """
    for gap in gaps:
        unsure = float(np.ptp(gap.close_between) + np.ptp(gap.open_between)) + 2.0 * SLOT_MIN
        open_all_the_same = sum(
            max(0.0, min(end, gap_end) - max(begin, gap_begin))
            for begin, end in known
            for gap_begin, gap_end in gap.pieces
        )
        if gap.decided and open_all_the_same > unsure:
            return False
    return True


def _gaps(starts: _Starts, closed: frozenset[int], kinds: tuple[int, ...]) -> tuple[Gap, ...]:
    """Return the stretches of the day without starts, on the open days of these weekdays."""
    every = np.arange(starts.days)
    days = every[np.isin(starts.weekday_of(every), kinds) & ~np.isin(every, sorted(closed))]
    on = starts.times[np.isin((starts.times // MINUTES_A_DAY).astype(np.int64), days)]
    of_day = np.sort(on % MINUTES_A_DAY)
    counts = np.bincount((of_day // SLOT_MIN).astype(np.int64), minlength=SLOTS)[:SLOTS]
    if on.size < 20:
        return ()
    usual = float(np.median(counts[counts > 0]))
    quiet = counts <= max(STRAY_SHARE * usual, 1.0 if usual >= ONE_IS_STRAY else 0.0)
    return tuple(
        _gap(starts, days, of_day, first, length) for first, length in _runs(quiet) if length >= SHORTEST_CLOSED_SLOTS
    )


def _runs(quiet: Bool) -> Iterator[tuple[int, int]]:
    """Yield first slot and length of the runs of quiet slots around the clock."""
    if quiet.all() or not quiet.any():
        return
    turn = int(np.flatnonzero(~quiet)[0])
    rolled = np.roll(quiet, -turn)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], rolled, [False]]).astype(np.int8)))
    for begin, end in edges.reshape(-1, 2).tolist():
        yield (begin + turn) % SLOTS, end - begin


def _gap(starts: _Starts, days: Int64, of_day: Float64, first: int, length: int) -> Gap:
    """Judge one quiet run: where its borders lie, and whether it can be chance."""
    early, late = first * SLOT_MIN, (first + length) * SLOT_MIN
    shifted = np.sort((of_day - early) % MINUTES_A_DAY)
    inside = int(np.searchsorted(shifted, late - early))
    others = shifted[inside:]
    last, next_one = float(others[-1] - MINUTES_A_DAY), float(others[0])
    before = max(int(np.count_nonzero(others - MINUTES_A_DAY > last - NEAR_BORDER_MIN)), 1) / NEAR_BORDER_MIN
    after = max(int(np.count_nonzero(others < next_one + NEAR_BORDER_MIN)), 1) / NEAR_BORDER_MIN
    close_between = (early + last, early + min(last + BORDER_STARTS / before, next_one))
    open_between = (early + max(next_one - BORDER_STARTS / after, last), early + next_one)
    closes, opens = _round_up(*close_between), -_round_up(-open_between[1], -open_between[0])
    p_value, waited, basis = _chance(starts, days, closes, opens, of_day.size)
    found = overtime(starts.joined, starts.times, days, opens)
    if found is None and starts.gone.size:
        # Where they are turned away nobody who comes after closing is ever begun.
        never = np.full(starts.gone.size, np.inf)
        found = overtime(np.append(starts.joined, starts.gone), np.append(starts.times, never), days, opens)
    if found is not None and found.closes_between[1] < closes:
        close_between = found.closes_between
        closes = _round_up(*close_between)
    within = closes % MINUTES_A_DAY, opens % MINUTES_A_DAY
    served = 0 if found is None else found.served
    return Gap(*within, close_between, open_between, p_value, waited, basis, inside, served)


def _round_up(low: float, high: float) -> float:
    """Return the roundest time within an interval, else the next whole minute above `low`."""
    for step in ROUND_TO_MIN:
        candidate = math.ceil(low / step - 1e-9) * step
        if candidate <= high + 1e-9:
            return candidate
    return math.ceil(low - 1e-9)


def _chance(starts: _Starts, days: Int64, closes: float, opens: float, total: int) -> tuple[float, float, str]:
    """Return the probability of no start in a gap had it been open, the minutes waited inside it, and the basis."""
    midnights = days.astype(np.float64) * MINUTES_A_DAY
    begins, ends = midnights + closes, midnights + opens
    length = opens - closes
    if not starts.queue.known:
        expected = total * length / max(MINUTES_A_DAY - length, 1.0)
        return min(1.0, SLOTS * math.exp(-expected / CLUSTERING)), 0.0, "starts"
    waited = starts.queue.minutes(begins, ends)
    # The pace is that of the hours before the gap; after it there may be a day without work. A start at the very
    # opening belongs to those hours.
    earlier = ends - MINUTES_A_DAY
    others = starts.queue.minutes(earlier, begins)
    pace = starts.queue.starts_within(earlier - 0.5, begins) / max(others, 1.0)
    nobody = waited < 1.0
    turned_away = _turned_away(starts, begins, ends)
    p_value = min(1.0, SLOTS * math.exp(-min(pace * waited / CLUSTERING, 700.0)), SLOTS * turned_away)
    return p_value, waited, "waiting" if not nobody else "turned_away" if turned_away < 1.0 else "no_demand"


def _turned_away(starts: _Starts, begins: Float64, ends: Float64) -> float:
    """Return the probability that all who came within intervals left without a service, had they been open ones."""
    if not starts.gone.size:
        return 1.0
    inside = int((np.searchsorted(starts.gone, ends) - np.searchsorted(starts.gone, begins)).sum())
    outside = starts.gone.size - inside
    share = (outside + 1.0) / (outside + starts.times.size + 2.0)
    return float(share ** (inside / CLUSTERING))


def _open(gaps: tuple[Gap, ...]) -> Intervals:
    """Return the open intervals of a day around its decided gaps."""
    marks = [piece for gap in gaps if gap.decided for piece in gap.pieces]
    found, at = [], 0.0
    for begin, end in sorted(marks):
        if begin > at:
            found.append((at, begin))
        at = max(at, end)
    if at < MINUTES_A_DAY:
        found.append((at, MINUTES_A_DAY))
    return tuple(found)
