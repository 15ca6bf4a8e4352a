"""Operations on lanes against stay, and on lanes that keep a promise of service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded, current
from bridgehead.kernel.errors import fault_as_json
from bridgehead.rooms.gateway import port_lane_words, port_staffing_words
from bridgehead.rooms.gateway.actions import SAVE
from bridgehead.rooms.gateway.schemas import port_models as out
from bridgehead.rooms.gateway.selectors import port_lanes, port_staffing
from bridgehead.rooms.gateway.selectors.port_lanes import Basis, LanesAsked

router = Router(tags=["ports"])


def _basis(request: HttpRequest, port: str, run: str) -> tuple[Loaded, Basis, dict[str, Any] | None]:
    """Return the run that lanes are asked about, and why there is no answer, where there is none."""
    loaded = current()
    basis = port_lanes.basis(loaded, request.viewer, port, run)  # type: ignore[attr-defined]
    error = basis.refused
    return loaded, basis, None if error is None else fault_as_json(error.faults[0], language())


@router.get("/ports/{port}/runs/{run}/lanes", response=out.LanesOut, summary="Lanes of a port against the stay")
@audience(SAVE)
def get_port_lanes(  # noqa: PLR0917 - the query string of the page
    request: HttpRequest,
    port: str,
    run: str,
    lane: str = "",
    least: str = "",
    most: str = "",
    within: str = "",
    units: str = "",
) -> dict[str, Any]:
    """Give the stay with each of several numbers of lanes at one place, once it is computed."""
    loaded, basis, refused = _basis(request, port, run)
    if refused is not None:
        nothing = dict.fromkeys(("lanes", "key", "sentence", "curve"), None)
        return {"port": port, "run": run, "counts": [], "refused": refused, **nothing}
    given = {"lane": lane, "least": least, "most": most, "within": within, "units": units}
    asked = port_lanes.lanes_asked(basis.run, basis.model, given)
    curve = port_lanes.curve(loaded, asked.question)
    return {
        "port": port,
        "run": run,
        "lanes": asked.place.id,
        "counts": list(asked.question.counts),
        "key": asked.question.key,
        "sentence": _sentence(basis, asked, curve),
        "curve": curve,
        "refused": None,
    }


def _sentence(basis: Basis, asked: LanesAsked, curve: Mapping[str, Any] | None) -> str | None:
    if not asked.met:
        return port_lane_words.aside(basis.model, asked)
    return None if curve is None else port_lane_words.lane_sentence(asked.place, curve, asked.within_h)


@router.get("/ports/{port}/runs/{run}/staffing", response=out.StaffingOut, summary="Lanes that keep a promise")
@audience(SAVE)
def get_port_staffing(  # noqa: PLR0917 - the query string of the page
    request: HttpRequest,
    port: str,
    run: str,
    statistic: str = port_staffing.USUAL,
    hours: str = port_staffing.HOURS,
    units: str = "",
    promise: str = "",
    more: str = "",
    budget: str = "",
    at: list[str] = Query([]),  # noqa: B008 - how the operation declares a value that may come several times
) -> dict[str, Any]:
    """Give the fewest lane-hours that keep a promise of service, once they are found."""
    loaded, basis, refused = _basis(request, port, run)
    if refused is not None:
        nothing = dict.fromkeys(("promise", "key", "sentence", "advice"), None)
        return {"port": port, "run": run, "between": {}, "refused": refused, **nothing}
    given = {"statistic": statistic, "hours": hours, "units": units, "promise": promise, "more": more, "budget": budget}
    asked = port_staffing.staffing_asked(basis.run, basis.model, given, at)
    found = port_staffing.advice(loaded, asked.question)
    return {
        "port": port,
        "run": run,
        "promise": asked.promise.text,
        "between": dict(asked.question.between),
        "key": asked.question.key,
        "sentence": None if found is None else port_staffing_words.staffing_sentence(basis.model, found),
        "advice": found,
        "refused": None,
    }
