"""Papers as Word documents: widths, columns of numbers, numbered pages, the same bytes each time."""

from __future__ import annotations

import io

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from bridgehead.render.docx_paper import Grid, Paper, Text, docx_paper

RIGHT = WD_ALIGN_PARAGRAPH.RIGHT


def test_every_cell_of_a_column_has_the_width_of_the_grid_and_heads_stand_over_their_numbers() -> None:
    rows = [("商务厅", "12"), ("交通厅", "3")]
    paper = docx.Document(
        io.BytesIO(docx_paper(Paper("题目", [Grid(("单位", "到期任务"), rows, (12, 4.6), numbers=(1,))])))
    )
    table = paper.tables[0]
    grid = [int(column._gridCol.get(qn("w:w"))) for column in table.columns]
    assert grid[0] > 2 * grid[1]
    for row in table.rows:
        assert [int(cell._tc.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in row.cells] == grid
        assert [cell.paragraphs[0].alignment for cell in row.cells] == [None, RIGHT]


def test_pages_are_numbered_and_who_issues_a_paper_stands_at_the_right() -> None:
    made = Paper("题目", [Text("正文"), Text("协调机构办公室", at_right=True)], landscape=True)
    content = docx_paper(made)
    assert content == docx_paper(made)
    paper = docx.Document(io.BytesIO(content))
    assert [one.alignment for one in paper.paragraphs[1:]] == [None, RIGHT]
    foot = paper.sections[0].footer.paragraphs[0]._p
    assert [one.get(qn("w:instr")) for one in foot.findall(qn("w:fldSimple"))] == ["PAGE"]
