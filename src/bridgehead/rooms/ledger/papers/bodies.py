"""What one organisation answers for and owes as a paper."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.render.docx_paper import Block, Grid, Heading, Paper, Text, docx_paper
from bridgehead.rooms.ledger.papers.common import day_word, percent_word, standing_note
from bridgehead.rooms.ledger.selectors.bodies import body
from bridgehead.rooms.ledger.wording import seen_only


def body_paper(viewer: Viewer, code: str, on: date | None = None) -> bytes:
    """Return what one organisation answers for and owes on a day, today by default, as a Word document.

    Articles: 6, 79
    """
    found = body(viewer, code, on)
    said = _("欠 %(owed)s 项任务，其中 %(late)s 项已过期；当年完成 %(done)s 项，按时 %(in_time)s 项。") % {
        "owed": found.owed,
        "late": found.late,
        "done": found.done_this_year,
        "in_time": found.in_time,
    }
    blocks: list[Block] = [Text(seen_only(said, whole=found.whole), bold=True), Heading(pgettext("ledger", "职责"), 2)]
    duties = [(one.row.label, part, one.row.what, f"{one.done}/{one.tasks}") for one, part in found.duties]
    heads = (_("条款"), _("分工"), _("做什么"), _("任务（完成/共）"))
    blocks.append(Grid(heads, duties, (2.4, 2.4, 9, 2.6)) if duties else Text(_("没有登记的职责。")))
    blocks.append(Heading(pgettext("ledger", "没有完成的任务"), 2))
    tasks = [
        (one.task.title, day_word(one.due_on), one.when, percent_word(one.share))
        for one in (*found.tasks, *(line for line, _part in found.joined))
    ]
    heads = (_("任务"), _("到期日"), _("状态"), _("完成份额"))
    blocks.append(
        Grid(heads, tasks, (8, 3, 3, 2.4), numbers=(3,)) if tasks else Text(seen_only(_("没有。"), whole=found.whole))
    )
    if found.owed > len(found.tasks):
        blocks.append(Text(_("另外 %(n)s 项没有列出。") % {"n": found.owed - len(found.tasks)}, fine=True))
    blocks.append(standing_note(found.on, whole=found.whole))
    return docx_paper(Paper(found.name, blocks, language()))
