"""Bytes to sources: encodings are found and said, other kinds of files are named and refused."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.statute.decode import LARGEST_PAGE_B, LARGEST_TEXT_B, MOST_LINES, source_of, source_of_text
from bridgehead.engines.statute.reader import read
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.statute.invented import TITLE, whole


def refused(data: bytes, name: str = "file.txt") -> BridgeheadError:
    with pytest.raises(BridgeheadError) as caught:
        read(source_of(data, name))
    return caught.value


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("gbk", "GBK"), ("utf-16", "UTF-16-LE"), ("utf-16-be", "UTF-16-BE"), ("utf-16-le", "UTF-16-LE")],
)
def test_other_encodings_are_converted_and_said(encoding: str, shown: str) -> None:
    data = whole(end="\r\n").encode(encoding)
    source = source_of(data, "河灯.txt")
    assert source.bytes == data
    statute = read(source)
    assert statute.title == TITLE
    assert [dict(found.parameters) for found in statute.anomalies if found.code == "statute.converted"] == [
        {"encoding": shown}
    ]


def test_characters_beyond_gbk_are_read_as_gb18030() -> None:
    data = whole(title="甲州㐀河保护条例").encode("gb18030")
    source = source_of(data, "a.txt")
    assert (source.bytes, source.encoding) == (data, "gb18030")


def test_mark_and_line_ends_are_kept() -> None:
    data = b"\xef\xbb\xbf" + whole(end="\r\n").encode()
    source = source_of(data, "a.txt")
    assert source.bytes == data
    assert read(source).anomalies == ()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Word 97-2003 (.doc)"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "JPEG"),
        (b"PK\x03\x04" + bytes(60), "ZIP"),
        (b"{\\rtf1\\ansi", "RTF"),
    ],
)
def test_other_kinds_are_named(data: bytes, found: str) -> None:
    error = refused(data)
    assert (error.code, error.parameters["found"]) == ("statute.wrong_kind", found)


@pytest.mark.parametrize("data", [b"", b" \r\n ", b"\xef\xbb\xbf", "\u3000\n".encode()])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert refused(data).code == "statute.empty"


def test_a_text_of_twenty_megabytes_is_refused_at_once() -> None:
    began = time.perf_counter()
    error = refused(b"a" * 20_000_000)
    assert error.code == "statute.too_large"
    assert error.parameters["limit_mb"] == round(LARGEST_PAGE_B / 1e6)
    assert time.perf_counter() - began < 0.5


def test_a_text_of_more_than_two_megabytes_is_refused_and_a_web_page_of_it_is_not() -> None:
    articles = "第一条 放灯的人应当登记。\n第二条 本条例自2019年5月1日起施行。\n"
    error = refused((articles + "灯" * LARGEST_TEXT_B).encode())
    assert (error.code, error.parameters["limit_mb"]) == ("statute.too_large", 2)
    style = " " * LARGEST_TEXT_B
    page = f"<html><head><style>{style}</style></head><body>{'<p>灯</p>' * 9}<p>{articles}</p></body></html>"
    assert source_of(page.encode(), "a.html").kind == "html"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_text_of_too_many_lines_is_refused(end: str) -> None:
    line = f"灯。{end}".encode()
    error = refused(line * (MOST_LINES + 1))
    assert (error.code, error.parameters["count"]) == ("statute.too_many_lines", MOST_LINES + 1)
    assert source_of(line * MOST_LINES, "a.txt").text.count(end) == MOST_LINES


def test_damaged_bytes_are_refused_with_their_line() -> None:
    error = refused(b"\n\n" + "第一条 灯。".encode() + b"\xff\xff\xc0 \xfe")
    assert (error.code, error.parameters["line"]) == ("statute.undecodable", 3)
    assert refused(bytes(range(256)) * 4).code in ("statute.not_text", "statute.undecodable")


def test_half_a_character_pasted_is_refused() -> None:
    with pytest.raises(BridgeheadError) as caught:
        source_of_text("第一条 灯\ud800。")
    assert caught.value.code == "statute.undecodable"


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with suppress(BridgeheadError):
        source = source_of(data, "a.txt")
        assert source.bytes == data
        assert read(source).rebuilt() == source.text


@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"]))
def test_what_is_decoded_gives_the_bytes_back(text: str, encoding: str) -> None:
    data = text.encode(encoding, "ignore")
    with suppress(BridgeheadError):
        assert source_of(data, "a.txt").bytes == data


def test_an_english_act_a_contract_and_a_story_are_told_apart() -> None:
    act = "An Act to keep lanterns off rivers.\nSection 1. No person shall set a lantern on a river.\n" * 20
    contract = "灯笼买卖合同\n" + "".join(
        f"第{number}条 甲方向乙方交付灯笼，乙方向甲方付款，甲方与乙方各执一份。\n" for number in "一二三四五六"
    )
    story = "第一章 河边\n那天夜里，他看见一盏灯。\n第二章 远方\n灯漂走了，他没有回头。\n"
    japanese = "第一条　この規則は、川の灯りについて定めるものとする。\n第二条　灯りは、川に流してはならない。\n" * 4
    assert refused(act.encode()).code == "statute.other_language"
    assert refused(japanese.encode()).code == "statute.other_language"
    assert refused(contract.encode()).code == "statute.contract"
    assert refused(story.encode()).code == "statute.no_articles"


def test_a_statute_on_contracts_is_no_contract() -> None:
    body = ("第一条 甲方、乙方是灯笼合同的当事人。", "第二条 甲方不得欠款，乙方不得欠货，甲方、乙方都应当守信。")
    text = whole(title="甲州灯笼合同管理办法", body=(*body, "第三条 本办法自公布之日起施行。"))
    assert len(read(source_of(text.encode(), "a.txt")).articles) == 3
