"""Changes of articles, paragraphs and items written down from their matching, with the words marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from bridgehead.engines.statute.model import Article, Item, Paragraph, Passage
from bridgehead.engines.statute.versions.alignment import Group, in_order, pair_weight
from bridgehead.engines.statute.versions.borders import Usage
from bridgehead.engines.statute.versions.headings import kind_of
from bridgehead.engines.statute.versions.matching import Matching, Side
from bridgehead.engines.statute.versions.model import Cause, Change, Kind, Level, Mark, Piece
from bridgehead.engines.statute.versions.words import Token, on_lines, pieces_of, tokens_of

Provision = TypeVar("Provision", Article, Paragraph, Item)
Worded = TypeVar("Worded", Article, Paragraph, Item, Passage)
ONE_TO_MANY = (Kind.SPLIT, Kind.MERGED)


class Parts:
    """Changes of one level, to be asked for those of the provisions above."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self._by_old: dict[int, Change] = {}
        self._by_new: dict[int, Change] = {}

    def add(self, group: Group, change: Change) -> None:
        """Take in the change of a group of places."""
        self.changes.append(change)
        self._by_old.update(dict.fromkeys(group.old, change))
        self._by_new.update(dict.fromkeys(group.new, change))

    def of(self, old: Iterable[int], new: Iterable[int]) -> list[Change]:
        """Return the changes of some places, by the new place; what is gone follows what it followed."""
        found = [self._by_new[at] for at in new]
        found = [change for at, change in enumerate(found) if change not in found[:at]]
        after = 0
        for at in old:
            change = self._by_old[at]
            if change in found:
                after = found.index(change) + 1
            else:
                found.insert(after, change)
                after += 1
        return found


class Writer:
    """Writes the changes of a matching, items first, then the paragraphs they are parts of, then the articles.

    Parameters
    ----------
    matching : Matching
        Which provision became which.
    """

    def __init__(self, matching: Matching) -> None:
        self._matching = matching
        self._old, self._new = matching.old, matching.new
        self._usage: Usage | None = None
        self._items, self._paragraphs, self._articles = Parts(), Parts(), Parts()
        in_place = self._in_place(matching.items, matching.paragraphs, self._old.items, self._new.items)
        for group in matching.items:
            self._items.add(group, self._item(group, in_place))
        in_place = self._in_place(matching.paragraphs, matching.articles, self._old.paragraphs, self._new.paragraphs)
        for group in matching.paragraphs:
            self._paragraphs.add(group, self._paragraph(group, in_place))
        for group in matching.articles:
            self._articles.add(group, self._article(group))

    @property
    def articles(self) -> tuple[Change, ...]:
        """What became of the articles, by their place in the new version."""
        return tuple(self._articles.changes)

    @property
    def moved(self) -> tuple[Change, ...]:
        """Paragraphs and items that stand elsewhere, without those that went with their article."""
        both = (*self._paragraphs.changes, *self._items.changes)
        return tuple(change for change in both if change.kind in (Kind.MOVED, Kind.MOVED_AND_CHANGED))

    @property
    def changes(self) -> list[Change]:
        """Every change of every level."""
        return [*self._articles.changes, *self._paragraphs.changes, *self._items.changes]

    def _item(self, group: Group, in_place: set[tuple[int, int]]) -> Change:
        old, new = [self._old.items[at] for at in group.old], [self._new.items[at] for at in group.new]
        homes = (
            [self._old.paragraphs[parent][0] for parent, _ in old],
            [self._new.paragraphs[parent][0] for parent, _ in new],
        )
        provisions = [item for _, item in old], [item for _, item in new]
        pieces = self._pieces(*provisions, item_text, item_tokens, homes)
        return _change(Level.ITEM, *provisions, pieces, moved=_moved(group, in_place))

    def _paragraph(self, group: Group, in_place: set[tuple[int, int]]) -> Change:
        old, new = [self._old.paragraphs[at] for at in group.old], [self._new.paragraphs[at] for at in group.new]
        homes = [parent for parent, _ in old], [parent for parent, _ in new]
        provisions = [paragraph for _, paragraph in old], [paragraph for _, paragraph in new]
        pieces = self._pieces(*provisions, paragraph_text, paragraph_tokens, homes)
        items = self._items.of(self._old.items_of(group.old), self._new.items_of(group.new))
        own: bool | None = None
        if items and old and new:
            leads = [provision.passage for provision in provisions[0]], [one.passage for one in provisions[1]]
            own = any(piece.real for piece in self._pieces(*leads, _words, _tokens, homes))
        return _change(Level.PARAGRAPH, *provisions, pieces, items, own=own, moved=_moved(group, in_place))

    def _article(self, group: Group) -> Change:
        old = [self._old.articles[at] for at in group.old]
        new = [self._new.articles[at] for at in group.new]
        paragraphs = self._paragraphs.of(self._old.paragraphs_of(group.old), self._new.paragraphs_of(group.new))
        pieces = self._pieces(old, new, article_text, article_tokens, (group.old, group.new))
        moved = len(old) == len(new) == 1 and (group.old[0], group.new[0]) in self._matching.moved
        chapters = self._chapter_changed(old[0].chapter, new[0].chapter) if old and new else False
        return _change(Level.ARTICLE, old, new, pieces, paragraphs, moved=moved, chapter_changed=chapters)

    def _chapter_changed(self, old: int | None, new: int | None) -> bool:
        if old is None or new is None:
            return old != new
        return new not in self._matching.renumbering.chapters.get(old, ())

    def _in_place(
        self,
        groups: Sequence[Group],
        parents: Sequence[Group],
        old: Sequence[tuple[int, Paragraph]] | Sequence[tuple[int, Item]],
        new: Sequence[tuple[int, Paragraph]] | Sequence[tuple[int, Item]],
    ) -> set[tuple[int, int]]:
        """Return the pairs that stayed under their parent and in order."""
        home_old = {at: number for number, group in enumerate(parents) for at in group.old}
        home_new = {at: number for number, group in enumerate(parents) for at in group.new}
        stayed: dict[int, list[tuple[int, int]]] = {}
        for group in groups:
            if len(group.old) == len(group.new) == 1:
                home = home_old[old[group.old[0]][0]]
                if home == home_new[new[group.new[0]][0]]:
                    stayed.setdefault(home, []).append((group.old[0], group.new[0]))

        def weight(pair: tuple[int, int]) -> float:
            return pair_weight(old[pair[0]][1].passage.text, new[pair[1]][1].passage.text)

        return {pair for pairs in stayed.values() for pair in in_order(sorted(pairs), weight)}

    def _pieces(
        self,
        old: Sequence[Worded],
        new: Sequence[Worded],
        text: Callable[[Worded], str],
        tokens: Callable[[Worded], list[Token]],
        homes: tuple[Sequence[int], Sequence[int]],
    ) -> tuple[Piece, ...]:
        before, after = "\n".join(map(text, old)), "\n".join(map(text, new))
        if before == after:
            return (Piece(Mark.EQUAL, before),) if before else ()
        if not old or not new:
            return (Piece(Mark.DELETE, before) if old else Piece(Mark.INSERT, after),)
        places = _number(self._old, homes[0][0]), _number(self._new, homes[1][0])

        def same(one: Token, other: Token) -> bool:
            if one.citation is None or other.citation is None:
                return False
            return self._matching.renumbering.follows(one.citation, other.citation, *places)

        return pieces_of(on_lines(map(tokens, old)), on_lines(map(tokens, new)), same, self._usages())

    def _usages(self) -> Usage:
        if self._usage is None:
            self._usage = Usage([*self._old.article_keys, *self._new.article_keys])
        return self._usage


def item_text(item: Item) -> str:
    """Return the words of an item, its label and its sub-items included."""
    return item.passage.text + "".join(subitem.passage.text for subitem in item.subitems)


def item_tokens(item: Item) -> list[Token]:
    """Return the tokens of an item."""
    tokens = tokens_of(item.passage.text, item=True)
    for subitem in item.subitems:
        tokens += tokens_of(subitem.passage.text, item=True)
    return tokens


def paragraph_text(paragraph: Paragraph) -> str:
    """Return the words of a paragraph, its items included."""
    return paragraph.whole.text


def paragraph_tokens(paragraph: Paragraph) -> list[Token]:
    """Return the tokens of a paragraph."""
    tokens = tokens_of(paragraph.passage.text)
    for item in paragraph.items:
        tokens += item_tokens(item)
    return tokens


def _words(passage: Passage) -> str:
    return passage.text


def _tokens(passage: Passage) -> list[Token]:
    return tokens_of(passage.text)


def article_text(article: Article) -> str:
    """Return the words of an article, paragraphs on lines of their own."""
    return article.text


def article_tokens(article: Article) -> list[Token]:
    """Return the tokens of an article."""
    return on_lines(map(paragraph_tokens, article.paragraphs))


def _number(side: Side, at: int) -> tuple[int, int]:
    return side.articles[at].number, side.articles[at].suffix


def _moved(group: Group, in_place: set[tuple[int, int]]) -> bool:
    return len(group.old) == len(group.new) == 1 and (group.old[0], group.new[0]) not in in_place


def _change(
    level: Level,
    old: Sequence[Provision],
    new: Sequence[Provision],
    pieces: tuple[Piece, ...],
    parts: list[Change] | None = None,
    *,
    own: bool | None = None,
    moved: bool,
    chapter_changed: bool = False,
) -> Change:
    parts = parts or []
    one = len(old) == len(new) == 1
    renumbered = one and _numbers(old[0]) != _numbers(new[0])
    if own is None or not one:
        own = any(piece.real for piece in pieces)
    touched = own or any(part.touched for part in parts)
    if one or len(old) == len(new):
        kind = kind_of(changed=touched or not one, moved=moved, renumbered=renumbered)
    elif not old or not new:
        kind = Kind.REPEALED if old else Kind.NEW
        parts = [part for part in parts if part.old and part.new]
    else:
        kind = Kind.SPLIT if len(new) > len(old) else Kind.MERGED
        parts = [part for part in parts if part.kind not in ONE_TO_MANY]
    if all(part.kind is Kind.KEPT for part in parts):
        parts = []
    return Change(
        level,
        kind,
        tuple(provision.id for provision in old),
        tuple(provision.id for provision in new),
        pieces,
        tuple(parts),
        reworded=own,
        follows=any(piece.cause is Cause.RENUMBERING for piece in pieces),
        renumbered=renumbered,
        chapter_changed=chapter_changed,
        likeness=_likeness(pieces),
    )


def _numbers(provision: Article | Paragraph | Item) -> tuple[int, int]:
    return provision.number, getattr(provision, "suffix", 0)


def _likeness(pieces: Sequence[Piece]) -> float:
    equal = sum(len(piece.text) for piece in pieces if not piece.real)
    return round(equal / (sum(len(piece.text) for piece in pieces) or 1), 3)
