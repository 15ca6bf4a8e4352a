"""A week as a table of shades: days against hours, how much there is of something in each hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bridgehead.render.axes import NOTE_PX, is_number
from bridgehead.render.heat import DARKEST
from bridgehead.render.labels import text_width
from bridgehead.render.svg import LEAST_TYPE_PX, Size, Words, empty_figure, figure, grouped, hint, tag, text

HOURS, DAYS = 24, 7
_HEAD = 20.0


def week_heat(
    values: Sequence[float | None],
    days: Sequence[str],
    words: Words,
    size: Size,
    *,
    show: Callable[[float], str] = grouped,
) -> str:
    """Draw the hours of a week; wide, days are rows, on a phone they are columns.

    Parameters
    ----------
    values : sequence of float or None
        One for each of 168 hours, from the first hour of the first day of `days` on.
    days : sequence of str
        Names of the seven days.
    words : Words
        Title, description, unit, sentence when there is nothing.
    size : Size
        Width; the height follows.
    show : callable
        How a value is written in its cell.
    """
    known = [value for value in values if is_number(value)]
    if len(values) != HOURS * DAYS or not known:
        return empty_figure(size, words)
    most = max(known) or 1.0
    left = max(text_width(name, NOTE_PX) for name in (days if not size.narrow else ["00"])) + 8
    columns, rows = (DAYS, HOURS) if size.narrow else (HOURS, DAYS)
    wide, tall = (size.width - left) / columns, 17.0 if size.narrow else 24.0
    heads = list(days) if size.narrow else [str(hour) for hour in range(HOURS)]
    parts = [
        text(left + (i + 0.5) * wide, _HEAD - 7, head, "t2", anchor="middle", size=NOTE_PX)
        for i, head in enumerate(heads)
        if size.narrow or i % 2 == 0
    ]
    names = [str(hour) for hour in range(HOURS)] if size.narrow else list(days)
    for row in range(rows):
        parts.append(text(0, _HEAD + row * tall + tall / 2 + 4, names[row], "t2", size=NOTE_PX))
        for column in range(columns):
            day, hour = (column, row) if size.narrow else (row, column)
            value = values[day * HOURS + hour]
            if is_number(value):
                box = (left + column * wide, _HEAD + row * tall, wide, tall)
                parts.append(_cell(value / most, show(value), f"{days[day]} {hour}:00", words.unit, box))
    return figure(Size(size.width, _HEAD + rows * tall + 2, size.narrow, size.alone), words, parts)


def _cell(share: float, said: str, when: str, unit: str, box: tuple[float, float, float, float]) -> str:
    x, y, wide, tall = box
    shade = tag(
        "rect",
        x=float(x + 0.5),
        y=float(y + 0.5),
        width=float(wide - 1),
        height=float(tall - 1),
        class_="bar1",
        fill_opacity=f"{max(0.0, share) * DARKEST:.2f}",
    )
    fits = text_width(said, LEAST_TYPE_PX) <= wide - 2 and said != "0"
    number = text(x + wide / 2, y + tall / 2 + 4, said, anchor="middle", size=LEAST_TYPE_PX) if fits else ""
    return tag("g", hint(f"{when}: {said} {unit}".rstrip()) + shade + number)
