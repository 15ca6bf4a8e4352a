"""Servers that fail and are repaired; the unit stays and goes on."""

from __future__ import annotations

from .. import breakdowns as exact
from .. import stations
from ..writing import Tree, arrivals, case, erlang, expect, expects, exponential, fixed, model, run, station
from . import BENCH_FORMAT

TITLE = "Breakdowns, the unit stays at its server and goes on after the repair"
FORMAT = BENCH_FORMAT
CHAIN = "chain of units waiting, served, held at failed servers, and failed servers without a unit"


def cases() -> list[Tree]:
    return [
        _chain("mm1-idle-too", 0.2, 2.5, 1, (60.0, 12.0), True),
        _chain("mm1-in-service", 0.22, 2.5, 1, (40.0, 15.0), False),
        _chain("mm3-idle-too", 0.5, 4.0, 3, (90.0, 20.0), True),
        _chain("mm2-in-service", 0.5, 2.4, 2, (25.0, 10.0), False),
        _general("md1-fixed-repair", fixed(3.0), (3.0, 9.0), fixed(20.0), 400.0),
        _general("me2-1-exponential-repair", erlang(2, 3.0), stations.erlang_moments(2, 3.0), exponential(20.0), 800.0),
    ]


def _model(rate: float, service: Tree, servers: int, up: float, down: Tree, while_idle: bool) -> Tree:
    rule = {"up": exponential(up), "down": down, "while_idle": while_idle, "mode": "resume"}
    return model([station("scan", service, servers, breakdown=rule)], [arrivals("scan", exponential(1 / rate))])


def _chain(name: str, rate: float, service: float, servers: int, spells: tuple[float, float], idle: bool) -> Tree:
    found = exact.kept_units(rate, service, servers, *spells, idle, 500)
    values = expects(found, "wait_mean wait_prob queue_len_mean in_node_mean throughput", "scan")
    values.append(expect("sojourn_mean", found["sojourn_mean"], unit_class="truck"))
    tree = _model(rate, exponential(service), servers, spells[0], exponential(spells[1]), idle)
    source = "White and Christie (1958); chain" if servers == 1 and idle else CHAIN
    if servers == 1 and not idle:
        source = "Avi-Itzhak and Naor (1963): M/G/1 of completion times; chain"
    events = 2 * rate + 2 * servers / spells[0]
    title = f"M/M/{servers}, failing {'idle or not' if idle else 'in service only'}"
    return case(name, title, source, tree, run(events, 10000, 1.2e7), values)


def _general(name: str, service: Tree, moments: tuple[float, float], down: Tree, down_second: float) -> Tree:
    found = exact.resumed(0.16, *moments, 60.0, 20.0, down_second)
    values = expects(found, "wait_mean wait_prob queue_len_mean", "scan")
    values.append(expect("sojourn_mean", found["wait_mean"] + moments[0] * (1 + 20.0 / 60.0), unit_class="truck"))
    source = "Avi-Itzhak and Naor (1963): M/G/1 of completion times"
    tree = _model(0.16, service, 1, 60.0, down, False)
    return case(name, "One server, failing in service only", source, tree, run(0.35, 10000, 1.2e7), values)
