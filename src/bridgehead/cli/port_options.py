"""Options that several commands of ``bridgehead port`` share."""

from __future__ import annotations

from typing import Annotated

import typer

from bridgehead.cli.terminal import say

MINUTES_A_DAY = 1440.0
MOST_RUNS = 100_000
"""Replications that can be asked for."""
MOST_DAYS = 36_500.0
"""Days that can be simulated: a hundred years."""
_MOST_WORKERS = 256

ModelNamed = Annotated[
    str,
    typer.Argument(
        metavar="MODEL",
        help=say(
            "区域内有模型的口岸编号，或 YAML、JSON 文件；文件里有几个案例时写 FILE#ID",
            "id of a port of the region that has a model, or a YAML or JSON file; FILE#ID for one of several cases",
        ),
    ),
]
Seed = Annotated[
    int, typer.Option(help=say("随机数种子；比较方案时用同一个", "seed; the same one for variants that are compared"))
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=_MOST_WORKERS,
        help=say(
            "本机进程数；0 为就在本进程，默认每核一个。结果与进程数无关",
            "local processes, 0 for none but this, one a core by default; the results are the same",
        ),
    ),
]
Scheduler = Annotated[
    str, typer.Option(metavar="ADDRESS", help=say("已有 Dask 集群的地址", "address of an existing Dask cluster"))
]
