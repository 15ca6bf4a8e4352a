"""Actions on periods: closing the records of one, opening it again."""

from __future__ import annotations

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.told import fitting, give_reason, today
from bridgehead.rooms.ledger.actions.common import read_period
from bridgehead.rooms.ledger.models import ClosedPeriod
from bridgehead.rooms.ledger.who import KEEP


@action("closed_period.close", permission=KEEP)
def close_period(deed: Deed, *, owner: int, period: str, note: str = "") -> ClosedPeriod:
    """Close the records of a period that is over: nothing is handed in or entered for it any more.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``period.unreadable``, ``ledger.period_not_over``, ``ledger.period_closed``.
    """
    deed.require_in(owner)
    told = read_period(deed, period)
    if not period.strip():
        deed.refuse("form.missing", {}, "period")
    if told is not None and told.last >= today(deed):
        deed.refuse("ledger.period_not_over", {"period": str(told), "last": str(told.last)}, "period")
    said = fitting(deed, note, "note")
    if told is not None:
        there = ClosedPeriod.objects.filter(owner=owner, period=str(told), opened_on=None).first()
        if there is not None:
            deed.refuse("ledger.period_closed", {"period": there.period, "on": str(there.closed_on)}, "period")
    deed.check()
    assert told is not None
    return deed.create(
        ClosedPeriod(
            owner_id=owner,
            period=str(told),
            first_on=told.first,
            last_on=told.last,
            closed_on=today(deed),
            note=said,
        )
    )


@action("closed_period.open", permission=KEEP)
def open_period(deed: Deed, *, period: int, version: int) -> ClosedPeriod:
    """Open a closed period again, with a reason.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``ledger.period_open`` where it was before.
    """
    record = deed.lock(ClosedPeriod, period, version)
    deed.require_in(record.owner_id)
    give_reason(deed)
    if record.opened_on is not None:
        deed.refuse("ledger.period_open", {"period": record.period})
    deed.check()
    return deed.change(record, opened_on=today(deed))
