"""The text of a .docx: lists are counted, deleted words left out, swollen and damaged files refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from bridgehead.engines.statute.decode import source_of
from bridgehead.engines.statute.reader import read
from bridgehead.kernel.errors import BridgeheadError

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def paragraph(text: str, *, number: int | None = None, level: int = 0) -> str:
    listed = (
        ""
        if number is None
        else f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
    )
    return f"<w:p>{listed}<w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(*body: str, **parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {NAMESPACE}><w:body>{''.join(body)}</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return stream.getvalue()


NUMBERING = f"""<w:numbering {NAMESPACE}><w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="space"/>
<w:lvlText w:val="第%1条"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/>
<w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""


def codes(data: bytes) -> list[str]:
    return [found.code for found in read(source_of(data, "a.docx")).anomalies]


def refused(data: bytes) -> str:
    with pytest.raises(BridgeheadError) as caught:
        source_of(data, "a.docx")
    return caught.value.code


def test_labels_made_by_lists_are_counted() -> None:
    data = docx(
        paragraph("甲州河灯保护办法"),
        paragraph("放灯的人应当遵守下列规定：", number=1),
        paragraph("灯里不放油；", number=1, level=1),
        paragraph("放完以后收回。", number=1, level=1),
        paragraph("守灯的人应当：", number=1),
        paragraph("看好灯。", number=1, level=1),
        paragraph("本办法自公布之日起施行。", number=1),
        numbering=NUMBERING,
    )
    statute = read(source_of(data, "河灯.docx"))
    assert statute.source.kind == "docx"
    assert [article.label for article in statute.articles] == ["第一条", "第二条", "第三条"]
    assert [item.label for item in statute.articles[0].paragraphs[0].items] == ["（一）", "（二）"]
    assert [item.label for item in statute.articles[1].paragraphs[0].items] == ["（一）"]
    assert statute.effect.rule == "公布之日"
    assert ("statute.docx_numbered", (("count", 6),)) in [(found.code, found.parameters) for found in statute.anomalies]


def test_deleted_words_and_notes_are_left_out_and_said() -> None:
    data = docx(
        paragraph("甲州河灯保护办法"),
        "<w:p><w:r><w:t>第一条 灯</w:t></w:r><w:del><w:r><w:delText>笼</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>不放油。</w:t></w:r></w:ins><w:r><w:footnoteReference/></w:r></w:p>",
        "<w:tbl><w:tr><w:tc>" + paragraph("第二条 本办法自公布之日起施行。") + "</w:tc></w:tr></w:tbl>",
    )
    statute = read(source_of(data, "a.docx"))
    assert [article.text for article in statute.articles] == ["灯不放油。", "本办法自公布之日起施行。"]
    assert {"statute.docx_deleted", "statute.docx_inserted", "statute.docx_footnotes"} <= set(codes(data))


def test_line_breaks_and_tabs_are_kept() -> None:
    data = docx("<w:p><w:r><w:t>第一条</w:t><w:tab/><w:t>灯。</w:t><w:br/><w:t>水。</w:t></w:r></w:p>")
    assert source_of(data, "a.docx").text == "第一条\t灯。\n水。\n"


def test_bombs_are_refused() -> None:
    assert refused(docx(paragraph("灯" * 12_000_000))) == "statute.docx_bomb"
    assert refused(docx("<w:p>" * 400 + "</w:p>" * 400)) == "statute.docx_bomb"
    assert refused(docx(**{f"part{number}": "" for number in range(2100)})) == "statute.docx_bomb"


def test_damaged_files_are_refused() -> None:
    whole = docx(paragraph("第一条 灯。"))
    assert refused(whole[: len(whole) // 2]) in ("statute.docx_damaged", "statute.wrong_kind")
    assert refused(docx("<w:p>")) == "statute.docx_damaged"
    entity = f'<!DOCTYPE x [<!ENTITY a "灯">]><w:numbering {NAMESPACE}>&a;</w:numbering>'
    assert refused(docx(paragraph("第一条 灯。"), numbering=entity)) == "statute.docx_damaged"
    assert refused(docx(paragraph(" "))) == "statute.empty"


def test_a_list_as_it_was_before_a_change_of_format_is_not_counted() -> None:
    former = '<w:pPrChange w:id="1" w:author="a"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange>'
    first = paragraph("放灯的人应当看好灯。", number=1).replace("</w:pPr>", f"{former}</w:pPr>", 1)
    data = docx(
        paragraph("甲州河灯保护办法"), first, paragraph("本办法自公布之日起施行。", number=1), numbering=NUMBERING
    )
    statute = read(source_of(data, "a.docx"))
    assert [article.text for article in statute.articles] == ["放灯的人应当看好灯。", "本办法自公布之日起施行。"]
    assert [found.code for found in statute.anomalies] == [
        "statute.docx_numbered",
        "statute.no_adoption_date",
        "statute.no_chapters",
    ]


def test_articles_of_one_list_count_through_all_chapters() -> None:
    through = (
        NUMBERING.replace("第%1条", "第%1章")
        .replace("（%2）", "第%2条")
        .replace('<w:suff w:val="nothing"/>', '<w:lvlRestart w:val="0"/><w:suff w:val="space"/>')
    )
    data = docx(
        paragraph("甲州河灯保护办法"),
        paragraph("总则", number=1),
        paragraph("放灯的人应当看好灯。", number=1, level=1),
        paragraph("附则", number=1),
        paragraph("本办法自公布之日起施行。", number=1, level=1),
        numbering=through,
    )
    assert [article.label for article in read(source_of(data, "a.docx")).articles] == ["第一条", "第二条"]


def test_hidden_words_are_left_out_and_said() -> None:
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>守灯的人可以收费。</w:t></w:r>"
    data = docx(
        paragraph("甲州河灯保护办法"),
        paragraph("第一条 放灯的人应当看好灯。").replace("</w:p>", f"{hidden}</w:p>"),
        paragraph("第二条 本办法自公布之日起施行。"),
    )
    statute = read(source_of(data, "a.docx"))
    assert "收费" not in statute.source.text
    assert "statute.docx_hidden" in [found.code for found in statute.anomalies]
