"""Content hashes over a canonical form: the same content gives the same name on every machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any


def canonical(value: object) -> bytes:
    """Return the canonical UTF-8 form of a value made of mappings, sequences, dataclasses, texts and numbers.

    Keys are sorted, no blanks stand between the marks, a float that is a whole number is written as the integer, so
    1.0 and 1 are the same content; minus zero is zero.

    Raises
    ------
    ValueError
        If a number is not finite: infinity and "not a number" have no canonical form.
    TypeError
        If a value of an unknown type is met.
    """
    return json.dumps(
        _reduce(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode("utf-8", "surrogatepass")


def content_hash(value: object) -> str:
    """Return the SHA-256 of bytes as they are, or of the canonical form of anything else, as 64 hexadecimal digits."""
    data = bytes(value) if isinstance(value, bytes | bytearray | memoryview) else canonical(value)
    return hashlib.sha256(data).hexdigest()


def _reduce(value: object) -> Any:
    if value is None or isinstance(value, bool | str | int):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, Mapping):
        return {_key(key): _reduce(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_reduce(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    if isinstance(value, list | tuple):
        return [_reduce(item) for item in value]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _reduce(getattr(value, item.name)) for item in fields(value)}
    raise TypeError(f"no canonical form for {type(value).__name__}")


def _key(key: object) -> str:
    if isinstance(key, str):
        return key
    if isinstance(key, int) and not isinstance(key, bool):
        return str(key)
    raise TypeError(f"no canonical form for a key of type {type(key).__name__}")
