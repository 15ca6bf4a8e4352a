"""View of the second factor: begin, confirm, new recovery codes, remove."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from bridgehead.ground.access.limits import hold, spend
from bridgehead.ground.addresses import own_address
from bridgehead.ground.people import second_factor as factor
from bridgehead.ground.people.own_account import account_of
from bridgehead.ground.screens.filling import filled, show
from bridgehead.kernel.errors import BridgeheadError

Codes = tuple[str, ...]


def second_factor(request: HttpRequest) -> HttpResponse:
    """Show how the account is secured, and change it; recovery codes are shown once, in the answer that made them."""
    error, codes = None, ()
    if request.method == "POST":
        try:
            spend("code", request, f"factor of {request.viewer.person_id}")  # type: ignore[attr-defined]
            codes = _STEPS.get(request.POST.get("do", ""), _nothing)(request)
        except BridgeheadError as refused:
            if refused.code == "request.too_often":
                raise
            hold("code", request)
            error = refused
    person = account_of(request.viewer)  # type: ignore[attr-defined]
    device = factor.device_of(person)
    begun = factor.enrolment(person) if device is None else None
    context = {
        "there": device is not None,
        "begun": begun,
        "drawing": mark_safe(begun.svg) if begun else "",  # noqa: S308 - drawn here, of a random key
        "codes": codes,
        "codes_left": factor.codes_left(person),
        "compulsory": sorted(factor.compulsory_roles()),
        "filling": filled({}, (), error, emptied=("code", "password")),
    }
    return show(request, "ground/second_factor.html", context, status=422 if error else 200)


def _begin(request: HttpRequest) -> Codes:
    factor.begin_enrolment(by=request.viewer)  # type: ignore[attr-defined]
    return ()


def _confirm(request: HttpRequest) -> Codes:
    _, codes = factor.confirm_enrolment(by=request.viewer, code=request.POST.get("code", ""))  # type: ignore[attr-defined]
    request.session.cycle_key()
    request.session[factor.SECOND_FACTOR] = "totp"
    return codes


def _renew(request: HttpRequest) -> Codes:
    return factor.renew_codes(by=request.viewer, password=request.POST.get("password", ""))  # type: ignore[attr-defined]


def _remove(request: HttpRequest) -> Codes:
    try:
        address = own_address(request)
    except BridgeheadError:  # the mail that tells of it does without a link
        address = ""
    person = factor.remove_second_factor(
        by=request.viewer,  # type: ignore[attr-defined]
        password=request.POST.get("password", ""),
        address=address,
    )
    request.session.pop(factor.SECOND_FACTOR, None)
    update_session_auth_hash(request, person)
    return ()


def _nothing(request: HttpRequest) -> Codes:
    raise BridgeheadError("request.bad", {"path": request.path_info, "method": "POST"})


_STEPS: dict[str, Callable[[HttpRequest], Codes]] = {
    "begin": _begin,
    "confirm": _confirm,
    "renew": _renew,
    "remove": _remove,
}
