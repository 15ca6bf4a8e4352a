"""A comparison as a memo: what it answers, the figures, who gains and loses, what it supposes and rests on."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.ground import wording
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Standing
from bridgehead.render.docx_paper import Block, Grid, Heading, Paper, Points, Text, docx_paper
from bridgehead.rooms.gateway import comparison_words, prose
from bridgehead.rooms.gateway.comparison_figures import Measure, measures
from bridgehead.rooms.gateway.scenario_words import edit_lines
from bridgehead.rooms.gateway.selectors import demand, names
from bridgehead.rooms.gateway.selectors.scenario_comparison import Column, district_name

PORTS, MOVES, QUEUES = 8, 6, 5


def comparison_memo(loaded: Loaded, columns: Sequence[Column]) -> bytes:
    """Return scenarios side by side as a Word document.

    Articles: 8, 12, 17, 19
    """
    listed = [measures(one.found) for one in columns]
    heads = (_("模型结果"), *(one.seen.line.title for one in columns))
    rows = [(same[0].head, *(cell(one) for one in same)) for same in zip(*listed, strict=True)]
    width = 25.0 if len(columns) > 3 else 16.6
    first = 5.0
    widths = (first, *((width - first) / len(columns) for _one in columns))
    blocks: list[Block] = [
        Text(comparison_words.headline(columns) + _("。"), bold=True),
        Text(_("全部数字是模型的结果，不是预测，也不是统计。括号里是与基准同样多天相比的变化。"), fine=True),
        Grid(heads, rows, widths, numbers=tuple(range(1, len(heads)))),
    ]
    for one in columns:
        blocks += _scenario(loaded, one)
    blocks += _rests_on(loaded, columns)
    title = _("方案对比（模型）")
    return docx_paper(Paper(title, blocks, language(), landscape=len(columns) > 3))


def cell(one: Measure) -> str:
    """Return a figure with its change in brackets."""
    value = one.words(one.pair.scenario)
    return speak(language(), f"{value}（{one.change}）", f"{value} ({one.change})") if one.change else value


def _scenario(loaded: Loaded, one: Column) -> list[Block]:
    found, line = one.found, one.seen.line
    edits = one.seen.plain["edits"]
    assert isinstance(edits, list)
    made = edit_lines(loaded, edits, one.seen.applied)
    days = comparison_words.days_words(found)
    return [
        Heading(line.title, 2),
        *(Text(sentence) for sentence in comparison_words.findings(loaded, found)),
        Heading(_("假设"), 3),
        Text(line.reason),
        Points([" · ".join(filter(None, (edit.kind, edit.on, edit.effect))) for edit in made], numbered=True),
        Text(_("看的时间：%(days)s，%(year)s 年的网络与需求。") % {"days": days, "year": line.year}, fine=True),
        *(Text(said, fine=True) for said in comparison_words.supposed(loaded, found)),
        Text(_source(loaded, one), fine=True),
        Heading(_("数字"), 3),
        Points([comparison_words.wait_words(loaded, wait) for wait in found.waited]),
        _ports(loaded, one),
        _queues(loaded, one),
        _districts(loaded, one),
    ]


def _source(loaded: Loaded, one: Column) -> str:
    line = one.seen.line
    if line.standing is None:
        return _("%(by)s（%(owner)s）保存。") % {"by": line.by, "owner": line.owner}
    told = {
        "standing": wording.standing_label(line.standing, language()),
        "source": loaded.region.translated(line.source, language()),
        "day": line.source_date,
    }
    return prose.tidy(_("方案的依据（%(standing)s）：%(source)s %(day)s") % told)


def _ports(loaded: Loaded, one: Column) -> Grid:
    mass, unit = wording.mass, wording.mass_unit(language())
    factor = 1e-4 if language() == "zh" else 1e-6
    rows = [
        (
            names.distinct(loaded, port.name),
            mass(port.amount.base, language()),
            mass(port.amount.scenario, language()),
            comparison_words.signed(port.amount.change * factor),
        )
        for port in one.found.ports[:PORTS]
    ]
    heads = (_("口岸，%(unit)s") % {"unit": unit}, _("基准"), pgettext("one", "方案"), _("变化"))
    return Grid(heads, rows, (6, 3, 3, 3), numbers=(1, 2, 3))


def _queues(loaded: Loaded, one: Column) -> Grid:
    code = language()
    rows = [
        (
            comparison_words.queue_name(loaded, queue),
            f"{wording.percent(queue.share.base, code)} → {wording.percent(queue.share.scenario, code)}",
            wording.number(queue.wait_h.base, code, 1),
            wording.number(queue.wait_h.scenario, code, 1),
        )
        for queue in one.found.queues[:QUEUES]
    ]
    return Grid(
        (_("排队的地方"), _("能力占用"), _("基准，小时"), _("方案，小时")), rows, (7, 3, 2.5, 2.5), numbers=(1, 2, 3)
    )


def _districts(loaded: Loaded, one: Column) -> Grid:
    said = {"gains": _("得利"), "loses": _("受损"), "same": _("不变")}
    rows = [
        (
            district_name(loaded, district.district),
            said[district.shippers],
            comparison_words.signed(district.perceived_usd.change / 1e6, 2),
            comparison_words.signed_mass(district.ports_t.change) if district.ports_t.told else "—",
        )
        for district in one.found.districts
    ]
    heads = (_("盟市"), _("货主"), _("费用变化，百万美元"), _("口岸货量变化"))
    return Grid(heads, rows, (5, 3, 4, 3.5), numbers=(2, 3))


def _rests_on(loaded: Loaded, columns: Sequence[Column]) -> list[Block]:
    found = [one.found for one in columns]
    gap = max(max(one.base.gap, one.scenario.gap) for one in found)
    parameters = {name for one in found for name in (*one.base.parameters, *one.scenario.parameters)}
    told = {"gap": f"{gap:.0e}", "n": len(parameters)}
    return [
        Heading(_("依据与成色"), 2),
        Points(
            [
                _("成色：%(standing)s。货流是随机用户均衡的结果，相对间隙不超过 %(gap)s，用了 %(n)s 个参数。")
                % (told | {"standing": wording.standing_label(Standing.MODEL, language())}),
                _("需求：%(words)s") % {"words": demand.foundation(loaded)},
                _("货主的费用是两边都有的货在全部可走的路上的期望最低费用，含运费、时间价值和排队；不运也算一种选择。"),
                _("多数线路的能力是按等级假设的，国内背景流量没有计入；逐项见参数表和线路表。"),
                _("输入摘要：%(hashes)s") % {"hashes": ", ".join(one.scenario.input_hash[:12] for one in found)},
            ]
        ),
    ]
