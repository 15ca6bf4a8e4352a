"""Pages of supervision: the cases, a new one, and one case with the forms of its next step."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.models import Organisation
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.rooms.ledger.actions.supervision import open_case, take_step
from bridgehead.rooms.ledger.actions.supervision_answers import ask_extension, decide_extension, take_back_step
from bridgehead.rooms.ledger.actions.supervision_receipt import confirm_receipt
from bridgehead.rooms.ledger.models import CaseExtension
from bridgehead.rooms.ledger.procedures import owes, templates
from bridgehead.rooms.ledger.selectors.supervision import overview
from bridgehead.rooms.ledger.selectors.supervision_case import CasePage, case_page
from bridgehead.rooms.ledger.selectors.supervision_papers import case_paper
from bridgehead.rooms.ledger.views.coordination_forms import day_in
from bridgehead.rooms.ledger.views.supervision_parts import (
    articles_in,
    count_in,
    day_asked,
    options,
    paper_of,
)
from bridgehead.rooms.ledger.who import ANSWER, KEEP, SUPERVISE, bodies

SPARE_OPINIONS = 4
COUNTS = ("satisfied", "basically_satisfied", "not_satisfied", "abstained", "members")


def cases(request: HttpRequest) -> HttpResponse:
    """Show the cases, the late ones first, and the inspections.

    Articles: 83
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    article, owed = number(request.GET.get("article", "")), number(request.GET.get("owes", ""))
    context = {
        "seen": overview(viewer, day_asked(request), article or None, owed or None),
        "article": article or None,
        "may_open": bool(able_in(viewer, SUPERVISE)),
        "may_plan": bool(able_in(viewer, SUPERVISE) or able_in(viewer, KEEP)),
        "today": timezone.localdate(),
    }
    return render(request, "ledger/supervision.html", context)


def new_case(request: HttpRequest) -> HttpResponse:
    """Open a case.

    Articles: 83
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able, today = able_in(viewer, SUPERVISE), timezone.localdate()
    names = ("organisation", "office", "template", "title", "articles")
    values = dict.fromkeys(names, "") | {"opened_on": str(today)}
    made: list[int] = []

    def carry_out(sent: Sent) -> None:
        congress = sent.organisation(viewer, able)
        given: dict[str, Any] = {
            "articles": articles_in(sent, "articles"),
            "opened_on": day_in(sent, "opened_on"),
            "office": sent.number("office", needed=True),
            "template": sent.text("template", needed=True),
            "title": sent.text("title"),
        }
        case = open_case(by=viewer, organisation=congress.pk, once=sent.once, unread=sent.unread, **given)
        made.append(case.pk)

    answer = taken(request, lambda: [Offer("open", carry_out, values)])
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:supervision-case", args=made))
    context = {
        "form": answer.states["open"],
        "filling": answer.states["open"].filling,
        "organisations": choices(able),
        "bodies": options([one for one in bodies(viewer) if one not in able]),
        "templates": [(one.id, one.name) for one in templates(today)],
    }
    return drawn(request, "ledger/supervision_new.html", context, answer.status)


def case(request: HttpRequest, case: int) -> HttpResponse:
    """Show one case with its chain; let the side that owes the next step record it.

    Articles: 83
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    on = day_asked(request)
    today = timezone.localdate()
    seen = case_page(viewer, case, on)

    def offered() -> list[Offer]:
        if on != today:
            return []
        return _offers(viewer, seen if request.method == "GET" else case_page(viewer, case, today))

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:supervision-case", args=[case]))
    context: dict[str, Any] = {
        "seen": seen,
        "forms": answer.states,
        "filling": answer.refused.filling if answer.refused else None,
        "today": today,
        "bodies": options(bodies(viewer)) if "step" in answer.states else [],
        "opinion_rows": _rows(request, seen),
        "counts": COUNTS,
    }
    return drawn(request, "ledger/supervision_case.html", context, answer.status)


def _offers(viewer: Viewer, seen: CasePage) -> list[Offer]:
    """Return the forms of a case: the next step for who owes it, a longer term for who may ask and who may grant."""
    found, record = [], seen.case
    if seen.on < timezone.localdate():
        return []
    permission = SUPERVISE if seen.congress_owes else ANSWER
    if seen.waits and viewer.grant_for(permission, owes(record, record.waits), to_write=True):
        names = ("outcome", "summary", "despite", "opinions", "opinion_text", "opinion_office", "opinion_due", *COUNTS)
        values = dict.fromkeys(names, "") | {"on": str(timezone.localdate())}
        found.append(Offer("step", partial(_take, viewer, seen), values, record.version, files=("file",)))
    if seen.events:
        last = seen.events[-1].event
        own = SUPERVISE if owes(record, last.step) == record.owner_id else ANSWER
        if viewer.grant_for(own, owes(record, last.step), to_write=True):
            found.append(Offer("take_back", partial(_take_back, viewer, record.pk), {"why": ""}, record.version))
        if own == ANSWER and viewer.grant_for(SUPERVISE, record.owner_id, to_write=True):
            day = {"received_on": str(last.counts_on)}
            found.append(Offer("receipt", partial(_receive, viewer, last.pk), day, last.version))
    if seen.waits is None:
        return found
    waiting = [one.extension for one in seen.extensions if one.extension.state == CaseExtension.State.ASKED]
    used = sum(
        one.extension.state == CaseExtension.State.GRANTED and one.extension.step == record.waits
        for one in seen.extensions
    )
    in_time = record.due_on is not None and timezone.localdate() <= record.due_on
    allowed = int(seen.waits["extensions"] or 0)
    may_be_longer = not seen.congress_owes and not waiting and in_time and used < allowed
    if may_be_longer and viewer.grant_for(ANSWER, record.office_id, to_write=True):
        found.append(Offer("extend", partial(_ask, viewer, record.pk), {"until": "", "why": ""}, record.version))
    if waiting and viewer.grant_for(SUPERVISE, record.owner_id, to_write=True):
        asked = waiting[0]
        found.append(Offer("extension", partial(_decide, viewer, asked.pk), {"note": ""}, asked.version))
    return found


def _take(viewer: Viewer, seen: CasePage, sent: Sent) -> None:
    counts = {name: count_in(sent, name) for name in COUNTS}
    opinions: list[dict[str, Any]] = []
    for text, office, due in zip(*(sent.texts(f"opinion_{one}") for one in ("text", "office", "due")), strict=False):
        if _written(seen, text, office, due):
            opinions.append(
                {"text": text.replace("\x00", ""), "office": number(office) or None, "due_on": _day(sent, due)}
            )
    on = day_in(sent, "on", min((one["due_on"] for one in opinions if one["due_on"]), default=None))
    file = sent.file()
    take_step(
        by=viewer,
        case=seen.case.pk,
        step=sent.text("step") or seen.case.waits,
        on=on,
        version=sent.version,
        outcome=sent.text("outcome"),
        summary=sent.text("summary"),
        despite=sent.text("despite"),
        file=file,
        opinions=opinions,
        votes={name: value for name, value in counts.items() if value is not None},
        once=sent.once,
        unread=sent.unread,
    )


def _written(seen: CasePage, text: str, office: str, due: str) -> bool:
    """Tell whether anything was filled in in a row of the form of opinions: its body says something if it was changed.

    A row with a day or another body and without a text is refused, not dropped.
    """
    return bool(text.strip() or due.strip() or office not in ("", str(seen.case.office_id)))


def _day(sent: Sent, given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given.strip() else None
    except ValueError:
        sent.refuse("form.not_a_date", "opinions", value=given)
        return None


def _ask(viewer: Viewer, case: int, sent: Sent) -> None:
    told = {"until": day_in(sent, "until"), "why": sent.text("why"), "version": sent.version}
    ask_extension(by=viewer, case=case, once=sent.once, unread=sent.unread, **told)


def _take_back(viewer: Viewer, case: int, sent: Sent) -> None:
    take_back_step(by=viewer, case=case, why=sent.text("why"), version=sent.version, once=sent.once)


def _receive(viewer: Viewer, event: int, sent: Sent) -> None:
    told = {"received_on": day_in(sent, "received_on"), "version": sent.version}
    confirm_receipt(by=viewer, event=event, once=sent.once, unread=sent.unread, **told)


def _decide(viewer: Viewer, extension: int, sent: Sent) -> None:
    granted = sent.text("verdict") == "grant"
    given = {"note": sent.text("note"), "version": sent.version, "once": sent.once}
    decide_extension(by=viewer, extension=extension, granted=granted, **given)


def _rows(request: HttpRequest, seen: CasePage) -> list[tuple[str, str, str]]:
    """Return the rows of the form of opinions: what was typed, and some empty ones."""
    typed: list[tuple[str, str, str]] = []
    if request.method == "POST":
        lists = (request.POST.getlist(f"opinion_{one}") for one in ("text", "office", "due"))
        typed = [one for one in zip(*lists, strict=False) if _written(seen, *one)]
    return [*typed, *[("", str(seen.case.office_id), "")] * SPARE_OPINIONS]


def case_docx(request: HttpRequest, case: int) -> HttpResponse:
    """Send the file of a case as a Word document.

    Articles: 83
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    on = day_asked(request)
    return paper_of(request, f"supervision-{case}", lambda code: case_paper(case_page(viewer, case, on), code))


def able_to_inspect(viewer: Viewer) -> list[Organisation]:
    """Return the organisations somebody may keep inspections for."""
    found = {one.pk: one for one in (*able_in(viewer, SUPERVISE), *able_in(viewer, KEEP))}
    return list(found.values())
