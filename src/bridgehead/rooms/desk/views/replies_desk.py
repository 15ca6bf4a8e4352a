"""Pages of public replies for the office that words and releases them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.journal.reads import record_read
from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent, taken, taken_of
from bridgehead.rooms.desk.actions.replies import (
    LIMITS,
    ReplyTold,
    change_reply,
    release_reply,
    return_reply,
    withdraw_reply,
    write_reply,
)
from bridgehead.rooms.desk.models import Case, PublicReply
from bridgehead.rooms.desk.selectors.replies import ReplyPage, question_of, reply_desk, reply_page
from bridgehead.rooms.desk.tags import listed
from bridgehead.rooms.desk.texts import fields, sent_texts, values

PLAIN = ("policies", "expires_on")
State = PublicReply.State


def desk(request: HttpRequest) -> HttpResponse:
    """Show the replies an office looks after, and the questions that may become one.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "desk/office/replies_desk.html", {"seen": reply_desk(viewer)})


def new(request: HttpRequest, case: int) -> HttpResponse:
    """Word an answered question anew; the case stands beside the form.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = question_of(viewer, case)
    made: list[PublicReply] = []

    def save(sent: Sent) -> None:
        made.append(write_reply(by=viewer, case=case, told=_told(sent), once=sent.once, unread=sent.unread))

    blank = dict.fromkeys((*fields(LIMITS), *PLAIN), "")
    answer = taken(request, lambda: [Offer("reply", save, blank)])
    if made:
        return HttpResponseRedirect(reverse("desk:reply-keep", args=[made[0].pk]))
    record_read(viewer, Case.RECORD, asked.case.pk, asked.case.owner_id, office_id=asked.case.office_id)
    form = answer.states["reply"]
    context = {"asked": asked, "form": form, "filling": form.filling, "languages": LANGUAGES}
    return drawn(request, "desk/office/replies_write.html", context, answer.status)


def keep(request: HttpRequest, reply: int) -> HttpResponse:
    """Change a draft, release it, send it back, withdraw what was released.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen, answer = taken_of(request, lambda: reply_page(viewer, reply), partial(_offers, viewer))
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:reply-keep', args=[reply])}?done={answer.done}")
    context = {"seen": seen, "forms": answer.states, "refused": answer.refused, "languages": LANGUAGES}
    return drawn(request, "desk/office/replies_keep.html", context, answer.status)


def _offers(viewer: Viewer, page: ReplyPage) -> list[Offer]:
    row, found = page.reply.record, []
    if row.state == State.DRAFT and page.keeps:
        found.append(Offer("reply", partial(_change, viewer, row), _values(row), row.version))
    if row.state == State.DRAFT and page.releases and viewer.person_id not in row.writers:
        found.append(Offer("release", partial(_release, viewer, row), {}, row.version))
        found.append(Offer("return", partial(_return, viewer, row), {"reason": ""}, row.version))
    if row.state == State.RELEASED and page.releases:
        found.append(Offer("withdraw", partial(_withdraw, viewer, row), {"reason": ""}, row.version))
    return found


def _change(viewer: Viewer, row: PublicReply, sent: Sent) -> None:
    change_reply(by=viewer, reply=row.pk, version=sent.version, told=_told(sent), once=sent.once, unread=sent.unread)


def _release(viewer: Viewer, row: PublicReply, sent: Sent) -> None:
    release_reply(by=viewer, reply=row.pk, version=sent.version, once=sent.once)


def _return(viewer: Viewer, row: PublicReply, sent: Sent) -> None:
    return_reply(by=viewer, reply=row.pk, version=sent.version, reason=sent.text("reason"), once=sent.once)


def _withdraw(viewer: Viewer, row: PublicReply, sent: Sent) -> None:
    withdraw_reply(by=viewer, reply=row.pk, version=sent.version, reason=sent.text("reason"), once=sent.once)


def _told(sent: Sent) -> ReplyTold:
    return ReplyTold(sent_texts(sent, LIMITS), sent.day("expires_on"), sent.text("policies"))


def _values(row: PublicReply) -> Mapping[str, str]:
    plain = {"policies": ", ".join(listed(row.policies)), "expires_on": str(row.expires_on)}
    return values(row.texts, LIMITS) | plain
