"""One programme with everything about it: facts, stages, next step, parties, money, items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import pgettext

from bridgehead.engines.programmes.kinds import Field, Kind, Type
from bridgehead.engines.programmes.money import MoneyKind, Totals
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language
from bridgehead.ground.region import current
from bridgehead.ground.wording import day
from bridgehead.ground.wording import number as in_words
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.tables import Row
from bridgehead.rooms.ledger.models import (
    Programme,
    ProgrammeItem,
    ProgrammeMoney,
    ProgrammeParty,
    StageMove,
)
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
from bridgehead.rooms.ledger.selectors.programmes import Line, cents, in_order, lines, share_of
from bridgehead.rooms.ledger.selectors.programmes_by_kind import Record, Result, results
from bridgehead.rooms.ledger.who import named, names_of

MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Step:
    """A stage on the ladder of a programme: before, now or to come; with the evidence it was accepted for."""

    name: str
    evidence: str
    where: str
    on: date | None
    expected_on: date | None


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
class YearLine:
    """The money of one year, or of all."""

    year: int | None
    totals: Totals

    @property
    def executed(self) -> Decimal | None:
        """The share of the funds that was paid, 1 for all of them."""
        return share_of(self.totals.payment, self.totals.funds)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of money, with what it is called."""

    record: ProgrammeMoney
    kind: str
    corrected: bool
    giver: str


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
    """One programme."""

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
    children: list[Line]
    parent: Line | None
    entries: list[EntryLine]
    items: list[ItemLine]
    project: Row | None
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
        due = day(one.next_due_on, language()) if one.next_due_on else ""
        if one.state != Programme.State.RUNNING:
            parts = [self.line.state]
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


def programme_page(viewer: Viewer, programme: int) -> ProgrammePage:
    """Return one programme with everything about it.

    Articles: 9, 74, 75
    """
    record = programme_of(viewer, programme)
    kind = kinds().get(record.kind)
    line = lines([record])[0]  # type: ignore[arg-type]
    moves = _moves(viewer, record)
    items = list(visible(ProgrammeItem, viewer).filter(programme=record)[:MOST_ENTRIES])
    years = _years(record)
    parent = record.parent_id
    above = in_order(visible(Programme, viewer)).filter(pk=parent) if parent else None
    region = current().region
    return ProgrammePage(
        line,
        kind,
        item_name(kind) if kind else "",
        list(record.articles),
        _steps(kind, record, moves) if kind else [],
        facts(kind.fields, record.fields) if kind else [],
        results(kind, [Record(record.stage, record.fields, [one.fields for one in items])]) if kind else [],
        moves,
        next((one for one in moves if one.record.state == StageMove.State.PROPOSED), None),
        _parties(viewer, record),
        years,
        YearLine(None, sum((one.totals for one in years), Totals())),
        lines(in_order(visible(Programme, viewer).filter(parent=record))),
        next(iter(lines(above)), None) if above is not None else None,
        _entries(viewer, record),
        [ItemLine(one, facts(kind.item_fields, one.fields)) for one in items] if kind else [],
        region.find("projects", record.project) if record.project else None,
        place_of(record.place_id),
    )


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


def money_word(kind: str) -> str:
    """Return what a kind of money is called."""
    return {
        MoneyKind.APPROPRIATION: pgettext("programme", "预算安排"),
        MoneyKind.SPECIAL_BOND: pgettext("programme", "专项债"),
        MoneyKind.TRANSFER: pgettext("programme", "转移支付"),
        MoneyKind.COMMITMENT: pgettext("programme", "已签约（承诺）"),
        MoneyKind.PAYMENT: pgettext("programme", "已支付"),
    }.get(MoneyKind(kind), kind)


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
    reached = {}
    for move in reversed(moves):
        if move.record.state == StageMove.State.ACCEPTED:
            reached[move.record.to_stage] = move.record.on
    found = []
    for at, one in enumerate(kind.stages):
        where = "done" if at < here else "now" if at == here else "to_come"
        on = record.stage_on if at == here else reached.get(one.id) if at < here else None
        expected = None
        if at == here + 1 and here >= 0 and (term := kind.stages[here].term) is not None:
            expected = calendar().due(record.stage_on, term).day
        found.append(Step(called(one), evidence_of(one), where, on, expected))
    return found


def _moves(viewer: Viewer, record: Programme) -> list[Move]:
    rows = list(visible(StageMove, viewer).filter(programme=record).select_related("file"))
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


def _parties(viewer: Viewer, record: Programme) -> list[PartyLine]:
    rows = visible(ProgrammeParty, viewer).filter(programme=record, left_on=None).select_related("organisation")
    return [PartyLine(one, named(one.organisation) or one.name, role_word(one.role)) for one in rows]


def _years(record: Programme) -> list[YearLine]:
    """Return the money of a programme with all below it by year, each entry once; transfers within cancel.

    The sum belongs to the programme: whoever sees it sees its sum, whether or not they may see each part.
    """
    with as_system("adding up the money of a programme"):
        tree = below(int(record.pk))
        rows = ProgrammeMoney.objects.order_by()
        received = rows.filter(programme__in=tree).values_list("year", "kind").annotate(sum=Sum("amount"))
        given = rows.filter(giver__in=tree).values_list("year", "kind").annotate(sum=Sum("amount"))
        found: dict[int, Totals] = {}
        for sign, side in ((1, received), (-1, given)):
            for year, kind, amount in side:
                found[year] = found.get(year, Totals()).plus(MoneyKind(kind), sign * cents(amount))
    return [YearLine(year, found[year]) for year in sorted(found)]


def below(programme: int) -> list[int]:
    """Return a programme and all that are parts of it, however far down."""
    found, waiting = [programme], [programme]
    while waiting:
        children = Programme.objects.filter(parent__in=waiting).order_by().values_list("pk", flat=True)
        waiting = [one for one in children if one not in found]
        found += waiting
    return found


def _entries(viewer: Viewer, record: Programme) -> list[EntryLine]:
    rows = visible(ProgrammeMoney, viewer).filter(programme=record).select_related("giver")
    corrected = set(rows.filter(corrects__isnull=False).values_list("corrects", flat=True))
    return [
        EntryLine(one, money_word(one.kind), one.pk in corrected, one.giver.code if one.giver else "")
        for one in rows[:MOST_ENTRIES]
    ]
