"""Programmes on other pages: of an organisation, of a place or port, and in the dossier of an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Min, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from bridgehead.engines.programmes.money import MoneyKind, Totals
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer, as_system, current_viewer
from bridgehead.ground.language import language
from bridgehead.ground.models import JournalEntry, Organisation
from bridgehead.ground.wording import day
from bridgehead.kernel.source import Standing
from bridgehead.rooms.ledger import dossier
from bridgehead.rooms.ledger.models import Programme, ProgrammeArticle, ProgrammeMoney
from bridgehead.rooms.ledger.programme_kinds import bracketed, stage_name
from bridgehead.rooms.ledger.selectors.as_of import known_on
from bridgehead.rooms.ledger.selectors.programmes import (
    Line,
    cents,
    in_order,
    in_unit,
    lines,
    money_unit,
)
from bridgehead.rooms.ledger.who import READ, named

IN_A_PANEL = 8
_AT_ONCE = 5_000
"""Programmes read together: databases take so many values in one question."""


def of_organisation(code: str) -> Mapping[str, Any] | None:
    """Return the programmes an organisation keeps or leads."""
    viewer = current_viewer()
    if not viewer.may(READ):
        return None
    whose = visible(Organisation, viewer).filter(code=code).first()
    if whose is None:
        return None
    return _panel(viewer, Q(owner=whose) | Q(office=whose), f"organisation={whose.pk}")


def of_place(id: str) -> Mapping[str, Any] | None:
    """Return the programmes at a place or port."""
    viewer = current_viewer()
    return _panel(viewer, Q(place_id=id), f"place={id}") if viewer.may(READ) else None


def _panel(viewer: Viewer, which: Q, query: str) -> Mapping[str, Any] | None:
    rows = visible(Programme, viewer).filter(which)
    total = rows.count()
    if not total:
        return None
    return {
        "lines": lines(in_order(rows)[:IN_A_PANEL]),
        "more": max(0, total - IN_A_PANEL),
        "address": f"{reverse('ledger:programmes')}?{query}",
        "unit": money_unit(),
    }


@dataclass(frozen=True, slots=True)
class _Year:
    """The programmes of a year as they stood at its end; `stood` lacks those that were registered only later."""

    year: int
    last: date
    of: Mapping[int, Sequence[int]]
    stood: Mapping[int, Line]


def dossier_of(asked: dossier.Asked) -> dict[int, dossier.Section]:
    """Return the programmes of each article as they stood at the end of both years, with the money of each year.

    Each programme counts with its own money, its parts apart. One that was registered later belongs to a year that is
    past where it has money of it.
    """
    pairs = visible(ProgrammeArticle, asked.viewer).filter(article__in=asked.articles)
    by_article: dict[int, list[int]] = {}
    for article, programme in pairs.order_by("programme").values_list("article", "programme"):
        by_article.setdefault(article, []).append(programme)
    ids = sorted({one for some in by_article.values() for one in some})
    money: dict[tuple[int, int], Totals] = {}
    registered: dict[int, date] = {}
    for some in _parts(ids):
        money |= _money(asked.viewer, some, (asked.year - 1, asked.year))
        registered |= _registered(some)
    spans = ((asked.year, asked.on), (asked.year - 1, date(asked.year - 1, 12, 31)))
    of = {}
    for year, last in spans:
        there = {one for one in ids if last >= today() or registered.get(one, date.max) <= last or (one, year) in money}
        of[year] = {article: [one for one in some if one in there] for article, some in by_article.items()}
    known: dict[int, Line] = {}
    shown = {one for year in of.values() for some in year.values() for one in some[: asked.most]}
    for some in _parts(sorted(shown)):
        rows = visible(Programme, asked.viewer).filter(pk__in=some).select_related("owner", "office", "total")
        known |= {one.record.pk: one for one in lines(rows)}
    now, before = (
        _Year(year, last, of[year], known if last >= today() else _then(known, last)) for year, last in spans
    )
    return {number: _section(asked, number, (now, before), known, money) for number in asked.articles}


def _parts(ids: Sequence[int]) -> Iterable[list[int]]:
    return (list(ids[start : start + _AT_ONCE]) for start in range(0, len(ids), _AT_ONCE))


def _registered(programmes: list[int]) -> dict[int, date]:
    """Return the day each programme was entered into the register, as the journal says it."""
    with as_system("telling since when programmes are registered"):
        rows = JournalEntry.objects.filter(record_kind=Programme.RECORD, record_id__in=map(str, programmes))
        first = dict(rows.order_by().values_list("record_id").annotate(first=Min("recorded_at")))
    return {int(id): timezone.localdate(at) for id, at in first.items()}


def _then(known: Mapping[int, Line], on: date) -> dict[int, Line]:
    """Return those programmes that were registered by a day as they stood at its end."""
    past = {one.pk: one for one in known_on((line.record for line in known.values()), on)}
    return {id: _as_it_was(known[id], was) for id, was in past.items()}


def _as_it_was(line: Line, was: Programme) -> Line:
    stage = stage_name(was.kind, was.stage)
    return replace(line, record=was, stage=stage, owner=named(was.owner), office=named(was.office), over=False)


def _money(viewer: Viewer, programmes: list[int], years: Iterable[int]) -> dict[tuple[int, int], Totals]:
    """Return what the entries of programmes come to in each of some years."""
    rows = visible(ProgrammeMoney, viewer).filter(year__in=list(years)).order_by()
    found: dict[tuple[int, int], Totals] = {}
    received = rows.filter(programme__in=programmes).values_list("programme", "year", "kind")
    given = rows.filter(giver__in=programmes).values_list("giver", "year", "kind")
    for sign, side in ((1, received), (-1, given)):
        for programme, year, kind, amount in side.annotate(sum=Sum("amount")):
            totals = found.get((programme, year), Totals())
            found[programme, year] = totals.plus(MoneyKind(kind), sign * cents(amount))
    return found


def _section(
    asked: dossier.Asked,
    article: int,
    years: Sequence[_Year],
    known: Mapping[int, Line],
    money: Mapping[tuple[int, int], Totals],
) -> dossier.Section:
    unit = money_unit()
    heads = (
        pgettext("programme", "项目"),
        pgettext("programme", "牵头单位"),
        pgettext("programme", "阶段"),
        pgettext("programme", "下一步"),
        pgettext("programme", "当年可用资金") + bracketed(unit),
        pgettext("programme", "当年支付") + bracketed(unit),
    )
    ids = [year.of.get(article, ()) for year in years]
    now, before = (
        [_line(known[id], money.get((id, year.year), Totals()), year) for id in some[: asked.most] if id in known]
        for year, some in zip(years, ids, strict=True)
    )
    gap = ""
    if not now:
        gap = pgettext("programme", "没有登记为这一条的项目。")
    elif len(ids[0]) <= asked.most and not any((id, asked.year) in money for id in ids[0]):
        gap = pgettext("programme", "当年没有记资金。")
    title = pgettext("dossier", "项目")
    more, more_before = (max(0, len(some) - asked.most) for some in ids)
    return dossier.Section("programmes", title, heads, now, before, gap, more, (4, 5), more_before)


def _line(known: Line, totals: Totals, year: _Year) -> dossier.Line:
    """Return a programme with the money of a year, and how it stood at its end where that was registered then."""
    one = year.stood.get(known.record.pk)
    stage, step, late = "—", "—", False
    if one is not None:
        stage, step = one.stage, one.state
        if one.running:
            due = one.record.next_due_on
            late = not one.record.next_step or (due is not None and due < year.last)
            step = one.record.next_step or pgettext("programme", "没有写")
            step += bracketed(day(due, language())) if due and one.record.next_step else ""
    shown = one or known
    cells = (shown.name, shown.office, stage, step, _shown(totals.funds), _shown(totals.payment))
    # A standing is told of an amount, behind the last cell; where none was entered there is nothing to tell it of.
    standing = Standing.REPORTED.value if totals.payment else ""
    return dossier.Line(cells, shown.address, late or (one is not None and one.over), standing)


def _shown(amount: Decimal) -> str:
    return in_unit(amount) if amount else "—"
