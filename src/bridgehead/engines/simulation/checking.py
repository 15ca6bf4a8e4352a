"""What the parts of a model say of each other: names, ways, pools, and what nobody could run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bridgehead.engines.simulation.assembling import Assembly
from bridgehead.engines.simulation.distributions import mean
from bridgehead.engines.simulation.loads import arrivals_per_min, service_min
from bridgehead.engines.simulation.model import AppointmentArrivals, Combine, Match, Model, Split, Station
from bridgehead.engines.simulation.noting import Notes, Path, near_and_known
from bridgehead.engines.simulation.reaching import LEFT, State, Ways

MOST_CHANGES = 5_000_000
"""Openings and closings of a calendar in the run a description says."""
MOST_ARRIVALS = 1e9
MOST_WAYS = 200_000
"""Nodes and ways between them, those of each class counted."""
_MOST_NAMED = 20
_NEEDED = ("stations", "classes")
_CODES = {
    "stations": "model.unknown_station",
    "classes": "model.unknown_class",
    "pools": "model.unknown_pool",
    "calendars": "model.unknown_calendar",
}


def check(assembly: Assembly, notes: Notes) -> None:
    """Note everything that is wrong between the parts of a description."""
    _Names(assembly, notes).check()
    _check_size(assembly.model, notes)
    if not assembly.complete or not _small_enough(assembly.model, notes):
        return
    if not assembly.entries:
        notes.note((), "model.nothing_enters")
        return
    unread = assembly.names["stations"] - {node.id for node in assembly.model.nodes}
    ways = Ways(assembly.model, unread)
    starts = [(node, unit_class) for _, node, unit_class in assembly.entries]
    _check_reach(assembly, ways, starts, notes)
    opened = [(node, unit_class) for path, node, unit_class in assembly.entries if path[0] == "sources"]
    _check_leaving(ways, opened, notes)
    _check_time_passes(ways, starts, notes)


class _Names:
    """Looks up every name a model uses."""

    def __init__(self, assembly: Assembly, notes: Notes) -> None:
        self.assembly = assembly
        self.model = assembly.model
        self.notes = notes

    def known(self, section: str, name: str | None, *path: str | int) -> bool:
        """Say whether a section has a name, and note it if not; no name at all is known.

        Without any station, or class, it is the section that is missing and not this one name.
        """
        known = self.assembly.names[section]
        if name is None or name in known or section in self.assembly.unreadable:
            return True
        if not known and section in _NEEDED:
            if not self.notes.faulty(section):
                self.notes.note((section,), "model.missing", name=self.notes.written((section,)))
            return False
        self.notes.note(path, _CODES[section], **near_and_known(name, known))
        return False

    def check(self) -> None:
        """Note every name nothing has."""
        for node in self.model.nodes:
            path: Path = ("stations", node.id)
            match node:
                case Station():
                    self._station(node, path)
                case Match():
                    self._match(node, path)
                case Split():
                    for name in node.into:
                        self.known("classes", name, *path, "into", name)
                case Combine():
                    self.known("classes", node.unit_class, *path, "of")
                    self.known("classes", node.becomes, *path, "as")
        self._routes()
        for path, node_id, unit_class in self.assembly.entries:
            self.known("stations", node_id, *path, "node")
            self.known("classes", unit_class, *path, "class")
        self._slots()

    def _slots(self) -> None:
        for source in self.model.sources:
            if isinstance(source.arrivals, AppointmentArrivals):
                path = self.assembly.paths[source.id]
                self.known("calendars", source.arrivals.calendar, *path, "appointments", "slots")

    def _station(self, node: Station, path: Path) -> None:
        self.known("calendars", node.calendar, *path, "calendar")
        for field, by_class in (("service", node.service), ("patience", node.patience)):
            for name in by_class:
                if name != "*":
                    self.known("classes", name, *path, field, name)
        self.known("stations", node.full.to, *path, "on_full", "divert")
        self.known("stations", node.gives_up_to, *path, "gives_up_to")
        if node.balking is not None:
            self.known("stations", node.balking.to, *path, "balk", "to")
        sizes = {pool.id: pool.size for pool in self.model.pools}
        for field, amounts in (("needs", node.needs), ("takes", node.takes), ("returns", node.returns)):
            for name, amount in amounts.items():
                if self.known("pools", name, *path, field, name) and field != "returns":
                    together = amount + (node.takes.get(name, 0) if field == "needs" else 0)
                    if name in sizes and together > sizes[name]:
                        told = {"name": name, "need": together, "size": sizes[name]}
                        self.notes.note((*path, field, name), "model.need_above_pool", **told)
        if node.breakdown is not None:
            self._breakdown(node, path)

    def _breakdown(self, node: Station, path: Path) -> None:
        if node.breakdown is not None and not mean(node.breakdown.up_min) > 0.0:
            self.notes.note((*path, "breakdown", "up"), "model.no_time_passes")

    def _match(self, node: Match, path: Path) -> None:
        for one, where in zip(node.inputs, self.assembly.sides[node.id], strict=True):
            self.known("classes", one.unit_class, *where)
            self.known("stations", one.full.to, *where[: len(path) + 2], "on_full", "divert")
        self.known("classes", node.becomes, *path, "as")

    def _routes(self) -> None:
        served = {node.id for node in self.model.nodes if isinstance(node, Station)}
        unread = self.assembly.names["stations"] - {node.id for node in self.model.nodes}
        classes = set()
        for route in self.model.routes:
            if route.unit_class not in classes and route.unit_class != "*":
                self.known("classes", route.unit_class, "routes", route.unit_class)
            classes.add(route.unit_class)
            path: Path = ("routes", route.unit_class, route.node)
            self.known("stations", route.node, *path)
            for way in route.ways:
                self.known("stations", way.to, *path, way.to or "")
            for index, name in enumerate(route.shortest):
                if self.known("stations", name, *path, "shortest", index) and name not in served | unread:
                    self.notes.note((*path, "shortest", index), "model.no_queue_there", name=name)


def _small_enough(model: Model, notes: Notes) -> bool:
    """Say whether the ways of all classes are few enough to be followed, and note it if not."""
    ways = sum(
        (len(route.ways) + len(route.shortest)) * (len(model.classes) if route.unit_class == "*" else 1)
        for route in model.routes
    )
    count = ways + len(model.nodes) * len(model.classes)
    if count > MOST_WAYS:
        notes.note(("routes",), "model.too_many_ways", count=count, most=MOST_WAYS)
    return count <= MOST_WAYS


def _check_size(model: Model, notes: Notes) -> None:
    """Note calendars and sources that would keep any machine busy for ever."""
    for calendar in model.calendars:
        changes = 2 * len(calendar.open) * model.run.horizon_min / calendar.period_min
        if changes > MOST_CHANGES:
            told = {"name": calendar.id, "count": changes, "most": MOST_CHANGES}
            notes.note(("calendars", calendar.id, "period"), "model.calendar_too_fine", **told)
    total = sum(arrivals_per_min(one, model.run.horizon_min) for one in model.sources) * model.run.horizon_min
    if MOST_ARRIVALS < total < float("inf"):
        notes.note(("sources",), "model.too_many_arrivals", count=total, most=MOST_ARRIVALS)


def _check_reach(assembly: Assembly, ways: Ways, starts: list[State], notes: Notes) -> None:
    """Note nodes nobody comes to, and units that come where nothing is meant for them."""
    mistyped = {str(fault.parameters.get("near")) for fault in notes.faults if fault.code == _CODES["stations"]}
    meant = [(node, one.id) for node in sorted(mistyped) for one in assembly.model.classes]
    all_states = ways.reached([*starts, *meant], drawn=False)
    drawn_states = ways.reached(starts)
    anywhere = {node for node, _ in all_states}
    meant_at, drawn_at = _by_node(all_states), _by_node(drawn_states)
    doubtful = _classes_doubtful(ways, notes)
    unfed = doubtful
    for node in () if doubtful else assembly.model.nodes:
        classes = sorted(drawn_at.get(node.id, ()))
        if isinstance(node, Match | Combine):
            unfed = _check_fed(node, meant_at.get(node.id, set()), notes) or unfed
        if isinstance(node, Station) and not notes.faulty("stations", node.id, "service"):
            for one in classes:
                if one not in node.service and "*" not in node.service:
                    notes.note(("stations", node.id, "service"), "model.no_service", node=node.id, name=one)
        if isinstance(node, Match | Combine):
            taken = {one.unit_class for one in node.inputs} if isinstance(node, Match) else {node.unit_class}
            for one in classes:
                if one not in taken:
                    notes.note(("stations", node.id), "model.not_meant_for", node=node.id, name=one)
    for state in sorted(drawn_states):
        _check_bands(*state, ways, notes)
    lost = any(fault.code == "model.route_form" for fault in notes.faults)
    for name in sorted(assembly.names["stations"] - anywhere) if not lost else ():
        if not unfed or not _behind_unfed(name, ways, anywhere):
            notes.note(("stations", name), "model.nobody_reaches", node=name)


def _classes_doubtful(ways: Ways, notes: Notes) -> bool:
    """Say whether something is wrong that leaves open of which class units are where."""
    fields = ("inputs", "into", "of", "as")
    changing = any(notes.faulty("stations", node, name) for node in ways.nodes for name in fields)
    return bool(ways.unread) or changing or any(fault.code == _CODES["classes"] for fault in notes.faults)


def _check_bands(node: str, unit_class: str, ways: Ways, notes: Notes) -> None:
    """Note risk bands of a class for which a way says no share."""
    route = ways.route(node, unit_class)
    risk = next((one.risk for one in ways.model.classes if one.id == unit_class), {})
    for way in route.ways if route else ():
        for band in risk or ("*",):
            if notes.faulty("classes", unit_class, "risk"):
                break
            if band not in way.shares and "*" not in way.shares and route is not None:
                path: Path = ("routes", route.unit_class, node, way.to or "out")
                notes.note(path, "model.band_without_rate", name=band, unit_class=unit_class)


def _by_node(states: Iterable[State]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for node, unit_class in states:
        found.setdefault(node, set()).add(unit_class)
    return found


def _check_fed(node: Match | Combine, classes: set[str], notes: Notes) -> bool:
    """Note what a match or combine waits for in vain, and say whether there is such."""
    if not classes:
        return False
    needed = [one.unit_class for one in node.inputs] if isinstance(node, Match) else [node.unit_class]
    lacking = [one for one in needed if one not in classes]
    for one in lacking:
        notes.note(("stations", node.id), "model.never_fed", node=node.id, name=one)
    return bool(lacking)


def _behind_unfed(name: str, ways: Ways, anywhere: set[str]) -> bool:
    """Say whether a node would be reached if every match and combine got what it waits for."""
    starts: list[State] = []
    for node in ways.nodes.values():
        if node.id in anywhere and isinstance(node, Match):
            starts += [(node.id, one.unit_class) for one in node.inputs]
        elif node.id in anywhere and isinstance(node, Combine):
            starts.append((node.id, node.unit_class))
    return name in {node for node, _ in ways.reached(starts, drawn=False)}


def _check_leaving(ways: Ways, starts: list[State], notes: Notes) -> None:
    """Note loops that units coming from outside never leave."""
    states = ways.reached(starts)
    stuck = states - ways.can_leave(states)
    going_round = _by_node(_in_loops(ways, stuck))
    nodes = [node for node in ways.nodes if node in going_round]
    if nodes:
        notes.note(("stations", nodes[0]), "model.no_way_out", nodes=nodes[:_MOST_NAMED])


def _in_loops(ways: Ways, states: Iterable[State]) -> set[State]:
    """Return what is left of states without those that, again and again, nobody comes from or nobody comes to."""
    left = set(states)
    after = {one: {flow.to for flow in ways.flows(one) if flow.share > 0.0} & left for one in left}
    for onward in (after, _turned(after)):
        due = [one for one in left if not onward[one]]
        backward = _turned(onward)
        while due:
            gone = due.pop()
            left.discard(gone)
            for one in backward[gone]:
                onward[one].discard(gone)
                if not onward[one] and one in left:
                    due.append(one)
    return left


def _turned(after: Mapping[State, set[State]]) -> dict[State, set[State]]:
    """Return who comes before instead of who comes after."""
    before: dict[State, set[State]] = {one: set() for one in after}
    for one, others in after.items():
        for other in others:
            before[other].add(one)
    return before


def _check_time_passes(ways: Ways, starts: Iterable[State], notes: Notes) -> None:
    """Note loops in which units go round for ever without any time passing."""
    left = {state for state in ways.reached(starts) if _takes_no_time(ways, state)}
    after = {one: {flow.to for flow in ways.flows(one) if flow.share > 0.0} for one in left}
    before = _turned({one: others & left for one, others in after.items()})
    due = [one for one, others in after.items() if not others <= left]
    while due:
        gone = due.pop()
        if gone in left:
            left.discard(gone)
            due += before[gone]
    if left:
        nodes = sorted({node for node, _ in left})
        notes.note(("stations", nodes[0]), "model.endless_loop", nodes=nodes[:_MOST_NAMED])


def _takes_no_time(ways: Ways, state: State) -> bool:
    node = ways.nodes.get(state[0])
    flows = any(flow.share > 0.0 and flow.to != LEFT for flow in ways.flows(state))
    return flows and isinstance(node, Station) and bool(node.service) and service_min(node, state[1]) == 0.0


def warn(model: Model, notes: Notes) -> None:
    """Note pools that somebody takes and nobody behind him gives back, or that nobody ever takes."""
    ways = Ways(model)
    starts = [(one.node, one.unit_class) for one in model.sources]
    starts += [(one.node, one.unit_class) for one in model.population]
    states = ways.reached(starts)
    stations: Mapping[str, Station] = {node.id: node for node in model.nodes if isinstance(node, Station)}
    taken = {pool for other in stations.values() for pool in other.takes}
    for station in stations.values():
        here = [one for one in states if one[0] == station.id] if station.takes else []
        behind = {node for node, _ in ways.reached(here)}
        for pool in station.takes:
            if behind and not any(pool in stations[node].returns for node in behind & set(stations)):
                told = {"node": station.id, "name": pool}
                notes.caution(("stations", station.id, "takes", pool), "model.pool_never_returned", **told)
        for pool in station.returns:
            if pool not in taken:
                told = {"node": station.id, "name": pool}
                notes.caution(("stations", station.id, "returns", pool), "model.pool_never_taken", **told)
