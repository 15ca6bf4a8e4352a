"""Finding a question of the public again by its number and the code only its asker knows."""

from __future__ import annotations

import base64
import hashlib
from hmac import compare_digest

from bridgehead.ground.access.viewer import as_system
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.models import PublicQuestion

_LONGEST = 16


def digest_of_code(number: str, code: str) -> str:
    """Return what is kept of a code, which is random enough to need no slow digest; blanks and case do not count."""
    plain = "".join(code.split()).replace("-", "").upper()
    told = hashlib.sha256(f"bridgehead question {number} {plain}".encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(told).decode().rstrip("=").lower()


def held_by(number: str, code: str, *, to_change: bool = False) -> PublicQuestion:
    """Return the question of a number whose code somebody knows; read as the platform, and only that one row.

    Raises
    ------
    BridgeheadError
        ``question.unknown``, the same for a number there is none of and for a wrong code.

    Articles: 7
    """
    told = "".join(number.split())[:_LONGEST]
    with as_system("looking up a question by its code"):
        rows = (
            PublicQuestion.objects.select_for_update() if to_change else PublicQuestion.objects.select_related("office")
        )
        row = rows.filter(number=told).first() if told.isascii() else None
    if row is None or not compare_digest(digest_of_code(told, code), row.code_hash):
        raise BridgeheadError("question.unknown")
    return row
