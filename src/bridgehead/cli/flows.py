"""``bridgehead flows``: freight and trips on networks, in equilibrium."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridgehead.cli import flow_calibration, flow_scenarios
from bridgehead.cli.flow_roles import roles
from bridgehead.cli.terminal import AsJson, Language, RegionFolder, console, print_error, print_json, say

if TYPE_CHECKING:
    from bridgehead.cli.flow_files import Solved
    from bridgehead.kernel.errors import Fault

EXIT_NOT_REACHED = 1

flows_app = typer.Typer(
    help=say("货流与车流：均衡、标定、情景。", "Flows of freight and trips: equilibrium, calibration, scenarios."),
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@flows_app.callback()
def _flows() -> None:
    pass


@flows_app.command(
    help=say(
        "求均衡：TNTP 或 GMNS 文件的路网和出行，或一个区域某一年的货。没有达到所要的间隙时说明，退出码为 1。",
        "Find the equilibrium of trips on a network in TNTP or GMNS files, or of the freight of a region in a year."
        " Where the gap asked for is not reached it says so, exit code 1.",
    )
)
def solve(  # noqa: PLR0917 - typer passes options by name
    tntp: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            "--tntp",
            metavar="NET TRIPS",
            help=say("TNTP 格式的路网，和出行文件", "network in the format TNTP, and trips"),
        ),
    ] = None,
    gmns: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            "--gmns",
            metavar="FOLDER TRIPS",
            help=say(
                "GMNS 格式路网的文件夹，和 TNTP、OMX 或 Parquet 格式的出行文件",
                "folder of a network in GMNS, and trips in TNTP, OMX or Parquet",
            ),
        ),
    ] = None,
    toll_weight: Annotated[
        float, typer.Option(help=say("一单位通行费合多少时间", "time that a unit of toll is worth"))
    ] = 0.0,
    distance_weight: Annotated[
        float, typer.Option(help=say("一单位长度合多少时间", "time that a unit of length is worth"))
    ] = 0.0,
    gap: Annotated[float, typer.Option(help=say("要达到的相对间隙", "relative gap to reach"))] = 1e-6,
    classes: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            help=say(
                "用户类别表：名称、份额或出行文件、当量、时间价值、固定费用",
                "table of user classes: name, share or trip file, equivalents, value of time, fixed costs",
            ),
        ),
    ] = None,
    system_optimum: Annotated[
        bool, typer.Option("--so", help=say("系统最优：总费用最小", "system optimum: least total cost"))
    ] = False,
    exact: Annotated[
        bool,
        typer.Option(
            "--exact",
            help=say(
                "区域：只按费用选择，不加费用表不知道的部分",
                "region: costs alone decide, without what the cost table does not know",
            ),
        ),
    ] = False,
    year: Annotated[
        int | None, typer.Option(help=say("区域：年份；默认为基准年", "region: year; the base year by default"))
    ] = None,
    scenario: Annotated[
        str,
        typer.Option(metavar="S", help=say("区域：情景的编号或文件", "region: id or file of a scenario")),
    ] = "",
    iterations: Annotated[
        int | None,
        typer.Option(
            min=1,
            help=say("文件：最多搜索新路径多少次；默认 500", "files: most searches for new paths; 500 by default"),
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help=say("把结果写进这个文件夹：Parquet 和 TNTP", "write results here, as Parquet and TNTP")
        ),
    ] = None,
    json: AsJson = False,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Find the equilibrium of trips or freight."""
    from bridgehead.cli import flow_files, flow_region
    from bridgehead.kernel.errors import BridgeheadError, Place

    assert lang is not None
    weights = {"toll_weight": toll_weight, "distance_weight": distance_weight}
    of_files = classes is not None or iterations is not None or any(weights.values())
    of_region = region is not None or year is not None or bool(scenario) or exact
    kind, given = ("gmns", gmns) if tntp is None else ("tntp", tntp)
    faults = _faults(gap, weights, (tntp is not None) + (gmns is not None), of_files, of_region)
    files, freight = None, None
    try:
        if given is not None:
            files = flow_files.read_network(kind, given, classes)
        else:
            freight = flow_region.read_region(region, year, scenario)
    except BridgeheadError as error:
        faults += error.faults
    if faults:
        raise BridgeheadError.of(faults)
    with _progress(gap, lang, quiet=json) as progress:
        how: dict[str, Any] = {"gap": gap, "clock": time.perf_counter, "progress": progress}
        if given is not None and files is not None:
            more = {"most_iterations": iterations} if iterations else {}
            solved = flow_files.solve_files(kind, given, files, weights, system_optimum=system_optimum, **how, **more)
        else:
            assert freight is not None
            solved = flow_region.solve_region(freight, exact=exact, system_optimum=system_optimum, **how)
    if out is not None:
        solved.write(out)
    if json:
        print_json(solved.figures)
    else:
        _print(solved, lang)
    for fault in solved.warnings:
        print_error(BridgeheadError.of([fault]), lang, as_json_too=False)
    if not solved.figures["reached"]:
        # A region takes no number of iterations: it ends where nothing more is gained.
        most = solved.figures["parameters"].get("most_iterations", 0) if freight is None else math.inf
        told = {
            "gap": gap,
            **{name: solved.figures.get(name) for name in ("relative_gap", "iterations", "limit_excess")},
            "settled": "yes" if solved.figures["iterations"] < most else "",
        }
        wide = solved.figures["relative_gap"] > gap
        code = "flows.gap_not_reached" if wide else "flows.limits_not_kept"
        print_error(BridgeheadError(code, told, Place(field="gap")), lang, as_json_too=False)
        raise typer.Exit(EXIT_NOT_REACHED)


def _faults(gap: float, weights: Mapping[str, float], networks: int, of_files: bool, of_region: bool) -> list[Fault]:
    """Return what is wrong with the options themselves."""
    from bridgehead.kernel.errors import Fault, Place

    faults = [] if 0.0 < gap < 1.0 else [Fault("flows.bad_gap", {"gap": gap}, Place(field="gap"))]
    for name, value in weights.items():
        if not 0.0 <= value < math.inf:
            faults.append(Fault("flows.bad_weight", {"value": value}, Place(field=name)))
    if networks > 1:
        faults.append(Fault("flows.two_networks", {}, Place(field="gmns")))
    if networks and of_region:
        faults.append(Fault("flows.option_of_region", {}, Place(field="tntp")))
    if of_files and not networks:
        faults.append(Fault("flows.option_of_files", {}, Place(field="tntp")))
    return faults


@contextmanager
def _progress(gap: float, lang: str, *, quiet: bool) -> Iterator[Callable[[int, float], None] | None]:
    """Show the gap while a run goes on, on a terminal that somebody watches."""
    out = console(stderr=True)
    if quiet or not out.is_terminal:
        yield None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as shown:
        task = shown.add_task(say("求解", "solving", lang), total=None)

        def tell(iteration: int, reached: float) -> None:
            words = say(
                f"第 {iteration} 轮，间隙 {reached:.1e}（目标 {gap:.0e}）",
                f"iteration {iteration}, gap {reached:.1e} (wanted {gap:.0e})",
                lang,
            )
            shown.update(task, description=words)

        yield tell


WORDS = {
    "relative_gap": ("相对间隙", "relative gap"),
    "average_excess_cost": ("平均超额费用", "average excess cost"),
    "objective": ("目标函数", "objective"),
    "total_cost": ("总费用", "total cost"),
    "conservation_error": ("守恒误差", "conservation error"),
    "iterations": ("迭代", "iterations"),
    "passes": ("遍历", "passes"),
    "seconds": ("秒", "seconds"),
    "paths": ("路径", "paths"),
    "demand": ("需求", "demand"),
    "unserved": ("未送出", "not sent"),
    "input_hash": ("输入的哈希", "hash of the input"),
}


def _print(solved: Solved, lang: str) -> None:
    from rich.table import Table

    out = console()
    out.print(say(*solved.title, lang), style="bold", soft_wrap=True)
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for name, words in WORDS.items():
        if solved.figures.get(name) is not None:
            table.add_row(say(*words, lang), _figure(solved.figures[name]))
    out.print(table)
    solved.print_more(out, lang)
    out.print(say("模型结果，不是观测。", "A result of the model, not an observation.", lang), style="dim")


def _figure(value: Any) -> str:
    if isinstance(value, str):
        return value[:16]
    if isinstance(value, int):
        return f"{value:,}"
    if value == 0:
        return "0"
    return f"{value:.3e}" if abs(value) < 1e-3 else f"{value:,.6f}".rstrip("0").rstrip(".")


flow_scenarios.register(flows_app)
flow_calibration.register(flows_app)
flows_app.command(
    help=say(
        "口岸分工：各口岸运什么、彼此多像，每种货由谁牵头、谁支持，依据是什么。",
        "The roles of the ports: what each carries, how alike they are, and who might lead or support in which goods.",
    )
)(roles)
