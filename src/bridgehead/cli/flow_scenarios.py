"""``bridgehead flows scenarios``, ``run`` and ``compare``: scenarios of the region, of a file, or saved ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bridgehead.cli.flow_region import is_scenario_file, scenario_of_file
from bridgehead.cli.papers import Overwrite, document
from bridgehead.cli.terminal import (
    AsJson,
    DataFolder,
    Language,
    RegionFolder,
    console,
    print_json,
    print_results_not_kept,
    print_table,
    say,
    start_django,
)

if TYPE_CHECKING:
    from bridgehead.ground.region import Loaded
    from bridgehead.rooms.gateway.selectors.scenario_comparison import Column
    from bridgehead.rooms.gateway.selectors.scenarios import Seen

EXIT_NOT_REACHED = 1

Which = Annotated[
    str,
    typer.Argument(
        metavar="ID|FILE.json",
        help=say("方案的编号，或写着方案的 JSON、TOML 文件", "id of a scenario, or a JSON or TOML file that holds one"),
    ),
]
Several = Annotated[
    list[str],
    typer.Argument(
        metavar="ID|FILE.json...",
        help=say("几个方案的编号或文件；不写就是区域的全部", "ids or files of scenarios; all of the region by default"),
    ),
]


def register(flows_app: typer.Typer) -> None:
    """Add the commands on scenarios to the group ``flows``."""
    flows_app.command(
        name="scenarios",
        help=say("列出随区域提供的方案。", "List the scenarios that come with the region."),
    )(scenarios)
    flows_app.command(
        help=say(
            "求一个方案的均衡，与同样多天的基准相比；结果存在数据文件夹里。没有达到间隙时说明，退出码为 1。",
            "Put one scenario into equilibrium and hold it against the base of as many days; results stay in the data"
            " folder. Where the gap is not reached it says so, exit code 1.",
        )
    )(run)
    flows_app.command(
        help=say(
            "几个方案并列，或写成备忘录；没算过的用两个进程算，被杀掉以后接着算。",
            "Print scenarios side by side, or write a memo; what was not run yet is run in two processes and goes on"
            " after a kill.",
        )
    )(compare)


def scenarios(json: AsJson = False, region: RegionFolder = None, lang: Language = None) -> None:
    """List the scenarios of the region."""
    from rich.table import Table

    from bridgehead.regions.load import load_region
    from bridgehead.regions.scenarios import shipped_scenarios

    assert lang is not None
    listed = shipped_scenarios(load_region(region))
    if json:
        print_json(
            {
                "scenarios": [
                    {
                        "id": one.id,
                        "name": {"zh": one.name_zh, "en": one.name_en},
                        "reason": {"zh": one.reason_zh, "en": one.reason_en},
                        "standing": one.standing,
                        "source": one.source,
                        **one.plain,
                    }
                    for one in listed
                ]
            }
        )
        return
    if not listed:
        console().print(say("这个区域没有方案。", "This region has no scenarios.", lang))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("编号", "id", lang), no_wrap=True)
    table.add_column(say("方案", "scenario", lang), overflow="fold")
    table.add_column(say("为什么看", "why", lang), overflow="fold", ratio=1)
    for one in listed:
        table.add_row(one.id, say(one.name_zh, one.name_en, lang), say(one.reason_zh, one.reason_en, lang))
    print_table(console(), table)


def run(
    which: Which, json: AsJson = False, data: DataFolder = None, region: RegionFolder = None, lang: Language = None
) -> None:
    """Run one scenario and print what it changes."""
    assert lang is not None
    _show([which], json, lang, None, False)


def compare(  # noqa: PLR0917 - typer passes options by name
    which: Several = [],  # noqa: B006 - typer reads it
    docx: Annotated[
        Path | None,
        typer.Option(metavar="FILE.docx", help=say("写成备忘录", "write a memo")),
    ] = None,
    overwrite: Overwrite = False,
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Print scenarios side by side."""
    assert lang is not None
    _show(which, json, lang, docx, overwrite)


def _show(which: list[str], json: bool, lang: str, docx: Path | None, overwrite: bool) -> None:
    start_django()
    from django.utils.translation import override

    from bridgehead.ground.language import django_code
    from bridgehead.ground.region import current

    loaded = current()
    columns: tuple[Column, ...] = ()
    with override(django_code(lang)):
        if docx is not None:
            from bridgehead.rooms.gateway.comparison_memo import comparison_memo

            def memo() -> bytes:
                nonlocal columns
                columns = _columns(loaded, which)
                return comparison_memo(loaded, columns)

            document(docx, memo, overwrite, json, lang)
        else:
            columns = _columns(loaded, which)
            if json:
                from bridgehead.rooms.gateway.api.comparison import column_json

                print_json({"scenarios": [column_json(loaded, one) for one in columns]})
            else:
                _print(loaded, columns, lang)
    print_results_not_kept(loaded.store, lang)
    missed = [one.seen.line.id for one in columns if not (one.found.base.reached and one.found.scenario.reached)]
    if missed:
        console(stderr=True).print(say("没有达到间隙：", "gap not reached: ", lang) + ", ".join(missed))
        raise typer.Exit(EXIT_NOT_REACHED)


def _columns(loaded: Loaded, which: list[str]) -> tuple[Column, ...]:
    """Run what was not run yet and return the scenarios beside their bases.

    Raises
    ------
    BridgeheadError
        Every fault of every scenario, before anything is run.
    """
    from bridgehead.ground.access.viewer import system
    from bridgehead.jobs.scenario_runs import plan, run_plan
    from bridgehead.kernel.errors import BridgeheadError
    from bridgehead.rooms.gateway.selectors import scenario_comparison as selectors
    from bridgehead.rooms.gateway.selectors.scenarios import seen, shipped

    viewer = system("flows compare")
    found, faults = [], []
    for one in dict.fromkeys(which or [line.id for line in shipped(loaded)]):
        try:
            found.append(_of_file(loaded, Path(one)) if is_scenario_file(one) else seen(loaded, viewer, one))
            faults += found[-1].faults
        except BridgeheadError as error:
            faults += error.faults
    if faults:
        raise BridgeheadError.of(faults)
    made = [one.applied for one in found if one.applied is not None]
    picked = selectors.Chosen(tuple(found), plan(made, loaded.components))
    run_plan(picked.plan, loaded.components, loaded.store)
    columns = selectors.columns(loaded, picked)
    assert columns is not None
    return columns


def _of_file(loaded: Loaded, file: Path) -> Seen:
    """Return the scenario of a file, made, as a saved one would be; it is called by its name in the file."""
    import json
    import tomllib

    from bridgehead.engines.network.scenario_reading import scenario_as_plain
    from bridgehead.engines.network.scenarios import apply
    from bridgehead.rooms.gateway.selectors.scenarios import Line, Seen

    scenario = scenario_of_file(file, loaded.components)
    text = file.read_text(encoding="utf-8-sig")
    told = tomllib.loads(text) if file.suffix.lower() == ".toml" else json.loads(text)
    line = Line(file.stem, str(told.get("name") or file.stem), "", scenario.year, len(scenario.edits))
    return Seen(line, scenario_as_plain(scenario), apply(scenario, loaded.components))


def _print(loaded: Loaded, columns: tuple[Column, ...], lang: str) -> None:
    from rich.table import Table

    from bridgehead.rooms.gateway import comparison_words
    from bridgehead.rooms.gateway.comparison_figures import measures

    out = console()
    out.print(comparison_words.headline(columns), style="bold", soft_wrap=True)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("模型结果（变化）", "result of the model (change)", lang), overflow="fold")
    for one in columns:
        table.add_column(one.seen.line.title, justify="right", overflow="fold")
    listed = [measures(one.found) for one in columns]
    for same in zip(*listed, strict=True):
        cells = [one.words(one.pair.scenario) + (f" ({one.change})" if one.change else "") for one in same]
        table.add_row(same[0].head, *cells)
    print_table(out, table)
    for one in columns:
        out.print(f"\n{one.seen.line.title}", style="bold", soft_wrap=True)
        for sentence in comparison_words.findings(loaded, one.found):
            out.print(sentence, soft_wrap=True)
    gap = max(max(one.found.base.gap, one.found.scenario.gap) for one in columns)
    said = say(
        f"模型的结果，不是预测；相对间隙不超过 {gap:.0e}。",
        f"Results of the model, no forecast; relative gap at most {gap:.0e}.",
        lang,
    )
    out.print(f"\n{said}", style="dim")
