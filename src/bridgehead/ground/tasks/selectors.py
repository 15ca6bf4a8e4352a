"""Reads of tasks, for whoever may see them: their own, or all with the permission to read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.ground.models import Organisation, Person, Task
from bridgehead.ground.tasks import lease
from bridgehead.ground.tasks.handlers import Handler, handlers
from bridgehead.ground.tasks.table import faults_of
from bridgehead.kernel.errors import BridgeheadError, Place, Sentence, fault_as_json, sentence

State = Task.State
LISTED = 50
LIVE = (State.RUNNING, State.WAITING)
SHORTEST_S = 3.0
"""Nothing is said of the time a task will take before it ran so long."""


@dataclass(frozen=True, slots=True)
class Line:
    """One task as it is shown.

    Attributes
    ----------
    task : Task
        The row.
    handler : Handler or None
        What does it; None if nobody here handles its kind.
    asked_by, owner : str
        Names, as far as the viewer may see them.
    may_change : bool
        Whether the viewer may cancel it or have it tried again.
    now : datetime
        When this was read.
    """

    task: Task
    handler: Handler | None
    asked_by: str
    owner: str
    may_change: bool
    now: datetime

    @property
    def title(self) -> str:
        """What is being done."""
        return self.handler.title(language()) if self.handler else self.task.kind

    @property
    def step(self) -> str:
        """The step it is at."""
        return self.handler.step(self.task.message, language()) if self.handler else self.task.message

    @property
    def running(self) -> bool:
        """Whether it is being done."""
        return self.task.state == State.RUNNING

    @property
    def waiting(self) -> bool:
        """Whether it is still to be done."""
        return self.task.state == State.WAITING

    @property
    def counted(self) -> bool:
        """Whether it told how far it is."""
        return self.running and self.task.total > 0

    @property
    def remaining_s(self) -> float | None:
        """Roughly how many seconds it will still take by its pace since something was done; None without a pace yet."""
        task = self.task
        begun_at = task.counted_at or task.started_at
        done = task.done - task.counted_from
        if not self.counted or done <= 0 or begun_at is None:
            return None
        so_far = (self.now - begun_at).total_seconds()
        return so_far * (task.total - task.done) / done if so_far >= SHORTEST_S else None

    @property
    def remaining(self) -> str:
        """The same in words."""
        return "" if self.remaining_s is None else about(self.remaining_s)

    @property
    def where(self) -> str:
        """Computer and process it is done by."""
        return lease.holder(self.task.lease) if self.task.lease else ""

    @property
    def later(self) -> bool:
        """Whether it waits for a time to come."""
        return self.waiting and self.task.run_after > self.now

    @property
    def faults(self) -> list[Sentence]:
        """What went wrong, in words."""
        return [sentence(fault, language()) for fault in faults_of(self.task)]

    @property
    def cancellable(self) -> bool:
        """Whether it can be cancelled by the viewer."""
        return self.may_change and self.task.state in LIVE and not self.task.cancel_wanted

    @property
    def retryable(self) -> bool:
        """Whether the viewer can have it tried again."""
        return self.may_change and self.task.state in (State.FAILED, State.CANCELLED)

    def as_json(self) -> dict[str, Any]:
        """Return it as data; arguments and result stay inside."""
        task = self.task
        return {
            "id": task.pk,
            "kind": task.kind,
            "title": self.title,
            "state": task.state,
            "handled": self.handler is not None,
            "cancel_wanted": task.cancel_wanted,
            "done": task.done,
            "total": task.total,
            "step": self.step,
            "remaining_s": None if self.remaining_s is None else round(self.remaining_s),
            "attempts": task.attempts,
            "most_attempts": task.most_attempts,
            "times_lost": task.times_lost,
            "asked_by": self.asked_by,
            "owner": self.owner,
            "created_at": _iso(task.created_at),
            "run_after": _iso(task.run_after),
            "started_at": _iso(task.started_at),
            "finished_at": _iso(task.finished_at),
            "faults": [fault_as_json(fault, language()) for fault in faults_of(task)],
        }


def _iso(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Listing:
    """The tasks somebody may see.

    Attributes
    ----------
    counts : mapping of str to int
        How many there are in each state.
    state : str
        The state asked for; empty for all.
    lines : tuple of Line
        Without a state, first what is being done and what waits, as far as a page goes; then the rest, newest first.
    older : int or None
        Number for the next page.
    unhandled : tuple of str
        Kinds that wait and that nobody here handles.
    everything : bool
        Whether the viewer sees the tasks of everybody.
    """

    counts: Counter[str]
    state: str
    lines: tuple[Line, ...]
    older: int | None
    unhandled: tuple[str, ...]
    everything: bool

    @property
    def live(self) -> bool:
        """Whether something is being done or waits, so that the page is worth asking for again."""
        return bool(self.counts[State.RUNNING] or self.counts[State.WAITING])


def listing(viewer: Viewer, state: str = "", before: str = "") -> Listing:
    """Return the tasks somebody may see.

    Parameters
    ----------
    viewer : Viewer
        Who reads.
    state : str
        Only those in a state.
    before : str
        Only those with a lower number.

    Raises
    ------
    BridgeheadError
        ``request.invalid_field`` for a state there is none of, or what is no number.
    """
    if state and state not in State.values:
        raise _unreadable("state", ", ".join(State.values))
    if before and not (before.isascii() and before.isdigit() and len(before) <= 18):
        raise _unreadable("before", "number")
    seen = visible(Task, viewer)
    counts = Counter(dict(seen.order_by().values_list("state").annotate(Count("pk"))))
    known = handlers()
    waiting = seen.filter(state=State.WAITING).exclude(kind__in=tuple(known)).order_by("kind")
    live: list[Task] = []
    if not state and not before:
        live = list(seen.filter(state__in=LIVE).order_by("state", "run_after", "id")[:LISTED])
    rows = (seen.filter(state=state) if state else seen.exclude(state__in=LIVE)).order_by("-id")
    if before:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows[: LISTED + 1])
    older = int(page[LISTED - 1].pk) if len(page) > LISTED else None
    return Listing(
        counts,
        state,
        _lines([*live, *page[:LISTED]], viewer),
        older,
        tuple(waiting.values_list("kind", flat=True).distinct()),
        viewer.wholly(Task.VISIBILITY.scope),
    )


def _lines(rows: Sequence[Task], viewer: Viewer) -> tuple[Line, ...]:
    now, known = timezone.now(), handlers()
    people = {row.asked_by for row in rows if row.asked_by}
    owners = {row.owner_id for row in rows if row.owner_id}
    names = dict(visible(Person, viewer).filter(pk__in=people).values_list("pk", "name")) if people else {}
    bodies = visible(Organisation, viewer).filter(pk__in=owners) if owners else ()
    found = {one.pk: one.name(language()) for one in bodies}
    return tuple(
        Line(
            row,
            known.get(row.kind),
            names.get(row.asked_by, ""),
            found.get(row.owner_id, ""),
            may_change(viewer, row),
            now,
        )
        for row in rows
    )


def may_change(viewer: Viewer, row: Task) -> bool:
    """Tell whether somebody may cancel a task or have it tried again: their own, or with the permission."""
    own = viewer.person_id is not None and row.asked_by == viewer.person_id
    return own or viewer.may("task.cancel", row.owner_id)


def about(seconds: float) -> str:
    """Return a time in words that promise no more than can be known."""
    if seconds < 55:
        tens = max(10, round(seconds / 10) * 10)
        return speak(language(), f"约 {tens} 秒", f"about {tens} seconds")
    if seconds < 3300:
        minutes = max(1, round(seconds / 60))
        return speak(language(), f"约 {minutes} 分钟", f"about {minutes} minute{'s' * (minutes != 1)}")
    hours = max(1, round(seconds / 3600))
    return speak(language(), f"约 {hours} 小时", f"about {hours} hour{'s' * (hours != 1)}")


def _unreadable(field: str, expected: str) -> BridgeheadError:
    return BridgeheadError("request.invalid_field", {"field": field, "reason": expected}, Place(field=field))
