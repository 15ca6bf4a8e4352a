"""Targets of the region and its ports, and how far the year has brought them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Figure
from bridgehead.rooms.gateway.selectors.names import own_subjects, whole
from bridgehead.rooms.gateway.selectors.throughput import Point, best, cell, figure_of, points, rows

_TARGET = "_target"
_STRETCH = "_stretch"
# What a target counts, where the throughput table calls it otherwise.
_COUNTED_AS = {
    "foreign_trade": "foreign_trade_value",
    "coal_import": "import_tonnes_coal",
    "coal_export": "coal_export_tonnes",
    "cre_trains_local": "cre_trains_local_origin_or_destination",
}
# A target in these units names a day, not an amount.
_DATES = ("year", "yyyymmdd")


@dataclass(frozen=True, slots=True)
class Target:
    """A target with what was reached.

    Attributes
    ----------
    subject, metric : str
        Whose target, and what it counts, without the ending ``_target``.
    year : int
        The year it is set for.
    figure : Figure
        The amount aimed at, with its source.
    stretch : bool
        Whether it is the higher of two.
    done : Point or None
        What the year has brought so far; None where nothing was reported.
    line : int
        Row of ``policies_reported.csv``.
    """

    subject: str
    metric: str
    year: int
    figure: Figure
    stretch: bool
    done: Point | None
    line: int

    @property
    def amount(self) -> bool:
        """Whether it aims at an amount, so that a share can be told."""
        return self.figure.unit not in _DATES and bool(self.figure.value) and (self.figure.value or 0.0) > 0

    @property
    def share(self) -> float | None:
        """Share of the target that is reached."""
        if not self.amount or self.done is None or self.done.figure.value is None:
            return None
        assert self.figure.value is not None
        return self.done.figure.value / self.figure.value

    @property
    def gone(self) -> float | None:
        """Share of the year that is over at the figure reached, None for a whole year or no figure."""
        return None if self.done is None or self.done.full_year else self.done.gone

    @property
    def reached(self) -> bool:
        """Whether the target is met."""
        return (self.share or 0.0) >= 1.0

    @property
    def days_left(self) -> int:
        """Days of the year still to come when the figure was reported."""
        end = self.done.figure.period_to if self.done else None
        return (date(end.year, 12, 31) - end).days if end else 0


def targets(loaded: Loaded, subject: str | None = None) -> tuple[Target, ...]:
    """Return every target, or those of one port, place or group, newest year first, in file order within a year."""
    found = []
    for row in rows(loaded, "policies_reported"):
        if cell(row, "kind") != "target" or (subject is not None and cell(row, "port_id") != subject):
            continue
        name, year = cell(row, "metric"), row.get("year")
        base = name.removesuffix(_TARGET)
        stretch = base.endswith(_STRETCH)
        metric = base.removesuffix(_STRETCH)
        figure = figure_of(row)
        counted = points(loaded, cell(row, "port_id"), _COUNTED_AS.get(metric, metric))
        done = best((p for p in counted if p.figure.unit == figure.unit), int(year)) if year else None  # type: ignore[call-overload]
        found.append(
            Target(cell(row, "port_id"), metric, int(year or 0), figure, stretch, done, row.line)  # type: ignore[call-overload]
        )
    return tuple(sorted(found, key=lambda target: (-target.year, target.line)))


def pace(loaded: Loaded) -> tuple[int | None, tuple[Target, ...]]:
    """Return the newest year of which a target has a figure, and the targets of the region and its ports for it.

    Where no target has a figure at all the newest year with targets counts; without targets the year is None.
    """
    ours = own_subjects(loaded)
    mine = [target for target in targets(loaded) if target.amount and target.subject in ours]
    with_figure = [target.year for target in mine if target.done is not None]
    year = max(with_figure or [target.year for target in mine], default=None)
    first = whole(loaded)
    listed = [target for target in mine if target.year == year]
    listed.sort(key=lambda target: (target.done is None, target.subject != first, target.line))
    return year, tuple(listed)
