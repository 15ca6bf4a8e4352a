"""How problems stood on a day that is past: read from their steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.rooms.ledger.models import Problem, ProblemStep

_KIND, _STATE = ProblemStep.Kind, Problem.State
_ABOUT_CLOSING = (_KIND.OPENED, _KIND.ASKED, _KIND.RETURNED, _KIND.CLOSED, _KIND.REOPENED)
STATES: Mapping[str, str] = {
    _KIND.OPENED: _STATE.OPEN,
    _KIND.MEASURES: _STATE.MENDING,
    _KIND.ASKED: _STATE.MENDING,
    _KIND.RETURNED: _STATE.MENDING,
    _KIND.CLOSED: _STATE.CLOSED,
    _KIND.REOPENED: _STATE.REOPENED,
}
"""The state a step leaves a problem in; a new day leaves it as it was."""


def stood_on(viewer: Viewer, rows: QuerySet[Problem], on: date) -> QuerySet[Problem]:
    """Return the problems that were in the list on a day, with how they stood then.

    ``then`` is the last step that says how far it was, ``closing`` the last that says whether it waited to be
    confirmed, ``due_then`` the day by which it was due.
    """
    steps = visible(ProblemStep, viewer).filter(problem=OuterRef("pk"), on__lte=on).order_by("-id")
    told = {
        "then": Subquery(steps.exclude(kind=_KIND.CHANGED).values("kind")[:1]),
        "closing": Subquery(steps.filter(kind__in=_ABOUT_CLOSING).values("kind")[:1]),
        "due_then": Subquery(steps.values("due_on")[:1]),
    }
    return rows.filter(found_on__lte=on).annotate(**told).exclude(then=None)


def state_after(kind: str, closing: str) -> str:
    """Return the state after a step, ``waiting`` where the last word on closing it was that somebody asked for it."""
    return "waiting" if closing == _KIND.ASKED else STATES[kind]
