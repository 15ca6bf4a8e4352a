"""What can be found of the region's tables, indexed in memory.

The tables are in memory as it is, the same for everybody who may see the page, and changed by a restart alone. So this
index needs no database, cannot fall behind the tables, and is right in every process whatever region it serves.
"""

from __future__ import annotations

from bridgehead.ground.region import Loaded
from bridgehead.ground.search.registry import kinds
from bridgehead.ground.search.scope import Standing
from bridgehead.ground.search.shelves import Shelf, memory_shelf
from bridgehead.kernel.synonyms import Thesaurus
from bridgehead.regions.load import Region


def region_shelf(loaded: Loaded) -> Shelf:
    """Return the index of the region in use, made on the first call."""
    found: Shelf = loaded.remember("search.shelf", lambda: _index(loaded.region))
    return found


def _index(region: Region) -> Shelf:
    shelf = memory_shelf()
    everybody = Standing()
    for one in kinds():
        if one.of_region is not None:
            shelf.put(one.kind, one.audience, ((document, everybody) for document in one.of_region(region)))
    return shelf


def thesaurus(loaded: Loaded) -> Thesaurus:
    """Return the synonyms of the region in use, none where it has no such table."""
    found: Thesaurus = loaded.remember("search.thesaurus", lambda: _thesaurus(loaded.region))
    return found


def _thesaurus(region: Region) -> Thesaurus:
    rows = region.rows("synonyms") if "synonyms" in region.tables else ()
    groups = [tuple(word for column in ("words_zh", "words_en") for word in (row[column] or ())) for row in rows]  # type: ignore[union-attr]
    return Thesaurus.of(groups)  # type: ignore[arg-type]
