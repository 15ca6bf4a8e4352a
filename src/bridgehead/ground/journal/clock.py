"""The time of the journal, which never goes back: a clock that was set back stops writing until it is right again."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Max
from django.utils import timezone

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry, JournalHead, JournalSeal
from bridgehead.kernel.errors import BridgeheadError

TOLERANCE = timedelta(seconds=5)
"""What a time server may take back at once; entries within it get the later time."""

_lock = threading.Lock()
_latest: datetime | None = None


def beginning(day: date) -> datetime:
    """Return the first moment of a day in the region."""
    return datetime.combine(day, time.min, timezone.get_current_timezone()).astimezone(UTC)


def stamp() -> datetime:
    """Return the time for an entry: now, and never before the entries there are.

    Raises
    ------
    BridgeheadError
        ``clock.set_back`` if the clock of this machine is more than `TOLERANCE` behind the journal.
    """
    global _latest  # noqa: PLW0603 - the clock is one a process
    now = timezone.now()
    if _latest is None or now < _latest - TOLERANCE:  # an administrator may have accepted the clock meanwhile
        forget()
        learn(_in_the_journal())
    with _lock:
        if _latest is not None and now < _latest - TOLERANCE:
            raise BridgeheadError("clock.set_back", {"now": now.isoformat(), "latest": _latest.isoformat()})
        _latest = now if _latest is None else max(now, _latest)
        return _latest


def _in_the_journal() -> datetime | None:
    """Return the latest time in the journal: of its sealed part as the head says it, of the rest as the entries do."""
    with as_system("reading the clock of the journal"):
        head = JournalHead.objects.filter(pk=1).values_list("latest_at", flat=True).first()
        sealed = JournalSeal.objects.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0
        rest = JournalEntry.objects.filter(pk__gt=sealed).aggregate(latest=Max("recorded_at"))["latest"]
    return max((at for at in (head, rest) if at is not None), default=None)


def learn(seen: datetime | None) -> None:
    """Take note of the latest time another process wrote."""
    global _latest  # noqa: PLW0603
    with _lock:
        if seen is not None and (_latest is None or seen > _latest):
            _latest = seen


def forget() -> None:
    """Ask the journal again for its latest time: after a restore, or when an administrator accepted the clock."""
    global _latest  # noqa: PLW0603
    with _lock:
        _latest = None
