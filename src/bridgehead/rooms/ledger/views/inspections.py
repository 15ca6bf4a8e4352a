"""Pages of law inspections: a new one, and the workbench of one."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.rooms.ledger.actions.inspections import (
    ask_question,
    choose_sample,
    draw_samples,
    plan_inspection,
    record_finding,
    write_suggestions,
)
from bridgehead.rooms.ledger.models import Finding, SupervisionCase
from bridgehead.rooms.ledger.pools import kinds
from bridgehead.rooms.ledger.selectors.inspections import InspectionPage, endings, inspection_page, severity_word
from bridgehead.rooms.ledger.selectors.supervision_papers import inspection_paper
from bridgehead.rooms.ledger.views.coordination_forms import day_in
from bridgehead.rooms.ledger.views.inspection_changes import changes, end
from bridgehead.rooms.ledger.views.supervision import able_to_inspect
from bridgehead.rooms.ledger.views.supervision_parts import articles_in, day_asked, options, paper_of
from bridgehead.rooms.ledger.who import bodies

_SECTIONS = {
    "question": "questions",
    "sample": "samples",
    "plan": "questions",
    "draw": "samples",
    "end": "report",
}
"""Where on the page of an inspection a form leads to that is named otherwise."""


def new_inspection(request: HttpRequest) -> HttpResponse:
    """Plan an inspection.

    Articles: 83
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able, made = able_to_inspect(viewer), []
    names = ("organisation", "office", "title", "articles", "group", "starts_on", "ends_on", "plan", "case")

    def carry_out(sent: Sent) -> None:
        owner = sent.organisation(viewer, able)
        given: dict[str, Any] = {
            "articles": articles_in(sent, "articles"),
            "office": sent.number("office", needed=True),
            "case": sent.number("case"),
            "group": sent.text("group").replace("、", "\n").replace("，", "\n").replace(",", "\n").splitlines(),
            "title": sent.text("title"),
            "plan": sent.text("plan"),
        }
        starts_on, ends_on = sent.day("starts_on", needed=True), sent.day("ends_on", needed=True)
        either = starts_on or ends_on or timezone.localdate()
        given |= {"starts_on": starts_on or either, "ends_on": ends_on or either}
        done = plan_inspection(by=viewer, organisation=owner.pk, once=sent.once, unread=sent.unread, **given)
        made.append(done.pk)

    answer = taken(request, lambda: [Offer("plan", carry_out, dict.fromkeys(names, ""))] if able else [])
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:inspection", args=made))
    own = visible(SupervisionCase, viewer).filter(owner__in=able, state="open")
    context = {
        "form": answer.states.get("plan"),
        "filling": answer.states["plan"].filling if able else None,
        "organisations": choices(able),
        "bodies": options(bodies(viewer)) if able else [],
        "cases": [(one.pk, one.title) for one in own] if able else [],
    }
    return drawn(request, "ledger/inspection_new.html", context, answer.status)


def inspection(request: HttpRequest, inspection: int) -> HttpResponse:
    """Show one inspection: articles and questions, samples, findings, how faults are mended.

    Articles: 6, 83
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    on = day_asked(request)
    seen = inspection_page(viewer, inspection, on)

    def offered() -> list[Offer]:
        now = seen if request.method == "GET" else inspection_page(viewer, inspection, on)
        return _offers(viewer, now)

    answer = taken(request, offered)
    if answer.done:
        part = answer.done.partition("-")[0]
        return HttpResponseRedirect(reverse("ledger:inspection", args=[inspection]) + f"#{_SECTIONS.get(part, part)}")
    context: dict[str, Any] = {
        "seen": seen,
        "forms": answer.states,
        "filling": answer.refused.filling if answer.refused else None,
        "today": timezone.localdate(),
        "article_options": [(one.article, f"{one.article} {one.title}".strip()) for one in seen.parts],
    }
    if seen.may_keep:
        context |= {
            "bodies": options(bodies(viewer)),
            "pools": kinds(),
            "samples": [(one.pk, one.called) for one in seen.samples],
            "questions": [(one.pk, f"{one.article} {one.text}") for one in seen.questions],
            "severities": [(one, severity_word(one)) for one in Finding.Severity.values],
            "endings": endings(),
        }
    return drawn(request, "ledger/inspection.html", context, answer.status)


def _offers(viewer: Viewer, seen: InspectionPage) -> list[Offer]:
    if not seen.may_keep or seen.on < timezone.localdate() or seen.inspection.closed_on is not None:
        return []
    record, today = seen.inspection, str(timezone.localdate())
    first = str(record.articles[0]) if record.articles else ""
    on_site = ("text", "verdict", "severity", "office", "measure", "due_on", "sample", "question")
    found = dict.fromkeys(on_site, "") | {"article": first, "found_on": today, "verdict": "fault"}
    asked = {"article": first, "text": "", "check_what": ""}
    return [
        Offer("questions", partial(_ask, viewer, record.pk), asked),
        Offer("samples", partial(_choose, viewer, record.pk), {"name": "", "place": "", "visit_on": ""}),
        Offer("draw", partial(_draw, viewer, record.pk), {"kind": "body", "seed": secrets.token_hex(8), "wanted": "5"}),
        Offer("findings", partial(_find, viewer, record.pk), found, files=("file",)),
        Offer("report", partial(_suggest, viewer, record.pk), {"suggestions": record.suggestions}, record.version),
        end(viewer, record),
        *changes(viewer, seen),
    ]


def _ask(viewer: Viewer, inspection: int, sent: Sent) -> None:
    given = {"text": sent.text("text"), "check_what": sent.text("check_what"), "article": sent.number("article")}
    ask_question(by=viewer, inspection=inspection, once=sent.once, unread=sent.unread, **given)


def _choose(viewer: Viewer, inspection: int, sent: Sent) -> None:
    given = {"name": sent.text("name"), "place": sent.text("place"), "visit_on": sent.day("visit_on")}
    choose_sample(by=viewer, inspection=inspection, once=sent.once, unread=sent.unread, **given)


def _draw(viewer: Viewer, inspection: int, sent: Sent) -> None:
    given = {"kind": sent.text("kind"), "seed": sent.text("seed"), "wanted": sent.number("wanted")}
    draw_samples(by=viewer, inspection=inspection, once=sent.once, unread=sent.unread, **given)


def _find(viewer: Viewer, inspection: int, sent: Sent) -> None:
    due_on = sent.day("due_on")
    found_on, file = day_in(sent, "found_on", due_on), sent.file()
    numbers = {name: sent.number(name) for name in ("article", "office", "sample", "question")}
    record_finding(
        by=viewer,
        inspection=inspection,
        found_on=found_on,
        text=sent.text("text"),
        conforming=sent.text("verdict") == "fits",
        severity=sent.text("severity"),
        measure=sent.text("measure"),
        due_on=due_on,
        file=file,
        once=sent.once,
        unread=sent.unread,
        **numbers,
    )


def _suggest(viewer: Viewer, inspection: int, sent: Sent) -> None:
    given = {"suggestions": sent.text("suggestions"), "version": sent.version, "once": sent.once}
    write_suggestions(by=viewer, inspection=inspection, **given)


def report_docx(request: HttpRequest, inspection: int) -> HttpResponse:
    """Send the report of an inspection as a Word document.

    Articles: 83
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    on = day_asked(request)
    name = f"inspection-{inspection}"
    return paper_of(request, name, lambda code: inspection_paper(inspection_page(viewer, inspection, on), code))
