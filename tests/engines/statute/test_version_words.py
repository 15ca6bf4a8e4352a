"""Marked words: both texts come back from the pieces, and the cuts are where a reader would put them."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.statute import gazetteer
from bridgehead.engines.statute.versions import Cause, Piece, new_text, old_text
from bridgehead.engines.statute.versions.borders import Usage
from bridgehead.engines.statute.versions.citations import citations, masked
from bridgehead.engines.statute.versions.words import pieces_of, tokens_of
from tests.engines.statute.drafts import sentence

LETTERS = "甲乙丙丁应当，。；：、（）《》第一二十条款项章本 \u3000\n日年月3ab"


def pieces(old: str, new: str, *, usage: Usage | None = None) -> tuple[Piece, ...]:
    return pieces_of(tokens_of(old), tokens_of(new), lambda _old, _new: False, usage)


def shown(marked: tuple[Piece, ...]) -> str:
    signs = {"equal": "{}", "delete": "[-{}]", "insert": "[+{}]"}
    return "".join(signs[piece.mark.value].format(piece.text) for piece in marked)


@given(st.text(LETTERS, max_size=60), st.text(LETTERS, max_size=60))
@settings(max_examples=300, deadline=None)
def test_both_texts_come_back(old: str, new: str) -> None:
    marked = pieces(old, new, usage=Usage([old, new]))
    assert (old_text(marked), new_text(marked)) == (old, new)
    assert all(piece.text for piece in marked)


@given(st.text(LETTERS, max_size=80), st.data())
@settings(max_examples=200, deadline=None)
def test_both_texts_come_back_after_small_edits(old: str, data: st.DataObject) -> None:
    new = old
    for _ in range(3):
        at = data.draw(st.integers(0, len(new)))
        end = data.draw(st.integers(at, min(len(new), at + 4)))
        new = new[:at] + data.draw(st.text(LETTERS, max_size=4)) + new[end:]
    marked = pieces(old, new, usage=Usage([old, new]))
    assert (old_text(marked), new_text(marked)) == (old, new)


@given(st.text(LETTERS, max_size=60))
def test_a_text_is_equal_to_itself(text: str) -> None:
    assert [piece for piece in pieces(text, text) if piece.mark.value != "equal"] == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("船工在三十日内登记。", "船工在二十日内登记。", "船工在[-三十日][+二十日]内登记。"),
        ("每年检查2次水闸。", "每年检查12次水闸。", "每年检查[-2次][+12次]水闸。"),
        ("邮筒、路牌的颜色。", "邮筒、灯笼、路牌的颜色。", "邮筒、[+灯笼、]路牌的颜色。"),
        ("船工登记。船主付费。", "船工登记。船工培训。船主付费。", "船工登记。[+船工培训。]船主付费。"),
        ("依照《风车法》办理。", "依照《水车法》办理。", "依照[-《风车法》][+《水车法》]办理。"),
        ("船主可以修理木桥。", "船主应当修理木桥。", "船主[-可以][+应当]修理木桥。"),
        ("船主应当修桥。", "船主必须修桥。", "船主[-应当][+必须]修桥。"),
        ("船主加强行船检查。", "船主强化行船检查。", "船主[-加强][+强化]行船检查。"),
        ("船主应该修桥。", "船主应当修桥。", "船主[-应该][+应当]修桥。"),
        ("船主负责维修木桥。", "船主负责维护木桥。", "船主负责[-维修][+维护]木桥。"),
        ("受理之日起三十日内答复。", "受理之日起十五日内答复。", "受理之日起[-三十日][+十五日]内答复。"),
        ("渡船每年报告一次。", "渡船每半年报告一次。", "渡船[-每年][+每半年]报告一次。"),
        ("载重八十七吨的渡船", "载重八十九吨的渡船", "载重[-八十七吨][+八十九吨]的渡船"),
        ("票价3.5万元以下", "票价5.5万元以下", "票价[-3.5万元][+5.5万元]以下"),
        ("占百分之二十以上", "占百分之三十以上", "占[-百分之二十][+百分之三十]以上"),
        ("自2019年5月1日起", "自2021年6月1日起", "自[-2019年5月1日][+2021年6月1日]起"),
        ("二〇一九年五月一日以前", "二〇二一年五月一日以前", "[-二〇一九年五月一日][+二〇二一年五月一日]以前"),
        (
            "依照《风车法》第十二条办理",
            "依照《风车法》第二十条第二款办理",
            "依照《风车法》[-第十二条][+第二十条第二款]办理",
        ),
        ("由市工商行政管理部门检查", "由市市场监督管理部门检查", "由市[-工商行政管理][+市场监督管理]部门检查"),
        ("由县农业部门发证", "由县农业农村部门发证", "由县[-农业][+农业农村]部门发证"),
        ("由市发展改革部门发证", "由市发展和改革部门发证", "由市[-发展改革][+发展和改革]部门发证"),
    ],
)
def test_cuts_are_where_a_reader_would_put_them(old: str, new: str, expected: str) -> None:
    assert shown(pieces(old, new)) == expected


def test_a_word_is_not_cut_where_its_characters_belong_together() -> None:
    texts = ["商务部门。商业部门。商务。商业。", "会同商务部门检查。", "会同商业部门检查。"]
    marked = pieces("会同商务部门检查。", "会同商业部门检查。", usage=Usage(texts))
    assert shown(marked) == "会同[-商务][+商业]部门检查。"


UNITS = [
    *(organ for organ in gazetteer.shipped().organs if len(organ) > 1),
    *(
        "应当",
        "必须",
        "不得",
        "三十日",
        "十五个工作日",
        "3日",
        "百分之五",
        "五千元",
        "2019年5月1日",
        "每半年",
        "24小时",
    ),
    *("第三条", "第十二条第二款", "第十条之一", "《风车法》", "《水车法》第五条第一项"),
]


@given(st.lists(st.sampled_from(UNITS), min_size=1, max_size=6), st.data())
@settings(max_examples=300, deadline=None)
def test_no_number_no_reference_and_no_organ_is_cut(old: list[str], data: st.DataObject) -> None:
    new = [data.draw(st.sampled_from([unit, *UNITS])) if data.draw(st.booleans()) else unit for unit in old]
    sides = [f"囗{'囗'.join(units)}囗" for units in (old, new)]
    marked = pieces(*sides, usage=Usage(sides))
    for side, units, left_out in ((0, old, "insert"), (1, new, "delete")):
        assert "".join(piece.text for piece in marked if piece.mark.value != left_out) == sides[side]
        inside, at = set(), 1
        for unit in units:
            inside.update(range(at + 1, at + len(unit)))
            at += len(unit) + 1
        borders, at = set(), 0
        for piece in marked:
            if piece.mark.value != left_out:
                borders.add(at)
                at += len(piece.text)
        assert not borders & inside


def test_many_small_changes_in_a_row_are_each_marked() -> None:
    chance = random.Random(4)
    old = "".join(sentence(chance).replace("，", "应当") for _ in range(60))
    marked = pieces(old, old.replace("应当", "必须"))
    assert {piece.text for piece in marked if piece.mark.value == "delete"} == {"应当"}
    assert sum(piece.mark.value == "insert" for piece in marked) == old.count("应当") > 100


def test_the_words_of_a_very_long_article_are_marked_in_reasonable_time() -> None:
    chance = random.Random(5)
    clauses = [sentence(chance) for _ in range(1500)]
    old, commas = "".join(clauses), re.compile("[，。]")
    new = "".join(clause.replace("主管部门", "部门") if chance.random() < 0.3 else clause for clause in clauses)
    for before, after in ((old, new), (commas.sub("", old), commas.sub("", new)), ("甲乙" * 20000, "乙甲" * 20000)):
        start = time.process_time()
        marked = pieces(before, after, usage=Usage([before, after]))
        assert time.process_time() - start < 5
        assert (old_text(marked), new_text(marked)) == (before, after)


def test_white_space_and_wide_forms_are_looks() -> None:
    marked = pieces("总　　则（试行），好", "总 则(试行),好")
    assert {piece.cause for piece in marked if piece.mark.value != "equal"} == {Cause.LAYOUT}
    assert not any(piece.real for piece in marked)


def test_citations_of_other_laws_are_left_alone() -> None:
    text = "依照《风车法》第三条、第五条和本条例第十二条第二款、第十三条之一，以及刑法第九条办理。"
    assert [text[found.start : found.end] for found in citations(text)] == ["第十二条第二款", "第十三条之一"]
    assert masked(text).count("#") == 2
