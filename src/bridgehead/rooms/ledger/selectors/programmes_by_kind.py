"""One kind of programmes: its stages with how many stand at each, its indicators over the records, and the records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import npgettext, pgettext

from bridgehead.engines.indicators.formula import Formula
from bridgehead.engines.programmes.kinds import Field, Indicator, Kind, Stage
from bridgehead.engines.programmes.series import ITEM, REACHED, YEAR_ITEMS, YES, Record, series_of, sums
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.region import current
from bridgehead.ground.wording import number as in_words
from bridgehead.kernel.periods import Period
from bridgehead.rooms.ledger.models import Programme, ProgrammeItem
from bridgehead.rooms.ledger.programme_kinds import called, evidence_of, item_name, kind_of, unit_of
from bridgehead.rooms.ledger.selectors.programmes import ON_A_PAGE, OVER_BUDGET, RUNNING, UNSAID, Line, late_on, page_of


@dataclass(frozen=True, slots=True)
class Input:
    """What went into an indicator: a series, what it is called, and what it came to."""

    series: str
    name: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Result:
    """An indicator that was computed.

    Attributes
    ----------
    indicator : Indicator
        Its definition.
    name : str
        What it is called.
    value : Decimal or None
        What it came to, None where something is missing.
    inputs : tuple of Input
        What went into it.
    counted, left_out : int
        Records that were counted, and that lack a field that is needed.
    on : date
        The day as of which it was computed; what went into it was reported by whoever keeps the records.
    """

    indicator: Indicator
    name: str
    value: Decimal | None
    inputs: tuple[Input, ...]
    counted: int
    left_out: int
    on: date

    @property
    def shown(self) -> str:
        """The value in words, with one decimal."""
        return in_words(self.value, language(), 1)


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage with how many programmes stand at it."""

    stage: Stage
    name: str
    evidence: str
    count: int


@dataclass(frozen=True, slots=True)
class KindPage:
    """One kind of programmes."""

    kind: Kind
    name: str
    item: str
    stages: list[StageLine]
    results: list[Result]
    lines: list[Line]
    total: int
    running: int
    late: int
    over: int
    page: int
    pages: int

    @property
    def source(self) -> str:
        """What the declaration of the kind rests on, in the language of the request where the region says it."""
        return current().region.translated(self.kind.source, language())

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        if not self.total:
            return pgettext("programme", "{kind}：还没有登记").format(kind=self.name)
        parts = [
            npgettext("programme", "{kind}：{n} 个，{m} 个在进行", "{kind}：{n} 个，{m} 个在进行", self.total).format(
                kind=self.name, n=self.total, m=self.running
            )
        ]
        first = next((one for one in self.results if one.value is not None), None)
        if first is not None:
            told = pgettext("programme", "{name} {value} {unit}").format(
                name=first.name, value=first.shown, unit=unit_of(first.indicator)
            )
            parts.append(told)
        return pgettext("programme", "，").join(parts)


def kind_page(viewer: Viewer, kind: str, page: int = 1) -> KindPage:
    """Return one kind of programmes as somebody sees them.

    Indicators are computed over the programmes that were not stopped.

    Raises
    ------
    BridgeheadError
        ``programme.unknown_kind``.
    """
    declared = kind_of(kind)
    rows = visible(Programme, viewer).filter(kind=kind)
    standing = Q(state__in=(Programme.State.RUNNING, Programme.State.DONE))
    counted = dict(rows.filter(standing).order_by().values_list("stage").annotate(n=Count("pk")))
    told = rows.aggregate(
        every=Count("pk"),
        running=Count("pk", filter=RUNNING),
        late=Count("pk", filter=UNSAID | late_on(today())),
        over=Count("pk", filter=RUNNING & OVER_BUDGET),
    )
    pages = max(1, -(-told["every"] // ON_A_PAGE))
    page = min(max(page, 1), pages)
    return KindPage(
        declared,
        called(declared),
        item_name(declared),
        [StageLine(one, called(one), evidence_of(one), counted.get(one.id, 0)) for one in declared.stages],
        results(declared, _records(viewer, declared)),
        page_of(rows, page),
        page=page,
        pages=pages,
        total=told.pop("every"),
        **told,
    )


def _records(viewer: Viewer, kind: Kind) -> list[Record]:
    """Return what indicators need of the programmes of a kind that were not stopped."""
    rows = visible(Programme, viewer).filter(kind=kind.id).exclude(state=Programme.State.STOPPED).order_by()
    items: dict[int, list[tuple[dict[str, Any], date]]] = {}
    if any(ITEM in one.formula or "items" in one.formula for one in kind.indicators):
        there = visible(ProgrammeItem, viewer).filter(programme__kind=kind.id).order_by()
        for programme, fields, on in there.values_list("programme", "fields", "on"):
            items.setdefault(programme, []).append((fields, on))
    return [
        Record(stage, fields, [one for one, _ in items.get(pk, ())], [on for _, on in items.get(pk, ())])
        for pk, stage, fields in rows.values_list("pk", "stage", "fields")
    ]


def results(kind: Kind, records: Iterable[Record], on: date | None = None) -> list[Result]:
    """Return the indicators of a kind over records, as of a day: today by default.

    Articles: 30, 54
    """
    there = list(records)
    day = on or today()
    period = Period.read(str(day.year))
    found = []
    for one in kind.indicators:
        formula = Formula(one.formula)
        summed = sums(kind, formula.series, there, day.year)
        outcome = formula.value(lambda name, _period, values=summed.values: values.get(name), period)  # type: ignore[misc]
        inputs = tuple(Input(name, series_name(kind, name), summed.values[name]) for name in formula.series)
        found.append(Result(one, called(one), outcome.value, inputs, summed.counted, summed.left_out, day))
    return found


def series_name(kind: Kind, series: str) -> str:
    """Return what a series of an indicator is called."""
    if series == "count":
        return pgettext("programme", "项目数")
    if series == "items":
        return pgettext("programme", "{item}笔数").format(item=item_name(kind))
    if series == YEAR_ITEMS:
        return pgettext("programme", "当年{item}笔数").format(item=item_name(kind))
    behind = series_of(kind).get(series, series)
    if series.startswith(REACHED):
        return pgettext("programme", "到过“{stage}”的项目数").format(stage=called(kind.stage(behind)))
    fields = kind.item_fields if series.startswith(ITEM) else kind.fields
    name = _field_name(fields, behind)
    return (
        pgettext("programme", "“{field}”为是的个数").format(field=name)
        if series.removeprefix(ITEM).startswith(YES)
        else name
    )


def _field_name(fields: Iterable[Field], id: str) -> str:
    return next((called(one) for one in fields if one.id == id), id)
