"""Errors on the wire and on the screen: one shape for all, worded by ``kernel.errors``."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from bridgehead.ground.language import language
from bridgehead.kernel.errors import BridgeheadError, Fault, as_json

_log = logging.getLogger("bridgehead.errors")

# What stands before the first dot tells whose fault it is; these are the operator's, not the visitor's.
_OUR_SIDE = ("server", "database", "region", "table", "flows", "network", "statute")
_BY_STATUS: Mapping[int, str] = {
    400: "request.bad",
    404: "request.not_found",
    405: "request.method_not_allowed",
    413: "request.too_large",
    415: "request.bad_media_type",
    422: "request.invalid",
    500: "server.internal",
    503: "database.unavailable",
}


def is_api(path: str) -> bool:
    """Tell whether a path belongs to the API."""
    return path == "/api" or path.startswith("/api/")


def status_of(code: str) -> int:
    """Return the HTTP status of a fault: 404 for what is not there, 422 for what cannot be asked, 5xx for us."""
    for status, known in _BY_STATUS.items():
        if code == known:
            return status
    area, _, rest = code.partition(".")
    if rest.rpartition(".")[2].startswith(("unknown_", "no_such_")) and area not in ("table", "database", "server"):
        return 404
    return 500 if area in _OUR_SIDE else 422


def answer(request: HttpRequest, error: BridgeheadError, status: int | None = None) -> HttpResponse:
    """Return a fault as JSON under ``/api/`` and as a page elsewhere."""
    status = status or status_of(error.code)
    body = as_json(error, language())
    response: HttpResponse
    if is_api(request.path_info):
        response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    else:
        response = HttpResponse(_page(request, body, status), status=status)
    response.in_shape = True  # type: ignore[attr-defined]
    return response


def _page(request: HttpRequest, body: Mapping[str, object], status: int) -> str:
    try:
        return render_to_string("error.html", {**body, "status": status}, request=request)
    except Exception:  # the frame needs the region; without it the bare page still says what is wrong
        _log.exception("the error page could not be drawn in its frame")
        return render_to_string("error_bare.html", {**body, "status": status})


def answer_status(request: HttpRequest, status: int) -> HttpResponse:
    """Return the answer for a bare HTTP status."""
    code = _BY_STATUS.get(status, "request.bad" if status < 500 else "server.internal")
    # A path can be as long as somebody likes; the sentence quotes its beginning.
    shown = request.path_info if len(request.path_info) <= 80 else request.path_info[:80] + "…"
    return answer(request, BridgeheadError(code, {"path": shown, "method": (request.method or "")[:20]}), status)


def database_fault(exception: Exception) -> BridgeheadError | None:
    """Return the fault for a database that cannot be used, or None for any other exception."""
    if not isinstance(exception, DatabaseError):
        return None
    _log.error("database: %s", exception)
    return BridgeheadError(
        "database.unavailable", {"file": str(settings.DATABASES["default"]["NAME"]), "reason": str(exception)}
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request Django refuses to read (`handler400`)."""
    return answer_status(request, 400)


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    """Answer for an address that does not exist (`handler404`)."""
    return answer_status(request, 404)


def internal(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of the program itself (`handler500`); the log has the details, the visitor a sentence."""
    return answer_status(request, 500)


def fault_at(code: str, parameters: Mapping[str, object], field: str) -> Fault:
    """Return a fault at a field of the request."""
    from bridgehead.kernel.errors import Place

    return Fault(code, parameters, Place(field=field))
