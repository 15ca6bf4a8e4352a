"""Small readings of what a form or an address sends, and a form shown again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LARGEST = 2**63 - 1


def number(given: str) -> int:
    """Return a number of a record out of a form, 0 for what is none: no record has it."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 20 and int(given) <= LARGEST else 0


def drawn(request: HttpRequest, template: str, context: Mapping[str, Any], status: int) -> HttpResponse:
    """Return a page with a status that says what is wrong; its own words are the answer, not a page of errors."""
    answer = render(request, template, context, status=status)
    answer.in_shape = True  # type: ignore[attr-defined]
    return answer
