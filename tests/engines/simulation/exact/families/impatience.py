"""Units that give up waiting."""

from __future__ import annotations

from .. import impatience as exact
from ..writing import Tree, arrivals, case, expects, exponential, fixed, mix, model, run, station
from . import BENCH_FORMAT

TITLE = "Impatience"
FORMAT = BENCH_FORMAT
USUAL = "renege_prob wait_mean wait_prob queue_len_mean utilisation"
GENERAL = "Baccelli and Hebuterne (1981): density of the wait offered"


def cases() -> list[Tree]:
    mixture = mix((0.5, exponential(2.0)), (0.5, exponential(20.0)))
    return [
        _one("mm2-exponential", (1.0, 1.9, 2), exponential(8.0), exact.erlang_a(1.0, 1.9, 2, 8.0), "Erlang A (Palm)"),
        _one("mm6-overloaded", (1.4, 5.0, 6), exponential(15.0), exact.erlang_a(1.4, 5.0, 6, 15.0), "Erlang A (Palm)"),
        _one(
            "mm1-fixed",
            (0.45, 2.0, 1),
            fixed(6.0),
            exact.fixed_patience(0.45, 2.0, 1, 6.0),
            "Barrer (1957); " + GENERAL,
        ),
        _one("mm3-fixed", (1.6, 2.0, 3), fixed(4.0), exact.fixed_patience(1.6, 2.0, 3, 4.0), GENERAL),
        _one(
            "mm3-mixed", (1.5, 2.0, 3), mixture, exact.mixed_patience(1.5, 2.0, 3, [(0.5, 2.0), (0.5, 20.0)]), GENERAL
        ),
    ]


def _one(name: str, numbers: tuple[float, float, int], patience: Tree, found: dict[str, float], source: str) -> Tree:
    rate, service, servers = numbers
    tree = model(
        [station("gate", exponential(service), servers, patience=patience)], [arrivals("gate", exponential(1 / rate))]
    )
    title = f"M/M/{servers} with patience"
    return case(name, title, source, tree, run(2 * rate, 2000, 6e6), expects(found, USUAL, "gate"))
