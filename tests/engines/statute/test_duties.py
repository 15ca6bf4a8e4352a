"""Duties: one invented sentence for each trap of the language, properties, and the labelled regulation."""

from __future__ import annotations

import importlib.util
import json
import time
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.statute import gazetteer, rules
from bridgehead.engines.statute.duties import duties_of
from bridgehead.engines.statute.model import Modality, Source, Statute
from bridgehead.engines.statute.reader import read
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.statute.duty_cases import cases, duties, statute_of, told

SHARED = Path(__file__).parents[3].parent / "shared" / "statutes"
PIECES = (
    *(
        "市人民政府",
        "及其",
        "有关部门",
        "、",
        "和",
        "，",
        "；",
        "。",
        "：",
        "应当",
        "不得",
        "可以",
        "鼓励",
        "支持",
        "由",
    ),
    *("会同", "与", "其", "的", "等", "部门", "企业", "违反", "（一）", "责令", "罚款", "制定", "办法", "在", "对"),
    *("下列", "情形之一", "《", "》", "“", "（", "）", "按照", "规定", "省", "设区的市", "20日内", "每年"),
    *("禁止", "应", "需", "\n"),
)


@pytest.mark.parametrize("case", cases("duties"), ids=lambda case: case["trap"])
def test_a_sentence_gives_the_duties_a_lawyer_reads_in_it(case: dict[str, str]) -> None:
    expected = [part.strip() for part in case["duties"].split("|") if part.strip()]
    assert [told(duty) for duty in duties(case["sentence"])] == expected


@pytest.mark.parametrize(
    "text",
    [
        "省、" * 40_000 + "人民政府应当登记。",
        "企业" * 60_000 + "应当登记。",
        "企业应当" + "《" * 60_000 + "登记。",
        "由" * 60_000 + "。",
        "实行" + "等部门支持" * 20_000 + "应当的登记。",
        "企业（已设立）应当登记（备案），" * 6_000 + "完成。",
        "湖区办公室（以下简称湖区办）应当登记。" + "湖区办应当登记" * 15_000 + "。",
        "企业应当：\n" + "（一）登记。企业可以备案；\n" * 6_000 + "（二）备案。",
        "".join(f"第{number}部门应当登记，" for number in range(8_000)) + "完成。",
        "学校、" * 20_000 + "医院的工作人员应当登记。",
        "产品、" * 20_000 + "服务的提供者应当登记。",
        "优化" * 20_000 + "工作主管部门应当登记。",
        "企业应当" + "为甲" * 20_000 + "。",
        "应当由" + "企业" * 20_000 + "登记。",
        "、依法应当登记的企业" * 20_000 + "应当登记。",
    ],
    ids=[
        *("levels", "one name", "unclosed", "by", "favours", "brackets", "short name", "items", "many duties"),
        *("staff", "things", "work", "benefits", "agents", "members"),
    ],
)
def test_long_sentences_take_no_time(text: str) -> None:
    statute = statute_of(text)
    begin = time.process_time()
    duties_of(statute, rules.shipped(), gazetteer.shipped())
    assert time.process_time() - begin < 4


def test_a_list_is_one_sentence() -> None:
    found = duties("市人民政府应当采取下列措施：\n（一）建设仓库；\n（二）不得收费；\n（三）支持企业参展。")
    assert [told(duty) for duty in found] == ["must 市人民政府", "must_not 市人民政府"]


def test_an_item_with_a_subject_of_its_own_binds_that_subject() -> None:
    found = duties(
        "市登记部门应当采取下列措施：\n（一）简化材料；\n（二）税务机关对新办商户即时核定税种；\n"
        "（三）商户申请变更字号，可以网上办理。"
    )
    assert [told(duty) for duty in found] == ["must 登记", "declarative 税务", "may 商户"]


def test_a_list_of_offences_holds_no_duty_but_that_of_the_organ() -> None:
    found = duties("企业有下列行为之一的，由商务部门责令改正：\n（一）应当备案而未备案的；\n（二）不得转让而转让的。")
    assert [told(duty) for duty in found] == ["declarative 商务"]


def test_the_same_words_in_another_place_keep_their_anchor() -> None:
    sentence = "市人民政府应当公布清单。"
    before = duties(sentence)
    after = duties("本市推进改革。", f"企业可以申请。\n{sentence}")
    assert before[0].anchor in {duty.anchor for duty in after}
    assert before[0].id != after[-1].id


def test_equal_duties_have_anchors_of_their_own() -> None:
    found = duties("市人民政府应当公布清单。市人民政府应当公布清单。")
    assert len({duty.anchor for duty in found}) == 2


def test_who_is_unnamed_or_carried_over_is_a_doubt() -> None:
    unnamed = duties("收费清单应当公开。")[0]
    assert "unnamed" in unnamed.doubts
    named, inherited = duties("市人民政府应当制定办法，不得收费。")
    assert "inherited" not in named.doubts
    assert "inherited" in inherited.doubts
    assert inherited.actors[0].inherited
    assert inherited.confidence < named.confidence


def test_who_leads_is_told() -> None:
    duty = duties("市商务部门会同财政部门制定方案。")[0]
    assert [actor.organ for actor in duty.leads] == ["商务"]


def test_evidence_and_action_are_stretches_of_the_source() -> None:
    statute = statute_of("市人民政府（含派出机构）应当公布清单。")
    duty = duties_of(statute, rules.shipped(), gazetteer.shipped())[0]
    assert duty.action.of(statute.source.text) == "应当公布清单"
    assert duty.evidence.of(statute.source.text) == "市人民政府（含派出机构）应当公布清单"


def _sound(statute: Statute) -> None:
    text = statute.source.text
    seen: set[str] = set()
    for duty in duties_of(statute, rules.shipped(), gazetteer.shipped()):
        assert 0 <= duty.evidence.start <= duty.action.start <= duty.action.end <= duty.evidence.end <= len(text)
        assert 0 < duty.confidence <= 1
        assert duty.id not in seen
        seen.add(duty.id)
        assert all(actor.name and actor.organ for actor in (*duty.actors, *duty.co_actors))
        assert isinstance(duty.modality, Modality)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_order_of_words_is_read_without_a_fault(text: str) -> None:
    try:
        statute = statute_of(text)
    except BridgeheadError:
        return
    _sound(statute)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    try:
        statute = statute_of(f"市人民政府应当{text}")
    except BridgeheadError:
        return
    _sound(statute)


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("statute_score", SHARED / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not (SHARED / "gold").is_dir(), reason="the shared statutes and their labels are not here")
def test_the_duties_of_the_regulation_are_those_a_person_labelled() -> None:
    name = "nmg-bridgehead-2023"
    gold = json.loads((SHARED / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    statute = read(Source(name, (SHARED / f"{name}.txt").read_text(encoding="utf-8")))
    paragraphs = {
        paragraph.id: (article.number, paragraph.number)
        for article in statute.articles
        for paragraph in article.paragraphs
    }
    found = [
        {
            "article": paragraphs[duty.paragraph][0],
            "paragraph": paragraphs[duty.paragraph][1],
            "modality": str(duty.modality),
            "actors": [actor.name for actor in duty.actors],
            "co_actors": [actor.name for actor in duty.co_actors],
            "reporting": duty.reporting,
            "budget": duty.budget,
            "assessment": duty.assessment,
        }
        for duty in duties_of(statute, rules.shipped(), gazetteer.shipped())
    ]
    scores, misses = _scorer().score_duties({name: gold}, {name: {"duties": found}}, name)
    assert scores["strict"]["f1"] >= 0.98, misses
    assert scores["co_actors"]["f1"] >= 0.7
    assert scores["flags"]["f1"] >= 0.8
