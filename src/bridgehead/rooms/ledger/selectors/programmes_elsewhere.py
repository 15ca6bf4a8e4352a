"""Programmes on other pages: of an organisation, of a place or port, and in the dossier of an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import pgettext

from bridgehead.engines.programmes.money import MoneyKind, Totals
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, current_viewer
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.ground.wording import day
from bridgehead.kernel.source import Standing
from bridgehead.rooms.ledger import dossier
from bridgehead.rooms.ledger.models import Programme, ProgrammeArticle, ProgrammeMoney
from bridgehead.rooms.ledger.programme_kinds import bracketed
from bridgehead.rooms.ledger.selectors.programmes import (
    Line,
    cents,
    in_order,
    in_unit,
    lines,
    money_unit,
)
from bridgehead.rooms.ledger.who import READ

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


def dossier_of(asked: dossier.Asked) -> dict[int, dossier.Section]:
    """Return the programmes of each article with the money of the year, and that of the year before beside it.

    Each programme counts with its own money, its parts apart.
    """
    pairs = visible(ProgrammeArticle, asked.viewer).filter(article__in=asked.articles)
    by_article: dict[int, list[int]] = {}
    for article, programme in pairs.order_by("programme").values_list("article", "programme"):
        by_article.setdefault(article, []).append(programme)
    shown = sorted({one for ids in by_article.values() for one in ids[: asked.most]})
    known: dict[int, Line] = {}
    money: dict[tuple[int, int], Totals] = {}
    for start in range(0, len(shown), _AT_ONCE):
        some = shown[start : start + _AT_ONCE]
        rows = visible(Programme, asked.viewer).filter(pk__in=some).select_related("owner", "office", "total")
        known |= {one.record.pk: one for one in lines(rows)}
        money |= _money(asked.viewer, some, (asked.year - 1, asked.year))
    return {number: _section(asked, known, by_article.get(number, []), money) for number in asked.articles}


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
    asked: dossier.Asked, known: Mapping[int, Line], ids: list[int], money: Mapping[tuple[int, int], Totals]
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
    rows = [known[one] for one in ids[: asked.most] if one in known]
    now = [_line(one, money.get((one.record.pk, asked.year), Totals()), asked) for one in rows]
    spent = [(one, money[one.record.pk, asked.year - 1]) for one in rows if (one.record.pk, asked.year - 1) in money]
    before = [_line(one, totals, asked, past=True) for one, totals in spent]
    gap = ""
    if not rows:
        gap = pgettext("programme", "没有登记为这一条的项目。")
    elif len(ids) <= asked.most and not any((one.record.pk, asked.year) in money for one in rows):
        gap = pgettext("programme", "当年没有记资金。")
    title = pgettext("dossier", "项目")
    return dossier.Section("programmes", title, heads, now, before, gap, max(0, len(ids) - asked.most), (4, 5))


def _line(one: Line, totals: Totals, asked: dossier.Asked, *, past: bool = False) -> dossier.Line:
    step, late = "", False
    if not past and one.running:
        due = one.record.next_due_on
        late = not one.record.next_step or (due is not None and due < asked.on)
        step = one.record.next_step or pgettext("programme", "没有写")
        step += bracketed(day(due, language())) if due and one.record.next_step else ""
    elif not past:
        step = one.state
    cells = (one.name, one.office, one.stage, step or "—", _shown(totals.funds), _shown(totals.payment))
    return dossier.Line(cells, one.address, late or (not past and one.over), Standing.REPORTED.value)


def _shown(amount: Decimal) -> str:
    return in_unit(amount) if amount else "—"
