"""One station with Poisson arrivals and ample room."""

from __future__ import annotations

from .. import stations as exact
from ..writing import Tree, arrivals, case, erlang, expect, expects, exponential, fixed, mix, model, run, station
from . import BENCH_FORMAT

TITLE = "One station, Poisson arrivals, ample room"
FORMAT = BENCH_FORMAT
USUAL = "wait_mean wait_prob queue_len_mean utilisation"


def cases() -> list[Tree]:
    return [
        _simple("mm1", 0.28, 2.5, 1, 4e6),
        _simple("mm2", 0.5, 3.0, 2, 4e6),
        _simple("mm8-busy", 1.84, 4.0, 8, 1.2e7),
        _fixed_one(),
        _fixed_several(),
        _erlang(),
        _hyper(),
        _two_classes_in_one_queue(),
        _delay("mg-inf-fixed", fixed(35.0), 35.0),
        _delay("mg-inf-mixed", mix((0.3, exponential(80.0)), (0.7, fixed(10.0))), 31.0),
    ]


def _one(service: Tree, rate: float, servers: int | str = 1) -> Tree:
    return model([station("gate", service, servers)], [arrivals("gate", exponential(1 / rate))])


def _simple(name: str, rate: float, service: float, servers: int, events: float) -> Tree:
    values = expects(exact.mmc(rate, service, servers), USUAL + " in_node_mean throughput", "gate")
    values.append(expect("sojourn_mean", exact.mmc(rate, service, servers)["sojourn_mean"], unit_class="truck"))
    for q in (0.5, 0.9, 0.99):
        quantile = exact.mmc_wait_quantile(rate, service, servers, q)
        if quantile > 0:
            values.append(expect("wait_quantile", quantile, "gate", q=q))
    title = f"M/M/{servers}, load {rate * service / servers:.2f}"
    tree = _one(exponential(service), rate, servers)
    return case(name, title, "Erlang C; exponential tail of the wait", tree, run(2 * rate, 5000, events), values)


def _fixed_one() -> Tree:
    values = expects(exact.mg1(0.32, 2.5, 2.5**2), USUAL + " in_node_mean", "gate")
    return case("md1", "M/D/1", "Pollaczek-Khinchine", _one(fixed(2.5), 0.32), run(0.64, 5000), values)


def _fixed_several() -> Tree:
    values = expects(exact.mdc(0.6, 4.0, 3), USUAL, "gate")
    source = "Crommelin (1932): chain at distances of one service time"
    return case("md3", "M/D/3", source, _one(fixed(4.0), 0.6, 3), run(1.2, 5000), values)


def _erlang() -> Tree:
    values = expects(exact.mg1(0.2, *exact.erlang_moments(3, 4.0)), USUAL + " in_node_mean", "gate")
    return case("me3-1", "M/E3/1", "Pollaczek-Khinchine", _one(erlang(3, 4.0), 0.2), run(0.4, 5000), values)


def _hyper() -> Tree:
    first, second = exact.mix_moments([(0.8, 1.0, 2.0), (0.2, 8.0, 128.0)])
    service = mix((0.8, exponential(1.0)), (0.2, exponential(8.0)))
    values = expects(exact.mg1(0.3, first, second), USUAL + " in_node_mean", "gate")
    return case("mh2-1", "M/H2/1", "Pollaczek-Khinchine", _one(service, 0.3), run(0.6, 10000, 1e7), values)


def _two_classes_in_one_queue() -> Tree:
    """Two classes with services of their own, first come first served: both wait the same."""
    first, second = exact.mix_moments([(0.25, 4.0, 16.0), (0.75, 1.0, 2.0)])
    shared = exact.mg1(0.4, first, second)
    tree = model(
        [station("scale", {"train": fixed(4.0), "truck": exponential(1.0)})],
        [arrivals("scale", exponential(10.0), "train"), arrivals("scale", exponential(1 / 0.3), "truck")],
        classes={"train": 0, "truck": 0},
    )
    values = [
        *expects(shared, USUAL, "scale"),
        expect("wait_mean", shared["wait_mean"], "scale", "train"),
        expect("wait_mean", shared["wait_mean"], "scale", "truck"),
        expect("sojourn_mean", shared["wait_mean"] + 4.0, unit_class="train"),
        expect("sojourn_mean", shared["wait_mean"] + 1.0, unit_class="truck"),
    ]
    source = "Pollaczek-Khinchine of the mixture; both classes wait the same"
    return case("mg1-two-classes", "M/G/1, two classes, FIFO", source, tree, run(0.8, 5000), values)


def _delay(name: str, service: Tree, mean: float) -> Tree:
    values = [
        expect("in_node_mean", 0.8 * mean, "road"),
        expect("throughput", 0.8, "road"),
        expect("wait_mean", 0.0, "road"),
        expect("sojourn_mean", mean, unit_class="truck"),
    ]
    tree = model([station("road", service, "inf")], [arrivals("road", exponential(1.25))])
    return case(name, "M/G/inf", "Palm: rate times mean, whatever the service", tree, run(1.6, 2000, 4e6), values)
