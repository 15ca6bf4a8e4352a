"""Reports on a port that do not fit together, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from bridgehead.ground.kept import kept
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Figure
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors.throughput import FREIGHT, agree, cell, conflicts, figure_of, rows


@dataclass(frozen=True, slots=True)
class Stated:
    """One of the figures that do not fit together: when it speaks of (a day or a year), and the figure."""

    when: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Reports of one metric that do not fit together, and whose they are.

    ``kind`` is ``values`` (one period, different values), ``year`` (one year, different values), ``falls`` or
    ``totals``; see `bridgehead.rooms.gateway.selectors.throughput.Conflict`.
    """

    kind: str
    metric: str
    label: str
    subject: str
    stated: tuple[Stated, ...]

    @property
    def spread(self) -> float:
        """Relative difference between the largest and the smallest value."""
        values = [one.figure.value or 0.0 for one in self.stated]
        return (max(values) - min(values)) / max(values) if max(values) else 0.0


@kept
def disagreements(loaded: Loaded, port: str) -> tuple[Disagreement, ...]:
    """Return what the reports of a port, and of the groups it is counted in, say against each other."""
    found = []
    for subject in (port, *(group.id for group in names.groups_of(loaded, port))):
        for conflict in conflicts(loaded, subject):
            stated = tuple(
                Stated(p.figure.period_to.isoformat() if p.figure.period_to else str(p.year), p.figure)
                for p in conflict.points
            )
            label = names.metric(loaded, conflict.metric)
            found.append(Disagreement(conflict.kind, conflict.metric, label, subject, stated))
        for table in ("clearance", "policies_reported"):
            found += _of_a_year(loaded, table, subject)
    return tuple(sorted(found, key=lambda one: (one.metric != FREIGHT, -one.spread, one.metric)))


_SECOND_SOURCE = "_alt"
# What makes two rows speak of the same thing, besides port, metric, year and unit.
_SAME_IN = {"clearance": ("mode", "direction"), "policies_reported": ("kind", "subject")}


def _of_a_year(loaded: Loaded, table: str, subject: str) -> list[Disagreement]:
    """Return the figures of one year that differ although they speak of the same thing."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows(loaded, table):
        if cell(row, "port_id") == subject:
            key = [cell(row, "metric").removesuffix(_SECOND_SOURCE), row.text("year"), cell(row, "unit")]
            key += [cell(row, column).split(", ")[0] for column in _SAME_IN[table]]
            groups.setdefault(tuple(key), []).append(row)
    found = []
    for (metric, year, *_rest), listed in groups.items():
        figures = [figure_of(row) for row in listed]
        if not agree(figures):
            stated = tuple(Stated(year, figure) for figure in figures)
            found.append(Disagreement("year", metric, names.metric(loaded, metric), subject, stated))
    return found
