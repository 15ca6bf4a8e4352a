"""The commands of ``bridgehead`` put together."""

from __future__ import annotations

from typing import Annotated

import typer

import bridgehead
from bridgehead.cli.get import get
from bridgehead.cli.region import region_app
from bridgehead.cli.route import route
from bridgehead.cli.run import run
from bridgehead.cli.statute import article, coverage
from bridgehead.cli.terminal import say

app = typer.Typer(
    name="bridgehead",
    help=say("向北开放桥头堡的开放操作平台。", "The open operating platform of a border-gateway region."),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:
    if value:
        print(f"bridgehead {bridgehead.__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help=say("显示版本", "print the version")),
    ] = False,
) -> None:
    pass


app.command()(run)
app.add_typer(region_app, name="region")
app.command()(route)
app.command()(article)
app.command()(coverage)
app.command()(get)
