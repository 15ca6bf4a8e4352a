"""The drawings of a loop of flows and simulation: the difference round by round, and the stay against the load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.render.axes import nice_ticks
from bridgehead.render.interval_points import IntervalPoint, Through, Upright, Within, interval_points
from bridgehead.render.svg import Size, Words
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway.drawings.maps import both

WIDE, NARROW = Size(560, 300), Size(358, 260, narrow=True)


def difference_by_round(rounds: Sequence[Mapping[str, Any]]) -> SafeString:
    """Return how far the simulated stay is from the one the flows reckon with, against what counts as agreement."""
    scale, unit = told.duration_scale(max((abs(one["difference_min"]) for one in rounds), default=0.0))
    points = [
        IntervalPoint(float(number), one["difference_min"] / scale, title=_round_title(number, one))
        for number, one in enumerate(rounds, 1)
    ]
    band = [(at, -one["tolerated_min"] / scale, one["tolerated_min"] / scale) for at, one in _steps(rounds)]
    ticks = [(float(number), _("第 %(n)s 轮") % {"n": number}) for number in range(1, len(rounds) + 1)]
    said = Words(
        _("每轮相差多少"),
        _("点是仿真的停留减去货流估计的停留，浅色带内算作一致。"),
        _("仿真减货流，%(unit)s") % {"unit": unit},
        _("还没有一轮。"),
    )
    within = Within(tuple(band), _("算作一致"))
    span = (0.5, len(rounds) + 0.5)
    return both(
        lambda size: interval_points(points, ticks, said, size, span=span, joined=True, within=within), WIDE, NARROW
    )


def _steps(rounds: Sequence[Mapping[str, Any]]) -> list[tuple[float, Mapping[str, Any]]]:
    """Return both ends of the span of each round."""
    return [(number + end, one) for number, one in enumerate(rounds, 1) for end in (-0.5, 0.5)]


def _round_title(number: int, one: Mapping[str, Any]) -> str:
    return _("第 %(n)s 轮：差 %(apart)s") % {"n": number, "apart": told.signed_minutes(one["difference_min"])}


def stay_against_load(answer: Mapping[str, Any]) -> SafeString:
    """Return the stays that were simulated with their intervals, and what the flows reckon with in between."""
    curve, last = answer["curve"], answer["rounds"][-1]
    means = [one["stay_min"]["mean"] for one in curve if one["stay_min"]["mean"] is not None]
    scale, time = told.duration_scale(max(means, default=0.0))
    simulated = [*curve, {"load_per_day": last["load_per_day"], "stay_min": last["simulated_min"]}]
    points = [_point(one["load_per_day"], one["stay_min"], scale) for one in simulated if one["stay_min"]["mean"]]
    points.sort(key=lambda one: one.x)
    line = Through(tuple((one["load_per_day"], one["reckoned_min"] / scale) for one in curve), _("货流用的函数"))
    most = max(one.x for one in points)
    at = [x for x in nice_ticks(0.0, most) if x <= most * 1.02]
    ticks = [(x, wording.number(x, language())) for x in at[:-1]] + [(at[-1], _per_day(at[-1]))]
    said = Words(
        _("停留随负荷怎样变"),
        _("菱形是仿真的平均停留，竖线是 95% 区间，灰线是货流用的函数，虚线是货流最后送来的量。"),
        _("平均停留，%(unit)s") % {"unit": time},
        _("没有仿真过的负荷。"),
    )
    sent = Upright(last["load_per_day"], _per_day(last["load_per_day"]))
    return both(
        lambda size: interval_points(points, ticks, said, size, span=(0.0, most * 1.02), through=line, upright=sent),
        WIDE,
        NARROW,
    )


def _per_day(load: float) -> str:
    return _("每天 %(n)s") % {"n": wording.number(load, language())}


def _point(load: float, stay: Mapping[str, float | None], scale: float) -> IntervalPoint:
    mean, low, high = (None if value is None else value / scale for value in map(stay.get, ("mean", "low", "high")))
    words = {"n": wording.number(load, language()), "stay": told.minutes(stay["mean"] or 0.0)}
    return IntervalPoint(load, mean or 0.0, low, high, _("每天 %(n)s：%(stay)s") % words)
