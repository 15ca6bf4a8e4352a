"""Pages of training for the office that holds it: announcing a session, changing it, keeping who attended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import LANGUAGES, NAMES, html_code
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent, taken, taken_of
from bridgehead.rooms.desk.actions.training import (
    LIMITS,
    SessionTold,
    announce,
    cancel_session,
    change_session,
    record_attendance,
)
from bridgehead.rooms.desk.models import TrainingSession
from bridgehead.rooms.desk.selectors.training import SessionPage, session_page, training_desk
from bridgehead.rooms.desk.texts import fields, sent_texts, values
from bridgehead.rooms.desk.who import OFFER

LANGUAGE_OPTIONS = [(code, NAMES[code][1], html_code(code)) for code in LANGUAGES]
PLAIN = ("day", "from", "until", "seats", "language", "link")


def desk(request: HttpRequest) -> HttpResponse:
    """Show the sessions an office looks after.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "desk/office/training_desk.html", {"seen": training_desk(viewer)})


def new(request: HttpRequest) -> HttpResponse:
    """Announce a session.

    Articles: 48, 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = able_in(viewer, OFFER)
    made: list[TrainingSession] = []

    def save(sent: Sent) -> None:
        owner = sent.organisation(viewer, able)
        told = _told(sent)
        made.append(announce(by=viewer, owner=owner.pk, told=told, once=sent.once, unread=sent.unread))

    blank = dict.fromkeys((*fields(LIMITS), *PLAIN, "organisation"), "") | {"language": "zh", "seats": "60"}
    answer = taken(request, lambda: [Offer("session", save, blank)])
    if made:
        return HttpResponseRedirect(reverse("desk:training-keep", args=[made[0].pk]))
    form = answer.states["session"]
    context = {"form": form, "filling": form.filling, "organisations": choices(able), **_options()}
    return drawn(request, "desk/office/training_write.html", context, answer.status)


def keep(request: HttpRequest, session: int) -> HttpResponse:
    """Show a session with everybody who signed up; change it, cancel it, keep who attended.

    Articles: 48, 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen, answer = taken_of(
        request, lambda: session_page(viewer, session), lambda page: _offers(viewer, page) if page.keeps else []
    )
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:training-keep', args=[session])}?done={answer.done}")
    context = {"seen": seen, "forms": answer.states, "refused": answer.refused, **_options()}
    return drawn(request, "desk/office/training_keep.html", context, answer.status)


def _offers(viewer: Viewer, page: SessionPage) -> list[Offer]:
    row = page.session.record
    found = []
    if row.state == TrainingSession.State.PLANNED:
        found.append(Offer("session", partial(_change, viewer, row), _values(row), row.version))
        found.append(Offer("cancel", partial(_cancel, viewer, row), {"reason": ""}, row.version))
    if row.state != TrainingSession.State.CANCELLED and row.starts_at <= timezone.now():
        found.append(Offer("attended", partial(_attended, viewer, row), {"attended": ""}, row.version))
    return found


def _change(viewer: Viewer, row: TrainingSession, sent: Sent) -> None:
    told = _told(sent)
    change_session(by=viewer, session=row.pk, version=sent.version, told=told, once=sent.once, unread=sent.unread)


def _cancel(viewer: Viewer, row: TrainingSession, sent: Sent) -> None:
    cancel_session(by=viewer, session=row.pk, version=sent.version, reason=sent.text("reason"), once=sent.once)


def _attended(viewer: Viewer, row: TrainingSession, sent: Sent) -> None:
    there = [int(one) for one in sent.texts("attended") if one.isascii() and one.isdigit() and len(one) < 19]
    record_attendance(by=viewer, session=row.pk, version=sent.version, attended=there, once=sent.once)


def _told(sent: Sent) -> SessionTold:
    texts = sent_texts(sent, LIMITS)
    day, begins, ends = sent.day("day", True), sent.clock("from", True), sent.clock("until", True)
    seats = sent.number("seats", True) or 0
    at, until = (
        timezone.make_aware(datetime.combine(day, clock)) if day and clock else timezone.now()
        for clock in (begins, ends)
    )
    return SessionTold(texts, at, until, seats, sent.text("language"), sent.text("link"))


def _values(row: TrainingSession) -> Mapping[str, str]:
    begins, ends = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    plain = {
        "day": f"{begins:%Y-%m-%d}",
        "from": f"{begins:%H:%M}",
        "until": f"{ends:%H:%M}",
        "seats": str(row.seats),
        "language": row.language,
        "link": row.link,
    }
    return values(row.texts, LIMITS) | plain


def _options() -> dict[str, object]:
    return {"languages": LANGUAGES, "language_options": LANGUAGE_OPTIONS, "limits": LIMITS}
