"""The services of a region to traders, out of its tables: machines, forms, ladders, office hours, who owns a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from bridgehead.engines.cases.clocks import ClockOf
from bridgehead.engines.cases.escalation import Ladder, Rung
from bridgehead.engines.cases.machine import (
    DateRule,
    Effect,
    Kind,
    Machine,
    Move,
    Need,
    Outcome,
    Role,
    State,
)
from bridgehead.engines.cases.services import Choice, Field, FieldType, Service, Words
from bridgehead.kernel.calendars import Term
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.office_clocks import OfficeClock
from bridgehead.kernel.office_hours import CLOSED, Hours, OfficeHours, Promise, Season, read_hours, read_month_day
from bridgehead.kernel.tables import Row
from bridgehead.regions.calendars import calendar_of

if TYPE_CHECKING:
    from bridgehead.regions.load import Region

SERVICES, STATES, MOVES, FIELDS = "services", "service_states", "service_moves", "service_fields"
HOURS, ESCALATION, ROUTING = "office_hours", "service_escalation", "service_routing"
LANGUAGES = ("zh", "en", "ru", "mn")


def services_of(region: Region) -> dict[str, Service]:
    """Return the services of a region by id, in their order; none for a region without the tables."""
    states, moves, fields = (by_service(region.rows(name)) for name in (STATES, MOVES, FIELDS))
    ladders, routes = (by_service(region.rows(name)) for name in (ESCALATION, ROUTING))
    return {
        row.text("id"): _service(
            row,
            sorted(states.get(row.text("id"), ()), key=order),
            moves.get(row.text("id"), []),
            sorted(fields.get(row.text("id"), ()), key=order),
            ladders.get(row.text("id")) or ladders.get("", []),
            routes=routes.get(row.text("id"), []),
        )
        for row in sorted(region.rows(SERVICES), key=order)
    }


def clock_of(region: Region) -> ClockOf:
    """Return the clocks of a region's organisations, by id: hours of their own, of a body above them, or of the region.

    The returned function raises `BridgeheadError` with ``clock.no_hours`` for one that has none.
    """
    calendar = calendar_of(region)
    rows: dict[str, list[Row]] = {}
    for row in region.rows(HOURS):
        rows.setdefault(row.text("org"), []).append(row)

    @cache
    def held(holder: str) -> OfficeClock:
        return OfficeClock(office_hours(rows[holder], region.settings.time_zone), calendar)

    @cache
    def found(org: str) -> OfficeClock:
        holder = next((id for id in (*_upward(region, org), "") if id in rows), None)
        if holder is None:
            raise BridgeheadError("clock.no_hours", {"org": org}, Place(file=f"{HOURS}.csv"))
        return held(holder)

    return found


def owner_of(region: Region, service: Service, area: str = "", form: Mapping[str, object] | None = None) -> str:
    """Return the organisation that owns a case of a service: of where the matter lies, else the one a choice decides.

    Parameters
    ----------
    region : Region
        The region.
    service : Service
        Which service.
    area : str
        Organisation of the banner, county, league or city the matter lies in, empty for none in particular.
    form : mapping, optional
        Field to what was chosen.
    """
    for id in _upward(region, area):
        if id in service.local or region.row("orgs", id).text("level") in service.local:
            return id
    return service.routed(form or {}) or service.owner


def machine_of(service: Row, states: Iterable[Row], moves: Iterable[Row]) -> Machine:
    """Return the machine of a service.

    Raises
    ------
    BridgeheadError
        With every fault of the machine, and those of its terms.
    """
    return Machine(
        service.text("id"),
        [_state(row) for row in states],
        [_move(row) for row in moves],
        _whole(service, "most_pauses"),
        _whole(service, "longest_pause_wd"),
        _whole(service, "most_extensions") or 0,
    )


def ladder_of(rows: Iterable[Row]) -> Ladder:
    """Return the ladder some rows make, in their order.

    Raises
    ------
    BridgeheadError
        As `Ladder` says.
    """
    return Ladder(
        [Rung(row.text("rung"), row.text("tells"), _whole(row, "percent") or 0, promise(row, "over")) for row in rows]
    )


def office_hours(rows: Iterable[Row], zone: str) -> OfficeHours:
    """Return the office hours some rows make.

    Parameters
    ----------
    rows : iterable of Row
        Rows of one organisation in the table of office hours.
    zone : str
        Zone of time where they name none.

    Raises
    ------
    BridgeheadError
        As `OfficeHours`, `read_hours` and `read_month_day` say.
    """
    weeks: dict[tuple[str, str], list[Hours]] = {("", ""): [CLOSED] * 7}
    special: dict[date, Hours] = {}
    make_up_weekday, on_holidays = 1, False
    for row in rows:
        zone = row.text("zone") or zone
        make_up_weekday = _whole(row, "make_up_weekday") or make_up_weekday
        on_holidays = on_holidays or bool(row["on_holidays"])
        hours = read_hours(row.text("hours"))
        if isinstance(day := row["day"], date):
            special[day] = hours
            continue
        week = weeks.setdefault((row.text("season_from"), row.text("season_to")), [CLOSED] * 7)
        for weekday in numbers(row, "weekdays"):
            week[weekday - 1] = hours
    usual = weeks.pop(("", ""))
    seasons = [Season(read_month_day(first), read_month_day(last), week) for (first, last), week in weeks.items()]
    return OfficeHours(zone, usual, seasons, special, make_up_weekday, on_holidays)


def by_service(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return rows by the service they belong to."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.text("service"), []).append(row)
    return found


def promise(row: Row, column: str) -> Promise | None:
    """Return the promise in a cell, None where it is empty."""
    return Promise.read(row.text(column)) if row.text(column) else None


def texts(row: Row, column: str) -> tuple[str, ...]:
    """Return the parts of a list, none where the cell is empty."""
    value = row[column]
    return tuple(str(part) for part in value) if isinstance(value, tuple) else ()


def pairs(row: Row, column: str, mark: str) -> tuple[tuple[str, str], ...]:
    """Return the parts of a list as what stands before and after a mark; nothing stands after one without it."""
    split = (one.partition(mark) for one in texts(row, column))
    return tuple((before.strip(), after.strip()) for before, _, after in split)


def numbers(row: Row, column: str) -> tuple[int, ...]:
    """Return the numbers of a list of ranges, none where the cell is empty."""
    return tuple(int(part) for part in texts(row, column))


def order(row: Row) -> int:
    """Return the place of a row among its like."""
    return int(row.text("order"))


def _service(
    row: Row, states: list[Row], moves: list[Row], fields: list[Row], rungs: list[Row], *, routes: list[Row]
) -> Service:
    return Service(
        row.text("id"),
        row.text("kind"),
        _words(row, "name"),
        _words(row, "about"),
        row.text("owner"),
        texts(row, "local"),
        promise(row, "promise"),
        promise(row, "first_answer"),
        row.text("urgent_field"),
        promise(row, "urgent_first_answer"),
        machine_of(row, states, moves),
        {one.text("state"): _words(one, "name") for one in states},
        {(one.text("move"), one.text("to")): _words(one, "name") for one in moves},
        {one.text("state"): one.text("office") for one in states if one.text("office")},
        tuple(map(_field, fields)),
        ladder_of(rungs),
        numbers(row, "articles"),
        row.text("confidence"),
        row.text("source"),
        {(one.text("field"), one.text("choice")): one.text("office") for one in routes},
    )


def _state(row: Row) -> State:
    outcome, limit = row.text("outcome"), row.text("limit")
    return State(
        row.text("state"),
        Kind(row.text("kind")),
        Outcome(outcome) if outcome else None,
        Term.read(limit) if limit else None,
        row.text("at_limit"),
        promise(row, "promise"),
        row.text("stage"),
    )


def _move(row: Row) -> Move:
    who, needs = frozenset(map(Role, texts(row, "who"))), frozenset(map(Need, texts(row, "needs")))
    date, effect = row.text("date"), row.text("effect")
    return Move(
        row.text("move"),
        texts(row, "from"),
        row.text("to"),
        who,
        needs,
        pairs(row, "only_if", "="),
        pairs(row, "same_as", ":"),
        DateRule(date) if date else None,
        Effect(effect) if effect else None,
    )


def _field(row: Row) -> Field:
    columns = (texts(row, f"choices_{language}") for language in LANGUAGES)
    choices = zip(texts(row, "choices"), *columns, strict=True)
    return Field(
        row.text("field"),
        FieldType(row.text("type")),
        bool(row["required"]),
        bool(row["sensitive"]),
        _words(row, "name"),
        _words(row, "hint"),
        tuple(Choice(id, Words(*names)) for id, *names in choices),
        row.text("unit"),
        _number(row, "minimum"),
        _number(row, "maximum"),
        _whole(row, "longest"),
    )


def _words(row: Row, column: str) -> Words:
    return Words(*(row.text(f"{column}_{language}") for language in LANGUAGES))


def _whole(row: Row, column: str) -> int | None:
    value = row[column]
    return value if isinstance(value, int) else None


def _number(row: Row, column: str) -> float | None:
    value = row[column]
    return float(value) if isinstance(value, int | float) else None


def _upward(region: Region, org: str) -> Iterable[str]:
    """Yield an organisation and those above it."""
    seen: set[str] = set()
    while org and org not in seen and (row := region.find("orgs", org)) is not None:
        seen.add(org)
        yield org
        org = row.text("parent")
