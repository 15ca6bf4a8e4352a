"""Checks of the tables of indicators: units, formulas, periods and targets that the ledger can reckon with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial

from bridgehead.engines.indicators.formula import Formula
from bridgehead.kernel.errors import BridgeheadError, Fault
from bridgehead.kernel.periods import Period
from bridgehead.kernel.units import convert, measures
from bridgehead.regions.checks.common import finding, readable, sound, word
from bridgehead.regions.folder import Folder

_DEFINED = ("indicators", "series")


def indicators_have_known_units(folder: Folder) -> Iterator[Fault]:
    """Check that the unit of an indicator or series is one that figures can be converted from and into."""
    for name in _DEFINED:
        table = folder.tables[name]
        if readable(folder, name, "unit"):
            for row in table.rows:
                if unit := word(row, "unit"):
                    for fault in _faults_of(partial(measures, unit)):
                        yield finding(table, row, "unit", fault.code, "error", **fault.parameters)


def values_are_in_the_unit_of_their_indicator(folder: Folder) -> Iterator[Fault]:
    """Check that values and targets are in a unit that measures the same as that of their indicator."""
    units = _units(folder)
    for name, amount in (("indicator_values", "value"), ("indicator_targets", "goal")):
        table = folder.tables[name]
        if not readable(folder, name, "indicator", "unit", amount):
            continue
        for row in table.rows:
            wanted, given = units.get(word(row, "indicator"), ""), word(row, "unit")
            if wanted and given and not _faults_of(partial(measures, wanted)):
                value = row[amount] if sound(row, amount) else None
                one = value if isinstance(value, Decimal) else Decimal(1)
                for fault in _faults_of(partial(convert, one, given, wanted)):
                    yield finding(table, row, "unit", fault.code, "error", **fault.parameters)


def indicator_periods_can_be_read(folder: Folder) -> Iterator[Fault]:
    """Check that a period of a value is written as periods are."""
    table = folder.tables["indicator_values"]
    if readable(folder, "indicator_values", "period"):
        for row in table.rows:
            if period := word(row, "period"):
                for fault in _faults_of(partial(Period.read, period)):
                    yield finding(table, row, "period", fault.code, "error", **fault.parameters)


def formulas_name_what_is_defined(folder: Folder) -> Iterator[Fault]:
    """Check that the formula of an indicator can be read, names known series, and never leads back to itself."""
    table = folder.tables["indicators"]
    if not all(readable(folder, name, "id") for name in _DEFINED) or not readable(folder, "indicators", "formula"):
        return
    known = {word(row, "id") for name in _DEFINED for row in folder.tables[name].rows}
    parts: dict[str, tuple[str, ...]] = {}
    for row in table.rows:
        if not (text := word(row, "formula")):
            continue
        try:
            named = Formula(text).series
        except BridgeheadError as error:
            for fault in error.faults:
                yield finding(table, row, "formula", fault.code, "error", **fault.parameters)
            continue
        for one in named:
            if one not in known:
                given = {"id": word(row, "id"), "series": one}
                yield finding(table, row, "formula", "region.formula_of_unknown_series", "error", **given)
        parts[word(row, "id")] = named
    for row in table.rows:
        if word(row, "id") in parts and _leads_back(word(row, "id"), parts):
            yield finding(table, row, "formula", "region.formula_in_a_circle", "error", id=word(row, "id"))


def _leads_back(start: str, parts: Mapping[str, tuple[str, ...]]) -> bool:
    seen: set[str] = set()
    waiting = list(parts[start])
    while waiting:
        one = waiting.pop()
        if one == start:
            return True
        if one not in seen:
            seen.add(one)
            waiting.extend(parts.get(one, ()))
    return False


def _units(folder: Folder) -> dict[str, str]:
    return {word(row, "id"): word(row, "unit") for name in _DEFINED for row in folder.tables[name].rows}


def _faults_of(work: Callable[[], object]) -> tuple[Fault, ...]:
    """Return what a piece of work refuses, nothing where it goes through."""
    try:
        work()
    except BridgeheadError as error:
        return error.faults
    return ()
