"""Meetings and what they decided, for whoever keeps them and for whoever was asked to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.models import Organisation, StoredFile
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.models import Attendance, Decision, DecisionPart, Inquiry, Meeting
from bridgehead.rooms.ledger.models import articles as article_column
from bridgehead.rooms.ledger.selectors.as_of import as_said_on, known_alone, known_on
from bridgehead.rooms.ledger.selectors.coordination import (
    Paged,
    as_participant,
    decision_state,
    meeting_kind,
    meeting_state,
    named,
    not_there_yet,
    paged,
    seat_state,
    taking_part,
    today,
)
from bridgehead.rooms.ledger.selectors.decisions_then import (
    Standing,
    late_on,
    standing_now,
    standings_on,
    undone_on,
)
from bridgehead.rooms.ledger.selectors.tasks_then import titles_on
from bridgehead.rooms.ledger.who import KEEP
from bridgehead.rooms.ledger.wording import working_days_late

_SEATS, _PARTS = (Attendance, "meeting"), (DecisionPart, "decision")


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision: who owns it, who joins in, and how far it is; ``code`` is its state on the day asked for."""

    record: Decision
    office: str
    joint: Sequence[str]
    articles: tuple[int, ...]
    code: str
    state: str
    share: Decimal | None
    done_on: date | None
    late_wd: int

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do."""
        return self.done_on is not None or self.code in (Decision.State.SETTLED, Decision.State.DROPPED)


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting of the list."""

    record: Meeting
    kind: str
    state: str
    at: datetime
    decided: int
    left: int


@dataclass(frozen=True, slots=True)
class MeetingList:
    """The meetings, the next one, and how many of their decisions are still to be given out or late."""

    found: Paged[MeetingLine]
    coming: MeetingLine | None
    to_give: int
    late: int
    on: date
    past: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """A body that was asked to a meeting."""

    body: int
    name: str
    state: str
    word: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """One meeting with everything that belongs to it, as of a day."""

    line: MeetingLine
    on: date
    today: bool
    seats: Sequence[Seat]
    decisions: Sequence[DecisionLine]
    inquiries: Sequence[Inquiry]
    keeper: str
    keeps: bool

    @property
    def record(self) -> Meeting:
        """The meeting itself."""
        return self.line.record

    @property
    def came(self) -> int:
        """How many of the bodies came."""
        return sum(1 for one in self.seats if one.state == Attendance.State.ATTENDED)

    @property
    def late(self) -> int:
        """How many decisions are late."""
        return sum(1 for one in self.decisions if one.late_wd)


def meeting_list(viewer: Viewer, page: int = 1, state: str = "", on: date | None = None) -> MeetingList:
    """Return the meetings somebody keeps, or to which a body of theirs was asked, the latest first.

    Of a day that is past they are those that had been held by then, with how their decisions stood.
    """
    mine = taking_part(viewer, Meeting, _SEATS)
    day = on or today()
    if day < today():
        return _meetings_then(viewer, mine, page, day)
    with as_participant():
        rows = Meeting.objects.filter(mine)
        counted = rows.filter(state=state) if state else rows
        counted = counted.annotate(
            decided=Count("decisions"), left=Count("decisions", filter=_unsettled("decisions__", day))
        )
        found = paged(counted, page)
        coming = rows.filter(state=Meeting.State.PLANNED, planned_at__gte=timezone.now())
        following = coming.order_by("planned_at", "id").first()
        decided = Decision.objects.filter(taking_part(viewer, Decision, _PARTS)).aggregate(
            to_give=Count("id", filter=Q(state=Decision.State.OPEN)),
            late=Count("id", filter=late_on(day)),
        )
    lines = Paged([_line(one, one.decided, one.left) for one in found.rows], found.total, found.page, found.pages)
    next_one = _line(following, 0, 0) if following else None
    return MeetingList(lines, next_one, decided["to_give"], decided["late"], day, past=False)


def _meetings_then(viewer: Viewer, mine: Q, page: int, day: date) -> MeetingList:
    """Return the meetings that had been held by a day, with what of their decisions was not done then."""
    with as_participant():
        rows = Meeting.objects.filter(mine, state=Meeting.State.HELD, held_at__date__lte=day)
        found = paged(
            rows.annotate(decided=Count("decisions"), left=Count("decisions", filter=undone_on(day, "decisions__"))),
            page,
        )
        given_by_then = Q(task__given_on__lte=day)
        decided = Decision.objects.filter(taking_part(viewer, Decision, _PARTS)).aggregate(
            to_give=Count("id", filter=undone_on(day) & ~given_by_then), late=Count("id", filter=late_on(day))
        )
    lines = Paged([_line(one, one.decided, one.left) for one in found.rows], found.total, found.page, found.pages)
    return MeetingList(lines, None, decided["to_give"], decided["late"], day, past=True)


def meeting_page(viewer: Viewer, meeting: int, on: date | None = None) -> MeetingPage:
    """Return one meeting as of a day: with all it decided for whoever was asked, else with what concerns their body.

    Raises
    ------
    BridgeheadError
        ``meeting.no_such_meeting``; ``ledger.not_there_yet`` for a day on which it was neither planned nor held yet.
    """
    day = on or today()
    asked = taking_part(viewer, Meeting, _SEATS)
    concerned = taking_part(viewer, Decision, _PARTS)
    with as_participant():
        rows = Meeting.objects.select_related("owner", "minutes")
        record = rows.filter(asked, pk=meeting).first()
        decided = Decision.objects.filter(meeting=meeting)
        if record is None:
            decided = decided.filter(concerned)
            record = rows.filter(pk=meeting).first() if decided.exists() else None
        if record is None:
            raise BridgeheadError("meeting.no_such_meeting")
        stood = _stood(record, day) if day < today() else record
        decisions = decision_lines(decided.filter(decided_on__lte=day), day)
        seats = list(Attendance.objects.filter(meeting=record).select_related("office").order_by("office__code"))
        if stood is not record:
            seats = _seats_on(stood, seats, day)
        inquiries = as_said_on(Inquiry.objects.filter(meeting=record, given_on__lte=day).order_by("id"), day)
    left = sum(1 for one in decisions if not one.settled)
    keeps = viewer.grant_for(KEEP, record.owner_id, to_write=True) is not None
    return MeetingPage(
        line=_line(stood, len(decisions), left),
        on=day,
        today=day == today(),
        seats=[Seat(one.office_id, named(one.office), one.state, seat_state(one.state)) for one in seats],
        decisions=decisions,
        inquiries=inquiries if keeps else [],
        keeper=named(record.owner),
        keeps=keeps,
    )


def _stood(record: Meeting, on: date) -> Meeting:
    """Return a meeting as it was known on a day that is past.

    One that was held by then is shown as held, in the words it has, though that was entered later.
    """
    said = known_alone(record, on, "minutes")
    if record.held_at is not None and timezone.localdate(record.held_at) <= on:
        return said if said is not None and said.state == Meeting.State.HELD else record
    if said is None:
        raise not_there_yet(record.title, on)
    return said


def _seats_on(record: Meeting, seats: Sequence[Attendance], on: date) -> list[Attendance]:
    """Return who was asked to a meeting as it was known on a day, and whether they came; some are asked no more."""
    found = known_on(seats, on)
    gone = set(record.asked) - {one.office_id for one in found}
    found += [Attendance(meeting=record, owner_id=record.owner_id, office_id=body) for body in gone]
    prefetch_related_objects(found, "office")
    return sorted(found, key=lambda one: one.office.code)


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """One decision with the meeting that took it, and what the task it became was called, as of a day."""

    line: DecisionLine
    meeting: MeetingLine
    task: str
    on: date
    today: bool
    keeper: str
    keeps: bool


def decision_page(viewer: Viewer, decision: int, on: date | None = None) -> DecisionPage:
    """Return one decision as of a day, for whoever it concerns and whoever was asked to its meeting.

    Raises
    ------
    BridgeheadError
        ``decision.no_such_decision``; ``ledger.not_there_yet`` for a day on which it had not been taken yet.

    Articles: 5, 79
    """
    day = on or today()
    concerned = taking_part(viewer, Decision, _PARTS)
    asked = taking_part(viewer, Meeting, _SEATS)
    with as_participant():
        rows = Decision.objects.filter(pk=decision)
        rows = rows.filter(concerned | Q(meeting__in=Meeting.objects.filter(asked).values("pk")))
        lines = decision_lines(rows, day)
        if not lines:
            raise BridgeheadError("decision.no_such_decision")
        record = lines[0].record
        if record.decided_on > day:
            raise not_there_yet(record.text[:60], day)
        meeting = _line(known_alone(record.meeting, day) or record.meeting, 0, 0)
        task = titles_on([record.task_id], day).get(record.task_id, record.task.title) if record.task_id else ""
        keeper = named(record.owner)
    keeps = viewer.grant_for(KEEP, record.owner_id, to_write=True) is not None
    return DecisionPage(lines[0], meeting, task, day, day == today(), keeper, keeps)


def minutes_of(viewer: Viewer, meeting: int) -> StoredFile:
    """Return the file of the minutes of a meeting, for whoever was asked to it.

    Raises
    ------
    BridgeheadError
        ``meeting.no_such_meeting``, ``meeting.no_minutes``, ``file.withdrawn``.

    Articles: 5
    """
    asked = taking_part(viewer, Meeting, _SEATS)
    with as_participant():
        record = Meeting.objects.select_related("minutes").filter(asked, pk=meeting).first()
    if record is None:
        raise BridgeheadError("meeting.no_such_meeting")
    if record.minutes is None:
        raise BridgeheadError("meeting.no_minutes", {"title": record.title})
    if record.minutes.withdrawn_at is not None:
        raise BridgeheadError("file.withdrawn", {"name": record.minutes.name})
    return record.minutes


def decision_lines(rows: QuerySet[Decision], on: date | None = None) -> list[DecisionLine]:
    """Return decisions as lines: as they are, read with two queries, or as they stood at the end of a day."""
    found = list(rows.select_related("office", "owner", "task", "meeting").prefetch_related("parts__office"))
    day = on or today()
    if day >= today():
        return [_decision(one, standing_now(one), (part.office for part in one.parts.all()), day) for one in found]
    said = as_said_on(found, day)
    stood = standings_on(found, {one.pk: one.due_on for one in said}, day)
    bodies = _joining(said)
    return [_decision(one, stood[one.pk], (bodies[body] for body in one.joint if body in bodies), day) for one in said]


def _joining(said: Sequence[Decision]) -> dict[int, Organisation]:
    """Return the bodies decisions name as joining in; those that do so no more are looked up."""
    bodies = {part.office_id: part.office for one in said for part in one.parts.all()}
    gone = {body for one in said for body in one.joint} - set(bodies)
    return bodies | Organisation.objects.in_bulk(gone) if gone else bodies


def _decision(record: Decision, stands: Standing, joint: Iterable[Organisation], on: date) -> DecisionLine:
    return DecisionLine(
        record=record,
        office=named(record.office),
        joint=[named(one) for one in joint],
        articles=article_column.told(record.articles),
        code=stands.state,
        state=decision_state(stands.state),
        share=stands.share,
        done_on=stands.done_on,
        late_wd=working_days_late(stands.due_on, on) if stands.runs else 0,
    )


def _line(record: Meeting, decided: int, left: int) -> MeetingLine:
    at = timezone.localtime(record.held_at or record.planned_at)
    return MeetingLine(record, meeting_kind(record.kind), meeting_state(record.state), at, decided, left)


def _unsettled(prefix: str, on: date) -> Q:
    """Return the filter for decisions that are not done on a day: not given out, or given and the task is not done."""
    running = Q(**{f"{prefix}state": Decision.State.GIVEN, f"{prefix}task__done_on": None})
    running &= Q(**{f"{prefix}task__state": "open"})
    return Q(**{f"{prefix}state": Decision.State.OPEN}) | running
