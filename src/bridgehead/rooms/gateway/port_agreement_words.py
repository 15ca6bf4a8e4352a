"""The loop of flows and simulation in words: what came out in a sentence, rounds and points as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.engines.planning.port_loops import MOST_NOISE
from bridgehead.engines.simulation.model import Model
from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway import port_run_words as said
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors.port_agreements import Asked, arrivals_per_day
from bridgehead.rooms.gateway.selectors.port_agreements import against as other_way


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round: what the flows send, the stay they reckon with, the simulated one, how far apart, how far allowed."""

    number: int
    load: str
    reckoned: str
    simulated: str
    interval: str
    difference: str
    tolerated: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class PointRow:
    """One load that was simulated: the stay with its interval, and what the flows reckon with there."""

    load: str
    stay: str
    interval: str
    reckoned: str


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """A class that arrives, as a box to tick: how many a day the model has, and whether it is ticked."""

    id: str
    name: str
    per_day: str
    ticked: bool


def headline(model: Model, answer: Mapping[str, Any]) -> str:
    """Return what a loop came to in a sentence."""
    last = answer["rounds"][-1]
    words = {
        "load": units_a_day(last["load_per_day"], unit_of(model, answer)),
        "stay": told.minutes(last["simulated_min"]["mean"]),
        "reckoned": told.minutes(last["reckoned_min"]),
        "apart": told.minutes(abs(last["difference_min"])),
        "after": after_rounds(len(answer["rounds"])),
    }
    if answer["reached"]:
        said = _("一致：货流每天送来 %(load)s，停留 %(stay)s；货流估计 %(reckoned)s，%(after)s差 %(apart)s。")
    else:
        said = _("没有一致：货流每天送来 %(load)s，停留 %(stay)s；货流估计 %(reckoned)s，%(after)s差 %(apart)s。")
    return prose.tidy(said % words)


def after_rounds(count: int) -> str:
    """Return after how many rounds, in words."""
    return ngettext("%(n)s 轮后", "%(n)s 轮后", count) % {"n": count}


def why_not(answer: Mapping[str, Any]) -> str:
    """Return why a loop did not agree; nothing where it did."""
    if answer["reached"]:
        return ""
    if answer["stands_still"]:
        return _(
            "再算也不会变：负荷低时，停留随负荷下降，而货流用的函数不能下降。"
            "可以放宽容许差，或者看曲线判断差得要不要紧。"
        )
    return _("轮数用完了。可以放宽容许差，或者多重复几次，让区间窄一些。")


def doubt(answer: Mapping[str, Any]) -> str:
    """Return that the stay of the last round is known badly, where it is; nothing else."""
    stay = answer["rounds"][-1]["simulated_min"]
    half = (stay["high"] - stay["low"]) / 2.0 if None not in stay.values() else 0.0
    if half <= MOST_NOISE * (stay["mean"] or 0.0):
        return ""
    return _("仿真的停留本身只知道在 ±%(half)s 之内；多重复几次才说得准。") % {"half": told.minutes(half)}


def unit_of(model: Model, answer: Mapping[str, Any]) -> str:
    """Return what the units of a loop are: that of its classes where they are one kind, else none in particular."""
    chosen = answer["classes"] or list(arrivals_per_day(model))
    units = {one.unit for one in model.classes if one.id in chosen}
    return units.pop() if len(units) == 1 else ""


def units_a_day(load: float, unit: str) -> str:
    """Return units a day with what they are, by the measure word of the language."""
    words = {
        "truck": _("%(n)s 辆货车"),
        "car": _("%(n)s 辆小客车"),
        "bus": _("%(n)s 辆大客车"),
        "train": _("%(n)s 列列车"),
        "wagon": _("%(n)s 节车辆"),
        "container": _("%(n)s 个集装箱"),
    }.get(unit) or pgettext("several", "%(n)s 个单位")
    return words % {"n": load_words(load)}


def load_words(load: float) -> str:
    """Return units a day as they are written."""
    return wording.number(load, language())


def rounds(answer: Mapping[str, Any]) -> list[RoundRow]:
    """Return the rounds of a loop as rows."""
    return [
        RoundRow(
            number=number,
            load=load_words(one["load_per_day"]),
            reckoned=told.minutes(one["reckoned_min"]),
            simulated=told.minutes(one["simulated_min"]["mean"]),
            interval=_interval(one["simulated_min"]),
            difference=told.signed_minutes(one["difference_min"]),
            tolerated=f"±{told.minutes(one['tolerated_min'])}",
            agrees=one["agrees"],
        )
        for number, one in enumerate(answer["rounds"], 1)
    ]


def points(answer: Mapping[str, Any]) -> list[PointRow]:
    """Return the loads that were simulated for the curve as rows."""
    return [
        PointRow(
            load_words(one["load_per_day"]),
            told.minutes(one["stay_min"]["mean"]),
            _interval(one["stay_min"]),
            told.minutes(one["reckoned_min"]),
        )
        for one in answer["curve"]
        if one["stay_min"]["mean"] is not None
    ]


def _interval(found: Mapping[str, float | None]) -> str:
    low, mean, high = found["low"], found["mean"], found["high"]
    if low is None or mean is None or high is None:
        return ""
    return told.minutes_between(low, high, mean)


def choices(one: Asked) -> list[ClassChoice]:
    """Return the classes that arrive, to be ticked; those of the question are."""
    return [
        ClassChoice(name, told.class_words(one.model, name), load_words(rate), name in one.classes)
        for name, rate in arrivals_per_day(one.model).items()
    ]


def against(one: Asked) -> str:
    """Return that classes are chosen that go the other way; nothing where none do."""
    names = [told.class_words(one.model, name) for name in other_way(one)]
    if not names:
        return ""
    words = {"names": _("、").join(names), "direction": dict(directions())[one.question.direction]}
    return prose.tidy(_("勾选的%(names)s不是%(direction)s方向的。") % words)


def directions() -> tuple[tuple[str, str], ...]:
    """Return the two directions with their words."""
    return (("import", _("进口")), ("export", _("出口")))


def tolerance_words(share: float) -> str:
    """Return a tolerance in words."""
    return wording.percent(share, language(), 1)


def about(one: Asked) -> str:
    """Return what a loop is about: the direction, the classes, the tolerance, how the model is run."""
    question = one.question
    names = [told.class_words(one.model, name) for name in one.classes if question.classes]
    parts = [
        dict(directions())[question.direction],
        _("、").join(names) if names else _("到达的全部类别"),
        _("容许差 %(n)s") % {"n": tolerance_words(question.tolerance)},
        said.question_words(question.run),
    ]
    return _("；").join(parts)
