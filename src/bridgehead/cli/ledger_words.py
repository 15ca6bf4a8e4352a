"""What the commands of ``bridgehead ledger`` print: the board, responsibilities, one task, a month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bridgehead.cli.terminal import print_table, say
from bridgehead.kernel.errors import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from bridgehead.rooms.ledger.selectors.board import Board
    from bridgehead.rooms.ledger.selectors.calendar import Month
    from bridgehead.rooms.ledger.selectors.duties import Register
    from bridgehead.rooms.ledger.selectors.tasks import TaskLine, TaskPage

LATE = "red"
LONGEST = 400
"""Characters of a text that are shown."""


def print_board(out: Console, seen: Board, lang: str) -> None:
    """Print who owes what on a day."""
    day, page, pages = seen.filters.on, seen.filters.page, seen.pages
    out.print(
        say(
            f"{day}：欠 {seen.owed} 项，过期 {seen.late} 项，十个工作日内到期 {seen.soon} 项",
            f"{day}: {seen.owed} owed, {seen.late} late, {seen.soon} due within ten working days",
            lang,
        ),
        style="bold",
        soft_wrap=True,
    )
    if not seen.owed:
        return
    if seen.filters.organisation is None:
        table = _table((say("单位", "organisation", lang), ""), *_counted(lang))
        for group in seen.by_organisation:
            table.add_row(
                visible(group.name), str(group.owed), str(group.late), str(group.soon), str(group.oldest or "—"),
                style=LATE if group.late else None,
            )  # fmt: skip
        print_table(out, table)
        out.print()
    print_table(out, _tasks(seen.tasks, lang))
    if pages > 1:
        out.print(say(f"第 {page} 页，共 {pages} 页", f"page {page} of {pages}", lang), style="dim")


def _counted(lang: str) -> Iterable[tuple[str, str]]:
    yield say("欠", "owed", lang), "right"
    yield say("过期", "late", lang), "right"
    yield say("将到期", "soon", lang), "right"
    yield say("最早", "oldest", lang), "left"


def print_register(out: Console, found: Register, lang: str) -> None:
    """Print duties and who answers for them, counted as they are listed."""
    n = len(found.lines)
    leaderless, untasked = sum(one.lead is None for one in found.lines), sum(not one.tasks for one in found.lines)
    changed = sum(one.row.state != "holds" for one in found.lines)
    told = say(
        f"{n} 项职责：{leaderless} 项没有牵头单位，{untasked} 项没有布置任务，{changed} 项文字有变",
        f"{n} duties: {leaderless} without a lead, {untasked} without a task, {changed} with other words by now",
        lang,
    )
    if n != found.total:
        told += say(f"；台账里共 {found.total} 项", f"; {found.total} in the whole ledger", lang)
    out.print(told, style="bold", soft_wrap=True)
    if found.waiting:
        out.print(
            say(
                f"法规里还有 {found.waiting} 项没有接收：bridgehead ledger take-over",
                f"{found.waiting} of the regulation were not taken over yet: bridgehead ledger take-over",
                lang,
            ),
            soft_wrap=True,
        )
    if not found.lines:
        return
    heads = (
        (say("条款", "where", lang), "left"),
        (say("要求", "asks", lang), "left"),
        (say("做什么", "what", lang), ""),
        (say("牵头", "lead", lang), ""),
        (say("完成/任务", "done/tasks", lang), "right"),
    )
    table = _table(*heads)
    for one in found.lines:
        lead = visible(one.lead.name) if one.lead else say("未定", "none", lang)
        table.add_row(
            visible(one.row.label), one.modality, visible(one.row.what, LONGEST), lead, f"{one.done}/{one.tasks}",
            style=LATE if one.late else None,
        )  # fmt: skip
    print_table(out, table)


def print_task(out: Console, seen: TaskPage, lang: str) -> None:
    """Print one task as it stood on a day."""
    record = seen.line.task
    colon = say("：", ": ", lang)
    out.print(visible(record.title), style="bold", soft_wrap=True)
    facts = [
        (say("牵头", "lead", lang), visible(seen.line.office)),
        (say("布置", "given by", lang), f"{visible(seen.owner)}  {record.given_on}"),
        (say("到期", "due", lang), f"{seen.line.due_on}  {seen.line.when}".rstrip()),
        (say("完成", "done", lang), f"{seen.line.share:.0%}  ({seen.on})"),
        *((part, visible(name)) for _row, name, part in seen.parts),
    ]
    if record.article:
        facts.append((say("条", "article", lang), str(record.article)))
    for at, (name, value) in enumerate(facts):
        out.print(f"{name}{colon}{value}", soft_wrap=True, style=LATE if seen.line.late and at == 2 else None)
    if record.what:
        out.print(visible(record.what, LONGEST), soft_wrap=True)
    _print_made_of(out, seen, lang)
    _print_evidence(out, seen, lang)
    for row, rung, to in seen.escalations:
        out.print(f"{row.taken_on}  {rung} → {visible(to)}  {visible(row.note)}".rstrip(), soft_wrap=True)


def _print_made_of(out: Console, seen: TaskPage, lang: str) -> None:
    rows = [(say("节点", "milestone", lang), one.name, one.share) for one in seen.milestones]
    rows += [(say("目标", "target", lang), one.name, one.share) for one in seen.targets]
    rows += [(say("子任务", "part", lang), one.task.title, one.share) for one in seen.below]
    if not rows:
        return
    heads = (say("由什么组成", "made of", lang), ""), ("", "left"), (say("完成", "done", lang), "right")
    table = _table(*heads)
    for kind, name, share in rows:
        table.add_row(visible(name), kind, f"{share:.0%}")
    out.print()
    print_table(out, table)


def _print_evidence(out: Console, seen: TaskPage, lang: str) -> None:
    out.print()
    if not seen.evidence:
        out.print(say("没有提交证据。", "No evidence was handed in.", lang))
        return
    table = _table(
        (say("编号", "id", lang), "right"),
        (say("证据", "evidence", lang), ""),
        (say("出具", "issued by", lang), ""),
        (say("日期", "of", lang), "left"),
        (say("状态", "state", lang), "left"),
    )
    for one in seen.evidence:
        row = one.row
        table.add_row(str(row.pk), visible(row.claim, LONGEST), visible(row.issuer), str(row.dated_on), one.state)
    print_table(out, table)


def print_month(out: Console, seen: Month, lang: str) -> None:
    """Print what is due in a month, day by day."""
    month = f"{seen.first:%Y-%m}"
    out.print(say(f"{month}：{seen.due} 件", f"{month}: {seen.due} due", lang), style="bold")
    if not seen.announced:
        zh = "这个月的放假安排还没有公布：法定节假日放假，其余按周一至周五算。"
        en = "Days off were not announced yet: Monday to Friday without the holidays of the law is assumed."
        out.print(say(zh, en, lang), soft_wrap=True)
    table = _table(
        (say("日期", "day", lang), "left"),
        (say("类别", "kind", lang), "left"),
        (say("事项", "what", lang), ""),
        (say("单位", "who", lang), ""),
    )
    for day in seen.days:
        for thing in day.things:
            table.add_row(str(day.on), thing.word, visible(thing.title), visible(thing.who))
        if day.more:
            table.add_row(str(day.on), "", say(f"另有 {day.more} 件", f"{day.more} more", lang), "")
    if table.rows:
        print_table(out, table)


def _tasks(lines: Sequence[TaskLine], lang: str) -> Table:
    table = _table(
        (say("编号", "id", lang), "right"),
        (say("到期", "due", lang), "left"),
        (say("任务", "task", lang), ""),
        (say("牵头", "lead", lang), ""),
        (say("状态", "how it stands", lang), ""),
        (say("完成", "done", lang), "right"),
    )
    for one in lines:
        state = one.when + (f"  → {one.next_rung.name}" if one.next_rung else "")
        table.add_row(
            str(one.task.pk), str(one.due_on), visible(one.task.title), visible(one.office), state, f"{one.share:.0%}",
            style=LATE if one.late else None,
        )  # fmt: skip
    return table


def _table(*heads: tuple[str, str]) -> Table:
    """Return a table: columns of words wrap, those that are justified left or right do not."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for words, justify in heads:
        if justify:
            table.add_column(words, justify="right" if justify == "right" else "left", no_wrap=True)
        else:
            table.add_column(words, overflow="fold")
    return table
