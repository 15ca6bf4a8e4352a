"""The states a case can be in and the moves between them, as data that is checked whole.

A case is `open` while an office works on it and its clock runs, on `pause` while it waits for the trader and the clock
stands, and `ended` with an outcome. Three of the outcomes are guarded, so that none hides another: a case is refused on
a legal basis only, withdrawn by the trader only, and lapses only when the time of a pause has run out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from bridgehead.kernel.calendars import Term
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.office_hours import Promise

_Id = TypeVar("_Id", bound=Hashable)


class Kind(StrEnum):
    """Whose turn it is in a state."""

    OPEN = "open"
    PAUSE = "pause"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a case ended."""

    GRANTED = "granted"
    ANSWERED = "answered"
    SERVED = "served"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


SOUGHT = frozenset({Outcome.GRANTED, Outcome.ANSWERED, Outcome.SERVED})
"""The outcomes a case is lodged for."""


class Role(StrEnum):
    """Who makes a move: the trader, an officer, a head of the office, or the clock when a pause has run out."""

    TRADER = "trader"
    OFFICER = "officer"
    HEAD = "head"
    CLOCK = "clock"


class Need(StrEnum):
    """What a move must come with; a basis is a provision of a statute."""

    REASON = "reason"
    ANSWER = "answer"
    BASIS = "basis"
    PAPERS = "papers"
    DECISION = "decision"
    AMOUNT = "amount"
    OFFER = "offer"
    BODY = "body"
    DATE = "date"


class DateRule(StrEnum):
    """How the date a move comes with lies to the day it is made on."""

    NOT_PAST = "not_past"
    NOT_FUTURE = "not_future"


class Effect(StrEnum):
    """What else a move does, beyond the case: a place in a training session, an item of trade news.

    Each knows its day, that of the session or of the expiry, which becomes the date of the move: nobody types it.
    """

    TRAINING_PLACE = "training_place"
    NEWS_ITEM = "news_item"


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can stand.

    Parameters
    ----------
    id : str
        Its id.
    kind : Kind
        Whether the clock runs, stands, or has come to its end.
    outcome : Outcome, optional
        How the case ended; for ends.
    limit : Term, optional
        How long it waits at most; for pauses.
    at_limit : str
        The move that the clock makes when the limit has run out; for pauses.
    promise : Promise, optional
        How long its stage may take, where the stage has a promise of its own.
    stage : str
        The state whose stage it is a part of, empty for one of its own: a pause within a stage names the open state.
    """

    id: str
    kind: Kind
    outcome: Outcome | None = None
    limit: Term | None = None
    at_limit: str = ""
    promise: Promise | None = None
    stage: str = ""

    @property
    def in_stage(self) -> str:
        """The id of its stage."""
        return self.stage or self.id


@dataclass(frozen=True, slots=True)
class Move:
    """A way from one state to another; from an end it opens the case again.

    Parameters
    ----------
    id : str
        Its id.
    sources : tuple of str
        The states it can be made from.
    to : str
        The state it leads to.
    who : frozenset of Role
        Who can make it.
    needs : frozenset of Need
        What it must come with.
    only_if : tuple of (str, str)
        Fields of the form with the answer without which it cannot be made: ``yes``, ``no`` or the id of a choice.
    same_as : tuple of (str, str)
        Needs that have to say what they said with an earlier move, when that was made last.
    date : DateRule, optional
        How its date lies to the day it is made on.
    effect : Effect, optional
        What else it does; the room carries it out.
    """

    id: str
    sources: tuple[str, ...]
    to: str
    who: frozenset[Role]
    needs: frozenset[Need] = frozenset()
    only_if: tuple[tuple[str, str], ...] = ()
    same_as: tuple[tuple[str, str], ...] = ()
    date: DateRule | None = None
    effect: Effect | None = None

    @property
    def asked(self) -> frozenset[Need]:
        """What somebody gives with it; an effect knows the date itself."""
        return self.needs if self.effect is None else self.needs - {Need.DATE}

    def missing_answer(self, answers: Mapping[str, str]) -> tuple[str, str] | None:
        """Return the first field that does not have the answer the move is for, with that answer; None for none."""
        return next((one for one in self.only_if if answers.get(one[0]) != one[1]), None)


@dataclass(frozen=True)
class Machine:
    """The states and moves of one kind of case; a case is lodged into the first state.

    Parameters
    ----------
    id : str
        Its id.
    states : sequence of State
        Where a case can stand.
    moves : sequence of Move
        How it gets from one to another.
    most_pauses : int, optional
        How often it may wait for the trader; None for any number of times.
    longest_pause_wd : int, optional
        How many working days all pauses may take together; None for any number.
    most_extensions : int
        How often a promise may be extended.

    Raises
    ------
    BridgeheadError
        With everything that is wrong, each fault with its ``state`` or ``move``: ``case.bad_start``,
        ``case.doubled_state``, ``case.doubled_move``, ``case.unknown_state``, ``case.unreachable_state``,
        ``case.dead_end``, ``case.bad_outcome``, ``case.pause_without_limit``, ``case.pause_without_trader``,
        ``case.limit_outside_pause``, ``case.bad_stage``, ``case.nobody``, ``case.clock_outside_limit``,
        ``case.refusal_without_basis``, ``case.withdrawn_by_office``, ``case.lapsed_by_hand``,
        ``case.bad_reopening`` and ``case.bad_condition``.
    """

    id: str
    states: Sequence[State]
    moves: Sequence[Move]
    most_pauses: int | None = None
    longest_pause_wd: int | None = None
    most_extensions: int = 0
    by_id: Mapping[str, State] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a machine that does not run."""
        object.__setattr__(self, "by_id", {one.id: one for one in self.states})
        if faults := [*self._faults_of_states(), *self._faults_of_moves()]:
            raise BridgeheadError.of(faults)

    def moves_from(self, state: str) -> tuple[Move, ...]:
        """Return the moves out of a state."""
        return tuple(one for one in self.moves if state in one.sources)

    def move(self, state: str, id: str) -> Move | None:
        """Return a move out of a state by its id, None where there is none."""
        return next((one for one in self.moves_from(state) if one.id == id), None)

    def next_move(self, state: str, answers: Mapping[str, str] | None = None) -> Move | None:
        """Return the move by which a case goes on where there is nothing to decide, None where there is.

        It alone begins the shortest way to an outcome the case is lodged for, and closes the way to no other of these.

        Parameters
        ----------
        state : str
            Where the case stands.
        answers : mapping, optional
            Field to answer of its form: moves that are for others are no way.
        """
        told = answers or {}
        ways = [self._steps_to(one.id, told) for one in self.states if one.outcome in SOUGHT]
        open_here = [way for way in ways if state in way]
        if not open_here or self.by_id[state].kind is Kind.ENDED:
            return None
        nearest = min(way[state] for way in open_here)
        first = [
            one for one in self._by_people(state, told) if any(way.get(one.to, nearest) < nearest for way in open_here)
        ]
        alone = first[0] if len(first) == 1 else None
        return alone if alone and all(alone.to in way for way in open_here) else None

    def _steps_to(self, end: str, answers: Mapping[str, str]) -> Mapping[str, int]:
        """Return by how many moves of people an end is reached at least, for every state it is reached from."""
        steps, reached = {end: 0}, {end}
        while reached:
            ways = {one.id: self._by_people(one.id, answers) for one in self.states}
            begun = {id for id, moves in ways.items() if any(move.to in reached for move in moves)}
            reached = {id for id in begun - set(steps) if self.by_id[id].kind is not Kind.ENDED}
            steps |= dict.fromkeys(reached, max(steps.values()) + 1)
        return steps

    def _by_people(self, state: str, answers: Mapping[str, str]) -> list[Move]:
        moves = self.moves_from(state)
        return [one for one in moves if Role.CLOCK not in one.who and one.missing_answer(answers) is None]

    def _faults_of_states(self) -> Iterator[Fault]:
        if not self.states or self.states[0].kind is not Kind.OPEN:
            yield self._fault("case.bad_start", state=self.states[0].id if self.states else "")
        for id in _doubled(one.id for one in self.states):
            yield self._fault("case.doubled_state", state=id)
        reached = self._spread({self.states[0].id} if self.states else set(), forward=True)
        ending = self._spread({one.id for one in self.states if one.kind is Kind.ENDED}, forward=False)
        for one in self.by_id.values():
            if one.id not in reached:
                yield self._fault("case.unreachable_state", state=one.id)
            if one.id not in ending:
                yield self._fault("case.dead_end", state=one.id)
            if (one.outcome is None) == (one.kind is Kind.ENDED):
                yield self._fault("case.bad_outcome", state=one.id)
            if one.kind is Kind.PAUSE:
                yield from self._faults_of_pause(one)
            elif one.limit is not None or one.at_limit:
                yield self._fault("case.limit_outside_pause", state=one.id)
            head = self.by_id.get(one.in_stage)
            is_head = head is not None and head.kind is Kind.OPEN and not head.stage
            if (one.stage and not is_head) or (one.promise is not None and (one.stage or not is_head)):
                yield self._fault("case.bad_stage", state=one.id, stage=one.in_stage)

    def _faults_of_pause(self, pause: State) -> Iterator[Fault]:
        leaving = self.move(pause.id, pause.at_limit)
        if pause.limit is None or leaving is None or leaving.who != {Role.CLOCK}:
            yield self._fault("case.pause_without_limit", state=pause.id)
        if not any(Role.TRADER in one.who for one in self.moves_from(pause.id)):
            yield self._fault("case.pause_without_trader", state=pause.id)

    def _faults_of_moves(self) -> Iterator[Fault]:
        for id in _doubled((one.id, source) for one in self.moves for source in one.sources):
            yield self._fault("case.doubled_move", move=id[0], state=id[1])
        for one in self.moves:
            for state in sorted({*one.sources, one.to} - set(self.by_id)):
                yield self._fault("case.unknown_state", move=one.id, state=state)
            if not one.who or not one.sources:
                yield self._fault("case.nobody", move=one.id)
            sources = [self.by_id[id] for id in one.sources if id in self.by_id]
            if Role.CLOCK in one.who and any(source.at_limit != one.id for source in sources):
                yield self._fault("case.clock_outside_limit", move=one.id)
            if one.to in self.by_id:
                yield from self._faults_of_end(one, sources, self.by_id[one.to])
            yield from self._faults_of_conditions(one)

    def _faults_of_conditions(self, move: Move) -> Iterator[Fault]:
        """Yield what is said of a move that can never hold, or never be asked: the clock answers and gives nothing."""
        by_clock = Role.CLOCK in move.who
        given = {one.id: one.needs for one in self.moves}
        for question, answer in move.only_if:
            if by_clock:
                yield self._fault("case.bad_condition", move=move.id, condition=f"{question}={answer}")
        for need, earlier in move.same_as:
            if by_clock or need not in move.needs or need not in given.get(earlier, ()):
                yield self._fault("case.bad_condition", move=move.id, condition=f"{need}:{earlier}")
        if move.date is not None and (by_clock or Need.DATE not in move.needs):
            yield self._fault("case.bad_condition", move=move.id, condition=move.date.value)
        if move.effect is not None and (by_clock or Role.TRADER in move.who or Need.DATE not in move.needs):
            yield self._fault("case.bad_condition", move=move.id, condition=move.effect.value)

    def _faults_of_end(self, move: Move, sources: Sequence[State], to: State) -> Iterator[Fault]:
        if any(source.kind is Kind.ENDED for source in sources) and to.kind is not Kind.OPEN:
            yield self._fault("case.bad_reopening", move=move.id)
        office = {Role.OFFICER, Role.HEAD}
        if to.outcome is Outcome.REFUSED and not (Need.BASIS in move.needs and move.who <= office):
            yield self._fault("case.refusal_without_basis", move=move.id)
        if to.outcome is Outcome.WITHDRAWN and move.who != {Role.TRADER}:
            yield self._fault("case.withdrawn_by_office", move=move.id)
        if to.outcome is Outcome.LAPSED and move.who != {Role.CLOCK}:
            yield self._fault("case.lapsed_by_hand", move=move.id)

    def _spread(self, states: set[str], *, forward: bool) -> set[str]:
        """Return the states that can be reached from some, or from which some can be reached whatever was answered."""
        before: set[str] = set()
        while states != before:
            before = set(states)
            for move in self.moves:
                if forward and states & set(move.sources):
                    states.add(move.to)
                elif not forward and move.to in states and not move.only_if:
                    states.update(move.sources)
        return states

    def _fault(self, code: str, **parameters: object) -> Fault:
        where = "moves" if "move" in parameters else "states"
        return Fault(code, {"machine": self.id, **parameters}, Place(field=where))


def _doubled(ids: Iterable[_Id]) -> list[_Id]:
    return [id for id, count in Counter(ids).items() if count > 1]
