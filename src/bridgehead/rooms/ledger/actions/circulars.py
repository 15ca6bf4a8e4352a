"""The action on circulars: issuing one, which freezes what it says."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db.models import Max

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.journal.entries import as_text
from bridgehead.ground.models import Organisation
from bridgehead.ground.told import fitting, today
from bridgehead.kernel.periods import Frequency
from bridgehead.rooms.ledger.actions.coordination_checks import LONGEST_TEXT, bodies_named
from bridgehead.rooms.ledger.models import Circular, CircularCopy
from bridgehead.rooms.ledger.selectors.circular_content import content_of
from bridgehead.rooms.ledger.selectors.circulars import read_period
from bridgehead.rooms.ledger.who import KEEP


@action("circular.issue", permission=KEEP)
def issue_circular(
    deed: Deed, *, organisation: int, period: str, addressees: Sequence[int], foreword: str = ""
) -> Circular:
    """Issue the circular of a month or a half-year that is over: what the records say now is frozen with a number.

    Parameters
    ----------
    deed : Deed
        Who issues it.
    organisation : int
        The coordination office.
    period : str
        ``2026-10`` or ``2026H1``.
    addressees : sequence of int
        The bodies it is sent to.
    foreword : str
        What the office says itself.

    Raises
    ------
    BridgeheadError
        ``circular.no_such_period``, ``circular.not_begun``, ``circular.not_over``, ``circular.issued``,
        ``circular.to_nobody``, ``ledger.unknown_body``, ``form.text_too_long``.

    Articles: 5, 79
    """
    deed.require_in(organisation)
    asked = read_period(period)
    office = deed.lock(Organisation, organisation)  # numbers are given one after the other
    day = today(deed)
    if asked.last >= day:
        deed.refuse("circular.not_over", {"period": str(asked), "last": asked.last.isoformat()}, "period")
    there = Circular.objects.filter(owner=office, period=str(asked)).first()
    if there is not None:
        number = f"{there.year}-{there.number}"
        deed.refuse("circular.issued", {"period": str(asked), "number": number}, "period")
    sent_to = bodies_named(deed, addressees, "addressees")
    if not addressees:
        deed.refuse("circular.to_nobody", None, "addressees")
    said = fitting(deed, foreword, "foreword", LONGEST_TEXT)
    deed.check()
    content = content_of(deed.by, organisation, asked, asked.last)
    last = Circular.objects.filter(owner=office, year=day.year).aggregate(last=Max("number"))["last"] or 0
    circular = deed.create(
        Circular(
            owner=office,
            kind=Circular.Kind.HALF if asked.frequency is Frequency.HALF else Circular.Kind.MONTH,
            period=str(asked),
            year=day.year,
            number=last + 1,
            foreword=said,
            content=content,
            sha256=hashlib.sha256(as_text(content).encode()).hexdigest(),
            issued_on=day,
            issued_by=deed.by.person_id,
        )
    )
    for body in sent_to:
        deed.create(CircularCopy(circular=circular, owner=office, office=body))
    return circular
