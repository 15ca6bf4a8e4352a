"""Operations of the ledger: the dossier of each article."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.rooms.ledger.dossier import Line, Section
from bridgehead.rooms.ledger.selectors.dossier_counts import Counted
from bridgehead.rooms.ledger.selectors.dossier_index import index_of
from bridgehead.rooms.ledger.selectors.dossiers import Dossier, Gap, When, dossier_of, report_of, when

router = Router(tags=["ledger"])

YEAR = Query("", description="year; by default the running one")


@router.get("/dossiers", summary="Articles with how far each is carried out")
@audience("ledger.read")
def list_dossiers(
    request: HttpRequest,
    year: str = YEAR,
    chapter: str = Query("", description="number of a chapter; all by default"),
    gaps: str = Query("", description="anything: only articles for which something is missing"),
) -> dict[str, Any]:
    """List the articles with duties, tasks, what is late, evidence and gaps."""
    found = index_of(request.viewer, when(year), chapter, bool(gaps))  # type: ignore[attr-defined]
    return {
        **_when(found.when),
        "answer": found.says,
        "articles": [
            {
                "article": row.article,
                "title": row.title,
                "chapter": group.number,
                **_numbers(row.numbers),
                "gaps": [_gap(one) for one in row.gaps],
            }
            for group in found.groups
            for row in group.rows
        ],
    }


@router.get("/dossiers/report", summary="The whole regulation as one report")
@audience("ledger.read")
def get_report(request: HttpRequest, year: str = YEAR) -> dict[str, Any]:
    """Give the dossiers of all articles, with the first lines of each section."""
    found = report_of(request.viewer, when(year))  # type: ignore[attr-defined]
    return {
        **_when(found.when),
        "answer": found.says,
        "chapters": [
            {"chapter": part.number, "title": part.title, "dossiers": [_dossier(one) for one in part.dossiers]}
            for part in found.chapters
        ],
    }


@router.get("/dossiers/{article}", summary="Dossier of an article")
@audience("ledger.read")
def get_dossier(
    request: HttpRequest, article: int = Path(..., description="number of the article"), year: str = YEAR
) -> dict[str, Any]:
    """Give the chain of an article from duty to supervision, this year beside last."""
    asked = when(year)
    return {**_when(asked), **_dossier(dossier_of(request.viewer, article, asked))}  # type: ignore[attr-defined]


def _dossier(one: Dossier) -> dict[str, Any]:
    return {
        "article": one.article,
        "title": one.title,
        "gist": one.gist,
        "answer": one.says,
        **_numbers(one.numbers),
        "gaps": [_gap(gap) for gap in one.gaps],
        "sections": [section_json(section) for section in one.sections],
    }


def section_json(section: Section) -> dict[str, Any]:
    """Return a section as JSON types."""
    return {
        "key": section.key,
        "title": section.title,
        "heads": list(section.heads),
        "lines": [_line(one) for one in section.lines],
        "more": section.more,
        "before": [_line(one) for one in section.before],
        "more_before": section.more_before,
        "gap": section.gap or None,
    }


def _line(one: Line) -> dict[str, Any]:
    return {
        "cells": list(one.cells),
        "page": one.address or None,
        "late": one.late,
        "standing": one.standing or None,
    }


def _gap(one: Gap) -> dict[str, str]:
    return {"section": one.key, "says": one.says}


def _numbers(one: Counted) -> dict[str, int]:
    return {
        "duties": one.duties,
        "duties_with_tasks": one.tasked,
        "tasks_open": one.owed,
        "tasks_late": one.late,
        "tasks_done": one.done,
        "tasks_with_evidence": one.evidenced,
    }


def _when(asked: When) -> dict[str, Any]:
    return {"year": asked.year, "as_of": asked.on, "year_before": asked.before}
