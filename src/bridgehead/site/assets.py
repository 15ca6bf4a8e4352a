"""Stylesheet, script and API page of the wheels in use: read once, compressed once, served with their hash.

There is no build step and no copy on disk: the files are those of the installed packages. An address carries the
hash of the content, so a browser keeps a file for good and asks again as soon as it changes.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

_COMPRESSIBLE = ("text/", "application/javascript", "text/javascript", "application/json", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its bytes, plain and compressed (empty where that gains nothing), type and hash."""

    content: bytes
    compressed: bytes
    content_type: str
    digest: str


@lru_cache(maxsize=128)
def _asset(name: str, size: int, changed_ns: int, place: str) -> Asset:
    """Read a file; size and time of change are in the key so that an edited stylesheet is read again."""
    content = Path(place).read_bytes()
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    compressed = gzip.compress(content, 9, mtime=0) if content_type.startswith(_COMPRESSIBLE) else b""
    if content_type.startswith("text/"):
        content_type += "; charset=utf-8"
    return Asset(content, compressed, content_type, hashlib.sha256(content).hexdigest()[:16])


def asset(name: str) -> Asset | None:
    """Return a static file by its name below ``/static/``, or None if no app has it."""
    try:
        found = finders.find(name)
    except (OSError, ValueError, SuspiciousFileOperation):  # a name with a null byte, or one that leaves the folder
        return None
    if not isinstance(found, str) or not Path(found).is_file():
        return None
    stat = Path(found).stat()
    return _asset(name, stat.st_size, stat.st_mtime_ns, found)


class NamedByContent(StaticFilesStorage):
    """Addresses of static files that carry the hash of the content."""

    def url(self, name: str | None) -> str:
        """Return the address of a file, with its hash where the file exists."""
        found = asset(name or "")
        address: str = super().url(name)
        return f"{address}?v={found.digest}" if found else address


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with a static file, compressed where the browser takes it."""
    found = asset(name)
    if found is None:
        raise Http404(name)
    etag = f'"{found.digest}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    elif found.compressed and "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(found.compressed, content_type=found.content_type)
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(found.content, content_type=found.content_type)
    response["ETag"] = etag
    response["Vary"] = "Accept-Encoding"
    named = request.GET.get("v") == found.digest
    response["Cache-Control"] = "public, max-age=31536000, immutable" if named else "no-cache"
    return response
