"""Questions of the public that organisations have to route, answer or approve, for the morning of their people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.rooms.ledger.actions.questions import ROUTED_IN
from bridgehead.rooms.ledger.falling import Between, Coming
from bridgehead.rooms.ledger.models import PublicQuestion
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.selectors.publication_questions import state_word
from bridgehead.rooms.ledger.selectors.question_codes import WAITS
from bridgehead.rooms.ledger.who import named

LONGEST = 60


@dataclass(frozen=True, slots=True)
class QuestionDue:
    """A question somebody waits on.

    Attributes
    ----------
    title : str
        How it begins, with its number.
    due_on : date
        By when: routing has its own, shorter term.
    organisation : int
        Who has to do it.
    address : str
        Its page.
    what : str
        What it waits for, in words.
    """

    title: str
    due_on: date
    organisation: int
    address: str
    what: str


def questions_due(viewer: Viewer, organisation_ids: Iterable[int], on: date) -> list[QuestionDue]:
    """Return what waits for organisations on a day, in the order of its day.

    Parameters
    ----------
    viewer : Viewer
        Who reads.
    organisation_ids : iterable of int
        Which organisations.
    on : date
        The day: what was asked later is left out.

    Articles: 7
    """
    wanted = frozenset(organisation_ids)
    theirs = Q(state="new", owner__in=wanted) | Q(state__in=("routed", "drafted"), office__in=wanted)
    rows = visible(PublicQuestion, viewer).filter(theirs, asked_on__lte=on).defer("contact", "code_hash", "answer")
    return sorted((_due(row) for row in rows), key=lambda one: (one.due_on, one.title))


def _due(row: PublicQuestion) -> QuestionDue:
    new = row.state == PublicQuestion.State.NEW
    due = calendar().due(row.again_on or row.asked_on, ROUTED_IN).day if new else row.due_on
    at = row.owner_id if new else row.office_id
    assert at is not None
    return QuestionDue(_title(row), due, at, reverse("ledger:question", args=[row.pk]), state_word(row.state))


def question_days(asked: Between) -> Iterator[Coming]:
    """Yield the questions that wait, on the day by which they are to be answered."""
    rows = visible(PublicQuestion, asked.viewer).filter(state__in=WAITS, due_on__range=asked.days)
    rows = rows.select_related("owner", "office").defer("contact", "code_hash", "answer")
    for one in rows.order_by("due_on", "id")[: asked.most + 1]:
        address, numbers = reverse("ledger:question", args=[one.pk]), (one.article,) if one.article else ()
        yield Coming(one.due_on, _title(one), named(one.office or one.owner), address, numbers, "question")


def _title(row: PublicQuestion) -> str:
    short = row.text.replace("\n", " ")
    return f"{row.number} {short if len(short) <= LONGEST else short[: LONGEST - 1] + '…'}"
