"""Deadlines and frequencies as a text states them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"(?:\d+|[一二两三四五六七八九十百]+)"
_UNIT = r"(?:个)?(?P<unit>工作日|自然日|日历日|小时|季度|日|天|周|月|年)"
_DEADLINE = re.compile(
    rf"(?:自[^，。；自]{{1,30}}?之日起)?(?P<amount>{_NUMBER}){_UNIT}(?:以|之)?(?:内|前)"
    rf"|(?:每年|当年|次年|翌年)?(?P<month>{_NUMBER})月(?:{_NUMBER}日|底|末|份)?(?:以|之)?前"
    r"|(?:计划年度|年度|季度|每年|每季度|每月|年|月)(?:底|末|初)(?:以|之)?前"
)
_FREQUENCY = re.compile(
    rf"每(?P<every>{_NUMBER})?(?:个)?(?P<each>季度|季|年度|半年|年|月|周|日|天)(?:至少)?(?:{_NUMBER}次)?"
    r"|(?P<word>定期|逐年|按年度|按季度|按月|按年|按季)"
)
_UNITS = {
    "工作日": "working_day",
    "自然日": "day",
    "日历日": "day",
    "日": "day",
    "天": "day",
    "周": "week",
    "月": "month",
    "季度": "quarter",
    "季": "quarter",
    "半年": "half_year",
    "年": "year",
    "年度": "year",
    "小时": "hour",
}
_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"两": 2}


@dataclass(frozen=True, slots=True)
class Stated:
    """A term and where it stands in the text it was looked for in."""

    text: str
    kind: str
    start: int
    end: int
    amount: int | None = None
    unit: str = ""


def amount_of(text: str) -> int | None:
    """Return a whole number written in digits or in Chinese numerals up to 999."""
    if text.isdecimal():
        return int(text)
    total = current = 0
    for letter in text:
        if letter == "百":
            total, current = total + (current or 1) * 100, 0
        elif letter == "十":
            total, current = total + (current or 1) * 10, 0
        elif letter in _DIGITS:
            current = _DIGITS[letter]
        else:
            return None
    return total + current


def deadline_of(text: str, start: int = 0, end: int | None = None) -> Stated | None:
    """Return the first deadline: 三十日内, 自…之日起五个工作日内, 每年三月底前."""
    stop = len(text) if end is None else end
    if text.find("内", start, stop) < 0 and text.find("前", start, stop) < 0:
        return None
    if (found := _DEADLINE.search(text, start, stop)) is None:
        return None
    if found["amount"]:
        return Stated(
            found.group(), "deadline", found.start(), found.end(), amount_of(found["amount"]), _UNITS[found["unit"]]
        )
    return Stated(found.group(), "deadline", found.start(), found.end())


def frequency_of(text: str, start: int = 0, end: int | None = None) -> Stated | None:
    """Return the first frequency: 每年, 每季度, 每五年, 定期."""
    stop = len(text) if end is None else end
    if not any(text.find(mark, start, stop) >= 0 for mark in ("每", "定期", "逐年", "按")):
        return None
    if (found := _FREQUENCY.search(text, start, stop)) is None:
        return None
    if found["word"]:
        return Stated(found.group(), "frequency", found.start(), found.end())
    every = amount_of(found["every"]) if found["every"] else 1
    return Stated(found.group(), "frequency", found.start(), found.end(), every, _UNITS[found["each"]])
