"""The bounds of a search: replications of known outcome, so that it is known which staffing has to be found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bridgehead.engines.simulation.model import Model, Station
from bridgehead.engines.simulation.staffing.advice import Advice
from bridgehead.engines.simulation.staffing.keeping import Seen
from bridgehead.engines.simulation.staffing.observing import Asked, Observation, Observed
from bridgehead.engines.simulation.staffing.search import Question, find_staffing
from tests.engines.simulation.staffed_ports import gate

LIMIT_MIN = 10.0
STATEMENT = 10_000_000
"""From this replication on those of the first statement, from twice this one on those of the second, and so on."""

Counts = tuple[int, int]


def port(gate_lanes: int, scan_lanes: int) -> Model:
    """Return two stations behind each other, whose loads ask for one server each."""
    service = {"exp": 0.5}
    return gate(
        stations={
            "gate": {"servers": gate_lanes, "service": service},
            "scan": {"servers": scan_lanes, "service": service},
        },
        routes={"*": {"gate": "scan", "scan": "out"}},
    )


@dataclass
class Known:
    """Answers replications by what is known of a port, and remembers the last of them.

    Parameters
    ----------
    excess : callable
        Minutes of stay above the limit with so many servers, on the way or where a statement is held against them.
    """

    excess: Callable[[Counts, bool], float]
    last: int = field(default=0)

    def __call__(self, every: Sequence[Asked]) -> list[Observed]:
        return [Observed(tuple(self.seen(one, run.replication) for run in one.runs)) for one in every]

    def seen(self, one: Asked, replication: int) -> Observation:
        """Return one replication."""
        self.last = max(self.last, replication)
        counts = servers(one.model)
        noise = np.random.default_rng((*counts, replication)).normal(0.0, 0.1)
        stay = LIMIT_MIN + self.excess(counts, replication >= STATEMENT) + noise
        return Observation((Seen(1000.0 * stay, 1000.0),), np.full(len(one.stations), 1.0))


def servers(model: Model) -> Counts:
    """Return the servers of the two stations."""
    found = {one.id: one.servers or 0 for one in model.nodes if isinstance(one, Station)}
    return found["gate"], found["scan"]


def searched(now: Counts, known: Known) -> Advice:
    """Return what is advised without bounds for a port that has these servers now; a gate costs ten times a scan."""
    question = Question(cost={"gate": 10.0, "scan": 1.0})
    return find_staffing(port(*now), f"mean stay <= {LIMIT_MIN:.0f} min", question, evaluator=known)


def test_bounds_raised_for_the_servers_of_today_do_not_bind_where_these_are_not_enough() -> None:
    def excess(counts: Counts, held: bool) -> float:
        enough = counts[0] >= 2 and counts[1] >= 6
        lucky = counts == (4, 4) and not held
        return -1.0 if enough or lucky else 1.0

    found = searched((4, 4), Known(excess))
    assert (found.outcome, found.servers) == ("found", {"gate": 2, "scan": 6})
    assert found.separated


def test_servers_of_today_that_were_shown_to_be_too_few_are_not_held_against_fresh_numbers_again() -> None:
    def excess(counts: Counts, held: bool) -> float:
        lucky = counts == (4, 4) and not held
        return -1.0 if counts[0] >= 5 or lucky else 1.0

    known = Known(excess)
    found = searched((4, 4), known)
    assert (found.outcome, found.servers) == ("found", {"gate": 5, "scan": 1})
    assert known.last < 3 * STATEMENT
