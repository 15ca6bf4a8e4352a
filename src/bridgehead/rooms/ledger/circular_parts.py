"""What a circular says besides tasks, decisions, problems and requests: each subject of the ledger may add a block.

A block is data, made in both languages when a circular is drafted; when it is issued, what it said is frozen with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bridgehead.ground.access.viewer import Viewer
from bridgehead.kernel.periods import Period


@dataclass(frozen=True, slots=True)
class PartAsked:
    """What a block is asked for.

    Attributes
    ----------
    viewer : Viewer
        Who drafts.
    owner : int
        The coordination office whose circular it is.
    period : Period
        The month or the half-year.
    before : Period or None
        The same half of the year before, for a comparison of half-years.
    on : date
        The day as of which it speaks: the last of the period, or today while it runs.
    """

    viewer: Viewer
    owner: int
    period: Period
    before: Period | None
    on: date


@dataclass(frozen=True, slots=True)
class Block:
    """A table of a circular, in the language of the request.

    Attributes
    ----------
    title : str
        What it is about.
    heads : tuple of str
        Heads of its columns.
    lines : sequence of tuples of str
        Its rows, as many cells as there are heads.
    gap : str
        One sentence that says what is missing, empty where nothing is.
    numbers : tuple of int
        Columns of numbers, aligned to the right.
    widths_cm : tuple of float
        Widths of its columns on paper; shared out by the paper where none are given.
    """

    title: str
    heads: tuple[str, ...]
    lines: Sequence[tuple[str, ...]] = ()
    gap: str = ""
    numbers: tuple[int, ...] = ()
    widths_cm: tuple[float, ...] = ()


Builder = Callable[[PartAsked], Block | None]

_registered: dict[str, tuple[int, Builder]] = {}


def register(key: str, order: int, build: Builder) -> None:
    """Register the block of a subject, such as the pace of targets; lower orders stand higher.

    A subject that has nothing to say of such a period gives None.
    """
    _registered[key] = (order, build)


def blocks(asked: PartAsked) -> list[tuple[str, Block]]:
    """Return every registered block with its key, in order."""
    ordered = sorted(_registered.items(), key=lambda one: one[1][0])
    built = ((key, build(asked)) for key, (_, build) in ordered)
    return [(key, block) for key, block in built if block is not None]
