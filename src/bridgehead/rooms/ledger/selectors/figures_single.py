"""One figure: what it says, what it replaced and was replaced by, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.periods import Period
from bridgehead.rooms.ledger.figure_words import plain
from bridgehead.rooms.ledger.indicators import Definition, indicators
from bridgehead.rooms.ledger.models import Figure
from bridgehead.rooms.ledger.selectors.figures import Reckoned, Reckoner
from bridgehead.rooms.ledger.selectors.figures_register import FigureLine, difference_words
from bridgehead.rooms.ledger.who import name_of, names_of


@dataclass(frozen=True, slots=True)
class FigurePage:
    """One figure with its chain, oldest first, and everything reported on its period."""

    line: FigureLine
    definition: Definition
    chain: tuple[FigureLine, ...]
    value: Reckoned
    beside: tuple[FigureLine, ...]

    @property
    def known(self) -> bool:
        """Whether the region's tables have its indicator."""
        return self.definition.id in indicators().history

    @property
    def difference(self) -> str:
        """How far apart the reports on its period are, in words; empty where they agree."""
        return difference_words(self.value)


def figure_page(viewer: Viewer, figure: int) -> FigurePage:
    """Return one figure with what it replaced and what stands beside it.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record``.

    Articles: 79, 81
    """
    record = visible(Figure, viewer).filter(pk=figure).select_related("office").first()
    if record is None:
        raise BridgeheadError("action.no_such_record", {"kind": Figure.RECORD, "id": str(figure)})
    same = {"indicator": record.indicator, "place": record.place, "period": record.period}
    rows = list(visible(Figure, viewer).filter(**same).select_related("office").order_by("entered_at", "pk"))
    people = names_of({one.author_id for one in rows})
    lines = {one.pk: _line(one, people) for one in rows}
    chain = [record.pk]
    by_pk = {one.pk: one for one in rows}
    before = {one.replaces_id: one.pk for one in rows if one.replaces_id}
    while (earlier := by_pk[chain[0]].replaces_id) in by_pk:
        chain.insert(0, earlier)
    while (later := before.get(chain[-1])) is not None:
        chain.append(later)
    period = Period(record.first_on, record.last_on)
    return FigurePage(
        lines[record.pk],
        indicators().latest(record.indicator) or _unknown(record),
        tuple(lines[pk] for pk in chain),
        Reckoner.of(viewer, [record.indicator], [period.last.year], record.place).value(record.indicator, period),
        tuple(line for pk, line in lines.items() if pk not in chain and line.figure.ended_at is None),
    )


def _unknown(record: Figure) -> Definition:
    """Return what is known of an indicator that the region's tables no longer have: its figures stay."""
    names = (record.indicator, record.indicator, record.indicator)
    return Definition(*names, record.unit, "event", adds=False, body="", due_wd=None, confidence="", source="")


def _line(one: Figure, people: dict[int, str]) -> FigureLine:
    office = speak(language(), one.office.name_zh, one.office.name_en)
    one.value = plain(one.value)
    return FigureLine(one, office, name_of(one.author_id, people), plain(one.given))
