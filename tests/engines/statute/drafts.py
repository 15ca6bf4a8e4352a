"""Statutes that can be edited: drafts made from an invented or a stored one, and their text."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bridgehead.engines.statute.decode import source_of
from bridgehead.engines.statute.model import Statute
from bridgehead.engines.statute.numerals import han
from bridgehead.engines.statute.reader import read

STATUTES = Path(__file__).parents[4] / "shared" / "statutes"
SHARED = sorted(path for path in STATUTES.glob("*.*") if path.suffix in (".md", ".txt") and path.stem != "README")
needs_statutes = pytest.mark.skipif(not SHARED, reason="the shared statute texts are not beside the project")

_LABEL = re.compile(r"^\s*[（(][一二三四五六七八九十]+[）)]\s*")
_OWN = re.compile(r"(?:本法|本条例|本规定)第[一二三四五六七八九十百]+条(?:(?:、|和|至)第[一二三四五六七八九十百]+条)*")
_NUMBER = re.compile(r"第([一二三四五六七八九十百]+)条")


def stored(path: Path) -> Statute:
    """Return a shared text, read."""
    return read(source_of(path.read_bytes(), path.name))


@dataclass(eq=False)
class Node:
    """A provision of a draft: the old ids it comes from, and the one it has once the draft is numbered."""

    origins: list[str] = field(default_factory=list)
    id: str = ""


@dataclass(eq=False)
class Item(Node):
    text: str = ""


@dataclass(eq=False)
class Paragraph(Node):
    text: str = ""
    items: list[Item] = field(default_factory=list)


@dataclass(eq=False)
class Article(Node):
    paragraphs: list[Paragraph] = field(default_factory=list)
    between: bool = False
    """Whether it is numbered 之一, 之二 after the article before it."""
    number: int = 0


@dataclass(eq=False)
class Chapter(Node):
    title: str = ""
    articles: list[Article] = field(default_factory=list)


@dataclass(eq=False)
class Draft:
    """A statute that can be edited and written down."""

    title: str
    head: str
    chapters: list[Chapter]
    numbers: dict[int, Article] = field(default_factory=dict)
    """Which article has the number of an old one now, for cross references."""

    @property
    def articles(self) -> list[Article]:
        return [article for chapter in self.chapters for article in chapter.articles]

    def nodes(self) -> Iterator[Node]:
        for chapter in self.chapters:
            yield chapter
            for article in chapter.articles:
                yield article
                for paragraph in article.paragraphs:
                    yield paragraph
                    yield from paragraph.items

    def adopt(self) -> None:
        """Number the draft and let every provision come from itself: what follows are edits."""
        self.number()
        for node in self.nodes():
            node.origins = [node.id]
        self.numbers = {article.number: article for article in self.articles if not article.between}

    def number(self) -> None:
        """Give every provision the id it has in the text as it is now."""
        count = suffix = 0
        for place, chapter in enumerate(self.chapters, 1):
            chapter.id = f"chp_{place}"
            for article in chapter.articles:
                count, suffix = (count, suffix + 1) if article.between else (count + 1, 0)
                article.number = count
                article.id = f"art_{count}_{suffix}" if suffix else f"art_{count}"
                for at, paragraph in enumerate(article.paragraphs, 1):
                    paragraph.id = f"{article.id}__para_{at}"
                    for number, item in enumerate(paragraph.items, 1):
                        item.id = f"{paragraph.id}__item_{number}"

    def text(self) -> str:
        """Return the statute in the stored form, its cross references renumbered."""
        self.number()
        lines = [f"# {self.title}", self.head, "<!-- INFO END -->"]
        suffix = 0
        for place, chapter in enumerate(self.chapters, 1):
            if chapter.title:
                lines.append(f"## 第{han(place)}章 {chapter.title}")
            for article in chapter.articles:
                suffix = suffix + 1 if article.between else 0
                label = f"第{han(article.number)}条" + (f"之{han(suffix)}" if suffix else "")
                for at, paragraph in enumerate(article.paragraphs):
                    lines.append((f"{label} " if at == 0 else "") + self._cited(paragraph.text))
                    for number, item in enumerate(paragraph.items, 1):
                        lines.append(f"（{han(number)}）{self._cited(item.text)}")
        return "\n\n".join(lines) + "\n"

    def read(self) -> Statute:
        return read(source_of(self.text().encode(), f"{self.title}.md"))

    def _cited(self, text: str) -> str:
        from bridgehead.engines.statute.numerals import number_of

        def renumbered(found: re.Match[str]) -> str:
            article = self.numbers.get(number_of(found[1]) or 0)
            return found[0] if article is None or not article.number else f"第{han(article.number)}条"

        return _OWN.sub(lambda found: _NUMBER.sub(renumbered, found[0]), text)


def drafted(statute: Statute) -> Draft:
    """Return a draft of a statute that was read."""
    chapters = [Chapter(title=chapter.title or "") for chapter in statute.chapters] or [Chapter()]
    for article in statute.articles:
        at = min(max((article.chapter or 1) - 1, 0), len(chapters) - 1)
        paragraphs = [
            Paragraph(
                text=paragraph.passage.text,
                items=[
                    Item(
                        text=_LABEL.sub("", item.passage.text)
                        + "".join(f"\n\n{subitem.passage.text}" for subitem in item.subitems)
                    )
                    for item in paragraph.items
                ],
            )
            for paragraph in article.paragraphs
        ]
        chapters[at].articles.append(Article(paragraphs=paragraphs, between=article.suffix > 0))
    draft = Draft(statute.title, "2020年1月1日 第一届人民代表大会常务委员会第一次会议通过", chapters)
    draft.adopt()
    return draft


PLACES = ("湖滨", "山前", "新城", "老街", "港区", "林场", "河东", "高地")
ORGANS = (
    "交通运输",
    "商务",
    "财政",
    "水务",
    "教育",
    "文化旅游",
    "市场监督管理",
    "气象",
    "档案",
    "体育",
    "林业",
    "民政",
)
MODALS = ("应当", "可以", "不得", "鼓励", "负责", "支持")
VERBS = ("建立", "公布", "检查", "维修", "登记", "培训", "试验", "评价", "保管", "疏导", "收购", "翻译", "测绘", "拆除")
THINGS = (
    "风筝档案", "纸船航道", "灯笼仓库", "钟楼时刻表", "木桥栏杆", "雨伞租借点",
    "鸽舍", "路牌字体", "露天电影场", "邮筒颜色",
    "渡口缆绳", "石磨作坊", "蜂箱迁移路线", "风车叶片", "盐田水闸", "乐器修理铺",
    "铜器花纹", "竹筏编号", "戏台帷幕", "果园篱笆",
)  # fmt: skip
WAYS = (
    "逐年",
    "按季度",
    "会同邻近街道",
    "在十五日内",
    "依照名册",
    "公开",
    "通过抽签",
    "以书面形式",
    "委托第三方",
    "分批",
)
AIMS = (
    "方便居民出行",
    "防止虫害蔓延",
    "保持原有样式",
    "减少夜间噪声",
    "避免重复收费",
    "留存完整记录",
    "照顾老年人",
    "便于过往船只辨认",
)


def sentence(chance: random.Random) -> str:
    """Return an invented sentence; two of them share little but the phrases every statute uses."""
    organ = f"{chance.choice(PLACES)}{chance.choice(ORGANS)}主管部门"
    things = chance.sample(THINGS, 2)
    verbs = chance.sample(VERBS, 2)
    return (
        f"{organ}{chance.choice(MODALS)}{chance.choice(WAYS)}{verbs[0]}{things[0]}，"
        f"{verbs[1]}{things[1]}，{chance.choice(AIMS)}。"
    )


def invented(chance: random.Random, chapters: int = 4, articles: int = 9) -> Draft:
    """Return a draft of an invented statute, with lists and cross references."""
    parts = [Chapter(title=f"{chance.choice(THINGS)}与{chance.choice(AIMS)}{number}") for number in range(chapters)]
    parts[0].title = "总则"
    for part in parts:
        for _ in range(articles):
            paragraphs = [
                Paragraph(text="".join(sentence(chance) for _ in range(chance.choice((1, 2, 2, 3)))))
                for _ in range(chance.choice((1, 1, 2, 3)))
            ]
            if chance.random() < 0.2:
                items = [Item(text=sentence(chance)[:-1] + "；") for _ in range(chance.choice((3, 4)))]
                paragraphs[-1] = Paragraph(text=f"{chance.choice(PLACES)}居民有下列情形之一的，应当报告：", items=items)
            part.articles.append(Article(paragraphs=paragraphs))
    count = chapters * articles
    for part in parts:
        for article in part.articles:
            if chance.random() < 0.25:
                first = article.paragraphs[0]
                cited = f"违反本条例第{han(chance.randint(1, count))}条规定的，由{chance.choice(PLACES)}街道责令改正。"
                if not first.items:
                    first.text += cited
    closing = "本条例自2021年6月1日起施行。"
    parts[-1].articles.append(Article(paragraphs=[Paragraph(text=closing)]))
    draft = Draft("湖滨市风筝与纸船促进条例", "2020年1月1日 湖滨市第一届人民代表大会常务委员会第一次会议通过", parts)
    draft.adopt()
    return draft
