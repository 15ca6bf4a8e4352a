"""A circular as an office files it: to whom, what the office says, the answer, the tables, who issues it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from bridgehead.ground.language import language
from bridgehead.ground.wording import day
from bridgehead.render.docx_paper import Block, Grid, Heading, Paper, Text
from bridgehead.rooms.ledger.papers.coordination import NONE, joined, printed
from bridgehead.rooms.ledger.selectors.circular_words import Table
from bridgehead.rooms.ledger.selectors.circulars import Seen

MOST_UPRIGHT = 7
"""How many columns a table of an upright page has at most."""
FIRST = 2.6
"""How many times as wide as the others the first column is, which names a body or a matter."""


def circular_paper(seen: Seen) -> Paper:
    """Return a circular as a paper.

    Articles: 5, 79
    """
    record = seen.record
    blocks: list[Block] = []
    if record is None:
        blocks.append(Text(_("草稿，没有发出"), bold=True))
    else:
        told = {"issuer": seen.issuer, "year": record.year, "number": record.number}
        blocks.append(Text(_("%(issuer)s %(year)s 年第 %(number)s 期") % told, at_right=True))
        blocks.append(Text(_("主送：%(bodies)s") % {"bodies": joined([name for _pk, name in seen.bodies])}))
        blocks += [Text(one) for one in record.foreword.splitlines() if one.strip()]
    blocks += [Text(seen.headline, bold=True), Text(seen.lead)]
    for table in seen.tables:
        blocks.append(Heading(table.title, 2))
        blocks.append(_grid(table) if table.rows else Text(table.empty or NONE))
        if table.rows and table.more:
            blocks.append(Text(table.more))
    blocks.append(Text(seen.issuer, at_right=True))
    if record is not None:
        blocks.append(Text(day(record.issued_on, language()), at_right=True))
    wide = any(len(one.heads) > MOST_UPRIGHT for one in seen.tables if one.rows)
    return Paper(seen.title, [*blocks, Text(printed(seen.issuer), fine=True)], language(), landscape=wide)


def _grid(table: Table) -> Grid:
    return Grid(table.heads, table.rows, table.widths_cm or _widths(table.heads), table.numbers)


def _widths(heads: Sequence[str]) -> tuple[float, ...]:
    return (FIRST, *(1.0 for _head in heads[1:]))
