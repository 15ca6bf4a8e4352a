"""The reference flows: the base year's demand on the network, computed once per region content and engine version."""

from __future__ import annotations

from collections.abc import Callable

from bridgehead.engines.flows import all_or_nothing
from bridgehead.engines.flows.all_or_nothing import Flows
from bridgehead.jobs.store import Store
from bridgehead.kernel.hashing import content_hash
from bridgehead.regions.load import Region

Progress = Callable[[int, int], None]


def key(region: Region, year: int) -> str:
    """Return the key of the flows of a year: it changes with the region's content, the engine and the year."""
    of = content_hash({"region": region.content_hash, "engine": all_or_nothing.VERSION, "year": year})
    return f"flows-{year}-{of[:40]}"


def reference_flows(region: Region, store: Store, year: int | None = None, progress: Progress | None = None) -> Flows:
    """Return the flows of a year (the region's base year by default) from the store, or compute and keep them.

    Parameters
    ----------
    region : Region
        The loaded region.
    store : Store
        Where results are kept.
    year : int, optional
        Year of the demand.
    progress : callable, optional
        Called with (done, all) while computing; not called when the result is in the store.

    Raises
    ------
    BridgeheadError
        If the engine refuses the tables.
    """
    chosen = region.settings.base_year if year is None else year
    name = key(region, chosen)
    stored = store.read(name)
    if stored is not None:
        return Flows.from_json(stored.decode())
    flows = all_or_nothing.assign(region.network(), chosen, progress=progress)
    store.write(name, flows.to_json().encode())
    return flows
