"""Cells of a table bear the head of their column, for screens that have no room for the heads."""

from __future__ import annotations

import re

import pytest
from django.template import Context, Template

from bridgehead.ground.screens.labels import labelled

TABLE = """
<table class="{classes}">
  <thead><tr>
    <th scope="col">会议</th><th scope="col" class="r">议定 <b>事项</b>
      &quot;项&quot;</th><th scope="col" colspan="2">期限</th><th></th>
  </tr></thead>
  <tbody>
    <tr><th scope="row">第三次</th><td class="r">1</td><td>六月</td><td>七月</td><td>看</td></tr>
    <tr><td colspan="5">没有了</td></tr>
    <tr><td>第四次</td><td class="r">2</td><td colspan="2">八月</td><td>看</td></tr>
  </tbody>
</table>
"""


def cells(html: str) -> list[tuple[str, str]]:
    """Return the label and the text of each cell of the body."""
    found = re.findall(r"<(?:td|th)\b([^>]*)>([^<]*)</(?:td|th)>", html.split("<tbody>")[1])
    return [("".join(re.findall(r'data-label="([^"]*)"', one)), text) for one, text in found]


@pytest.mark.parametrize("classes", ["ev", "ev whole", "gap ev"])
def test_each_cell_after_the_first_bears_the_head_of_its_column(classes: str) -> None:
    assert cells(labelled(TABLE.format(classes=classes))) == [
        ("", "第三次"),
        ("议定 事项 &quot;项&quot;", "1"),
        ("期限", "六月"),
        ("期限", "七月"),
        ("", "看"),
        ("", "没有了"),
        ("", "第四次"),
        ("议定 事项 &quot;项&quot;", "2"),
        ("", "八月"),
        ("", "看"),
    ]


@pytest.mark.parametrize("classes", ["data", "even", "ev-like", "rev"])
def test_other_tables_stay_as_they_are(classes: str) -> None:
    table = TABLE.format(classes=classes)
    assert labelled(table) == table


def test_a_label_that_is_there_stays_and_a_table_without_heads_has_none() -> None:
    table = (
        '<table class="ev"><thead><tr><th>甲</th><th>乙</th></tr></thead><tr><td>1</td><td data-label="丙">2</td></tr>'
    )
    assert labelled(table + "</table>") == table + "</table>"
    bare = '<table class="ev"><tbody><tr><td>1</td><td>2</td></tr></tbody></table>'
    assert labelled(bare) == bare


def test_the_tag_labels_what_stands_inside_it_and_nothing_else() -> None:
    told = "{% labelled %}" + TABLE.format(classes="ev") + "{% endlabelled %}" + TABLE.format(classes="ev")
    shown = Template(told).render(Context())
    assert shown.count("data-label") == 4
    assert "data-label" not in shown[len(shown) // 2 + 80 :]
