"""Service promises as people write them: ``p90 stay <= 4 h``, ``mean wait at gate <= 30 min; share lost <= 1 %``.

A promise is about the long run of units, not about the average of runs: ``p90 stay <= 4 h`` says that of hundred units
that pass ninety leave within four hours. Who goes away without having been served is in no stay and no wait; how many
may is promised by ``share lost <= 1 %``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from bridgehead.engines.simulation.case_units import UNIT_OF
from bridgehead.engines.simulation.model import Model, Station
from bridgehead.engines.simulation.noting import near_and_known
from bridgehead.engines.simulation.quantities import quoted, to_minutes
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

Quantity = Literal["stay", "wait", "queue", "lost"]
Statistic = Literal["mean", "quantile", "share", "max"]

LONGEST = 2000
LIKELY = 0.9
"""A longest queue is promised for so many of all runs."""
FORMS = (
    "p90 stay <= 4 h",
    "mean wait at STATION <= 30 min",
    "p95 stay of CLASS <= 90 min",
    "share stay <= 4 h >= 90 %",
    "max queue at STATION <= 200",
    "mean queue at STATION <= 20",
    "share lost <= 1 %",
)

_NUMBER = r"(?P<{}>[0-9]+(?:\.[0-9]+)?)"
_WHERE = r"(?:\s+at\s+(?P<node>\S+))?(?:\s+of\s+(?P<cls>\S+))?"
_UNITS = {**UNIT_OF, "秒": "s", "分": "min", "分钟": "min", "小时": "h", "天": "d"}
_TIME = _NUMBER.format("limit") + r"\s*(?P<unit>" + "|".join(_UNITS) + ")"
_AT_MOST, _AT_LEAST = r"\s*(?:<=|≤|<)\s*", r"\s*(?:>=|≥|>)\s*"
_PERCENT = r"\s*(?P<percent>%)?"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<what>p[0-9]+(?:\.[0-9]+)?|median|mean)\s+(?P<quantity>stay|wait)" + _WHERE + _AT_MOST + _TIME,
        r"share\s+(?P<quantity>stay|wait)" + _WHERE + _AT_MOST + _TIME + _AT_LEAST + _NUMBER.format("share") + _PERCENT,
        r"(?P<what>max|mean)\s+(?P<quantity>queue)\s+at\s+(?P<node>\S+)" + _AT_MOST + _NUMBER.format("limit"),
        r"share\s+(?P<quantity>lost)(?:\s+of\s+(?P<cls>\S+))?" + _AT_MOST + _NUMBER.format("share") + _PERCENT,
    )
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that is promised.

    Parameters
    ----------
    text : str
        As it was written.
    quantity : str
        ``stay`` from coming to leaving, ``wait`` in the queue of a station (or in all, without one), ``queue`` of a
        station, ``lost`` for who leaves without having been served.
    statistic : str
        ``mean``, ``quantile``, ``share`` within the limit, or ``max``.
    limit : float
        Minutes, units of a queue, or the share lost.
    share : float
        Of units that have to be within the limit, for quantiles and shares; of runs for a longest queue.
    node, unit_class : str, optional
        Where, and of which class.
    """

    text: str
    quantity: Quantity
    statistic: Statistic
    limit: float
    share: float = 0.0
    node: str | None = None
    unit_class: str | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """All that has to hold at once."""

    clauses: tuple[Clause, ...]

    @property
    def lost(self) -> Clause:
        """The share of units that leave without having been served, to be shown: of the class all clauses are about."""
        classes = {clause.unit_class for clause in self.clauses}
        named = classes.pop() if len(classes) == 1 else None
        return Clause(f"share lost of {named}" if named else "share lost", "lost", "share", 1.0, 1.0, unit_class=named)

    @property
    def text(self) -> str:
        """All clauses."""
        return "; ".join(clause.text for clause in self.clauses)


def read_promise(text: str, model: Model) -> Promise:
    """Return the promise a text makes for a model.

    Parameters
    ----------
    text : str
        Clauses joined by ``and`` or ``;``, in small or capital letters; a time may be ``4 h``, ``4 hours``, ``4h`` or
        ``4 小时``.
    model : Model
        Whose stations and classes it speaks of.

    Raises
    ------
    BridgeheadError
        With every fault: ``staffing.bad_promise`` with the forms there are, ``staffing.promise_out_of_range``,
        ``staffing.unknown_station``, ``staffing.unknown_class``.
    """
    readable = text if len(text) <= LONGEST else ""
    parts = [part.strip() for part in re.split(r"[;；\n]|\s+and\s+", readable, flags=re.IGNORECASE) if part.strip()]
    clauses: list[Clause] = []
    faults: list[Fault] = []
    for part in parts:
        found = _clause(part)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            clauses.append(found)
            faults += _unknown(found, model)
    if not parts:
        faults.append(_fault("staffing.bad_promise", part=quoted(text[:80]), forms=list(FORMS)))
    if faults:
        raise BridgeheadError.of(faults)
    return Promise(tuple(clauses))


def _fault(code: str, **parameters: object) -> Fault:
    return Fault(code, parameters, Place(field="promise"))


def _clause(part: str) -> Clause | Fault:
    match = next((found for pattern in _PATTERNS if (found := pattern.fullmatch(part))), None)
    if match is None:
        return _fault("staffing.bad_promise", part=quoted(part), forms=list(FORMS))
    given: dict[str, Any] = match.groupdict()
    quantity: Quantity = given["quantity"].casefold()
    what = given["what"].casefold() if given.get("what") else None
    statistic, share = _statistic(what)
    if what is None or quantity == "lost":
        share = float(given["share"]) / (100.0 if given["percent"] else 1.0)
    limit = share if quantity == "lost" else float(given["limit"])
    if given.get("unit"):
        limit = to_minutes(limit, _UNITS[given["unit"].casefold()])
    node, unit_class = given.get("node"), given.get("cls")
    if quantity == "wait" and node is None and statistic != "mean":
        return _fault("staffing.bad_promise", part=quoted(part), forms=list(FORMS))
    if statistic in {"quantile", "share"} and (not 0.0 < share < 1.0 or limit <= 0.0):
        return _fault("staffing.promise_out_of_range", part=quoted(part))
    return Clause(part, quantity, statistic, limit, share, node, unit_class)


def _statistic(what: str | None) -> tuple[Statistic, float]:
    if what is None:
        return "share", 0.0
    if what == "mean":
        return "mean", 0.0
    if what == "max":
        return "max", LIKELY
    return "quantile", 0.5 if what == "median" else float(what[1:]) / 100.0


def _unknown(clause: Clause, model: Model) -> Iterable[Fault]:
    stations = tuple(node.id for node in model.nodes if isinstance(node, Station))
    classes = tuple(one.id for one in model.classes)
    if clause.node is not None and clause.node not in stations:
        yield _fault("staffing.unknown_station", **near_and_known(clause.node, stations))
    if clause.unit_class is not None and clause.unit_class not in classes:
        yield _fault("staffing.unknown_class", **near_and_known(clause.unit_class, classes))
