"""Views of signing in and out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.limits import forgive, hold, spend
from bridgehead.ground.access.viewer import Viewer, as_system, system
from bridgehead.ground.addresses import address_of
from bridgehead.ground.models import Person
from bridgehead.ground.people import sessions
from bridgehead.ground.people.second_factor import SECOND_FACTOR, device_of, hold_back, verify
from bridgehead.ground.screens import held as keeping
from bridgehead.ground.screens.destination import own_path
from bridgehead.ground.screens.filling import filled, show
from bridgehead.kernel.errors import BridgeheadError, Place

BY_LOGIN = "bridgehead.ground.people.signing_in.ByLogin"
PENDING = "pending"
PENDING_S = 600
CODE = "code"


@dataclass(frozen=True, slots=True)
class Proof:
    """Who somebody has proven to be, and how.

    Attributes
    ----------
    person : Person
    how, backend : str
        The way, for the journal, and the backend of Django that looks after the session.
    after : str
        Where they go on; empty for the page of their account.
    kept : str
        What they had typed before, see `bridgehead.ground.screens.held.sealed`.
    second : str
        The second factor, where one was proven.
    """

    person: Person
    how: str
    backend: str
    after: str = ""
    kept: str = ""
    second: str = ""


def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or let in whoever knows the password and, where there is one, the code of the second factor."""
    if request.method != "POST":
        return ask(request)
    return _second_step(request) if CODE in request.POST else _first_step(request)


def ask(request: HttpRequest, status: int = 200, error: BridgeheadError | None = None) -> HttpResponse:
    """Show the form of signing in, in the place of any page; what was typed there is kept in it."""
    sent = request.POST if request.method == "POST" and "login" in request.POST else request.GET
    return show(
        request,
        "ground/sign_in.html",
        {
            "filling": filled(sent, ("login",), error, emptied=("password",)),
            "next": _after(request, status),
            "kept": _kept(request),
            "refused": status == 401,
            "provider": getattr(settings, "OIDC_NAME", ""),
        },
        status=status,
    )


def _after(request: HttpRequest, status: int) -> str:
    """Return where to go on: to the page that was refused, or where the form says."""
    if status == 401:
        return own_path(request.get_full_path(), "")
    asked = request.POST if request.method == "POST" else request.GET
    return own_path(asked.get("next", ""), "")


def _kept(request: HttpRequest) -> str:
    """Return what was typed into a form that was refused, as one signed word."""
    there = request.POST.get("held", "")
    if there:
        return there if keeping.unsealed(there) else ""
    held = getattr(request, "held", None) or keeping.typed(request)
    here = request.resolver_match
    return keeping.sealed(held) if held and (here is None or here.view_name != "ground:sign-in") else ""


def _first_step(request: HttpRequest) -> HttpResponse:
    typed, password = request.POST.get("login", ""), request.POST.get("password", "")
    spend("sign-in", request, typed)
    person = authenticate(request, login=typed, password=password) if "\x00" not in typed + password else None
    if not isinstance(person, Person):
        hold("sign-in", request)
        with as_system("signing in"):
            known = Person.objects.filter(login__iexact=typed.strip()).first() if "\x00" not in typed else None
        sessions.refuse_session(
            by=_platform(request),
            person=known.pk if known else None,
            typed=typed,
            how=sessions.PASSWORD,
            address=address_of(request),
        )
        return ask(request, 422, BridgeheadError("person.not_let_in", {}, Place(field="password")))
    forgive("sign-in", request, typed)
    kept = request.POST.get("held", "")
    return proven(request, Proof(person, sessions.PASSWORD, BY_LOGIN, _after(request, 200), kept))


def proven(request: HttpRequest, proof: Proof) -> HttpResponse:
    """Go on with somebody who has proven who they are: let them in, or ask for the second factor first."""
    if proof.second or device_of(proof.person) is None:
        return _let_in(request, proof)
    request.session.flush()
    request.session[PENDING] = {
        "person": proof.person.pk,
        "how": proof.how,
        "backend": proof.backend,
        "until": time.time() + PENDING_S,
        "hash": proof.person.get_session_auth_hash(),
    }
    return _ask_for_code(request, proof.after, proof.kept)


def _ask_for_code(request: HttpRequest, after: str, kept: str, error: BridgeheadError | None = None) -> HttpResponse:
    context = {"filling": filled({}, (), error, emptied=(CODE,)), "next": after, "kept": kept}
    return show(request, "ground/sign_in_code.html", context, status=422 if error else 200)


def _second_step(request: HttpRequest) -> HttpResponse:
    after, kept = _after(request, 200), request.POST.get("held", "")
    pending: dict[str, Any] = request.session.get(PENDING) or {}
    with as_system("signing in"):
        person = Person.objects.filter(pk=pending.get("person"), is_active=True).first()
    if person is None or pending["until"] < time.time() or pending["hash"] != person.get_session_auth_hash():
        spend("form", request)
        return ask(request, 422, BridgeheadError("person.sign_in_anew"))
    spend("code", request, str(person.pk))
    device = verify(person, request.POST[CODE])
    if device is None:
        hold("code", request)
        sessions.refuse_session(
            by=_platform(request),
            person=person.pk,
            typed="",
            how=pending["how"],
            address=address_of(request),
            second_factor=True,
        )
        return _ask_for_code(request, after, kept, BridgeheadError("person.wrong_code", {}, Place(field=CODE)))
    kind = type(device).__name__.removesuffix("Device").lower()
    return _let_in(request, Proof(person, pending["how"], pending["backend"], after, kept, kind))


def _let_in(request: HttpRequest, proof: Proof) -> HttpResponse:
    person, proved_twice = proof.person, bool(proof.second)
    sessions.begin_session(
        by=_platform(request),
        person=person.pk,
        how=proof.how,
        address=address_of(request),
        second_factor=proved_twice,
    )
    request.session.flush()  # nothing of the session before comes along, least of all its id
    with as_system("signing in"):  # it notes the time on the person, whom nobody sees before they are in
        login(request, person, backend=proof.backend)
    if proved_twice:
        request.session[SECOND_FACTOR] = proof.second
    held, after = keeping.unsealed(proof.kept), proof.after
    if held is not None:
        keeping.put(request, held)
        after = held.path
    whole = viewer_of(person)
    if hold_back(whole, proved_twice) is not whole and device_of(person) is None:
        return HttpResponseRedirect(reverse("ground:second-factor"))
    return HttpResponseRedirect(after or reverse("ground:profile"))


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the page says that it has ended, or asks."""
    if request.method == "POST":
        if request.viewer.signed_in:  # type: ignore[attr-defined]
            sessions.end_session(by=request.viewer)  # type: ignore[attr-defined]
        logout(request)
        return HttpResponseRedirect(reverse("ground:sign-out"))
    return show(request, "ground/sign_out.html")


def _platform(request: HttpRequest) -> Viewer:
    return system("sign-in", request.viewer.request)  # type: ignore[attr-defined]
