"""The notice of a decision to the bodies that own it and join in: what was decided, by when, and how far it is."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from bridgehead.ground.language import language
from bridgehead.ground.wording import number, percent
from bridgehead.render.docx_paper import Block, Grid, Paper, Text
from bridgehead.rooms.ledger.papers.common import day_word, standing_note
from bridgehead.rooms.ledger.papers.coordination import NONE, articles_word, joined, printed
from bridgehead.rooms.ledger.selectors.meetings import DecisionPage


def decision_paper(page: DecisionPage) -> Paper:
    """Return one decision as a notice to the bodies it concerns.

    Articles: 5, 79
    """
    record, line = page.line.record, page.line
    told = {"meeting": page.meeting.record.title, "n": record.number}
    facts = [
        (pgettext("coordination", "哪次会议"), page.meeting.record.title),
        (pgettext("coordination", "序号"), str(record.number)),
        (pgettext("coordination", "条"), articles_word(line.articles)),
        (pgettext("coordination", "责任单位"), line.office),
        (pgettext("coordination", "配合单位"), joined(line.joint) or NONE),
        (pgettext("coordination", "议定日期"), day_word(record.decided_on)),
        (pgettext("coordination", "期限"), day_word(record.due_on)),
        (pgettext("coordination", "状态"), _state(page)),
        (pgettext("coordination", "进展"), percent(line.share, language()) if line.share is not None else NONE),
        (pgettext("coordination", "任务"), page.task or NONE),
        (pgettext("coordination", "说明"), record.note or NONE),
    ]
    said = pgettext("coordination", "由%(k)s记录；进展取自任务经认可的证据。") % {"k": page.keeper}
    blocks: list[Block] = [
        Text(_("主送：%(bodies)s") % {"bodies": joined([line.office, *line.joint])}),
        *(Text(one) for one in record.text.splitlines() if one.strip()),
        Grid((_("事项"), _("内容")), facts, (4, 12)),
        Text(said, fine=True),
        Text(printed(page.keeper), fine=True),
        standing_note(page.on),
    ]
    title = pgettext("coordination", "议定事项通知：%(meeting)s第 %(n)s 项") % told
    return Paper(title, blocks, language())


def _state(page: DecisionPage) -> str:
    """Return how a decision stands, when it was done, or how late it is."""
    line = page.line
    said = [line.state]
    if line.done_on:
        said.append(pgettext("coordination", "%(day)s 办结") % {"day": day_word(line.done_on)})
    if line.late_wd:
        words = npgettext("coordination", "逾期 %(n)s 个工作日", "逾期 %(n)s 个工作日", line.late_wd)
        said.append(words % {"n": number(line.late_wd, language())})
    return joined(said)
