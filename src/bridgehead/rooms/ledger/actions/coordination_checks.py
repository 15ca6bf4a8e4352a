"""What the actions on meetings, problems, requests and circulars check alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.roles import roles
from bridgehead.ground.actions import Deed
from bridgehead.ground.files.actions import store_file
from bridgehead.ground.files.uploads import Received
from bridgehead.ground.models import Organisation, StoredFile
from bridgehead.ground.region import current
from bridgehead.ground.told import today
from bridgehead.regions.statute import statute_of
from bridgehead.rooms.ledger.models import articles as article_column

LONGEST_TEXT = 4000
"""Longest text of a decision, a problem, a question or an answer."""


def bodies_named(deed: Deed, numbers: Sequence[int], field: str) -> list[Organisation]:
    """Return public bodies by their numbers, each once and in order; note those there are none of."""
    wanted = list(dict.fromkeys(numbers))
    rows = visible(Organisation, deed.by).filter(pk__in=wanted, kind__in=sorted(roles().public_kinds), closed_on=None)
    found = {int(one.pk): one for one in rows}
    for number in wanted:
        if number not in found:
            deed.refuse("ledger.unknown_body", {"body": number}, field)
    return [found[number] for number in wanted if number in found]


def articles_named(deed: Deed, numbers: Iterable[int], field: str = "articles") -> str:
    """Return articles of the region's regulation as a column keeps them; note those it has none of."""
    wanted = sorted(set(numbers))
    known = statute_of(current().region).articles
    for number in wanted:
        if number not in known:
            deed.refuse("coordination.unknown_article", {"article": number}, field)
    return article_column.kept(one for one in wanted if one in known)


def day_done(deed: Deed, on: date | None, field: str, not_before: date | None = None) -> date:
    """Return the day something was done, today by default; note one to come, and one before what went ahead of it."""
    day = on or today(deed)
    if day > today(deed):
        deed.refuse("coordination.day_to_come", {"day": day.isoformat()}, field)
    if not_before is not None and day < not_before:
        deed.refuse("coordination.before_last", {"day": day.isoformat(), "last": not_before.isoformat()}, field)
    deed.holds_from(day)
    return day


def filed(deed: Deed, owner: int, file: Received | None, note: str) -> StoredFile | None:
    """Return a file that was handed in with a form, kept for an organisation; None for none."""
    return store_file(by=deed, owner=owner, file=file, note=note[:200]) if file is not None else None
