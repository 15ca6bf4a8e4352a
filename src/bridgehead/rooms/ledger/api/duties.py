"""Operations on duties, tasks and evidence."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.rooms.ledger.falling import KINDS
from bridgehead.rooms.ledger.matters import Matter
from bridgehead.rooms.ledger.selectors.board import Board, Filters, Group, day_of
from bridgehead.rooms.ledger.selectors.board import board as board_of
from bridgehead.rooms.ledger.selectors.bodies import body as body_of
from bridgehead.rooms.ledger.selectors.calendar import Month, kinds_of, month, month_of
from bridgehead.rooms.ledger.selectors.duties import DutyLine, Register, duty_page, register
from bridgehead.rooms.ledger.selectors.evidence import evidence_page
from bridgehead.rooms.ledger.selectors.morning import Shelf, morning
from bridgehead.rooms.ledger.selectors.periods import periods_seen
from bridgehead.rooms.ledger.selectors.tasks import EvidenceLine, Goal, TaskLine, TaskPage, task_page

router = Router(tags=["ledger"])

ON = Query("", description="the day asked for, YYYY-MM-DD; today by default")
KIND = Query([], description=f"only of these kinds: {', '.join(KINDS)}; all by default")


@router.get("/ledger/morning", summary="My morning")
@audience("ledger.read")
def get_morning(request: HttpRequest) -> dict[str, Any]:
    """Give what waits for whoever asks: what their bodies owe, evidence to decide on, what is late."""
    seen = morning(request.viewer)  # type: ignore[attr-defined]
    return {
        "on": seen.on,
        "sentence": seen.sentence,
        "bodies": seen.bodies,
        "late": _shelf(seen.late),
        "today": _shelf(seen.today),
        "soon": _shelf(seen.soon),
        "to_decide": {"total": seen.waits, "shown": [evidence_json(one) for one in seen.waiting]},
        "returned": [evidence_json(one) for one in seen.returned],
        "drafts": [evidence_json(one) for one in seen.drafts],
        "matters": [matter_json(one) for one in seen.matters],
    }


@router.get("/ledger/board", summary="Who owes what on a day")
@audience("ledger.read")
def get_board(  # noqa: PLR0917 - the filters of the page
    request: HttpRequest,
    on: str = ON,
    organisation: int | None = Query(None, description="only what this organisation leads"),
    article: int | None = Query(None, description="only what serves this article"),
    late: str = Query("", description="y: only what is late"),
    page: int = Query(1, ge=1, le=1_000_000, description="page of the tasks, from 1"),
) -> dict[str, Any]:
    """Count what is owed on a day by organisation and by article, and give one page of the tasks."""
    asked = Filters(day_of(on), organisation, article, late == "y", page)
    return board_json(board_of(request.viewer, asked))  # type: ignore[attr-defined]


def board_json(seen: Board) -> dict[str, Any]:
    """Return who owes what on a day."""
    return {
        "on": seen.filters.on,
        "owed": seen.owed,
        "late": seen.late,
        "soon": seen.soon,
        "by_organisation": [_group(one) for one in seen.by_organisation],
        "by_article": [_group(one) for one in seen.by_article],
        "page": seen.filters.page,
        "pages": seen.pages,
        "tasks": [task_json(one) for one in seen.tasks],
    }


@router.get("/ledger/duties", summary="List of responsibilities")
@audience("ledger.read")
def list_duties(
    request: HttpRequest,
    article: int | None = Query(None, description="only the duties of this article"),
    lacking: str = Query("", description="lead, task or text: only duties that lack it"),
    work: int | None = Query(None, description="only the duties of this statute"),
    on: str = ON,
) -> dict[str, Any]:
    """Give the duties taken over from the law, with who answers for each on a day."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return register_json(register(viewer, article=article, lacking=lacking, work=work, on=day_of(on)))


def register_json(found: Register) -> dict[str, Any]:
    """Return the list of responsibilities."""
    return {
        "on": found.on,
        "total": found.total,
        "without_lead": found.without_lead,
        "without_task": found.without_task,
        "changed": found.changed,
        "waiting": found.waiting,
        "duties": [_duty(one) for one in found.lines],
    }


@router.get("/ledger/duties/{ledger_duty}", summary="One duty in the ledger")
@audience("ledger.read")
def get_duty(
    request: HttpRequest, ledger_duty: int = Path(..., description="id of the duty"), on: str = ON
) -> dict[str, Any]:
    """Give one duty as of a day, with who answered for it and the tasks it became."""
    seen = duty_page(request.viewer, ledger_duty, day_of(on))  # type: ignore[attr-defined]
    return {**_duty(seen.line), "on": seen.on, "tasks": [task_json(one) for one in seen.tasks]}


@router.get("/ledger/tasks/{ledger_task}", summary="One task")
@audience("ledger.read")
def get_task(
    request: HttpRequest, ledger_task: int = Path(..., description="id of the task"), on: str = ON
) -> dict[str, Any]:
    """Give one task as it stood on a day: what it is made of, its evidence, what was done about its being late."""
    return whole_task_json(task_page(request.viewer, ledger_task, day_of(on)))  # type: ignore[attr-defined]


def whole_task_json(seen: TaskPage) -> dict[str, Any]:
    """Return everything about a task as it stood on a day."""
    return {
        **task_json(seen.line),
        "on": seen.on,
        "what": seen.line.task.what,
        "given_on": seen.line.task.given_on,
        "owner": seen.owner,
        "parts": [{"organisation": name, "part": one.part} for one, name, _ in seen.parts],
        "milestones": [_goal(one) for one in seen.milestones],
        "targets": [_goal(one) for one in seen.targets],
        "parts_of_it": [task_json(one) for one in seen.below],
        "evidence": [evidence_json(one) for one in seen.evidence],
        "escalations": [
            {
                "id": one.pk,
                "rung": one.rung,
                "on": one.taken_on,
                "due_on": one.due_on,
                "to": to,
                "year": one.year,
                "number": one.number,
                "early_why": one.early_why or None,
            }
            for one, _, to in seen.escalations
        ],
    }


@router.get("/ledger/evidence/{evidence}", summary="One piece of evidence")
@audience("ledger.read")
def get_evidence(
    request: HttpRequest, evidence: int = Path(..., description="id of the evidence"), on: str = ON
) -> dict[str, Any]:
    """Give one piece of evidence as it was known on a day, with what was decided about it."""
    seen = evidence_page(request.viewer, evidence, day_of(on))  # type: ignore[attr-defined]
    told = {"on": seen.on, "task": task_json(seen.task), "reason": seen.line.row.reason}
    return {**evidence_json(seen.line), **told}


@router.get("/ledger/bodies/{body}", summary="One organisation in the ledger")
@audience("ledger.read")
def get_body(
    request: HttpRequest, body: str = Path(..., description="code of the organisation"), on: str = ON
) -> dict[str, Any]:
    """Give what one organisation answers for and owes on a day."""
    seen = body_of(request.viewer, body, day_of(on))  # type: ignore[attr-defined]
    return {
        "on": seen.on,
        "organisation": seen.organisation.code,
        "name": seen.name,
        "owed": seen.owed,
        "late": seen.late,
        "soon": seen.soon,
        "done_this_year": seen.done_this_year,
        "in_time": seen.in_time,
        "duties": [{**_duty(one), "part": part} for one, part in seen.duties],
        "tasks": [task_json(one) for one in seen.tasks],
        "joined": [{**task_json(one), "part": part} for one, part in seen.joined],
        "matters": [matter_json(one) for one in seen.matters],
    }


@router.get("/ledger/calendar", summary="Calendar")
@audience("ledger.read")
def get_calendar(
    request: HttpRequest,
    month_: str = Query("", alias="month", description="the month, YYYY-MM; this one by default"),
    kind: list[str] = KIND,
) -> dict[str, Any]:
    """Give the days of a month: off or worked, and what falls on each."""
    return month_json(month(request.viewer, month_of(month_), kinds_of(kind)))  # type: ignore[attr-defined]


def month_json(seen: Month) -> dict[str, Any]:
    """Return the days of a month with what is due on each."""
    return {
        "month": f"{seen.first:%Y-%m}",
        "announced": seen.announced,
        "kinds": seen.kinds,
        "cut": seen.cut,
        "days": [
            {
                "on": day.on,
                "off": day.off,
                "things": [{"title": one.title, "who": one.who, "kind": one.kind, "at": one.at} for one in day.things],
                "more": day.more,
            }
            for day in seen.days
        ],
    }


@router.get("/ledger/periods", summary="Closed periods")
@audience("ledger.read")
def list_periods(request: HttpRequest) -> dict[str, Any]:
    """List the periods that are closed for whoever asks, and those they closed and opened again, the latest first."""
    return {
        "periods": [
            {
                "period": one.record.period,
                "owner": one.record.owner.code,
                "closed_on": one.record.closed_on,
                "opened_on": one.record.opened_on,
            }
            for one in periods_seen(request.viewer)  # type: ignore[attr-defined]
        ]
    }


def task_json(one: TaskLine) -> dict[str, Any]:
    """Return a task in a list."""
    return {
        "id": one.task.pk,
        "title": one.task.title,
        "lead": one.office,
        "article": one.task.article,
        "due_on": one.due_on,
        "late": one.late,
        "waits": one.waits,
        "share": round(one.share, 6),
        "ladder": [{"rung": step.id, "on": step.on, "state": step.look} for step in one.ladder],
    }


def evidence_json(one: EvidenceLine) -> dict[str, Any]:
    """Return a piece of evidence in a list."""
    row = one.row
    return {
        "id": row.pk,
        "claim": row.claim,
        "issuer": row.issuer,
        "dated_on": row.dated_on,
        "state": row.state,
        "organisation": one.office,
        "speaks_of": one.of,
        "value": None if row.value is None else str(row.value.normalize()),
        "unit": row.unit,
        "as_of": row.as_of,
        "accepted_on": row.accepted_on,
        "taken_back_on": row.taken_back_on,
    }


def matter_json(one: Matter) -> dict[str, Any]:
    """Return one thing that waits."""
    return {"title": one.title, "why": one.why, "due_on": one.due_on, "address": one.address, "articles": one.articles}


def _shelf(shelf: Shelf) -> dict[str, Any]:
    return {"total": shelf.total, "shown": [task_json(one) for one in shelf.shown]}


def _group(one: Group) -> dict[str, Any]:
    oldest: date | None = one.oldest
    return {"key": one.key, "name": one.name, "owed": one.owed, "late": one.late, "soon": one.soon, "oldest": oldest}


def _goal(one: Goal) -> dict[str, Any]:
    return {"id": one.record.pk, "name": one.name, "share": round(one.share, 6), "value": one.value, "as_of": one.as_of}


def _duty(one: DutyLine) -> dict[str, Any]:
    return {
        "id": one.row.pk,
        "eid": one.row.eid,
        "statute": one.row.title,
        "article": one.row.article,
        "label": one.row.label,
        "modality": one.row.modality,
        "what": one.row.what,
        "state": one.row.state,
        "organs": [name for name, _ in one.row.organs],
        "answering": [{"organisation": held.row.office.code, "part": held.row.part} for held in one.answering],
        "tasks": one.tasks,
        "done": one.done,
        "late": one.late,
    }
