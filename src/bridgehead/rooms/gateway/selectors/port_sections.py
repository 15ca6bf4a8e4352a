"""The sections of a port's page that list rows of the facts: figures, clearance, projects, targets, neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bridgehead.ground import wording, words
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Figure, Standing, standing_of
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors.ports import PortLine, all_lines
from bridgehead.rooms.gateway.selectors.recency import is_old, newest_year, year_of
from bridgehead.rooms.gateway.selectors.targets import Target, targets
from bridgehead.rooms.gateway.selectors.throughput import (
    FREIGHT,
    Point,
    by_metric,
    cell,
    figure_of,
    points,
    rows,
    years,
)

FIRST_POINTS = 8
"""So many points stand beside the chart; the others are folded away."""


@dataclass(frozen=True, slots=True)
class Throughput:
    """The freight figures a page shows: of the port itself, or of the group it is counted with.

    ``in_time`` are all points, also single months and sums over several years.
    """

    subject: str
    of_group: bool
    in_time: tuple[Point, ...]

    @property
    def first_points(self) -> tuple[Point, ...]:
        """The latest points, newest first."""
        return tuple(reversed(self.in_time))[:FIRST_POINTS]

    @property
    def more_points(self) -> tuple[Point, ...]:
        """The points before those, newest first."""
        return tuple(reversed(self.in_time))[FIRST_POINTS:]


@kept
def throughput(loaded: Loaded, port: str) -> tuple[Throughput, ...]:
    """Return the freight figures of a port and of the groups it is counted in; empty where nothing was reported."""
    found = []
    for subject in (port, *(group.id for group in names.groups_of(loaded, port))):
        listed = points(loaded, subject)
        if listed:
            found.append(Throughput(subject, subject != port, listed))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Series:
    """The best figure of each year of one metric other than freight, newest first."""

    metric: str
    label: str
    subject: str
    points: tuple[Point, ...]


@kept
def other_series(loaded: Loaded, port: str) -> tuple[Series, ...]:
    """Return the other metrics of a port, those with most years first."""
    found = []
    for metric, listed in by_metric(loaded, port).items():
        if metric == FREIGHT:
            continue
        best_of = years(listed) or listed
        found.append(Series(metric, names.metric(loaded, metric), port, tuple(reversed(best_of))))
    return tuple(sorted(found, key=lambda series: (-len(series.points), series.metric)))


@dataclass(frozen=True, slots=True)
class Clearance:
    """One figure on crossing: what, which way, when, how much, from where."""

    label: str
    direction: str
    year: int | None
    figure: Figure
    line: int


@kept
def clearance(loaded: Loaded, subject: str) -> tuple[Clearance, ...]:
    """Return the clearance figures of a port, place or group, newest first."""
    found = []
    for row in rows(loaded, "clearance"):
        if cell(row, "port_id") != subject:
            continue
        year = row.get("year")
        label = names.metric(loaded, cell(row, "metric"))
        direction = words.word("direction", cell(row, "direction"))
        found.append(Clearance(label, direction, year if isinstance(year, int) else None, figure_of(row), row.line))
    return tuple(sorted(found, key=lambda one: (-(one.year or 0), one.label, one.line)))


@dataclass(frozen=True, slots=True)
class Project:
    """One project: what, in which state, how much it adds, what it costs, when.

    ``state`` is the status in words, with the year of the source where that lies far back or the planned end has gone
    by; ``of`` the name of the port it is filed under where that is not the one asked for.
    """

    id: str
    name_zh: str
    name_en: str
    kind: str
    status: str
    state: str
    capacity: str
    cost: str
    start: str
    finish: str
    standing: Standing
    source: str
    source_date: str
    note: str
    place: str
    of: str = ""


_STATE = ("under_construction", "nearly_completed", "reported_started", "trial", "approved", "feasibility_done",
          "planned", "candidate", "completed")  # fmt: skip


@kept
def projects(loaded: Loaded, subject: str) -> tuple[Project, ...]:
    """Return the projects of a port, of the ports being built beside it, or of a place; those being built first."""
    here = {subject, *(names.twins(loaded, subject) if subject in names.index(loaded).ports else ())}
    found = [row for row in rows(loaded, "projects") if cell(row, "place_id") in here]
    found.sort(key=lambda row: _STATE.index(cell(row, "status")) if cell(row, "status") in _STATE else len(_STATE))
    return tuple(_project(loaded, row, subject) for row in found)


def _project(loaded: Loaded, row: Row, subject: str) -> Project:
    place = cell(row, "place_id")
    return Project(
        id=cell(row, "id"),
        name_zh=cell(row, "name_zh"),
        name_en=cell(row, "name_en"),
        kind=words.word("project_kind", cell(row, "kind")),
        status=words.word("project_status", cell(row, "status")),
        state=_dated(loaded, row),
        capacity=_capacity(row),
        cost=_cost(row),
        start=cell(row, "start"),
        finish=cell(row, "finish"),
        standing=standing_of(cell(row, "confidence")),
        source=cell(row, "source"),
        source_date=cell(row, "source_date"),
        note=cell(row, "note"),
        place=place,
        of=names.name(loaded, place) if place != subject else "",
    )


def _dated(loaded: Loaded, row: Row) -> str:
    """Return the status of a project in words; what an old report says of work under way is told with its year."""
    said = words.word("project_status", cell(row, "status"))
    told, finish = year_of(cell(row, "source_date")), year_of(cell(row, "finish"))
    overdue = finish is not None and finish < newest_year(loaded)
    if cell(row, "status") == "completed" or told is None or not (is_old(loaded, told) or overdue):
        return said
    return prose.capital(prose.tidy(_("%(year)s 年报道：%(state)s") % {"year": told, "state": said}))


def _capacity(row: Row) -> str:
    added = row.get("capacity_added")
    if not isinstance(added, int | float):
        return ""
    return wording.measured_words(added, cell(row, "unit"), language())


def _cost(row: Row) -> str:
    cost, other = row.get("cost_cny"), row.get("cost_other")
    if cost is not None:
        value = float(str(cost))
        if language() == "zh":
            return f"{wording.number(value / 1e8, 'zh')} 亿元"
        return f"CNY {wording.number(value / 1e6, 'en')} million"
    if other is not None:
        value, unit = float(str(other)), words.unit(cell(row, "cost_other_unit"))
        if language() == "zh":
            return f"{wording.number(value / 1e8, 'zh')} 亿{unit}"
        return f"{unit} {wording.number(value / 1e6, 'en')} million"
    return ""


@dataclass(frozen=True, slots=True)
class Policy:
    """One reported target, plan or figure."""

    kind: str
    subject: str
    label: str
    year: int | None
    figure: Figure
    words: str
    line: int


@kept
def policies(loaded: Loaded, subject: str) -> tuple[Policy, ...]:
    """Return the rows of ``policies_reported`` of a port or place, newest first."""
    found = []
    for row in rows(loaded, "policies_reported"):
        if cell(row, "port_id") == subject:
            year = row.get("year")
            label = names.metric(loaded, cell(row, "metric"))
            figure = figure_of(row)
            found.append(
                Policy(
                    kind=cell(row, "kind"),
                    subject=cell(row, "subject"),
                    label=label,
                    year=year if isinstance(year, int) else None,
                    figure=figure,
                    words=stated(figure),
                    line=row.line,
                )
            )
    return tuple(sorted(found, key=lambda policy: (-(policy.year or 0), policy.line)))


def stated(figure: Figure) -> str:
    """Return a figure of the policies in words; years and dates are written without separators."""
    if figure.value is None:
        return wording.number(None, language())
    if figure.unit == "year":
        return f"{figure.value:.0f}"
    if figure.unit == "yyyymmdd":
        text = f"{figure.value:.0f}"
        return wording.day(f"{text[:4]}-{text[4:6]}-{text[6:8]}", language())
    return f"{wording.amount(figure, language())} {wording.amount_unit(figure, language())}".strip()


@kept
def port_targets(loaded: Loaded, port: str) -> tuple[Target, ...]:
    """Return the targets of a port that aim at an amount, newest first."""
    return tuple(target for target in targets(loaded, port) if target.amount)


@kept
def neighbours(loaded: Loaded, port: str) -> tuple[PortLine, ...]:
    """Return the ports of the same mode and class, this one among them, the largest figure of the base year first."""
    lines = all_lines(loaded)
    here = next(one for one in lines if one.id == port)
    same = [
        one
        for one in lines
        if one.mode == here.mode
        and (one.port_class.kind, one.port_class.word) == (here.port_class.kind, here.port_class.word)
        and (one.status == here.status or one.id == port)
    ]
    same.sort(key=lambda one: (-(one.value or -1.0), one.name_en))
    return tuple(same) if len(same) > 1 else ()


@kept
def goods_sources(loaded: Loaded, port: str) -> tuple[str, str]:
    """Return the sources and the date of what is said about a port's goods, empty where nothing is."""
    found = [row for row in rows(loaded, "port_commodities") if cell(row, "port_id") == port]
    return (cell(found[0], "source"), cell(found[0], "source_date")) if found else ("", "")
