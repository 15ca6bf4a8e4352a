"""What the capacity of a link rests on, read from the words of its source: published, a peak, a range, a guess."""

from __future__ import annotations

import re
from enum import StrEnum

from bridgehead.kernel.source import Standing


class Basis(StrEnum):
    """What a capacity rests on.

    ``SOURCED`` is a value somebody published; ``PEAK`` the busiest day on record, which says what passed and not what
    can; ``JUDGED`` a range, a forecast or an estimate; ``ASSUMED`` a placeholder of the link's class, or a value
    whose source is not named.
    """

    SOURCED = "sourced"
    PEAK = "peak"
    JUDGED = "judged"
    ASSUMED = "assumed"


_ASSUMED = re.compile(r"assum|not retrieved|not modelled|placeholder|假设|未检索", re.IGNORECASE)
_PEAK = re.compile(r"\bpeak\b|\brecord\b|最高|峰值", re.IGNORECASE)
_JUDGED = re.compile(r"estimat|forecast|expected|approximat|估计|预测|预计", re.IGNORECASE)
_DATE = re.compile(r"(?:19|20)\d\d(?:-\d{1,2}){0,2}")
_RANGE = re.compile(r"\d\s*(?:[-–—~～至]|to)\s*\d")
_SITE = re.compile(r"[\w-]+\.[a-z]{2,}", re.IGNORECASE | re.ASCII)


def basis_of(words: str) -> Basis:
    """Return what the words on a capacity say; without a named source, a site or a date, it is an assumption."""
    if _ASSUMED.search(words) or not (_DATE.search(words) or _SITE.search(words)):
        return Basis.ASSUMED
    if _PEAK.search(words):
        return Basis.PEAK
    if _JUDGED.search(words) or _RANGE.search(_DATE.sub("", words)):
        return Basis.JUDGED
    return Basis.SOURCED


def assumed(words: str) -> bool:
    """Tell whether a capacity is a placeholder of its class and no published figure of any kind."""
    return basis_of(words) is Basis.ASSUMED


def standing_of_capacity(words: str) -> Standing:
    """Return the standing of a capacity: reported only where a source states it as such, else an estimate."""
    return Standing.REPORTED if basis_of(words) is Basis.SOURCED else Standing.ESTIMATE
