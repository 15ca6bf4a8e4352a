"""Late entries: committed after entries with higher numbers were sealed, and told from what another hand put there.

PostgreSQL gives an entry its number when it is written, not when it is committed, so the end of the journal may have
gaps that are filled a moment later. How late an entry may be is measured from the end of the journal itself, never from
the clock: a journal that stood still for a night, or lies in a backup, is as sound as it was.
"""

from __future__ import annotations

from datetime import datetime, timedelta

SKEW = timedelta(seconds=60)
"""How far the clocks of two processes that write the journal may be apart."""


def may_be_late(recorded_at: datetime, end: datetime, above: datetime, longest: timedelta) -> bool:
    """Tell whether an entry without a seal may stand before sealed ones because it was committed late.

    Whoever puts a row far back is found whatever time it states: an early time is too far from the end of the journal,
    and a late one is behind the time at which an entry with a higher number was sealed already.

    Parameters
    ----------
    recorded_at : datetime
        The time the entry states.
    end : datetime
        When the newest seal was set, which the chain vouches for.
    above : datetime
        When the next entry with a higher number was sealed.
    longest : timedelta
        How long a transaction may take.
    """
    return end - longest <= recorded_at <= above + SKEW
