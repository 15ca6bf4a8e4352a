"""One station with renewal arrivals."""

from __future__ import annotations

from .. import stations as exact
from ..writing import Tree, arrivals, case, erlang, expect, expects, exponential, fixed, mix, model, run, station
from . import BENCH_FORMAT

TITLE = "One station, renewal arrivals"
FORMAT = BENCH_FORMAT
USUAL = "wait_mean wait_prob queue_len_mean utilisation"
ROOT = "Kendall (1953): root of the transform of the time between arrivals"


def cases() -> list[Tree]:
    mixed = exact.mixed_exponential_transform([(0.6, 1.0), (0.4, 6.0)])
    return [
        _one("dm1", "D/M/1", fixed(4.0), 4.0, 3.2, exact.fixed_transform(4.0)),
        _one("e3m1", "E3/M/1", erlang(3, 4.0), 4.0, 3.4, exact.erlang_transform(3, 4.0)),
        _one("h2m1", "H2/M/1", mix((0.6, exponential(1.0)), (0.4, exponential(6.0))), 3.0, 2.1, mixed),
        _several(),
    ]


def _one(name: str, title: str, between: Tree, mean: float, service: float, transform) -> Tree:
    found = exact.gm1(transform, 1 / mean, service)
    values = expects(found, USUAL + " in_node_mean", "gate")
    values += [expect("wait_quantile", exact.gm1_wait_quantile(found["root"], service, q), "gate", q=q) for q in (0.9,)]
    tree = model([station("gate", exponential(service))], [arrivals("gate", between)])
    return case(name, title, ROOT, tree, run(2 / mean, 5000, 5e6), values)


def _several() -> Tree:
    values = expects(exact.erlang_arrivals_chain(2, 2.0, 5.0, 3), USUAL, "gate")
    tree = model([station("gate", exponential(5.0), 3)], [arrivals("gate", erlang(2, 2.0))])
    source = "chain of units there and phase of the next arrival"
    return case("e2m3", "E2/M/3", source, tree, run(1.0, 5000, 6e6), values)
