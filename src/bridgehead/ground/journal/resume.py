"""Going on after an earlier clock ran ahead and the journal refused every later time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from bridgehead.ground import database
from bridgehead.ground.access.viewer import Viewer, viewing
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.journal import clock
from bridgehead.ground.journal.seal import seal_pending
from bridgehead.ground.models import JournalHead


def accept_clock(by: Viewer) -> None:
    """Let the journal go on from the time it is now; the journal notes that its time was taken back, and by whom."""
    seal_pending()
    now = timezone.now()
    with database.writing(), transaction.atomic(), viewing(by):
        head = JournalHead.objects.select_for_update().get(pk=1)
        before, head.latest_at = head.latest_at, now
        head.save(update_fields=("latest_at",))
    clock.forget()
    _note(by=by, before=before, now=now)


@action("clock.accept")
def _note(deed: Deed, *, before: datetime | None, now: datetime) -> None:
    deed.note("clock", "1", told={"latest": before, "now": now})
