"""What ``bridgehead flows solve`` reads of files, solves and writes."""

from __future__ import annotations

import csv
import io
import json as json_text
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridgehead.cli.terminal import say
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

if TYPE_CHECKING:
    from rich.console import Console

    from bridgehead.engines.flows.assignment_files import AssignmentFiles
    from bridgehead.engines.flows.equilibrium import Equilibrium
    from bridgehead.engines.flows.opened import OpenedFile
    from bridgehead.engines.flows.problem import AssignmentProblem


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


def open_text(path: Path, field_name: str, name: str = "", *, any_comments: bool = False) -> OpenedFile:
    """Return the text of a file, or the fault that says why there is none.

    Parameters
    ----------
    path : Path
        Where it is; it may be a pipe.
    field_name : str
        The option that names it.
    name : str
        How faults call it, by default as the path ends.
    any_comments : bool
        Whether all that matters is ASCII, and the rest may be in any encoding that agrees with it.
    """
    from bridgehead.engines.flows.opened import OpenedFile
    from bridgehead.kernel.decoding import decode

    name = name or path.name
    found = open_bytes(path, field_name, name)
    if found.data is None:
        return found
    content = decode(found.data, name)
    if content.text is None and any_comments and b"\0" not in found.data:
        return OpenedFile(name, found.data.decode("latin-1"))
    return OpenedFile(name, content.text, content.faults)


def open_bytes(path: Path, field_name: str, name: str, table: str = "") -> OpenedFile:
    """Return the bytes of a file, or the fault that says why there are none."""
    from bridgehead.engines.flows.opened import OpenedFile

    try:
        return OpenedFile(name, data=path.read_bytes(), table=table)
    except (OSError, ValueError) as error:
        given = {"file": str(path), "reason": getattr(error, "strerror", None) or type(error).__name__}
        fault = Fault("flows.file_not_readable", given, Place(file=name, field=field_name))
        return OpenedFile(name, faults=(fault,))


def open_trips(path: Path, field_name: str, name: str) -> OpenedFile:
    """Return a trip table: text, or a file of another kind, behind whose name ``#`` and that of a table may stand."""
    from bridgehead.engines.flows.trip_files import BINARY

    file, mark, table = str(path).rpartition("#")
    real = Path(file) if mark and file.lower().endswith(BINARY) else path
    if real.suffix.lower() in BINARY:
        return open_bytes(real, field_name, name.removesuffix(mark + table) if real != path else name,
                          table if real != path else "")  # fmt: skip
    return open_text(path, field_name, name, any_comments=True)


def read_network(kind: str, given: tuple[Path, Path], classes: Path | None) -> AssignmentFiles:
    """Read network, trips and classes; the faults of all of them come at once.

    Parameters
    ----------
    kind : str
        ``tntp`` or ``gmns``: what the network is, and the option that names it.
    given : tuple of Path
        File or folder of the network, and the trip table.
    classes : Path, optional
        The table of classes.

    Raises
    ------
    BridgeheadError
        What `bridgehead.engines.flows.assignment_files.read_files` raises.
    """
    from bridgehead.engines.flows.assignment_files import read_files
    from bridgehead.engines.flows.network_files import of_gmns, of_tntp

    network, trips = given
    tables = _gmns_tables(network) if kind == "gmns" else [network]
    paths = [*tables, trips, *([classes] if classes else [])]
    names = Counter(path.name for path in paths)

    def name_of(path: Path) -> str:
        return path.name if names[path.name] <= (path in paths) else str(path)

    if kind == "gmns":
        source = of_gmns([open_text(path, kind) for path in tables])
    else:
        source = of_tntp(open_text(network, kind, name_of(network), any_comments=True))
    folder = classes.parent if classes else Path()
    table = open_text(classes, "classes", name_of(classes)) if classes else None
    return read_files(
        source, open_trips(trips, kind, name_of(trips)), table,
        lambda name: open_trips(folder / name, "classes", name_of(folder / name)),
    )  # fmt: skip


def _gmns_tables(folder: Path) -> list[Path]:
    """Return the tables of a network that are there; all that must be where the folder is not."""
    from bridgehead.engines.network.formats.gmns import LINK, NEEDED, NODE

    there = [folder / name for name in NEEDED if (folder / name).exists()]
    return there if folder.is_dir() else [folder / NODE, folder / LINK]


def solve_files(
    kind: str, given: tuple[Path, Path], read: AssignmentFiles, weights: Mapping[str, float], **asked: Any
) -> Solved:
    """Solve the assignment of files."""
    from bridgehead.engines.flows.equilibrium import solve

    problem, network = read.problem(**weights), read.network
    try:
        found = solve(problem, **asked)
    except BridgeheadError as error:
        raise read.located(error) from error
    figures = figures_of(found)
    figures |= {
        "nodes": problem.node_count, "links": problem.arc_count, "zones": len(network.zones),
        "pairs": len(problem.pairs), "demand": float(problem.pairs.amount.sum()), "paths": found.paths.path_count,
        "limit_excess": found.limit_excess, "classes": [one.name for one in problem.classes],
        "parameters": {**found.parameters, **weights},
    }  # fmt: skip
    count = f"{problem.node_count:,} / {problem.arc_count:,} / {len(problem.pairs):,}"
    sought = ("系统最优", "system optimum") if asked["system_optimum"] else ("用户均衡", "user equilibrium")
    title = (
        f"{given[0].name} {sought[0]}：节点、路段、起讫对 {count}",
        f"{given[0].name}, {sought[1]}: nodes, links, pairs {count}",
    )
    fixed = weights["toll_weight"] * network.toll + weights["distance_weight"] * network.length
    return Solved(
        title,
        figures,
        lambda: _files(kind, read, found, problem.resource, fixed),
        lambda out, lang: _print_prices(problem, found, out, lang),
        warnings=list(read.warnings),
    )


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


def _files(kind: str, read: AssignmentFiles, found: Equilibrium, resource: Any, fixed: Any) -> Mapping[str, bytes]:
    """Return the flows; costs are time and weighted toll and length, as the collection has them."""
    import numpy as np

    from bridgehead.engines.network.formats import parquet, tntp

    network = read.network
    columns = {"volume": found.volume, "time": found.time, "cost": found.time + fixed, "price": found.price}
    for i, flow in enumerate(found.arc_flow if read.classes else ()):
        by_link = np.empty(network.link_count)
        by_link[resource] = flow
        columns[f"flow_{read.classes[i].name}"] = by_link
    table = parquet.LinkFlows.of(network, columns)
    files = {"link_flows.parquet": parquet.write_flows(table)}
    if kind == "gmns":
        return files | numbered_flows(table.from_node_ids, table.to_node_ids, found.volume, columns["cost"])
    ends = (np.array(list(map(int, ids)), dtype=np.int64) for ids in (table.from_node_ids, table.to_node_ids))
    return files | {"flow.tntp": tntp.write_flows(tntp.TntpFlows(*ends, found.volume, columns["cost"])).encode()}


MOST_PRICES = 10
"""Links whose shadow prices are printed."""


def _print_prices(problem: AssignmentProblem, found: Equilibrium, out: Console, lang: str) -> None:
    """Print the dearest limits."""
    import numpy as np
    from rich.table import Table

    priced = np.flatnonzero(np.isfinite(problem.limit) & (found.price > 0.0))
    if not len(priced):
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("到上限的路段", "link at its limit", lang))
    for head in (("流量", "volume"), ("上限", "limit"), ("影子价格", "shadow price")):
        table.add_column(say(*head, lang), justify="right")
    for i in priced[np.argsort(-found.price[priced], kind="stable")][:MOST_PRICES].tolist():
        figures = (found.volume[i], problem.limit[i], found.price[i])
        table.add_row(problem.resource_labels[i], *(f"{value:,.6g}" for value in figures))
    out.print(table)


def numbered_flows(tails: Sequence[str], heads: Sequence[str], volume: Any, cost: Any) -> Mapping[str, bytes]:
    """Return flows between nodes that have names as ``flow.tntp``, and ``node.csv`` with the number of each."""
    import numpy as np

    from bridgehead.engines.network.formats import tntp

    number = {name: i for i, name in enumerate(sorted({*tails, *heads}), 1)}
    ends = (np.array([number[name] for name in column], dtype=np.int64) for column in (tails, heads))
    labels = io.StringIO()
    csv.writer(labels, lineterminator="\n").writerows([("number", "node"), *((i, name) for name, i in number.items())])
    flows = tntp.write_flows(tntp.TntpFlows(*ends, volume, cost))
    return {"flow.tntp": flows.encode(), "node.csv": labels.getvalue().encode()}
