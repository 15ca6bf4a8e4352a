"""How a statute is named outside: its addresses as work and expression, and the organs that passed it."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote

from bridgehead.engines.statute.model import Event, Statute

COUNTRY = "cn"
LANGUAGE = "zho"
UNDATED = "undated"

_ORGAN = re.compile(
    r"^(?:业?经|已由|由)?([\u4e00-\u9fff]{0,24}?"
    r"(?:人民代表大会常务委员会|人民代表大会|人大常委会|国务院|人民政府|常务委员会))"
)
_TERM = re.compile(r"第[一二三四五六七八九十百零〇\d]{1,5}届")


def work_of(statute: Statute, country: str = COUNTRY) -> str:
    """Return the address of a statute as a work: the same for every version of it.

    Country, day of adoption and title, as the naming convention of Akoma Ntoso has it: ``/akn/cn/act/2023-07-31/…``.
    Where the head names no day it says so.
    """
    adopted = statute.adopted
    day = adopted.isoformat() if adopted else UNDATED
    return f"/akn/{country}/act/{day}/{readable(statute.title or statute.source.name or 'untitled')}"


def expression_of(statute: Statute, country: str = COUNTRY) -> str:
    """Return the address of one version of a statute: the work, the language and the day of its latest event."""
    latest = statute.last_event
    return f"{work_of(statute, country)}/{LANGUAGE}@{latest.isoformat() if latest else ''}"


def readable(words: str) -> str:
    """Return words fit for an address: letters and digits of any script as they are, all else encoded."""
    return "".join(mark if mark.isalnum() else quote(mark, safe="-_.", errors="replace") for mark in words)


def organ_of(event: Event) -> str:
    """Return the organ an event says acted, without the number of its term; empty where it names none."""
    found = _ORGAN.match(event.what)
    return _TERM.sub("", found[1]) if found else ""


def passed_by(statute: Statute) -> tuple[str, ...]:
    """Return the organs that adopted or approved a statute, as the events of its head name them."""
    named = [organ_of(event) for event in statute.events if event.kind in ("adopted", "approved")]
    return tuple(dict.fromkeys(organ for organ in named if organ))


def published(statute: Statute) -> date | None:
    """Return the day of the latest publication the head names."""
    return max((event.day for event in statute.events if event.kind == "published"), default=None)
