"""A port of one queue; a port that has a bit of everything, and what is wrong with changed copies of it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.reading import read_model
from bridgehead.kernel.errors import BridgeheadError, Fault

PORT: dict[str, Any] = {
    "schema": "bridgehead-port-model/1",
    "port": "north-gate",
    "title": {"zh": "北口", "en": "North gate"},
    "time_unit": "min",
    "start": "2025-01-06",
    "run": {"warmup": "1d", "horizon": "30d", "replications": 5},
    "parameters": {
        "lanes": {"value": 4, "unit": "lanes", "standing": "reported", "source": "a paper", "date": "2023-08"},
        "exit_time": {"value": 90, "unit": "s", "standing": "assumption"},
        "checked": {"value": 12, "unit": "%", "standing": "estimate"},
        "scan_fee": {"value": 120.5, "unit": "USD", "standing": "reported", "source": "a report", "date": "2023-08"},
    },
    "classes": {
        "booked": {"priority": 0},
        "walk_in": {"priority": 1, "ages": [{"after": 120, "to": 0}], "risk": {"low": 0.9, "high": 0.1}},
        "train": {},
        "wagon": {},
        "empty": {},
        "loaded": {},
        "block": {},
    },
    "calendars": {
        "day": {"open": ["07:00-21:00"], "except": {"2025-10-01..2025-10-03": "closed"}},
        "week": {"open": {"mon-fri": ["08:00-12:00", "14:00-18:00"], "sat": ["09:00-12:00"]}, "at_close": "pause"},
    },
    "pools": {"inspector": 5, "bay": 3, "tractor": {"size": 6, "return": {"det": 25}}},
    "stations": {
        "gate": {"servers": "$lanes", "calendar": "day", "service": {"*": {"exp": 1.8}}},
        "scan": {
            "servers": {"00:00-07:00": 2, "07:00-24:00": 6},
            "service": {"*": {"lognormal": {"mean": 2.6, "cv": 0.5}}, "booked": 2},
            "breakdown": {"up": {"exp": "2d"}, "down": {"exp": "90min"}},
            "lanes": {"extra": 2, "open_when": 40, "close_when": 5, "delay": 15},
        },
        "inspect": {
            "servers": 3,
            "calendar": "week",
            "service": {"exp": 8},
            "queue_capacity": 20,
            "on_full": "block_upstream",
            "needs": ["inspector", "bay"],
            "patience": {"walk_in": {"exp": 600}},
            "gives_up_to": "exit",
        },
        "exit": {"kind": "delay", "service": {"det": "$exit_time"}, "activity": "leaving"},
        "yard": {"servers": 2, "service": {"exp": 30}, "takes": {"tractor": 1}},
        "unload": {"kind": "split", "into": {"wagon": 20}},
        "crane": {"servers": 4, "service": {"exp": 9}, "returns": {"tractor": 1}},
        "pair": {
            "kind": "match",
            "inputs": {"wagon": {"capacity": 50, "on_full": "block_upstream"}, "empty": {}},
            "as": "loaded",
        },
        "form": {"kind": "combine", "of": "loaded", "size": 20, "as": "block", "after": 720},
    },
    "routes": {
        "*": {
            "gate": "scan",
            "scan": {"inspect": "$checked", "exit": "rest"},
            "inspect": {"exit": 1},
            "yard": "unload",
            "unload": "crane",
            "crane": "pair",
            "pair": "form",
        },
        "walk_in": {"scan": {"inspect": {"rate": {"low": 0.02, "high": 0.3}}, "exit": "rest"}},
    },
    "sources": [
        {
            "class": "booked",
            "node": "gate",
            "appointments": {"per_day": 600, "slots": "day", "lateness": {"normal": {"sd": 30}}, "no_show": 0.05},
        },
        {"class": "walk_in", "node": "gate", "rate": {"00:00-06:00": 10, "06:00-24:00": 30}, "per": "h"},
        {"class": "train", "node": "yard", "timetable": ["03:10", "09:00"], "lateness": {"exp": 20}, "cancelled": 0.05},
        {"class": "empty", "node": "pair", "interarrival": {"exp": "40min"}, "batch": 1},
        {"class": "booked", "node": "gate", "times": [5, 10, 12.5]},
    ],
    "population": [{"node": "gate", "class": "walk_in", "count": 3}],
    "charges": [
        {"class": "walk_in", "station": "scan", "amount": "$scan_fee", "year": 2023, "side": "CN"},
        {"amount": "7.10", "currency": "CNY", "year": 2024, "standing": "estimate", "note": "stamp of the gate"},
    ],
}

SMALL: dict[str, Any] = {
    "classes": {"truck": {}},
    "stations": {"gate": {"servers": 1, "service": {"exp": 1}}},
    "sources": [{"class": "truck", "node": "gate", "interarrival": {"exp": 2}}],
}
"""A port with one of what it needs."""

REMOVED = object()


def queue(servers: int, service_min: float, interarrival_min: float) -> Model:
    """Return a booth that trucks queue for, with exponential times of these means."""
    return read_model(
        {
            "schema": "bridgehead-port-model/1",
            "classes": {"truck": {}},
            "stations": {"booth": {"servers": servers, "service": {"*": {"exp": service_min}}}},
            "sources": [{"class": "truck", "node": "booth", "interarrival": {"exp": interarrival_min}}],
        }
    )


def changed(changes: Mapping[tuple[str | int, ...], Any], base: Mapping[str, Any] = PORT) -> dict[str, Any]:
    """Return a copy of a description with other values at some paths."""
    found: Any = copy.deepcopy(dict(base))
    for path, value in changes.items():
        at = found
        for part in path[:-1]:
            at = at[part]
        if value is REMOVED:
            del at[path[-1]]
        else:
            at[path[-1]] = value
    return dict(found)


def faults_of(source: Any, name: str = "port.yaml") -> tuple[Fault, ...]:
    """Return what is wrong with a description."""
    try:
        read_model(source, name=name)
    except BridgeheadError as error:
        return error.faults
    return ()


def found(faults: tuple[Fault, ...]) -> set[tuple[str, str | None]]:
    """Return codes and paths."""
    return {(fault.code, fault.place.field) for fault in faults if fault.severity == "error"}
