"""Files that people handed in, sent so that a browser keeps them and never shows or runs them."""

from __future__ import annotations

import secrets

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from bridgehead.ground.access.grants import refuse_after_mandate
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.ground.screens.filling import Filling, filled
from bridgehead.ground.screens.forms import number
from bridgehead.ground.wording import foreign
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

POLICY = "sandbox; default-src 'none'"


def attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Return a file as an attachment: of its own type and no other, in no page, by no script."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def choices(organisations: list[Organisation]) -> list[tuple[str, str, str]]:
    """Return value, label and language of the entries of a list of organisations."""
    code = language()
    return [(str(one.pk), one.name(code), foreign(one.name(code), code)) for one in organisations]


def refilled(
    values: dict[str, str], fields: tuple[str, ...], error: BridgeheadError | None, *, field: str = "file"
) -> Filling:
    """Return a form with the faults of an uploaded file beside its field, wherever in the file they lie."""
    if error is None:
        return filled(values, fields, emptied=(field,))
    placed = [
        Fault(f.code, f.parameters, Place(f.place.file, field=field), f.severity)
        if f.code.startswith("file.") and not f.place.field
        else f
        for f in error.faults
    ]
    return filled(values, fields, BridgeheadError.of(placed), emptied=(field,))


def form_key() -> str:
    """Return a key for a form, by which the same post twice is done once."""
    return secrets.token_hex(16)


def organisation_of(viewer: Viewer, given: str, able: list[Organisation]) -> Organisation:
    """Return the organisation chosen in a form; the only one there is where none was chosen.

    Raises
    ------
    BridgeheadError
        ``action.mandate_over`` for one whose mandate was over when the form was sent; ``import.no_organisation``.
    """
    for one in able:
        if str(one.pk) == given or (not given and len(able) == 1):
            return one
    refuse_after_mandate(viewer, number(given) or None)
    raise BridgeheadError("import.no_organisation", {}, Place(field="organisation"))
