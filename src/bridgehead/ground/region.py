"""The region this process serves: loaded once, with the reference flows computed or read on first use."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from bridgehead.engines.flows.freight_flows import FreightFlows
from bridgehead.engines.flows.results import Flows
from bridgehead.engines.network.components import ComponentTables
from bridgehead.ground import database
from bridgehead.jobs.reference_flows import Progress, reference_freight
from bridgehead.jobs.store import Store
from bridgehead.regions.load import Region, load_region

# Held while the region is loaded or changed, never while something is computed from it.
_lock = threading.RLock()
_current: Loaded | None = None


@dataclass(frozen=True)
class Loaded:
    """A region with what is computed from it; every property is computed once and kept.

    Attributes
    ----------
    region : Region
        The tables and settings.
    store : Store
        Where results are kept; without a folder they are kept in memory only.
    remembered : dict
        A place for what selectors derive from the region and want to keep: see `remember`.
    """

    region: Region
    store: Store
    remembered: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    _locks: dict[Any, threading.RLock] = field(default_factory=dict, compare=False, repr=False)

    @property
    def components(self) -> ComponentTables:
        """The component tables of the network."""
        found: ComponentTables = self.remember("components", self.region.network)
        return found

    @property
    def flows(self) -> Flows:
        """The reference flows of the region's base year."""
        return self.freight.flows

    @property
    def freight(self) -> FreightFlows:
        """The freight of the region's base year in equilibrium, with queues and ways."""
        return self.freight_with_progress(None)

    def freight_with_progress(self, progress: Progress | None) -> FreightFlows:
        """Return the reference flows; tell `progress` how far their computation is if they are not stored yet."""
        found: FreightFlows = self.remember(
            "freight", lambda: reference_freight(self.region, self.store, progress=progress)
        )
        return found

    def remember(self, key: Any, compute: Any) -> Any:
        """Return what `compute` gave when it was first called under this key.

        For indexes over the tables and drawings that do not depend on the request. Keys are any hashable; begin
        them with the name of the module. Whoever asks for a key that is being computed waits for it; other keys
        are not held up. A computation may ask for other keys, as long as they do not ask for it in turn.
        """
        if key not in self.remembered:
            with self._locks.setdefault(key, threading.RLock()):
                if key not in self.remembered:
                    self.remembered[key] = compute()
            self._locks.pop(key, None)
        return self.remembered[key]


def current() -> Loaded:
    """Return the region of this process, loading it on the first call.

    Raises
    ------
    BridgeheadError
        With every fault of error severity, if the region's tables cannot be used, or ``database.newer`` if the
        database is of a newer version. The next call tries again.
    """
    global _current  # noqa: PLW0603 - one region a process is the point of this module
    loaded = _current
    if loaded is not None:
        return loaded
    with _lock:
        if _current is None:
            _current = _load(settings.BRIDGEHEAD_REGION)
        return _current


def _load(path: Path | None) -> Loaded:
    loaded = load_region(path)
    database.refuse_newer()
    folder = settings.BRIDGEHEAD_DATA
    # Looking leaves nothing behind: whoever starts the platform makes the folder.
    return Loaded(loaded, Store(folder / "results" if folder.is_dir() else None))


@contextmanager
def serving(path: Path) -> Iterator[Loaded]:
    """Serve another region inside a ``with`` block; for tests and tools."""
    global _current  # noqa: PLW0603
    loaded = _load(path)
    with _lock:
        before, _current = _current, loaded
    try:
        yield loaded
    finally:
        with _lock:
            _current = before
