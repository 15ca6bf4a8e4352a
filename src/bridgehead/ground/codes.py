"""Numbers and codes by which somebody without an account finds again what they sent; of a code a digest is kept."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from hmac import compare_digest

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""What codes are made of: no letter that is taken for a digit."""
CODE_LENGTH = 12
_NUMBERS = 1_000_000


def new_code() -> str:
    """Return a code nobody can guess."""
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def new_number(beginning: str, taken: Callable[[str], bool]) -> str:
    """Return a number that begins as told and is not taken yet."""
    while True:
        number = f"{beginning}-{secrets.randbelow(_NUMBERS):06d}"
        if not taken(number):
            return number


def digest_of_code(what: str, number: str, code: str) -> str:
    """Return what is kept of a code, which is random enough to need no slow digest; blanks and case do not count."""
    plain = "".join(code.split()).replace("-", "").upper()
    told = hashlib.sha256(f"bridgehead {what} {number} {plain}".encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(told).decode().rstrip("=").lower()


def fits(what: str, number: str, code: str, digest: str) -> bool:
    """Tell whether a code is the one a digest was made of."""
    return bool(digest) and compare_digest(digest_of_code(what, number, code), digest)
