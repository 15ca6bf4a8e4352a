"""The reference flows: the base year's demand on the network, computed once per region content and engine version.

The paths are kept beside them: the flows are their sums.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from bridgehead import kernel
from bridgehead.engines import flows as engines_flows
from bridgehead.engines import network as engines_network
from bridgehead.engines.flows import all_or_nothing
from bridgehead.engines.flows.all_or_nothing import Flows
from bridgehead.engines.flows.paths import FlowPath, flow_paths, paths_from_json, paths_to_json
from bridgehead.jobs.store import Store
from bridgehead.kernel.hashing import content_hash
from bridgehead.regions import components as regions_components
from bridgehead.regions.load import Region

Progress = Callable[[int, int], None]


@cache
def engine_version() -> str:
    """Return what results depend on besides the tables: the declared version and the very code they come from.

    A change of the code without a new version number must not leave an old result in use. The code is that of the
    engines, of what builds their tables, of the kernel, and the libraries that compile and add the numbers.
    """
    folders = [Path(package.__file__ or "").parent for package in (engines_network, engines_flows, kernel)]
    files = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    files.append(Path(regions_components.__file__ or ""))
    code = [(file.name, content_hash(file.read_bytes())) for file in files]
    libraries = {name: version(name) for name in ("numba", "numpy")}
    return content_hash({"version": all_or_nothing.VERSION, "code": code, "libraries": libraries})


def key(region: Region, year: int, kind: str = "flows") -> str:
    """Return the key of the results of a year: it changes with the region's content, the engine and the year.

    Parameters
    ----------
    region : Region
        The loaded region.
    year : int
        Year of the demand.
    kind : str
        ``flows`` or ``paths``.
    """
    of = content_hash({"region": region.content_hash, "engine": engine_version(), "year": year, "kind": kind})
    return f"{_beginning(region, year, kind)}{of[:40]}"


def _beginning(region: Region, year: int, kind: str) -> str:
    """Return what the keys of all versions of a result have in common."""
    return f"{kind}-{region.id}-{year}-"


def reference_flows(region: Region, store: Store, year: int | None = None, progress: Progress | None = None) -> Flows:
    """Return the flows of a year (the region's base year by default) from the store, or compute and keep them.

    Parameters
    ----------
    region : Region
        The loaded region.
    store : Store
        Where results are kept; those of other contents of the region are removed.
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
    return store.get_or_compute(
        key(region, chosen),
        lambda: all_or_nothing.assign(region.network(), chosen, progress=progress),
        pack=lambda flows: flows.to_json().encode(),
        unpack=Flows.from_json,
        instead_of=_beginning(region, chosen, "flows"),
    )


def reference_paths(region: Region, store: Store, year: int | None = None) -> tuple[FlowPath, ...]:
    """Return the way of every flow of a year (the base year by default) from the store, or compute and keep them.

    Parameters
    ----------
    region : Region
        The loaded region.
    store : Store
        Where results are kept; those of other contents of the region are removed.
    year : int, optional
        Year of the demand.

    Raises
    ------
    BridgeheadError
        If the engine refuses the tables.
    """
    chosen = region.settings.base_year if year is None else year
    return store.get_or_compute(
        key(region, chosen, "paths"),
        lambda: flow_paths(region.network(), chosen),
        pack=lambda paths: paths_to_json(paths).encode(),
        unpack=paths_from_json,
        instead_of=_beginning(region, chosen, "paths"),
    )
