"""Where the duties that were taken over stand in the text that holds now."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from bridgehead.rooms.ledger.models import Duty
from bridgehead.rooms.statute.public import HeldDuty

ALIKE, ALIKE_IN_PLACE = 0.5, 0.3
"""How alike the words of two duties are, from 0 to 1, for one to be the other anew: anywhere, and at the same id."""


def places(rows: Sequence[Duty], held: Sequence[HeldDuty]) -> list[tuple[Duty, HeldDuty | None]]:
    """Return each duty with what it is in the text that holds, None for what is gone; nothing is given twice.

    Ids count places in the text, so that one article less gives every later one another id. Words therefore go before
    ids: first those that stand where they stood, then those that stand elsewhere, then, of what is left, whatever is
    most alike. What was gone comes back by its words alone.

    Parameters
    ----------
    rows : sequence of Duty
        The duties that were taken over of one law.
    held : sequence of HeldDuty
        Those of its text that holds.
    """
    there: dict[int, HeldDuty] = {}
    free = {one.eid: one for one in held}

    def give(row: Duty, one: HeldDuty) -> None:
        there[row.pk] = free.pop(one.eid)

    for row in rows:
        same = free.get(row.eid)
        if same is not None and same.anchor == row.anchor:
            give(row, same)
    for row in rows:
        if row.pk not in there:
            moved = next((one for one in free.values() if one.anchor == row.anchor), None)
            if moved is not None:
                give(row, moved)
    left = [row for row in rows if row.pk not in there and row.state != Duty.State.GONE]
    pairs = [(_alike(row, one), row.eid == one.eid, row, one) for row in left for one in free.values()]
    for alike, in_place, row, one in sorted(pairs, key=lambda pair: pair[:2], reverse=True):
        enough = ALIKE_IN_PLACE if in_place else ALIKE
        if alike >= enough and row.pk not in there and one.eid in free:
            give(row, one)
    return [(row, there.get(row.pk)) for row in rows]


def _alike(row: Duty, one: HeldDuty) -> float:
    return SequenceMatcher(None, row.what, one.what, autojunk=False).ratio()
