"""Searches for the staffing of a port: what an address asks, and what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridgehead.engines.simulation.hours import MOST_SERVERS
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.staffing.bearing import bearing_lanes
from bridgehead.engines.simulation.staffing.lanes import lanes_of
from bridgehead.engines.simulation.staffing.promises import Promise, read_promise
from bridgehead.ground.region import Loaded
from bridgehead.jobs.port_staffing import StaffingQuestion
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.rooms.gateway.selectors.port_lanes import LanePlace, class_asked, lane_places, whole
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
        ``port_run.out_of_range``, ``form.no_such_choice``.
    """
    faults: list[Fault] = []
    every = {one.id: one for one in lane_places(model)}
    if not every:
        raise BridgeheadError("staffing.nothing_to_decide", {}, Place(field="at"))
    for name in at:
        if name not in every:
            faults.append(Fault("port_run.unknown_lanes", {"lanes": name, "options": list(every)}, Place(field="at")))
    more = whole(given, "more", (0, MOST_MORE), MORE, faults)
    budget = whole(given, "budget", (LEAST_BUDGET, MOST_BUDGET), BUDGET, faults)
    promise = Promise(())
    try:
        promise = read_promise(_promise_text(given, class_asked(given, model, faults)), model)
    except BridgeheadError as error:
        field = "promise" if given.get("promise", "").strip() else "hours"
        faults += [Fault(one.code, one.parameters, Place(field=field), one.severity) for one in error.faults]
    if (given.get("statistic") or USUAL) not in STATISTICS:
        faults.append(Fault("form.no_such_choice", {"value": given["statistic"][:40]}, Place(field="statistic")))
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


def _promise_text(given: Mapping[str, str], units: str) -> str:
    """Return the promise an address makes in the words `read_promise` takes."""
    whole = given.get("promise", "").strip()
    if whole:
        return whole
    statistic, hours = given.get("statistic") or USUAL, given.get("hours", "").strip() or HOURS
    return f"{statistic} stay{f' of {units}' if units else ''} <= {hours} h"


def advice(loaded: Loaded, question: StaffingQuestion) -> Mapping[str, Any] | None:
    """Return the advice that answers a question, None as long as it is not computed."""
    return answer(loaded, "port staffing", question.key)
