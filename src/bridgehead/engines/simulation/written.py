"""Writes a model back in the native form, in minutes; reading what is written gives the same model."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bridgehead.engines.simulation.description import SCHEMA
from bridgehead.engines.simulation.hours import MINUTES_A_WEEK
from bridgehead.engines.simulation.model import (
    MINUTES_A_DAY,
    AppointmentArrivals,
    Arrivals,
    Charge,
    Combine,
    Distribution,
    Full,
    ListedArrivals,
    Match,
    Model,
    Node,
    OpeningHours,
    RateArrivals,
    RenewalArrivals,
    Route,
    Share,
    Split,
    Station,
    UnitClass,
)
from bridgehead.engines.simulation.parameters import MARK
from bridgehead.engines.simulation.quantities import DAYS
from bridgehead.engines.simulation.routing import OUT

_NAMES: Mapping[str, tuple[str, ...]] = {
    "erlang": ("k", "mean"),
    "uniform": ("from", "to"),
    "normal": ("mean", "sd"),
    "lognormal": ("mean", "cv"),
    "gamma": ("mean", "cv"),
    "weibull": ("shape", "scale"),
    "triangular": ("from", "mode", "to"),
}


def as_mapping(model: Model) -> dict[str, Any]:
    """Return a model as the mapping `bridgehead.engines.simulation.reading.read_model` reads.

    Made of JSON types only. Figures stay as parameters, to which only charges refer: elsewhere values are filled in.

    Raises
    ------
    ValueError
        For a model no description can say: shifts or rates that change between whole minutes of the clock.
    """
    head: dict[str, Any] = {"schema": SCHEMA, "port": model.port, "title": dict(model.title), "time_unit": "min"}
    if model.start is not None:
        head["start"] = model.start.isoformat()
    warmup = "auto" if model.run.warmup_min is None else model.run.warmup_min
    routes: dict[str, dict[str, Any]] = {}
    for route in model.routes:
        routes.setdefault(route.unit_class, {})[route.node] = _route(route)
    written = {
        **head,
        "run": {"warmup": warmup, "horizon": model.run.horizon_min, "replications": model.run.replications},
        "parameters": {
            one.id: _told(
                value=one.value,
                unit=one.unit,
                standing=one.standing,
                source=one.source,
                date=one.date,
                note=one.note,
                label=dict(one.label),
            )
            for one in model.figures
        },
        "classes": {one.id: _unit_class(one) for one in model.classes},
        "calendars": {one.id: _calendar(one, model) for one in model.calendars},
        "pools": {one.id: _told(size=one.size, **{"return": _drawn(one.return_min)}) for one in model.pools},
        "stations": {node.id: _node(node) for node in model.nodes},
        "routes": routes,
        "sources": [
            {"id": one.id, "class": one.unit_class, "node": one.node, **_arrivals(one.arrivals, model)}
            for one in model.sources
        ],
        "charges": [_charge(one) for one in model.charges],
        "population": [{"node": one.node, "class": one.unit_class, "count": one.count} for one in model.population],
    }
    return {name: value for name, value in written.items() if value not in ({}, [], "") or name == "classes"}


def _told(**fields: Any) -> dict[str, Any]:
    """Return fields without those that say nothing."""
    return {name: value for name, value in fields.items() if value is not None and value not in ("", {}, [])}


def distribution_as_plain(distribution: Distribution) -> dict[str, Any]:
    """Return a distribution as a description writes it, times in minutes."""
    kind, numbers = distribution.kind, distribution.numbers
    if kind == "mix":
        parts = [distribution_as_plain(part) for part in distribution.parts]
        return {kind: [[share, part] for share, part in zip(numbers, parts, strict=True)]}
    if kind == "empirical":
        return {kind: list(numbers)}
    if kind == "quantiles":
        return {kind: [list(pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]}
    if kind in _NAMES:
        return {kind: dict(zip(_NAMES[kind], numbers, strict=True))}
    return {kind: numbers[0]}


def _drawn(distribution: Distribution | None) -> dict[str, Any] | None:
    return None if distribution is None else distribution_as_plain(distribution)


def _by_class(drawn: Mapping[str, Distribution]) -> dict[str, Any]:
    return {name: distribution_as_plain(one) for name, one in drawn.items()}


def _charge(one: Charge) -> dict[str, Any]:
    """Return a charge; an amount that is no parameter is written as a text, which loses no digit."""
    who = {"class": one.unit_class, "station": one.node, "side": one.side}
    paid = {
        "amount": f"{MARK}{one.figure}" if one.figure else str(one.amount),
        "currency": one.currency,
        "year": one.year,
    }
    told = {"standing": one.standing, "source": one.source, "date": one.date}
    return _told(**who, **paid, **told, label=dict(one.label), note=dict(one.note))


def _unit_class(one: UnitClass) -> dict[str, Any]:
    ages = [{"after": step.after_min, "to": step.to} for step in one.ages]
    accrues = one.accrues or None
    told = {"risk": dict(one.risk), "label": dict(one.label), "unit": one.unit, "direction": one.direction}
    return _told(priority=one.priority, ages=ages, accrues=accrues, **told)


def _calendar(one: OpeningHours, model: Model) -> dict[str, Any]:
    written: dict[str, Any] = {"period": one.period_min, "open": [list(pair) for pair in one.open]}
    if one.exceptions:
        if model.start is None:
            raise ValueError(f"calendar {one.id} has dated exceptions, the model no first day")
        written["except"] = {
            (model.start + timedelta(days=day)).isoformat(): [list(pair) for pair in hours]
            for day, hours in one.exceptions.items()
        }
    return {**written, "at_close": one.at_close, "while_closed": one.while_closed}


def _full(full: Full) -> Any:
    if full.kind == "divert":
        return {"divert": full.to}
    return "block_upstream" if full.kind == "block" else None


def _node(node: Node) -> dict[str, Any]:
    common = {"activity": node.activity if node.activity != node.id else "", "label": dict(node.label)}
    match node:
        case Station():
            return _told(**_station(node), **common)
        case Match():
            sides = [
                _told(capacity=one.capacity, on_full=_full(one.full), **{"class": one.unit_class})
                for one in node.inputs
            ]
            return _told(kind="match", inputs=sides, **{"as": node.becomes}, **common)
        case Split():
            return _told(kind="split", into=dict(node.into), **common)
        case Combine():
            ways = {"of": node.unit_class, "size": node.size, "as": node.becomes, "after": node.after_min}
            return _told(kind="combine", **ways, **common)


def _station(node: Station) -> dict[str, Any]:
    balk, broken, lanes = node.balking, node.breakdown, node.lanes
    servers = None if node.shifts else "inf" if node.servers is None else node.servers
    return {
        "servers": servers,
        "shifts": {_clock(start): count for start, count in node.shifts},
        "calendar": node.calendar,
        "service": _by_class(node.service),
        "queue_capacity": node.queue_capacity,
        "on_full": _full(node.full),
        "balk": balk and _told(probability=balk.probability, to=balk.to, **{"from": balk.at}),
        "patience": _by_class(node.patience),
        "gives_up_to": node.gives_up_to,
        "breakdown": broken
        and {
            "up": distribution_as_plain(broken.up_min),
            "down": distribution_as_plain(broken.down_min),
            "while_idle": broken.while_idle,
            "mode": broken.mode,
        },
        "lanes": lanes
        and {
            "extra": lanes.extra,
            "open_when": lanes.open_when,
            "close_when": lanes.close_when,
            "delay": lanes.delay_min,
        },
        "preempt": "resume" if node.preempt else None,
        "needs": dict(node.needs),
        "takes": dict(node.takes),
        "returns": dict(node.returns),
    }


def _clock(minute: float) -> str:
    """Return a moment of the day as hour and minute."""
    if not float(minute).is_integer() or not 0 <= minute <= MINUTES_A_DAY:
        raise ValueError(f"{minute} is no whole minute of a day")
    return f"{int(minute) // 60:02d}:{int(minute) % 60:02d}"


def _route(route: Route) -> Any:
    if route.shortest:
        return {"shortest": list(route.shortest)}
    return {OUT if way.to is None else way.to: _share(way) for way in route.ways} or OUT


def _share(way: Share) -> Any:
    return way.shares["*"] if set(way.shares) == {"*"} else {"rate": dict(way.shares)}


def _arrivals(arrivals: Arrivals, model: Model) -> dict[str, Any]:
    match arrivals:
        case RenewalArrivals(interarrival, batch):
            return _told(interarrival=distribution_as_plain(interarrival), batch=_drawn(batch))
        case RateArrivals(period, rates):
            return {"rate": _rates(period, rates, model), "per": "min"}
        case ListedArrivals(times):
            return {"times": list(times)}
        case AppointmentArrivals():
            return _appointments(arrivals, model)


def _appointments(booked: AppointmentArrivals, model: Model) -> dict[str, Any]:
    lateness = _drawn(booked.lateness_min)
    if isinstance(booked.slot_min, tuple):
        by_day: dict[str, list[float]] = {}
        for slot in booked.slot_min:
            by_day.setdefault(_day(slot, model), []).append(slot % MINUTES_A_DAY)
        timetable = by_day if booked.period_min == MINUTES_A_WEEK else list(booked.slot_min)
        return _told(timetable=timetable, lateness=lateness, cancelled=booked.no_show)
    slots = booked.calendar if booked.calendar is not None else distribution_as_plain(booked.slot_min)
    count = distribution_as_plain(booked.count)
    told = _told(period=booked.period_min, count=count, slots=slots, lateness=lateness, no_show=booked.no_show)
    return {"appointments": told}


def _day(minute: float, model: Model) -> str:
    first = model.start.weekday() if model.start else 0
    return DAYS[(first + int(minute // MINUTES_A_DAY)) % 7]


def _rates(period: float, rates: tuple[tuple[float, float], ...], model: Model) -> dict[str, Any]:
    """Return rates by the clock, for every day or by day of the week."""
    if period == MINUTES_A_DAY:
        return {_clock(start): rate for start, rate in rates}
    if period != MINUTES_A_WEEK:
        raise ValueError(f"rates have a cycle of {period} minutes, neither a day nor a week")
    week: dict[str, dict[str, float]] = {}
    for day in range(7):
        begin = day * MINUTES_A_DAY
        before = [rate for start, rate in rates if start <= begin]
        later = {_clock(start - begin): rate for start, rate in rates if begin < start < begin + MINUTES_A_DAY}
        week[_day(begin, model)] = {"00:00": before[-1], **later}
    return week
