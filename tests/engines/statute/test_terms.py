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
        ("应当在2026年12月31日前完成改造", "2026年12月31日前", None, ""),
        ("应当于2026年底前完成", "2026年底前", None, ""),
        ("应当在次月十五日前报送报表", "次月十五日前", None, ""),
        ("应当在有效期届满三十日前提出申请", "三十日前", 30, "day"),
        ("应当在活动举行前十五日报送方案", "前十五日", 15, "day"),
        ("应当在有效期届满前三十日提出申请", "届满前三十日", 30, "day"),
        ("应当在期满前十日内申请", "期满前十日内", 10, "day"),
        ("应当在次年第一季度前报送", "次年第一季度前", None, ""),
        ("应当于第三季度末前公布", "第三季度末前", None, ""),
        ("应当于一季度结束前公布", "一季度结束前", None, ""),
        ("应当在一个季度内完成", "一个季度内", 1, "quarter"),
        ("应当提前三十日书面通知", "提前三十日", 30, "day"),
        ("应当在半年内完成", "半年内", 1, "half_year"),
        ("应当从收到之日起三个月以内答复", "从收到之日起三个月以内", 3, "month"),
        ("办理时限最长不得超过六个月", "时限最长不得超过六个月", 6, "month"),
        ("分别在五个工作日、七个工作日内办结", "五个工作日、七个工作日内", None, ""),
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
        ("应当每五年至少一次修订规划", "每五年至少一次", 5, "year"),
        ("应当每隔三年评估", "每隔三年", 3, "year"),
        ("应当两年一次开展普查", "两年一次", 2, "year"),
        ("应当每月报送", "每月", 1, "month"),
        ("应当按季度公布", "按季度", None, ""),
    ],
)
def test_a_frequency_is_read(words: str, text: str, amount: int | None, unit: str) -> None:
    found = frequency_of(words)
    assert found is not None
    assert (found.text, found.amount, found.unit) == (text, amount, unit)


@pytest.mark.parametrize(
    "words",
    [
        "应当公布清单",
        "在职责范围内做好工作",
        "在施工前公示",
        "应当及时处理",
        "责令限期改正",
        "在规定期限内缴纳",
        "在一定期限内停止",
        "三年内不得再次申请",
        "施行前款规定",
        "公布近三年的数据",
        "建成一小时交通圈",
    ],
)
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


def test_a_term_in_the_words_of_another_subject_is_not_taken() -> None:
    first, second = duties("市规划部门应当编制方案，由市人民政府在十日内批准，市规划部门应当组织实施。")
    assert first.deadline is None
    assert second.deadline is not None
    assert second.deadline.text == "十日内"


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("自收到申请之日起十五日内，市税务部门应当作出答复。", "自收到申请之日起十五日内"),
        ("市税务部门自收到申请之日起十五日内，应当作出答复。", "自收到申请之日起十五日内"),
        ("企业应当公布报表；每年三月底前，市财政部门应当公布预算。", "每年三月底前"),
        ("许可证有效期届满前三十日内，经营者可以申请延续。", "届满前三十日内"),
    ],
)
def test_a_deadline_in_front_of_the_subject_is_read(sentence: str, text: str) -> None:
    last = duties(sentence)[-1]
    assert last.deadline is not None
    assert last.deadline.text == text


def test_a_frequency_in_front_of_the_subject_is_read() -> None:
    (duty,) = duties("每季度，渡口管理机构应当组织演练。")
    assert duty.frequency is not None
    assert duty.frequency.text == "每季度"


@pytest.mark.parametrize(
    "sentence",
    [
        "自处罚决定作出之日起三年内，经营者不得再次申请。",
        "经营者三年内受过处罚的，市税务部门应当重点检查。",
        "企业应当申请延期，延长时间不超过三十日，市税务部门应当公告。",
    ],
)
def test_a_time_in_front_of_the_subject_is_not_always_a_deadline(sentence: str) -> None:
    assert duties(sentence)[-1].deadline is None
