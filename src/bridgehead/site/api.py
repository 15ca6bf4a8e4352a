"""The one API: every room's operations under ``/api/``, described by OpenAPI, with one shape of errors."""

from __future__ import annotations

import json
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import BaseRenderer
from ninja.responses import NinjaJSONEncoder

import bridgehead
from bridgehead.ground.language import LANGUAGES
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.site import errors

_LANG = {
    "name": "lang",
    "in": "query",
    "required": False,
    "description": "Language of names and sentences; zh if absent, English where the operation has not got it.",
    "schema": {"type": "string", "enum": list(LANGUAGES), "default": "zh"},
}
_NULL_OR_STRING = {"anyOf": [{"type": "string"}, {"type": "null"}]}
_PLACE = {
    "type": "object",
    "properties": {
        "file": _NULL_OR_STRING,
        "row": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "column": _NULL_OR_STRING,
        "field": _NULL_OR_STRING,
    },
}
_FAULT_FIELDS = {
    "code": {"type": "string", "description": "Stable dotted name of the fault."},
    "message": {"type": "string", "description": "What is wrong, in the language asked for."},
    "cure": {"type": "string", "description": "What to do about it."},
    "place": _PLACE,
    "parameters": {"type": "object"},
}
_FAULT = {
    "type": "object",
    "required": ["code", "severity", "message", "cure"],
    "properties": {**_FAULT_FIELDS, "severity": {"type": "string", "enum": ["error", "warning"]}},
}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "cure", "place", "parameters", "faults"],
            "properties": {**_FAULT_FIELDS, "faults": {"type": "array", "items": _FAULT}},
        }
    },
}
_REFUSALS = {
    "400": "The request cannot be read.",
    "401": "Somebody has to sign in first.",
    "403": "Whoever is signed in may not.",
    "404": "What was asked for is not there.",
    "422": "The question cannot be asked this way.",
    "500": "The fault is on our side.",
    "503": "Database or disk cannot be used just now; the same question can be asked again.",
}


class Renderer(BaseRenderer):
    """JSON with Chinese as it is read, and no infinities, which JSON does not know."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        """Return the body."""
        return json.dumps(data, cls=NinjaJSONEncoder, ensure_ascii=False, allow_nan=False)


class API(NinjaAPI):
    """The API with what all operations share: the parameter ``lang`` and the error."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """Return the OpenAPI description, with the shared parts written into every operation."""
        schema = super().get_openapi_schema(*args, **kwargs)
        schema.setdefault("components", {}).setdefault("schemas", {})["Error"] = _ERROR
        refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation.setdefault("parameters", []).append(_LANG)
                for status, words in _REFUSALS.items():
                    operation["responses"].setdefault(status, {"description": words, "content": refusal})
        return schema


api = API(
    title="bridgehead",
    version=bridgehead.__version__,
    description="What every page shows, as data. Errors have one shape; the code is stable, the sentence is not.",
    urls_namespace="api",
    docs_url="/docs",
    openapi_url="/openapi.json",
    renderer=Renderer(),
)


@api.exception_handler(BridgeheadError)
def _worded(request: HttpRequest, error: BridgeheadError) -> HttpResponse:
    return errors.answer(request, error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name every parameter that does not fit, with what was expected of it."""
    faults = []
    for one in error.errors:
        field = ".".join(str(part) for part in one.get("loc", ())[1:] if part != "query")
        faults.append(
            Fault("request.invalid_field", {"field": field, "reason": str(one.get("msg", ""))}, Place(field=field))
        )
    return errors.answer(request, BridgeheadError.of(faults), 422)


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return errors.answer_status(request, error.status_code)


@api.exception_handler(Exception)
def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    found = errors.database_fault(error)
    if found:
        return errors.answer(request, found)
    raise error  # Django logs it and answers with handler500


for room in (*settings.BRIDGEHEAD_ROOMS, "bridgehead.ground.screens"):
    if find_spec(f"{room}.api"):
        api.add_router("", import_module(f"{room}.api").router)
