"""The calendar of the ledger in the form other calendars take over."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from bridgehead.render.icalendar import Entry
from bridgehead.render.icalendar import icalendar as written
from bridgehead.rooms.ledger.falling import Fallen


def icalendar(fallen: Fallen, today: date) -> bytes:
    """Return things of the calendar as a file, the same for the same things on the same day."""
    entries = [
        Entry(one.title, one.on, f"{one.on} {one.title} {one.address}", one.at, None, one.who, one.word)
        for one in fallen.things
    ]
    note = _("事情太多，每类只列最早的一部分") if fallen.cut else ""
    return written(_("台账日历"), entries, today, product="ledger", note=note)
