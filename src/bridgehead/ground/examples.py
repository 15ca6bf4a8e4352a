"""Example addresses of pages that show records: of those that are there, for tests and screenshots."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from bridgehead.ground import database
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.pages import Example
from bridgehead.regions.load import Region

MOST = 2

Examples = Callable[[Region], Iterable[Example]]


def examples_in(models: str) -> Callable[..., Examples]:
    """Return what gives the examples of a page about records, for the models of a room by their dotted name."""

    def of(model: str, *addresses: Callable[[Any], Example], **only: object) -> Examples:
        """Return the examples of a page: of the first few records, none while there is no database.

        Parameters
        ----------
        model : str
            Name of the model.
        addresses : callables
            Give an address each for a record.
        only : filters
            Which records.
        """

        def examples(region: Region) -> Iterable[Example]:
            if not database.exists():
                return ()
            with as_system("looking for examples"):
                rows = list(visible(getattr(import_module(models), model)).filter(**only).order_by("pk")[:MOST])
            return [address(one) for one in rows for address in addresses]

        return examples

    return of
