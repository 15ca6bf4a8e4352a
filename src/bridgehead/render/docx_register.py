"""The duty register as a Word document: landscape, one table, its head repeated on every page.

The same register gives the same bytes: no clock, no author of the machine, fixed dates inside the archive.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bridgehead.engines.statute.exports.register import LANGUAGES, STANDING_WORDS, Row, heads

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell, _Row

    from bridgehead.engines.statute.model import Statute

NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)
"""The first day an archive can name; what a document is dated where the day must not change its bytes."""

_SHOWN_CM = {
    "article": 1.9,
    "paragraph": 0.9,
    "modality": 1.7,
    "actors": 3.9,
    "co_actors": 2.6,
    "action": 7.6,
    "deadline": 2.0,
    "flags": 1.8,
    "confidence": 1.4,
    "doubts": 2.3,
}
"""Columns of the page and their widths; what is left out stands in the CSV."""

_MARGIN_CM = 1.8
_A4_CM = (29.7, 21.0)
_TEXT_FONT = "Arial"
_HAN_FONT = "SimSun"
_NO_CHARACTER = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_WORDS = {
    "title": ("《{title}》职责清单", "Register of duties: {title}"),
    "untitled": ("职责清单", "Register of duties"),
    "file": ("来源文件", "Source file"),
    "sha256": ("文件校验值（SHA-256）", "SHA-256 of the file"),
    "adopted": ("通过日期", "Adopted"),
    "version": ("版本日期", "Version of"),
    "in_force": ("施行日期", "In force from"),
    "not_stated": ("未载明", "not stated"),
    "standing": (
        "性质：由规则从文本推导，未经人工确认，不是法律意见。共 {count} 项职责，其中 {doubtful} 项存疑。",
        "Standing: derived from the text by rules, not confirmed by a person, no legal advice."
        " {count} duties, {doubtful} of them in doubt.",
    ),
    "checked": (
        "性质：由规则从文本推导，主体有 {settled} 项经人核对，不是法律意见。共 {count} 项职责，{doubtful} 项存疑。",
        "Standing: derived from the text by rules; who owes it was checked by a person for {settled}; no legal advice."
        " {count} duties, {doubtful} of them in doubt.",
    ),
    "mark": ("：", ": "),
}


@dataclass(frozen=True, slots=True)
class RegisterHead:
    """What stands above the table.

    Parameters
    ----------
    title : str
        Title of the statute.
    file, sha256 : str
        Name of the file it was read from, and its hash.
    adopted, version, in_force : str
        Days, or rules such as 公布之日; empty where the text names none.
    """

    title: str
    file: str = ""
    sha256: str = ""
    adopted: str = ""
    version: str = ""
    in_force: str = ""


def head_of(statute: Statute) -> RegisterHead:
    """Return what stands above the register of a statute."""
    source, effect = statute.source, statute.effect
    return RegisterHead(
        statute.title,
        source.name,
        source.sha256,
        statute.adopted.isoformat() if statute.adopted else "",
        statute.last_event.isoformat() if statute.last_event else "",
        effect.day.isoformat() if effect.day else effect.rule or "",
    )


def docx_register(head: RegisterHead, rows: Sequence[Row], language: str = "zh") -> bytes:
    """Return the register as a .docx.

    Parameters
    ----------
    head : RegisterHead
        What stands above the table.
    rows : sequence of Row
        The duties.
    language : str
        ``zh`` or ``en``, as the rows were made.
    """
    import docx

    document = docx.Document()
    title = _say("title", language).format(title=head.title) if head.title else _say("untitled", language)
    _set_page(document, language)
    set_properties(document, title, language)
    document.add_heading(clean(title), level=1)
    _write_note(document, head, rows, language)
    _write_table(document, rows, language)
    out = io.BytesIO()
    document.save(out)
    return without_dates(out.getvalue())


def _say(name: str, language: str) -> str:
    return _WORDS[name][LANGUAGES.index(language)]


def clean(text: str) -> str:
    """Return a text without the characters XML cannot hold."""
    return _NO_CHARACTER.sub("\ufffd", text)


def _set_page(document: Document, language: str) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(_A4_CM[0]), Cm(_A4_CM[1])
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(_MARGIN_CM)
    set_language(document, {"Normal": 9, "Heading 1": 15}, language)


def set_language(document: Document, sizes_pt: Mapping[str, float], language: str) -> None:
    """Give styles their fonts and sizes, and say in which language a document is written."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Pt

    for name, size in sizes_pt.items():
        style = document.styles[name]
        style.font.name, style.font.size = _TEXT_FONT, Pt(size)
        properties = style.element.get_or_add_rPr()
        properties.rFonts.set(qn("w:eastAsia"), _HAN_FONT)
        for theme in ("w:asciiTheme", "w:eastAsiaTheme", "w:hAnsiTheme", "w:cstheme"):
            properties.rFonts.attrib.pop(qn(theme), None)
        told = OxmlElement("w:lang")
        told.set(qn("w:val"), "en-US" if language == "en" else "zh-CN")
        told.set(qn("w:eastAsia"), "zh-CN")
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        properties.append(told)


def set_properties(document: Document, title: str, language: str) -> None:
    """Say what a document is; nothing of the machine or the day stands in it."""
    core = document.core_properties
    core.title = clean(title)[:255]
    core.author = core.last_modified_by = "bridgehead"
    core.comments = core.subject = core.keywords = core.category = ""
    core.language = "en" if language == "en" else "zh-CN"
    core.created = core.modified = NO_DATE
    core.revision = 1


def _write_note(document: Document, head: RegisterHead, rows: Sequence[Row], language: str) -> None:
    told = []
    for name in ("file", "sha256", "adopted", "version", "in_force"):
        value = getattr(head, name) or _say("not_stated", language)
        told.append(f"{_say(name, language)}{_say('mark', language)}{value}")
    document.add_paragraph(clean("\n".join(told)))
    settled = sum(row.settled for row in rows)
    doubtful = sum(not row.settled and bool(_doubts(row)) for row in rows)
    words = _say("checked" if settled else "standing", language)
    standing = words.format(count=len(rows), doubtful=doubtful, settled=settled)
    document.add_paragraph().add_run(standing).bold = True


def _write_table(document: Document, rows: Sequence[Row], language: str) -> None:
    named = heads(language)
    table = document.add_table(rows=len(rows) + 1, cols=len(_SHOWN_CM), style="Table Grid")
    _set_widths(table)
    first, *others = table.rows
    repeat(first)
    for cell, name in zip(first.cells, _SHOWN_CM, strict=True):
        _write(cell, named[name], bold=True)
    for line, row in zip(others, rows, strict=True):
        keep_whole(line)
        for cell, name in zip(line.cells, _SHOWN_CM, strict=True):
            _write(cell, _shown(row, name))


def _doubts(row: Row) -> str:
    """Return what is doubted, or whose answer it is where a person gave one."""
    return row.doubts if row.standing in ("", *STANDING_WORDS["derived"]) else row.standing


def _shown(row: Row, name: str) -> str:
    value = _doubts(row) if name == "doubts" else getattr(row, name)
    if name == "actors":
        return "\n".join(filter(None, (f"{value} …" if row.open_list else value, row.successors)))
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _set_widths(table: Table) -> None:
    """Set the widths of the grid and of every cell: programs read one or the other."""
    from docx.shared import Cm

    table.autofit = False
    for column, width in zip(table.columns, _SHOWN_CM.values(), strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, _SHOWN_CM.values(), strict=True):
            cell.width = Cm(width)


def repeat(row: _Row) -> None:
    """Let a row stand at the head of every page of its table."""
    from docx.oxml.parser import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_whole(row: _Row) -> None:
    """Let no page end within a row."""
    from docx.oxml.parser import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _write(cell: _Cell, words: str, bold: bool = False) -> None:
    cell.paragraphs[0].add_run(clean(words)).bold = bold or None


def without_dates(data: bytes) -> bytes:
    """Return an archive with the same parts in the same order, dated alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, NO_DATE.timetuple()[:6])
            part.compress_type, part.external_attr, part.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            new.writestr(part, old.read(name))
    return out.getvalue()
