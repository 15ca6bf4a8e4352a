"""The duty register as a Word document."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from bridgehead.engines.statute.exports.register import Row
from bridgehead.render.docx_register import RegisterHead, docx_register

HEAD = RegisterHead("青山市渡轮管理条例", "ferry", "ab" * 32, "2019-05-06", "2019-06-01", "2019-08-01")


def _row(at: int, action: str = "应当报告渡轮情况", doubts: str = "") -> Row:
    where = (f"art_{at}__para_1__duty_1", "1 总则", f"第{at}条", 1)
    who = ("市工商行政管理部门", "", "", "市工商行政管理部门", "工商行政管理→市场监督管理（2018-03-17）")
    return Row(*where, "应当", "应当", *who, "是", action, action, "", "每年", "报告", 0.9, doubts, 0, 8)


def _opened(data: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(data))


def test_it_is_a_landscape_table_with_a_head_on_every_page() -> None:
    document = _opened(docx_register(HEAD, [_row(1), _row(2, doubts="主体承前")]))
    page = document.sections[0]
    assert page.orientation == WD_ORIENT.LANDSCAPE
    assert page.page_width > page.page_height
    table = document.tables[0]
    assert len(table.rows) == 3
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    cells = [cell.text for cell in table.rows[1].cells]
    assert cells[0] == "第1条"
    assert "市工商行政管理部门 …\n工商行政管理→市场监督管理（2018-03-17）" in cells
    wide = sum(column.width for column in table.columns)
    assert wide <= page.page_width - page.left_margin - page.right_margin


@pytest.mark.parametrize(
    ("language", "title", "standing"),
    [
        ("zh", "《青山市渡轮管理条例》职责清单", "未经人工确认"),
        ("en", "Register of duties", "not confirmed by a person"),
    ],
)
def test_it_says_where_it_is_from_and_how_far_to_trust_it(language: str, title: str, standing: str) -> None:
    document = _opened(docx_register(HEAD, [_row(1)], language))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for part in (title, standing, "ab" * 32, "ferry", "2019-06-01", "2019-08-01"):
        assert part in words
    assert document.core_properties.title.startswith(title)


def test_what_the_text_does_not_state_is_said_to_be_so() -> None:
    words = "\n".join(one.text for one in _opened(docx_register(RegisterHead(""), [], "en")).paragraphs)
    assert words.count("not stated") == 5
    assert "0 duties" in words


def test_the_same_register_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = docx_register(HEAD, [_row(1)])
    later = time.time() + 400_000_000
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(later))
    assert docx_register(HEAD, [_row(1)]) == first
    assert docx_register(HEAD, [_row(2)]) != first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time[:3] for part in parts.infolist()} == {(1980, 1, 1)}
        assert b"python-docx" not in parts.read("docProps/core.xml")


def test_characters_xml_cannot_hold_are_marked() -> None:
    data = docx_register(RegisterHead("渡\x00轮"), [_row(1, "停\x0b航 <b> & ]]>")])
    cells = [cell.text for cell in _opened(data).tables[0].rows[1].cells]
    assert "停\ufffd航 <b> & ]]>" in cells


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "主体有 1 项经人核对，不是法律意见。共 3 项职责，1 项存疑"),
        ("en", "for 1; no legal advice. 3 duties, 1 of"),
    ],
)
def test_what_a_person_answered_is_no_doubt(language: str, words: str) -> None:
    rows = [_row(1), replace(_row(2), standing="已由人确认", settled=True), _row(3, doubts="主体承前")]
    document = _opened(docx_register(HEAD, rows, language))
    assert words in "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert [row.cells[-1].text for row in document.tables[0].rows][1:] == ["", "已由人确认", "主体承前"]
