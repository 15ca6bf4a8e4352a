"""Where a figure comes from and how far it may be trusted: standing, qualifier, and the figure itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Standing(StrEnum):
    """How a figure came about; each value has a mark of its own on the screen."""

    MEASURED = "measured"
    REPORTED = "reported"
    DERIVED = "derived"
    ESTIMATE = "estimate"
    MODEL = "model"


class Qualifier(StrEnum):
    """How exactly a source states a figure."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EXPECTED = "expected"


CONFIDENCE_WORDS = MappingProxyType(
    {
        "measured": Standing.MEASURED,
        "reported": Standing.REPORTED,
        "published": Standing.REPORTED,
        "derived": Standing.DERIVED,
        "gazetteer": Standing.DERIVED,
        "estimate": Standing.ESTIMATE,
        "approximate": Standing.ESTIMATE,
        "assumption": Standing.ESTIMATE,
        "unverified": Standing.ESTIMATE,
        "low": Standing.ESTIMATE,
        "historical": Standing.ESTIMATE,
        "model": Standing.MODEL,
    }
)
"""The words of the facts tables and the standing each one has."""


def standing_of(confidence_word: str | None) -> Standing:
    """Return the standing of a confidence word of the tables.

    Parameters
    ----------
    confidence_word : str or None
        A word of ``CONFIDENCE_WORDS``. A missing or unknown word counts as an estimate: nothing may look better
        founded than it is.
    """
    return CONFIDENCE_WORDS.get((confidence_word or "").strip().lower(), Standing.ESTIMATE)


@dataclass(frozen=True)
class Figure:
    """One figure with everything a screen must say about it.

    Parameters
    ----------
    value : float or None
        The number; None where nothing was found.
    unit : str
        Unit as in the tables, for instance ``t`` or ``hours``.
    standing : Standing
        How it came about.
    qualifier : Qualifier
        How exactly it is stated.
    confidence : str
        The word of the table.
    source, source_date : str
        Title and address (several joined by `` | ``), and the date as far as it is known.
    period_from, period_to : date, optional
        First and last day the figure covers.
    note : str
        Remark.
    """

    value: float | None
    unit: str
    standing: Standing
    qualifier: Qualifier = Qualifier.EXACT
    confidence: str = ""
    source: str = ""
    source_date: str = ""
    period_from: date | None = None
    period_to: date | None = None
    note: str = ""
