"""The calendar in the form other calendars take over (RFC 5545): whole days, one entry a thing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date, timedelta

from bridgehead.rooms.ledger.selectors.calendar import Coming

LINE_B = 74
"""Octets of a line before it is folded; 75 are allowed with the line break's blank."""


def icalendar(things: Iterable[Coming], today: date) -> bytes:
    """Return things of the calendar as a file, the same for the same things on the same day."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bridgehead//ledger//ZH", "CALSCALE:GREGORIAN"]
    for one in things:
        told = hashlib.sha256(f"{one.on} {one.title} {one.address}".encode()).hexdigest()[:32]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{told}@bridgehead",
            f"DTSTAMP:{today:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{one.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(one.title)}",
            f"DESCRIPTION:{_escaped(one.who)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


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
