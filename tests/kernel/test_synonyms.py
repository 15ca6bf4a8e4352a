"""Queries widened by synonyms: never narrower than what was typed, and in either language."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.test_bigrams import finds, holds

from bridgehead.kernel.bigrams import Clause, query
from bridgehead.kernel.synonyms import Thesaurus, phrases

GROUPS = (
    ("口岸", "port of entry", "border crossing"),
    ("发改委", "发展改革委", "发改", "NDRC"),
    ("二连浩特", "二连", "Erenhot"),
    ("中欧班列", "China-Europe train", "CRE"),
)
THESAURUS = Thesaurus.of(GROUPS)


def found(text: str, asked: str) -> bool:
    clauses = THESAURUS.widened(asked)
    return bool(clauses) and all(any(all(holds(text, one) for one in every) for every in clause) for clause in clauses)


def test_each_word_of_a_group_finds_the_others() -> None:
    for group in GROUPS:
        for word in group:
            for other in group:
                assert found(f"x，{other}，y", word), (word, other)
                assert found(f"x，{other}，y", word.upper()), (word, other)


def test_words_inside_a_run_of_han_characters_are_found_and_the_rest_must_be_there_too() -> None:
    assert found("NDRC 的规划", "发改委规划")
    assert found("Erenhot border crossing", "二连浩特口岸")
    assert not found("NDRC", "发改委规划")
    assert not found("Erenhot", "二连浩特口岸")


def test_a_word_of_several_parts_is_one_word() -> None:
    assert found("中欧班列", "china-europe train")
    assert found("中欧班列 2024", "China-Europe  Train 2024")
    assert not found("中欧班列", "china-europe train 2024")
    assert found("train from China, Europe", "china europe train"), "as it was typed: every word somewhere"


def test_quotation_marks_ask_for_the_very_word() -> None:
    assert not found("发展改革委", '"发改委"')
    assert not found("中欧班列", '"China-Europe train"')
    assert found("the China-Europe train", '"China-Europe train"')


def test_without_groups_nothing_is_widened() -> None:
    for asked in ("口岸 rail", '"x y" 岸', ""):
        assert Thesaurus.of(()).widened(asked) == query(asked)


@given(
    text=st.lists(st.sampled_from(["口岸", "发改委", "二连", "浩特", "规划", "，", "CRE ", "port of entry "])),
    asked=st.lists(st.sampled_from(["口岸", "发改", "委", "二连浩特", "规", " ", "CRE ", "port ", "of ", "entry "])),
)
def test_nothing_is_lost_by_widening(text: list[str], asked: list[str]) -> None:
    said, wanted = "".join(text), "".join(asked)
    if query(wanted) and finds(said, wanted):
        assert found(said, wanted), THESAURUS.widened(wanted)


def test_every_phrase_once() -> None:
    clauses: tuple[Clause, ...] = THESAURUS.widened("口岸 口岸 x")
    assert len(phrases(clauses)) == 4
