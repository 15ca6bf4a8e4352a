"""The drawing of lanes against stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.render.count_curve import CountLine, CountPoint, Marked, count_curve
from bridgehead.render.svg import Size, Words
from bridgehead.rooms.gateway import port_lane_words as said
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway.drawings.maps import both
from bridgehead.rooms.gateway.selectors.port_lanes import LanePlace

WIDE, NARROW = Size(776, 380), Size(358, 340, narrow=True)


def lane_curve(place: LanePlace, curve: Mapping[str, Any], within_h: float | None) -> SafeString:
    """Return mean, median and 90 % quantile of the stay over the number of lanes, with the lanes there are now."""
    points = [one for one in curve["points"] if not said.stuck_words(one)]
    largest = max((one[said.P90]["mean"] for one in points), default=0.0)
    size, unit = told.duration_scale(max(largest, (within_h or 0.0) * 60.0))
    names = ((said.P90, _("九成不超过"), 1), (said.MEAN, _("平均"), 2), ("stay_p50_min", _("一半不超过"), 3))
    lines = [
        CountLine(name, tuple(_point(one, figure, name, size) for one in points), emphasis)
        for figure, name, emphasis in names
    ]
    marked = Marked(
        now=place.now,
        now_words=_("现有 %(n)s 条") % {"n": place.now},
        limit=None if within_h is None else within_h * 60.0 / size,
        limit_words="" if within_h is None else _("承诺 %(limit)s") % {"limit": told.hours(within_h)},
        without=tuple(one["lanes"] for one in curve["points"] if said.stuck_words(one)),
        without_words=_("越排越长"),
    )
    words = Words(
        _("%(place)s：通道数与停留") % {"place": place.name},
        _("线是全部重复合在一起的停留，带是 95% 区间，菱形是模型的结果。"),
        _("停留，%(unit)s") % {"unit": unit},
        _("试过的通道数都不够，队伍一直变长。"),
    )
    return both(
        lambda drawn: count_curve(lines, words, drawn, marked=marked, axis=_("通道数"), show=_shown), WIDE, NARROW
    )


def _shown(value: float) -> str:
    return wording.number(value, language())


def _point(one: Mapping[str, Any], figure: str, name: str, size: float) -> CountPoint:
    mean, low, high = (one[figure][end] for end in ("mean", "low", "high"))
    value = float("nan") if mean is None else mean
    ends = [float("nan") if end is None else end / size for end in (low, high)]
    stay = told.hours(None) if mean is None else told.minutes(mean)
    title = _("%(n)s 条，%(name)s：%(stay)s") % {"n": one["lanes"], "name": name, "stay": stay}
    return CountPoint(one["lanes"], value / size, ends[0], ends[1], title)
