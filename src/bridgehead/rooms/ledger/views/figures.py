"""Pages of figures: the pace board, the register of indicators, one of them, who has not reported, and one figure."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from bridgehead.ground import wording
from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.ground.region import current
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import FormState, Offer, Sent, taken
from bridgehead.kernel.source import Standing
from bridgehead.rooms.ledger import figure_charts
from bridgehead.rooms.ledger.actions.figures import (
    STANDINGS,
    choose_figure,
    enter_figure,
    revise_figure,
    withdraw_figure,
)
from bridgehead.rooms.ledger.models import Figure
from bridgehead.rooms.ledger.selectors.board import day_of
from bridgehead.rooms.ledger.selectors.figures_owed import owed_page
from bridgehead.rooms.ledger.selectors.figures_pace import Asked, Board, pace_board
from bridgehead.rooms.ledger.selectors.figures_register import (
    IndicatorPage,
    RegisterPage,
    Wanted,
    indicator_page,
    register_page,
)
from bridgehead.rooms.ledger.selectors.figures_single import FigurePage, figure_page
from bridgehead.rooms.ledger.selectors.periods import closed_around, closed_for_figures
from bridgehead.rooms.ledger.units import unit_choices, unit_name
from bridgehead.rooms.ledger.who import ENTER, KEEP

FIELDS = ("period", "value", "unit", "standing", "source", "source_on", "note", "place")


def board_of(request: HttpRequest) -> Board:
    """Return the board that a request asks for."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.GET
    wanted = Asked(
        number(asked.get("year", "")) or None,
        number(asked.get("article", "")) or None,
        asked.get("body", "").strip(),
        asked.get("five", "").strip(),
    )
    on, known = day_of(asked.get("on", "")), asked.get("known", "").strip()
    return pace_board(viewer, on, wanted, day_of(known, "known") if known else None)


def pace(request: HttpRequest) -> HttpResponse:
    """Show how far the targets of a year are, those first about which somebody must act.

    Articles: 5, 79, 81
    """
    board = board_of(request)
    lines = [(line, figure_charts.pace_bar(line)) for line in board.lines]
    return render(request, "ledger/pace.html", {"board": board, "lines": lines, "asked": request.GET.urlencode()})


def indicators(request: HttpRequest) -> HttpResponse:
    """Show the register of indicators.

    Articles: 5, 79, 81
    """
    asked = request.GET
    return render(request, "ledger/indicators.html", {"seen": register_of(request), "asked": asked.urlencode()})


def register_of(request: HttpRequest) -> RegisterPage:
    """Return the register that a request asks for."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.GET
    article = number(asked.get("article", "")) or None
    wanted = Wanted(asked.get("q", ""), article, asked.get("body", "").strip(), asked.get("five", "").strip())
    return register_page(viewer, wanted)


def owed(request: HttpRequest) -> HttpResponse:
    """Show who has not reported which figures.

    Articles: 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen = owed_page(viewer, day_of(request.GET.get("on", "")), request.GET.get("body", "").strip())
    return render(request, "ledger/figures_owed.html", {"seen": seen})


def indicator(request: HttpRequest, indicator: str) -> HttpResponse:
    """Show everything about one indicator, and let an organisation report a figure of its own.

    Articles: 79, 81
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = able_in(viewer, ENTER)
    page = indicator_page(viewer, indicator, timezone.localdate())

    def offered() -> list[Offer]:
        at_first = dict.fromkeys((*FIELDS, "organisation"), "") | {
            "period": request.GET.get("period", "")[:20],
            "unit": page.definition.unit,
            "standing": Standing.REPORTED.value,
            "organisation": _own(able, page.definition.body),
        }
        return [Offer("enter", partial(_enter, viewer, indicator, able), at_first)] if able else []

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:indicator", args=[indicator]))
    form = answer.states.get("enter")
    context = {
        "seen": page,
        "chart": figure_charts.course(page.definition, page.running, page.targets),
        "pace": [(line, figure_charts.pace_bar(line)) for line in page.pace],
        "form": form,
        "filling": form.filling if form else None,
        "organisations": choices(able),
        "closed": closed_for_figures(one.pk for one in able) if form else None,
        **_options(page, form),
    }
    return drawn(request, "ledger/indicator.html", context, answer.status)


def figure(request: HttpRequest, figure: int) -> HttpResponse:
    """Show one figure with its revisions and what stands beside it; let it be revised, withdrawn or chosen.

    Articles: 79, 81
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    page = figure_page(viewer, figure)

    def offered() -> list[Offer]:
        return _offers(viewer, page if request.method == "GET" else figure_page(viewer, figure))

    answer = taken(request, offered)
    if answer.done:
        latest = figure_page(viewer, figure).chain[-1].figure.pk
        return HttpResponseRedirect(reverse("ledger:figure", args=[latest]))
    refused = answer.refused
    context = {
        "seen": page,
        "forms": answer.states,
        "filling": refused.filling if refused else None,
        "standings": _standings(),
        "shut": _shut(page.line.figure) if "revise" in answer.states else "",
        "units": unit_choices([page.definition.unit, page.line.figure.given_unit]),
    }
    return drawn(request, "ledger/figure.html", context, answer.status)


def _shut(record: Figure) -> str:
    return closed_around(record.owner_id, record.first_on, record.last_on)


def _offers(viewer: Viewer, page: FigurePage) -> list[Offer]:
    record = page.line.figure
    if record.ended_at is not None:
        return []
    found = []
    if viewer.grant_for(ENTER, record.office_id, to_write=True):
        values = {
            "value": f"{page.line.given:f}",
            "unit": record.given_unit,
            "standing": record.standing,
            "source": record.source,
            "source_on": str(record.source_on or ""),
            "note": record.note,
            "reason": "",
        }
        found.append(Offer("revise", partial(_revise, viewer, record.pk), values, record.version))
        found.append(Offer("withdraw", partial(_withdraw, viewer, record.pk), {"reason": ""}, record.version))
    if not record.counts and len(page.value.reports) > 1 and able_in(viewer, KEEP):
        found.append(Offer("choose", partial(_choose, viewer, record.pk), {"reason": ""}, record.version))
    return found


def _enter(viewer: Viewer, indicator: str, able: list[Organisation], sent: Sent) -> None:
    source_on = sent.day("source_on")
    at = sent.organisation(viewer, able)
    enter_figure(
        by=viewer,
        organisation=at.pk,
        indicator=indicator,
        source_on=source_on,
        once=sent.once,
        unread=sent.unread,
        **{name: sent.text(name) for name in ("period", "value", "unit", "standing", "source", "note", "place")},
    )


def _revise(viewer: Viewer, figure: int, sent: Sent) -> None:
    source_on = sent.day("source_on")
    revise_figure(
        by=viewer,
        figure=figure,
        version=sent.version,
        source_on=source_on,
        reason=sent.text("reason"),
        once=sent.once,
        unread=sent.unread,
        **{name: sent.text(name) for name in ("value", "unit", "standing", "source", "note")},
    )


def _withdraw(viewer: Viewer, figure: int, sent: Sent) -> None:
    withdraw_figure(by=viewer, figure=figure, version=sent.version, reason=sent.text("reason"), once=sent.once)


def _choose(viewer: Viewer, figure: int, sent: Sent) -> None:
    choose_figure(by=viewer, figure=figure, version=sent.version, reason=sent.text("reason"), once=sent.once)


def _own(able: list[Organisation], body: str) -> str:
    """Return the organisation of somebody that reports an indicator, else the only one they have."""
    mine = [one for one in able if one.code == body] or (able if len(able) == 1 else [])
    return str(mine[0].pk) if mine else ""


def _standings() -> list[tuple[str, str]]:
    return [(one.value, wording.standing_label(one, language())) for one in STANDINGS]


def _options(page: IndicatorPage, form: FormState | None) -> dict[str, object]:
    """Return what can be chosen in the form: units that convert into that of the indicator, standings, ports.

    A unit that was sent and is none of them stands there as it was typed.
    """
    name = "name_en" if language() == "en" else "name_zh"
    ports = {row.text("id"): row.text(name) for row in current().region.rows("ports")}
    units = dict(unit_choices([page.definition.unit]))
    if form and (typed := form.filling.values.get("unit")):
        units.setdefault(typed, unit_name(typed))
    places = sorted(ports.items(), key=lambda one: one[1])
    return {"units": list(units.items()), "standings": _standings(), "places": places}
