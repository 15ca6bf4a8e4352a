"""Deadlines and frequencies as duties state them."""

from __future__ import annotations

import pytest

from bridgehead.engines.statute.terms import amount_of, deadline_of, frequency_of
from tests.engines.statute.duty_cases import duties


@pytest.mark.parametrize(
    ("words", "text", "amount", "unit"),
    [
        ("应当在三十日内答复", "三十日内", 30, "day"),
        ("应当自受理之日起五个工作日内办结", "自受理之日起五个工作日内", 5, "working_day"),
        ("应当在20个工作日内办结", "20个工作日内", 20, "working_day"),
        ("应当在六个月内完成整改", "六个月内", 6, "month"),
        ("应当在二十四小时内报告", "二十四小时内", 24, "hour"),
        ("应当于每年三月底前公布计划", "每年三月底前", None, ""),
        ("应当于每年3月31日前公布计划", "每年3月31日前", None, ""),
    ],
)
def test_a_deadline_is_read(words: str, text: str, amount: int | None, unit: str) -> None:
    found = deadline_of(words)
    assert found is not None
    assert (found.text, found.amount, found.unit) == (text, amount, unit)
    assert words[found.start : found.end] == text


@pytest.mark.parametrize(
    ("words", "text", "amount", "unit"),
    [
        ("应当每年公布报告", "每年", 1, "year"),
        ("每季度至少一次巡查", "每季度至少一次", 1, "quarter"),
        ("应当每五年修订规划", "每五年", 5, "year"),
        ("应当每半年通报", "每半年", 1, "half_year"),
        ("应当定期评估", "定期", None, ""),
    ],
)
def test_a_frequency_is_read(words: str, text: str, amount: int | None, unit: str) -> None:
    found = frequency_of(words)
    assert found is not None
    assert (found.text, found.amount, found.unit) == (text, amount, unit)


@pytest.mark.parametrize("words", ["应当公布清单", "在职责范围内做好工作", "在施工前公示"])
def test_what_states_no_time_has_none(words: str) -> None:
    assert deadline_of(words) is None
    assert frequency_of(words) is None


@pytest.mark.parametrize(
    ("text", "amount"), [("十", 10), ("十五", 15), ("三十", 30), ("一百二十", 120), ("两", 2), ("7", 7)]
)
def test_numbers_are_read(text: str, amount: int) -> None:
    assert amount_of(text) == amount


def test_a_duty_has_the_terms_of_its_own_words() -> None:
    first, second = duties("市税务部门应当自受理之日起五个工作日内答复。", "市统计部门应当每季度公布数据。")
    assert first.deadline is not None
    assert (first.deadline.amount, first.deadline.unit) == (5, "working_day")
    assert first.frequency is None
    assert second.frequency is not None
    assert second.frequency.text == "每季度"
    assert second.deadline is None
