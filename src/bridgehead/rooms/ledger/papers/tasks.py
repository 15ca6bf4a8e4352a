"""One task with its evidence as a paper."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.render.docx_paper import Block, Grid, Heading, Paper, Text, docx_paper
from bridgehead.rooms.ledger.papers.common import day_word, percent_word, standing_note
from bridgehead.rooms.ledger.selectors.tasks import TaskPage, task_page


def task_paper(viewer: Viewer, task: int, on: date | None = None) -> bytes:
    """Return one task on a day, today by default, as a Word document: who, by when, how far, and on which evidence.

    Articles: 6, 79
    """
    page = task_page(viewer, task, on)
    record = page.line.task
    mark = speak(language(), "、", ", ")
    facts = [
        (_("牵头单位"), page.line.office),
        (_("布置单位"), page.owner),
        (_("其他单位"), mark.join(f"{name}（{part}）" for _one, name, part in page.parts) or "—"),
        (_("条款"), page.duty.label if page.duty else str(record.article or "—")),
        (_("布置日期"), day_word(record.given_on)),
        (_("到期日"), day_word(page.line.due_on)),
        (_("完成份额"), percent_word(page.line.share)),
        (_("状态"), page.line.when or (_("已终止") if record.ended_on else _("已完成"))),
    ]
    blocks: list[Block] = [Grid((_("事项"), _("内容")), facts, (4, 12))]
    if record.what:
        blocks.append(Text(record.what))
    blocks += _goals(page)
    blocks.append(Heading(pgettext("ledger", "证据"), 2))
    heads = (_("证明什么"), _("出具单位"), _("材料日期"), _("状态"), _("提交"), _("核对"))
    rows = [
        (one.row.claim, one.row.issuer, str(one.row.dated_on), one.state, one.office, one.row.reason or "—")
        for one in page.evidence
    ]
    blocks.append(Grid(heads, rows, (5, 3, 2.4, 2, 2.6, 2.6)) if rows else Text(_("没有提交证据。")))
    if page.escalations:
        blocks.append(Heading(pgettext("ledger", "督促"), 2))
        told = [(str(row.taken_on), name, to, row.note or "—") for row, name, to in page.escalations]
        blocks.append(Grid((_("日期"), _("级"), _("对谁"), _("说明")), told, (2.4, 2.4, 4, 8)))
    blocks.append(standing_note(page.on))
    return docx_paper(Paper(record.title, blocks, language()))


def _goals(page: TaskPage) -> list[Block]:
    rows = [(one.name, pgettext("ledger", "节点"), percent_word(one.share)) for one in page.milestones]
    rows += [(one.name, pgettext("ledger", "目标"), percent_word(one.share)) for one in page.targets]
    rows += [(one.task.title, pgettext("ledger", "子任务"), percent_word(one.share)) for one in page.below]
    if not rows:
        return []
    return [Heading(_("由什么组成"), 2), Grid((_("名称"), _("类别"), _("完成份额")), rows, (10, 3, 3), numbers=(2,))]
