"""When the clock looks at cases next: one task for each span of minutes in which it has something to do."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from bridgehead.ground.actions import Deed

OVERDUE, REFUSED = "case.overdue", "case.refused"
"""Work left for the ledger: a case whose promise was broken, a case that was refused; once for each case."""
TICK = "case.tick"
SPAN = timedelta(minutes=5)
"""So late the clock may be: what it does is dated when it was due, whenever it is done."""


def wake_at(deed: Deed, moment: datetime) -> None:
    """Have the clock look at cases once a moment has come, with all that are due in the same span."""
    span_s = SPAN.total_seconds()
    number = math.ceil(moment.timestamp() / span_s)
    at = datetime.fromtimestamp(number * span_s, moment.tzinfo)
    deed.enqueue(TICK, key=f"{TICK}-{number}", run_after=at)
