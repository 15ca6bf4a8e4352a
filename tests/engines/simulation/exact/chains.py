"""Stationary distributions of Markov chains in continuous time, given by what can happen in a state."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix, csc_matrix
from scipy.sparse.linalg import spsolve

State = Any
Moves = Callable[[State], Iterable[tuple[float, State]]]


@dataclass(frozen=True)
class Chain:
    """The states of a chain and how much of the time it is in each."""

    states: tuple[State, ...]
    shares: np.ndarray

    def mean(self, worth: Callable[[State], float]) -> float:
        """Average over time what a state is worth."""
        return float(np.dot(self.shares, [float(worth(state)) for state in self.states]))

    def share(self, holds: Callable[[State], bool]) -> float:
        """Say how much of the time something holds."""
        return self.mean(lambda state: 1.0 if holds(state) else 0.0)


def explore(start: Hashable, moves: Moves) -> tuple[tuple[State, ...], csc_matrix]:
    """Find all states that can be reached, and the generator over them."""
    number = {start: 0}
    order = [start]
    rows, columns, rates = [], [], []
    for i, state in enumerate(order):
        for rate, following in moves(state):
            if rate <= 0 or following == state:
                continue
            if following not in number:
                number[following] = len(order)
                order.append(following)
            rows += [i, i]
            columns += [number[following], i]
            rates += [rate, -rate]
    size = len(order)
    return tuple(order), coo_matrix((rates, (rows, columns)), shape=(size, size)).tocsc()


def solve(start: Hashable, moves: Moves) -> Chain:
    """Solve for the stationary distribution: balance of all states but the first, then scale to one."""
    states, generator = explore(start, moves)
    balance = csc_matrix(generator.T)
    rest = spsolve(balance[1:, 1:], -balance[1:, 0].toarray().ravel())
    shares = np.concatenate([[1.0], rest])
    shares /= shares.sum()
    if shares.min() < -1e-10:
        raise ArithmeticError("negative probability")
    return Chain(states, shares)


def birth_death(birth: Callable[[int], float], death: Callable[[int], float], most: int) -> np.ndarray:
    """Solve a birth-death chain on 0..most by its product of ratios."""
    logs = np.zeros(most + 1)
    for n in range(1, most + 1):
        rate = birth(n - 1)
        logs[n] = logs[n - 1] + (np.log(rate) if rate > 0 else -np.inf) - np.log(death(n))
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()
