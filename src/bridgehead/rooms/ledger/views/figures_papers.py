"""Figures to download: the pace board as a Word document and as a table, the register, and one indicator."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.downloads import csv_response
from bridgehead.ground.screens.attachments import attachment
from bridgehead.rooms.ledger.papers.figures import pace_paper
from bridgehead.rooms.ledger.selectors.figures_pace import PaceLine
from bridgehead.rooms.ledger.selectors.figures_register import IndicatorPage, RegisterLine, indicator_page
from bridgehead.rooms.ledger.views.duties import DOCX
from bridgehead.rooms.ledger.views.figures import board_of, register_of

PACE_HEAD = (
    "indicator", "name_zh", "name_en", "unit", "year", "goal", "goal_qualifier", "goal_source", "goal_source_date",
    "task", "done", "period", "share", "usual_share", "usual_years", "usual_parts", "status", "projected",
    "standing", "source", "source_date", "body",
)  # fmt: skip
REGISTER_HEAD = (
    "indicator", "name_zh", "name_en", "articles", "unit", "frequency", "direction", "body", "formula", "last_period",
    "last_value", "qualifier", "standing", "source", "source_date",
)  # fmt: skip
VALUES_HEAD = (
    "indicator", "period", "value", "unit", "given", "given_unit", "standing", "qualifier", "source", "source_date",
    "organisation", "note", "counts", "why", "entered_at", "ended_at", "withdrawn",
)  # fmt: skip


def pace_docx(request: HttpRequest) -> HttpResponse:
    """Send the pace board as a Word document."""
    board = board_of(request)
    return attachment(pace_paper(board), f"pace-{board.year or 'none'}.docx", DOCX)


def pace_csv(request: HttpRequest) -> HttpResponse:
    """Send the pace board as a table."""
    return csv_response("pace", PACE_HEAD, (_pace_row(line) for line in board_of(request).lines))


def indicators_csv(request: HttpRequest) -> HttpResponse:
    """Send the register of indicators as a table."""
    return csv_response("indicators", REGISTER_HEAD, (_register_row(line) for line in register_of(request).lines))


def indicator_csv(request: HttpRequest, indicator: str) -> HttpResponse:
    """Send every figure of an indicator as a table: what holds, what was replaced, and what was published."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    page = indicator_page(viewer, indicator, timezone.localdate(), most=100_000)
    return csv_response(page.definition.id, VALUES_HEAD, _values(page))


def _pace_row(line: PaceLine) -> tuple[object, ...]:
    goal, done, found = line.goal, line.done, line.pace
    return (
        *(line.definition.id, line.definition.name_zh, line.definition.name_en, line.definition.unit, goal.year),
        *(goal.goal, goal.qualifier, goal.source, goal.source_date, goal.task),
        *((done.value, done.period) if done else (None, None)),
        *(line.share, found.usual if found else None, " ".join(map(str, line.pattern.years))),
        *(line.pattern.parts if line.pattern.years else None, line.status),
        found.projected if found else None,
        *((done.standing, done.source, done.source_date) if done else (None, None, None)),
        line.body,
    )


def _register_row(line: RegisterLine) -> tuple[object, ...]:
    one, last = line.definition, line.last
    return (
        *(one.id, one.name_zh, one.name_en, " ".join(map(str, one.articles)), one.unit, one.frequency, one.direction),
        *(line.body, one.formula.text if one.formula else None),
        *((last.period, last.value, last.qualifier, last.standing, last.source, last.source_date) if last else ()),
    )


def _values(page: IndicatorPage) -> Iterator[tuple[object, ...]]:
    one = page.definition
    for period in page.periods:
        for line in (*period.holding, *period.past):
            record = line.figure
            yield (
                *(one.id, record.period, record.value, one.unit, line.given, record.given_unit, record.standing),
                *("exact", record.source, record.source_on, line.office, record.note),
                *(record.counts, record.why, record.entered_at, record.ended_at, record.withdrawn),
            )
    for told in (*(each for period in page.periods for each in period.published), *page.unplaced):
        yield (
            *(one.id, told.period or told.said, told.value, one.unit, told.value, one.unit, told.standing),
            *(told.qualifier, told.source, told.source_date, None, told.note, None, None, None, None, None),
        )
