"""Operations of the ledger: meetings and decisions, the list of problems, requests, circulars."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from bridgehead.ground.access.audience import audience
from bridgehead.rooms.ledger.models import Meeting, Problem
from bridgehead.rooms.ledger.selectors.board import day_of
from bridgehead.rooms.ledger.selectors.circulars import Seen, circular_list, circular_page, draft
from bridgehead.rooms.ledger.selectors.inquiries import InquiryLine, inquiry_list, inquiry_page
from bridgehead.rooms.ledger.selectors.meetings import (
    DecisionLine,
    MeetingLine,
    decision_page,
    meeting_list,
    meeting_page,
)
from bridgehead.rooms.ledger.selectors.problems import (
    RUNNING,
    STATES,
    Filter,
    ProblemLine,
    problem_list,
    problem_page,
)

router = Router(tags=["ledger"])

ON = Query("", max_length=20, description="the day of which the list is, as 2026-08-01; by default today")
DAY = Query("", max_length=20, description="the day as of which it is shown, as 2026-08-01; by default today")
PAGE = Query(1, ge=1, le=1_000_000, description="page of the list, from 1")


@router.get("/meetings", summary="Meetings")
@audience("ledger.read")
def list_meetings(
    request: HttpRequest,
    state: str = Query("", description="planned, held or cancelled; by default all"),
    on: str = ON,
    page: int = PAGE,
) -> dict[str, Any]:
    """List the meetings one keeps or was asked to, the latest first, with how many of their decisions are not done."""
    known = state if state in Meeting.State.values else ""
    found = meeting_list(request.viewer, page, known, day_of(on))  # type: ignore[attr-defined]
    return {
        "on": found.on.isoformat(),
        "total": found.found.total,
        "page": found.found.page,
        "pages": found.found.pages,
        "to_give": found.to_give,
        "late": found.late,
        "meetings": [_meeting(one) for one in found.found.rows],
    }


@router.get("/meetings/{meeting}", summary="One meeting")
@audience("ledger.read")
def get_meeting(
    request: HttpRequest, meeting: int = Path(..., description="id of the meeting"), on: str = DAY
) -> dict[str, Any]:
    """Give a meeting with its agenda, who was asked and came, and what it decided, as they were known on a day."""
    page = meeting_page(request.viewer, meeting, day_of(on))  # type: ignore[attr-defined]
    record = page.record
    return {
        "on": page.on.isoformat(),
        **_meeting(page.line),
        "place": record.place,
        "chair": record.chair,
        "agenda": record.agenda,
        "note": record.note,
        "bodies": [{"body": one.body, "name": one.name, "state": one.state} for one in page.seats],
        "minutes": record.minutes.name if record.minutes else None,
        "decisions": [_decision(one) for one in page.decisions],
    }


@router.get("/decisions/{decision}", summary="One decision")
@audience("ledger.read")
def get_decision(
    request: HttpRequest, decision: int = Path(..., description="id of the decision"), on: str = DAY
) -> dict[str, Any]:
    """Give a decision with who owns it and how far it was on a day."""
    page = decision_page(request.viewer, decision, day_of(on))  # type: ignore[attr-defined]
    return {"on": page.on.isoformat(), **_decision(page.line), "meeting": page.meeting.record.pk}


class Narrowed(Schema):
    """Which problems of the list are meant."""

    office: int = Field(0, ge=0, le=2**63 - 1, description="id of the organisation that has to mend it; 0 for all")
    article: int = Field(0, ge=0, le=9999, description="number of an article; 0 for all")
    state: str = Field(RUNNING, description=f"one of {', '.join(STATES)}; {RUNNING} is all that is not closed")
    overdue: str = Field("", description="y for those that are late alone")
    severity: str = Field("", description="grave, serious or ordinary; by default all")
    on: str = Field("", max_length=20, description="the day of which the list is, as 2026-08-01; by default today")
    page: int = Field(1, ge=1, le=1_000_000, description="page of the list, from 1")


@router.get("/problems", summary="List of problems")
@audience("ledger.read")
def list_problems(request: HttpRequest, narrowed: Query[Narrowed]) -> dict[str, Any]:
    """List the problems a filter leaves, what is due first standing first."""
    asked = Filter(
        office=narrowed.office,
        article=narrowed.article,
        state=narrowed.state if narrowed.state in STATES else RUNNING,
        overdue=narrowed.overdue == "y",
        severity=narrowed.severity if narrowed.severity in Problem.Severity.values else "",
        on=day_of(narrowed.on),
    )
    found = problem_list(request.viewer, asked, narrowed.page)  # type: ignore[attr-defined]
    return {
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "running": found.running,
        "late": found.late,
        "waiting": found.waiting,
        "on": found.on.isoformat(),
        "problems": [_problem(one) for one in found.lines],
    }


@router.get("/problems/{problem}", summary="One problem")
@audience("ledger.read")
def get_problem(
    request: HttpRequest, problem: int = Path(..., description="id of the problem"), on: str = DAY
) -> dict[str, Any]:
    """Give a problem with its measures, its result and its history as they were known on a day."""
    page = problem_page(request.viewer, problem, day_of(on))  # type: ignore[attr-defined]
    record = page.record
    return {
        "on": page.on.isoformat(),
        **_problem(page.line),
        "what": record.what,
        "measures": record.measures,
        "result": record.result,
        "keeper": page.keeper,
        "steps": [
            {
                "kind": one.record.kind,
                "on": one.record.on.isoformat(),
                "due_on": one.record.due_on.isoformat(),
                "note": one.record.note,
            }
            for one in page.steps
        ],
    }


@router.get("/requests", summary="Requests to bodies")
@audience("ledger.read")
def list_requests(request: HttpRequest, on: str = ON, page: int = PAGE) -> dict[str, Any]:
    """List the requests one made or was asked, with how many replies are missing."""
    found = inquiry_list(request.viewer, page, day_of(on))  # type: ignore[attr-defined]
    return {
        "on": found.on.isoformat(),
        "total": found.found.total,
        "page": found.found.page,
        "pages": found.found.pages,
        "missing": found.missing,
        "late": found.late,
        "requests": [_inquiry(one) for one in found.found.rows],
    }


@router.get("/requests/{inquiry}", summary="One request")
@audience("ledger.read")
def get_request(
    request: HttpRequest, inquiry: int = Path(..., description="id of the request"), on: str = DAY
) -> dict[str, Any]:
    """Give a request with the replies one may see as they were known on a day, those that are missing first."""
    page = inquiry_page(request.viewer, inquiry, day_of(on))  # type: ignore[attr-defined]
    return {
        "on": page.on.isoformat(),
        **_inquiry(page.line),
        "question": page.record.question,
        "keeper": page.keeper,
        "replies": [
            {
                "body": one.record.office_id,
                "name": one.body,
                "answered_on": one.answered_on.isoformat() if one.answered_on else None,
                "text": one.record.text,
                "reminders": one.record.reminders,
                "late_wd": one.late_wd,
            }
            for one in page.replies
        ],
    }


@router.get("/circulars", summary="Circulars")
@audience("ledger.read")
def list_circulars(request: HttpRequest, page: int = PAGE) -> dict[str, Any]:
    """List the circulars one may read, the latest first, and the periods that are still to be told."""
    found = circular_list(request.viewer, page)  # type: ignore[attr-defined]
    return {
        "total": found.found.total,
        "page": found.found.page,
        "pages": found.found.pages,
        "circulars": [
            {
                "id": one.record.pk,
                "title": one.title,
                "period": one.record.period,
                "number": f"{one.record.year}-{one.record.number}",
                "issued_on": one.record.issued_on.isoformat(),
                "issuer": one.issuer,
                "headline": one.headline,
            }
            for one in found.found.rows
        ],
        "to_draft": [
            {"organisation": one.organisation.pk, "period": one.period, "over": one.over} for one in found.to_draft
        ],
    }


@router.get("/circulars/draft/{period}", summary="Draft of a circular")
@audience("ledger.keep")
def draft_circular(
    request: HttpRequest,
    period: str = Path(..., description="2026-10 for a month, 2026H1 for a half-year"),
    organisation: int = Query(0, ge=0, le=2**63 - 1, description="id of the office; by default the first one keeps"),
) -> dict[str, Any]:
    """Give what the circular of a period would say now."""
    return _circular(draft(request.viewer, period, organisation))  # type: ignore[attr-defined]


@router.get("/circulars/{circular}", summary="One circular")
@audience("ledger.read")
def get_circular(request: HttpRequest, circular: int = Path(..., description="id of the circular")) -> dict[str, Any]:
    """Give a circular as it was issued."""
    return _circular(circular_page(request.viewer, circular))  # type: ignore[attr-defined]


def _meeting(one: MeetingLine) -> dict[str, Any]:
    return {
        "id": one.record.pk,
        "title": one.record.title,
        "kind": one.record.kind,
        "state": one.record.state,
        "at": one.at.isoformat(),
        "decided": one.decided,
        "left": one.left,
    }


def _decision(one: DecisionLine) -> dict[str, Any]:
    record = one.record
    return {
        "id": record.pk,
        "number": record.number,
        "text": record.text,
        "office": one.office,
        "joint": list(one.joint),
        "decided_on": record.decided_on.isoformat(),
        "due_on": record.due_on.isoformat(),
        "articles": list(one.articles),
        "state": one.code,
        "task": record.task_id,
        "share": float(one.share) if one.share is not None else None,
        "done_on": one.done_on.isoformat() if one.done_on else None,
        "late_wd": one.late_wd,
    }


def _problem(one: ProblemLine) -> dict[str, Any]:
    record = one.record
    return {
        "id": record.pk,
        "title": record.title,
        "office": one.office,
        "place": record.place,
        "origin": record.origin,
        "finding": record.finding,
        "severity": record.severity,
        "articles": list(one.articles),
        "found_on": record.found_on.isoformat(),
        "due_on": one.due_on.isoformat(),
        "state": one.code,
        "waits": one.waits,
        "late_wd": one.late_wd,
    }


def _inquiry(one: InquiryLine) -> dict[str, Any]:
    return {
        "id": one.record.pk,
        "title": one.record.title,
        "articles": list(one.articles),
        "given_on": one.record.given_on.isoformat(),
        "due_on": one.record.due_on.isoformat(),
        "state": "open" if one.open else "closed",
        "asked": one.asked,
        "silent": one.silent,
        "late_wd": one.late_wd,
    }


def _circular(seen: Seen) -> dict[str, Any]:
    record = seen.record
    return {
        "title": seen.title,
        "headline": seen.headline,
        "issuer": seen.issuer,
        "number": f"{record.year}-{record.number}" if record else None,
        "issued_on": record.issued_on.isoformat() if record else None,
        "sha256": record.sha256 if record else None,
        "foreword": record.foreword if record else "",
        "sent_to": [name for _, name in seen.bodies] if record else [],
        "content": dict(seen.content),
    }
