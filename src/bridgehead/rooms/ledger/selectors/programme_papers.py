"""Programmes as papers: the register, one kind, one programme; the same data as the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import override, pgettext

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import django_code
from bridgehead.ground.wording import day, percent
from bridgehead.ground.wording import number as in_words
from bridgehead.render.docx_paper import Block, Grid, Heading, Paper, Text, docx_paper
from bridgehead.rooms.ledger.plan_lines import plan_line_name
from bridgehead.rooms.ledger.programme_kinds import bracketed, unit_of
from bridgehead.rooms.ledger.selectors.programme import ProgrammePage, programme_page
from bridgehead.rooms.ledger.selectors.programmes import (
    Asked,
    Line,
    currency_unit,
    in_order,
    lines,
    money_unit,
)
from bridgehead.rooms.ledger.selectors.programmes_by_kind import KindPage, kind_page
from bridgehead.rooms.ledger.selectors.programmes_then import counts_on, lines_on

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_LINES = 2_000


def register_paper(viewer: Viewer, asked: Asked, language: str, on: date) -> bytes:
    """Return the programmes that are asked for as they were on a day as a Word document, the first of very many."""
    with override(django_code(language)):
        counted, total = counts_on(viewer, asked, on)
        blocks: list[Block] = [Text(counted.sentence(), bold=True)]
        blocks.append(_grid(lines_on(viewer, asked, on, MOST_LINES), language, with_kind=True))
        if total > MOST_LINES:
            blocks.append(
                Text(pgettext("programme", "还有 {n} 个没有列出，见 CSV。").format(n=total - MOST_LINES), fine=True)
            )
        blocks.append(Text(_as_of(language, on), fine=True))
        return docx_paper(Paper(pgettext("programme", "项目登记簿"), blocks, language, landscape=True))


def kind_paper(viewer: Viewer, kind: str, language: str) -> bytes:
    """Return one kind of programmes as a Word document."""
    with override(django_code(language)):
        seen = kind_page(viewer, kind)
        blocks: list[Block] = [Text(seen.sentence, bold=True), Heading(pgettext("programme", "阶段"), 2), _stages(seen)]
        blocks += [
            Heading(pgettext("programme", "指标"), 2),
            _results(seen, language),
            Heading(pgettext("programme", "项目"), 2),
        ]
        rows = in_order(Asked(kind=kind).rows(viewer))[:MOST_LINES]
        blocks += [_grid(lines(rows), language), Text(_as_of(language), fine=True)]
        return docx_paper(Paper(seen.name, blocks, language, landscape=True))


def programme_paper(viewer: Viewer, programme: int, language: str, on: date | None = None) -> bytes:
    """Return one programme as a Word document; with a day that is over, as it was known then."""
    with override(django_code(language)):
        seen = programme_page(viewer, programme, on)
        blocks: list[Block] = [Text(seen.sentence, bold=True), *_facts(seen, language), *_stage_blocks(seen, language)]
        blocks += [*_money(seen, language), *_more(seen, language), Text(_as_of(language, seen.on), fine=True)]
        return docx_paper(Paper(seen.line.name, blocks, language))


def _as_of(language: str, on: date | None = None) -> str:
    return pgettext("programme", "截至 {day}；金额与阶段为登记单位报告。").format(day=day(on or today(), language))


def _grid(rows: Sequence[Line], language: str, *, with_kind: bool = False) -> Grid:
    """Return programmes as a table."""
    kind = [pgettext("programme", "类别")] if with_kind else []
    heads = [
        pgettext("programme", "编号"),
        pgettext("programme", "名称"),
        *kind,
        pgettext("programme", "牵头单位"),
        pgettext("programme", "阶段"),
        pgettext("programme", "下一步"),
        pgettext("programme", "日期"),
    ]
    money = [
        one + bracketed(money_unit()) for one in (pgettext("programme", "可用资金"), pgettext("programme", "已支付"))
    ]
    cells = []
    for one in rows:
        step = (one.record.next_step or "—") if one.running else one.state
        due = day(one.record.next_due_on, language) if one.running and one.record.next_due_on else "—"
        late = pgettext("programme", "（逾期）") if one.running and one.late and one.record.next_due_on else ""
        over = pgettext("programme", "（超预算）") if one.over else ""
        kinds = [one.kind] if with_kind else []
        funds, _committed, paid = one.money
        cells.append([one.record.code, one.name, *kinds, one.office, one.stage, step, due + late, funds, paid + over])
    count = len(heads)
    return Grid([*heads, *money], cells, numbers=(count, count + 1))


def _stages(seen: KindPage) -> Grid:
    return Grid(
        [pgettext("programme", "阶段"), pgettext("programme", "进入要什么材料"), pgettext("programme", "个数")],
        [[s.name, s.evidence, str(s.count)] for s in seen.stages],
        numbers=(2,),
    )


def _results(seen: KindPage, language: str) -> Grid:
    rows = [
        [
            one.name + bracketed(unit_of(one.indicator)),
            one.shown if one.value is not None else "—",
            pgettext("programme", "；").join(f"{two.name} {in_words(two.value, language)}" for two in one.inputs),
            pgettext("programme", "算入 {n} 个，缺数据 {m} 个").format(n=one.counted, m=one.left_out),
        ]
        for one in seen.results
    ]
    return Grid(
        [
            pgettext("programme", "指标"),
            pgettext("programme", "数值"),
            pgettext("programme", "由哪些数算出"),
            pgettext("programme", "覆盖"),
        ],
        rows,
        numbers=(1,),
    )


def _facts(seen: ProgrammePage, language: str) -> list[Block]:
    one = seen.record
    rows = [
        [pgettext("programme", "编号"), one.code],
        [pgettext("programme", "类别"), seen.line.kind],
        [pgettext("programme", "登记单位"), seen.line.owner],
        [pgettext("programme", "牵头单位"), seen.line.office],
        [pgettext("programme", "条文"), ", ".join(map(str, seen.articles)) or "—"],
        [pgettext("programme", "地点"), seen.place[0] or "—"],
        [pgettext("programme", "上级项目"), seen.parent.name if seen.parent else "—"],
        [pgettext("programme", "规划条目"), plan_line_name(one.plan_line) or "—"],
        [pgettext("programme", "下一步"), one.next_step or "—"],
        [pgettext("programme", "日期"), day(one.next_due_on, language) if one.next_due_on else "—"],
        *(
            [fact.name, f"{fact.value} {fact.unit}".strip() if fact.value else pgettext("programme", "未填")]
            for fact in seen.facts
        ),
        [pgettext("programme", "来源"), pgettext("programme", "，").join((one.source, day(one.source_on, language)))],
    ]
    return [Grid([pgettext("programme", "事实"), ""], rows, widths_cm=(5, 12))]


def _stage_blocks(seen: ProgrammePage, language: str) -> list[Block]:
    rows = [
        [move.to_name, day(move.record.on, language), move.record.evidence, move.state, move.decided_by or "—"]
        for move in seen.moves
    ]
    heads = [
        pgettext("programme", "到哪个阶段"),
        pgettext("programme", "日期"),
        pgettext("programme", "材料"),
        pgettext("programme", "结果"),
        pgettext("programme", "核对人"),
    ]
    return [Heading(pgettext("programme", "阶段"), 2), Grid(heads, rows)] if rows else []


def _money(seen: ProgrammePage, language: str) -> list[Block]:
    def row(name: str, totals: object, executed: object) -> list[str]:
        names = ("appropriation", "special_bond", "transfer", "funds", "commitment", "payment")
        return [name, *(in_words(getattr(totals, one), language, 2) for one in names), percent(executed, language)]  # type: ignore[arg-type]

    heads = [
        pgettext("programme", "年度"),
        pgettext("programme", "预算安排"),
        pgettext("programme", "专项债"),
        pgettext("programme", "转移支付"),
        pgettext("programme", "可用资金"),
        pgettext("programme", "已签约（承诺）"),
        pgettext("programme", "已支付"),
        pgettext("programme", "执行率"),
    ]
    rows = [row(str(one.year), one.totals, one.executed) for one in seen.years]
    rows.append(row(pgettext("programme", "合计"), seen.all_years.totals, seen.all_years.executed))
    told = pgettext("programme", "金额单位：{unit}；含下级项目，每笔只算一次。").format(unit=currency_unit())
    return [
        Heading(pgettext("programme", "资金"), 2),
        *(Text(one, bold=True) for one in seen.alarm),
        Grid(heads, rows, numbers=tuple(range(1, 8))),
        Text(told, fine=True),
    ]


def _more(seen: ProgrammePage, language: str) -> list[Block]:
    blocks: list[Block] = []
    if seen.parties:
        rows = [[one.name, one.role] for one in seen.parties]
        blocks += [
            Heading(pgettext("programme", "参与方"), 2),
            Grid([pgettext("programme", "名称"), pgettext("programme", "身份")], rows),
        ]
    if seen.items and seen.kind:
        heads = [pgettext("programme", "日期"), seen.item, *(one.name for one in seen.items[0].facts)]
        rows = [
            [day(one.record.on, language), one.record.title, *(fact.value or "—" for fact in one.facts)]
            for one in seen.items
        ]
        blocks += [Heading(seen.item, 2), Grid(heads, rows)]
    if seen.children:
        blocks += [Heading(pgettext("programme", "下级项目"), 2), _grid(seen.children, language)]
    return blocks
