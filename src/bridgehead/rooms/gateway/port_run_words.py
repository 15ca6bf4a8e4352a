"""Runs of port models in words: rows of their tables, what was asked, what a result rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from bridgehead.engines.simulation.model import MINUTES_A_DAY, Model
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
    """Return the figures of the whole port with their intervals, its stays in one unit."""
    whole = report["whole"]
    stay = whole["stay_h"]
    several = len({one["unit"] for one in report["classes"]}) > 1
    stays = [
        (_("停留中位数"), stay["p50"]),
        (_("九成的停留不超过"), stay["p90"]),
        (_("平均停留"), whole["stay_mean_h"]),
    ]
    like = told.like_all(_in_minutes(_mean(value)) for _head, value in stays)
    found = [Sum(head, told.hours(_mean(value), like), told.hours_interval(value, like)) for head, value in stays]
    idle = _("%(units)s每天等候合计") % {"units": told.units_words(whole["unit"])} if several else _("每天等候合计")
    number, percent = _number, _percent
    listed = [
        (_("九成的停留与中位数之比"), whole["reliability_p90_over_p50"], number),
        (_("每天通过"), whole["throughput_per_day"], number),
        (_("各种单位合计平均在场") if several else _("平均在场"), whole["in_system_mean"], number),
        (_("中途离开"), whole["dropped_share"], percent),
        (prose.tidy(idle), whole["idling_h_per_day"], lambda h: _("%(n)s 小时") % {"n": _number(h)}),
    ]
    found += [Sum(head, write(_mean(value)), told.interval(value, write)) for head, value, write in listed]
    return found + [Sum(one.head, one.value, one.interval) for one in clearance_words.costs(report)]


def mean_words(report: Report) -> str:
    """Return why the mean stay lies above what nine in ten stay, where it does; else nothing."""
    whole = report["whole"]
    mean, most = _mean(whole["stay_mean_h"]), _mean(whole["stay_h"]["p90"])
    if mean is None or most is None or mean <= most:
        return ""
    return _("平均停留比九成的停留还长：少数单位等得很久，例如等到重新开放，平均由它们拉高。")


def _in_minutes(value_h: float | None) -> float | None:
    return None if value_h is None else value_h * 60.0


def _number(value: float | None) -> str:
    return told.number(value)


def _percent(value: float | None) -> str:
    return wording.percent(value, language(), 1)


def _mean(shown: Mapping[str, Any]) -> Any:
    return shown["mean"]


def stations(model: Model, report: Report) -> list[StationRow]:
    """Return the stations of a run; shares of time only where their servers are counted."""
    rows = report["stations"]
    like = told.like_all(_mean(shown) for one in rows for shown in (one["wait_mean"], one["wait_min"]["p90"]))
    return [_station(model, one, like) for one in rows]


def _station(model: Model, one: Mapping[str, Any], like_min: float) -> StationRow:
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
        wait=_time(_mean(one["wait_mean"]), like_min),
        wait_p90=_time(_mean(one["wait_min"]["p90"]), like_min),
        away=_percent(away) if away else "",
    )


def _time(value_min: float | None, like_min: float) -> str:
    return wording.number(None, language()) if value_min is None else told.minutes(value_min, like_min)


def classes(model: Model, report: Report) -> list[dict[str, str]]:
    """Return the classes of a run with how many pass, how long they stay, and until what; all times in one unit."""
    rows = [one for one in report["classes"] if _mean(one["stay_mean_h"]) is not None]
    stays = [value for one in rows for value in (*_quantiles(one), one["to_departure_mean_h"])]
    waits = [_mean(one["wait_total_mean"]) for one in rows]
    like = told.like_all([*(_in_minutes(_mean(value)) for value in stays), *waits])
    return [_class(model, one, like) for one in rows]


def _quantiles(one: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return median and 90 % quantile of a stay; nothing for what is taken apart on arrival, not its first cell."""
    if not _mean(one["stay_mean_h"]):
        nothing = {"mean": 0.0, "low": None, "high": None}
        return nothing, nothing
    return one["stay_h"]["p50"], one["stay_h"]["p90"]


def _class(model: Model, one: Mapping[str, Any], like_min: float) -> dict[str, str]:
    p50, p90 = _quantiles(one)
    return {
        "unit": one["unit"],
        "name": told.class_words(model, one["id"]),
        "per_day": _number(_mean(one["throughput_per_day"])),
        "p50": told.hours(_mean(p50), like_min),
        "p90": told.hours(_mean(p90), like_min),
        "interval": told.hours_interval(p90, like_min),
        "wait": _time(_mean(one["wait_total_mean"]), like_min),
        "until": told.until_words(one["until"]),
        "departure": told.hours(_mean(one["to_departure_mean_h"]), like_min),
        "cost": clearance_words.class_cost(one),
        "departure_interval": told.hours_interval(one["to_departure_mean_h"], like_min),
    }


def class_groups(model: Model, report: Report) -> list[tuple[str, list[dict[str, str]]]]:
    """Return the classes of a run by what a unit of them is; the main units first."""
    rows = classes(model, report)
    kinds = dict.fromkeys((report["whole"]["unit"], *(row["unit"] for row in rows)))
    found = [(told.units_words(kind), [row for row in rows if row["unit"] == kind]) for kind in kinds]
    return [(words, some) for words, some in found if some]


def activities(model: Model, report: Report) -> list[dict[str, str]]:
    """Return where the time of each class goes, row by row, in one unit."""
    rows = [(one["id"], row) for one in report["classes"] for row in one["time_by_activity"]]
    like = told.like_all(_mean(row[name]) for _class, row in rows for name, _kind in told.TIMES)
    return [
        {
            "class": told.class_words(model, id_),
            "station": told.node_words(model, row["station"]),
            **{kind: _time(_mean(row[name]), like) for name, kind in told.TIMES},
        }
        for id_, row in rows
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
    if name.startswith("queue") or name in ("in_node_mean", "in_system_mean", "taken_mean"):
        return "units"
    return "min"
