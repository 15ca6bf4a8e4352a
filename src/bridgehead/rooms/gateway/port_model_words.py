"""Port models in words: opening hours, servers and services, what comes, what a report says in one sentence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.engines.simulation.distributions import mean
from bridgehead.engines.simulation.model import (
    MINUTES_A_DAY,
    Combine,
    Match,
    Model,
    Node,
    OpeningHours,
    Split,
    Station,
)
from bridgehead.ground import wording
from bridgehead.ground.language import language, speak
from bridgehead.rooms.gateway import prose

LEAST, LEAST_MIN = 0.01, 0.1
"""What is more than nothing and would be rounded to nothing is told as less than this: numbers, and minutes."""
_SHORT_MIN, _LONG_MIN = 90.0, 48 * 60.0


def label(said: Mapping[str, str], id_: str) -> str:
    """Return the words a description has for a thing in the language of the page, or its id."""
    return speak(language(), said.get("zh") or said.get("en") or id_, said.get("en") or said.get("zh") or id_)


def title(model: Model) -> str:
    """Return what a model is called."""
    return label(model.title, model.port)


def duration_scale(value_min: float) -> tuple[float, str]:
    """Return the minutes of the unit a duration is told in, and its name: minutes, hours or days."""
    if abs(value_min) < _SHORT_MIN:
        return 1.0, pgettext("duration", "分")
    return (
        (60.0, pgettext("duration", "小时"))
        if abs(value_min) < _LONG_MIN
        else (MINUTES_A_DAY, pgettext("duration", "天"))
    )


def minutes(value_min: float, like_min: float | None = None) -> str:
    """Return a duration: minutes up to an hour and a half, hours up to two days, then days; or as another is told."""
    if not math.isfinite(value_min):
        return wording.number(None, language())
    size, unit = duration_scale(value_min if like_min is None else like_min)
    return f"{number(value_min / size, LEAST_MIN if size == 1.0 else LEAST)} {unit}"


def like_all(values_min: Iterable[float | None]) -> float:
    """Return a duration in whose unit all of some are told: that of the longest, but no days beside minutes."""
    known = [abs(one) for one in values_min if one is not None and math.isfinite(one)]
    longest = max(known, default=0.0)
    short = any(LEAST_MIN <= one < _SHORT_MIN for one in known)
    return min(longest, _LONG_MIN - 1.0) if short else longest


def number(value: float | None, least: float = LEAST) -> str:
    """Return a number, below one to the places of `least`; what is less than half of that is told as less than it."""
    if value is not None and 0.0 < value < least / 2:
        return f"<{wording.number(least, language())}"
    return wording.number(None if value is None else rounded(value, least), language())


def rounded(value: float, least: float = LEAST) -> float:
    """Return a value below one without the places nobody reads, those below `least`; others as they are."""
    return round(value / least) * least + 0.0 if abs(value) < 1.0 else value


def minutes_between(low_min: float, high_min: float, like_min: float, *, signed: bool = False) -> str:
    """Return an interval of durations in the unit its middle is told in."""
    size, unit = duration_scale(like_min)
    values = [rounded(end / size, LEAST_MIN if size == 1.0 else LEAST) for end in (low_min, high_min)]
    ends = [f"{'+' if signed and end > 0 else ''}{wording.number(end, language())}" for end in values]
    return between(ends[0], f"{ends[1]} {unit}")


def hours(value_h: float | None, like_min: float | None = None) -> str:
    """Return a duration given in hours as `minutes` does."""
    return wording.number(None, language()) if value_h is None else minutes(value_h * 60.0, like_min)


def weekdays() -> tuple[str, ...]:
    """Return the days of the week from Monday on."""
    return (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


def hours_words(calendar: OpeningHours, first_weekday: int) -> str:
    """Return opening hours in short: the hours of most open days, and which days these are where not all.

    Parameters
    ----------
    calendar : OpeningHours
        The hours.
    first_weekday : int
        Day of the week of time 0, Monday is 0.
    """
    days = round(calendar.period_min / MINUTES_A_DAY)
    if days * MINUTES_A_DAY != calendar.period_min or days not in (1, 7):
        return _("每 %(n)s 一轮") % {"n": minutes(calendar.period_min)}
    by_day = [_within(calendar, day) for day in range(days)]
    open_days = [spans for spans in by_day if spans]
    if not open_days:
        return ""
    usual, count = Counter(open_days).most_common(1)[0]
    told = _("、").join(f"{_clock(begin)}–{_clock(end)}" for begin, end in usual)
    if days in (1, count):
        return told if told != "0:00–24:00" else _("昼夜")
    names = weekdays()
    which = sorted((first_weekday + day) % 7 for day, spans in enumerate(by_day) if spans == usual)
    if which == list(range(which[0], which[-1] + 1)) and len(which) > 2:
        return _("%(first)s至%(last)s %(hours)s") % {"first": names[which[0]], "last": names[which[-1]], "hours": told}
    return f"{_('、').join(names[day] for day in which)} {told}"


def _within(calendar: OpeningHours, day: int) -> tuple[tuple[float, float], ...]:
    begin = day * MINUTES_A_DAY
    cut = [(max(a - begin, 0.0), min(b - begin, MINUTES_A_DAY)) for a, b in calendar.open]
    return tuple((a, b) for a, b in cut if b > a)


def _clock(value_min: float) -> str:
    return f"{int(value_min // 60)}:{round(value_min % 60):02d}"


def node_notes(model: Model, node: Node) -> list[str]:
    """Return what is said of a node below its name: servers and service, hours, what it shares, who turns away."""
    match node:
        case Station():
            return [one for one in _station_notes(model, node) if one]
        case Split(into=into):
            words = {one.id: label(one.label, one.id) for one in model.classes}
            return [_("分成 %(n)s %(what)s") % {"n": n, "what": words[of]} for of, n in into.items()]
        case Match():
            return [_("两边配齐才走")]
        case Combine(size=size):
            return [_("满 %(n)s 发出") % {"n": size}]
    return []


def _station_notes(model: Model, node: Station) -> list[str]:
    calendars = {one.id: one for one in model.calendars}
    means = [mean(one) for one in node.service.values()]
    low, high = min(means), max(means)
    time = minutes(low) if high - low < 0.5 else f"{minutes(low)}–{minutes(high)}"
    notes = [f"{servers_words(node)} × {time}" if node.servers is not None else time]
    if node.calendar in calendars:
        notes.append(hours_words(calendars[node.calendar], model.start.weekday() if model.start else 0))
    for pool, count in {**node.needs, **node.takes}.items():
        notes.append(_("用 %(pool)s") % {"pool": pool_words(model, pool)} + (f" × {count}" if count > 1 else ""))
    if node.queue_capacity is not None:
        notes.append(_("最多等 %(n)s") % {"n": wording.number(node.queue_capacity, language())})
    if node.balking is not None:
        told = {"n": wording.number(node.balking.at, language())}
        told["share"] = wording.percent(node.balking.probability, language())
        notes.append(_("排到 %(n)s 起 %(share)s 离开") % told)
    return notes


def servers_words(node: Station) -> str:
    """Return how many servers a station has, with the range over the day where they change."""
    if node.servers is None:
        return _("不限")
    counts = sorted({count for _, count in node.shifts}) or [node.servers]
    return f"{counts[0]}–{counts[-1]}" if len(counts) > 1 else str(counts[0])


def pool_words(model: Model, pool: str) -> str:
    """Return what a pool is called: the label of the figure of its name, or its id."""
    found = next((one for one in model.figures if one.id == pool), None)
    return label(found.label, pool) if found else pool


def model_sentence(model: Model, per_day: float, busiest: str, load: float, reported: int) -> str:
    """Return what a model is, in a sentence: how many stages and units a day, where it is tightest, what is known."""
    stages = len(model.nodes)
    told = {
        "stages": stages,
        "units": wording.number(round(per_day), language()),
        "busiest": busiest,
        "load": wording.percent(load, language()),
        "all": len(model.figures),
        "reported": reported,
    }
    said = ngettext(
        "一天约来 %(units)s 个单位，经过 %(stages)s 个环节；最紧的是%(busiest)s，平均占用 %(load)s。"
        "%(all)s 个参数里 %(reported)s 个有报道，其余是推算和假设。",
        "一天约来 %(units)s 个单位，经过 %(stages)s 个环节；最紧的是%(busiest)s，平均占用 %(load)s。"
        "%(all)s 个参数里 %(reported)s 个有报道，其余是推算和假设。",
        stages,
    )
    return prose.tidy(said % told)


def interval(shown: Mapping[str, Any], write: Callable[[float | None], str]) -> str:
    """Return the interval of an estimate in words, nothing where there is none."""
    low, high = shown.get("low"), shown.get("high")
    return "" if low is None or high is None else between(write(low), write(high))


def hours_interval(shown: Mapping[str, Any], like_min: float | None = None) -> str:
    """Return the interval of a duration in hours in one unit, that of its mean unless another is given."""
    low, high = shown.get("low"), shown.get("high")
    if low is None or high is None:
        return ""
    return minutes_between(low * 60.0, high * 60.0, shown["mean"] * 60.0 if like_min is None else like_min)


def between(low: str, high: str) -> str:
    """Return an interval by the words of its ends."""
    return _("%(low)s 至 %(high)s") % {"low": low, "high": high}


def report_sentence(model: Model, report: Mapping[str, Any]) -> str:
    """Return what a report answers: median and 90 % quantile of the stay with its interval, where most time goes."""
    stay, unit = report["whole"]["stay_h"], report["whole"]["unit"]
    if stay["p90"]["mean"] is None:
        return _("没有单位离开过这个口岸。")
    told = {"p50": hours(stay["p50"]["mean"]), "p90": hours(stay["p90"]["mean"]), "units": units_words(unit)}
    if unit:
        said = _("一半%(units)s在 %(p50)s内过完，九成在 %(p90)s内") % told
    else:
        said = _("一半在 %(p50)s内过完，九成在 %(p90)s内") % told
    ends = hours_interval(stay["p90"])
    if ends:
        said += _("（95%% 区间 %(between)s）") % {"between": ends}
    most = longest_time(model, report)
    if most is not None:
        station, kind, share = most
        where = {"station": station, "kind": kind, "share": wording.percent(share, language())}
        if becomes_others(report):
            said += _("；没有拆开的时候，时间最多花在%(station)s的%(kind)s，占 %(share)s") % where
        else:
            said += _("；时间最多花在%(station)s的%(kind)s，占 %(share)s") % where
    return prose.tidy(said + _("。"))


def becomes_others(report: Mapping[str, Any]) -> bool:
    """Tell whether units of a report become others on their way, as a train that is taken apart."""
    return any(one["until"] != "leaves" for one in report["classes"])


def units_words(unit: str) -> str:
    """Return what units of a kind are called, several of them."""
    return {
        "truck": _("货车"),
        "car": _("小客车"),
        "bus": _("大客车"),
        "train": _("列车"),
        "wagon": _("车辆"),
        "container": _("集装箱"),
    }.get(unit) or pgettext("several", "单位")


def until_words(until: str) -> str:
    """Return what ends a stay."""
    return {
        "leaves": pgettext("stay", "离开口岸"),
        "split": pgettext("stay", "解体"),
        "match": pgettext("stay", "对位"),
        "combine": pgettext("stay", "编成"),
    }[until]


TIMES = (("wait_min", "wait"), ("service_min", "work"), ("blocked_min", "held"))


def time_word(kind: str) -> str:
    """Return what a kind of time is called."""
    return {"wait": _("等候"), "work": _("办理"), "held": _("被堵")}[kind]


def longest_time(model: Model, report: Mapping[str, Any]) -> tuple[str, str, float] | None:
    """Return the station and the kind of time most time of the main units goes into, and its share; None for none."""
    spent: Counter[tuple[str, str]] = Counter()
    unit = report["whole"]["unit"]
    for one in report["classes"]:
        if one["unit"] != unit:
            continue
        units = one["throughput_per_day"]["mean"] or 0.0
        for row in one["time_by_activity"]:
            for name, kind in TIMES:
                spent[row["station"], kind] += units * (row[name]["mean"] or 0.0)
    total = sum(spent.values())
    if not total:
        return None
    (station, kind), most = spent.most_common(1)[0]
    return node_words(model, station), _spent_words(kind), most / total


def _spent_words(kind: str) -> str:
    return {
        "wait": pgettext("time goes into", "等候"),
        "work": pgettext("time goes into", "办理"),
        "held": pgettext("time goes into", "被堵"),
    }[kind]


def node_words(model: Model, id_: str) -> str:
    """Return what a node is called."""
    found = next((one for one in model.nodes if one.id == id_), None)
    return label(found.label, id_) if found else id_


def lanes_words(model: Model, id_: str) -> str:
    """Return what the lanes of a station, or of one of its shifts such as ``gate@07:00``, are called."""
    station, _at, begin = id_.partition("@")
    name = node_words(model, station)
    return _("%(name)s，%(begin)s 起") % {"name": name, "begin": begin} if begin else name


def class_words(model: Model, id_: str) -> str:
    """Return what a class is called."""
    found = next((one for one in model.classes if one.id == id_), None)
    return label(found.label, id_) if found else id_


def signed_minutes(value_min: float, like_min: float | None = None) -> str:
    """Return a difference of durations with its sign, also as another is told; one too small to matter is nothing."""
    size, unit = duration_scale(value_min if like_min is None else like_min)
    shown = rounded(value_min / size, LEAST_MIN if size == 1.0 else LEAST)
    return f"{'+' if shown > 0 else ''}{wording.number(shown, language())} {unit}"


def plural_replications(count: int) -> str:
    """Return a number of replications in words."""
    return ngettext("%(n)s 次重复", "%(n)s 次重复", count) % {"n": count}


def ticks_of_year(start: str | None, days: int) -> Sequence[tuple[float, str]]:
    """Return the words below an axis of days: first days of months where the model is dated, else every 30 days."""
    from datetime import date, timedelta

    if start is None:
        return [(float(day), _("第 %(n)s 天") % {"n": day + 1}) for day in range(0, days, max(1, days // 6))]
    first = date.fromisoformat(start)
    found = []
    for day in range(days):
        at = first + timedelta(days=day)
        if at.day == 1:
            found.append((float(day), _month(at)))
    return found or [(0.0, wording.day(first, language()))]


def _month(at: Any) -> str:
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return speak(language(), f"{at.month} 月", months[at.month - 1])
