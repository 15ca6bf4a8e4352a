"""From the parts of a description to the model; what cannot be read is noted and left out, the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from bridgehead.engines.simulation.arrivals import read_arrivals
from bridgehead.engines.simulation.description import (
    NODE_KINDS,
    SECTIONS,
    CalendarPart,
    ClassPart,
    CombinePart,
    HeadPart,
    InputPart,
    MatchPart,
    PoolPart,
    PopulationPart,
    SourcePart,
    SplitPart,
    StationPart,
)
from bridgehead.engines.simulation.fields import read_part
from bridgehead.engines.simulation.hours import read_exceptions, read_hours
from bridgehead.engines.simulation.model import (
    MINUTES_A_DAY,
    Balking,
    Breakdown,
    Combine,
    ExtraLanes,
    Figure,
    Intervals,
    Match,
    MatchInput,
    Model,
    Node,
    OpeningHours,
    Pool,
    Population,
    Route,
    RunDefaults,
    Source,
    Split,
    Station,
    UnitClass,
)
from bridgehead.engines.simulation.noting import Notes, Path, UnfitError
from bridgehead.engines.simulation.quantities import Setting, day_of, free_name, listed, mapping, one_of
from bridgehead.engines.simulation.routing import OUT, read_route

_Entry = TypeVar("_Entry")
MOST_ENTRIES = 5000
"""Entries of one section."""
LONGEST_NAME = 80
_SOME_MONDAY = date(2024, 1, 1)
"""Stands in for a first day that cannot be read, so that nothing is said that only follows from it."""
RESERVED = frozenset({"*", OUT, "rest", "shortest", "inf"})
"""Words that name something else than a station, since routes say them."""


@dataclass(slots=True)
class Assembly:
    """A model with what is doubtful about it.

    Parameters
    ----------
    model : Model
        As far as it could be read.
    names : mapping
        Section to the names in it, of what could be read and what could not.
    entries : tuple of (path, node, class)
        Where units come from, sources whose times cannot be read and the population included.
    paths : mapping
        Source to where it stands.
    sides : mapping
        Match to where its two inputs stand.
    unreadable : frozenset of str
        Sections that are no mapping, so that nobody can say which names they have.
    complete : bool
        False where part of it could not be read at all, so that nobody can say what is out of reach.
    """

    model: Model
    names: Mapping[str, frozenset[str]]
    entries: tuple[tuple[Path, str, str], ...] = ()
    paths: Mapping[str, Path] = field(default_factory=dict)
    sides: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()
    complete: bool = True


def assemble(raw: object, figures: tuple[Figure, ...], notes: Notes) -> Assembly:
    """Return the model of a description whose parameters are filled in already."""
    head = read_part(HeadPart, raw, Setting(), notes, ()) or HeadPart.model_validate({})
    unit = str(head.time_unit)
    start = None
    if head.start is not None:
        try:
            start = day_of(head.start)
        except UnfitError as error:
            notes.note_flaws(("start",), error)
    if start is None and notes.faulty("start"):
        start = _SOME_MONDAY
    whole = dict(raw) if isinstance(raw, dict) else {}
    classed = whole.get("classes")
    setting = Setting(unit, frozenset(classed) if isinstance(classed, dict) else frozenset(), start)
    if isinstance(whole.get("run"), dict):
        head = head.model_copy(
            update={"run": read_part(type(head.run), whole["run"], setting, notes, ("run",)) or head.run}
        )
    maker = _Maker(whole, setting, notes)
    classes = maker.mapped("classes", maker.unit_class)
    nodes = maker.mapped("stations", maker.node)
    model = Model(
        classes=tuple(classes.values()),
        nodes=tuple(nodes.values()),
        sources=maker.sources(),
        routes=maker.routes(classes),
        calendars=tuple(maker.mapped("calendars", maker.calendar).values()),
        pools=tuple(maker.mapped("pools", maker.pool).values()),
        population=maker.population(),
        figures=figures,
        run=RunDefaults(head.run.warmup, head.run.horizon, head.run.replications),
        start=start,
        port=head.port,
        title=dict(head.title),
    )
    names = {one: frozenset(whole[one]) if isinstance(whole.get(one), dict) else frozenset() for one in SECTIONS}
    unreadable = frozenset(one for one in SECTIONS if not isinstance(whole.get(one) or {}, dict))
    return Assembly(model, names, tuple(maker.entries), maker.paths, maker.sides, unreadable, maker.complete)


class _Maker:
    """Makes the pieces of a model of the sections of a description."""

    def __init__(self, whole: Mapping[str, Any], setting: Setting, notes: Notes) -> None:
        self.whole = whole
        self.setting = setting
        self.notes = notes
        self.complete = True
        self.entries: list[tuple[Path, str, str]] = []
        self.paths: dict[str, Path] = {}
        self.sides: dict[str, tuple[Path, ...]] = {}

    def mapped(self, section: str, make: Callable[[str, object, Path], Any]) -> dict[str, Any]:
        """Return the pieces of a section that names its entries."""
        found = {}
        for name, value in self._entries(section):
            path = (section, name)
            if name in (RESERVED if section == "stations" else ("*",)) or not name.strip() or len(name) > LONGEST_NAME:
                self.notes.note(path, "model.bad_name", name=name, most=LONGEST_NAME)
            piece = make(name, value, path)
            if piece is not None:
                found[name] = piece
        return found

    def _entries(self, section: str) -> list[tuple[str, object]]:
        given = self.whole.get(section)
        return [] if given is None else self._kept(section, lambda: [*mapping(given).items()])

    def _listed(self, section: str) -> Iterator[tuple[int, object]]:
        return enumerate(self._kept(section, lambda: listed(self.whole.get(section) or [])))

    def _kept(self, section: str, read: Callable[[], list[_Entry]]) -> list[_Entry]:
        try:
            entries = read()
        except UnfitError as error:
            self.notes.note_flaws((section,), error)
            self.complete = False
            return []
        if len(entries) > MOST_ENTRIES:
            self.notes.note((section,), "model.too_many_entries", count=len(entries), most=MOST_ENTRIES)
        return entries[:MOST_ENTRIES]

    def unit_class(self, name: str, value: object, path: Path) -> UnitClass:
        part = read_part(ClassPart, {} if value is None else value, self.setting, self.notes, path) or ClassPart()
        if part.ages and part.accrues:
            self.notes.note((*path, "accrues"), "model.not_together", name="accrues", other="ages")
        return UnitClass(
            name,
            part.priority,
            part.ages,
            part.accrues,
            risk=dict(part.risk),
            label=dict(part.label),
            unit=part.unit,
            direction=part.direction,
        )

    def calendar(self, name: str, value: object, path: Path) -> OpeningHours | None:
        part = read_part(CalendarPart, value, self.setting, self.notes, path)
        if part is None or self.notes.faulty(*path, "period"):
            return None
        period = MINUTES_A_DAY
        hours: Intervals = ()
        exceptions: dict[int, Intervals] = {}
        try:
            period, hours = read_hours(part.open, self.setting, part.period)
        except UnfitError as error:
            self.notes.note_flaws((*path, "open"), error)
        try:
            exceptions = read_exceptions(part.except_, self.setting)
        except UnfitError as error:
            self.notes.note_flaws((*path, "except"), error)
        if not hours and not any(exceptions.values()) and not self.notes.faulty(*path):
            self.notes.note(path, "model.never_opens", name=name)
        return OpeningHours(name, period, hours, exceptions, part.at_close, part.while_closed)  # type: ignore[arg-type]

    def pool(self, name: str, value: object, path: Path) -> Pool | None:
        given = value if isinstance(value, dict) else {"size": value}
        part = read_part(PoolPart, given, self.setting, self.notes, path)
        return None if part is None else Pool(name, part.size, part.return_)

    def node(self, name: str, value: object, path: Path) -> Node | None:
        kind = value.get("kind", "station") if isinstance(value, dict) else "station"
        try:
            one_of(kind, NODE_KINDS)
        except UnfitError as error:
            self.notes.note_flaws((*path, "kind"), error)
            return None
        make = {"match": self._match, "split": self._split, "combine": self._combine}.get(kind, self._station)
        return make(name, value, path)

    def _station(self, name: str, value: object, path: Path) -> Station | None:
        part = read_part(StationPart, value, self.setting, self.notes, path)
        if part is None:
            return None
        servers, shifts = self._servers(part, path)
        if servers is None and not self.notes.faulty(*path, "servers"):
            for extra in ("breakdown", "lanes", "preempt"):
                if getattr(part, extra) is not None:
                    self.notes.note((*path, extra), "model.endless_servers", name=extra)
        if part.lanes is not None and part.lanes.close_when >= part.lanes.open_when:
            self.notes.note((*path, "lanes"), "model.lanes_order")
        if part.gives_up_to is not None and not part.patience and not self.notes.faulty(*path, "patience"):
            self.notes.note((*path, "gives_up_to"), "model.needs_other", name="gives_up_to", other="patience")
        broken, lanes, balk = part.breakdown, part.lanes, part.balk
        return Station(
            id=name,
            servers=servers,
            service=dict(part.service),
            shifts=shifts,
            calendar=part.calendar,
            queue_capacity=part.queue_capacity,
            full=part.on_full,
            balking=Balking(balk.from_, balk.probability, balk.to) if balk else None,
            patience=dict(part.patience),
            gives_up_to=part.gives_up_to,
            breakdown=Breakdown(broken.up, broken.down, broken.while_idle, broken.mode) if broken else None,  # type: ignore[arg-type]
            lanes=ExtraLanes(lanes.extra, lanes.open_when, lanes.close_when, lanes.delay) if lanes else None,
            preempt=part.preempt is not None,
            needs=dict(part.needs),
            takes=dict(part.takes),
            returns=dict(part.returns),
            activity=part.activity or name,
            label=dict(part.label),
        )

    def _servers(self, part: StationPart, path: Path) -> tuple[int | None, tuple[tuple[float, int], ...]]:
        given = [name for name in ("servers", "shifts") if getattr(part, name)]
        if part.kind == "delay":
            for name in given:
                if name == "shifts" or (part.servers and part.servers.most is not None):
                    self.notes.note((*path, name), "model.not_together", name=name, other="kind: delay")
            return None, ()
        if len(given) == 2:
            self.notes.note((*path, "shifts"), "model.not_together", name="shifts", other="servers")
        if part.servers is not None:
            return part.servers.most, part.servers.shifts
        if part.shifts:
            return max(count for _, count in part.shifts), part.shifts
        if not self.notes.faulty(*path, "servers") and not self.notes.faulty(*path, "shifts"):
            self.notes.note((*path, "servers"), "model.missing", name="servers")
        return 1, ()

    def _match(self, name: str, value: object, path: Path) -> Match | None:
        part = read_part(MatchPart, value, self.setting, self.notes, path)
        if part is None:
            return None
        inputs: list[MatchInput] = []
        listed_sides = isinstance(part.inputs, list)
        sides = enumerate(part.inputs) if isinstance(part.inputs, list) else dict(part.inputs).items()
        for place, one in sides:
            where: Path = (*path, "inputs", place)
            given = {"class": place} | (one or {}) if not listed_sides and isinstance(one, dict | None) else one
            side = read_part(InputPart, given, self.setting, self.notes, where)
            if side is None:
                return None
            if any(other.unit_class == side.class_ for other in inputs):
                self.notes.note(where, "model.same_inputs", name=side.class_)
            self.sides[name] = (*self.sides.get(name, ()), (*where, "class") if listed_sides else where)
            inputs.append(MatchInput(side.class_, side.capacity, side.on_full))
        if len(inputs) != 2:
            self.notes.note((*path, "inputs"), "model.two_inputs", count=len(inputs))
            return None
        return Match(name, (inputs[0], inputs[1]), part.as_, part.activity or name, dict(part.label))

    def _split(self, name: str, value: object, path: Path) -> Split | None:
        part = read_part(SplitPart, value, self.setting, self.notes, path)
        if part is None:
            return None
        if not part.into:
            self.notes.note((*path, "into"), "model.missing", name="into")
        return Split(name, dict(part.into), part.activity or name, dict(part.label))

    def _combine(self, name: str, value: object, path: Path) -> Combine | None:
        part = read_part(CombinePart, value, self.setting, self.notes, path)
        if part is None:
            return None
        return Combine(name, part.of, part.size, part.as_, part.after, part.activity or name, dict(part.label))

    def routes(self, classes: Mapping[str, UnitClass]) -> tuple[Route, ...]:
        """Return all routes; what is no table of nodes is noted."""
        found = []
        bands: Mapping[str, float] | None
        every = {band: share for one in classes.values() for band, share in one.risk.items()}
        for unit_class, table in self._entries("routes"):
            path: Path = ("routes", unit_class)
            try:
                nodes = mapping(table if table is not None else {})
            except UnfitError as error:
                self.notes.note_flaws(path, error)
                self.complete = False
                continue
            bands = classes[unit_class].risk if unit_class in classes else every
            if any(self.notes.faulty("classes", one, "risk") for one in classes):
                bands = None
            for node, value in nodes.items():
                found.append(read_route(value, bands, self.notes, (*path, node), self._named("stations")))
        return tuple(found)

    def sources(self) -> tuple[Source, ...]:
        """Return the sources that could be read."""
        found: dict[str, Source] = {}
        for index, value in self._listed("sources"):
            path: Path = ("sources", index)
            part = read_part(SourcePart, value, self.setting, self.notes, path)
            if part is None:
                self.complete = False
                continue
            node = part.node or self._only_entry()
            if node is None:
                self.notes.note((*path, "node"), "model.missing", name="node")
                self.complete = False
                continue
            self.entries.append((path, node, part.class_))
            arrivals = read_arrivals(part, self.setting, self.notes, path)
            if part.id is not None and part.id in found:
                self.notes.note((*path, "id"), "model.named_twice", name=part.id)
            elif arrivals is not None:
                name = part.id or free_name(f"{part.class_}@{node}", found)
                self.paths[name] = path
                found[name] = Source(name, node, part.class_, arrivals)
        return tuple(found.values())

    def _named(self, section: str) -> frozenset[str]:
        """Return the names in a section as it stands."""
        given = self.whole.get(section)
        return frozenset(given) if isinstance(given, dict) else frozenset()

    def _only_entry(self) -> str | None:
        """Return the one station to which no route leads; None where there are several, or none."""
        led_to = set(_targets(self.whole.get("routes")))
        entries = [one for one in (self.whole.get("stations") or ()) if one not in led_to]
        return entries[0] if len(entries) == 1 and self._named("stations") else None

    def population(self) -> tuple[Population, ...]:
        """Return who is there at time 0."""
        found = []
        for index, value in self._listed("population"):
            path: Path = ("population", index)
            part = read_part(PopulationPart, value, self.setting, self.notes, path)
            if part is None:
                self.complete = False
                continue
            self.entries.append((path, part.node, part.class_))
            found.append(Population(part.node, part.class_, part.count))
        return tuple(found)


def _targets(routes: object) -> Iterator[str]:
    """Yield the names routes lead to, as they stand; a station on the way by which units come back to it counts too."""
    for table in routes.values() if isinstance(routes, dict) else ():
        for way in table.values() if isinstance(table, dict) else ():
            if isinstance(way, str):
                yield way
            elif isinstance(way, dict):
                named = way.get("shortest") if "shortest" in way else list(way)
                yield from (one for one in named or () if isinstance(one, str))
