"""Cases and opinions of supervision in lines: who owes the next step by when, and how that is put into words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import npgettext, pgettext

from bridgehead.engines.obligations.procedure import Stage
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.kernel.calendars import Term, Unit
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.models import CaseEvent, CaseExtension, Opinion, SupervisionCase
from bridgehead.rooms.ledger.procedures import CONGRESS_PARTS, course_of, part_name, step_name
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.selectors.as_of import opinion_on
from bridgehead.rooms.ledger.who import name_of, named, names_of


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as it stood on a day.

    Attributes
    ----------
    case : SupervisionCase
        The case.
    template : str
        What kind of supervision it is.
    step, part, by : str
        The step that waits, the part of the body that owes it, and the body; empty where the case is closed.
    by_id : int
        That body, 0 where there is none.
    due : date or None
        Its last day.
    provisional : bool
        Whether that may still move, for the holidays of that year are not announced.
    late_wd, left_wd : int
        Working days since the last day, or up to it.
    """

    case: SupervisionCase
    template: str
    step: str
    part: str
    by: str
    by_id: int
    due: date | None
    provisional: bool
    late_wd: int
    left_wd: int

    @property
    def closed(self) -> bool:
        """Whether nothing is left to do."""
        return not self.step


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """An opinion with the body that handles it and how it stands."""

    opinion: Opinion
    handled_by: str
    state: str
    late: bool
    answered_by: str
    decided_by: str


def term_words(term: str) -> str:
    """Return a term in words, empty for none."""
    if not term:
        return ""
    read = Term.read(term)
    n = read.count
    return {
        Unit.WORKING_DAY: npgettext("supervision", "%(n)s 个工作日", "%(n)s 个工作日", n),
        Unit.DAY: npgettext("supervision", "%(n)s 日", "%(n)s 日", n),
        Unit.WEEK: npgettext("supervision", "%(n)s 周", "%(n)s 周", n),
        Unit.MONTH: npgettext("supervision", "%(n)s 个月", "%(n)s 个月", n),
        Unit.YEAR: npgettext("supervision", "%(n)s 年", "%(n)s 年", n),
    }[read.unit] % {"n": n}


def opinion_state(state: str) -> str:
    """Return the word for what became of an opinion."""
    return {
        "open": pgettext("supervision", "待办理"),
        "answered": pgettext("supervision", "待核对"),
        "accepted": pgettext("supervision", "已认可"),
        "returned": pgettext("supervision", "已退回"),
    }[state]


def extension_state(state: str) -> str:
    """Return the word for what became of a request for a longer term."""
    return {
        "asked": pgettext("supervision", "待答复"),
        "granted": pgettext("supervision", "已同意"),
        "refused": pgettext("supervision", "未同意"),
    }[state]


def case_lines(viewer: Viewer, on: date, cases: Iterable[SupervisionCase]) -> list[CaseLine]:
    """Return how cases stood on a day, the latest first, then what is due first."""
    rows = list(cases)
    events: dict[int, list[CaseEvent]] = {one.pk: [] for one in rows}
    extensions: dict[int, list[CaseExtension]] = {one.pk: [] for one in rows}
    for event in visible(CaseEvent, viewer).filter(case__in=events).order_by("id"):
        events[event.case_id].append(event)
    for one in visible(CaseExtension, viewer).filter(case__in=extensions).order_by("id"):
        extensions[one.case_id].append(one)
    found = [case_line(one, course_of(one, events[one.pk], extensions[one.pk], on).waits, on) for one in rows]
    return sorted(found, key=lambda one: (-one.late_wd, one.due or date.max, one.case.pk))


def case_line(case: SupervisionCase, waits: Stage | None, on: date) -> CaseLine:
    """Return how a case stood on a day, given the step that waited then."""
    template = speak(language(), case.template_zh, case.template_en)
    if waits is None:
        return CaseLine(case, template, "", "", "", 0, None, False, 0, 0)
    owed = case.owner if waits.step.who in CONGRESS_PARTS else case.office
    due = waits.due
    return CaseLine(
        case=case,
        template=template,
        step=step_name(case, waits.step.id),
        part=part_name(waits.step.who),
        by=named(owed),
        by_id=owed.pk,
        due=due.day if due else None,
        provisional=bool(due and due.provisional),
        late_wd=waits.late_wd,
        left_wd=max(0, calendar().working_days(on, due.day)) if due else 0,
    )


def case_answer(line: CaseLine) -> str:
    """Return the one sentence that says how a case stands."""
    if line.closed:
        return pgettext("supervision", "监督已经结束")
    given = {"step": line.step, "by": line.by, "n": line.late_wd}
    if line.late_wd:
        said = npgettext(
            "supervision", "%(by)s“%(step)s”逾期 %(n)s 个工作日", "%(by)s“%(step)s”逾期 %(n)s 个工作日", line.late_wd
        )
        return said % given
    if line.due is None:
        return pgettext("supervision", "下一步由%(by)s办“%(step)s”，没有规定期限") % given
    given["n"] = line.left_wd
    if not line.left_wd:
        return pgettext("supervision", "%(by)s“%(step)s”今天到期") % given
    said = npgettext(
        "supervision", "%(by)s“%(step)s”还有 %(n)s 个工作日", "%(by)s“%(step)s”还有 %(n)s 个工作日", line.left_wd
    )
    return said % given


def opinion_lines(rows: Iterable[Opinion], on: date) -> list[OpinionLine]:
    """Return opinions with who handles them, as they stood on a day."""
    given = [opinion_on(one, on) for one in rows]
    people = names_of({one.author_id for one in given} | {one.decided_by for one in given})
    return [
        OpinionLine(
            opinion=one,
            handled_by=named(one.office),
            state=opinion_state(one.state),
            late=one.state in (Opinion.State.OPEN, Opinion.State.RETURNED)
            and one.due_on is not None
            and one.due_on < on,
            answered_by=name_of(one.author_id, people),
            decided_by=name_of(one.decided_by, people),
        )
        for one in given
    ]


def opinion_page(viewer: Viewer, opinion: int, on: date) -> OpinionLine:
    """Return one opinion.

    Raises
    ------
    BridgeheadError
        ``supervision.no_such_opinion``.

    Articles: 83
    """
    rows = visible(Opinion, viewer).select_related("owner", "office", "file")
    found = rows.filter(pk=opinion).first()
    if found is None:
        raise BridgeheadError("supervision.no_such_opinion")
    return opinion_lines([found], on)[0]
