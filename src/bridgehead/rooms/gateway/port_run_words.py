"""Runs of port models in words: rows of their tables, what was asked, what differs between two."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from bridgehead.engines.simulation.model import MINUTES_A_DAY, Model
from bridgehead.engines.simulation.reports import Difference
from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.jobs.port_reports import Question
from bridgehead.kernel.errors import Fault, Sentence, sentence
from bridgehead.rooms.gateway import clearance_words, prose
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway.port_model_form import typed
from bridgehead.rooms.gateway.selectors.port_models import unit_words
from bridgehead.rooms.gateway.selectors.port_runs import Seen

Report = Mapping[str, Any]
SHORT = ("stay_p50_h", "stay_p90_h", "stay_mean_h", "wait_total_mean_h", "throughput_per_day", "in_system_mean")
"""Figures of the whole port that stand first in a comparison."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure with its interval in words."""

    head: str
    value: str
    interval: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A figure of a variant that differs from that of the region."""

    label: str
    before: str
    after: str
    unit: str


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station in the table of a run: shares of its servers' time, its queue and waits."""

    name: str
    per_day: str
    busy: str
    blocked: str
    down: str
    idle: str
    closed: str
    queue: str
    wait: str
    wait_p90: str
    away: str


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A figure of two runs with the interval of its difference; ``sure`` where the interval leaves out nothing."""

    head: str
    first: str
    second: str
    difference: str
    interval: str
    sure: bool


def question_words(question: Question) -> str:
    """Return how a model is run, in words."""
    warmup = question.warmup_min
    parts = [
        told.plural_replications(question.replications),
        _("每次 %(n)s 天") % {"n": typed(question.horizon_min / MINUTES_A_DAY)},
        _("预热自动") if warmup is None else _("预热 %(n)s 天") % {"n": typed(warmup / MINUTES_A_DAY)},
        _("种子 %(n)s") % {"n": question.seed},
    ]
    return _("，").join(parts)


def changes(run: Seen) -> list[ChangeRow]:
    """Return the figures of a run that differ from those of the region."""
    figures = {one.id: one for one in run.known.model.figures}
    found = []
    for id_, value in run.changed.items():
        one = figures.get(id_)
        name = told.label(one.label, id_) if one else id_
        before = typed(one.value) if one else ""
        found.append(ChangeRow(name, before, typed(value), unit_words(one.unit) if one else ""))
    return found


def warnings(model: Model, given: Iterable[Fault]) -> list[Sentence]:
    """Return in words what is odd about a model, with what its overloaded stations and pools are called."""
    return [sentence(_named(model, one), language(), at_field=True) for one in given]


def _named(model: Model, warning: Fault) -> Fault:
    if warning.code not in ("model.unstable", "model.perhaps_unstable"):
        return warning
    given = dict(warning.parameters)
    name_of = told.pool_words if str(warning.place.field).startswith("pools.") else told.node_words
    given |= {"node": name_of(model, str(given["node"])), "load": told.number(float(str(given["load"])))}
    before = given.get("before")
    if isinstance(before, list):
        given["before"] = [told.node_words(model, one) for one in before]
    return replace(warning, parameters=given)


def assumed_words(run: Seen) -> str:
    """Return in a sentence what a run assumes unlike the port as it is; nothing where it changes nothing."""
    said = [
        _("%(label)s（%(before)s → %(after)s）")
        % {"label": one.label, "before": one.before, "after": f"{one.after} {one.unit}".strip()}
        for one in changes(run)
    ]
    return prose.tidy(_("本次改动的参数是假设：%(changes)s。") % {"changes": _("；").join(said)}) if said else ""


def sums(report: Report) -> list[Sum]:
    """Return the figures of the whole port with their intervals."""
    whole = report["whole"]
    stay = whole["stay_h"]
    number, percent = _number, _percent
    kinds = {one["unit"] for one in report["classes"]}
    several = _("各种单位合计平均在场") if len(kinds) > 1 else ""
    listed = [
        (_("停留中位数"), stay["p50"], told.hours),
        (_("九成的停留不超过"), stay["p90"], told.hours),
        (_("平均停留"), whole["stay_mean_h"], told.hours),
        (_("九成与一半之比"), whole["reliability_p90_over_p50"], number),
        (_("每天通过"), whole["throughput_per_day"], number),
        (several or _("平均在场"), whole["in_system_mean"], number),
        (_("中途离开"), whole["dropped_share"], percent),
        (_("每天等候合计"), whole["idling_h_per_day"], lambda h: _("%(n)s 小时") % {"n": _number(h)}),
    ]
    found = [Sum(head, write(value["mean"]), told.interval(value, write)) for head, value, write in listed]
    return found + [Sum(one.head, one.value, one.interval) for one in clearance_words.costs(report)]


def _number(value: float | None) -> str:
    return told.number(value)


def _percent(value: float | None) -> str:
    return wording.percent(value, language(), 1)


def _mean(shown: Mapping[str, Any]) -> Any:
    return shown["mean"]


def stations(model: Model, report: Report) -> list[StationRow]:
    """Return the stations of a run; shares of time only where their servers are counted."""
    return [_station(model, one) for one in report["stations"]]


def _station(model: Model, one: Mapping[str, Any]) -> StationRow:
    counted = one["kind"] == "station" and one["servers"] is not None
    share = (lambda name: _percent(_mean(one[name]))) if counted else (lambda name: "")
    closed = _percent(max(0.0, 1.0 - (_mean(one["open_share"]) or 0.0))) if counted else ""
    away = 0.0
    if one["kind"] == "station":
        away = sum(_mean(one[name]) or 0.0 for name in ("loss_prob", "divert_prob", "balk_prob", "renege_prob"))
    return StationRow(
        name=told.node_words(model, one["id"]),
        per_day=_number(_mean(one["throughput_per_day"])),
        busy=share("utilisation"),
        blocked=share("blocked_share"),
        down=share("down_share"),
        idle=share("idle_share"),
        closed=closed,
        queue=_number(_mean(one["queue_len_mean"])),
        wait=_time(_mean(one["wait_mean"])),
        wait_p90=_time(_mean(one["wait_min"]["p90"])),
        away=_percent(away) if away else "",
    )


def _time(value_min: float | None) -> str:
    return told.hours(None if value_min is None else value_min / 60.0)


def classes(model: Model, report: Report) -> list[dict[str, str]]:
    """Return the classes of a run with how many pass, how long they stay, and until what."""
    return [_class(model, report, one) for one in report["classes"] if _mean(one["stay_mean_h"]) is not None]


def _class(model: Model, report: Report, one: Mapping[str, Any]) -> dict[str, str]:
    p50, p90 = one["stay_h"]["p50"], one["stay_h"]["p90"]
    if not _mean(one["stay_mean_h"]):  # taken apart on arrival; the quantiles would be those of the first cell
        p50 = p90 = {"mean": 0.0, "low": None, "high": None}
    return {
        "unit": one["unit"],
        "name": told.class_words(model, one["id"]),
        "per_day": _number(_mean(one["throughput_per_day"])),
        "p50": told.hours(_mean(p50)),
        "p90": told.hours(_mean(p90)),
        "interval": told.interval(p90),
        "wait": _time(_mean(one["wait_total_mean"])),
        "until": told.until_words(one["until"]),
        "departure": told.hours(_mean(one["to_departure_mean_h"])),
        "cost": clearance_words.class_cost(one),
        "departure_interval": told.interval(one["to_departure_mean_h"]),
    }


def class_groups(model: Model, report: Report) -> list[tuple[str, list[dict[str, str]]]]:
    """Return the classes of a run by what a unit of them is; the main units first."""
    rows = classes(model, report)
    kinds = dict.fromkeys((report["whole"]["unit"], *(row["unit"] for row in rows)))
    found = [(told.units_words(kind), [row for row in rows if row["unit"] == kind]) for kind in kinds]
    return [(words, some) for words, some in found if some]


def activities(model: Model, report: Report) -> list[dict[str, str]]:
    """Return where the time of each class goes, row by row."""
    return [
        {
            "class": told.class_words(model, one["id"]),
            "station": told.node_words(model, row["station"]),
            **{kind: _time(_mean(row[name])) for name, kind in told.TIMES},
        }
        for one in report["classes"]
        for row in one["time_by_activity"]
    ]


def source_words(report: Report) -> str:
    """Return what a result rests on: how it was run, and that it is one of a model."""
    run = report["run"]
    warmup = run["warmup_min"] / MINUTES_A_DAY
    parts = {
        "n": told.plural_replications(run["replications"]),
        "days": typed(run["horizon_min"] / MINUTES_A_DAY),
        "warmup": wording.number(warmup, language()),
        "seed": run["seed"],
    }
    return prose.tidy(
        _("%(n)s，每次 %(days)s 天，前 %(warmup)s 天不计，种子 %(seed)s；括号和区间都是 95%%，由各次重复得出。") % parts
    )


def unit_of(name: str) -> str:
    """Return the unit of a figure of a report by its name, as the file gives it."""
    if name.startswith("clearance_cost "):
        return name.removeprefix("clearance_cost ")
    if "_h_per_day" in name:
        return "h/day"
    if name.endswith("_per_day"):
        return "1/day"
    if "stay_h" in name or name.endswith("_h"):
        return "h"
    if "share" in name or "prob" in name or name in ("utilisation", "reliability_p90_over_p50"):
        return "1"
    if "queue_len" in name or name in ("in_node_mean", "in_system_mean", "taken_mean"):
        return "units"
    return "min"


def difference_rows(model: Model, found: Sequence[Difference]) -> list[DifferenceRow]:
    """Return the figures of two runs with the interval of their differences: the port, its classes, its stations."""
    order = {name: i for i, name in enumerate(SHORT)}
    ranked = sorted(found, key=lambda one: (_rank(one.name), order.get(one.name, len(order))))
    return [_difference_row(model, one) for one in ranked if not (math.isnan(one.first) and math.isnan(one.second))]


def _rank(name: str) -> int:
    return {"class": 1, "station": 2}.get(name.partition("/")[0], 0)


def _difference_row(model: Model, one: Difference) -> DifferenceRow:
    low, high = one.difference.low, one.difference.high
    known = math.isfinite(low) and math.isfinite(high)
    return DifferenceRow(
        head=told.figure_words(model, one.name),
        first=told.figure_value(one.name, one.first),
        second=told.figure_value(one.name, one.second),
        difference=told.figure_value(one.name, one.difference.mean, signed=True),
        interval=told.figure_interval(one.name, low, one.difference.mean, high),
        sure=known and (low > 0 or high < 0),
    )


def difference_sentence(titles: Sequence[str], found: Sequence[Difference]) -> str:
    """Return what two runs differ by in one sentence: the 90 % quantile of the stay, and whether that is sure."""
    one = next(one for one in found if one.name == "stay_p90_h")
    told_in = {"a": titles[0], "b": titles[1]}
    if not math.isfinite(one.difference.mean):
        return _("两次运行没有可以比较的停留。")
    told_in["first"], told_in["second"] = (told.hours(value) for value in (one.first, one.second))
    said = _("九成的停留：“%(a)s”不超过 %(first)s，“%(b)s”不超过 %(second)s") % told_in
    low, high = one.difference.low, one.difference.high
    if not (math.isfinite(low) and math.isfinite(high)):
        return prose.tidy(said + _("。"))
    between = {"between": told.figure_interval(one.name, low, one.difference.mean, high)}
    if low > 0 or high < 0:
        said += _("，差的 95%% 区间是 %(between)s。") % between
    else:
        said += _("，差的 95%% 区间是 %(between)s，分不出高下。") % between
    return prose.tidy(said)
