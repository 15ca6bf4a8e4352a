"""What was begun and not handed in: evidence and its file, which are their own organisation's alone."""

from __future__ import annotations

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.files.selectors import keep_back
from bridgehead.ground.journal import history
from bridgehead.ground.models import StoredFile
from bridgehead.rooms.ledger.models import Evidence
from bridgehead.rooms.ledger.who import HAND_IN

NEVER_HANDED_IN = '"handed_in_at":null'
"""What an entry of the journal says of evidence as long as it is begun."""


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
    return begun and not viewer.system and record.office_id not in _acts_for(viewer)


def _acts_for(viewer: Viewer) -> frozenset[int]:
    entrusted = {grant.organisation_id for grant in viewer.grants if HAND_IN in grant.meaning.permissions}
    return viewer.organisations | entrusted


def _said_while_begun(viewer: Viewer) -> Q:
    """Return the filter for what the journal says of evidence others have begun, before it was handed in, and its file.

    What they wrote first and changed before they handed it in stays theirs.
    """
    drafts = Q(record_kind=Evidence.RECORD, after__contains=NEVER_HANDED_IN) & ~Q(office_id__in=_acts_for(viewer))
    numbers = _with_files(viewer).annotate(number=Cast("file", CharField())).values("number")
    return drafts | Q(record_kind=StoredFile.RECORD, record_id__in=numbers)


def _with_files(viewer: Viewer) -> QuerySet[Evidence]:
    """Return evidence with a file that others have begun; what was never handed in is found in an index."""
    return Evidence.objects.filter(begun_by_others(viewer), handed_in_at=None, file__isnull=False).order_by()


def register_begun() -> None:
    """Let the list of files and the journal keep back what belongs to evidence that is begun, as that itself is."""
    keep_back(lambda viewer: _with_files(viewer).values("file"))
    history.keep_back(_said_while_begun)
