"""Small ports whose best staffing is known by formula or by trying all."""

from __future__ import annotations

from typing import Any

from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.reading import read_model

REPORTED = {
    name: {"value": value, "standing": "reported", "source": "a paper"}
    for name, value in (("priority", 0), ("careful", 1), ("careless", 0))
}
"""Figures a model rests on, whatever its stations and sources are."""


def description(**changes: Any) -> dict[str, Any]:
    """Return one gate, one truck a minute, five minutes each: M/M/c with a load of five."""
    return {
        "schema": "bridgehead-port-model/1",
        "time_unit": "min",
        "run": {"warmup": "1d", "horizon": "11d"},
        "parameters": REPORTED,
        "classes": {"truck": {"priority": "$priority", "risk": {"low": "$careful", "high": "$careless"}}},
        "stations": {"gate": {"servers": 14, "service": {"exp": 5}}},
        "routes": {"*": {"gate": "out"}},
        "sources": [{"class": "truck", "node": "gate", "interarrival": {"exp": 1}}],
        **changes,
    }


def gate(**changes: Any) -> Model:
    """Return the model of `description`."""
    return read_model(description(**changes))


def tandem(**changes: Any) -> Model:
    """Return two stations behind each other, each M/M/c by Burke's theorem: loads of five and of three."""
    stations = {"gate": {"servers": 10, "service": {"exp": 5}}, "scan": {"servers": 8, "service": {"exp": 3}}}
    return gate(stations=stations, routes={"*": {"gate": "scan", "scan": "out"}}, **changes)


def day_port(**changes: Any) -> Model:
    """Return a gate open by day with arrivals around the clock, and a check open at all hours."""
    return gate(
        run={"warmup": "2d", "horizon": "30d"},
        calendars={"day": {"open": ["06:00-20:00"]}},
        stations={
            "gate": {"servers": 5, "calendar": "day", "service": {"exp": 3}},
            "check": {"servers": 6, "service": {"lognormal": {"mean": 9, "cv": 0.6}}},
        },
        routes={"*": {"gate": "check", "check": "out"}},
        sources=[
            {
                "class": "truck",
                "node": "gate",
                "rate": {"00:00-06:00": 4, "06:00-18:00": 16, "18:00-24:00": 6},
                "per": "h",
            }
        ],
        **changes,
    )
