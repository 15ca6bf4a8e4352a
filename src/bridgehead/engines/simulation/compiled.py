"""A port model as arrays, with what leads from the model's names to their rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bridgehead.engines.simulation.model import Distribution, Match, Model, Node, UnitClass
from bridgehead.engines.simulation.unit_stays import main_classes


def purpose(*words: str) -> int:
    """Return the 64 bits a purpose of random numbers is known by."""
    return int.from_bytes(hashlib.blake2b("\x1f".join(words).encode(), digest_size=8).digest(), "little")


@dataclass(frozen=True)
class UnitType:
    """A class of units, or one risk band of it."""

    unit_class: UnitClass
    band: str | None


@dataclass(frozen=True)
class NodePart:
    """A node of the kernel: a node of the model, or one input of a match."""

    node: Node
    side: int = 0

    @property
    def name(self) -> str:
        """Name under which its random numbers are drawn."""
        return self.node.id if not isinstance(self.node, Match) else f"{self.node.id}/{self.side}"


@dataclass(frozen=True)
class Compiled:
    """A model as arrays. Treat them as constants: a run works on copies.

    Parameters
    ----------
    model : Model
        What it was made of.
    parts : tuple of NodePart
        Along the nodes of the kernel.
    types : tuple of UnitType
        Along the types of the kernel.
    tables : mapping
        Of `bridgehead.engines.simulation.layout.TABLES` those that belong to the model.
    histograms : int
        How many there are.
    rows : mapping
        Distributions to their rows.
    source_names : tuple of str
        Along the sources, the closed population after them.
    """

    model: Model
    parts: tuple[NodePart, ...]
    types: tuple[UnitType, ...]
    tables: Mapping[str, Any]
    histograms: int

    rows: Mapping[Distribution, int]
    source_names: tuple[str, ...]

    def distribution_row(self, given: Distribution | None) -> int:
        """Return the row of a distribution, -1 for none."""
        return -1 if given is None else self.rows[given]

    @cached_property
    def node_index(self) -> Mapping[str, tuple[int, ...]]:
        """Kernel nodes of each node of the model."""
        found: dict[str, tuple[int, ...]] = {}
        for at, part in enumerate(self.parts):
            found[part.node.id] = (*found.get(part.node.id, ()), at)
        return found

    @cached_property
    def type_index(self) -> Mapping[str, tuple[int, ...]]:
        """Kernel types of each class of the model."""
        found: dict[str, tuple[int, ...]] = {}
        for at, kind in enumerate(self.types):
            found[kind.unit_class.id] = (*found.get(kind.unit_class.id, ()), at)
        return found

    @cached_property
    def main_classes(self) -> tuple[str, ...]:
        """Classes whose stay is that of the port; see `bridgehead.engines.simulation.unit_stays`."""
        return main_classes(self.model)
