"""A circular in words: the answer in one sentence, and its tables, in the language of the request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.ground.language import language, speak
from bridgehead.ground.wording import day, number, percent
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.rooms.ledger.selectors.coordination import decision_state, meeting_kind, problem_state

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a circular.

    Attributes
    ----------
    key : str
        Its name.
    title : str
        What it is about.
    heads : sequence of str
        Heads of its columns.
    rows : sequence of sequences of str
        Its rows.
    numbers : sequence of int
        Columns of numbers, aligned to the right.
    widths_cm : sequence of float
        Widths of its columns on paper, in proportion; by default the first is wide and the others are alike.
    empty : str
        What is said where it has no rows.
    more : str
        What is said below its rows, empty for nothing.
    """

    key: str
    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()
    empty: str = ""
    more: str = ""
    widths_cm: Sequence[float] = ()


def period_words(text: str) -> str:
    """Return what a month or a half-year is called."""
    period = Period.read(text)
    if period.frequency is Frequency.HALF:
        year = period.first.year
        if period.first.month == 1:
            return _("%(year)s 年上半年") % {"year": year}
        return _("%(year)s 年下半年") % {"year": year}
    return day(text, language())


def title_of(kind: str, period: str) -> str:
    """Return the title of a circular."""
    told = {"period": period_words(period)}
    if kind == "half":
        return _("关于 %(period)s任务、问题和指标与上年同期对比的通报") % told
    return _("关于 %(period)s任务办结和问题整改情况的通报") % told


def headline(content: Content) -> str:
    """Return what a circular says, in one sentence."""
    total = content["total"]
    said = {"period": period_words(content["period"]), **total}
    due = total["due"]
    if not due:
        return _("%(period)s没有到期的任务") % said
    if total["open"]:
        words = ngettext(
            "%(period)s到期 %(due)s 项任务，%(open)s 项没有办结",
            "%(period)s到期 %(due)s 项任务，%(open)s 项没有办结",
            due,
        )
    else:
        words = ngettext("%(period)s到期 %(due)s 项任务，全部办结", "%(period)s到期 %(due)s 项任务，全部办结", due)
    return words % said


def lead(content: Content) -> str:
    """Return what a circular says in the second place: what is late at the end, and against the year before."""
    total = content["total"]
    day_on = day(content["on"], language())
    late = [
        (total["overdue"], ngettext("%(n)s 项任务逾期", "%(n)s 项任务逾期", total["overdue"])),
        (total["problems_late"], ngettext("%(n)s 个问题逾期", "%(n)s 个问题逾期", total["problems_late"])),
        (total["decisions_late"], ngettext("%(n)s 项议定事项逾期", "%(n)s 项议定事项逾期", total["decisions_late"])),
        (total["silent"], ngettext("%(n)s 份答复没有交", "%(n)s 份答复没有交", total["silent"])),
    ]
    said = [words % {"n": number(n, language())} for n, words in late if n]
    joined = speak(language(), "，", ", ").join(said) or _("没有逾期")
    told = _("到 %(day)s：%(said)s。") % {"day": day_on, "said": joined}
    if "before" in content and (total["due"] or content["before"]["total"]["due"]):
        told += speak(language(), "", " ") + _against_before(content)
    return told


def tables(content: Content) -> list[Table]:
    """Return the tables of a circular, the same for the page, the Word document and the operation."""
    found = [_compared(content), _compared_bodies(content)] if "before" in content else []
    found += [_tasks_of(content), _others_of(content), _late_tasks(content), _late_problems(content)]
    return [*found, _late_decisions(content), _rungs(content), _silent(content), _meetings(content), *_parts(content)]


def _against_before(content: Content) -> str:
    now, before = content["total"], content["before"]["total"]
    return _("按期办结 %(now)s，上年同期 %(before)s。") % {"now": _share(now), "before": _share(before)}


def _share(counts: Mapping[str, int]) -> str:
    return percent(counts["on_time"] / counts["due"], language()) if counts["due"] else "—"


def _name(one: Mapping[str, Any]) -> str:
    return speak(language(), one["zh"], one["en"] or one["zh"])


def _all() -> str:
    return pgettext("coordination", "合计")


def _counted() -> dict[str, str]:
    """Return what is counted, as it is called, in order."""
    return {
        "due": pgettext("coordination", "到期任务"),
        "on_time": pgettext("coordination", "按期办结"),
        "late": pgettext("coordination", "逾期办结"),
        "open": pgettext("coordination", "没有办结"),
        "overdue": pgettext("coordination", "期末逾期任务"),
        "escalated": pgettext("coordination", "督促次数"),
        "decided": pgettext("coordination", "议定事项"),
        "decisions_done": pgettext("coordination", "办结的议定事项"),
        "decisions_late": pgettext("coordination", "逾期议定事项"),
        "found": pgettext("coordination", "新列问题"),
        "closed": pgettext("coordination", "销号"),
        "problems_late": pgettext("coordination", "逾期问题"),
        "asked": pgettext("coordination", "收到的征询"),
        "silent": pgettext("coordination", "没有答复"),
    }


_OF_TASKS = ("due", "on_time", "late", "open", "overdue", "escalated")
_OF_OTHERS = ("decided", "decisions_done", "decisions_late", "found", "closed", "problems_late", "asked", "silent")


def _tasks_of(content: Content) -> Table:
    title, empty = pgettext("coordination", "各单位的任务"), _("这个时期没有任务。")
    return _by_office(content, "offices", title, _OF_TASKS, empty)


def _others_of(content: Content) -> Table:
    title = pgettext("coordination", "各单位的议定事项、问题和征询")
    return _by_office(content, "others", title, _OF_OTHERS, _("这个时期没有议定事项、问题和征询。"))


def _by_office(content: Content, key: str, title: str, keys: Sequence[str], empty: str) -> Table:
    """Return some counts by organisation, of those that have any of them, and in all."""
    told = [one for one in content["offices"] if any(one[name] for name in keys)]
    rows = [[_name(one), *(number(one[name], language()) for name in keys)] for one in told]
    if rows:
        rows.append([_all(), *(number(content["total"][name], language()) for name in keys)])
    heads = [pgettext("coordination", "单位"), *(_counted()[name] for name in keys)]
    return Table(key, title, heads, rows, tuple(range(1, len(heads))), empty)


def _compared(content: Content) -> Table:
    """Return every count in all beside that of the year before, with the difference."""
    now, then = content, content["before"]
    words = {**_counted(), "held": pgettext("coordination", "召开的会议")}
    counts = {name: (now["total"][name], then["total"][name]) for name in _counted()}
    counts["held"] = (now["held"], then["held"])
    rows = [
        [words[name], number(one, language()), number(other, language()), f"{one - other:+,}" if one - other else "0"]
        for name, (one, other) in counts.items()
    ]
    shares = [_share(now["total"]), _share(then["total"])]
    rows.insert(2, [pgettext("coordination", "按期办结率"), *shares, _points(now["total"], then["total"])])
    heads = [
        pgettext("coordination", "事项"),
        pgettext("coordination", "本期"),
        pgettext("coordination", "上年同期"),
        pgettext("coordination", "增减"),
    ]
    title = _("与%(period)s相比") % {"period": period_words(then["period"])}
    return Table("compared", title, heads, rows, (1, 2, 3))


def _points(now: Mapping[str, int], before: Mapping[str, int]) -> str:
    """Return the difference of two shares of what was done in time, in points."""
    if not now["due"] or not before["due"]:
        return "—"
    change = round(100 * now["on_time"] / now["due"]) - round(100 * before["on_time"] / before["due"])
    return _("%(n)s 个百分点") % {"n": f"{change:+d}"}


def _compared_bodies(content: Content) -> Table:
    then = {one["office"]: one for one in content["before"]["offices"]}
    none = dict.fromkeys(content["before"]["total"], 0)
    now = {one["office"]: one for one in content["offices"]}
    before = pgettext("coordination", "上年同期")
    counted = [_counted()[name] for name in ("overdue", "problems_late")]
    heads = [
        pgettext("coordination", "单位"),
        _counted()["due"],
        before,
        pgettext("coordination", "按期办结率"),
        before,
    ]
    heads += [head for one in counted for head in (one, before)]

    def row(name: str, one: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
        cells = [name, number(one["due"], language()), number(before["due"], language()), _share(one), _share(before)]
        for key in ("overdue", "problems_late"):
            cells += [number(one[key], language()), number(before[key], language())]
        return cells

    names = {pk: _name(one) for pk, one in (then | now).items()}
    order = [*now, *(pk for pk in then if pk not in now)]
    rows = [row(names[pk], now.get(pk, none), then.get(pk, none)) for pk in order]
    if rows:
        rows.append(row(_all(), content["total"], content["before"]["total"]))
    title = pgettext("coordination", "各单位与上年同期相比")
    return Table("compared_bodies", title, heads, rows, tuple(range(1, len(heads))), _("两个时期都没有记录。"))


def _late_heads(of: str, *more: str) -> list[str]:
    told = [pgettext("coordination", "单位"), pgettext("coordination", "到期")]
    return [of, *told, *more, pgettext("coordination", "逾期（工作日）")]


def _late_row(one: Mapping[str, Any], *more: str) -> list[str]:
    told = [one["title"], _name(one), day(one["due_on"], language())]
    return [*told, *more, number(one["late_wd"], language())]


def _more(content: Content, key: str) -> str:
    left = content["more"][key]
    return ngettext("还有 %(n)s 项。", "还有 %(n)s 项。", left) % {"n": number(left, language())} if left else ""


def _late_tasks(content: Content) -> Table:
    rows = [_late_row(one) for one in content["late"]["tasks"]]
    heads, title = _late_heads(pgettext("coordination", "任务")), pgettext("coordination", "逾期的任务")
    more = _more(content, "tasks")
    return Table("late", title, heads, rows, (3,), _("没有逾期的任务。"), more, (8, 4, 2.8, 2.4))


def _late_problems(content: Content) -> Table:
    rows = [_late_row(one, problem_state(one["state"])) for one in content["late"]["problems"]]
    heads = _late_heads(pgettext("coordination", "问题"), pgettext("coordination", "状态"))
    more, title = _more(content, "problems"), pgettext("coordination", "逾期的问题")
    return Table("late_problems", title, heads, rows, (4,), _("没有逾期的问题。"), more, _LATE_CM)


def _late_decisions(content: Content) -> Table:
    rows = [_late_row(one, decision_state(one["state"])) for one in content["late"]["decisions"]]
    heads = _late_heads(pgettext("coordination", "议定事项"), pgettext("coordination", "状态"))
    more, title = _more(content, "decisions"), pgettext("coordination", "逾期的议定事项")
    return Table("late_decisions", title, heads, rows, (4,), _("没有逾期的议定事项。"), more, _LATE_CM)


_LATE_CM = (7, 4, 2.8, 2.2, 2.4)


def _meetings(content: Content) -> Table:
    heads = [
        pgettext("coordination", "会议"),
        pgettext("coordination", "类别"),
        pgettext("coordination", "日期"),
        pgettext("coordination", "到会 / 邀请"),
        pgettext("coordination", "议定事项"),
    ]
    rows = [
        [
            one["title"],
            meeting_kind(one["kind"]),
            day(one["on"], language()),
            f"{one['came']} / {one['asked']}",
            number(one["decided"], language()),
        ]
        for one in content["meetings"]
    ]
    empty, title = _("这个时期没有召开会议。"), pgettext("coordination", "召开的会议")
    return Table("meetings", title, heads, rows, (3, 4), empty, "", (7, 3, 3, 2.4, 2.4))


def _rungs(content: Content) -> Table:
    heads = [pgettext("coordination", "督促"), pgettext("coordination", "次数")]
    rows = [[_name(one), number(one["count"], language())] for one in content["rungs"]]
    return Table("rungs", pgettext("coordination", "采取的督促"), heads, rows, (1,), _("这个时期没有督促。"))


def _silent(content: Content) -> Table:
    heads = [
        pgettext("coordination", "征询"),
        pgettext("coordination", "期限"),
        pgettext("coordination", "没有答复的单位"),
    ]
    rows = [
        [one["title"], day(one["due_on"], language()), speak(language(), "、", ", ").join(map(_name, one["bodies"]))]
        for one in content["unanswered"]
    ]
    return Table("silent", pgettext("coordination", "没有答复的征询"), heads, rows, (), _("过了期限的征询都已答复。"))


def _parts(content: Content) -> list[Table]:
    return [
        Table(
            key=one["key"],
            title=one["title"],
            heads=one["heads"],
            rows=one["lines"],
            numbers=one["numbers"],
            empty=one["gap"],
            more=one["gap"],
            widths_cm=one["widths_cm"],
        )
        for one in content["parts"].get(language(), [])
    ]
