"""The page of files, and the file itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.files.actions import store_file, withdraw_file
from bridgehead.ground.files.kinds import kinds
from bridgehead.ground.files.selectors import files_of, give_out
from bridgehead.ground.files.uploads import file_store, receive, uploaded
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.ground.screens.attachments import attachment, choices, form_key, organisation_of, refilled
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.kernel.errors import BridgeheadError

SHOWN = 100
_FIELDS = ("organisation", "note", "to_office")


def files(request: HttpRequest) -> HttpResponse:
    """Show the files one may see; take one in, or withdraw one."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = _able(viewer)
    error = None
    if request.method == "POST":
        try:
            _withdraw(request, viewer) if request.POST.get("do") == "withdraw" else _store(request, viewer, able)
        except BridgeheadError as refused:
            if refused.code != "action.repeated":
                error = refused
        if error is None:
            return HttpResponseRedirect(reverse("ground:files"))
    found = files_of(viewer)
    total = found.count()
    before = number(request.GET.get("before", ""))
    shown = list((found.filter(pk__lt=before) if before else found)[: SHOWN + 1])
    context = {
        "filling": refilled(request.POST.dict(), _FIELDS, error),
        "files": [(one, viewer.may("file.store", one.owner_id)) for one in shown[:SHOWN]],
        "total": total,
        "older": shown[SHOWN - 1].pk if len(shown) > SHOWN else None,
        "organisations": choices(able),
        "has_office": any(one.office_id for one in able),
        "key": form_key(),
        "limit_mb": round(file_store().largest_b / 1e6),
        "kinds": [kind.title(language()) for kind in kinds().values()],
        "accept": ",".join(f".{ending}" for kind in kinds().values() for ending in kind.endings),
    }
    return drawn(request, "ground/files.html", context, 422 if error else 200)


def _able(viewer: Viewer) -> list[Organisation]:
    """Return the organisations one may hand a file in for."""
    ids = {grant.organisation_id for grant in viewer.grants}
    able = [pk for pk in ids if viewer.may("file.store", pk)]
    return list(visible(Organisation, viewer).filter(pk__in=able, closed_on__isnull=True)) if able else []


def _store(request: HttpRequest, viewer: Viewer, able: list[Organisation]) -> None:
    owner = organisation_of(viewer, request.POST.get("organisation", ""), able)
    file = receive(*uploaded(request, "file"))
    store_file(
        by=viewer,
        once=request.POST.get("key", "")[:64],
        owner=int(owner.pk),
        file=file,
        note=request.POST.get("note", ""),
        to_office=request.POST.get("to_office") == "y",
    )


def _withdraw(request: HttpRequest, viewer: Viewer) -> None:
    asked = request.POST
    withdraw_file(by=viewer, file=number(asked.get("file", "")), version=number(asked.get("version", "")))


def file(request: HttpRequest, file: int) -> HttpResponse:
    """Send one file; a read by somebody who does not belong to its owner is journalled."""
    record, content = give_out(request.viewer, file)  # type: ignore[attr-defined]
    return attachment(content, record.name, record.media_type)
