"""What a region's tables offer to calibrate a model on, and what is left to hold it against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, cast

from bridgehead.engines.flows.calibration import Constant, Target
from bridgehead.engines.flows.validation import COUNTRY, MODE, TRAINS, UNUSED, Change, Evidence, Told
from bridgehead.engines.network.components import MODES, OPEN, RAIL, ROAD
from bridgehead.kernel.source import Figure, Qualifier, Standing
from bridgehead.regions.reported import FREIGHT, NINE_MONTHS, Point, best, points_of

if TYPE_CHECKING:
    from bridgehead.regions.load import Region

CONSTANTS_TABLE, BACKGROUND_TABLE = "calibration", "background_traffic"
LATER_YEARS = 2
NEAR_DAYS = 92
"""Days between two running totals within which a day between them may be read off a straight line."""
COUNTRIES = {"cargo_tonnes_russia": "RU", "cargo_tonnes_mongolia": "MN"}
"""Metrics of the whole region by the country on the other side."""
TRAIN_METRIC, TRAIN_GOODS = "cre_trains", "cre-containers"
"""The metric that counts China-Europe trains, and the commodity they carry."""
_Points = Mapping[str, Mapping[str, tuple[Point, ...]]]


def constants_of(region: Region) -> tuple[Constant, ...]:
    """Return the constants that a calibration may adjust, with their bounds; none for a region without the table."""
    return tuple(
        Constant(
            row.text("id"), tuple(cast("Iterable[str]", row["ports"] or ())), float(cast("float", row["lower"])),
            float(cast("float", row["upper"])),
        )
        for row in region.rows(CONSTANTS_TABLE)
    )  # fmt: skip


def background_of(region: Region) -> dict[str, float]:
    """Return traffic by link that is not in the demand, in each direction and the unit of the link's capacity."""
    return {row.text("link"): float(cast("float", row["value"])) for row in region.rows(BACKGROUND_TABLE)}


def evidence_of(region: Region, year: int | None = None) -> Evidence:
    """Return what was reported of a year (the base year by default), and of the two years after it.

    The finest reports that cover a port once are targets: those of the ports themselves, or of a group where one of its
    open land ports has no report of its own. A report must cover nine months. The rest is left to check against.
    """
    base = region.settings.base_year if year is None else year
    return _Reader(region, base).read()


class _Reader:
    """One reading of the tables for one base year."""

    def __init__(self, region: Region, year: int) -> None:
        self.year = year
        self.points: _Points = points_of(region.rows("port_throughput"))
        self.ports = tuple(
            row.text("id")
            for row in region.rows("ports")
            if row.text("mode") in {RAIL, ROAD} and row.text("status") == OPEN
        )
        groups = [row for row in region.rows("aggregates") if row.text("kind") == "port_group"]
        self.groups = {row.text("id"): tuple(cast("Iterable[str]", row["members"] or ())) for row in groups}
        self.whole = next((row.text("id") for row in region.rows("aggregates") if row.text("kind") == "region"), "")
        self.goods = {row.text("id") for row in region.rows("commodities")}

    def read(self) -> Evidence:
        targets = self._targets()
        growth = self._growth()
        changes = [change for year in growth for change in self._changes(year)]
        return Evidence(self.year, targets, tuple(self._told(targets)), tuple(changes), growth)

    def _best(self, subject: str, metric: str = FREIGHT) -> Point | None:
        point = best(self.points.get(subject, {}).get(metric, ()), self.year)
        return point if point is not None and _part(point) >= NINE_MONTHS else None

    def _targets(self) -> tuple[Target, ...]:
        chosen: dict[str, tuple[str, ...]] = {}
        grouped: set[str] = set()
        for group, members in self.groups.items():
            open_ones = [port for port in members if port in self.ports]
            if self._best(group) is not None and any(self._best(port) is None for port in open_ones):
                chosen[group] = tuple(open_ones)
                grouped.update(open_ones)
        chosen |= {port: (port,) for port in self.ports if port not in grouped and self._best(port) is not None}
        found = [(cast("Point", self._best(subject)), members) for subject, members in chosen.items()]
        found.sort(key=lambda one: (-(one[0].figure.value or 0.0), one[0].subject))
        return tuple(Target(point.subject, members, point.figure, _part(point)) for point, members in found)

    def _told(self, targets: tuple[Target, ...]) -> Iterable[Told]:
        used = {one.subject for one in targets}
        for port in self.ports:
            point = self._best(port)
            if point is not None and port not in used:
                yield Told(UNUSED, port, (port,), "", point.figure, _part(point))
        for kind, keys in (
            (MODE, {f"{mode}_{FREIGHT}": mode for mode in MODES}),
            (COUNTRY, COUNTRIES),
        ):
            for metric, key in keys.items():
                if (point := self._best(self.whole, metric)) is not None:
                    yield Told(kind, self.whole, (), key, point.figure, _part(point))
        for port in self.ports if TRAIN_GOODS in self.goods else ():
            if (point := self._best(port, TRAIN_METRIC)) is not None:
                yield Told(TRAINS, port, (port,), TRAIN_GOODS, point.figure, _part(point))

    def _growth(self) -> dict[int, float]:
        """Return the total of all ports in each later year as a multiple of the base year's, whole years only."""
        totals = self.points.get(self.whole, {}).get(FREIGHT, ())
        found: dict[int, float] = {}
        start = best(totals, self.year)
        for year in range(self.year + 1, self.year + 1 + LATER_YEARS):
            later = best(totals, year)
            if start and later and start.full_year and later.full_year and start.figure.value:
                found[year] = float(later.figure.value or 0.0) / start.figure.value
        return found

    def _changes(self, year: int) -> Iterable[Change]:
        subjects = [*((port, (port,)) for port in self.ports), *self.groups.items()]
        for metric, key in ((FREIGHT, ""), (TRAIN_METRIC, TRAIN_GOODS)):
            for subject, members in subjects if not key or key in self.goods else ():
                listed = self.points.get(subject, {}).get(metric, ())
                usable = [p for p in listed if p.year == year and p.running and p.figure.value]
                for point in sorted(usable, key=lambda p: (p.full_year, p.gone, p.figure.source_date), reverse=True):
                    before = _same_days(point, listed, self.year)
                    if before is not None:
                        kept = tuple(port for port in members if port in self.ports)
                        yield Change(subject, kept, key, year, before, point.figure)
                        break


def _part(point: Point) -> float:
    return 1.0 if point.full_year else point.gone


def _same_days(point: Point, listed: Iterable[Point], year: int) -> Figure | None:
    """Return the figure of the same days of an earlier year: reported, by published growth, or read between two."""
    totals = [p for p in listed if p.year == year and p.running and p.figure.value and p.figure.period_to]
    end = point.figure.period_to or date(point.year, 12, 31)
    day = date(year, end.month, min(end.day, 28) if end.month == 2 else end.day)
    same = [p for p in totals if p.figure.period_to == day]
    if same:
        return cast("Point", best(same, year)).figure
    if point.yoy_pct is not None and point.year == year + 1:
        value = float(point.figure.value or 0.0) / (1.0 + point.yoy_pct / 100.0)
        return replace(point.figure, value=value, standing=Standing.DERIVED, qualifier=Qualifier.ABOUT, note="")
    return _between(totals, day)


def _between(totals: Iterable[Point], day: date) -> Figure | None:
    listed = sorted(totals, key=lambda p: cast("date", p.figure.period_to))
    early = [p for p in listed if cast("date", p.figure.period_to) < day]
    late = [p for p in listed if cast("date", p.figure.period_to) > day]
    if not early or not late:
        return None
    one, other = early[-1].figure, late[0].figure
    start, end = cast("date", one.period_to), cast("date", other.period_to)
    if (end - start).days > NEAR_DAYS or (other.value or 0.0) < (one.value or 0.0):
        return None
    share = (day - start).days / (end - start).days
    value = float(one.value or 0.0) + share * float((other.value or 0.0) - (one.value or 0.0))
    return replace(other, value=value, standing=Standing.DERIVED, qualifier=Qualifier.ABOUT, period_to=day, note="")
