"""Checks of the model's parameters: what they copy from the costs table, and what the network engine demands."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from bridgehead.engines.network.parameters import NONE, check_parameters
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.schemas import Guesses
from bridgehead.kernel.tables import Row
from bridgehead.regions.checks.common import finding, readable, sound
from bridgehead.regions.components import component_tables, parameter
from bridgehead.regions.folder import Folder

if TYPE_CHECKING:
    # These bring numpy along, which loading a region can do without.
    from bridgehead.engines.network.components import ComponentTables
    from bridgehead.engines.network.costing import CostModel, Goods

KEY_COLUMNS = ("mode", "commodity_or_vehicle_class", "place", "metric", "unit", "year")
_BETWEEN_KEYS = " ; "
_BETWEEN_PARTS = "|"
_NEEDED = ("id", "quantity", "mode", "country", "gauge_mm", "link_class", "freight_class", "place", "value", "unit")


def cost_key(row: Row) -> str:
    """Return the key by which a parameter refers to a row of the costs table: mode|class|place|metric|unit|year.

    A cell that holds a bare ``-`` counts as empty, so that no key begins like a formula.
    """
    return _BETWEEN_PARTS.join("" if row.text(column) == "-" else row.text(column) for column in KEY_COLUMNS)


def cost_keys(text: str) -> tuple[str, ...]:
    """Return the keys in a ``cost_key`` cell; several are joined by a semicolon between blanks."""
    keys = []
    for key in text.split(_BETWEEN_KEYS):
        parts = [part.strip() for part in key.split(_BETWEEN_PARTS)]
        if any(parts):
            keys.append(_BETWEEN_PARTS.join("" if part == "-" else part for part in parts))
    return tuple(keys)


def cost_keys_exist(folder: Folder) -> Iterator[Fault]:
    """Check that a parameter names rows of the costs table that exist, and one it copies has the same value there."""
    table = folder.tables["parameters"]
    if not readable(folder, "costs", *KEY_COLUMNS, "value") or not readable(folder, "parameters", "cost_key"):
        return
    costs = _costs(folder)
    if costs is None:
        return
    guesses = Guesses(costs)
    for row in table.rows:
        if not sound(row, "cost_key", "basis", "value"):
            continue
        keys = cost_keys(row.text("cost_key"))
        for key in keys:
            if key not in costs:
                near = guesses.of(key)
                yield finding(table, row, "cost_key", "region.unknown_cost_key", value=key, near=near)
        if row["basis"] != "copied" or "basis" in table.missing or "value" in table.missing:
            continue
        value = row["value"]
        if len(keys) != 1:
            yield finding(table, row, "cost_key", "region.copy_without_key", id=row.text("id"), count=len(keys))
        elif isinstance(value, float) and keys[0] in costs and not _copied(value, costs[keys[0]]):
            found = [cost["value"] for cost in costs[keys[0]]]
            yield finding(
                table, row, "value", "region.copy_differs", id=row.text("id"), value=row.text("value"), found=found
            )


def engine_accepts_parameters(folder: Folder) -> Iterator[Fault]:
    """Check that quantities, units and selectors are those of the network engine, without two rows for one question."""
    table = folder.tables["parameters"]
    if not readable(folder, "parameters", *_NEEDED):
        return
    whole = [row for row in table.rows if not row.damaged]
    lines = {row.text("id"): row.line for row in whole}
    for fault in check_parameters([parameter(row) for row in whole]):
        if fault.code == "parameter.no_exchange_rate" and len(whole) < len(table.rows):
            # The rate may stand in a row that could not be read.
            continue
        id_ = str(fault.parameters.get("id", fault.parameters.get("second", "")))
        place = Place(table.file, lines.get(id_), fault.place.column)
        yield Fault(fault.code, fault.parameters, place, fault.severity)


def _costs(folder: Folder) -> Mapping[str, list[Row]] | None:
    """Return the rows of the costs table by key, None if a key could not be read: it may be the one looked for."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in folder.tables["costs"].rows:
        if not sound(row, *KEY_COLUMNS):
            return None
        found[cost_key(row)].append(row)
    return dict(found)


def _copied(value: float, rows: list[Row]) -> bool:
    """Say whether a value agrees with one of the rows; a value that could not be read agrees with everything."""
    for row in rows:
        cost = row["value"]
        if not isinstance(cost, float) or math.isclose(value, cost, rel_tol=1e-9, abs_tol=1e-12):
            return True
    return False


def model_can_price_goods(folder: Folder) -> Iterator[Fault]:
    """Check that the parameters answer every question the network model asks for the goods of the region.

    The region must have no errors otherwise. Questions are those of the network of the base year, for every commodity
    by weight and, where the demand states containers, in boxes.
    """
    from bridgehead.engines.network.costing import Goods
    from bridgehead.engines.network.virtual import Network

    tables = component_tables(folder.settings, folder.tables)
    boxed = {row.commodity for row in tables.demand if row.teu is not None}
    try:
        model = Network(tables).model
    except BridgeheadError as error:
        yield from error.faults
        return
    found: dict[tuple[str, str], Fault] = {}
    for fault in _told(_queue_questions(model, tables)):
        found.setdefault((fault.code, repr(sorted(fault.parameters.items()))), fault)
    asked: set[tuple[bool, tuple[str, ...]]] = set()
    for commodity in tables.commodities:
        for in_boxes in (False, True) if commodity.id in boxed else (False,):
            goods = Goods(commodity, in_boxes)
            if (in_boxes, goods.classes) not in asked:
                asked.add((in_boxes, goods.classes))
                for fault in _unanswered(model, goods):
                    found.setdefault((fault.code, repr(sorted(fault.parameters.items()))), fault)
    yield from _gathered(found.values())


def _gathered(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Join the questions of one quantity and mode that no row answers: it is one row that is missing, not dozens."""
    alike: dict[tuple[object, object], list[Fault]] = defaultdict(list)
    for fault in faults:
        if fault.code == "parameter.missing":
            alike[fault.parameters["quantity"], fault.parameters["mode"]].append(fault)
        else:
            yield fault
    for same in alike.values():
        joined: dict[str, object] = {}
        for name in same[0].parameters:
            values = {part for fault in same for part in str(fault.parameters[name]).split(" | ")}
            joined[name] = " | ".join(sorted(values - {NONE}) or [NONE])
        yield Fault(same[0].code, {**joined, "quantity": same[0].parameters["quantity"]}, same[0].place)


def _unanswered(model: CostModel, goods: Goods) -> Iterator[Fault]:
    """Yield what the lookup says for every question without a single answer."""
    from bridgehead.engines.network.topology import Kind

    questions: list[Callable[[], object]] = [partial(model.value_of_time, goods)]
    if goods.boxed:
        questions.append(partial(model.tonnes_per_teu, goods))
    for signature in model.signatures:
        questions.append(partial(model.charge, signature, goods))
        if signature.kind is Kind.HAUL:
            questions.append(partial(model.vehicle_payload, goods, signature))
    for quantity in ("overflow_share", "choice_spread"):
        questions.append(partial(model.book.find, quantity, freight_classes=goods.classes))
    yield from _told(questions)


def _queue_questions(model: CostModel, tables: ComponentTables) -> list[Callable[[], object]]:
    """Return what an equilibrium asks about queues and ports, whatever the goods."""
    from bridgehead.engines.network.topology import Kind

    find = model.book.find
    questions: list[Callable[[], object]] = []
    for mode in sorted({link.mode for link in tables.links if link.capacity}):
        questions += [partial(find, quantity, mode=mode) for quantity in ("queue_servers", "queue_variability")]
    for signature in model.signatures:
        if signature.kind is Kind.GAUGE_CHANGE:
            questions.append(partial(find, "gauge_change_capacity", mode=signature.mode, places=signature.places))
    questions += [partial(find, "choice_constant", mode=port.mode, places=(port.id,)) for port in tables.ports]
    return questions


def _told(questions: Iterable[Callable[[], object]]) -> Iterator[Fault]:
    """Yield what the lookup says of every question without a single answer."""
    for question in questions:
        try:
            question()
        except BridgeheadError as error:
            yield from error.faults
