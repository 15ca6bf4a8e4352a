"""What the region's tables say for the ledger: working days, the ladders of escalation, obligations that recur."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bridgehead.engines.obligations.escalation import Ladder, Rung, ladder_for
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import current
from bridgehead.kernel.calendars import Calendar
from bridgehead.kernel.tables import Row
from bridgehead.regions.calendars import calendar_of

DISCIPLINE = "discipline"
"""Kind of the organisations that inspect discipline, and the word of the table for a rung addressed to one."""


@dataclass(frozen=True, slots=True)
class RungWords:
    """What a rung and its paper are called, who has it, whom it is addressed to, and what it rests on."""

    zh: str
    en: str
    paper_zh: str
    paper_en: str
    vertical: bool
    to_discipline: bool
    confidence: str
    source: str


def calendar() -> Calendar:
    """Return which days are worked in the region."""
    found: Calendar = current().remember("ledger.calendar", lambda: calendar_of(current().region))
    return found


def ladders(vertical: bool = False) -> tuple[Ladder, ...]:
    """Return the ladders of the region, or those of its vertical units, which are reminded and not supervised."""
    found: tuple[Ladder, ...] = current().remember(("ledger.ladders", vertical), lambda: _ladders(vertical))
    return found


def _ladders(vertical: bool) -> tuple[Ladder, ...]:
    by_ladder: dict[tuple[str, date], list[Row]] = {}
    for row in current().region.rows("escalation"):
        if not vertical or row["vertical"]:
            by_ladder.setdefault((row.text("ladder"), date.fromisoformat(row.text("valid_from"))), []).append(row)
    return tuple(
        Ladder(name, since, tuple(sorted(map(_rung, rows), key=lambda one: one.after_wd)))
        for (name, since), rows in by_ladder.items()
    )


def _rung(row: Row) -> Rung:
    return Rung(row.text("rung"), int(row.text("after_wd")), int(row.text("wait_wd")))


def ladder_of(due: date, vertical: bool = False) -> Ladder | None:
    """Return the ladder that holds for what is due on a day; None in a region that has none."""
    return ladder_for(ladders(vertical), due)


def rung_words(ladder: str, rung: str) -> RungWords | None:
    """Return what a rung of a ladder is called."""
    for row in current().region.rows("escalation"):
        if row.text("ladder") == ladder and row.text("rung") == rung:
            words = [row.text(name) for name in ("name_zh", "name_en", "paper_zh", "paper_en")]
            has = (bool(row["vertical"]), row.text("addressee") == DISCIPLINE)
            return RungWords(*words, *has, row.text("confidence"), row.text("source"))
    return None


def paper_name(ladder: str, rung: str) -> str:
    """Return the name of the paper of a rung in the language of the request; its id where the table lost it."""
    found = rung_words(ladder, rung)
    return speak(language(), found.paper_zh, found.paper_en) if found else rung


def rung_name(ladder: str, rung: str) -> str:
    """Return the name of a rung in the language of the request; its id where the table no longer has it."""
    found = rung_words(ladder, rung)
    return speak(language(), found.zh, found.en or found.zh) if found else rung
