"""Links that open an account once: of the first administrator, and for a new password."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.utils.http import base36_to_int, int_to_base36

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Person
from bridgehead.ground.people.accounts import has_administrator
from bridgehead.kernel.errors import BridgeheadError

CLAIM_LIFE = timedelta(hours=24)
_CLAIM_FILE = "first-administrator.json"


def new_claim() -> str:
    """Return the secret of a new link for the first administrator; the one before is no good any more.

    Only its digest is kept, in a file of the data folder that nobody but the platform reads.

    Raises
    ------
    BridgeheadError
        ``person.administrator_there``; ``server.data_folder_not_writable``.
    """
    with as_system("looking for an administrator"):
        if has_administrator():
            raise BridgeheadError("person.administrator_there")
    secret = secrets.token_urlsafe(32)
    until = datetime.now(UTC) + CLAIM_LIFE
    try:
        _write_whole(_claim_file(), json.dumps({"sha256": _digest(secret), "until": until.isoformat()}))
    except OSError as reason:
        told = {"folder": str(settings.BRIDGEHEAD_DATA), "reason": reason.strerror or str(reason)}
        raise BridgeheadError("server.data_folder_not_writable", told) from reason
    return secret


def check_claim(secret: str) -> None:
    """Let a link for the first administrator pass.

    Raises
    ------
    BridgeheadError
        ``person.link_not_valid`` if it is not the last one made, or too old; ``person.administrator_there`` once there
        is one.
    """
    with as_system("looking for an administrator"):
        if has_administrator():
            raise BridgeheadError("person.administrator_there")
    try:
        kept = json.loads(_claim_file().read_text(encoding="utf-8"))
        known, until = str(kept["sha256"]), datetime.fromisoformat(kept["until"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BridgeheadError("person.link_not_valid") from None
    if not hmac.compare_digest(known, _digest(secret)) or datetime.now(UTC) > until:
        raise BridgeheadError("person.link_not_valid")


def spend_claim() -> None:
    """Let the link pass no more."""
    _claim_file().unlink(missing_ok=True)


def reset_link(person: Person) -> str:
    """Return the secret of a link for a new password: good for an hour, and until password or last sign-in change."""
    return f"{int_to_base36(person.pk)}.{default_token_generator.make_token(person)}"


def person_of(link: str) -> Person:
    """Return whose new password a link is for.

    Raises
    ------
    BridgeheadError
        ``person.link_not_valid``.
    """
    number, _, token = link.partition(".")
    try:
        pk = base36_to_int(number)
    except ValueError:
        raise BridgeheadError("person.link_not_valid") from None
    with as_system("a link for a new password"):
        person: Person | None = Person.objects.filter(pk=pk, is_active=True).first() if 0 <= pk < 2**63 else None
    if person is None or not default_token_generator.check_token(person, token):
        raise BridgeheadError("person.link_not_valid")
    return person


def _claim_file() -> Path:
    return Path(settings.BRIDGEHEAD_DATA) / _CLAIM_FILE


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _write_whole(file: Path, text: str) -> None:
    """Write a file only its owner reads, and put it in the place of the old one at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".claim-", dir=file.parent)  # with mode 600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
