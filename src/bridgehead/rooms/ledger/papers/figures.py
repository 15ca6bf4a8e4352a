"""The pace of targets as a paper."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.render.docx_paper import Block, Grid, Paper, Text, docx_paper
from bridgehead.rooms.ledger.papers.common import day_word, standing_note
from bridgehead.rooms.ledger.selectors.figures_pace import Board, PaceLine

WIDTHS_CM = (4.6, 2.6, 2.6, 1.8, 4.2, 2.2, 2.8, 5.6)
NUMBERS = (1, 2, 3)
"""Columns of numbers."""


def pace_paper(board: Board) -> bytes:
    """Return the pace board as a Word document.

    Articles: 5, 79, 81
    """
    title = _("%(year)s 年目标进度") % {"year": board.year} if board.year else _("目标进度")
    as_of = _("截至 %(day)s") % {"day": day_word(board.on)}
    if board.known_on != board.on:
        as_of += " · " + _("按 %(day)s 所知") % {"day": day_word(board.known_on)}
    blocks: list[Block] = [Text(as_of), Text(board.headline, bold=True)]
    if board.lines:
        rows = [pace_row(line) for line in board.lines]
        blocks.append(Grid(pace_heads(), rows, WIDTHS_CM, numbers=NUMBERS))
    blocks.append(standing_note(board.on))
    return docx_paper(Paper(title, blocks, language(), landscape=True))


def pace_heads() -> tuple[str, ...]:
    """Return the heads of the table of targets."""
    return (
        pgettext("ledger", "指标"),
        pgettext("ledger figures", "目标"),
        pgettext("ledger", "完成"),
        _("完成份额"),
        _("到此时通常应有"),
        pgettext("ledger", "状态"),
        _("照此全年"),
        _("来源、日期和成色"),
    )


def pace_row(line: PaceLine) -> tuple[str, ...]:
    """Return one target with its pace, its source, date and standing, as a row of that table."""
    goal, unit = wording.spelt(line.goal.goal, line.definition.unit, language())
    goal = wording.qualifier_sign(line.goal.qualifier, language()) + goal
    done, told = wording.number(None, language()), ""
    if line.done is not None:
        done, _unit = wording.spelt(line.done.value, line.definition.unit, language())
        done = wording.qualifier_sign(line.done.qualifier, language()) + done
        done += f"\n{line.done.when}"
        standing = wording.standing_label(line.done.standing, language()) if line.done.standing else ""
        told = " ".join(filter(None, (standing, line.done.source, line.done.source_date)))
    aim = " ".join(filter(None, (pgettext("ledger figures", "目标"), line.goal.source, line.goal.source_date)))
    name = f"{line.name}（{unit}）" if language() == "zh" else f"{line.name} ({unit})"
    return (
        f"{name}\n{line.goal.title}" if line.goal.title else name,
        goal,
        done,
        wording.percent(line.share, language()) if line.share is not None else "—",
        line.pattern_words or "—",
        line.status_words,
        line.projected or "—",
        "\n".join(filter(None, (told, aim))),
    )
