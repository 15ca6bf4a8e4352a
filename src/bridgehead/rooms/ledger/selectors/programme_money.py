"""The money of one programme: by year with all below it, and entry by entry; on any day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import pgettext

from bridgehead.engines.programmes.money import SPENT, MoneyKind, Totals, over_years
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.rooms.ledger.models import Programme, ProgrammeMoney
from bridgehead.rooms.ledger.selectors.programmes import cents, share_of

MOST_ENTRIES = 200


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
class Money:
    """What the entries of a programme come to by year: with all below it, and alone."""

    years: list[YearLine]
    own: list[YearLine]

    @property
    def all_years(self) -> YearLine:
        """All years together, with all below it."""
        return YearLine(None, sum((one.totals for one in self.years), Totals()))

    @property
    def over_in(self) -> list[str]:
        """Where more was committed or paid than there is, in words."""
        every, alone = pgettext("programme", "全部年度"), pgettext("programme", "本项目自身")
        named = pgettext("programme", "{year} 年")
        found, own = self._over
        return [
            *(named.format(year=one) if one else every for one in found),
            *(f"{alone} {named.format(year=one)}" if one else alone for one in own),
        ]

    @property
    def alarm(self) -> list[str]:
        """The budget alarm in sentences, none where it does not ring; with what to do where only a year is over."""
        if not any(self._over):
            return []
        where = pgettext("programme", "、").join(self.over_in)
        told = pgettext("programme", "超预算：承诺或支付超过可用资金：{where}。").format(where=where)
        return [told, carried_over()] if any(side and "" not in side for side in self._over) else [told]

    @property
    def _over(self) -> tuple[list[str], list[str]]:
        """Return the years that are over budget, with all below it and alone; an empty text stands for all years."""
        return over_years(_spent(self.years)), over_years(_spent(self.own)) if self.own != self.years else []


def carried_over() -> str:
    """Return how money of one year that is spent in the next counts."""
    return pgettext(
        "programme",
        "上年结转的钱算在支付的那一年：结转时冲销原来那笔，把留在上年的和结转到那一年的分开重记。",
    )


def _spent(years: list[YearLine]) -> dict[str, dict[str, str]]:
    return {str(one.year): {name: str(getattr(one.totals, name)) for name in SPENT} for one in years}


def money_of(record: Programme, on: date | None = None) -> Money:
    """Return the money of a programme, each entry once; transfers between it and its parts cancel.

    The sum belongs to the programme: whoever sees it sees its sum, whether or not they may see each part. With a day,
    entries of later papers do not count.
    """
    with as_system("adding up the money of a programme"):
        tree = below(int(record.pk))
        rows = ProgrammeMoney.objects.filter(Q(on__lte=on) if on else Q()).order_by()
        received = rows.filter(programme__in=tree).values_list("programme", "year", "kind").annotate(sum=Sum("amount"))
        given = rows.filter(giver__in=tree).values_list("giver", "year", "kind").annotate(sum=Sum("amount"))
        every: dict[int, Totals] = {}
        own: dict[int, Totals] = {}
        for sign, side in ((1, received), (-1, given)):
            for programme, year, kind, amount in side:
                for found in (every, own) if programme == record.pk else (every,):
                    found[year] = found.get(year, Totals()).plus(MoneyKind(kind), sign * cents(amount))
    return Money(*([YearLine(year, found[year]) for year in sorted(found)] for found in (every, own)))


def below(programme: int) -> list[int]:
    """Return a programme and all that are parts of it, however far down."""
    found, waiting = [programme], [programme]
    while waiting:
        children = Programme.objects.filter(parent__in=waiting).order_by().values_list("pk", flat=True)
        waiting = [one for one in children if one not in found]
        found += waiting
    return found


def entries_of(viewer: Viewer, record: Programme, on: date | None = None) -> list[EntryLine]:
    """Return the entries of a programme itself, the newest first; with a day, those of papers up to it."""
    rows = visible(ProgrammeMoney, viewer).filter(programme=record).select_related("giver")
    rows = rows.filter(on__lte=on) if on else rows
    corrected = set(rows.filter(corrects__isnull=False).values_list("corrects", flat=True))
    return [
        EntryLine(one, money_word(one.kind), one.pk in corrected, one.giver.code if one.giver else "")
        for one in rows[:MOST_ENTRIES]
    ]


def money_word(kind: str) -> str:
    """Return what a kind of money is called."""
    return {
        MoneyKind.APPROPRIATION: pgettext("programme", "预算安排"),
        MoneyKind.SPECIAL_BOND: pgettext("programme", "专项债"),
        MoneyKind.TRANSFER: pgettext("programme", "转移支付"),
        MoneyKind.COMMITMENT: pgettext("programme", "已签约（承诺）"),
        MoneyKind.PAYMENT: pgettext("programme", "已支付"),
    }.get(MoneyKind(kind), kind)
