"""What clearance costs a unit, worked out by hand, and that nobody is told that it costs nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bridgehead.engines.simulation.border_charges import MoneyEstimate, clearance_cost
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.replications import Experiment, Study, replicate
from bridgehead.engines.simulation.results import results

PORT: dict[str, Any] = {
    "schema": "bridgehead-port-model/1",
    "classes": {"laden": {}, "empty": {}, "bus": {}},
    "stations": {
        "gate": {"servers": 1, "service": {"*": {"det": 1}}},
        "scan": {"servers": 1, "service": {"*": {"det": 2}}},
        "hall": {"servers": 1, "service": {"*": {"det": 3}}},
    },
    "routes": {"*": {"gate": "out", "scan": "out", "hall": "out"}, "laden": {"gate": "scan"}},
    "sources": [
        {"class": "laden", "node": "gate", "times": [0, 10]},
        {"class": "empty", "node": "gate", "times": [5]},
        {"class": "bus", "node": "hall", "times": [0]},
    ],
    "charges": [
        {"station": "gate", "amount": "10.50", "currency": "USD", "year": 2023, "side": "CN"},
        {"class": "laden", "station": "scan", "amount": 120, "currency": "USD", "year": 2023, "side": "MN"},
        {"class": "empty", "amount": 7, "currency": "CNY", "year": 2024},
    ],
}


def study(description: dict[str, Any], horizon_min: float = 100.0, replications: int = 2) -> Study:
    return replicate(read_model(description), Experiment(horizon_min, 0.0, replications, bin_min=horizon_min))


def money(currency: str, year: int, amount: str) -> MoneyEstimate:
    value = Decimal(amount)
    return MoneyEstimate(currency, year, value, value, value)


@pytest.mark.article(12)
def test_a_unit_pays_on_both_sides_what_its_way_costs() -> None:
    run = study(PORT)
    assert clearance_cost(run, "laden").amounts == (money("USD", 2023, "130.50"),)
    assert clearance_cost(run, "empty").amounts == (money("CNY", 2024, "7.00"), money("USD", 2023, "10.50"))


def test_the_port_as_a_whole_is_the_mean_of_those_who_are_known_to_pay() -> None:
    whole = clearance_cost(study(PORT))
    # Two laden of 130.50 and one empty of 10.50; the stamp of 7 for one in three. The bus is no unit of this mean.
    assert whole.amounts == (money("CNY", 2024, "2.33"), money("USD", 2023, "90.50"))
    assert whole.classes == ("laden", "empty")
    assert whole.units == ("",)
    assert whole.no_charge_known == ("bus",)


def test_where_no_charge_is_known_there_is_none_and_not_one_of_zero() -> None:
    run = study(PORT)
    assert clearance_cost(run, "bus").amounts == ()
    told = results(run)
    assert {one["id"]: one["clearance_cost"] for one in told["classes"]}["bus"] is None
    nothing = results(study({**PORT, "charges": []}))
    assert nothing["whole"]["clearance_cost"] is None
    assert nothing["clearance"] == {
        "classes": [],
        "units": [],
        "no_charge_known": ["laden", "empty", "bus"],
        "charges": [],
    }


def test_a_charge_of_nothing_is_known_and_is_zero() -> None:
    free = {**PORT, "charges": [{"class": "bus", "amount": 0, "currency": "CNY", "year": 2024}]}
    assert clearance_cost(study(free), "bus").amounts == (money("CNY", 2024, "0.00"),)


def test_a_second_inspection_is_paid_again_and_the_interval_is_that_of_the_replications() -> None:
    again = {
        **PORT,
        "routes": {"*": {"gate": {"gate": 0.5, "out": "rest"}}},
        "sources": [{"class": "laden", "node": "gate", "interarrival": {"exp": 20}}],
        "stations": {"gate": PORT["stations"]["gate"]},
        "charges": [{"station": "gate", "amount": 10, "currency": "USD", "year": 2023}],
    }
    (found,) = clearance_cost(study(again, 50_000.0, 5), "laden").amounts
    assert found.low is not None
    assert found.high is not None
    # On average a unit comes to a gate twice that sends every second one back.
    assert found.low < Decimal("20.00") < found.high
    assert found.low < found.mean < found.high


def test_results_hold_money_as_text_with_its_year_and_standing() -> None:
    told = results(study(PORT))
    assert told["whole"]["clearance_cost"]["USD 2023"] == {"mean": "90.50", "low": "90.50", "high": "90.50"}
    first = told["clearance"]["charges"][0]
    assert (first["amount"], first["currency"], first["year"], first["standing"]) == (
        "10.50",
        "USD",
        2023,
        "assumption",
    )
