"""Template filters of dossiers: the cells of a line, each with the head of its column."""

from __future__ import annotations

from collections.abc import Iterator

from django import template

from bridgehead.rooms.ledger.dossier import Line, Section

register = template.Library()


@register.filter
def cells(section: Section, line: Line) -> Iterator[tuple[str, bool, str]]:
    """Yield head, whether it is a number, and text of each cell of a line; a short line is filled up."""
    for at, head in enumerate(section.heads):
        yield head, at in section.numbers, line.cells[at] if at < len(line.cells) else ""
