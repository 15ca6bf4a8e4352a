"""A description in the native form on the way from a case, with where its parts stand there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bridgehead.engines.simulation.case_spelling import name_of
from bridgehead.engines.simulation.noting import Path


@dataclass(slots=True)
class NativeForm:
    """A description in the native form, and where its parts stand in the case.

    Parameters
    ----------
    native : dict
        The description.
    origins : mapping
        Path in the native form to the path in the case, the longest that fits counts.
    flaws : list of (path, code, parameters)
        What could not be turned, by native path.
    inner : mapping
        Names of nodes in the case to those in the description, where words of ours stand in their way.
    """

    native: dict[str, Any] = field(default_factory=dict)
    origins: dict[Path, Path] = field(default_factory=dict)
    flaws: list[tuple[Path, str, Mapping[str, object]]] = field(default_factory=list)
    inner: dict[str, str] = field(default_factory=dict)

    def renamed(self, path: Path) -> Path:
        """Return where a path of the native form stands in the case."""
        for size in range(len(path), 0, -1):
            if path[:size] in self.origins:
                return (*self.origins[path[:size]], *path[size:])
        return path

    def note(self, path: Path, code: str, **parameters: object) -> None:
        """Keep what could not be turned."""
        self.flaws.append((path, code, parameters))

    def node(self, name: object) -> Any:
        """Return the name in the description of a node of the case."""
        told = name_of(name)
        return self.inner.get(told, told) if isinstance(told, str) else told
