"""The region's checklist of safety abroad, and what is missing of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridgehead.ground.language import named
from bridgehead.ground.region import current
from bridgehead.kernel.tables import Row

TABLE = "outbound_checklist"
YES, NO, NOT_NEEDED = "yes", "no", "not_needed"
ANSWERS = (YES, NO, NOT_NEEDED)


@dataclass(frozen=True, slots=True)
class Item:
    """One item, and what a firm answered."""

    row: Row
    answer: str
    on: str
    note: str

    @property
    def id(self) -> str:
        """Its id."""
        return self.row.text("id")

    @property
    def name(self) -> str:
        """What is to be done, in the language of the request."""
        return named(self.row)

    @property
    def missing(self) -> bool:
        """Whether it is a gap: answered with no, or not at all."""
        return self.answer in ("", NO)


def rows() -> tuple[Row, ...]:
    """Return the items of the region in their order, none where it has no checklist."""
    found: tuple[Row, ...] = current().remember(f"desk.{TABLE}", _rows)
    return found


def _rows() -> tuple[Row, ...]:
    return tuple(sorted(current().region.rows(TABLE), key=lambda row: int(row["order"])))


def items(answers: Mapping[str, Mapping[str, Any]]) -> list[Item]:
    """Return the items with what was answered."""
    found = []
    for row in rows():
        told = answers.get(row.text("id"), {})
        found.append(Item(row, str(told.get("answer", "")), str(told.get("on", "")), str(told.get("note", ""))))
    return found
