"""Operations of the ledger: programmes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from bridgehead.engines.programmes.kinds import Field
from bridgehead.engines.programmes.money import Totals
from bridgehead.ground.access.audience import audience
from bridgehead.rooms.ledger.api.supervision import ON
from bridgehead.rooms.ledger.selectors.board import day_of
from bridgehead.rooms.ledger.selectors.programme import programme_page
from bridgehead.rooms.ledger.selectors.programmes import Asked, Line
from bridgehead.rooms.ledger.selectors.programmes_by_kind import Result, kind_page
from bridgehead.rooms.ledger.selectors.programmes_then import register_on
from bridgehead.rooms.ledger.views.supervision_parts import day_asked
from bridgehead.rooms.ledger.who import READ

router = Router(tags=["ledger"])


@router.get("/programmes", summary="Programmes")
@audience(READ)
def list_programmes(
    request: HttpRequest,
    *,
    kind: str = Query("", description="id of a kind of programmes"),
    stage: str = Query("", description="id of a stage of that kind"),
    state: str = Query("", description="running, done or stopped"),
    organisation: str = Query("", description="id of an organisation that keeps or leads it"),
    article: str = Query("", description="an article it serves"),
    place: str = Query("", description="id of a place or port of the region"),
    only: str = Query("", description="late: overdue or without a next step; over: over budget"),
    by: str = Query("kind", description="by what the money is summed up: kind, organisation, article or plan"),
    plan: str = Query("", description="id of a line of a plan"),
    page: str = Query("1", description="page of the list, from 1"),
    on: str = Query("", max_length=20, description="the day as of which it is shown, YYYY-MM-DD; by default today"),
) -> dict[str, Any]:
    """List the programmes somebody may see, with what each does next and the money it has, as known on a day."""
    del kind, stage, state, organisation, article, place, only, by, plan, page  # read from the query, as the page does
    seen = register_on(request.viewer, Asked.of(request.GET), day_of(on))  # type: ignore[attr-defined]
    return {
        "on": seen.on,
        "answer": seen.counts.sentence(),
        "running": seen.counts.running,
        "without_next_step": seen.counts.unsaid,
        "overdue": seen.counts.late,
        "over_budget": seen.counts.over,
        "total": seen.total,
        "page": seen.asked.page,
        "pages": seen.pages,
        "kinds": [{"id": id, "name": name, "programmes": count} for id, name, count in seen.of_kinds],
        "programmes": [_line(one) for one in seen.lines],
        "money_by": [
            {
                "id": one.id,
                "name": one.name,
                "programmes": one.programmes,
                "funds": one.funds,
                "commitment": one.commitment,
                "payment": one.payment,
                "executed": one.executed,
            }
            for one in seen.scopes
        ],
    }


@router.get("/programmes/kinds/{kind}", summary="A kind of programmes")
@audience(READ)
def get_programme_kind(
    request: HttpRequest,
    kind: str = Path(..., description="id of the kind"),
    page: int = Query(1, ge=1, le=1_000_000, description="page of the list, from 1"),
) -> dict[str, Any]:
    """Give the stages, fields and indicators of a kind, with what the visible programmes come to."""
    seen = kind_page(request.viewer, kind, page)  # type: ignore[attr-defined]
    return {
        "id": seen.kind.id,
        "name_zh": seen.kind.name_zh,
        "name_en": seen.kind.name_en,
        "articles": seen.kind.articles,
        "source": seen.kind.source,
        "confidence": seen.kind.confidence,
        "answer": seen.sentence,
        "stages": [
            {
                "id": one.stage.id,
                "name_zh": one.stage.name_zh,
                "name_en": one.stage.name_en,
                "evidence_zh": one.stage.evidence_zh,
                "evidence_en": one.stage.evidence_en,
                "term": str(one.stage.term) if one.stage.term else None,
                "programmes": one.count,
            }
            for one in seen.stages
        ],
        "fields": [_field(one) for one in seen.kind.fields],
        "item": seen.kind.item or None,
        "item_fields": [_field(one) for one in seen.kind.item_fields],
        "indicators": [_result(one) for one in seen.results],
        "page": seen.page,
        "pages": seen.pages,
        "programmes": [_line(one) for one in seen.lines],
    }


@router.get("/programmes/{programme}", summary="One programme")
@audience(READ)
def get_programme(
    request: HttpRequest, programme: int = Path(..., description="id of the programme"), on: str = ON
) -> dict[str, Any]:
    """Give one programme, as it was known on a day: facts, stages, parties, money by year with its parts, items."""
    seen = programme_page(request.viewer, programme, day_asked(request))  # type: ignore[attr-defined]
    del on  # read from the query, as the page does
    one = seen.record
    return {
        **_line(seen.line),
        "on": seen.on,
        "answer": seen.sentence,
        "over_in": seen.over_in,
        "alarm": seen.alarm,
        "stages": [
            {"name": one.name, "state": one.where, "confirmed": one.confirmed, "on": one.on} for one in seen.steps
        ],
        "articles": seen.articles,
        "plan_line": one.plan_line or None,
        "project": one.project or None,
        "parent": one.parent_id,
        "source": one.source,
        "source_on": one.source_on,
        "fields": one.fields,
        "indicators": [_result(two) for two in seen.results],
        "moves": [
            {
                "from": move.record.from_stage,
                "to": move.record.to_stage,
                "on": move.record.on,
                "evidence": move.record.evidence,
                "state": move.record.state,
                "reason": move.record.reason or None,
            }
            for move in seen.moves
        ],
        "parties": [{"name": party.name, "role": party.record.role} for party in seen.parties],
        "money": [{"year": year.year, **_totals(year.totals)} for year in seen.years],
        "money_in_all": _totals(seen.all_years.totals),
        "entries": [
            {
                "id": entry.record.pk,
                "kind": entry.record.kind,
                "amount": entry.record.amount,
                "currency": entry.record.currency,
                "year": entry.record.year,
                "on": entry.record.on,
                "source": entry.record.source,
                "note": entry.record.note or None,
                "line": entry.record.line or None,
                "giver": entry.giver or None,
                "corrects": entry.record.corrects_id,
            }
            for entry in seen.entries
        ],
        "items": [
            {
                "id": item.record.pk,
                "title": item.record.title,
                "on": item.record.on,
                "fields": item.record.fields,
                "source": item.record.source,
            }
            for item in seen.items
        ],
        "children": [_line(child) for child in seen.children],
    }


def _line(one: Line) -> dict[str, Any]:
    return {
        "id": one.record.pk,
        "code": one.record.code,
        "kind": one.record.kind,
        "name_zh": one.record.name_zh,
        "name_en": one.record.name_en or None,
        "owner": one.record.owner.code,
        "office": one.record.office.code,
        "place": one.record.place_id or None,
        "stage": one.record.stage,
        "stage_on": one.record.stage_on,
        "state": one.record.state,
        "next_step": one.record.next_step or None,
        "next_due_on": one.record.next_due_on,
        "late": one.late,
        "funds": one.funds,
        "commitment": one.commitment,
        "payment": one.payment,
        "over_budget": one.over,
    }


def _totals(totals: Totals) -> dict[str, Any]:
    names = ("appropriation", "special_bond", "transfer", "funds", "commitment", "payment", "over")
    return {name: getattr(totals, name) for name in names}


def _field(one: Field) -> dict[str, Any]:
    return {
        "id": one.id,
        "type": one.type,
        "unit": one.unit or None,
        "required": one.required,
        "name_zh": one.name_zh,
        "name_en": one.name_en,
        "choices": [choice.id for choice in one.choices],
        "at_most": one.at_most or None,
    }


def _result(one: Result) -> dict[str, Any]:
    return {
        "id": one.indicator.id,
        "name_zh": one.indicator.name_zh,
        "name_en": one.indicator.name_en,
        "unit": one.indicator.unit,
        "formula": one.indicator.formula,
        "value": one.value,
        "inputs": {two.series: two.value for two in one.inputs},
        "counted": one.counted,
        "left_out": one.left_out,
        "standing": "reported",
        "on": one.on,
    }
