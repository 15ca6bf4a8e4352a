"""Lists of cases: those of a firm with their clocks, and what was begun and not lodged yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext, pgettext

from bridgehead.engines.cases.clocks import Clock
from bridgehead.engines.cases.course import Course
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk import case_words
from bridgehead.rooms.desk.courses import COUNTED, course_of, due_first
from bridgehead.rooms.desk.models import Case, CaseDraft, CaseEvent, Turn
from bridgehead.rooms.desk.services import service_name, service_of, state_name
from bridgehead.rooms.desk.who import firms

A_PAGE = 30
OPEN, WAITING, LATE, ENDED = "open", "waiting", "late", "ended"
STATES = (OPEN, WAITING, LATE, ENDED)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case of a list: what is kept of it, and where its clock stands now.

    There is no course of a case whose events the tables of services do not allow any more.
    """

    case: Case
    course: Course | None

    @property
    def service(self) -> str:
        """What its service is called."""
        return service_name(self.case.service)

    @property
    def state(self) -> str:
        """Where it stands."""
        return state_name(service_of(self.case.service), self.case.state)

    @property
    def state_in_office(self) -> str:
        """Where it stands, as its office says it: names of pauses speak to the firm."""
        return pgettext("desk case", "等申请人") if self.case.turn == Turn.TRADER else self.state

    @property
    def office(self) -> str:
        """Who has it."""
        return self.case.office.name(language())

    @property
    def firm(self) -> str:
        """Whose it is."""
        return self.case.owner.name(language())

    @property
    def clock(self) -> Clock | None:
        """The clock that is due first, that of an awaited first answer among them; else that of the whole case."""
        return (due_first(self.course) or self.course.clock) if self.course is not None else None

    @property
    def of_first_answer(self) -> bool:
        """Whether that is the clock of the first answer."""
        return self.course is not None and self.clock is self.course.first_answer

    @property
    def used(self) -> str:
        """What was used of the promise, and that it is the one for the first answer."""
        if self.clock is None:
            return pgettext("desk case", "按现行的流程推算不出时限")
        used = case_words.used_words(self.clock)
        return pgettext("desk case", "第一次答复%(used)s") % {"used": used} if self.of_first_answer else used

    @property
    def late(self) -> str:
        """By how much it is late; empty in time, and for what waits for the trader."""
        return case_words.late_words(self.clock) if self.clock is not None else ""

    @property
    def stands(self) -> str:
        """Where it stands, in a sentence."""
        return case_words.stands_words(service_of(self.case.service), self.case, self.office)


def with_bodies(rows: Iterable[Case]) -> list[Case]:
    """Return cases with their firms and offices: whoever sees a case is told whose it is and who has it.

    They are not joined to the cases, for the directory is seen by others than those who see a case.
    """
    found = list(rows)
    wanted = {pk for one in found for pk in (one.owner_id, one.lead_id, one.office_id)}
    with as_system("naming whose a case is and who has it"):
        bodies = Organisation.objects.in_bulk(wanted)
    for one in found:
        one.owner, one.lead, one.office = bodies[one.owner_id], bodies[one.lead_id], bodies[one.office_id]
    return found


def lines_of(rows: Sequence[Case], now: datetime) -> list[CaseLine]:
    """Return cases with their clocks; their events are read at once."""
    events: dict[int, list[CaseEvent]] = {one.pk: [] for one in rows}
    with as_system("reading the clocks of cases somebody may see"):
        found = CaseEvent.objects.filter(case__in=events, kind__in=COUNTED).select_related("to_office")
        for one in found.order_by("case_id", "number").defer("text"):
            events[one.case_id].append(one)
    return [CaseLine(one, _course(one, events[one.pk], now)) for one in rows]


def _course(case: Case, events: Sequence[CaseEvent], now: datetime) -> Course | None:
    """Return where a case stands; a case that went a way no table allows any more takes no list down."""
    try:
        return course_of(service_of(case.service), events, now, case.form)
    except BridgeheadError:
        return None


def is_late(now: datetime) -> Q:
    """Return the filter for cases whose promise is broken and that wait for an office."""
    return Q(turn=Turn.OFFICE, late_at__lte=now)


@dataclass(frozen=True, slots=True)
class MyCases:
    """The cases of a firm: how many are where, and one page of them."""

    says: str
    firms: Sequence[Organisation]
    firm: Organisation | None
    state: str
    counts: Mapping[str, int]
    lines: Sequence[CaseLine]
    drafts: Sequence[CaseDraft]
    page: int
    more: bool


def my_cases(viewer: Viewer, firm: int = 0, state: str = "", page: int = 1) -> MyCases:
    """Return the cases of the firms somebody asks for, those that wait longest first.

    Parameters
    ----------
    firm : int
        Only this one of the firms; all by default.
    state : str
        One of `STATES`; those that have not ended by default.

    Articles: 50, 51, 77
    """
    able = firms(viewer)
    chosen = next((one for one in able if one.pk == firm), None)
    mine = [chosen] if chosen is not None else able
    now = timezone.now()
    rows = visible(Case, viewer).filter(owner__in=mine) if mine else Case.objects.none()
    counted = rows.aggregate(
        open=Count("pk", filter=Q(turn=Turn.OFFICE)),
        waiting=Count("pk", filter=Q(turn=Turn.TRADER)),
        late=Count("pk", filter=is_late(now)),
        ended=Count("pk", filter=Q(turn=Turn.NOBODY)),
    )
    shown = _among(rows, state, now)
    page = max(1, page)
    cut = with_bodies(shown[(page - 1) * A_PAGE : page * A_PAGE + 1])
    drafts = visible(CaseDraft, viewer).filter(owner__in=mine) if mine else CaseDraft.objects.none()
    return MyCases(
        _says(counted),
        able,
        chosen,
        state if state in STATES else "",
        counted,
        lines_of(cut[:A_PAGE], now),
        list(drafts[:A_PAGE]),
        page,
        len(cut) > A_PAGE,
    )


def _among(rows: QuerySet[Case], state: str, now: datetime) -> QuerySet[Case]:
    if state == ENDED:
        return rows.filter(turn=Turn.NOBODY).order_by("-turn", "-act_by", "-id")
    wanted = {OPEN: Q(turn=Turn.OFFICE), WAITING: Q(turn=Turn.TRADER), LATE: is_late(now)}
    return rows.filter(wanted.get(state, Q(turn__in=(Turn.OFFICE, Turn.TRADER)))).order_by("turn", "act_by", "id")


def _says(counts: Mapping[str, int]) -> str:
    if counts[WAITING]:
        return ngettext("%(n)s 件等您补充", "%(n)s 件等您补充", counts[WAITING]) % {"n": counts[WAITING]}
    if counts[LATE]:
        return ngettext("%(n)s 件已经超时", "%(n)s 件已经超时", counts[LATE]) % {"n": counts[LATE]}
    if counts[OPEN]:
        return ngettext("%(n)s 件正在办", "%(n)s 件正在办", counts[OPEN]) % {"n": counts[OPEN]}
    return pgettext("desk case", "没有正在办的事")
