"""Tokens of Han text and of words: a phrase of tokens is found exactly where the text holds it."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from bridgehead.kernel.bigrams import LONGEST_WORD, Phrase, fold, key, parts, phrase, query, spans, tokens

# Few characters, so that random texts share runs; the comma and the blank part runs.
HAN = st.text(alphabet="口岸线满洲里", min_size=1, max_size=30)
MIXED = st.text(alphabet="口岸线满 ，0aBé-", max_size=40)


def holds(text: str, sought: Phrase) -> bool:
    """Look a phrase up as an index does: tokens at neighbouring places, the last perhaps longer."""
    found = list(tokens(text))
    wanted = sought.tokens
    for place in range(len(found) - len(wanted) + 1):
        here = found[place : place + len(wanted)]
        last = here[-1].startswith(wanted[-1]) if sought.prefix else here[-1] == wanted[-1]
        if here[:-1] == list(wanted[:-1]) and last:
            return True
    return False


def finds(text: str, asked: str) -> bool:
    return all(any(all(holds(text, one) for one in every) for every in clause) for clause in query(asked))


@given(text=HAN, needle=HAN)
def test_han_is_found_if_and_only_if_it_is_part_of_the_text(text: str, needle: str) -> None:
    assert finds(text, needle) == (needle in text)


@given(text=HAN, data=st.data())
def test_every_part_of_a_han_text_is_found(text: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(text) - 1))
    last = data.draw(st.integers(first + 1, len(text)))
    assert finds(text, text[first:last])


@given(runs=st.lists(HAN, min_size=1, max_size=4), needle=HAN)
def test_no_run_goes_on_across_a_mark(runs: list[str], needle: str) -> None:
    assert finds("，".join(runs), needle) == any(needle in run for run in runs)


@given(text=MIXED, asked=MIXED)
def test_what_an_index_finds_is_what_is_marked(text: str, asked: str) -> None:
    for clause in query(asked):
        for every in clause:
            for one in every:
                assert bool(spans(text, (one,))) >= holds(text, one), (text, one)


@given(text=st.text(max_size=60))
def test_any_text_is_found_by_itself(text: str) -> None:
    assert finds(text, text)
    assert finds(text.upper(), text) == finds(fold(text.upper()), fold(text))


@given(one=st.text(max_size=20), other=st.text(max_size=20))
def test_folding_goes_character_by_character(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)


@example(text="\ufada")
@given(text=st.text(max_size=60))
def test_tokens_are_letters_and_digits_only_and_not_too_long(text: str) -> None:
    for token in tokens(text):
        assert 0 < len(token) <= LONGEST_WORD
        assert all(mark.isalnum() or "\uf900" <= mark <= "\ufaff" or mark >= "\U00020000" for mark in token), (
            "also Han that this Python does not know yet"
        )


def test_tokens() -> None:
    assert list(tokens("满洲里口岸")) == ["满洲", "洲里", "里口", "口岸", "岸"]
    assert list(tokens("岸")) == ["岸"]
    assert list(tokens("口岸，岸线")) == ["口岸", "岸", "岸线", "线"]
    assert list(tokens("Ганцмод Café ５０吨 №12")) == ["ганцмод", "cafe", "50", "吨", "no12"]
    assert list(tokens("x" * 100)) == ["x" * LONGEST_WORD]


def test_case_accents_width_blanks_and_marks_do_not_count() -> None:
    for text in ("第 12 条", "第12条", "第１２条", "第-12，条"):
        assert key(text) == "第 12 条"
    assert key("ZAMYN-ÜÜD") == key("Zamyn Uud")


def test_all_parts_must_occur() -> None:
    text = "满洲里铁路口岸 Manzhouli railway port"
    for asked in ("满洲里 rail", "口岸 满洲", "PORT railway 铁路", "满"):
        assert finds(text, asked), asked
    for asked in ("满洲里 road", "岸口", "满洲口岸", "ort"):
        assert not finds(text, asked), asked


def test_a_word_may_be_the_beginning_of_a_longer_one_but_not_in_quotation_marks() -> None:
    assert finds("railway port", "rail")
    assert not finds("railway port", '"rail"')
    assert finds("the railway port", '"railway port"')
    assert finds("the railway port", "“Railway  port”")
    assert not finds("port of the railway", '"railway port"')
    assert not finds("2024 年", "202"), "a number is whole"
    assert not finds("alpha", "a"), "a single letter is whole"
    assert not finds("railway port", "rail-port"), "only the last word of a part may go on"


def test_an_article_is_found_however_it_is_written() -> None:
    for asked in ("第12条", "第 12 条", "12条", "第12"):
        assert finds("见第十条和第 12 条。", asked), asked
    assert not finds("第 120 条", "第12条")


def test_a_query_without_a_letter_asks_for_nothing() -> None:
    for asked in ("", "  ", "，。", '""', "—", "“ ”"):
        assert parts(asked) == ()
        assert query(asked) == ()


def test_what_is_found_is_marked_in_the_text_as_it_is_written() -> None:
    def marked(text: str, asked: str) -> list[str]:
        sought = tuple(phrase(part) for part in parts(asked))
        return [text[first:last] for first, last in spans(text, sought)]

    assert marked("满洲里铁路口岸，Manzhouli RAILWAY", "洲里 rail 岸") == ["洲里", "岸", "RAILWAY"]
    assert marked("ﬁrst Ｃａｆé №12", "cafe") == ["Ｃａｆé"]
    assert marked("Cafe\u0301 x", "cafe") in (["Cafe"], ["Cafe\u0301"])
    assert marked("port ports", '"port"') == ["port"]
    assert marked("第 12 条", "第12条") == ["第 12 条"]
    assert spans("满洲里", ()) == []
