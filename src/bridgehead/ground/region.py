"""The region this process serves: loaded once, with the reference flows computed or read on first use."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings

from bridgehead.engines.flows.all_or_nothing import Flows
from bridgehead.engines.network.components import ComponentTables
from bridgehead.jobs.reference_flows import Progress, reference_flows
from bridgehead.jobs.store import Store
from bridgehead.regions.load import Region, load_region

# Reentrant: a page that asks for the flows may be the first to ask for the region.
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

    @cached_property
    def components(self) -> ComponentTables:
        """The component tables of the network."""
        with _lock:
            return self.region.network()

    @property
    def flows(self) -> Flows:
        """The reference flows of the region's base year."""
        return self.flows_with_progress(None)

    def flows_with_progress(self, progress: Progress | None) -> Flows:
        """Return the reference flows; tell `progress` how far their computation is if they are not stored yet."""
        with _lock:
            if "flows" not in self.remembered:
                self.remembered["flows"] = reference_flows(self.region, self.store, progress=progress)
            found: Flows = self.remembered["flows"]
            return found

    def remember(self, key: Any, compute: Any) -> Any:
        """Return what `compute` gave when it was first called under this key.

        For indexes over the tables and drawings that do not depend on the request. Keys are any hashable; begin
        them with the name of the module.
        """
        if key not in self.remembered:
            with _lock:
                if key not in self.remembered:
                    self.remembered[key] = compute()
        return self.remembered[key]


def current() -> Loaded:
    """Return the region of this process, loading it on the first call.

    Raises
    ------
    BridgeheadError
        With every fault of error severity, if the region's tables cannot be used. The next call tries again.
    """
    global _current  # noqa: PLW0603 - one region a process is the point of this module
    with _lock:
        if _current is None:
            _current = _load(settings.BRIDGEHEAD_REGION)
        return _current


def _load(path: Path | None) -> Loaded:
    return Loaded(load_region(path), Store(settings.BRIDGEHEAD_DATA / "results"))


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
