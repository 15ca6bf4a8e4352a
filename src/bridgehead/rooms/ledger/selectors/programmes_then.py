"""The register of programmes on any day: as each was known then, with the money of the papers up to it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Sum, prefetch_related_objects

from bridgehead.engines.programmes.money import MoneyKind, Totals
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.rooms.ledger.models import Programme, ProgrammeMoney
from bridgehead.rooms.ledger.programme_kinds import called, kinds
from bridgehead.rooms.ledger.selectors.as_of import known_on
from bridgehead.rooms.ledger.selectors.programme_money import Money, YearLine
from bridgehead.rooms.ledger.selectors.programmes import (
    ON_A_PAGE,
    Asked,
    Counts,
    Line,
    Register,
    Scope,
    cents,
    counts,
    in_order,
    lines,
    names_of_scopes,
    organisations,
    register,
)

_AT_ONCE = 5_000
"""Programmes restored together: databases take so many values in one question."""
ByYear = Mapping[int, Totals]


def register_on(viewer: Viewer, asked: Asked, on: date) -> Register:
    """Return a page of the register as it was known at the end of a day; a day to come is today.

    Articles: 9, 74, 75
    """
    if on >= today():
        return register(viewer, asked)
    every, own = _stood(viewer, on)
    found = [one for one in every if _meant(asked, one)]
    pages = max(1, -(-len(found) // ON_A_PAGE))
    page = min(asked.page, pages)
    counted = _counts(every, on)
    return Register(
        replace(asked, page=page),
        counted,
        len(found),
        found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        pages,
        _scopes(viewer, asked, found, own, on),
        [(kind.id, called(kind)) for kind in kinds().values()],
        [(kind.id, called(kind), counted.by_kind.get(kind.id, 0)) for kind in kinds().values()],
        organisations(viewer),
        sorted({one for kind in kinds().values() for one in kind.articles}),
        on,
        today=False,
    )


def lines_on(viewer: Viewer, asked: Asked, on: date, most: int) -> list[Line]:
    """Return the first of the programmes that are asked for as they were known on a day."""
    if on >= today():
        return lines(in_order(asked.rows(viewer))[:most])
    return [one for one in _stood(viewer, on)[0] if _meant(asked, one)][:most]


def counts_on(viewer: Viewer, asked: Asked, on: date) -> tuple[Counts, int]:
    """Return what the register says of a day in all, and how many of its programmes are those that are asked for."""
    if on >= today():
        return counts(viewer), asked.rows(viewer).count()
    every, _ = _stood(viewer, on)
    return _counts(every, on), sum(_meant(asked, one) for one in every)


def _stood(viewer: Viewer, on: date) -> tuple[list[Line], Mapping[int, ByYear]]:
    """Return every programme somebody sees as it was known on a day, in the order of lists, and the money of each."""
    rows = list(in_order(visible(Programme, viewer)))
    then: list[Programme] = []
    for start in range(0, len(rows), _AT_ONCE):
        then += known_on(rows[start : start + _AT_ONCE], on)
    prefetch_related_objects(then, "owner", "office")  # another one kept or led it then
    own = _own(on)
    below = _below(own)
    found = [_with_money(one, below.get(one.record.pk, {}), own.get(one.record.pk, {})) for one in lines(then, on)]
    return sorted(found, key=_place), own


def _place(one: Line) -> tuple[bool, date, int]:
    return not one.running, one.record.next_due_on or date.min, one.record.pk


def _with_money(line: Line, every: ByYear, own: ByYear) -> Line:
    sides = ([YearLine(year, totals[year]) for year in sorted(totals)] for totals in (every, own))
    money = Money(*sides)
    told = money.all_years.totals
    kept = {name: getattr(told, name) for name in ("funds", "commitment", "payment")}
    return replace(line, over=bool(money.over_in), **kept)


def _own(on: date) -> dict[int, dict[int, Totals]]:
    """Return what the entries of papers up to a day come to, of each programme alone and by year."""
    found: dict[int, dict[int, Totals]] = defaultdict(dict)
    with as_system("adding up the money of programmes"):
        rows = ProgrammeMoney.objects.filter(on__lte=on).order_by()
        given = rows.filter(giver__isnull=False).values_list("giver", "year", "kind")
        for sign, side in ((1, rows.values_list("programme", "year", "kind")), (-1, given)):
            for programme, year, kind, amount in side.annotate(sum=Sum("amount")):
                totals = found[programme].get(year, Totals())
                found[programme][year] = totals.plus(MoneyKind(kind), sign * cents(amount))
    return dict(found)


def _below(own: Mapping[int, ByYear]) -> dict[int, dict[int, Totals]]:
    """Return what programmes come to by year with all that are parts of them: the money of each counts for all above.

    Parts are those of today, as on the page of a programme.
    """
    with as_system("reading which programmes are parts of which"):
        parents = dict(Programme.objects.order_by().values_list("pk", "parent"))
    found: dict[int, dict[int, Totals]] = defaultdict(dict)
    for programme, years in own.items():
        above: int | None = programme
        passed: set[int] = set()
        while above is not None and above not in passed:
            passed.add(above)
            for year, totals in years.items():
                found[above][year] = found[above].get(year, Totals()) + totals
            above = parents.get(above)
    return dict(found)


def _meant(asked: Asked, line: Line) -> bool:
    """Tell whether a programme as it stood is one that is asked for."""
    one = line.record
    same = all(getattr(asked, name) in ("", getattr(one, name)) for name in ("kind", "stage", "state"))
    there = asked.place in ("", one.place_id) and asked.plan in ("", one.plan_line)
    whose = asked.organisation in (0, one.owner_id, one.office_id)
    serves = not asked.article or asked.article in one.articles
    only = {"late": line.late, "over": line.over}.get(asked.only, True)
    return same and there and whose and serves and only


def _counts(every: Iterable[Line], on: date) -> Counts:
    """Return how many programmes there were, and what was the matter with those that went on."""
    there = list(every)
    running = [one for one in there if one.running]
    return Counts(
        every=len(there),
        running=len(running),
        unsaid=sum(not one.record.next_step for one in running),
        late=sum(one.record.next_due_on is not None and one.record.next_due_on < on for one in running),
        over=sum(one.over for one in running),
        by_kind=Counter(one.record.kind for one in there),
    )


def _scopes(viewer: Viewer, asked: Asked, found: Iterable[Line], own: Mapping[int, ByYear], on: date) -> list[Scope]:
    """Return the share that was spent by one of the scopes; each programme counts with its own money only."""
    sums: dict[object, list[Totals]] = defaultdict(list)
    for line in found:
        one = line.record
        totals = sum(own.get(one.pk, {}).values(), Totals())
        of = {"kind": [one.kind], "organisation": [one.office_id], "article": one.articles, "plan": [one.plan_line]}
        for key in of[asked.by]:
            if key != "":
                sums[key].append(totals)
    names = names_of_scopes(viewer, asked.by, list(sums))
    told = []
    for key, some in sums.items():
        if key in names:
            name, address = names[key]
            address += f"&on={on}" if "?" in address else ""
            spent = sum(some, Totals())
            told.append(Scope(str(key), name, address, len(some), spent.funds, spent.commitment, spent.payment))
    return sorted(told, key=lambda one: (-one.funds, one.name))
