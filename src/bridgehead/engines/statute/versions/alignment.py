"""Which units of one version became which of another: articles, paragraphs and items alike.

Equal units first, then the most alike, then what is left between them in order, then the pieces of units that were
split or merged. Equal units that keep their order are the anchors, as in the diffs of Hunt and McIlroy (1976) and the
patience diff of Cohen; between anchors the order is kept by the alignment of Needleman and Wunsch (1970). Words are
compared by shared shingles, each weighted by how few units have it, so that what every article says
("县级以上人民政府应当 ...") makes no two of them alike.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import log

from bridgehead.engines.statute.versions.normal import shingles

ALIKE = 0.5
"""Two units are matched wherever they stand if this share of their words is the same."""
ALIKE_IN_PLACE = 0.25
"""... and if they stand in the same place between matched neighbours, or under the same article, this share."""
IN_PLACE = 0.25
"""What standing in the same place is worth beside likeness, where a unit is like several others."""
TAKEN_OVER = 0.5
"""A unit without a partner is a piece of another if this share of its words was taken from there."""
SHORT = 6
"""Characters below which equal units in unrelated places are chance."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One provision to be matched: its id, its words, and the group it belongs to (the place of its parent)."""

    id: str
    key: str
    home: int = -1


@dataclass(slots=True)
class Group:
    """Units that belong together: places in the old and in the new list."""

    old: list[int] = field(default_factory=list)
    new: list[int] = field(default_factory=list)


Related = Callable[[int, int], bool]
"""Says whether an old and a new unit, by place, stand under parents that were matched."""


class Alignment:
    """Matches two lists of units; the result is in `groups`.

    Parameters
    ----------
    old, new : sequence of Unit
        In the order of the text.
    related : callable, optional
        Where parents were matched before: only units under matched parents may be matched on little likeness.
    """

    def __init__(self, old: Sequence[Unit], new: Sequence[Unit], related: Related | None = None) -> None:
        self.old, self.new = old, new
        self.related = related
        self.to_new: dict[int, int] = {}
        self.to_old: dict[int, int] = {}
        self._equal()
        self.left_old = [at for at in range(len(old)) if at not in self.to_new]
        self.left_new = [at for at in range(len(new)) if at not in self.to_old]
        self.joins: list[tuple[int, int]] = []
        if self.left_old or self.left_new:
            self._weigh()
        if self.left_old and self.left_new:
            self._alike()
            self._in_place()
        self._pieces()

    @property
    def groups(self) -> list[Group]:
        """Units matched with each other, in the order of the new list; those without a partner where they stood."""
        groups: list[Group] = []
        listed: set[int] = set()
        of_old: dict[int, Group] = {}
        of_new: dict[int, Group] = {}
        for old, new in [*self.to_new.items(), *self.joins]:
            group = of_old.get(old) or of_new.get(new) or Group()
            if old not in of_old:
                group.old.append(old)
                of_old[old] = group
            if new not in of_new:
                group.new.append(new)
                of_new[new] = group
            if id(group) not in listed:
                listed.add(id(group))
                groups.append(group)
        groups += [Group([at], []) for at in range(len(self.old)) if at not in of_old]
        groups += [Group([], [at]) for at in range(len(self.new)) if at not in of_new]
        for group in groups:
            group.old.sort()
            group.new.sort()
        return sorted(groups, key=self._place)

    def _place(self, group: Group) -> tuple[float, int]:
        if group.new:
            return group.new[0], 1
        # A unit that is gone follows the one it followed.
        before = [self.to_new[at] for at in range(group.old[0]) if at in self.to_new]
        return (before[-1] + 0.5 if before else -0.5), group.old[0]

    def _match(self, old: int, new: int) -> None:
        self.to_new[old] = new
        self.to_old[new] = old

    def _equal(self) -> None:
        by_key: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for at, unit in enumerate(self.old):
            by_key[unit.key][0].append(at)
        for at, unit in enumerate(self.new):
            by_key[unit.key][1].append(at)
        for key, (olds, news) in by_key.items():
            if self.related is not None:
                for old in list(olds):
                    near = next((new for new in news if self.related(old, new)), None)
                    if near is not None:
                        self._match(old, near)
                        olds.remove(old)
                        news.remove(near)
            if len(key) >= SHORT and (self.related is None or len(olds) == len(news) == 1):
                for old, new in zip(olds, news, strict=False):
                    self._match(old, new)

    def _weigh(self) -> None:
        frequency: Counter[str] = Counter()
        counts: dict[str, Counter[str]] = {}
        for unit in (*self.old, *self.new):
            if unit.key not in counts:
                counts[unit.key] = shingles(unit.key)
            frequency.update(counts[unit.key].keys())
        total = len(self.old) + len(self.new) + 2
        self._weight = {shingle: log(total / number) for shingle, number in frequency.items()}
        self._old_counts = {at: counts[self.old[at].key] for at in range(len(self.old))}
        self._new_counts = {at: counts[self.new[at].key] for at in range(len(self.new))}

    def mass(self, counts: Counter[str]) -> float:
        """Return the weight of some shingles."""
        weight = self._weight
        return sum(weight[shingle] * number for shingle, number in counts.items()) or 1e-9

    def _shared(self, olds: Iterable[int], news: Iterable[int]) -> dict[tuple[int, int], float]:
        places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for old in olds:
            for shingle, number in self._old_counts[old].items():
                places[shingle].append((old, number))
        shared: dict[tuple[int, int], float] = defaultdict(float)
        for new in news:
            for shingle, number in self._new_counts[new].items():
                if shingle not in places:
                    continue
                weight = self._weight[shingle]
                for old, there in places[shingle]:
                    shared[old, new] += weight * (number if number < there else there)
        return shared

    def _alike(self) -> None:
        old_mass = {at: self.mass(self._old_counts[at]) for at in self.left_old}
        new_mass = {at: self.mass(self._new_counts[at]) for at in self.left_new}
        shared = self._shared(self.left_old, self.left_new)
        self.likeness = {(old, new): 2 * mass / (old_mass[old] + new_mass[new]) for (old, new), mass in shared.items()}
        before = self._anchors()
        ranked = sorted(
            (
                (-score - IN_PLACE * self._near(old, new, before), abs(old - new), old + new, old, new)
                for (old, new), score in self.likeness.items()
                if score >= ALIKE
            ),
        )
        for _, _, _, old, new in ranked:
            if old not in self.to_new and new not in self.to_old:
                self._match(old, new)

    def _anchors(self) -> list[tuple[int, int]]:
        return in_order(sorted(self.to_new.items()), self._anchor_weight)

    def _anchor_weight(self, pair: tuple[int, int]) -> float:
        return pair_weight(self.old[pair[0]].key, self.new[pair[1]].key)

    def _near(self, old: int, new: int, anchors: list[tuple[int, int]]) -> bool:
        if self.related is not None:
            return self.related(old, new)
        at = bisect_left(anchors, (old, -1))
        low = anchors[at - 1][1] if at else -1
        high = anchors[at][1] if at < len(anchors) else len(self.new)
        return low < new < high

    def _in_place(self) -> None:
        olds = [at for at in self.left_old if at not in self.to_new]
        news = [at for at in self.left_new if at not in self.to_old]
        anchors = self._anchors()
        scores = {
            pair: score
            for pair, score in self.likeness.items()
            if score >= ALIKE_IN_PLACE and pair[0] in olds and pair[1] in news and self._near(*pair, anchors)
        }
        for old, new in monotone(olds, news, scores):
            self._match(old, new)

    def _pieces(self) -> None:
        lone_old = [at for at in range(len(self.old)) if at not in self.to_new]
        lone_new = [at for at in range(len(self.new)) if at not in self.to_old]
        split = self._taken(lone_new, range(len(self.old)), from_old=True) if lone_new else []
        merged = self._taken(lone_old, range(len(self.new)), from_old=False) if lone_old else []
        self._exchanged(dict(merged), {new: old for old, new in split})
        split = [(old, new) for old, new in split if new not in self.to_old]
        merged = [(old, new) for old, new in merged if old not in self.to_new]
        used_old, used_new = {old for old, _ in split}, {new for _, new in split}
        self.joins = split + [(old, new) for old, new in merged if old not in used_old and new not in used_new]

    def _exchanged(self, taken_in: dict[int, int], taken_from: dict[int, int]) -> None:
        """Match units whose greater part came from, or went to, another that goes on: no split and merger at once."""
        for old, into in taken_in.items():
            if into in taken_from and into not in self.to_old:
                self._match(old, into)
            elif into in self.to_old:
                # The larger part drew the pair together; what was left over shows who is who.
                other = self.to_old[into]
                rest = next((new for new, source in taken_from.items() if source == other), None)
                if rest is not None and rest not in self.to_old:
                    self._match(other, rest)
                    self._match(old, into)
        for new, source in taken_from.items():
            if source in taken_in and source not in self.to_new and new not in self.to_old:
                self._match(source, new)

    def _taken(self, lone: list[int], others: Iterable[int], *, from_old: bool) -> list[tuple[int, int]]:
        """Return for each lone unit the one of the other version it was a piece of, or took in, if there is one."""
        counts, there = (self._new_counts, self._old_counts) if from_old else (self._old_counts, self._new_counts)
        partner = self.to_new if from_old else self.to_old
        shared = self._shared(others, lone) if from_old else self._shared(lone, others)
        here_units, there_units = (self.new, self.old) if from_old else (self.old, self.new)
        owners: dict[str, set[int]] = defaultdict(set)
        for at, unit in enumerate(here_units):
            for line in unit.key.split("\n"):
                owners[line].add(at)
        best: dict[int, tuple[float, int]] = {}
        for pair, mass in shared.items():
            other, here = pair if from_old else (pair[1], pair[0])
            if mass < TAKEN_OVER * self.mass(counts[here]):
                continue
            if self.related is not None and not self.related(*pair):
                continue
            rest = there[other] - counts[partner[other]] if other in partner else there[other]
            for line in there_units[other].key.split("\n"):
                # A paragraph that is another one's, word for word, is no trace of this one.
                if owners[line] and not owners[line] & {here, partner.get(other, here)}:
                    rest = rest - shingles(line)
            gained = self.mass(counts[here] & rest) / self.mass(counts[here])
            if gained >= TAKEN_OVER:
                # Of several it may be a piece of, the one whose other pieces stand beside it.
                beside = 0.3 / (1 + abs(partner[other] - here)) if other in partner else 0.0
                best[here] = max(best.get(here, (0.0, 0)), (gained + beside, other))
        pieces = [(here, other) for here, (_, other) in sorted(best.items())]
        return [(other, here) if from_old else (here, other) for here, other in pieces]


def pair_weight(old: str, new: str) -> float:
    """Return how much it counts that a pair keeps its order: every pair about one, longer words a little more.

    Ties are broken by the words, so that comparing the other way round gives the mirror image.
    """
    tie = (zlib.crc32(old.encode()) + zlib.crc32(new.encode())) % 9973 / 1e8
    return 1.0 + min(len(old) + len(new), 9000) / 1e5 + tie


def in_order(pairs: Sequence[tuple[int, int]], weight: Callable[[tuple[int, int]], float]) -> list[tuple[int, int]]:
    """Return the heaviest of the pairs that keep the same order on both sides: the others were moved.

    Parameters
    ----------
    pairs : sequence of (int, int)
        Old and new place, by old place.
    weight : callable
        Weight of a pair.
    """
    size = max((new for _, new in pairs), default=-1) + 1
    # Heaviest increasing subsequence with a tree of prefix maxima (Fenwick 1994).
    tree: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)
    total: list[float] = []
    before: list[int] = []
    for at, (_, new) in enumerate(pairs):
        best = (0.0, -1)
        node = new
        while node > 0:
            best = max(best, tree[node])
            node -= node & -node
        total.append(best[0] + weight(pairs[at]))
        before.append(best[1])
        node = new + 1
        while node <= size:
            tree[node] = max(tree[node], (total[at], at))
            node += node & -node
    at = max(range(len(pairs)), key=lambda place: total[place], default=-1)
    chain: list[tuple[int, int]] = []
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def monotone(olds: Sequence[int], news: Sequence[int], scores: dict[tuple[int, int], float]) -> list[tuple[int, int]]:
    """Return the pairs of greatest total score that keep their order (Needleman and Wunsch 1970, gaps free)."""
    if not scores:
        return []
    best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    for i, old in enumerate(olds, 1):
        row, above = best[i], best[i - 1]
        for j, new in enumerate(news, 1):
            score = scores.get((old, new), 0.0)
            row[j] = max(above[j], row[j - 1], above[j - 1] + score if score else 0.0)
    pairs: list[tuple[int, int]] = []
    i, j = len(olds), len(news)
    while i and j:
        score = scores.get((olds[i - 1], news[j - 1]), 0.0)
        if score and best[i][j] == best[i - 1][j - 1] + score:
            pairs.append((olds[i - 1], news[j - 1]))
            i, j = i - 1, j - 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]
