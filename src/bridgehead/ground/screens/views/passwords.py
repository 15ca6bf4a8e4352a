"""Views of passwords: forgotten, set by a link, changed."""

from __future__ import annotations

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bridgehead.ground.access.limits import hold, spend
from bridgehead.ground.access.viewer import system
from bridgehead.ground.addresses import own_address
from bridgehead.ground.people import accounts, links
from bridgehead.ground.screens.filling import filled, show
from bridgehead.kernel.errors import BridgeheadError, Place


def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask whose password it is, and have a link sent; never tell whether there is such a person."""
    error = None
    if request.method == "POST":
        typed = request.POST.get("who", "").strip()[:254].replace("\x00", "")
        try:
            if not typed:
                raise BridgeheadError("person.no_login_given", {}, Place(field="who"))
            spend("reset", request, typed)
            by = system("password forgotten", request.viewer.request)  # type: ignore[attr-defined]
            accounts.ask_for_password(by=by, typed=typed, address=own_address(request))
            return HttpResponseRedirect(reverse("ground:forgotten") + "?sent=1")
        except BridgeheadError as refused:
            error = _shown(refused)
    context = {"filling": filled(request.POST, ("who",), error), "sent": request.GET.get("sent") == "1"}
    return show(request, "ground/forgotten.html", context, status=422 if error else 200)


def new_password(request: HttpRequest) -> HttpResponse:
    """Set a new password by a link that was sent; without one say where to ask for it."""
    sent = request.POST if request.method == "POST" else request.GET
    link, error, person = sent.get("link", ""), None, None
    if link:
        spend("link", request)
        try:
            person = links.person_of(link)
            if request.method == "POST":
                by = system("password forgotten", request.viewer.request)  # type: ignore[attr-defined]
                new = _twice(request)
                accounts.reset_password(by=by, person=person.pk, new=new, address=_own(request))
                return HttpResponseRedirect(reverse("ground:sign-in"))
        except BridgeheadError as refused:
            error = _shown(refused)
    context = {
        "filling": filled({}, (), error, emptied=("new", "again")),
        "link": link if person else "",
        "account": person,
    }
    return show(request, "ground/new_password.html", context, status=422 if error else 200)


def change(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other sessions end, this one goes on."""
    error = None
    if request.method == "POST":
        try:
            spend("code", request, f"password of {request.viewer.person_id}")  # type: ignore[attr-defined]
            person = accounts.change_password(
                by=request.viewer,  # type: ignore[attr-defined]
                old=request.POST.get("old", ""),
                new=_twice(request),
                address=_own(request),
            )
            update_session_auth_hash(request, person)
            return HttpResponseRedirect(reverse("ground:password") + "?changed=1")
        except BridgeheadError as refused:
            hold("code", request)
            error = _shown(refused)
    context = {
        "filling": filled({}, (), error, emptied=("old", "new", "again")),
        "changed": request.GET.get("changed") == "1",
    }
    return show(request, "ground/password.html", context, status=422 if error else 200)


def _twice(request: HttpRequest) -> str:
    """Return the password that was typed twice alike."""
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        raise BridgeheadError("person.not_twice_alike", {}, Place(field="again"))
    return new


def _own(request: HttpRequest) -> str:
    """Return the platform's address for a mail that can do without; empty where it is not known."""
    try:
        return own_address(request)
    except BridgeheadError:
        return ""


def _shown(error: BridgeheadError) -> BridgeheadError:
    """Hand on what is to be told beside the form; too many tries, and faults of the platform, have pages of their own.

    Raises
    ------
    BridgeheadError
        Those.
    """
    if not error.code.startswith(("person.", "action.")):
        raise error
    return error
