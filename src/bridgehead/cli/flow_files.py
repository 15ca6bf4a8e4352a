"""What ``bridgehead flows solve`` reads, solves and writes."""

from __future__ import annotations

import json as json_text
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridgehead.cli.terminal import say
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

if TYPE_CHECKING:
    from rich.console import Console

    from bridgehead.engines.flows.class_file import ClassRow
    from bridgehead.engines.flows.equilibrium import Equilibrium
    from bridgehead.engines.flows.freight_flows import FreightFlows
    from bridgehead.engines.network.directed import DirectedNetwork, Trips
    from bridgehead.engines.network.formats.tntp import TntpNetwork
    from bridgehead.regions.load import Region


@dataclass
class Solved:
    """A solution: its figures for JSON, what is written to a folder, and what is printed besides."""

    title: tuple[str, str]
    figures: dict[str, Any]
    files: Callable[[], Mapping[str, bytes]]
    print_more: Callable[[Console, str], None] = lambda _out, _lang: None
    warnings: list[Fault] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write the files of the result, each whole or not at all."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            result = json_text.dumps(self.figures, ensure_ascii=False, indent=2).encode()
            for name, content in {**self.files(), "result.json": result}.items():
                part = folder / f".{name}.part"
                part.write_bytes(content)
                part.replace(folder / name)
        except OSError as error:
            raise not_written(folder, error) from error


def not_written(path: Path, error: OSError) -> BridgeheadError:
    """Return the error of a file that cannot be written."""
    return BridgeheadError(
        "flows.file_not_written",
        {"file": str(path), "reason": error.strerror or type(error).__name__},
        Place(field="out"),
    )


def read_text(path: Path, field_name: str) -> str:
    """Return the text of a file.

    Raises
    ------
    BridgeheadError
        `flows.file_not_readable` with the reason.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        given = {"file": str(path), "reason": error.strerror or type(error).__name__}
        raise BridgeheadError("flows.file_not_readable", given, Place(file=path.name, field=field_name)) from error
    except UnicodeDecodeError as error:
        given = {"file": str(path), "reason": "UTF-8"}
        raise BridgeheadError("flows.file_not_readable", given, Place(file=path.name, field=field_name)) from error


def solve_tntp(files: tuple[Path, Path], classes: Path | None, weights: Mapping[str, float], **asked: Any) -> Solved:
    """Solve the assignment of TNTP files."""
    from bridgehead.engines.flows.equilibrium import solve
    from bridgehead.engines.flows.problem import problem_of

    source, trips, rows, warnings = _read_tntp(files, classes)
    network = source.directed()
    problem = problem_of(network, trips, classes=rows, **weights)
    found = solve(problem, **asked)
    figures = figures_of(found)
    figures |= {
        "nodes": network.node_count, "links": network.link_count, "zones": len(network.zones),
        "pairs": len(problem.pairs), "demand": float(problem.pairs.amount.sum()), "paths": found.paths.path_count,
        "classes": [one.name for one in problem.classes],
    }  # fmt: skip
    count = f"{network.node_count:,} / {network.link_count:,} / {len(problem.pairs):,}"
    kind = ("系统最优", "system optimum") if asked["system_optimum"] else ("用户均衡", "user equilibrium")
    title = (
        f"{files[0].name} {kind[0]}：节点、路段、起讫对 {count}",
        f"{files[0].name}, {kind[1]}: nodes, links, pairs {count}",
    )
    return Solved(
        title, figures, lambda: _tntp_files(source, network, found, problem.resource, rows), warnings=warnings
    )


def _read_tntp(
    files: tuple[Path, Path], classes: Path | None
) -> tuple[TntpNetwork, list[Trips], tuple[ClassRow, ...], list[Fault]]:
    """Read network, trips and classes; the faults of all of them come at once."""
    from bridgehead.engines.flows.class_file import read_classes
    from bridgehead.engines.network.formats import tntp

    faults: list[Fault] = []
    warnings: list[Fault] = []

    def attempt(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except BridgeheadError as error:
            faults.extend(error.faults)
            return None

    source = attempt(lambda: tntp.read_network(read_text(files[0], "tntp"), files[0].name))
    rows = attempt(lambda: read_classes(read_text(classes, "classes"), classes.name)) if classes else ()
    own = {row.trips: classes.parent / row.trips for row in rows or () if row.trips} if classes else {}
    tables: dict[str, Any] = {}
    for name, path in {"": files[1], **own}.items():
        if source is not None:
            tables[name] = attempt(
                lambda path=path: tntp.read_trips(  # type: ignore[misc]
                    read_text(path, "tntp"), source.zone_numbers, path.name, warnings=warnings
                )
            )
    if faults:
        raise BridgeheadError.of(faults)
    if not rows:
        return source, [tables[""]], (), warnings
    trips = [
        tables[row.trips] if row.trips else replace(tables[""], amount=tables[""].amount * row.share) for row in rows
    ]
    return source, trips, rows, warnings


def figures_of(found: Equilibrium) -> dict[str, Any]:
    """Return what a solution says of itself, in JSON types."""
    return {
        "relative_gap": found.relative_gap,
        "average_excess_cost": found.average_excess_cost,
        "objective": found.objective,
        "total_cost": found.total_cost,
        "conservation_error": found.conservation_error,
        "iterations": found.iterations,
        "passes": found.passes,
        "seconds": found.seconds,
        "reached": found.reached,
        "unserved": float(found.unserved.sum()),
        "input_hash": found.input_hash,
        "parameters": dict(found.parameters),
    }


def _tntp_files(
    source: TntpNetwork, network: DirectedNetwork, found: Equilibrium, resource: Any, rows: Sequence[ClassRow]
) -> Mapping[str, bytes]:
    import numpy as np

    from bridgehead.engines.network.formats import parquet, tntp

    columns = {"volume": found.volume, "cost": found.time}
    for i, flow in enumerate(found.arc_flow if rows else ()):
        by_link = np.empty(network.link_count)
        by_link[resource] = flow
        columns[f"flow_{rows[i].name}"] = by_link
    table = parquet.LinkFlows.of(network, columns)
    flows = tntp.TntpFlows(source.init_node, source.term_node, found.volume, found.time)
    return {"link_flows.parquet": parquet.write_flows(table), "flow.tntp": tntp.write_flows(flows).encode()}


def solve_region(folder: Path | None, year: int | None, scenario: str, **asked: Any) -> Solved:
    """Solve the freight of a region, as it is or in a scenario."""
    from bridgehead.engines.flows.freight_flows import equilibrate
    from bridgehead.regions.load import load_region

    region = load_region(folder)
    if scenario:
        from bridgehead.engines.flows.capacity import PER_YEAR_MT
        from bridgehead.engines.flows.freight import Settings
        from bridgehead.engines.network.scenarios import apply

        applied = apply(scenario_named(region, scenario), region.network())
        if len(applied.runs) > 1:
            raise BridgeheadError("flows.several_periods", {"count": len(applied.runs)}, Place(field="scenario"))
        (period,) = applied.runs
        beside = {one.link: one.value * PER_YEAR_MT.get(one.unit, 1.0) for one in applied.background.values()}
        settings = Settings(period.closed_links, period.share, beside)
        found = equilibrate(applied.tables, year or applied.scenario.year, settings=settings, **asked)
    else:
        found = equilibrate(region.network(), year, **asked)
    quality = found.quality
    totals = found.flows.totals
    figures = {
        "method": found.flows.method, "year": found.flows.year, "scenario": scenario or None,
        "relative_gap": quality.relative_gap, "average_excess_cost": quality.average_excess_cost,
        "objective": quality.objective, "total_cost": quality.total_cost,
        "conservation_error": quality.conservation_error, "iterations": quality.iterations, "passes": quality.passes,
        "seconds": quality.seconds, "reached": quality.reached,
        "demand": totals.demand_t, "unserved": totals.unserved_t,
        "paths": len(found.paths), "input_hash": found.flows.input_hash, "parameters": dict(quality.parameters),
        "ports": {row.port: row.modelled_t for row in found.flows.port_totals},
    }  # fmt: skip
    title = (f"{region.id} {found.flows.year} 年货流", f"{region.id}, freight of {found.flows.year}")
    return Solved(
        title, figures, lambda: _region_files(found), lambda out, lang: _print_ports(region, found, out, lang)
    )


def scenario_named(region: Region, name: str) -> Any:
    """Return a scenario of the region by its id, or one in a JSON file."""
    from bridgehead.engines.network.scenario_reading import scenario_from_json
    from bridgehead.regions.scenarios import scenario_of

    if name.endswith(".json"):
        path = Path(name)
        return scenario_from_json(read_text(path, "scenario"), region.network(), file=path.name)
    return scenario_of(region, name)


def _region_files(found: FreightFlows) -> Mapping[str, bytes]:
    import numpy as np

    from bridgehead.engines.network.formats import parquet, tntp

    keys = sorted({(row.link, row.origin, row.destination) for row in found.flows.links})
    place = {key: i for i, key in enumerate(keys)}
    columns = {name: np.zeros(len(keys)) for name in ("tonnes", "teu", "vehicles")}
    for row in found.flows.links:
        for name, column in columns.items():
            column[place[row.link, row.origin, row.destination]] += getattr(row, name)
    waits = {(one.link, one.origin): one.wait_h for one in found.queues}
    columns["wait_h"] = np.array([waits.get((link, origin), 0.0) for link, origin, _ in keys])
    units = {"tonnes": "t/year", "teu": "TEU/year", "vehicles": "vehicles/year", "wait_h": "h"}
    links, origins, ends = (tuple(column) for column in zip(*keys, strict=True)) if keys else ((), (), ())
    table = parquet.LinkFlows(links, origins, ends, columns, units)
    names = sorted({*origins, *ends})
    number = {name: i + 1 for i, name in enumerate(names)}
    tails, heads = (np.array([number[name] for name in column], dtype=np.int64) for column in (origins, ends))
    flows = tntp.TntpFlows(tails, heads, columns["tonnes"], columns["wait_h"])
    labels = "number,place\n" + "".join(f"{i},{name}\n" for name, i in number.items())
    return {
        "link_flows.parquet": parquet.write_flows(table),
        "flow.tntp": tntp.write_flows(flows).encode(),
        "node.csv": labels.encode(),
        "flows.json": found.to_json().encode(),
    }


def _print_ports(region: Region, found: FreightFlows, out: Console, lang: str) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("口岸", "port", lang))
    for head in (("模型 万吨", "model, Mt"), ("需求所标 万吨", "marked in the demand, Mt")):
        table.add_column(say(*head, lang), justify="right")
    scale = 1e4 if lang == "zh" else 1e6
    for row in sorted(found.flows.port_totals, key=lambda row: -row.modelled_t):
        if row.modelled_t or row.marked_t:
            figures = (f"{value / scale:,.1f}" if lang == "zh" else f"{value / scale:,.2f}"
                       for value in (row.modelled_t, row.marked_t))  # fmt: skip
            table.add_row(region.name(row.port, lang), *figures)
    out.print(table)
