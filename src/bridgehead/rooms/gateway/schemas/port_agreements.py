"""What the operation on the loop of flows and simulation gives out."""

from __future__ import annotations

from typing import Any

from ninja import Schema


class PortAgreementOut(Schema):
    """What is asked, and the answer: ``complete`` is false while the loop goes on, null where nobody began it.

    ``refused`` says why there is no question yet: neither the model nor anybody says which classes are the freight.
    The answer has the rounds with their differences and, once complete, the stay against the load; times in minutes,
    loads a day. All are results of models.
    """

    port: str
    run: str
    direction: str
    classes: list[str]
    tolerance: float
    possible: bool
    key: str | None
    complete: bool | None
    sentence: str | None
    answer: dict[str, Any] | None
    refused: dict[str, Any] | None
