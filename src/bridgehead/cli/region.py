"""``bridgehead region``: the tables of a region."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bridgehead.cli.terminal import (
    EXIT_REFUSED,
    AsJson,
    Language,
    RegionFolder,
    console,
    fault_table,
    folder_named,
    print_json,
    say,
    uncollected,
)

region_app = typer.Typer(
    help=say("区域数据。", "The tables of a region."),
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@region_app.callback()
def _region() -> None:
    pass


@region_app.command(
    help=say(
        "检查一个区域文件夹的全部表，一次报告所有问题；有错误时退出码为 2。",
        "Check every table of a region's folder and report all faults at once; exit code 2 if there are errors.",
    )
)
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            parser=folder_named,
            help=say(
                "区域文件夹；默认为 BRIDGEHEAD_REGION 或随平台提供的区域",
                "folder of the region; by default BRIDGEHEAD_REGION or the region the platform ships with",
            ),
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Check the tables of a region."""
    from bridgehead.regions.check import check_region, report_json

    assert lang is not None
    with uncollected():
        report = check_region(folder or region)
    if json:
        print_json(report_json(report, lang))
    else:
        out = console()
        if report.faults:
            out.print(fault_table([*report.errors, *report.warnings], lang))
        counts = (report.tables, report.rows, len(report.errors), len(report.warnings))
        out.print(
            say(
                "{} 张表，{} 行：{} 个错误，{} 个提示".format(*counts),
                "tables {}, rows {}, errors {}, warnings {}".format(*counts),
                lang,
            )
        )
    if report.errors:
        raise typer.Exit(EXIT_REFUSED)
