"""States, parts and terms of the ledger in words, in the language of the request."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.rooms.ledger.region import calendar

SOON_WD = 10
"""Working days ahead that count as soon."""


def seen_only(says: str, *, whole: bool) -> str:
    """Return a sentence on the records of all, with the word that it rests on what its reader may see where it does."""
    return says if whole else _("%(says)s（只限您能看到的记录）") % {"says": says}


def part_word(part: str) -> str:
    """Return which part an organisation has in a thing."""
    match part:  # a word is asked for a thousand times on a page: only that one is translated
        case "lead":
            return pgettext("ledger part", "牵头")
        case "joint":
            return pgettext("ledger part", "配合")
        case "supervised":
            return pgettext("ledger part", "督办对象")
        case "vertical":
            return pgettext("ledger part", "垂直管理单位，协同")
    return part


def evidence_word(state: str) -> str:
    """Return what became of a piece of evidence."""
    match state:
        case "draft":
            return pgettext("ledger evidence", "草稿")
        case "handed_in":
            return pgettext("ledger evidence", "等人核对")
        case "accepted":
            return pgettext("ledger evidence", "已认可")
        case "returned":
            return pgettext("ledger evidence", "已退回")
        case "taken_back":
            return pgettext("ledger evidence", "认可已撤销")
        case "withdrawn":
            return pgettext("ledger evidence", "已撤回")
    return state


def duty_word(state: str) -> str:
    """Return how a duty stands beside the text that holds."""
    match state:
        case "holds":
            return pgettext("ledger duty", "与现行文本一致")
        case "changed":
            return pgettext("ledger duty", "现行文本改了文字，等人确认")
        case "gone":
            return pgettext("ledger duty", "现行文本里已经没有")
    return state


def working_days_late(due_on: date, on: date) -> int:
    """Return how many working days something is late on a day; 0 where it is not."""
    return max(0, calendar().working_days(due_on, on)) if due_on < on else 0


def due_word(due_on: date, on: date) -> str:
    """Return how far off a due day is: late by so many working days, today, or in so many."""
    if due_on < on:
        late = working_days_late(due_on, on)
        if not late:
            return _("已到期")
        return ngettext("过期 %(n)s 个工作日", "过期 %(n)s 个工作日", late) % {"n": late}
    if due_on == on:
        return _("今天到期")
    left = calendar().working_days(on, due_on)
    return ngettext("还有 %(n)s 个工作日", "还有 %(n)s 个工作日", left) % {"n": left}


def waiting_word() -> str:
    """Return how a task stands of which everything was handed in by its due day and nobody decided on it yet."""
    return pgettext("ledger task", "已按时提交，等人核对")


def soon(on: date) -> date:
    """Return the last day that counts as soon."""
    return calendar().add(on, SOON_WD)
