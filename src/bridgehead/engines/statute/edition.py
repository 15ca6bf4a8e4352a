"""The edition of the rules: a hash of everything the tables of the language say."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from bridgehead.engines.statute import rules


@cache
def rules_edition() -> str:
    """Return a hash of the packaged tables: another one where any rule is another."""
    tables = sorted((one for one in files(rules).iterdir() if one.name.endswith(".csv")), key=lambda one: one.name)
    return hashlib.sha256(b"".join(one.read_bytes() for one in tables)).hexdigest()
