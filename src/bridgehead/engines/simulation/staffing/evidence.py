"""Whether so much of a model is reported that somebody may staff a port by it."""

from __future__ import annotations

from bridgehead.engines.simulation.model import Figure, Model
from bridgehead.kernel.errors import BridgeheadError, Place

FEWEST_REPORTED = 3
"""With fewer reported figures a model only shows how such a port works, and nobody should staff a port by it."""
REPORTED = ("measured", "reported")
_MOST_NAMED = 12


def reported_figures(model: Model) -> tuple[Figure, ...]:
    """Return the figures of a model that somebody measured or reported as they stand, and that something rests on."""
    return tuple(figure for figure in model.figures if figure.used and figure.standing in REPORTED)


def is_illustrative(model: Model) -> bool:
    """Say whether so few figures of a model are reported that it only shows how such a port works."""
    return len(reported_figures(model)) < FEWEST_REPORTED


def require_evidence(model: Model) -> None:
    """Refuse a model of which too little is reported.

    Raises
    ------
    BridgeheadError
        ``staffing.illustrative`` with the figures that somebody would have to measure or report.
    """
    reported = len(reported_figures(model))
    if reported >= FEWEST_REPORTED:
        return
    missing = [figure.id for figure in model.figures if figure.used and figure.standing not in REPORTED]
    told = {"reported": reported, "least": FEWEST_REPORTED, "missing": missing[:_MOST_NAMED] or ["–"]}
    raise BridgeheadError("staffing.illustrative", told, Place(field="parameters"))
