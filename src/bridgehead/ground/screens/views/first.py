"""View of the first administrator, who comes by the link that the start printed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from bridgehead.ground.access.limits import spend
from bridgehead.ground.access.viewer import system
from bridgehead.ground.people import accounts, links, sessions
from bridgehead.ground.screens.filling import filled, show
from bridgehead.ground.screens.views.signing_in import BY_LOGIN, Proof, proven
from bridgehead.kernel.errors import BridgeheadError, Place

FIELDS = ("login", "name", "email")


def first_administrator(request: HttpRequest) -> HttpResponse:
    """Make the first administrator; without a link say where it is printed."""
    sent = request.POST if request.method == "POST" else request.GET
    link, good, error = sent.get("link", ""), False, None
    if link:
        spend("link", request)
        try:
            links.check_claim(link)
            good = True
            if request.method == "POST":
                return _claim(request)
        except BridgeheadError as refused:
            error = refused
    context = {"filling": filled(request.POST, FIELDS, error, emptied=("new", "again")), "link": link if good else ""}
    return show(request, "ground/first_administrator.html", context, status=422 if error else 200)


def _claim(request: HttpRequest) -> HttpResponse:
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        raise BridgeheadError("person.not_twice_alike", {}, Place(field="again"))
    person = accounts.claim_administration(
        by=system("first administrator", request.viewer.request),  # type: ignore[attr-defined]
        login=request.POST.get("login", ""),
        name=request.POST.get("name", ""),
        email=request.POST.get("email", ""),
        password=new,
    )
    links.spend_claim()
    return proven(request, Proof(person, sessions.LINK, BY_LOGIN))
