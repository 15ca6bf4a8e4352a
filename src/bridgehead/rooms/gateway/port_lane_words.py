"""Lanes against stay in words: the answer in a sentence, the rows of the table, what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from bridgehead.engines.simulation.model import MINUTES_A_DAY, Model
from bridgehead.engines.simulation.unit_stays import main_unit
from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors.port_lanes import LanePlace, LanesAsked

Curve = Mapping[str, Any]
Verdict = Literal["kept", "broken", "open"]
P90, MEAN, CHANGE = "stay_p90_min", "stay_mean_min", "stay_mean_change_min"
_STAYS = (MEAN, "stay_p50_min", P90)


@dataclass(frozen=True, slots=True)
class LaneRow:
    """A number of lanes in the table; ``stuck`` says why it has no figures, ``sure`` that a step makes a difference."""

    count: str
    now: bool
    hours: str
    figures: tuple[tuple[str, str], ...]
    change: str
    sure: bool
    holds: str
    stuck: str


def verdict(point: Mapping[str, Any], within_h: float) -> Verdict:
    """Return whether nine in ten are through in so many hours with a number of lanes, by the 95 % interval."""
    if point["growing"] or point["failure"]:
        return "broken"
    ninth, limit = point[P90], within_h * 60.0
    if ninth["low"] is not None and ninth["low"] > limit:
        return "broken"
    return "kept" if ninth["high"] is not None and ninth["high"] <= limit else "open"


def lane_rows(curve: Curve, within_h: float | None) -> list[LaneRow]:
    """Return the rows of the table, one for each number of lanes; each column is told in one unit."""
    holds = {"kept": _("守得住"), "broken": _("守不住"), "open": _("分不出")}
    flowing = [one for one in curve["points"] if not stuck_words(one)]
    like = {name: told.like_all(one[name]["mean"] for one in flowing) for name in _STAYS}
    steps = [abs(one[CHANGE]["mean"]) for one in flowing if _bounded(one[CHANGE])]
    finest = min((one for one in steps if one >= told.LEAST_MIN), default=None)
    rows, before = [], ""
    for point in curve["points"]:
        stuck = stuck_words(point)
        change = point[CHANGE]
        known = not stuck and not before and _bounded(change)
        before = stuck
        rows.append(
            LaneRow(
                count=str(point["lanes"]),
                now=point["lanes"] == curve["present"],
                hours=told.number(point["lane_hours_a_week"]),
                figures=() if stuck else tuple(_figure(point[name], like[name]) for name in _STAYS),
                change=told.signed_minutes(change["mean"], finest) if known else "",
                sure=known and _matters(change),
                holds=holds[verdict(point, within_h)] if within_h else "",
                stuck=stuck,
            )
        )
    return rows


def stuck_words(point: Mapping[str, Any]) -> str:
    """Return why a number of lanes has no stay; nothing where it has one."""
    if point["failure"]:
        return _("互相堵死")
    if point["growing"] or point[P90] is None or point[P90]["mean"] is None:
        return _("队伍一直变长")
    return ""


def _figure(one: Mapping[str, float | None], like_min: float) -> tuple[str, str]:
    mean, low, high = one["mean"], one["low"], one["high"]
    if mean is None:
        return wording.number(None, language()), ""
    between = "" if low is None or high is None else told.minutes_between(low, high, like_min)
    return told.minutes(mean, like_min), between


def lane_sentence(place: LanePlace, curve: Curve, within_h: float | None) -> str:
    """Return what a curve answers in one sentence: which lanes hold the promise, or what one step more does."""
    points = [one for one in curve["points"] if not stuck_words(one)]
    if within_h is not None:
        return _promised(place, curve, within_h)
    if not points:
        return prose.tidy(_("%(place)s：试过的通道数都不够，队伍一直变长。") % {"place": place.name})
    here = next((one for one in points if one["lanes"] == place.now), None)
    more = next((one for one in curve["points"] if one["lanes"] > place.now), None)
    if here is not None and more is not None and not stuck_words(more) and _bounded(more[CHANGE]):
        return _step(place, here, more)
    words = {"place": place.name, "n": points[0]["lanes"], "now": place.now, "stay": _ninth(points[0])}
    if any(one["lanes"] == place.now and stuck_words(one) for one in curve["points"]):
        return prose.tidy(
            _("%(place)s现有 %(now)s 条时队伍一直变长；%(n)s 条起不再变长，九成的停留不超过 %(stay)s。") % words
        )
    return prose.tidy(_("%(place)s开 %(n)s 条，九成的停留不超过 %(stay)s；现有 %(now)s 条。") % words)


def aside(model: Model, asked: LanesAsked) -> str:
    """Return what to know of lanes that the units asked about do not pass, or of a class that was found for them."""
    units = asked.question.units
    words = {
        "place": asked.place.name,
        "main": told.units_words(main_unit(model)),
        "units": told.class_words(model, units) if units else told.units_words(main_unit(model)),
    }
    if asked.chosen:
        said = _("%(main)s不经过%(place)s；这里看%(units)s的停留。")
    elif asked.passed:
        return ""
    elif asked.met:
        said = _("%(units)s不经过%(place)s；那里的通道数只能间接影响它们的停留。")
    else:
        said = _("%(units)s不经过%(place)s，也不与经过那里的单位共用环节：那里开几条通道，它们的停留都一样。")
    return prose.tidy(said % words)


def _bounded(change: Mapping[str, float | None] | None) -> bool:
    return change is not None and None not in (change["mean"], change["low"], change["high"])


def _matters(change: Mapping[str, float]) -> bool:
    """Say whether a difference surely is one, and large enough to be read."""
    return (change["low"] > 0.0 or change["high"] < 0.0) and told.rounded(change["mean"], told.LEAST_MIN) != 0.0


def _ninth(point: Mapping[str, Any]) -> str:
    return told.minutes(point[P90]["mean"])


def _step(place: LanePlace, here: Mapping[str, Any], more: Mapping[str, Any]) -> str:
    change = more[CHANGE]
    words = {
        "place": place.name,
        "now": here["lanes"],
        "n": more["lanes"],
        "first": _ninth(here),
        "second": _ninth(more),
        "change": told.signed_minutes(change["mean"]),
        "between": told.minutes_between(change["low"], change["high"], change["mean"], signed=True),
    }
    said = _("%(place)s从 %(now)s 条加到 %(n)s 条：九成的停留不超过 %(second)s，现在是 %(first)s；平均停留 %(change)s")
    said += _("（95%% 区间 %(between)s）")
    said += _("。") if change["low"] > 0.0 or change["high"] < 0.0 else _("，分不出差别。")
    return prose.tidy(said % words)


def _promised(place: LanePlace, curve: Curve, within_h: float) -> str:
    verdicts = {one["lanes"]: verdict(one, within_h) for one in curve["points"]}
    kept = [count for count, found in verdicts.items() if found == "kept"]
    words = {
        "place": place.name,
        "limit": told.hours(within_h),
        "now": place.now,
        "n": min(kept, default=0),
        "least": min(verdicts),
        "most": max(verdicts),
    }
    if not kept:
        said = _("%(place)s试了 %(least)s 到 %(most)s 条，没有一种能确定九成的停留不超过 %(limit)s；现有 %(now)s 条。")
        return prose.tidy(said % words)
    said = _("%(place)s开 %(n)s 条，九成的停留就不超过 %(limit)s；现有 %(now)s 条")
    below = [count for count in verdicts if count < min(kept)]
    if any(verdicts[count] == "open" for count in below):
        said += _("，再少是否够还分不出。")
    else:
        said += _("，再少就不够。") if below else _("，更少的没有试。")
    return prose.tidy(said % words)


def lane_source(curve: Curve) -> str:
    """Return what a curve rests on: how each number of lanes was run."""
    run = curve["run"]
    words = {
        "n": told.plural_replications(run["replications"]),
        "days": told.number(run["horizon_min"] / MINUTES_A_DAY),
        "warmup": told.number(run["warmup_min"] / MINUTES_A_DAY),
        "seed": run["seed"],
    }
    return prose.tidy(
        _(
            "模型结果，不是观测：每个通道数 %(n)s，每次 %(days)s 天，前 %(warmup)s 天不计，种子 %(seed)s，"
            "用同一组随机数；带和区间都是 95%%。"
        )
        % words
    )
