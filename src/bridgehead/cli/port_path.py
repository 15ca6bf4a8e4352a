"""``bridgehead port path``: what set the stay of a unit and of its class, read from an event log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridgehead.cli.terminal import AsJson, Language, RegionFolder, console, print_json, print_table, say

if TYPE_CHECKING:
    from bridgehead.engines.simulation.stay_paths.critical_paths import Step
    from bridgehead.engines.simulation.stay_paths.stay_causes import StayCauses
    from bridgehead.engines.simulation.stay_paths.timelines_of_units import Segment, Traced

Clock = Callable[[float], str]

CAUSES = {
    "service": ("办理", "service"),
    "queue": ("前面有人", "queue ahead"),
    "closed": ("不开放", "closed"),
    "blocked": ("前方已满", "blocked: full ahead"),
    "breakdown": ("设备故障", "breakdown"),
    "resource": ("共用资源不足", "joint resource"),
    "partner": ("等配对或编组", "partner or group"),
    "unserved": ("无人办理，日志看不出原因", "nobody served, cause not in the log"),
}

_Log = Annotated[
    Path,
    typer.Argument(
        metavar="LOG",
        help=say(
            "事件日志，Parquet 或 CSV，如 port simulate --log 写的",
            "event log, Parquet or CSV, as port simulate --log writes it",
        ),
    ),
]
_Model = Annotated[
    str,
    typer.Option(
        metavar="MODEL",
        help=say(
            "日志属于哪个模型：口岸编号或文件。没有模型就分不出不开放、故障、前方已满",
            "whose log it is, port or file; without it closing, failures and full stations look alike",
        ),
    ),
]
_Unit = Annotated[str, typer.Option(metavar="U", help=say("看哪个单位", "unit to look at"))]
_UnitClass = Annotated[
    str, typer.Option("--class", metavar="CLASS", help=say("只看这一类", "units of this class only"))
]
_Quantile = Annotated[
    float,
    typer.Option(
        min=0.0,
        max=1.0,
        help=say("没写单位时，看停留排在这个分位的单位", "without --unit: the one at this quantile of the stay"),
    ),
]
_Warmup = Annotated[
    float | None,
    typer.Option(
        metavar="DAYS",
        min=0.0,
        help=say("前几天到的不计；默认按模型", "days left out; as the model says by default"),
    ),
]


def path(  # noqa: PLR0917 - typer passes options by name
    log: _Log,
    model: _Model = "",
    unit: _Unit = "",
    unit_class: _UnitClass = "",
    quantile: _Quantile = 0.9,
    warmup: _Warmup = None,
    json: AsJson = False,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Tell what set the stay of a unit, and of all."""
    from bridgehead.cli.port_files import model_named
    from bridgehead.cli.port_words import print_warnings
    from bridgehead.engines.simulation.stay_paths.critical_paths import critical_path
    from bridgehead.engines.simulation.stay_paths.log_rows import read_log_rows, strangers
    from bridgehead.engines.simulation.stay_paths.stay_causes import done_units, stay_causes, unit_at
    from bridgehead.engines.simulation.stay_paths.timelines_of_units import trace
    from bridgehead.kernel.errors import BridgeheadError, Place, fault_as_json

    language = lang or "zh"
    named = model_named(model, region).model if model else None
    rows = read_log_rows(log, named)
    warnings = strangers(rows, named, log.name) if named else ()
    traced = trace(rows, named)
    warmup_min = 1440.0 * warmup if warmup is not None else (named.run.warmup_min or 0.0) if named else 0.0
    units = done_units(traced, unit_class, warmup_min)
    if not units.size and not unit:
        raise BridgeheadError("event_log.nobody_done", {}, Place(log.name))
    chosen = traced.unit_named(unit) if unit else unit_at(traced, units, quantile)
    whole = stay_causes(traced, unit_class, warmup_min)
    segments, steps = traced.segments(chosen), critical_path(traced, chosen)
    if json:
        found = _plain(traced, chosen, segments, steps, whole)
        print_json({**found, "warnings": [fault_as_json(fault, language) for fault in warnings]})
        return
    _print_unit(traced, chosen, segments, steps, language)
    _print_whole(whole, language)
    print_warnings(warnings, language)


def _plain(
    traced: Traced, unit: int, segments: tuple[Segment, ...], steps: tuple[Step, ...], whole: StayCauses
) -> dict[str, Any]:
    from dataclasses import asdict

    rows = traced.rows
    stay = segments[-1].end_min - segments[0].begin_min if segments else 0.0
    return {
        "schema": "bridgehead-stay-path/1",
        "first_day": rows.first_day.isoformat() if rows.first_day else None,
        "unit": rows.units[unit],
        "class": rows.classes[rows.class_of_unit[unit]],
        "stay_min": stay,
        "time": [asdict(one) for one in segments],
        "critical_path": [asdict(one) for one in steps],
        "sets_the_stay": {
            "class": whole.unit_class or None,
            "units": whole.units,
            "mean_stay_min": whole.mean_stay_min if whole.units else None,
            "causes": [asdict(one) for one in whole.by_cause()],
            "stations": [asdict(one) for one in whole.parts],
        },
    }


def _clock(traced: Traced) -> Clock:
    """Return how a moment is told: by the clock where the log has a first day, else in minutes."""
    day = traced.rows.first_day
    if day is None:
        return lambda moment: f"{moment:,.1f}"
    begin = datetime.combine(day, time())
    return lambda moment: f"{begin + timedelta(minutes=moment):%m-%d %H:%M}"


def _table(*columns: str, right: tuple[int, ...]) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    for at, column in enumerate(columns):
        table.add_column(column, justify="right" if at in right else "left", no_wrap=at in right)
    return table


def _print_unit(traced: Traced, unit: int, segments: tuple[Segment, ...], steps: tuple[Step, ...], lang: str) -> None:
    rows, out, clock = traced.rows, console(), _clock(traced)
    name, unit_class = rows.units[unit], rows.classes[rows.class_of_unit[unit]]
    hours = (segments[-1].end_min - segments[0].begin_min) / 60.0 if segments else 0.0
    out.print(
        say(f"{name}（{unit_class}）停留 {hours:.2f} 小时", f"{name} ({unit_class}), stay {hours:.2f} h", lang),
        style="bold",
        soft_wrap=True,
    )
    heads = say("起 止 分 环节 用在 等谁、在哪台", "", lang).split() if lang == "zh" else (
        "from", "to", "min", "station", "spent on", "waits for, or served at")  # fmt: skip
    table = _table(*heads, right=(0, 1, 2))
    for one in segments:
        who = one.by or one.resource
        if one.cause == "queue" and one.ahead:
            who = say(f"{who}，其间 {one.ahead} 个先办", f"{who}, {one.ahead} served meanwhile", lang)
        table.add_row(clock(one.begin_min), clock(one.end_min), f"{one.minutes:.1f}", one.station,
                      say(*CAUSES[one.cause], lang), who)  # fmt: skip
    print_table(out, table)
    out.print(
        say("\n关键路径：何时办完由这些先后决定", "\nCritical path: what had to happen before it was done", lang),
        style="bold",
    )
    heads = say("起 止 分 环节 是什么 单位", "", lang).split() if lang == "zh" else (
        "from", "to", "min", "station", "what", "unit")  # fmt: skip
    table = _table(*heads, right=(0, 1, 2))
    for (place, cause), run in groupby(steps, key=lambda step: (step.resource or step.station, step.cause)):
        alike = list(run)
        begin, end = alike[0].begin_min, alike[-1].end_min
        who = alike[-1].unit
        if len(alike) > 1:
            who = say(
                f"{alike[0].unit} 到 {who}，共 {len(alike)} 个", f"{alike[0].unit} to {who}, {len(alike)} units", lang
            )
        table.add_row(clock(begin), clock(end), f"{end - begin:.1f}", place, say(*CAUSES[cause], lang), who)
    print_table(out, table)


def _print_whole(whole: StayCauses, lang: str) -> None:
    out = console()
    if not whole.units:
        return
    told = whole.unit_class or say("全部单位", "all units", lang)
    hours = whole.mean_stay_min / 60.0
    out.print(
        say(
            f"\n停留由什么决定：{told}，{whole.units} 个，平均 {hours:.2f} 小时",
            f"\nWhat sets the stay: {told}, {whole.units} of them, {hours:.2f} h on average",
            lang,
        ),
        style="bold",
        soft_wrap=True,
    )
    heads = (
        say("用在 环节 每个·分 份额", "", lang).split()
        if lang == "zh"
        else ("spent on", "station", "min each", "share")
    )
    table = _table(*heads, right=(2, 3))
    for cause in whole.by_cause():
        table.add_row(say(*CAUSES[cause.cause], lang), "", f"{cause.minutes:,.1f}", f"{cause.share:.1%}", style="bold")
        for one in sorted(whole.parts, key=lambda part: -part.minutes):
            if one.cause == cause.cause:
                table.add_row("", one.station, f"{one.minutes:,.1f}", f"{one.share:.1%}")
    print_table(out, table)
