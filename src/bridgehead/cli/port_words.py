"""What the port commands print for people."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from bridgehead.cli.port_caveats import caveats, nobody_came
from bridgehead.cli.terminal import console, narrowest, print_table, say
from bridgehead.engines.simulation.border_measures import to_departure_mean_h
from bridgehead.engines.simulation.model import Station
from bridgehead.engines.simulation.unit_stays import ClassStay, class_stays, main_unit

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from bridgehead.engines.simulation.intervals import Estimate
    from bridgehead.engines.simulation.replications import Study
    from bridgehead.kernel.errors import Fault

_KINDS = {
    "": ("单位", "units"),
    "truck": ("货车", "trucks"),
    "car": ("小客车", "cars"),
    "bus": ("大客车", "buses"),
    "train": ("列车", "trains"),
    "wagon": ("车辆", "wagons"),
    "container": ("集装箱", "containers"),
}
_ENDS = {
    "leaves": ("离口岸", "departure"),
    "split": ("解体", "taken apart"),
    "match": ("对位", "paired"),
    "combine": ("编成", "made up"),
}
_CLASS_SPARED, _STATION_SPARED = (3, 5), (5, 4, 7)
"""Columns a narrow terminal can spare, the least needed first."""


def print_warnings(warnings: Iterable[Fault], language: str) -> None:
    """Print what somebody should know before believing the results."""
    from bridgehead.kernel.errors import sentence

    out = console(stderr=True)
    for fault in warnings:
        words = sentence(fault, language)
        out.print(say("提示：", "warning: ", language) + words.message, soft_wrap=True)
        out.print(f"  {words.cure}", style="dim", soft_wrap=True)


def number(found: Estimate, factor: float = 1.0, digits: int = 1) -> str:
    """Return an estimate with half its interval."""
    if math.isnan(found.mean):
        return "–"
    half = "" if math.isinf(found.half_width) else f" ±{found.half_width * factor:,.{digits}f}"
    return f"{found.mean * factor:,.{digits}f}{half}"


def print_results(study: Study, language: str, *, illustrative: bool = False) -> None:
    """Print classes and stations of a study, each figure with its interval; what is only an example says so first."""
    out = console()
    for line in caveats(study, language, illustrative=illustrative):
        out.print(line, soft_wrap=True)
    if not any(outcome.types["born"].sum() for outcome in study.outcomes):
        out.print(nobody_came(study, language), soft_wrap=True)
        return
    out.print(_whole(study, language), soft_wrap=True)
    for part in _classes(study, language):
        if isinstance(part, str):
            out.print(part, soft_wrap=True)
        else:
            print_table(out, part)
    print_table(out, _stations(study, language))
    _print_costs(study, language)


def _print_costs(study: Study, language: str) -> None:
    """Print what clearance costs a unit of each class (TFI2) and what that is, or that nothing is known of it."""
    from bridgehead.engines.simulation.border_charges import clearance_cost

    out = console()
    if not study.compiled.model.charges:
        said = say(
            "通关费用（TFI2）：模型里没有已知的收费，算不出来，不当作零。",
            "Cost of clearance (TFI2): the model knows no charge; there is no cost to tell, which is not one of zero.",
            language,
        )
        out.print(said, style="dim", soft_wrap=True)
        return
    heads = ("类别", "每", "通关费用（TFI2）", "货币", "价格年份", "95% 区间")
    english = ("class", "per", "clearance cost (TFI2)", "currency", "prices of", "95 % interval")
    rows = []
    for one in study.compiled.model.classes:
        found = clearance_cost(study, one.id)
        name = one.label.get(language) or one.id
        each = say(_KINDS[one.unit][0], one.unit or "unit", language)
        for amount in found.amounts:
            between = "" if amount.low is None else f"{amount.low:,} – {amount.high:,}"
            rows.append((name, each, f"{amount.mean:,}", amount.currency, str(amount.year), between))
        if found.no_charge_known:
            rows.append((name, each, say("没有已知的收费", "no charge known", language), "", "", ""))
    print_table(out, fitting(heads if language == "zh" else english, rows))


def fitting(
    heads: Sequence[str], rows: Sequence[Sequence[str]], spared: Sequence[int] = (), out: Console | None = None
) -> Table:
    """Return a table of figures; on a narrow terminal without as many of the columns it can spare as needed.

    Where nobody looks at a terminal, all are kept.
    """
    from rich.table import Table

    width = out or console()
    kept = list(range(len(heads)))
    for gone in (None, *spared):
        kept = [at for at in kept if at != gone]
        table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
        for at in kept:
            table.add_column(heads[at], justify="left" if at == 0 else "right", no_wrap=at > 0)
        for row in rows:
            table.add_row(*(row[at] for at in kept))
        if not width.is_terminal or narrowest(table) <= width.width:
            break
    return table


def _classes(study: Study, language: str) -> Iterator[Any]:
    """Yield a table of the classes of each kind of unit, since a train and its wagons are no sum."""
    model = study.compiled.model
    stays = [one for one in class_stays(model) if _any(study, one.unit_class)]
    changes = any(not one.leaves for one in stays)
    kinds = list(dict.fromkeys(one.unit for one in stays))
    for kind in kinds:
        if len(kinds) > 1 or changes:
            yield say(f"{_KINDS[kind][0]}：", f"{_KINDS[kind][1]}:", language)
        table = _changing_table if changes else _class_table
        yield table(study, [one for one in stays if one.unit == kind], language)
    if changes:
        yield say(
            "停留从到达口岸算起，到离开或变成别的单位为止；“到离口岸”连变成的单位一起算。",
            "A stay runs from the arrival at the port to its end: out of the port, or into another unit; “to departure”"
            " goes on with what it became.",
            language,
        )


def _any(study: Study, unit_class: str) -> bool:
    return any(outcome.types["born"][list(study.compiled.type_index[unit_class])].sum() for outcome in study.outcomes)


def _class_table(study: Study, stays: Sequence[ClassStay], language: str) -> Table:
    columns = say("类别 每日到达 平均停留·时 中位·时 p90·时 等待合计·分 离去份额", "", language).split()
    english = ("class", "arrive/day", "mean stay h", "median h", "p90 h", "waits min", "turned away")
    rows = [
        (
            _named(study, one, language),
            number(study.estimate("system_arrival_rate", unit_class=one.unit_class), 1440.0),
            *_stay(study, one),
            number(study.estimate("wait_total_mean", unit_class=one.unit_class)),
            number(study.estimate("dropped_share", unit_class=one.unit_class), 100.0, 2) + " %",
        )
        for one in stays
    ]
    return fitting(columns if language == "zh" else english, rows, _CLASS_SPARED)


def _changing_table(study: Study, stays: Sequence[ClassStay], language: str) -> Table:
    """Return the classes of a port in which units become others: what ends their stay, and how long until they left."""
    columns = say("类别 每日完成 平均停留·时 中位·时 p90·时 到哪里为止 到离口岸·时", "", language).split()
    english = ("class", "done/day", "mean stay h", "median h", "p90 h", "ends", "to departure h")
    rows = [
        (
            _named(study, one, language),
            number(study.estimate("system_throughput", unit_class=one.unit_class), 1440.0),
            *_stay(study, one),
            say(*_ENDS[one.until], language),
            number(to_departure_mean_h(study, one.unit_class), 1.0, 2),
        )
        for one in stays
    ]
    return fitting(columns if language == "zh" else english, rows, _CLASS_SPARED)


def _named(study: Study, stay: ClassStay, language: str) -> str:
    found = next(one for one in study.compiled.model.classes if one.id == stay.unit_class)
    return found.label.get(language) or found.id


def _stay(study: Study, stay: ClassStay) -> Iterator[str]:
    """Yield mean, median and 90 % quantile of a stay."""
    which = {"unit_class": stay.unit_class}
    yield number(study.estimate("stay_mean", **which), 1 / 60, 2)
    yield from (number(study.estimate("sojourn_quantile", q=q, **which), 1 / 60, 2) for q in (0.5, 0.9))


def _whole(study: Study, language: str) -> str:
    """Return the stay of the port's main units in a sentence."""
    mean, median, most = (
        number(found, 1 / 60, 2)
        for found in (
            study.estimate("stay_mean", unit_class=study.compiled.main_classes),
            *(study.estimate("sojourn_quantile", unit_class=study.compiled.main_classes, q=q) for q in (0.5, 0.9)),
        )
    )
    zh, english = _KINDS[main_unit(study.compiled.model)]
    return say(
        f"{zh}从到达到离开口岸：平均 {mean} 小时，中位数 {median} 小时，九成不超过 {most} 小时。",
        f"{english.capitalize()} from arrival to departure: mean {mean} h, median {median} h, 90 % within {most} h.",
        language,
    )


def _stations(study: Study, language: str) -> Table:
    """Return the table of stations; they are busy for a share of all hours, so that of open ones is beside it."""
    busy, hours = say("忙·%\n占全天", "busy %\nof all hours", language), say("开放·%", "open %", language)
    chinese = ("环节", "每日完成", busy, hours, "平均排队", "最长排队", "平均等待·分", "p90等待·分")
    english = ("station", "done/day", busy, hours, "mean queue", "longest", "mean wait min", "p90 wait min")
    rows = []
    for name, at in study.compiled.node_index.items():
        node = study.compiled.parts[at[0]].node
        rows.append(
            (
                node.label.get(language) or name,
                number(study.estimate("throughput", node=name), 1440.0),
                number(study.estimate("utilisation", node=name), 100.0),
                number(study.estimate("open_share", node=name), 100.0) if isinstance(node, Station) else "–",
                number(study.estimate("queue_len_mean", node=name)),
                number(study.estimate("queue_len_max", node=name), 1.0, 0),
                number(study.estimate("wait_mean", node=name)),
                number(study.estimate("wait_quantile", node=name, q=0.9)),
            )
        )
    return fitting(chinese if language == "zh" else english, rows, _STATION_SPARED)
