"""Which articles, paragraphs, items and headings of one version became which of the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bridgehead.engines.statute.model import Item, Paragraph, Statute
from bridgehead.engines.statute.versions.alignment import Alignment, Group, Unit, in_order, pair_weight
from bridgehead.engines.statute.versions.citations import Renumbering, masked
from bridgehead.engines.statute.versions.headings import Heading, Zones, headings_of, matched
from bridgehead.engines.statute.versions.model import Level
from bridgehead.engines.statute.versions.normal import ITEM_LABEL, key_of


def key_of_item(item: Item) -> str:
    """Return what an item is matched by: its words and those of its sub-items, without its label."""
    own = ITEM_LABEL.sub("", item.passage.text)
    return key_of(masked(own + "".join(subitem.passage.text for subitem in item.subitems)))


def key_of_paragraph(paragraph: Paragraph) -> str:
    """Return what a paragraph is matched by, the labels of its items left out."""
    return "\v".join([key_of(masked(paragraph.passage.text)), *map(key_of_item, paragraph.items)])


class Side:
    """One version as lists of articles, paragraphs and items, each knowing the place of its parent."""

    def __init__(self, statute: Statute) -> None:
        self.statute = statute
        self.articles = statute.articles
        self.paragraphs: list[tuple[int, Paragraph]] = []
        self.items: list[tuple[int, Item]] = []
        self.article_keys: list[str] = []
        self.paragraph_keys: list[str] = []
        for at, article in enumerate(statute.articles):
            keys = [key_of_paragraph(paragraph) for paragraph in article.paragraphs]
            self.article_keys.append("\n".join(keys))
            self.paragraph_keys += keys
            for paragraph in article.paragraphs:
                self.items += [(len(self.paragraphs), item) for item in paragraph.items]
                self.paragraphs.append((at, paragraph))
        self._first_paragraph = _starts(self.paragraphs, len(self.articles))
        self._first_item = _starts(self.items, len(self.paragraphs))

    def paragraphs_of(self, articles: Iterable[int]) -> list[int]:
        """Return the places of the paragraphs of some articles."""
        return [at for article in articles for at in range(*self._first_paragraph[article : article + 2])]

    def items_of(self, paragraphs: Iterable[int]) -> list[int]:
        """Return the places of the items of some paragraphs."""
        return [at for paragraph in paragraphs for at in range(*self._first_item[paragraph : paragraph + 2])]


class Matching:
    """Two versions matched level by level; every list of pairs and groups holds places in the lists of `Side`."""

    def __init__(self, old: Statute, new: Statute) -> None:
        self.old, self.new = Side(old), Side(new)
        aligned = Alignment(
            [Unit(article.id, key) for article, key in zip(old.articles, self.old.article_keys, strict=True)],
            [Unit(article.id, key) for article, key in zip(new.articles, self.new.article_keys, strict=True)],
        )
        self.articles = aligned.groups
        self.article_pairs = sorted(aligned.to_new.items())
        links = links_of(self.articles)
        self.headings: dict[Level, tuple[list[Heading], list[Heading]]] = {}
        self.heading_pairs: dict[Level, list[tuple[int, int]]] = {}
        for level in (Level.CHAPTER, Level.SECTION):
            sides = headings_of(old, level), headings_of(new, level)
            self.headings[level], self.heading_pairs[level] = sides, matched(*sides, links)
        self.moved = self._moved()
        self.paragraphs = self._paragraphs(links)
        self.items = self._items()
        self.renumbering = self._renumbering(links)

    def _moved(self) -> set[tuple[int, int]]:
        zones = [Zones(*self.headings[level], self.heading_pairs[level], self.article_pairs) for level in self.headings]
        moved = {pair for pair in self.article_pairs if any(zone.crosses(*pair) for zone in zones)}

        def weight(pair: tuple[int, int]) -> float:
            return pair_weight(self.old.article_keys[pair[0]], self.new.article_keys[pair[1]])

        by_zone: dict[int, list[tuple[int, int]]] = {}
        for pair in self.article_pairs:
            if pair not in moved:
                by_zone.setdefault(zones[0].of(*pair), []).append(pair)
        for pairs in by_zone.values():
            moved |= set(pairs) - set(in_order(pairs, weight))
        return moved

    def _paragraphs(self, links: Sequence[tuple[int, int]]) -> list[Group]:
        related = set(links)
        old, new = self.old.paragraphs, self.new.paragraphs
        same: list[tuple[int, int]] = []
        for group in self.articles:
            if len(group.old) == len(group.new) == 1:
                a, b = group.old[0], group.new[0]
                if self.old.article_keys[a] == self.new.article_keys[b]:
                    same += zip(self.old.paragraphs_of([a]), self.new.paragraphs_of([b]), strict=True)
        keys = self.old.paragraph_keys, self.new.paragraph_keys
        return _aligned(keys, same, lambda a, b: (old[a][0], new[b][0]) in related)

    def _items(self) -> list[Group]:
        related = set(links_of(self.paragraphs))
        old, new = self.old.items, self.new.items
        keys = [key_of_item(item) for _, item in old], [key_of_item(item) for _, item in new]
        return _aligned(keys, [], lambda a, b: (old[a][0], new[b][0]) in related)

    def _renumbering(self, links: Sequence[tuple[int, int]]) -> Renumbering:
        chapters: dict[int, set[int]] = {}
        old_chapters, new_chapters = self.headings[Level.CHAPTER]
        for a, b in self.heading_pairs[Level.CHAPTER]:
            before, after = old_chapters[a].place[0], new_chapters[b].place[0]
            if before is not None and after is not None:
                chapters.setdefault(before, set()).add(after)
        articles: dict[tuple[int, int], set[tuple[int, int]]] = {}
        for a, b in links:
            old, new = self.old.articles[a], self.new.articles[b]
            articles.setdefault((old.number, old.suffix), set()).add((new.number, new.suffix))
        parts: dict[tuple[int, int, int, int], set[tuple[int, int, int, int]]] = {}
        for a, b in links_of(self.paragraphs):
            parts.setdefault(self._paragraph(self.old, a), set()).add(self._paragraph(self.new, b))
        for a, b in links_of(self.items):
            parts.setdefault(self._item(self.old, a), set()).add(self._item(self.new, b))
        return Renumbering(chapters, articles, parts)

    @staticmethod
    def _paragraph(side: Side, at: int, item: int = 0) -> tuple[int, int, int, int]:
        parent, paragraph = side.paragraphs[at]
        article = side.articles[parent]
        return article.number, article.suffix, paragraph.number, item

    def _item(self, side: Side, at: int) -> tuple[int, int, int, int]:
        parent, item = side.items[at]
        return self._paragraph(side, parent, item.number)


def links_of(groups: Sequence[Group]) -> list[tuple[int, int]]:
    """Return every old and new place that belong together."""
    return [(old, new) for group in groups for old in group.old for new in group.new]


def _starts(nodes: Sequence[tuple[int, object]], size: int) -> list[int]:
    starts = [0] * (size + 1)
    for parent, _ in nodes:
        starts[parent + 1] += 1
    for at in range(size):
        starts[at + 1] += starts[at]
    return starts


def _aligned(
    keys: tuple[Sequence[str], Sequence[str]], same: Sequence[tuple[int, int]], related: Callable[[int, int], bool]
) -> list[Group]:
    """Align what is not matched yet, and give back groups of places in the whole lists."""
    known_old, known_new = {a for a, _ in same}, {b for _, b in same}
    open_old = [at for at in range(len(keys[0])) if at not in known_old]
    open_new = [at for at in range(len(keys[1])) if at not in known_new]
    aligned = Alignment(
        [Unit("", keys[0][at]) for at in open_old],
        [Unit("", keys[1][at]) for at in open_new],
        lambda a, b: related(open_old[a], open_new[b]),
    )
    groups = [Group([a], [b]) for a, b in same]
    groups += [
        Group([open_old[at] for at in group.old], [open_new[at] for at in group.new]) for group in aligned.groups
    ]
    return groups
