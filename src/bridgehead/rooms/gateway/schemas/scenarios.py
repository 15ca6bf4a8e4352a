"""What the operations on scenarios give out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema


class ScenarioLineOut(Schema):
    """A scenario in the list; ``saved_by``, ``owner`` and ``saved_at`` only of those that were saved."""

    id: str
    title: str
    reason: str
    year: int
    edits: int
    standing: str | None
    source: str | None
    source_date: str | None
    saved_by: str | None
    owner: str | None
    saved_at: datetime | None


class ScenariosOut(Schema):
    """The scenarios somebody may see."""

    statement: str
    shipped: list[ScenarioLineOut]
    saved: list[ScenarioLineOut]


class EditOut(Schema):
    """An edit in words and as it is written."""

    position: int
    does: str
    on: str
    effect: str | None
    plain: dict[str, Any]


class PeriodOut(Schema):
    """Days of the year on which the same links are closed."""

    days: int
    days_in_year: int
    closed_links: list[str]


class ScenarioOut(ScenarioLineOut):
    """One scenario; hashes and periods only where its edits can be made on the present tables, else ``faults``."""

    made: list[EditOut]
    content_hash: str | None
    base_hash: str | None
    stale: bool
    withdrawn: bool
    superseded_by: str | None
    periods: list[PeriodOut]
    faults: list[dict[str, Any]]
