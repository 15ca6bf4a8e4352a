"""Requests to several bodies: who has answered, who has not, and one request with its replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, prefetch_related_objects

from bridgehead.ground.access.viewer import Viewer
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.models import Inquiry, Reply
from bridgehead.rooms.ledger.models import articles as article_column
from bridgehead.rooms.ledger.selectors.as_of import as_said_on
from bridgehead.rooms.ledger.selectors.coordination import (
    Paged,
    as_participant,
    named,
    not_there_yet,
    paged,
    taking_part,
    today,
)
from bridgehead.rooms.ledger.who import HAND_IN, KEEP, names_of
from bridgehead.rooms.ledger.wording import working_days_late

_REPLIES = (Reply, "inquiry")


@dataclass(frozen=True, slots=True)
class InquiryLine:
    """One request: how many were asked, how many have not answered, and how late they are."""

    record: Inquiry
    asked: int
    silent: int
    late_wd: int
    articles: tuple[int, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class InquiryList:
    """The requests somebody made or was asked; how many replies are missing, and how many of them are late."""

    found: Paged[InquiryLine]
    missing: int
    late: int
    on: date
    past: bool


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """The reply of one body, or that there is none yet; ``answered_on`` is None where none had come by the day."""

    record: Reply
    answered_on: date | None
    body: str
    by: str
    late_wd: int
    answers: bool


@dataclass(frozen=True, slots=True)
class InquiryPage:
    """One request as of a day, with the replies somebody may see: all for who asked, else that of their own body."""

    line: InquiryLine
    on: date
    today: bool
    replies: Sequence[ReplyLine]
    keeper: str
    keeps: bool

    @property
    def record(self) -> Inquiry:
        """The request itself."""
        return self.line.record


def inquiry_list(viewer: Viewer, page: int = 1, on: date | None = None) -> InquiryList:
    """Return the requests somebody made, or that their body was asked, the latest first, as of a day.

    Articles: 5
    """
    mine = taking_part(viewer, Inquiry, _REPLIES)
    theirs = taking_part(viewer, Reply)
    day = on or today()
    past = day < today()
    with as_participant():
        rows = Inquiry.objects.filter(mine).annotate(
            asked=Count("replies"), silent=Count("replies", filter=_silent("replies__", day))
        )
        found = paged(rows.filter(given_on__lte=day) if past else rows, page)
        owed = Reply.objects.filter(_silent("", day) & _open("inquiry__", day), theirs, inquiry__given_on__lte=day)
        told = owed.aggregate(missing=Count("id"), late=Count("id", filter=Q(inquiry__due_on__lt=day)))
    lines = [_line(one, one.asked, one.silent, day) for one in found.rows]
    return InquiryList(Paged(lines, found.total, found.page, found.pages), told["missing"], told["late"], day, past)


def inquiry_page(viewer: Viewer, inquiry: int, on: date | None = None) -> InquiryPage:
    """Return one request with its replies as they were known at the end of a day, today by default.

    Raises
    ------
    BridgeheadError
        ``inquiry.no_such_inquiry``; ``ledger.not_there_yet`` for a day on which it had not been made yet.

    Articles: 5
    """
    mine = taking_part(viewer, Inquiry, _REPLIES)
    theirs = taking_part(viewer, Reply)
    day = on or today()
    with as_participant():
        record = Inquiry.objects.select_related("owner", "meeting").filter(mine, pk=inquiry).first()
        if record is None:
            raise BridgeheadError("inquiry.no_such_inquiry")
        if record.given_on > day:
            raise not_there_yet(record.title, day)
        [record] = as_said_on([record], day)
        told = Reply.objects.filter(inquiry=record).aggregate(
            asked=Count("id"), silent=Count("id", filter=_silent("", day))
        )
        rows = Reply.objects.filter(theirs, inquiry=record).select_related("office", "file")
        rows = rows.order_by(F("answered_on").desc(nulls_first=True), "office__code")
        replies = _replies_on(list(rows), day)
    people = names_of({one.answered_by for one, _ in replies})
    return InquiryPage(
        line=_line(record, told["asked"], told["silent"], day),
        on=day,
        today=day == today(),
        replies=[
            ReplyLine(
                record=one,
                answered_on=came,
                body=named(one.office),
                by=people.get(one.answered_by or 0, ""),
                late_wd=working_days_late(record.due_on, came or day),
                answers=viewer.grant_for(HAND_IN, one.office_id, to_write=True) is not None,
            )
            for one, came in replies
        ],
        keeper=named(record.owner),
        keeps=viewer.grant_for(KEEP, record.owner_id, to_write=True) is not None,
    )


def _replies_on(rows: Sequence[Reply], on: date) -> list[tuple[Reply, date | None]]:
    """Return replies as they were known on a day, and when each had come; who had not answered stands first.

    One that was entered later for a day before has come all the same, in the words it has.
    """
    if on >= today():
        return [(one, one.answered_on) for one in rows]
    found = []
    for now, said in zip(rows, as_said_on(rows, on), strict=True):
        came = now.answered_on if now.answered_on is not None and now.answered_on <= on else None
        found.append((now if came and said.answered_on is None else said, came))
    prefetch_related_objects([one for one, _ in found], "file")  # another one may have been filed with it then
    return sorted(found, key=lambda pair: pair[1] is not None)


def _silent(prefix: str, on: date) -> Q:
    """Return the filter for replies that had not come on a day; those of today are read from an index."""
    missing = Q(**{f"{prefix}answered_on": None})
    return missing | Q(**{f"{prefix}answered_on__gt": on}) if on < today() else missing


def _open(prefix: str, on: date) -> Q:
    """Return the filter for requests that were open on a day."""
    return Q(**{f"{prefix}closed_on": None}) | Q(**{f"{prefix}closed_on__gt": on})


def _line(record: Inquiry, asked: int, silent: int, on: date) -> InquiryLine:
    runs = record.closed_on is None or record.closed_on > on
    late = working_days_late(record.due_on, on) if silent and runs else 0
    return InquiryLine(record, asked, silent, late, article_column.told(record.articles), runs)
