"""Reads by officials of an enterprise's data, which the enterprise can see."""

from __future__ import annotations

from collections.abc import Iterable

from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import JournalEntry, Organisation


def by_official(viewer: Viewer, owner_id: int | None) -> bool:
    """Tell whether a read of somebody's data is one that is journalled: by a person who does not belong to them."""
    if viewer.system or not viewer.signed_in or owner_id is None:
        return False
    return not any(grant.organisation_id == owner_id for grant in viewer.grants)


@action("read.record")
def _read(deed: Deed, *, kind: str, record_id: object, owner_id: int, office_id: int | None = None) -> None:
    deed.note(kind, record_id, owner_id=owner_id, office_id=office_id)


def record_read(
    viewer: Viewer,
    kind: str,
    record_id: object,
    owner_id: int | None,
    *,
    office_id: int | None = None,
    reason: str = "",
) -> None:
    """Note that somebody read a record of an organisation they do not belong to; does nothing for its own people."""
    if by_official(viewer, owner_id):
        _read(by=viewer, kind=kind, record_id=record_id, owner_id=owner_id, office_id=office_id, reason=reason)


@action("read.record")
def _read_journal(deed: Deed, *, record: tuple[str, object] | None, offices: dict[int, int | None]) -> None:
    for owner_id, office_id in offices.items():
        kind, record_id = record or ("organisation", owner_id)
        deed.note(kind, record_id, owner_id=owner_id, office_id=office_id, told={"through": "journal"})


def record_journal_read(
    viewer: Viewer, entries: Iterable[JournalEntry], record: tuple[str, object] | None = None
) -> None:
    """Note for every enterprise whose data stands in entries that somebody else read them, once each.

    Notes of reads say nothing of anybody's data, and public bodies have none of their own here: neither is noted.
    """
    told = {entry.owner_id for entry in entries if not entry.action.startswith("read.")}
    owners = {owner for owner in told if owner is not None and by_official(viewer, owner)}
    if not owners:
        return
    with as_system("looking up whose entries were read"):
        found = Organisation.objects.filter(pk__in=owners, is_public=False).order_by("pk")
        offices = dict(found.values_list("pk", "office_id"))
    if offices:
        _read_journal(by=viewer, record=record, offices=offices)
