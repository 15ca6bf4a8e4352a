"""Two versions of a statute: the edits that were made are found, and no others."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.engines.statute.versions import Cause, Change, Comparison, Kind, Level, compare, new_text, old_text
from tests.engines.statute.drafts import SHARED, Draft, Paragraph, drafted, invented, needs_statutes, sentence, stored
from tests.engines.statute.edits import MORE, TEN, Editor, edited, expected, found

MIRROR = {Kind.NEW: Kind.REPEALED, Kind.REPEALED: Kind.NEW, Kind.SPLIT: Kind.MERGED, Kind.MERGED: Kind.SPLIT}


def every(changes: tuple[Change, ...]) -> list[Change]:
    return [inner for change in changes for inner in (change, *every(change.parts))]


def links_meant(draft: Draft) -> set[tuple[str, str]]:
    return {(origin, node.id) for node in draft.nodes() for origin in node.origins if origin.startswith("art_")}


def links_found(comparison: Comparison) -> set[tuple[str, str]]:
    return {(old, new) for old, new in comparison.links if old.startswith("art_")}


def check_texts(comparison: Comparison) -> None:
    """Every article's words can be rebuilt from the pieces, on both sides."""
    old = {article.id: article.text for article in comparison.old.articles}
    new = {article.id: article.text for article in comparison.new.articles}
    for change in comparison.articles:
        assert old_text(change.pieces) == "\n".join(old[one] for one in change.old)
        assert new_text(change.pieces) == "\n".join(new[one] for one in change.new)
    paragraphs = [
        {paragraph.id: paragraph.whole.text for article in side.articles for paragraph in article.paragraphs}
        for side in (comparison.old, comparison.new)
    ]
    for change in every(comparison.articles):
        if change.level is Level.PARAGRAPH:
            assert old_text(change.pieces) == "\n".join(paragraphs[0][one] for one in change.old)
            assert new_text(change.pieces) == "\n".join(paragraphs[1][one] for one in change.new)


def check(draft: Draft, names: tuple[str, ...], seed: int) -> Editor:
    old = draft.read()
    editor = edited(draft, names, random.Random(f"edits {seed}"))
    comparison = compare(old, draft.read())
    assert comparison.same_law
    assert found(comparison) == expected(editor)
    assert links_found(comparison) == links_meant(draft)
    check_texts(comparison)
    return editor


@pytest.mark.parametrize("name", [*TEN, *MORE])
@pytest.mark.parametrize("seed", range(4))
def test_one_edit_is_found_and_nothing_else(name: str, seed: int) -> None:
    editor = check(invented(random.Random(seed)), (name,), seed)
    assert editor.expected, "the draft has no room for the edit"


@pytest.mark.parametrize("seed", range(12))
def test_all_edits_at_once_are_found_and_nothing_else(seed: int) -> None:
    editor = check(invented(random.Random(seed)), TEN + MORE, seed)
    assert len(editor.expected) >= 10


@given(st.integers(0, 10**9), st.sets(st.sampled_from(TEN + MORE)))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_any_edits_of_any_invented_statute_are_found(seed: int, names: set[str]) -> None:
    check(invented(random.Random(seed)), tuple(sorted(names)), seed)


@needs_statutes
@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.stem)
def test_the_edits_of_a_stored_statute_are_found_and_nothing_else(path: Path) -> None:
    statute = stored(path)
    editor = check(drafted(statute), TEN, 7)
    assert len(editor.expected) >= min(10, len(statute.articles) // 5)
    check(drafted(statute), TEN + MORE, 8)


@given(st.integers(0, 10**9), st.sets(st.sampled_from(TEN + MORE), min_size=1))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_comparing_the_other_way_round_gives_the_mirror_image(seed: int, names: set[str]) -> None:
    draft = invented(random.Random(seed))
    old = draft.read()
    edited(draft, tuple(sorted(names)), random.Random(f"edits {seed}"))
    new = draft.read()
    there, back = compare(old, new), compare(new, old)
    assert {(new, old) for old, new in there.links} == set(back.links)
    mirrored = sorted((edit.level, MIRROR.get(edit.kind, edit.kind), edit.new, edit.old) for edit in there.edits)
    assert mirrored == found(back)


@needs_statutes
@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.stem)
def test_a_statute_compared_with_itself_is_kept(path: Path) -> None:
    statute = stored(path)
    comparison = compare(statute, statute)
    assert comparison.same_law
    assert not comparison.edits
    assert {change.kind for change in (*comparison.articles, *comparison.headings)} <= {Kind.KEPT}
    assert all(old == new for old, new in comparison.links)
    check_texts(comparison)


def test_numbers_that_follow_an_insertion_are_no_edits() -> None:
    draft = invented(random.Random(3))
    cited = draft.articles[20]
    draft.articles[30].paragraphs[0].text = "违反本条例第二十一条规定的，由街道办事处责令改正，并记入渡口名册。"
    old = draft.read()
    draft.chapters[0].articles.insert(2, type(cited)(paragraphs=[Paragraph(text=sentence(random.Random(1)))]))
    comparison = compare(old, draft.read())
    assert [edit.kind for edit in comparison.edits] == [Kind.NEW]
    change = next(change for change in comparison.articles if change.old == ("art_31",))
    assert (change.kind, change.new) == (Kind.RENUMBERED, ("art_32",))
    assert change.follows
    assert not change.reworded
    marked = [(piece.mark.value, piece.text, piece.cause) for piece in change.pieces if piece.mark.value != "equal"]
    assert marked == [("delete", "第二十一条", Cause.RENUMBERING), ("insert", "第二十二条", Cause.RENUMBERING)]


def test_a_citation_that_names_another_article_is_an_edit() -> None:
    draft = invented(random.Random(3))
    draft.articles[30].paragraphs[0].text = "违反本条例第二十一条规定的，由街道办事处责令改正，并记入渡口名册。"
    old = draft.read()
    draft.articles[30].paragraphs[0].text = "违反本条例第二十四条规定的，由街道办事处责令改正，并记入渡口名册。"
    edits = compare(old, draft.read()).edits
    assert [(edit.kind, edit.old) for edit in edits] == [(Kind.CHANGED, ("art_31__para_1",))]


def test_a_chapter_put_elsewhere_takes_its_articles_with_it() -> None:
    draft = invented(random.Random(5))
    old = draft.read()
    draft.chapters[1], draft.chapters[2] = draft.chapters[2], draft.chapters[1]
    comparison = compare(old, draft.read())
    assert [(edit.level, edit.kind) for edit in comparison.edits] == [(Level.CHAPTER, Kind.MOVED)]
    assert not comparison.edits[0].reworded


def test_title_and_events_are_compared() -> None:
    draft = invented(random.Random(6))
    old = draft.read()
    draft.title = draft.title.replace("促进", "保护")
    draft.head += "\n\n2023年5月6日 湖滨市第二届人民代表大会第三次会议修正"
    comparison = compare(old, draft.read())
    assert [(piece.mark.value, piece.text) for piece in comparison.title if piece.real] == [
        ("delete", "促进"),
        ("insert", "保护"),
    ]
    assert [event.kind for event in comparison.events_added] == ["amended"]
    assert comparison.events_dropped == ()


@needs_statutes
def test_no_two_stored_statutes_are_taken_for_versions_of_one_another() -> None:
    statutes = [stored(path) for path in SHARED]
    for one, other in itertools.permutations(statutes, 2):
        comparison = compare(one, other)
        assert not comparison.same_law, (one.title, other.title, comparison.likeness)
        assert not comparison.edits
        assert comparison.likeness.reasons


def rewritten(draft: Draft, chance: random.Random, share: float) -> None:
    for article in chance.sample(draft.articles, round(len(draft.articles) * share)):
        article.paragraphs = [Paragraph(text=sentence(chance) + sentence(chance))]


SUFFIXES = ("（修正案草案）", "（2024年修订）", "（修订草案征求意见稿）", "(2019修正)", "")


@needs_statutes
@pytest.mark.parametrize("at", [0, *(pytest.param(at, marks=pytest.mark.slow) for at in range(1, len(SUFFIXES)))])
def test_a_heavily_amended_version_is_still_a_version(at: int) -> None:
    """Every statute with one of the suffixes, and with each of the others in the slow suite."""
    for path, suffix in zip(SHARED, itertools.islice(itertools.cycle(SUFFIXES), at, None), strict=False):
        draft = drafted(stored(path))
        old = draft.read()
        rewritten(draft, random.Random(path.stem), 0.4)
        draft.title += suffix
        assert compare(old, draft.read()).same_law, path.stem


def test_a_renamed_law_is_known_by_its_text() -> None:
    draft = invented(random.Random(9))
    old = draft.read()
    draft.title = "湖滨市居民休闲活动若干规定"
    comparison = compare(old, draft.read())
    assert comparison.same_law
    assert "other_title" in [reason.code for reason in comparison.likeness.reasons]


def test_a_law_of_another_place_is_another_law() -> None:
    draft = invented(random.Random(9))
    old = draft.read()
    draft.title = draft.title.replace("湖滨市", "河东市")
    rewritten(draft, random.Random(1), 0.3)
    comparison = compare(old, draft.read())
    assert not comparison.same_law
    assert [reason.code for reason in comparison.likeness.reasons] == ["other_place", "little_shared_text"]


def test_a_decision_that_amends_a_law_is_another_kind_of_text() -> None:
    law = invented(random.Random(2))
    decision = invented(random.Random(2))
    decision.title = f"湖滨市人民代表大会常务委员会关于修改《{law.title}》的决定"
    comparison = compare(decision.read(), law.read())
    assert not comparison.same_law
    assert [reason.code for reason in comparison.likeness.reasons] == ["amending_decision"]
    assert law.title in comparison.likeness.reasons[0].value


@needs_statutes
def test_any_two_texts_can_be_compared_as_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where nothing fits, the words come back and every article is told of once on each side."""
    monkeypatch.setattr(import_module("bridgehead.engines.statute.versions.likeness"), "_SAME_TITLE_AT_LEAST", 0.0)
    statutes = [replace(stored(path), title="湖滨市风筝条例") for path in SHARED]
    compared = 0
    for one, other in itertools.pairwise(statutes):
        comparison = compare(one, other)
        assert comparison.same_law
        compared += 1
        check_texts(comparison)
        old = [one_id for change in comparison.articles for one_id in change.old]
        new = [one_id for change in comparison.articles for one_id in change.new]
        assert sorted(old) == sorted(article.id for article in one.articles)
        assert sorted(new) == sorted(article.id for article in other.articles)
    assert compared >= 5
