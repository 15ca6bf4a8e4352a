"""Stations with few waiting places or none, where arrivals are lost."""

from __future__ import annotations

from .. import stations as exact
from ..writing import Tree, arrivals, case, erlang, expect, expects, exponential, fixed, model, run, station
from . import BENCH_FORMAT

TITLE = "Arrivals lost for want of places"
FORMAT = BENCH_FORMAT


def cases() -> list[Tree]:
    return [
        _erlang_b("mm5-5", "M/M/5/5", exponential(4.0), 4.0, 5),
        _erlang_b("md5-5", "M/D/5/5", fixed(4.0), 4.0, 5),
        _erlang_b("me4-12-12", "M/E4/12/12", erlang(4, 9.0), 9.0, 12),
        _two_classes(),
        _limited("mm1-4", 1, 3),
        _limited("mm3-9", 3, 6),
    ]


def _erlang_b(name: str, title: str, service: Tree, mean: float, servers: int) -> Tree:
    lost = exact.erlang_b(servers, mean)
    values = [
        expect("loss_prob", lost, "yard"),
        expect("utilisation", mean * (1 - lost) / servers, "yard"),
        expect("throughput", 1 - lost, "yard"),
        expect("in_node_mean", mean * (1 - lost), "yard"),
        expect("sojourn_mean", mean, unit_class="truck"),
    ]
    tree = model(
        [station("yard", service, servers, queue_capacity=0, on_full="lose")], [arrivals("yard", exponential(1.0))]
    )
    return case(name, title, "Erlang B, whatever the distribution of service", tree, run(1.9, 2000, 3e6), values)


def _two_classes() -> Tree:
    lost = exact.erlang_b(6, 0.4 * 7.0 + 0.5 * 3.0)
    tree = model(
        [
            station(
                "yard",
                {"train": fixed(7.0), "truck": exponential(3.0)},
                6,
                queue_capacity=0,
                on_full="lose",
            )
        ],
        [arrivals("yard", exponential(2.5), "train"), arrivals("yard", exponential(2.0), "truck")],
        classes={"train": 0, "truck": 0},
    )
    values = [
        expect("loss_prob", lost, "yard"),
        expect("loss_prob", lost, "yard", "train"),
        expect("loss_prob", lost, "yard", "truck"),
        expect("utilisation", 4.3 * (1 - lost) / 6, "yard"),
    ]
    source = "Erlang B of the offered loads together; both classes lose the same share"
    return case("mg6-6-two-classes", "M/G/6/6, two classes", source, tree, run(1.7, 2000, 3e6), values)


def _limited(name: str, servers: int, places: int) -> Tree:
    rate, service = 0.45 * servers, 2.0
    found = exact.mmck(rate, service, servers, places)
    tree = model(
        [station("gate", exponential(service), servers, queue_capacity=places, on_full="lose")],
        [arrivals("gate", exponential(1 / rate))],
    )
    values = expects(found, "loss_prob wait_mean wait_prob queue_len_mean utilisation throughput", "gate")
    values.append(expect("sojourn_mean", found["wait_mean"] + service, unit_class="truck"))
    title = f"M/M/{servers}/{servers + places}"
    return case(name, title, "birth-death chain", tree, run(1.9 * rate, 2000, 4e6), values)
