"""The charts of figures: the bar of a target, and the course of an indicator over years and within the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.render import charts
from bridgehead.render.charts import Size, Words
from bridgehead.rooms.ledger.indicators import Definition, YearTarget
from bridgehead.rooms.ledger.selectors.figures import MONTHS, Reckoned
from bridgehead.rooms.ledger.selectors.figures_pace import PaceLine

WIDE, NARROW = Size(760, 360), Size(358, 300, narrow=True)
MOST_LINES = 3
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ENDS = tuple(days / 365 for days in accumulate(_DAYS))


def pace_bar(line: PaceLine) -> SafeString:
    """Return the bar of a target: what is done, and a tick for what the year usually has by then."""
    if line.done is None or line.done.value is None or line.share is None:
        return SafeString("")
    title = _("%(name)s：完成目标的 %(share)s") % {
        "name": line.name,
        "share": wording.percent(line.share, language()),
    }
    whole, gone = float(line.goal.goal - line.goal.baseline), line.pace.usual if line.pace else None
    return _safe(charts.pace_bar(charts.Pace(whole, float(line.done.value - line.goal.baseline), gone), title))


def course(
    definition: Definition, running: Mapping[int, Mapping[int, Reckoned]], targets: Sequence[YearTarget]
) -> SafeString:
    """Return the course of an indicator: totals within the last years where there are any, else figures over years.

    Parameters
    ----------
    definition : Definition
        The indicator.
    running : mapping
        Year to what it had brought by the end of each month.
    targets : sequence of YearTarget
        Its targets.
    """
    known = {year: months for year, months in sorted(running.items()) if months}
    within = [year for year, months in known.items() if set(months) - {MONTHS}]
    title = _("%(name)s的历年数据") % {"name": definition.name}
    told = [_told(one) for months in known.values() for one in months.values()]
    words = Words(title, _("；").join(told), wording.unit_label(definition.unit, language()), _("没有查到数字。"))
    newest = list(known)[-MOST_LINES:]
    if not within:
        return _over_years({year: months[MONTHS] for year, months in known.items()}, words, targets)
    lines = [
        charts.YearLine(
            _("%(year)s 年") % {"year": year},
            tuple(_day(month, one) for month, one in sorted(known[year].items())),
            min(len(newest) - at, 3),
            joined=len(known[year]) > 1,
        )
        for at, year in enumerate(newest)
    ]
    aim = next((one for one in reversed(targets) if one.year == newest[-1]), None)
    tick = _tick(aim) if aim else None
    return _both(lambda size: charts.year_lines(lines, _months(), words, size, target=tick))


def _over_years(known: Mapping[int, Reckoned], words: Words, targets: Sequence[YearTarget]) -> SafeString:
    if len(known) < 2:  # one point shows no course
        return SafeString("")
    points = tuple(
        charts.YearPoint(year, float(one.value or 0), str(one.standing), _told(one)) for year, one in known.items()
    )
    series = charts.YearSeries("", points, wording.number(list(known.values())[-1].value, language()))
    aim = next((one for one in reversed(targets) if one.year == max(known)), None)
    tick = _tick(aim) if aim else None
    return _both(lambda size: charts.years_chart([series], words, size, target=tick))


def _day(month: int, one: Reckoned) -> charts.DayPoint:
    label = wording.qualifier_sign(one.qualifier, language()) + wording.number(one.value, language())
    return charts.DayPoint(_ENDS[month - 1], float(one.value or 0), str(one.standing), label, _told(one))


def _tick(target: YearTarget) -> charts.Target:
    said = _("%(year)s 目标 %(amount)s") % {"year": target.year, "amount": wording.number(target.goal, language())}
    return charts.Target(float(target.goal), said)


def _told(one: Reckoned) -> str:
    sign = wording.qualifier_sign(one.qualifier, language())
    standing = wording.standing_label(one.standing, language()) if one.standing else ""
    return f"{one.when} {sign}{wording.spelt_words(one.value, one.unit, language())}{_('，')}{standing}"


def _months() -> tuple[tuple[float, str], ...]:
    starts = (0.0, *_ENDS)
    named = (_("1 月"), _("4 月"), _("7 月"), _("10 月"))
    return (*((starts[3 * at], name) for at, name in enumerate(named)), (1.0, _("年末")))


def _both(draw: object) -> SafeString:
    return _safe(charts.both(draw, WIDE, NARROW))  # type: ignore[arg-type]


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 - drawn by render, which cleans every word
