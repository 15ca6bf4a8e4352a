"""Compiled pools: what stations share, what a service holds, what a unit carries on."""

from __future__ import annotations

from typing import Any

import numpy as np

from bridgehead.engines.simulation.compile_kernels import inlined, rare
from bridgehead.engines.simulation.draw_kernels import duration, state_of
from bridgehead.engines.simulation.event_kernels import leave_work, schedule
from bridgehead.engines.simulation.layout import POOLS, RETURN
from bridgehead.engines.simulation.table_kernels import amount_at, held_at, pool_at, unit_at


@inlined
def has_pools(w: Any, node: Any, begun: Any) -> Any:
    """Tell whether all that a service takes is there; one that was begun before carries some of it already."""
    for i in range(node.need, node.need_end):
        if pool_at(w, amount_at(w, i).which).free < amount_at(w, i).amount:
            return False
    if begun:
        return True
    for i in range(node.take, node.take_end):
        if pool_at(w, amount_at(w, i).which).free < amount_at(w, i).amount + needed(w, node, amount_at(w, i).which):
            return False
    return True


@rare
def needed(w: Any, node: Any, pool: Any) -> Any:
    """Return how much of a pool a service of a station holds."""
    total = 0
    for i in range(node.need, node.need_end):
        if amount_at(w, i).which == pool:
            total += amount_at(w, i).amount
    return total


@rare
def touch_pool(w: Any, pool: Any) -> None:
    """Bring the area of what is taken of a pool up to now."""
    pool.area += (pool.size - pool.free) * (w.now - pool.last)
    pool.last = w.now


@rare
def take_pools(w: Any, node: Any, u: Any) -> None:
    """Take what a service needs, and what a unit carries on from here when it begins."""
    for i in range(node.need, node.need_end):
        pool = pool_at(w, amount_at(w, i).which)
        touch_pool(w, pool)
        pool.free -= amount_at(w, i).amount
    if unit_at(w, u).left >= 0.0:
        return
    for i in range(node.take, node.take_end):
        which = amount_at(w, i).which
        pool = pool_at(w, which)
        touch_pool(w, pool)
        pool.free -= amount_at(w, i).amount
        held_at(w, u * w.pool_count + which).value += amount_at(w, i).amount


@rare
def give_back(w: Any, which: Any, amount: Any) -> None:
    """Give so many back to a pool, at once or after their way back."""
    pool = pool_at(w, which)
    if pool.back < 0:
        touch_pool(w, pool)
        pool.free += amount
        leave_work(w, POOLS, -1, -1)
        return
    for _ in range(amount):
        state = state_of(np.uint64(pool.returns), pool.purpose, 0)
        pool.returns += 1
        pool.away += 1
        schedule(w, w.now + duration(w, pool.back, state), RETURN, which, 1)


@rare
def release_needs(w: Any, node: Any) -> None:
    """Give back what a service held."""
    for i in range(node.need, node.need_end):
        give_back(w, amount_at(w, i).which, amount_at(w, i).amount)


@rare
def release_returns(w: Any, node: Any, u: Any) -> None:
    """Give back of what a unit carries what this station takes."""
    for i in range(node.give, node.give_end):
        which = amount_at(w, i).which
        amount = min(amount_at(w, i).amount, held_at(w, u * w.pool_count + which).value)
        if amount > 0:
            held_at(w, u * w.pool_count + which).value -= amount
            give_back(w, which, amount)


@rare
def release_all(w: Any, u: Any) -> None:
    """Give back all a unit carries when it leaves."""
    for which in range(w.pool_count):
        amount = held_at(w, u * w.pool_count + which).value
        if amount > 0:
            held_at(w, u * w.pool_count + which).value = 0
            give_back(w, which, amount)


@rare
def free_after(w: Any, node: Any, which: Any) -> Any:
    """Return what of a pool is there once a service of a station has given back what it held."""
    pool = pool_at(w, which)
    return pool.free + (needed(w, node, which) if pool.back < 0 else 0)
