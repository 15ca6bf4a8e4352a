"""Making the edits of a scenario one after the other, and noting everything that is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from bridgehead.engines.network import edits as e
from bridgehead.engines.network.applied import Background
from bridgehead.engines.network.components import MODES, OPEN, RAIL, ComponentTables, Demand, Link, Parameter
from bridgehead.engines.network.lookup import alike
from bridgehead.engines.network.parameters import SELECTORS, ParameterBook, check_parameters
from bridgehead.engines.network.quantities import QUANTITIES
from bridgehead.engines.network.scenario_draft import Draft
from bridgehead.kernel.errors import BridgeheadError

CLOSED = "closed"
"""Status of a link or port that a scenario closes for good."""

GAUGE_CAPACITY = "gauge_change_capacity"

_OF_NAMES = frozenset(f"scenario.{fault}" for fault in ("unknown_id", "not_among", "no_crossing", "no_gauge_change"))
"""Faults of one field that stay whatever the others of its edit say."""


def _bring_ports(draft: Draft, link: Link) -> None:
    """Open the ports at the ends of a link that is opened."""
    for port in draft.tables.ports:
        if port.id in {link.origin, link.destination} and port.status != OPEN:
            draft.put("ports", replace(port, status=OPEN))


def _open_link(draft: Draft, edit: e.OpenLink) -> None:
    link = draft.find("links", edit.link, "link")
    if link is None:
        return
    ports = draft.tables.ports_by_id
    at_port = [ports[end] for end in (link.origin, link.destination) if end in ports]
    if link.status == OPEN and all(port.status == OPEN for port in at_port):
        draft.refuse("scenario.already_open", "link", link=link.id)
    elif draft.claim("link", "link", link.id, "status"):
        draft.put("links", replace(link, status=OPEN))
        _bring_ports(draft, link)


def _add_link(draft: Draft, edit: e.AddLink) -> None:
    tables = draft.tables
    before = len(draft.faults)
    for field in ("origin", "destination"):
        if (place := getattr(edit, field)) not in tables.countries:
            close = ", ".join(alike(place, tables.countries))
            draft.refuse("scenario.unknown_id", field, id=place, table="places", close=close)
    if edit.origin == edit.destination:
        draft.refuse("scenario.same_place", "destination", place=edit.origin)
    _among(draft, "mode", edit.mode, MODES)
    _among(draft, "link_class", edit.link_class, {"", *(link.link_class for link in tables.links)})
    units = {"", *(link.capacity_unit for link in tables.links)}
    _among(draft, "capacity_unit", edit.capacity_unit, units)
    for field in ("length_km", "speed_kmh", "capacity"):
        _positive(draft, field, getattr(edit, field))
    if (edit.capacity is None) != (not edit.capacity_unit):
        draft.refuse("scenario.capacity_and_unit", "capacity_unit")
    if (edit.mode == RAIL) != bool(edit.gauges_mm) or any(gauge <= 0 for gauge in edit.gauges_mm):
        draft.refuse("scenario.gauge_of_rail", "gauges_mm")
    there = {frozenset((link.origin, link.destination)): link.id for link in draft.links() if link.mode == edit.mode}
    if (known := there.get(frozenset((edit.origin, edit.destination)))) is not None:
        draft.refuse("scenario.link_exists", "destination", link=known)
    if len(draft.faults) == before and draft.claim("link", "link", edit.link, "status"):
        draft.put("links", edit.record())
        _bring_ports(draft, edit.record())


def _crossings(draft: Draft, port: str) -> list[Link]:
    countries = draft.tables.countries
    return [
        link
        for link in draft.links()
        if port in {link.origin, link.destination} and countries[link.origin] != countries[link.destination]
    ]


def _days(draft: Draft, edit: e.CloseLink | e.ClosePort) -> tuple[date, date] | None:
    """Return the first and the last closed day; None, and a fault noted, where they cannot be."""
    first, last = edit.first_day, edit.last_day
    if first is None or last is None:
        draft.refuse("scenario.one_day_missing", "from" if first is None else "to")
        return None
    outside = [("from", first), ("to", last)]
    for field, day in [one for one in outside if one[1].year != draft.year]:
        draft.refuse("scenario.outside_year", field, day=day.isoformat(), year=draft.year)
    if last < first:
        draft.refuse("scenario.days_reversed", "to", first=first.isoformat(), last=last.isoformat())
    return (first, last) if draft.year == first.year == last.year and first <= last else None


def _close(draft: Draft, edit: e.CloseLink | e.ClosePort, what: str, id_: str, links: Sequence[Link]) -> None:
    if edit.first_day is not None or edit.last_day is not None:
        draft.close_days(what, (what, id_), frozenset(link.id for link in links), _days(draft, edit))
        return
    claimed = [draft.close_for_good(what, link.id) for link in links]  # every one, so that all doubles are told
    if all(claimed):
        for link in links:
            draft.put("links", replace(link, status=CLOSED))


def _close_link(draft: Draft, edit: e.CloseLink) -> None:
    link = draft.find("links", edit.link, "link")
    if link is not None:
        _close(draft, edit, "link", edit.link, [link])


def _close_port(draft: Draft, edit: e.ClosePort) -> None:
    port = draft.find("ports", edit.port, "port")
    if port is None:
        return
    links = _crossings(draft, port.id)
    if not links:
        draft.refuse("scenario.no_crossing", "port", port=port.id)
        return
    _close(draft, edit, "port", edit.port, links)


def _capacity(draft: Draft, edit: e.ChangeCapacity) -> None:
    link = draft.find("links", edit.link, "link")
    amount = _amount(draft, edit.factor, edit.value)
    if link is None or amount is None:
        return
    if not link.capacity_unit or (link.capacity is None and edit.factor is not None):
        draft.refuse("scenario.no_capacity", "link", link=link.id)
        return
    first = draft.claim("link", "link", link.id, "capacity")
    capacity = amount(link.capacity or 0.0)
    if not 0.0 < capacity < math.inf:
        draft.refuse("scenario.impossible_value", "value", value=capacity, of=link.id)
    elif first:
        draft.put("links", replace(link, capacity=capacity))


def _parameter(draft: Draft, edit: e.ChangeParameter) -> None:
    amount = _amount(draft, edit.factor, edit.value)
    if bool(edit.parameter) == bool(edit.quantity):
        draft.refuse("scenario.parameter_or_quantity", "parameter" if edit.parameter else "quantity")
        return
    asked = {name: value for name in SELECTORS if (value := getattr(edit, name))}
    if edit.parameter:
        if asked:
            draft.refuse("scenario.selectors_beside_id", next(iter(asked)))
        row = draft.find("parameters", edit.parameter, "parameter")
        rows = [] if row is None else [row]
    else:
        rows = _selected(draft, edit.quantity, asked)
    for row in rows:
        if draft.claim("parameter" if edit.parameter else "quantity", "parameter", row.id) and amount is not None:
            draft.put("parameters", replace(row, value=amount(row.value)))


def _selected(draft: Draft, quantity: str, asked: Mapping[str, object]) -> list[Parameter]:
    if quantity not in QUANTITIES:
        close = ", ".join(alike(quantity, QUANTITIES))
        draft.refuse("scenario.unknown_id", "quantity", id=quantity, table="quantities", close=close)
        return []
    rows = [row for row in draft.parameters() if row.quantity == quantity]
    found = [row for row in rows if all(getattr(row, name) == value for name, value in asked.items())]
    if not found:
        told = ", ".join(f"{name}={value}" for name, value in asked.items()) or quantity
        draft.refuse("scenario.nothing_selected", "quantity", selectors=told)
    return found


def _gauge_capacity(draft: Draft, edit: e.ChangeGaugeCapacity) -> None:
    amount = _amount(draft, edit.factor, edit.value)
    stations = {end for link in draft.links() if len(link.gauges_mm) > 1 for end in (link.origin, link.destination)}
    if edit.place not in stations:
        close = ", ".join(alike(edit.place, stations))
        draft.refuse("scenario.no_gauge_change", "place", place=edit.place, close=close)
        return
    try:
        row = ParameterBook(draft.tables.parameters).find(
            GAUGE_CAPACITY, mode=RAIL, country=draft.tables.countries[edit.place], places=(edit.place,)
        )
    except BridgeheadError:
        draft.refuse("scenario.no_gauge_capacity", "place", place=edit.place)
        return
    own = row if row.place == edit.place else replace(row, id=f"{GAUGE_CAPACITY}-{edit.place}", place=edit.place)
    if draft.claim("place", "parameter", own.id) and amount is not None:
        draft.put("parameters", replace(own, value=amount(own.value)))


def _demand(draft: Draft, edit: e.ScaleDemand) -> None:
    tables = draft.tables
    before = len(draft.faults)
    if not 0.0 <= edit.factor < math.inf:
        draft.refuse("scenario.impossible_value", "factor", value=edit.factor, of="demand")
    for field, known in (
        ("commodity", tables.commodities_by_id.keys()),
        ("country", set(tables.countries.values())),
        ("port", {row.calibration_port for row in tables.demand if row.calibration_port} | tables.ports_by_id.keys()),
    ):
        if (given := getattr(edit, field)) and given not in known:
            told = {"id": given, "table": field, "close": ", ".join(alike(given, known))}
            draft.refuse("scenario.unknown_id", field, **told)
    _among(draft, "direction", edit.direction, ("", *e.DIRECTIONS))
    selectors = (edit.commodity, edit.country, edit.port, edit.direction)
    sound = len(draft.faults) == before
    if not draft.claim("commodity", "demand", *selectors) or not sound:
        return
    if not draft.put_demand(lambda row: _fits(tables, edit, row), edit.factor):
        told_as = ", ".join(one for one in selectors if one) or "demand"
        draft.refuse("scenario.nothing_selected", "commodity", selectors=told_as)


def _fits(tables: ComponentTables, edit: e.ScaleDemand, row: Demand) -> bool:
    start, end = tables.countries[row.origin], tables.countries[row.destination]
    return (
        edit.commodity in {"", row.commodity}
        and edit.country in {"", start}
        and edit.port in {"", row.calibration_port}
        and edit.direction in {"", direction(start, end, tables.home_country)}
    )


def direction(start: str, end: str, home: str) -> str:
    """Return how freight between two countries lies to the home country; blank within it."""
    if end == home:
        return "" if start == home else e.IMPORT
    return e.EXPORT if start == home else e.TRANSIT


def _background(draft: Draft, edit: e.SetBackground) -> None:
    link = draft.find("links", edit.link, "link")
    if not 0.0 <= edit.value < math.inf:
        draft.refuse("scenario.impossible_value", "value", value=edit.value, of=edit.link)
    elif link is not None and not link.capacity_unit:
        draft.refuse("scenario.no_capacity", "link", link=link.id)
    elif link is not None and draft.claim("link", "link", link.id, "background"):
        draft.background[link.id] = Background(link.id, edit.value, unit_of_background(link))


def unit_of_background(link: Link) -> str:
    """Return the unit in which traffic on a link counts: vehicles or trains a day and direction, or Mt or t a year."""
    counted, _, rest = link.capacity_unit.partition("/")
    return link.capacity_unit if rest.startswith("yr") else f"{counted}/day/direction"


def _amount(draft: Draft, factor: float | None, value: float | None) -> Callable[[float], float] | None:
    """Return what makes the new number out of the old one; None, and a fault noted, without exactly one of the two."""
    if (factor is None) == (value is None):
        draft.refuse("scenario.factor_or_value", "factor")
        return None
    given = factor if factor is not None else value
    assert given is not None
    if not 0.0 <= given < math.inf:
        draft.refuse("scenario.impossible_value", "factor" if value is None else "value", value=given, of="")
        return None
    return (lambda old: old * given) if factor is not None else (lambda _old: given)


def _among(draft: Draft, field: str, given: str, known: Iterable[str]) -> None:
    if given not in known:
        draft.refuse("scenario.not_among", field, value=given, known=", ".join(sorted(filter(None, known))))


def _positive(draft: Draft, field: str, given: float | None) -> None:
    if given is not None and not 0.0 < given < math.inf:
        draft.refuse("scenario.impossible_value", field, value=given, of=field)


_MAKE: Mapping[type[Any], Callable[[Draft, Any], None]] = MappingProxyType(
    {
        e.OpenLink: _open_link,
        e.AddLink: _add_link,
        e.CloseLink: _close_link,
        e.ClosePort: _close_port,
        e.ChangeCapacity: _capacity,
        e.ChangeParameter: _parameter,
        e.ChangeGaugeCapacity: _gauge_capacity,
        e.ScaleDemand: _demand,
        e.SetBackground: _background,
    }
)


def make_edits(draft: Draft, edits: Sequence[e.Edit | None]) -> None:
    """Make edits in their order; None stands for one that could not be read. What is wrong is noted in the draft."""
    for draft.now, edit in enumerate(edits, 1):
        if edit is not None:
            _MAKE[type(edit)](draft, edit)
    _check_parameters(draft)
    _check_demand(draft)


def note_unknown_names(draft: Draft, partial: Mapping[int, e.Edit]) -> None:
    """Note what names nothing in faulty edits, by position, that lack the fields at fault; for after `make_edits`."""
    for draft.now, edit in partial.items():
        before = len(draft.faults)
        _MAKE[type(edit)](draft, edit)
        draft.faults[before:] = [fault for fault in draft.faults[before:] if fault.code in _OF_NAMES]


def _check_demand(draft: Draft) -> None:
    """Note the last edit that scaled the demand where nothing is left of it."""
    scaled = [change.edit for change in draft.changes if isinstance(change.after, Demand)]
    if scaled and not any(row.tonnes or row.teu for row in draft.demand()):
        draft.now = scaled[-1]
        draft.refuse("scenario.no_demand", "factor")


def _check_parameters(draft: Draft) -> None:
    """Note every parameter that an edit made one the cost model refuses."""
    changed = {change.after.id: change for change in draft.changes if isinstance(change.after, Parameter)}
    for fault in check_parameters(draft.parameters()) if changed else ():
        change = changed.get(str(fault.parameters.get("id", "")))
        if change is not None and isinstance(change.after, Parameter):
            draft.now = change.edit
            draft.refuse("scenario.impossible_value", "value", value=change.after.value, of=change.after.id)
