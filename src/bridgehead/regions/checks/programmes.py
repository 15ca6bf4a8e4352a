"""Checks of the kinds of programmes: each has stages in order, fields and an indicator, and differs from the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bridgehead.engines.indicators.formula import Formula
from bridgehead.engines.programmes.kinds import NUMERIC, Type
from bridgehead.engines.programmes.series import ITEM, REACHED, YEAR_ITEMS, YES, spelt
from bridgehead.kernel.calendars import Term
from bridgehead.kernel.errors import BridgeheadError, Fault
from bridgehead.kernel.tables import Row
from bridgehead.regions.checks.common import finding, readable, sound, texts, word
from bridgehead.regions.folder import Folder

KINDS, STAGES, FIELDS, INDICATORS = (f"programme_{name}" for name in ("kinds", "stages", "fields", "indicators"))


def kinds_of_programmes_are_whole(folder: Folder) -> Iterator[Fault]:
    """Check that a kind of programme has stages, fields and an indicator of its own."""
    if not all(readable(folder, one, "kind") for one in (STAGES, FIELDS, INDICATORS)):
        return
    having = {one: {word(row, "kind") for row in folder.tables[one].rows} for one in (STAGES, FIELDS, INDICATORS)}
    for row in folder.tables[KINDS].rows:
        for table, kinds in having.items():
            if sound(row, "id") and word(row, "id") not in kinds:
                given: dict[str, Any] = {"kind": word(row, "id"), "missing": f"{table}.csv"}
                yield finding(folder.tables[KINDS], row, "id", "region.programme_kind_lacks", **given)


def kinds_of_programmes_differ(folder: Folder) -> Iterator[Fault]:
    """Check that no two kinds of programmes have the same stages or the same fields: a name alone makes no kind."""
    for table, column in ((STAGES, "stage"), (FIELDS, "field")):
        if not readable(folder, table, "kind", column):
            continue
        first: dict[frozenset[str], str] = {}
        for kind, rows in _by_kind(folder, table).items():
            own = frozenset(word(row, column) for row in rows)
            other = first.setdefault(own, kind)
            if other != kind:
                given: dict[str, Any] = {"kind": kind, "other": other}
                yield finding(folder.tables[table], rows[0], "kind", "region.programme_kinds_alike", **given)


def stages_of_programmes_are_in_order(folder: Folder) -> Iterator[Fault]:
    """Check that the stages of a kind of programme are numbered 1, 2, 3 …, and that their terms can be read."""
    table = folder.tables[STAGES]
    if not readable(folder, STAGES, "kind", "order"):
        return
    for kind, rows in _by_kind(folder, STAGES).items():
        for at, row in enumerate(rows, start=1):
            if sound(row, "order") and row["order"] != at:
                given: dict[str, Any] = {"kind": kind, "order": row.text("order"), "expected": at}
                yield finding(table, row, "order", "region.programme_stage_order", **given)
    for row in table.rows:
        try:
            if word(row, "term"):
                Term.read(word(row, "term"))
        except BridgeheadError:
            yield finding(table, row, "term", "region.programme_stage_term", value=word(row, "term"))


def fields_of_programmes_are_typed(folder: Folder) -> Iterator[Fault]:
    """Check that a choice names its values in both languages, and that only a choice has any."""
    table = folder.tables[FIELDS]
    for row in table.rows if readable(folder, FIELDS, "type", "allowed") else ():
        counts = {len(texts(row, f"allowed{end}")) for end in ("", "_zh", "_en")}
        chosen = word(row, "type") == Type.CHOICE
        if sound(row, "type", "allowed", "allowed_zh", "allowed_en") and (len(counts) > 1 or chosen == (counts == {0})):
            yield finding(table, row, "allowed", "region.programme_field_choices", field=word(row, "field"))


def parts_of_programmes_have_a_whole(folder: Folder) -> Iterator[Fault]:
    """Check that a field that is a part of another is a number, and the other one, too, of its record and unit."""
    table = folder.tables[FIELDS]
    if not readable(folder, FIELDS, "type", "unit", "at_most", "of"):
        return
    by_kind = _by_kind(folder, FIELDS)
    for row in table.rows:
        whole = word(row, "at_most")
        if not whole or not sound(row, "kind", "of", "field", "type", "unit", "at_most"):
            continue
        beside = {
            word(one, "field")
            for one in by_kind[word(row, "kind")]
            if all(word(one, name) == word(row, name) for name in ("of", "unit")) and word(one, "type") in NUMERIC
        }
        if word(row, "type") not in NUMERIC or whole == word(row, "field") or whole not in beside:
            yield finding(table, row, "at_most", "region.programme_field_whole", field=word(row, "field"), whole=whole)


def indicators_of_programmes_can_be_computed(folder: Folder) -> Iterator[Fault]:
    """Check that the formula of an indicator can be read and names what the records of its kind say."""
    table = folder.tables[INDICATORS]
    if not all(readable(folder, one) for one in (STAGES, FIELDS)) or not readable(folder, INDICATORS, "formula"):
        return
    fields, stages = _by_kind(folder, FIELDS), _by_kind(folder, STAGES)
    for row in table.rows:
        if not sound(row, "kind", "formula"):
            continue
        known = {"count", "items", YEAR_ITEMS} | {
            f"{REACHED}{spelt(word(one, 'stage'))}" for one in stages.get(word(row, "kind"), [])
        }
        known |= {name for one in fields.get(word(row, "kind"), []) if (name := _series(one))}
        try:
            unknown = [name for name in Formula(word(row, "formula")).series if name not in known]
        except BridgeheadError as refused:
            yield finding(table, row, "formula", refused.code, "error", **refused.faults[0].parameters)
            continue
        for name in unknown:
            given: dict[str, Any] = {"series": name, "kind": word(row, "kind")}
            yield finding(table, row, "formula", "region.programme_formula_names", **given)


def _series(row: Row) -> str:
    """Return the name by which a formula can name a field, empty where it cannot."""
    before = ITEM if word(row, "of") == "item" else ""
    if word(row, "type") in NUMERIC:
        return before + spelt(word(row, "field"))
    return f"{before}{YES}{spelt(word(row, 'field'))}" if word(row, "type") == Type.BOOLEAN else ""


def _by_kind(folder: Folder, table: str) -> dict[str, list[Row]]:
    """Return the rows of each kind, the stages by their number."""
    found: dict[str, list[Row]] = {}
    for row in folder.tables[table].rows:
        if sound(row, "kind"):
            found.setdefault(word(row, "kind"), []).append(row)
    if table == STAGES:
        for rows in found.values():
            rows.sort(key=lambda row: row["order"] if isinstance(row["order"], int) else 0)
    return found
