"""The reference flows: the base year's freight in equilibrium, computed once per region content and engine version."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from bridgehead import kernel
from bridgehead.engines import flows as engines_flows
from bridgehead.engines import network as engines_network
from bridgehead.engines.flows import freight_flows
from bridgehead.engines.flows.freight_flows import FreightFlows, equilibrate
from bridgehead.jobs.store import Store
from bridgehead.kernel.hashing import content_hash
from bridgehead.regions import components as regions_components
from bridgehead.regions.load import Region

Progress = Callable[[int, int], None]
GAP = 1e-6


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
    return content_hash({"version": freight_flows.VERSION, "code": code, "libraries": libraries})


def key(region: Region, year: int) -> str:
    """Return the key of the result of a year: it changes with the region's content, the engine and the year."""
    of = content_hash({"region": region.content_hash, "engine": engine_version(), "year": year, "gap": GAP})
    return f"{_beginning(region, year)}{of[:40]}"


def _beginning(region: Region, year: int) -> str:
    """Return what the keys of all versions of a result have in common."""
    return f"freight-{region.id}-{year}-"


def reference_freight(
    region: Region, store: Store, year: int | None = None, progress: Progress | None = None
) -> FreightFlows:
    """Return the freight of a year (the region's base year by default) from the store, or compute and keep it.

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
    tell = None if progress is None else _by_gap(progress)
    return store.get_or_compute(
        key(region, chosen),
        lambda: equilibrate(region.network(), chosen, gap=GAP, progress=tell),
        pack=lambda found: found.to_json().encode(),
        unpack=FreightFlows.from_json,
        instead_of=_beginning(region, chosen),
    )


def _by_gap(progress: Progress) -> Callable[[int, float], None]:
    """Return a teller of gaps that tells their logarithm as the part done: a gap falls by about as much each time."""
    whole = round(-100 * math.log10(GAP))
    done = 0

    def tell(_iteration: int, gap: float) -> None:
        nonlocal done
        done = max(done, min(round(-100 * math.log10(max(gap, GAP))), whole))
        progress(done, whole)

    return tell
