"""Compiled reading of the tables of a run: the world knows where each begins, a record is found by its number.

The world is all that functions of the kernel hand each other. With some thirty arrays as arguments instead they would
take ten times as long to compile, and each call would copy them. Who calls the kernel keeps the tables alive.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from bridgehead.engines.simulation import layout

_RECORD = numba.from_dtype(layout.WORLD)
WORLD = numba.types.Array(_RECORD, 1, "C")
"""Type of an array of one world, for which the kernels are compiled."""


def _address(builder: Any, world: Any, place: int) -> Any:
    """Return where a table begins; the world says so at a place that stays as it is while the kernel runs."""
    byte, word = ir.IntType(8).as_pointer(), ir.IntType(64)
    there = builder.gep(builder.bitcast(world, byte), [ir.Constant(word, place)])
    found = builder.load(builder.bitcast(there, word.as_pointer()))
    found.set_metadata("invariant.load", builder.module.add_metadata([]))
    return builder.inttoptr(found, byte)


def _place(table: str) -> int:
    """Return where in the world the address of a table stands."""
    fields = layout.WORLD.fields
    assert fields is not None
    return int(fields[f"{table}_address"][1])


def _table(name: str) -> Any:
    """Return the compiled function that gives a record of a table: ``f(world, number)``."""
    record, size, place = numba.from_dtype(layout.TABLES[name]), layout.TABLES[name].itemsize, _place(name)

    @intrinsic
    def record_at(typing_context: Any, world: Any, number: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            base = _address(builder, arguments[0], place)
            there = builder.gep(base, [builder.mul(arguments[1], ir.Constant(ir.IntType(64), size))])
            return builder.bitcast(there, context.get_value_type(record))

        return record(_RECORD, types.int64), generate

    return record_at


@intrinsic
def _bits_of(typing_context: Any, value: Any) -> Any:
    """Return the bits of a real number as an integer."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


@intrinsic
def _earlier(typing_context: Any, world: Any, one: Any, other: Any) -> Any:
    """Return 1 where the first of two events of the list happens before the second, otherwise 0.

    Times are never negative, so their bits are in the order of the times: with the key below them an event is one
    number of 128 bits, and no branch has to be guessed.
    """
    place, size = _place("event"), layout.EVENT.itemsize

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word, wide = ir.IntType(64), ir.IntType(128)
        base, found = _address(builder, arguments[0], place), []
        for number in arguments[1:]:
            at = builder.gep(base, [builder.mul(number, ir.Constant(word, size))])
            found.append(builder.load(builder.bitcast(at, wide.as_pointer()), align=8))
        return builder.zext(builder.icmp_unsigned("<", *found), word)

    return types.int64(_RECORD, types.int64, types.int64), generate


earlier: Any = _earlier
bits_of: Any = _bits_of
node_at = _table("node")
pair_at = _table("pair")
type_at = _table("type")
group_at = _table("group")
age_at = _table("age")
way_at = _table("way")
distribution_at = _table("distribution")
value_at = _table("value")
source_at = _table("source")
rate_at = _table("rate")
listed_at = _table("listed")
change_at = _table("change")
amount_at = _table("amount")
line_at = _table("line")
unit_at = _table("unit")
free_unit_at = _table("free_unit")
held_at = _table("held")
slot_at = _table("slot")
free_slot_at = _table("free_slot")
pool_at = _table("pool")
event_at = _table("event")
work_at = _table("work")
cell_at = _table("cell")
bin_at = _table("bin")
count_at = _table("count")
logged_at = _table("logged")
