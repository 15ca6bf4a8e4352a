"""A calendar in the form other calendars take over (RFC 5545): whole days, or hours, one entry a thing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE_B = 74
"""Octets of a line before it is folded; 75 are allowed with the line break's blank."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a calendar.

    Attributes
    ----------
    title, description, category, place : str
        What it is called, what else is said of it, of what kind it is, and where it is; empty ones are left out.
    on : date
        Its day.
    at, until : datetime or None
        When it begins and ends; without a beginning it takes the whole day.
    key : str
        What tells it from all others; the same at every export.
    """

    title: str
    on: date
    key: str
    at: datetime | None = None
    until: datetime | None = None
    description: str = ""
    category: str = ""
    place: str = ""


def icalendar(name: str, entries: Iterable[Entry], today: date, *, product: str, note: str = "") -> bytes:
    """Return things as a file, the same for the same things on the same day.

    Parameters
    ----------
    name : str
        What the calendar is called.
    entries : iterable of Entry
        The things.
    today : date
        The day it is written on.
    product : str
        The part of the platform it comes from.
    note : str
        What else is said of the calendar.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//bridgehead//{product}//ZH", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{_escaped(name)}")
    if note:
        lines.append(f"X-WR-CALDESC:{_escaped(note)}")
    for one in entries:
        lines += _entry(one, today)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _entry(one: Entry, today: date) -> Iterator[str]:
    told = hashlib.sha256(one.key.encode()).hexdigest()[:32]
    yield from ("BEGIN:VEVENT", f"UID:{told}@bridgehead", f"DTSTAMP:{today:%Y%m%d}T000000Z")
    if one.at is not None:
        yield f"DTSTART:{_moment(one.at)}"
        if one.until is not None:  # without an end where it is not known how long it takes
            yield f"DTEND:{_moment(one.until)}"
    else:
        yield f"DTSTART;VALUE=DATE:{one.on:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{one.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(one.title)}"
    for head, text in (("DESCRIPTION", one.description), ("LOCATION", one.place), ("CATEGORIES", one.category)):
        if text:
            yield f"{head}:{_escaped(text)}"
    yield from ("TRANSP:TRANSPARENT", "END:VEVENT")


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


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
