"""The answer to a question of the public as a paper: what was asked, what was answered, by whom, approved when."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.ground.language import language
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.render.docx_paper import Block, Grid, Heading, Paper, Text
from bridgehead.rooms.ledger.models import PublicQuestion
from bridgehead.rooms.ledger.papers.common import day_word, standing_note
from bridgehead.rooms.ledger.papers.coordination import NONE, articles_word, printed
from bridgehead.rooms.ledger.selectors.coordination import today
from bridgehead.rooms.ledger.selectors.publication_questions import QuestionPage
from bridgehead.rooms.ledger.who import named


def answer_paper(page: QuestionPage) -> Paper:
    """Return the approved answer to a question as a paper; nothing of how to reach who asked is in it.

    Raises
    ------
    BridgeheadError
        ``question.no_paper`` while no answer is approved.

    Articles: 7
    """
    asked = page.asked
    row = asked.record
    if row.state != PublicQuestion.State.ANSWERED:
        raise BridgeheadError("question.no_paper", {"state": asked.waits})
    facts = [
        (pgettext("question", "编号"), row.number),
        (pgettext("question", "类别"), asked.kind),
        (_("条款"), f"{articles_word(asked.articles)} {page.about}".strip()),
        (pgettext("question", "收到日期"), day_word(row.asked_on)),
        (pgettext("question", "答复单位"), asked.body),
        (pgettext("question", "核准日期"), day_word(row.answered_on)),
        (pgettext("question", "公开日期"), day_word(page.published.published_on) if page.published else NONE),
    ]
    blocks: list[Block] = [Grid((_("事项"), _("内容")), facts, (4, 12))]
    if row.again_on:
        blocks += [Heading(pgettext("question", "第一次"), 2), *_lines(row.earlier)]
        if row.earlier_answer:
            said = _("%(d)s 答复") % {"d": day_word(row.earlier_answered_on)}
            blocks += [Text(said, fine=True), *_lines(row.earlier_answer)]
        blocks.append(Text(pgettext("question", "%(day)s 再问") % {"day": day_word(row.again_on)}, fine=True))
    blocks += [Heading(pgettext("question", "来件"), 2), *_lines(row.text)]
    blocks += [Heading(pgettext("question", "答复"), 2), *_lines(row.answer)]
    blocks += [Text(asked.body, at_right=True), Text(day_word(row.answered_on), at_right=True)]
    blocks.append(Text(_("答复由一个人写、另一个人核准；本文不含发来的人的联系方式和查询码。"), fine=True))
    blocks += [Text(printed(named(row.owner)), fine=True), standing_note(today())]
    return Paper(pgettext("question", "答复函：%(number)s") % {"number": row.number}, blocks, language())


def _lines(said: str) -> list[Text]:
    return [Text(one) for one in said.splitlines() if one.strip()]
