"""Flags: reporting, budget and assessment, and what looks like them."""

from __future__ import annotations

import pytest

from bridgehead.engines.statute.rules import shipped, table
from tests.engines.statute.duty_cases import FLAGS, cases, duties


@pytest.mark.parametrize("case", cases("flags"), ids=lambda case: case["trap"])
def test_a_sentence_raises_the_flags_the_written_rules_give_it(case: dict[str, str]) -> None:
    found = duties(case["sentence"])
    told = [" ".join(flag for flag in ("reporting", "budget", "assessment") if getattr(duty, flag)) for duty in found]
    assert [flags or "-" for flags in told] == case["flags"].split(" | ")


@pytest.mark.parametrize(
    ("sentence", "flags"),
    [
        ("市审计部门应当每年向市人民政府报告审计情况。", {"reporting"}),
        ("企业应当向商务部门报送统计资料。", {"reporting"}),
        ("市商务部门应当将执行情况报市人民政府。", {"reporting"}),
        ("市商务部门应当将方案报市人民政府批准。", set()),
        ("市商务部门应当公布评估结果，并将评估结果向社会公开。", {"reporting", "assessment"}),
        ("市商务部门应当向社会公布服务清单。", set()),
        ("建设单位应当提交可行性研究报告。", set()),
        ("市人民政府应当将渡口所需经费列入财政预算。", {"budget"}),
        ("市人民政府应当安排专项资金，用于人才引进。", {"budget"}),
        ("市审计部门应当加强对专项资金使用的监督。", set()),
        ("鼓励企业设立产业基金。", set()),
        ("市人民政府应当将服务质量纳入绩效考核。", {"assessment"}),
        ("市人民政府应当开展安全风险评估。", set()),
        ("市人民代表大会常务委员会应当加强对预算执行的监督。", {"assessment"}),
        ("行政机关不得拖欠补贴，不得变相考核。", set()),
    ],
)
def test_a_flag_is_raised_by_what_is_done(sentence: str, flags: set[str]) -> None:
    duty = duties(sentence)[0]
    assert {flag for flag in FLAGS if getattr(duty, flag)} == flags


def test_a_flag_belongs_to_the_duty_whose_subject_does_the_thing() -> None:
    first, second = duties("市商务部门应当制定方案，由市财政部门安排补贴资金。")
    assert not first.budget
    assert second.budget


def test_every_sign_holds_a_mark_it_is_looked_for_by() -> None:
    for row in table("flags"):
        if row["role"] == "sign":
            assert shipped().flags[row["flag"]].marks.search(row["sign"]), row["sign"]
