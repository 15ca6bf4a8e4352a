"""Whose cost of clearance is whose: trains and wagons, who pays on leaving, and what needs no estimate."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bridgehead.engines.simulation.border_charges import MoneyEstimate, clearance_cost
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment, Study, replicate
from bridgehead.engines.simulation.results import results

SERVED = {"servers": 50, "service": {"*": {"exp": 30}}}
YARD: dict[str, Any] = {
    "schema": "bridgehead-port-model/1",
    "classes": {"train": {"unit": "train"}, "wagon": {"unit": "wagon"}},
    "stations": {"check": SERVED, "apart": {"kind": "split", "into": {"wagon": 50}}, "grab": SERVED},
    "routes": {"train": {"check": "apart"}, "wagon": {"apart": "grab", "grab": "out"}},
    "sources": [{"class": "train", "node": "check", "times": [0, 10, 500]}],
}
"""Trains of fifty wagons, which leave as wagons."""


def usd(amount: float, **where: str) -> dict[str, Any]:
    return {"amount": amount, "currency": "USD", "year": 2024, **where}


def study(description: dict[str, Any], *charges: dict[str, Any], days: float = 2.0, warmup_d: float = 0.0) -> Study:
    model = read_model({**description, "charges": list(charges)})
    return replicate(model, Experiment(days * 1440.0, warmup_d * 1440.0, 4, bin_min=1440.0))


def exactly(amount: str) -> tuple[MoneyEstimate, ...]:
    value = Decimal(amount)
    return (MoneyEstimate("USD", 2024, value, value, value),)


def test_a_train_that_is_taken_apart_does_not_pay_for_leaving_and_each_of_its_wagons_pays_once() -> None:
    run = study(YARD, usd(7))
    assert clearance_cost(run, "wagon").amounts == exactly("7.00")
    train = clearance_cost(run, "train")
    assert (train.amounts, train.no_charge_known) == ((), ("train",))


def test_a_class_that_is_named_pays_at_the_end_of_its_way_whatever_that_is() -> None:
    run = study(YARD, usd(300, **{"class": "train"}), usd(40, station="check"))
    assert clearance_cost(run, "train").amounts == exactly("340.00")
    assert clearance_cost(run, "wagon").amounts == (), "no wagon is checked"


def test_wagons_that_are_made_up_and_pairs_of_them_pay_once_as_what_leaves() -> None:
    paired = {
        **YARD,
        "classes": {
            **YARD["classes"],
            "empty": {"unit": "wagon"},
            "pair": {"unit": "wagon"},
            "made": {"unit": "train"},
        },
        "stations": {
            **YARD["stations"],
            "side": {"kind": "match", "inputs": {"wagon": {}, "empty": {}}, "as": "pair"},
            "make": {"kind": "combine", "of": "pair", "size": 50, "as": "made"},
        },
        "routes": {
            "train": {"check": "apart"},
            "wagon": {"apart": "side"},
            "pair": {"side": "grab", "grab": "make"},
            "made": {"make": "out"},
        },
        "sources": [*YARD["sources"], {"class": "empty", "node": "side", "times": [0.5 * n for n in range(150)]}],
    }
    run = study(paired, usd(7))
    assert clearance_cost(run).classes == ("made",)
    assert clearance_cost(run, "made").amounts == exactly("7.00")
    assert clearance_cost(run).amounts == exactly("7.00"), "trains leave, and trains come first"


def test_two_that_go_on_side_by_side_as_they_are_pay_each_for_itself() -> None:
    both = {
        **YARD,
        "classes": {"load": {}, "empty": {}},
        "stations": {"side": {"kind": "match", "inputs": {"load": {}, "empty": {}}}},
        "routes": {"*": {"side": "out"}},
        "sources": [{"class": one, "node": "side", "times": [0, 1, 2]} for one in ("load", "empty")],
    }
    run = study(both, usd(7), usd(2, station="side"))
    assert {name: clearance_cost(run, name).amounts for name in ("load", "empty")} == {
        "load": exactly("9.00"),
        "empty": exactly("9.00"),
    }


def test_of_a_class_that_partly_leaves_only_those_that_leave_pay_for_it() -> None:
    # Three trains in four go through as they are; the others are taken apart, and their two wagons leave.
    partly = {
        **YARD,
        "stations": {**YARD["stations"], "apart": {"kind": "split", "into": {"wagon": 2}}},
        "routes": {"train": {"check": {"apart": 0.25, "out": "rest"}}, "wagon": {"apart": "grab", "grab": "out"}},
        "sources": [{"class": "train", "node": "check", "interarrival": {"exp": 20}}],
    }
    run = study(partly, usd(100), days=200.0)
    (train,) = clearance_cost(run, "train").amounts
    assert train.mean == pytest.approx(Decimal(75), abs=Decimal(1))
    assert clearance_cost(run, "wagon").amounts == exactly("100.00")


def test_what_wagons_pay_is_never_told_as_the_cost_of_a_train() -> None:
    told = results(study(YARD, usd(7), usd(40, station="grab")))
    assert told["whole"]["unit"] == "train"
    assert told["whole"]["clearance_cost"] is None
    assert (told["clearance"]["classes"], told["clearance"]["units"]) == (["wagon"], ["wagon"])
    assert {one["unit"]: one["clearance_cost"] for one in told["classes"]} == {
        "train": None,
        "wagon": {"USD 2024": {"mean": "47.00", "low": "47.00", "high": "47.00"}},
    }


def test_a_train_that_only_begins_its_way_is_no_train_that_was_cleared() -> None:
    # It pays 40 and is made up again, when it pays 60; neither is the cost of a train, nor is their mean.
    again = {
        **YARD,
        "classes": {**YARD["classes"], "made": {"unit": "train"}},
        "stations": {**YARD["stations"], "make": {"kind": "combine", "of": "wagon", "size": 50, "as": "made"}},
        "routes": {"train": {"check": "apart"}, "wagon": {"apart": "grab", "grab": "make"}, "made": {"make": "out"}},
    }
    found = clearance_cost(study(again, usd(40, station="check"), usd(60, **{"class": "made"})))
    assert (found.amounts, found.units) == ((), ("train",))
    assert clearance_cost(study(again, usd(60, **{"class": "made"}))).amounts == exactly("60.00")


ROAD: dict[str, Any] = {
    "schema": "bridgehead-port-model/1",
    "classes": {"truck": {"unit": "truck"}, "coach": {"unit": "bus"}},
    "stations": {"gate": SERVED, "scan": SERVED, "hall": SERVED},
    "routes": {"*": {"gate": "scan", "scan": {"hall": 0.2, "out": "rest"}, "hall": "out"}},
    "sources": [
        {"class": "truck", "node": "gate", "interarrival": {"exp": 3}},
        {"class": "coach", "node": "gate", "interarrival": {"exp": 9}},
    ],
}
"""All are scanned, one in five is looked into; at either end of the counted time there are always some on their way."""


def test_what_every_truck_pays_once_is_its_cost_to_the_cent() -> None:
    run = study(ROAD, usd(35.5, station="gate", **{"class": "truck"}), usd(2.25), days=3.0, warmup_d=1.0)
    at, of = list(run.compiled.node_index["gate"]), list(run.compiled.type_index["truck"])
    for one in run.outcomes:
        assert one.pairs[at][:, of]["ended"].sum() != one.types["done"][of].sum(), "some are on their way at the ends"
    assert clearance_cost(run, "truck").amounts == exactly("37.75")
    assert clearance_cost(run, "coach").amounts == exactly("2.25")
    assert clearance_cost(run).amounts == (), "a bus is no truck"


def test_what_a_share_of_the_units_pays_is_that_share_of_it_within_its_interval() -> None:
    run = study(ROAD, usd(10, station="gate"), usd(60, station="hall", **{"class": "truck"}), days=300.0, warmup_d=1.0)
    (truck,) = clearance_cost(run, "truck").amounts
    assert truck.low is not None
    assert truck.high is not None
    expected = Decimal(10) + Decimal("0.2") * 60
    assert truck.low < expected < truck.high
    assert 0 < truck.high - truck.low < 1
    assert clearance_cost(run, "coach").amounts == exactly("10.00")


def test_who_gives_up_after_paying_is_no_part_of_the_cost_of_those_who_leave() -> None:
    # One in three finds the hall full and goes away, after paying at the gate like everybody.
    full = {
        **ROAD,
        "stations": {
            "gate": {"servers": 1, "service": {"*": {"det": 1}}},
            "hall": {"servers": 1, "service": {"*": {"det": 25}}, "queue_capacity": 0, "on_full": "lose"},
        },
        "routes": {"*": {"gate": "hall", "hall": "out"}},
        "sources": [{"class": "truck", "node": "gate", "times": [0, 30, 35]}],
    }
    run = study(full, usd(12, station="gate"))
    assert [int(one.types["dropped"].sum()) for one in run.outcomes] == [1] * 4
    assert clearance_cost(run, "truck").amounts == exactly("12.00")
