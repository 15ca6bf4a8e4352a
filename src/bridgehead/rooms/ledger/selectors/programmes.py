"""The register of programmes: how many there are, what each does next, which are late, which are over budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.urls import reverse
from django.utils.translation import npgettext, pgettext

from bridgehead.engines.programmes.kinds import Kind
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.ground.models import Organisation
from bridgehead.ground.region import current
from bridgehead.ground.screens.forms import number
from bridgehead.ground.wording import number as in_words
from bridgehead.rooms.ledger.models import Programme, ProgrammeArticle, ProgrammeTotal
from bridgehead.rooms.ledger.models.programmes import OVER
from bridgehead.rooms.ledger.plan_lines import plan_line_name
from bridgehead.rooms.ledger.programme_kinds import called, kind_name, kinds, stage_name
from bridgehead.rooms.ledger.who import named

ON_A_PAGE = 50
RUNNING = Q(state=Programme.State.RUNNING)
UNSAID = RUNNING & Q(next_step="")
OVER_BUDGET = Q(total__over=True)
_FIRST = (Case(When(RUNNING, then=0), default=1), F("next_due_on").asc(nulls_first=True), "pk")
SCOPES = ("kind", "organisation", "article", "plan")
_UNIT = {"zh": Decimal(10_000), "en": Decimal(1_000_000)}


def late_on(day: date) -> Q:
    """Return the filter of programmes whose next step was due before a day."""
    return RUNNING & Q(next_due_on__lt=day)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the register is asked for.

    Attributes
    ----------
    kind, stage, state : str
        Only of these; empty for all.
    organisation : int
        Only what it keeps or leads; 0 for all.
    article : int
        Only what serves it; 0 for all.
    place : str
        Only what is there.
    plan : str
        Only what points to this line of a plan.
    only : str
        ``late`` for those without a next step or overdue, ``over`` for those over budget.
    by : str
        By what the share that was spent is told: one of `SCOPES`.
    page : int
        From 1.
    """

    kind: str = ""
    stage: str = ""
    state: str = ""
    organisation: int = 0
    article: int = 0
    place: str = ""
    plan: str = ""
    only: str = ""
    by: str = "kind"
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """Return what an address asks for; what it cannot mean is left out."""
        texts = {
            name: query.get(name, "").strip()[:60] for name in ("kind", "stage", "state", "place", "plan", "only", "by")
        }
        if texts["by"] not in SCOPES:
            texts["by"] = SCOPES[0]
        numbers = {name: number(query.get(name, "")) for name in ("organisation", "article", "page")}
        return cls(**texts, organisation=numbers["organisation"], article=numbers["article"], page=numbers["page"] or 1)

    def rows(self, viewer: Viewer) -> QuerySet[Programme]:
        """Return the programmes that are asked for, as far as somebody may see them."""
        rows = visible(Programme, viewer)
        for name in ("kind", "stage", "state"):
            if value := getattr(self, name):
                rows = rows.filter(**{name: value})
        if self.place:
            rows = rows.filter(place_id=self.place)
        if self.plan:
            rows = rows.filter(plan_line=self.plan)
        if self.organisation:
            rows = rows.filter(Q(owner=self.organisation) | Q(office=self.organisation))
        if self.article:
            rows = rows.filter(
                pk__in=visible(ProgrammeArticle, viewer).filter(article=self.article).values("programme")
            )
        if self.only == "late":
            rows = rows.filter(UNSAID | late_on(today()))
        elif self.only == "over":
            rows = rows.filter(pk__in=visible(ProgrammeTotal, viewer).filter(OVER).values("programme"))
        return rows


@dataclass(frozen=True, slots=True)
class Counts:
    """How many programmes go on, and how many of those have no next step, are overdue or over budget."""

    every: int
    running: int
    unsaid: int
    late: int
    over: int
    by_kind: Mapping[str, int]

    def sentence(self) -> str:
        """Return the answer of the register in one sentence."""
        if not self.every:
            return pgettext("programme", "还没有登记项目")
        parts = [npgettext("programme", "{n} 个项目在进行", "{n} 个项目在进行", self.running).format(n=self.running)]
        if self.late:
            parts.append(npgettext("programme", "{n} 个下一步逾期", "{n} 个下一步逾期", self.late).format(n=self.late))
        if self.unsaid:
            parts.append(
                npgettext("programme", "{n} 个没有下一步", "{n} 个没有下一步", self.unsaid).format(n=self.unsaid)
            )
        if self.over:
            parts.append(npgettext("programme", "{n} 个超预算", "{n} 个超预算", self.over).format(n=self.over))
        if len(parts) == 1:
            parts.append(pgettext("programme", "都有下一步，没有逾期，没有超预算"))
        return pgettext("programme", "，").join(parts)


@dataclass(frozen=True, slots=True)
class Line:
    """One programme in a list."""

    record: Programme
    kind: str
    stage: str
    at: int
    of: int
    owner: str
    office: str
    late: bool
    over: bool
    funds: Decimal
    commitment: Decimal
    payment: Decimal

    @property
    def name(self) -> str:
        """Its name in the language of the request."""
        return speak(language(), self.record.name_zh, self.record.name_en)

    @property
    def address(self) -> str:
        """The page of it."""
        return reverse("ledger:programme", args=[self.record.pk])

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.record.state == Programme.State.RUNNING

    @property
    def state(self) -> str:
        """How it stands, in words."""
        return state_word(self.record.state)

    @property
    def money(self) -> tuple[str, str, str]:
        """Funds, what was committed and what was paid, in the unit of `money_unit`."""
        return in_unit(self.funds), in_unit(self.commitment), in_unit(self.payment)

    @property
    def executed(self) -> Decimal | None:
        """The share of the funds that was paid, 1 for all of them."""
        return share_of(self.payment, self.funds)


@dataclass(frozen=True, slots=True)
class Scope:
    """The money of the programmes of a kind, an organisation or an article, each entry counted once."""

    id: str
    name: str
    address: str
    programmes: int
    funds: Decimal
    commitment: Decimal
    payment: Decimal

    @property
    def money(self) -> tuple[str, str, str]:
        """Funds, what was committed and what was paid, in the unit of `money_unit`."""
        return in_unit(self.funds), in_unit(self.commitment), in_unit(self.payment)

    @property
    def executed(self) -> Decimal | None:
        """The share of the funds that was paid, 1 for all of them."""
        return share_of(self.payment, self.funds)

    @property
    def over(self) -> bool:
        """Whether more was committed or paid than there is."""
        return self.commitment > self.funds or self.payment > self.funds


@dataclass(frozen=True, slots=True)
class Register:
    """A page of the register, as of a day."""

    asked: Asked
    counts: Counts
    total: int
    lines: list[Line]
    pages: int
    scopes: list[Scope]
    kinds: list[tuple[str, str]]
    of_kinds: list[tuple[str, str, int]]
    organisations: list[tuple[int, str]]
    articles: list[int]
    on: date
    today: bool = True


def register(viewer: Viewer, asked: Asked) -> Register:
    """Return a page of the register of programmes.

    Articles: 9, 74, 75
    """
    rows = asked.rows(viewer)
    total = rows.count()
    pages = max(1, -(-total // ON_A_PAGE))
    asked = Asked(**{name: getattr(asked, name) for name in asked.__slots__} | {"page": min(asked.page, pages)})
    counted = counts(viewer)
    return Register(
        asked,
        counted,
        total,
        page_of(rows, asked.page),
        pages,
        scopes(viewer, asked),
        [(kind.id, called(kind)) for kind in kinds().values()],
        [(kind.id, called(kind), counted.by_kind.get(kind.id, 0)) for kind in kinds().values()],
        organisations(viewer),
        sorted({one for kind in kinds().values() for one in kind.articles}),
        today(),
    )


def counts(viewer: Viewer) -> Counts:
    """Return how many programmes somebody sees, and what is the matter with those that go on."""
    rows = list(
        visible(Programme, viewer)
        .order_by()
        .values("kind")
        .annotate(
            every=Count("pk"),
            running=Count("pk", filter=RUNNING),
            unsaid=Count("pk", filter=UNSAID),
            late=Count("pk", filter=late_on(today())),
        )
    )
    found = {name: sum(one[name] for one in rows) for name in ("every", "running", "unsaid", "late")}
    over = visible(ProgrammeTotal, viewer).filter(OVER, programme__state=Programme.State.RUNNING).count()
    return Counts(**found, over=over, by_kind={one["kind"]: one["every"] for one in rows})


def in_order(rows: QuerySet[Programme]) -> QuerySet[Programme]:
    """Return programmes with what a list needs: those that go on first, what is due first before the rest."""
    return rows.select_related("owner", "office", "total").order_by(*_FIRST)


def page_of(rows: QuerySet[Programme], page: int) -> list[Line]:
    """Return a page of programmes: put in order by what decides on it alone, and read in full only where shown."""
    start = (page - 1) * ON_A_PAGE
    shown = list(rows.order_by(*_FIRST).values_list("pk", flat=True)[start : start + ON_A_PAGE])
    return lines(in_order(Programme.objects.filter(pk__in=shown)))


def lines(rows: QuerySet[Programme], on: date | None = None) -> list[Line]:
    """Return programmes as lines of a list, late as of a day: today by default."""
    declared, day = kinds(), on or today()
    return [_line(one, declared.get(one.kind), day) for one in rows]


def _line(one: Programme, kind: Kind | None, day: date) -> Line:
    total: ProgrammeTotal = one.total
    running = one.state == Programme.State.RUNNING
    return Line(
        one,
        kind_name(one.kind),
        stage_name(one.kind, one.stage),
        kind.places.get(one.stage, 0) + 1 if kind else 0,
        len(kind.stages) if kind else 0,
        named(one.owner),
        named(one.office),
        running and (not one.next_step or (one.next_due_on is not None and one.next_due_on < day)),
        total.over,
        total.funds,
        total.commitment,
        total.payment,
    )


def scopes(viewer: Viewer, asked: Asked) -> list[Scope]:
    """Return the share that was spent by one of `SCOPES`, over the programmes that are asked for.

    Each programme counts with its own money only, so that none counts twice.
    """
    key = {"kind": "kind", "organisation": "office", "article": "article_rows__article", "plan": "plan_line"}[asked.by]
    rows = asked.rows(viewer)
    found = (
        (rows.exclude(plan_line="") if asked.by == "plan" else rows)
        .order_by()
        .values(key)
        .annotate(
            n=Count("pk"),
            funds=Sum("total__own_funds"),
            commitment=Sum("total__own_commitment"),
            payment=Sum("total__own_payment"),
        )
    )
    sums = [(one[key], one["n"], *(cents(one[name]) for name in ("funds", "commitment", "payment"))) for one in found]
    names = names_of_scopes(viewer, asked.by, [key for key, *_rest in sums])
    told = [Scope(str(key), *names[key], *rest) for key, *rest in sums if key in names]
    return sorted(told, key=lambda one: (-one.funds, one.name))


def names_of_scopes(viewer: Viewer, by: str, keys: list[object]) -> dict[object, tuple[str, str]]:
    """Return the name and the address of each scope."""
    here = reverse("ledger:programmes")
    if by == "kind":
        return {
            one: (kind_name(str(one)), reverse("ledger:programme-kind", args=[one]) if one in kinds() else "")
            for one in keys
        }
    if by == "plan":
        return {one: (plan_line_name(str(one)), f"{here}?plan={one}") for one in keys}
    if by == "article":
        words = pgettext("programme", "第 {n} 条")
        return {one: (words.format(n=one), f"{here}?article={one}") for one in keys if one is not None}
    rows = visible(Organisation, viewer).filter(pk__in=keys)
    return {one.pk: (named(one), f"{here}?organisation={one.pk}") for one in rows}


def organisations(viewer: Viewer) -> list[tuple[int, str]]:
    """Return the organisations that keep or lead programmes."""
    there = visible(Programme, viewer).order_by()
    ids = {*there.values_list("owner", flat=True).distinct(), *there.values_list("office", flat=True).distinct()}
    return [(int(one.pk), named(one)) for one in visible(Organisation, viewer).filter(pk__in=ids).order_by("code")]


def cents(value: object) -> Decimal:
    """Return a sum of the database to the cent; SQLite gives it as a binary number."""
    return Decimal(str(value or 0)).quantize(Decimal("0.01"))


def share_of(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return a share, 1 for all; None of nothing."""
    return part / whole if whole > 0 else None


def in_unit(amount: Decimal) -> str:
    """Return an amount in 10,000 (Chinese) or millions (English), with two decimals."""
    return in_words(amount / _UNIT[language()], language(), 2)


def money_unit() -> str:
    """Return the unit of `in_unit` with the currency of the region."""
    currency = current().region.settings.currency
    return speak(language(), "万元" if currency == "CNY" else f"万 {currency}", f"million {currency}")


def currency_unit() -> str:
    """Return the currency of the region, for the head of a column of amounts to the cent."""
    currency = current().region.settings.currency
    return speak(language(), "元" if currency == "CNY" else currency, currency)


def state_word(state: str) -> str:
    """Return how a programme stands, in words."""
    return {
        Programme.State.RUNNING: pgettext("programme", "进行中"),
        Programme.State.DONE: pgettext("programme", "已完成"),
        Programme.State.STOPPED: pgettext("programme", "已停止"),
    }.get(Programme.State(state), state)
