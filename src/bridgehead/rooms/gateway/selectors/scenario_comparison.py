"""Scenarios held against their bases: which are chosen, which runs they need, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bridgehead.engines.flows.scenario_comparison import Comparison, compare
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.kept import recent
from bridgehead.ground.region import Loaded
from bridgehead.jobs.scenario_runs import Plan, outcomes, plan
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors.scenarios import Seen, seen, shipped
from bridgehead.rooms.gateway.selectors.throughput import cell

MOST = 8


@dataclass(frozen=True, slots=True)
class Chosen:
    """Scenarios that are looked at together, in the order asked for, and the runs they need."""

    seen: tuple[Seen, ...]
    plan: Plan

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the scenarios."""
        return tuple(one.line.id for one in self.seen)


@dataclass(frozen=True, slots=True)
class Column:
    """A scenario beside its base."""

    seen: Seen
    found: Comparison


class _NotThereError(Exception):
    """A run is not in the store."""


def chosen(loaded: Loaded, viewer: Viewer, ids: Sequence[str]) -> Chosen:
    """Return the scenarios of some ids, those of the region where none are named.

    Raises
    ------
    BridgeheadError
        ``scenario.unknown_scenario``, ``scenario.too_many_compared``, or what keeps one from being made on the present
        tables.
    """
    wanted = tuple(dict.fromkeys(ids)) or tuple(line.id for line in shipped(loaded))
    if len(wanted) > MOST:
        raise BridgeheadError(
            "scenario.too_many_compared", {"count": len(wanted), "most": MOST}, Place(field="scenario")
        )
    found = tuple(seen(loaded, viewer, one) for one in wanted)
    faults = [fault for one in found for fault in one.faults]
    if faults:
        raise BridgeheadError.of(faults)
    return Chosen(found, plan([one.applied for one in found if one.applied], loaded.components))


def columns(loaded: Loaded, picked: Chosen) -> tuple[Column, ...] | None:
    """Return every scenario beside its base, or None as long as a run is missing."""
    try:
        return recent(loaded, "scenario comparison", picked.plan.key_of, lambda: _columns(loaded, picked))
    except _NotThereError:
        return None


def _columns(loaded: Loaded, picked: Chosen) -> tuple[Column, ...]:
    found = outcomes(picked.plan, loaded.store)
    if found is None:
        raise _NotThereError
    modes = {port.id: port.mode for port in loaded.components.ports}
    there = districts(loaded)
    rows = zip(picked.seen, picked.plan.base_of, picked.plan.key_of, strict=True)
    return tuple(Column(one, compare(found[base], found[own], modes, there)) for one, base, own in rows)


def districts(loaded: Loaded) -> Mapping[str, str]:
    """Return the league or city of every place and port of the region that has one."""
    things = names.index(loaded)
    found = dict(things.districts)
    cities = {cell(org, "name_zh"): id_ for id_, org in things.orgs.items() if cell(org, "level") == "league_city"}
    for port, row in things.ports.items():
        name = cell(row, "league_city")
        city = next((id_ for full, id_ in cities.items() if name and full.startswith(name)), "")
        if city:
            found[port] = city
    return found


def district_name(loaded: Loaded, district: str) -> str:
    """Return the name of a league or city by its id."""
    places = names.index(loaded).districts
    return next((names.district_name(loaded, place) for place, id_ in places.items() if id_ == district), district)
