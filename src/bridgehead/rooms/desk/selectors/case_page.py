"""One case, for the firm and for the offices: where its clock stands, what happened, what can be done now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import pgettext

from bridgehead.engines.cases.clocks import Clock
from bridgehead.engines.cases.course import Course, StageClock
from bridgehead.engines.cases.machine import Kind, Move, Need, Role
from bridgehead.engines.cases.services import FieldType, Service
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk import case_words
from bridgehead.rooms.desk.courses import COUNTED, answers_of, course_of, work_clock
from bridgehead.rooms.desk.intake import shown
from bridgehead.rooms.desk.models import Case, CaseEvent, CaseFile, Turn
from bridgehead.rooms.desk.selectors.case_lists import CaseLine, with_bodies
from bridgehead.rooms.desk.services import move_name, service_of, state_name
from bridgehead.rooms.desk.strangers import refuse_strangers
from bridgehead.rooms.desk.who import ASK, DECIDE, HANDLE


@dataclass(frozen=True, slots=True)
class EventLine:
    """One thing that happened: in words, by whom, what it came with, its files."""

    event: CaseEvent
    what: str
    by: str
    state: str
    to_office: str
    given: Sequence[tuple[str, str]]
    files: Sequence[CaseFile]

    @property
    def at(self) -> str:
        """When."""
        return case_words.moment_words(self.event.at)

    @property
    def text(self) -> str:
        """What was written."""
        return self.event.text


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a case with its clock, and the offices that had it in their hands."""

    name: str
    stage: StageClock
    offices: Sequence[str]

    @property
    def used(self) -> str:
        """What was used of its promise."""
        return case_words.used_words(self.stage.clock)

    @property
    def late(self) -> str:
        """By how much it is or was late."""
        return case_words.late_words(self.stage.clock)

    @property
    def due(self) -> str:
        """When it is due, while it lasts."""
        due = self.stage.clock.due
        return case_words.moment_words(due.at) if due is not None and self.stage.lasts else ""


@dataclass(frozen=True, slots=True)
class OpenMove:
    """A move somebody can make now: what it is called and what it needs; whether the case goes on by it.

    ``repeated`` is what it has to say as an earlier one did, by need: nobody types that again.
    """

    move: Move
    name: str
    to: str
    ends: bool
    is_next: bool
    repeated: Mapping[Need, str]

    @property
    def form(self) -> str:
        """Name of its form."""
        return f"move-{self.move.id}"

    @property
    def needs(self) -> list[str]:
        """What somebody gives with it, papers last."""
        return sorted((one.value for one in self.move.asked), key=lambda one: (one == Need.PAPERS, one))


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case as somebody sees it.

    Attributes
    ----------
    line : CaseLine
        The case with its clock.
    events : sequence of EventLine
        What happened, the newest first.
    form : sequence of (str, str)
        What was filled in, in words.
    stages : sequence of Stage
        Its stages, where they have promises of their own.
    moves : sequence of OpenMove
        What somebody can do to it now.
    is_trader, is_officer, is_head : bool
        As what they may act on it; an officer also of the office that took it in.
    asked : EventLine or None
        What the office asked for last, while it waits for the firm.
    """

    line: CaseLine
    service: Service
    events: Sequence[EventLine]
    form: Sequence[tuple[str, str]]
    files: Sequence[CaseFile]
    stages: Sequence[Stage]
    coming: Sequence[tuple[str, str]]
    moves: Sequence[OpenMove]
    is_trader: bool
    is_officer: bool
    is_head: bool
    asked: EventLine | None

    @property
    def case(self) -> Case:
        """What is kept of it."""
        return self.line.case

    @property
    def course(self) -> Course:
        """Where it stands."""
        assert self.line.course is not None
        return self.line.course

    @property
    def stands(self) -> str:
        """Where it stands, in a sentence."""
        return case_words.stands_words(self.service, self.case, self.line.office, to_firm=self.is_trader)

    @property
    def gross(self) -> str:
        """All working time of the offices that had it."""
        return case_words.minutes_words(self.course.gross_minutes)

    @property
    def net(self) -> str:
        """What of it the offices took."""
        return case_words.minutes_words(self.course.net_minutes)

    @property
    def paused(self) -> str:
        """What of it the firm took, empty for nothing."""
        return case_words.minutes_words(self.course.paused_minutes) if self.course.paused_minutes else ""

    @property
    def clock(self) -> Clock:
        """The clock of the work on it: that of the whole case or of the stage it is in, whichever is due first."""
        return work_clock(self.course)

    @property
    def used(self) -> str:
        """What was used of that promise."""
        return case_words.used_words(self.clock)

    @property
    def late(self) -> str:
        """By how much that promise is or was broken."""
        return case_words.late_words(self.clock)

    @property
    def first_answer(self) -> str:
        """What was promised for the first answer, and when it came or is due; empty for none that is or was to come."""
        if not self.course.is_answered and not self.course.awaits_first_answer:
            return ""
        return case_words.first_answer_words(self.course)

    @property
    def first_late(self) -> str:
        """By how much the first answer is or was late."""
        return case_words.late_words(self.course.first_answer)

    @property
    def due(self) -> str:
        """When the next promise of the work runs out; empty for none and for a case that ended."""
        due = self.clock.due
        return case_words.moment_words(due.at) if due is not None and self.case.turn != Turn.NOBODY else ""

    @property
    def is_provisional(self) -> bool:
        """Whether that lies beyond the days whose holidays have been announced."""
        due = self.clock.due
        return due is not None and due.provisional

    @property
    def limit(self) -> str:
        """Until when it waits for the firm; empty where it does not."""
        return case_words.moment_words(self.case.next_limit_at)

    @property
    def outcome(self) -> str:
        """How it ended."""
        return case_words.outcome_word(self.case.outcome)

    @property
    def proposed(self) -> str:
        """The answer an office last wrote, which whoever approves it need not type again."""
        given = (one.event.given for one in self.events if one.event.role in (Role.OFFICER, Role.HEAD))
        return next((str(one[Need.ANSWER]) for one in given if Need.ANSWER in one), "")

    @property
    def can_extend(self) -> bool:
        """Whether a promise can be made longer."""
        return self.is_head and self.course.extensions_left > 0 and self.case.turn != Turn.NOBODY

    @property
    def can_rate(self) -> bool:
        """Whether the firm may say what it thinks of it."""
        return self.is_trader and self.case.turn == Turn.NOBODY and self.case.rating is None


def case_page(viewer: Viewer, case: int) -> CasePage:
    """Return one case as somebody sees it.

    Raises
    ------
    BridgeheadError
        ``case.no_such_case``; ``action.mandate_over`` for a broker whose mandate ended.

    Articles: 50, 51, 77
    """
    row = next(iter(with_bodies(visible(Case, viewer).filter(pk=case))), None)
    if row is None:
        refuse_strangers(viewer, case)
        raise BridgeheadError("case.no_such_case")
    service = service_of(row.service)
    may = {one: viewer.grant_for(permission, pk, to_write=True) is not None for one, permission, pk in _grants(row)}
    officer = may["officer"] or may["lead"]
    rows = visible(CaseEvent, viewer).filter(case=row).select_related("to_office").order_by("number")
    files = list(visible(CaseFile, viewer).filter(case=row))
    events = list(rows)
    course = course_of(service, [one for one in events if one.kind in COUNTED], timezone.now(), row.form)
    named = _bodies(events)
    lines = [
        _line(service, one, named, files)
        for one in reversed(events)
        if officer or not may["trader"] or one.kind != CaseEvent.Kind.RUNG
    ]
    roles = [role for role in (Role.TRADER, Role.OFFICER, Role.HEAD) if may[role.value]]
    onward = service.machine.next_move(row.state, answers_of(service, row.form))
    offices = {one.code: one.name(language()) for one in (row.lead, row.office)}
    offices |= {one.to_office.code: one.to_office.name(language()) for one in events if one.to_office is not None}
    own = [one for one in files if one.event_id == events[0].pk] if events else []
    return CasePage(
        CaseLine(row, course),
        service,
        lines,
        _form(service, row, reads_all=may["trader"] or officer),
        own,
        [_stage(service, one, offices) for one in course.stages if one.clock.promise is not None],
        _coming(service, course),
        [_open(service, course, one, onward) for one in course.moves if set(roles) & one.who],
        may["trader"],
        officer,
        may["head"],
        _asked(row, lines),
    )


def _stage(service: Service, stage: StageClock, names: Mapping[str, str]) -> Stage:
    worked = dict.fromkeys(one.office for one in stage.clock.stays if one.runs)
    return Stage(state_name(service, stage.stage), stage, [names.get(code, code) for code in worked])


def _coming(service: Service, course: Course) -> Sequence[tuple[str, str]]:
    """Return the stages that are still to come, with what is promised for each, in the order of the machine."""
    states = service.machine.states
    if course.state.kind is Kind.ENDED:
        return ()
    after = states[[one.id for one in states].index(course.state.id) + 1 :]
    begun = {one.stage for one in course.stages}
    heads = (one for one in after if one.promise is not None and one.id == one.in_stage and one.id not in begun)
    return [(state_name(service, one.id), case_words.promise_words(one.promise)) for one in heads]


def _grants(case: Case) -> Sequence[tuple[str, str, int]]:
    return (
        ("trader", ASK, case.owner_id),
        ("officer", HANDLE, case.office_id),
        ("head", DECIDE, case.office_id),
        ("lead", HANDLE, case.lead_id),
    )


def _bodies(events: Sequence[CaseEvent]) -> dict[int, str]:
    wanted = {one.body_id for one in events if one.body_id is not None}
    with as_system("naming those who acted on a case somebody sees"):
        return {one.pk: one.name(language()) for one in Organisation.objects.filter(pk__in=wanted)}


def _line(service: Service, event: CaseEvent, named: dict[int, str], files: Sequence[CaseFile]) -> EventLine:
    by = pgettext("desk event", "平台") if event.role in ("", Role.CLOCK) else named.get(event.body_id or 0, "")
    return EventLine(
        event,
        case_words.event_words(service, event),
        by,
        state_name(service, event.to_state) if event.to_state else "",
        event.to_office.name(language()) if event.to_office is not None and event.to_office_id != event.body_id else "",
        [
            (case_words.need_word(name), case_words.given_words(name, str(text)))
            for name, text in event.given.items()
            if name in set(Need) and name != Need.PAPERS
        ],
        [one for one in files if one.event_id == event.pk],
    )


def _form(service: Service, case: Case, *, reads_all: bool) -> list[tuple[str, str]]:
    """Return what was filled in; what is sensitive only to those who work on the case, and to the firm."""
    hidden = pgettext("desk field", "只给承办人员看")
    return [
        (one.name.of(language()), shown(one, case.form[one.id]) if reads_all or not one.sensitive else hidden)
        for one in service.fields
        if one.id in case.form and one.type is not FieldType.FILE
    ]


def _open(service: Service, course: Course, move: Move, onward: Move | None) -> OpenMove:
    ends = service.machine.by_id[move.to].outcome is not None
    names = move_name(service, move.id, move.to), state_name(service, move.to)
    return OpenMove(move, *names, ends, move == onward, course.repeated.get(move.id, {}))


def _asked(case: Case, lines: Sequence[EventLine]) -> EventLine | None:
    """Return the move by which an office began to wait for the firm."""
    if case.turn != Turn.TRADER:
        return None
    return next((one for one in lines if one.event.kind == CaseEvent.Kind.MOVED), None)


def case_file(viewer: Viewer, case: int, file: int) -> CaseFile:
    """Return a file of a case somebody sees.

    Raises
    ------
    BridgeheadError
        ``case.no_such_case``, ``action.mandate_over``, ``file.no_such_file``.
    """
    found: Any = visible(CaseFile, viewer).filter(pk=file, case=case).select_related("case").first()
    if found is None:
        refuse_strangers(viewer, case)
        raise BridgeheadError("file.no_such_file")
    return found  # type: ignore[no-any-return]
