"""What became of a case: where it stands, what can be done and by whom, what its clocks say, what the clock does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bridgehead.engines.cases.clocks import Clock, ClockOf, Stay, clock_over
from bridgehead.engines.cases.events import Event
from bridgehead.engines.cases.machine import Kind, Machine, Move, Need, Role, State
from bridgehead.engines.cases.running import Limit, Running
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.office_hours import Promise


@dataclass(frozen=True, slots=True)
class StageClock:
    """What a stage took: the id of the state that heads it, its clock, and whether the case is in it."""

    stage: str
    clock: Clock
    lasts: bool


@dataclass(frozen=True, slots=True)
class Held:
    """What an office took: the working minutes it had the case, and those of them in which the clock stood."""

    office: str
    minutes: int
    paused_minutes: int


@dataclass(frozen=True, slots=True)
class Course:
    """Where a case stands at a moment.

    Parameters
    ----------
    state : State
        Where.
    office : str
        The office that has it.
    moves : tuple of Move
        What can be done from here by anybody; `open_to` asks for one role.
    rounds : tuple of Clock
        The clock of the whole case; where it was opened again, one for each time, as the promise then begins anew.
    first_answer : Clock
        The clock until an officer made the first move.
    is_answered : bool
        Whether an officer has.
    stages : tuple of StageClock
        The stages of the last round in the order they were entered.
    held : tuple of Held
        What each office took, in the order they first had it.
    limit : Limit or None
        Until when it waits for the trader, and the move the clock makes then; None where it does not wait.
    limit_has_run_out : bool
        Whether that move is due; once its moment has passed, nothing else can be recorded before it.
    extensions_left : int
        How often its promises can still be extended.
    repeated : mapping
        What each of those moves has to say once more as an earlier one did: by the id of the move and the need.
    """

    state: State
    office: str
    moves: tuple[Move, ...]
    rounds: tuple[Clock, ...]
    first_answer: Clock
    is_answered: bool
    stages: tuple[StageClock, ...]
    held: tuple[Held, ...]
    limit: Limit | None
    limit_has_run_out: bool
    extensions_left: int
    repeated: Mapping[str, Mapping[Need, str]]

    @property
    def clock(self) -> Clock:
        """The clock of the whole case since it was last opened."""
        return self.rounds[-1]

    @property
    def is_late(self) -> bool:
        """Whether the promise for the whole case was broken in any round; the first answer has a promise of its own."""
        return any(one.late for one in self.rounds)

    @property
    def awaits_first_answer(self) -> bool:
        """Whether the first answer is still to be given; one a case ended without is not asked for when it reopens."""
        return not self.is_answered and len(self.rounds) == 1 and self.state.kind is not Kind.ENDED

    @property
    def first_answer_in_time(self) -> bool | None:
        """Whether the first answer kept its promise; None where there was none, or no answer."""
        if self.first_answer.promise is None or not self.is_answered:
            return None
        return not self.first_answer.late

    @property
    def gross_minutes(self) -> int:
        """All working minutes of the offices that had the case."""
        return sum(one.gross_minutes for one in self.rounds)

    @property
    def paused_minutes(self) -> int:
        """Those of them in which it waited for the trader."""
        return sum(one.paused_minutes for one in self.rounds)

    @property
    def net_minutes(self) -> int:
        """Those in which it waited for an office."""
        return self.gross_minutes - self.paused_minutes

    def open_to(self, role: Role) -> tuple[Move, ...]:
        """Return the moves a role can make."""
        return tuple(one for one in self.moves if role in one.who)


def course(
    machine: Machine,
    promise: Promise | None,
    events: Sequence[Event],
    clock_of: ClockOf,
    now: datetime,
    *,
    first_answer: Promise | None = None,
    answers: Mapping[str, str] | None = None,
    adding: Event | None = None,
) -> Course:
    """Return where a case stands at a moment.

    Parameters
    ----------
    machine : Machine
        States and moves of its kind.
    promise : Promise or None
        How long the whole case may take.
    events : sequence of Event
        What happened, in order, beginning with `Lodged`; what lies after the moment is left out.
    clock_of : callable
        The clock of each office by its id.
    now : datetime
        The moment.
    first_answer : Promise, optional
        Within what an officer makes the first move.
    answers : mapping, optional
        Field to answer of its form: a move that is for one answer is not open with another, nor with none.
    adding : Event, optional
        One more event, which happens now: it alone has to keep the conditions of its move, so that whatever a table
        asks for from now on, a case stands where its events brought it.

    Raises
    ------
    BridgeheadError
        ``case.not_lodged``, ``case.lodged_twice``, ``case.before_previous``, ``case.ended``, ``case.move_not_open``,
        ``case.wrong_role``, ``case.lacks`` (for everything a move needs and does not have), ``case.too_many_pauses``,
        ``case.pauses_used_up``, ``case.limit_run_out``, ``case.limit_not_run_out``, ``case.same_office``,
        ``case.too_many_extensions``, ``case.nothing_to_extend``, ``case.extension_measure``,
        ``case.extension_too_late``; of the one that is added also ``case.answer_otherwise``, ``case.not_as_before``,
        ``case.date_past``, ``case.date_to_come``.
    """
    running = Running(machine, promise, clock_of, answers)
    for event in events:
        if event.at > now:
            break
        running.take(event)
    if adding is not None:
        running.take(adding, adding=True)
    if not running.rounds:
        raise BridgeheadError("case.not_lodged", {}, Place(field="events"))
    rounds = [running.stays(each, now) for each in range(len(running.rounds))]
    longer = [running.extensions(each, "") for each in range(len(rounds))]
    clocks = [clock_over(stays, promise, clock_of, more) for stays, more in zip(rounds, longer, strict=True)]
    first = rounds[0] if running.answered is None else rounds[0][: running.answered]
    limit = running.limit
    run_out = limit is not None and limit.at <= now
    moves = running.moves_open(now)
    return Course(
        running.state,
        running.office,
        moves,
        tuple(clocks),
        clock_over(first, first_answer, clock_of),
        running.answered is not None,
        _stages(running, rounds[-1], clock_of),
        _held([stay for stays in rounds for stay in stays]),
        limit,
        run_out,
        machine.most_extensions - running.extended,
        {one.id: running.repeated(one) for one in moves if one.same_as},
    )


def _stages(running: Running, stays: Sequence[Stay], clock_of: ClockOf) -> tuple[StageClock, ...]:
    number = len(running.rounds) - 1
    found = []
    for stage in dict.fromkeys(one.state.in_stage for one in stays):
        mine = [one for one in stays if one.state.in_stage == stage]
        promise = running.machine.by_id[stage].promise
        clock = clock_over(mine, promise, clock_of, running.extensions(number, stage))
        found.append(StageClock(stage, clock, stage == running.state.in_stage))
    return tuple(found)


def _held(stays: Sequence[Stay]) -> tuple[Held, ...]:
    minutes, paused = Counter[str](), Counter[str]()
    for one in stays:
        minutes[one.office] += one.minutes
        paused[one.office] += 0 if one.runs else one.minutes
    return tuple(Held(office, minutes[office], paused[office]) for office in dict.fromkeys(one.office for one in stays))
