"""Shares as shades: a matrix of things compared with each other, and a strip that is cut into shares."""

from __future__ import annotations

from collections.abc import Sequence

from bridgehead.render.axes import NOTE_PX, TYPE_PX, is_number, shortened
from bridgehead.render.labels import text_width
from bridgehead.render.svg import (
    LEAST_TYPE_PX,
    Size,
    Words,
    empty_figure,
    figure,
    hint,
    line,
    link,
    num,
    rect,
    tag,
    text,
)

CELL_PX = 46.0
ROW_PX = 26.0
HEAD_PX = 22.0
DARKEST = 0.5
"""Opacity of the accent at a share of one: ink stays readable on it, in the light set of colours and in the dark."""


def heat_matrix(
    names: Sequence[str],
    shares: Sequence[Sequence[float | None]],
    words: Words,
    size: Size,
    hrefs: Sequence[str] = (),
) -> str:
    """Draw how alike things are: one row and one column for each, shade and number (in per cent) say how much.

    Columns bear the numbers of the rows. The diagonal is left empty, and so is a cell without a number.

    Parameters
    ----------
    names : sequence of str
        What is compared; row and column i are name i.
    shares : sequence of sequences of float or None
        A square matrix of shares, 0 to 1; others are drawn as the nearer of the two.
    words : Words
        Title, description and what to say when there is nothing.
    size : Size
        Width; the height follows the rows.
    hrefs : sequence of str
        Address of each row's name, where it has one.
    """
    if not names:
        return empty_figure(size, words)
    numbered = [f"{i + 1} {name}" for i, name in enumerate(names)]
    least = len(names) * (17.0 if size.narrow else 24.0)
    left = min(max(text_width(name, TYPE_PX) for name in numbered) + 10, max(60.0, size.width - least))
    cell = min(CELL_PX, (size.width - left) / len(names))
    type_px = LEAST_TYPE_PX if cell < 30 else NOTE_PX
    parts = [
        text(left + (i + 0.5) * cell, HEAD_PX - 8, str(i + 1), "t2", anchor="middle", size=type_px)
        for i in range(len(names))
    ]
    for i, name in enumerate(numbered):
        y = HEAD_PX + i * ROW_PX
        parts.append(line(0, y, left + len(names) * cell, y, "rule"))
        label = text(0, y + 17, shortened(name, TYPE_PX, left - 8), "t", size=TYPE_PX)
        parts.append(link(hint(name) + label, hrefs[i] if i < len(hrefs) else ""))
        for j, share in enumerate(shares[i]):
            if i != j and is_number(share):
                box = (left + j * cell, y, cell)
                parts.append(_cell(share, box, f"{names[i]} – {names[j]}", type_px))
    tall = Size(size.width, HEAD_PX + len(names) * ROW_PX + 2, size.narrow, size.alone)
    return figure(tall, words, parts, group=any(hrefs))


def _cell(share: float, box: tuple[float, float, float], named: str, type_px: float) -> str:
    x, y, width = box
    kept = min(max(share, 0.0), 1.0)
    shade = tag(
        "rect",
        x=float(x + 1),
        y=float(y + 1),
        width=float(width - 2),
        height=ROW_PX - 2,
        class_="bar1",
        # Two decimals, which coordinates do not have.
        fill_opacity=f"{kept * DARKEST:.2f}",
    )
    said = f"{kept * 100:.0f}"
    return tag(
        "g", hint(f"{named}: {said}%") + shade + text(x + width / 2, y + 17, said, anchor="middle", size=type_px)
    )


def share_strip(shares: Sequence[float], title: str, *, width: float = 180.0, height: float = 12.0) -> str:
    """Draw a strip cut into shares, the first in accent, the others in grey, what they leave of the whole empty.

    Parameters
    ----------
    shares : sequence of float
        Shares of the whole in the order of the strip, 0 to 1; what is no number or not above zero is left out.
    title : str
        What the strip says.
    width, height : float
        Size in pixels.
    """
    parts, x = [rect(0, 0, width, height, "bar0")], 0.0
    for i, share in enumerate(shares):
        if not is_number(share) or share <= 0 or x >= width:
            continue
        wide = min(share * width, width - x)
        # A gap in the colour of the ground parts neighbours, unless nothing would be left of a narrow one.
        parts.append(rect(x, 0, wide - (1.0 if wide > 2.0 else 0.0), height, "bar2" if i else "bar1"))
        x += wide
    return tag(
        "svg",
        hint(title) + "".join(parts),
        class_="fig strip",
        viewBox=f"0 0 {num(width)} {num(height)}",
        width=float(width),
        height=float(height),
        role="img",
        aria_label=title,
    )
