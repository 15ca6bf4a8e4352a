"""A procedure with clocks: which step comes next, who owes it by when, and which were late.

A procedure is a template of steps. Every step but the first waits for the one before it; its clock begins with that
step or with an earlier one, as the template says; where it ends in one of several ways, the way decides what follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bridgehead.kernel.calendars import Calendar, Due, Term
from bridgehead.kernel.errors import BridgeheadError, Place


@dataclass(frozen=True, slots=True)
class Branch:
    """What follows an outcome.

    Parameters
    ----------
    outcome : str
        How the step ended; empty where it can end in one way only.
    to : str
        The step that follows, empty where the procedure ends.
    from_round : int
        From which time on that the step is taken this branch holds, the first being 1.
    """

    outcome: str
    to: str
    from_round: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure.

    Parameters
    ----------
    id : str
        Its id.
    who : str
        Part of the body that owes it.
    term : Term, optional
        How long that one has; None where nothing says so.
    counts_from : str
        The step whose day begins the clock; empty for the one before.
    branches : sequence of Branch
        What follows.
    extensions : int
        How often the term may be extended.
    """

    id: str
    who: str
    term: Term | None = None
    counts_from: str = ""
    branches: Sequence[Branch] = ()
    extensions: int = 0

    def next(self, outcome: str, taken: int) -> str:
        """Return what follows an outcome the so-many-th time the step is taken.

        Raises
        ------
        BridgeheadError
            ``procedure.unknown_outcome``.
        """
        fits = [one for one in self.branches if one.outcome == outcome and one.from_round <= taken]
        if not fits:
            known = sorted({one.outcome for one in self.branches})
            parameters = {"step": self.id, "outcome": outcome, "known": ", ".join(known)}
            raise BridgeheadError("procedure.unknown_outcome", parameters, Place(field="outcome"))
        return max(fits, key=lambda one: one.from_round).to


@dataclass(frozen=True)
class Procedure:
    """A template of steps; the first of them begins it.

    Raises
    ------
    BridgeheadError
        ``procedure.unsound``, with everything that is wrong: a step that leads or counts from nowhere, one that is
        never reached, or two of one id.
    """

    id: str
    steps: Sequence[Step]
    by_id: Mapping[str, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a template that leads nowhere."""
        object.__setattr__(self, "by_id", {one.id: one for one in self.steps})
        if faults := self._faults():
            parameters = {"procedure": self.id, "faults": "; ".join(faults)}
            raise BridgeheadError("procedure.unsound", parameters, Place(field="steps"))

    def with_terms(self, terms: Mapping[str, Term]) -> Procedure:
        """Return the same procedure with the clocks of one body."""
        return Procedure(self.id, [replace(one, term=terms.get(one.id, one.term)) for one in self.steps])

    def _faults(self) -> list[str]:
        if not self.steps:
            return ["no steps"]
        faults = ["two steps of one id"] if len(self.by_id) < len(self.steps) else []
        for one in self.steps:
            faults += [f"{one.id} > {to.to}" for to in one.branches if to.to and to.to not in self.by_id]
            faults += [f"{one.id} < {one.counts_from}"] if one.counts_from and one.counts_from not in self.by_id else []
            faults += [] if any(to.from_round == 1 for to in one.branches) else [f"{one.id} >"]
        reached, waiting = set(), [self.steps[0].id]
        while waiting:
            here = waiting.pop()
            if here in self.by_id and here not in reached:
                reached.add(here)
                waiting += [to.to for to in self.by_id[here].branches if to.to]
        return faults + [f"> {one.id}" for one in self.steps if one.id not in reached]


@dataclass(frozen=True, slots=True)
class Event:
    """A step that was taken.

    Parameters
    ----------
    step : str
        Which.
    on : date
        When.
    outcome : str
        How it ended, empty where it can end in one way only.
    """

    step: str
    on: date
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """A term that was extended: to a day, before it had run out."""

    step: str
    taken: int
    until: date


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a running procedure.

    Parameters
    ----------
    step : Step
        Which.
    taken : int
        The so-many-th time, from 1.
    begun : date or None
        When its clock began; None for the first, which has none.
    due : Due or None
        Its last day, None where it has no term.
    on : date or None
        When it was taken, None while it waits.
    outcome : str
        How it ended.
    late_wd : int
        Working days between its last day and the day it was taken, or looked at; 0 where it was in time.
    """

    step: Step
    taken: int
    begun: date | None
    due: Due | None
    on: date | None = None
    outcome: str = ""
    late_wd: int = 0


@dataclass(frozen=True, slots=True)
class Course:
    """What became of a procedure: the stages that are behind it and the one that waits, None at the end."""

    behind: Sequence[Stage]
    waits: Stage | None


def course(
    procedure: Procedure, events: Sequence[Event], calendar: Calendar, on: date, extensions: Sequence[Extension] = ()
) -> Course:
    """Return where a procedure stands on a day.

    Parameters
    ----------
    procedure : Procedure
        The template.
    events : sequence of Event
        What was done, in order; what lies after the day is left out.
    calendar : Calendar
        Which days are worked.
    on : date
        The day.
    extensions : sequence of Extension
        Terms that were extended.

    Raises
    ------
    BridgeheadError
        ``procedure.out_of_order`` for a step that was not next, ``procedure.before_previous`` for one dated before
        the one before it, ``procedure.unknown_outcome``, ``procedure.ended``, and ``procedure.too_many_extensions``.
    """
    running = _Running(procedure, calendar, _longer(procedure, extensions))
    for event in events:
        if event.on > on:
            break
        running.take(event)
    return Course(running.behind, running.waits(on))


class _Running:
    """A procedure on its way."""

    def __init__(self, procedure: Procedure, calendar: Calendar, longer: Mapping[tuple[str, int], date]) -> None:
        self.procedure = procedure
        self.calendar = calendar
        self.longer = longer
        self.behind: list[Stage] = []
        self.next = procedure.steps[0].id

    def take(self, event: Event) -> None:
        """Take a step."""
        if not self.next:
            raise BridgeheadError("procedure.ended", {"step": event.step}, Place(field="step"))
        if event.step != self.next:
            parameters = {"step": event.step, "next": self.next}
            raise BridgeheadError("procedure.out_of_order", parameters, Place(field="step"))
        before = self.behind[-1].on if self.behind else None
        if before is not None and event.on < before:
            parameters = {"step": event.step, "on": str(event.on), "before": str(before)}
            raise BridgeheadError("procedure.before_previous", parameters, Place(field="on"))
        stage = self._stage(event.on)
        self.behind.append(replace(stage, on=event.on, outcome=event.outcome))
        self.next = stage.step.next(event.outcome, stage.taken)

    def waits(self, on: date) -> Stage | None:
        """Return the step that is next, as it stands on a day."""
        return self._stage(on) if self.next else None

    def _stage(self, on: date) -> Stage:
        step = self.procedure.by_id[self.next]
        taken = 1 + sum(one.step.id == step.id for one in self.behind)
        begun = next((one.on for one in reversed(self.behind) if step.counts_from in ("", one.step.id)), None)
        due = self.calendar.due(begun, step.term) if begun is not None and step.term is not None else None
        until = self.longer.get((step.id, taken))
        if until is not None and (due is None or until > due.day):
            due = self.calendar.ending(until)
        late = max(0, self.calendar.working_days(due.day, on)) if due is not None else 0
        return Stage(step, taken, begun, due, late_wd=late)


def _longer(procedure: Procedure, extensions: Sequence[Extension]) -> dict[tuple[str, int], date]:
    longer: dict[tuple[str, int], date] = {}
    count: dict[tuple[str, int], int] = {}
    for one in extensions:
        key = (one.step, one.taken)
        count[key] = count.get(key, 0) + 1
        if one.step not in procedure.by_id or count[key] > procedure.by_id[one.step].extensions:
            raise BridgeheadError("procedure.too_many_extensions", {"step": one.step}, Place(field="until"))
        longer[key] = max(one.until, longer.get(key, one.until))
    return longer
