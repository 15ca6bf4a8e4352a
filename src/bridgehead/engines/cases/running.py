"""A case on its way: it takes one event after the other and refuses those that cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from bridgehead.engines.cases.clocks import ClockOf, Stay, clock_over
from bridgehead.engines.cases.events import Event, Extended, HandedOver, Lodged, Moved
from bridgehead.engines.cases.machine import DateRule, Kind, Machine, Move, Need, Role, State
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.office_hours import Promise

_OFFICE = (Role.OFFICER, Role.HEAD)


@dataclass(frozen=True, slots=True)
class Limit:
    """The end of a pause.

    Parameters
    ----------
    move : str
        The move the clock makes then.
    at : datetime
        When; the trader is in time up to and with it.
    provisional : bool
        Whether it lies beyond the days that have been announced.
    """

    move: str
    at: datetime
    provisional: bool


@dataclass(slots=True)
class _Stretch:
    state: State
    office: str
    begun: datetime
    until: datetime | None = None


class Running:
    """A case on its way.

    Parameters
    ----------
    machine : Machine
        States and moves of its kind.
    promise : Promise or None
        How long the whole case may take.
    clock_of : callable
        The clock of each office.
    answers : mapping, optional
        Field to answer of its form: ``yes``, ``no``, the id of a choice.
    """

    def __init__(
        self, machine: Machine, promise: Promise | None, clock_of: ClockOf, answers: Mapping[str, str] | None = None
    ) -> None:
        self.machine = machine
        self.answers = answers or {}
        self.promise = promise
        self.clock_of = clock_of
        self.state = machine.states[0]
        self.office = ""
        self.limit: Limit | None = None
        self.answered: int | None = None  # stays of the first round until an officer made a move
        self.extended = 0
        self.rounds: list[list[_Stretch]] = []
        self._pauses = 0
        self._last: datetime | None = None
        self._given: dict[str, Mapping[Need, str]] = {}
        self._extensions: dict[tuple[int, str], list[Promise]] = {}

    def take(self, event: Event, *, adding: bool = False) -> None:
        """Take an event.

        Parameters
        ----------
        event : Event
            What happened.
        adding : bool
            Whether it happens now, and has to keep the conditions of its move: what happened before had others.

        Raises
        ------
        BridgeheadError
            As `course` says.
        """
        if isinstance(event, Lodged) == bool(self.rounds):
            raise BridgeheadError("case.lodged_twice" if self.rounds else "case.not_lodged", {}, Place(field="events"))
        if self._last is not None and event.at < self._last:
            parameters = {"at": str(event.at), "before": str(self._last)}
            raise BridgeheadError("case.before_previous", parameters, Place(field="at"))
        by_clock = isinstance(event, Moved) and event.by is Role.CLOCK
        if self.limit is not None and event.at > self.limit.at and not by_clock:
            parameters = {"at": str(self.limit.at), "move": self.limit.move}
            raise BridgeheadError("case.limit_run_out", parameters, Place(field="at"))
        if isinstance(event, Lodged):
            self._enter(self.state, event.office, event.at)
        elif isinstance(event, Moved):
            self._move(event, adding)
        elif isinstance(event, HandedOver):
            self._hand_over(event)
        else:
            self._extend(event)
        self._last = event.at

    def stays(self, number: int, now: datetime) -> tuple[Stay, ...]:
        """Return the stays of a round as they are at a moment."""
        return tuple(self._stay(one, one.until or now) for one in self.rounds[number])

    def extensions(self, number: int, stage: str) -> Sequence[Promise]:
        """Return the extensions of a round, of a stage or, for an empty one, of the whole case."""
        return self._extensions.get((number, stage), ())

    def moves_open(self, now: datetime) -> tuple[Move, ...]:
        """Return the moves that can be made at a moment."""
        moves = tuple(one for one in self.machine.moves_from(self.state.id) if one.missing_answer(self.answers) is None)
        if self.limit is not None:
            run_out = self.limit.at <= now
            moves = tuple(one for one in moves if run_out or Role.CLOCK not in one.who)
            moves = tuple(one for one in moves if self.limit.at >= now or Role.CLOCK in one.who)
        return tuple(one for one in moves if self._pause_fault(self.machine.by_id[one.to], now) is None)

    def repeated(self, move: Move) -> dict[Need, str]:
        """Return what a move has to say once more, by need: as an earlier one said it last."""
        told = {Need(need): self._given.get(earlier, {}).get(Need(need), "").strip() for need, earlier in move.same_as}
        return {need: text for need, text in told.items() if text}

    def _move(self, event: Moved, adding: bool) -> None:
        move = self.machine.move(self.state.id, event.move)
        parameters: dict[str, object] = {"move": event.move, "state": self.state.id}
        if move is None:
            known = [one.id for one in self.machine.moves_from(self.state.id)]
            code = "case.ended" if self.state.kind is Kind.ENDED else "case.move_not_open"
            raise BridgeheadError(code, {**parameters, "known": known}, Place(field="move"))
        if event.by not in move.who:
            raise _wrong_role(move.id, event.by, move.who)
        if Role.CLOCK in move.who and self.limit is not None and event.at < self.limit.at:
            parameters["at"] = str(self.limit.at)
            raise BridgeheadError("case.limit_not_run_out", parameters, Place(field="at"))
        # The need itself is a parameter, which chooses the sentence that names it.
        lacking = [need for need in sorted(move.needs) if not event.given.get(need, "").strip()]
        faults = [Fault("case.lacks", {**parameters, need.value: "-"}, Place(field=need.value)) for need in lacking]
        if adding:
            faults += self._faults_of_conditions(move, event)
        if faults:
            raise BridgeheadError.of(faults)
        to = self.machine.by_id[move.to]
        if fault := self._pause_fault(to, event.at):
            raise BridgeheadError.of([fault])
        self._leave(event.at)
        if self.answered is None and event.by in _OFFICE:
            self.answered = len(self.rounds[0])
        self._given[move.id] = event.given
        self._enter(to, event.office or self.office, event.at)

    def _faults_of_conditions(self, move: Move, event: Moved) -> Iterator[Fault]:
        """Yield what a move does not keep of its conditions; a date that is none is for whoever reads it."""
        if (lacking := move.missing_answer(self.answers)) is not None:
            parameters = {"move": move.id, "field": lacking[0], "answer": lacking[1]}
            yield Fault("case.answer_otherwise", parameters, Place(field="move"))
        for need, before in self.repeated(move).items():
            said = event.given.get(need, "").strip()
            if said and said.split() != before.split():
                yield Fault("case.not_as_before", {"said": said, "before": before}, Place(field=need.value))
        day = _day(event.given.get(Need.DATE, ""))
        if move.date is None or day is None:
            return
        today = self.clock_of(self.office).day_of(event.at)
        told = {"move": move.id, "day": str(day), "today": str(today)}
        if move.date is DateRule.NOT_PAST and day < today:
            yield Fault("case.date_past", told, Place(field=Need.DATE.value))
        if move.date is DateRule.NOT_FUTURE and day > today:
            yield Fault("case.date_to_come", told, Place(field=Need.DATE.value))

    def _hand_over(self, event: HandedOver) -> None:
        self._by_office("hand_over", event.by, _OFFICE)
        if event.office == self.office:
            raise BridgeheadError("case.same_office", {"office": event.office}, Place(field="office"))
        self._leave(event.at)
        self.office = event.office
        self.rounds[-1].append(_Stretch(self.state, self.office, event.at))

    def _extend(self, event: Extended) -> None:
        self._by_office("extend", event.by, (Role.HEAD,))
        if self.extended >= self.machine.most_extensions:
            parameters = {"most": self.machine.most_extensions}
            raise BridgeheadError("case.too_many_extensions", parameters, Place(field="longer"))
        stays = self.stays(len(self.rounds) - 1, event.at)
        promise = self.promise
        if event.stage:
            stays = tuple(one for one in stays if one.state.in_stage == event.stage)
            promise = self.machine.by_id[event.stage].promise if event.stage in self.machine.by_id else None
        if promise is None or not stays:
            raise BridgeheadError("case.nothing_to_extend", {"stage": event.stage or "-"}, Place(field="stage"))
        if promise.in_days != event.longer.in_days:
            measures = {"longer": str(event.longer), "promise": str(promise)}
            raise BridgeheadError("case.extension_measure", measures, Place(field="longer"))
        number = len(self.rounds) - 1
        due = clock_over(stays, promise, self.clock_of, self.extensions(number, event.stage)).due
        if due is not None and due.at < event.at:
            raise BridgeheadError("case.extension_too_late", {"due": str(due.at)}, Place(field="at"))
        self.extended += 1
        self._extensions.setdefault((number, event.stage), []).append(event.longer)

    def _by_office(self, done: str, by: Role, who: tuple[Role, ...]) -> None:
        """Refuse what only an office can do to a case it has."""
        if self.state.kind is Kind.ENDED:
            parameters = {"move": done, "state": self.state.id, "known": []}
            raise BridgeheadError("case.ended", parameters, Place(field="move"))
        if by not in who:
            raise _wrong_role(done, by, frozenset(who))

    def _leave(self, at: datetime) -> None:
        if self.state.kind is not Kind.ENDED:
            self.rounds[-1][-1].until = at

    def _enter(self, state: State, office: str, at: datetime) -> None:
        if not self.rounds or self.state.kind is Kind.ENDED:
            self.rounds.append([])
            self._pauses = 0
        self.state, self.office, self.limit = state, office, None
        if state.kind is Kind.PAUSE:
            self._pauses += 1
            self.limit = self._limit_of(state, at)
        if state.kind is not Kind.ENDED:
            self.rounds[-1].append(_Stretch(state, office, at))

    def _limit_of(self, pause: State, at: datetime) -> Limit:
        clock = self.clock_of(self.office)
        assert pause.limit is not None, "the machine was checked"
        ends = clock.term_ends(at, pause.limit)
        if (left := self._pause_left(at)) is not None:
            last = clock.closing(clock.calendar.add(clock.day_of(at), left), at)
            ends = min(ends, clock.due_moment(last), key=attrgetter("at"))
        return Limit(pause.at_limit, ends.at, ends.provisional)

    def _pause_left(self, at: datetime) -> int | None:
        """Return how many working days the case can still wait after a moment, None where nothing limits them."""
        if self.machine.longest_pause_wd is None:
            return None
        left = self.machine.longest_pause_wd
        for one in self.rounds[-1]:
            if one.state.kind is Kind.PAUSE:
                clock = self.clock_of(one.office)
                left -= clock.calendar.working_days(clock.day_of(one.begun), clock.day_of(one.until or at))
        return left

    def _pause_fault(self, to: State, at: datetime) -> Fault | None:
        """Return why the case cannot wait for the trader any more, None where it can or is not to."""
        if to.kind is not Kind.PAUSE or self.state.kind is Kind.ENDED:
            return None
        most = self.machine.most_pauses
        if most is not None and self._pauses >= most:
            return Fault("case.too_many_pauses", {"most": most}, Place(field="move"))
        left = self._pause_left(at)
        if left is not None and left <= 0:
            return Fault("case.pauses_used_up", {"longest": self.machine.longest_pause_wd}, Place(field="move"))
        return None

    def _stay(self, stretch: _Stretch, until: datetime) -> Stay:
        minutes = self.clock_of(stretch.office).minutes_between(stretch.begun, until)
        return Stay(stretch.state, stretch.office, stretch.begun, until, minutes)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _wrong_role(move: str, by: Role, who: frozenset[Role]) -> BridgeheadError:
    parameters = {"move": move, "role": by.value, "who": sorted(who)}
    return BridgeheadError("case.wrong_role", parameters, Place(field="by"))
