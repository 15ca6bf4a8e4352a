"""Actors: their canonical names, kinds, places, and what a region adds."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from bridgehead.engines.statute import gazetteer, rules
from bridgehead.engines.statute.duties import duties_of
from bridgehead.engines.statute.gazetteer import Organ, organs_of
from tests.engines.statute.duty_cases import duties, statute_of


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("市商务主管部门", "商务"),
        ("县级以上人民政府财政部门", "财政"),
        ("省人民政府", "省人民政府"),
        ("国务院有关部门", "有关部门"),
        ("相关单位", "有关部门"),
        ("发改部门", "发展改革"),
        ("中国国际贸易促进委员会", "贸促会"),
        ("植物新品种主管部门", "植物新品种"),
        ("负责节水工作的部门", "负责节水工作的部门"),
        ("申请人", "申请人"),
        ("县级以上公安机关", "公安"),
        ("县级以上人民政府公安部门", "公安"),
        ("县级以上地方人民政府公安机关", "公安"),
        ("市、县公安局", "公安"),
        ("省级公安机关", "公安"),
        ("青山市公安局", "公安"),
        ("公安部", "公安"),
        ("省、市两级商务部门", "商务"),
        ("各盟市商务局", "商务"),
        ("国家发展改革委", "发展改革"),
        ("司法机关", "司法机关"),
        ("市场主体", "市场主体"),
        ("教育机构", "教育机构"),
        ("区域协作部门", "区域协作"),
    ],
)
def test_a_name_has_one_canonical_form(name: str, canonical: str) -> None:
    assert gazetteer.shipped().canonical(name) == canonical


def test_an_organ_no_table_knows_is_an_actor_all_the_same() -> None:
    actor = duties("市湖泊巡护管理部门应当组织巡查。")[0].actors[0]
    assert actor.name == "市湖泊巡护管理部门"
    assert not actor.known
    assert actor.kind == "department"


def test_a_known_organ_says_so_with_its_place() -> None:
    statute = statute_of("市商务部门应当公布清单。")
    actor = duties_of(statute, rules.shipped(), gazetteer.shipped())[0].actors[0]
    assert actor.known
    assert actor.kind == "department"
    assert actor.span is not None
    assert actor.span.of(statute.source.text) == "市商务部门"


def test_a_short_name_the_statute_declares_is_an_actor() -> None:
    found = duties("本市设立湖区开发促进会（以下简称促进会议）。", "促进会议可以聘请专家。")
    assert [actor.name for actor in found[-1].actors] == ["促进会议"]


def test_a_region_adds_its_organs() -> None:
    known = gazetteer.shipped().extended([Organ("湖泊巡护", "department", aliases=("巡湖",), bearers=("x-1",))])
    assert known.canonical("巡湖部门") == "湖泊巡护"
    duty = duties_of(statute_of("市巡湖、商务部门应当公布清单。"), rules.shipped(), known)[0]
    assert [actor.organ for actor in duty.actors] == ["湖泊巡护", "商务"]
    assert all(actor.known for actor in duty.actors)


def test_the_region_shipped_knows_the_organs_its_regulation_names() -> None:
    table = files("bridgehead.regions") / "nmg" / "statute" / "organs.csv"
    organs = organs_of(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    known = gazetteer.shipped().extended(organs)
    found = known.find("自治区商务主管部门")
    assert found is not None
    assert found.bearers == ("nm-swt",)
    assert len({organ.name for organ in organs}) == len(organs)
