"""Checks of the services to traders: machines that run, forms that are clear, office hours, ladders that rise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bridgehead.engines.cases.services import NO, NUMERIC, OWNER, WRITTEN, YES, FieldType
from bridgehead.kernel.calendars import Term
from bridgehead.kernel.errors import BridgeheadError, Fault
from bridgehead.kernel.office_hours import Promise, read_hours, read_month_day
from bridgehead.kernel.tables import Row, Table
from bridgehead.regions.checks.common import finding, readable, sound, texts, word
from bridgehead.regions.folder import Folder
from bridgehead.regions.services import (
    ESCALATION,
    FIELDS,
    HOURS,
    LANGUAGES,
    MOVES,
    ROUTING,
    SERVICES,
    STATES,
    by_service,
    ladder_of,
    machine_of,
    numbers,
    office_hours,
    pairs,
)

_TERMS = (
    (SERVICES, "promise", Promise.read),
    (SERVICES, "first_answer", Promise.read),
    (SERVICES, "urgent_first_answer", Promise.read),
    (STATES, "promise", Promise.read),
    (STATES, "limit", Term.read),
    (ESCALATION, "over", Promise.read),
    (HOURS, "hours", read_hours),
    (HOURS, "season_from", read_month_day),
    (HOURS, "season_to", read_month_day),
)
"""Cells that say a time, and what reads them."""


def services_are_whole(folder: Folder) -> Iterator[Fault]:
    """Check that a service has states, moves and a form, and that there are office hours to count promises by."""
    table = folder.tables[SERVICES]
    if not readable(folder, SERVICES, "id"):
        return
    for part in (STATES, MOVES, FIELDS):
        having = {word(row, "service") for row in folder.tables[part].rows}
        for row in table.rows if readable(folder, part, "service") else ():
            if sound(row, "id") and word(row, "id") not in having:
                given: dict[str, Any] = {"service": word(row, "id"), "missing": f"{part}.csv"}
                yield finding(table, row, "id", "region.service_lacks", **given)
    general = [row for row in folder.tables[HOURS].rows if not word(row, "org") and sound(row, "org")]
    if table.rows and readable(folder, HOURS, "org") and not general:
        yield finding(table, None, None, "region.services_without_hours")


def times_of_services_can_be_read(folder: Folder) -> Iterator[Fault]:
    """Check that promises, limits of pauses and office hours are written so that they can be read."""
    for name, column, read in _TERMS:
        table = folder.tables[name]
        for row in table.rows if readable(folder, name, column) else ():
            if text := word(row, column):
                try:
                    read(text)
                except BridgeheadError as refused:
                    yield from _at(table, row, column, refused)


def procedures_of_services_run(folder: Folder) -> Iterator[Fault]:
    """Check that the states and moves of a service make a procedure: it comes to an end, no refusal is bare."""
    if not all(_readable(folder, name) for name in (SERVICES, STATES, MOVES)):
        return
    states, moves = (by_service(folder.tables[name].rows) for name in (STATES, MOVES))
    for service in folder.tables[SERVICES].rows:
        mine = sorted(states.get(word(service, "id"), ()), key=_order)
        making = moves.get(word(service, "id"), [])
        if not mine or not making or any(row.damaged for row in (service, *mine, *making)):
            continue
        try:
            machine_of(service, mine, making)
        except BridgeheadError as refused:
            for fault in refused.faults:
                if fault.code.startswith("case."):
                    yield _of_machine(folder, fault, mine, making)


def conditions_of_moves_can_be_met(folder: Folder) -> Iterator[Fault]:
    """Check that a move that is for one answer names a field of its service with few answers, and one of these."""
    moves, fields = folder.tables[MOVES], folder.tables[FIELDS]
    if not _readable(folder, FIELDS) or not readable(folder, MOVES, "service", "only_if"):
        return
    if any(row.damaged for row in fields.rows):
        return
    answers = {
        (word(row, "service"), word(row, "field")): (
            (YES, NO) if word(row, "type") == FieldType.YES_NO else texts(row, "choices")
        )
        for row in fields.rows
    }
    for row in moves.rows:
        for field, answer in pairs(row, "only_if", "=") if sound(row, "service", "only_if") else ():
            if answer not in answers.get((word(row, "service"), field), ()):
                given: dict[str, Any] = {"move": word(row, "move"), "condition": f"{field}={answer}"}
                yield finding(moves, row, "only_if", "region.service_move_answer", **given)


def offices_of_services_exist(folder: Folder) -> Iterator[Fault]:
    """Check that the organisations a case goes to, and those that own what lies with them, are in the table of them."""
    orgs = folder.tables["orgs"]
    if not readable(folder, "orgs", "id", "level") or any(not sound(row, "id", "level") for row in orgs.rows):
        return
    known = {word(row, "id") for row in orgs.rows}
    named = [
        (STATES, "office", known | {OWNER}),
        (SERVICES, "local", known | {word(row, "level") for row in orgs.rows}),
    ]
    for name, column, allowed in named:
        table = folder.tables[name]
        for row in table.rows if readable(folder, name, column) else ():
            for office in texts(row, column) if column == "local" else filter(None, [word(row, column)]):
                if office not in allowed:
                    yield finding(table, row, column, "region.service_office", office=office)


def forms_of_services_are_clear(folder: Folder) -> Iterator[Fault]:
    """Check that a choice names its values in all languages, a hint is in all or none, and bounds fit the type."""
    table = folder.tables[FIELDS]
    for row in table.rows if _readable(folder, FIELDS) else ():
        if row.damaged:
            continue
        kind, given = word(row, "type"), dict[str, Any](field=word(row, "field"))
        counts = {len(texts(row, column)) for column in ("choices", *(f"choices_{one}" for one in LANGUAGES))}
        if len(counts) > 1 or (kind == FieldType.CHOICE) == (counts == {0}):
            yield finding(table, row, "choices", "region.service_field_choices", **given)
        if len({bool(word(row, f"hint_{one}")) for one in LANGUAGES}) > 1:
            yield finding(table, row, "hint_zh", "region.service_field_hint", **given)
        low, high, longest = (row[name] for name in ("minimum", "maximum", "longest"))
        wrong = (low is not None or high is not None or bool(word(row, "unit"))) and kind not in NUMERIC
        wrong |= isinstance(low, float) and isinstance(high, float) and low > high
        wrong |= longest is not None and kind not in WRITTEN
        if wrong:
            yield finding(table, row, "type", "region.service_field_bounds", **given)


def urgent_cases_can_be_told(folder: Folder) -> Iterator[Fault]:
    """Check that what makes a case urgent is a yes or no of the form, and that its first answer comes sooner."""
    table = folder.tables[SERVICES]
    if not _readable(folder, SERVICES) or not readable(folder, FIELDS, "service", "field", "type"):
        return
    forms = by_service(folder.tables[FIELDS].rows)
    for row in table.rows:
        form = forms.get(word(row, "id"), [])
        if row.damaged or any(not sound(one, "service", "field", "type") for one in form):
            continue
        field, soon = word(row, "urgent_field"), word(row, "urgent_first_answer")
        fit = [word(one, "field") for one in form if word(one, "type") == FieldType.YES_NO]
        if field and form and field not in fit:
            yield finding(table, row, "urgent_field", "region.service_urgent_field", field=field, known=fit or "-")
        if bool(field) != bool(soon) or (soon and not _sooner(soon, word(row, "first_answer"))):
            yield finding(table, row, "urgent_first_answer", "region.service_urgent_promise", promise=soon or "-")


def _sooner(promise: str, usual: str) -> bool:
    """Return whether a promise ends before the usual one; one in minutes before one in days."""
    try:
        soon, later = Promise.read(promise), Promise.read(usual) if usual else None
    except BridgeheadError:  # what cannot be read was told cell by cell
        return True
    if later is None:
        return True
    return soon.amount < later.amount if soon.in_days == later.in_days else later.in_days


def routing_of_services_is_by_a_choice(folder: Folder) -> Iterator[Fault]:
    """Check that what decides the office of a case is a choice of a field the form of its service has."""
    table = folder.tables[ROUTING]
    fields = folder.tables[FIELDS].rows
    if not all(_readable(folder, name) for name in (FIELDS, ROUTING)) or any(row.damaged for row in fields):
        return
    known = {(word(row, "service"), word(row, "field")): texts(row, "choices") for row in fields}
    services = {service for service, _ in known}
    for row in table.rows:
        service, field, choice = (word(row, column) for column in ("service", "field", "choice"))
        if row.damaged or service not in services or choice in known.get((service, field), ()):
            continue
        given: dict[str, Any] = {"service": service, "field": field, "choice": choice}
        yield finding(
            table, row, "choice" if known.get((service, field)) else "field", "region.service_routing", **given
        )


def office_hours_can_be_kept(folder: Folder) -> Iterator[Fault]:
    """Check that each row of office hours says days once, and that those of an organisation fit together."""
    table = folder.tables[HOURS]
    if not _readable(folder, HOURS) or any(row.damaged for row in table.rows):
        return
    by_org: dict[str, list[Row]] = {}
    seen: set[tuple[Any, ...]] = set()
    for row in table.rows:
        by_org.setdefault(word(row, "org"), []).append(row)
        season = (word(row, "season_from"), word(row, "season_to"))
        one_day = word(row, "day")
        if (
            bool(one_day) == bool(numbers(row, "weekdays"))
            or bool(season[0]) != bool(season[1])
            or (one_day and season[0])
        ):
            yield finding(table, row, "weekdays", "region.office_hours_days")
            continue
        mine = {(word(row, "org"), *season, day) for day in (numbers(row, "weekdays") or [one_day])}
        if mine & seen:
            yield finding(table, row, "weekdays", "region.office_hours_doubled")
        seen |= mine
    for rows in by_org.values():
        try:
            office_hours(rows, folder.settings.time_zone)
        except BridgeheadError as refused:
            # What cannot be read was told cell by cell.
            told = ("hours.unreadable", "hours.not_rising", "hours.bad_month_day")
            for fault in refused.faults:
                if fault.code not in told:
                    column = "zone" if fault.code == "hours.unknown_zone" else "hours"
                    yield finding(table, rows[0], column, fault.code, "error", **fault.parameters)


def escalation_of_services_rises(folder: Folder) -> Iterator[Fault]:
    """Check that the rungs of a ladder are each a share or a time over, and come in the order they are reached."""
    table = folder.tables[ESCALATION]
    if not _readable(folder, ESCALATION):
        return
    for rows in by_service(table.rows).values():
        try:
            if not any(row.damaged for row in rows):
                ladder_of(rows)
        except BridgeheadError as refused:
            for fault in refused.faults:
                if fault.code.startswith("case."):
                    row = next(row for row in rows if word(row, "rung") == fault.parameters["rung"])
                    yield finding(table, row, "rung", fault.code, "error", **fault.parameters)


def _readable(folder: Folder, table: str) -> bool:
    return readable(folder, table, *folder.tables[table].schema.names)


def _of_machine(folder: Folder, fault: Fault, states: list[Row], moves: list[Row]) -> Fault:
    """Return a fault of a machine with the row it lies in: the last that has the state or move it names."""
    rows, column, table = (moves, "move", MOVES) if "move" in fault.parameters else (states, "state", STATES)
    named = str(fault.parameters[column])
    found = [row for row in rows if word(row, column) == named]
    return finding(
        folder.tables[table], found[-1] if found else rows[0], column, fault.code, "error", **fault.parameters
    )


def _at(table: Table, row: Row, column: str, refused: BridgeheadError) -> Iterator[Fault]:
    for fault in refused.faults:
        yield finding(table, row, column, fault.code, "error", **fault.parameters)


def _order(row: Row) -> int:
    return row["order"] if isinstance(row["order"], int) else 0
