"""Pages of imported statutes: the list, the import with its preview, a statute beside its duties."""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.files.kinds import plain_name
from bridgehead.ground.files.uploads import uploaded
from bridgehead.ground.screens.attachments import choices, form_key, organisation_of, refilled
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.statute.actions import (
    IMPORT,
    checked_note,
    date_version,
    import_statute,
    reread_version,
    withdraw_version,
)
from bridgehead.rooms.statute.models import StatuteVersion
from bridgehead.rooms.statute.parsing import edition
from bridgehead.rooms.statute.proposal import propose
from bridgehead.rooms.statute.selectors.duties import MODALITIES, look_of, modality_word
from bridgehead.rooms.statute.selectors.importing import importers_of, oddities_of, preview
from bridgehead.rooms.statute.selectors.reading import read_page
from bridgehead.rooms.statute.selectors.statutes import law_of, laws

LARGEST_CARRIED_B = 700_000
"""What a page carries along between preview and import, packed; a larger file is chosen once more."""
LARGEST_UNPACKED_B = 20_000_000
PASTED = "pasted.txt"
_FIELDS = ("organisation", "work", "note", "text")


def statutes(request: HttpRequest) -> HttpResponse:
    """Show the imported statutes.

    Articles: 84, 86
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "statute/statutes.html", {"laws": laws(viewer), "may_import": bool(importers_of(viewer))})


@dataclass(frozen=True, slots=True)
class Handed:
    """A text that was handed in, by file or by paste, and what was said with it."""

    content: bytes
    name: str


def import_page(request: HttpRequest) -> HttpResponse:
    """Take a text in, show what it would become, and import it when that was seen.

    Nothing is stored before the second step: the page carries the text along.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = importers_of(viewer)
    if request.method != "POST":
        return render(request, "statute/import.html", _form(request, viewer, able, None))
    asked = request.POST
    try:
        at = organisation_of(viewer, asked.get("organisation", ""), able)
        handed = _handed(request)
        if asked.get("do") == "import":
            version = import_statute(
                by=viewer,
                organisation=int(at.pk),
                content=handed.content,
                name=handed.name,
                work=asked.get("work", ""),
                note=asked.get("note", ""),
                seen=asked.get("seen", ""),
                once=asked.get("key", "")[:64],
            )
            return HttpResponseRedirect(reverse("statute:statute", args=[version.work_id]) + f"?version={version.pk}")
        checked_note(asked.get("note", ""))
        return _previewed(request, viewer, handed, at.pk)
    except BridgeheadError as refused:
        if refused.code in ("action.not_allowed", "action.mandate_over"):
            raise
        if refused.code == "action.repeated":
            return HttpResponseRedirect(reverse("statute:statutes"))
        if refused.code == "statute.preview_outdated":
            return _previewed(request, viewer, handed, at.pk, refused)
        return drawn(request, "statute/import.html", _form(request, viewer, able, refused), 422)


def _form(request: HttpRequest, viewer: Viewer, able: list, error: BridgeheadError | None) -> dict:
    values = {name: request.POST.get(name, "") for name in _FIELDS}
    return {
        "filling": refilled(values, _FIELDS, error),
        "organisations": choices(able),
        "works": [(str(one.law.work.pk), one.law.work.title) for one in laws(viewer)],
    }


def _previewed(
    request: HttpRequest, viewer: Viewer, handed: Handed, organisation: int, refused: BridgeheadError | None = None
) -> HttpResponse:
    """Show what importing a text would do; after a refusal, what it would do by now."""
    proposal = propose(viewer, handed.content, handed.name, request.POST.get("work", ""))
    packed = base64.b64encode(zlib.compress(proposal.content, 9)).decode()
    context = {
        "seen": preview(proposal),
        "packed": packed if len(packed) <= LARGEST_CARRIED_B else "",
        "organisation": organisation,
        "work": request.POST.get("work", ""),
        "note": request.POST.get("note", ""),
        "key": form_key(),
        "filling": refilled({}, (), refused) if refused else None,
    }
    return drawn(request, "statute/import_preview.html", context, 409 if refused else 200)


def _handed(request: HttpRequest) -> Handed:
    """Return the text of a form: carried along from a preview, pasted, or a file.

    Raises
    ------
    BridgeheadError
        ``statute.form_damaged``, ``statute.nothing_given``, ``statute.both_given``, and what is wrong with the file.
    """
    asked = request.POST
    if packed := asked.get("packed", ""):
        return Handed(_unpacked(packed), plain_name(asked.get("name", "") or PASTED))
    text, has_file = asked.get("text", ""), "file" in request.FILES
    if text.strip() and has_file:
        raise BridgeheadError("statute.both_given", {}, Place(field="file"))
    if text.strip():
        return Handed(text.encode(), PASTED)
    if not has_file and not request.FILES:
        raise BridgeheadError("statute.nothing_given", {}, Place(field="file"))
    content, name, _ = uploaded(request, "file")
    return Handed(content, plain_name(PurePath(name).name))


def _unpacked(packed: str) -> bytes:
    try:
        opened = zlib.decompressobj()
        content = opened.decompress(base64.b64decode(packed, validate=True), LARGEST_UNPACKED_B)
        if opened.unconsumed_tail or not opened.eof:
            raise ValueError
    except (ValueError, binascii.Error, zlib.error):
        raise BridgeheadError("statute.form_damaged") from None
    return content


def statute(request: HttpRequest, work: int) -> HttpResponse:
    """Show a statute beside its duties, as it holds today, on another day, or in a version; keep its texts in order.

    Articles: 84, 85, 86
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    law = law_of(viewer, work, request.GET.get("version", ""), request.GET.get("day", ""))

    def offered() -> list[Offer]:
        keepers = (law.shown.owner_id, law.work.owner_id)
        if not any(viewer.grant_for(IMPORT, one, to_write=True) for one in keepers):
            return []
        return [
            Offer("date", partial(_date, viewer, law.shown.pk), {"day": _given_day(law.shown)}, law.shown.version),
            Offer("reread", partial(_reread, viewer, law.shown.pk), {}, law.shown.version),
            Offer("withdraw", partial(_withdraw, viewer, law.shown.pk), {"reason": ""}, law.shown.version),
        ]

    answer = taken(request, offered)
    if answer.done in ("date", "reread"):
        return HttpResponseRedirect(reverse("statute:statute", args=[work]) + f"?version={law.shown.pk}")
    if answer.done:
        return HttpResponseRedirect(reverse("statute:statutes"))
    context = {
        "read": read_page(viewer, law),
        "law": law,
        "oddities": oddities_of(law.shown),
        "key": [(look_of(one), modality_word(one)) for one in MODALITIES],
        "forms": answer.states,
        "filling": answer.refused.filling if answer.refused else None,
        "older_rules": law.shown.rules != edition(),
    }
    return drawn(request, "statute/statute.html", context, answer.status)


def _given_day(version: StatuteVersion) -> str:
    return version.begins_on.isoformat() if version.begins_given and version.begins_on else ""


def _date(viewer: Viewer, version: int, sent: Sent) -> None:
    day = sent.day("day")
    sent.check()
    date_version(by=viewer, statute=version, version=sent.version, day=day, once=sent.once)


def _reread(viewer: Viewer, version: int, sent: Sent) -> None:
    reread_version(by=viewer, statute=version, version=sent.version, once=sent.once)


def _withdraw(viewer: Viewer, version: int, sent: Sent) -> None:
    reason = sent.text("reason", needed=True)
    sent.check()
    withdraw_version(by=viewer, statute=version, version=sent.version, reason=reason[:1000], once=sent.once)
