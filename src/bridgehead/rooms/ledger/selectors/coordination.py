"""What the reads of meetings, problems, requests and circulars share: whose they are, words, pages, lateness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import pgettext

from bridgehead.ground.access.gate import condition
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.ledger.models import Attendance, Decision, Meeting, Problem, ProblemStep

A_PAGE = 50
M = TypeVar("M", bound=Model)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Paged(Generic[R]):
    """One page of a list that is longer."""

    rows: Sequence[R]
    total: int
    page: int
    pages: int


def taking_part(viewer: Viewer, model: type[Model], *links: tuple[type[Model], str]) -> Q:
    """Return the filter for records that are somebody's own, or in which a body of theirs takes part.

    Parameters
    ----------
    viewer : Viewer
        Who reads.
    model : type
        The model of the records.
    links : pairs of a model and the name of its column
        Rows that say who takes part in a record.
    """
    if viewer.wholly(model.VISIBILITY.scope):  # type: ignore[attr-defined]
        return Q()
    told = condition(model.VISIBILITY, viewer)  # type: ignore[attr-defined]
    for link, column in links:
        rows = link._default_manager.filter(condition(link.VISIBILITY, viewer))  # type: ignore[attr-defined]
        told |= Q(pk__in=rows.values(column))
    return told


@contextmanager
def as_participant() -> Iterator[None]:
    """Read the records in which a body takes part: they are another's, and `taking_part` says which they are."""
    with as_system("reading what a body takes part in"):
        yield


def paged(rows: QuerySet[Any], page: int, size: int = A_PAGE) -> Paged[Any]:
    """Return one page of some rows, read with two queries."""
    total = rows.count()
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    return Paged(list(rows[(page - 1) * size : page * size]), total, page, pages)


def today() -> date:
    """Return the day it is in the region."""
    return timezone.localdate()


def not_there_yet(title: str, on: date) -> BridgeheadError:
    """Return the refusal of the page of a record on a day on which it was not there yet."""
    return BridgeheadError("ledger.not_there_yet", {"title": title, "day": str(on)}, Place(field="on"))


def a_day(given: date | None) -> str:
    """Return a day as forms write it, empty for none."""
    return given.isoformat() if given else ""


def named(organisation: Any) -> str:
    """Return the name of an organisation in the language of the request."""
    return str(organisation.name(language())) if organisation is not None else ""


def meeting_kind(value: str) -> str:
    """Return what a kind of meeting is called."""
    return _word(
        value,
        {
            Meeting.Kind.PLENARY: pgettext("coordination", "全体会议"),
            Meeting.Kind.OFFICE: pgettext("coordination", "办公会议"),
            Meeting.Kind.SPECIAL: pgettext("coordination", "专题会议"),
            Meeting.Kind.LIAISON: pgettext("coordination", "联络员会议"),
        },
    )


def meeting_state(value: str) -> str:
    """Return what a state of a meeting is called."""
    return _word(
        value,
        {
            Meeting.State.PLANNED: pgettext("coordination", "待召开"),
            Meeting.State.HELD: pgettext("coordination", "已召开"),
            Meeting.State.CANCELLED: pgettext("coordination", "已取消"),
        },
    )


def seat_state(value: str) -> str:
    """Return what is said of a body that was asked to a meeting."""
    return _word(
        value,
        {
            Attendance.State.INVITED: pgettext("coordination", "已邀请"),
            Attendance.State.ATTENDED: pgettext("coordination", "到会"),
            Attendance.State.ABSENT: pgettext("coordination", "未到会"),
        },
    )


def decision_state(value: str) -> str:
    """Return what a state of a decision is called."""
    return _word(
        value,
        {
            Decision.State.OPEN: pgettext("coordination", "待布置"),
            Decision.State.GIVEN: pgettext("coordination", "已布置"),
            Decision.State.SETTLED: pgettext("coordination", "已了结"),
            Decision.State.DROPPED: pgettext("coordination", "不再办"),
        },
    )


def problem_state(value: str) -> str:
    """Return what a state of a problem is called; ``waiting`` is one that waits to be confirmed."""
    return _word(
        value,
        {
            Problem.State.OPEN: pgettext("coordination", "待整改"),
            Problem.State.MENDING: pgettext("coordination", "整改中"),
            "waiting": pgettext("coordination", "待确认"),
            Problem.State.CLOSED: pgettext("coordination", "已销号"),
            Problem.State.REOPENED: pgettext("coordination", "重新打开"),
        },
    )


def origin_word(value: str) -> str:
    """Return where a problem was found."""
    return _word(
        value,
        {
            Problem.Origin.INSPECTION: pgettext("coordination", "检查"),
            Problem.Origin.COMPLAINT: pgettext("coordination", "投诉"),
            Problem.Origin.MEETING: pgettext("coordination origin", "会议"),
            Problem.Origin.REPORT: pgettext("coordination", "报告"),
            Problem.Origin.SIGNAL: pgettext("coordination", "监测信号"),
        },
    )


def severity_word(value: str) -> str:
    """Return how grave a problem is."""
    return _word(
        value,
        {
            Problem.Severity.GRAVE: pgettext("coordination", "重大"),
            Problem.Severity.SERIOUS: pgettext("coordination", "较重"),
            Problem.Severity.ORDINARY: pgettext("coordination", "一般"),
        },
    )


def step_word(value: str) -> str:
    """Return what was done with a problem in a step."""
    kind = ProblemStep.Kind
    return _word(
        value,
        {
            kind.OPENED: pgettext("coordination", "列入清单"),
            kind.CHANGED: pgettext("coordination", "改期限"),
            kind.MEASURES: pgettext("coordination", "定措施"),
            kind.ASKED: pgettext("coordination", "申请销号"),
            kind.RETURNED: pgettext("coordination", "退回"),
            kind.CLOSED: pgettext("coordination", "确认销号"),
            kind.REOPENED: pgettext("coordination", "重新打开"),
        },
    )


def _word(value: str, words: Mapping[str, str]) -> str:
    return words.get(value, value)
