"""Papers of supervision: the file of a case, and the report of an inspection; they say what the pages say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import pgettext

from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.ground.region import current
from bridgehead.kernel.source import standing_of
from bridgehead.render.docx_paper import Block, Grid, Heading, Paper, Points, Text
from bridgehead.rooms.ledger.models import Sample
from bridgehead.rooms.ledger.selectors.inspections import ArticlePart, FindingLine, InspectionPage
from bridgehead.rooms.ledger.selectors.supervision_case import CasePage, ChainStep
from bridgehead.rooms.ledger.selectors.supervision_lines import OpinionLine

NOTHING = "—"


def _day(day: date | None) -> str:
    return wording.day(day, language()) if day else NOTHING


def _articles(numbers: Sequence[int]) -> str:
    given = {"articles": _listed(numbers)}
    return pgettext("supervision", "条例第 %(articles)s 条") % given if numbers else NOTHING


def _listed(words: Sequence[object]) -> str:
    return ("、" if language() == "zh" else ", ").join(map(str, words))


def case_paper(seen: CasePage, code: str) -> Paper:
    """Return the file of a case: how it stands, its chain with terms, what was recorded, opinions, longer terms.

    Articles: 83
    """
    record = seen.case
    blocks: list[Block] = [
        Text(seen.answer, bold=True),
        Text(
            pgettext("supervision", "%(template)s；%(congress)s监督，%(answers)s答复；%(opened)s 开始；%(articles)s")
            % {
                "template": seen.line.template,
                "congress": seen.congress,
                "answers": seen.answers,
                "opened": _day(record.opened_on),
                "articles": _articles(record.articles),
            }
        ),
        Text(pgettext("supervision", "截至 %(day)s") % {"day": _day(seen.on)}, fine=True),
        Heading(pgettext("supervision", "步骤和期限")),
        Grid(
            [
                pgettext("supervision", "步骤"),
                pgettext("supervision", "由谁办"),
                pgettext("supervision", "期限"),
                pgettext("supervision", "到期"),
                pgettext("supervision", "办结"),
                pgettext("supervision", "逾期（工作日）"),
                pgettext("supervision", "结果"),
            ],
            [_chain_row(one) for one in seen.chain],
            widths_cm=(4, 3.2, 2.2, 2.4, 2.4, 1.6, 1.8),
            numbers=(5,),
        ),
        Text(
            pgettext("supervision", "期限按开始当天的规定定下，以后修改不影响；节假日和调休按公布的安排。"), fine=True
        ),
        Text(pgettext("supervision", "逾期按人大确认收到的日期算；没有确认的，按办的一方自己写的日期。"), fine=True),
        Points(list(dict.fromkeys(_source(one) for one in seen.chain if one.term))),
    ]
    blocks.append(Heading(pgettext("supervision", "记录")))
    for one in seen.events:
        outcome = f" · {one.outcome}" if one.outcome else ""
        blocks.append(Heading(f"{_day(one.event.on)} {one.step}{outcome}", 3))
        if one.days:
            blocks.append(Text(one.days, fine=True))
        if one.event.despite:
            given = {"why": one.event.despite}
            blocks.append(Text(pgettext("supervision", "审议意见没有都认可时的说明：%(why)s") % given))
        if one.event.summary:
            blocks.append(Text(one.event.summary))
        if one.votes:
            blocks.append(Grid([word for word, _n in one.votes], [[str(n) for _w, n in one.votes]], numbers=range(5)))
        if one.event.file:
            blocks.append(Text(pgettext("supervision", "文件：%(name)s") % {"name": one.event.file.name}, fine=True))
    if not seen.events:
        blocks.append(Text(pgettext("supervision", "还没有记录。")))
    blocks += _opinion_blocks(seen.opinions)
    if seen.extensions:
        blocks.append(Heading(pgettext("supervision", "延期")))
        rows = [
            [one.step, _day(one.extension.asked_on), _day(one.extension.until), one.extension.reason, one.state]
            for one in seen.extensions
        ]
        blocks.append(
            Grid(
                [
                    pgettext("supervision", "步骤"),
                    pgettext("supervision", "申请日期"),
                    pgettext("supervision", "延到"),
                    pgettext("supervision", "理由"),
                    pgettext("supervision", "答复"),
                ],
                rows,
            )
        )
    return Paper(pgettext("supervision", "监督档案：%(title)s") % {"title": record.title}, blocks, code)


def _chain_row(one: ChainStep) -> list[str]:
    again = f" ({one.taken})" if one.taken > 1 else ""
    moves = pgettext("supervision", "（可能变动）") if one.provisional else ""
    due = _day(one.due) + moves
    by = f"{one.by} {one.part}".strip()
    late = str(one.late_wd) if one.late_wd else NOTHING
    return [
        one.name + again,
        by,
        one.term or pgettext("supervision", "没有规定"),
        due,
        _day(one.on),
        late,
        one.outcome or NOTHING,
    ]


def _source(one: ChainStep) -> str:
    said = current().region.translated(one.source, language())
    standing = wording.standing_label(standing_of(one.confidence), language())
    return f"{one.name} {one.term} · {standing} · {said}"


def _opinion_blocks(opinions: Sequence[OpinionLine]) -> list[Block]:
    if not opinions:
        return []
    rows = [
        [
            str(one.opinion.number),
            one.opinion.text,
            one.handled_by,
            _day(one.opinion.due_on),
            one.opinion.answer or NOTHING,
            one.state,
        ]
        for one in opinions
    ]
    heads = [
        pgettext("supervision", "序号"),
        pgettext("supervision", "审议意见"),
        pgettext("supervision", "办理单位"),
        pgettext("supervision", "期限"),
        pgettext("supervision", "答复"),
        pgettext("supervision", "状态"),
    ]
    return [
        Heading(pgettext("supervision", "审议意见")),
        Grid(heads, rows, widths_cm=(1.2, 5.4, 2.8, 2.2, 3.6, 1.6), numbers=(0,)),
    ]


def inspection_paper(seen: InspectionPage, code: str) -> Paper:
    """Return the report of an inspection: plan, articles, samples, findings, problems, suggestions, mending.

    Articles: 83
    """
    record = seen.inspection
    blocks: list[Block] = [
        Text(seen.answer, bold=True),
        Text(
            pgettext("supervision", "%(owner)s检查%(inspected)s；%(starts)s 至 %(ends)s；%(articles)s")
            % {
                "owner": seen.owner,
                "inspected": seen.inspected,
                "starts": _day(record.starts_on),
                "ends": _day(record.ends_on),
                "articles": _articles(record.articles),
            }
        ),
        Text(pgettext("supervision", "截至 %(day)s") % {"day": _day(seen.on)}, fine=True),
        *([Text(f"{seen.ended} {record.closed_why}")] if seen.ended else []),
        Heading(pgettext("supervision", "方案")),
        Text(pgettext("supervision", "检查组：%(names)s") % {"names": _listed(record.group)}),
        Text(record.plan or pgettext("supervision", "没有另写方案。")),
        Heading(pgettext("supervision", "检查对象")),
        *_sample_blocks(seen),
        Heading(pgettext("supervision", "检查情况")),
    ]
    for part in seen.parts:
        blocks += _part_blocks(part)
    blocks.append(Heading(pgettext("supervision", "问题和整改")))
    blocks += [_fault_grid(seen.faults)] if seen.faults else [Text(pgettext("supervision", "没有发现问题。"))]
    blocks += [
        Heading(pgettext("supervision", "建议")),
        Text(record.suggestions or pgettext("supervision", "还没有写建议。")),
    ]
    return Paper(pgettext("supervision", "执法检查报告：%(title)s") % {"title": record.title}, blocks, code)


def _sample_blocks(seen: InspectionPage) -> list[Block]:
    later = [Text(pgettext("supervision", "还没有去的对象到检查那天才列出。"), fine=True)] if seen.unlisted else []
    if not seen.samples:
        return later or [Text(pgettext("supervision", "还没有选检查对象。"))]
    rows = [[one.called, one.place or NOTHING, _day(one.visit_on), _chosen(one)] for one in seen.samples]
    found: list[Block] = [
        Grid(
            [
                pgettext("supervision", "对象"),
                pgettext("supervision", "地点"),
                pgettext("supervision", "日期"),
                pgettext("supervision", "怎样选的"),
            ],
            rows,
        )
    ]
    for lot in seen.lots:
        given = {"kind": lot.kind, "of": lot.of, "drawn": lot.drawn, "seed": lot.lot.seed}
        found.append(
            Text(
                pgettext(
                    "supervision",
                    "从 %(of)s 个%(kind)s里抽 %(drawn)s 个，种子 %(seed)s；按“种子:标识”的 SHA-256 从小到大。",
                )
                % given,
                fine=True,
            )
        )
    return [*found, *later]


def _chosen(sample: Sample) -> str:
    return pgettext("supervision", "抽签") if sample.lot_id else pgettext("supervision", "选定")


def _found_row(one: FindingLine) -> list[str]:
    found = one.finding
    where = found.sample.called if found.sample else NOTHING
    return [_day(found.found_on), where, found.text, one.severity or pgettext("supervision", "符合")]


def _part_blocks(part: ArticlePart) -> list[Block]:
    head = pgettext("supervision", "第 %(n)s 条 %(title)s") % {"n": part.article, "title": part.title}
    found: list[Block] = [Heading(head.strip(), 2)]
    if part.questions:
        texts = [f"{one.text}{f'（{one.check_what}）' if one.check_what else ''}" for one in part.questions]
        found.append(Points(texts, numbered=False))
    rows = [_found_row(one) for one in part.findings]
    if rows:
        found.append(
            Grid(
                [
                    pgettext("supervision", "日期"),
                    pgettext("supervision", "对象"),
                    pgettext("supervision", "发现"),
                    pgettext("supervision", "程度"),
                ],
                rows,
                widths_cm=(2.4, 3.4, 8.6, 2.2),
            )
        )
    else:
        found.append(Text(pgettext("supervision", "没有检查发现。")))
    return found


def _fault_grid(faults: Sequence[FindingLine]) -> Grid:
    rows = [
        [
            str(one.finding.article),
            one.finding.text,
            one.body,
            one.mending.measure if one.mending else NOTHING,
            _day(one.mending.due_on if one.mending else None),
            _handed_in(one),
            _stands(one),
        ]
        for one in faults
    ]
    heads = [
        pgettext("supervision", "条"),
        pgettext("supervision", "发现"),
        pgettext("supervision", "责任单位"),
        pgettext("supervision", "整改措施"),
        pgettext("supervision", "期限"),
        pgettext("supervision", "整改材料"),
        pgettext("supervision", "状态"),
    ]
    return Grid(heads, rows, widths_cm=(1, 3.6, 2.2, 3, 2.1, 3, 2.4), numbers=(0,))


def _handed_in(one: FindingLine) -> str:
    """Return what was handed in for a fault: its text, its day, by whom, and the name of its file."""
    mending = one.mending
    if mending is None or mending.handed_in_at is None:
        return NOTHING
    said = [mending.evidence, f"{_day(localdate(mending.handed_in_at))} {one.handed_in_by}".strip()]
    if mending.file:
        said.append(pgettext("supervision", "文件：%(name)s") % {"name": mending.file.name})
    return "\n".join(said)


def _stands(one: FindingLine) -> str:
    """Return how the mending of a fault stands, and who decided on it when."""
    mending = one.mending
    said = one.state + (pgettext("supervision", "，逾期") if one.late else "")
    if mending is None or mending.decided_at is None:
        return said
    return f"{said}\n{_day(localdate(mending.decided_at))} {one.decided_by}".rstrip()
