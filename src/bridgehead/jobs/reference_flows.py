"""The reference flows: the base year's demand on the network, computed once per region content and engine version."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from bridgehead.engines import flows as engines_flows
from bridgehead.engines import network as engines_network
from bridgehead.engines.flows import all_or_nothing
from bridgehead.engines.flows.all_or_nothing import Flows
from bridgehead.jobs.store import Store
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.hashing import content_hash
from bridgehead.regions.load import Region

Progress = Callable[[int, int], None]


@cache
def engine_version() -> str:
    """Return what the engine's results depend on besides the tables: its declared version and its very code.

    A change of the code without a new version number must not leave an old result in use.
    """
    folders = [Path(package.__file__ or "").parent for package in (engines_network, engines_flows)]
    code = [(file.name, content_hash(file.read_bytes())) for folder in folders for file in sorted(folder.glob("*.py"))]
    return content_hash({"version": all_or_nothing.VERSION, "code": code})


def key(region: Region, year: int) -> str:
    """Return the key of the flows of a year: it changes with the region's content, the engine and the year."""
    of = content_hash({"region": region.content_hash, "engine": engine_version(), "year": year})
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
        try:
            return Flows.from_json(stored)
        except BridgeheadError:
            pass  # whole, but not in the form this engine writes: computed again like a damaged one
    flows = all_or_nothing.assign(region.network(), chosen, progress=progress)
    store.write(name, flows.to_json().encode())
    return flows
