"""Labels that never cover each other.

Greedy by rank, then rounds in which a label may move, or push one or two others aside, when that lowers the cost of
the whole. A label that finds no room is left out rather than laid over another; how dear that is depends on its rank.
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bridgehead.render.svg import Point

Box = tuple[float, float, float, float]
LINE_HEIGHT = 1.18
LEFT_OUT_COST = (1e6, 3e5, 1e5, 240.0, 150.0, 80.0)
"""Cost of leaving a label out, by rank; the last holds for every higher rank."""

_GAP_X, _GAP_Y = 5.0, 1.5
_FAR_COST = 90.0
_NARROW = frozenset("iljI.,:;'|!()[]·’‘` ")
_BROAD = frozenset("mwMWʼ@%—ЖШЩЮФжшщюф")


def text_width(words: str, size: float, *, bold: bool = False) -> float:
    """Return a cautious estimate of the width of words in pixels: a Han character is one em, a Latin letter half."""
    ems = 0.0
    for ch in words:
        if unicodedata.east_asian_width(ch) in "WF":
            ems += 1.0
        elif unicodedata.combining(ch):
            continue
        elif ch in _NARROW:
            ems += 0.33
        elif ch in _BROAD:
            ems += 0.9
        elif ch.isupper():
            ems += 0.68
        elif ch in "←→↑↓":
            ems += 1.0
        else:
            ems += 0.575
    return ems * size * (1.06 if bold else 1.0)


@dataclass(frozen=True)
class LabelLine:
    """One line of a label: words, size in pixels, class, language when it differs from the page."""

    words: str
    size: float
    cls: str = "l-city"
    lang: str = ""
    bold: bool = False


@dataclass(frozen=True)
class Label:
    """A label that wants to stand beside its point.

    Smaller `rank` is placed first; ranks 0 to 2 practically always find room, 3 and above give way.
    `radius` keeps the label off its own mark; `prefer` is a side (N, NE, E, ...). A label that may `slide` along "x" or
    "y" can also stand some way along the edge of the frame: it names what goes out there.
    """

    key: str
    x: float
    y: float
    radius: float
    lines: tuple[LabelLine, ...]
    rank: int = 3
    prefer: str = ""
    slide: str = ""


@dataclass(frozen=True)
class PlacedLabel:
    """A label with its place: box (left, top, right, bottom), text anchor, the lines that are shown, leader or not."""

    label: Label
    box: Box
    anchor: str
    lines: tuple[LabelLine, ...]
    leader: bool = False

    def baselines(self) -> list[tuple[float, float, LabelLine]]:
        """Return x and y of the baseline of each line."""
        left, y, right, _ = self.box
        x = {"start": left, "middle": (left + right) / 2, "end": right}[self.anchor]
        out = []
        for row in self.lines:
            y += row.size * LINE_HEIGHT
            out.append((x, y - row.size * 0.24, row))
        return out

    def tether(self) -> tuple[Point, Point]:
        """Return the two ends of the leader: at the mark and at the nearest point of the box."""
        left, top, right, bottom = self.box
        x, y = min(max(self.label.x, left), right), min(max(self.label.y, top), bottom)
        length = math.hypot(x - self.label.x, y - self.label.y) or 1.0
        k = (self.label.radius + 1.0) / length
        return (self.label.x + (x - self.label.x) * k, self.label.y + (y - self.label.y) * k), (x, y)


@dataclass(frozen=True)
class Placement:
    """What came of placing: the labels that stand, and the keys of those left out."""

    placed: tuple[PlacedLabel, ...]
    left_out: tuple[str, ...]


def boxes_overlap(a: Box, b: Box, gap_x: float = 0.0, gap_y: float = 0.0) -> bool:
    """Tell whether two boxes overlap or come closer than the gaps."""
    return a[0] < b[2] + gap_x and b[0] < a[2] + gap_x and a[1] < b[3] + gap_y and b[1] < a[3] + gap_y


def place_labels(
    labels: Sequence[Label],
    frame: Box,
    *,
    markers: Sequence[tuple[float, float, float]] = (),
    inked: Iterable[tuple[float, float, float]] = (),
    rounds: int = 3,
) -> Placement:
    """Place labels so that none covers another, a marker or leaves the frame.

    Parameters
    ----------
    labels
        What should be said; keys must differ.
    frame
        Box that holds everything.
    markers
        Discs (x, y, radius) that stay free.
    inked
        Points (x, y, half width) on lines, a few pixels apart, better left free.
    rounds
        Rounds of improvement after the greedy start.

    Returns
    -------
    Placement
        Same input, same output: ties go by rank, then by the order given.

    Raises
    ------
    ValueError
        If two labels have the same key.
    """
    if len({label.key for label in labels}) != len(labels):
        raise ValueError("two labels have the same key")
    ordered = sorted(labels, key=lambda label: label.rank)
    ground = _Ground(frame, markers, inked)
    board = _Board(ordered, [ground.choices(label) for label in ordered])
    for turn in range(rounds + 1):
        moved = [board.settle(i) for i in range(len(ordered))]
        cramped = [] if turn else [i for i in range(len(ordered)) if board.price(i) > _FAR_COST]
        for i in cramped:
            board.choices[i] = sorted([*board.choices[i], *ground.choices(ordered[i], far=True)], key=_Choice.price)
        if cramped:
            board.meet()
        elif turn and not any(moved):
            break
    stands = {i: choice.placed for i, choice in board.stands.items()}
    return Placement(
        tuple(stands[i] for i in sorted(stands)),
        tuple(label.key for i, label in enumerate(ordered) if i not in stands),
    )


@dataclass(frozen=True)
class _Choice:
    cost: float
    placed: PlacedLabel

    def price(self) -> float:
        """Return the cost, to sort by."""
        return self.cost


class _Ground:
    """What is fixed before any label stands: frame, markers, ink; it prices a place by itself."""

    _CELL = 24.0

    def __init__(
        self, frame: Box, markers: Sequence[tuple[float, float, float]], inked: Iterable[tuple[float, float, float]]
    ) -> None:
        self.frame, self.markers = frame, markers
        self.cells: dict[tuple[int, int], list[tuple[float, float, float]]] = defaultdict(list)
        self.widest = 0.0
        for x, y, half in inked:
            self.cells[int(x // self._CELL), int(y // self._CELL)].append((x, y, half))
            self.widest = max(self.widest, half)

    def choices(self, label: Label, *, far: bool = False) -> list[_Choice]:
        """Return the places a label could take, cheapest first: inside the frame and off the markers.

        The places farther off, with a leader, are asked for only where the near ones do not do.
        """
        near = [m for m in self.markers if abs(m[0] - label.x) < 260 and abs(m[1] - label.y) < 140]
        out = []
        for price, placed in _candidates(label, far):
            if self._blocked(placed.box, near, label):
                continue
            out.append(_Choice(price + self._ink(placed.box), placed))
        out.sort(key=_Choice.price)
        return out

    def _blocked(self, box: Box, near: Sequence[tuple[float, float, float]], label: Label) -> bool:
        left, top, right, bottom = self.frame
        if box[0] < left or box[1] < top or box[2] > right or box[3] > bottom:
            return True
        for x, y, r in near:
            own = x == label.x and y == label.y
            dx, dy = max(box[0] - x, 0.0, x - box[2]), max(box[1] - y, 0.0, y - box[3])
            keep = r - 1.0 if own else r + 2.5
            if dx * dx + dy * dy < keep * keep:
                return True
        return False

    def _ink(self, box: Box) -> float:
        """Return the price of covering lines: long and thick crossings are dear."""
        reach, total = self.widest, 0.0
        left, top, right, bottom = box[0] - 3, box[1] + 1, box[2] + 3, box[3] - 1
        for column in range(int((left - reach) // self._CELL), int((right + reach) // self._CELL) + 1):
            for row in range(int((top - reach) // self._CELL), int((bottom + reach) // self._CELL) + 1):
                for x, y, half in self.cells.get((column, row), ()):
                    if left - half < x < right + half and top - half < y < bottom + half:
                        total += 2.5 + 5.0 * min(half, 8.0)
        return total


class _Board:
    """The labels that stand; no two of them overlap at any moment."""

    def __init__(self, labels: Sequence[Label], choices: Sequence[list[_Choice]]) -> None:
        self.labels, self.choices = labels, list(choices)
        self.stands: dict[int, _Choice] = {}
        self.rivals: list[list[int]] = []
        self.meet()

    @staticmethod
    def _hull(options: Sequence[_Choice]) -> Box | None:
        if not options:
            return None
        boxes = [choice.placed.box for choice in options]
        return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)

    def meet(self) -> None:
        """Find out which labels can come into each other's way at all."""
        reach = [self._hull(options) for options in self.choices]
        self.rivals = [[] for _ in self.labels]
        for i, a in enumerate(reach):
            for j, b in enumerate(reach[:i]):
                if a and b and boxes_overlap(a, b, _GAP_X, _GAP_Y):
                    self.rivals[i].append(j)
                    self.rivals[j].append(i)

    def price(self, i: int) -> float:
        """Return what label `i` costs as it is now."""
        choice = self.stands.get(i)
        return choice.cost if choice else LEFT_OUT_COST[min(self.labels[i].rank, len(LEFT_OUT_COST) - 1)]

    def conflicts(self, i: int, choice: _Choice) -> list[int]:
        """Return the labels that stand where `choice` of label `i` would."""
        box, stands = choice.placed.box, self.stands
        return [j for j in self.rivals[i] if j in stands and boxes_overlap(box, stands[j].placed.box, _GAP_X, _GAP_Y)]

    def free(self, i: int) -> _Choice | None:
        """Return the cheapest place of label `i` that meets nothing standing, if it is worth its cost."""
        worth = LEFT_OUT_COST[min(self.labels[i].rank, len(LEFT_OUT_COST) - 1)]
        for choice in self.choices[i]:
            if choice.cost >= worth:
                return None
            if not self.conflicts(i, choice):
                return choice
        return None

    def settle(self, i: int) -> bool:
        """Give label `i` the place that lowers the cost of all most, moving one or two others if that pays."""
        before = dict(self.stands)
        now = self.price(i)
        self.stands.pop(i, None)
        best_gain, best_state = 0.0, before
        for choice in self.choices[i]:
            if now - choice.cost <= best_gain:
                break
            rivals = self.conflicts(i, choice)
            if len(rivals) > 2:
                continue
            gain, state = self._try(i, choice, rivals, now)
            if gain > best_gain + 1e-9:
                best_gain, best_state = gain, state
        self.stands = best_state
        return best_state is not before

    def _try(self, i: int, choice: _Choice, rivals: Sequence[int], now: float) -> tuple[float, dict[int, _Choice]]:
        kept = dict(self.stands)
        gain = now - choice.cost
        was = {j: self.price(j) for j in rivals}
        for j in rivals:
            del self.stands[j]
        self.stands[i] = choice
        for j in rivals:
            other = self.free(j)
            if other:
                self.stands[j] = other
            gain += was[j] - self.price(j)
        state, self.stands = self.stands, kept
        return gain, state


def _candidates(label: Label, far: bool) -> Iterable[tuple[float, PlacedLabel]]:
    """Places round the point, near or (with a leader) farther off, with all lines and with the first only."""
    written = tuple(row for row in label.lines if text_width(row.words, row.size) > 0)
    shown = [(0.0, written)] if written else []
    if len(written) > 1:
        shown.append((110.0 if label.rank < 2 else 45.0 if label.rank < 3 else 22.0, written[:1]))
    for less, lines in shown:
        w = max(text_width(row.words, row.size, bold=row.bold) for row in lines)
        h = sum(row.size * LINE_HEIGHT for row in lines)
        for price, anchor, left, top, leader in _spots(label, w, h, far):
            yield less + price, PlacedLabel(label, (left, top, left + w, top + h), anchor, lines, leader)


def _spots(label: Label, w: float, h: float, far: bool) -> Iterable[tuple[float, str, float, float, bool]]:
    """Places for a box of this size: (price, anchor, left, top, leader)."""
    if far:
        for off in (10.0, 20.0, 32.0) if label.rank <= 2 else ():
            for order, (_, anchor, left, top) in enumerate(_around(label, w, h, off)):
                yield _FAR_COST - 30 + 3 * off + order, anchor, left, top, off > 10.0
        return
    for order, (side, anchor, left, top) in enumerate(_around(label, w, h, 0.0)):
        liked = 0.0 if side == label.prefer else 3.0 + 1.2 * order if label.prefer else 1.2 * order
        yield liked, anchor, left, top, False
    if label.slide:
        for shift in (8.0, -8.0, 16.0, -16.0, 26.0, -26.0):
            for anchor, left, top in _along(label, w, h, shift):
                yield 5.0 + abs(shift) / 2, anchor, left, top, False


def _along(label: Label, w: float, h: float, shift: float) -> Iterable[tuple[str, float, float]]:
    """Places beside a point on the edge, moved along it: up and down at the sides, sideways at top and bottom."""
    off = math.copysign(label.radius + 4, shift) + shift
    x, y = label.x, label.y
    if label.slide == "y":
        top = y + off if shift > 0 else y + off - h
        yield "end", x - 3 - w, top
        yield "start", x + 3, top
    else:
        left = x + off if shift > 0 else x + off - w
        yield "start", left, y - 3 - h
        yield "start", left, y + 3


def _around(label: Label, w: float, h: float, far: float) -> Iterable[tuple[str, str, float, float]]:
    """Sixteen places: eight sides, and the four plain ones moved along themselves; (side, anchor, left, top)."""
    r, d = label.radius + 5 + far, (label.radius + 4 + far) * 0.72
    x, y = label.x, label.y
    yield "E", "start", x + r, y - h / 2
    yield "NE", "start", x + d, y - d - h + 4
    yield "SE", "start", x + d, y + d - 4
    yield "W", "end", x - r - w, y - h / 2
    yield "NW", "end", x - d - w, y - d - h + 4
    yield "SW", "end", x - d - w, y + d - 4
    yield "N", "middle", x - w / 2, y - r - h + 3
    yield "S", "middle", x - w / 2, y + r - 3
    for part in (-0.3, 0.3):
        yield "E", "start", x + r - 1, y - h / 2 + part * h
        yield "W", "end", x - r + 1 - w, y - h / 2 + part * h
    for part in (-0.3, 0.3):
        yield "N", "middle", x - w / 2 + part * w, y - r - h + 3
        yield "S", "middle", x - w / 2 + part * w, y + r - 3
