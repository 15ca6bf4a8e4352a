"""Dates known to the year, the month or the day, and the span of days each one covers."""

from __future__ import annotations

from datetime import date, timedelta


def span(partial_date: str) -> tuple[date, date]:
    """Return the first and the last day of a partial date.

    Parameters
    ----------
    partial_date : str
        ``2023``, ``2023-07`` or ``2023-07-31``.

    Raises
    ------
    ValueError
        If it is none of these.
    """
    parts = [int(part) for part in partial_date.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        year, month = parts
        following = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), following - timedelta(days=1)
    year, month, day = parts
    return date(year, month, day), date(year, month, day)
