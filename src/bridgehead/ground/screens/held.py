"""What was typed into a form that could not be sent: kept, and shown again in the form for whoever sends it anew.

Nothing kept is ever carried out by itself: it only fills in the form. Passwords and codes are never kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from bridgehead.kernel.errors import BridgeheadError

LONGEST = 200_000
"""Characters of a form that are kept; a longer one is not."""

LIFE_S = 12 * 3600
NEVER = ("csrfmiddlewaretoken", "once", "version", "next", "held", "old", "new", "again")
CODE = "code"
CODES_OF = ("ground:sign-in", "ground:second-factor")
"""Pages whose field `CODE` is a code of the second factor; that of an organisation is none."""

_SALT = "bridgehead.held"
_KEY = "held"


@dataclass(slots=True)
class Held:
    """The fields of a form, and which of them the form has taken up again."""

    path: str
    fields: Mapping[str, list[str]]
    files: bool = False
    error: BridgeheadError | None = None
    read: set[str] = field(default_factory=set)

    @property
    def unread(self) -> list[tuple[str, str]]:
        """The fields that the page shows nowhere else."""
        return [(name, value) for name, values in self.fields.items() if name not in self.read for value in values]


_current: ContextVar[Held | None] = ContextVar("held", default=None)


def typed(request: HttpRequest, own: bool = False) -> Held | None:
    """Return what was typed into the form of a request, without passwords; None if there is nothing to keep.

    Only a form that this site sent is kept: another site could otherwise fill in a form of ours for somebody. One that
    came with its token is our ``own``.
    """
    if request.method != "POST" or not (own or from_here(request)):
        return None
    here = request.resolver_match
    codes = here is None or here.view_name in CODES_OF
    fields = {
        name: values for name, values in request.POST.lists() if not secret(name) and not (codes and name == CODE)
    }
    if not fields or sum(len(value) for values in fields.values() for value in values) > LONGEST:
        return None
    return Held(request.get_full_path(), fields, bool(request.FILES))


def secret(name: str) -> bool:
    """Tell whether a field is never kept."""
    return name in NEVER or "password" in name


def from_here(request: HttpRequest) -> bool:
    """Tell whether the browser says that a page of this site sent a form."""
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said == "same-origin"
    sender = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    return bool(sender.netloc) and sender.netloc == request.get_host()


def sealed(held: Held) -> str:
    """Return what was typed as one signed word, for a hidden field."""
    return signing.dumps([held.path, held.fields, held.files], salt=_SALT, compress=True)


def unsealed(word: str) -> Held | None:
    """Return what a signed word keeps; None if it is not ours or too old."""
    if not word:
        return None
    try:
        path, fields, files = signing.loads(word, salt=_SALT, max_age=LIFE_S)
    except (signing.BadSignature, ValueError):
        return None
    return Held(path, fields, files)


def put(request: HttpRequest, held: Held) -> None:
    """Keep it in the session until its page is opened."""
    request.session[_KEY] = sealed(held)


def take(request: HttpRequest) -> Held | None:
    """Return what is kept for the page of a request, and keep it no longer; a request without a session asks nobody."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.method != "GET" or _KEY not in request.session:
        return None
    held = unsealed(request.session[_KEY])
    if held is not None and held.path != request.get_full_path():
        return None
    del request.session[_KEY]
    return held


@contextmanager
def showing(request: HttpRequest, held: Held | None) -> Iterator[None]:
    """Let the forms of a page take up what is kept."""
    token = _current.set(held)
    request.held = held  # type: ignore[attr-defined]
    try:
        yield
    finally:
        _current.reset(token)


def taken_up(values: Mapping[str, str], fields: Iterable[str]) -> Mapping[str, str]:
    """Return the values of a form with what is kept in their place."""
    held = _current.get()
    if held is None:
        return values
    fields = list(fields)
    held.read.update(fields)
    kept = {name: held.fields[name][-1] for name in fields if held.fields.get(name)}
    return {**{name: values.get(name, "") for name in fields}, **kept}
