"""What findings of an inspection said before they were corrected, out of the journal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry
from bridgehead.rooms.ledger.models import Finding
from bridgehead.rooms.ledger.selectors.as_of import end_of

CORRECTED = "inspection.correct_finding"


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction of a finding: when, by whom, why, and what it said until then."""

    on: date
    by: str
    why: str
    text: str


def corrections(finding: Finding, on: date) -> Sequence[Correction]:
    """Return the corrections of a finding by a day, the latest first, for whoever may see the finding.

    What it said until then is theirs to see as what it says now is.
    """
    if finding.version == 1:
        return ()
    with as_system("reading what a finding said before it was corrected"):
        rows = JournalEntry.objects.filter(record_kind=Finding.RECORD, record_id=str(finding.pk), action=CORRECTED)
        entries = list(rows.filter(recorded_at__lt=end_of(on)).order_by("-id"))
    found = []
    for one in entries:
        before, after = json.loads(one.before), json.loads(one.after)
        said = str(before.get("text", after.get("text", "")))
        found.append(Correction(timezone.localdate(one.recorded_at), one.actor_name, one.reason, said))
    return found
