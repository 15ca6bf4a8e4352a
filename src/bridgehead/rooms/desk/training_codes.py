"""Finding a partner's place in training again by number and code, and how partners are written to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.codes import fits
from bridgehead.ground.mail import Addressee
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.models import TrainingPlace

CODES = "training"
"""What the codes are for."""
LETTER = "desk.training"
LONGEST = 16


def held_by(number: str, code: str, *, to_change: bool = False) -> TrainingPlace:
    """Return the place of a number whose code somebody knows; read as the platform, and only that one row.

    Raises
    ------
    BridgeheadError
        ``training.unknown``, the same for a number there is none of and for a wrong code.

    Articles: 51
    """
    told = "".join(number.split()).upper()[:LONGEST]
    with as_system("looking up a place in training by its code"):
        rows = TrainingPlace.objects.select_for_update(of=("self",)) if to_change else TrainingPlace.objects
        row = rows.select_related("session__owner").filter(number=told).first() if told.isascii() else None
    if row is None or not fits(CODES, told, code, row.code_hash):
        raise BridgeheadError("training.unknown")
    return row


def addressee(arguments: Mapping[str, Any]) -> Addressee | None:
    """Return to whom a partner's mail goes: told the number of the place and what happened, never the code."""
    row = TrainingPlace.objects.filter(pk=arguments["place"]).first()
    if row is None or not row.email:
        return None
    told = {"name": row.name, "number": row.number, "kind": arguments["kind"], "waits": row.state == "waiting"}
    return Addressee(row.email, row.language, told)
