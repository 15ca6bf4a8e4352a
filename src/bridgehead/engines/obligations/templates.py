"""Procedures as data: steps read from the rows of a table, and the clocks of one body laid over them.

A row says what follows a step in one cell: ``satisfied>; not_satisfied>handling; not_satisfied@2>measures`` ends the
procedure where one is satisfied, goes back to the handling where not, and on to measures the second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bridgehead.engines.obligations.procedure import Branch, Procedure, Step
from bridgehead.kernel.calendars import Calendar, Due, Term
from bridgehead.kernel.errors import BridgeheadError, Place

_BRANCH = re.compile(r"([a-z_]*)(?:@([1-9]\d?))?>([a-z0-9-]*)")


def read_branches(text: str) -> tuple[Branch, ...]:
    """Return what a cell says follows a step.

    Parameters
    ----------
    text : str
        ``outcome@round>step``, several of them with ``;`` between; without a step the procedure ends.

    Raises
    ------
    BridgeheadError
        ``procedure.bad_branch``.
    """
    found = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        read = _BRANCH.fullmatch(part)
        if read is None:
            raise BridgeheadError("procedure.bad_branch", {"text": part}, Place(field="outcomes"))
        found.append(Branch(read[1], read[3], int(read[2] or 1)))
    return tuple(found)


def procedure_of(name: str, rows: Iterable[Mapping[str, Any]]) -> Procedure:
    """Return the procedure the rows of a template make, in their order.

    Parameters
    ----------
    name : str
        Its id.
    rows : iterable of mapping
        ``step``, ``who``, ``outcomes``, and where there are any ``term``, ``counts_from`` and ``extensions``.

    Raises
    ------
    BridgeheadError
        ``calendar.bad_term``, ``procedure.bad_branch``, and ``procedure.unsound``.
    """
    return Procedure(name, [_step(row) for row in rows])


def _step(row: Mapping[str, Any]) -> Step:
    term = str(row.get("term") or "")
    return Step(
        str(row["step"]),
        str(row["who"]),
        Term.read(term) if term else None,
        str(row.get("counts_from") or ""),
        read_branches(str(row["outcomes"])),
        int(row.get("extensions") or 0),
    )


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a body, or every body of a level, gives for a step.

    Parameters
    ----------
    body : str
        Id of the body, or name of a level.
    template, step : str
        The step.
    term : str
        How long, as `bridgehead.kernel.calendars.Term` reads it.
    valid_from : date
        First day on which a procedure is begun with it.
    """

    body: str
    template: str
    step: str
    term: str
    valid_from: date


def clocks_on(clocks: Iterable[Clock], template: str, bodies: Sequence[str], on: date) -> dict[str, Clock]:
    """Return the clock of each step that differs from its template for what is begun on a day.

    Parameters
    ----------
    clocks : iterable of Clock
        Those of all bodies.
    template : str
        Which procedure.
    bodies : sequence of str
        Names the body goes by, the nearest first: its id, then its level. A nearer one goes before a later one.
    on : date
        The day it is begun.
    """
    found: dict[str, Clock] = {}
    ranks = {name: place for place, name in reversed(list(enumerate(bodies)))}
    for one in clocks:
        if one.template != template or one.body not in ranks or one.valid_from > on:
            continue
        there = found.get(one.step)
        if there is None or (-ranks[there.body], there.valid_from) < (-ranks[one.body], one.valid_from):
            found[one.step] = one
    return found


def latest_extension(calendar: Calendar, begun: date, due: Due, longest: str) -> date | None:
    """Return the last day to which a term may be extended; None where nothing says how far.

    Parameters
    ----------
    calendar : Calendar
        Which days are worked.
    begun : date
        When its clock began.
    due : Due
        When it ends now.
    longest : str
        How long it may be in all, counted from when it began.
    """
    return max(due.day, calendar.due(begun, Term.read(longest)).day) if longest else None
