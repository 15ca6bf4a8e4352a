"""The places of a port where there could be more or fewer lanes, and what the stay is with each number of them."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridgehead.engines.simulation.hours import MOST_SERVERS
from bridgehead.engines.simulation.loads import station_loads
from bridgehead.engines.simulation.model import Figure, Model, UnitClass
from bridgehead.engines.simulation.staffing.bearing import met_stations, passed_stations
from bridgehead.engines.simulation.staffing.evidence import REPORTED, require_evidence
from bridgehead.engines.simulation.staffing.lanes import lanes_of, present
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.region import Loaded
from bridgehead.jobs.port_lanes import LanesQuestion
from bridgehead.kernel.cells import CellFault, parse_number
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway.selectors.port_runs import Seen, answer, model_of, seen

MOST_COUNTS = 12
"""Numbers of lanes that are tried at most for a curve."""
AROUND = 4
"""Up to so many numbers of lanes are tried below and above today's where nobody says which."""
LONGEST_H = 2400.0


@dataclass(frozen=True, slots=True)
class LanePlace:
    """A place of a port where the lanes are counted: a station, or one of its shifts.

    Parameters
    ----------
    id : str
        ``gate``, or ``gate@07:00`` for the shift from seven on.
    name : str
        In words.
    now : int
        Lanes in the model.
    hours_a_week : float
        Open hours of one lane.
    """

    id: str
    name: str
    now: int
    hours_a_week: float

    @property
    def station(self) -> str:
        """The station, whatever the shift."""
        return self.id.partition("@")[0]


@dataclass(frozen=True, slots=True)
class LanesAsked:
    """What the address of a page asks: the question, the promise in hours, and whether units and lanes meet.

    Parameters
    ----------
    place : LanePlace
        Whose lanes.
    question : LanesQuestion
        What is computed.
    within_h : float or None
        The promise.
    chosen : bool
        Whether the class was found for the place, because the main units do not pass it and none was named.
    passed : bool
        Whether the units pass the place.
    met : bool
        Whether the lanes can change anything for the units, if only by what both meet elsewhere.
    """

    place: LanePlace
    question: LanesQuestion
    within_h: float | None
    chosen: bool
    passed: bool
    met: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """The run that lanes are asked about, its model, and why they may not be: None where enough of the port is known.

    The model as it comes with the region decides that. A what-if on a reported figure leaves the port as well known as
    it was, and no what-if makes it better known.
    """

    run: Seen
    model: Model
    refused: BridgeheadError | None


def basis(loaded: Loaded, viewer: Viewer, port: str, run: str) -> Basis:
    """Return what a question on the lanes of a run goes on from.

    Raises
    ------
    BridgeheadError
        What `port_runs.seen` raises.
    """
    found = seen(loaded, viewer, port, run)
    return Basis(found, model_of(loaded, found), _too_little_known(found.known.model))


def _too_little_known(shipped: Model) -> BridgeheadError | None:
    try:
        require_evidence(shipped)
    except BridgeheadError as error:
        return error
    return None


def not_reported(model: Model) -> list[Figure]:
    """Return the figures of a model that nobody measured or reported."""
    return [one for one in model.figures if one.standing not in REPORTED]


def lane_places(model: Model) -> list[LanePlace]:
    """Return the places of a model where lanes are counted, in its order; none where there are none."""
    try:
        lanes = lanes_of(model)
    except BridgeheadError:  # nowhere are there lanes to count
        return []
    return [
        LanePlace(one.id, told.lanes_words(model, one.id), count, one.hours_a_week)
        for one, count in zip(lanes, present(model, lanes), strict=True)
    ]


def busiest(model: Model, places: Sequence[LanePlace]) -> LanePlace:
    """Return the place of the highest load."""
    loads = {one.node: one.load for one in station_loads(model)}
    return max(places, key=lambda one: loads.get(one.station, 0.0))


def usual_place(model: Model, places: Sequence[LanePlace], units: str) -> LanePlace:
    """Return the busiest place that units pass; without a class the main units, then any others."""
    passed = passed_stations(model, units)
    return busiest(model, [one for one in places if one.station in passed] or places)


def usual_units(model: Model, place: LanePlace) -> str:
    """Return whose stay is meant at a place: that of the main units, else of the first class that passes it."""
    if place.station in passed_stations(model):
        return ""
    return next((one.id for one in classes(model) if place.station in passed_stations(model, one.id)), "")


def lanes_asked(run: Seen, model: Model, given: Mapping[str, str]) -> LanesAsked:
    """Return what an address asks of a run.

    Parameters
    ----------
    run : Seen
        Whose model it is.
    model : Model
        That model.
    given : mapping
        ``lane``, the place; ``least`` and ``most`` lanes; ``within`` how many hours; ``units``, whose stay.

    Raises
    ------
    BridgeheadError
        With every fault: ``port_run.unknown_lanes``, ``port_run.no_counts``, ``form.not_a_number``,
        ``port_run.not_whole``, ``port_run.out_of_range``, ``port_run.hours_out_of_range``, ``form.no_such_choice``;
        ``staffing.nothing_to_decide``.
    """
    places = lane_places(model)
    if not places:
        raise BridgeheadError("staffing.nothing_to_decide", {}, Place(field="lane"))
    faults: list[Fault] = []
    units = class_asked(given, model, faults)
    place = _place(given, model, places, units, faults)
    around = min(AROUND, max(2, round(place.now / 3)))
    bounds = (1, MOST_SERVERS)
    least = whole(given, "least", bounds, max(1, place.now - around), faults)
    most = whole(given, "most", bounds, place.now + around, faults)
    within = hours_of(given, "within", faults)
    if not faults and least > most:
        faults.append(Fault("port_run.no_counts", {"least": least, "most": most}, Place(field="least")))
    if faults:
        raise BridgeheadError.of(faults)
    chosen = "" if units else usual_units(model, place)
    units = units or chosen
    asks = run.question
    question = LanesQuestion(
        asks.description,
        run.known.description,
        place.id,
        counts_between(least, most, place.now),
        units,
        asks.replications,
        asks.seed,
        asks.horizon_min,
        asks.warmup_min,
    )
    passed, met = (place.station in of(model, units) for of in (passed_stations, met_stations))
    return LanesAsked(place, question, within, bool(chosen), passed, met)


def _place(
    given: Mapping[str, str], model: Model, places: Sequence[LanePlace], units: str, faults: list[Fault]
) -> LanePlace:
    """Return the place of an address, the usual one without; note one the model does not have."""
    named = given.get("lane", "")
    found = next((one for one in places if one.id == named), None)
    if named and found is None:
        faults.append(unknown_lanes(named, places, "lane"))
    return found or usual_place(model, places, units)


def unknown_lanes(named: str, places: Collection[LanePlace], field: str) -> Fault:
    """Return that there are no lanes of a name, with those there are, as they are called."""
    known = {"lanes": named[:40], "options": [one.name for one in places]}
    return Fault("port_run.unknown_lanes", known, Place(field=field))


def whole(given: Mapping[str, str], name: str, bounds: tuple[int, int], otherwise: int, faults: list[Fault]) -> int:
    """Return a whole number of an address between bounds, noting what is wrong with it."""
    text = given.get(name, "").strip()
    if not text:
        return otherwise
    limits = {"value": text[:40], "least": str(bounds[0]), "most": str(bounds[1])}
    if not re.fullmatch(r"-?[0-9]+", text):
        faults.append(Fault("port_run.not_whole", limits, Place(field=name)))
        return otherwise
    if len(text) >= 10 or not bounds[0] <= int(text) <= bounds[1]:
        faults.append(Fault("port_run.out_of_range", limits, Place(field=name)))
        return otherwise
    return int(text)


def class_asked(given: Mapping[str, str], model: Model, faults: list[Fault]) -> str:
    """Return the class of an address whose stay is asked for, empty for all; note one the model does not have."""
    named = given.get("units", "")
    if named and named not in {one.id for one in classes(model)}:
        faults.append(Fault("form.no_such_choice", {"value": named[:40]}, Place(field="units")))
        return ""
    return named


def classes(model: Model) -> list[UnitClass]:
    """Return the classes that come to a port, in the order of its model."""
    coming = {one.unit_class for one in model.sources}
    return [one for one in model.classes if one.id in coming]


def hours_of(given: Mapping[str, str], name: str, faults: list[Fault]) -> float | None:
    """Return hours of an address, None where there are none, noting what is wrong with them."""
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        value = parse_number(text)
    except CellFault:
        faults.append(Fault("form.not_a_number", {"value": text[:40]}, Place(field=name)))
        return None
    if not 0.0 < value <= LONGEST_H:
        limits = {"value": text[:40], "most": f"{LONGEST_H:g}"}
        faults.append(Fault("port_run.hours_out_of_range", limits, Place(field=name)))
    return value


def counts_between(least: int, most: int, now: int) -> tuple[int, ...]:
    """Return at most `MOST_COUNTS` equally spaced numbers between two, today's among them where it lies there."""
    step = max(1, math.ceil((most - least) / (MOST_COUNTS - 1)))
    first = least + (now - least) % step if least <= now <= most else least
    return tuple(range(first, most + 1, step))


def curve(loaded: Loaded, question: LanesQuestion) -> Mapping[str, Any] | None:
    """Return the curve that answers a question, None as long as it is not computed."""
    return answer(loaded, "port lanes", question.key)
