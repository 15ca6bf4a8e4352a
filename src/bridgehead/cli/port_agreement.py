"""``bridgehead port agree``: the freight of the region and a simulated port brought to agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bridgehead.cli.port_options import MOST_DAYS, MOST_RUNS
from bridgehead.cli.terminal import AsJson, Language, RegionFolder, console, print_json, say

if TYPE_CHECKING:
    from bridgehead.engines.planning.port_loops import Agreement, Round
    from bridgehead.engines.simulation.model import Model

EXIT_NOT_REACHED = 1

_Port = Annotated[str, typer.Argument(metavar="PORT", help=say("口岸编号", "id of a port"))]
_Classes = Annotated[
    list[str] | None,
    typer.Option(
        "--class",
        metavar="CLASS",
        help=say(
            "模型里属于这股货流的类别，可多次；不写就是模型说属于这个方向的",
            "class of the model that is this freight, repeatable; by default those the model says go this way",
        ),
    ),
]
_Direction = Annotated[str, typer.Option(metavar="import|export", help=say("哪个方向", "which direction"))]
_Year = Annotated[int | None, typer.Option(help=say("年份；默认为基准年", "year; the base year by default"))]
_Days = Annotated[float, typer.Option(min=8.0, max=MOST_DAYS, help=say("每次仿真多少天", "days of each simulation"))]
_Replications = Annotated[
    int, typer.Option(min=2, max=MOST_RUNS, help=say("每个负荷重复几次", "replications at each load"))
]
_Tolerance = Annotated[
    float,
    typer.Option(min=1e-6, max=1.0, help=say("算作一致的相对差", "difference that counts as agreement, as a share")),
]
_Seed = Annotated[int, typer.Option(help=say("随机数种子", "seed"))]


def agree(  # noqa: PLR0917 - typer passes options by name
    port: _Port,
    classes: _Classes = None,
    direction: _Direction = "import",
    year: _Year = None,
    days: _Days = 112.0,
    replications: _Replications = 5,
    tolerance: _Tolerance = 0.01,
    seed: _Seed = 1,
    json: AsJson = False,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Bring the freight of the region and a simulated port to agreement."""
    from bridgehead.cli.flow_region import read_region
    from bridgehead.cli.port_files import model_named
    from bridgehead.engines.flows.demand import demand_of
    from bridgehead.engines.flows.freight import freight_problem
    from bridgehead.engines.network.virtual import Network
    from bridgehead.engines.planning.freight_ports import freight_classes, freight_solver, port_in_freight
    from bridgehead.engines.planning.port_loops import agree as brought
    from bridgehead.engines.simulation.replications import Experiment
    from bridgehead.jobs.port_agreements import agreement_as_plain
    from bridgehead.kernel.errors import BridgeheadError, Place

    asked = read_region(region, year, "")
    named = model_named(port, region)
    network = Network(asked.tables, asked.year, home_ports_only=True)
    freight = freight_problem(network, demand_of(asked.tables, network.year)[1])
    experiment = Experiment(days * 1440.0, 7.0 * 1440.0, replications, seed)
    meant = classes or freight_classes(named.model, direction)
    one = port_in_freight(freight, port, direction, named.model, experiment, meant)
    if not meant:
        arriving = list(dict.fromkeys(source.unit_class for source in named.model.sources))
        raise BridgeheadError("planning.no_freight_classes", {"classes": arriving}, Place(field="class"))
    if not json:
        console().print(_head(lang), soft_wrap=True)
    found = brought(
        freight.problem,
        [one],
        tolerance=tolerance,
        solver=freight_solver(freight),
        told=None if json else lambda made: print(*map(_line, made), sep="\n"),
    )
    if json:
        print_json(agreement_as_plain(found))
    else:
        console().print(_verdict(found, lang, trains=_makes_up_trains(named.model)), soft_wrap=True)
        _print_doubt(found, lang)
    if not found.reached:
        raise typer.Exit(EXIT_NOT_REACHED)


def _head(language: str | None) -> str:
    return say(
        "模型结果，不是观测。每轮：货流送来多少、货流估计停留多久、仿真得到多久、差多少。\n"
        "  每日单元    货流估计·分    仿真·分           差·分",
        "Results of models, no observation. Each round: what the flows send, the stay they reckon with, the simulated"
        " one, the difference.\n units/day   reckoned min   simulated min       difference min",
        language,
    )


def _line(one: Round) -> str:
    stay = one.simulated.stay_min
    return (
        f"{one.load_per_day:>10,.1f} {one.reckoned_min:>14,.2f} {stay.mean:>12,.2f} ±{stay.half_width:<8,.2f}"
        f"{one.difference_min:>+12,.2f}"
    )


def _makes_up_trains(model: Model) -> bool:
    from bridgehead.engines.simulation.model import Combine

    return any(isinstance(node, Combine) for node in model.nodes)


def _verdict(found: Agreement, language: str | None, *, trains: bool) -> str:
    last = found.rounds[-1][0]
    if found.reached:
        return say(
            f"一致：{len(found.rounds)} 轮后差 {last.difference_min:+.2f} 分，容许 ±{last.tolerated_min:.2f} 分。",
            f"Agreed after {_rounds(found)}: {last.difference_min:+.2f} min apart, ±{last.tolerated_min:.2f} min"
            " allowed.",
            language,
        )
    if found.stands_still:
        zh, english = ("（例如编组要等满轴）", ", as where trains wait to be made up") if trains else ("", "")
        return say(
            f"没有一致：{len(found.rounds)} 轮后不再变化，仍差 {last.difference_min:+.2f} 分。停留在低负荷时随负荷下降"
            f"{zh}，货流用的函数不能下降。",
            f"Not agreed: after {_rounds(found)} nothing changes, still {last.difference_min:+.2f} min apart."
            f" At low loads the stay falls with the load{english}; what the flows reckon with may not fall.",
            language,
        )
    return say(
        f"{len(found.rounds)} 轮后仍差 {last.difference_min:+.2f} 分，没有一致。",
        f"Not agreed: after {_rounds(found)} still {last.difference_min:+.2f} min apart.",
        language,
    )


def _print_doubt(found: Agreement, language: str | None) -> None:
    """Say that the stay the two agree on is known badly, where it is."""
    from bridgehead.engines.planning.port_loops import MOST_NOISE

    stay = found.rounds[-1][0].simulated.stay_min
    if stay.half_width > MOST_NOISE * stay.mean:
        said = say(
            f"仿真的停留本身只知道在 ±{stay.half_width:.0f} 分之内；多重复几次（--replications）才说得准。",
            f"The simulated stay itself is known only within ±{stay.half_width:.0f} min; more --replications tell it"
            " better.",
            language,
        )
        console().print(said, soft_wrap=True)


def _rounds(found: Agreement) -> str:
    count = len(found.rounds)
    return "1 round" if count == 1 else f"{count} rounds"
