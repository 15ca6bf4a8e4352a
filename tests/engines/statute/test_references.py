"""Cross references and the provisions they are resolved to."""

from __future__ import annotations

import pytest

from bridgehead.engines.statute.references import references_of
from tests.engines.statute.duty_cases import statute_of

LIST = "企业应当提交下列材料：\n（一）申请书；\n（二）身份证明；\n（三）前两项的副本。"


def _one(text: str, *, before: int = 4) -> tuple[str, str, tuple[str, ...], bool]:
    statute = statute_of(*[f"第{at}个条文。\n第二款。\n第三款。" for at in range(before)], text)
    last = references_of(statute)[-1]
    assert last.span.of(statute.source.text) == last.text
    return last.text, last.law, last.targets, last.resolved


@pytest.mark.parametrize(
    ("text", "words", "targets", "resolved"),
    [
        ("违反本条例第三条规定的，从重处罚。", "本条例第三条", ("art_3",), True),
        ("依照第三条第二款处理。", "第三条第二款", ("art_3__para_2",), True),
        ("依照第一条至第三条处理。", "第一条至第三条", ("art_1", "art_2", "art_3"), True),
        ("依照第二、三条处理。", "第二、三条", ("art_2", "art_3"), True),
        ("依照第二条、第四条第三款处理。", "第二条、第四条第三款", ("art_2", "art_4__para_3"), True),
        ("依照第九条处理。", "第九条", ("art_9",), False),
        ("先办理。\n依照前款规定处理。", "前款", ("art_5__para_1",), True),
        ("先办理。\n再办理。\n依照前两款规定处理。", "前两款", ("art_5__para_1", "art_5__para_2"), True),
        ("依照前款规定处理。", "前款", (), False),
        ("依照前条规定处理。", "前条", ("art_4",), True),
        ("先办理。\n依照本条第一款处理。", "本条第一款", ("art_5__para_1",), True),
        ("先办理。\n依照上述规定处理。", "上述规定", ("art_5__para_1",), True),
    ],
)
def test_a_reference_names_provisions_of_this_statute(
    text: str, words: str, targets: tuple[str, ...], resolved: bool
) -> None:
    assert _one(text) == (words, "", targets, resolved)


def test_an_item_is_named_by_its_number() -> None:
    statute = statute_of(LIST, "依照第一条第一款第（二）项处理。")
    last = references_of(statute)[-1]
    assert last.targets == ("art_1__para_1__item_2",)
    assert last.resolved


@pytest.mark.parametrize(
    ("words", "items"),
    [
        ("前款第一项、第三项", (1, 3)),
        ("前款第一项至第三项", (1, 2, 3)),
        ("前款第（二）项和第（三）项", (2, 3)),
        ("前款第二项", (2,)),
    ],
)
def test_several_items_of_the_paragraph_before_are_one_reference(words: str, items: tuple[int, ...]) -> None:
    last = references_of(statute_of(f"{LIST}\n企业有{words}规定的材料的，可以补交。"))[-1]
    assert last.text == words
    assert last.targets == tuple(f"art_1__para_1__item_{item}" for item in items)
    assert last.resolved
    last = references_of(statute_of(LIST, f"依照{words.replace('款', '条', 1)}处理。"))[-1]
    assert last.targets == tuple(f"art_1__para_1__item_{item}" for item in items)


def test_items_before_an_item_are_found() -> None:
    reference = references_of(statute_of(LIST))[0]
    assert reference.text == "前两项"
    assert reference.targets == ("art_1__para_1__item_1", "art_1__para_1__item_2")


def test_another_law_is_named_by_its_title() -> None:
    assert _one("依照《中华人民共和国测试法》第五条处理。") == (
        "《中华人民共和国测试法》第五条",
        "中华人民共和国测试法",
        ("art_5",),
        True,
    )
    assert _one("根据《中华人民共和国测试法》办理。")[1:] == ("中华人民共和国测试法", (), True)


def test_the_law_named_before_is_meant_by_that_law() -> None:
    assert _one("根据《中华人民共和国测试法》办理，适用该法第七条。")[1:3] == ("中华人民共和国测试法", ("art_7",))


def test_a_name_that_is_no_law_is_no_reference() -> None:
    statute = statute_of("发放《营业执照》。")
    assert references_of(statute) == ()


@pytest.mark.parametrize(
    ("words", "whole", "law", "targets"),
    [
        ("依照前条第二款处理。", "前条第二款", "", ("art_4__para_2",)),
        ("违反第二条第二、三款规定的。", "第二条第二、三款", "", ("art_2__para_2", "art_2__para_3")),
        (
            "违反第二条第一、二款和第三条规定的。",
            "第二条第一、二款和第三条",
            "",
            ("art_2__para_1", "art_2__para_2", "art_3"),
        ),
        ("依照河灯法第二条处理。", "第二条", "河灯法", ("art_2",)),
        ("依照中华人民共和国河灯法第二条处理。", "第二条", "中华人民共和国河灯法", ("art_2",)),
        ("依照本办法第二条处理。", "本办法第二条", "", ("art_2",)),
        ("依照《河灯法》第二条和本条例第三条，以及该法第四条处理。", "该法第四条", "河灯法", ("art_4",)),
        ("依照该法第四条处理。", "该法第四条", "", ()),
    ],
)
def test_words_that_lead_on_are_read_with_what_they_lead_to(
    words: str, whole: str, law: str, targets: tuple[str, ...]
) -> None:
    assert _one(words)[:3] == (whole, law, targets)


def test_items_named_together_belong_to_the_paragraph_named_before_them() -> None:
    last = references_of(statute_of(LIST, "违反第一条第一款第（一）、（三）项规定的。"))[-1]
    assert last.targets == ("art_1__para_1__item_1", "art_1__para_1__item_3")
    assert last.resolved


def test_words_that_only_look_so_are_no_references() -> None:
    assert not references_of(statute_of("目前条件具备的，可以放灯。"))
