"""Cases as the bench writes them, put together from a model, its run and its exact values, and their files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from math import ceil, sqrt
from pathlib import Path
from typing import Any

import yaml

Tree = dict[str, Any]

SCHEMA = "bridgehead-queue-case/1"
BENCH_CASES = Path(__file__).parents[3] / "cases" / "queueing"
NATIVE_CASES = Path(__file__).parents[3] / "cases" / "simulation"
ERRORS = Path(__file__).with_name("standard_errors.json")
"""By case and expectation: measured relative standard error of the estimate times the root of all minutes watched."""
STEPS = (0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.5)
FAMILIES = (
    "single_station",
    "renewal_arrivals",
    "loss",
    "priorities",
    "batches",
    "open_networks",
    "closed_networks",
    "blocking",
    "breakdowns",
    "impatience",
    "opening_hours",
    "matching",
)
NATIVE_FAMILIES = (
    "interruptions",
    "closing_rules",
    "rates_and_appointments",
    "pools",
    "splitting",
    "lanes_and_choices",
)


def exponential(mean: float) -> Tree:
    return {"dist": "exp", "mean": mean}


def fixed(value: float) -> Tree:
    return {"dist": "det", "value": value}


def erlang(k: int, mean: float) -> Tree:
    return {"dist": "erlang", "k": k, "mean": mean}


def mix(*parts: tuple[float, Tree]) -> Tree:
    return {"dist": "mix", "parts": [[share, dist] for share, dist in parts]}


def station(name: str, service: Tree, servers: int | str = 1, **rules: Any) -> Tree:
    """Write a station; `service` is one distribution, or a mapping of classes to distributions."""
    by_class = {"*": service} if "dist" in service else service
    return {"id": name, "kind": "station", "servers": servers, "service": by_class, **rules}


def arrivals(node: str, interarrival: Tree, unit_class: str = "truck", **rest: Any) -> Tree:
    return {"node": node, "class": unit_class, "interarrival": interarrival, **rest}


def model(
    nodes: Sequence[Tree],
    sources: Sequence[Tree] = (),
    routes: Mapping[str, Mapping[str, Sequence[Sequence[Any]]]] | None = None,
    classes: Mapping[str, int] | None = None,
    population: Sequence[Tree] = (),
) -> Tree:
    """Write a model of the bench's form."""
    tree: Tree = {
        "time_unit": "min",
        "classes": [{"id": name, "priority": rank} for name, rank in (classes or {"truck": 0}).items()],
        "nodes": list(nodes),
        "sources": list(sources),
        "routes": routes or {"*": {}},
    }
    if population:
        tree["population"] = list(population)
    return tree


def expect(metric: str, value: float, node: str | None = None, unit_class: str | None = None, **rest: float) -> Tree:
    """Write one expected value; its tolerance comes with the case."""
    where = {"node": node, "class": unit_class, **rest}
    return {"metric": metric, "value": float(value), **{key: v for key, v in where.items() if v is not None}}


def expects(values: Mapping[str, float], metrics: str, node: str | None = None, unit_class: str | None = None):
    """Write several expected values of one node."""
    return [expect(metric, values[metric], node, unit_class) for metric in metrics.split()]


def run(events_rate: float, warmup: float, events: float = 6e6, replications: int = 10, period: float = 1000) -> Tree:
    """Write a run in which about so many events happen in all replications together, ending on whole periods."""
    length = events / events_rate / replications
    return {"warmup": warmup, "horizon": warmup + ceil(length / period) * period, "replications": replications}


def label(expected: Mapping[str, Any]) -> str:
    """Name an expectation inside its case."""
    return " ".join(str(expected[key]) for key in ("metric", "node", "class", "q") if key in expected)


def case(
    name: str, title: str, source: str, tree: Tree, how: Tree, values: Iterable[Tree], exact: bool = False
) -> Tree:
    """Put a case together; tolerances are four standard errors or more, or none for deterministic systems."""
    known = json.loads(ERRORS.read_text()) if ERRORS.exists() else {}
    watched = how["replications"] * (how["horizon"] - how["warmup"])
    listed = []
    for expected in values:
        error = known.get(name, {}).get(label(expected))
        least = 4 * (0.0 if error is None else error / sqrt(watched))
        tolerance = 1e-9 if exact else next(step for step in STEPS if step >= least)
        order = ("metric", "value", "rel_tol", "node", "class", "q")
        whole = {**expected, "rel_tol": tolerance}
        listed.append({key: whole[key] for key in order if key in whole})
    return {"id": name, "title": title, "source": source, "model": tree, "run": how, "expect": listed}


def family(name: str) -> Tree:
    """Compute a family of cases as its file holds it."""
    module = import_module(f"{__package__}.families.{name}")
    return {"schema": SCHEMA, "title": module.TITLE, "format": module.FORMAT, "cases": module.cases()}


def path_of(name: str) -> Path:
    """Say where the cases of a family are kept."""
    return NATIVE_CASES / f"{name}.yaml" if name in NATIVE_FAMILIES else BENCH_CASES / f"{name}.json"


def read(name: str) -> Tree:
    """Read the file of a family."""
    text = path_of(name).read_text(encoding="utf-8")
    return yaml.safe_load(text) if name in NATIVE_FAMILIES else json.loads(text)


def write(name: str) -> None:
    """Compute a family of cases and write its file."""
    path, tree = path_of(name), family(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if name in NATIVE_FAMILIES:
        text = yaml.safe_dump(tree, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None)
    else:
        text = json.dumps(tree, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8")
