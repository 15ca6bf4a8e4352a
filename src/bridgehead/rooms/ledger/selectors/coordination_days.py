"""What meetings, decisions, requests and problems put on the days of the calendar."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.language import language, speak
from bridgehead.rooms.ledger import falling
from bridgehead.rooms.ledger.falling import Between, Coming
from bridgehead.rooms.ledger.models import Attendance, Decision, DecisionPart, Inquiry, Meeting, Problem, Reply
from bridgehead.rooms.ledger.models import articles as article_column
from bridgehead.rooms.ledger.selectors.coordination import as_participant, named, taking_part

LONGEST = 120


def register_coordination_days() -> None:
    """Register meetings, and by when decisions are to be given out, requests answered and problems mended."""
    falling.register("meetings", "meeting", _meetings)
    falling.register("decisions", "decision", _decisions)
    falling.register("requests", "request", _requests)
    falling.register("problems", "problem", _problems)


def _meetings(asked: Between) -> Iterator[Coming]:
    """Yield the meetings somebody keeps or was asked to, when they are planned or were held."""
    on = Q(held_at=None, planned_at__date__range=asked.days) | Q(held_at__date__range=asked.days)
    rows = Meeting.objects.filter(on, taking_part(asked.viewer, Meeting, (Attendance, "meeting")))
    with as_participant():
        found = list(
            rows.exclude(state=Meeting.State.CANCELLED)
            .select_related("owner")
            .order_by("planned_at", "id")[: asked.most + 1]
        )
    for one in found:
        at = timezone.localtime(one.held_at or one.planned_at)
        address = reverse("ledger:meeting", args=[one.pk])
        comma = speak(language(), "，", ", ")
        who = comma.join(said for said in (f"{at:%H:%M}", one.place, named(one.owner)) if said)
        yield Coming(at.date(), one.title, who, address, kind="meeting", at=at)


def _decisions(asked: Between) -> Iterator[Coming]:
    """Yield decisions that are open; one that was given out is in the calendar as its task."""
    concerned = taking_part(asked.viewer, Decision, (DecisionPart, "decision"))
    rows = Decision.objects.filter(concerned, state=Decision.State.OPEN, due_on__range=asked.days)
    with as_participant():
        found = list(rows.select_related("office").order_by("due_on", "id")[: asked.most + 1])
    for one in found:
        address, numbers = reverse("ledger:decision", args=[one.pk]), article_column.told(one.articles)
        yield Coming(one.due_on, one.text[:LONGEST], named(one.office), address, numbers, "decision")


def _requests(asked: Between) -> Iterator[Coming]:
    """Yield requests that wait for an answer: of somebody's own body, or of any where they keep the request."""
    rows = Inquiry.objects.filter(state=Inquiry.State.OPEN, due_on__range=asked.days)
    waiting = visible(Reply.objects.filter(answered_on=None), asked.viewer)
    with as_participant():
        rows = rows.filter(pk__in=waiting.values("inquiry"))
        rows = rows.annotate(left=Count("replies", filter=Q(replies__in=waiting)))
        found = list(rows.order_by("due_on", "id")[: asked.most + 1])
    for one in found:
        who = ngettext("%(n)s 个单位还没有答复", "%(n)s 个单位还没有答复", one.left) % {"n": one.left}
        address, numbers = reverse("ledger:request", args=[one.pk]), article_column.told(one.articles)
        yield Coming(one.due_on, one.title, who, address, numbers, "request")


def _problems(asked: Between) -> Iterator[Coming]:
    """Yield problems that are not closed, on the day by which they are to be mended."""
    rows = visible(Problem, asked.viewer).filter(due_on__range=asked.days).exclude(state=Problem.State.CLOSED)
    for one in rows.select_related("office").order_by("due_on", "id")[: asked.most + 1]:
        address, numbers = reverse("ledger:problem", args=[one.pk]), article_column.told(one.articles)
        yield Coming(one.due_on, one.title, named(one.office), address, numbers, "problem")
