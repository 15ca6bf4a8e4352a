"""Meetings and the list of problems as papers: the same data as their pages."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.ground.access.viewer import current_viewer
from bridgehead.ground.language import language, speak
from bridgehead.ground.wording import day, number, percent
from bridgehead.render.docx_paper import Block, Grid, Heading, Paper, Points, Text
from bridgehead.rooms.ledger.models import Meeting
from bridgehead.rooms.ledger.selectors.coordination import today
from bridgehead.rooms.ledger.selectors.meetings import DecisionLine, MeetingPage
from bridgehead.rooms.ledger.selectors.problems import ProblemLine, ProblemList
from bridgehead.rooms.ledger.who import wholly
from bridgehead.rooms.ledger.wording import seen_only

NONE = "—"


def _colon() -> str:
    return speak(language(), "：", ": ")


def joined(words: object) -> str:
    """Return words as a list in the language of the paper."""
    return speak(language(), "、", ", ").join(words)  # type: ignore[arg-type]


def articles_word(numbers: tuple[int, ...]) -> str:
    """Return the numbers of articles in words, a dash for none."""
    return joined([speak(language(), f"第 {one} 条", f"Art. {one}") for one in numbers]) or NONE


def meeting_paper(page: MeetingPage) -> Paper:
    """Return a meeting as a paper: when and where, who came, what stood on the agenda, what was decided."""
    record, line = page.record, page.line
    told = [
        (pgettext("coordination", "类别"), line.kind),
        (pgettext("coordination", "时间"), f"{day(line.at.date(), language())} {line.at:%H:%M}"),
        (pgettext("coordination", "状态"), line.state),
        (pgettext("coordination", "地点"), record.place or NONE),
        (pgettext("coordination", "主持"), record.chair or NONE),
    ]
    held = record.state == Meeting.State.HELD
    came = [one.name for one in page.seats if not held or one.state == "attended"]
    told.append((pgettext("coordination", "到会单位") if held else pgettext("coordination", "邀请单位"), joined(came)))
    absent = [one.name for one in page.seats if held and one.state != "attended"]
    if absent:
        told.append((pgettext("coordination", "未到会单位"), joined(absent)))
    blocks: list[Block] = [] if page.today else [Text(as_of(page.on, past=False))]
    blocks += [Text(f"{name}{_colon()}{value}") for name, value in told]
    blocks += [Heading(pgettext("coordination", "议题")), Points(list(record.agenda) or [NONE], numbered=True)]
    blocks.append(Heading(pgettext("coordination", "议定事项")))
    if page.decisions:
        rows = [_decision_row(one) for one in page.decisions]
        blocks.append(Grid(decision_heads(), rows, (1, 6.5, 3, 3, 2.4, 2), (0,)))
    else:
        blocks.append(Text(_("没有议定事项。")))
    return Paper(record.title, [*blocks, Text(printed(page.keeper), fine=True)], language())


def decision_heads() -> list[str]:
    """Return the heads of a table of decisions."""
    return [
        pgettext("coordination", "序号"),
        pgettext("coordination", "议定事项"),
        pgettext("coordination", "责任单位"),
        pgettext("coordination", "配合单位"),
        pgettext("coordination", "期限"),
        pgettext("coordination", "进展"),
    ]


def _decision_row(one: DecisionLine) -> list[str]:
    record = one.record
    return [
        str(record.number),
        record.text,
        one.office,
        joined(one.joint) or NONE,
        day(record.due_on, language()),
        percent(one.share, language()) if one.share is not None else one.state,
    ]


def problem_heads() -> list[str]:
    """Return the heads of the list of problems."""
    return [
        pgettext("coordination", "编号"),
        pgettext("coordination", "问题"),
        pgettext("coordination", "来源"),
        pgettext("coordination", "程度"),
        pgettext("coordination", "条"),
        pgettext("coordination", "责任单位"),
        pgettext("coordination", "整改措施"),
        pgettext("coordination", "发现"),
        pgettext("coordination", "期限"),
        pgettext("coordination", "状态"),
        pgettext("coordination", "逾期（工作日）"),
    ]


def problem_row(one: ProblemLine) -> list[str]:
    """Return a problem as a row of the list."""
    record = one.record
    return [
        str(record.pk),
        record.title,
        one.origin,
        one.severity,
        ", ".join(map(str, one.articles)),
        one.office,
        record.measures,
        record.found_on.isoformat(),
        one.due_on.isoformat(),
        one.state,
        str(one.late_wd or ""),
    ]


def problems_paper(seen: ProblemList) -> Paper:
    """Return the problems a filter leaves as a paper that lies across."""
    said = ngettext("%(n)s 个问题", "%(n)s 个问题", seen.total) % {"n": number(seen.total, language())}
    late = sum(1 for one in seen.lines if one.late_wd)
    if late:
        words = ngettext("%(n)s 个逾期", "%(n)s 个逾期", late) % {"n": number(late, language())}
        said = speak(language(), "，", ", ").join([said, words])
    said = seen_only(said, whole=wholly(current_viewer()))
    rows = [problem_row(one) for one in seen.lines]
    widths = (1.2, 4.5, 1.6, 1.4, 1.8, 3, 4.5, 2.1, 2.1, 1.8, 1.8)
    table: Block = Grid(problem_heads(), rows, widths, (0, 10)) if rows else Text(_("没有这样的问题。"))
    title = pgettext("coordination", "问题清单")
    return Paper(
        title,
        [Text(as_of(seen.on, past=seen.past)), Text(said, bold=True), table, Text(printed(""), fine=True)],
        language(),
        landscape=True,
    )


def as_of(on: date, *, past: bool) -> str:
    """Return the line that says of which day a list is; of one that is past, what of it is said as it is now."""
    told = {"day": day(on, language())}
    return _("截至 %(day)s；期限和状态是当日的，文字是现在的记录。") % told if past else _("截至 %(day)s") % told


def printed(keeper: str) -> str:
    """Return the note that says whose ledger a paper is from and when it was printed."""
    told = {"day": day(today(), language()), "keeper": keeper}
    if keeper:
        return _("来源：%(keeper)s的台账；%(day)s打印。") % told
    return _("来源：台账；%(day)s打印。") % told
