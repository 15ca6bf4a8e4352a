"""A kind of programme: moves along its stages, its typed fields with all faults at once, the sums of its indicators."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bridgehead.engines.programmes.kinds import Choice, Field, Kind, Stage, Type
from bridgehead.engines.programmes.series import Record, series_of, sums
from bridgehead.kernel.errors import BridgeheadError

STAGES = tuple(Stage(one, one, one, "", "") for one in ("idea", "plan", "work", "done-well"))
FIELDS = (
    Field("area", Type.NUMBER, "km2", True, "面积", "Area"),
    Field("firms", Type.INTEGER, "", False, "企业", "Firms"),
    Field("cost", Type.MONEY, "CNY", False, "造价", "Cost"),
    Field("opens", Type.DATE, "", False, "开幕", "Opens"),
    Field("type", Type.CHOICE, "", False, "类型", "Type", (Choice("b", "保税", "Bonded"),)),
    Field("green", Type.BOOLEAN, "", False, "绿色", "Green"),
    Field("who", Type.TEXT, "", False, "谁", "Who"),
)
ITEMS = (
    Field("signed", Type.MONEY, "CNY", True, "签约", "Signed"),
    Field("fulfilled", Type.MONEY, "CNY", False, "履约金额", "Fulfilled", at_most="signed"),
    Field("kept", Type.BOOLEAN, "", False, "履约", "Kept"),
)
KIND = Kind("zone", "区", "Zone", "", "", (26,), STAGES, FIELDS, "deal", "签约", "Deal", ITEMS)


def codes(error: BridgeheadError) -> list[tuple[str, str | None]]:
    return [(one.code, one.place.field) for one in error.faults]


def test_a_programme_goes_to_the_next_stage_or_back() -> None:
    assert KIND.next("idea") == STAGES[1]
    assert KIND.next("done-well") is None
    assert (KIND.back("idea", "plan"), KIND.back("work", "idea")) == (False, True)


@pytest.mark.parametrize(
    ("now", "to", "code"),
    [
        ("idea", "work", "programme.stage_skipped"),
        ("idea", "idea", "programme.same_stage"),
        ("idea", "dream", "programme.unknown_stage"),
        ("dream", "idea", "programme.unknown_stage"),
    ],
)
def test_it_does_not_jump(now: str, to: str, code: str) -> None:
    with pytest.raises(BridgeheadError) as caught:
        KIND.back(now, to)
    assert caught.value.code == code


def test_fields_are_kept_exactly() -> None:
    typed = {"area": " 1,200.50 ", "firms": "7.0", "cost": "0.10", "opens": "2026-05-01", "type": "保税"}
    found = KIND.read(typed | {"green": "否", "who": "某公司"})
    assert found == {
        **{"area": "1200.50", "firms": 7, "cost": "0.10", "opens": "2026-05-01", "type": "b"},
        **{"green": False, "who": "某公司"},
    }


def test_every_fault_is_told_at_once() -> None:
    typed = {
        "firms": "2.5",
        "cost": "-1",
        "opens": "1.5.2026",
        "type": "x",
        "green": "maybe",
        "who": "长" * 501,
        "no": "",
    }
    with pytest.raises(BridgeheadError) as caught:
        KIND.read(typed)
    assert codes(caught.value) == [
        ("programme.field_missing", "field-area"),
        ("programme.field_not_whole", "field-firms"),
        ("programme.field_below_zero", "field-cost"),
        ("programme.field_not_a_day", "field-opens"),
        ("programme.field_not_a_choice", "field-type"),
        ("programme.field_not_yes_or_no", "field-green"),
        ("programme.field_too_long", "field-who"),
        ("programme.field_unknown", "field-no"),
    ]


@pytest.mark.parametrize(("fulfilled", "fits"), [("99.99", True), ("100", True), ("100.01", False), ("900", False)])
def test_a_part_is_no_more_than_the_whole(fulfilled: str, fits: bool) -> None:
    typed = {"signed": "100.00", "fulfilled": fulfilled}
    if fits:
        assert KIND.read(typed, item=True) == typed
        return
    with pytest.raises(BridgeheadError) as caught:
        KIND.read(typed, item=True)
    assert codes(caught.value) == [("programme.field_over_whole", "field-fulfilled")]
    assert KIND.read({"signed": "0"}, item=True) == {"signed": "0"}


@pytest.mark.parametrize("text", ["1e5", "NaN", "Infinity", "0x10", "1 000", "--1", "1" * 16])
def test_only_plain_numbers_are_numbers(text: str) -> None:
    with pytest.raises(BridgeheadError) as caught:
        KIND.read({"area": text})
    assert caught.value.code == "programme.field_not_a_number"


def test_a_number_may_lie_below_zero_and_money_not() -> None:
    assert KIND.read({"area": "-40"})["area"] == "-40"
    assert KIND.read({"area": "１２"})["area"] == "12"


def test_sums_take_records_that_have_every_field_and_tell_how_many_have_not() -> None:
    records = [
        Record(
            "work", {"area": "2.5", "firms": 4, "green": True}, [{"signed": "10.10", "kept": True}, {"signed": "5"}]
        ),
        Record("done-well", {"area": "0.5", "firms": 1, "green": False}),
        Record("idea", {"area": "100"}),
    ]
    names = ["area", "firms", "count", "items", "item_signed", "item_yes_kept", "reached_work"]
    found = sums(KIND, names, records, 2026)
    assert found.values == {
        **{"area": Decimal("3.0"), "firms": Decimal(5), "count": Decimal(2), "items": Decimal(2)},
        **{"item_signed": Decimal("15.10"), "item_yes_kept": Decimal(1), "reached_work": Decimal(2)},
    }
    assert (found.counted, found.left_out) == (2, 1)
    assert sums(KIND, ["yes_green"], records, 2026).values == {"yes_green": Decimal(1)}


def test_nothing_comes_to_nothing() -> None:
    assert sums(KIND, ["area"], [Record("idea", {})], 2026).values == {"area": None}
    assert sums(KIND, ["item_signed", "items"], [Record("idea", {})], 2026).values == {
        "item_signed": None,
        "items": Decimal(0),
    }


def test_a_formula_may_name_numbers_yes_and_stages_only() -> None:
    assert set(series_of(KIND)) == {
        *("count", "items", "year_items", "reached_idea", "reached_plan", "reached_work", "reached_done_well"),
        *("area", "firms", "cost", "yes_green", "item_signed", "item_fulfilled", "item_yes_kept"),
    }


def test_items_of_a_year_are_those_of_its_days() -> None:
    record = Record("work", {"firms": 4}, [{}, {}, {}], [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31)])
    assert sums(KIND, ["year_items", "firms"], [record], 2026).values == {"year_items": Decimal(2), "firms": Decimal(4)}
    assert sums(KIND, ["year_items"], [record], 2024).values == {"year_items": Decimal(0)}
