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

from bridgehead.kernel.errors import BridgeheadError, Fault, Place

if TYPE_CHECKING:
    from rich.console import Console

    from bridgehead.engines.flows.assignment_files import AssignmentFiles, TextFile
    from bridgehead.engines.flows.equilibrium import Equilibrium


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


def open_text(path: Path, field_name: str, name: str = "", *, any_comments: bool = False) -> TextFile:
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
    from bridgehead.engines.flows.assignment_files import TextFile
    from bridgehead.kernel.decoding import decode

    name = name or path.name
    try:
        data = path.read_bytes()
        content = decode(data, name)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        given = {"file": str(path), "reason": reason}
        return TextFile(name, None, (Fault("flows.file_not_readable", given, Place(file=name, field=field_name)),))
    if content.text is None and any_comments and b"\0" not in data:
        return TextFile(name, data.decode("latin-1"))
    return TextFile(name, content.text, content.faults)


def read_tntp(files: tuple[Path, Path], classes: Path | None) -> AssignmentFiles:
    """Read network, trips and classes; the faults of all of them come at once."""
    from bridgehead.engines.flows.assignment_files import read_files

    given = [*files, *([classes] if classes else [])]
    names = Counter(path.name for path in given)

    def opened(path: Path, field_name: str) -> TextFile:
        alone = names[path.name] <= (path in given)
        return open_text(path, field_name, path.name if alone else str(path), any_comments=path != classes)

    folder = classes.parent if classes else Path()
    table = opened(classes, "classes") if classes else None
    return read_files(
        opened(files[0], "tntp"), opened(files[1], "tntp"), table, lambda name: opened(folder / name, "classes")
    )


def solve_tntp(files: tuple[Path, Path], read: AssignmentFiles, weights: Mapping[str, float], **asked: Any) -> Solved:
    """Solve the assignment of TNTP files."""
    from bridgehead.engines.flows.equilibrium import solve

    problem = read.problem(**weights)
    try:
        found = solve(problem, **asked)
    except BridgeheadError as error:
        raise read.located(error) from error
    figures = figures_of(found)
    figures |= {
        "nodes": problem.node_count, "links": problem.arc_count, "zones": read.network.zones,
        "pairs": len(problem.pairs), "demand": float(problem.pairs.amount.sum()), "paths": found.paths.path_count,
        "classes": [one.name for one in problem.classes], "parameters": {**found.parameters, **weights},
    }  # fmt: skip
    count = f"{problem.node_count:,} / {problem.arc_count:,} / {len(problem.pairs):,}"
    kind = ("系统最优", "system optimum") if asked["system_optimum"] else ("用户均衡", "user equilibrium")
    title = (
        f"{files[0].name} {kind[0]}：节点、路段、起讫对 {count}",
        f"{files[0].name}, {kind[1]}: nodes, links, pairs {count}",
    )
    fixed = weights["toll_weight"] * read.network.toll + weights["distance_weight"] * read.network.length
    return Solved(
        title, figures, lambda: _tntp_files(read, found, problem.resource, fixed), warnings=list(read.warnings)
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


def _tntp_files(read: AssignmentFiles, found: Equilibrium, resource: Any, fixed: Any) -> Mapping[str, bytes]:
    """Return the flows; costs are time and weighted toll and length, as the collection has them."""
    import numpy as np

    from bridgehead.engines.network.formats import parquet, tntp

    source, network = read.network, read.network.directed()
    columns = {"volume": found.volume, "time": found.time, "cost": found.time + fixed}
    for i, flow in enumerate(found.arc_flow if read.classes else ()):
        by_link = np.empty(network.link_count)
        by_link[resource] = flow
        columns[f"flow_{read.classes[i].name}"] = by_link
    table = parquet.LinkFlows.of(network, columns)
    flows = tntp.TntpFlows(source.init_node, source.term_node, found.volume, columns["cost"])
    return {"link_flows.parquet": parquet.write_flows(table), "flow.tntp": tntp.write_flows(flows).encode()}


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
