"""Services and cases as data: the directory with measured times, a firm's cases, one case, an office's queue."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.journal.reads import record_read
from bridgehead.rooms.desk.models import Case
from bridgehead.rooms.desk.route_words import RouteLine
from bridgehead.rooms.desk.selectors.case_effects import came_of
from bridgehead.rooms.desk.selectors.case_lists import CaseLine, my_cases
from bridgehead.rooms.desk.selectors.case_page import case_page
from bridgehead.rooms.desk.selectors.case_routes import case_routes
from bridgehead.rooms.desk.selectors.queue import Asked, queue
from bridgehead.rooms.desk.selectors.ratings import Rated
from bridgehead.rooms.desk.selectors.services import ServiceLine, directory
from bridgehead.rooms.desk.who import ASK, HANDLE

router = Router(tags=["desk"])


@router.get("/services", summary="The directory of services")
@audience("public")
def list_services(request: HttpRequest) -> dict[str, Any]:
    """List the services with what each promises and how long it really took in the last year."""
    seen = directory()
    return {"answer": seen.says, "answered": seen.answered, "services": [_service(one) for one in seen.lines]}


def _service(one: ServiceLine) -> dict[str, Any]:
    service, measured = one.service, one.measured
    return {
        "service": service.id,
        "kind": service.kind,
        "name": one.name,
        "about": one.about,
        "owner": service.owner,
        "routes": [
            {"field": field, "choice": choice, "office": office} for (field, choice), office in service.routes.items()
        ],
        "owner_name": one.owner,
        "promise": str(service.promise) if service.promise else None,
        "first_answer": str(service.first_answer) if service.first_answer else None,
        "urgent_first_answer": str(service.urgent_first_answer) if service.urgent_first_answer else None,
        "cases": measured.cases,
        "enough": measured.enough,
        "median_min": measured.median_min,
        "ninth_decile_min": measured.ninth_decile_min,
        "promised": measured.promised,
        "in_time_share": measured.in_time_share,
        "first_promised": measured.first_promised,
        "first_in_time_share": measured.first_in_time_share,
        "measured_on_made_up_cases": one.demo,
        **_rated(one.rated),
        "articles": list(service.articles),
        "standing": service.confidence,
        "source": service.source,
    }


def _rated(one: Rated) -> dict[str, Any]:
    return {"ratings": one.found.ratings, "rating_average": one.found.average, "rated_on_made_up_cases": one.demo}


@router.get("/cases", summary="The cases of a firm")
@audience(ASK)
def list_cases(
    request: HttpRequest,
    firm: int = Query(0, description="one of the firms somebody asks for; all by default"),
    state: str = Query("", description="open, waiting, late or ended; those that have not ended by default"),
    page: int = Query(1, ge=1, le=10**6, description="page of the list"),
) -> dict[str, Any]:
    """List the cases of the firms somebody asks for, those that wait longest first."""
    seen = my_cases(request.viewer, firm, state, page)  # type: ignore[attr-defined]
    return {"answer": seen.says, "counts": dict(seen.counts), "more": seen.more, "cases": _lines(seen.lines)}


@router.get("/queue", summary="The queue of an office")
@audience(HANDLE)
def get_queue(
    request: HttpRequest,
    office: int = Query(0, description="one of the offices somebody handles cases for; all by default"),
    service: str = Query("", max_length=60, description="id of a service"),
    state: str = Query("", description="late, soon, waiting, elsewhere or ended; those that run by default"),
    page: int = Query(1, ge=1, le=10**6, description="page of the list"),
) -> dict[str, Any]:
    """List what waits in somebody's offices: what is urgent, then what is late, what is due, what waits for firms."""
    seen = queue(request.viewer, Asked(office, service, state, page))  # type: ignore[attr-defined]
    told = {"answer": seen.says, "counts": dict(seen.counts), "found": seen.found, "pages": seen.pages}
    rated = [{"service": one.service, **_rated(one)} for one in seen.rated]
    return {**told, "page": seen.asked.page, "cases": _lines(seen.lines), "rated": rated}


def _lines(lines: Any) -> list[dict[str, Any]]:
    return [_line(one) for one in lines]


def _line(one: CaseLine) -> dict[str, Any]:
    case, clock = one.case, one.clock
    promise = clock.promise if clock is not None else None
    return {
        "id": case.pk,
        "number": case.number,
        "title": case.title,
        "service": case.service,
        "state": case.state,
        "state_name": one.state,
        "turn": ("office", "trader", "nobody")[case.turn],
        "firm": one.firm,
        "office": case.office.code,
        "urgent": case.urgent,
        "opened_at": case.opened_at,
        "due_at": case.due_at,
        "waits_until": case.next_limit_at,
        "ended_at": case.ended_at,
        "outcome": case.outcome or None,
        "used": clock.used if clock is not None else None,
        "allowed": (clock.allowed or None) if clock is not None else None,
        "measure": ("wd" if promise.in_days else "wmin") if promise else None,
        "late": clock is not None and clock.late,
        "of_first_answer": one.of_first_answer,
        "gross_min": one.course.gross_minutes if one.course is not None else case.gross_min,
        "net_min": one.course.net_minutes if one.course is not None else case.net_min,
    }


@router.get("/cases/{case}", summary="A case")
@audience("signed-in")
def get_case(request: HttpRequest, case: int = Path(..., description="id of the case")) -> dict[str, Any]:
    """Give one case with what happened to it; reads by offices are journalled for the firm."""
    viewer = request.viewer  # type: ignore[attr-defined]
    seen = case_page(viewer, case)
    row, first = seen.case, seen.course.first_answer
    routes = case_routes(seen)
    record_read(viewer, Case.RECORD, row.pk, row.owner_id, office_id=row.office_id)
    return {
        **_line(seen.line),
        "first_answer": {
            "promise": str(first.promise) if first.promise else None,
            "due_at": first.due.at if first.due else None,
            "given_at": first.until if seen.course.is_answered else None,
            "late": first.late,
        },
        "basis": row.basis,
        "rating": row.rating,
        "form": [{"name": name, "value": value} for name, value in seen.form],
        "stages": [
            {
                "stage": one.stage.stage,
                "name": one.name,
                "offices": list(one.offices),
                "lasts": one.stage.lasts,
                "used": one.stage.clock.used,
                "allowed": one.stage.clock.allowed,
                "late": one.stage.clock.late,
            }
            for one in seen.stages
        ],
        "stages_to_come": [{"name": name, "promise": promise} for name, promise in seen.coming],
        "routes": [_route(one) for one in routes.table.lines] if routes and routes.table else [],
        "chosen_route": _route(routes.chosen.line) if routes and routes.chosen else None,
        "came_of": [asdict(one) for one in came_of(viewer, seen)],
        "moves": [{"move": one.move.id, "name": one.name, "needs": one.needs} for one in seen.moves],
        "events": [
            {
                "at": one.event.at,
                "kind": one.event.kind,
                "what": one.what,
                "by": one.by,
                "given": dict(one.given),
                "text": one.text,
                "inside": one.event.inside,
                "files": [file.name for file in one.files],
            }
            for one in seen.events
        ],
    }


def _route(line: RouteLine) -> dict[str, Any]:
    """Return a route the model found, with the parameters it rests on; it is nobody's offer."""
    return {"title": line.title, "standing": "model", **asdict(line.offer)}
