"""``bridgehead flows calibrate`` and ``validate``: constants of ports against reports, the model against the rest."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridgehead.cli.terminal import AsJson, DataFolder, Language, RegionFolder, console, print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bridgehead.engines.flows.calibration import Calibration
    from bridgehead.engines.flows.train_goods import TrainGoods
    from bridgehead.engines.flows.validation import Line, Validation
    from bridgehead.regions.load import Region

KIND_WORDS = {
    "target": ("标定所用", "used to calibrate"),
    "unused": ("另有的口岸报告", "other reports of ports"),
    "mode": ("公铁之分", "road and rail"),
    "country": ("对方国家", "country on the other side"),
    "trains": ("中欧班列，列", "China-Europe trains"),
    "change": ("后来的年份，同期", "later years, same days"),
    "left_out": ("留一个口岸不用", "each port left out in turn"),
}
COMMAND = "bridgehead flows calibrate --year {year}"
PARAMETER_COLUMNS = (
    "id", "quantity", "mode", "country", "gauge_mm", "link_class", "freight_class", "place", "value", "unit", "basis",
    "cost_key", "formula", "standing", "source", "year", "note",
)  # fmt: skip


def register(flows_app: typer.Typer) -> None:
    """Add the two commands to the group ``flows``."""
    flows_app.command(
        help=say(
            "按报告的口岸运量标定少数几个口岸常数：前后对照、上下限、是否碰到边界。",
            "Calibrate a few constants of ports on reported throughput: before and after, bounds, what is at one.",
        )
    )(calibrate)
    flows_app.command(
        help=say(
            "把标定后的模型与没有用过的报告逐条对照，旁边放一个不用模型的猜测；结果留在数据文件夹里。",
            "Hold the calibrated model against reports that were not used, beside a guess without a model; the report "
            "is kept in the data folder.",
        )
    )(validate)


def calibrate(
    year: Annotated[
        int | None,
        typer.Option(help=say("用哪一年的报告；默认为基准年", "year of the reports; the base year by default")),
    ] = None,
    json: AsJson = False,
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say("把常数写成参数表的行（CSV）", "write the constants as rows of the table of parameters (CSV)"),
        ),
    ] = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Calibrate the constants of a region."""
    from bridgehead.engines.flows.calibration import calibrate as run
    from bridgehead.engines.flows.demand import demand_of
    from bridgehead.engines.flows.freight import Settings
    from bridgehead.engines.network.virtual import Network
    from bridgehead.regions.evidence import background_of, constants_of, evidence_of
    from bridgehead.regions.load import load_region

    assert lang is not None
    loaded = load_region(region)
    evidence = evidence_of(loaded, year)
    network = Network(loaded.network(), evidence.year, home_ports_only=True)
    _, rows = demand_of(loaded.network(), evidence.year)
    settings = Settings(background=background_of(loaded))
    with _progress(say("标定", "calibrating", lang)) as tell:
        found = run(network, rows, evidence.targets, constants_of(loaded), settings=settings,
                    progress=lambda done, misfit: tell(done, None, f"{misfit:.2f}"))  # fmt: skip
    if write is not None:
        _write(write, found)
    if json:
        print_json({**asdict(found), "by_port": found.by_port, "standing": "model"})
        return
    _print_calibration(loaded, found, lang)


def validate(
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Hold the model of a region against what was not used."""
    import os

    from bridgehead.jobs.model_validation import region_validation
    from bridgehead.jobs.store import Store
    from bridgehead.regions.load import load_region

    assert lang is not None
    loaded = load_region(region)
    folder = data or Path(os.environ.get("BRIDGEHEAD_DATA") or "data")
    store = Store(folder / "results" if folder.is_dir() else None)
    with _progress(say("验证", "validating", lang)) as tell:
        found = region_validation(loaded, store, progress=lambda done, total: tell(done, total, ""))
    if json:
        lines = [
            {**asdict(one), "error": one.error, "error_share": one.error_share, "better": one.better}
            for one in found.lines
        ]
        print_json({**asdict(found), "lines": lines, "standing": "model"})
        return
    _print_validation(loaded, found, lang)


@contextmanager
def _progress(words: str) -> Iterator[Callable[[int, int | None, str], None]]:
    """Draw a bar on a terminal's standard error; a log gets nothing."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    out = console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task(words, total=None)

        def tell(done: int, total: int | None, more: str) -> None:
            bar.update(task, completed=done, total=total, description=f"{words} {more}".rstrip())

        yield tell


def _write(file: Path, found: Calibration) -> None:
    """Write the constants of all ports as rows of ``parameters.csv``."""
    import csv

    from bridgehead.kernel.errors import BridgeheadError, Place

    try:
        with file.open("w", encoding="utf-8", newline="") as out:
            table = csv.DictWriter(out, PARAMETER_COLUMNS, lineterminator="\n")
            table.writeheader()
            table.writerows(parameter_rows(found))
    except OSError as reason:
        where = Place(file=str(file))
        raise BridgeheadError("calibration.not_written", {"reason": reason.strerror or str(reason)}, where) from reason


def parameter_rows(found: Calibration) -> list[dict[str, Any]]:
    """Return the constants of all ports as rows of ``parameters.csv``: what a region ships to be calibrated."""
    rows = []
    for port, value in found.by_port.items():
        parts = [one for one in found.constants if port in one.constant.ports]
        told = "; ".join(
            f"{one.constant.id} {one.value:g} within {one.constant.lower:g} to {one.constant.upper:g}"
            + (", at its bound" if one.at_bound else "")
            for one in parts
        )
        rows.append(
            {
                "id": f"choice-constant-{port}",
                "quantity": "choice_constant",
                "place": port,
                "value": f"{value:g}",
                "unit": "USD/t",
                "basis": "derived",
                "formula": COMMAND.format(year=found.year),
                "standing": "estimate",
                "source": "calibration of this model on port_throughput.csv within the bounds of calibration.csv",
                "year": found.year,
                "note": told,
            }
        )
    return rows


def _table(*heads: str) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(heads[0], overflow="fold", ratio=1)
    for head in heads[1:]:
        table.add_column(head, justify="right", no_wrap=True)
    return table


def _print_calibration(region: Region, found: Calibration, lang: str) -> None:
    out = console()
    table = _table(
        say("口岸（同期）", "port (same days)", lang), say("报告 Mt", "reported Mt", lang),
        say("标定前", "before", lang), say("标定后", "after", lang), say("误差 Mt", "error Mt", lang), "%",
    )  # fmt: skip
    for one in found.fits:
        value, error = one.target.value_t, one.after_t - one.target.value_t
        qualifier = _qualifier(str(one.target.figure.qualifier), lang)
        table.add_row(
            region.name(one.target.subject, lang), f"{qualifier}{value / 1e6:.3f}", f"{one.before_t / 1e6:.3f}",
            f"{one.after_t / 1e6:.3f}", f"{error / 1e6:+.3f}", f"{100 * error / value:+.1f}",
        )  # fmt: skip
    print_table(out, table)
    table = _table(
        say("常数", "constant", lang), "USD/t", say("下限", "lower", lang), say("上限", "upper", lang), ""
    )  # fmt: skip
    for constant in found.constants:
        bound = say("碰到边界", "at its bound", lang) if constant.at_bound else ""
        table.add_row(
            constant.constant.id, f"{constant.value:+.2f}", f"{constant.constant.lower:g}",
            f"{constant.constant.upper:g}", bound,
        )  # fmt: skip
    print_table(out, table)
    ended = say("已稳定", "settled", lang) if found.settled else say("未稳定", "not settled", lang)
    said = say(
        f"模型结果：{found.rounds} 轮、{found.equilibria} 次均衡，{ended}；均方误差（以容差为单位）"
        f"由 {found.misfit[0]:.2f} 降到 {found.misfit[1]:.2f}。这是复现，不是验证。",
        f"A result of the model: {found.rounds} rounds, {found.equilibria} equilibria, {ended}; mean square of misses, "
        f"in tolerances, from {found.misfit[0]:.2f} to {found.misfit[1]:.2f}. This reproduces, it does not validate.",
        lang,
    )
    out.print(said, style="dim")


def _qualifier(word: str, lang: str) -> str:
    marks = {"at_least": "≥ ", "at_most": "≤ ", "about": say("约 ", "about ", lang)}
    return marks.get(word, "")


def _print_validation(region: Region, found: Validation, lang: str) -> None:
    out = console()
    for kind, words in KIND_WORDS.items():
        lines = found.of_kind(kind)
        if not lines:
            continue
        naive = say("标定前", "before", lang) if kind == "target" else say("猜测", "guess", lang)
        table = _table(
            say(*words, lang), say("报告", "reported", lang), say("模型", "model", lang), say("误差", "error", lang),
            "%", naive, say("模型更近", "model nearer", lang),
        )  # fmt: skip
        for line in lines:
            table.add_row(*_cells(region, line, lang))
        print_table(out, table)
        for one in found.train_goods if kind == "trains" else ():
            out.print(_short_of_trains(one, lang))
        out.print()
    tested = [line for line in found.lines if line.kind != "target"]
    nearer = sum(line.better for line in tested)
    said = say(
        f"模型结果：{len(tested)} 项没有用过的报告，{nearer} 项比猜测更近。吨位以百万吨计。",
        f"A result of the model: of {len(tested)} reports that were not used it is nearer than the guess in {nearer}. "
        "Tonnes in millions.",
        lang,
    )
    out.print(said, style="bold")


def _short_of_trains(one: TrainGoods, lang: str) -> str:
    demand, road = (f"{tonnes / 1e6:.2f}" for tonnes in (one.demand_t, one.road_t))
    return say(
        f"各口岸一共报告 {one.reported:.0f} 列；需求里这类货有 {demand} 百万吨，每列 {one.t_per_train:.0f} 吨，"
        f"全部上火车也只有 {one.most:.0f} 列，模型里还有 {road} 百万吨走公路口岸。"
        "口岸之间，铁路按计划分班列，模型只按费用和时间。",
        f"All ports together reported {one.reported:.0f}; the demand has {demand} Mt of these goods, at "
        f"{one.t_per_train:.0f} t a train no more than {one.most:.0f} trains, and {road} Mt take road ports "
        "in the model. Railways give each port its trains by plan, the model by cost and time alone.",
        lang,
    )


def _cells(region: Region, line: Line, lang: str) -> tuple[str, ...]:
    scale, digits = (1e6, 3) if line.unit == "t" else (1.0, 0)

    def number(value: float, sign: str = "") -> str:
        return f"{value / scale:{sign}.{digits}f}"

    name = line.key if line.kind in {"mode", "country"} else region.name(line.subject, lang)
    if line.kind == "change":
        name = f"{line.year} {name}" + (say("，班列", ", trains", lang) if line.key else "")
    share = "" if line.error_share is None else f"{100 * line.error_share:+.1f}"
    reported = f"{_qualifier(line.qualifier, lang)}{number(line.reported)}"
    nearer = say("是", "yes", lang) if line.better else say("否", "no", lang)
    return name, reported, number(line.modelled), number(line.error, "+"), share, number(line.naive), nearer
