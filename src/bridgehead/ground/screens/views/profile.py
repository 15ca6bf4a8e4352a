"""Views of one's own account: particulars, roles, sign-ins."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bridgehead.ground.addresses import own_address
from bridgehead.ground.language import LANGUAGES, NAMES, html_code
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
            _edit(request)
            return HttpResponseRedirect(reverse("ground:profile") + "?saved=1")
        except BridgeheadError as refused:
            person, error = account_of(viewer), refused
    changed_meanwhile = error is not None and error.code == "action.changed_meanwhile"
    stands = {name: str(getattr(person, name)) for name in FIELDS}
    now = {name: told for name, told in stands.items() if changed_meanwhile and told != request.POST.get(name, "")}
    values = request.POST if error else stands
    context = {
        "account": person,
        "standing": standing_of(request.user, viewer),  # type: ignore[arg-type]
        "filling": replace(filled(values, FIELDS, error, emptied=("password",)), now=now),
        "languages": [(code, html_code(code), NAMES[code][1]) for code in LANGUAGES],
        "saved": request.GET.get("saved") == "1",
    }
    return show(request, "ground/profile.html", context, status=(409 if changed_meanwhile else 422) if error else 200)


def _edit(request: HttpRequest) -> None:
    try:
        address = own_address(request)
    except BridgeheadError:  # the mail that tells the old address does without a link
        address = ""
    version = request.POST.get("version", "")
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        raise BridgeheadError("request.form_expired")
    accounts.edit_profile(
        by=request.viewer,  # type: ignore[attr-defined]
        version=int(version),
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
