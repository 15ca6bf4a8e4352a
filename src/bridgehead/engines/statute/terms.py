"""Deadlines and frequencies as a text states them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"(?:(?<!\d)\d{1,3}(?!\d)|[一二两三四五六七八九十百]+)"
_UNIT = r"(?:个)?(?:工作日|自然日|日历日|小时|季度|日|天|周|月|年)"
_YEAR = r"(?:\d{4}年|每年|当年|本年|次年|翌年)"
# What may not be done for three years is no deadline (三年内不得…).
_DEADLINE = re.compile(
    # 第一季度前 names a day; 一个季度内 counts.
    rf"{_YEAR}?第?[一二三四]季度(?:底|末|初|终|结束)?(?:以|之)?前"
    rf"|(?:[自从][^，。；自]{{1,30}}?之日起)?(?P<several>(?:{_NUMBER}{_UNIT}、)*)(?P<amount>{_NUMBER}|半)"
    rf"(?P<unit>{_UNIT})(?:以|之)?(?:内(?!，?(?:不得|不再|不予|不受理|禁止))|前)"
    rf"|(?:提前(?:至少)?|(?:[届期]满|(?<=[期行办展开束年工止效度批]))前)(?P<ahead>{_NUMBER})"
    r"(?P<ahead_unit>(?:个)?(?:工作日|日|天|月|小时))(?:以)?内?"
    rf"|(?:时间|时限|时长)[^，。；]{{0,8}}不得?超过(?P<at_most>{_NUMBER})(?P<at_most_unit>{_UNIT})"
    rf"|{_YEAR}?{_NUMBER}月(?:{_NUMBER}日|底|末|份)?(?:以|之)?前|(?:次月|每月|当月|下月){_NUMBER}日(?:以|之)?前"
    rf"|(?:{_YEAR}(?:年)?|计划年度|年度|每季度|季度|每月|年|月)(?:底|末|初|终)(?:以|之)?前"
)
# What every deadline or frequency holds; quickly looked for before the whole of it is.
_ENDS = re.compile("[日天月年周时度底末初终份束][以之]?[内前]|[提期满行办展开束工止效度批]前|超过")
_BY_PERIOD = re.compile("按[年季月日]")
_FREQUENCY = re.compile(
    rf"每隔?(?P<every>{_NUMBER})?(?P<each>(?:个)?(?:季度|季|年度|半年|年|月|周|日|天))(?:至少)?(?:{_NUMBER}次)?"
    rf"|(?P<once>{_NUMBER}|半)(?P<once_unit>(?:个)?(?:季度|年|月|周|日|天))(?:至少)?一次"
    r"|(?P<word>定期(?<![一规约法固特确假]定期)(?![限间])|逐年|逐月|逐季|按年度|按季度|按月|按年|按季|按日)"
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


def may_state_deadline(text: str) -> bool:
    """Whether a text holds one of the words without which it states no deadline."""
    return "内" in text or "前" in text or "超过" in text


def may_state_frequency(text: str) -> bool:
    """Whether a text holds one of the words without which it states no frequency."""
    if "每" in text or "逐" in text or "定期" in text or "一次" in text:
        return True
    return "按" in text and _BY_PERIOD.search(text) is not None


def deadline_of(text: str, start: int = 0, end: int | None = None) -> Stated | None:
    """Return the first deadline: 三十日内, 自…之日起五个工作日内, 每年三月底前, 届满前十日."""
    stop = len(text) if end is None else end
    if not _ENDS.search(text, start, stop):
        return None
    if (found := _DEADLINE.search(text, start, stop)) is None:
        return None
    amount = found["amount"] or found["ahead"] or found["at_most"]
    unit = found["unit"] or found["ahead_unit"] or found["at_most_unit"]
    return _stated(found, "deadline", None if found["several"] else amount, unit)


def frequency_of(text: str, start: int = 0, end: int | None = None) -> Stated | None:
    """Return the first frequency: 每年, 每季度, 每五年, 定期, 两年一次."""
    stop = len(text) if end is None else end
    if (found := _FREQUENCY.search(text, start, stop)) is None:
        return None
    if found["word"]:
        return _stated(found, "frequency", None, "")
    if found["once"]:
        return _stated(found, "frequency", found["once"], found["once_unit"])
    return _stated(found, "frequency", found["every"] or "一", found["each"])


def _stated(found: re.Match[str], kind: str, amount: str | None, unit: str | None) -> Stated:
    """Return a term; 半年 is one half-year, any other half is left as words."""
    unit = (unit or "").removeprefix("个")
    if amount == "半":
        amount, unit = ("一", "半年") if unit == "年" else (None, "")
    if amount is None:
        return Stated(found.group(), kind, found.start(), found.end())
    return Stated(found.group(), kind, found.start(), found.end(), amount_of(amount), _UNITS[unit])
