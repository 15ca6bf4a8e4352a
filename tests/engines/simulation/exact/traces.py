"""Deterministic days worked out unit by unit, without events: fixed arrivals, fixed services, opening hours, ageing."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

Window = tuple[float, float]


def opening(t: float, period: float, windows: Sequence[Window]) -> float:
    """First moment at or after t at which a service may start."""
    base = floor(t / period) * period
    for cycle in (base, base + period):
        for start, end in windows:
            if t < cycle + end:
                return max(t, cycle + start)
    raise ArithmeticError("no window")


def starts(arrivals: Sequence[float], service: float, period: float, windows: Sequence[Window]) -> list[float]:
    """Starts of service at one server, first come first served, no start while closed, services finished."""
    free, begun = 0.0, []
    for arrival in arrivals:
        begun.append(opening(max(arrival, free), period, windows))
        free = begun[-1] + service
    return begun


def paused_ends(arrivals: Sequence[float], service: float, period: float, windows: Sequence[Window]) -> list[Window]:
    """Starts and ends at one server whose services stop at closing and go on at opening."""
    free, spans = 0.0, []
    for arrival in arrivals:
        start = now = opening(max(arrival, free), period, windows)
        left = service
        while True:
            base = floor(now / period) * period
            close = next(base + end for begin, end in windows if base + begin <= now < base + end)
            if now + left <= close:
                break
            left -= close - now
            now = opening(close, period, windows)
        free = now + left
        spans.append((start, free))
    return spans


def overlap(spans: Sequence[Window], window: Window) -> float:
    """Total time of spans inside a window over its length: a time average of how many are there."""
    start, end = window
    return sum(max(0.0, min(b, end) - max(a, start)) for a, b in spans) / (end - start)


def aged(
    arrivals: Sequence[tuple[float, str]], service: float, order: dict[str, int], ages: dict[str, tuple[float, int]]
) -> list[float]:
    """Starts at one server by priority, where a class counts as another priority after so long in the queue."""
    begun = [-1.0] * len(arrivals)
    free = 0.0
    while min(begun) < 0:
        left = [i for i, start in enumerate(begun) if start < 0]
        now = max(free, min(arrivals[i][0] for i in left))
        here = [i for i in left if arrivals[i][0] <= now]

        def rank(i: int, now: float = now) -> tuple[float, float]:
            came, kind = arrivals[i]
            after, to = ages.get(kind, (float("inf"), 0))
            return (to if now - came >= after else order[kind], came)

        chosen = min(here, key=rank)
        begun[chosen] = now
        free = now + service
    return begun
