"""Days a statute names: when it was adopted, approved, amended, published, and from when it is in force."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from bridgehead.engines.statute.model import Article, Effect, Event, Passage
from bridgehead.engines.statute.numerals import number_of

_Y = r"[\d０-９]{4}|[〇零○ＯO一二三四五六七八九]{4}"
_N = r"[\d０-９]{1,2}|[一二三四五六七八九十]{1,3}"
# Blanks are taken once and for all: tried again from each of them, a line of 20,000 would take minutes.
_S = r"[\s\u3000]*+"
DAY = re.compile(rf"({_Y}){_S}年{_S}({_N}){_S}月{_S}({_N}){_S}日")
_SAID = (
    ("adopted", ("通过", "审议", "制定")),
    ("approved", ("批准",)),
    ("amended", ("修正", "修订", "修改")),
    ("published", ("公布", "发布", "颁布", "印发", "令", "公告")),
    ("in_force", ("施行", "实施", "生效")),
)
_TAIL = re.compile(r"(?<![\s\u3000（(])[\s\u3000（(]*+(?:根据|自|经|并|，)?$")
_EFFECT = re.compile(
    rf"(?:(?:自|从|于){_S})?(?P<day>{DAY.pattern}){_S}(?:起)?{_S}(?:正式)?(?:施行|实施|生效|执行|试行)"
    rf"|(?:自|从){_S}(?P<rule>(?:[\u4e00-\u9fff]{{0,12}}?(?:公布|发布|颁布|通过|批准|印发|下发|签发)[\u4e00-\u9fff]{{0,4}}?(?:之日|日))"
    rf"(?:起?{_S}(?:满)?{_S}[\d０-９一二三四五六七八九十]{{1,4}}{_S}(?:个月|日|天)后?)?)"
    rf"{_S}(?:起)?{_S}(?:正式)?(?:施行|实施|生效|执行|试行)"
    rf"|(?P<head>(?:公布|发布|颁布)之日)起?(?:施行|实施|生效)"
)


def day_of(found: re.Match[str], first: int = 1) -> date | None:
    """Return the day a match of `DAY` names, None where the calendar has no such day."""
    year = number_of(found[first].replace("Ｏ", "〇").replace("O", "〇"))
    month, day = number_of(found[first + 1]), number_of(found[first + 2])
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None


def kind_of(what: str) -> str:
    """Return what kind of event some words tell of."""
    for kind, words in _SAID:
        if any(word in what for word in words):
            return kind
    return "other"


def events_of(passage: Passage, start: int = 0) -> list[Event]:
    """Return the dated events that a passage of the head tells of, from a place on."""
    events: list[Event] = []
    text = passage.text
    found = list(DAY.finditer(text, start))
    for at, match in enumerate(found):
        day = day_of(match)
        if day is None:
            continue
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        what = _TAIL.sub("", text[match.end() : end].strip(" \t\u3000，,；;、。()（）"))
        events.append(Event(day, what, kind_of(what), passage.span(match.start(), end)))
    return events


def effect_of(articles: Sequence[Article], heads: Iterable[Event]) -> Effect:
    """Return from when a statute is in force: its final clause says so, or else its head."""
    for article in reversed(articles):
        for paragraph in article.paragraphs:
            text = paragraph.passage.text
            if "行" not in text and "生效" not in text and "实施" not in text:
                continue
            for found in _EFFECT.finditer(text):
                if article is not articles[-1] and not _speaks_of_itself(text, found.start()):
                    continue
                span = paragraph.passage.span(found.start(), found.end())
                if found["day"]:
                    match = DAY.search(found["day"])
                    day = day_of(match) if match else None
                    if day is not None:
                        return Effect(day, None, article.id, span)
                else:
                    rule = found["rule"] or found["head"]
                    return Effect(None, _rule(rule), article.id, span)
    for event in heads:
        if event.kind == "in_force":
            return Effect(event.day, None, "", event.span)
    return Effect()


def _rule(text: str) -> str:
    plain = "".join(text.split())
    for rule in ("公布之日", "发布之日"):
        if plain in (rule, rule.replace("之", "")):
            return rule
    return plain


_ITSELF = re.compile(
    r"(?:本(?:法|条例|规定|办法|细则|决定|规则|章程|通则|解释|意见|[\u4e00-\u9fff]{1,6})|《[^》]{2,60}》)[\s\u3000]*$"
)


def _speaks_of_itself(text: str, place: int) -> bool:
    """Whether 本条例 or the like stands right before."""
    return _ITSELF.search(text[max(0, place - 64) : place]) is not None
