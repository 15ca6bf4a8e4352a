"""Native models: interruption by better classes, priority that rises with waiting, services lost to breakdowns."""

from __future__ import annotations

from .. import breakdowns, stations, traces
from .. import priorities as exact
from ..writing import Tree, case, expect, run
from . import NATIVE_FORMAT

TITLE = "Interruption, rising priority, ageing, breakdown modes"
FORMAT = NATIVE_FORMAT
HOUR = 60.0


def cases() -> list[Tree]:
    return [
        _preempt_one("preempt-mm1", [("exp", 2.0), ("exp", 4.0)], [0.15, 0.1]),
        _preempt_one("preempt-mg1", [("exp", 1.5), ("det", 3.0), ("det", 4.0)], [0.1, 0.1, 0.08]),
        _preempt_two(),
        _rising("accruing-mm1", [("exp", 2.0), ("exp", 4.0)], [0.15, 0.1], [3.0, 1.0]),
        _rising("accruing-mg1", [("det", 3.0), ("exp", 2.0), ("det", 4.0)], [0.09, 0.11, 0.08], [2.0, 1.0, 0.25]),
        _ages_at_once(),
        _ages_fixed(),
        _repeat(),
        _rejoin("rejoin-mm1", 0.2, 2.5, 1, (60.0, 12.0)),
        _rejoin("rejoin-mm3", 0.5, 4.0, 3, (60.0, 20.0)),
    ]


def _flows(services: list[tuple[str, float]], rates: list[float]) -> list[exact.Flow]:
    return [(r, m, (2 if kind == "exp" else 1) * m * m) for r, (kind, m) in zip(rates, services, strict=True)]


def _model(services: list[tuple[str, float]], rates: list[float], classes: list[Tree], **rules) -> Tree:
    names = "abc"[: len(rates)]
    return {
        "schema": "bridgehead-port-model/1",
        "classes": dict(zip(names, classes, strict=True)),
        "stations": {
            "check": {
                "servers": 1,
                "service": {name: {kind: mean} for name, (kind, mean) in zip(names, services, strict=True)},
                **rules,
            }
        },
        "sources": [
            {"class": name, "node": "check", "interarrival": {"exp": 1 / rate}}
            for name, rate in zip(names, rates, strict=True)
        ],
    }


def _preempt_one(name: str, services: list[tuple[str, float]], rates: list[float]) -> Tree:
    flows = _flows(services, rates)
    times = exact.preemptive_resume(flows)
    values = [expect("sojourn_mean", time, unit_class=key) for key, time in zip("abc", times, strict=False)]
    values.append(expect("utilisation", sum(r * m for r, m, _ in flows), "check"))
    tree = _model(services, rates, [{"priority": i} for i in range(len(rates))], preempt="resume")
    source = "Kleinrock (1976): the interrupted go on with what remained"
    return case(name, "One server, better classes interrupt", source, tree, run(2 * sum(rates), 10000, 1e7), values)


def _preempt_two() -> Tree:
    rates, services = [0.25, 0.2], [2.0, 5.0]
    times = exact.preemptive_chain(rates, services, 2, 130)
    tree = _model([("exp", m) for m in services], rates, [{"priority": 0}, {"priority": 1}], preempt="resume")
    tree["stations"]["check"]["servers"] = 2
    values = [expect("sojourn_mean", time, unit_class=key) for key, time in zip("ab", times, strict=True)]
    values.append(expect("utilisation", 0.75, "check"))
    source = "chain of units by class; the first class is an M/M/2 by itself"
    return case("preempt-mm2", "Two servers, better class interrupts", source, tree, run(0.9, 10000, 8e6), values)


def _rising(name: str, services: list[tuple[str, float]], rates: list[float], slopes: list[float]) -> Tree:
    flows = _flows(services, rates)
    waits = exact.rising(flows, slopes)
    tree = _model(services, rates, [{"priority": 0, "accrues": slope} for slope in slopes])
    values = [expect("wait_mean", wait, "check", key) for key, wait in zip("abc", waits, strict=False)]
    source = "Kleinrock (1964): delay-dependent priorities"
    return case(name, "One server, priority rises with waiting", source, tree, run(2 * sum(rates), 10000, 1e7), values)


def _ages_at_once() -> Tree:
    """Ageing changes who waits, not how long all wait together, where services are alike and exponential."""
    all_waits = stations.mmc(0.5, 3.4, 2)
    classes = [{"priority": 0}, {"priority": 1, "ages": [{"after": 6, "to": 0}]}]
    tree = _model([("exp", 3.4), ("exp", 3.4)], [0.2, 0.3], classes)
    tree["stations"]["check"]["servers"] = 2
    values = [
        expect("wait_mean", all_waits["wait_mean"], "check"),
        expect("wait_prob", all_waits["wait_prob"], "check"),
        expect("queue_len_mean", all_waits["queue_len_mean"], "check"),
    ]
    source = "Erlang C: the order of alike exponential services does not change the mean wait of all"
    return case("ageing-mm2", "Two servers, the second class ages", source, tree, run(1.0, 10000, 6e6), values)


def _ages_fixed() -> Tree:
    """A day worked out by hand: b counts as a once it has waited 12 minutes, then its earlier coming puts it first."""
    came = [
        (0.5, "a"),
        (1.0, "b"),
        (2.0, "b"),
        (3.0, "a"),
        (4.0, "a"),
        (11.0, "a"),
        (12.5, "a"),
        (14.5, "b"),
        (15.5, "a"),
    ]
    begun = traces.aged(came, 5.0, {"a": 0, "b": 1}, {"b": (12.0, 0)})
    waits = {key: [s - t for (t, k), s in zip(came, begun, strict=True) if k == key] for key in "ab"}
    tree = {
        "schema": "bridgehead-port-model/1",
        "classes": {"a": {"priority": 0}, "b": {"priority": 1, "ages": [{"after": 12, "to": 0}]}},
        "stations": {"check": {"servers": 1, "service": {"*": {"det": 5}}}},
        "sources": [{"class": key, "node": "check", "times": [t for t, k in came if k == key]} for key in "ab"],
    }
    values = [expect("wait_mean", sum(waits[key]) / len(waits[key]), "check", key) for key in "ab"]
    values.append(expect("queue_len_mean", sum(map(sum, waits.values())) / HOUR, "check"))
    values.append(expect("utilisation", 5.0 * len(came) / HOUR, "check"))
    how = {"warmup": 0, "horizon": HOUR, "replications": 2}
    return case("ageing-fixed", "Nine units, one server", "worked out unit by unit", tree, how, values, exact=True)


def _repeat() -> Tree:
    found = breakdowns.repeated(0.14, 3.0, 25.0, 10.0, 200.0)
    rule = {"up": {"exp": 25.0}, "down": {"exp": 10.0}, "while_idle": False, "mode": "repeat"}
    tree = _model([("det", 3.0)], [0.14], [{"priority": 0}], breakdown=rule)
    values = [
        expect("wait_mean", found["wait_mean"], "check"),
        expect("wait_prob", found["wait_prob"], "check"),
        expect("sojourn_mean", found["wait_mean"] + found["wait_prob"] / 0.14, unit_class="a"),
    ]
    source = "Gaver (1962): M/G/1 of completion times, services start again"
    return case("repeat-md1", "One server, services start again", source, tree, run(0.33, 10000, 1e7), values)


def _rejoin(name: str, rate: float, service: float, servers: int, spells: tuple[float, float]) -> Tree:
    found = breakdowns.free_units(rate, service, servers, *spells, 500)
    rule = {"up": {"exp": spells[0]}, "down": {"exp": spells[1]}, "while_idle": True, "mode": "rejoin"}
    tree = _model([("exp", service)], [rate], [{"priority": 0}], breakdown=rule)
    tree["stations"]["check"]["servers"] = servers
    values = [
        expect("sojourn_mean", found["sojourn_mean"], unit_class="a"),
        expect("in_node_mean", found["in_node_mean"], "check"),
        expect("throughput", rate, "check"),
    ]
    source = "Mitrany and Avi-Itzhak (1968): chain of units and working servers"
    events = 2 * rate + 2 * servers / spells[0]
    return case(name, f"{servers} servers, units go back", source, tree, run(events, 10000, 1.2e7), values)
