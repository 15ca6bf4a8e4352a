"""The way of units through a port as a drawing: stations with their lanes, arrows with shares, words on the things.

Wide, stations stand in columns and the flow goes from left to right. On a phone they stand below each other, the ways
run in a margin at the left, and shares are words of the station they leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from bridgehead.render.axes import NOTE_PX
from bridgehead.render.flow_layers import FlowEdge, FlowNode, Layout, forward, layout
from bridgehead.render.labels import Box, boxes_overlap, text_width
from bridgehead.render.svg import (
    Point,
    Size,
    Words,
    circle,
    empty_figure,
    figure,
    hint,
    line,
    num,
    tag,
    text,
    utilisation_class,
)

NAME_PX = 13.0
LINE_PX = 16.0
MARK_PX = 15.0
LANE_PX = 5.0
MOST_LANES = 12
GUTTER_PX = 34.0
"""Room before each column in which ways change their row."""
SPARE_PX = 14.0
"""How far a single long word may reach into the gutter."""
MOST_LINES = 3
TRACK_PX = 9.0
STUB_PX = 20.0
_TOP = 16.0


def flow_diagram(nodes: Sequence[FlowNode], edges: Sequence[FlowEdge], words: Words, size: Size) -> str:
    """Draw a flow; the height follows from what stands in it.

    Parameters
    ----------
    nodes : sequence of FlowNode
        In the order in which they were described.
    edges : sequence of FlowEdge
        Ways between them; those that lead back are left out of the drawing.
    words : Words
        Title, description, sentence when there is nothing.
    size : Size
        Width of the drawing, and whether it is that of a phone.
    """
    if not nodes:
        return empty_figure(size, words)
    drawing = _Narrow(nodes, edges, size) if size.narrow else _Wide(nodes, edges, size)
    parts = list(drawing.parts())
    return figure(Size(size.width, drawing.height, size.narrow, size.alone), words, parts)


def wrapped(words: str, size: float, room: float, *, bold: bool = False, most: int = MOST_LINES) -> list[str]:
    """Return words in lines no wider than the room, the last with an ellipsis where they do not fit."""
    lines: list[str] = []
    left = words.strip()
    while left:
        if len(lines) == most - 1:
            return [*lines, _cut(left, size, room, bold)]
        fits = _longest(left, size, room, bold)
        lines.append(left[:fits].rstrip())
        left = left[fits:].lstrip()
    return lines


def _longest(words: str, size: float, room: float, bold: bool) -> int:
    """Return how many characters go on one line: whole Latin words where possible, at least one character."""
    if text_width(words, size, bold=bold) <= room:
        return len(words)
    fits = 1
    while text_width(words[: fits + 1], size, bold=bold) <= room:
        fits += 1
    for end in range(fits, 0, -1):
        if words[end] == " " or words[end - 1] == " " or (ord(words[end]) > 0x2E7F and ord(words[end - 1]) > 0x2E7F):
            return end
    word = words.partition(" ")[0]
    return len(word) if text_width(word, size, bold=bold) <= room + SPARE_PX else fits


def _cut(words: str, size: float, room: float, bold: bool) -> str:
    if text_width(words, size, bold=bold) <= room:
        return words
    while words and text_width(words + "…", size, bold=bold) > room:
        words = words[:-1]
    return words.rstrip() + "…"


class _Told:
    """The lines of a node's label: words, size, class, whether they are bold."""

    def __init__(self, node: FlowNode, room: float) -> None:
        self.lines = [(one, NAME_PX, "t", True) for one in wrapped(node.name, NAME_PX, room, bold=True)]
        for note in node.notes:
            self.lines += [(one, NOTE_PX, "t2", False) for one in wrapped(note, NOTE_PX, room)]
        self.height = LINE_PX * len(self.lines)

    def draw(self, x: float, top: float) -> str:
        """Return the lines below each other."""
        return "".join(
            text(x, top + (i + 0.78) * LINE_PX, words, f"tb {cls}" if bold else cls, size=size)
            for i, (words, size, cls, bold) in enumerate(self.lines)
        )

    def boxes(self, x: float, top: float) -> list[Box]:
        """Return the boxes of the lines."""
        return [
            (x, top + i * LINE_PX, x + text_width(words, size, bold=bold), top + (i + 1) * LINE_PX)
            for i, (words, size, _, bold) in enumerate(self.lines)
        ]


def _mark_width(node: FlowNode) -> float:
    if node.kind == "station":
        return LANE_PX * max(1, min(node.lanes, MOST_LANES)) - 2
    return 8.0 if node.kind in ("source", "sink") else 14.0


def _mark(node: FlowNode, x: float, y: float) -> str:
    """Return the mark of a node from `x` on: its lanes in the colour of its load, a ring, a diamond, a dot."""
    if node.kind == "station":
        steps = [x + 1.5 + LANE_PX * i for i in range(max(1, min(node.lanes, MOST_LANES)))]
        path = "".join(f"M{num(at)} {num(y - MARK_PX / 2)}v{num(MARK_PX)}" for at in steps)
        return tag("path", d=path, class_=f"flow {utilisation_class(node.load)}", stroke_width=3.0)
    if node.kind == "delay":
        return circle(x + 7, y, 5.5, "stop-ring")
    if node.kind == "change":
        return tag("path", d=f"M{num(x + 7)} {num(y - 7)}l7 7l-7 7l-7 -7Z", class_="stop-ring")
    return circle(x + 4, y, 3.5, "mg")


def _arrow(tip: Point, down: bool = False) -> str:
    x, y = tip
    ends = f"M{num(x)} {num(y)}l-3.5 -7h7Z" if down else f"M{num(x)} {num(y)}l-7 -3.5v7Z"
    return tag("path", d=ends, class_="city")


class _Wide:
    """Columns from left to right."""

    def __init__(self, nodes: Sequence[FlowNode], edges: Sequence[FlowEdge], size: Size) -> None:
        self.nodes, self.edges, self.size = nodes, edges, size
        self.layout: Layout = layout(nodes, edges)
        self.ends = {edge.tail: edge for edge in edges if not edge.head}
        self.pitch = size.width / max(1, self.layout.columns)
        self.told = {node.id: _Told(node, self.pitch - GUTTER_PX) for node in nodes}
        self.tops = self._tops()
        self.height = self.tops[-1] + 2
        self.taken: list[Box] = []

    def _tops(self) -> list[float]:
        """Return the upper end of every row, and the lower end of the last."""
        tall = [MARK_PX + 12.0] * self.layout.rows
        for node in self.nodes:
            row = self.layout.places[node.id][1]
            tall[row] = max(tall[row], MARK_PX + 6 + self.told[node.id].height + 14)
        tops = [0.0]
        for one in tall:
            tops.append(tops[-1] + one)
        return tops

    def _at(self, place: tuple[int, int]) -> Point:
        return place[0] * self.pitch, self.tops[place[1]] + _TOP

    def parts(self) -> Iterable[str]:
        """Yield the ways, then the nodes, then the shares, which keep off all other words."""
        ways = [edge for edge in forward(self.nodes, self.edges) if (edge.tail, edge.head) in self.layout.ways]
        drawn = [self._way(edge) for edge in ways]
        for node in self.nodes:
            x, y = self._at(self.layout.places[node.id])
            told = self.told[node.id]
            self.taken += [(x, y - MARK_PX / 2, x + _mark_width(node), y + MARK_PX / 2)]
            self.taken += told.boxes(x, y + MARK_PX / 2 + 4)
        yield from drawn
        for node in self.nodes:
            yield self._node(node)
        for edge in ways:
            yield self._share(edge)

    def _node(self, node: FlowNode) -> str:
        x, y = self._at(self.layout.places[node.id])
        parts = [hint(node.title), _mark(node, x, y), self.told[node.id].draw(x, y + MARK_PX / 2 + 4)]
        leaving = self.ends.get(node.id)
        if leaving is not None:
            begin = x + _mark_width(node) + 4
            tip = min(begin + STUB_PX, self.size.width)
            parts += [line(begin, y, tip - 6, y, "leader"), _arrow((tip, y))]
        return tag("g", "".join(parts))

    def _way(self, edge: FlowEdge) -> str:
        tail = next(node for node in self.nodes if node.id == edge.tail)
        stops = [self._at(place) for place in self.layout.ways[edge.tail, edge.head]]
        x, y = stops[0][0] + _mark_width(tail) + 4, stops[0][1]
        path = f"M{num(x)} {num(y)}"
        for (_, y0), (x1, y1) in pairwise(stops):
            bend = x1 - GUTTER_PX + 6
            path += (
                f"H{num(bend)}" if y0 == y1 else f"H{num(bend)}C{num(bend + 14)} {num(y0)} {num(x1 - 24)} {num(y1)} "
            )
            path += f"H{num(x1 - 6)}" if y0 == y1 else f"{num(x1 - 10)} {num(y1)}"
        cls = "leader dash" if edge.aside else "leader"
        return tag("g", hint(edge.title) + tag("path", d=path, class_=cls) + _arrow((stops[-1][0] - 3, stops[-1][1])))

    def _share(self, edge: FlowEdge) -> str:
        """Return the share of a way above or below its end, where no other words stand; nothing where all is taken."""
        if not edge.label:
            return ""
        wide = text_width(edge.label, NOTE_PX)
        for right, below in self._spots(edge):
            box = (right - wide, below - 12.0, right, below + 2.0)
            if box[0] >= 0 and not any(boxes_overlap(box, one, 1.0, 0.0) for one in self.taken):
                self.taken.append(box)
                return text(right, below, edge.label, "halo tg", anchor="end", size=NOTE_PX)
        return ""

    def _spots(self, edge: FlowEdge) -> Iterable[Point]:
        stops = [self._at(place) for place in self.layout.ways[edge.tail, edge.head]]
        x, y = stops[-1]
        yield x - 8, y - 6
        for bend_x, bend_y in stops[1:-1]:
            yield bend_x + self.pitch / 2, bend_y - 6
        yield x - 8, y + 16
        if stops[0][1] != y:
            yield x - 10, (stops[0][1] + y) / 2


class _Narrow:
    """One node below the other; ways between neighbours are straight, the others take tracks further left."""

    def __init__(self, nodes: Sequence[FlowNode], edges: Sequence[FlowEdge], size: Size) -> None:
        self.size = size
        plan = layout(nodes, edges)
        self.nodes = sorted(nodes, key=lambda node: (plan.places[node.id], node.id))
        self.nodes = _in_line(self.nodes, edges)
        number = {node.id: i for i, node in enumerate(self.nodes)}
        kept = [edge for edge in forward(nodes, edges) if number[edge.tail] < number[edge.head]]
        self.straight = [edge for edge in kept if number[edge.head] == number[edge.tail] + 1]
        self.bent = _tracks([edge for edge in kept if edge not in self.straight], number)
        self.axis = 8.0 + TRACK_PX * (1 + max((track for _, track in self.bent), default=-1))
        self.left = self.axis + 16.0
        self.told = {node.id: _Told(_with_ways(node, nodes, edges), size.width - self.left) for node in nodes}
        self.tops = [0.0]
        for node in self.nodes:
            self.tops.append(self.tops[-1] + self._marks_room(node) + self.told[node.id].height + 16)
        self.number = number
        self.height = self.tops[-1]

    def _marks_room(self, node: FlowNode) -> float:
        return MARK_PX + 4 if node.kind == "station" else 0.0

    def _y(self, node_id: str) -> float:
        return self.tops[self.number[node_id]] + 9.0

    def parts(self) -> Iterable[str]:
        """Yield the ways, then the nodes."""
        for edge in self.straight:
            yield self._line(edge, f"M{num(self.axis)} {num(self._y(edge.tail) + 5)}V{num(self._y(edge.head) - 8)}")
        for edge, track in self.bent:
            x, begin, end = 4.0 + TRACK_PX * track, self._y(edge.tail), self._y(edge.head)
            path = f"M{num(self.axis - 4)} {num(begin)}H{num(x + 5)}Q{num(x)} {num(begin)} {num(x)} {num(begin + 5)}"
            path += f"V{num(end - 5)}Q{num(x)} {num(end)} {num(x + 5)} {num(end)}H{num(self.axis - 10)}"
            yield self._line(edge, path, across=True)
        for node in self.nodes:
            yield self._node(node)

    def _line(self, edge: FlowEdge, path: str, *, across: bool = False) -> str:
        tip = (self.axis - 5, self._y(edge.head)) if across else (self.axis, self._y(edge.head) - 5)
        cls = "leader dash" if edge.aside else "leader"
        drawn = tag("path", d=path, class_=cls) + _arrow(tip, down=not across)
        return tag("g", hint(edge.title) + drawn)

    def _node(self, node: FlowNode) -> str:
        top = self.tops[self.number[node.id]]
        parts = [hint(node.title), self.told[node.id].draw(self.left, top)]
        if node.kind == "station":
            parts.append(circle(self.axis, top + 9, 3.5, "mg"))
            parts.append(_mark(node, self.left, top + self.told[node.id].height + 4 + MARK_PX / 2))
        else:
            parts.append(_mark(node, self.axis - _mark_width(node) / 2, top + 9))
        return tag("g", "".join(parts))


def _in_line(nodes: Sequence[FlowNode], edges: Sequence[FlowEdge]) -> list[FlowNode]:
    """Return nodes in an order in which a node stands right below the one it follows, where that is possible."""
    kept = forward(nodes, edges)
    waiting = {node.id: sum(edge.head == node.id for edge in kept) for node in nodes}
    by_id = {node.id: node for node in nodes}
    ready = [node.id for node in nodes if not waiting[node.id]][::-1]
    found = []
    while ready:
        at = ready.pop()
        found.append(by_id[at])
        for edge in sorted((one for one in kept if one.tail == at), key=lambda one: -one.weight):
            waiting[edge.head] -= 1
            if not waiting[edge.head]:
                ready.append(edge.head)
    return found


def _tracks(edges: Sequence[FlowEdge], number: dict[str, int]) -> list[tuple[FlowEdge, int]]:
    """Give each way a track of the margin on which no other runs beside it."""
    busy: list[list[tuple[int, int]]] = []
    found = []
    for edge in sorted(edges, key=lambda one: number[one.tail] - number[one.head]):
        span = (number[edge.tail], number[edge.head])
        for track, spans in enumerate(busy):  # noqa: B007 - the track it stops at is used below
            if all(span[1] < begin or end < span[0] for begin, end in spans):
                break
        else:
            track, spans = len(busy), []
            busy.append(spans)
        spans.append(span)
        found.append((edge, track))
    return found


def _with_ways(node: FlowNode, nodes: Sequence[FlowNode], edges: Sequence[FlowEdge]) -> FlowNode:
    """Return a node whose notes also say where its units go, where there is more than one way."""
    names = {one.id: one.name for one in nodes}
    told = [f"{edge.label} → {names[edge.head]}" for edge in edges if edge.tail == node.id and edge.label and edge.head]
    return FlowNode(node.id, node.name, (*node.notes, *told), node.kind, node.lanes, node.load, node.title)
