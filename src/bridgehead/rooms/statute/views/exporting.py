"""Files of a statute: its text as it was handed in, the duty register, Akoma Ntoso and JSON-LD."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.attachments import attachment
from bridgehead.rooms.statute.selectors.exporting import file_of


def export(request: HttpRequest, version: int, kind: str) -> HttpResponse:
    """Send a version as a file: ``docx`` or ``csv`` of its duties, ``xml``, ``jsonld``, or the text itself.

    Articles: 84, 86
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = file_of(viewer, version, kind)
    return attachment(found.content, found.name, found.media_type)
