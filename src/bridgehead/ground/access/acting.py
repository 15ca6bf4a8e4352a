"""For whom somebody may act."""

from __future__ import annotations

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.models import Organisation


def able_in(viewer: Viewer, permission: str) -> list[Organisation]:
    """Return the organisations in which somebody may do something that writes, in the order of their codes."""
    held = {grant.organisation_id for grant in viewer.grants}
    able = [pk for pk in held if viewer.grant_for(permission, pk, to_write=True)]
    return list(visible(Organisation, viewer).filter(pk__in=able, closed_on__isnull=True)) if able else []
