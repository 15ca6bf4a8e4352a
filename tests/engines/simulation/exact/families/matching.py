"""Units of two classes that wait for each other."""

from __future__ import annotations

from .. import sharing as exact
from ..writing import Tree, arrivals, case, expect, exponential, model, run, station
from . import BENCH_FORMAT

TITLE = "Pairs of two classes"
FORMAT = BENCH_FORMAT + (
    "; inputs of a match node: mapping of its two classes to {capacity, on_full}; "
    "block_upstream there: the finished unit keeps its server upstream until a place frees"
)
BOTH = {"cargo": 0, "wagon": 0}


def cases() -> list[Tree]:
    return [_pairs("equal-rates", 0.5, 0.5, (8, 8)), _pairs("unequal-rates", 0.5, 0.4, (6, 3)), _blocked()]


def _pairs(name: str, cargo: float, wagon: float, places: tuple[int, int]) -> Tree:
    found = exact.double_ended(cargo, wagon, places)
    pair = {
        "id": "yard",
        "kind": "match",
        "inputs": {key: {"capacity": n, "on_full": "lose"} for key, n in zip(BOTH, places, strict=True)},
    }
    values = [
        expect("throughput", found["pairs"], "yard"),
        expect("loss_prob", found["loss_first"], "yard", "cargo"),
        expect("loss_prob", found["loss_second"], "yard", "wagon"),
        expect("queue_len_mean", found["queue_first"], "yard", "cargo"),
        expect("queue_len_mean", found["queue_second"], "yard", "wagon"),
        expect("sojourn_mean", found["queue_first"] / found["pairs"], unit_class="cargo"),
        expect("sojourn_mean", found["queue_second"] / found["pairs"], unit_class="wagon"),
    ]
    tree = model(
        [pair],
        [arrivals("yard", exponential(1 / cargo), "cargo"), arrivals("yard", exponential(1 / wagon), "wagon")],
        classes=BOTH,
    )
    source = "Kashyap (1966): walk between two walls"
    return case(name, "Cargo and wagons wait for each other", source, tree, run(cargo + wagon, 5000, 4e6), values)


def _blocked() -> Tree:
    rate, service, partner, places = 0.42, 1.6, 0.45, (4, 5)
    found = exact.blocked_pairing(rate, service, 3, partner, places)
    crane = station("crane", {"cargo": exponential(service)}, 1, queue_capacity=3, on_full="lose")
    pair = {
        "id": "yard",
        "kind": "match",
        "inputs": {
            "cargo": {"capacity": places[0], "on_full": "block_upstream"},
            "wagon": {"capacity": places[1], "on_full": "lose"},
        },
    }
    values = [
        expect("loss_prob", found["loss_units"], "crane"),
        expect("queue_len_mean", found["queue_crane"], "crane"),
        expect("throughput", found["pairs"], "yard"),
        expect("loss_prob", found["loss_partners"], "yard", "wagon"),
        expect("queue_len_mean", found["queue_units"], "yard", "cargo"),
        expect("queue_len_mean", found["queue_partners"], "yard", "wagon"),
    ]
    tree = model(
        [crane, pair],
        [arrivals("crane", exponential(1 / rate), "cargo"), arrivals("yard", exponential(1 / partner), "wagon")],
        {"cargo": {"crane": [["yard", 1.0]]}},
        classes=BOTH,
    )
    source = "chain of units at the crane, its blocking, and the lead of one side in the yard"
    return case("blocked-crane", "A crane blocked by a full yard", source, tree, run(1.6, 5000, 5e6), values)
