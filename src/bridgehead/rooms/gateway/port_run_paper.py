"""A run of a port model as a report for Word: the answer, what was asked and assumed, the figures with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.engines.simulation.reading import warnings_of
from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.render.docx_paper import Block, Grid, Heading, Paper, Text, docx_paper
from bridgehead.rooms.gateway import clearance_words, prose
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway import port_run_words as said
from bridgehead.rooms.gateway.selectors.port_models import figure_lines
from bridgehead.rooms.gateway.selectors.port_runs import Seen, model_of


def port_run_paper(loaded: Loaded, run: Seen, report: Mapping[str, Any]) -> bytes:
    """Return a run as a Word document.

    Articles: 9, 10, 11, 12, 13, 17, 25, 49
    """
    model = model_of(loaded, run)
    blocks: list[Block] = [Text(told.report_sentence(model, report), bold=True)]
    if run.known.illustrative:
        blocks.append(Text(_("示意：有报道的参数不到三个，只说明这样的口岸怎样运转，不能据此配人。")))
    overloads = said.warnings(model, warnings_of(model))
    blocks += [Text(f"{one.message}{'' if language() == 'zh' else ' '}{one.cure}", bold=True) for one in overloads]
    blocks.append(Text(_("全部数字是模型的结果，不是统计。") + said.source_words(report), fine=True))
    changes = [(one.label, one.before, one.after, one.unit) for one in said.changes(run)]
    if changes:
        heads = (_("参数"), _("现状"), _("本次"), _("单位"))
        blocks += [Heading(_("改了什么"), 2), _table(heads, changes, (7, 3, 3, 3), numbers=(1, 2))]
    sums = [(prose.capital(one.head), one.value, one.interval) for one in said.sums(report)]
    blocks += [
        Heading(_("结果：%(unit)s从到达到离开口岸") % {"unit": told.units_words(report["whole"]["unit"])}, 2),
        Grid((_("指标"), _("数值"), _("95% 区间")), sums, (6, 4, 6), numbers=(1,)),
    ]
    mean_words = said.mean_words(report)
    if mean_words:
        blocks.append(Text(mean_words))
    blocks.append(Heading(_("各类单位"), 2))
    for words, rows in said.class_groups(model, report):
        blocks += [Heading(words, 3), _classes(rows)]
    blocks += [Heading(_("时间花在哪里"), 2), _activities(said.activities(model, report))]
    blocks += [Heading(_("各环节"), 2), _stations(said.stations(model, report))]
    blocks += [Heading(_("通关费用"), 2), *_charges(loaded, model, report)]
    blocks += [Heading(_("参数从哪里来"), 2), _figures(loaded, model)]
    title = _("%(title)s：%(run)s（模型）") % {"title": told.title(model), "run": run.title}
    return docx_paper(Paper(title, blocks, language(), landscape=True))


def _table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], widths_cm: Sequence[float] = (), numbers: Sequence[int] = ()
) -> Grid:
    """Return a table whose heads begin with a large letter, as on the page."""
    return Grid([prose.capital(head) for head in heads], rows, widths_cm, numbers)


def _classes(rows: list[dict[str, str]]) -> Grid:
    heads = (
        _("类别"), _("每天通过"), _("停留中位数"), _("九成的停留不超过"), _("95% 区间"), _("平均等候"),
        _("停留到哪里为止"), _("到离开口岸平均"),
    )  # fmt: skip
    columns = ("name", "per_day", "p50", "p90", "interval", "wait", "until", "departure")
    return _table(heads, [tuple(row[key] for key in columns) for row in rows], numbers=(1, 2, 3, 5, 7))


def _activities(rows: list[dict[str, str]]) -> Grid:
    heads = (_("类别"), _("环节"), _("等候"), _("办理"), _("被堵"))
    return _table(heads, [tuple(row[k] for k in ("class", "station", "wait", "work", "held")) for row in rows],
                numbers=(2, 3, 4))  # fmt: skip


def _stations(rows: list[said.StationRow]) -> Grid:
    heads = (
        _("环节"), _("每天通过"), _("忙"), _("被堵"), _("故障"), _("闲"), _("关"), _("平均排队"), _("平均等候"),
        _("九成等候不超过"), _("走掉"),
    )  # fmt: skip
    columns = ("name", "per_day", "busy", "blocked", "down", "idle", "closed", "queue", "wait", "wait_p90", "away")
    cells = [tuple(getattr(one, column) for column in columns) for one in rows]
    return _table(heads, cells, (5, *(2.0,) * 10), numbers=tuple(range(1, 11)))


def _charges(loaded: Loaded, model: Any, report: Mapping[str, Any]) -> list[Block]:
    rows = clearance_words.charges(loaded, model, report)
    costs = [f"{one['name']}{_('：')}{one['cost']}" for one in said.classes(model, report) if one["cost"]]
    if not rows:
        return [Text(_("这个模型里没有已知的收费，通关费用（TFI2）算不出来，不当作零。"))]
    heads = (_("谁交"), _("在哪里"), _("每次"), _("货币和年份"), _("成色"), _("来源"), _("日期"))
    cells = [
        (
            one.who,
            one.where,
            one.amount,
            one.money,
            pgettext("standing", "假设") if one.assumed else wording.standing_label(one.standing, language()),
            " ".join(part.title for part in wording.references(one.source)),
            one.date,
        )
        for one in rows
    ]
    left_out = clearance_words.left_out(model, report)
    charged = Grid(heads, cells, (4, 4, 2, 4, 2, 7, 3), numbers=(2,))
    return [*map(Text, costs), charged, *([Text(left_out)] if left_out else [])]


def _figures(loaded: Loaded, model: Any) -> Grid:
    heads = (_("参数"), _("数值"), _("单位"), _("成色"), _("来源"), _("日期"))
    cells = [
        (
            one.label,
            one.value,
            one.unit,
            pgettext("standing", "假设") if one.assumed else wording.standing_label(one.standing, language()),
            " ".join(part.title for part in wording.references(one.source)),
            one.date,
        )
        for one in figure_lines(loaded, model)
    ]
    return _table(heads, cells, (6, 3, 3, 2, 8, 3), numbers=(1,))
