"""The native form of a port model, part by part, as pydantic models; `bridgehead.engines.simulation.reading` reads it.

Fields hold minutes, distributions and numbers already; what needs more than its own part is settled in
`bridgehead.engines.simulation.assembling` and `bridgehead.engines.simulation.checking`.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from bridgehead.engines.simulation.fields import (
    Ages,
    Amounts,
    CountDraw,
    Duration,
    Durations,
    Mapped,
    NotNegative,
    Number,
    OffsetDraw,
    Part,
    Places,
    PositiveTime,
    QueueLength,
    Risk,
    ServersField,
    Share,
    Shifts,
    Sides,
    Size,
    Text,
    Time,
    Times,
    Truth,
    Warmup,
    WhenFull,
    Words,
    word,
)
from bridgehead.engines.simulation.model import Full

SCHEMA = "bridgehead-port-model/1"
UNITS = ("s", "min", "h", "d")
DIRECTIONS = ("import", "export")
UNIT_KINDS = ("truck", "car", "bus", "train", "wagon", "container")
"""What one unit of a class may be."""
STANDINGS = ("measured", "reported", "derived", "estimate", "assumption")
NODE_KINDS = ("station", "delay", "match", "split", "combine")
SECTIONS = ("classes", "calendars", "pools", "stations", "routes", "sources", "population")


class RunPart(Part):
    """``run``: how long and how often where nobody says otherwise."""

    warmup: Warmup = 0.0
    horizon: PositiveTime = 10080.0
    replications: Size = 10


class HeadPart(Part):
    """What a description says once; its sections are read by themselves."""

    schema_: Annotated[str, word(SCHEMA)] = Field(SCHEMA, alias="schema")
    port: Text = ""
    title: Words = Field(default_factory=dict)
    about: Any = None
    time_unit: Annotated[str, word(*UNITS)] = "min"
    start: Text | None = None
    run: RunPart = RunPart()
    parameters: Mapped = Field(default_factory=dict)
    classes: Any = None
    calendars: Any = None
    pools: Any = None
    stations: Any = None
    routes: Any = None
    sources: Any = None
    population: Any = None
    charges: Any = None


class ParameterPart(Part):
    """A named figure with its provenance."""

    value: Any
    unit: Text = ""
    standing: Annotated[str, word(*STANDINGS)] = "assumption"
    source: Text = ""
    date: Text = ""
    note: Words = Field(default_factory=dict)
    label: Words = Field(default_factory=dict)


class ChargePart(Part):
    """What is paid for clearance, by whom, where, in which money; `bridgehead.engines.simulation.charges` reads it.

    Without a station it is paid once: by a class that is named at the end of its way, by ``*`` on leaving the port.
    """

    class_: Text = Field("*", alias="class")
    station: Text = ""
    amount: Any
    currency: Text | None = None
    year: Any
    side: Text = ""
    standing: Annotated[str, word(*STANDINGS)] = "assumption"
    source: Text = ""
    date: Text = ""
    label: Words = Field(default_factory=dict)
    note: Words = Field(default_factory=dict)


class ClassPart(Part):
    """A class of units."""

    priority: Number = 0.0
    ages: Ages = ()
    accrues: Number = 0.0
    risk: Risk = Field(default_factory=dict)
    label: Words = Field(default_factory=dict)
    unit: Annotated[str, word(*UNIT_KINDS)] = ""
    direction: Annotated[str, word(*DIRECTIONS)] = ""


class CalendarPart(Part):
    """Opening hours; the intervals are read with the period."""

    period: PositiveTime | None = None
    open: Any
    except_: Mapped = Field({}, alias="except")
    at_close: Annotated[str, word("finish", "pause", "empty")] = "finish"
    while_closed: Annotated[str, word("wait", "turn_away")] = "wait"


class PoolPart(Part):
    """A pool; a number alone is its size."""

    size: Size
    return_: Duration | None = Field(None, alias="return")


class BalkPart(Part):
    """Newcomers who see a long queue and go away."""

    from_: QueueLength = Field(alias="from")
    probability: Share = 1.0
    to: Text | None = None


class BreakdownPart(Part):
    """Failures of each server."""

    up: Duration
    down: Duration
    while_idle: Truth = True
    mode: Annotated[str, word("resume", "repeat", "rejoin")] = "resume"


class LanesPart(Part):
    """Lanes opened by the length of the queue."""

    extra: Size = 1
    open_when: QueueLength
    close_when: QueueLength
    delay: Time = 0.0


class StationPart(Part):
    """A node with servers, or with as many as are needed."""

    kind: Annotated[str, word("station", "delay")] = "station"
    servers: ServersField | None = None
    shifts: Shifts = ()
    calendar: Text | None = None
    service: Durations = Field(default_factory=dict)
    queue_capacity: Places = None
    on_full: WhenFull = Full()
    balk: BalkPart | None = None
    patience: Durations = Field(default_factory=dict)
    gives_up_to: Text | None = None
    breakdown: BreakdownPart | None = None
    lanes: LanesPart | None = None
    preempt: Annotated[str, word("resume")] | None = None
    needs: Amounts = Field(default_factory=dict)
    takes: Amounts = Field(default_factory=dict)
    returns: Amounts = Field(default_factory=dict)
    activity: Text = ""
    label: Words = Field(default_factory=dict)


class InputPart(Part):
    """One side of a match."""

    class_: Text = Field(alias="class")
    capacity: Places = None
    on_full: WhenFull = Full()


class MatchPart(Part):
    """A node where units of two classes wait for each other."""

    kind: Annotated[str, word("match")]
    inputs: Sides
    as_: Text | None = Field(None, alias="as")
    activity: Text = ""
    label: Words = Field(default_factory=dict)


class SplitPart(Part):
    """A node that ends a unit and begins several."""

    kind: Annotated[str, word("split")]
    into: Amounts
    activity: Text = ""
    label: Words = Field(default_factory=dict)


class CombinePart(Part):
    """A node that collects units until one of another class begins."""

    kind: Annotated[str, word("combine")]
    of: Text
    size: Size
    as_: Text = Field(alias="as")
    after: Time | None = None
    activity: Text = ""
    label: Words = Field(default_factory=dict)


class AppointmentsPart(Part):
    """Booked units: so many a period, each with a slot."""

    period: PositiveTime = 1440.0
    per_day: CountDraw | None = None
    count: CountDraw | None = None
    slots: Any = None
    slot: Any = None
    lateness: OffsetDraw | None = None
    no_show: Share = 0.0
    drop_outside_horizon: Truth = True


class SourcePart(Part):
    """Where units come from, and when."""

    id: Text | None = None
    class_: Text = Field(alias="class")
    node: Text | None = None
    interarrival: Duration | None = None
    batch: CountDraw | None = None
    rate: Any = None
    per: Annotated[str, word(*UNITS)] | None = None
    per_day: NotNegative | None = None
    appointments: AppointmentsPart | None = None
    timetable: Any = None
    lateness: OffsetDraw | None = None
    cancelled: Share | None = None
    times: Times | None = None


class PopulationPart(Part):
    """Units there at time 0."""

    node: Text
    class_: Text = Field(alias="class")
    count: Size
