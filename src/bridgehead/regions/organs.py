"""The organs of a region: names a statute may use, and the organisations of the region that bear them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, cast

from bridgehead.engines.statute.gazetteer import Gazetteer, Organ, shipped
from bridgehead.engines.statute.successors import successors_of

if TYPE_CHECKING:
    from bridgehead.regions.load import Region

ORGANS = "statute/organs"


def gazetteer_of(region: Region) -> Gazetteer:
    """Return the national gazetteer with the organs of a region before its own; a new one at each call."""
    return shipped().extended(_organs(region))


def organisations_of(region: Region, organ: str) -> tuple[str, ...]:
    """Return the codes of the region's organisations that bear an organ, none where the table says none.

    Of an organ that is no more, those of the organ that took its tasks over, where that is one alone.
    """
    organs = _organs(region)
    named = next((one.bearers for one in organs if one.name == organ), ())
    taken_over = successors_of(organ)
    if named or len(taken_over) != 1:
        return named
    return next((one.bearers for one in organs if taken_over[0] in (one.name, *one.aliases)), ())


def edition_of(region: Region) -> str:
    """Return a hash of the region's organs: another one where any of them is another."""
    said = "\n".join(repr(one) for one in _organs(region))
    return hashlib.sha256(said.encode()).hexdigest()


def _organs(region: Region) -> list[Organ]:
    if ORGANS not in region.tables:
        return []
    return [
        Organ(
            str(row["organ"]),
            str(row["kind"] or ""),
            aliases=cast("tuple[str, ...]", row["aliases"] or ()),
            bearers=cast("tuple[str, ...]", row["orgs"] or ()),
            name_en=str(row["name_en"] or ""),
        )
        for row in region.rows(ORGANS)
    ]
