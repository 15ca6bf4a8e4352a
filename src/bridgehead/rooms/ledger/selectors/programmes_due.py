"""What waits for somebody in the programmes: steps that are overdue or unsaid, stages to decide on, budgets passed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.rooms.ledger.falling import Between, Coming
from bridgehead.rooms.ledger.models import Programme, StageMove
from bridgehead.rooms.ledger.selectors.programmes import OVER_BUDGET, RUNNING, UNSAID, late_on
from bridgehead.rooms.ledger.who import DECIDE, named

OVERDUE, NO_NEXT_STEP, TO_DECIDE, OVER = "overdue", "no_next_step", "to_decide", "over_budget"


@dataclass(frozen=True, slots=True)
class ProgrammeDue:
    """One thing somebody has to do about a programme.

    Attributes
    ----------
    title : str
        Name of the programme in the language of the request.
    due_on : date or None
        By when; None where there is no day.
    organisation : int
        Whose it is: the body that leads the programme, or for a decision the one that keeps it.
    address : str
        Its page.
    why : str
        ``overdue``, ``no_next_step``, ``to_decide`` or ``over_budget``.
    """

    title: str
    due_on: date | None
    organisation: int
    address: str
    why: str


def programmes_due(viewer: Viewer, organisation_ids: Collection[int], on: date) -> list[ProgrammeDue]:
    """Return what waits in the programmes that some organisations keep or lead, on a day.

    A stage waits for the viewer where they may decide on it and did not propose it.
    """
    ids = list(organisation_ids)
    theirs = Q(owner__in=ids) | Q(office__in=ids)
    rows = visible(Programme, viewer).filter(theirs).only("name_zh", "name_en", "office", "next_due_on")
    asked = ((OVERDUE, late_on(on)), (NO_NEXT_STEP, UNSAID), (OVER, RUNNING & OVER_BUDGET))
    found = [
        _due(one, why, one.next_due_on if why == OVERDUE else None)
        for why, which in asked
        for one in rows.filter(which)
    ]
    able = [one for one in ids if viewer.grant_for(DECIDE, one, to_write=True)]
    waiting = visible(StageMove, viewer).filter(state=StageMove.State.PROPOSED, owner__in=able)
    waiting = waiting.exclude(proposed_by=viewer.person_id).select_related("programme")
    found += [_due(one.programme, TO_DECIDE, None, one.owner_id) for one in waiting.order_by("proposed_at")]
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or on))


def _due(one: Programme, why: str, due_on: date | None, organisation: int | None = None) -> ProgrammeDue:
    title = speak(language(), one.name_zh, one.name_en)
    return ProgrammeDue(title, due_on, organisation or one.office_id, _address(one.pk), why)


def programme_days(asked: Between) -> Iterator[Coming]:
    """Yield the next steps of programmes that run, on the day by which each is to be done."""
    rows = visible(Programme, asked.viewer).filter(RUNNING, next_due_on__range=asked.days).exclude(next_step="")
    for one in rows.select_related("office").order_by("next_due_on", "id")[: asked.most + 1]:
        assert one.next_due_on is not None
        title = f"{speak(language(), one.name_zh, one.name_en)}{pgettext('form', '：')}{one.next_step}"
        yield Coming(one.next_due_on, title, named(one.office), _address(one.pk), tuple(one.articles), "programme")


@cache
def _register(_language: str) -> str:
    return reverse("ledger:programmes")


def _address(programme: int) -> str:
    """Return the page of a programme; there may be thousands, and each is the same but for the number."""
    return f"{_register(language())}{programme}/"
