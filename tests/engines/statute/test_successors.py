"""Organs that are no more: the table, and who bears their tasks now."""

from __future__ import annotations

from datetime import date

import pytest

from bridgehead.engines.statute import gazetteer
from bridgehead.engines.statute.rules import table
from bridgehead.engines.statute.successors import chain_of, successions, successors_of
from bridgehead.regions.load import load_region
from bridgehead.regions.organs import organisations_of


@pytest.mark.parametrize(
    ("written", "organ", "now"),
    [
        ("县级以上人民政府工商行政管理部门", "工商行政管理", ("市场监督管理",)),
        ("市质量技术监督局", "质量技术监督", ("市场监督管理",)),
        ("食品药品监管部门", "食品药品监督管理", ("市场监督管理", "药品监督管理")),
        ("国土资源主管部门", "国土资源", ("自然资源",)),
        ("环保部门", "环境保护", ("生态环境",)),
        ("出入境检验检疫机构", "检验检疫", ("海关",)),
        ("农业行政主管部门", "农业", ("农业农村",)),
        ("旅游主管部门", "旅游", ("文化和旅游",)),
        ("文化行政部门", "文化", ("文化和旅游",)),
        ("卫生计生部门", "卫生和计划生育", ("卫生健康",)),
        ("卫生行政部门", "卫生", ("卫生健康",)),
        ("安监部门", "安全生产监督管理", ("应急管理",)),
        ("政府法制机构", "政府法制", ("司法行政",)),
        ("国务院银行业监督管理机构", "银行业监督管理", ("国家金融监督管理",)),
        ("省公安厅", "公安", ()),
    ],
)
def test_an_organ_that_is_no_more_has_its_name_and_who_bears_its_tasks_now(
    written: str, organ: str, now: tuple[str, ...]
) -> None:
    assert gazetteer.shipped().canonical(written) == organ
    assert successors_of(organ) == now


def test_tasks_handed_on_twice_are_followed_step_by_step() -> None:
    assert [(step.former, step.since) for step in chain_of("卫生")] == [
        ("卫生", date(2013, 3, 14)),
        ("卫生和计划生育", date(2018, 3, 17)),
    ]


def test_every_row_names_known_organs_a_day_and_a_decision_and_leads_to_an_organ_of_today() -> None:
    known = gazetteer.shipped()
    assert len(successions()) == len(table("successors"))
    for former, step in successions().items():
        assert all(known.find(name) is not None for name in (former, *step.successors)), step
        assert all(known.organs[name].name == name for name in (former, *step.successors)), step
        assert step.since >= date(1949, 10, 1)
        assert step.basis
        assert successors_of(former), former


def test_a_region_says_who_bears_the_tasks_of_an_organ_that_is_no_more() -> None:
    region = load_region()
    assert organisations_of(region, "工商行政管理") == organisations_of(region, "市场监督管理") == ("nm-scjgj",)
    assert organisations_of(region, "农业") == organisations_of(region, "农牧")
    assert organisations_of(region, "新闻出版广电") == ()
