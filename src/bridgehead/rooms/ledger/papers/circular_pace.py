"""What a circular says of targets: how far each is against the usual course of the year."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from bridgehead.rooms.ledger import circular_parts
from bridgehead.rooms.ledger.circular_parts import Block, PartAsked
from bridgehead.rooms.ledger.papers.circular_figures import figures_block
from bridgehead.rooms.ledger.papers.figures import NUMBERS, WIDTHS_CM, pace_heads, pace_row
from bridgehead.rooms.ledger.selectors.figures_pace import Asked, pace_board


def pace_block(asked: PartAsked) -> Block:
    """Return the targets of the year with their pace as of the day a circular speaks of.

    Figures of a period are reported after it: those that are there when the circular is drafted count.
    """
    board = pace_board(asked.viewer, asked.on, Asked(year=asked.on.year), timezone.localdate())
    gap = "" if board.lines else _("这一年没有登记目标。")
    return Block(_("目标进度"), pace_heads(), [pace_row(line) for line in board.lines], gap, NUMBERS, WIDTHS_CM)


def register_circular_parts() -> None:
    """Register what the figures of the ledger add to a circular."""
    circular_parts.register("pace", 40, pace_block)
    circular_parts.register("figures", 50, figures_block)
