"""What every answer of the site has in common: headers, language, and one shape of errors."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import ANONYMOUS, Viewer, as_system, viewing
from bridgehead.ground.language import (
    OF_EVERY_PAGE,
    SOURCE_LANGUAGE,
    django_code,
    html_code,
    known,
    language_of,
    spoken,
)
from bridgehead.ground.pages import languages_of_operation
from bridgehead.ground.people.second_factor import SECOND_FACTOR, hold_back
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.site import errors

Handler = Callable[[HttpRequest], HttpResponse]

# Nothing may be asked of another machine, nothing inline may run or style; data: is the arrow in select fields.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


class Headers:
    """Security headers on every answer, whoever made it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers that the answer does not carry yet."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        # No other site hears where somebody came from. Not even this one would with "no-referrer", and browsers then
        # send forms with the origin "null", which the check of forms refuses.
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")
        # Pages follow the tables and the version in use, so a browser asks each time and mostly hears "unchanged".
        response.headers.setdefault("Cache-Control", "no-cache")
        return response


class Language:
    """The language of a request: the path says it, and ``?lang=`` for operations and files. No cookie, no guess.

    The same address shows the same words to everybody, so that a link can be quoted.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the language for the time of the request."""
        language = self.of(request)
        request.LANGUAGE_CODE = django_code(language)  # type: ignore[attr-defined]
        with translation.override(django_code(language)):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", html_code(language))
        return response

    @staticmethod
    def of(request: HttpRequest) -> str:
        """Return the language a request asks for."""
        path = request.path_info
        if errors.is_api(path):
            asked = known(request.GET.get("lang", ""))
            return asked if asked in OF_EVERY_PAGE else spoken(asked, languages_of_operation(path))
        if language_of(path) == SOURCE_LANGUAGE and not path.endswith("/"):  # the address of a page ends with a slash
            return known(request.GET.get("lang", ""))
        return language_of(path)


class ErrorShape:
    """Every refusal in the one shape: JSON under ``/api/``, else a page that says what to do."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace an error answer that somebody else worded (Django, ninja) by ours."""
        refused = errors.unknown_host(request) or errors.unknown_language(request)
        if refused is not None:
            return refused
        response = self.get_response(request)
        if response.status_code < 400 or getattr(response, "in_shape", False):
            return response
        shaped = errors.answer_status(request, response.status_code)
        if "Allow" in response:
            shaped["Allow"] = response["Allow"]
        response.close()
        return shaped

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Word a fault that a page or operation raised; what is no fault of ours to word goes on to the 500 page."""
        if isinstance(exception, BridgeheadError) and exception.code == "request.not_offered":
            return errors.not_offered(request, exception)
        if isinstance(exception, BridgeheadError):
            return errors.answer(request, exception)
        found = errors.database_fault(exception)
        return errors.answer(request, found) if found else None


class WhoReads:
    """Who reads: the person signed in with what they may do today, or nobody in particular.

    A request without a session asks the database nothing.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read as the viewer for the time of the request; what was made for somebody is kept nowhere else."""
        number = secrets.token_hex(8)
        viewer = request.viewer = ANONYMOUS.in_request(number)  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            try:
                viewer = request.viewer = self._signed_in(request, viewer)  # type: ignore[attr-defined]
            except Error as trouble:
                found = errors.database_fault(trouble)
                if found is None:
                    raise
                return errors.answer(request, found)
        with viewing(viewer):
            response = self.get_response(request)
        response.headers.setdefault("X-Request-ID", number)
        if viewer.signed_in or request.method == "POST" or response.cookies:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    @staticmethod
    def _signed_in(request: HttpRequest, nobody: Viewer) -> Viewer:
        with as_system("reading the session"):
            person = request.user if request.user.is_authenticated else None
        if person is None:
            return nobody
        return hold_back(viewer_of(person, nobody.request), SECOND_FACTOR in request.session)


class HeadOfOperations:
    """HEAD on an operation is answered like GET, as on a page; the server leaves the body out."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on as GET, and give it its method back for the layers above."""
        if request.method != "HEAD" or not errors.is_api(request.path_info):
            return self.get_response(request)
        request.method = "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = "HEAD"
