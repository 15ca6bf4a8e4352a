"""Charges of a description: their money, where they are known from, and what is wrong with them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.written import as_mapping
from bridgehead.kernel.errors import sentence
from tests.engines.simulation.descriptions import PORT, REMOVED, changed, faults_of, found

FEE = ("charges", 0)


def test_a_charge_keeps_its_money_and_where_it_is_known_from() -> None:
    model = read_model(PORT)
    fee, stamp = model.charges
    assert (fee.unit_class, fee.node, fee.side, fee.figure) == ("walk_in", "scan", "CN", "scan_fee")
    assert (fee.amount, fee.currency, fee.year) == (Decimal("120.5"), "USD", 2023)
    assert (fee.standing, fee.source, fee.date) == ("reported", "a report", "2023-08")
    assert (stamp.unit_class, stamp.node, stamp.figure) == ("*", "", "")
    assert (stamp.amount, stamp.currency, stamp.year) == (Decimal("7.10"), "CNY", 2024)
    assert (stamp.standing, stamp.note["en"]) == ("estimate", "stamp of the gate")
    assert read_model(as_mapping(model)).charges == model.charges


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ((*FEE, "amount"), -1, "model.out_of_range"),
        ((*FEE, "amount"), "a lot", "model.not_amount"),
        ((*FEE, "amount"), True, "model.not_amount"),
        ((*FEE, "amount"), "NaN", "model.not_amount"),
        ((*FEE, "amount"), "$scan_fees", "model.unknown_parameter"),
        ((*FEE, "amount"), 5, "model.missing"),
        ((*FEE, "currency"), "dollars", "model.not_currency"),
        ((*FEE, "currency"), "CNY", "model.other_currency"),
        ((*FEE, "year"), 1066, "model.out_of_range"),
        ((*FEE, "year"), "soon", "model.not_number"),
        ((*FEE, "class"), "walk_ins", "model.unknown_class"),
        ((*FEE, "station"), "scam", "model.unknown_station"),
        ((*FEE, "price"), 5, "model.unknown_field"),
        ((*FEE, "standing"), "rumour", "model.not_one_of"),
        (("charges",), {"gate": 5}, "model.not_list"),
    ],
)
def test_what_is_wrong_with_a_charge_is_said_with_its_path(path: Any, value: Any, code: str) -> None:
    whole = {} if path == ("charges",) or value == "$scan_fees" else {(*FEE, "currency"): "USD"}
    if (path, value) == ((*FEE, "amount"), 5):
        whole = {}
    faults = [one for one in faults_of(changed({**whole, path: value})) if one.severity == "error"]
    assert {one.code for one in faults} == {code}
    for one in faults:
        assert str(one.place.field).startswith("charges")
        assert set(sentence(one, "zh").message) & set("：")


def test_all_faults_of_charges_are_said_at_once() -> None:
    wrong = {(*FEE, "class"): "walk_ins", (*FEE, "currency"): "usd", ("charges", 1, "year"): REMOVED}
    assert found(faults_of(changed(wrong))) == {
        ("model.unknown_class", "charges[0].class"),
        ("model.not_currency", "charges[0].currency"),
        ("model.missing", "charges[1].year"),
    }
