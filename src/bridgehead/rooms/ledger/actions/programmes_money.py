"""Actions on the money of programmes: entering an amount, and mending one by a counter-entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from bridgehead.engines.programmes.money import SPENT, MoneyKind, Totals, over_years
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.programmes_held import held, short
from bridgehead.rooms.ledger.models import Programme, ProgrammeMoney, ProgrammeTotal
from bridgehead.rooms.ledger.selectors.programme_money import money_word
from bridgehead.rooms.ledger.who import RUN

LARGEST = Decimal("9999999999999.99")
FIRST_YEAR, LAST_YEAR = 2000, 2100
CENT = Decimal("0.01")
_AMOUNT = re.compile(r"\d{1,13}(\.\d{1,2})?")
Years = Mapping[str, Mapping[str, Decimal]]
"""What funds, commitments and payments come to, by budget year."""
_LIMITS = {"source": 300, "note": 300, "line": 120}


@action("programme.enter_money", permission=RUN)
def enter_money(
    deed: Deed,
    *,
    programme: int,
    kind: str,
    amount: str,
    year: int | None,
    on: date | None,
    source: str,
    note: str = "",
    line: str = "",
    giver: int | None = None,
) -> ProgrammeMoney:
    """Enter an amount of a programme, in the currency of the region.

    Parameters
    ----------
    deed : Deed
        Who enters it.
    programme : int
        Whose money.
    kind : str
        ``appropriation``, ``special_bond``, ``transfer``, ``commitment`` or ``payment``.
    amount : str
        How much, above zero and to the cent.
    year, on
        The budget year, and the day of the paper it rests on.
    source, note, line : str
        What it rests on, a remark, the line of the budget.
    giver : int, optional
        The programme a transfer comes from; none where it comes from a budget outside the register.

    Raises
    ------
    BridgeheadError
        ``programme.unknown_money``, ``programme.bad_amount``, ``programme.bad_year``, ``programme.day_to_come``,
        ``form.missing``, ``programme.giver_not_for_this``, ``programme.unknown_giver``, ``programme.too_long``,
        ``programme.giver_not_theirs`` for one they do not keep and that this is no part of.

    Articles: 74, 75
    """
    record = held(deed, programme)
    told = {
        name: short(deed, name, text, needed=name == "source", limit=_LIMITS[name])
        for name, text in (("source", source), ("note", note), ("line", line))
    }
    value = _amount(deed, amount)
    if kind not in list(MoneyKind):
        deed.refuse("programme.unknown_money", {"kind": kind[:40], "known": [*map(money_word, MoneyKind)]}, "kind")
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        deed.refuse("programme.bad_year", {"year": year or "", "first": FIRST_YEAR, "last": LAST_YEAR}, "year")
    if on is None:
        deed.refuse("form.missing", None, "on")
    elif on > today():
        deed.refuse("programme.day_to_come", {"day": on.isoformat()}, "on")
    giving = _giver(deed, record, kind, giver)
    deed.check()
    return _enter(
        deed,
        ProgrammeMoney(
            programme=record,
            owner=record.owner,
            office=record.office,
            kind=kind,
            amount=value,
            currency=current().region.settings.currency,
            year=year,
            on=on,
            giver=giving,
            **told,
        ),
    )


@action("programme.correct_money", permission=RUN)
def correct_money(deed: Deed, *, entry: int, version: int, why: str, on: date | None = None) -> ProgrammeMoney:
    """Take an amount back by a counter-entry, which names it; the amount itself stays as it was entered.

    Raises
    ------
    BridgeheadError
        ``programme.is_counter_entry``, ``programme.already_corrected``, ``form.missing`` without a reason,
        ``programme.day_to_come``, ``programme.counter_before_entry`` for a day before that of the amount.
    """
    wrong = deed.lock(ProgrammeMoney, entry, version)
    record = held(deed, wrong.programme_id)
    note = short(deed, "note", why, needed=True, limit=_LIMITS["note"])
    if wrong.corrects_id is not None:
        deed.refuse("programme.is_counter_entry", {"entry": wrong.pk})
    elif ProgrammeMoney.objects.filter(corrects=wrong).exists():
        deed.refuse("programme.already_corrected", {"entry": wrong.pk})
    if on is not None and on > today():
        deed.refuse("programme.day_to_come", {"day": on.isoformat()}, "on")
    elif on is not None and on < wrong.on:
        # The amounts of a day that is past add up entry by entry: none is taken back before it is there.
        deed.refuse("programme.counter_before_entry", {"day": on.isoformat(), "entered": wrong.on.isoformat()}, "on")
    deed.check()
    return _enter(
        deed,
        ProgrammeMoney(
            programme=record,
            owner=record.owner,
            office=record.office,
            kind=wrong.kind,
            amount=-wrong.amount,
            currency=wrong.currency,
            year=wrong.year,
            on=on or today(),
            giver=wrong.giver,
            source=wrong.source,
            note=note,
            line=wrong.line,
            corrects=wrong,
        ),
    )


def lock_above(programmes: Iterable[int]) -> None:
    """Hold the totals of programmes, in one order, so that no two entries add to the same at once."""
    rows = ProgrammeTotal.objects.select_for_update().filter(programme__in=set(programmes)).order_by("programme_id")
    list(rows.values_list("pk", flat=True))


def move_totals(programmes: Iterable[int], years: Years, *, own: int | None = None) -> None:
    """Add the sums of years to the totals of programmes that are held; to what one of them has alone, too."""
    for total in ProgrammeTotal.objects.filter(programme__in=set(programmes)):
        _add(total, years, "")
        if total.programme_id == own:
            _add(total, years, "own_")
        total.over = bool(over_years(total.years) or over_years(total.own_years))
        total.save()


def _add(total: ProgrammeTotal, years: Years, before: str) -> None:
    kept = getattr(total, f"{before}years")
    for year, sums in years.items():
        there = kept.get(year, {})
        for name in SPENT:
            value = Decimal(sums.get(name, 0))
            setattr(total, f"{before}{name}", (getattr(total, f"{before}{name}") + value).quantize(CENT))
            there[name] = str((Decimal(there.get(name, "0")) + value).quantize(CENT))
        kept[year] = there


def _enter(deed: Deed, entry: ProgrammeMoney) -> ProgrammeMoney:
    """Write an entry and add it to the totals: of its programme, of the giver, and of all they are parts of."""
    made = deed.create(entry)
    with as_system("adding up the money of programmes"):
        sides = [(made.programme_id, made.amount)]
        if made.giver_id is not None:
            sides.append((made.giver_id, -made.amount))
        paths = [(_path(pk), amount) for pk, amount in sides]
        lock_above(pk for path, _ in paths for pk in path)
        for path, amount in paths:
            name, value = _column(made.kind, amount)
            move_totals(path, {str(made.year): {name: value}}, own=path[0])
    return made


def _column(kind: str, amount: Decimal) -> tuple[str, Decimal]:
    """Return the total an entry adds to: what can be spent is one, whatever it comes from."""
    totals = Totals().plus(MoneyKind(kind), amount)
    return next((name, amount) for name in ("commitment", "payment", "funds") if getattr(totals, name))


def _path(programme: int) -> list[int]:
    """Return a programme and all it is a part of, the nearest first."""
    found = [programme]
    while (pk := Programme.objects.filter(pk=found[-1]).values_list("parent_id", flat=True).first()) is not None:
        if pk in found:
            raise BridgeheadError("programme.parent_cycle", {"code": pk})
        found.append(pk)
    return found


def _amount(deed: Deed, text: str) -> Decimal:
    """Return an amount above zero and to the cent; note anything else."""
    bare = text.replace(",", "").replace("，", "").strip()
    if _AMOUNT.fullmatch(bare) and 0 < Decimal(bare) <= LARGEST:
        return Decimal(bare).quantize(CENT)
    deed.refuse("programme.bad_amount", {"amount": text[:40], "most": f"{LARGEST:,}"}, "amount")
    return Decimal()


def _giver(deed: Deed, record: Programme, kind: str, giver: int | None) -> Programme | None:
    if giver is None:
        return None
    found = visible(Programme, deed.by).filter(pk=giver).first()
    if kind != MoneyKind.TRANSFER:
        deed.refuse("programme.giver_not_for_this", {"kind": kind[:40]}, "giver")
    elif found is None or found.pk == record.pk:
        deed.refuse("programme.unknown_giver", {"programme": giver}, "giver")
    elif not _may_give(deed, record, found):
        deed.refuse("programme.giver_not_theirs", {"code": found.code}, "giver")
    return found


def _may_give(deed: Deed, record: Programme, giver: Programme) -> bool:
    """Tell whether money may be taken from a programme: by who keeps it, or by a part of it for itself."""
    with as_system("looking for what a programme is a part of"):
        if giver.pk in _path(record.pk):
            return True
    return any(deed.by.grant_for(deed.permission, one, to_write=True) for one in (giver.owner_id, giver.office_id))
