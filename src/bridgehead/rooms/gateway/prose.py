"""Amounts, lists and dates as they stand inside a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.kernel.source import Figure, Qualifier

_YI = 1e8
_WAN = 1e4


def mass(value_t: float) -> str:
    """Return tonnes as a sentence says them: 1.32 亿吨, 3,800 万吨, 950 吨; 132 Mt, 0.35 Mt, 950 t."""
    if language() == "en":
        if abs(value_t) >= 1e5:
            return f"{wording.number(value_t / 1e6, 'en')}\u00a0Mt"
        return f"{wording.number(value_t, 'en')}\u00a0t"
    if abs(value_t) >= _YI:
        return f"{wording.number(value_t / _YI, 'zh')} 亿吨"
    if abs(value_t) >= _WAN:
        return f"{wording.number(value_t / _WAN, 'zh')} 万吨"
    return f"{wording.number(value_t, 'zh')} 吨"


def amount(figure: Figure) -> str:
    """Return a figure with its unit as a sentence says it, with words for its qualifier: 不少于 3,800 万吨."""
    if figure.value is None:
        return wording.number(None, language())
    said = mass(figure.value) if figure.unit == "t" else wording.measured_words(figure.value, figure.unit, language())
    return qualified(said, figure.qualifier)


def qualified(said: str, qualifier: Qualifier) -> str:
    """Return an amount with words for its qualifier."""
    return _QUALIFIED[qualifier](said) if qualifier in _QUALIFIED else said


_QUALIFIED = {
    Qualifier.AT_LEAST: lambda said: _("不少于 %(amount)s") % {"amount": said},
    Qualifier.AT_MOST: lambda said: _("不超过 %(amount)s") % {"amount": said},
    Qualifier.ABOUT: lambda said: _("约 %(amount)s") % {"amount": said},
    Qualifier.EXPECTED: lambda said: _("预计 %(amount)s") % {"amount": said},
}


def listed(items: Iterable[str]) -> str:
    """Return several words joined as the language joins them: 煤、铜精矿; coal, copper and timber; a, b; and c."""
    found = [item for item in items if item]
    if language() == "zh":
        return "、".join(found)
    if len(found) < 2:
        return "".join(found)
    if any("," in item for item in found):
        return f"{'; '.join(found[:-1])}; and {found[-1]}"
    return f"{', '.join(found[:-1])} and {found[-1]}"


def until(day: date | None) -> str:
    """Return the end of a running total: 到 12 月 13 日, by 13 December; empty at the end of a year."""
    if day is None or (day.month, day.day) == (12, 31):
        return ""
    if language() == "zh":
        return f"到 {day.month} 月 {day.day} 日"
    return f"by {wording.day(day, 'en').rsplit(' ', 1)[0]}"


def capital(text: str) -> str:
    """Return a sentence with its first letter large."""
    return text[:1].upper() + text[1:]


def inside(name: str) -> str:
    """Return a common name as it stands inside a sentence: an English one begins small, unless by a proper one.

    A proper one shows by a further large letter in its first word: China-Europe trains, LNG.
    """
    rest = name[1:].partition(" ")[0]
    return name[:1].lower() + name[1:] if rest == rest.lower() else name


def goods(items: Iterable[str]) -> str:
    """Return kinds of goods as a cell lists them: 炼焦煤、铁矿石; Coking coal; iron ore and concentrate."""
    found = list(items)
    return ("、" if language() == "zh" else "; ").join([*found[:1], *map(inside, found[1:])])


_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff）”]) (?=[\u4e00-\u9fff（“])")
_BLANKS = re.compile(r" {2,}")
_BEFORE_STOP = re.compile(r" ([,.:])(?=\s|$)")


def tidy(sentence: str) -> str:
    """Return a sentence without the blanks that a left-out part or a word in place of a number leaves behind."""
    return _BEFORE_STOP.sub(r"\1", _BETWEEN_HAN.sub("", _BLANKS.sub(" ", sentence))).strip()


def joined(sentences: Iterable[str]) -> str:
    """Return sentences one after the other; English ones are parted by a blank."""
    return ("" if language() == "zh" else " ").join(sentences)
