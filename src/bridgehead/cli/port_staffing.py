"""``bridgehead port staff``: the fewest lane-hours, or the least cost, that keep a service promise."""

from __future__ import annotations

import math
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridgehead.cli.port_options import MOST_RUNS, ModelNamed, Scheduler, Seed, Workers
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
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridgehead.engines.simulation.staffing.advice import Advice, Lost, Neighbour, Staffing
    from bridgehead.engines.simulation.staffing.keeping import Reading
    from bridgehead.engines.simulation.staffing.observing import Evaluator
    from bridgehead.jobs.store import Store

EXIT_NOT_FOUND = 1
_REASONS = {
    "priorities": ("优先级", "priorities"),
    "blocking": ("堵塞", "blocking"),
    "pools": ("共用资源", "shared pools"),
    "leaving": ("有人离去", "units that leave"),
    "matching": ("配对与编组", "matching and combining"),
    "closing": ("收班前清空", "queues emptied at closing"),
    "lanes_by_queue": ("按队长开通道", "lanes opened by the queue"),
    "shortest_queue": ("选最短队", "joining the shortest queue"),
    "breakdowns": ("故障", "breakdowns"),
}

_Promise = Annotated[
    str,
    typer.Option(
        metavar="TEXT",
        help=say(
            "服务承诺，例如 p90 stay <= 4 h，多项用 and 或分号连接",
            "the promise, such as p90 stay <= 4 h, several joined by and or a semicolon",
        ),
    ),
]
_Between = Annotated[
    list[str] | None,
    typer.Option(
        metavar="STATION=LEAST..MOST",
        help=say(
            "给哪个环节配多少通道之间，可多次；不写则与承诺有关的所有环节，各从一条到现有数的两倍",
            "stations that are decided, and their bounds, repeatable; by default all that bear on the promise, from"
            " one to twice what they have",
        ),
    ),
]
_Cost = Annotated[
    list[str] | None,
    typer.Option(
        metavar="STATION=COST",
        help=say(
            "每通道小时的费用，可多次；不写则比通道小时数",
            "cost of an hour of one lane, repeatable; without any, lane-hours are compared",
        ),
    ),
]
_Changed = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help=say("改一个参数，例如开放时间，可多次", "another value of a parameter, such as opening hours, repeatable"),
    ),
]
_Budget = Annotated[int, typer.Option(min=1, max=MOST_RUNS, help=say("最多运行多少次", "runs that may be spent"))]


def staff(  # noqa: PLR0917 - typer passes options by name
    model: ModelNamed,
    promise: _Promise,
    between: _Between = None,
    cost: _Cost = None,
    changed: _Changed = None,
    budget: _Budget = 1000,
    seed: Seed = 1,
    workers: Workers = None,
    scheduler: Scheduler = "",
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Find the fewest lane-hours that keep a promise."""
    from bridgehead.cli.port_files import model_named, results_store
    from bridgehead.cli.port_questions import asked
    from bridgehead.cli.port_words import print_warnings
    from bridgehead.engines.simulation.staffing.advice import plain
    from bridgehead.engines.simulation.staffing.search import find_staffing

    named, question = asked(partial(model_named, model, region), promise, changed, between, cost, budget, seed)
    store = results_store(data)
    with _running(budget, workers, scheduler, store, quiet=json, language=lang) as evaluator:
        found = find_staffing(named.model, promise, question, evaluator=evaluator)
    print_results_not_kept(store, lang or "zh")
    if json:
        print_json(plain(found))
    else:
        print_warnings(named.warnings, lang or "zh")
        _print(found, lang)
    if found.outcome != "found":
        raise typer.Exit(EXIT_NOT_FOUND)


@contextmanager
def _running(
    budget: int, workers: int | None, scheduler: str, store: Store | None, *, quiet: bool, language: str | None
) -> Iterator[Evaluator]:
    """Yield what runs replications, with a bar of how many there were on a terminal; those kept are taken up again."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from bridgehead.jobs.staffing_runs import evaluator

    out = console(stderr=True)
    text = say("已运行 {} 次，上限 {}", "{} runs of {} allowed", language)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True, disable=quiet or not out.is_terminal) as bar:
        task = bar.add_task(text.format(0, budget), total=budget)

        def tell(done: float) -> None:
            bar.update(task, completed=done, description=text.format(int(done), budget))

        with evaluator(processes=workers, scheduler=scheduler or None, store=store, progress=tell) as running:
            yield running


def _print(found: Advice, language: str | None) -> None:
    out = console()
    for line in _lines(found, language):
        out.print(line, soft_wrap=True, markup=False, highlight=False)
    if found.best.readings:
        print_table(out, _chosen(found, language))
    if found.neighbours:
        out.print(say("\n各处少一条、多一条通道：", "\nOne lane less or more at each place:", language))
        print_table(out, _around(found, language))


def _lines(found: Advice, language: str | None) -> Iterator[str]:
    days = (found.horizon_min - found.warmup_min) / 1440.0
    yield say(
        f"模型结果，不是观测。承诺：{found.promise.text}。每次运行计 {days:g} 天，种子 {found.seed}，"
        f"共运行 {found.runs} 次（上限 {found.budget}），试了 {found.tried} 种配员。",
        f"Results of a model, no observation. Promise: {found.promise.text}. {days:g} days counted in each run, seed"
        f" {found.seed}, {found.runs} runs (of {found.budget} allowed), {found.tried} staffings tried.",
        language,
    )
    yield _verdict(found, language)
    yield from _undecided(found, language)
    if found.best.growing:
        names = ", ".join(found.best.growing)
        yield say(f"这里的队伍会一直变长：{names}。", f"Queues that grow without end: {names}.", language)
    if found.outcome == "found" and all(
        one.most == now for one, now in zip(found.lanes, found.present.counts, strict=True)
    ):
        yield say(
            "哪一处都没有配得比现在多；要放宽界限，用 --between。",
            "No place was given more lanes than it has now; wider bounds are given with --between.",
            language,
        )
    if found.left_alone:
        names = ", ".join(found.left_alone)
        yield say(
            f"这些不动，因为承诺与它们无关：{names}。",
            f"Left as they are, since nothing of them bears on the promise: {names}.",
            language,
        )
    if found.lost is not None and found.lost.more:
        yield _more_lost(found.lost, language)
    if found.not_monotone and found.outcome == "found":
        names = ", ".join(say(*_REASONS[word], language) for word in found.not_monotone)
        yield say(
            f"这个模型里多一条通道不一定更快（{names}），比较得出的排除不是绝对的；相邻的配员都已单独试过。",
            f"One lane more need not be faster in this model ({names}), so what is ruled out by comparison is not"
            " certain; neighbours were tried by themselves.",
            language,
        )


def _more_lost(lost: Lost, language: str | None) -> str:
    more, low, high = (
        f"{100.0 * value:.2f}" for value in (lost.difference.mean, lost.difference.low, lost.difference.high)
    )
    said = say(
        f"这样配员，没办成就离去的比现在多 {more} 个百分点 [{low}, {high}]。",
        f"With this staffing more leave unserved than now, by {more} percentage points [{low}, {high}].",
        language,
    )
    if lost.promised:
        return said
    return said + say(
        f"承诺只管办成的；要限住离去的，在承诺里加上 {lost.bounding}。",
        f" The promise is only about those who pass; to bound who leaves, add to it: {lost.bounding}.",
        language,
    )


def _verdict(found: Advice, language: str | None) -> str:
    best, present = found.best, found.present
    if found.outcome == "overloaded":
        need = ", ".join(f"{name} {count}" for name, count in found.by_load.items())
        return say(
            f"在这些界限内，通道开到最多，队伍也会一直变长。至少需要：{need}。",
            f"Within these bounds a queue grows without end even with the most lanes. Needed at least: {need}.",
            language,
        )
    if found.outcome == "impossible":
        return say(
            "在这些界限内守不住这个承诺：通道开到最多也不够；要放宽界限，用 --between。能达到的如下。",
            "The promise cannot be held within these bounds: not even the most lanes are enough; wider bounds are given"
            " with --between. What they reach:",
            language,
        )
    if found.outcome == "undecided":
        return say(
            "运行次数用完，连通道最多时是否守住承诺也不能确定。",
            "The runs are spent, and not even for the most lanes is it sure whether the promise holds.",
            language,
        )
    servers = ", ".join(f"{name} {count}" for name, count in found.servers.items())
    costs = _costs(found, best, language)
    sure = say(
        "至少 95% 确定：这样守得住承诺，更省的都守不住。",
        "At least 95 % sure: the promise holds with this, and with nothing cheaper.",
        language,
    )
    unsure = say(
        "至少 95% 确定这样守得住承诺；是否有更省的还不能确定。",
        "At least 95 % sure that the promise holds with this; whether something cheaper holds it is not settled.",
        language,
    )
    return say(
        f"配员：{servers}。{costs}（现有 {present.lane_hours:,.1f} 通道小时）。",
        f"Staffing: {servers}. {costs} (now {present.lane_hours:,.1f} lane-hours). ",
        language,
    ) + (sure if found.separated else unsure)


def _costs(found: Advice, one: Staffing, language: str | None) -> str:
    hours = say(f"每周 {one.lane_hours:,.1f} 通道小时", f"{one.lane_hours:,.1f} lane-hours a week", language)
    if all(lanes.cost == 1.0 for lanes in found.lanes):
        return hours
    return hours + say(f"，费用 {one.cost:,.0f}", f", cost {one.cost:,.0f}", language)


def _undecided(found: Advice, language: str | None) -> Iterator[str]:
    for one in found.undecided:
        if not one.readings:
            continue
        servers = ", ".join(f"{lanes.id} {count}" for lanes, count in zip(found.lanes, one.counts, strict=True))
        estimates = "; ".join(_reading(reading) for reading in one.readings)
        yield say(
            f"不能确定：{servers}，{_costs(found, one, language)}，{estimates}（{one.replications} 次）。",
            f"Not settled: {servers}, {_costs(found, one, language)}, {estimates} ({one.replications} runs).",
            language,
        )
    hours = [one.lane_hours for one in found.undecided if not one.readings]
    if hours:
        yield _not_run(len(hours), min(hours), max(hours), language)
    if found.outcome == "found" and not found.complete:
        yield say(
            "运行次数用完，更省的配员没有全部试过；可以加大 --budget。",
            "Not everything cheaper was tried; allow more runs with --budget.",
            language,
        )


def _not_run(count: int, least: float, most: float, language: str | None) -> str:
    hours = f"{least:,.1f}" + ("" if least == most else f"–{most:,.1f}")
    return say(
        f"没有运行，也就不能确定：{count} 种配员，每周 {hours} 通道小时。",
        f"Not run, and so not settled: {count} staffing{'' if count == 1 else 's'} of {hours} lane-hours a week.",
        language,
    )


def _reading(one: Reading) -> str:
    """Return the estimate of a clause with its interval, in hours where the time is long."""
    clause = one.clause
    if clause.statistic == "share" or clause.quantity == "lost":
        factor, unit, digits = 100.0, " %", 2
    elif clause.quantity == "queue":
        factor, unit, digits = 1.0, "", 1
    elif clause.limit >= 120.0:
        factor, unit, digits = 1 / 60.0, " h", 2
    else:
        factor, unit, digits = 1.0, " min", 1
    if not math.isfinite(one.value):
        return "–" if math.isnan(one.value) else "∞"
    low, value, high = (
        "∞" if math.isinf(number) else f"{number * factor:,.{digits}f}" for number in (one.low, one.value, one.high)
    )
    return f"{value}{unit} [{low}, {high}]"


def _chosen(found: Advice, language: str | None) -> Any:
    table = _table(
        say("承诺", "promise", language),
        say("这样配员 [95% 区间]", "with this staffing [95 % interval]", language),
        say("现有 [95% 区间]", "as it is now [95 % interval]", language),
    )
    present = [_reading(one) for one in found.present.readings]
    for number, one in enumerate(found.best.readings):
        table.add_row(one.clause.text, _reading(one), present[number] if present else "–")
    if found.lost is not None and not found.lost.promised:
        words = say("没办成就离去的（不算在承诺里）", "leave unserved (not promised)", language)
        table.add_row(words, _reading(found.lost.chosen), _reading(found.lost.present))
    return table


def _around(found: Advice, language: str | None) -> Any:
    table = _table(
        say("通道", "lanes", language),
        say("通道小时", "lane-hours", language),
        *(clause.text for clause in found.promise.clauses),
        say("守住", "holds", language),
    )
    for one in found.neighbours:
        readings = [_reading(reading) for reading in one.staffing.readings]
        count = dict(zip((lanes.id for lanes in found.lanes), one.staffing.counts, strict=True))[one.lanes]
        if one.why != "bound":
            table.add_row(
                f"{one.lanes} {count} ({one.change:+d})",
                f"{one.staffing.lane_hours:,.1f}",
                *(readings or ["–"] * len(found.promise.clauses)),
                _holds(one, language),
            )
    return table


def _holds(one: Neighbour, language: str | None) -> str:
    if one.why == "load" or one.staffing.growing:
        return say("否，队伍一直变长", "no, a queue grows without end", language)
    if one.staffing.failure:
        return say("否，堵死", "no, it locks up", language)
    words = {"kept": ("是", "yes"), "broken": ("否", "no"), "open": ("不能确定", "not settled")}
    return say(*words[one.staffing.verdict], language)


def _table(*columns: str) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, column in enumerate(columns):
        table.add_column(column, justify="left" if at == 0 else "right")
    return table
