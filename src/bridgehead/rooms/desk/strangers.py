"""What a broker hears whose mandate is over: that it is, whichever of the two locks shut first."""

from __future__ import annotations

from bridgehead.ground.access.grants import refuse_after_mandate
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.rooms.desk.models import Case


def refuse_strangers(viewer: Viewer, case: int) -> None:
    """Tell somebody who does not see a case that the mandate they saw it by is over, if there was one.

    Raises
    ------
    BridgeheadError
        ``action.mandate_over``; nothing is raised for whoever never had one.
    """
    with as_system("looking for an earlier mandate"):
        owner = Case.objects.filter(pk=case).values_list("owner_id", flat=True).first()
    refuse_after_mandate(viewer, owner)
