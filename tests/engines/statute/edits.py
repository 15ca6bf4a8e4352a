"""Edits of a draft whose outcome is known: each says which change of which provisions has to be found."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from bridgehead.engines.statute.versions import Comparison, Kind, Level
from tests.engines.statute.drafts import Article, Chapter, Draft, Item, Node, Paragraph, sentence

Found = tuple[Level, Kind, tuple[str, ...], tuple[str, ...]]


@dataclass
class Expected:
    """A change to be found: its level and kind, old ids, and the provisions that get the new ones."""

    level: Level
    kind: Kind
    old: list[str]
    new: list[Node]

    def found(self) -> Found:
        return self.level, self.kind, tuple(self.old), tuple(node.id for node in self.new)


@dataclass
class Editor:
    """Makes edits in articles that no other edit touches."""

    draft: Draft
    chance: random.Random
    expected: list[Expected] = field(default_factory=list)
    locked: set[int] = field(default_factory=set)

    def free(self, wanted: Callable[[Article], bool] = lambda _: True) -> Article | None:
        """Return an article nobody edited whose neighbours nobody edited either, and lock it."""
        articles = self.draft.articles
        free = [
            article
            for at, article in enumerate(articles)
            if not any(id(other) in self.locked for other in articles[max(0, at - 1) : at + 2])
            and all(len(paragraph.text) >= 12 for paragraph in article.paragraphs)
            and wanted(article)
        ]
        if not free:
            return None
        chosen = self.chance.choice(free)
        self.locked.add(id(chosen))
        return chosen

    def chapter_of(self, article: Article) -> Chapter:
        return next(chapter for chapter in self.draft.chapters if article in chapter.articles)

    def expect(self, level: Level, kind: Kind, old: list[str], new: list[Node]) -> bool:
        self.expected.append(Expected(level, kind, old, new))
        return True

    def word(self) -> bool:
        """Change a word in a paragraph."""
        article = self.free(lambda article: len(article.paragraphs[0].text) >= 40)
        if article is None:
            return False
        paragraph = article.paragraphs[0]
        at = self.chance.randint(8, len(paragraph.text) - 12)
        paragraph.text = paragraph.text[:at] + "鹦鹉" + paragraph.text[at + 2 :]
        return self.expect(Level.PARAGRAPH, Kind.CHANGED, paragraph.origins, [paragraph])

    def sentence_added(self) -> bool:
        """Add a sentence at the end of a paragraph."""
        article = self.free(lambda article: any(self.long(one, 50) for one in article.paragraphs))
        if article is None:
            return False
        paragraph = next(one for one in article.paragraphs if self.long(one, 50))
        paragraph.text += sentence(self.chance)
        return self.expect(Level.PARAGRAPH, Kind.CHANGED, paragraph.origins, [paragraph])

    @staticmethod
    def long(paragraph: Paragraph, least: int) -> bool:
        return not paragraph.items and len(paragraph.text) >= least and paragraph.text.endswith("。")

    def article_inserted(self, *, between: bool = False) -> bool:
        """Put in an article; all later numbers shift, unless it is numbered 之一."""
        after = self.free()
        if after is None:
            return False
        chapter = self.chapter_of(after)
        text = sentence(self.chance) + sentence(self.chance)
        article = Article(paragraphs=[Paragraph(text=text)], between=between)
        chapter.articles.insert(chapter.articles.index(after) + 1, article)
        self.locked.add(id(article))
        return self.expect(Level.ARTICLE, Kind.NEW, [], [article])

    def article_between(self) -> bool:
        """Put in an article numbered 之一."""
        return self.article_inserted(between=True)

    def article_repealed(self) -> bool:
        """Take an article out."""
        article = self.free(lambda article: len(self.chapter_of(article).articles) > 4)
        if article is None:
            return False
        self.chapter_of(article).articles.remove(article)
        self.draft.numbers = {number: one for number, one in self.draft.numbers.items() if one is not article}
        return self.expect(Level.ARTICLE, Kind.REPEALED, article.origins, [])

    def articles_swapped(self) -> bool:
        """Let two articles of one chapter that are not neighbours change places."""
        first = self.free(lambda article: self._partner(article) is not None)
        if first is None:
            return False
        second = self._partner(first)
        assert second is not None
        self.locked.add(id(second))
        articles = self.chapter_of(first).articles
        one, other = articles.index(first), articles.index(second)
        articles[one], articles[other] = second, first
        self.expect(Level.ARTICLE, Kind.MOVED, first.origins, [first])
        return self.expect(Level.ARTICLE, Kind.MOVED, second.origins, [second])

    def _partner(self, article: Article) -> Article | None:
        articles = self.chapter_of(article).articles
        at = articles.index(article)
        for other in articles[at + 4 :]:
            place = articles.index(other)
            if not any(id(one) in self.locked for one in articles[at + 1 : min(place + 2, len(articles))]):
                return other
        return None

    def article_to_another_chapter(self) -> bool:
        """Put an article into the chapter after the next one."""
        chapters = self.draft.chapters
        if len(chapters) < 3 or not all(chapter.title for chapter in chapters):
            return False
        article = self.free(lambda article: len(self.chapter_of(article).articles) > 4)
        if article is None:
            return False
        chapter = self.chapter_of(article)
        target = chapters[(chapters.index(chapter) + 2) % len(chapters)]
        place = next(
            (
                at
                for at in range(1, len(target.articles))
                if id(target.articles[at]) not in self.locked and id(target.articles[at - 1]) not in self.locked
            ),
            None,
        )
        if place is None or target is chapter:
            return False
        chapter.articles.remove(article)
        target.articles.insert(place, article)
        return self.expect(Level.ARTICLE, Kind.MOVED, article.origins, [article])

    def article_split(self) -> bool:
        """Cut an article in two between paragraphs, or between sentences where it has one paragraph."""
        article = self.free(lambda article: self._halves(article) is not None)
        if article is None:
            return False
        first, second = self._halves(article) or ([], [])
        rest = Article(origins=list(article.origins), paragraphs=second)
        article.paragraphs = first
        articles = self.chapter_of(article).articles
        articles.insert(articles.index(article) + 1, rest)
        self.locked.add(id(rest))
        return self.expect(Level.ARTICLE, Kind.SPLIT, article.origins, [article, rest])

    def _halves(self, article: Article) -> tuple[list[Paragraph], list[Paragraph]] | None:
        if len(article.paragraphs) > 1:
            halves = article.paragraphs[:1], article.paragraphs[1:]
            sizes = [sum(len(one.text) for one in half) for half in halves]
            return halves if min(sizes) >= 20 else None
        paragraph = article.paragraphs[0]
        cut = self._cut(paragraph)
        if cut is None:
            return None
        return tuple(  # type: ignore[return-value]
            [Paragraph(origins=list(paragraph.origins), text=text)]
            for text in (paragraph.text[:cut], paragraph.text[cut:])
        )

    @staticmethod
    def _cut(paragraph: Paragraph) -> int | None:
        if paragraph.items:
            return None
        cuts = [at + 1 for at, mark in enumerate(paragraph.text) if mark == "。"]
        return next((cut for cut in cuts if 20 <= cut <= len(paragraph.text) - 20), None)

    def articles_merged(self) -> bool:
        """Make one article of two neighbours."""
        first = self.free(lambda article: self._next(article) is not None)
        if first is None:
            return False
        second = self._next(first)
        assert second is not None
        self.chapter_of(first).articles.remove(second)
        expected = [*first.origins, *second.origins]
        first.paragraphs += second.paragraphs
        first.origins = expected
        self.draft.numbers = {
            number: first if article is second else article for number, article in self.draft.numbers.items()
        }
        return self.expect(Level.ARTICLE, Kind.MERGED, expected, [first])

    def _next(self, article: Article) -> Article | None:
        articles = self.chapter_of(article).articles
        at = articles.index(article) + 1
        if at >= len(articles) - 1 or any(id(one) in self.locked for one in articles[at : at + 2]):
            return None
        return articles[at] if sum(len(one.text) for one in articles[at].paragraphs) >= 25 else None

    def paragraph_moved(self) -> bool:
        """Put a paragraph into another article."""
        source = self.free(lambda article: len(article.paragraphs) > 1 and self.long(article.paragraphs[-1], 20))
        target = self.free(lambda article: self.long(article.paragraphs[-1], 20))
        if source is None or target is None:
            return False
        paragraph = source.paragraphs.pop()
        target.paragraphs.append(paragraph)
        return self.expect(Level.PARAGRAPH, Kind.MOVED, paragraph.origins, [paragraph])

    def paragraph_split(self) -> bool:
        """Cut a paragraph in two between sentences."""
        article = self.free(lambda article: any(self._cut(one) for one in article.paragraphs))
        if article is None:
            return False
        at = next(at for at, one in enumerate(article.paragraphs) if self._cut(one))
        paragraph = article.paragraphs[at]
        cut = self._cut(paragraph)
        rest = Paragraph(origins=list(paragraph.origins), text=paragraph.text[cut:])
        paragraph.text = paragraph.text[:cut]
        article.paragraphs.insert(at + 1, rest)
        return self.expect(Level.PARAGRAPH, Kind.SPLIT, paragraph.origins, [paragraph, rest])

    def paragraph_added(self) -> bool:
        """Put a paragraph in before the last one."""
        article = self.free(lambda article: sum(len(one.text) for one in article.paragraphs) >= 60)
        if article is None:
            return False
        paragraph = Paragraph(text=sentence(self.chance))
        article.paragraphs.insert(max(1, len(article.paragraphs) - 1), paragraph)
        return self.expect(Level.PARAGRAPH, Kind.NEW, [], [paragraph])

    def item_added(self) -> bool:
        """Put an item into a list."""
        article = self.free(lambda article: any(len(one.items) > 2 for one in article.paragraphs))
        if article is None:
            return False
        paragraph = next(one for one in article.paragraphs if len(one.items) > 2)
        item = Item(text=sentence(self.chance)[:-1] + "；")
        paragraph.items.insert(1, item)
        return self.expect(Level.ITEM, Kind.NEW, [], [item])

    def item_removed(self) -> bool:
        """Take an item out of a list."""
        article = self.free(lambda article: any(len(one.items) > 2 for one in article.paragraphs))
        if article is None:
            return False
        paragraph = next(one for one in article.paragraphs if len(one.items) > 2)
        item = paragraph.items.pop(1)
        return self.expect(Level.ITEM, Kind.REPEALED, item.origins, [])

    def chapter_renamed(self) -> bool:
        """Give a chapter another title."""
        chapter = next((one for one in self.draft.chapters[1:] if one.title and one.origins), None)
        if chapter is None:
            return False
        chapter.title = "渡船与鹦鹉"
        return self.expect(Level.CHAPTER, Kind.CHANGED, chapter.origins, [chapter])

    def chapter_inserted(self) -> bool:
        """Put a heading in before the later articles of a chapter."""
        chapters = self.draft.chapters
        if not all(chapter.title for chapter in chapters):
            return False
        # Not the one that may be renamed too: which of its halves is the renamed one, nobody could say.
        chapter = max((chapters[0], *chapters[2:]), key=lambda chapter: len(chapter.articles))
        cut = len(chapter.articles) * 2 // 3
        new = Chapter(title="蜂箱与邮筒", articles=chapter.articles[cut:])
        chapter.articles = chapter.articles[:cut]
        chapters.insert(chapters.index(chapter) + 1, new)
        return self.expect(Level.CHAPTER, Kind.NEW, [], [new])


TEN = (
    "word", "sentence_added", "article_inserted", "article_repealed", "articles_swapped", "article_split",
    "articles_merged", "paragraph_moved", "paragraph_split", "item_added",
)  # fmt: skip
MORE = (
    "article_between", "article_to_another_chapter", "paragraph_added", "item_removed", "chapter_renamed",
    "chapter_inserted",
)  # fmt: skip


def edited(draft: Draft, names: tuple[str, ...], chance: random.Random) -> Editor:
    """Make edits of the names asked for, as far as the draft has room for them."""
    editor = Editor(draft, chance)
    # A swap needs the most room and a new heading moves none of the rest.
    for name in sorted(names, key=lambda name: (name != "articles_swapped", name == "chapter_inserted")):
        getattr(editor, name)()
    draft.number()
    return editor


def found(comparison: Comparison) -> list[Found]:
    """Return the edits a comparison tells of."""
    return sorted((edit.level, edit.kind, edit.old, edit.new) for edit in comparison.edits)


def expected(editor: Editor) -> list[Found]:
    """Return the edits that were made."""
    return sorted(one.found() for one in editor.expected)
