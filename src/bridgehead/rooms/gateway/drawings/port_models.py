"""The drawings of port models: the flow through a port, queues over day, week and year, where the time goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bridgehead.engines.simulation.model import Model
from bridgehead.ground import wording
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.render.bands import BandLine, band_chart
from bridgehead.render.flow_diagram import MOST_LANES, flow_diagram
from bridgehead.render.stacked import StackedBar, Stretch, stacked_bars
from bridgehead.render.svg import Size, Words
from bridgehead.render.week_heat import week_heat
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway.drawings.maps import both
from bridgehead.rooms.gateway.selectors import port_models as selectors

FLOW_WIDE, FLOW_NARROW = Size(1184, 400), Size(358, 400, narrow=True)
HALF_WIDE, HALF_NARROW = Size(560, 280), Size(358, 260, narrow=True)
WHOLE_WIDE, WHOLE_NARROW = Size(1184, 300), Size(358, 260, narrow=True)
HEAT_WIDE = Size(560, 200)
DRAWN_PLACES = 3
Report = Mapping[str, Any]


@kept
def flow(loaded: Loaded, port: str) -> SafeString:
    """Return the flow through a port as its model has it."""
    nodes, edges = selectors.flow(loaded, port)
    model = selectors.known(loaded, port).model
    told_nodes = ({"what": one.name, "mode": _("，").join(one.notes)} for one in nodes)
    desc = _("；").join(_("%(what)s（%(mode)s）") % one for one in told_nodes)
    said = Words(_("%(title)s：车和货怎样经过") % {"title": told.title(model)}, desc, "", _("模型里没有环节。"))
    return both(lambda size: flow_diagram(nodes, edges, said, size), FLOW_WIDE, FLOW_NARROW)


def queue_over_day(reports: Mapping[str, Report], station: str, where: str) -> SafeString:
    """Return the queue by hour of the day with its band, of one or two reports by their names."""
    lines = _lines({name: one["queues"][station]["day"] for name, one in reports.items()})
    ticks = [(float(hour), _("%(n)s 时") % {"n": hour}) for hour in range(0, 24, 4)]
    said = Words(_("%(where)s一天里的排队") % {"where": where}, _band_words(), _("在等的单位"), _("没有排队的数字。"))
    return both(lambda size: band_chart(lines, ticks, said, size), HALF_WIDE, HALF_NARROW)


def queue_over_year(reports: Mapping[str, Report], station: str, where: str) -> SafeString:
    """Return the queue by day with its band; what is left out as warm-up is shaded."""
    lines = _lines({name: one["queues"][station]["year"] for name, one in reports.items()})
    first = next(iter(reports.values()))
    days = max(len(one.values) for one in lines)
    ticks = told.ticks_of_year(first["start"], days)
    warmup = first["run"]["warmup_min"] / 1440.0
    shaded = [(0.0, warmup)] if warmup else []
    said = Words(_("%(where)s一年里的排队") % {"where": where}, _band_words(), _("在等的单位"), _("没有排队的数字。"))
    return both(lambda size: band_chart(lines, ticks, said, size, shaded=shaded), WHOLE_WIDE, WHOLE_NARROW)


def _band_words() -> str:
    return _("线是各次重复的平均，带内是八成的重复。")


def _lines(rows: Mapping[str, Mapping[str, Any] | None]) -> list[BandLine]:
    return [
        BandLine(
            name, _drawn(row["mean"]), _drawn(row["low"]), _drawn(row["high"]), emphasis=2 - i if len(rows) > 1 else 1
        )
        for i, (name, row) in enumerate(rows.items())
        if row
    ]


def _drawn(values: Sequence[float | None]) -> list[float | None]:
    """Return queues without what nobody sees: a queue of a millionth is none, and needs no axis of its own."""
    return [None if value is None else round(value, DRAWN_PLACES) for value in values]


def queue_over_week(model: Model, report: Report, station: str, where: str) -> SafeString:
    """Return the mean queue by weekday and hour, from Monday on."""
    values = _drawn(report["queues"][station]["week"])
    first = model.start.weekday() if model.start else 0
    days = told.weekdays()
    shift = (-first % 7) * 24
    turned = [*values[shift:], *values[:shift]]
    said = Words(
        _("%(where)s一周里的排队") % {"where": where},
        _("每格是这个钟点平均在等的单位数。"),
        _("在等的单位"),
        _("没有排队的数字。"),
    )
    return both(
        lambda size: week_heat(turned, days, said, size, show=lambda v: wording.number(_short(v), language())),
        HEAT_WIDE,
        HALF_NARROW,
    )


def _short(value: float) -> float:
    return round(value) if value >= 10 else round(value, 1)


def time_spent(model: Model, report: Report) -> SafeString:
    """Return where the time of each class goes, stacked by activity."""
    spent = {one["id"]: _spent_min(one) for one in report["classes"]}
    like = told.like_all(spent.values())
    bars = []
    for one in report["classes"]:
        parts = []
        for row in one["time_by_activity"]:
            name = told.node_words(model, row["station"])
            for key, kind in told.TIMES:
                value = row[key]["mean"]
                if value:
                    title = _("%(station)s，%(kind)s：%(time)s") % {
                        "station": name,
                        "kind": told.time_word(kind),
                        "time": told.minutes(value, like),
                    }
                    parts.append(Stretch(value / 60.0, kind, name, title))
        bars.append(StackedBar(told.class_words(model, one["id"]), tuple(parts), told.minutes(spent[one["id"]], like)))
    said = Words(_("时间花在哪里"), _("每类单位一条：灰是办理，蓝是等候，红是被堵。"), "", _("没有单位走完过。"))
    return both(lambda size: stacked_bars(bars, said, size), WHOLE_WIDE, WHOLE_NARROW)


def _spent_min(one: Mapping[str, Any]) -> float:
    return sum(row[key]["mean"] or 0.0 for row in one["time_by_activity"] for key, _kind in told.TIMES)


def most_drawn(loaded: Loaded, port: str) -> int:
    """Return how many lanes of a station the flow draws at most where one has more; 0 where all are drawn."""
    nodes, _edges = selectors.flow(loaded, port)
    return MOST_LANES if any(one.lanes > MOST_LANES for one in nodes) else 0
