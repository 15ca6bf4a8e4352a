"""Operations on figures: the pace board, indicators, who has not reported, and one figure."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.access.viewer import Viewer
from bridgehead.rooms.ledger.indicators import Definition, Published
from bridgehead.rooms.ledger.selectors.board import day_of
from bridgehead.rooms.ledger.selectors.figures import Reckoned, Report
from bridgehead.rooms.ledger.selectors.figures_owed import owed_page
from bridgehead.rooms.ledger.selectors.figures_pace import Asked, PaceLine, pace_board
from bridgehead.rooms.ledger.selectors.figures_register import FigureLine, Wanted, indicator_page, register_page
from bridgehead.rooms.ledger.selectors.figures_single import figure_page

router = Router(tags=["ledger"])

ON = Query("", description="the day asked for, YYYY-MM-DD; today by default")
ARTICLE = Query(None, description="only indicators that concern this article")
BODY = Query("", description="code of the organisation that reports")
FIVE = Query("", description="kind of port, as the table of indicators has it")


@router.get("/pace", summary="Pace of targets")
@audience("ledger.read")
def get_pace(  # noqa: PLR0917 - the filters of the page
    request: HttpRequest,
    year: int | None = Query(None, ge=1900, le=2200, description="year of the targets; by default the latest"),
    on: str = ON,
    known: str = Query("", description="by when figures must have been reported, YYYY-MM-DD; the same day by default"),
    article: int | None = ARTICLE,
    body: str = BODY,
    five: str = FIVE,
) -> dict[str, Any]:
    """Give the targets of a year with how far they are, those first about which somebody must act."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    known_on = day_of(known, "known") if known.strip() else None
    board = pace_board(viewer, day_of(on), Asked(year, article, body, five), known_on)
    return {
        "year": board.year,
        "on": board.on,
        "known_on": board.known_on,
        "sentence": board.headline,
        "years": list(board.years),
        "targets": [_line(one) for one in board.lines],
    }


@router.get("/indicators", summary="Indicators")
@audience("ledger.read")
def list_indicators(
    request: HttpRequest,
    q: str = Query("", description="words of its name, id or note"),
    article: int | None = ARTICLE,
    body: str = BODY,
    five: str = FIVE,
) -> dict[str, Any]:
    """List the indicators with their last value."""
    page = register_page(request.viewer, Wanted(q, article, body, five))  # type: ignore[attr-defined]
    return {
        "sentence": page.headline,
        "indicators": [
            {**_definition(one.definition), "body_name": one.body or None, "last": _value(one.last)}
            for one in page.lines
        ],
    }


@router.get("/indicators/{indicator}", summary="One indicator")
@audience("ledger.read")
def get_indicator(
    request: HttpRequest, indicator: str = Path(..., description="id of an indicator or series")
) -> dict[str, Any]:
    """Give the definitions of an indicator, every figure of it, conflicts and revisions, and its targets."""
    page = indicator_page(request.viewer, indicator, timezone.localdate())  # type: ignore[attr-defined]
    return {
        **_definition(page.definition),
        "body_name": page.body or None,
        "history": [_definition(one) for one in page.history],
        "inputs": [one.id for one in page.inputs],
        "last": _value(page.latest),
        "targets": [_line(one) for one in page.pace],
        "periods": [
            {
                "value": _value(one.value),
                "figures": [_figure(line) for line in one.holding],
                "past": [_figure(line) for line in one.past],
                "published": [_published(told) for told in one.published],
            }
            for one in page.periods
        ],
        "without_period": [_published(told) for told in page.unplaced],
    }


@router.get("/figures/owed", summary="Who has not reported")
@audience("ledger.read")
def get_owed(request: HttpRequest, on: str = ON, body: str = BODY) -> dict[str, Any]:
    """Give the organisations that have not reported figures of the last period that is over."""
    page = owed_page(request.viewer, day_of(on), body)  # type: ignore[attr-defined]
    return {
        "on": page.on,
        "sentence": page.headline,
        "bodies": [
            {
                "code": one.organisation.code,
                "name": one.name,
                "figures": [
                    {"indicator": of.indicator, "period": str(of.period), "due_on": of.due_on, "late": of.late}
                    for of in one.figures
                ],
            }
            for one in page.bodies
        ],
    }


@router.get("/figures/{figure}", summary="One figure")
@audience("ledger.read")
def get_figure(request: HttpRequest, figure: int = Path(..., description="number of the figure")) -> dict[str, Any]:
    """Give one figure with what it replaced and was replaced by, and every report on its period."""
    page = figure_page(request.viewer, figure)  # type: ignore[attr-defined]
    return {
        **_figure(page.line),
        "indicator": page.definition.id,
        "chain": [_figure(one) for one in page.chain],
        "value": _value(page.value),
        "beside": [_figure(one) for one in page.beside],
    }


def _definition(one: Definition) -> dict[str, Any]:
    return {
        "id": one.id,
        "name_zh": one.name_zh,
        "name_en": one.name_en,
        "articles": list(one.articles),
        "unit": one.unit,
        "direction": one.direction,
        "band": list(one.band) if one.band else None,
        "frequency": one.frequency,
        "adds": one.adds,
        "body": one.body or None,
        "formula": one.formula.text if one.formula else None,
        "formula_note_zh": one.note_zh,
        "formula_note_en": one.note_en,
        "due_wd": one.due_wd,
        "valid_from": one.valid_from if not one.is_input else None,
        "confidence": one.confidence,
        "source": one.source,
        "is_input": one.is_input,
    }


def _value(one: Reckoned | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "period": str(one.period),
        "value": one.value,
        "unit": one.unit,
        "qualifier": one.qualifier,
        "standing": one.standing,
        "how": one.how or None,
        "source": one.source,
        "source_date": one.source_date or None,
        "inputs": [{"indicator": id, "period": str(period)} for id, period in one.inputs],
        "missing": [{"indicator": gap.series, "period": str(gap.period)} for gap in one.missing],
        "reports": [_report(report) for report in one.reports],
        "spread": one.spread,
    }


def _report(one: Report) -> dict[str, Any]:
    return {
        "value": one.value,
        "standing": one.standing,
        "qualifier": one.qualifier,
        "source": one.source,
        "source_date": one.source_date or None,
        "by": one.by or None,
        "figure": one.figure,
        "counts": one.counts,
        "why": one.why or None,
    }


def _published(one: Published) -> dict[str, Any]:
    return {
        "period": str(one.period) if one.period else None,
        "said": one.said,
        "value": one.value,
        "qualifier": one.qualifier,
        "standing": one.standing,
        "source": one.source,
        "source_date": one.source_date or None,
        "note": one.note,
    }


def _figure(one: FigureLine) -> dict[str, Any]:
    record = one.figure
    return {
        "id": record.pk,
        "period": record.period,
        "value": record.value,
        "unit": record.unit,
        "given": one.given,
        "given_unit": record.given_unit,
        "organisation": one.office,
        "standing": record.standing,
        "source": record.source,
        "source_on": record.source_on,
        "note": record.note,
        "counts": record.counts,
        "why": record.why or None,
        "entered_at": record.entered_at,
        "ended_at": record.ended_at,
        "withdrawn": record.withdrawn,
        "version": record.version,
    }


def _line(one: PaceLine) -> dict[str, Any]:
    return {
        "indicator": one.definition.id,
        "year": one.goal.year,
        "goal": one.goal.goal,
        "unit": one.definition.unit,
        "qualifier": one.goal.qualifier,
        "source": one.goal.source,
        "source_date": one.goal.source_date or None,
        "task": one.goal.task,
        "done": _value(one.done),
        "share": one.share,
        "usual_share": one.pace.usual if one.pace else None,
        "usual_years": list(one.pattern.years),
        "usual_parts": one.pattern.parts if one.pattern.years else None,
        "projected": one.pace.projected if one.pace else None,
        "status": one.status,
        "body": one.body or None,
    }
