"""The calendar in the form other calendars take over (RFC 5545): whole days, or an hour, one entry a thing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, date, timedelta

from django.utils.translation import gettext as _

from bridgehead.rooms.ledger.falling import Coming, Fallen

LINE_B = 74
"""Octets of a line before it is folded; 75 are allowed with the line break's blank."""


def icalendar(fallen: Fallen, today: date) -> bytes:
    """Return things of the calendar as a file, the same for the same things on the same day."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bridgehead//ledger//ZH", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{_escaped(_('台账日历'))}")
    if fallen.cut:
        lines.append(f"X-WR-CALDESC:{_escaped(_('事情太多，每类只列最早的一部分'))}")
    for one in fallen.things:
        lines += _entry(one, today)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _entry(one: Coming, today: date) -> Iterator[str]:
    told = hashlib.sha256(f"{one.on} {one.title} {one.address}".encode()).hexdigest()[:32]
    yield from ("BEGIN:VEVENT", f"UID:{told}@bridgehead", f"DTSTAMP:{today:%Y%m%d}T000000Z")
    if one.at is not None:  # without an end: it is not known how long a meeting takes
        yield f"DTSTART:{one.at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    else:
        yield f"DTSTART;VALUE=DATE:{one.on:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{one.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(one.title)}"
    yield f"DESCRIPTION:{_escaped(one.who)}"
    yield f"CATEGORIES:{_escaped(one.word)}"
    yield from ("TRANSP:TRANSPARENT", "END:VEVENT")


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\r", "").replace("\n", r"\n")


def _folded(line: str) -> str:
    """Return a line broken where it is longer than allowed, never within a character."""
    parts, here = [], ""
    for letter in line:
        if len((here + letter).encode()) > LINE_B:
            parts.append(here)
            here = " "
        here += letter
    return "\r\n".join([*parts, here])
