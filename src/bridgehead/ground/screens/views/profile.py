"""Views of one's own account: particulars, roles, sign-ins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bridgehead.ground.addresses import own_address
from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.models import Person
from bridgehead.ground.people import accounts, sessions
from bridgehead.ground.people.own_account import account_of, last_sign_ins, standing_of
from bridgehead.ground.screens.filling import filled, show
from bridgehead.kernel.errors import BridgeheadError

FIELDS = ("name", "email", "language")


def profile(request: HttpRequest) -> HttpResponse:
    """Show one's own account, and change its particulars."""
    viewer = request.viewer  # type: ignore[attr-defined]
    person, error = account_of(viewer), None
    if request.method == "POST":
        try:
            _edit(request, person)
            return HttpResponseRedirect(reverse("ground:profile") + "?saved=1")
        except BridgeheadError as refused:
            error = refused
    values = request.POST if error else {name: getattr(person, name) for name in FIELDS}
    context = {
        "account": person,
        "standing": standing_of(request.user, viewer),  # type: ignore[arg-type]
        "filling": filled(values, FIELDS, error, emptied=("password",)),
        "languages": LANGUAGES,
        "saved": request.GET.get("saved") == "1",
    }
    changed_meanwhile = error is not None and error.code == "action.changed_meanwhile"
    return show(request, "ground/profile.html", context, status=(409 if changed_meanwhile else 422) if error else 200)


def _edit(request: HttpRequest, person: Person) -> None:
    try:
        address = own_address(request)
    except BridgeheadError:  # the mail that tells the old address does without a link
        address = ""
    version = request.POST.get("version", "")
    accounts.edit_profile(
        by=request.viewer,  # type: ignore[attr-defined]
        version=int(version) if version.isdecimal() and len(version) < 10 else person.version,
        name=request.POST.get("name", ""),
        email=request.POST.get("email", ""),
        language=request.POST.get("language", ""),
        password=request.POST.get("password", ""),
        address=address,
    )


def sign_ins(request: HttpRequest) -> HttpResponse:
    """Show when and from where one signed in, and end every session."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if request.method == "POST":
        sessions.end_every_session(by=viewer)
        return HttpResponseRedirect(reverse("ground:sign-in"))
    return show(request, "ground/sign_ins.html", {"sign_ins": last_sign_ins(viewer)})
