"""What ``bridgehead flows solve`` makes of a region and a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from json import dumps, loads
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridgehead.cli.flow_files import Solved, numbered_flows, open_text
from bridgehead.cli.terminal import say
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

if TYPE_CHECKING:
    from rich.console import Console

    from bridgehead.engines.flows.freight_flows import FreightFlows
    from bridgehead.engines.network.applied import Applied, Scenario
    from bridgehead.engines.network.components import ComponentTables
    from bridgehead.regions.load import Region


@dataclass(frozen=True)
class Asked:
    """A region, the year its freight is looked at, and the scenario made on its tables."""

    region: Region
    year: int
    scenario: str
    applied: Applied | None

    @property
    def tables(self) -> ComponentTables:
        """The tables as they are, or as the scenario leaves them."""
        return self.applied.tables if self.applied else self.region.network()

    @property
    def days(self) -> int | None:
        """The days the tonnes are those of, where a scenario closes links for a time; None for the year."""
        return (self.applied.days or None) if self.applied else None


def read_region(folder: Path | None, year: int | None, scenario: str) -> Asked:
    """Read a region and a scenario by its id or file.

    Raises
    ------
    BridgeheadError
        Every fault of the region; or every fault of year, scenario and demand.
    """
    from bridgehead.engines.flows.demand import demand_of
    from bridgehead.engines.network.scenarios import apply
    from bridgehead.engines.network.virtual import year_faults
    from bridgehead.regions.load import load_region

    region = load_region(folder)
    tables = region.network()
    faults, applied = list(year_faults(tables, year)), None
    if scenario:
        try:
            applied = apply(scenario_named(region, scenario), tables)
        except BridgeheadError as error:
            faults += error.faults
    if applied and len(applied.runs) > 1:
        faults.append(Fault("flows.several_periods", {"count": len(applied.runs)}, Place(field="scenario")))
    looked_at = year or (applied.scenario.year if applied else tables.base_year)
    if not faults and not any(row.tonnes for row in demand_of(tables, looked_at)[1]):
        where = Place("demand.csv", column="tonnes_per_year")
        faults.append(Fault("flows.no_demand", {"year": looked_at}, where))
    if faults:
        raise BridgeheadError.of(faults)
    return Asked(region, looked_at, scenario, applied)


def solve_region(asked: Asked, **how: Any) -> Solved:
    """Solve the freight of a region, as it is or in a scenario."""
    from bridgehead.engines.flows.freight import Settings
    from bridgehead.engines.flows.freight_flows import equilibrate

    region, settings = asked.region, None
    if asked.applied:
        (period,) = asked.applied.runs
        settings = Settings.of_period(period, asked.applied.background)
    found = equilibrate(asked.tables, asked.year, settings=settings, **how)
    quality, totals = found.quality, found.flows.totals
    figures = {
        "method": found.flows.method, "year": found.flows.year, "scenario": asked.scenario or None, "days": asked.days,
        "relative_gap": quality.relative_gap, "average_excess_cost": quality.average_excess_cost,
        "objective": quality.objective, "total_cost": quality.total_cost,
        "conservation_error": quality.conservation_error, "iterations": quality.iterations, "passes": quality.passes,
        "seconds": quality.seconds, "reached": quality.reached,
        "demand": totals.demand_t, "unserved": totals.unserved_t,
        "paths": len(found.paths), "input_hash": found.flows.input_hash, "parameters": dict(quality.parameters),
        "ports": {row.port: row.modelled_t for row in found.flows.port_totals},
    }  # fmt: skip
    return Solved(
        _title(asked, found.flows.method),
        figures,
        lambda: _region_files(found, asked.days),
        lambda out, lang: _print_ports(region, found, out, lang),
    )


def _title(asked: Asked, method: str) -> tuple[str, str]:
    """Return what was solved and how; tonnes of a scenario that closes links for days are those of these days."""
    from bridgehead.engines.flows.freight_flows import EXACT, STOCHASTIC

    told = {EXACT: "用户均衡", STOCHASTIC: "随机用户均衡"}.get(method, "系统最优")
    scenario = (f"，方案 {asked.scenario}", f", scenario {asked.scenario}") if asked.scenario else ("", "")
    within = (f"（关闭的 {asked.days} 天）", f" ({asked.days} closed days)") if asked.days else ("", "")
    place, year = asked.region.id, asked.year
    return (
        f"{place} {year} 年货流{scenario[0]}{within[0]}：{told}",
        f"{place}, freight of {year}{scenario[1]}{within[1]}, {method}",
    )


def scenario_named(region: Region, name: str) -> Scenario:
    """Return a scenario of the region by its id, or one in a file."""
    from bridgehead.regions.scenarios import scenario_of

    if is_scenario_file(name):
        return scenario_of_file(Path(name), region.network())
    return scenario_of(region, name)


def is_scenario_file(word: str) -> bool:
    """Tell whether a word names a file that holds a scenario rather than the id of one."""
    return word.lower().endswith((".json", ".toml"))


def scenario_of_file(file: Path, tables: ComponentTables) -> Scenario:
    """Return the scenario of a JSON or TOML file.

    Raises
    ------
    BridgeheadError
        ``scenario.unreadable``, or every fault of its edits with their position.
    """
    from bridgehead.engines.network.scenario_reading import scenario_from_json, scenario_from_toml

    found = open_text(file, "scenario", str(file))
    if found.text is None:
        reason = found.faults[0].parameters.get("reason", "UTF-8")
        raise BridgeheadError("scenario.unreadable", {"reason": reason}, Place(file=str(file), field="scenario"))
    read = scenario_from_toml if file.suffix.lower() == ".toml" else scenario_from_json
    return read(found.text, tables, file=str(file))


def _region_files(found: FreightFlows, days: int | None) -> Mapping[str, bytes]:
    import numpy as np

    from bridgehead.engines.network.formats import parquet

    modes = {row.link: row.mode for row in found.flows.links}
    keys = sorted({(row.link, row.origin, row.destination) for row in found.flows.links})
    place = {key: i for i, key in enumerate(keys)}
    columns = {name: np.zeros(len(keys)) for name in ("tonnes", "teu", "vehicles")}
    for row in found.flows.links:
        for name, column in columns.items():
            column[place[row.link, row.origin, row.destination]] += getattr(row, name)
    waits = {(one.link, one.origin): one.wait_h for one in found.queues}
    columns["wait_h"] = np.array([waits.get((link, origin), 0.0) for link, origin, _ in keys])
    time = f"{days} days" if days else "year"
    units = {"tonnes": f"t/{time}", "teu": f"TEU/{time}", "vehicles": f"vehicles/{time}", "wait_h": "h"}
    links, origins, ends = (tuple(column) for column in zip(*keys, strict=True)) if keys else ((), (), ())
    table = parquet.LinkFlows(links, origins, ends, columns, units)
    # A road and a railway may join the same two places; every mode has nodes of its own.
    tails, heads = ([f"{end}:{modes[link]}" for link, end in zip(links, column, strict=True)]
                    for column in (origins, ends))  # fmt: skip
    return {
        "link_flows.parquet": parquet.write_flows(table),
        **numbered_flows(tails, heads, columns["tonnes"], columns["wait_h"]),
        "flows.json": _told_for(found, days),
    }


def _told_for(found: FreightFlows, days: int | None) -> bytes:
    """Return a result as JSON with the days its amounts are of; None stands for the whole year."""
    return dumps({"days": days, **loads(found.to_json())}, ensure_ascii=False).encode()


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
