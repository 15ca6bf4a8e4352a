"""Two runs of a port model in words: each figure of both in one unit, and what they differ by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.reports import Difference
from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway import prose

SHORT = ("stay_p50_h", "stay_p90_h", "stay_mean_h", "wait_total_mean_h", "throughput_per_day", "in_system_mean")
"""Figures of the whole port that stand first in a comparison."""
_LEAST_OF_ALL = 1e-9
"""No difference is told to more places, be it sure or not."""


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A figure of two runs with the interval of its difference; ``sure`` where the interval leaves out nothing."""

    head: str
    first: str
    second: str
    difference: str
    interval: str
    sure: bool


def difference_rows(model: Model, found: Sequence[Difference]) -> list[DifferenceRow]:
    """Return the figures of two runs with the interval of their differences: the port, its classes, its stations."""
    order = {name: i for i, name in enumerate(SHORT)}
    ranked = sorted(found, key=lambda one: (_rank(one.name), order.get(one.name, len(order))))
    return [_difference_row(model, one) for one in ranked if not (math.isnan(one.first) and math.isnan(one.second))]


def _rank(name: str) -> int:
    return {"class": 1, "station": 2}.get(name.partition("/")[0], 0)


def _difference_row(model: Model, one: Difference) -> DifferenceRow:
    row = _Written(one)
    return DifferenceRow(
        head=figure_words(model, one.name),
        first=row.value(one.first),
        second=row.value(one.second),
        difference=row.difference(),
        interval=row.interval(),
        sure=row.sure,
    )


def difference_sentence(titles: Sequence[str], found: Sequence[Difference]) -> str:
    """Return what two runs differ by in one sentence: the 90 % quantile of the stay, and whether that is sure."""
    one = next(one for one in found if one.name == "stay_p90_h")
    if not math.isfinite(one.difference.mean):
        return _("两次运行没有可以比较的停留。")
    row = _Written(one)
    told_in = {"a": titles[0], "b": titles[1], "first": row.value(one.first), "second": row.value(one.second)}
    said = _("九成的停留：“%(a)s”不超过 %(first)s，“%(b)s”不超过 %(second)s") % told_in
    between = {"between": row.interval()}
    if not between["between"]:
        return prose.tidy(said + _("。"))
    if row.sure:
        said += _("，差的 95%% 区间是 %(between)s。") % between
    else:
        said += _("，差的 95%% 区间是 %(between)s，分不出高下。") % between
    return prose.tidy(said)


class _Written:
    """The figures of a row in one unit; a difference to as many places as show that its interval leaves out nothing."""

    def __init__(self, one: Difference) -> None:
        self.of = one
        short = one.name.rpartition("/")[2]
        self.share = short.endswith("share") or short == "utilisation"
        self.size, self.unit, self.least = 1.0, "", told.LEAST
        if self.share:
            self.size, self.unit, self.least = 0.01, _("个百分点"), 0.1
        elif short.endswith("_h"):
            size, self.unit = told.duration_scale(told.like_all((60.0 * one.first, 60.0 * one.second)))
            self.size, self.least = size / 60.0, told.LEAST_MIN if size == 1.0 else told.LEAST
        low, high = one.difference.low, one.difference.high
        self.known = math.isfinite(low) and math.isfinite(high)
        self.sure = self.known and (low > 0 or high < 0)
        nearest = min(abs(low), abs(high)) / self.size if self.sure else math.inf
        while self.least > _LEAST_OF_ALL and nearest < self.least / 2:
            self.least /= 10.0

    def value(self, value: float) -> str:
        """Return a figure of one of the two runs."""
        if not math.isfinite(value):
            return wording.number(None, language())
        if self.share:
            return wording.percent(round(value, 3) + 0.0, language(), 1)
        return f"{told.number(value / self.size, self.least)} {self.unit}".rstrip()

    def difference(self) -> str:
        """Return the mean difference with its sign and unit."""
        mean = self.of.difference.mean
        if not math.isfinite(mean):
            return wording.number(None, language())
        return f"{self._signed(mean)} {self.unit}".rstrip()

    def interval(self) -> str:
        """Return the interval of the difference; nothing where it has no ends."""
        low, high = self.of.difference.low, self.of.difference.high
        return told.between(self._signed(low), f"{self._signed(high)} {self.unit}".rstrip()) if self.known else ""

    def _signed(self, value: float) -> str:
        shown = told.rounded(value / self.size, self.least)
        return f"{'+' if shown > 0 else ''}{wording.number(shown, language())}"


def figure_words(model: Model, name: str) -> str:
    """Return what a figure of a report is called: of the whole, of a class, of a station."""
    of, _slash, rest = name.partition("/")
    if of in ("class", "station") and rest:
        id_, _slash, figure = rest.rpartition("/")
        bearer = told.class_words(model, id_) if of == "class" else told.node_words(model, id_)
        return f"{bearer}{_('：')}{_FIGURES[figure]()}"
    return _FIGURES[name]()


_FIGURES = {
    "stay_mean_h": lambda: _("平均停留"),
    "stay_p50_h": lambda: _("停留中位数"),
    "stay_p90_h": lambda: _("九成的停留不超过"),
    "wait_total_mean_h": lambda: _("平均等候"),
    "throughput_per_day": lambda: _("每天通过"),
    "dropped_share": lambda: _("中途离开"),
    "in_system_mean": lambda: _("平均在场"),
    "wait_mean_h": lambda: _("平均等候"),
    "queue_mean": lambda: _("平均排队"),
    "utilisation": lambda: pgettext("figure", "占用"),
}
