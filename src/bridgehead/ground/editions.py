"""Which content of a region was served, and since when."""

from __future__ import annotations

from django.utils import timezone

import bridgehead
from bridgehead.ground import database
from bridgehead.ground.models import RegionEdition
from bridgehead.regions.load import Region


def record(region: Region) -> RegionEdition:
    """Note that this content is served by this version; noting it again changes nothing.

    Raises
    ------
    BridgeheadError
        ``database.locked``, ``database.damaged`` or ``database.unavailable`` if it cannot be noted.
    """
    with database.worded():
        edition, _ = RegionEdition.objects.get_or_create(
            region=region.id,
            content_hash=region.content_hash,
            version=bridgehead.__version__,
            defaults={"loaded_at": timezone.now()},
        )
    return edition


def served(region: Region, most: int = 20) -> tuple[RegionEdition, ...]:
    """Return the editions of a region that were served from this data folder, newest first."""
    if not database.exists():
        return ()
    return tuple(RegionEdition.objects.filter(region=region.id)[:most])
