"""Example addresses of pages that show records of the ledger: of those that are there, for tests and screenshots."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bridgehead.ground import database
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.pages import Example
from bridgehead.regions.load import Region

NEEDS = "records of the ledger"
"""What must be there before these pages have anything to show: a region ships without records."""
MOST = 2


def of(model: str, *addresses: Callable[[Any], Example], **only: object) -> Callable[[Region], Iterable[Example]]:
    """Return the examples of a page about records of the room: of the first few, none while there is no database.

    Parameters
    ----------
    model : str
        Name of the model in ``bridgehead.rooms.ledger.models``.
    addresses : callables
        Give an address each for a record.
    only : filters
        Which records.
    """

    def examples(region: Region) -> Iterable[Example]:
        from bridgehead.rooms.ledger import models

        if not database.exists():
            return ()
        with as_system("looking for examples"):
            rows = list(visible(getattr(models, model)).filter(**only).order_by("pk")[:MOST])
        return [address(one) for one in rows for address in addresses]

    return examples
