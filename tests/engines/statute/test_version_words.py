"""Marked words: both texts come back from the pieces, and the cuts are where a reader would put them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.statute.versions import Cause, Piece, new_text, old_text
from bridgehead.engines.statute.versions.citations import citations, masked
from bridgehead.engines.statute.versions.words import Usage, pieces_of, tokens_of

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
        ("每年检查2次水闸。", "每年检查12次水闸。", "每年检查[-2][+12]次水闸。"),
        ("邮筒、路牌的颜色。", "邮筒、灯笼、路牌的颜色。", "邮筒、[+灯笼、]路牌的颜色。"),
        ("船工登记。船主付费。", "船工登记。船工培训。船主付费。", "船工登记。[+船工培训。]船主付费。"),
        ("依照《风车法》办理。", "依照《水车法》办理。", "依照[-《风车法》][+《水车法》]办理。"),
        ("船主可以修理木桥。", "船主应当修理木桥。", "船主[-可以][+应当]修理木桥。"),
    ],
)
def test_cuts_are_where_a_reader_would_put_them(old: str, new: str, expected: str) -> None:
    assert shown(pieces(old, new)) == expected


def test_a_word_is_not_cut_where_its_characters_belong_together() -> None:
    texts = ["商务部门。商业部门。商务。商业。", "会同商务部门检查。", "会同商业部门检查。"]
    marked = pieces("会同商务部门检查。", "会同商业部门检查。", usage=Usage(texts))
    assert shown(marked) == "会同[-商务][+商业]部门检查。"


def test_white_space_and_wide_forms_are_looks() -> None:
    marked = pieces("总　　则（试行），好", "总 则(试行),好")
    assert {piece.cause for piece in marked if piece.mark.value != "equal"} == {Cause.LAYOUT}
    assert not any(piece.real for piece in marked)


def test_citations_of_other_laws_are_left_alone() -> None:
    text = "依照《风车法》第三条、第五条和本条例第十二条第二款、第十三条之一，以及刑法第九条办理。"
    assert [text[found.start : found.end] for found in citations(text)] == ["第十二条第二款", "第十三条之一"]
    assert masked(text).count("#") == 2
