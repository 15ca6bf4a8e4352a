"""The published times and prices of a region, beside what the model says."""

from __future__ import annotations

from typing import Any

from bridgehead.engines.network.comparison import Comparison, Published, compare
from bridgehead.regions.components import published_route
from bridgehead.regions.load import Region


def published_of(region: Region) -> tuple[Published, ...]:
    """Return the rows of the table ``published_routes`` as the engine takes them; none for a region without it."""
    return tuple(published_route(row) for row in region.rows("published_routes"))


def comparisons(region: Region) -> tuple[Comparison, ...]:
    """Return our figure beside every published one, in the order of the table.

    Raises
    ------
    BridgeheadError
        If a row asks for what the model cannot answer.
    """
    return compare(region.network(), published_of(region))


def as_json(region: Region, one: Comparison, language: str) -> dict[str, Any]:
    """Return a comparison in JSON types, with names in a language."""
    row = one.published
    return {
        "id": row.id,
        "origin": {"id": row.origin, "name": region.name(row.origin, language)},
        "destination": {"id": row.destination, "name": region.name(row.destination, language)},
        "commodity": {"id": row.commodity, "name": region.name(row.commodity, language)},
        "tonnes": row.tonnes,
        "teu": row.teu,
        "by": row.by,
        "via": row.via or None,
        "modes": list(row.modes),
        "metric": row.metric,
        "unit": row.unit,
        "published": row.value,
        "ours": one.ours,
        "ratio": one.ratio,
        "plausible": one.plausible,
        "circular": list(one.circular),
        "explanation": row.explanation or None,
        "source": row.source,
        "source_date": row.source_date or None,
        "confidence": row.confidence or None,
        "note": row.note or None,
    }
