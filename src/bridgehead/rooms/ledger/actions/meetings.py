"""Actions on meetings: planning, changing, holding and cancelling one, and filing its minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.files.uploads import Received
from bridgehead.ground.models import Organisation
from bridgehead.ground.told import choice, fitting, needed
from bridgehead.rooms.ledger.actions.coordination_checks import bodies_named, filed
from bridgehead.rooms.ledger.models import Attendance, Meeting
from bridgehead.rooms.ledger.who import KEEP

MOST_POINTS = 60


@dataclass(frozen=True, slots=True)
class MeetingTold:
    """What somebody says of a meeting that is planned; see `Meeting`. ``participants`` are the organisations asked."""

    title: str
    kind: str
    planned_at: datetime
    place: str = ""
    chair: str = ""
    agenda: Sequence[str] = ()
    participants: Sequence[int] = ()


@action("meeting.plan", permission=KEEP)
def plan_meeting(deed: Deed, *, organisation: int, told: MeetingTold) -> Meeting:
    """Plan a meeting of the coordination body and ask organisations to it.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``form.no_such_choice``, ``ledger.unknown_body``, ``meeting.nobody_asked``,
        ``meeting.too_many_points``, ``form.text_too_long``.

    Articles: 5
    """
    deed.require_in(organisation)
    asked = bodies_named(deed, told.participants, "participants")
    fields = _fields(deed, told, asked)
    deed.check()
    meeting = deed.create(Meeting(owner_id=organisation, **fields))
    for body in asked:
        deed.create(Attendance(meeting=meeting, owner_id=organisation, office=body))
    return meeting


@action("meeting.edit", permission=KEEP)
def edit_meeting(deed: Deed, *, meeting: int, version: int, told: MeetingTold) -> Meeting:
    """Change a meeting that is still to be held, and who is asked to it.

    Raises
    ------
    BridgeheadError
        ``meeting.not_planned``, ``action.changed_meanwhile``, and those of `plan_meeting`.

    Articles: 5
    """
    record = _held_for(deed, meeting, version)
    if record.state != Meeting.State.PLANNED:
        deed.refuse("meeting.not_planned", {"title": record.title})
    asked = bodies_named(deed, told.participants, "participants")
    fields = _fields(deed, told, asked)
    deed.check()
    wanted = {body.pk: body for body in asked}
    for seat in list(Attendance.objects.filter(meeting=record)):
        if wanted.pop(seat.office_id, None) is None:
            deed.remove(seat)
    for body in wanted.values():
        deed.create(Attendance(meeting=record, owner_id=record.owner_id, office=body))
    return deed.change(record, **fields)


@action("meeting.cancel", permission=KEEP)
def cancel_meeting(deed: Deed, *, meeting: int, version: int, note: str) -> Meeting:
    """Cancel a meeting that is still to be held, and say why.

    Raises
    ------
    BridgeheadError
        ``meeting.not_planned``, ``form.missing``, ``action.changed_meanwhile``.

    Articles: 5
    """
    record = _held_for(deed, meeting, version)
    if record.state != Meeting.State.PLANNED:
        deed.refuse("meeting.not_planned", {"title": record.title})
    said = needed(deed, note, "note", 500)
    deed.check()
    return deed.change(record, state=Meeting.State.CANCELLED, note=said)


@action("meeting.hold", permission=KEEP)
def hold_meeting(
    deed: Deed, *, meeting: int, version: int, held_at: datetime, attended: Sequence[int], chair: str = ""
) -> Meeting:
    """Say that a meeting was held, when, and who came; whoever was asked and did not come was absent.

    Raises
    ------
    BridgeheadError
        ``meeting.not_planned``, ``meeting.held_in_future``, ``meeting.nobody_came``, ``ledger.unknown_body``,
        ``action.changed_meanwhile``.

    Articles: 5
    """
    record = _held_for(deed, meeting, version)
    if record.state != Meeting.State.PLANNED:
        deed.refuse("meeting.not_planned", {"title": record.title})
    if held_at > timezone.now():
        deed.refuse("meeting.held_in_future", {"at": timezone.localtime(held_at).strftime("%Y-%m-%d %H:%M")}, "day")
    came = {body.pk: body for body in bodies_named(deed, attended, "attended")}
    if not attended:
        deed.refuse("meeting.nobody_came", None, "attended")
    led_by = fitting(deed, chair, "chair", 100)
    deed.check()
    deed.holds_from(timezone.localdate(held_at))
    for seat in list(Attendance.objects.filter(meeting=record)):
        there = came.pop(seat.office_id, None) is not None
        deed.change(seat, state=Attendance.State.ATTENDED if there else Attendance.State.ABSENT)
    for body in came.values():
        _seat(deed, record, body)
    return deed.change(record, state=Meeting.State.HELD, held_at=held_at, chair=led_by or record.chair)


@action("meeting.file_minutes", permission=KEEP)
def file_minutes(deed: Deed, *, meeting: int, version: int, file: Received | None) -> Meeting:
    """File the minutes of a meeting that was held; others filed before stay among the files of the office.

    Raises
    ------
    BridgeheadError
        ``meeting.not_held``, ``file.none_chosen``, ``action.changed_meanwhile``.

    Articles: 5
    """
    record = _held_for(deed, meeting, version)
    if record.state != Meeting.State.HELD:
        deed.refuse("meeting.not_held", {"title": record.title}, "file")
    if file is None:
        deed.refuse("file.none_chosen", None, "file")
    deed.check()
    return deed.change(record, minutes=filed(deed, record.owner_id, file, record.title))


def _held_for(deed: Deed, meeting: int, version: int | None = None) -> Meeting:
    record = deed.lock(Meeting, meeting, version)
    deed.require_in(record.owner_id)
    return record


def _seat(deed: Deed, meeting: Meeting, body: Organisation) -> None:
    seat = Attendance(meeting=meeting, owner_id=meeting.owner_id, office=body, state=Attendance.State.ATTENDED)
    deed.create(seat)


def _fields(deed: Deed, told: MeetingTold, asked: Sequence[Organisation]) -> dict[str, object]:
    """Return what is said of a meeting as its record keeps it; note everything that is wrong with it."""
    points = [one.strip() for one in told.agenda if one.strip()]
    if len(points) > MOST_POINTS:
        deed.refuse("meeting.too_many_points", {"limit": MOST_POINTS}, "agenda")
    if not asked:
        deed.refuse("meeting.nobody_asked", None, "participants")
    return {
        "title": needed(deed, told.title, "title", 200),
        "kind": choice(deed, told.kind, Meeting.Kind.values, "kind"),
        "planned_at": told.planned_at,
        "place": fitting(deed, told.place, "place", 200),
        "chair": fitting(deed, told.chair, "chair", 100),
        "agenda": [fitting(deed, one, "agenda", 300) for one in points],
        "asked": [int(body.pk) for body in asked],
    }
