"""Where the nodes of a flow stand: columns by the longest way from the sources, rows that keep heavy ways straight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 6


@dataclass(frozen=True)
class FlowNode:
    """A node of a flow.

    Parameters
    ----------
    id, name : str
        Its id, and the words above its notes.
    notes : tuple of str
        Lines below the name: servers, hours, what it shares with others.
    kind : str
        ``station``; ``delay`` where nobody waits; ``change`` where units are split, put together or matched;
        ``source`` and ``sink``.
    lanes : int
        How many servers a station has.
    load : float, optional
        Share of its servers that is at work.
    title : str
        Words of its tooltip.
    """

    id: str
    name: str
    notes: tuple[str, ...] = ()
    kind: str = "station"
    lanes: int = 0
    load: float | None = None
    title: str = ""


@dataclass(frozen=True)
class FlowEdge:
    """A way between two nodes; `head` is empty where it leaves, `label` its share in words, `weight` what goes along.

    A way that is taken only in trouble is `aside` and drawn in dashes.
    """

    tail: str
    head: str
    label: str = ""
    weight: float = 1.0
    aside: bool = False
    title: str = ""


@dataclass(frozen=True)
class Layout:
    """Column and row of every node, and the places every edge goes through, its ends included."""

    places: Mapping[str, tuple[int, int]]
    ways: Mapping[tuple[str, str], tuple[tuple[int, int], ...]]

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return 1 + max((column for column, _ in self.places.values()), default=-1)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        every = [row for _, row in self.places.values()] + [row for way in self.ways.values() for _, row in way]
        return 1 + max(every, default=-1)


def forward(nodes: Sequence[FlowNode], edges: Sequence[FlowEdge]) -> list[FlowEdge]:
    """Return the edges between nodes without those that lead back; of two between the same nodes the heavier stays."""
    known = {node.id for node in nodes}
    best: dict[tuple[str, str], FlowEdge] = {}
    for edge in edges:
        key = (edge.tail, edge.head)
        inside = edge.tail in known and edge.head in known and edge.tail != edge.head
        if inside and (key not in best or best[key].weight < edge.weight):
            best[key] = edge
    after: dict[str, list[str]] = defaultdict(list)
    for tail, head in best:
        after[tail].append(head)
    back: set[tuple[str, str]] = set()
    state: dict[str, int] = {}

    def visit(node: str) -> None:
        state[node] = 1
        for head in after[node]:
            if state.get(head) == 1:
                back.add((node, head))
            elif head not in state:
                visit(head)
        state[node] = 2

    for node in nodes:
        if node.id not in state:
            visit(node.id)
    return [edge for key, edge in best.items() if key not in back]


def columns_of(nodes: Sequence[FlowNode], edges: Sequence[FlowEdge]) -> dict[str, int]:
    """Return the column of every node: the longest way from a source, a source right before what it feeds."""
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        before[edge.head].append(edge.tail)
        after[edge.tail].append(edge.head)
    found: dict[str, int] = {}

    def depth(node: str) -> int:
        if node not in found:
            found[node] = max((depth(one) + 1 for one in before[node]), default=0)
        return found[node]

    for node in nodes:
        depth(node.id)
    for node in nodes:
        if node.kind == "source" and after[node.id]:
            found[node.id] = min(found[head] for head in after[node.id]) - 1
    return found


def layout(nodes: Sequence[FlowNode], edges: Sequence[FlowEdge]) -> Layout:
    """Return where nodes and edges go; the same flow always gets the same places."""
    kept = forward(nodes, edges)
    column = columns_of(nodes, kept)
    levels: list[list[str]] = [[] for _ in range(1 + max(column.values(), default=-1))]
    for node in nodes:
        levels[column[node.id]].append(node.id)
    links: list[tuple[str, str, float]] = []
    chains: dict[tuple[str, str], list[str]] = {}
    for edge in kept:
        chain = [edge.tail]
        for level in range(column[edge.tail] + 1, column[edge.head]):
            bend = f"\0{edge.tail}\0{edge.head}\0{level}"
            levels[level].append(bend)
            chain.append(bend)
        chain.append(edge.head)
        chains[edge.tail, edge.head] = chain
        links += [(a, b, edge.weight) for a, b in pairwise(chain)]
    rows = _rows(levels, links)
    level_of = {item: number for number, level in enumerate(levels) for item in level}
    places = {node.id: (level_of[node.id], rows[node.id]) for node in nodes}
    return Layout(places, {key: tuple((level_of[i], rows[i]) for i in chain) for key, chain in chains.items()})


def _rows(levels: Sequence[list[str]], links: Sequence[tuple[str, str, float]]) -> dict[str, int]:
    """Return the row of every item: ordered by the rows of its neighbours, then moved next to the heaviest one."""
    before: dict[str, list[tuple[str, float]]] = defaultdict(list)
    after: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for tail, head, weight in links:
        before[head].append((tail, weight))
        after[tail].append((head, weight))
    row: dict[str, float] = {item: float(i) for level in levels for i, item in enumerate(level)}
    for sweep in range(SWEEPS):
        onward = sweep % 2 == 0
        side = before if onward else after
        for level in levels if onward else reversed(levels):
            middle = {item: _middle(side[item], row, row[item]) for item in level}
            heavy = {item: sum(weight for _, weight in (*before[item], *after[item])) for item in level}
            level.sort(key=lambda item: (middle[item], -heavy[item]))
            row |= {item: float(i) for i, item in enumerate(level)}
    placed = _straightened(levels, before, after)
    used = {value: number for number, value in enumerate(sorted(set(placed.values())))}
    return {item: used[value] for item, value in placed.items()}


def _straightened(
    levels: Sequence[Sequence[str]],
    before: Mapping[str, list[tuple[str, float]]],
    after: Mapping[str, list[tuple[str, float]]],
) -> dict[str, int]:
    """Return rows in the order of each level: beside the heaviest item one follows, then beside the one it leads to."""
    placed: dict[str, int] = {}
    for level in levels:
        free = -(10**6)
        for item in level:
            near = max(before[item], key=_weight, default=None)
            wanted = placed[near[0]] if near else max(free + 1, 0)
            placed[item] = free = max(wanted, free + 1)
    for level in reversed(levels):
        bound = 10**6
        for item in reversed(level):
            near = max(after[item], key=_weight, default=None)
            wanted = placed[near[0]] if near else placed[item]
            mine = near is not None and max(before[near[0]], key=_weight)[0] == item
            if mine and placed[item] < wanted < bound:
                placed[item] = wanted
            bound = placed[item]
    return placed


def _weight(pair: tuple[str, float]) -> float:
    return pair[1]


def _middle(neighbours: Sequence[tuple[str, float]], row: Mapping[str, float], own: float) -> float:
    if not neighbours:
        return own
    total = sum(weight for _, weight in neighbours) or 1.0
    return sum(row[item] * weight for item, weight in neighbours) / total
