"""Arrivals that come in batches."""

from __future__ import annotations

from .. import stations as exact
from ..writing import Tree, arrivals, case, expect, expects, exponential, model, run, station
from . import BENCH_FORMAT

TITLE = "Arrivals in batches"
FORMAT = BENCH_FORMAT


def cases() -> list[Tree]:
    return [_one(), _several("mx-m3", 0.11, 4, 5.0, 3), _several("mx-m10", 0.02, 30, 12.0, 10)]


def _one() -> Tree:
    there = exact.batches_at_one(0.1, 3, 9, 2.5)
    values = [
        expect("in_node_mean", there, "crane"),
        expect("wait_mean", (there - 0.75) / 0.3, "crane"),
        expect("queue_len_mean", there - 0.75, "crane"),
        expect("utilisation", 0.75, "crane"),
    ]
    tree = model([station("crane", exponential(2.5))], [arrivals("crane", exponential(10.0), batch=3)])
    return case("mx-m1", "Batches of 3 at one server", "M[X]/M/1, mean number", tree, run(0.6, 10000, 8e6), values)


def _several(name: str, rate: float, size: int, service: float, servers: int) -> Tree:
    found = exact.batches_on_servers(rate, size, service, servers)
    values = expects(found, "wait_mean wait_prob queue_len_mean in_node_mean utilisation", "crane")
    tree = model(
        [station("crane", exponential(service), servers)], [arrivals("crane", exponential(1 / rate), batch=size)]
    )
    title = f"Batches of {size} on {servers} servers"
    return case(name, title, "chain of units there", tree, run(2 * rate * size, 10000, 8e6), values)
