"""Reads by officials of an enterprise's data, which the enterprise can see."""

from __future__ import annotations

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.actions import Deed, action


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
