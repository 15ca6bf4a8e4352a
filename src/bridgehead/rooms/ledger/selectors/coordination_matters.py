"""What meetings, problems, requests and circulars let somebody do this morning."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.language import language
from bridgehead.ground.wording import day
from bridgehead.rooms.ledger import matters
from bridgehead.rooms.ledger.matters import Asking, Matter
from bridgehead.rooms.ledger.models import Decision, Inquiry, Problem, Reply
from bridgehead.rooms.ledger.models import articles as article_column
from bridgehead.rooms.ledger.selectors.circulars import to_draft
from bridgehead.rooms.ledger.selectors.coordination import as_participant
from bridgehead.rooms.ledger.who import ANSWER, HAND_IN, KEEP


def register_coordination_matters() -> None:
    """Register decisions to give out, problems to mend and to confirm, answers that are owed, circulars to issue."""
    matters.register("decisions", _decisions)
    matters.register("problems", _problems)
    matters.register("closings", _closings)
    matters.register("replies", _replies)
    matters.register("circulars", _circulars)


def _able(asking: Asking, permission: str) -> list[int]:
    return [pk for pk in asking.offices if asking.viewer.grant_for(permission, pk, to_write=True)]


def _decisions(asking: Asking) -> list[Matter]:
    """Return the decisions that whoever keeps the ledger has not given out."""
    keeping = _able(asking, KEEP)
    if not keeping:
        return []
    rows = visible(Decision, asking.viewer).filter(owner__in=keeping, state=Decision.State.OPEN)
    return [
        Matter(
            title=one.text[:120],
            why=_("会议议定，还没有布置"),
            address=reverse("ledger:decision", args=[one.pk]),
            due_on=one.due_on,
            office=int(one.owner_id),
            articles=article_column.told(one.articles),
            doing=pgettext("coordination", "去布置"),
        )
        for one in rows.order_by("due_on", "id")[: asking.most]
    ]


def _problems(asking: Asking) -> list[Matter]:
    """Return the problems somebody's bodies have to mend, without those that wait to be confirmed."""
    mending = _able(asking, ANSWER)
    if not mending:
        return []
    rows = visible(Problem, asking.viewer).filter(office__in=mending, asked_on=None)
    rows = rows.exclude(state=Problem.State.CLOSED).order_by("due_on", "id")
    return [_matter(one, _("问题清单里待整改"), int(one.office_id), "") for one in rows[: asking.most]]


def _closings(asking: Asking) -> list[Matter]:
    """Return the problems that wait to be confirmed by whoever keeps the list, and did not ask for it themselves."""
    keeping = _able(asking, KEEP)
    if not keeping:
        return []
    rows = visible(Problem, asking.viewer).filter(owner__in=keeping, asked_on__isnull=False)
    rows = rows.exclude(state=Problem.State.CLOSED).exclude(asked_by=asking.viewer.person_id)
    doing = pgettext("coordination", "去确认")
    return [
        _matter(one, _("申请销号，等人确认"), int(one.owner_id), doing)
        for one in rows.order_by("asked_on", "id")[: asking.most]
    ]


def _matter(one: Problem, why: str, office: int, doing: str) -> Matter:
    address, numbers = reverse("ledger:problem", args=[one.pk]), article_column.told(one.articles)
    return Matter(one.title, why, address, one.due_on, office, numbers, doing)


def _replies(asking: Asking) -> list[Matter]:
    """Return the requests somebody's bodies have not answered."""
    answering = _able(asking, HAND_IN)
    if not answering:
        return []
    with as_participant():
        rows = Reply.objects.filter(office__in=answering, answered_on=None, inquiry__state=Inquiry.State.OPEN)
        owed = list(rows.select_related("inquiry").order_by("inquiry__due_on", "id")[: asking.most])
    return [
        Matter(
            title=one.inquiry.title,
            why=_unanswered(one),
            address=reverse("ledger:request", args=[one.inquiry_id]),
            due_on=one.inquiry.due_on,
            office=int(one.office_id),
            articles=article_column.told(one.inquiry.articles),
            doing=pgettext("coordination", "去答复"),
        )
        for one in owed
    ]


def _unanswered(reply: Reply) -> str:
    """Return why a reply waits, with how often and when last its body was reminded."""
    if not reply.reminders or reply.reminded_on is None:
        return _("征询还没有答复")
    words = ngettext(
        "征询还没有答复，已催办 %(n)s 次，最近一次 %(day)s",
        "征询还没有答复，已催办 %(n)s 次，最近一次 %(day)s",
        reply.reminders,
    )
    return words % {"n": reply.reminders, "day": day(reply.reminded_on, language())}


def _circulars(asking: Asking) -> list[Matter]:
    """Return the periods that are over and not told yet."""
    if not _able(asking, KEEP):
        return []
    return [
        Matter(
            title=one.title,
            why=_("时期已经过完，还没有发出"),
            address=f"{reverse('ledger:circular-draft', args=[one.period])}?organisation={one.organisation.pk}",
            due_on=None,
            office=int(one.organisation.pk),
        )
        for one in to_draft(asking.viewer)
        if one.over and one.organisation.pk in asking.offices
    ]
