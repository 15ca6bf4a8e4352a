"""Errors on the wire and on the screen: one shape for all, worded by ``kernel.errors``."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import DataError, Error, IntegrityError, ProgrammingError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template.loader import render_to_string

from bridgehead.ground import database
from bridgehead.ground.language import LANGUAGES, html_code, language
from bridgehead.ground.screens.held import Held, typed
from bridgehead.ground.screens.views.signing_in import ask
from bridgehead.kernel.errors import BridgeheadError, Fault, Place, as_json, sentence

_log = logging.getLogger("bridgehead.errors")

# What stands before the first dot tells whose fault it is: these are the visitor's questions. Everything else lies
# with the operator's tables, database or machine, and no visitor can mend it.
_QUESTIONS = (
    *("request", "route", "gateway", "action", "organisation", "person", "membership", "mandate", "delegation"),
    *("file", "form", "import", "search", "task", "statute"),
    *("meeting", "decision", "problem", "inquiry", "circular", "coordination"),
    *("ledger", "supervision", "procedure", "vote", "inspection", "rectification", "evidence", "figure", "programme"),
    *("policy", "firm", "case", "eligibility", "notice", "news", "training", "promotion", "outbound", "reply"),
    *("certificate", "product", "service"),
    *("publication", "question", "dossier", "target", "period", "unit", "scenario", "translation"),
    *("port_run", "staffing"),
)
_OF_THE_TABLES = ("statute.articles_missing", "statute.no_such_article")
"""Faults of the region's tables, whatever their area is called."""
_TRY_AGAIN = (
    *("database.locked", "database.unavailable", "database.full", "database.read_only", "database.damaged"),
    *("file.disk_full", "file.folder_read_only", "file.not_kept", "clock.set_back"),
)
NO_TEXT = "NUL (0x00)"
_SIGN_IN_FIRST = ("request.sign_in_first", "action.not_signed_in")
_BY_STATUS: Mapping[int, str] = {
    400: "request.bad",
    401: "request.sign_in_first",
    403: "request.not_allowed",
    404: "request.not_found",
    405: "request.method_not_allowed",
    413: "request.too_large",
    415: "request.bad_media_type",
    422: "request.invalid",
    500: "server.internal",
    503: "database.unavailable",
}
_BY_CODE: Mapping[str, int] = {
    "action.not_signed_in": 401,
    "action.not_allowed": 403,
    "action.mandate_over": 403,
    "action.changed_meanwhile": 409,
    "action.conflict": 409,
    "action.repeated": 409,
    "statute.preview_outdated": 409,
    "programme.not_there_yet": 404,
    "region.no_port_model": 404,
    "simulation.unknown_class": 404,
    "planning.unknown_direction": 404,
    "planning.bad_tolerance": 422,
    "planning.no_freight_classes": 422,
    "request.form_expired": 403,
    "request.not_offered": 403,
    "case.draft_gone": 409,
    "request.too_often": 429,
}


def is_api(path: str) -> bool:
    """Tell whether a path belongs to the API."""
    return path == "/api" or path.startswith("/api/")


def status_of(code: str) -> int:
    """Return the HTTP status of a fault: 404 for what is not there, 422 for what cannot be asked, 5xx for us."""
    for status, known in _BY_STATUS.items():
        if code == known:
            return status
    if code in _TRY_AGAIN:
        return 503
    if code in _BY_CODE:
        return _BY_CODE[code]
    area, _, rest = code.partition(".")
    if area not in _QUESTIONS or code in _OF_THE_TABLES:
        return 500
    return 404 if rest.startswith(("unknown_", "no_such_")) else 422


def answer(request: HttpRequest, error: BridgeheadError, status: int | None = None) -> HttpResponse:
    """Return a fault as JSON under ``/api/`` and as a page elsewhere."""
    status = status or status_of(error.code)
    body = as_json(_for_visitors(error), language())
    response: HttpResponse
    if not is_api(request.path_info) and error.code in _SIGN_IN_FIRST:
        response = ask(request, status)
    elif is_api(request.path_info):
        response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    else:
        response = HttpResponse(_page(request, body, status), status=status)
    if "seconds" in error.parameters and error.code == "request.too_often":
        response["Retry-After"] = str(error.parameters["seconds"])
    response.in_shape = True  # type: ignore[attr-defined]
    return response


def _for_visitors(error: BridgeheadError) -> BridgeheadError:
    """Return the error without what concerns only the operator: where the database lies and what its driver says."""
    if not any(fault.code.startswith("database.") for fault in error.faults):
        return error
    _log.error("%s", "; ".join(sentence(fault, "en").message for fault in error.faults))
    return BridgeheadError.of(Fault(f.code) if f.code.startswith("database.") else f for f in error.faults)


def _page(request: HttpRequest, body: Mapping[str, object], status: int) -> str:
    try:
        return render_to_string("error.html", {**body, "status": status}, request=request)
    except Exception:  # the frame needs the region; without it the bare page still says what is wrong
        _log.exception("the error page could not be drawn in its frame")
        return render_to_string("error_bare.html", {**body, "html_lang": html_code(language())})


def answer_status(request: HttpRequest, status: int) -> HttpResponse:
    """Return the answer for a bare HTTP status."""
    code = _BY_STATUS.get(status, "request.bad" if status < 500 else "server.internal")
    # A path can be as long as somebody likes; the sentence quotes its beginning.
    shown = request.path_info if len(request.path_info) <= 80 else request.path_info[:80] + "…"
    return answer(request, BridgeheadError(code, {"path": shown, "method": (request.method or "")[:20]}), status)


def database_fault(exception: Exception) -> BridgeheadError | None:
    """Return the fault for a database that cannot be used, or None for any other exception.

    What was asked of a sound database wrongly is a fault of the program: it goes to the log with its place; but for the
    one sign that PostgreSQL keeps in no text, which whoever asked has sent.
    """
    if not isinstance(exception, Error):
        return None
    if isinstance(exception, DataError) and NO_TEXT in str(exception):
        return BridgeheadError("request.no_text")
    found = database.fault_of(exception)
    asked_wrongly = exception.__cause__ is None or isinstance(exception, DataError | IntegrityError | ProgrammingError)
    return None if found.code == "database.unavailable" and asked_wrongly else found


def unknown_host(request: HttpRequest) -> HttpResponse | None:
    """Return the refusal of a request for a host the platform does not answer for, or None for any other."""
    try:
        request.get_host()
    except DisallowedHost:
        host = request.META.get("HTTP_HOST", "")[:80]
        return answer(request, BridgeheadError("request.unknown_host", {"host": host}, Place(field="Host")), 400)
    return None


def unknown_language(request: HttpRequest) -> HttpResponse | None:
    """Return the refusal of an operation asked for in a language there is none of, or None for any other request."""
    given = request.GET.get("lang")
    if given is None or given in LANGUAGES or not is_api(request.path_info):
        return None
    detail = {"value": given, "field": "lang", "allowed": list(LANGUAGES)}
    return answer(request, BridgeheadError("request.bad_filter", detail, Place(field="lang")), 422)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request Django refuses to read (`handler400`)."""
    return answer_status(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token, or with the token of another session: the form again, as it was filled in.

    It is not carried out; whoever filled it in sends it again.
    """
    return _again(request, BridgeheadError("request.form_expired"), typed(request))


def not_offered(request: HttpRequest, error: BridgeheadError) -> HttpResponse:
    """Answer a form that the record of a page is past: the page as it is now, with what was typed to be copied.

    Whoever typed nothing hears only that there is no such form.
    """
    held = typed(request, own=True)
    if held is not None:
        told = {name: [one for one in values if one.strip()] for name, values in held.fields.items() if name != "form"}
        held = Held(held.path, {name: values for name, values in told.items() if values})
    return _again(request, error, held if held and held.fields else None)


def _again(request: HttpRequest, error: BridgeheadError, held: Held | None) -> HttpResponse:
    match = request.resolver_match
    if held is None or match is None:
        return answer(request, error, 403)
    held.error = error
    request.method, request.POST = "GET", QueryDict()  # type: ignore[misc, assignment]
    request.held = held  # type: ignore[attr-defined]
    try:
        again: HttpResponse = match.func(request, *match.args, **match.kwargs)
    except BridgeheadError as refused:
        return answer(request, refused)
    if again.status_code != 200:
        return answer(request, error, 403)
    again.status_code = 403
    again.in_shape = True  # type: ignore[attr-defined]
    return again


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """Answer for an address that does not exist (`handler404`)."""
    return answer_status(request, 404)


def internal(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of the program itself (`handler500`); the log has the details, the visitor a sentence.

    A database that is away where no page is asked yet, as when a session is kept, is told as what it is.
    """
    raised = sys.exception()
    found = database_fault(raised) if isinstance(raised, Exception) else None
    return answer(request, found) if found else answer_status(request, 500)
