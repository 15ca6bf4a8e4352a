"""The time of the journal, which never goes back: a clock that was set back stops writing until it is right again."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from django.utils import timezone

from bridgehead.ground.models import JournalHead
from bridgehead.kernel.errors import BridgeheadError

TOLERANCE = timedelta(seconds=5)
"""What a time server may take back at once; entries within it get the later time."""

_lock = threading.Lock()
_latest: datetime | None = None


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
        learn(JournalHead.objects.filter(latest_at__isnull=False).values_list("latest_at", flat=True).first())
    with _lock:
        if _latest is not None and now < _latest - TOLERANCE:
            raise BridgeheadError("clock.set_back", {"now": now.isoformat(), "latest": _latest.isoformat()})
        _latest = now if _latest is None else max(now, _latest)
        return _latest


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
