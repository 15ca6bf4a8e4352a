"""The charts of the gateway: figures of the facts and the model handed to the drawing functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bridgehead.ground import wording, words
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Standing
from bridgehead.render import charts
from bridgehead.render.charts import Size, Words
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.drawings.maps import both, drawn
from bridgehead.rooms.gateway.selectors.targets import Target
from bridgehead.rooms.gateway.selectors.throughput import Point, nearly_years

CHART_WIDE, CHART_NARROW = Size(760, 400), Size(358, 330, narrow=True)
HALF_WIDE, HALF_NARROW = Size(560, 300), Size(358, 280, narrow=True)
FEWEST_YEARS = 2
MOST_LINES = 3
MOST_BARS = 7


def shown(value: float | None, unit: str) -> float:
    """Return a value in the unit a chart shows: freight in 万吨 or Mt, everything else as it is."""
    if value is None:
        return 0.0
    return value / (1e4 if language() == "zh" else 1e6) if unit == "t" else value


def shown_unit(unit: str) -> str:
    """Return that unit in words."""
    return wording.mass_unit(language()) if unit == "t" else words.unit(unit)


def amount(point: Point) -> str:
    """Return a figure with its qualifier, as it stands at a point of a chart."""
    return wording.amount(point.figure, language())


def mark_of(point: Point) -> str:
    """Return the mark of a point in a row of years: hollow where the figure is derived or not of the whole year."""
    said = point.figure.standing
    hollow = not point.full_year and said in (Standing.MEASURED, Standing.REPORTED)
    return str(Standing.DERIVED if hollow else said)


def told(point: Point) -> str:
    """Return the tooltip of a point: year, how far, amount, standing."""
    code = language()
    when = _("%(year)s 年") % {"year": point.year}
    until = wording.period(point.figure.period_from, point.figure.period_to, code)
    unit = shown_unit(point.figure.unit)
    said = f"{when}{' ' + until if until else ''} {amount(point)} {unit}"
    return f"{said}{_('，')}{wording.standing_label(point.figure.standing, code)}"


def sparkline(loaded: Loaded, points: Sequence[Point], first: int, last: int, name: str) -> SafeString:
    """Return the years of a port in a row of a table, on the axis all rows share."""
    listed = [p for p in points if first <= p.year <= last]
    if not listed:
        return SafeString("")
    told_all = _("；").join(told(p) for p in listed)
    said = Words(_("%(port)s历年货运量") % {"port": name}, told_all, shown_unit("t"))
    drawn_points = [charts.YearPoint(p.year, shown(p.figure.value, "t"), mark_of(p), told(p)) for p in listed]
    return drawn(charts.sparkline(drawn_points, first, last, said))


def pace_bar(target: Target, name: str) -> SafeString:
    """Return the bar of a target."""
    if target.done is None or target.figure.value is None:
        return SafeString("")
    share = wording.percent(target.share, language())
    title = _("%(name)s：完成目标的 %(share)s") % {"name": name, "share": share}
    return drawn(charts.pace_bar(charts.Pace(target.figure.value, target.done.figure.value, target.gone), title))


def _months() -> tuple[tuple[float, str], ...]:
    days = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    starts = [0, *accumulate(days)]
    named = (_("1 月"), _("4 月"), _("7 月"), _("10 月"))
    return (*((starts[3 * i] / 365, name) for i, name in enumerate(named)), (1.0, _("年末")))


def year_lines(loaded: Loaded, points: Sequence[Point], targets: Iterable[Target], title: str) -> SafeString:
    """Return running totals within the year, of the last three years with a figure; their newest target as a tick.

    A stretch target is left out. Where no year has more than its end, figures over years are drawn instead.
    """
    running = [p for p in points if (p.running or p.full_year) and p.figure.value is not None]
    by_year: dict[int, list[Point]] = {}
    for point in running:
        by_year.setdefault(point.year, []).append(point)
    within = [year for year, listed in by_year.items() if any(not p.full_year for p in listed)]
    if not within:
        return over_years(points, title)
    newest = sorted(by_year)[-MOST_LINES:]
    unit = running[0].figure.unit
    lines = []
    for year in newest:
        listed = by_year[year]
        days = tuple(
            charts.DayPoint(
                1.0 if p.full_year else p.gone,
                shown(p.figure.value, unit),
                str(p.figure.standing),
                amount(p),
                told(p),
            )
            for p in listed
        )
        emphasis = {0: 1, 1: 2}.get(newest[-1] - year if len(newest) < MOST_LINES else newest[::-1].index(year), 3)
        lines.append(charts.YearLine(_("%(year)s 年") % {"year": year}, days, emphasis, joined=len(days) > 1))
    aims = [target for target in targets if target.year in newest and not target.stretch and target.amount]
    aim = max(aims, key=lambda target: target.year, default=None)
    tick = None
    if aim is not None:
        as_mass = wording.mass if unit == "t" else wording.number
        said = as_mass(aim.figure.value, language())
        label = _("%(year)s 目标 %(amount)s") % {"year": aim.year, "amount": said}
        tick = charts.Target(shown(aim.figure.value, unit), label)
    desc = _("；").join(told(p) for year in newest for p in by_year[year])
    said_words = Words(title, desc, shown_unit(unit), _("没有查到数字。"))
    return both(
        lambda size: charts.year_lines(lines, _months(), said_words, size, target=tick), CHART_WIDE, CHART_NARROW
    )


def over_years(points: Sequence[Point], title: str, wide: Size = CHART_WIDE, narrow: Size = CHART_NARROW) -> SafeString:
    """Return the best figure of every year, of which at least nine months are counted, as a line."""
    listed = nearly_years(points)
    if len(listed) < FEWEST_YEARS:
        return SafeString("")
    unit = listed[0].figure.unit
    series = charts.YearSeries(
        "",
        tuple(charts.YearPoint(p.year, shown(p.figure.value, unit), mark_of(p), told(p)) for p in listed),
        amount(listed[-1]),
    )
    said = Words(title, _("；").join(told(p) for p in listed), shown_unit(unit), _("没有查到数字。"))
    return both(lambda size: charts.years_chart([series], said, size), wide, narrow)


def bars(rows: Sequence[tuple[str, float, str]], title: str, meant: int = 0) -> SafeString:
    """Return horizontal bars of tonnes: (name, tonnes, address), the first ``meant`` of them in accent."""
    if not rows:
        return SafeString("")
    listed = [
        charts.Bar(name, shown(tonnes, "t"), wording.mass(tonnes, language()), href=href, meant=i < meant)
        for i, (name, tonnes, href) in enumerate(rows)
    ]
    told_all = _("；").join(f"{name} {prose.mass(tonnes)}" for name, tonnes, _href in rows)
    said = Words(title, told_all, shown_unit("t"), _("没有查到数字。"))
    return both(lambda size: charts.bars(listed, said, size, sort=False), HALF_WIDE, HALF_NARROW)
