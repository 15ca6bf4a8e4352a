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
    return _("%(period)s同期对比") % told if kind == "half" else _("%(period)s通报") % told


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
    found = [_compared(content)] if "before" in content else []
    return [*found, _by_office(content), _late(content), _rungs(content), _silent(content), *_parts(content)]


def _against_before(content: Content) -> str:
    now, before = content["total"], content["before"]["total"]
    return _("按期办结 %(now)s，上年同期 %(before)s。") % {"now": _share(now), "before": _share(before)}


def _share(counts: Mapping[str, int]) -> str:
    return percent(counts["on_time"] / counts["due"], language()) if counts["due"] else "—"


def _name(one: Mapping[str, Any]) -> str:
    return speak(language(), one["zh"], one["en"] or one["zh"])


def _all() -> str:
    return pgettext("coordination", "合计")


def _by_office(content: Content) -> Table:
    columns = {
        "due": pgettext("coordination", "到期任务"),
        "on_time": pgettext("coordination", "按期办结"),
        "late": pgettext("coordination", "逾期办结"),
        "open": pgettext("coordination", "没有办结"),
        "overdue": pgettext("coordination", "期末逾期任务"),
        "escalated": pgettext("coordination", "督促次数"),
        "decisions_late": pgettext("coordination", "逾期议定事项"),
        "found": pgettext("coordination", "新列问题"),
        "closed": pgettext("coordination", "销号"),
        "problems_late": pgettext("coordination", "逾期问题"),
        "silent": pgettext("coordination", "没有答复"),
    }
    rows = [[_name(one), *(number(one[key], language()) for key in columns)] for one in content["offices"]]
    if rows:
        rows.append([_all(), *(number(content["total"][key], language()) for key in columns)])
    heads = [pgettext("coordination", "单位"), *columns.values()]
    return Table(
        "offices",
        pgettext("coordination", "各单位"),
        heads,
        rows,
        tuple(range(1, len(heads))),
        _("这个时期没有任务、问题、议定事项和征询。"),
    )


def _compared(content: Content) -> Table:
    then = {one["office"]: one for one in content["before"]["offices"]}
    none = dict.fromkeys(content["before"]["total"], 0)
    now = {one["office"]: one for one in content["offices"]}
    heads = [
        pgettext("coordination", "单位"),
        pgettext("coordination", "到期任务"),
        pgettext("coordination", "上年同期"),
        pgettext("coordination", "按期办结率"),
        pgettext("coordination", "上年同期"),
        pgettext("coordination", "期末逾期任务"),
        pgettext("coordination", "上年同期"),
        pgettext("coordination", "逾期问题"),
        pgettext("coordination", "上年同期"),
    ]

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
    title = _("与%(period)s相比") % {"period": period_words(content["before"]["period"])}
    return Table("compared", title, heads, rows, tuple(range(1, len(heads))), _("两个时期都没有记录。"))


def _late(content: Content) -> Table:
    heads = [
        pgettext("coordination", "任务"),
        pgettext("coordination", "单位"),
        pgettext("coordination", "到期"),
        pgettext("coordination", "逾期（工作日）"),
    ]
    rows = [
        [one["title"], _name(one), day(one["due_on"], language()), number(one["late_wd"], language())]
        for one in content["late_tasks"]
    ]
    more = content["late_more"]
    said = ngettext("还有 %(n)s 项。", "还有 %(n)s 项。", more) % {"n": number(more, language())} if more else ""
    return Table("late", pgettext("coordination", "逾期的任务"), heads, rows, (3,), _("没有逾期的任务。"), said)


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
        Table(one["key"], one["title"], one["heads"], one["lines"], one["numbers"], one["gap"], one["gap"])
        for one in content["parts"].get(language(), [])
    ]
