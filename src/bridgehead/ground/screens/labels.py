"""Labels for the cells of tables that a phone shows row by row: each cell is told the head of its column."""

from __future__ import annotations

import re

_TABLE = re.compile(r'<table\b[^>]*\bclass="(?:[^"]*\s)?ev(?:\s[^"]*)?"[^>]*>.*?</table>', re.S)
_HEAD = re.compile(r"<thead\b.*?</thead>", re.S)
_HEADING = re.compile(r"<th\b([^>]*)>(.*?)</th>", re.S)
_CELL = re.compile(r"<(tr|td|th)\b([^>]*)>")
_SPAN = re.compile(r'\bcolspan="(\d+)"')
_TAG = re.compile(r"<[^>]*>")


def labelled(html: str) -> str:
    """Return HTML in which the cells of each ``table.ev`` bear the head of their column as ``data-label``.

    A narrow screen has no room for the heads: it shows a row as a block and, by its stylesheet, each label with its
    cell. The first cell of a row names it and needs none; a cell over several columns has none.
    """
    if "<table" not in html:
        return html
    return _TABLE.sub(lambda found: _with_labels(found[0]), html)


def _with_labels(table: str) -> str:
    head = _HEAD.search(table)
    if head is None:
        return table
    heads: list[str] = []
    for attributes, text in _HEADING.findall(head[0]):
        said = " ".join(_TAG.sub("", text).split()).replace('"', "&quot;")
        heads += [said] * _width(attributes)
    at = 0

    def label(cell: re.Match[str]) -> str:
        nonlocal at
        kind, attributes = cell.groups()
        if kind == "tr":
            at = 0
            return cell[0]
        place, width = at, _width(attributes)
        at += width
        bare = kind == "td" and place > 0 and width == 1 and "data-label" not in attributes
        if not bare or place >= len(heads) or not heads[place]:
            return cell[0]
        return f'<td{attributes} data-label="{heads[place]}">'

    return table[: head.end()] + _CELL.sub(label, table[head.end() :])


def _width(attributes: str) -> int:
    spans = _SPAN.search(attributes)
    return int(spans[1]) if spans else 1
