"""What actions check alike of what they are told: texts, reasons, choices, the day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from bridgehead.ground.actions import Deed

LONGEST = 500
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def today(deed: Deed) -> date:
    """Return the day an action is done on, in the region."""
    return timezone.localdate(deed.at)


def needed(deed: Deed, text: str, field: str, most: int = LONGEST) -> str:
    """Return a text that must be there and must not be too long, noting the fault where it is not."""
    said = legible(text)
    if not said:
        deed.refuse("form.missing", {}, field)
    return fitting(deed, said, field, most)


def fitting(deed: Deed, text: str, field: str, most: int = LONGEST) -> str:
    """Return a text, noting the fault where it is too long."""
    said = legible(text)
    if len(said) > most:
        deed.refuse("form.text_too_long", {"limit": most, "length": len(said)}, field)
    return said


def legible(text: str) -> str:
    """Return a text without what shows nothing and no feed and no document takes: control characters but line breaks.

    Those are the characters XML 1.0 (section 2.2) has no place for.
    """
    return _NOT_IN_XML.sub("", text).strip()


def in_one_line(text: str) -> str:
    """Return a name as it stands in a line of a list or a letter: without line breaks."""
    return " ".join(legible(text).split())


def give_reason(deed: Deed, field: str = "reason") -> str:
    """Return the reason of an action that must have one, noting the fault where it has none."""
    return needed(deed, deed.reason, field)


def choice(deed: Deed, value: str, known: Iterable[str], field: str) -> str:
    """Return a value of a list; note where it is none of it."""
    if value not in set(known):
        deed.refuse("form.no_such_choice", {"value": value}, field)
    return value
