"""Searches for the staffing of a port: what an address asks, and what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bridgehead.engines.simulation.hours import MOST_SERVERS
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.staffing.bearing import bearing_lanes
from bridgehead.engines.simulation.staffing.lanes import lanes_of
from bridgehead.engines.simulation.staffing.promises import Promise, read_promise
from bridgehead.ground.region import Loaded
from bridgehead.jobs.port_staffing import StaffingQuestion
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.rooms.gateway.selectors.port_lanes import (
    LanePlace,
    class_asked,
    hours_of,
    lane_places,
    unknown_lanes,
    whole,
)
from bridgehead.rooms.gateway.selectors.port_runs import Seen, answer

STATISTICS = ("mean", "median", "p90", "p95")
USUAL = "p90"
HOURS = "4"
MORE = 2
"""Lanes that may be added at each place where nobody says how many."""
MOST_MORE = 10
BUDGET, LEAST_BUDGET, MOST_BUDGET = 1000, 8, 3000


@dataclass(frozen=True, slots=True)
class StaffingAsked:
    """What the address of a page asks: the question, its promise, and the places that are decided."""

    question: StaffingQuestion
    promise: Promise
    places: tuple[LanePlace, ...]


def staffing_asked(run: Seen, model: Model, given: Mapping[str, str], at: Sequence[str]) -> StaffingAsked:
    """Return what an address asks of a run.

    Parameters
    ----------
    run : Seen
        Whose model it is.
    model : Model
        That model.
    given : mapping
        ``statistic`` and ``hours`` of the stay of ``units``, or a whole ``promise`` in their stead; ``more`` lanes
        that may be added at each place, and the ``budget`` of runs.
    at : sequence of str
        The places that are decided; where none is named, all that bear on the promise.

    Raises
    ------
    BridgeheadError
        With every fault: ``staffing.*`` of the promise, ``port_run.unknown_lanes``, ``port_run.not_whole``,
        ``port_run.out_of_range``, ``port_run.hours_out_of_range``, ``form.not_a_number``, ``form.no_such_choice``.
    """
    faults: list[Fault] = []
    every = {one.id: one for one in lane_places(model)}
    if not every:
        raise BridgeheadError("staffing.nothing_to_decide", {}, Place(field="at"))
    faults += [unknown_lanes(name, every.values(), "at") for name in at if name not in every]
    more = whole(given, "more", (0, MOST_MORE), MORE, faults)
    budget = whole(given, "budget", (LEAST_BUDGET, MOST_BUDGET), BUDGET, faults)
    promise = _promise(given, model, faults)
    if faults:
        raise BridgeheadError.of(faults)
    decided = at or [one.id for one in bearing_lanes(model, promise, lanes_of(model))]
    places = tuple(one for one in every.values() if one.id in decided)
    between = {one.id: (1, min(one.now + more, MOST_SERVERS)) for one in places}
    asks = run.question
    question = StaffingQuestion(
        asks.description,
        run.known.description,
        promise.text,
        between,
        budget,
        asks.seed,
        asks.horizon_min,
        asks.warmup_min,
    )
    return StaffingAsked(question, promise, places)


def _promise(given: Mapping[str, str], model: Model, faults: list[Fault]) -> Promise:
    """Return the promise an address makes, in words of its own or by its fields, noting what is wrong with it."""
    units = class_asked(given, model, faults)
    said = given.get("promise", "").strip()
    if not said:
        hours = hours_of(given, "hours", faults)
        statistic = given.get("statistic") or USUAL
        if statistic not in STATISTICS:
            faults.append(Fault("form.no_such_choice", {"value": statistic[:40]}, Place(field="statistic")))
        if faults:
            return Promise(())
        limit = HOURS if hours is None else f"{Decimal(str(hours)).normalize():f}"
        said = f"{statistic} stay{f' of {units}' if units else ''} <= {limit} h"
    try:
        return read_promise(said, model)
    except BridgeheadError as error:
        faults += [Fault(one.code, one.parameters, Place(field="promise"), one.severity) for one in error.faults]
    return Promise(())


def advice(loaded: Loaded, question: StaffingQuestion) -> Mapping[str, Any] | None:
    """Return the advice that answers a question, None as long as it is not computed."""
    return answer(loaded, "port staffing", question.key)
