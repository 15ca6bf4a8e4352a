"""One programme with everything about it: facts, stages, next step, parties, money, items."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext

from bridgehead.engines.programmes.kinds import Field, Kind, Type
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.region import current
from bridgehead.ground.wording import day
from bridgehead.ground.wording import number as in_words
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.tables import Row
from bridgehead.rooms.ledger.models import (
    Programme,
    ProgrammeItem,
    ProgrammeParty,
    StageMove,
)
from bridgehead.rooms.ledger.plan_lines import plan_line
from bridgehead.rooms.ledger.programme_kinds import (
    called,
    choice_name,
    evidence_of,
    item_name,
    kinds,
    stage_name,
    unit_of,
)
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.selectors.as_of import known_on
from bridgehead.rooms.ledger.selectors.programme_money import MOST_ENTRIES, EntryLine, YearLine, entries_of, money_of
from bridgehead.rooms.ledger.selectors.programmes import Line, in_order, lines
from bridgehead.rooms.ledger.selectors.programmes_by_kind import Record, Result, results
from bridgehead.rooms.ledger.who import named, names_of


@dataclass(frozen=True, slots=True)
class Step:
    """A stage on the ladder of a programme: before, now or to come; with the evidence it was accepted for.

    ``confirmed`` tells whether somebody looked at what proves it: of a programme that was entered at a later stage,
    that stage and those before it are as whoever entered it says, until a move to them is accepted.
    """

    name: str
    evidence: str
    where: str
    on: date | None
    expected_on: date | None
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Fact:
    """A field in words."""

    field: str
    name: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Move:
    """A move of stage with the names it needs."""

    record: StageMove
    from_name: str
    to_name: str
    state: str
    proposed_by: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item with its fields in words."""

    record: ProgrammeItem
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party with its name and part."""

    record: ProgrammeParty
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """One programme: as it is, or as it was known on the day ``on``, in which case ``past`` says so."""

    on: date
    past: bool
    line: Line
    kind: Kind | None
    item: str
    articles: list[int]
    steps: list[Step]
    facts: list[Fact]
    results: list[Result]
    moves: list[Move]
    waiting: Move | None
    parties: list[PartyLine]
    years: list[YearLine]
    all_years: YearLine
    over_in: list[str]
    alarm: list[str]
    children: list[Line]
    parent: Line | None
    entries: list[EntryLine]
    items: list[ItemLine]
    project: Row | None
    plan: Row | None
    place: tuple[str, str]

    @property
    def record(self) -> Programme:
        """The programme."""
        return self.line.record

    @property
    def sentence(self) -> str:
        """Return what is to be known first."""
        one = self.record
        parts = [
            pgettext("programme", "在“{stage}”阶段，第 {at} 步，共 {of} 步").format(
                stage=self.line.stage, at=self.line.at, of=self.line.of
            )
        ]
        if any(step.where == "now" and not step.confirmed for step in self.steps):
            parts.append(pgettext("programme", "按登记，未核对"))
        due = day(one.next_due_on, language()) if one.next_due_on else ""
        if one.state != Programme.State.RUNNING:
            parts[0] = self.line.state
        elif not one.next_step:
            parts.append(pgettext("programme", "没有写下一步"))
        elif self.line.late:
            parts.append(pgettext("programme", "下一步 {day} 到期，已逾期").format(day=due))
        else:
            parts.append(pgettext("programme", "下一步 {day} 前").format(day=due))
        if self.line.over:
            parts.append(pgettext("programme", "超预算"))
        return pgettext("programme", "；").join(parts)


def programme_of(viewer: Viewer, programme: int) -> Programme:
    """Return a programme somebody may see.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record``.
    """
    found = in_order(visible(Programme, viewer)).filter(pk=programme).first()
    if found is None:
        raise BridgeheadError("action.no_such_record", {"kind": Programme.RECORD, "id": str(programme)})
    return found


def programme_page(viewer: Viewer, programme: int, on: date | None = None) -> ProgrammePage:
    """Return one programme with everything about it; with a day that is over, as it was known then.

    Its parts are always those of today.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record``; ``programme.not_there_yet`` for a day before it was entered.

    Articles: 9, 74, 75
    """
    record = programme_of(viewer, programme)
    past = on if on is not None and on < today() else None
    if past:
        record = _programme_on(record, past)
    kind = kinds().get(record.kind)
    moves = _moves(viewer, record, past)
    items = _items(viewer, record, past)
    money = money_of(record, past)
    line = lines([record], past)[0]  # type: ignore[arg-type]
    if past:
        totals = money.all_years.totals
        spent = {name: getattr(totals, name) for name in ("funds", "commitment", "payment")}
        line = replace(line, over=bool(money.over_in), **spent)
    parent = record.parent_id
    above = in_order(visible(Programme, viewer)).filter(pk=parent) if parent else None
    region = current().region
    return ProgrammePage(
        past or today(),
        past is not None,
        line,
        kind,
        item_name(kind) if kind else "",
        list(record.articles),
        _steps(kind, record, moves) if kind else [],
        facts(kind.fields, record.fields) if kind else [],
        results(kind, [_counted(record, items)], past) if kind else [],
        moves,
        next((one for one in moves if one.record.state == StageMove.State.PROPOSED), None),
        _parties(viewer, record, past),
        money.years,
        money.all_years,
        money.over_in,
        money.alarm,
        lines(in_order(visible(Programme, viewer).filter(parent=record))),
        next(iter(lines(above)), None) if above is not None else None,
        entries_of(viewer, record, past),
        [ItemLine(one, facts(kind.item_fields, one.fields)) for one in items] if kind else [],
        region.find("projects", record.project) if record.project else None,
        plan_line(record.plan_line),
        place_of(record.place_id),
    )


def _programme_on(record: Programme, on: date) -> Programme:
    found = known_on([record], on)
    if not found:
        raise BridgeheadError("programme.not_there_yet", {"code": record.code, "day": day(on, language())})
    return found[0]


def place_of(id: str) -> tuple[str, str]:
    """Return the name and the address of a place or port of the region, two empty texts for none."""
    region = current().region
    if not id:
        return "", ""
    page = {"ports": "gateway:port", "places": "gateway:place"}.get(region.kind_of(id))
    return region.name(id, language()), reverse(page, args=[id]) if page else ""


def facts(fields: tuple[Field, ...], values: dict[str, Any]) -> list[Fact]:
    """Return fields in words; those that nothing is said of are there, too, with an empty value."""
    return [Fact(one.id, called(one), in_text(one, values.get(one.id)), unit_of(one)) for one in fields]


def in_text(field: Field, value: Any) -> str:
    """Return a value in words, empty for none."""
    if value is None or value == "":
        return ""
    match field.type:
        case Type.BOOLEAN:
            return pgettext("programme", "是") if value else pgettext("programme", "否")
        case Type.CHOICE:
            return choice_name(field, str(value))
        case Type.NUMBER | Type.INTEGER | Type.MONEY:
            return in_words(Decimal(str(value)), language())
    return str(value)


def role_word(role: str) -> str:
    """Return what a part in a programme is called."""
    roles = ProgrammeParty.Role
    return {
        roles.LEAD: pgettext("programme", "牵头"),
        roles.JOINT: pgettext("programme", "配合"),
        roles.FUNDER: pgettext("programme", "出资"),
        roles.OPERATOR: pgettext("programme", "运营"),
        roles.PARTNER: pgettext("programme", "合作方"),
        roles.FOREIGN_PARTNER: pgettext("programme", "外方"),
        roles.CONTRACTOR: pgettext("programme", "承建"),
    }.get(roles(role), role)


def move_word(state: str) -> str:
    """Return what became of a move of stage, in words."""
    states = StageMove.State
    return {
        states.PROPOSED: pgettext("programme", "等人核对"),
        states.ACCEPTED: pgettext("programme", "已接受"),
        states.RETURNED: pgettext("programme", "已退回"),
        states.WITHDRAWN: pgettext("programme", "已撤回"),
    }.get(states(state), state)


def _steps(kind: Kind, record: Programme, moves: list[Move]) -> list[Step]:
    """Return the ladder of stages; when the next one is usually reached follows from how long this one takes."""
    here = kind.places.get(record.stage, -1)
    accepted = [move.record for move in reversed(moves) if move.record.state == StageMove.State.ACCEPTED]
    reached = {move.to_stage: move.on for move in accepted}
    entered = kind.places.get(accepted[0].from_stage if accepted else record.stage, -1)
    found = []
    for at, one in enumerate(kind.stages):
        where = "done" if at < here else "now" if at == here else "to_come"
        on = record.stage_on if at == here else reached.get(one.id) if at < here else None
        expected = None
        if at == here + 1 and here >= 0 and (term := kind.stages[here].term) is not None:
            expected = calendar().due(record.stage_on, term).day
        confirmed = at > min(entered, here) or entered == 0 or one.id in reached
        found.append(Step(called(one), evidence_of(one), where, on, expected, confirmed))
    return found


def _items(viewer: Viewer, record: Programme, on: date | None) -> list[ProgrammeItem]:
    rows = visible(ProgrammeItem, viewer).filter(programme=record)[:MOST_ENTRIES]
    return known_on(rows, on) if on else list(rows)


def _counted(record: Programme, items: list[ProgrammeItem]) -> Record:
    return Record(record.stage, record.fields, [one.fields for one in items], [one.on for one in items])


def _moves(viewer: Viewer, record: Programme, on: date | None) -> list[Move]:
    found = visible(StageMove, viewer).filter(programme=record).select_related("file")
    rows = known_on(found, on) if on else list(found)
    people = names_of({who for one in rows for who in (one.proposed_by, one.decided_by)})
    return [
        Move(
            one,
            stage_name(record.kind, one.from_stage),
            stage_name(record.kind, one.to_stage),
            move_word(one.state),
            people.get(one.proposed_by or 0, ""),
            people.get(one.decided_by or 0, ""),
        )
        for one in rows
    ]


def _parties(viewer: Viewer, record: Programme, on: date | None) -> list[PartyLine]:
    found = visible(ProgrammeParty, viewer).filter(programme=record).select_related("organisation")
    rows = [one for one in known_on(found, on) if one.left_on is None] if on else found.filter(left_on=None)
    return [PartyLine(one, named(one.organisation) or one.name, role_word(one.role)) for one in rows]
