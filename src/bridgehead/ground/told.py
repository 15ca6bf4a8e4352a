"""What actions check alike of what they are told: texts, reasons, choices, the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from bridgehead.ground.actions import Deed

LONGEST = 500


def today(deed: Deed) -> date:
    """Return the day an action is done on, in the region."""
    return timezone.localdate(deed.at)


def needed(deed: Deed, text: str, field: str, most: int = LONGEST) -> str:
    """Return a text that must be there and must not be too long, noting the fault where it is not."""
    said = text.strip()
    if not said:
        deed.refuse("form.missing", {}, field)
    return fitting(deed, said, field, most)


def fitting(deed: Deed, text: str, field: str, most: int = LONGEST) -> str:
    """Return a text, noting the fault where it is too long."""
    said = text.strip()
    if len(said) > most:
        deed.refuse("form.text_too_long", {"limit": most, "length": len(said)}, field)
    return said


def give_reason(deed: Deed, field: str = "reason") -> str:
    """Return the reason of an action that must have one, noting the fault where it has none."""
    return needed(deed, deed.reason, field)


def choice(deed: Deed, value: str, known: Iterable[str], field: str) -> str:
    """Return a value of a list; note where it is none of it."""
    if value not in set(known):
        deed.refuse("form.no_such_choice", {"value": value}, field)
    return value
