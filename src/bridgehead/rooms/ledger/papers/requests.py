"""A request to several bodies as a paper: what is asked, by when, who has not answered, and every reply."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from bridgehead.ground.language import language
from bridgehead.ground.wording import number
from bridgehead.render.docx_paper import Block, Grid, Heading, Paper, Points, Text
from bridgehead.rooms.ledger.models import Inquiry
from bridgehead.rooms.ledger.papers.common import day_word, standing_note
from bridgehead.rooms.ledger.papers.coordination import articles_word, joined, printed
from bridgehead.rooms.ledger.selectors.inquiries import InquiryPage, ReplyLine


def request_paper(page: InquiryPage) -> Paper:
    """Return a request with its replies as a paper: to a body that was asked, with its own reply alone.

    Articles: 5, 7
    """
    record, line = page.record, page.line
    whole = len(page.replies) == line.asked
    told = {"asked": number(line.asked, language()), "silent": number(line.silent, language())}
    facts = [
        (pgettext("coordination", "发函单位"), page.keeper),
        (pgettext("coordination", "征询日期"), day_word(record.given_on)),
        (pgettext("coordination", "答复期限"), day_word(record.due_on)),
        (pgettext("coordination", "条"), articles_word(line.articles)),
        (pgettext("coordination", "状态"), _state(record)),
    ]
    blocks: list[Block] = [
        Text(_("主送：%(bodies)s") % {"bodies": joined([one.body for one in page.replies])}),
        *(Text(one) for one in record.question.splitlines() if one.strip()),
        Grid((_("事项"), _("内容")), facts, (4, 12)),
        Heading(pgettext("coordination", "征询情况"), 2),
        Text(pgettext("coordination", "征询单位数：%(asked)s；没有答复：%(silent)s。") % told, bold=True),
    ]
    silent = [one for one in page.replies if one.record.answered_on is None]
    if silent:
        blocks.append(Heading(pgettext("coordination", "没有答复的单位"), 2))
        blocks.append(Points([_silent(one) for one in silent]))
    blocks.append(Heading(pgettext("coordination", "各单位的答复"), 2))
    blocks.append(_replies(page))
    blocks += [Text(printed(page.keeper), fine=True), standing_note(page.on, whole=whole)]
    return Paper(pgettext("coordination", "征询函：%(title)s") % {"title": record.title}, blocks, language())


def _state(record: Inquiry) -> str:
    if record.closed_on is None:
        return pgettext("coordination", "等答复")
    said = pgettext("coordination", "%(day)s 结束") % {"day": day_word(record.closed_on)}
    return "\n".join(filter(None, (said, record.note)))


def _silent(one: ReplyLine) -> str:
    """Return a body that has not answered, how late it is and how often it was reminded, and when last."""
    said = [one.body]
    if one.late_wd:
        said.append(_late(one))
    if one.record.reminders:
        times, last = one.record.reminders, day_word(one.record.reminded_on)
        words = npgettext("coordination", "提醒 %(n)s 次，最近 %(day)s", "提醒 %(n)s 次，最近 %(day)s", times)
        said.append(words % {"n": number(times, language()), "day": last})
    return joined(said)


def _late(one: ReplyLine) -> str:
    words = npgettext("coordination", "逾期 %(n)s 个工作日", "逾期 %(n)s 个工作日", one.late_wd)
    return words % {"n": number(one.late_wd, language())}


def _replies(page: InquiryPage) -> Block:
    rows = [(one.body, _said(one), _answered(one)) for one in page.replies if one.record.answered_on is not None]
    heads = (
        pgettext("coordination", "单位"),
        pgettext("coordination", "答复"),
        pgettext("coordination", "答复日期"),
    )
    return Grid(heads, rows, (4, 9, 3.6)) if rows else Text(pgettext("coordination", "没有答复"))


def _said(one: ReplyLine) -> str:
    said, file = [one.record.text], one.record.file
    if file:
        said.append(pgettext("supervision", "文件：%(name)s") % {"name": file.name})
    return "\n".join(said)


def _answered(one: ReplyLine) -> str:
    return "\n".join([day_word(one.record.answered_on), *([_late(one)] if one.late_wd else [])])
