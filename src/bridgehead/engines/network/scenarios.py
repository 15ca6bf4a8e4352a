"""Scenarios: ordered edits on the tables of a region, made without changing them, and taken back.

`bridgehead.engines.network.edits` says which edits there are, `bridgehead.engines.network.applied` what they come to,
`bridgehead.engines.network.scenario_reading` how they are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from bridgehead.engines.network.applied import Applied, Change, Scenario
from bridgehead.engines.network.components import ComponentTables, Demand, Link, Parameter, Port
from bridgehead.engines.network.scenario_draft import Draft
from bridgehead.engines.network.scenario_edits import make_edits
from bridgehead.kernel.errors import BridgeheadError

R = TypeVar("R", Port, Link, Demand, Parameter)


def apply(scenario: Scenario, tables: ComponentTables) -> Applied:
    """Make the edits of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The edits.
    tables : ComponentTables
        The base; it stays as it is.

    Raises
    ------
    BridgeheadError
        ``scenario.other_base`` if it was written for other tables, or every fault of its edits.
    """
    if scenario.base != tables.content_hash:
        raise BridgeheadError("scenario.other_base", {"base": scenario.base[:12], "tables": tables.content_hash[:12]})
    draft = Draft(tables, scenario.year)
    make_edits(draft, scenario.edits)
    if draft.faults:
        raise BridgeheadError.of(draft.faults)
    return draft.close(scenario)


def undo(applied: Applied) -> ComponentTables:
    """Return the tables as they were before the edits of a scenario."""
    tables = applied.tables
    return replace(
        tables,
        ports=_undone(tables.ports, applied.changes, "ports"),
        links=_undone(tables.links, applied.changes, "links"),
        demand=_undone(tables.demand, applied.changes, "demand"),
        parameters=_undone(tables.parameters, applied.changes, "parameters"),
    )


def _undone(rows: Sequence[R], changes: Sequence[Change], table: str) -> tuple[R, ...]:
    kept: list[Any] = list(rows)
    for change in reversed(changes):
        if change.table == table:
            kept[change.row] = change.before
    return tuple(row for row in kept if row is not None)
