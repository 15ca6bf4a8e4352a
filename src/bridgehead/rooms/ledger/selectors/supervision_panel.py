"""What supervision shows about an organisation on its page: what it has to answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from bridgehead.ground.access.audience import admits
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import current_viewer
from bridgehead.ground.models import Organisation
from bridgehead.rooms.ledger.selectors.supervision_due import supervision_due
from bridgehead.rooms.ledger.who import READ

MOST_ROWS = 8


def supervision_of_organisation(code: str) -> Mapping[str, Any] | None:
    """Return what an organisation owes to supervision, None where it is nothing or nobody may read the ledger.

    Articles: 83
    """
    viewer = current_viewer()
    if not admits(viewer, READ):
        return None
    body = visible(Organisation, viewer).filter(code=code).first()
    today = timezone.localdate()
    owed = supervision_due(viewer, [body.pk], today) if body is not None else []
    if not owed:
        return None
    lines = [(one, one.late(today)) for one in owed[:MOST_ROWS]]
    return {"lines": lines, "more": max(0, len(owed) - MOST_ROWS), "late": sum(one.late(today) for one in owed)}
