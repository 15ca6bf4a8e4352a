"""Programmes for tests: one record of each model, made through the actions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from bridgehead.engines.programmes.kinds import Field, Type
from bridgehead.ground.models import Person
from bridgehead.rooms.ledger.actions.programmes import Said, open_programme
from bridgehead.rooms.ledger.actions.programmes_money import enter_money
from bridgehead.rooms.ledger.actions.programmes_parts import add_item, add_party
from bridgehead.rooms.ledger.actions.programmes_stages import propose_stage
from bridgehead.rooms.ledger.models import Programme, ProgrammeMoney
from bridgehead.rooms.ledger.programme_kinds import kind_of, kinds
from tests.ledger import LedgerWorld, seen_as

KIND = "exhibition"


def typed(field: Field) -> str:
    """Return something a field takes."""
    match field.type:
        case Type.CHOICE:
            return field.choices[0].id
        case Type.DATE:
            return "2026-05-01"
        case Type.BOOLEAN:
            return "true"
        case Type.TEXT:
            return f"{field.id} 甲"
    return "40"


def said(kind: str, **told: Any) -> Said:
    """Return what a form says of a programme of a kind."""
    today = timezone.localdate()
    first = {
        "name_zh": "向北开放洽谈会",
        "source": "办公会纪要 3 号",
        "source_on": today,
        "next_step": "发出邀请",
        "next_due_on": today + timedelta(days=20),
        "fields": {one.id: typed(one) for one in kind_of(kind).fields},
    }
    return Said(**first | told)


def opened(world: LedgerWorld, kind: str = KIND, by: Person | None = None, **told: Any) -> Programme:
    """Return a programme of a kind that the department of commerce keeps."""
    keep = {name: told.pop(name) for name in ("code", "stage", "stage_on") if name in told}
    person = by or world.commerce_officer
    organisation = told.pop("organisation", world.commerce)
    return open_programme(by=seen_as(person), organisation=organisation.pk, kind=kind, said=said(kind, **told), **keep)


def neglected(world: LedgerWorld, *, next_step: str, next_due_on: date | None, **told: Any) -> Programme:
    """Return a programme whose next step was forgotten or is overdue, as time makes it and no form would take."""
    record = opened(world, **told)
    Programme.objects.filter(pk=record.pk).update(next_step=next_step, next_due_on=next_due_on)
    record.refresh_from_db()
    return record


def paid(
    world: LedgerWorld, programme: Programme, kind: str, amount: str, year: int = 2026, giver: int | None = None
) -> ProgrammeMoney:
    """Return an entry of money."""
    today = timezone.localdate()
    viewer = seen_as(world.commerce_officer)
    told = {"programme": programme.pk, "kind": kind, "amount": amount, "year": year, "giver": giver}
    return enter_money(by=viewer, on=today, source="预算批复", **told)


def make(world: LedgerWorld) -> None:
    """Make one record of each model of programmes; none in a region that declares no kinds of them."""
    if KIND not in kinds():
        return
    record = opened(world, code="expo-1", name_en="Northern Opening Fair")
    viewer, today = seen_as(world.commerce_officer), timezone.localdate()
    add_party(by=viewer, programme=record.pk, role="foreign_partner", name="蒙古国工商会")
    fields = {"counterparty": "某公司", "signed_value": "1000", "fulfilled_value": "250"}
    fields["trade_or_investment"] = "trade"
    add_item(by=viewer, programme=record.pk, title="肉类采购", on=today, source="签约册", fields=fields)
    paid(world, record, "appropriation", "100.50")
    told = {"stage": "invited", "on": today, "evidence": "参展名单"}
    propose_stage(by=viewer, programme=record.pk, version=record.version, **told)
