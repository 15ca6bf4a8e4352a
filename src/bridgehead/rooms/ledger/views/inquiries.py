"""Pages of requests to several bodies: the list, asking, one request."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, taken, taken_of
from bridgehead.rooms.ledger.actions.inquiries import answer_inquiry, ask_bodies, close_inquiry, remind_bodies
from bridgehead.rooms.ledger.models import Inquiry, Reply
from bridgehead.rooms.ledger.papers.requests import request_paper
from bridgehead.rooms.ledger.selectors.board import at, day_of
from bridgehead.rooms.ledger.selectors.inquiries import InquiryPage, inquiry_list, inquiry_page
from bridgehead.rooms.ledger.views.coordination_forms import (
    InLanguage,
    again_on,
    articles_in,
    as_docx,
    body_groups,
    day_in,
    numbers_in,
)
from bridgehead.rooms.ledger.who import KEEP


def requests(request: HttpRequest) -> HttpResponse:
    """Show the requests one made or was asked, and how many replies are missing.

    Articles: 5, 7
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen = inquiry_list(viewer, number(request.GET.get("page", "1")) or 1, day_of(request.GET.get("on", "")))
    context = {"seen": seen, "at": at(seen.on), "keeps": bool(able_in(viewer, KEEP)), "again": again_on(request)}
    return render(request, "ledger/requests.html", context)


def new_request(request: HttpRequest) -> HttpResponse:
    """Ask several bodies a question.

    Articles: 5
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = able_in(viewer, KEEP)
    made: list[Inquiry] = []

    def ask(sent: Sent) -> None:
        due = day_in(sent, "due_on")
        asked, articles = numbers_in(sent, "bodies"), articles_in(sent)
        meeting = sent.number("meeting")
        at = sent.organisation(viewer, able)
        made.append(
            ask_bodies(
                by=viewer,
                organisation=at.pk,
                title=sent.text("title"),
                question=sent.text("question"),
                bodies=asked,
                due_on=due,
                articles=articles,
                meeting=meeting,
                once=sent.once,
                unread=sent.unread,
            )
        )

    blank = dict.fromkeys(("organisation", "title", "question", "bodies", "due_on", "articles"), "")
    of = number(request.GET.get("meeting", ""))
    answer = taken(request, lambda: [Offer("ask", ask, blank | {"meeting": str(of) if of else ""})])
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:request", args=[made[0].pk]))
    form = answer.states["ask"]
    context = {"form": form, "filling": form.filling, "organisations": choices(able), "groups": body_groups(viewer)}
    return drawn(request, "ledger/request_new.html", context, answer.status)


def request_page(request: HttpRequest, inquiry: int) -> HttpResponse:
    """Show one request on a day; let a body answer, and whoever asked remind and close.

    Articles: 5, 7
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = day_of(request.GET.get("on", ""))
    seen, answer = taken_of(
        request, lambda: inquiry_page(viewer, inquiry, day), lambda page: _offers(viewer, page) if page.today else []
    )
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:request", args=[inquiry]))
    names = {f"answer-{one.record.pk}": one.body for one in seen.replies}
    context = {
        "seen": seen,
        "at": at(day),
        "forms": answer.states,
        "answers": [(form, names[name]) for name, form in answer.states.items() if name in names],
        "filling": answer.refused.filling if answer.refused else None,
    }
    return drawn(request, "ledger/request.html", context, answer.status)


def _offers(viewer: Viewer, page: InquiryPage) -> list[Offer]:
    record = page.record
    if record.state != Inquiry.State.OPEN:
        return []
    found = [
        Offer(
            f"answer-{one.record.pk}",
            partial(_answer, viewer, one.record),
            {"text": one.record.text},
            one.record.version,
            files=("file",),
        )
        for one in page.replies
        if one.answers
    ]
    if page.keeps:
        if page.line.silent:
            found.append(Offer("remind", partial(_remind, viewer, record), {}, record.version))
        found.append(Offer("close", partial(_close, viewer, record), {"note": ""}, record.version))
    return found


def _answer(viewer: Viewer, reply: Reply, sent: Sent) -> None:
    told = {"text": sent.text("text"), "file": sent.file()}
    answer_inquiry(by=viewer, reply=reply.pk, version=sent.version, once=sent.once, unread=sent.unread, **told)


def _remind(viewer: Viewer, record: Inquiry, sent: Sent) -> None:
    remind_bodies(by=viewer, inquiry=record.pk, version=sent.version, once=sent.once)


def _close(viewer: Viewer, record: Inquiry, sent: Sent) -> None:
    close_inquiry(by=viewer, inquiry=record.pk, version=sent.version, note=sent.text("note"), once=sent.once)


def request_docx(request: HttpRequest, inquiry: int) -> HttpResponse:
    """Send one request with the replies somebody may see, on a day, as a Word document.

    Articles: 5, 7
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = day_of(request.GET.get("on", ""))
    with InLanguage(request):
        return as_docx(request_paper(inquiry_page(viewer, inquiry, day)), f"request-{inquiry}")
