"""Answer times as they were, and satisfaction: median, ninth decile and shares in time over answered cases.

What the trader withdrew or let lapse was not answered and is not counted. Of fewer than five cases nothing is said but
their number: a figure would mislead, and could tell of a single trader.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bridgehead.engines.cases.course import Course
from bridgehead.engines.cases.machine import Outcome

FEWEST = 5
"""Cases below which no figure is given."""

ANSWERS = frozenset({Outcome.GRANTED, Outcome.ANSWERED, Outcome.SERVED, Outcome.REFUSED})


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answered case took.

    Parameters
    ----------
    net_minutes : int
        Working minutes it waited for offices.
    in_time : bool or None
        Whether the promise for the whole case was kept; None where there was none.
    first_in_time : bool or None
        Whether that for the first answer was; None where there was none.
    """

    net_minutes: int
    in_time: bool | None
    first_in_time: bool | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """Answer times of many cases.

    Parameters
    ----------
    cases : int
        How many were answered.
    median_min : float or None
        Working minutes half of them took at most; None where there are not enough.
    ninth_decile_min : int or None
        Working minutes nine of ten took at most: an answer time that was, by nearest rank.
    promised : int
        How many had a promise for the whole case.
    in_time_share : float or None
        Share of these in time, from 0 to 1.
    first_promised : int
        How many had a promise for the first answer.
    first_in_time_share : float or None
        Share of these whose first answer came in time, from 0 to 1.
    """

    cases: int
    median_min: float | None
    ninth_decile_min: int | None
    promised: int
    in_time_share: float | None
    first_promised: int
    first_in_time_share: float | None

    @property
    def enough(self) -> bool:
        """Whether there are enough cases to say anything."""
        return self.cases >= FEWEST


def answer_of(course: Course) -> Answer | None:
    """Return what a case took, None where it was not answered."""
    if course.state.outcome not in ANSWERS:
        return None
    in_time = None if course.clock.promise is None else not course.is_late
    return Answer(course.net_minutes, in_time, course.first_answer_in_time)


def measured(answers: Iterable[Answer]) -> Measured:
    """Return the answer times of cases.

    Parameters
    ----------
    answers : iterable of Answer
        What each took.
    """
    listed = list(answers)
    minutes = sorted(one.net_minutes for one in listed)
    kept = [one.in_time for one in listed if one.in_time is not None]
    first = [one.first_in_time for one in listed if one.first_in_time is not None]
    enough = len(minutes) >= FEWEST
    return Measured(
        len(minutes),
        statistics.median(minutes) if enough else None,
        minutes[math.ceil(0.9 * len(minutes)) - 1] if enough else None,
        len(kept),
        _share(kept),
        len(first),
        _share(first),
    )


def _share(kept: Sequence[bool]) -> float | None:
    return sum(kept) / len(kept) if len(kept) >= FEWEST else None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What those who asked think of how it went.

    Parameters
    ----------
    ratings : int
        How many said so.
    average : float or None
        From 1 to 5; None where too few said so.
    """

    ratings: int
    average: float | None


def satisfaction(ratings: int, total: int) -> Satisfaction:
    """Return what many ratings come to.

    Parameters
    ----------
    ratings : int
        How many there are.
    total : int
        Their sum.
    """
    return Satisfaction(ratings, total / ratings if ratings >= FEWEST else None)
