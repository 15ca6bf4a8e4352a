"""Simulated border ports on routes: runs that are named on the command line, made or read, and what they change."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridgehead.cli.terminal import console, print_table, say

if TYPE_CHECKING:
    from bridgehead.engines.network.journey import Route
    from bridgehead.engines.simulation.route_stays import Interval, PortStay, SimulatedRoute
    from bridgehead.regions.load import Region

_ENDING = ".json"
SURE = "95 %"


def port_stays(given: Sequence[str], classes: Sequence[str], region: Path | None, data: Path | None) -> list[PortStay]:
    """Return the stays of the port runs somebody named.

    Parameters
    ----------
    given : sequence of str
        Each a port whose model is run, ``PORT=FILE`` for a model or a result in a file, or a file with a result.
    classes : sequence of str
        Whose stay; by default that of the classes that carry goods, where the model says which, else of the port's
        main units.
    region, data : Path, optional
        Folders of the region and of results.

    Raises
    ------
    BridgeheadError
        What reading and running a model raise, ``route.bad_port_run`` for a file that holds no result of a port.
    """
    return [_stay(one, tuple(classes), region, data) for one in given]


def _stay(given: str, classes: tuple[str, ...], region: Path | None, data: Path | None) -> PortStay:
    from bridgehead.engines.simulation.route_stays import port_stay

    port, _, named = given.rpartition("=")
    if named.endswith(_ENDING):
        result = _result(Path(named))
        if result is not None:
            return port_stay(port or str(result.get("port") or ""), result, classes)
    report, freight = _run(named, region, data)
    return port_stay(port or str(report["port"] or named), report, classes or freight)


def _result(file: Path) -> dict[str, Any] | None:
    """Return the result a file holds, None for a model."""
    from bridgehead.cli.port_files import read_text
    from bridgehead.engines.simulation.results import SCHEMA
    from bridgehead.kernel.errors import BridgeheadError, Place

    try:
        found = json.loads(read_text(file))
    except ValueError as reason:
        raise BridgeheadError("route.bad_port_run", {"file": file.name}, Place(file.name, field="port_run")) from reason
    if not isinstance(found, dict) or not {"whole", "classes", "run"} & set(found):
        return None
    if found.get("schema") != SCHEMA:
        raise BridgeheadError("route.bad_port_run", {"file": file.name}, Place(file.name, field="port_run"))
    return found


def _run(named: str, region: Path | None, data: Path | None) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the report of a model that is run as it says itself, and its classes that carry goods."""
    from bridgehead.cli.port_files import model_named
    from bridgehead.engines.simulation.replications import Experiment
    from bridgehead.engines.simulation.reports import report
    from bridgehead.engines.simulation.route_stays import freight_classes
    from bridgehead.jobs.port_runs import run_study
    from bridgehead.jobs.store import Store

    model = model_named(named, region).model
    folder = data or Path(os.environ.get("BRIDGEHEAD_DATA") or "data")
    run = model.run
    experiment = Experiment(run.horizon_min, run.warmup_min, run.replications, 1)
    study = run_study(model, experiment, store=Store(folder / "results") if folder.is_dir() else None)
    return report(study), freight_classes(model)


def simulated_routes(routes: Sequence[Route], stays: Sequence[PortStay]) -> list[SimulatedRoute | None]:
    """Return each route with its simulated stays, None where it passes none of the ports.

    Raises
    ------
    BridgeheadError
        ``route.port_run_unused`` for each port that is on none of the routes.
    """
    from bridgehead.engines.simulation.route_stays import simulated_route
    from bridgehead.kernel.errors import BridgeheadError, Fault, Place

    found = [simulated_route(route, stays) for route in routes]
    used = {one.stay.port for route in found if route is not None for one in route.crossings}
    ports = list(dict.fromkeys(port for route in routes for port in route.ports))
    faults = [
        Fault("route.port_run_unused", {"port": one.port, "ports": ports}, Place(field="port_run"))
        for one in stays
        if one.port not in used
    ]
    if faults:
        raise BridgeheadError.of(faults)
    return found


def print_simulated(region: Region, found: Sequence[SimulatedRoute | None], lang: str) -> None:
    """Print what simulated stays change: the step at each port, time from door to door, speeds."""
    for place, one in enumerate(found, 1):
        if one is not None:
            _print(region, one, f"{place} " if len(found) > 1 else "", lang)


def _print(region: Region, one: SimulatedRoute, number: str, lang: str) -> None:
    out = console()
    heading = say("口岸停留用仿真代替", "The stay at the port by simulation", lang)
    out.print(f"\n{number}{heading}", style="bold")
    table = _table(
        ("", say("按表", "tabled", lang), say("仿真", "simulated", lang), f"{SURE} {say('区间', 'interval', lang)}")
    )
    for crossing in one.crossings:
        name = region.name(crossing.stay.port, lang)
        whose = f" ({', '.join(crossing.stay.classes)})" if crossing.stay.classes else ""
        table.add_row(f"{name}{whose}, h", f"{crossing.tabled_h:.1f}", *_shown(crossing.stay.hours))
    table.add_row(say("全程，h", "door to door, h", lang), f"{one.tabled.hours:.1f}", *_shown(one.hours))
    for speeds in one.speeds:
        mode = say({"rail": "铁路", "road": "公路"}.get(speeds.mode, speeds.mode), speeds.mode, lang)
        rows = (
            (f"TFI1 {mode}, h", speeds.tabled_tfi1_h, speeds.tfi1_h),
            (f"SWD {mode}, km/h", speeds.tabled_swd_kmh, speeds.swd_kmh),
        )
        for head, tabled, simulated in rows:
            if tabled is not None and simulated is not None:
                table.add_row(head, f"{tabled:.1f}", *_shown(simulated))
        if speeds.swod_kmh is not None:
            table.add_row(f"SWOD {mode}, km/h", f"{speeds.swod_kmh:.1f}", f"{speeds.swod_kmh:.1f}", "")
    print_table(out, table)
    stay = one.crossings[0].stay
    out.print(
        say(
            f"模型结果，不是观测：{stay.replications} 次重复，每次计 {stay.days:g} 天，种子 {stay.seed}；"
            "没写类别的，是办成后离开口岸的主要单位的平均停留。",
            f"A result of a model, no observation: {stay.replications} replications of {stay.days:g} counted days,"
            f" seed {stay.seed}. Where no class is named, the mean stay is that of the main units that leave the port"
            " served.",
            lang,
        ),
        style="dim",
        soft_wrap=True,
    )


def _shown(found: Interval) -> tuple[str, str]:
    if found.low is None or found.high is None:
        return f"{found.mean:.1f}", ""
    return f"{found.mean:.1f}", f"{found.low:.1f} – {found.high:.1f}"


def _table(columns: Sequence[str]) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, column in enumerate(columns):
        table.add_column(column, justify="right" if at else "left", no_wrap=at > 0)
    return table
