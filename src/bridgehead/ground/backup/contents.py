"""What a backup keeps: every table the platform has, except what can be made anew."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db.models import Model

from bridgehead.ground.journal.entries import moment

FORMAT = 1
MANIFEST = "manifest.json"
ANCHORS = "anchors.jsonl"
MEMBER = re.compile(r"manifest\.json|anchors\.jsonl|tables/[a-z0-9_]{1,63}\.jsonl|files/[0-9a-f]{64}")
"""The names an archive may hold."""

DERIVED = frozenset({"sessions.Session", "ground.SearchEntry", "contenttypes.ContentType", "auth.Permission"})
"""What is not kept: sessions end with a restore, the rest is made anew."""
NEVER_USED = frozenset({"auth.Group", "auth.Group_permissions"})
"""Tables Django brings along; roles are the platform's own."""


def kept() -> list[type[Model]]:
    """Return the models a backup keeps, in the order of their tables' names."""
    models = apps.get_models(include_auto_created=True)
    found = [one for one in models if one._meta.label not in DERIVED | NEVER_USED and one._meta.managed]
    return sorted(found, key=lambda one: one._meta.db_table)


def plain(value: Any) -> Any:
    """Return a value of a column in JSON types, the same for both databases."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def digest_of(file: Path) -> str:
    """Return the sha-256 of a file, read in pieces."""
    found = hashlib.sha256()
    for chunk in chunks(file):
        found.update(chunk)
    return found.hexdigest()


def chunks(file: Path) -> Iterator[bytes]:
    """Yield the bytes of a file in pieces."""
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            yield chunk
