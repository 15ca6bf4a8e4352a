"""Event logs of ports: what is read from them, and every fault with its row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.simulation.calibration.event_log import parse_event_log, read_event_log
from bridgehead.kernel.errors import BridgeheadError, sentence

HEAD = "unit,activity,start,end,resource,class\n"


def faults(text: str, **options: int) -> list[tuple[str, int | None, str | None]]:
    with pytest.raises(BridgeheadError) as caught:
        parse_event_log(text, **options)
    for fault in caught.value.faults:
        for language in ("zh", "en"):
            words = sentence(fault, language)
            assert "{" not in words.message + words.cure, words
    return [(fault.code, fault.place.row, fault.place.column) for fault in caught.value.faults]


def test_a_log_in_minutes_is_read() -> None:
    log = parse_event_log(HEAD + "a,arrival,5,5,,car\na,gate,7.5,9,g1,car\na,scan,10,12,,car\nb,gate,9,,g1,truck\n")
    assert log.units == ("a", "b")
    assert log.activities == ("gate", "scan")
    assert log.classes == ("car", "truck")
    assert log.first_day is None
    assert log.start_min.tolist() == [7.5, 10.0, 9.0]
    assert log.joined_min.tolist()[:2] == [5.0, 9.0]
    assert np.isnan(log.joined_min[2])
    assert np.isnan(log.end_min[2])
    assert log.arrived_min[0] == 5.0
    assert log.until_min == 12.0
    assert log.resource.tolist() == [0, -1, 0]


@pytest.mark.parametrize(
    "written", ["2025-03-01 08:15:30", "2025-03-01T08:15:30", "2025/3/1 8:15:30", "2025-03-01T08:15:30.000"]
)
def test_times_of_the_clock_are_read_as_they_are_written(written: str) -> None:
    log = parse_event_log(HEAD + f"a,gate,{written},2025-03-01 08:20,,\n")
    assert log.first_day == date(2025, 3, 1)
    assert log.start_min.tolist() == [495.5]
    assert log.end_min.tolist() == [500.0]
    assert log.weekday == 5
    assert log.classes == ("unit",)


def test_extra_columns_and_other_orders_of_columns_do_no_harm() -> None:
    log = parse_event_log("note,end,start,activity,unit\nx,9,7,gate,a\n")
    assert (log.start_min[0], log.end_min[0]) == (7.0, 9.0)


def test_quotation_marks_blank_lines_and_marks_of_windows_are_read_with_the_right_rows() -> None:
    text = '\ufeffunit,activity,start,end\r\n"a, the first",gate,7,9\r\n\r\nb,gate,8,x\r\n'
    assert faults(text) == [("event_log.bad_time", 4, "end")]
    assert parse_event_log(text.replace(",x", ",10")).units == ("a, the first", "b")


def test_all_faults_are_named_at_once() -> None:
    text = HEAD + (
        "a,gate,7,9,,car\n"  # 2
        ",gate,7,9,,car\n"  # 3 no unit
        "b,gate,9,8,,car\n"  # 4 end before start
        "c,gate,soon,8,,car\n"  # 5 no time
        "a,scan,5,10,,car\n"  # 6 before the end of gate
        "a,gate,7,9,,car\n"  # 7 again
        "d,gate,-1,8,,car\n"  # 8 negative
        "e,gate,1,8,,car\n"  # 9
        "e,exit,9,10,,bus\n"  # 10 another class
        "f,arrival,1,1,,car\n"  # 11
        "f,arrival,2,2,,car\n"  # 12 arrives again
        "f,,3,4,,car\n"  # 13 no activity
        "g,gate,3,,,car\n"  # 14 no end, and goes on
        "g,scan,6,7,,car\n"  # 15
    )
    assert faults(text) == [
        ("table.empty_cell", 3, "unit"),
        ("event_log.end_before_start", 4, "end"),
        ("event_log.bad_time", 5, "start"),
        ("event_log.runs_backwards", 6, "start"),
        ("event_log.repeated_row", 7, None),
        ("event_log.negative_time", 8, "start"),
        ("event_log.two_classes", 10, "class"),
        ("event_log.second_arrival", 12, "activity"),
        ("table.empty_cell", 13, "activity"),
        ("event_log.end_missing", 14, "end"),
    ]


def test_a_small_overlap_inside_a_unit_is_left_to_the_clocks() -> None:
    text = HEAD + "a,gate,7,9,,\na,scan,8.5,10,,\n"
    assert parse_event_log(text).joined_min[1] == 8.5
    assert faults(text.replace("8.5", "7.9")) == [("event_log.runs_backwards", 3, "start")]


def test_an_arrival_after_the_first_start_runs_backwards() -> None:
    assert faults(HEAD + "a,gate,7,9,,\na,arrival,12,12,,\n") == [("event_log.runs_backwards", 2, "start")]


def test_one_server_with_two_units_is_a_warning_and_the_log_is_used() -> None:
    log = parse_event_log(HEAD + "a,gate,7,19,g1,\nb,gate,12,14,g1,\nc,gate,12,14,g2,\n")
    assert [(w.code, w.severity, w.place.row, w.place.column) for w in log.warnings] == [
        ("event_log.shared_resource", "warning", 3, "resource")
    ]
    assert log.warnings[0].parameters["minutes"] == 7.0


def test_mixed_kinds_of_time_are_one_fault_at_the_first_of_the_fewer() -> None:
    text = HEAD + "a,gate,7,9,,\nb,gate,2025-03-01 08:00,2025-03-01 09:00,,\nc,gate,9,10,,\n"
    assert ("event_log.mixed_times", 3, None) in faults(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("table.empty_file", None, None)]),
        (HEAD, [("event_log.no_rows", None, None)]),
        (HEAD + "a,arrival,5,5,,\n", [("event_log.no_rows", None, None)]),
        ("unit;activity;start;end\na;gate;1;2\n", [("table.wrong_separator", 1, None)]),
        ("unit,start,resource\na,1,2\n", [("table.missing_column", 1, "activity"), ("table.missing_column", 1, "end")]),
        ("unit,activity,start,end,unit\n", [("table.duplicate_column", 1, "unit")]),
        (HEAD + "a,gate,1,2,,,9\n", [("table.ragged_row", 2, None)]),
        (HEAD + "a,gate,1,2,,\nb,gate,1\n", [("table.ragged_row", 3, None)]),
        (HEAD + "a,gate,1,inf,,\n", [("event_log.bad_time", 2, "end")]),
        (HEAD + "a,gate,2025-02-30 10:00,2025-03-01 10:00,,\n", [("event_log.bad_time", 2, "start")]),
        (HEAD + "a,gate,1e12,1.1e12,,\n", [("event_log.too_long", 2, None)]),
        (HEAD + "a,gate,2025-02-20 10:00,2052-03-01 10:00,,\n", [("event_log.too_long", 2, None)]),
    ],
)
def test_what_is_no_log_is_refused_with_its_reason(
    text: str, expected: list[tuple[str, int | None, str | None]]
) -> None:
    assert faults(text) == expected


def test_a_log_over_the_limit_is_refused_before_it_is_read() -> None:
    text = HEAD + "".join(f"u{i},gate,{i},{i + 1},,\n" for i in range(11))
    assert faults(text, most_rows=10) == [("event_log.too_many_rows", None, None)]
    assert len(parse_event_log(text, most_rows=11).units) == 11


def test_of_thousands_of_faults_the_first_are_listed_and_the_others_counted() -> None:
    text = HEAD + "".join(f"u{i},gate,x,{i + 1},,\n" for i in range(3000))
    with pytest.raises(BridgeheadError) as caught:
        parse_event_log(text)
    assert len(caught.value.faults) == 1001
    assert caught.value.faults[-1].code == "table.more_faults"
    assert caught.value.faults[-1].parameters["count"] == 2000


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(BridgeheadError) as caught:
        read_event_log(tmp_path / "log.csv")
    assert caught.value.code == "event_log.unreadable_file"
    (tmp_path / "log.csv").write_bytes("单位,作业".encode("gbk"))
    with pytest.raises(BridgeheadError) as caught:
        read_event_log(tmp_path / "log.csv")
    assert caught.value.code == "table.wrong_encoding"
    (tmp_path / "log.csv").write_text(HEAD + "a,gate,1,2,,\n", encoding="utf-8")
    assert read_event_log(tmp_path / "log.csv").file == "log.csv"


@given(st.text(alphabet='ab,"\n0123456789.-:T/ \r;x', max_size=80), st.booleans())
def test_any_text_gives_a_log_or_faults_and_nothing_else(text: str, with_head: bool) -> None:
    try:
        log = parse_event_log(HEAD + text if with_head else text)
    except BridgeheadError as error:
        assert error.faults  # noqa: PT017
    else:
        assert (log.end_min[~np.isnan(log.end_min)] >= log.start_min[~np.isnan(log.end_min)]).all()
        assert (np.diff(log.unit) >= 0).all()


def test_a_time_beyond_all_measure_is_told_in_few_signs() -> None:
    with pytest.raises(BridgeheadError) as caught:
        parse_event_log(HEAD + "a,gate,1,2,,\nb,gate,1e300,1e300,,\n")
    (fault,) = caught.value.faults
    assert fault.code == "event_log.too_long"
    assert all(len(sentence(fault, language).message) < 120 for language in ("zh", "en"))
