"""Pages of programmes: the register, one kind of them, and their files."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.downloads import csv_response
from bridgehead.ground.language import language
from bridgehead.ground.screens.attachments import attachment
from bridgehead.ground.screens.forms import number
from bridgehead.rooms.ledger.plan_lines import plan_lines
from bridgehead.rooms.ledger.programme_kinds import called, kind_of
from bridgehead.rooms.ledger.selectors.board import at, day_of
from bridgehead.rooms.ledger.selectors.programme import programme_page
from bridgehead.rooms.ledger.selectors.programme_papers import DOCX, kind_paper, programme_paper, register_paper
from bridgehead.rooms.ledger.selectors.programmes import (
    SCOPES,
    Asked,
    money_unit,
    state_word,
)
from bridgehead.rooms.ledger.selectors.programmes_by_kind import kind_page
from bridgehead.rooms.ledger.selectors.programmes_then import lines_on, register_on
from bridgehead.rooms.ledger.views.supervision_parts import day_asked
from bridgehead.rooms.ledger.who import RUN

MOST_IN_A_FILE = 10_000


def programmes(request: HttpRequest) -> HttpResponse:
    """Show the register of programmes on a day.

    Articles: 9, 74, 75
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen = register_on(viewer, Asked.of(request.GET), day_of(request.GET.get("on", "")))
    chosen = kind_of(seen.asked.kind) if seen.asked.kind in dict(seen.kinds) else None
    context = {
        "seen": seen,
        "at": at(seen.on),
        "unit": money_unit(),
        "plan_lines": plan_lines(),
        "stages": [(one.id, called(one)) for one in chosen.stages] if chosen else [],
        "states": [(one, state_word(one)) for one in ("running", "done", "stopped")],
        "scopes": [(one, scope_word(one)) for one in SCOPES],
        "scope": scope_word(seen.asked.by),
        "again": _again(request, "page"),
        "may_keep": bool(able_in(viewer, RUN)),
    }
    return render(request, "ledger/programmes.html", context)


def programme_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """Show one kind of programmes: its stages, indicators and records.

    Articles: 9, 30, 54
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen = kind_page(viewer, kind, number(request.GET.get("page", "")) or 1)
    context = {"seen": seen, "unit": money_unit(), "may_keep": bool(able_in(viewer, RUN))}
    return render(request, "ledger/programme_kind.html", context)


def programmes_csv(request: HttpRequest) -> HttpResponse:
    """Send the programmes that are asked for as CSV, with amounts to the cent."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = (
        "code",
        "kind",
        "name_zh",
        "name_en",
        "owner",
        "office",
        "place_id",
        "stage",
        "stage_on",
        "state",
        "next_step",
    )
    more = (
        "next_due_on",
        "late",
        "funds",
        "commitment",
        "payment",
        "over_budget",
        "articles",
        "source",
        "source_on",
        "plan_line",
    )
    shown = lines_on(viewer, Asked.of(request.GET), day_of(request.GET.get("on", "")), MOST_IN_A_FILE)
    cells = (
        (
            *(one.record.code, one.record.kind, one.record.name_zh, one.record.name_en),
            *(one.record.owner.code, one.record.office.code, one.record.place_id, one.record.stage),
            *(one.record.stage_on, one.record.state, one.record.next_step, one.record.next_due_on, one.late),
            *(one.funds, one.commitment, one.payment, one.over, ",".join(map(str, one.record.articles))),
            *(one.record.source, one.record.source_on, one.record.plan_line),
        )
        for one in shown
    )
    return csv_response("programmes", (*head, *more), cells)


def programmes_docx(request: HttpRequest) -> HttpResponse:
    """Send the programmes that are asked for as a Word document."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = day_of(request.GET.get("on", ""))
    return attachment(register_paper(viewer, Asked.of(request.GET), said(request), day), "programmes.docx", DOCX)


def programme_docx(request: HttpRequest, programme: int) -> HttpResponse:
    """Send one programme as a Word document."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    on = day_asked(request)
    code = programme_page(viewer, programme, on).record.code
    return attachment(programme_paper(viewer, programme, said(request), on), f"{code}.docx", DOCX)


def programme_kind_docx(request: HttpRequest, kind: str) -> HttpResponse:
    """Send one kind of programmes as a Word document."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return attachment(kind_paper(viewer, kind, said(request)), f"{kind}.docx", DOCX)


def said(request: HttpRequest) -> str:
    """Return the language a file is asked for in, that of the request by default."""
    asked = request.GET.get("lang", "")
    return asked if asked in ("zh", "en") else language()


def scope_word(scope: str) -> str:
    """Return what a scope is called."""
    return {
        "kind": pgettext("programme", "类别"),
        "organisation": pgettext("programme", "牵头单位"),
        "article": pgettext("programme", "条文"),
        "plan": pgettext("programme", "规划条目"),
    }[scope]


def _again(request: HttpRequest, *without: str) -> str:
    """Return what was asked for, without some of it, for another page of the same."""
    kept = [(name, value) for name, value in request.GET.items() if value and name not in without]
    return urlencode(kept)
