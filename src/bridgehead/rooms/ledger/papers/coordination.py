"""Meetings, the list of problems and circulars as papers: the same data as their pages."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.ground.language import language, speak
from bridgehead.ground.wording import day, number, percent
from bridgehead.render.docx_paper import Block, Grid, Heading, Paper, Points, Text
from bridgehead.rooms.ledger.models import Meeting
from bridgehead.rooms.ledger.selectors.circulars import Seen
from bridgehead.rooms.ledger.selectors.coordination import today
from bridgehead.rooms.ledger.selectors.meetings import DecisionLine, MeetingPage
from bridgehead.rooms.ledger.selectors.problems import ProblemLine, ProblemList

NONE = "—"


def _colon() -> str:
    return speak(language(), "：", ": ")


def _joined(words: object) -> str:
    return speak(language(), "、", ", ").join(words)  # type: ignore[arg-type]


def _articles(numbers: tuple[int, ...]) -> str:
    return _joined([speak(language(), f"第 {one} 条", f"Art. {one}") for one in numbers]) or NONE


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
    told.append((pgettext("coordination", "到会单位") if held else pgettext("coordination", "邀请单位"), _joined(came)))
    absent = [one.name for one in page.seats if held and one.state != "attended"]
    if absent:
        told.append((pgettext("coordination", "未到会单位"), _joined(absent)))
    blocks: list[Block] = [Text(f"{name}{_colon()}{value}") for name, value in told]
    blocks += [Heading(pgettext("coordination", "议题")), Points(list(record.agenda) or [NONE], numbered=True)]
    blocks.append(Heading(pgettext("coordination", "议定事项")))
    if page.decisions:
        rows = [_decision_row(one) for one in page.decisions]
        blocks.append(Grid(decision_heads(), rows, (1, 6.5, 3, 3, 2.4, 2), (0,)))
    else:
        blocks.append(Text(_("没有议定事项。")))
    return Paper(record.title, [*blocks, Text(_printed(page.keeper), fine=True)], language())


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
        _joined(one.joint) or NONE,
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
        record.due_on.isoformat(),
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
    rows = [problem_row(one) for one in seen.lines]
    widths = (1.2, 4.5, 1.6, 1.4, 1.8, 3, 4.5, 2.1, 2.1, 1.8, 1.8)
    table: Block = Grid(problem_heads(), rows, widths, (0, 10)) if rows else Text(_("没有这样的问题。"))
    title = pgettext("coordination", "问题清单")
    return Paper(title, [Text(said, bold=True), table, Text(_printed(""), fine=True)], language(), landscape=True)


def circular_paper(seen: Seen) -> Paper:
    """Return a circular as a paper: the answer, what the office says, the tables."""
    blocks: list[Block] = [Text(seen.headline, bold=True), Text(seen.lead)]
    if seen.record is not None:
        told = {"year": seen.record.year, "number": seen.record.number, "issuer": seen.issuer}
        told["day"] = day(seen.record.issued_on, language())
        blocks.insert(0, Text(_("%(issuer)s %(year)s 年第 %(number)s 期，%(day)s发") % told))
        blocks += [Text(one) for one in seen.record.foreword.splitlines() if one.strip()]
    else:
        blocks.insert(0, Text(_("草稿，没有发出"), bold=True))
    for table in seen.tables:
        blocks.append(Heading(table.title, 2))
        blocks.append(Grid(table.heads, table.rows, (), table.numbers) if table.rows else Text(table.empty or NONE))
        if table.more:
            blocks.append(Text(table.more))
    if seen.record is not None:
        sent_to = {"bodies": _joined([name for _pk, name in seen.bodies])}
        blocks.append(Text(_("发至：%(bodies)s") % sent_to))
    wide = any(len(one.heads) > 6 for one in seen.tables)
    return Paper(seen.title, [*blocks, Text(_printed(seen.issuer), fine=True)], language(), landscape=wide)


def _printed(keeper: str) -> str:
    told = {"day": day(today(), language()), "keeper": keeper}
    if keeper:
        return _("来源：%(keeper)s的台账；%(day)s打印。") % told
    return _("来源：台账；%(day)s打印。") % told
