"""Answers to questions on port models: plain values, made once, kept as JSON under the key of the question."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from bridgehead.jobs.store import Store


def stored_answer(key: str, store: Store) -> dict[str, Any] | None:
    """Return the answer under a key, None as long as it is not there."""
    return store.get(key, json.loads)


def keep_answer(key: str, answer: Mapping[str, Any], store: Store) -> None:
    """Keep an answer, or what there is of it so far, in the stead of what is there."""
    store.write(key, _packed(answer))


def answered(key: str, store: Store, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the answer under a key, made and kept if it is not there."""
    return store.get_or_compute(key, make, pack=_packed, unpack=json.loads)


def _packed(answer: Mapping[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
