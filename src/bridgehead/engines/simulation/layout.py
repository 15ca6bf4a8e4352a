"""The records the event kernel works on: what they hold, and the words for kinds, states and reasons.

A record holds what the model says of a thing, its state, and what is counted of it, so that one pointer reaches all
three. `bridgehead.engines.simulation.compiling` fills the first part once per model; a run begins from a copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

# Kinds of nodes.
STATION, INPUT, SPLIT, COMBINE = 0, 1, 2, 3
# What a full node does; what a closing does; who may come while closed.
LOSE, BLOCK, DIVERT = 0, 1, 2
FINISH, PAUSE, EMPTY = 0, 1, 2
# What a breakdown does to the service under way.
RESUME, REPEAT, REJOIN = 0, 1, 2
# Kinds of sources.
RENEWAL, RATE, LISTED = 0, 1, 2
# Where a unit is.
NOWHERE, WAITING, IN_SERVICE, INTERRUPTED, BLOCKED, OUTSIDE, DIVIDING = 0, 1, 2, 3, 4, 5, 6

# Events of the heap in the order they happen at the same time; arrivals come between COMBINE_DUE and PATIENCE.
END, REPAIR, BREAK, LEVEL, RETURN, LANE, COMBINE_DUE, WARM, PATIENCE = 0, 1, 2, 3, 4, 5, 6, 7, 8
RANK_SHIFT = 52

# Work left over by an event.
REFILL, ADMIT, POOLS, ENTER, DIVIDE = 0, 1, 2, 3, 4

# Why the kernel came back.
DONE, PAUSED, MORE_UNITS, MORE_EVENTS, MORE_WORK, MORE_LOG, DEADLOCK, NOT_RISING = 0, 1, 2, 3, 4, 5, 6, 7

# Distributions.
(EXP, DET, ERLANG, UNIFORM, NORMAL, LOGNORMAL, GAMMA, WEIBULL, TRIANGULAR, MIX, EMPIRICAL, QUANTILES, POISSON) = range(
    13
)

OCTAVE_BITS = 6
"""Each doubling of a time has 2 ** OCTAVE_BITS cells in a histogram."""
LOWEST_EXPONENT = -6
HIGHEST_EXPONENT = 22
CELLS = ((HIGHEST_EXPONENT - LOWEST_EXPONENT) << OCTAVE_BITS) + 1
"""Cells of a histogram: one below 2 ** LOWEST_EXPONENT minutes (0.94 s), the last open upwards."""

_I, _F, _U, _L = np.int32, np.float64, np.uint64, np.int64

NODE = np.dtype(
    [
        # what the model says
        ("service_purpose", _U),
        ("patience_purpose", _U),
        ("route_purpose", _U),
        ("balk_purpose", _U),
        ("up_purpose", _U),
        ("down_purpose", _U),
        ("child_purpose", _U),
        ("balk_probability", _F),
        ("delay", _F),
        ("after", _F),
        ("kind", _I),
        ("servers", _I),  # -1: as many as are needed
        ("slot", _I),  # first of its servers
        ("capacity", _I),  # -1: no limit
        ("full", _I),
        ("full_to", _I),
        ("balk_at", _I),  # -1: nobody balks
        ("balk_to", _I),
        ("patient", _I),  # whether some give up
        ("gives_up_to", _I),
        ("up", _I),  # distribution, -1 where nothing breaks
        ("down_for", _I),
        ("while_idle", _I),
        ("repair", _I),
        ("lanes", _I),  # extra lanes at most
        ("open_when", _I),
        ("close_when", _I),
        ("preempt", _I),
        ("need", _I),
        ("need_end", _I),
        ("take", _I),
        ("take_end", _I),
        ("give", _I),
        ("give_end", _I),
        ("at_close", _I),
        ("turn_away", _I),
        ("timeline", _I),  # next change of level
        ("timeline_end", _I),
        ("partner", _I),  # of an input of a match
        ("side", _I),
        ("accepts", _I),  # class an input of a match is for
        ("becomes", _I),  # first type of the class a pair or a collection becomes, -1 for none
        ("size", _I),  # of a collection
        ("report", _I),  # node of the model it belongs to
        ("plain", _I),  # a station with nothing but servers, hours and a line, see `plain`
        # its state
        ("level", _I),  # servers at work by the calendar
        ("extra", _I),
        ("lane_due", _I),
        ("serving", _I),
        ("blocked", _I),
        ("stopped", _I),  # units whose service is interrupted by the closing
        ("down", _I),
        ("stuck", _I),  # units at servers that are down
        ("queue", _I),
        ("free_slots", _I),
        ("pool_wait", _I),
        ("blocked_first", _I),
        ("blocked_last", _I),
        ("waiting_outside", _I),  # units of others that wait for a place here
        ("suspect", _I),  # whether it may stand still for ever
        ("overtime", _I),
        ("mark", _I),
        ("bin", _I),
        ("last_seq", _L),
        ("last", _F),
        ("bin_end", _F),
        # what is counted
        ("pairs", _L),
        ("longest", _L),
        ("queue_area", _F),
        ("closed_queue_area", _F),
        ("serving_area", _F),
        ("blocked_area", _F),
        ("stopped_area", _F),
        ("down_area", _F),
        ("stuck_area", _F),
        ("idle_area", _F),
        ("open_time", _F),
    ],
    align=True,
)


def plain(nodes: Any) -> Any:
    """Tell of which nodes the kernel may take the short way: stations with nothing but servers, hours and a line."""
    found = (nodes["kind"] == STATION) & (nodes["servers"] >= 0) & (nodes["at_close"] != EMPTY)
    for unset in ("capacity", "balk_at", "up"):
        found &= nodes[unset] < 0
    for none in ("turn_away", "lanes", "preempt", "patient"):
        found &= nodes[none] == 0
    for amounts in ("need", "take", "give"):
        found &= nodes[amounts] == nodes[f"{amounts}_end"]
    return found


PAIR = np.dtype(
    [
        ("service", _I),  # distribution, -1 if units of the type never come here
        ("patience", _I),
        ("way", _I),  # first of its ways out
        ("way_end", _I),
        ("shortest", _I),  # ways are candidates of which the shortest is taken
        ("children", _I),
        ("wait_histogram", _I),
        ("pad", _I),
        ("arrivals", _L),
        ("lost", _L),
        ("diverted", _L),
        ("balked", _L),
        ("gave_up", _L),
        ("started", _L),
        ("waited", _L),
        ("ended", _L),
        ("wait_sum", _F),
        ("wait_square", _F),
        ("gave_up_sum", _F),
        ("service_sum", _F),
        ("blocked_sum", _F),
        ("outside_sum", _F),
    ],
    align=True,
)
"""A node and a type of unit: at ``node * types + type``."""

TYPE = np.dtype(
    [
        ("group", _I),
        ("unit_class", _I),
        ("band", _I),
        ("cumulative", _F),  # sum of the shares of risk bands up to this one
        ("stay_histogram", _I),
        ("wait_histogram", _I),
        ("pad", _I),
        ("arrived", _L),  # from outside
        ("born", _L),  # those made of others included
        ("done", _L),
        ("dropped", _L),  # lost, balked or gave up and left
        ("stay_sum", _F),
        ("stay_square", _F),
        ("wait_sum", _F),
        ("wait_square", _F),
        ("dropped_sum", _F),
    ],
    align=True,
)
"""A type of unit: a class, and of a class with risk bands one of them."""

GROUP = np.dtype([("priority", _F), ("accrues", _F), ("age", _I), ("age_end", _I)], align=True)
"""Types that wait in one line, since their priority is the same at all times."""

WAY = np.dtype([("cumulative", _F), ("to", _I), ("back", _I)], align=True)
"""A way out of a node: to which node (-1 leaves), the sum of shares up to it, whether it leads back."""

DISTRIBUTION = np.dtype(
    [("kind", _I), ("first", _I), ("count", _I), ("pad", _I), ("a", _F), ("b", _F), ("c", _F)], align=True
)

SOURCE = np.dtype(
    [
        ("key", _U),
        ("kind", _I),
        ("node", _I),
        ("type", _I),  # first of its class
        ("bands", _I),
        ("distribution", _I),
        ("batch", _I),  # distribution, -1 for single units
        ("first", _I),  # of its rates
        ("last", _I),
        ("at", _I),  # rate under way
        ("pad", _I),
        ("next", _F),
        ("period", _F),
        ("cycle", _F),  # beginning of the cycle under way
        ("position", _L),  # in the listed arrivals
        ("position_end", _L),
        ("arrivals", _L),
        ("units", _L),
    ],
    align=True,
)

UNIT = np.dtype(
    [
        # what every step needs, in the first 64 bytes
        ("key", _U),
        ("joined", _F),
        ("began", _F),
        ("left", _F),  # of the service; negative before it began
        ("version", _I),
        ("type", _I),
        ("node", _I),
        ("slot", _I),
        ("state", _I),
        ("loop", _I),
        ("next", _I),
        ("to", _I),
        # the rest
        ("born", _F),
        ("waited", _F),
        ("ran", _F),  # since when the service runs
        ("total", _F),
        ("seq", _L),
        ("number", _L),
        ("prev", _I),
        ("source", _I),
        ("pad", _L),
    ],
    align=True,
)
"""A unit: two lines of the cache."""

SLOT = np.dtype(
    [("up_left", _F), ("node", _I), ("unit", _I), ("down", _I), ("version", _I), ("breaks", _L)],
    align=True,
)
"""One server of a station."""

POOL = np.dtype(
    [
        ("purpose", _U),
        ("size", _I),
        ("free", _I),
        ("back", _I),
        ("away", _I),
        ("returns", _L),
        ("last", _F),
        ("area", _F),
    ],
    align=True,
)

EVENT = np.dtype([("key", _U), ("time", _F), ("load", _L)])
"""An event: its kind and number in one key, when it happens, whom it concerns and the version of that in one load.

The time follows the key, so that both together can be compared as one number.
"""

WORK = np.dtype([("what", _I), ("which", _I), ("to", _I), ("pad", _I)], align=True)

LOGGED = np.dtype(
    [
        ("key", _U),
        ("start", _F),
        ("end", _F),
        ("number", _L),
        ("slot", _I),
        ("source", _I),
        ("type", _I),
        ("node", _I),
    ],
    align=True,
)
"""One service, or with node -1 - n the arrival of a unit at node n."""


AGE = np.dtype([("after", _F), ("to", _F)])
RATE_PIECE = np.dtype([("begin", _F), ("rate", _F)])
LISTED_ARRIVAL = np.dtype([("time", _F), ("number", _L)])
CHANGE = np.dtype([("time", _F), ("level", _L)])
AMOUNT = np.dtype([("which", _I), ("amount", _I)])
LINE = np.dtype([("first", _I), ("last", _I)])
INDEX = np.dtype([("value", _I)])
WHOLE = np.dtype([("value", _L)])
REAL = np.dtype([("value", _F)])

TABLES: Mapping[str, np.dtype] = {
    "node": NODE,
    "pair": PAIR,
    "type": TYPE,
    "group": GROUP,
    "age": AGE,
    "way": WAY,
    "distribution": DISTRIBUTION,
    "value": REAL,
    "source": SOURCE,
    "rate": RATE_PIECE,
    "listed": LISTED_ARRIVAL,
    "change": CHANGE,
    "amount": AMOUNT,
    "line": LINE,
    "unit": UNIT,
    "free_unit": INDEX,
    "held": INDEX,
    "slot": SLOT,
    "free_slot": INDEX,
    "pool": POOL,
    "event": EVENT,
    "work": WORK,
    "cell": WHOLE,
    "bin": REAL,
    "count": WHOLE,
    "logged": LOGGED,
}
"""Tables of a run: the record of the world holds the address of each, which the kernel reads them by.

One pointer to the world is all that functions of the kernel hand each other, which makes them fast to compile.
"""

WORLD = np.dtype(
    [
        *((f"{name}_address", _L) for name in TABLES),
        ("now", _F),
        ("horizon", _F),
        ("warmup", _F),
        ("bin_width", _F),
        ("next_arrival", _F),
        ("system_last", _F),
        ("system_bin_end", _F),
        ("system_area", _F),
        ("seq", _L),
        ("joins", _L),
        ("events", _L),
        ("left", _L),  # events until the kernel comes back
        ("entries", _L),  # in the heap
        ("batch_left", _L),
        ("node_count", _L),
        ("type_count", _L),
        ("group_count", _L),
        ("pool_count", _L),
        ("source_count", _L),
        ("histogram_count", _L),
        ("bin_count", _L),
        ("event_room", _L),
        ("work_room", _L),
        ("log_room", _L),
        ("work_first", _L),
        ("work_count", _L),
        ("free_units", _L),
        ("logged", _L),
        ("in_system", _L),
        ("system_bin", _L),
        ("next_source", _L),
        ("hole", _L),  # whether the root of the heap is taken out
        ("logging", _L),
        ("stamp", _L),
        ("moment", _F),  # time of the steps that are counted
        ("steps", _L),  # of the kernel since time last went on
        ("grown", _L),  # whether the knot under search grew
        ("unit_room", _L),
        ("suspects", _L),  # whether some station may stand still for ever
        ("event_margin", _L),  # entries the event list must have left before anything happens
        ("work_margin", _L),
        ("freed", _L),  # station whose server became free by the event under way, -1 for none
        ("started", _L),
    ],
    align=True,
)
