"""Scenarios as text: JSON or TOML that a person can write, read with everything that is wrong told at once.

::

    year = 2023

    [[edits]]
    edit = "close_port"
    port = "north-gate"
    from = 2023-07-01
    to = 2023-07-10
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from bridgehead.engines.network.applied import Scenario
from bridgehead.engines.network.components import ComponentTables
from bridgehead.engines.network.edits import KINDS, Edit, as_plain, field_names, plain_name
from bridgehead.engines.network.lookup import alike
from bridgehead.engines.network.scenario_draft import Draft
from bridgehead.engines.network.scenario_edits import make_edits, note_unknown_names
from bridgehead.engines.network.scenario_lines import Lines, json_lines, toml_lines
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

MOST_EDITS = 200
LONGEST_TEXT = 200
FIELDS = ("year", "edits", "name", "reason")
"""What a scenario may hold; name and reason are for the reader and no part of its content."""
_LINE = re.compile(r"\(at line (\d+), column \d+\)$")
"""Before Python 3.14 what is wrong with TOML has its line at the end of the sentence alone."""


def scenario_from_json(text: str | bytes, tables: ComponentTables, *, file: str | None = None) -> Scenario:
    """Read a scenario from JSON text.

    Parameters
    ----------
    text : str or bytes
        ``{"year": 2023, "edits": [{"edit": "open_link", "link": "a--b--rail"}, ...]}``; without a year that of the
        tables.
    tables : ComponentTables
        The base, against which every edit is checked.
    file : str, optional
        Name of the file, for the faults.

    Raises
    ------
    BridgeheadError
        ``scenario.unreadable``, or every other fault with its line and field; the sentence says which edit it is,
        from 1.
    """
    try:
        text = text if isinstance(text, str) else text.decode(json.detect_encoding(text))
        plain = json.loads(text, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        raise _unreadable(error, file) from error
    return scenario_from_plain(plain, tables, file=file, line_of=json_lines(text))


def scenario_from_toml(text: str, tables: ComponentTables, *, file: str | None = None) -> Scenario:
    """Read a scenario from TOML text; parameters and errors are those of `scenario_from_json`."""
    try:
        plain = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _unreadable(error, file) from error
    return scenario_from_plain(plain, tables, file=file, line_of=toml_lines(text))


def scenario_from_plain(
    plain: object, tables: ComponentTables, *, file: str | None = None, line_of: Lines | None = None
) -> Scenario:
    """Read a scenario from a mapping with ``year`` and ``edits``; see `scenario_from_json`.

    The row of a fault is what `line_of` finds; without it, the position of the edit, from 1.
    """
    reading = _Reading()
    year, listed = reading.whole(plain, tables)
    edits = [reading.edit(position, one) for position, one in enumerate(listed, 1)]
    draft = Draft(tables, year)
    make_edits(draft, edits)
    note_unknown_names(draft, reading.partial)
    faults = sorted([*reading.faults, *draft.faults], key=lambda fault: fault.place.row or 0)
    if faults:
        find = line_of or (lambda edit, _field: edit)
        raise BridgeheadError.of(
            Fault(one.code, one.parameters, Place(file, find(one.place.row, one.place.field), field=one.place.field))
            for one in faults
        )
    return Scenario(tables.content_hash, year, tuple(one for one in edits if one is not None))


def scenario_as_plain(scenario: Scenario) -> dict[str, object]:
    """Return a scenario as the mapping that `scenario_from_plain` reads."""
    return {"year": scenario.year, "edits": [as_plain(one) for one in scenario.edits]}


def scenario_to_json(scenario: Scenario) -> str:
    """Return a scenario as the JSON text that `scenario_from_json` reads."""
    return json.dumps(scenario_as_plain(scenario), ensure_ascii=False, indent=2)


def _unreadable(error: Exception, file: str | None) -> BridgeheadError:
    reason, row = str(error), None
    if isinstance(error, json.JSONDecodeError):
        row = error.lineno
    elif isinstance(error, tomllib.TOMLDecodeError) and (line := _LINE.search(reason)):
        row = int(line[1])
    told = reason[:LONGEST_TEXT] or type(error).__name__
    return BridgeheadError("scenario.unreadable", {"reason": told}, Place(file, row))


def _once_each(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name!r} stands twice in one object")
        found[name] = value
    return found


class _UnfitError(ValueError):
    """A value that is not of the type its field has."""


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise _UnfitError
    return value.strip()


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _UnfitError
    try:
        number = float(value)
    except OverflowError:
        raise _UnfitError from None
    if not math.isfinite(number):
        raise _UnfitError
    return number


def _integer(value: object) -> int:
    if not _number(value).is_integer():
        raise _UnfitError
    return int(value)  # type: ignore[call-overload,no-any-return]


def _integers(value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple):
        raise _UnfitError
    return tuple(_integer(one) for one in value)


def _day(value: object) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise _UnfitError from None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _UnfitError
    return value


_OTHER: Mapping[str, tuple[str, Callable[[object], Any]]] = MappingProxyType(
    {
        **dict.fromkeys(("length_km", "speed_kmh", "capacity", "factor", "value"), ("number", _number)),
        **dict.fromkeys(("from", "to"), ("day", _day)),
        "gauge_mm": ("integer", _integer),
        "gauges_mm": ("integers", _integers),
    }
)


def type_of(field: str) -> str:
    """Return what a field of the plain form holds: ``text``, ``number``, ``integer``, ``integers`` or ``day``."""
    return _OTHER.get(field, ("text", _text))[0]


class _Reading:
    """Turns plain values into edits and notes what cannot be one.

    `partial` holds, by their position, faulty edits without the fields at fault, to look at what their others name.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.partial: dict[int, Edit] = {}

    def refuse(self, code: str, row: int | None, field: str | None, **parameters: object) -> None:
        self.faults.append(Fault(code, {"edit": row or "", "field": field, **parameters}, Place(row=row, field=field)))

    def whole(self, plain: object, tables: ComponentTables) -> tuple[int, list[object]]:
        """Return year and edits of a scenario, as far as it has them."""
        if not isinstance(plain, Mapping):
            self.refuse("scenario.no_edits", None, "edits")
            return tables.base_year, []
        for name in [name for name in plain if name not in FIELDS]:
            self.refuse("scenario.unknown_field", None, str(name), known=", ".join(FIELDS))
        listed = plain.get("edits")
        if not isinstance(listed, list | tuple) or not listed:
            self.refuse("scenario.no_edits", None, "edits")
            listed = []
        elif len(listed) > MOST_EDITS:
            self.refuse("scenario.too_many_edits", None, "edits", count=len(listed), most=MOST_EDITS)
            listed = []
        return self.year(plain.get("year", tables.base_year), tables), list(listed)

    def year(self, given: object, tables: ComponentTables) -> int:
        try:
            year = _integer(given)
            if not 1 <= year <= 9999:
                raise _UnfitError
        except _UnfitError:
            self.refuse("scenario.bad_field", None, "year", value=str(given), expected="integer")
            return tables.base_year
        first, last = tables.horizon
        if not first <= year <= last:
            told = {"year": year, "first": first, "last": last}
            self.faults.append(Fault("route.year_outside_data", told, Place(field="year")))
        return year

    def edit(self, row: int, plain: object) -> Edit | None:
        """Return one edit, or None and what is wrong with it noted."""
        if not isinstance(plain, Mapping):
            self.refuse("scenario.bad_field", row, "edit", value=str(plain), expected="object")
            return None
        kind = KINDS.get(plain.get("edit", "")) if isinstance(plain.get("edit"), str) else None
        if kind is None:
            self.refuse("scenario.unknown_edit", row, "edit", value=str(plain.get("edit", "")), known=", ".join(KINDS))
            return None
        before = len(self.faults)
        values = self._values(row, kind, plain)
        needed = [one.name for one in fields(kind) if one.default is MISSING]
        for name in map(plain_name, needed):
            if plain.get(name) is None or plain[name] == "":
                self.refuse("scenario.missing_field", row, name, of=kind.KIND)
        if len(self.faults) == before:
            return kind(**values)
        values = {**{name: 1.0 for name in needed if type_of(plain_name(name)) == "number"}, **values}
        if values.keys() >= set(needed):
            self.partial[row] = kind(**values)
        return None

    def _values(self, row: int, kind: type[Edit], plain: Mapping[Any, object]) -> dict[str, Any]:
        known = field_names(kind)
        python = {plain_name(one.name): one.name for one in fields(kind)}
        values = {}
        for name, value in plain.items():
            if name == "edit" or value is None or (isinstance(value, str) and not value):
                continue
            if name not in known:
                close = ", ".join(alike(str(name), known)) or ", ".join(known)
                self.refuse("scenario.unknown_field", row, str(name), known=close)
                continue
            expected, read = _OTHER.get(name, ("text", _text))
            try:
                values[python[name]] = read(value)
            except _UnfitError:
                self.refuse("scenario.bad_field", row, name, value=str(value), expected=expected)
        return values
