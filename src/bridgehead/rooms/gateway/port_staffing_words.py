"""The staffing of a port in words: what is promised, what is advised, how sure that is, what one lane changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.engines.simulation.model import MINUTES_A_DAY, Model
from bridgehead.engines.simulation.staffing.promises import Promise
from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway import prose

Advice = Mapping[str, Any]
_REASONS = {
    "priorities": lambda: _("优先级"),
    "blocking": lambda: _("堵塞"),
    "pools": lambda: _("共用资源"),
    "leaving": lambda: _("有人离去"),
    "matching": lambda: _("配对与编组"),
    "closing": lambda: _("收班前清空"),
    "lanes_by_queue": lambda: _("按队长开通道"),
    "shortest_queue": lambda: _("选最短队"),
    "breakdowns": lambda: _("故障"),
}


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A place of the port: its lanes now and as advised, what a lane works a week, what the change comes to."""

    name: str
    now: str
    advised: str
    change: str
    hours: str
    change_hours: str


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """What is promised, with what comes of it as advised and as it is now."""

    promised: str
    advised: str
    now: str


@dataclass(frozen=True, slots=True)
class NeighbourRow:
    """One lane less or more at a place; ``alarm`` where the promise breaks."""

    name: str
    lanes: str
    hours: str
    figures: tuple[str, ...]
    holds: str
    alarm: bool


def statistics() -> list[tuple[str, str]]:
    """Return the figures of a stay that can be promised, with their words."""
    return [
        ("mean", _("平均")),
        ("median", pgettext("stay", "一半")),
        ("p90", pgettext("stay", "九成")),
        ("p95", pgettext("stay", "九成五")),
    ]


def clause_words(model: Model, clause: Mapping[str, Any]) -> str:
    """Return what a clause promises, in words."""
    where = [told.node_words(model, clause["node"])] if clause["node"] else []
    where += [told.class_words(model, clause["class"])] if clause["class"] else []
    said = _clause(clause)
    return f"{_('，').join(where)}{_('：')}{said}" if where else said


def _clause(clause: Mapping[str, Any]) -> str:
    quantity, statistic, limit = clause["quantity"], clause["statistic"], clause["limit"]
    if quantity == "lost":
        return _("离去的不超过 %(share)s") % {"share": wording.percent(limit, language(), 1)}
    if quantity == "queue":
        words = {"n": told.number(limit)}
        return (_("最长排队不超过 %(n)s") if statistic == "max" else _("平均排队不超过 %(n)s")) % words
    words = {
        "what": pgettext("promise", "停留") if quantity == "stay" else pgettext("promise", "等候"),
        "limit": told.minutes(limit),
        "share": wording.percent(clause["share"] or 0.0, language(), 0),
    }
    if statistic == "mean":
        return _("平均%(what)s不超过 %(limit)s") % words
    if statistic == "share":
        return _("至少 %(share)s 的%(what)s不超过 %(limit)s") % words
    return _("%(share)s 的%(what)s不超过 %(limit)s") % words


def reading_words(one: Mapping[str, Any]) -> str:
    """Return the estimate of a clause with its interval."""
    value, low, high = one["estimate"], one["low"], one["high"]
    if value is None:
        return wording.number(None, language())
    if one["statistic"] == "share" or one["quantity"] == "lost":
        write = _percent
    elif one["quantity"] == "queue":
        write = told.number
    else:
        between = "" if low is None or high is None else told.minutes_between(low, high, value)
        return _bracketed(told.minutes(value), between)
    between = "" if low is None or high is None else f"{write(low)}–{write(high)}"
    return _bracketed(write(value), between)


def _percent(value: float) -> str:
    return wording.percent(value, language(), 1)


def _bracketed(value: str, between: str) -> str:
    return _("%(value)s（%(between)s）") % {"value": value, "between": between} if between else value


def promise_words(model: Model, advice: Advice) -> str:
    """Return all that was promised, in words."""
    return _("；").join(clause_words(model, one) for one in _clauses(advice)) or str(advice["promise"])


def asked_words(model: Model, promise: Promise) -> str:
    """Return what a promise says, in words."""
    return _("；").join(
        clause_words(
            model,
            {
                "quantity": one.quantity,
                "statistic": one.statistic,
                "limit": one.limit,
                "share": one.share,
                "node": one.node,
                "class": one.unit_class,
            },
        )
        for one in promise.clauses
    )


def _clauses(advice: Advice) -> list[Mapping[str, Any]]:
    return list(advice["chosen"]["clauses"] or advice["present"]["clauses"])


def staffing_sentence(model: Model, advice: Advice) -> str:
    """Return what a search found in one sentence, and how sure it is."""
    words = {
        "promise": promise_words(model, advice),
        "hours": told.number(advice["chosen"]["lane_hours_a_week"]),
        "now": told.number(advice["present"]["lane_hours_a_week"]),
    }
    match advice["outcome"]:
        case "overloaded":
            said = _("在这些界限内，通道开到最多，队伍也会一直变长。")
        case "impossible":
            said = _("在这些界限内守不住“%(promise)s”：通道开到最多也不够。")
        case "undecided":
            said = _("运行次数用完，通道开到最多是否守得住“%(promise)s”也不能确定。")
        case _:
            saved = advice["present"]["lane_hours_a_week"] - advice["chosen"]["lane_hours_a_week"]
            words["change"] = told.number(abs(saved))
            said = _("守住“%(promise)s”，每周要 %(hours)s 通道小时")
            if saved >= 0.05:
                said += _("，比现在的 %(now)s 少 %(change)s。")
            elif saved <= -0.05:
                said += _("，比现在的 %(now)s 多 %(change)s。")
            else:
                said += _("，和现在一样多。")
            added = _added(model, advice)
            if added:
                said += _("要加开：%(added)s。")
                words["added"] = added
    return prose.tidy(said % words)


def _added(model: Model, advice: Advice) -> str:
    """Return the places that need more lanes than there are."""
    now = advice["present"]["servers"]
    more = {one: count - now[one] for one, count in advice["chosen"]["servers"].items() if count > now[one]}
    return _("、").join(f"{told.lanes_words(model, one)} +{count}" for one, count in more.items())


def sure_words(advice: Advice) -> str:
    """Return how sure a staffing is that was found; nothing where none was."""
    if advice["outcome"] != "found":
        return ""
    if advice["separated"]:
        return _("至少 95% 确定：这样守得住，更省的都守不住。")
    return _("至少 95% 确定这样守得住；是否有更省的还不能确定。")


def remarks(model: Model, advice: Advice) -> list[str]:
    """Return what somebody should know before following the advice."""
    found = []
    if advice["chosen"]["growing"]:
        names = _("、").join(told.node_words(model, one) for one in advice["chosen"]["growing"])
        found.append(_("这里的队伍会一直变长：%(names)s。") % {"names": names})
    if advice["outcome"] == "overloaded":
        need = _("、").join(f"{told.lanes_words(model, one)} {n}" for one, n in advice["fewest_by_load"].items())
        found.append(_("至少需要：%(need)s。") % {"need": need})
    if advice["outcome"] == "impossible":
        found.append(_("要放宽界限，把“每处最多加几条”加大再找；命令行用 --between。"))
    found += _more_lost(advice)
    if advice["outcome"] == "found" and not advice["complete"]:
        found.append(_("更省的配法没有全部试过；可以多许一些次数。"))
    if advice["outcome"] == "found" and advice["not_monotone"]:
        reasons = _("、").join(_REASONS[one]() for one in advice["not_monotone"])
        found.append(
            _("这个模型里多一条通道不一定更快（%(reasons)s），比较得出的排除不是绝对的；相邻的配法都已单独试过。")
            % {"reasons": reasons}
        )
    return [prose.tidy(one) for one in found]


def _more_lost(advice: Advice) -> list[str]:
    """Return that more leave unserved than now, where that is sure, and the clause that would bound it."""
    lost = advice["lost"]
    if lost is None or not lost["more"]:
        return []
    said = _("这样配，没办成就离去的从 %(now)s 增加到 %(chosen)s。") % {
        "now": _percent(lost["present"]["share"]),
        "chosen": _percent(lost["chosen"]["share"]),
    }
    if lost["promised"]:
        return [said]
    return [said + _("承诺只管办成的；要限住离去的，在承诺里加上 %(clause)s。") % {"clause": lost["clause"]}]


def lost_row(advice: Advice) -> ClauseRow | None:
    """Return who leaves unserved, as advised and as it is now; none where nobody can, or the promise says it itself."""
    lost = advice["lost"]
    if lost is None or lost["promised"]:
        return None
    return ClauseRow(_("没办成就离去的（不算在承诺里）"), _share(lost["chosen"]), _share(lost["present"]))


def _share(one: Mapping[str, Any]) -> str:
    return reading_words({"estimate": one["share"], "quantity": "lost", "statistic": "share", **one})


def staff_rows(model: Model, advice: Advice) -> list[StaffRow]:
    """Return the places of the port with their lanes now and as advised."""
    now, advised = advice["present"]["servers"], advice["chosen"]["servers"]
    rows = []
    for one in advice["lanes"]:
        change = advised[one["id"]] - now[one["id"]]
        change_hours = change * one["hours_a_week"]
        rows.append(
            StaffRow(
                name=told.lanes_words(model, one["id"]),
                now=str(now[one["id"]]),
                advised=str(advised[one["id"]]),
                change=_signed(change),
                hours=told.number(one["hours_a_week"]),
                change_hours=_signed(change_hours),
            )
        )
    return rows


def total_row(advice: Advice) -> StaffRow:
    """Return the lane-hours of a week, now and as advised."""
    now, advised = (advice[which]["lane_hours_a_week"] for which in ("present", "chosen"))
    return StaffRow(_("每周通道小时"), told.number(now), told.number(advised), "", "", _signed(advised - now))


def _signed(value: float) -> str:
    shown = told.rounded(value)
    if not shown:
        return "0"
    return f"{'+' if shown > 0 else '−'}{wording.number(abs(shown), language())}"


def clause_rows(model: Model, advice: Advice) -> list[ClauseRow]:
    """Return what is promised with what comes of it as advised and now."""
    now = advice["present"]["clauses"]
    stuck = _("队伍一直变长") if advice["present"]["growing"] else ""
    return [
        ClauseRow(
            clause_words(model, one),
            _("队伍一直变长") if advice["chosen"]["growing"] else reading_words(one),
            stuck or (reading_words(now[at]) if at < len(now) else "—"),
        )
        for at, one in enumerate(advice["chosen"]["clauses"])
    ]


def neighbour_rows(model: Model, advice: Advice) -> list[NeighbourRow]:
    """Return what one lane less, and one more, would do at each place; bounds leave some out."""
    return [_neighbour(model, one) for one in _inside(advice["neighbours"])]


def _inside(neighbours: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    return (one for one in neighbours if one["why"] != "bound")


def _neighbour(model: Model, one: Mapping[str, Any]) -> NeighbourRow:
    stuck = one["why"] == "load" or bool(one["growing"])
    if stuck:
        holds = _("守不住，队伍一直变长")
    elif one["failure"]:
        holds = _("守不住，互相堵死")
    else:
        holds = {"kept": _("守得住"), "broken": _("守不住"), "open": _("分不出")}[one["verdict"]]
    figures = () if stuck else tuple(reading_words(reading) for reading in one["clauses"])
    return NeighbourRow(
        name=told.lanes_words(model, one["lanes"]),
        lanes=f"{one['servers'][one['lanes']]} ({_signed(one['change'])})",
        hours=told.number(one["lane_hours_a_week"]),
        figures=figures,
        holds=holds,
        alarm=stuck or bool(one["failure"]) or one["verdict"] == "broken",
    )


def undecided_rows(model: Model, advice: Advice) -> list[str]:
    """Return the cheaper staffings that could not be told from keeping the promise."""
    return [_undecided(model, one) for one in advice["undecided"]]


def _undecided(model: Model, one: Mapping[str, Any]) -> str:
    words = {
        "lanes": _("、").join(f"{told.lanes_words(model, id_)} {n}" for id_, n in one["servers"].items()),
        "hours": told.number(one["lane_hours_a_week"]),
        "figures": _("；").join(reading_words(reading) for reading in one["clauses"]) or _("没有运行过"),
    }
    return prose.tidy(_("%(lanes)s：每周 %(hours)s 通道小时，%(figures)s") % words)


def staffing_source(advice: Advice) -> str:
    """Return what an advice rests on: how many runs were spent on how many staffings."""
    run = advice["run"]
    words = {
        "runs": told.number(run["runs"]),
        "budget": told.number(run["budget"]),
        "tried": told.number(run["tried"]),
        "days": told.number((run["horizon_min"] - run["warmup_min"]) / MINUTES_A_DAY),
        "seed": run["seed"],
    }
    return prose.tidy(
        _(
            "模型结果，不是观测：试了 %(tried)s 种配法，共运行 %(runs)s 次（上限 %(budget)s），每次计 %(days)s 天，"
            "种子 %(seed)s；括号里是 95%% 区间。"
        )
        % words
    )
