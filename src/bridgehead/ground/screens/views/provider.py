"""The two addresses of signing in with an identity provider: on the way there, and back."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from bridgehead.ground.access.limits import hold, spend
from bridgehead.ground.access.viewer import system
from bridgehead.ground.addresses import address_of
from bridgehead.ground.language import django_code, language_of
from bridgehead.ground.models import Person
from bridgehead.ground.people import sessions
from bridgehead.ground.screens.destination import own_path
from bridgehead.ground.screens.views.signing_in import Proof, ask, proven
from bridgehead.kernel.errors import BridgeheadError

BACKEND = "bridgehead.ground.people.provider.ByProvider"


@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """Send somebody to the provider."""
    _offered()
    from mozilla_django_oidc.views import OIDCAuthenticationRequestView

    spend("form", request)
    answer: HttpResponse = OIDCAuthenticationRequestView.as_view()(request)
    request.session["oidc_login_next"] = own_path(request.GET.get("next", ""), "")
    return answer


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Take the answer of the provider."""
    _offered()
    after = own_path(request.session.get("oidc_login_next") or "", "")
    with override(django_code(language_of(urlsplit(after).path))):
        try:
            spend("sign-in", request)
            person = _person(request)
        except BridgeheadError as refused:
            if refused.code == "request.too_often":
                raise
            hold("sign-in", request)
            sessions.refuse_session(
                by=system("sign-in", request.viewer.request),  # type: ignore[attr-defined]
                person=None,
                typed=refused.code,
                how=sessions.PROVIDER,
                address=address_of(request),
            )
            return ask(request, 422, refused)
        second = "provider" if settings.OIDC_SECOND_FACTOR else ""
        return proven(request, Proof(person, sessions.PROVIDER, BACKEND, after, second=second))


def _person(request: HttpRequest) -> Person:
    """Return whom the provider vouches for; the state of the request is good once, for this browser."""
    states = request.session.get("oidc_states") or {}
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    known = states.pop(state, None)
    request.session["oidc_states"] = states
    request.session.save()
    if known is None or not code or "error" in request.GET:
        raise BridgeheadError("person.provider_refused", {"reason": request.GET.get("error", "state")[:40]})
    person = authenticate(request, nonce=known["nonce"], code_verifier=known["code_verifier"])
    if not isinstance(person, Person):
        raise BridgeheadError("person.provider_refused", {"reason": "account"})
    return person


def _offered() -> None:
    if not hasattr(settings, "OIDC_ISSUER"):
        raise Http404("no provider")
