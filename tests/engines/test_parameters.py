"""Lookups: the most specific row wins, nothing is assumed, faults name the row."""

from __future__ import annotations

import pytest

from bridgehead.engines.network.parameters import ParameterBook, check_parameters
from bridgehead.engines.network.quantities import QUANTITIES, currency_of, shape_of
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.small import parameter


def speed(value: float, **selectors: object):
    return parameter("haul_speed", value, "km/h", **selectors)


def test_the_row_with_more_selectors_wins_and_a_blank_selector_fits_everything():
    book = ParameterBook([speed(1), speed(2, mode="rail"), speed(3, mode="rail", country="MN"), speed(4, country="MN")])
    assert book.find("haul_speed", mode="rail", country="MN").value == 3
    assert book.find("haul_speed", mode="rail", country="CN").value == 2
    assert book.find("haul_speed", mode="road", country="MN").value == 4
    assert book.find("haul_speed", mode="road", country="CN").value == 1


def test_between_equally_specific_rows_the_more_telling_selector_decides():
    rows = [
        speed(1, mode="rail"),
        speed(2, freight_class="bulk"),
        speed(3, gauge_mm=1520),
        speed(4, link_class="M1"),
        speed(5, country="MN"),
        speed(6, place="erdene"),
    ]
    question = {"mode": "rail", "freight_classes": ("bulk",), "gauge_mm": 1520, "link_class": "M1", "country": "MN"}
    for last in range(6, 0, -1):
        book = ParameterBook(rows[:last])
        assert book.find("haul_speed", places=("erdene",), **question).value == last


def test_of_two_classes_or_places_the_one_named_first_wins():
    book = ParameterBook([speed(1, freight_class="bulk"), speed(2, freight_class="wagonload-4"), speed(9, place="x")])
    assert book.find("haul_speed", freight_classes=("wagonload-4", "bulk")).value == 2
    assert book.find("haul_speed", freight_classes=("bulk", "wagonload-4")).value == 1
    assert book.find("haul_speed", freight_classes=("bulk",), places=("y", "x")).value == 9


def test_no_row_that_fits_is_an_error_that_names_the_question():
    book = ParameterBook([speed(1, mode="road")])
    with pytest.raises(BridgeheadError) as caught:
        book.find("haul_speed", mode="rail", country="MN", gauge_mm=1520, freight_classes=("bulk",), places=("a", "b"))
    assert caught.value.code == "parameter.missing"
    assert caught.value.parameters["quantity"] == "haul_speed"
    assert caught.value.parameters["mode"] == "rail"
    assert caught.value.parameters["country"] == "MN"
    assert caught.value.parameters["freight_class"] == "bulk"
    assert caught.value.parameters["place"] == "a | b"


def test_two_alternative_quantities_that_fit_equally_well_are_ambiguous_and_the_more_specific_wins():
    with_border = parameter("freight_rate_including_border", 0.3, "USD/tkm", country="MN")
    without = parameter("freight_rate", 0.2, "USD/tkm", country="MN")
    names = ("freight_rate", "freight_rate_including_border")
    with pytest.raises(BridgeheadError) as caught:
        ParameterBook([with_border, without]).find(*names, country="MN", mode="rail")
    assert caught.value.code == "parameter.ambiguous"
    better = parameter("freight_rate", 0.1, "USD/tkm", country="MN", mode="rail")
    assert ParameterBook([with_border, without, better]).find(*names, country="MN", mode="rail") is better


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (parameter("hual_speed", 1, "km/h"), "parameter.unknown_quantity"),
        (parameter("haul_speed", 1, "h"), "parameter.bad_unit"),
        (parameter("haul_speed", 0, "km/h"), "parameter.bad_value"),
        (parameter("haul_speed", -1, "km/h"), "parameter.bad_value"),
        (parameter("haul_speed", float("nan"), "km/h"), "parameter.bad_value"),
        (parameter("loading_time", 1, "h", gauge_mm=1520), "parameter.unused_selector"),
        (parameter("freight_rate", 1, "CNY/tkm"), "parameter.no_exchange_rate"),
    ],
)
def test_a_row_the_model_cannot_use_is_named(row, code):
    (fault,) = check_parameters([row])
    assert fault.code == code
    assert fault.parameters["id"] == row.id
    with pytest.raises(BridgeheadError):
        ParameterBook([row])


def test_all_faults_come_at_once_and_twins_are_found():
    rows = [speed(1, mode="rail"), speed(2, mode="rail"), parameter("nothing", 1, "h")]
    found = check_parameters(rows)
    assert {fault.code for fault in found} == {"parameter.ambiguous", "parameter.unknown_quantity"}


def test_a_misspelt_quantity_comes_with_those_it_may_mean():
    (fault,) = check_parameters([parameter("haul_sped", 1, "km/h")])
    assert "haul_speed" in str(fault.parameters["close"])


def test_currencies_are_told_from_other_units():
    assert currency_of("CNY/tkm") == "CNY"
    assert currency_of("TEU/t") is None
    assert currency_of("km/h") is None
    assert shape_of("MNT/FEU") == "$/FEU"
    assert shape_of("g/tkm") == "g/tkm"


def test_every_quantity_says_what_it_means_and_which_units_it_takes():
    for quantity in QUANTITIES.values():
        assert quantity.units
        assert len(quantity.meaning) > 20
