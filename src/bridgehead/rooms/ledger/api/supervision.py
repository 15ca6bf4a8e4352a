"""Operations of the ledger: supervision by the congress, and law inspections."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.rooms.ledger.selectors.inspections import FindingLine, finding_page, inspection_page
from bridgehead.rooms.ledger.selectors.supervision import overview
from bridgehead.rooms.ledger.selectors.supervision_case import case_page
from bridgehead.rooms.ledger.selectors.supervision_lines import CaseLine, OpinionLine, opinion_page
from bridgehead.rooms.ledger.views.supervision_parts import day_asked

router = Router(tags=["ledger"])

ON = Query("", description="as it stood on this day, YYYY-MM-DD; today by default")


@router.get("/supervision", summary="Supervision")
@audience("ledger.read")
def list_supervision(
    request: HttpRequest,
    on: str = ON,
    article: int | None = Query(None, description="only what is about this article"),
    owes: int | None = Query(None, description="only open cases whose next step this organisation owes"),
) -> dict[str, Any]:
    """List the cases of supervision, the late ones first, open opinions, and inspections with their faults."""
    seen = overview(request.viewer, day_asked(request), article, owes)  # type: ignore[attr-defined]
    return {
        "on": seen.on,
        "answer": seen.answer,
        "late": seen.late,
        "running": [_case(one) for one in seen.running],
        "closed": [_case(one) for one in seen.closed],
        "opinions": [_opinion(one) for one in seen.opinions],
        "inspections": [
            {
                "id": one.pk,
                "title": one.title,
                "owner": one.owner_id,
                "office": one.office_id,
                "articles": one.articles,
                "starts_on": one.starts_on,
                "ends_on": one.ends_on,
                "closed_on": one.closed_on,
                "faults": faults,
                "open_faults": left,
            }
            for one, faults, left in seen.inspections
        ],
    }


@router.get("/supervision/opinions/{opinion}", summary="One opinion")
@audience("ledger.read")
def get_opinion(request: HttpRequest, opinion: int = Path(..., description="id of the opinion")) -> dict[str, Any]:
    """Give one opinion of a deliberation, what its body answered and what became of it."""
    return _opinion(opinion_page(request.viewer, opinion, timezone.localdate()))  # type: ignore[attr-defined]


@router.get("/supervision/{case}", summary="One case of supervision")
@audience("ledger.read")
def get_case(request: HttpRequest, case: int = Path(..., description="id of the case"), on: str = ON) -> dict[str, Any]:
    """Give a case with the steps that were taken, the one that waits, opinions, votes and longer terms."""
    seen = case_page(request.viewer, case, day_asked(request))  # type: ignore[attr-defined]
    return {
        **_case(seen.line),
        "on": seen.on,
        "answer": seen.answer,
        "chain": [
            {
                "name": one.name,
                "part": one.part,
                "state": one.look or "coming",
                "taken": one.taken,
                "term": one.term or None,
                "due": one.due,
                "provisional": one.provisional,
                "on": one.on,
                "late_wd": one.late_wd,
                "outcome": one.outcome or None,
                "confidence": one.confidence,
                "source": one.source,
            }
            for one in seen.chain
        ],
        "events": [
            {
                "step": one.event.step,
                "on": one.event.on,
                "recorded_on": one.event.recorded_on,
                "received_on": one.event.received_on,
                "despite": one.event.despite,
                "outcome": one.event.outcome or None,
                "summary": one.event.summary,
                "file": one.event.file_id,
                "votes": [{"what": word, "count": count} for word, count in one.votes],
            }
            for one in seen.events
        ],
        "opinions": [_opinion(one) for one in seen.opinions],
        "extensions": [
            {
                "step": one.extension.step,
                "until": one.extension.until,
                "reason": one.extension.reason,
                "asked_on": one.extension.asked_on,
                "state": one.extension.state,
                "decided_on": one.extension.decided_on,
            }
            for one in seen.extensions
        ],
    }


@router.get("/inspections/findings/{finding}", summary="One finding")
@audience("ledger.read")
def get_finding(request: HttpRequest, finding: int = Path(..., description="id of the finding")) -> dict[str, Any]:
    """Give one finding of an inspection with how its fault is mended."""
    return _finding(finding_page(request.viewer, finding, timezone.localdate()))  # type: ignore[attr-defined]


@router.get("/inspections/{inspection}", summary="One inspection")
@audience("ledger.read")
def get_inspection(
    request: HttpRequest, inspection: int = Path(..., description="id of the inspection"), on: str = ON
) -> dict[str, Any]:
    """Give an inspection: articles and questions, samples with the draws they come from, findings."""
    seen = inspection_page(request.viewer, inspection, day_asked(request))  # type: ignore[attr-defined]
    record = seen.inspection
    return {
        "id": record.pk,
        "on": seen.on,
        "title": record.title,
        "answer": seen.answer,
        "owner": record.owner_id,
        "office": record.office_id,
        "case": record.case_id,
        "plan": record.plan,
        "group": record.group,
        "starts_on": record.starts_on,
        "ends_on": record.ends_on,
        "suggestions": record.suggestions,
        "closed_on": record.closed_on,
        "closed_how": record.closed_how or None,
        "closed_why": record.closed_why or None,
        "articles": [
            {
                "article": part.article,
                "questions": [{"id": one.pk, "text": one.text, "check": one.check_what} for one in part.questions],
                "findings": [_finding(one) for one in part.findings],
            }
            for part in seen.parts
        ],
        "samples": [
            {"id": one.pk, "name": one.called, "place": one.place, "visit_on": one.visit_on, "draw": one.lot_id}
            for one in seen.samples
        ],
        "not_listed_yet": seen.unlisted,
        "draws": [
            {
                "id": one.lot.pk,
                "kind": one.lot.kind,
                "seed": one.lot.seed,
                "pool": one.lot.pool,
                "wanted": one.lot.wanted,
            }
            for one in seen.lots
        ],
    }


def _case(line: CaseLine) -> dict[str, Any]:
    record = line.case
    return {
        "id": record.pk,
        "title": record.title,
        "template": record.template,
        "template_valid_from": record.valid_from,
        "owner": record.owner_id,
        "office": record.office_id,
        "articles": record.articles,
        "opened_on": record.opened_on,
        "next": line.step or None,
        "owed_by": line.by_id or None,
        "due": line.due,
        "provisional": line.provisional,
        "late_wd": line.late_wd,
    }


def _opinion(line: OpinionLine) -> dict[str, Any]:
    record = line.opinion
    return {
        "id": record.pk,
        "case": record.case_id,
        "matter": record.matter,
        "number": record.number,
        "text": record.text,
        "office": record.office_id,
        "issued_on": record.issued_on,
        "due": record.due_on,
        "late": line.late,
        "state": record.state,
        "answer": record.answer,
        "reason": record.reason,
    }


def _finding(line: FindingLine) -> dict[str, Any]:
    record, mending = line.finding, line.mending
    due: date | None = mending.due_on if mending else None
    return {
        "id": record.pk,
        "inspection": record.inspection_id,
        "article": record.article,
        "question": record.question_id,
        "sample": record.sample_id,
        "found_on": record.found_on,
        "text": record.text,
        "conforming": record.conforming,
        "withdrawn_on": record.withdrawn_on,
        "withdrawn_why": record.withdrawn_why or None,
        "severity": record.severity or None,
        "office": record.office_id,
        "measure": mending.measure if mending else None,
        "due": due,
        "late": line.late,
        "state": mending.state if mending else None,
        "handed_on": mending.handed_on if mending else None,
        "evidence": mending.evidence if mending else None,
        "file": mending.file.name if mending and mending.file else None,
        "handed_in_at": mending.handed_in_at if mending else None,
        "decided_at": mending.decided_at if mending else None,
        "reason": mending.reason if mending else None,
    }
