"""What was begun and not handed in: evidence and its file, which are their own organisation's alone."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy

from django.db.models import CharField, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Cast

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.files.selectors import keep_back
from bridgehead.ground.journal import history
from bridgehead.ground.models import StoredFile
from bridgehead.rooms.ledger.models import Evidence
from bridgehead.rooms.ledger.who import HAND_IN

NEVER_HANDED_IN = '"handed_in_at":null'
"""What an entry of the journal says of evidence as long as it is begun."""
RETURNED = '"state":"returned"'
"""What it says of evidence from when it is returned until it is handed in again."""


def begun_by_others(viewer: Viewer) -> Q:
    """Return the filter for evidence that was never handed in, of organisations somebody does not act for.

    Whoever sees the evidence of an organisation sees what it handed in.
    """
    if viewer.system:
        return Q(pk__in=())
    begun = Q(state=Evidence.State.DRAFT) | Q(state=Evidence.State.WITHDRAWN, handed_in_at=None)
    return begun & ~Q(office__in=_acts_for(viewer))


def was_begun_by_others(viewer: Viewer, record: Evidence) -> bool:
    """Tell the same of one piece of evidence as it was on a day, whatever became of it later."""
    begun = record.state == Evidence.State.DRAFT or (
        record.state == Evidence.State.WITHDRAWN and record.handed_in_at is None
    )
    return begun and not viewer.system and not acts_for(viewer, record.office_id)


def acts_for(viewer: Viewer, office: int) -> bool:
    """Tell whether somebody acts for an organisation: what it begins is theirs to see."""
    return office in _acts_for(viewer)


def as_revised(viewer: Viewer, rows: Iterable[Evidence]) -> list[Evidence]:
    """Return evidence as somebody reads it: of bodies they act for, what was returned says what it is changed to.

    Others read what was handed in last. Whoever calls this reads as the platform: what it speaks of may be another's.
    """
    acting = _acts_for(viewer)
    found, changed = [], []
    for one in rows:
        if one.revision is not None and one.office_id in acting:
            one = _revised(one)  # noqa: PLW2901 - a copy to be shown
            changed.append(one)
        found.append(one)
    prefetch_related_objects(changed, "milestone", "target", "file")
    return found


def _revised(record: Evidence) -> Evidence:
    """Write what evidence is being changed to into a copy of it, which is shown and never saved."""
    found = copy(record)
    told = {**(record.revision or {}), "file_id": record.revised_file_id or record.file_id}
    for name, value in told.items():
        setattr(found, name, Evidence._meta.get_field(name).to_python(value))
    return found


def _acts_for(viewer: Viewer) -> frozenset[int]:
    entrusted = {grant.organisation_id for grant in viewer.grants if HAND_IN in grant.meaning.permissions}
    return viewer.organisations | entrusted


def _said_while_begun(viewer: Viewer) -> Q:
    """Return the filter for what the journal says of evidence others have begun, before it was handed in, and its file.

    What they wrote first and changed before they handed it in, for the first time or again, stays theirs.
    """
    drafts = Q(after__contains=NEVER_HANDED_IN) | Q(after__contains=RETURNED) & ~Q(action="evidence.return")
    drafts &= Q(record_kind=Evidence.RECORD) & ~Q(office_id__in=_acts_for(viewer))
    for rows, file in ((_with_files(viewer), "file"), (_with_revised_files(viewer), "revised_file")):
        numbers = rows.annotate(number=Cast(file, CharField())).values("number")
        drafts |= Q(record_kind=StoredFile.RECORD, record_id__in=numbers)
    return drafts


def _with_files(viewer: Viewer) -> QuerySet[Evidence]:
    """Return evidence with a file that others have begun; what was never handed in is found in an index."""
    return Evidence.objects.filter(begun_by_others(viewer), handed_in_at=None, file__isnull=False).order_by()


def _with_revised_files(viewer: Viewer) -> QuerySet[Evidence]:
    """Return evidence that others are changing, with a file that was not handed in yet."""
    found = Evidence.objects.filter(revised_file__isnull=False).order_by()
    return found.none() if viewer.system else found.exclude(office__in=_acts_for(viewer))


def register_begun() -> None:
    """Let the list of files and the journal keep back what belongs to evidence that is begun, as that itself is."""
    keep_back(lambda viewer: _with_files(viewer).values("file"))
    keep_back(lambda viewer: _with_revised_files(viewer).values("revised_file"))
    history.keep_back(_said_while_begun)
