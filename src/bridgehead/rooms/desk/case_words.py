"""Cases in words: promises, what was used of them, moments, outcomes, who did what."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import ngettext, pgettext

from bridgehead.engines.cases.clocks import Clock
from bridgehead.engines.cases.course import Course
from bridgehead.engines.cases.machine import Need, Outcome
from bridgehead.ground.language import language
from bridgehead.ground.wording import day as day_words
from bridgehead.kernel.cells import parse_decimal
from bridgehead.kernel.office_hours import Measure, Promise
from bridgehead.rooms.desk.courses import FIRST_ANSWER
from bridgehead.rooms.desk.intake import separated
from bridgehead.rooms.desk.models import Case, CaseEvent, Turn
from bridgehead.rooms.desk.services import Service, move_name, rung_name, state_name

HOUR_MIN = 60


def promise_words(promise: Promise | None) -> str:
    """Return a promise in words, empty where there is none."""
    if promise is None:
        return ""
    if promise.measure is Measure.DAY:
        return days_words(promise.count)
    return minutes_words(promise.amount)


def days_words(count: int) -> str:
    """Return a number of working days in words."""
    return ngettext("%(n)s 个工作日", "%(n)s 个工作日", count) % {"n": count}


def minutes_words(minutes: int) -> str:
    """Return working minutes in words: hours and minutes of the office's time."""
    hours, left = divmod(abs(minutes), HOUR_MIN)
    if not hours:
        return ngettext("%(n)s 分钟", "%(n)s 分钟", left) % {"n": left}
    said = ngettext("%(n)s 个工作小时", "%(n)s 个工作小时", hours) % {"n": hours}
    if not left:
        return said
    return pgettext("desk case", "%(hours)s %(minutes)s 分") % {"hours": said, "minutes": left}


def used_words(clock: Clock) -> str:
    """Return what was used of a promise: so many of so many."""
    if clock.promise is None:
        return pgettext("desk case", "已用 %(used)s") % {"used": minutes_words(clock.net_minutes)}
    words = days_words if clock.promise.in_days else minutes_words
    return pgettext("desk case", "已用 %(used)s，承诺 %(allowed)s") % {
        "used": words(clock.used),
        "allowed": words(clock.allowed),
    }


def first_answer_words(course: Course) -> str:
    """Return what was promised for the first answer, and when it came or is due; empty where nothing was promised."""
    clock = course.first_answer
    if clock.promise is None or clock.due is None:
        return ""
    told = {"promise": promise_words(clock.promise)}
    if not course.is_answered:
        told["at"] = moment_words(clock.due.at)
        return pgettext("desk case", "承诺 %(promise)s，%(at)s 到期") % told
    told["at"] = moment_words(clock.until)
    if clock.late:
        return pgettext("desk case", "%(at)s，承诺 %(promise)s") % told
    return pgettext("desk case", "%(at)s，承诺 %(promise)s，按时") % told


def late_words(clock: Clock) -> str:
    """Return by how much a promise was broken, empty where it was kept so far."""
    if not clock.late or clock.promise is None:
        return ""
    by = days_words(max(clock.late_wd, 1)) if clock.promise.in_days else minutes_words(clock.late_minutes)
    return pgettext("desk case", "超时 %(by)s") % {"by": by}


def moment_words(moment: datetime | None) -> str:
    """Return a moment in the time of the region, empty for none."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{day_words(local.date(), language())} {local:%H:%M}"


def outcome_word(outcome: str) -> str:
    """Return how a case ended."""
    words = {
        Outcome.GRANTED: pgettext("desk outcome", "同意"),
        Outcome.ANSWERED: pgettext("desk outcome", "已答复"),
        Outcome.SERVED: pgettext("desk outcome", "已办妥"),
        Outcome.REFUSED: pgettext("desk outcome", "不予办理"),
        Outcome.WITHDRAWN: pgettext("desk outcome", "已撤回"),
        Outcome.LAPSED: pgettext("desk outcome", "逾期未补"),
    }
    return words[Outcome(outcome)] if outcome else ""


def need_word(need: str) -> str:
    """Return what somebody is asked to give with a move."""
    words = {
        Need.REASON: pgettext("desk need", "理由"),
        Need.ANSWER: pgettext("desk need", "答复或说明"),
        Need.BASIS: pgettext("desk need", "法律依据"),
        Need.PAPERS: pgettext("desk need", "材料"),
        Need.DECISION: pgettext("desk need", "决定"),
        Need.AMOUNT: pgettext("desk need", "金额（元）"),
        Need.OFFER: pgettext("desk need", "方案"),
        Need.BODY: pgettext("desk need", "银行、担保、承保或承运机构"),
        Need.DATE: pgettext("desk need", "日期"),
    }
    return words[Need(need)]


def given_words(need: str, text: str) -> str:
    """Return what somebody gave with a move as it is read: days and amounts as the language writes them."""
    if need == Need.DATE:
        return str(day_words(text, language()))
    if need == Need.AMOUNT:
        return separated(str(parse_decimal(text)))
    return text


def event_words(service: Service, event: CaseEvent) -> str:
    """Return what happened in a few words."""
    kind = CaseEvent.Kind
    match event.kind:
        case kind.LODGED:
            return pgettext("desk event", "提交")
        case kind.MOVED:
            return move_name(service, event.move, event.to_state)
        case kind.HANDED_OVER:
            return pgettext("desk event", "移交")
        case kind.EXTENDED:
            longer = promise_words(Promise.read(event.longer))
            return pgettext("desk event", "时限延长 %(longer)s") % {"longer": longer}
        case kind.MESSAGE:
            return pgettext("desk event", "留言")
        case kind.NOTE:
            return pgettext("desk event", "内部备注")
        case kind.OVERDUE:
            return pgettext("desk event", "超过承诺时限")
        case kind.RUNG if event.stage == FIRST_ANSWER:
            return pgettext("desk event", "第一次答复：%(rung)s") % {"rung": rung_name(service, event.rung)}
        case kind.RUNG:
            return rung_name(service, event.rung)
        case _:
            return pgettext("desk event", "评价")


def stands_words(service: Service, case: Case, office: str, *, to_firm: bool = True) -> str:
    """Return in a sentence where a case stands and whom it waits for; names of pauses speak to the firm."""
    state = state_name(service, case.state)
    if case.turn == Turn.TRADER and not to_firm:
        state = pgettext("desk case", "等申请人")
    if case.turn == Turn.NOBODY:
        return pgettext("desk case", "%(state)s，%(at)s") % {"state": state, "at": moment_words(case.ended_at)}
    if case.turn == Turn.TRADER:
        until = moment_words(case.next_limit_at)
        return pgettext("desk case", "%(state)s，最晚 %(until)s") % {"state": state, "until": until}
    return pgettext("desk case", "%(state)s，在%(office)s") % {"state": state, "office": office}
