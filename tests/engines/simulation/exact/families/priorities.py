"""Classes of different priority at one station; nobody is interrupted."""

from __future__ import annotations

from .. import priorities as exact
from .. import stations
from ..writing import Tree, arrivals, case, erlang, expect, exponential, fixed, model, run, station
from . import BENCH_FORMAT

TITLE = "Priorities without interruption"
FORMAT = BENCH_FORMAT
BOTH = "Davis (1966), Kella and Yechiali (1985)"


def cases() -> list[Tree]:
    return [
        _one_server("mm1-two", [0.12, 0.18], [("exp", 2.0), ("exp", 3.5)]),
        _one_server("mg1-three", [0.06, 0.1, 0.1], [("det", 2.0), ("erl", 3.0), ("exp", 4.2)]),
        _several("mm3-two", [0.2, 0.35], 4.5, 3),
        _several("mm4-three", [0.1, 0.25, 0.45], 4.4, 4),
        _own_services(),
    ]


def _named(values: list[float]) -> list[tuple[str, float]]:
    return list(zip(("permitted", "booked", "walk_in"), values, strict=False))


def _expected(rates: list[float], waits: list[float], services: list[float]) -> list[Tree]:
    values = [expect("wait_mean", wait, "check", name) for name, wait in _named(waits)]
    for (name, wait), service in zip(_named(waits), services, strict=True):
        values.append(expect("sojourn_mean", wait + service, unit_class=name))
    waiting = sum(rate * wait for rate, wait in zip(rates, waits, strict=True))
    values.append(expect("queue_len_mean", waiting, "check"))
    values.append(expect("wait_mean", waiting / sum(rates), "check"))
    return values


def _model(rates: list[float], service: Tree, servers: int) -> Tree:
    names = _named(rates)
    sources = [arrivals("check", exponential(1 / rate), name) for name, rate in names]
    return model([station("check", service, servers)], sources, classes={name: i for i, (name, _) in enumerate(names)})


def _one_server(name: str, rates: list[float], services: list[tuple[str, float]]) -> Tree:
    written = {"exp": exponential, "det": fixed, "erl": lambda mean: erlang(2, mean)}
    shape = {"exp": 2.0, "det": 1.0, "erl": 1.5}
    flows = [(r, m, shape[kind] * m * m) for r, (kind, m) in zip(rates, services, strict=True)]
    waits = exact.cobham(flows)
    by_class = {key: written[kind](mean) for key, (kind, mean) in _named(services)}
    values = _expected(rates, waits, [mean for _, mean in services])
    values.append(expect("utilisation", sum(r * m for r, m, _ in flows), "check"))
    source = "Cobham (1954)"
    return case(name, "One server", source, _model(rates, by_class, 1), run(2 * sum(rates), 10000, 1e7), values)


def _several(name: str, rates: list[float], service: float, servers: int) -> Tree:
    waits = exact.several_servers(rates, service, servers)
    values = _expected(rates, waits, [service] * len(rates))
    values.append(expect("wait_prob", stations.erlang_c(servers, sum(rates) * service), "check"))
    tree = _model(rates, exponential(service), servers)
    return case(name, f"{servers} servers", BOTH, tree, run(2 * sum(rates), 10000, 1e7), values)


def _own_services() -> Tree:
    rates, services = [0.25, 0.2], [2.0, 5.0]
    waits = exact.several_servers_chain(rates, services, 2, 130)
    by_class = {key: exponential(mean) for key, mean in _named(services)}
    tree = _model(rates, by_class, 2)
    source = "chain of those in service and waiting by class"
    values = _expected(rates, waits, services)
    return case("mm2-own-services", "Two servers, services by class", source, tree, run(0.9, 10000, 8e6), values)
