"""Errors carry code, parameters and place, speak two languages, and survive any text a file may hold."""

from __future__ import annotations

import json
import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.kernel.errors import BridgeheadError, Fault, Place, as_json, as_text, messages, sentence, visible

BAD_NUMBER = Fault("table.bad_number", {"value": "abc"}, Place("links.csv", 7, "length_km"))
WARNING = Fault("region.place_without_link", {"place": "x"}, Place("places.csv", 3, "id"), "warning")


def test_an_error_holds_at_least_one_fault() -> None:
    error = BridgeheadError("table.bad_number", {"value": "abc"}, Place("links.csv", 7, "length_km"))
    assert error.faults == (BAD_NUMBER,)
    assert (error.code, error.parameters, error.place) == (BAD_NUMBER.code, BAD_NUMBER.parameters, BAD_NUMBER.place)
    with pytest.raises(ValueError, match="at least one"):
        BridgeheadError.of([])


def test_an_error_fault_leads_before_a_warning() -> None:
    error = BridgeheadError.of([WARNING, BAD_NUMBER])
    assert error.code == "table.bad_number"
    assert error.faults == (BAD_NUMBER, WARNING)
    assert str(error) == "table.bad_number: “abc” is not a number. (+1)"


def test_sentences_in_both_languages() -> None:
    assert sentence(BAD_NUMBER, "zh").message == "“abc”不是数字。"
    assert sentence(BAD_NUMBER, "en").message == "“abc” is not a number."
    assert sentence(BAD_NUMBER, "zh-hans") == sentence(BAD_NUMBER, "zh") == sentence(BAD_NUMBER, "xx")
    assert sentence(BAD_NUMBER, "en-GB") == sentence(BAD_NUMBER, "en")


def test_lists_are_joined_in_the_way_of_the_language() -> None:
    fault = Fault("table.not_allowed", {"value": "x", "allowed": ("a", "b")})
    assert "a、b" in sentence(fault, "zh").cure
    assert "a, b" in sentence(fault, "en").cure
    assert as_text({"b", "a"}, "en") == "a, b"


def test_the_place_fills_holes_of_its_own() -> None:
    assert (
        sentence(Fault("table.missing_file", {}, Place("ports.csv")), "en").message == "The file ports.csv is missing."
    )


def test_a_parameter_is_text_not_template() -> None:
    fault = Fault("table.bad_number", {"value": "{row} {value.__class__} %s"}, Place(row=3))
    assert "{row} {value.__class__} %s" in sentence(fault, "en").message


def test_an_unknown_code_still_says_something() -> None:
    assert sentence(Fault("no.such_code", {"a": 1}), "en").message == "no.such_code (a=1)"


def test_json_shape() -> None:
    shape = as_json(BridgeheadError.of([BAD_NUMBER, WARNING]), "en")
    assert list(shape) == ["error"]
    assert set(shape["error"]) == {"code", "message", "cure", "place", "parameters", "faults"}
    assert shape["error"]["place"] == {"file": "links.csv", "row": 7, "column": "length_km", "field": None}
    assert [fault["severity"] for fault in shape["error"]["faults"]] == ["error", "warning"]
    assert as_json([WARNING], "zh")["error"]["code"] == WARNING.code


def test_json_holds_json_types_only() -> None:
    parameters = {
        "day": date(2023, 7, 31),
        "nan": float("nan"),
        "set": {3, 1},
        "deep": {"a": (1, None, True)},
        "half": "\udc80",
        "long": "x" * 10_000,
    }
    text = json.dumps(as_json([Fault("table.bad_number", parameters)], "zh"), allow_nan=False)
    assert len(text) < 3000
    assert json.loads(text)["error"]["parameters"]["set"] == [1, 3]


def test_an_error_crosses_a_process_border_whole() -> None:
    error = BridgeheadError.of([BAD_NUMBER, WARNING])
    again = pickle.loads(pickle.dumps(error))
    assert again.faults == error.faults


def test_faults_can_stand_in_sets() -> None:
    assert len({BAD_NUMBER, BAD_NUMBER, WARNING, Fault("x.y", {"list": [1]})}) == 3


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_no_control_character_reaches_the_screen(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    assert len(shown) <= 10 * 200
    shown.encode("utf-8")


@given(st.text(max_size=30), st.sampled_from(sorted(messages("zh"))), st.sampled_from(["zh", "en", "", "fr", "zh_CN"]))
def test_any_parameter_makes_a_sentence(value: str, code: str, language: str) -> None:
    said = sentence(
        Fault(code, {"value": value, "file": value, "path": value}, Place(value, 1, value, value)), language
    )
    assert said.message
    said.message.encode("utf-8")


def test_beside_its_field_a_sentence_does_not_begin_with_the_field() -> None:
    told = Fault("model.negative_time", {"value": "-5 min"}, Place(field="p-check"))
    assert sentence(told, "zh").message == "p-check：时间 -5 min 是负的。"
    assert sentence(told, "zh", at_field=True).message == "时间 -5 min 是负的。"
    assert sentence(told, "en", at_field=True).message == "The time -5 min is negative."
    assert sentence(Fault("model.negative_time", {"value": 1}), "en").message == "The time 1 is negative."
