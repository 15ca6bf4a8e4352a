"""Sealing: committed entries get their place in the chain, in batches, in one transaction a batch."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

from django.db import Error, connection, transaction
from django.utils import timezone

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.database import writing
from bridgehead.ground.journal import clock
from bridgehead.ground.journal.entries import moment
from bridgehead.ground.journal.late import may_be_late
from bridgehead.ground.models import JournalEntry, JournalHead, JournalSeal
from bridgehead.kernel.chain import GENESIS, link

BATCH = 2000
PERIOD_S = 0.1
SHORTEST_PAUSE_S = 0.02
LOOKBACK = 10_000
LONGEST_TRANSACTION = timedelta(hours=1)
"""How far behind the end of the journal, in rows and in time, a late entry may stand: transactions may end in another
order than they began."""


def seal_pending(batch: int = BATCH) -> int:
    """Seal the entries that are committed and not sealed yet; return how many it were.

    The row of the head is locked meanwhile, so two processes never give the same position.
    """
    total = 0
    while True:
        with as_system("sealing"), writing(), transaction.atomic():
            sealed = _seal(batch)
        total += sealed
        if sealed < batch:
            return total


def _seal(batch: int) -> int:
    head = JournalHead.objects.select_for_update().get(pk=1)
    found = list(_unsealed(batch))
    if not found:
        return 0
    now = timezone.now()
    told = moment(now)
    chain, position, seals = head.chain or GENESIS, head.position, []
    for pk, digest, _ in found:
        position += 1
        chain = link(chain, position, pk, digest, told)
        seals.append(JournalSeal(position=position, entry_id=pk, digest=digest, sealed_at=now, chain=chain))
    JournalSeal.objects.bulk_create(seals)
    head.position, head.chain = position, chain
    head.latest_at = max([recorded for _, _, recorded in found] + ([head.latest_at] if head.latest_at else []))
    head.save(update_fields=("position", "chain", "latest_at"))
    clock.learn(head.latest_at)
    return len(found)


def _unsealed(batch: int) -> list[tuple[int, str, datetime]]:
    """Return id, digest and time of unsealed entries in the order of their ids.

    Only the end of the journal is looked at: an entry without a seal further back was put there by another hand and
    is for `bridgehead journal verify` to find.
    """
    newest = JournalSeal.objects.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0
    end = JournalSeal.objects.order_by("-position").values_list("sealed_at", flat=True).first()
    rows = JournalEntry.objects.raw(
        "SELECT e.id, e.digest, e.recorded_at FROM ground_journalentry e"
        " WHERE e.id > %s AND NOT EXISTS (SELECT 1 FROM ground_journalseal s WHERE s.entry_id = e.id)"
        " ORDER BY e.id LIMIT %s",
        (newest - LOOKBACK, batch),
    )
    return [
        (row.pk, row.digest, row.recorded_at)
        for row in rows
        if row.pk > newest
        or end is None
        or may_be_late(row.recorded_at, end, _sealed_above(row.pk), LONGEST_TRANSACTION)
    ]


def _sealed_above(entry: int) -> datetime:
    return JournalSeal.objects.filter(entry_id__gt=entry).order_by("entry_id").values_list("sealed_at", flat=True)[0]


class Sealer(threading.Thread):
    """Seals several times a second while the process lives; trouble with the database is waited out."""

    def __init__(self, period_s: float = PERIOD_S) -> None:
        super().__init__(name="sealer", daemon=True)
        self.period_s = period_s
        self.ended = threading.Event()
        self.troubled = ""

    def run(self) -> None:
        """Seal until told to end, and once more then."""
        last, pause_s = False, self.period_s
        while not last:
            last = self.ended.wait(pause_s)
            begun = time.monotonic()
            try:
                seal_pending()
                self.troubled = ""
            except Error as reason:
                self.troubled = str(reason)
                connection.close()
            except Exception as reason:  # the journal goes on being written; the doctor tells what is the matter
                self.troubled = repr(reason)
                connection.close()
            # Counted from the beginning: a sealing that took long on a busy machine is not followed by a whole pause.
            pause_s = max(SHORTEST_PAUSE_S, self.period_s - (time.monotonic() - begun))
        connection.close()

    def end(self) -> None:
        """Seal what is there and end."""
        self.ended.set()
        self.join(timeout=10)
