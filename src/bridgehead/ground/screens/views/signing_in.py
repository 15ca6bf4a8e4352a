"""Views of signing in and out."""

from __future__ import annotations

from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from bridgehead.ground.screens.destination import own_path
from bridgehead.ground.screens.filling import filled
from bridgehead.kernel.errors import BridgeheadError, Place


def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or let in whoever knows the password."""
    asked = request.POST if request.method == "POST" else request.GET
    after = own_path(asked.get("next", ""), "")
    error = None
    if request.method == "POST":
        person = authenticate(request, login=request.POST.get("login", ""), password=request.POST.get("password", ""))
        if person is not None:
            login(request, person)
            return HttpResponseRedirect(after or "/")
        error = BridgeheadError("person.not_let_in", {}, Place(field="password"))
    context = {"filling": filled(asked, ("login",), error), "next": after}
    return render(request, "ground/sign_in.html", context, status=422 if error else 200)
