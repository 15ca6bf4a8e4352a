"""Sealing under watch: how long entries are unsealed, seen from outside the sealer."""

from __future__ import annotations

import threading
from bisect import bisect_left
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING

from proofs.registry import Figures

if TYPE_CHECKING:
    from bridgehead.ground.journal.seal import Sealer

LOOKS_S = 0.05


class Watched:
    """A sealer that works while the block runs, and somebody who looks at the head of the chain meanwhile.

    What a seal says of its own time was written before it was committed. An entry is therefore called sealed when
    somebody else could first see it so, up to `LOOKS_S` after it was; one that nobody saw sealed when the block ended
    counts with the age it had then. Only after that the rest is sealed.
    """

    def __init__(self, sealer: Sealer | None = None) -> None:
        from bridgehead.ground.journal.seal import Sealer

        self.sealer = sealer or Sealer()
        self.faults: list[str] = []
        self._seen: list[tuple[int, datetime]] = []
        self._lags: list[float] = []
        self._unsealed = 0
        self._ended = threading.Event()
        self._watching = threading.Thread(target=self._watch, name="watching the chain", daemon=True)

    def __enter__(self) -> Watched:
        """Seal what is there, then begin."""
        from bridgehead.ground.journal.seal import seal_pending

        seal_pending()
        self._look()
        self.sealer.start()
        self._watching.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Take stock before the last sealing, then let the sealer end as it does with its process."""
        alive = self.sealer.is_alive()
        self._ended.set()
        self._watching.join()
        self._take_stock()
        if not alive:
            self.faults.append("the sealer is dead")
        if self.sealer.troubled:
            self.faults.append(f"the sealer is in trouble: {self.sealer.troubled}")
        if self._seen[-1][0] == self._seen[0][0] and self._unsealed:
            self.faults.append("nothing was sealed while people wrote")
        self.sealer.end()
        left = self._count_unsealed()
        if left:
            self.faults.append(f"{left} entries unsealed after the sealer ended")

    def lag(self) -> Figures:
        """Return how many entries were unsealed at the end, and how long entries were: median, 99th, longest."""
        lags = sorted(self._lags) or [0.0]
        return {
            "unsealed at the end": self._unsealed,
            "lag p50 s": round(lags[len(lags) // 2], 2),
            "lag p99 s": round(lags[min(len(lags) - 1, int(len(lags) * 0.99))], 2),
            "lag max s": round(lags[-1], 2),
        }

    def _watch(self) -> None:
        from django.db import connection

        while not self._ended.wait(LOOKS_S):
            self._look()
        connection.close()

    def _look(self) -> None:
        from django.utils import timezone

        from bridgehead.ground.access.viewer import as_system
        from bridgehead.ground.models import JournalHead

        with as_system("proof"):
            position = JournalHead.objects.values_list("position", flat=True).get(pk=1)
        if not self._seen or position > self._seen[-1][0]:
            self._seen.append((position, timezone.now()))

    def _take_stock(self) -> None:
        from django.utils import timezone

        from bridgehead.ground.access.viewer import as_system
        from bridgehead.ground.models import JournalEntry, JournalSeal

        self._look()
        now, first = timezone.now(), self._seen[0][0]
        positions = [position for position, _ in self._seen]
        with as_system("proof"):
            rows = JournalSeal.objects.filter(position__gt=first, position__lte=positions[-1])
            sealed = dict(rows.values_list("entry_id", "position"))
            older = JournalSeal.objects.filter(position__lte=first).values("entry_id")
            entries = JournalEntry.objects.exclude(pk__in=older).filter(recorded_at__lte=now)
            for pk, at in entries.values_list("pk", "recorded_at").iterator(chunk_size=5000):
                seen = self._seen[bisect_left(positions, sealed[pk])][1] if pk in sealed else now
                self._unsealed += pk not in sealed
                self._lags.append((seen - at).total_seconds())

    def _count_unsealed(self) -> int:
        from bridgehead.ground.access.viewer import as_system
        from bridgehead.ground.models import JournalEntry, JournalSeal

        with as_system("proof"):
            return JournalEntry.objects.exclude(pk__in=JournalSeal.objects.values("entry_id")).count()
