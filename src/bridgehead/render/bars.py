"""Bars: pace against a target, places compared, reports beside the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bridgehead.render.svg import Size, Words


@dataclass(frozen=True)
class Pace:
    """Progress against a target, both in one unit; `gone` is the share of the year that is over, None if it is whole.

    `done` None means that no figure was found: the track stays empty.
    """

    target: float
    done: float | None = None
    gone: float | None = None


@dataclass(frozen=True)
class Bar:
    """One bar: name at the left, value in the unit shown, `label` at the tip; `meant` takes the accent.

    `value` None is a row without a figure: `label` says so in place of a bar.
    """

    name: str
    value: float | None
    label: str
    standing: str = ""
    href: str = ""
    title: str = ""
    meant: bool = False


@dataclass(frozen=True)
class PairedBar:
    """Reported and modelled value of one thing, in one unit; None is drawn as its label ("未查到") without a bar."""

    name: str
    reported: float | None
    modelled: float | None
    reported_label: str = ""
    modelled_label: str = ""
    standing: str = "reported"
    href: str = ""
    title: str = ""


def pace_bar(pace: Pace, title: str, width: float = 296) -> str:
    """Bar = share of the target, black tick = share of the year gone, thin rule = the target; stretches to its box."""
    raise NotImplementedError


def bars(rows: Sequence[Bar], words: Words, size: Size, *, sort: bool = True) -> str:
    """Horizontal bars on one scale from zero, largest first, value at the tip; the height follows the rows."""
    raise NotImplementedError


def paired_bars(rows: Sequence[PairedBar], heads: tuple[str, str], words: Words, size: Size) -> str:
    """Two thin bars a row: reported (ink, with its standing mark) above modelled (accent); `heads` name the two."""
    raise NotImplementedError
