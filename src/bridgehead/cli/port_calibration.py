"""``bridgehead port calibrate``: a port model read from the log of what happened in a port."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridgehead.cli.terminal import AsJson, Language, console, print_json, print_table, say

if TYPE_CHECKING:
    from bridgehead.engines.simulation.calibration.calibrating import Calibration
    from bridgehead.engines.simulation.calibration.estimates import Estimate

_NUMBERS = frozenset({4, 5, 6, 8, 9})
_WHOLE = frozenset({1, 4, 5, 6, 7, 8, 9})
"""Columns with numbers, and those that are never cut or folded: the names of figures too."""

_Log = Annotated[
    Path,
    typer.Argument(
        metavar="LOG",
        help=say(
            "事件日志，CSV：unit、activity、start、end、resource、class 各列",
            "event log, CSV with the columns unit, activity, start, end, resource, class",
        ),
    ),
]
_Booked = Annotated[
    list[str] | None,
    typer.Option(metavar="CLASS", help=say("预约到达的类别，可多次", "class that comes by appointment, repeatable")),
]
_Port = Annotated[str, typer.Option(help=say("口岸编号，写进模型", "id of the port, written into the model"))]
_Out = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help=say("把模型写成 YAML 文件", "write the model to a YAML file")),
]


def calibrate(  # noqa: PLR0917 - typer passes options by name
    log: _Log,
    booked: _Booked = None,
    port: _Port = "",
    out: _Out = None,
    json: AsJson = False,
    lang: Language = None,
) -> None:
    """Read a port model from an event log."""
    from bridgehead.cli.port_files import require_room_for
    from bridgehead.cli.port_words import print_warnings
    from bridgehead.engines.simulation.calibration.calibrating import as_description
    from bridgehead.engines.simulation.calibration.calibrating import calibrate as calibrated
    from bridgehead.engines.simulation.calibration.event_log import read_event_log
    from bridgehead.kernel.errors import fault_as_json

    language = lang or "zh"
    if out is not None:
        require_room_for(out, "out")
    found = calibrated(read_event_log(log), booked=frozenset(booked or ()), port=port)
    if out is not None:
        _write(as_description(found), out)
    if json:
        print_json(
            {
                "model": as_description(found),
                "estimates": [_plain(one) for one in found.estimates],
                "findings": [fault_as_json(fault, language) for fault in found.findings],
            }
        )
        return
    _print(found, language)
    print_warnings(found.findings, language)
    if out is not None:
        console().print(say(f"模型写入 {out}", f"model written to {out}", language), soft_wrap=True)


def _write(description: dict[str, Any], file: Path) -> None:
    """Write a description as YAML, whole or not at all."""
    import yaml  # type: ignore[import-untyped]

    from bridgehead.cli.port_files import write_whole

    text = yaml.safe_dump(description, allow_unicode=True, sort_keys=False, width=110)
    write_whole(file, "out", lambda part: part.write_text(text, encoding="utf-8"))


def _plain(one: Estimate) -> dict[str, Any]:
    def number(value: float | None) -> float | None:
        return value if value is not None and math.isfinite(value) else None

    return {
        "name": one.name,
        "activity": one.activity or None,
        "class": one.unit_class or None,
        "to": one.to or None,
        "value": number(one.value),
        "low": number(one.low),
        "high": number(one.high),
        "unit": one.unit or None,
        "n": one.n,
        "p_value": number(one.p_value),
        "method": one.method or None,
    }


def _print(found: Calibration, language: str) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    heads = say(
        "环节 参数 类别 去向 估计 下限 上限 单位 样本 p", "activity figure class to value low high unit n p", language
    )
    for at, head in enumerate(heads.split()):
        table.add_column(head, justify="right" if at in _NUMBERS else "left", no_wrap=at in _WHOLE)
    for one in found.estimates:
        numbers = (one.value, one.low, one.high)
        table.add_row(
            one.activity or "–",
            one.name,
            one.unit_class,
            one.to,
            *(f"{value:,.4g}" if math.isfinite(value) else "–" for value in numbers),
            one.unit,
            f"{one.n:,}",
            "–" if one.p_value is None or not math.isfinite(one.p_value) else f"{one.p_value:.3f}",
        )
    print_table(console(), table)
