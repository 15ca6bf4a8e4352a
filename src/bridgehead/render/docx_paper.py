"""Papers an office files, as Word documents: headings, paragraphs, lists and tables on A4, the same bytes each time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bridgehead.render.docx_register import clean, keep_whole, repeat, set_language, set_properties, without_dates

if TYPE_CHECKING:
    from docx.document import Document

A4_CM = (21.0, 29.7)
MARGIN_CM = 2.2
SIZES_PT = {"Normal": 10.5, "Title": 18, "Heading 1": 15, "Heading 2": 12.5, "Heading 3": 11}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a level from 1 to 3."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `fine` ones are notes on source and standing, one `at_right` says who issues a paper and when."""

    text: str
    bold: bool = False
    fine: bool = False
    at_right: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """A list, numbered where the order counts."""

    texts: Sequence[str]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Parameters
    ----------
    heads : sequence of str
        Heads of its columns, repeated on every page.
    rows : sequence of sequence of str
        Its rows, as many cells as there are heads.
    widths_cm : sequence of float
        Widths of the columns; shared out evenly where none are given.
    numbers : sequence of int
        Columns of numbers, aligned to the right with their heads.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths_cm: Sequence[float] = ()
    numbers: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a new page."""


Block = Heading | Text | Points | Grid | PageBreak


@dataclass(frozen=True, slots=True)
class Paper:
    """A document.

    Parameters
    ----------
    title : str
        Its title.
    blocks : sequence of Block
        What stands in it, in order.
    language : str
        ``zh`` or ``en``.
    landscape : bool
        Whether it lies across.
    """

    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)
    language: str = "zh"
    landscape: bool = False


def docx_paper(paper: Paper) -> bytes:
    """Return a paper as .docx."""
    import docx

    document = docx.Document()
    width_cm = _set_page(document, paper.landscape)
    set_language(document, SIZES_PT, paper.language)
    set_properties(document, paper.title, paper.language)
    _number_pages(document)
    document.add_heading(clean(paper.title), level=0)
    for block in paper.blocks:
        _write(document, block, width_cm)
    out = io.BytesIO()
    document.save(out)
    return without_dates(out.getvalue())


def _set_page(document: Document, landscape: bool) -> float:
    """Set the page and return the width of what is written on it."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    page = document.sections[0]
    width, height = A4_CM[::-1] if landscape else A4_CM
    page.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Cm(width), Cm(height)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN_CM)
    return width - 2 * MARGIN_CM


def _number_pages(document: Document) -> None:
    """Write the number of each page at its foot, as offices do: between two dashes."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    foot = document.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("— ")
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    told = OxmlElement("w:t")
    told.text = "1"
    run.append(told)
    number.append(run)
    foot._p.append(number)
    foot.add_run(" —")


def _write(document: Document, block: Block, width_cm: float) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    match block:
        case Heading(text, level):
            document.add_heading(clean(text), level=level)
        case Text(text, bold, fine, at_right):
            paragraph = document.add_paragraph()
            if at_right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run = paragraph.add_run(clean(text))
            run.bold = bold or None
            if fine:
                run.font.size = Pt(8.5)
        case Points(texts, numbered):
            for text in texts:
                document.add_paragraph(clean(text), style="List Number" if numbered else "List Bullet")
        case Grid():
            _write_grid(document, block, width_cm)
        case PageBreak():
            document.add_page_break()  # type: ignore[no-untyped-call]


def _write_grid(document: Document, grid: Grid, width_cm: float) -> None:
    """Write a table as XML parts at once: cell by cell through the library a long report takes minutes."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Cm, Twips

    columns = len(grid.heads)
    widths = list(grid.widths_cm) or [width_cm / columns] * columns
    scale = width_cm / sum(widths)
    twips = [int(Cm(width * scale).twips) for width in widths]
    table = document.add_table(rows=1, cols=columns, style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, twips, strict=True):
        column._gridCol.set(qn("w:w"), str(width))
    first = table.rows[0]
    repeat(first)
    for at, (cell, head, width) in enumerate(zip(first.cells, grid.heads, twips, strict=True)):
        cell.width = Twips(width)  # programs read the widths of the grid or those of the cells of the first row
        cell.paragraphs[0].add_run(clean(head)).bold = True
        if at in grid.numbers:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    body: Any = table._tbl
    for row in grid.rows:
        body.append(_row(row, twips, frozenset(grid.numbers)))
    keep_whole(first)


def _row(cells: Sequence[str], twips: Sequence[int], numbers: frozenset[int]) -> Any:
    """Return one row of a table as XML, which no page ends within."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    def element(parent: Any, name: str, **attributes: str) -> Any:
        found = OxmlElement(name)
        for key, value in attributes.items():
            found.set(qn(f"w:{key}"), value)
        parent.append(found)
        return found

    row = OxmlElement("w:tr")
    element(element(row, "w:trPr"), "w:cantSplit")
    for at, (text, width) in enumerate(zip(cells, twips, strict=True)):
        cell = element(row, "w:tc")
        element(element(cell, "w:tcPr"), "w:tcW", w=str(width), type="dxa")
        paragraph = element(cell, "w:p")
        if at in numbers:
            element(element(paragraph, "w:pPr"), "w:jc", val="right")
        for number, line in enumerate(clean(text).split("\n")):
            run = element(paragraph, "w:r")
            if number:
                element(run, "w:br")
            told = element(run, "w:t")
            told.text = line
            told.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return row
