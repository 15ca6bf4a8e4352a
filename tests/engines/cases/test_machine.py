"""Machines of states and moves: a sound one stands, and everything that is wrong with another is said at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bridgehead.engines.cases.machine import (
    DateRule,
    Effect,
    Kind,
    Machine,
    Move,
    Need,
    Outcome,
    Role,
    State,
)
from bridgehead.kernel.calendars import Term
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.office_hours import Promise

TRADER, OFFICER, HEAD, CLOCK = (frozenset({role}) for role in (Role.TRADER, Role.OFFICER, Role.HEAD, Role.CLOCK))
WORK = State("work", Kind.OPEN)
PAPERS = State("papers", Kind.PAUSE, limit=Term.read("15d"), at_limit="lapse")
GRANTED, REFUSED = State("granted", Kind.ENDED, Outcome.GRANTED), State("refused", Kind.ENDED, Outcome.REFUSED)
WITHDRAWN, LAPSED = State("withdrawn", Kind.ENDED, Outcome.WITHDRAWN), State("lapsed", Kind.ENDED, Outcome.LAPSED)
STATES = [WORK, PAPERS, GRANTED, REFUSED, WITHDRAWN, LAPSED]
ASK = Move("ask", ("work",), "papers", OFFICER, frozenset({Need.REASON}))
SEND = Move("send", ("papers",), "work", TRADER, frozenset({Need.PAPERS}))
LAPSE = Move("lapse", ("papers",), "lapsed", CLOCK)
GRANT = Move("grant", ("work",), "granted", OFFICER | HEAD, frozenset({Need.DECISION}))
REFUSE = Move("refuse", ("work",), "refused", HEAD, frozenset({Need.BASIS, Need.REASON}))
WITHDRAW = Move("withdraw", ("work", "papers"), "withdrawn", TRADER)
REOPEN = Move("reopen", ("refused",), "work", HEAD, frozenset({Need.REASON}))
MOVES = [ASK, SEND, LAPSE, GRANT, REFUSE, WITHDRAW, REOPEN]


def faults(states: list[State], moves: list[Move]) -> set[str]:
    with pytest.raises(BridgeheadError) as refused:
        Machine("m", states, moves)
    named = ("move", "state")
    return {
        " ".join(
            [one.code.removeprefix("case."), *(str(one.parameters[name]) for name in named if name in one.parameters)]
        )
        for one in refused.value.faults
    }


def changed(one: State | Move, **to: object) -> tuple[list[State], list[Move]]:
    """Return the sound machine with one state or move changed."""
    states: list[State] = [replace(one, **to) if each is one else each for each in STATES]  # type: ignore[type-var, misc]
    moves: list[Move] = [replace(one, **to) if each is one else each for each in MOVES]  # type: ignore[type-var, misc]
    return states, moves


def test_a_sound_machine_stands() -> None:
    machine = Machine("m", STATES, MOVES, most_pauses=2, longest_pause_wd=20)
    assert [one.id for one in machine.moves_from("work")] == ["ask", "grant", "refuse", "withdraw"]
    assert machine.move("papers", "send") is SEND
    assert machine.move("granted", "send") is None


@pytest.mark.parametrize(("state", "move"), [("work", "grant"), ("papers", "send"), ("granted", None)])
def test_a_case_goes_on_by_the_move_nearest_to_what_it_was_lodged_for(state: str, move: str | None) -> None:
    found = Machine("m", STATES, [*MOVES, Move("again", ("granted",), "work", TRADER)]).next_move(state)
    assert (found.id if found else None) == move


def test_a_case_does_not_go_on_by_itself_where_there_is_something_to_decide() -> None:
    served, bank = State("served", Kind.ENDED, Outcome.SERVED), State("bank", Kind.OPEN)
    forward, serve = Move("forward", ("work",), "bank", OFFICER), Move("serve", ("bank",), "served", OFFICER)
    longer = Machine("m", [*STATES, served, bank], [*MOVES, forward, serve])
    assert longer.next_move("work") is None, "granting at once closes the way to the bank"
    assert longer.next_move("bank") is serve
    both = Machine("m", [*STATES, served], [*MOVES, replace(forward, to="served")])
    assert both.next_move("work") is None, "one of two outcomes is chosen"


def test_a_state_is_left_whatever_was_answered() -> None:
    bank, to_bank = State("bank", Kind.OPEN), Move("to_bank", ("work",), "bank", OFFICER)
    leave = Move("leave", ("bank",), "granted", OFFICER, only_if=(("small", "yes"),))
    assert faults([*STATES, bank], [*MOVES, to_bank, leave]) == {"dead_end bank"}


def test_a_stage_of_several_states_is_headed_by_an_open_one() -> None:
    head = replace(WORK, promise=Promise.read("5wd"))
    assert Machine("m", [head, replace(PAPERS, stage="work"), *STATES[2:]], MOVES).by_id["papers"].in_stage == "work"


@pytest.mark.parametrize(
    ("one", "to", "expected"),
    [
        (WORK, {"kind": Kind.PAUSE}, {"bad_start work", "pause_without_limit work", "bad_reopening reopen"}),
        (PAPERS, {"limit": None}, {"pause_without_limit papers"}),
        (PAPERS, {"at_limit": "send"}, {"pause_without_limit papers", "clock_outside_limit lapse"}),
        (PAPERS, {"at_limit": ""}, {"pause_without_limit papers", "clock_outside_limit lapse"}),
        (WORK, {"limit": Term.read("5wd")}, {"limit_outside_pause work"}),
        (GRANTED, {"outcome": None}, {"bad_outcome granted"}),
        (WORK, {"outcome": Outcome.SERVED}, {"bad_outcome work"}),
        (PAPERS, {"promise": Promise.read("5wd")}, {"bad_stage papers"}),
        (PAPERS, {"stage": "nowhere"}, {"bad_stage papers"}),
        (PAPERS, {"stage": "granted"}, {"bad_stage papers"}),
        (WORK, {"stage": "papers"}, {"bad_stage work"}),
        (
            ASK,
            {"to": "attic"},
            {"unknown_state ask attic", "unreachable_state papers", "unreachable_state lapsed"},
        ),
        (GRANT, {"sources": ("work", "attic")}, {"unknown_state grant attic"}),
        (GRANT, {"sources": ("papers",)}, set()),
        (GRANT, {"sources": ()}, {"nobody grant", "unreachable_state granted"}),
        (GRANT, {"who": frozenset()}, {"nobody grant"}),
        (GRANT, {"id": "refuse"}, {"doubled_move refuse work"}),
        (SEND, {"who": OFFICER}, set()),
        (WITHDRAW, {"who": TRADER | OFFICER}, {"withdrawn_by_office withdraw"}),
        (LAPSE, {"who": CLOCK | OFFICER}, {"pause_without_limit papers", "lapsed_by_hand lapse"}),
        (REFUSE, {"needs": frozenset({Need.REASON})}, {"refusal_without_basis refuse"}),
        (REFUSE, {"who": HEAD | TRADER}, {"refusal_without_basis refuse"}),
        (REOPEN, {"to": "papers"}, {"bad_reopening reopen"}),
        (REOPEN, {"to": "granted"}, {"bad_reopening reopen"}),
        (REOPEN, {"who": CLOCK}, {"clock_outside_limit reopen"}),
        (GRANT, {"only_if": (("small", "yes"),)}, set()),
        (LAPSE, {"only_if": (("small", "yes"),)}, {"bad_condition lapse"}),
        (GRANT, {"same_as": (("decision", "ask"),)}, {"bad_condition grant"}),
        (GRANT, {"same_as": (("body", "grant"),)}, {"bad_condition grant"}),
        (GRANT, {"date": DateRule.NOT_PAST}, {"bad_condition grant"}),
        (GRANT, {"effect": Effect.NEWS_ITEM}, {"bad_condition grant"}),
        (SEND, {"effect": Effect.NEWS_ITEM, "needs": frozenset({Need.DATE})}, {"bad_condition send"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_and_nothing_else(one: State | Move, to: dict[str, object], expected: set[str]) -> None:
    states, moves = changed(one, **to)
    if expected:
        assert faults(states, moves) == expected
    else:
        Machine("m", states, moves)


def test_a_pause_the_trader_cannot_end_is_refused() -> None:
    moves = [replace(SEND, who=OFFICER), LAPSE, ASK, GRANT, REFUSE, replace(WITHDRAW, sources=("work",))]
    assert faults(STATES, moves) == {"pause_without_trader papers"}


def test_states_without_a_way_out_are_found_also_in_a_circle() -> None:
    states = [*STATES, State("one", Kind.OPEN), State("other", Kind.OPEN)]
    circle = [
        Move("into", ("work",), "one", OFFICER),
        Move("there", ("one",), "other", OFFICER),
        Move("back", ("other",), "one", OFFICER),
    ]
    assert faults(states, [*MOVES, *circle]) == {"dead_end one", "dead_end other"}


def test_everything_is_said_at_once() -> None:
    states = [*STATES, State("work", Kind.OPEN), State("attic", Kind.ENDED)]
    moves = [replace(REFUSE, needs=frozenset()), *(one for one in MOVES if one is not REFUSE)]
    assert faults(states, moves) == {
        "doubled_state work",
        "unreachable_state attic",
        "bad_outcome attic",
        "refusal_without_basis refuse",
    }
    assert faults([], []) == {"bad_start "}, "there is none to name"
