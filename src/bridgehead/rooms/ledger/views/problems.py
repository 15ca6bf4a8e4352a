"""Pages of the list of problems: the list, entering one, one problem."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.downloads import csv_response
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, taken, taken_of
from bridgehead.rooms.ledger.actions.problems import (
    ProblemTold,
    ask_to_close,
    close_problem,
    edit_problem,
    open_problem,
    plan_measures,
    reopen_problem,
    return_problem,
)
from bridgehead.rooms.ledger.models import Problem
from bridgehead.rooms.ledger.papers.coordination import as_of, problem_heads, problem_row, problems_paper
from bridgehead.rooms.ledger.selectors.board import at, day_of
from bridgehead.rooms.ledger.selectors.coordination import a_day, origin_word, severity_word, today
from bridgehead.rooms.ledger.selectors.findings import as_problem, finding_address, findings_unlisted
from bridgehead.rooms.ledger.selectors.problems import (
    MOST_IN_A_FILE,
    RUNNING,
    STATES,
    Filter,
    ProblemPage,
    filter_word,
    problem_list,
    problem_page,
)
from bridgehead.rooms.ledger.views.coordination_forms import (
    InLanguage,
    articles_in,
    as_docx,
    body_options,
    day_in,
)
from bridgehead.rooms.ledger.who import KEEP

_TOLD = ("title", "what", "place", "severity")


def asked_of(request: HttpRequest) -> Filter:
    """Return which problems an address asks for; what it says wrongly does not narrow the list."""
    asked = request.GET
    state, severity = asked.get("state", RUNNING), asked.get("severity", "")
    return Filter(
        office=number(asked.get("office", "")),
        article=number(asked.get("article", "")),
        state=state if state in STATES else RUNNING,
        overdue=asked.get("overdue") == "y",
        severity=severity if severity in Problem.Severity.values else "",
        on=day_of(asked.get("on", "")),
    )


def problems(request: HttpRequest) -> HttpResponse:
    """Show the list of problems, by organisation, article, state and lateness.

    Articles: 5, 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen = problem_list(viewer, asked_of(request), number(request.GET.get("page", "1")) or 1)
    again = request.GET.copy()
    again.pop("page", None)
    keeps = bool(able_in(viewer, KEEP))
    context = {
        "seen": seen,
        "as_of": as_of(seen.on, past=seen.past),
        "at": at(seen.on),
        "offices": choices(list(seen.offices)),
        "chosen": str(seen.asked.office),
        "states": [(one, filter_word(one)) for one in STATES],
        "severities": [(one, severity_word(one)) for one in Problem.Severity.values],
        "again": again.urlencode(),
        "keeps": keeps,
        "unlisted": findings_unlisted(viewer, seen.on) if keeps else (),
    }
    return render(request, "ledger/problems.html", context)


def new_problem(request: HttpRequest) -> HttpResponse:
    """Enter a problem into the list.

    Articles: 5, 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = able_in(viewer, KEEP)
    made: list[Problem] = []

    def enter(sent: Sent) -> None:
        told = _told(sent)
        office = sent.number("office", needed=True)
        found_on = sent.day("found_on")
        at = sent.organisation(viewer, able)
        made.append(
            open_problem(
                by=viewer,
                organisation=at.pk,
                office=office or 0,
                origin=sent.text("origin"),
                told=told,
                finding=sent.text("finding"),
                measures=sent.text("measures"),
                found_on=found_on,
                once=sent.once,
                unread=sent.unread,
            )
        )

    blank = dict.fromkeys((*_TOLD, "organisation", "office", "origin", "finding", "measures", "due_on", "articles"), "")
    blank |= {"severity": Problem.Severity.ORDINARY.value, "found_on": a_day(today())}
    blank |= as_problem(viewer, number(request.GET.get("finding", "")))
    answer = taken(request, lambda: [Offer("enter", enter, blank)])
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:problem", args=[made[0].pk]))
    form = answer.states["enter"]
    context = {"form": form, "filling": form.filling, "organisations": choices(able), **_choices(viewer)}
    return drawn(request, "ledger/problem_new.html", context, answer.status)


def problem(request: HttpRequest, problem: int) -> HttpResponse:
    """Show one problem and its history on a day; let the body that mends it report, and somebody else confirm.

    Articles: 5, 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = day_of(request.GET.get("on", ""))
    seen, answer = taken_of(
        request, lambda: problem_page(viewer, problem, day), lambda page: _offers(viewer, page) if page.today else []
    )
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:problem", args=[problem]))
    context = {
        "seen": seen,
        "at": at(day),
        "finding_address": finding_address(viewer, seen.record.finding),
        "forms": answer.states,
        "filling": answer.refused.filling if answer.refused else None,
        **(_choices(viewer) if answer.states else {}),
    }
    return drawn(request, "ledger/problem.html", context, answer.status)


def _offers(viewer: Viewer, page: ProblemPage) -> list[Offer]:
    """Return the forms of a problem: for whoever mends it, and for whoever keeps the list."""
    record = page.record
    closed = record.state == Problem.State.CLOSED
    found: list[Offer] = []
    if page.mends and not closed:
        told = {"measures": record.measures, "on": ""}
        found.append(Offer("measures", partial(_measures, viewer, record), told, record.version))
        if record.asked_on is None:
            ask = partial(_ask, viewer, record)
            found.append(Offer("ask", ask, {"result": record.result}, record.version, files=("file",)))
    if page.keeps and closed:
        told = {"note": "", "due_on": ""}
        found.append(Offer("reopen", partial(_reopen, viewer, record), told, record.version))
    if page.keeps and not closed:
        if record.asked_on is not None and not page.asked_it:
            found.append(Offer("confirm", partial(_confirm, viewer, record), {"note": ""}, record.version))
        shown = {name: getattr(record, name) for name in _TOLD}
        shown |= {"due_on": a_day(record.due_on), "articles": ", ".join(map(str, page.line.articles)), "note": ""}
        found.append(Offer("edit", partial(_edit, viewer, record), shown, record.version))
    return found


def _measures(viewer: Viewer, record: Problem, sent: Sent) -> None:
    plan_measures(by=viewer, problem=record.pk, version=sent.version, measures=sent.text("measures"), once=sent.once)


def _ask(viewer: Viewer, record: Problem, sent: Sent) -> None:
    told = {"result": sent.text("result"), "file": sent.file()}
    ask_to_close(by=viewer, problem=record.pk, version=sent.version, once=sent.once, unread=sent.unread, **told)


def _confirm(viewer: Viewer, record: Problem, sent: Sent) -> None:
    done = return_problem if sent.text("verdict") == "returned" else close_problem
    done(by=viewer, problem=record.pk, version=sent.version, note=sent.text("note"), once=sent.once)


def _reopen(viewer: Viewer, record: Problem, sent: Sent) -> None:
    told = {"note": sent.text("note"), "due_on": day_in(sent, "due_on")}
    reopen_problem(by=viewer, problem=record.pk, version=sent.version, once=sent.once, unread=sent.unread, **told)


def _edit(viewer: Viewer, record: Problem, sent: Sent) -> None:
    said = {"told": _told(sent, record.due_on), "note": sent.text("note")}
    edit_problem(by=viewer, problem=record.pk, version=sent.version, once=sent.once, unread=sent.unread, **said)


def _told(sent: Sent, due_on: date | None = None) -> ProblemTold:
    due, articles = day_in(sent, "due_on", due_on), articles_in(sent)
    return ProblemTold(due_on=due, articles=articles, **{name: sent.text(name) for name in _TOLD})


def _choices(viewer: Viewer) -> dict[str, object]:
    return {
        "bodies": body_options(viewer),
        "origins": [(one, origin_word(one)) for one in Problem.Origin.values],
        "severities": [(one, severity_word(one)) for one in Problem.Severity.values],
    }


def problems_csv(request: HttpRequest) -> HttpResponse:
    """Send the problems a filter leaves as CSV.

    Articles: 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    with InLanguage(request):
        seen = problem_list(viewer, asked_of(request), size=MOST_IN_A_FILE)
        return csv_response("problems", problem_heads(), [problem_row(one) for one in seen.lines])


def problems_docx(request: HttpRequest) -> HttpResponse:
    """Send the problems a filter leaves as a Word document.

    Articles: 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    with InLanguage(request):
        seen = problem_list(viewer, asked_of(request), size=MOST_IN_A_FILE)
        return as_docx(problems_paper(seen), "problems")
