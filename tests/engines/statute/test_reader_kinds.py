"""Kinds of statutes other than the plain one: parts, amendments, lists in one line, footnotes, tables, captions."""

from __future__ import annotations

import time
from datetime import date

import pytest

from bridgehead.engines.statute.model import Statute
from tests.engines.statute.invented import BODY, TITLE, whole
from tests.engines.statute.test_reader import assert_lossless, codes, parse

PARTS = (
    "第一编 总则",
    "第一章 一般规定",
    "第一条 为了保护河灯，制定本条例。",
    "第二章 放灯的人",
    "第二条 放灯的人应当登记。",
    "第二编 河灯",
    "第一分编 通则",
    "第一章 一般规定",
    "第三条 河灯应当用纸做。",
    "第二分编 大灯",
    "第二章 大灯的放",
    "第一节 白天",
    "第四条 大灯不得在白天放。",
    "第三编 船",
    "第一分编 通则",
    "第一章 一般规定",
    "第五条 船应当靠岸。",
    "附　则",
    "第六条 本条例自2019年5月1日起施行。",
)


@pytest.mark.parametrize("contents", [False, True], ids=["bare", "contents"])
def test_parts_above_chapters_keep_chapters_apart(contents: bool) -> None:
    headings = tuple(line for line in PARTS if "条" not in line[:4])
    statute = parse(whole(body=(("目　录", *headings, *PARTS) if contents else PARTS)))
    assert [chapter.id for chapter in statute.chapters] == [
        "part_1__chp_1",
        "part_1__chp_2",
        "part_2__subpart_1__chp_1",
        "part_2__subpart_2__chp_2",
        "part_3__subpart_1__chp_1",
    ]
    assert [section.id for section in statute.sections] == ["part_2__subpart_2__chp_2__sec_1"]
    found = [statute.chapter_of(article) for article in statute.articles]
    assert [one.title if one else None for one in found] == [
        "一般规定",
        "放灯的人",
        "一般规定",
        "大灯的放",
        "一般规定",
        None,
    ]
    assert found[0] != found[2]
    assert [one is not None for one in map(statute.section_of, statute.articles)] == [False] * 3 + [True, False, False]
    assert codes(statute) == (["repeated_contents"] if contents else []) + ["parts"]
    assert_lossless(statute)


def test_a_chapter_lost_inside_a_part_is_told() -> None:
    body = tuple(line.replace("第二章 大灯", "第三章 大灯") for line in PARTS)
    body = (*body[:6], *(line for line in body[6:] if "分编" not in line))
    assert codes(parse(whole(body=body))) == ["parts", "lost_heading"]


AMENDING = (
    "第一条 将第三条修改为：“第三条 放灯的人应当登记。”",
    "第二条 将第三条修改为：",
    "第三条 河灯应当用纸做。",
    "第三条 增加一节，作为第四节；增加两条，内容如下：",
    "第四节 大灯",
    "第六条 大灯应当在夜里放。",
    "第七条 大灯不得在白天放。",
    "第四条 本决定自2019年5月1日起施行。",
)


def test_articles_an_amendment_puts_elsewhere_are_not_its_own() -> None:
    statute = parse(whole(body=AMENDING, title="甲州关于改变河灯办法的规定"))
    assert [article.label for article in statute.articles] == ["第一条", "第二条", "第三条", "第四条"]
    assert [len(article.paragraphs) for article in statute.articles] == [1, 2, 4, 1]
    assert not statute.sections
    # The heading put elsewhere stands as a line of its own.
    assert sorted(codes(statute)) == [*["label_in_quotation"] * 3, "no_chapters", "unfinished_line"]
    assert_lossless(statute)


def test_an_amendment_may_count_on_from_the_one_before() -> None:
    body = ("第十八条 第九条的“甲”改为“乙”。", "第十九条 第十条后增加一款。", "第二十条 本文自2019年5月1日起施行。")
    statute = parse(whole(body=body))
    assert [article.id for article in statute.articles] == ["art_18", "art_19", "art_20"]
    assert codes(statute) == ["no_chapters", "article_gap"]


def test_a_reference_at_the_beginning_of_a_line_takes_no_article_away() -> None:
    body = (
        "第一条 为了保护河灯，制定本条例。",
        "根据第三条的规定，放灯的人应当登记。",
        "第三条规定的登记，每年一次。",
        "第二条 放灯的人应当登记。",
        "第一条所称河灯，是指纸灯。",
        "第三条 船应当靠岸。",
        "第二条第二款的规定适用于船。",
        "第四条 本条例自2019年5月1日起施行。",
    )
    statute = parse(whole(body=body))
    assert [(article.number, len(article.paragraphs)) for article in statute.articles] == [
        (1, 3),
        (2, 2),
        (3, 2),
        (4, 1),
    ]
    assert codes(statute) == ["no_chapters"]


def items_of(statute: Statute) -> list[list[list[str]]]:
    return [
        [[item.label for item in paragraph.items] for paragraph in article.paragraphs] for article in statute.articles
    ]


def test_items_that_run_on_in_one_line_are_items() -> None:
    body = (
        "第一条 放灯的人应当：（一）登记；（二）交费；（三）收回。",
        "第二条 有下列情形之一的，不得放灯：",
        "（一）大风；（二）大雨；",
        "（三）大雪。（四）夜深。",
        "第三条 第一条第（一）、（二）项规定的登记；（三）项的收回；都应当记下。",
        "第四条 将上条改为：“放灯的人应当：（一）登记；（二）交费。”",
        "第五条 本条例自2019年5月1日起施行。",
    )
    statute = parse(whole(body=body))
    assert items_of(statute) == [
        [["（一）", "（二）", "（三）"]],
        [["（一）", "（二）", "（三）", "（四）"]],
        [[]],
        [[]],
        [[]],
    ]
    assert statute.articles[0].paragraphs[0].passage.text == "放灯的人应当："
    assert statute.articles[0].paragraphs[0].items[1].passage.text == "（二）交费；"
    assert codes(statute) == ["no_chapters"]
    assert_lossless(statute)


def test_an_item_may_begin_with_a_project_or_a_goal() -> None:
    body = (
        "第一条 申请应当包括：",
        "（一）项目名称；",
        "（二）目标和期限；",
        "（三）目录。",
        "第二条 本条例自2019年5月1日起施行。",
    )
    statute = parse(whole(body=body))
    assert items_of(statute) == [[["（一）", "（二）", "（三）"]], [[]]]


def test_words_between_two_items_belong_to_the_first_of_them() -> None:
    body = (
        "第一条 河灯分为下列各级：",
        "（一）大灯：一尺、二尺。",
        "水上的大灯冠以“水”字。",
        "（二）小灯。",
        "小灯的尺寸有：",
        "1．三寸；",
        "其中纸做的两寸；",
        "2．五寸。",
        "（三）微灯。",
        "各级的办法另定。",
        "第二条 本条例自2019年5月1日起施行。",
    )
    statute = parse(whole(body=body))
    first = statute.articles[0].paragraphs
    assert items_of(statute)[0] == [["（一）", "（二）", "（三）"], []]
    assert [item.passage.text for item in first[0].items] == [
        "（一）大灯：一尺、二尺。水上的大灯冠以“水”字。",
        "（二）小灯。小灯的尺寸有：",
        "（三）微灯。",
    ]
    assert [one.passage.text for one in first[0].items[1].subitems] == ["1．三寸；其中纸做的两寸；", "2．五寸。"]
    assert codes(statute) == ["no_chapters"]
    assert_lossless(statute)


def test_what_the_last_item_announces_belongs_to_it() -> None:
    body = (
        "第一条 放灯的许可：",
        "（一）大灯由州准许；",
        "（二）小灯由县准许，下列的灯除外：",
        "纸灯由乡准许；",
        "布灯由村准许。",
        "许可不收费。",
        "第二条 本条例自2019年5月1日起施行。",
    )
    statute = parse(whole(body=body))
    assert items_of(statute)[0] == [["（一）", "（二）"], []]
    assert statute.articles[0].paragraphs[0].items[1].passage.text.endswith("除外：纸灯由乡准许；布灯由村准许。")
    assert codes(statute) == ["no_chapters"]
    assert_lossless(statute)


def test_an_article_may_begin_with_its_first_item() -> None:
    body = (
        "第一条 （一）放灯的人应当登记。",
        "（二）登记应当交费。",
        "第二条 1、大灯五元；",
        "2、小灯三元。",
        "第三条 （一）、（二）两项自2019年5月1日起施行。",
    )
    statute = parse(whole(body=body))
    assert items_of(statute) == [[["（一）", "（二）"]], [["1、", "2、"]], [[]]]
    assert statute.articles[0].text == "（一）放灯的人应当登记。（二）登记应当交费。"
    assert codes(statute) == ["no_chapters"]
    assert_lossless(statute)


@pytest.mark.parametrize("marks", ["（）", "【】", "〔〕"])
def test_a_caption_on_the_line_of_the_label_is_no_paragraph(marks: str) -> None:
    body = (
        f"第一条 {marks[0]}目的{marks[1]}",
        "为了保护河灯，制定本条例。",
        "放灯的人应当登记。",
        f"第二条 {marks[0]}删去{marks[1]}",
        f"第三条 {marks[0]}施行{marks[1]}本条例自2019年5月1日起施行。",
    )
    statute = parse(whole(body=body))
    assert [len(article.paragraphs) for article in statute.articles] == [2, 1, 1]
    assert statute.articles[0].paragraphs[0].passage.text == f"{marks[0]}目的{marks[1]}为了保护河灯，制定本条例。"
    assert_lossless(statute)


def test_a_colon_may_stand_behind_the_label() -> None:
    body = ("第一条：放灯的人应当登记。", "第三条：第二款不适用。", "第二条：本条例自2019年5月1日起施行。")
    statute = parse(whole(body=body))
    assert [(article.label, article.text[:3]) for article in statute.articles] == [
        ("第一条", "放灯的"),
        ("第二条", "本条例"),
    ]
    assert_lossless(statute)


def test_an_article_put_in_behind_the_first_takes_it_not_away() -> None:
    body = ("第一条 放灯的人应当登记。", "第一条之一 登记应当交费。", "第二条 本条例自2019年5月1日起施行。")
    statute = parse(whole(body=body))
    assert [article.id for article in statute.articles] == ["art_1", "art_1_1", "art_2"]
    assert codes(statute) == ["no_chapters"]


def test_rules_between_parts_of_a_text_are_no_words() -> None:
    statute = parse("\n".join((TITLE, "---", "（2019年3月5日甲州大会通过）", "-----", *BODY[:4], "— — —", *BODY[4:])))
    assert codes(statute) == []
    assert_lossless(statute)


def test_figures_above_brackets_count_on_below_han_numbers() -> None:
    body = (
        "一、关于放灯",
        "1.放灯的人应当登记。",
        "2.登记应当交费：",
        "（一）大灯五元；",
        "（二）小灯三元。",
        "二、关于收灯",
        "收灯应当在天亮以前。",
        "3.放灯的人应当收回河灯。",
        "三、本意见自2019年5月1日起施行。",
    )
    statute = parse(whole(body=body, title="甲州河灯意见"))
    assert items_of(statute)[0] == [["1.", "2."]]
    assert [one.label for one in statute.articles[0].paragraphs[0].items[1].subitems] == ["（一）", "（二）"]
    assert codes(statute) == ["han_numbering"]
    assert_lossless(statute)


def test_footnotes_are_no_provisions_and_told() -> None:
    body = (
        "第一条 为了保护河灯[1]，制定本条例。",
        "[1] 河灯是浮在水面的灯。",
        "第二条 放灯的人应当登记。[2]",
        "第三条 本条例自2019年5月1日起施行。",
        "［2］登记的办法另定。",
    )
    statute = parse(whole(body=body))
    assert [len(article.paragraphs) for article in statute.articles] == [1, 1, 1]
    assert codes(statute) == ["no_chapters", "footnotes_left_out"]
    assert dict(statute.anomalies[1].parameters)["lines"] == "4、7"
    assert_lossless(statute)


def test_a_table_behind_the_last_article_is_an_appendix_without_the_word() -> None:
    rows = ("放灯费用表一（大灯适用）", "级数 尺寸 费用", "1 一尺 5元", "（注：尺寸不含灯座）")
    statute = parse(whole(body=(*BODY, *rows)))
    assert [appendix.label for appendix in statute.appendices] == ["放灯费用表一（大灯适用）"]
    assert "灯座" in statute.appendices[0].passage.text
    assert codes(statute) == []
    assert_lossless(statute)


def test_a_preamble_under_its_name_tells_no_events() -> None:
    above = ("序　言", "甲州自古放灯。", "1901年3月5日第一盏灯通过水门，自此年年放灯。")
    statute = parse(whole(body=(*above, *BODY)))
    assert statute.preamble.text == "".join(above[1:])
    assert (statute.adopted, len(statute.events)) == (date(2019, 3, 5), 2)
    assert codes(statute) == []
    assert_lossless(statute)


@pytest.mark.parametrize(
    "line",
    [
        "放灯的人应当" + "；（二）登记" * 20_000,
        "：（一）登记；（二）交费" * 10_000,
        "：\n（一）有：\n" + "灯；\n" * 20_000,
    ],
)
def test_long_lists_in_one_line_take_no_time(line: str) -> None:
    begin = time.process_time()
    parse(whole(body=(f"第一条 {line}。", "第二条 本条例自2019年5月1日起施行。")))
    assert time.process_time() - begin < 3


def test_a_list_below_a_caption_keeps_its_paragraphs() -> None:
    body = (
        "第一条 （登记）",
        "（一）大灯；",
        "（二）小灯。",
        "登记应当交费。",
        "登记每年一次。",
        "第二条 本条例自2019年5月1日起施行。",
    )
    statute = parse(whole(body=body))
    assert items_of(statute)[0] == [["（一）", "（二）"], [], []]


def test_the_last_word_of_a_broken_line_is_no_button() -> None:
    body = (
        "第一条 放灯的人违反本条例的，由州人民政府责令改正，并可以把放灯的地方",
        "关闭：",
        "（一）大风；",
        "（二）大雨。",
        "第二条 本条例自2019年5月1日起施行。",
    )
    statute = parse(whole(body=body))
    assert "关闭：" in statute.articles[0].text
    assert "noise_left_out" not in codes(statute)


def test_a_broken_paragraph_of_the_last_article_is_no_signature() -> None:
    wide = "河灯由放灯的人自己收回，并且在天亮以前收完，收不完的河灯由船夫"
    body = tuple(line for number in "一二三四五六" for line in (f"第{number}条 {wide[: len(wide) - 4]}", "收回。"))
    statute = parse(whole(body=(*body, "第七条 本条例自2019年5月1日起施行。", wide, "收回来。")))
    assert [len(article.paragraphs) for article in statute.articles] == [1] * 6 + [2]
    assert statute.articles[-1].paragraphs[1].passage.text == wide + "收回来。"


@pytest.mark.parametrize("second", ["附件：", "乙州河灯条例"])
def test_a_short_text_keeps_its_first_article_where_another_follows(second: str) -> None:
    body = ("第一条 放灯的人应当登记。", "第二条 登记应当交费。", "第三条 本条例自2019年5月1日起施行。")
    statute = parse(
        whole(body=(*body, second, "第一条 放灯的人应当排队。", "第二条 放灯的人不得争先。", "第三条 完。"))
    )
    assert [article.id for article in statute.articles] == ["art_1", "art_2", "art_3"]
    assert len(statute.appendices) == 1
    assert codes(statute) == ["no_chapters", "second_text"]
    assert_lossless(statute)


def test_an_appendix_may_be_a_sentence_behind_its_label() -> None:
    body = ("第一条 放灯的人应当登记。", "第二条 本条例自2019年5月1日起施行。", "附件一、附件二由州人民政府公布。")
    statute = parse(whole(body=(*body, "附：河灯包括纸灯、布灯。", "注：布灯由乡准许。")))
    assert len(statute.articles[-1].paragraphs) == 2
    assert [appendix.passage.text for appendix in statute.appendices] == ["附：河灯包括纸灯、布灯。注：布灯由乡准许。"]


def test_a_colon_may_stand_behind_the_number_of_a_chapter() -> None:
    body = ("第一章：总则", "第一条 放灯的人应当登记。", "第二章： 附则", "第二条 本条例自2019年5月1日起施行。")
    statute = parse(whole(body=body))
    assert [(chapter.number, chapter.title) for chapter in statute.chapters] == [(1, "总则"), (2, "附则")]
    assert codes(statute) == []


def test_items_may_count_on_below_han_numbers() -> None:
    body = (
        "一、放灯",
        "（一）放灯的人应当登记。",
        "（二）登记应当交费。",
        "二、收灯",
        "（三）放灯的人应当收回。",
        "（四）完。",
    )
    assert codes(parse(whole(body=body, title="甲州河灯通知"))) == ["han_numbering", "no_effective_clause"]
    body = (*body[:4], "（四）放灯的人应当收回。", "（五）完。")
    assert "item_disorder" in codes(parse(whole(body=body, title="甲州河灯通知")))


def test_numbers_alone_in_an_appendix_are_cells_of_its_table() -> None:
    table = ("附表：放灯费用", "级数", "1", "5元", "2", "9元", "— 7 —", "3", "12元")
    statute = parse(whole(body=(*BODY, *table)))
    assert statute.appendices[0].passage.text == "附表：放灯费用级数15元29元312元"
    left_out = [found for found in statute.anomalies if found.code == "statute.noise_left_out"]
    assert [dict(found.parameters)["count"] for found in left_out] == [1]
    assert_lossless(statute)


def test_rows_of_numbers_in_an_appendix_are_no_page_numbers() -> None:
    statute = parse(whole(body=(*BODY, "附表：放灯费用", "级数 元", "1 100", "2 200")))
    assert statute.appendices[0].passage.text.endswith("2 200")
    assert "noise_left_out" not in codes(statute)
    assert_lossless(statute)


def test_traditional_characters_are_told() -> None:
    body = ("第一条 放灯的人應當登記。", "第二条 渡口管理機關應當備案，單位應當繳費。")
    assert "traditional_characters" in codes(parse(whole(body=body)))
    assert "traditional_characters" not in codes(parse(whole(body=("第一条 應先生应当登记。",))))
