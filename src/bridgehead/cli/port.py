"""``bridgehead port``: ports simulated, staffed, calibrated, and the simulator held against known answers."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bridgehead.cli.port_agreement import agree
from bridgehead.cli.port_calibration import calibrate
from bridgehead.cli.port_options import MINUTES_A_DAY, MOST_DAYS, MOST_RUNS, ModelNamed, Scheduler, Seed, Workers
from bridgehead.cli.port_path import path
from bridgehead.cli.port_staffing import staff
from bridgehead.cli.port_verification import verify
from bridgehead.cli.terminal import (
    AsJson,
    DataFolder,
    Language,
    RegionFolder,
    console,
    print_json,
    print_results_not_kept,
    say,
)

if TYPE_CHECKING:
    from bridgehead.cli.port_files import Named
    from bridgehead.engines.simulation.replications import Experiment, Study
    from bridgehead.jobs.store import Store

port_app = typer.Typer(
    help=say("口岸仿真：运行、配员、标定、对照已知答案。", "Ports simulated: run, staff, calibrate, verify."),
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

port_app.command(
    help=say(
        "守住服务承诺最少要多少通道小时：给出方案、把握多大、少一条通道会怎样。没有找到时退出码为 1。",
        "The fewest lane-hours, or the least cost, that keep a service promise: the staffing, how sure it is, what one"
        " lane less would do. Exit code 1 if none is found.",
    )
)(staff)

port_app.command(
    help=say(
        "从事件日志读出口岸模型：到达、开放时间、作业时间分布、走向、台数，都带区间和检验。",
        "Read a port model from an event log: arrivals, opening hours, service times, routes, servers, each with its"
        " interval and test.",
    )
)(calibrate)


port_app.command(
    help=say(
        "区域的货流和口岸仿真求一致：多少货来、停留多久互相决定，每轮说明差多少。没有一致时退出码为 1。",
        "Bring the freight of the region and a simulated port to agreement: how much comes and how long it stays decide"
        " each other; each round says the difference. Exit code 1 if they do not agree.",
    )
)(agree)


port_app.command(
    help=say(
        "从事件日志看一个单位的停留由什么决定：每段等什么、关键路径，以及全部停留里各种原因占多少。",
        "What set the stay of a unit, from an event log: what each wait was for, its critical path, and the share of"
        " each cause in all stays.",
    )
)(path)

port_app.command(
    help=say(
        "逐个运行有已知答案的案例，每个期望值一行：案例、指标、期望、估计、容差、是否在内。有不合的退出码为 1。",
        "Run every case of a file with known answers and print one line for each value: case, metric, expected,"
        " estimate, tolerance, ok. Exit code 1 if any fails.",
    )
)(verify)


@port_app.callback()
def _port() -> None:
    pass


_Replications = Annotated[
    int | None,
    typer.Option(min=1, max=MOST_RUNS, help=say("重复次数；默认按模型", "replications; as the model says by default")),
]
_Precision = Annotated[
    float | None,
    typer.Option(
        min=0.0001,
        max=1.0,
        help=say(
            "一直重复，直到平均停留的区间半宽不超过这个比例",
            "go on until half the interval of the mean stay is at most this share of it",
        ),
    ),
]
_Days = Annotated[
    float | None, typer.Option(min=0.001, max=MOST_DAYS, help=say("仿真多少天", "days that are simulated"))
]
_Warmup = Annotated[
    str, typer.Option(metavar="DAYS|auto", help=say("预热天数，或 auto 自动判定", "days of warm-up, or auto"))
]
_Changed = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help=say("改一个参数，可多次", "another value of a parameter, repeatable")
    ),
]
_Log = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help=say("第一次重复的事件日志，Parquet 或 CSV", "event log of the first replication, Parquet or CSV"),
    ),
]


@port_app.command(
    help=say(
        "仿真一个口岸：排队、停留、利用率，都带 95% 区间。",
        "Simulate a port: queues, stays, utilisation, each with its 95 % interval.",
    )
)
def simulate(  # noqa: PLR0917 - typer passes options by name
    model: ModelNamed,
    replications: _Replications = None,
    precision: _Precision = None,
    days: _Days = None,
    warmup: _Warmup = "",
    seed: Seed = 1,
    workers: Workers = None,
    scheduler: Scheduler = "",
    changed: _Changed = None,
    log: _Log = None,
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Simulate a port."""
    from bridgehead.cli.port_files import model_named, require_room_for, results_store
    from bridgehead.cli.port_words import print_results, print_warnings
    from bridgehead.engines.simulation.noting import all_of
    from bridgehead.engines.simulation.results import results
    from bridgehead.kernel.errors import fault_as_json

    language = lang or "zh"
    store = results_store(data)
    _, named, left_out = all_of(
        lambda: require_room_for(log, "log") if log is not None else None,
        lambda: model_named(model, region, changed or ()),
        lambda: _warmup_min(warmup),
    )
    experiment = _experiment(named, replications, precision, days, left_out, seed)
    study = _study(named, experiment, workers, scheduler, store, json)
    print_results_not_kept(store, language)
    if log is not None:
        _write_log(study, log)
    if json:
        warnings = [fault_as_json(fault, language) for fault in named.warnings]
        print_json({"illustrative": named.illustrative, **results(study), "warnings": warnings})
        return
    print_warnings(named.warnings, language)
    print_results(study, language, illustrative=named.illustrative)


def _warmup_min(given: str) -> float | str:
    """Return the minutes of warm-up that are asked for, or the word: ``auto``, or nothing for as the model says."""
    from bridgehead.engines.simulation.quantities import quoted
    from bridgehead.kernel.errors import BridgeheadError, Place

    if given in ("", "auto"):
        return given
    try:
        asked = float(given) * MINUTES_A_DAY
        if not 0.0 <= asked < math.inf:
            raise ValueError(given)
    except ValueError as reason:
        raise BridgeheadError("simulation.bad_warmup", {"warmup": quoted(given)}, Place(field="warmup")) from reason
    return asked


def _experiment(  # noqa: PLR0917 - what was given, in its order
    named: Named, replications: int | None, precision: float | None, days: float | None, warmup: float | str, seed: int
) -> Experiment:
    from bridgehead.engines.simulation.replications import FEWEST, Experiment, Precision
    from bridgehead.kernel.errors import BridgeheadError, Place

    run = named.model.run
    horizon = run.horizon_min if days is None else days * MINUTES_A_DAY
    if isinstance(warmup, float):
        warmup_min: float | None = warmup
        if warmup >= horizon:
            told = {"warmup_days": warmup / MINUTES_A_DAY, "days": horizon / MINUTES_A_DAY}
            raise BridgeheadError("simulation.bad_run", told, Place(field="warmup"))
    elif warmup == "auto":
        warmup_min = None
    else:
        warmup_min = run.warmup_min if days is None or (run.warmup_min or 0.0) < horizon else 0.0
    wanted = replications or (FEWEST if precision else run.replications)
    until = Precision(precision) if precision else None
    return Experiment(horizon, warmup_min, wanted, seed, precision=until)


def _study(  # noqa: PLR0917 - what was given, in its order
    named: Named, experiment: Experiment, workers: int | None, scheduler: str, store: Store | None, quiet: bool
) -> Study:
    """Run the replications, with a bar of progress on a terminal; those in the data folder are taken up again."""
    from rich.progress import Progress

    from bridgehead.jobs.port_runs import run_study

    out = console(stderr=True)
    with Progress(console=out, transient=True, disable=quiet or not out.is_terminal) as bar:
        task = bar.add_task(say("仿真", "simulating"), total=None)
        return run_study(
            named.model,
            experiment,
            processes=workers,
            scheduler=scheduler or None,
            store=store,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _write_log(study: Study, file: Path) -> None:
    """Write the events of the first replication."""
    from dataclasses import replace

    from bridgehead.cli.port_files import write_whole
    from bridgehead.engines.simulation.event_logs import event_log, write_csv, write_parquet
    from bridgehead.engines.simulation.replications import runs_of
    from bridgehead.engines.simulation.running import simulate

    found = event_log(simulate(study.compiled, replace(runs_of(study.experiment, 0, 1)[0], log=True)))
    write = write_parquet if file.suffix == ".parquet" else write_csv
    write_whole(file, "log", lambda part: write(found, part))
