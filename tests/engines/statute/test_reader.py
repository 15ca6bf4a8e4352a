"""A source to a statute: structure, places, ids and anomalies, on invented texts."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.statute.decode import source_of, source_of_text
from bridgehead.engines.statute.model import Part, Statute
from bridgehead.engines.statute.numerals import full_width, han, number_of
from bridgehead.engines.statute.reader import read
from bridgehead.kernel.errors import BridgeheadError, messages
from tests.engines.statute.damage import DAMAGES, WRAPS, wrapped
from tests.engines.statute.invented import BODY, CHAPTERS, TITLE, whole


def parse(text: str) -> Statute:
    return read(source_of_text(text, "a.txt"))


def codes(statute: Statute) -> list[str]:
    return [found.code.removeprefix("statute.") for found in statute.anomalies]


def assert_lossless(statute: Statute) -> None:
    text = statute.source.text
    assert statute.rebuilt() == text
    spans = [segment.span for segment in statute.segments]
    assert spans[0].start == 0
    assert spans[-1].end == len(text)
    assert all(before.end == after.start < after.end for before, after in pairwise(spans))
    for article in statute.articles:
        for paragraph in article.paragraphs:
            passage = paragraph.whole
            assert paragraph.span.start >= article.span.start
            assert paragraph.span.end <= article.span.end
            if statute.source.kind != "html":
                assert [text[passage.source(at)] for at in range(len(passage.text))] == list(passage.text)
    for found in statute.anomalies:
        assert found.code in messages("zh")


def shape(statute: Statute) -> list[tuple[str, int | None, list[int]]]:
    return [
        (article.id, article.chapter, [len(paragraph.items) for paragraph in article.paragraphs])
        for article in statute.articles
    ]


SHAPE = [
    ("art_1", 1, [0]),
    ("art_2", 1, [0, 0]),
    ("art_3", 2, [3]),
    ("art_4", 2, [0]),
    ("art_5", 3, [0]),
]


def test_a_clean_text_is_read_without_a_word() -> None:
    statute = parse(whole())
    assert codes(statute) == []
    assert statute.title == TITLE
    assert [(event.day, event.kind) for event in statute.events] == [
        (date(2019, 3, 5), "adopted"),
        (date(2021, 6, 7), "amended"),
    ]
    assert (statute.adopted, statute.last_event) == (date(2019, 3, 5), date(2021, 6, 7))
    assert (statute.effect.day, statute.effect.article) == (date(2019, 5, 1), "art_5")
    assert [(chapter.id, chapter.title) for chapter in statute.chapters] == [
        ("chp_1", "总则"),
        ("chp_2", "放灯"),
        ("chp_3", "附则"),
    ]
    assert shape(statute) == SHAPE
    item = statute.articles[2].paragraphs[0].items[1]
    assert (item.id, [subitem.id for subitem in item.subitems]) == (
        "art_3__para_1__item_2",
        ["art_3__para_1__item_2__subitem_1", "art_3__para_1__item_2__subitem_2"],
    )
    assert_lossless(statute)


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_that_keeps_the_lines_changes_no_structure(name: str) -> None:
    lines = DAMAGES[name](whole().splitlines(), random.Random(1))
    statute = parse("\n".join(lines))
    assert statute.title == TITLE
    assert shape(statute) == SHAPE
    assert [chapter.title for chapter in statute.chapters] == ["总则", "放灯", "附则"]
    assert_lossless(statute)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n\n", " \u3000\r\n"])
def test_any_line_end_will_do(end: str) -> None:
    statute = parse(whole(end=end))
    assert shape(statute) == SHAPE
    assert_lossless(statute)


def test_lines_count_from_one_whatever_ends_them() -> None:
    for end in ("\n", "\r\n", "\r"):
        found = parse(whole(end=end, body=(*BODY[:5], "第五条 灯。"))).anomalies
        assert [anomaly.line for anomaly in found if anomaly.code == "statute.article_gap"] == [8]


LONG = "守灯的人看见灯油漏到水里而不去收拾，或者看见有人把灯放到桥下而不去劝阻的，依照本条例第五条处理。"


def test_wrapped_lines_are_joined_and_references_at_their_beginning_are_no_articles() -> None:
    width = LONG.index("第五条")
    lines = whole(body=(*BODY[:4], LONG.replace("第五条", "的规定"), *BODY[4:12], LONG, *BODY[12:])).splitlines()
    statute = parse("\n".join(wrapped(width)(lines, random.Random(1))))
    assert [article.number for article in statute.articles] == [1, 2, 3, 4, 5]
    assert statute.articles[3].paragraphs[1].passage.text == LONG
    assert codes(statute) == ["joined_lines"]
    assert_lossless(statute)


@pytest.mark.parametrize("name", WRAPS)
def test_wrapped_lines_keep_every_article(name: str) -> None:
    body = (*BODY[:4], LONG.replace("第五条", "的规定"), *BODY[4:12], LONG, *BODY[12:])
    statute = parse("\n".join(WRAPS[name](whole(body=body).splitlines(), random.Random(1))))
    as_issued = parse(whole(body=body))
    assert [article.text.replace("\n", "") for article in statute.articles] == [
        article.text.replace("\n", "") for article in as_issued.articles
    ]
    assert_lossless(statute)


def test_an_article_may_stand_between_two() -> None:
    statute = parse(whole(body=(*BODY[:4], "第二条之一 灯上写名字。", "第二条之二　灯上不写价钱。", *BODY[4:])))
    assert [article.id for article in statute.articles][1:4] == ["art_2", "art_2_1", "art_2_2"]
    assert codes(statute) == []


def test_a_list_of_a_decision_is_not_taken_for_articles() -> None:
    statute = parse(
        "甲州关于修改《甲州河灯保护条例》的决定\n"
        "（2021年6月7日通过）\n"
        "一、将第三条修改为：“第三条 放灯的人应当收灯。\n“第四条 守灯的人应当看灯。”\n"
        "二、删去第九条。\n三、本决定自公布之日起施行。\n"
    )
    assert (statute.style, [article.number for article in statute.articles]) == ("一、", [1, 2, 3])
    assert statute.effect.rule == "公布之日"
    assert_lossless(statute)


def test_a_quoted_article_is_passed_over_and_said() -> None:
    body = (*BODY[:5], "第三条 原条例的下列文字不再适用：“灯分两种。", "第九条 灯有大有小。”", *BODY[11:])
    statute = parse(whole(body=body))
    assert [article.number for article in statute.articles] == [1, 2, 3, 4, 5]
    assert "label_in_quotation" in codes(statute)


def test_sections_stand_below_or_above_their_chapter() -> None:
    below = parse(whole(body=(*BODY[:5], "第一节 河上", *BODY[5:11], "第二节 桥下", *BODY[11:])))
    assert [(section.id, section.title) for section in below.sections] == [
        ("chp_2__sec_1", "河上"),
        ("chp_2__sec_2", "桥下"),
    ]
    above = parse(whole(body=(*BODY[:4], "第一节 河上", *BODY[4:])))
    assert [(section.id, section.title) for section in above.sections] == [("chp_2__sec_1", "河上")]
    assert above.articles[2].section == 1


def test_lost_headings_are_counted_and_said() -> None:
    first = parse(whole(body=BODY[1:]))
    assert [(chapter.number, chapter.title) for chapter in first.chapters] == [(1, None), (2, "放灯"), (3, "附则")]
    assert (codes(first), first.articles[0].chapter) == (["lost_heading"], 1)
    middle = parse(whole(body=tuple(line for line in BODY if line != CHAPTERS[1])))
    assert [chapter.title for chapter in middle.chapters] == ["总则", None, "附则"]
    unnumbered = parse(whole(body=tuple("放灯" if line == CHAPTERS[1] else line for line in BODY)))
    assert (shape(unnumbered), codes(unnumbered)) == (SHAPE, ["heading_numbered"])
    last = parse(whole(body=tuple("附 则" if line == CHAPTERS[2] else line for line in BODY)))
    assert ([article.chapter for article in last.articles], codes(last)) == (
        [1, 1, 2, 2, 2],
        ["heading_without_number"],
    )


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (BODY[:-1], "no_effective_clause"),
        ((*BODY[:-1], "第五条 本条例自"), "cut_off"),
        ((*BODY[:3], *BODY[11:]), "article_gap"),
        ((*BODY[:4], "第二条 灯。", *BODY[4:]), "article_doubled"),
        ((*BODY[:4], "第一条 灯。", *BODY[4:]), "article_doubled"),
        ((*BODY[:6], *BODY[7:]), "item_disorder"),
        ((*BODY[:8], *BODY[9:]), "item_disorder"),
        ((*BODY[:7], *BODY[11:]), "unclosed_list"),
        ((*BODY[:3], "灯照亮水面", *BODY[3:]), "unfinished_line"),
        ((*BODY[:5], "第三条", *BODY[11:]), "empty_article"),
        ((*BODY[:12], "第三章 守灯", "第四章 附则", BODY[13]), "empty_chapter"),
        ((*BODY[:11], "第二章 守灯", *BODY[11:]), "doubled_heading"),
        (tuple(line for line in BODY if line not in CHAPTERS), "no_chapters"),
        (("\u200b" + BODY[0], *BODY[1:]), "zero_width"),
        (("[bookmark: _Toc2]" + BODY[0], *BODY[1:]), "bookmarks"),
        ((*BODY[:4], "- 12 -", *BODY[4:]), "noise_left_out"),
        ((*BODY, "甲州人大常委会办公室"), "stray_line"),
        (("目录", *CHAPTERS, *BODY), "repeated_contents"),
    ],
)
def test_every_fault_is_said(body: tuple[str, ...], found: str) -> None:
    statute = parse(whole(body=body))
    assert found in codes(statute)
    assert_lossless(statute)


def test_events_stand_in_many_ways() -> None:
    spilled = parse(whole(head="2019年3月5日 甲州第二届人民代表大会第一次\n\n\n<!-- INFO END -->\n\n会议通过）"))
    assert ("spilled_event" in codes(spilled), spilled.events[0].kind) == (True, "adopted")
    order = parse(
        f"甲州人民政府令\n第12号\n《{TITLE}》已经2019年3月5日州人民政府第3次会议通过，现予公布，自2019年5月1日起施行。\n{TITLE}\n"
        + "\n".join(BODY)
    )
    assert (order.title, order.adopted, order.last_event) == (TITLE, date(2019, 3, 5), date(2019, 3, 5))
    none = parse(whole(head=""))
    assert (codes(none), none.adopted) == (["no_adoption_date"], None)
    wrong = parse(whole(head="（2019年2月30日通过）"))
    assert {"impossible_date", "no_adoption_date"} <= set(codes(wrong))


@pytest.mark.parametrize(
    ("clause", "day", "rule"),
    [
        ("本条例自2019年5月1日起施行。", date(2019, 5, 1), None),
        ("本条例自２０１９年５月１日起实施。", date(2019, 5, 1), None),
        ("本条例于二〇一九年五月一日起施行。", date(2019, 5, 1), None),
        ("本条例自公布之日起施行。2001年1月1日起施行的旧条例同时废止。", None, "公布之日"),
        ("本条例自发布之日起实施。", None, "发布之日"),
        ("本条例自公布之日起三十日后施行。", None, "公布之日起三十日后"),
        ("本条例自2019年5月1日起起施行。", None, None),
    ],
)
def test_the_final_clause_says_from_when(clause: str, day: date | None, rule: str | None) -> None:
    effect = parse(whole(body=(*BODY[:-1], f"第五条 {clause}"))).effect
    assert (effect.day, effect.rule) == (day, rule)


def test_appendices_and_second_texts_follow_the_last_article() -> None:
    statute = parse(whole(body=(*BODY, "附件1：灯的尺寸", "大灯 一尺", "附件2：桥的名单", "东桥")))
    assert [(appendix.id, appendix.label) for appendix in statute.appendices] == [
        ("app_1", "附件1"),
        ("app_2", "附件2"),
    ]
    assert len(statute.articles) == 5
    second = parse(whole() + "甲州桥梁条例\n第一条 桥归州管。\n第二条 桥上不放灯。\n第三条 桥下不停船。\n")
    assert (len(second.articles), "second_text" in codes(second)) == (5, True)


def test_a_title_may_stand_on_two_lines() -> None:
    statute = parse(whole(title="　甲州建设千灯之河\n万灯之城促进条例\n"))
    assert statute.title == "甲州建设千灯之河万灯之城促进条例"
    assert [segment.part for segment in statute.segments[:2]] == [Part.TITLE, Part.TITLE]


@given(st.integers(0, 9999))
def test_numbers_are_written_and_read(number: int) -> None:
    assert number_of(han(number)) == number_of(full_width(number)) == number_of(str(number)) == number


PIECES = st.sampled_from(
    [
        *BODY,
        "\n",
        "\r",
        "\u200b",
        "“",
        "”",
        "。",
        "第二章",
        "第四条",
        "第1条 ",
        "（一）",
        "1．",
        "附件",
        "目录",
        "<br>",
        "</p>",
        "# ",
        "　",
    ]
)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 40), PIECES), max_size=12))
def test_no_damage_loses_a_character(cuts: list[tuple[int, int, str]]) -> None:
    text = whole()
    for place, length, piece in cuts:
        text = text[:place] + piece + text[place + length :]
    data = text.encode()
    statute = None
    with suppress(BridgeheadError):
        statute = read(source_of(data, "a.txt"))
    if statute is None:
        return
    assert statute.source.bytes == data
    assert_lossless(statute)
    names = [
        part.id
        for article in statute.articles
        for paragraph in article.paragraphs
        for part in (article, paragraph, *paragraph.items)
        if part is not article or paragraph.number == 1
    ]
    assert len(names) == len(set(names))


def test_a_title_below_the_number_of_its_chapter_belongs_to_it() -> None:
    text = (
        "河灯办法\n目录\n第一章\n总则\n第二章\n附则\n"
        "第一章\n总则\n第一条 放灯的人应当看好灯。\n第二章\n\n附则\n第二条 本办法自公布之日起施行。\n"
    )
    statute = parse(text)
    assert [(one.number, one.title) for one in statute.chapters] == [(1, "总则"), (2, "附则")]
    assert [article.chapter for article in statute.articles] == [1, 2]
    assert codes(statute) == ["no_adoption_date", "repeated_contents"]
    assert_lossless(statute)


def test_a_chapter_numbered_by_its_place_is_said() -> None:
    text = (
        "河灯办法\n第一章 总则\n第一条 放灯的人应当看好灯。\n放灯\n第二条 放灯不收费。\n第三章 附则\n"
        "第三条 本办法自公布之日起施行。\n"
    )
    statute = parse(text)
    assert [(one.number, one.title) for one in statute.chapters] == [(1, "总则"), (2, "放灯"), (3, "附则")]
    assert "heading_numbered" in codes(statute)


def test_an_explanation_behind_the_last_article_is_no_part_of_it() -> None:
    text = (
        "河灯办法\n第一条 放灯的人应当看好灯。\n第二条 本办法自公布之日起施行。\n关于《河灯办法》的说明\n"
        "各位委员：\n受委托，作如下说明。\n附件：河灯名录\n"
    )
    statute = parse(text)
    assert [article.text for article in statute.articles] == ["放灯的人应当看好灯。", "本办法自公布之日起施行。"]
    assert codes(statute).count("stray_line") == 3
    assert len(statute.appendices) == 1


@pytest.mark.parametrize(
    "body",
    [
        "第一条 放灯的人应当看好灯。\n第二条 放灯不收费。第三条 本办法自公布之日起施行。\n",
        "第一章 总则 第一条 放灯的人应当看好灯。\n第二条 放灯不收费。\n第三条 本办法自公布之日起施行。\n",
        "第一条 放灯的人应当看好灯。第二条 放灯不收费。\n第三条 本办法自公布之日起施行。\n",
    ],
)
def test_an_article_that_begins_inside_a_line_is_found_and_said(body: str) -> None:
    statute = parse(f"河灯办法\n{body}")
    assert [article.text for article in statute.articles] == [
        "放灯的人应当看好灯。",
        "放灯不收费。",
        "本办法自公布之日起施行。",
    ]
    assert "label_inside_line" in codes(statute)
    assert "label_inside_line" not in codes(parse(whole().replace("第", "　　第")))
    assert_lossless(statute)


def test_a_reference_behind_a_full_stop_begins_no_article() -> None:
    text = (
        "河灯办法\n第一条 放灯的人应当看好灯。第三条 规定的除外。\n第二条 依照第三条 办理。\n"
        "第三条 本办法自公布之日起施行。\n"
    )
    statute = parse(text)
    assert [len(article.paragraphs) for article in statute.articles] == [1, 1, 1]
    assert "label_inside_line" not in codes(statute)


@pytest.mark.parametrize(("before", "after"), [("**", "**"), ("- ", ""), ("> ", ""), ("- **", "**"), ("* ", "")])
def test_marks_of_emphasis_and_of_lists_around_labels_are_no_text(before: str, after: str) -> None:
    text = (
        f"# 河灯办法\n\n{before}第一章 总则{after}\n\n{before}第一条{after} 放灯的人应当看好灯。\n\n"
        f"{before}第二条{after} 本办法自公布之日起施行。\n"
    )
    statute = parse(text)
    assert [chapter.title for chapter in statute.chapters] == ["总则"]
    assert [article.text for article in statute.articles] == ["放灯的人应当看好灯。", "本办法自公布之日起施行。"]
    assert codes(statute) == ["no_adoption_date"]
    assert_lossless(statute)


@pytest.mark.parametrize(
    "line",
    [
        "令{}号外",
        "第{}x",
        "河灯办法{}x",
        "河灯办法{}（二",
        "2020年5月1日 a{}b",
        "第二条 自{}行",
        "第二条 自公布之日{}行",
        "第二条 自2020年6月1日{}起{}行",
    ],
)
def test_a_line_of_blanks_takes_no_time(line: str) -> None:
    text = f"河灯办法\n第一条 放灯的人应当看好灯。\n{line}\n".replace("{}", " " * 100_000)
    begin = time.perf_counter()
    for pasted in (text, line.replace("{}", " " * 100_000) + "\n" + text):
        with suppress(BridgeheadError):
            parse(pasted)
    assert time.perf_counter() - begin < 2.0


@pytest.mark.parametrize("labels", [("1．", "2．", "3．"), ("(1)", "(2)", "(3)"), ("①", "②", "③")])
def test_a_list_numbered_with_figures_has_its_items_side_by_side(labels: tuple[str, str, str]) -> None:
    one, two, three = labels
    text = (
        f"河灯办法\n第一条 灯应当：\n{one}不放油；\n{two}写明姓名；\n{three}不过一尺。\n"
        "第二条 本办法自公布之日起施行。\n"
    )
    statute = parse(text)
    assert [item.label for item in statute.articles[0].paragraphs[0].items] == [one, two, three]
    assert "item_disorder" not in codes(statute)
    assert_lossless(statute)


def test_a_first_article_with_one_put_in_behind_it_is_an_article() -> None:
    text = whole(
        body=(
            "第一条 放灯的人应当登记：",
            "（一）灯的大小；",
            "（二）灯的颜色。",
            "第一条之一 登记不收费。",
            "第二条 灯归岸上。",
        )
    )
    assert [article.label for article in parse(text).articles] == ["第一条", "第一条之一", "第二条"]
