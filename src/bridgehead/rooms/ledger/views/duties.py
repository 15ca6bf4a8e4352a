"""The list of responsibilities and one duty."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.attachments import attachment, choices
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.rooms.ledger.actions.duties import (
    agree,
    end_responsibility,
    look_again,
    set_responsibility,
    take_over,
)
from bridgehead.rooms.ledger.models import Duty, Part
from bridgehead.rooms.ledger.papers.duties import duty_paper, responsibilities
from bridgehead.rooms.ledger.selectors.board import at, day_of
from bridgehead.rooms.ledger.selectors.duties import DutyPage, duty_page, register
from bridgehead.rooms.ledger.who import KEEP, bodies
from bridgehead.rooms.ledger.wording import part_word

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def duties(request: HttpRequest) -> HttpResponse:
    """Show the list of responsibilities on a day; take duties over from a law, or hold them against its new text.

    Articles: 6
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.GET
    day = day_of(asked.get("on", ""))
    able = able_in(viewer, KEEP) if not at(day) else []

    def offered() -> list[Offer]:
        if not able:
            return []
        first = {"organisation": "", "work": ""}
        return [
            Offer("take", partial(_from_law, viewer, able, take_over), first),
            Offer("look", partial(_from_law, viewer, able, look_again), first),
        ]

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:duties"))
    found = register(
        viewer,
        article=number(asked.get("article", "")) or None,
        lacking=asked.get("lacking", ""),
        work=number(asked.get("work", "")) or None,
        on=day,
    )
    context = {
        "seen": found,
        "forms": answer.states,
        "filling": _filling(answer),
        "organisations": choices(able),
        "asked": request.GET,
        "kept": {name: asked.get(name, "") for name in ("article", "lacking", "work")},
        "at": at(day),
    }
    return drawn(request, "ledger/duties.html", context, answer.status)


def _filling(answer: Any) -> Any:
    if not answer.states:
        return None
    return (answer.refused or next(iter(answer.states.values()))).filling


def _from_law(viewer: Viewer, able: list[Any], do: Any, sent: Sent) -> None:
    owner = sent.organisation(viewer, able)
    work = sent.number("work", needed=True)
    sent.check()
    do(by=viewer, owner=owner.pk, work=work, once=sent.once)


def responsibilities_docx(request: HttpRequest) -> HttpResponse:
    """Send the list of responsibilities on a day as a Word document."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = day_of(request.GET.get("on", ""))
    return attachment(responsibilities(viewer, day), "responsibilities.docx", DOCX)


def duty_docx(request: HttpRequest, ledger_duty: int) -> HttpResponse:
    """Send one duty on a day, with who answers for it and its tasks, as a Word document."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = day_of(request.GET.get("on", ""))
    return attachment(duty_paper(viewer, ledger_duty, day), f"duty-{ledger_duty}.docx", DOCX)


def duty(request: HttpRequest, ledger_duty: int) -> HttpResponse:
    """Show one duty on a day; say who answers for it, or agree to the words it has by now."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    page = duty_page(viewer, ledger_duty, day_of(request.GET.get("on", "")))
    keeps = viewer.grant_for(KEEP, page.line.row.owner_id, to_write=True) is not None

    def offered() -> list[Offer]:
        if not keeps or not page.today:
            return []
        return _offers(viewer, page if request.method == "GET" else duty_page(viewer, ledger_duty))

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:duty", args=[ledger_duty]))
    context = {
        "seen": page,
        "at": at(page.on),
        "keeps": keeps,
        "forms": answer.states,
        "filling": _filling(answer),
        "bodies": choices(bodies(viewer)) if keeps else [],
        "parts": [(one, part_word(one)) for one in (Part.LEAD, Part.JOINT, Part.SUPERVISED)],
    }
    return drawn(request, "ledger/duty.html", context, answer.status)


def _offers(viewer: Viewer, page: DutyPage) -> list[Offer]:
    row = page.line.row
    found = [
        Offer("answer", partial(_answer, viewer, row.pk), {"body": "", "part": "lead", "from_on": "", "note": ""}),
        *(
            Offer(f"end-{one.row.pk}", partial(_end, viewer), {}, one.row.version)
            for one in (*page.line.answering, *page.coming)
        ),
    ]
    if row.state == Duty.State.CHANGED:
        found.append(Offer("agree", partial(_agree, viewer, row.pk), {}, row.version))
    return found


def _answer(viewer: Viewer, duty: int, sent: Sent) -> None:
    from_on = sent.day("from_on")
    chosen = sent.number("body", needed=True)
    set_responsibility(
        by=viewer,
        duty=duty,
        organisation=chosen,
        part=sent.text("part"),
        from_on=from_on,
        note=sent.text("note"),
        once=sent.once,
        unread=sent.unread,
    )


def _end(viewer: Viewer, sent: Sent) -> None:
    number_ = int(sent.form.removeprefix("end-"))
    end_responsibility(by=viewer, responsibility=number_, version=sent.version, once=sent.once)


def _agree(viewer: Viewer, duty: int, sent: Sent) -> None:
    agree(by=viewer, duty=duty, version=sent.version, once=sent.once)
