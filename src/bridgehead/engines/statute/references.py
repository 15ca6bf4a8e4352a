"""Cross references of a statute, resolved to the ids of the provisions they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bridgehead.engines.statute.model import Article, Paragraph, Passage, Reference, Span, Statute
from bridgehead.engines.statute.numerals import number_of

_N = r"[零〇一二三四五六七八九十百千两\d０-９]+"
_ARTICLE = rf"第(?:{_N})条(?:之{_N})?"
_PARAGRAPH = rf"第(?:{_N})款"
_ITEM = rf"第?[（(]{_N}[）)]项|第(?:{_N})项"
_PLACE = rf"{_ARTICLE}(?:{_PARAGRAPH})?(?:{_ITEM})?|{_PARAGRAPH}(?:{_ITEM})?|{_ITEM}"
_MORE = r"(?:、|和|及|以及|或者|至|到)"
_SHORT = rf"第(?:{_N}(?:{_MORE}{_N})+(?:条|款|项)|[（(]{_N}[）)](?:{_MORE}[（(]{_N}[）)])+项)"
_CHAINED = rf"{_ARTICLE}(?:{_PARAGRAPH})?(?={_SHORT})|{_PARAGRAPH}(?={_SHORT})"
_REFERENCE = re.compile(
    rf"(?P<law>《(?P<title>[^《》]{{2,60}})》)?(?P<this>本(?:条例|法|办法|规定|细则|决定|条|款|章))?(?P<that>该(?:法|条例|办法|规定))?的?"
    rf"(?P<places>(?:{_CHAINED})?(?:{_SHORT}|{_PLACE})(?:(?:、|和|及|以及|或者|与|至|到)(?:{_CHAINED})?(?:{_SHORT}|{_PLACE}))*)"
    rf"|(?P<whole>《(?P<other>[^《》]{{2,60}})》)"
    rf"|(?P<before>前(?P<count>[两二三四五六七八九十]?)(?P<unit>条|款|项)(?!件)"
    rf"(?P<in>(?:{_PARAGRAPH})?(?:(?:{_ITEM})(?:{_MORE}(?:{_SHORT}|{_ITEM}))*)?)|上述规定|上款)"
)
_LAW = re.compile(r"(?:法|法典|条例|规定|办法|决定|细则|规则|协定|公约|议定书|通则|解释)(?:[（(].{1,20}[）)])?$")
_BARE_LAW = re.compile(r"[\u4e00-\u9fff]{2,30}(?:法|法典|条例|办法|细则)$")
_BEFORE_LAW = re.compile(r"依照|按照|根据|依据|违反|适用|参照|符合|以及|或者|(?<!共)和")
_NO_LAW = re.compile(r"[本该此依合违执立司方]法$|[本该此](?:条例|办法|细则)$")
_STEP = re.compile(rf"(?P<lead>{_CHAINED})|(?P<short>{_SHORT})|(?P<place>{_PLACE})|(?P<to>至|到)")
_PARTS = re.compile(
    rf"(?:第(?P<article>{_N})条(?:之(?P<suffix>{_N}))?)?(?:第(?P<paragraph>{_N})款)?(?:第?[（(]?(?P<item>{_N})[）)]?项)?$"
)
_COUNTS = {"": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
# A range wider than this is a slip of the pen or of the reader, not a reference.
_WIDEST = 200


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the words of a reference stand: the provision and the paragraph it is in."""

    article: Article
    paragraph: Paragraph


@dataclass(slots=True)
class _Target:
    """Numbers of one provision named; 0 where none is given."""

    article: int = 0
    suffix: int = 0
    paragraph: int = 0
    item: int = 0

    def id(self, home: _Place | None) -> str:
        """Return the id, with what is left out taken from where the words stand; empty where that is not known."""
        if self.article:
            stem = f"art_{self.article}" + (f"_{self.suffix}" if self.suffix else "")
            paragraph = self.paragraph or (1 if self.item else 0)
        elif home is None:
            return ""
        else:
            stem = home.article.id
            paragraph = self.paragraph or home.paragraph.number
        written = stem + (f"__para_{paragraph}" if paragraph else "")
        return written + (f"__item_{self.item}" if self.item else "")


def references_of(statute: Statute) -> tuple[Reference, ...]:
    """Return the cross references of a statute in the order of its text."""
    ids = _ids(statute)
    references: list[Reference] = []
    for at, article in enumerate(statute.articles):
        before = statute.articles[max(0, at - 10) : at]
        for paragraph in article.paragraphs:
            home = _Place(article, paragraph)
            for provision, passage in _passages(paragraph):
                references.extend(_in(passage, provision, home, before, ids))
    return tuple(references)


def _ids(statute: Statute) -> frozenset[str]:
    found: set[str] = set()
    for article in statute.articles:
        found.add(article.id)
        for paragraph in article.paragraphs:
            found.add(paragraph.id)
            found.update(item.id for item in paragraph.items)
    return frozenset(found)


def _passages(paragraph: Paragraph) -> Iterator[tuple[str, Passage]]:
    yield paragraph.id, paragraph.passage
    for item in paragraph.items:
        yield item.id, item.passage
        for subitem in item.subitems:
            yield subitem.id, subitem.passage


def _in(
    passage: Passage, provision: str, home: _Place, before: tuple[Article, ...], ids: frozenset[str]
) -> Iterator[Reference]:
    text = passage.text
    if "第" not in text and "《" not in text and "前" not in text and "上" not in text:
        return
    law = last_law = ""
    for found in _REFERENCE.finditer(text):
        span = passage.span(found.start(), found.end())
        if found["before"]:
            targets = _backwards(found, provision, home, before)
            resolved = bool(targets) and all(target in ids for target in targets)
            yield Reference(found.group(), provision, span, "", targets, resolved)
            continue
        if found["whole"]:
            law = last_law = found["other"]
            if _LAW.search(law):
                yield Reference(found.group(), provision, span, law)
            continue
        law = found["title"] or (last_law if found["that"] else "" if found["this"] else _bare_law(text, found.start()))
        last_law = law or last_law
        yield _named(found, home, span, ids, (provision, law))


def _bare_law(text: str, place: int) -> str:
    """Return the law named without its marks right before a place: 依照海关法第八条."""
    before = text[max(0, place - 32) : place]
    found = _BARE_LAW.search(before)
    return "" if found is None or _NO_LAW.search(before) else _BEFORE_LAW.split(found[0])[-1]


def _named(found: re.Match[str], home: _Place, span: Span, ids: frozenset[str], names: tuple[str, str]) -> Reference:
    provision, law = names
    targets = tuple(dict.fromkeys(filter(None, (one.id(None if law else home) for one in _targets(found["places"])))))
    if found["that"] and not law:
        return Reference(found.group(), provision, span, "", (), False)
    if law:
        return Reference(found.group(), provision, span, law, targets)
    return Reference(
        found.group(), provision, span, "", targets, bool(targets) and all(target in ids for target in targets)
    )


def _targets(words: str) -> list[_Target]:
    """Return what a chain such as 第十条至第十二条、第十五条第二款 names, one by one."""
    targets: list[_Target] = []
    spread = False
    lead: _Target | None = None
    for step in _STEP.finditer(words):
        if step["to"]:
            spread = True
            continue
        if step["lead"]:
            lead = _parts(step["lead"])
            if not lead.article and targets:
                lead.article, lead.suffix = targets[-1].article, targets[-1].suffix
            continue
        new = _spread_short(step["short"]) if step["short"] else [_parts(step["place"])]
        last = lead or (targets[-1] if targets else None)
        lead = None
        for target in new:
            if last and not target.article:
                target.article, target.suffix = last.article, last.suffix
                if target.item and not target.paragraph:
                    target.paragraph = last.paragraph
        if spread and targets and last and new:
            targets.extend(_between(last, new[0]))
        targets.extend(new)
        spread = False
    return targets


def _parts(words: str) -> _Target:
    found = _PARTS.match(words)
    if found is None:
        return _Target()
    return _Target(*(number_of(found[name]) or 0 if found[name] else 0 for name in _Target.__slots__))


def _spread_short(words: str) -> list[_Target]:
    """Return what 第八、九条 or 第一至三款 names."""
    numbers: list[int] = []
    spread = False
    for part in re.findall(rf"{_N}|至|到", words[1:-1]):
        if part in "至到":
            spread = True
            continue
        number = number_of(part) or 0
        if spread and numbers and 0 < number - numbers[-1] <= _WIDEST:
            numbers.extend(range(numbers[-1] + 1, number))
        numbers.append(number)
        spread = False
    name = {"条": "article", "款": "paragraph", "项": "item"}[words[-1]]
    return [_Target(**{name: number}) for number in numbers]


def _between(first: _Target, last: _Target) -> list[_Target]:
    for name in ("item", "paragraph", "article"):
        low, high = getattr(first, name), getattr(last, name)
        if low and high and low != high:
            if not 0 < high - low <= _WIDEST:
                return []
            kept = {other: getattr(first, other) for other in _Target.__slots__}
            if name == "article":
                kept.update(suffix=0, paragraph=0, item=0)
            return [_Target(**{**kept, name: number}) for number in range(low + 1, high)]
    return []


def _backwards(found: re.Match[str], provision: str, home: _Place, before: tuple[Article, ...]) -> tuple[str, ...]:
    """Return the provisions that 前款, 前两款, 前条 or 上述规定 look back to."""
    if not found["unit"] or found["unit"] == "款":
        count = _COUNTS[found["count"] or ""] if found["unit"] else 1
        first = home.paragraph.number - count
        if first < 1:
            return (home.paragraph.id,) if not found["unit"] else ()
        if inner := [one.item for one in _targets(found["in"] or "") if one.item] if count == 1 else []:
            return tuple(f"{home.article.id}__para_{first}__item_{item}" for item in inner)
        return tuple(f"{home.article.id}__para_{number}" for number in range(first, home.paragraph.number))
    if found["unit"] == "条":
        count = _COUNTS[found["count"] or ""]
        if len(before) < count:
            return ()
        if count == 1 and found["in"]:
            last = before[-1]
            return tuple(
                replace(one, article=last.number, suffix=last.suffix).id(None) for one in _targets(found["in"])
            )
        return tuple(article.id for article in before[-count:])
    ids = [item.id for item in home.paragraph.items]
    at = next((at for at, item in enumerate(ids) if provision == item or provision.startswith(f"{item}__")), -1)
    count = _COUNTS[found["count"] or ""]
    return tuple(ids[at - count : at]) if at >= count else ()
